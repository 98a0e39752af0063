//! The timeline of a job: snapshots, steps, kits, restores.

use serde::{Deserialize, Serialize};

use super::Engine;
use muster_store::events::Event;
use muster_table::error::Result;

/// What happened to a job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct History {
    /// The newest first.
    pub events: Vec<Event>,
}

impl Engine {
    /// What happened to the open job, the newest first.
    pub fn history(&self, _: ()) -> Result<History> {
        self.with_job(|job| {
            let events = self.store(|store| store.events(job.id()))?;
            Ok(History { events: events.into_iter().map(|(event, _)| event).collect() })
        })
    }
}
