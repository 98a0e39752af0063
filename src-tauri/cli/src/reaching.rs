//! From what was typed to an LMS that can be reached: its address and its secret.

use std::io::Read;

use clap::Args;
use muster_engine::connect::secrets;
use muster_engine::error::{Failure, FailureKind, Result};
use muster_engine::push::{Secret, Target};
use muster_engine::store::Store;

use crate::arguments::pair;

/// How to come by the secret of a connection. It is never an argument: anybody could read it there.
#[derive(Debug, Clone, Args)]
pub struct Reach {
    /// The account, where the address does not name it
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,

    /// What the connector asks for beside the account, such as facility=NAME
    #[arg(long = "option", value_name = "NAME=VALUE", value_parser = pair)]
    pub options: Vec<(String, String)>,

    /// Read the password or token from this open file descriptor; without it the keychain is asked, then the variable
    /// MUSTER_SECRET
    #[arg(long, value_name = "N")]
    pub secret_fd: Option<u32>,
}

impl Reach {
    /// A saved connection of this name, or an address.
    pub fn target(&self, store: &Store, named: &str) -> Result<Target> {
        let mut target = target_named(store, named)?;
        if let Some(user) = &self.user {
            target.user.clone_from(user);
        }
        target.options.extend(self.options.iter().cloned());
        Ok(target)
    }

    pub fn secret(&self, target: &Target) -> Result<Secret> {
        if let Some(number) = self.secret_fd {
            return of_descriptor(number);
        }
        if let Some(kept) = secrets::kept(&target.name_of_secret())? {
            return Ok(kept);
        }
        match std::env::var("MUSTER_SECRET") {
            Ok(text) if !text.is_empty() => Ok(Secret::new(text)),
            _ if target.may_lack_secret() => Ok(Secret::new("")),
            _ => {
                Err(Failure::state(format!("there is no password or token for {}", target.shown()))
                    .why("neither the keychain has one, nor the variable MUSTER_SECRET")
                    .hint("Save the connection in the window, or hand it over with --secret-fd N."))
            }
        }
    }
}

/// A saved connection of this name, or an address.
pub fn target_named(store: &Store, named: &str) -> Result<Target> {
    let saved = store.connections()?;
    if let Some(saved) = saved.iter().find(|c| c.name == named) {
        return Ok(saved.target.clone());
    }
    if named.contains("://") {
        return Target::read(named);
    }
    let names: Vec<String> = saved.iter().map(|c| format!("`{}`", c.name)).collect();
    let there = match names.as_slice() {
        [] => "No connection is saved.".to_owned(),
        _ => format!("Saved are {}.", names.join(", ")),
    };
    Err(Failure::state(format!("there is no connection `{named}`"))
        .hint(format!("{there} An address looks like kolibri+https://kolibri.example.com/.")))
}

/// What was typed, where it is the name of a saved connection.
pub fn name_of(store: &Store, named: &str) -> Result<Option<String>> {
    let saved = store.connections()?.into_iter().find(|c| c.name == named);
    Ok(saved.map(|connection| connection.name))
}

/// The text up to its end, without the line end.
fn of_descriptor(number: u32) -> Result<Secret> {
    let what = format!("the secret could not be read from descriptor {number}");
    let place = if cfg!(unix) { format!("/dev/fd/{number}") } else { String::new() };
    if place.is_empty() {
        return Err(Failure::new(FailureKind::File, what)
            .why("this system has no such files")
            .hint("Use the variable MUSTER_SECRET."));
    }
    let mut text = String::new();
    std::fs::File::open(place)
        .and_then(|file| file.take(1 << 16).read_to_string(&mut text))
        .map_err(|e| Failure::file(what, &e))?;
    Ok(Secret::new(text.trim_end_matches(['\r', '\n'])))
}

pub fn store() -> Result<Store> {
    let store = Store::open(&muster_engine::store::data_folder()?, &now())?;
    tell(&store, 0);
    Ok(store)
}

/// Tells what the store noted since it had told so many notices: what could not be read of what was asked for.
pub fn tell(store: &Store, told: usize) {
    for notice in store.notices().iter().skip(told) {
        crate::exit::remark(notice);
    }
}

pub fn now() -> String {
    crate::clock::stamp()
}
