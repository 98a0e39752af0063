//! `muster fetch`: the roster from the LMS's own interface.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::Args;
use muster_engine::connect::fetched;
use muster_engine::error::{Failure, Result};
use muster_engine::profile::connector::Connector;
use muster_engine::store::own_files;
use serde::Serialize;

use crate::commands::copy::must_be_new;
use crate::exit::Exit;
use crate::on_disk::profiles;
use crate::opening::profile_named;
use crate::page::{Page, people};
use crate::progress::Steps;
use crate::reaching::{Reach, store};

/// Fetches the roster from the LMS itself, as that LMS's export
#[derive(Debug, Args)]
pub struct Options {
    /// A saved connection, or an address such as kolibri+https://kolibri.example.com/
    #[arg(long = "from", value_name = "CONNECTION")]
    from: String,

    /// The file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// Write over a file that is there
    #[arg(long)]
    replace: bool,

    /// Which LMS it is of, where the connection does not say
    #[arg(long, value_name = "ID|FILE.toml")]
    profile: Option<String>,

    #[command(flatten)]
    reach: Reach,
}

#[derive(Serialize)]
struct Report {
    connection: String,
    profile: String,
    people: usize,
    file: String,
    /// What could not be seen, each a sentence.
    doubts: Vec<String>,
    /// Who is there and not in the file, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    beside: Option<String>,
}

/// Several LMSs answer in one way; which of them it is decides what the columns are called.
fn does_not_say(connector: &Connector) -> Failure {
    let known = profiles().map(|profiles| profiles.reached_by(connector)).unwrap_or_default();
    let known: Vec<String> = known.iter().map(|id| format!("`{id}`")).collect();
    Failure::state(format!("{} does not say which LMS answers there", connector.title))
        .hint(format!("Name its profile: --profile ID, with one of {}.", known.join(", ")))
}

pub fn run(options: Options, page: &mut Page) -> Result<Exit> {
    must_be_new(&options.out, &options.profile.iter().map(Path::new).collect::<Vec<_>>())?;
    own_files::may_be_written(&options.out, options.replace)?;
    let store = store()?;
    let target = options.reach.target(&store, &options.from)?;
    let connector = target.connector()?;
    let id = options
        .profile
        .as_deref()
        .or(connector.profile)
        .map_or_else(|| Err(does_not_say(connector)), Ok)?;
    let profile = profile_named(id, &[])?.profile;
    let secret = options.reach.secret(&target)?;
    let steps = Steps::new();
    let stop = Arc::new(AtomicBool::new(false));
    let fetched = fetched::fetch(&target, &secret, &profile, stop, &|what, done, of| {
        steps.report(what, done, of)
    })?;
    drop(steps);
    let there: Vec<_> = fetched.people.iter().collect();
    let bytes = fetched::as_export(&profile, connector, &there, &fetched.untold, &|_, _| None)?;
    own_files::write(&options.out, &bytes, options.replace)?;
    if page.is_json() {
        page.json(&Report {
            connection: target.shown(),
            profile: profile.id.clone(),
            people: fetched.people.len(),
            file: options.out.display().to_string(),
            doubts: fetched.doubts.clone(),
            beside: fetched.beside.clone(),
        });
    } else {
        page.line(format!("{}: {}", options.out.display(), people(fetched.people.len())));
        for told in fetched.beside.iter().chain(&fetched.doubts) {
            page.line(format!("  {told}"));
        }
    }
    Ok(Exit::found(!fetched.doubts.is_empty()))
}
