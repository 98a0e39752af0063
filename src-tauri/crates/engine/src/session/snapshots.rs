//! Snapshots: keeping what the LMS has, without passwords.

use super::Engine;
use super::job::JobView;
use super::open_job::OpenJob;
use super::opening::json;
use crate::accounts::Packed;
use muster_plan::worksheet::Sources;
use muster_store::events::{Event, EventKind};
use muster_store::jobs::JobFacts;
use muster_store::snapshots::SnapshotFacts;
use muster_table::error::Result;
use muster_table::table::Table;
use serde::{Deserialize, Serialize};

/// That the file as it was opened is to be kept as the snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct KeepSnapshot {
    /// What to remember about it; may be empty.
    pub note: String,
}

/// Where a snapshot comes from, and what to remember about it.
pub(super) struct Origin {
    pub source: String,
    pub note: String,
    /// When the LMS had it, ISO 8601; none for now.
    pub at: Option<String>,
}

impl Engine {
    /// Keeps the file as it was opened as what the LMS has.
    pub fn keep_snapshot(&self, request: KeepSnapshot) -> Result<JobView> {
        self.rebuild(|job, working| {
            let bytes = self.store(|store| store.original(job.id()))?;
            let name = &job.facts().name;
            let table = working.read(bytes, name, job.read_as())?.table;
            working.step(format!("Keeping `{name}` as the snapshot"), 0);
            let origin = Origin { source: job.facts().name.clone(), note: request.note, at: None };
            let fresh = Packed::of(table, &job.roster().profile)?;
            let snapshot = fresh.table()?;
            let keep = move |job: &mut OpenJob| {
                self.keep_in_account(job, &fresh, &origin)?;
                self.keep_fresh(job, &fresh, origin)
            };
            Ok((move |sources: &mut Sources| sources.snapshot = Some(snapshot), keep))
        })
    }

    /// Keeps a table as the job's newest snapshot; gives it back without passwords.
    pub(super) fn keep_as_snapshot(
        &self,
        job: &mut OpenJob,
        table: Table,
        origin: Origin,
    ) -> Result<Table> {
        let fresh = Packed::of(table, &job.roster().profile)?;
        self.keep_in_account(job, &fresh, &origin)?;
        self.keep_fresh(job, &fresh, origin)?;
        fresh.table()
    }

    /// Keeps what the LMS has in the account that the list is of, too.
    pub(super) fn keep_in_account(
        &self,
        job: &mut OpenJob,
        fresh: &Packed,
        origin: &Origin,
    ) -> Result<()> {
        let Some(account) = self.account_of(job.facts()).map(|of| of.id) else { return Ok(()) };
        let of_account = crate::accounts::Origin {
            at: origin.at.clone().unwrap_or_else(|| self.now()),
            source: origin.source.clone(),
            note: origin.note.clone(),
        };
        let record = self.store(|store| {
            crate::accounts::keep_snapshot(store, account, (fresh, of_account))?;
            store.account(account)
        })?;
        job.knows_account(record);
        Ok(())
    }

    pub(super) fn keep_fresh(
        &self,
        job: &mut OpenJob,
        fresh: &Packed,
        origin: Origin,
    ) -> Result<()> {
        let kept = self.store(|store| Ok(store.blobs()))?.keep(fresh.text.as_bytes())?;
        let people = fresh.people;
        let facts = SnapshotFacts {
            at: origin.at.unwrap_or_else(|| self.now()),
            note: origin.note,
            source: origin.source,
            people,
            profile: job.facts().profile.clone(),
            reading: json(&fresh.read_as)?,
        };
        let sha256 = kept.sha256.clone();
        let job_facts = JobFacts { offer_snapshot: false, ..job.facts().clone() };
        let snapshots = self.store(|store| {
            let id = store.keep_snapshot(job.lock(), &facts, kept)?;
            let event = Event {
                at: self.now(),
                kind: EventKind::Snapshot,
                title: "Kept as the snapshot".into(),
                detail: facts.note.clone(),
                id: Some(id),
                people: Some(people),
                sha256: Some(sha256),
                path: None,
            };
            store.add_event(job.lock(), &event, &serde_json::Value::Null)?;
            store.set_facts(job.lock(), &job_facts)?;
            store.snapshots(job.id())
        })?;
        job.is_kept_as(job_facts, snapshots);
        Ok(())
    }
}
