//! Ways to an LMS. A connector states what it is, and the plan says what it therefore leaves out.
//!
//! Beside `store`, this is the only part of the engine that touches the world. A push is carried out by
//! [`pushing::carry_out`], which knows no LMS: it asks a [`Link`] who is there, and hands it orders.

mod edapp;
pub mod fetched;
mod http;
pub mod kit;
mod kolibri;
mod link;
mod moodle;
mod order;
pub mod pushing;
mod safetyculture;
mod scim;
pub mod secrets;
mod sftp;
pub mod standing;
mod target;

pub use link::{Answer, Entry, Job, Link, Told};
pub use order::{ACTIVE, Order, Value, Values};
pub use secrets::Secret;
pub use target::Target;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{Failure, Outcome};

/// What a connector is, for the plan and for the form that asks for a connection.
#[derive(Debug)]
pub struct Connector {
    pub id: &'static str,
    /// "Upload kit".
    pub title: &'static str,
    /// How the addresses begin that it takes; none for what reaches nobody.
    pub schemes: &'static [&'static str],
    /// An address, to show how one looks.
    pub example: &'static str,
    /// What the account is called; empty where a token alone says who asks.
    pub user: &'static str,
    /// "Password", "Token".
    pub secret: &'static str,
    /// Further questions: the option's id, and what is asked.
    pub options: &'static [(&'static str, &'static str)],
    /// What it was proved against: a server that was really written to.
    pub proved: Option<&'static str>,
    /// Whether it can delete people, and so take back that it made somebody.
    pub deletes: bool,
    /// Whether it can bring back whom it deleted.
    pub brings_back: bool,
    /// It puts the file of an upload into a folder, and cannot see what becomes of it.
    pub drops_files: bool,
    /// The profile whose rosters it fetches, where it is always the same.
    pub profile: Option<&'static str>,
    open: Option<Open>,
    /// Asks which key the computer shows, where the person has to say once that it is the right one.
    greets: Option<Greets>,
}

/// What a computer shows that nobody has said yet to trust.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct ToTrust {
    /// `sftp.example.com`.
    pub host: String,
    /// `SHA256:…`.
    pub key: String,
    /// "ED25519".
    pub kind: String,
    /// The option of the connection that takes the key.
    pub option: String,
}

/// Answers with what is to be trusted first; none where the connection names it. Nothing secret is shown to it.
type Greets = fn(&Target, Stop) -> Outcome<Option<ToTrust>>;

/// Opens a link. The names are the interface's own, of the values that matter.
type Open = fn(&Target, &Secret, &[String], Stop) -> Outcome<Box<dyn Link>>;

/// Set by whoever wants long work to end; it is looked at between calls and during rests.
pub type Stop = Arc<AtomicBool>;

impl PartialEq for Connector {
    fn eq(&self, other: &Connector) -> bool {
        self.id == other.id
    }
}

impl Eq for Connector {}

impl Connector {
    /// Whether it reaches the LMS itself.
    pub fn is_direct(&self) -> bool {
        self.open.is_some()
    }

    /// Whether people are sent one by one; else they go as a file.
    pub fn is_one_by_one(&self) -> bool {
        self.is_direct() && !self.drops_files
    }
}

/// The upload kit: files, and a checklist of what to click.
pub static KIT: Connector = Connector {
    id: "kit",
    title: "Upload kit",
    schemes: &[],
    example: "",
    user: "",
    secret: "",
    options: &[],
    proved: None,
    deletes: false,
    brings_back: false,
    drops_files: false,
    profile: None,
    open: None,
    greets: None,
};

pub static CONNECTORS: &[&Connector] = &[
    &KIT,
    &kolibri::KOLIBRI,
    &scim::SCIM,
    &sftp::SFTP,
    &moodle::MOODLE,
    &edapp::EDAPP,
    &safetyculture::SAFETYCULTURE,
];

pub fn connector(id: &str) -> Option<&'static Connector> {
    CONNECTORS.iter().copied().find(|c| c.id == id)
}

/// What the computer at an address shows that the person has to trust before anything is sent there.
pub fn to_trust(target: &Target, stop: Stop) -> Outcome<Option<ToTrust>> {
    match target.connector()?.greets {
        Some(greets) => greets(target, stop),
        None => Ok(None),
    }
}

/// Opens the way to an LMS. Nothing is sent before the link is asked for something, except what signs in.
pub fn open(
    target: &Target,
    secret: &Secret,
    names: &[String],
    stop: Stop,
) -> Outcome<Box<dyn Link>> {
    let connector = target.connector()?;
    let open = connector.open.ok_or_else(|| {
        Failure::state(format!("nothing can be sent by way of “{}”", connector.title))
    })?;
    open(target, secret, names, stop)
}
