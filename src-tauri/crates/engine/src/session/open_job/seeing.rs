//! The open list seen through other eyes: read otherwise, by another profile, beside another snapshot, with other lists.

use std::collections::BTreeMap;

use super::{Known, OpenJob};
use crate::session::job::Job;
use crate::session::profiles::Chosen;
use crate::session::values::ValueMaps;
use crate::session::work::Working;
use crate::session::{Engine, nothing_open};
use muster_plan::worksheet::{Sources, Worksheet};
use muster_store::jobs::JobFacts;
use muster_table::error::Outcome;
use muster_table::reading::{ReadAs, Reading};
use muster_table::words::people;

impl Engine {
    /// Asks the open job for something that may take long.
    pub(in crate::session) fn changing<T>(
        &self,
        ask: impl FnOnce(&mut OpenJob, &Working) -> Outcome<T>,
    ) -> Outcome<T> {
        let mut place = self.place();
        let job = place.as_mut().ok_or_else(nothing_open)?;
        let working = self.work.begin();
        let answer = ask(job, &working);
        let is_recovering = job.is_recovering();
        drop((working, place));
        if is_recovering {
            self.recover_meanwhile();
        }
        answer
    }

    /// Whoever stopped work need not wait until everything is as it was; whoever asks for more before does.
    fn recover_meanwhile(&self) {
        let seat = self.seat.clone();
        std::thread::spawn(move || drop(seat.take(|job| job.recover())));
    }

    /// Sees the open job through other eyes. `prepare` says what is other, and how that is kept: once it has been looked
    /// at. What is stopped, or cannot be kept, leaves the list as it was.
    pub(in crate::session) fn reseeing<C, K>(
        &self,
        prepare: impl FnOnce(&OpenJob, &Working) -> Outcome<(C, K)>,
    ) -> Outcome<Job>
    where
        C: FnOnce(&mut Sources),
        K: FnOnce(&mut OpenJob) -> Outcome<()>,
    {
        self.changing(|job, working| {
            let (change, keep) = prepare(job, working)?;
            let seen = job.through(working, change)?;
            working.look()?;
            keep(job)?;
            job.is_seen_as(seen);
            Ok(job.told())
        })
    }

    /// The same for what has happened in the LMS, which nobody can stop any more: it is kept first.
    pub(in crate::session) fn taking_over<C: FnOnce(&mut Sources)>(
        &self,
        take: impl FnOnce(&mut OpenJob, &Working) -> Outcome<C>,
    ) -> Outcome<Job> {
        self.changing(|job, working| {
            working.stand_firm();
            let change = take(job, working)?;
            let seen = job.through(working, change)?;
            job.is_seen_as(seen);
            Ok(job.told())
        })
    }
}

impl OpenJob {
    /// The list as it is seen through other eyes; the job stays as it is.
    pub fn through(
        &self,
        working: &Working,
        change: impl FnOnce(&mut Sources),
    ) -> Outcome<Worksheet> {
        let mut sources = self.worksheet.sources(answers_of(&self.facts));
        change(&mut sources);
        looked_at(sources, working)
    }

    /// Takes the list as it is seen now; answers with that of before.
    pub fn is_seen_as(&mut self, seen: Worksheet) -> Worksheet {
        self.base = None;
        self.told = None;
        self.forget_known();
        std::mem::replace(&mut self.worksheet, seen)
    }

    /// The job is read by another profile from now on.
    pub fn is_read_by(&mut self, chosen: Chosen, values: ValueMaps) {
        (self.chosen, self.values) = (chosen, values);
    }

    /// The file was read in another way; no step of before fits any more.
    pub fn is_read_as(&mut self, read: (Worksheet, Reading, ReadAs), facts: JobFacts, now: String) {
        let (seen, reading, read_as) = read;
        (self.reading, self.read_as, self.facts) = (reading, read_as, facts);
        self.steps.clear();
        self.saved_at = Some(now);
        self.worksheet = seen;
        self.forget_known();
    }

    /// A plan that was made for another way of sending is none.
    pub fn forget_plan(&mut self) {
        self.plan = None;
    }

    /// What was erased of the steps can no longer be made again.
    pub fn forget_undone(&mut self) {
        self.steps.retain(|step| !step.undone);
    }

    pub(super) fn forget_known(&mut self) {
        self.revision += 1;
        self.known = Known::default();
    }
}

/// The answers that a job has to what its profile asks.
pub(in crate::session) fn answers_of(facts: &JobFacts) -> BTreeMap<String, String> {
    serde_json::from_value(facts.policies.clone()).unwrap_or_default()
}

/// Opens a list, and says how far that is.
pub(in crate::session) fn looked_at(sources: Sources, working: &Working) -> Outcome<Worksheet> {
    let count = sources.table.len();
    working.step(format!("Checking {}", people(count)), count);
    sources.open(&|done| working.told(done))
}
