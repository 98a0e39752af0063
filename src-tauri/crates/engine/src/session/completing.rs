//! What a report of another system lacks is put in, as one step, as soon as it is known what the LMS has.

use super::Engine;
use super::open_job::{OpenJob, answers_of};
use super::opening::json;
use super::work::Working;
use muster_plan::worksheet::{self, Completed, Holds, is_completing};
use muster_store::jobs::JobFacts;
use muster_store::journal::Step;
use muster_table::error::Result;

/// Whether what the person took back is put in again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TakenBack {
    /// It is: what the LMS has was said anew.
    PutInAgain,
    /// It stays out.
    StaysOut,
}

impl Engine {
    /// Puts in what the list lacks and the LMS has. What came from another snapshot goes first, unless other steps were
    /// made on it.
    pub(super) fn complete(
        &self,
        job: &mut OpenJob,
        working: &Working,
        taken_back: TakenBack,
    ) -> Result<()> {
        let completes = |step: &&Step| is_completing(&step.sentence);
        let (done, undone): (Vec<_>, Vec<_>) = job.steps().iter().partition(|step| !step.undone);
        let is_last = done.last().is_some_and(completes);
        let is_below = !is_last && done.iter().any(&completes);
        let was_refused = undone.iter().any(completes);
        if job.is_look_only() || is_below {
            return Ok(());
        }
        if !is_last && was_refused && taken_back == TakenBack::StaysOut {
            return Ok(());
        }
        working.stand_firm();
        if is_last {
            self.step_back(job, working)?;
        }
        let context = job.checker().context();
        let (Some(older), Some(today)) = (&context.snapshot, self.today()) else { return Ok(()) };
        let completed = worksheet::complete(&context.roster, older, today, &context.day_first)?;
        let Some(Completed { change, told, holds }) = completed else { return Ok(()) };
        // It is told as soon as the step stands, also of a list that is opened again after a break.
        self.commit_facts(job, JobFacts { completed: told, ..job.facts().clone() })?;
        self.make_change(job, working, change)?;
        if let Some(holds) = holds
            && let Some(says) = self.take_to_hold(job, working, holds)?
        {
            let mut completed = job.facts().completed.clone();
            completed.says.push(says);
            self.commit_facts(job, JobFacts { completed, ..job.facts().clone() })?;
        }
        Ok(())
    }

    /// Says for the person what the file holds, unless they have; answers with what is to be told of it.
    fn take_to_hold(
        &self,
        job: &mut OpenJob,
        working: &Working,
        holds: Holds,
    ) -> Result<Option<String>> {
        let mut answers = answers_of(job.facts());
        if answers.contains_key(&holds.policy) {
            return Ok(None);
        }
        answers.insert(holds.policy, holds.answer);
        let facts = JobFacts { policies: json(&answers)?, ..job.facts().clone() };
        self.commit_facts(job, facts)?;
        let seen = job.rebuilt(working, |sources| sources.answers = answers)?;
        job.take_rebuilt(seen);
        Ok(Some(holds.says))
    }
}
