//! What the LMS changed since the snapshot of before is taken over, as one step, as soon as a newer one is kept: what was
//! not changed here follows, so that the next plan takes nothing back that somebody else did.

use super::Engine;
use super::open_job::OpenJob;
use super::work::Working;
use muster_plan::plan::ChangedThere;
use muster_plan::worksheet::{self, CaughtUp, Told, Worksheet, is_catching_up, is_completing};
use muster_store::jobs::JobFacts;
use muster_store::journal::Step;
use muster_table::edit::Edit;
use muster_table::error::Result;

impl Engine {
    /// `before` is the list beside the snapshot of before. A report of another system never had what the LMS has, and is
    /// completed from it instead.
    pub(super) fn catch_up(
        &self,
        job: &mut OpenJob,
        working: &Working,
        before: &Worksheet,
    ) -> Result<()> {
        let is_report =
            job.steps().iter().any(|step| !step.undone && is_completing(&step.sentence));
        if job.is_look_only() || is_report {
            return Ok(());
        }
        let context = job.checker().context();
        let (Some(older), Some(newer)) = (&before.checker().context().snapshot, &context.snapshot)
        else {
            return Ok(());
        };
        let Some(caught) = worksheet::catch_up(&context.roster, older, newer) else {
            return Ok(());
        };
        let CaughtUp { change, says, there } = caught;
        working.stand_firm();
        let mut completed = job.completed();
        completed.says.extend(says);
        completed.there.extend(there);
        self.commit_facts(job, JobFacts { completed, ..job.facts().clone() })?;
        if !change.edits.is_empty() {
            self.make_change(job, working, change)?;
        }
        Ok(())
    }

    /// A step that took over what the LMS changed is about to be taken back: the list will set all of it back, and the
    /// plan holds that.
    pub(in crate::session) fn set_back(&self, job: &mut OpenJob, edits: &[Edit]) -> Result<()> {
        let mut completed = job.facts().completed.clone();
        completed.there.extend(worksheet::set_back(edits, job.roster()));
        self.commit_facts(job, JobFacts { completed, ..job.facts().clone() })
    }

    /// Takes back what was taken over from a snapshot that turned out to be a wrong one, unless other steps were made on it.
    pub(super) fn forget_caught_up(&self, job: &mut OpenJob, working: &Working) -> Result<()> {
        let catches_up = |step: &Step| is_catching_up(&step.sentence);
        if job.steps().iter().rfind(|step| !step.undone).is_some_and(catches_up) {
            self.step_back(job, working)?;
        }
        let there = ChangedThere::default();
        let completed = Told { there, ..job.facts().completed.clone() };
        self.commit_facts(job, JobFacts { completed, ..job.facts().clone() })
    }
}
