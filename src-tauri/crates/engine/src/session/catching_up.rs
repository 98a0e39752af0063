//! What the LMS changed since the snapshot of before is taken over, as one step, as soon as a newer one is kept: what was
//! not changed here follows, so that the next plan takes nothing back that somebody else did.

use super::Engine;
use super::open_job::OpenJob;
use super::work::Working;
use muster_plan::worksheet::{self, CaughtUp, Told, Worksheet, is_catching_up, is_completing};
use muster_store::jobs::JobFacts;
use muster_store::journal::Step;
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
        let caught = worksheet::catch_up(&context.roster, older, newer);
        let CaughtUp { change, says, both } = match caught {
            Some(caught) => caught,
            None if job.facts().completed == Told::default() => return Ok(()),
            None => return self.tell_both(job, Vec::new(), Vec::new()),
        };
        working.stand_firm();
        self.tell_both(job, says, both)?;
        if !change.edits.is_empty() {
            self.make_change(job, working, change)?;
        }
        Ok(())
    }

    fn tell_both(&self, job: &mut OpenJob, says: Vec<String>, both: Vec<String>) -> Result<()> {
        let mut completed = Told { both, ..job.completed() };
        completed.says.extend(says);
        self.commit_facts(job, JobFacts { completed, ..job.facts().clone() })
    }

    /// Takes back what was taken over from a snapshot that turned out to be a wrong one, unless other steps were made on it.
    pub(super) fn forget_caught_up(&self, job: &mut OpenJob) -> Result<()> {
        let catches_up = |step: &Step| is_catching_up(&step.sentence);
        if job.steps().iter().rfind(|step| !step.undone).is_some_and(catches_up) {
            self.step_back(job)?;
        }
        let completed = Told { both: Vec::new(), ..job.facts().completed.clone() };
        self.commit_facts(job, JobFacts { completed, ..job.facts().clone() })
    }
}
