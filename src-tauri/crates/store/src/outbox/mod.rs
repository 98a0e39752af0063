//! Pushes: frozen before anything is sent, with where each of their orders stands.

mod freezing;
mod reading;
mod seal;
mod settling;
mod target_lock;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::folder::Lock;
use super::{Store, folder};
use muster_plan::push::{OrderState, PushCounts, PushMeta, PushState, QueuedChange, Target};
use muster_plan::verify::Verification;
use muster_table::error::{Failure, FailureKind, Result};

pub use target_lock::HeldTarget;

/// A push as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct PushRecord {
    /// The number in its names: "push 7".
    pub id: u32,
    /// None for one that the command began.
    pub job: Option<u32>,
    /// When it was written down, ISO 8601 in UTC.
    pub at: String,
    /// As it was kept last. One that was left as being sent by a process that ended is told as paused.
    pub state: PushState,
    /// Where it goes.
    pub target: Target,
    /// What was planned and chosen, as it was frozen.
    pub facts: PushMeta,
    /// What it was stopped or cut off by; none where nothing was.
    pub why: Option<Failure>,
    /// What somebody else changed since it was planned.
    pub changed: Vec<String>,
    /// How the LMS was found right after it, or in a fresh export, where it dropped a file; none where nobody has
    /// looked.
    pub proof: Option<Verification>,
    /// When the first run began, ISO 8601; none while nothing was sent.
    pub started: Option<String>,
    /// When its last run ended, ISO 8601; none before that.
    pub ended: Option<String>,
    /// How its orders stand, counted when it is read.
    pub counts: PushCounts,
}

/// An order as it is kept.
#[derive(Debug, Clone)]
pub struct OrderRecord {
    /// The order, its place, its password and where it stands.
    pub waiting: QueuedChange,
    /// It had a password, which is not kept any more.
    pub password_erased: bool,
    /// The LMS's own words, or Muster's, about its outcome or why it was left out; may be empty.
    pub why: String,
    /// The LMS's own id of this person, once it is known; else empty.
    pub lms_id: String,
    /// When its outcome was written down, ISO 8601; none before that.
    pub at: Option<String>,
}

/// A push that is carried out here and nowhere else, until this is dropped or the process ends.
#[derive(Debug)]
pub struct HeldPush {
    /// The push that is held.
    pub id: u32,
    _lock: Lock,
}

impl OrderRecord {
    /// Whether it was frozen as what is told and not sent. What was sent, and turned out to be one to do by hand, was not.
    pub fn is_told_only(&self) -> bool {
        self.waiting.state.is_told_only() && self.at.is_none()
    }

    /// Whether it turned out when it was sent that somebody has to see to it in the LMS.
    pub fn is_left_by_hand(&self) -> bool {
        self.waiting.state == OrderState::ByHand && self.at.is_some()
    }
}

const NOT_KEPT: &str = "the push could not be written down";
/// What stands where a password was: a blank one.
const ERASED: &str = "";

impl Store {
    /// Takes a push for this process alone. Fails with [`FailureKind::Busy`] while another carries it out.
    pub fn hold_push(&self, id: u32) -> Result<HeldPush> {
        let what = "the push could not be carried out";
        let path = self.folder.join("pushes");
        let open = || {
            folder::make_private(&path)?;
            Lock::take(&path.join(format!("{id}.lock")))
        };
        match open().map_err(|e| Failure::file(what, &e))? {
            Some(lock) => Ok(HeldPush { id, _lock: lock }),
            None => Err(Failure::new(FailureKind::Busy, what)
                .why("it is being sent already, here or in another window")
                .hint("Wait until that is done.")),
        }
    }
}

fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Failure::internal(NOT_KEPT).why(e))
}

fn json_of<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}

/// The word that stands for a state in the database: the same as on the wire.
fn word<T: Serialize>(state: T) -> String {
    match serde_json::to_value(state) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn of_word<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(word.into()).ok()
}
