//! A push as it is written down: what is to be done with whom, where it goes, and where each part of it stands. Only data:
//! `connect` carries it out, `store` keeps it.

mod order;
mod secret;
mod state;
mod target;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::plan::PlanCounts;

pub use order::{ACTIVE, Order, Value, Values};
pub use secret::Secret;
pub use state::{ChangeOutcome, OrderState, QueuedChange, WAS_SO};
pub use target::{KEY, Target, is_this_machine, percent_decoded};

/// Where a push stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum PushState {
    /// Nothing of it was sent yet, or the network went away.
    Waiting,
    /// Its people are being sent just now. One whose sender has ended without a word is read as paused.
    Sending,
    /// Everybody was done, and was seen to be where the LMS can be looked at.
    Sent,
    /// Some were refused, or nobody knows what became of them, or they are not as they were sent.
    Partly,
    /// Nobody was done.
    Failed,
    /// It was stopped, by somebody or by something to be put right.
    Paused,
    /// Somebody else changed people since it was planned.
    Review,
    /// Somebody gave it up: nothing more of it is sent, ever.
    Cancelled,
}

impl PushState {
    /// In words, as a person reads it.
    pub fn says(self) -> &'static str {
        match self {
            PushState::Waiting => "waiting to be sent",
            PushState::Sending => "sending",
            PushState::Sent => "sent",
            PushState::Partly => "partly sent",
            PushState::Failed => "failed",
            PushState::Paused => "paused",
            PushState::Review => "needs review",
            PushState::Cancelled => "cancelled",
        }
    }

    /// Whether something of it can still be sent.
    pub fn is_open(self) -> bool {
        matches!(
            self,
            PushState::Waiting | PushState::Sending | PushState::Paused | PushState::Review
        )
    }
}

/// How many people of a push stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct PushCounts {
    /// The LMS took them.
    pub done: u32,
    /// The LMS said no.
    pub refused: u32,
    /// Nobody could find out what became of them.
    pub unknown: u32,
    /// The plan held them back for an error. These and the next three are not part of [`PushCounts::all`].
    pub left_out: u32,
    /// Others were chosen; as far as they are named.
    #[serde(default)]
    pub not_chosen: u32,
    /// The LMS passes over what differs, as it says that it does.
    #[serde(default)]
    pub ignored: u32,
    /// What differs is done by hand.
    #[serde(default)]
    pub by_hand: u32,
    /// Not sent yet.
    pub waiting: u32,
}

impl PushCounts {
    /// Counts `by` more people who stand there.
    pub fn add(&mut self, state: OrderState, by: u32) {
        *match state {
            OrderState::Done => &mut self.done,
            OrderState::Refused => &mut self.refused,
            OrderState::Unknown => &mut self.unknown,
            OrderState::LeftOut => &mut self.left_out,
            OrderState::NotChosen => &mut self.not_chosen,
            OrderState::Ignored => &mut self.ignored,
            OrderState::ByHand => &mut self.by_hand,
            OrderState::Waiting | OrderState::Sending => &mut self.waiting,
        } += by;
    }

    /// Everybody whom the push is to change.
    pub fn all(&self) -> u32 {
        self.done + self.refused + self.unknown + self.waiting
    }
}

/// A file that is dropped for the LMS to take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Delivery {
    /// Its name in the folder.
    pub file: String,
    /// How many people have a row in it.
    pub people: u32,
    /// How long it is.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub bytes: u64,
    /// Of its bytes, in hexadecimal digits.
    pub sha256: String,
}

/// What was planned and chosen, frozen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PushMeta {
    /// The plan's name.
    pub plan: String,
    /// The profile's id.
    pub profile: String,
    /// It does not come with Muster.
    pub own_profile: bool,
    /// What it softens, each a sentence.
    pub softened: Vec<String>,
    /// What the connection was called, where it was a saved one.
    pub connection: Option<String>,
    /// The file's name, or what else is to be told of it in a list.
    pub title: String,
    /// The names of the roster and of the snapshot as they were.
    pub roster: String,
    /// The snapshot's name; blank where there was none.
    pub snapshot: String,
    /// What was chosen, by the policies' ids.
    pub policies: BTreeMap<String, String>,
    /// The number typed for each hold.
    pub releases: BTreeMap<String, u32>,
    /// What the person wants to remember about it.
    pub note: String,
    /// Who wrote it down: the account on this computer.
    pub by: String,
    /// How many people each action of the plan stood for.
    pub counts: PlanCounts,
    /// What is to be done by hand, each a sentence.
    pub by_hand: Vec<String>,
    /// The interface's names, and what they are called on screen.
    pub titles: BTreeMap<String, String>,
    /// The account of the LMS that the list is of; none where it is of none.
    pub account: Option<u32>,
    /// The push that this one takes back.
    pub takes_back: Option<u32>,
    /// What of that cannot be taken back, each a sentence that names the person.
    pub cannot: Vec<String>,
    /// How many whom that made had a password, which is kept nowhere any more.
    pub passwords_erased: u32,
    /// Only so many people, to try it.
    pub first: Option<u32>,
    /// How many more could have been sent, and were not chosen.
    pub not_chosen: u32,
    /// The file, where it goes as one.
    pub delivery: Option<Delivery>,
    /// The length in bytes of what such a file is to bring about, which is kept to be proved later.
    pub planned: Option<u64>,
    /// How many steps the list had, where all of what they change is sent.
    pub steps: Option<u32>,
    /// Nobody had tried this way: what that means for this push.
    pub trial: Option<String>,
    /// How many orders it has, which the store notes; none for one of an earlier version.
    pub orders: Option<u32>,
}
