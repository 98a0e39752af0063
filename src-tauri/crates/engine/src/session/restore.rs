//! Opening a job where it stood: the kept file, and its steps made again.

use std::sync::atomic::Ordering::Relaxed;

use super::Engine;
use super::accounts::Attachment;
use super::job::{JobId, JobView};
use super::open_job::{OpenJob, Opening, answers_of, looked_at};
use super::work::Working;
use crate::accounts::{self, table_of};
use crate::profiles::Chosen;
use muster_plan::worksheet::{Known, Sources};
use muster_roster::lists::{List, Lists};
use muster_rules::journal::Operation;
use muster_store::Store;
use muster_store::accounts::AccountRecord;
use muster_store::jobs::{JobLock, JobRecord};
use muster_store::snapshots::SnapshotRecord;
use muster_table::edit::Edit;
use muster_table::error::{Failure, FailureKind, Result};
use muster_table::reading::{Read, ReadAs};
use muster_table::table::Table;
use muster_table::words::{counted, day};

/// What the store has of a job beside its file and steps.
pub(super) struct StoredParts {
    pub snapshots: Vec<SnapshotRecord>,
    /// The newest of them that can be read.
    pub snapshot: Option<Table>,
    /// What to tell of those that cannot.
    pub notices: Vec<String>,
    pub lists: Lists,
}

impl Engine {
    /// Opens a recent job where it stood.
    pub fn open_job(&self, request: JobId) -> Result<JobView> {
        let stood = {
            let mut place = self.lock_job();
            let working = self.work.begin();
            self.stand(&mut place, request.id, &working)?
        };
        self.apply_missed_pushes(stood)
    }

    pub(super) fn stand(
        &self,
        place: &mut Option<OpenJob>,
        id: u32,
        working: &Working,
    ) -> Result<JobView> {
        if let Some(job) = place.as_mut().filter(|job| job.id() == id) {
            job.look_at_file();
            return Ok(job.view());
        }
        let (lock, record) = self.store(|store| store.hold(id, &self.now()))?;
        let mut job = self.load(lock, record, working)?;
        job.is_looked_at_only(self.was_looked_at_only(id)?);
        job.look_at_file();
        Ok(self.put(place, job).view())
    }

    /// Makes a job the open one; whichever was open is left.
    pub(super) fn put<'p>(&self, place: &'p mut Option<OpenJob>, job: OpenJob) -> &'p mut OpenJob {
        self.opened(Some(job.id()));
        place.insert(job)
    }

    /// The id of the open job, without waiting for it.
    pub(super) fn open_id(&self) -> Option<u32> {
        Some(self.seat.open_id.load(Relaxed)).filter(|&id| id != 0)
    }

    pub(super) fn opened(&self, id: Option<u32>) {
        self.seat.open_id.store(id.unwrap_or(0), Relaxed);
    }

    fn load(&self, lock: JobLock, record: JobRecord, working: &Working) -> Result<OpenJob> {
        let id = lock.id();
        let facts = record.facts;
        working.step(format!("Opening `{}`", facts.name), 0);
        let (bytes, done, steps, stored) = self.store(|store| {
            let bytes = store.original(id)?;
            working.look()?;
            let done = store.load_done(&lock)?;
            working.look()?;
            Ok((bytes, done, store.steps(id)?, self.stored(store, id)?))
        })?;
        let read_as: ReadAs = serde_json::from_value(facts.reading.clone()).unwrap_or_default();
        let Read { mut table, reading, read_as, .. } =
            working.read(bytes, &facts.name, &read_as)?;
        let account = self.account_of(&facts);
        let fits = |of: &AccountRecord| facts.profile.as_ref() == Some(&of.profile);
        let brought = account.filter(fits).map(|of| self.brought(of, table.names()));
        let (brought, of_account) = match brought.transpose() {
            Ok(brought) => (brought, None),
            Err(failure) => (None, Some(failure.to_string())),
        };
        let (chosen, missing) = match &brought {
            Some(of) => (of.chosen.clone(), None),
            None => self.profile_of(facts.profile.as_deref(), table.names())?,
        };
        let mut notices: Vec<String> = missing.into_iter().chain(record.flaw).collect();
        notices.extend(stored.notices);
        notices.extend(of_account);
        let made = replay(&mut table, &done.operations, working)?;
        let lost = done.unreadable as usize + done.operations.len() - made;
        let steps = if made < done.operations.len() {
            self.store(|store| {
                for _ in made..done.operations.len() {
                    store.step_back(&lock, &self.now())?;
                }
                store.steps(id)
            })?
        } else {
            steps
        };
        if lost > 0 {
            notices.push(format!(
                "The last {} could not be read from the disk and {} been left out. Look through what you changed last.",
                counted(lost, "step", "steps"),
                if lost == 1 { "has" } else { "have" },
            ));
        }
        let profile = chosen.profile.clone();
        let connector = self.connector_of(&facts)?;
        let attachment = Attachment {
            account: brought.as_ref().map(|of| of.record.clone()),
            ..Attachment::default()
        };
        let of_account = brought.as_ref().map(|of| &of.record.facts);
        let known = accounts::known_of_both(of_account, &facts.said);
        let (uses, values) = match brought {
            Some(of) => (of.uses, of.values),
            None => (self.uses_of(&profile.id)?, self.values_of(&profile.id)?),
        };
        let _arrivals = self.arrives(&facts.name, &table, Some(&profile.id)).ok();
        let Known { mut lists, real, waivers, day_first } = known;
        lists.extend(stored.lists);
        let sources = Sources {
            table,
            snapshot: stored.snapshot,
            lists,
            real,
            waivers,
            day_first,
            answers: answers_of(&facts),
            today: self.today(),
            uses,
            connector,
            profile,
        };
        let worksheet = looked_at(sources, working)?;
        Ok(OpenJob::new(Opening {
            lock,
            facts,
            worksheet,
            reading,
            read_as,
            chosen,
            values,
            steps,
            saved_at: record.saved_at.or(Some(record.opened_at)),
            snapshots: stored.snapshots,
            attachment,
            notices,
        }))
    }

    /// The job's profile, and what to say if it is no longer there.
    fn profile_of(&self, id: Option<&str>, names: &[String]) -> Result<(Chosen, Option<String>)> {
        let profiles = self.known_profiles()?;
        let Some(id) = id else { return Ok((profiles.recognised(names)?, None)) };
        if let Some(chosen) = profiles.chosen(id, names) {
            return Ok((chosen, None));
        }
        let recognised = profiles.recognised(names)?;
        let notice = format!(
            "The profile `{id}` is no longer there, so the list is read as {}.",
            recognised.profile.name
        );
        Ok((recognised, Some(notice)))
    }

    pub(super) fn stored(&self, store: &Store, id: u32) -> Result<StoredParts> {
        let (mut snapshots, mut snapshot, mut notices) = (Vec::new(), None, Vec::new());
        for record in store.snapshots(id)? {
            if snapshot.is_none() {
                match snapshot_table(store, id, &record) {
                    Ok(table) => snapshot = Some(table),
                    Err(failure)
                        if matches!(failure.kind, FailureKind::Store | FailureKind::File) =>
                    {
                        notices.push(unreadable(&failure, &record.facts.at));
                        continue;
                    }
                    Err(failure) => return Err(failure),
                }
            }
            snapshots.push(record);
        }
        let mut lists = Lists::new();
        for card in store.lists(id)? {
            let values = store.list_values(id, &card.kind)?.unwrap_or_default();
            lists.insert(card.kind, List::new(values, card.source, card.at));
        }
        Ok(StoredParts { snapshots, snapshot, notices, lists })
    }
}

/// That what the LMS had at one time cannot be compared with.
pub(super) fn unreadable(failure: &Failure, at: &str) -> String {
    let why = if failure.why.is_empty() { &failure.what } else { &failure.why };
    format!(
        "The snapshot of {} could not be read from the data folder ({why}), so nothing is compared with it. Load a fresh \
         export as the snapshot before you plan.",
        day(at)
    )
}

/// A snapshot as a table.
pub(super) fn snapshot_table(store: &Store, job: u32, record: &SnapshotRecord) -> Result<Table> {
    let read_as: ReadAs = serde_json::from_value(record.facts.reading.clone()).unwrap_or_default();
    table_of(store.snapshot_text(job, record.id)?, read_as)
}

/// Makes operations again, as long as they fit; answers how many did.
fn replay(table: &mut Table, operations: &[Operation], working: &Working) -> Result<usize> {
    const MANY: usize = 1 << 12;
    for (n, operation) in operations.iter().enumerate() {
        for (m, edit) in operation.edits.iter().enumerate() {
            if m % MANY == 0 {
                working.look()?;
            }
            if table.apply(edit).is_err() {
                for edit in operation.edits[..m].iter().rev().map(Edit::inverse) {
                    // Each of these was just made, so it can be taken back.
                    let _ = table.apply(&edit);
                }
                return Ok(n);
            }
        }
    }
    Ok(operations.len())
}
