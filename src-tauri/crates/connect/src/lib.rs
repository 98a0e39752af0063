//! Ways to an LMS. A connector states what it is, and the plan says what it therefore leaves out.
//!
//! Beside `store`, this is the only part of the engine that touches the world. A push is carried out by
//! [`pushing::carry_out`], which knows no LMS: it asks a [`Link`] who is there, and hands it orders.
#![warn(missing_docs)]
#![warn(clippy::cast_possible_truncation)]

mod edapp;
pub mod fetched;
mod guarded;
mod http;
mod kolibri;
mod link;
mod moodle;
pub mod own_account;
pub mod pushing;
pub mod remote_state;
mod safetyculture;
mod scim;
pub mod secrets;
mod sftp;
mod yes_or_no;

pub use link::{ChangeRequest, ChangeResult, Link, OnProgress, OwnAccount, RemotePerson};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde::{Deserialize, Serialize};

use guarded::Guarded;
use http::watch::Watch;
use muster_plan::push::{Secret, Target};
use muster_roster::profile::connector::{self, Connector};
use muster_table::error::{Failure, Result};

/// What a computer shows that nobody has said yet to trust.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
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
type Greets = fn(&Target, Stop) -> Result<Option<ToTrust>>;

/// Opens a link. The names are the interface's own, of the values that matter.
type Open = fn(&Target, &Secret, &[String], Watch) -> Result<Box<dyn Link>>;

/// Set by whoever wants long work to end; it is looked at between calls and during rests.
pub type Stop = Arc<AtomicBool>;

/// How the ways are opened, by connector.
const WAYS: &[(&Connector, Open, Option<Greets>)] = &[
    (&connector::KOLIBRI, kolibri::open, None),
    (&connector::SCIM, scim::open, None),
    (&connector::SFTP, sftp::open, Some(sftp::to_trust)),
    (&connector::MOODLE, moodle::open, None),
    (&connector::EDAPP, edapp::open, None),
    (&connector::SAFETYCULTURE, safetyculture::open, None),
];

fn way(target: &Target) -> Result<(Open, Option<Greets>)> {
    let connector = target.connector()?;
    let way = WAYS.iter().find(|(of, ..)| *of == connector);
    way.map(|&(_, open, greets)| (open, greets)).ok_or_else(|| {
        Failure::state(format!("nothing can be sent by way of “{}”", connector.title))
    })
}

/// What the computer at an address shows that the person has to trust before anything is sent there.
pub fn to_trust(target: &Target, stop: Stop) -> Result<Option<ToTrust>> {
    match way(target)? {
        (_, Some(greets)) => greets(target, stop),
        (_, None) => Ok(None),
    }
}

/// Opens the way to an LMS. Nothing is sent before the link is asked for something, except what signs in.
pub fn open(
    target: &Target,
    secret: &Secret,
    names: &[String],
    stop: Stop,
) -> Result<Box<dyn Link>> {
    let (open, _) = way(target)?;
    let watch = Watch::new(target, secret, stop)?;
    // What cannot be opened may quote what it was opened with.
    let link = open(target, secret, names, watch.clone())
        .map_err(|failure| watch.blanking().failure(failure))?;
    Ok(Box::new(Guarded::new(link, watch)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_that_reaches_an_lms_can_be_opened() {
        let direct = connector::CONNECTORS.iter().filter(|c| c.is_direct());
        assert!(direct.map(|c| c.id).eq(WAYS.iter().map(|(c, ..)| c.id)));
    }
}
