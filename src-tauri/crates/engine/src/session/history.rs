//! The timeline of a job: snapshots, steps, kits, restores.

use serde::{Deserialize, Serialize};

use serde_json::Value;

use super::Engine;
use super::open_job::OpenJob;
use super::verifying::VerificationOf;
use muster_plan::plan::OldKit;
use muster_store::events::{Event, EventKind, KitFacts};
use muster_table::error::Result;

/// What happened to a job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct History {
    /// The newest first.
    pub events: Vec<Event>,
    /// The kits among them that are not to be uploaded any more.
    pub stale: Vec<StaleKit>,
}

/// A kit that is not to be uploaded any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct StaleKit {
    /// The kit's number, which is its entry's.
    pub id: u32,
    /// Why, as a sentence.
    pub why: String,
}

impl Engine {
    /// What happened to the open job, the newest first.
    pub fn history(&self, _: ()) -> Result<History> {
        self.with_job(|job| {
            let events = self.store(|store| store.events(job.id()))?;
            let stale = self.stale_kits(job, &events);
            Ok(History { events: events.into_iter().map(|(event, _)| event).collect(), stale })
        })
    }

    /// Which kits are stale: their result was looked at, something newer is known of the LMS, or too much time has gone by.
    fn stale_kits(&self, job: &OpenJob, events: &[(Event, Value)]) -> Vec<StaleKit> {
        let Some(today) = self.today() else { return Vec::new() };
        let (snapshots, account) = (job.snapshots(), self.account_of(job.facts()));
        let stale = |(at, (event, facts)): (usize, &(Event, Value))| {
            let id = event.id.filter(|_| event.kind == EventKind::Kit)?;
            let facts: Option<KitFacts> = serde_json::from_value(facts.clone()).ok();
            let planned = facts.and_then(|facts| facts.snapshot);
            let of = snapshots.iter().find(|snapshot| Some(snapshot.id) == planned);
            let is_of_it = |facts: &Value| {
                serde_json::from_value(facts.clone()).ok() == Some(VerificationOf::Kit { id })
            };
            // The newest come first.
            let checked = events[..at]
                .iter()
                .find(|(event, facts)| event.kind == EventKind::Proof && is_of_it(facts));
            // Another list of the account may have brought what is newer.
            let known = account.as_ref().and_then(|record| record.facts.snapshot());
            let since = of.map(|snapshot| snapshot.facts.at.as_str());
            let elsewhere = known.map(|kept| kept.at.as_str()).filter(|at| Some(*at) > since);
            let kit = OldKit {
                made: &event.at,
                taken: since,
                newer: snapshots
                    .first()
                    .filter(|newest| planned.is_some_and(|planned| newest.id > planned))
                    .map(|newest| newest.facts.at.as_str())
                    .or(elsewhere.filter(|_| since.is_some())),
                checked: checked.map(|(event, _)| event.at.as_str()),
            };
            Some(StaleKit { id, why: kit.is_stale(&job.roster().profile, today)? })
        };
        events.iter().enumerate().filter_map(stale).collect()
    }
}
