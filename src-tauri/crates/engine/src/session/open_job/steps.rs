//! How a step is made: written to the disk, carried out, told.

use super::{Cached, OpenJob};
use crate::session::Engine;
use crate::session::editing::Edited;
use crate::session::work::Working;
use muster_plan::worksheet::{Change, FixScope, Fixed, Followed, is_catching_up};
use muster_rules::journal::Operation;
use muster_rules::recipe;
use muster_store::journal::{Ready, Step};
use muster_table::edit::{Edit, rows_of};
use muster_table::error::{Failure, Result};
use muster_table::narrow::count as number;
use serde_json::Value;

impl Engine {
    /// Makes a step, whole or not at all. Without edits there is no step.
    pub(in crate::session) fn commit_step(
        &self,
        job: &mut OpenJob,
        working: &Working,
        sentence: String,
        edits: Vec<Edit>,
    ) -> Result<()> {
        let change = Change { sentence, edits, general: Vec::new() };
        self.commit_general_step(job, working, change, false)
    }

    /// The same with what it does on any list of its kind, for recipes, and whether that is offered for later files.
    pub(in crate::session) fn commit_general_step(
        &self,
        job: &mut OpenJob,
        working: &Working,
        change: Change,
        remembered: bool,
    ) -> Result<()> {
        let Change { sentence, edits, general } = change;
        if edits.is_empty() {
            return Ok(());
        }
        working.begin_changing(&edits);
        let edits = job.worksheet.make(edits, &|done| working.report(done))?;
        let at = self.now();
        self.keep(job, working, Operation { at, sentence, edits, general, remembered })
    }

    /// Keeps what was made in memory, with the others or at once.
    fn keep(&self, job: &mut OpenJob, working: &Working, operation: Operation) -> Result<()> {
        job.moved_by(&operation.edits);
        match &mut job.gathered {
            Some(gathered) => {
                gathered.push(operation);
                Ok(())
            }
            None => self.commit(job, working, vec![operation], &[]),
        }
    }

    /// Does several things of which each is a step, all or none of them, and keeps settings with them.
    pub(in crate::session) fn together<T>(
        &self,
        job: &mut OpenJob,
        working: &Working,
        settings: &[(String, Value)],
        make: impl FnOnce(&mut OpenJob) -> Result<T>,
    ) -> Result<T> {
        job.gathered = Some(Vec::new());
        let made = make(job);
        let operations = job.gathered.take().unwrap_or_default();
        match made {
            Ok(made) => self.commit(job, working, operations, settings).map(|()| made),
            Err(failure) => Err(job.take_back(operations, failure)),
        }
    }

    /// Writes to the disk what was tried in memory. Nobody has seen it there yet: what is stopped now, or what the disk
    /// refuses, is taken back.
    fn commit(
        &self,
        job: &mut OpenJob,
        working: &Working,
        operations: Vec<Operation>,
        settings: &[(String, Value)],
    ) -> Result<()> {
        working.step("Keeping the step", 0);
        let packed: Result<Vec<Ready>> = job.may_change().and_then(|()| {
            operations.iter().map(|o| Ready::of(o, &|_| working.report(0))).collect()
        });
        let kept = packed.and_then(|ready| {
            working.look()?;
            self.store(|store| store.append_all(&job.lock, ready, settings))
        });
        let ids = match kept {
            Ok(ids) => ids,
            Err(failure) => return Err(job.take_back(operations, failure)),
        };
        for (operation, id) in operations.into_iter().zip(ids) {
            job.steps.retain(|step| !step.undone);
            job.saved_at = Some(operation.at.clone());
            job.steps.push(Step {
                id,
                at: operation.at,
                sentence: operation.sentence,
                cells: number(operation.edits.len()),
                undone: false,
            });
        }
        self.count_people(job);
        Ok(())
    }

    /// Makes what the worksheet came to, and says it.
    pub(in crate::session) fn make_change(
        &self,
        job: &mut OpenJob,
        working: &Working,
        change: Change,
    ) -> Result<Edited> {
        working.begin_changing(&change.edits);
        let edits = job.worksheet.make(change.edits, &|done| working.report(done))?;
        self.keep_change(job, working, Change { edits, ..change })
    }

    /// Keeps what the worksheet has made, and says it.
    pub(in crate::session) fn keep_change(
        &self,
        job: &mut OpenJob,
        working: &Working,
        change: Change,
    ) -> Result<Edited> {
        let Change { sentence, edits, general } = change;
        let (at, sum) = (self.now(), Sum::of(sentence.clone(), &edits));
        if !edits.is_empty() {
            self.keep(job, working, Operation { at, sentence, edits, general, remembered: false })?;
        }
        Ok(job.tell(sum))
    }

    /// Takes the last step back.
    pub(in crate::session) fn step_back(
        &self,
        job: &mut OpenJob,
        working: &Working,
    ) -> Result<Edited> {
        job.may_change()?;
        let now = self.now();
        let moved = self.store(|store| store.step_back(&job.lock, &now))?;
        let moved = moved.ok_or_else(|| Failure::state("there is no step to take back"))?;
        if is_catching_up(&moved.operation.sentence) {
            working.stand_firm();
            self.set_back(job, &moved.operation.edits)?;
        }
        let edits = moved.operation.inverse();
        let edits = self.make_again(job, working, edits).or_else(|failure| {
            self.store(|store| store.step_forward(&job.lock, &now))?;
            Err(failure)
        })?;
        job.say_undone(moved.id, true, now);
        let Operation { sentence, general, remembered, .. } = moved.operation;
        if remembered {
            self.offer_values(job, &general, false)?;
        }
        Ok(job.edited(sentence, &edits))
    }

    /// Makes the step again that was taken back last.
    pub(in crate::session) fn step_forward(
        &self,
        job: &mut OpenJob,
        working: &Working,
    ) -> Result<Edited> {
        job.may_change()?;
        let now = self.now();
        let moved = self.store(|store| store.step_forward(&job.lock, &now))?;
        let moved = moved.ok_or_else(|| Failure::state("there is no step to make again"))?;
        let Operation { sentence, edits, general, remembered, .. } = moved.operation;
        let edits = self.make_again(job, working, edits).or_else(|failure| {
            self.store(|store| store.step_back(&job.lock, &now))?;
            Err(failure)
        })?;
        job.say_undone(moved.id, false, now);
        if remembered {
            self.offer_values(job, &general, true)?;
        }
        Ok(job.edited(sentence, &edits))
    }

    /// Makes what the journal says by now.
    fn make_again(
        &self,
        job: &mut OpenJob,
        working: &Working,
        edits: Vec<Edit>,
    ) -> Result<Vec<Edit>> {
        working.begin_changing(&edits);
        let edits = job.worksheet.make_again(edits, &|done| working.report(done))?;
        job.moved_by(&edits);
        self.count_people(job);
        Ok(edits)
    }
}

impl OpenJob {
    /// What the fixes of a scope come to, which are not made.
    pub fn fix(&mut self, rule: u8, scope: &FixScope, working: &Working) -> Result<Fixed> {
        self.worksheet.fix(rule, scope, &|done| working.report(done))
    }

    /// Makes the fixes of a scope in memory, to be kept by [`Engine::keep_change`].
    pub fn make_fix(&mut self, rule: u8, scope: &FixScope, working: &Working) -> Result<Fixed> {
        self.worksheet.make_fix(rule, scope, &|done| working.report(done))
    }

    /// What every fix that is certain would change.
    pub fn fix_safe(&mut self, working: &Working) -> Result<Fixed> {
        self.worksheet.fix_safe(&|done| working.report(done))
    }

    /// Makes every fix that is certain in memory, to be kept by [`Engine::keep_change`].
    pub fn make_safe(&mut self, working: &Working) -> Result<Fixed> {
        self.worksheet.make_safe(&|done| working.report(done))
    }

    /// Makes what a step of a recipe comes to in memory, to be kept by [`Engine::keep_change`].
    pub fn follow(&mut self, step: &recipe::Step, working: &Working) -> Result<Followed> {
        self.worksheet.follow(step, self.facts.key_unlocked, &|done| working.report(done))
    }

    /// Has taken back what was tried; answers why.
    fn take_back(&mut self, operations: Vec<Operation>, failure: Failure) -> Failure {
        self.worksheet.take_back(operations.into_iter().map(|operation| operation.edits));
        self.forget_cached();
        failure
    }

    /// Forgets what edits made untrue of what was worked out.
    fn moved_by(&mut self, edits: &[Edit]) {
        let shown = self.cached.shown.take().filter(|shown| shown.survives(edits));
        self.revision += 1;
        self.cached = Cached { shown, ..Cached::default() };
    }

    fn say_undone(&mut self, id: u32, undone: bool, now: String) {
        if let Some(step) = self.steps.iter_mut().find(|step| step.id == id) {
            step.undone = undone;
        }
        self.saved_at = Some(now);
    }

    /// Says what a step did.
    pub fn edited(&mut self, sentence: String, edits: &[Edit]) -> Edited {
        self.tell(Sum::of(sentence, edits))
    }

    fn tell(&mut self, sum: Sum) -> Edited {
        let before = self.last_view.take();
        let job = self.view();
        let (change, is_all) = job.since(before.as_ref().unwrap_or(&job));
        Edited {
            sentence: sum.sentence,
            cells: number(sum.cells),
            people: number(sum.people),
            refused: None,
            added: sum.added,
            change,
            job: (before.is_none() || !is_all).then_some(job),
        }
    }
}

/// What a step comes to, summed up before its edits go to the disk.
struct Sum {
    sentence: String,
    cells: usize,
    people: usize,
    /// Rows that were added.
    added: Vec<u32>,
}

impl Sum {
    fn of(sentence: String, edits: &[Edit]) -> Sum {
        let added = edits.iter().filter_map(|edit| match edit {
            Edit::Insert { row, .. } => Some(*row),
            _ => None,
        });
        Sum {
            sentence,
            cells: edits.iter().filter(|edit| matches!(edit, Edit::Set { .. })).count(),
            people: rows_of(edits).len(),
            added: added.collect(),
        }
    }
}
