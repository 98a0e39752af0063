//! The timeline of a job: snapshots, steps, kits, restores.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Engine;
use crate::error::Outcome;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct History {
    /// The newest first.
    pub events: Vec<Event>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct Event {
    pub at: String,
    pub kind: EventKind,
    pub title: String,
    pub detail: String,
    /// The snapshot or receipt it stands for; of a kit, what a fresh export is proved with.
    pub id: Option<u32>,
    pub people: Option<u32>,
    pub sha256: Option<String>,
    /// The kit's folder or the file's path.
    pub path: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    Opened,
    Snapshot,
    Kit,
    Restored,
    Push,
    /// A fresh export was put beside what was planned.
    Proof,
}

impl Engine {
    /// What happened to the open job, the newest first.
    pub fn history(&self, _: ()) -> Outcome<History> {
        self.with_job(|job| {
            let events = self.store(|store| store.events(job.held.id()))?;
            Ok(History { events: events.into_iter().map(|(event, _)| event).collect() })
        })
    }
}
