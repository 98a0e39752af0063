//! What goes with a link for as long as it is open: who may stop it, how long it may take and how much, and what must not
//! be told of it.
#![expect(clippy::disallowed_methods, reason = "connectors are where the network is waited for")]

use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::blanking::Blanking;
use super::limits::Limits;
use crate::Stop;
use muster_plan::push::{Secret, Target};
use muster_table::error::Result;

/// Shared by a link, its calls, and whoever hands on what it says.
#[derive(Clone)]
pub(crate) struct Watch {
    stop: Stop,
    blanking: Arc<Blanking>,
    limits: Limits,
    look: Arc<Mutex<Look>>,
}

/// What is known of a look at all people.
#[derive(Default)]
struct Look {
    /// When it has to be over.
    until: Option<Instant>,
    /// How many people come in one piece.
    list: Option<usize>,
    /// How many there were the last time.
    people: usize,
}

/// How long one call may take.
pub(crate) struct Patience {
    /// How long the server may say nothing.
    pub silence: Duration,
    /// All of it.
    pub whole: Duration,
}

/// A look at all people, until this is dropped.
pub(crate) struct Looking(Watch);

impl Drop for Looking {
    fn drop(&mut self) {
        let mut look = self.0.look();
        (look.until, look.list) = (None, None);
    }
}

impl Watch {
    pub fn new(target: &Target, secret: &Secret, stop: Stop) -> Result<Watch> {
        let (blanking, limits) = (Arc::new(Blanking::new(secret)), Limits::of(target)?);
        Ok(Watch { stop, blanking, limits, look: Arc::default() })
    }

    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }

    pub fn stopped(&self) -> bool {
        self.stop.load(Relaxed)
    }

    pub fn blanking(&self) -> &Blanking {
        &self.blanking
    }

    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Begins a look, which has one limit for all its calls.
    pub fn look_begins(&self) -> Looking {
        self.look().until = Some(Instant::now() + self.limits.whole());
        Looking(self.clone())
    }

    /// So many people are asked for in one piece, or as many as there were before. The server may think about it for
    /// longer, until the look is over.
    pub fn expects(&self, people: usize) {
        let mut look = self.look();
        look.list = Some(people.max(look.people));
    }

    /// So many people were told.
    pub fn saw(&self, people: usize) {
        self.look().people = people;
    }

    /// How long the next call may take; none where the time of the look is over.
    pub fn patience(&self) -> Option<Patience> {
        let look = self.look();
        let whole = match look.until {
            Some(until) => until.saturating_duration_since(Instant::now()),
            None => self.limits.whole(),
        };
        let silence = self.limits.silence(look.list).min(whole);
        (!whole.is_zero()).then_some(Patience { silence, whole })
    }

    fn look(&self) -> MutexGuard<'_, Look> {
        self.look.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
