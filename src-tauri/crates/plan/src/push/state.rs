//! Where each order of a push stands.

use serde::{Deserialize, Serialize};

use super::{Order, Secret};

/// Where one order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum OrderState {
    /// Not handed over yet.
    Waiting,
    /// Handed over; what became of it is not known yet.
    Sending,
    /// The LMS took it.
    Done,
    /// The LMS said no.
    Refused,
    /// Nobody could find out what became of it.
    Unknown,
    /// Not part of what is sent: the plan held this person back for an error.
    LeftOut,
    /// Not part of what is sent: others were chosen.
    NotChosen,
    /// Not part of what is sent: the LMS passes over what differs, as it says that it does.
    Ignored,
    /// Somebody has to see to it in the LMS: all that differs is done by hand, or, found out when it was sent, there is no way
    /// by which the LMS takes it.
    ByHand,
}

impl OrderState {
    /// Whether it is still to be sent, or to be asked after.
    pub fn is_open(self) -> bool {
        matches!(self, OrderState::Waiting | OrderState::Sending)
    }

    /// Whether it may have been frozen as what is told and not sent: one that is to be done by hand may be an outcome, too.
    pub fn is_told_only(self) -> bool {
        use OrderState::{ByHand, Ignored, LeftOut, NotChosen};
        matches!(self, LeftOut | NotChosen | Ignored | ByHand)
    }

    /// Whether it says what became of an order that was sent.
    pub fn is_outcome(self) -> bool {
        matches!(self, OrderState::Done | OrderState::Refused | OrderState::Unknown)
    }
}

/// An order of a push.
#[derive(Debug, Clone)]
pub struct QueuedChange {
    /// Its place in the push, from 0.
    pub place: u32,
    /// What is to be done.
    pub order: Order,
    /// The password to be set; none where none is.
    pub password: Option<Secret>,
    /// Where it stands.
    pub state: OrderState,
}

impl QueuedChange {
    /// Takes note of what became of it.
    pub fn conclude(&mut self, state: OrderState, why: String, id: String) -> ChangeOutcome {
        self.state = state;
        ChangeOutcome { place: self.place, state, why, id }
    }
}

/// Why somebody is done of whom nothing was sent: the LMS had it before. What somebody else did is not taken back.
pub const WAS_SO: &str = "was so there already, so nothing was sent";

/// What became of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeOutcome {
    /// Its place in the push, from 0.
    pub place: u32,
    /// Where it stands now.
    pub state: OrderState,
    /// The LMS's own words, or Muster's.
    pub why: String,
    /// The LMS's own id.
    pub id: String,
}
