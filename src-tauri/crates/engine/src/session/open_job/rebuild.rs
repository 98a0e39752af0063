//! The open list seen through other eyes: read otherwise, by another profile, beside another snapshot, with other lists.

use std::collections::BTreeMap;

use super::{Cached, OpenJob};
use crate::profiles::Chosen;
use crate::session::completing::TakenBack;
use crate::session::job::JobView;
use crate::session::values::ValueMaps;
use crate::session::work::Working;
use crate::session::{Engine, nothing_open};
use muster_plan::worksheet::{Sources, Worksheet};
use muster_store::jobs::JobFacts;
use muster_table::error::Result;
use muster_table::reading::{ReadAs, Reading};
use muster_table::words::people;

impl Engine {
    /// Asks the open job for something that may take long.
    pub(in crate::session) fn changing<T>(
        &self,
        ask: impl FnOnce(&mut OpenJob, &Working) -> Result<T>,
    ) -> Result<T> {
        let mut place = self.lock_job();
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
    pub(in crate::session) fn rebuild<C, K>(
        &self,
        prepare: impl FnOnce(&OpenJob, &Working) -> Result<(C, K)>,
    ) -> Result<JobView>
    where
        C: FnOnce(&mut Sources),
        K: FnOnce(&mut OpenJob) -> Result<()>,
    {
        self.rebuild_then(prepare, |_, _, _| Ok(()))
    }

    /// The same where it may come out by it what the list lacks and the LMS has, which is then put in.
    pub(in crate::session) fn rebuild_and_complete<C, K>(
        &self,
        taken_back: TakenBack,
        prepare: impl FnOnce(&OpenJob, &Working) -> Result<(C, K)>,
    ) -> Result<JobView>
    where
        C: FnOnce(&mut Sources),
        K: FnOnce(&mut OpenJob) -> Result<()>,
    {
        self.rebuild_then(prepare, |job, working, _| self.complete(job, working, taken_back))
    }

    /// The same, and then whatever the list as it is seen now and as it was seen before come to.
    pub(in crate::session) fn rebuild_then<C, K>(
        &self,
        prepare: impl FnOnce(&OpenJob, &Working) -> Result<(C, K)>,
        then: impl FnOnce(&mut OpenJob, &Working, Worksheet) -> Result<()>,
    ) -> Result<JobView>
    where
        C: FnOnce(&mut Sources),
        K: FnOnce(&mut OpenJob) -> Result<()>,
    {
        self.changing(|job, working| {
            let (change, keep) = prepare(job, working)?;
            let seen = job.rebuilt(working, change)?;
            working.look()?;
            keep(job)?;
            let before = job.take_rebuilt(seen);
            then(job, working, before)?;
            Ok(job.view())
        })
    }

    /// The same for what has happened in the LMS, which nobody can stop any more: it is kept first.
    pub(in crate::session) fn taking_over<C: FnOnce(&mut Sources)>(
        &self,
        take: impl FnOnce(&mut OpenJob, &Working) -> Result<C>,
        then: impl FnOnce(&mut OpenJob, &Working, Worksheet) -> Result<()>,
    ) -> Result<JobView> {
        self.changing(|job, working| {
            working.stand_firm();
            let change = take(job, working)?;
            let seen = job.rebuilt(working, change)?;
            let before = job.take_rebuilt(seen);
            then(job, working, before)?;
            Ok(job.view())
        })
    }
}

impl OpenJob {
    /// The list as it is seen through other eyes; the job stays as it is.
    pub fn rebuilt(
        &self,
        working: &Working,
        change: impl FnOnce(&mut Sources),
    ) -> Result<Worksheet> {
        let mut sources = self.worksheet.sources(answers_of(&self.facts));
        change(&mut sources);
        looked_at(sources, working)
    }

    /// Takes the list as it is seen now; answers with that of before.
    pub fn take_rebuilt(&mut self, seen: Worksheet) -> Worksheet {
        self.base = None;
        self.last_view = None;
        self.forget_cached();
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
        self.forget_cached();
    }

    /// A plan that was made for another way of sending is none.
    pub fn forget_plan(&mut self) {
        self.plan = None;
    }

    /// What was erased of the steps can no longer be made again.
    pub fn forget_undone(&mut self) {
        self.steps.retain(|step| !step.undone);
    }

    pub(super) fn forget_cached(&mut self) {
        self.revision += 1;
        self.cached = Cached::default();
    }
}

/// The answers that a job has to what its profile asks.
pub(in crate::session) fn answers_of(facts: &JobFacts) -> BTreeMap<String, String> {
    serde_json::from_value(facts.policies.clone()).unwrap_or_default()
}

/// Opens a list, and says how far that is.
pub(in crate::session) fn looked_at(sources: Sources, working: &Working) -> Result<Worksheet> {
    let count = sources.table.len();
    working.step(format!("Checking {}", people(count)), count);
    sources.open(&|done| working.report(done))
}
