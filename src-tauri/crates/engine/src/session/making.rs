//! How a step is made: written to the disk, carried out, told.

use rustc_hash::{FxHashMap, FxHashSet};

use super::changes::Changes;
use super::editing::{CellEdit, Edited};
use super::open_job::{Known, OpenJob};
use super::work::Working;
use super::{Engine, nothing_open};
use crate::number::number;
use muster_plan::worksheet::{Change, locks, who};
use muster_rules::journal::Operation;
use muster_rules::recipe;
use muster_store::jobs::JobFacts;
use muster_store::journal::{Ready, Step};
use muster_table::edit::{Edit, rows_of};
use muster_table::error::{Failure, FailureKind, Outcome};
use muster_table::words::{MASK, counted, people};

impl Engine {
    /// Asks the open job for something that may take long.
    pub(super) fn changing<T>(
        &self,
        ask: impl FnOnce(&mut OpenJob, &Working) -> Outcome<T>,
    ) -> Outcome<T> {
        let mut place = self.place();
        let job = place.as_mut().ok_or_else(nothing_open)?;
        let working = self.work.begin();
        ask(job, &working)
    }

    /// Makes a step, whole or not at all. Without edits there is no step.
    pub(super) fn make(
        &self,
        job: &mut OpenJob,
        working: &Working,
        sentence: String,
        edits: Vec<Edit>,
    ) -> Outcome<()> {
        self.make_general(job, working, sentence, edits, Vec::new())
    }

    /// The same with what it does on any list of its kind, for recipes.
    pub(super) fn make_general(
        &self,
        job: &mut OpenJob,
        working: &Working,
        sentence: String,
        edits: Vec<Edit>,
        general: Vec<recipe::Step>,
    ) -> Outcome<()> {
        if edits.is_empty() {
            return Ok(());
        }
        let operation = Operation { at: self.now(), sentence, edits, general };
        job.try_step(&operation.edits, working)?;
        match &mut job.gathered {
            Some(gathered) => {
                gathered.push(operation);
                Ok(())
            }
            None => self.commit(job, working, vec![operation]),
        }
    }

    /// Does several things of which each is a step, all or none of them.
    pub(super) fn together<T>(
        &self,
        job: &mut OpenJob,
        working: &Working,
        make: impl FnOnce(&mut OpenJob) -> Outcome<T>,
    ) -> Outcome<T> {
        job.gathered = Some(Vec::new());
        let made = make(job);
        let operations = job.gathered.take().unwrap_or_default();
        match made {
            Ok(made) => self.commit(job, working, operations).map(|()| made),
            Err(failure) => Err(job.take_back(&operations, failure)),
        }
    }

    /// Writes to the disk what was tried in memory. Nobody has seen it there yet: what is stopped now, or what the disk
    /// refuses, is taken back.
    fn commit(
        &self,
        job: &mut OpenJob,
        working: &Working,
        operations: Vec<Operation>,
    ) -> Outcome<()> {
        let packed: Outcome<Vec<Ready>> =
            operations.iter().map(|o| Ready::of(o, &|_| working.told(0))).collect();
        let kept = packed.and_then(|ready| {
            working.look()?;
            self.store(|store| store.append_all(&job.held, ready))
        });
        let ids = kept.map_err(|failure| job.take_back(&operations, failure))?;
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
    pub(super) fn make_change(
        &self,
        job: &mut OpenJob,
        working: &Working,
        change: Change,
    ) -> Outcome<Edited> {
        let Change { sentence, edits, general } = change;
        self.make_general(job, working, sentence.clone(), edits.clone(), general)?;
        Ok(job.edited(sentence, &edits))
    }

    /// Makes what the journal says by now.
    pub(super) fn carry_out(&self, job: &mut OpenJob, edits: &[Edit]) -> Outcome<()> {
        job.checker.apply(edits).inspect_err(|_| job.broken = true)?;
        job.settle(edits);
        self.count_people(job);
        Ok(())
    }

    fn count_people(&self, job: &mut OpenJob) {
        let people = number(job.table().len());
        if people != job.facts.people {
            // Only Home shows it; the step itself is on the disk.
            let _ = self.commit_facts(job, JobFacts { people, ..job.facts.clone() });
        }
    }

    /// Says otherwise what is kept of a job: on the disk first.
    pub(super) fn commit_facts(&self, job: &mut OpenJob, facts: JobFacts) -> Outcome<()> {
        self.store(|store| store.set_facts(&job.held, &facts))?;
        job.facts = facts;
        Ok(())
    }
}

impl OpenJob {
    /// What failed halfway left in memory what the journal does not say; what was stopped was taken back.
    pub(super) fn doubt(&mut self, failure: &Failure) {
        self.broken |= failure.kind != FailureKind::Cancelled;
    }

    /// Makes edits in memory, all or none of them.
    fn try_step(&mut self, edits: &[Edit], working: &Working) -> Outcome<()> {
        self.checker.apply_while(edits, &|_| working.told(0))?;
        self.settle(edits);
        Ok(())
    }

    /// Takes back what was tried, the last first; answers why.
    fn take_back(&mut self, operations: &[Operation], failure: Failure) -> Failure {
        for operation in operations.iter().rev() {
            let back = operation.inverse();
            match self.checker.apply(&back) {
                Ok(()) => self.settle(&back),
                Err(_) => self.broken = true,
            }
        }
        failure
    }

    /// Sees to what edits left open that were made.
    fn settle(&mut self, edits: &[Edit]) {
        let shown = self.known.shown.take().filter(|shown| shown.survives(edits));
        self.checker.settle();
        let scene = self.checker.scene();
        if edits.iter().any(Edit::is_of_columns) {
            self.changes = Changes::of(scene);
        } else {
            for row in rows_of(edits) {
                self.changes.look_again(scene, row);
            }
        }
        self.revision += 1;
        self.known = Known { shown, ..Known::default() };
    }

    /// The edits that were asked for, without those that change nothing, and a sentence about those refused.
    pub fn cell_edits(&self, asked: &[CellEdit]) -> Outcome<(Vec<Edit>, Option<String>)> {
        let roster = self.roster();
        // Of several for one cell, the last holds.
        let mut last: FxHashMap<(u32, u32), usize> = FxHashMap::default();
        for (n, edit) in asked.iter().enumerate() {
            last.insert((edit.row, edit.column), n);
        }
        let there: Option<FxHashSet<u32>> =
            (asked.len() > 64).then(|| roster.table.rows().collect());
        let mut refused: Vec<(String, usize)> = Vec::new();
        let mut edits = Vec::new();
        for (n, edit) in asked.iter().enumerate() {
            if last[&(edit.row, edit.column)] != n {
                continue;
            }
            let column = self.column_at(edit.column)?;
            if there.as_ref().is_none_or(|there| !there.contains(&edit.row)) {
                self.must_be_there(edit.row)?;
            }
            let before = roster.table.cell(edit.row, column.at);
            if before == edit.value || (column.is_secret() && edit.value == MASK) {
                continue;
            }
            let is_new = self.changes.is_new(edit.row);
            if let Some(why) = locks::refuses(roster, column, is_new, self.facts.key_unlocked) {
                let told = format!("`{}` is locked: {why}", column.name);
                match refused.iter_mut().find(|(sentence, _)| *sentence == told) {
                    Some((_, count)) => *count += 1,
                    None => refused.push((told, 1)),
                }
                continue;
            }
            edits.push(Edit::Set {
                row: edit.row,
                column: edit.column,
                before: before.into_owned(),
                after: edit.value.clone(),
            });
        }
        let told = refused.into_iter().map(|(why, count)| {
            let verb = if count == 1 { "was" } else { "were" };
            format!("{} {verb} left alone. {why}", counted(count, "cell", "cells"))
        });
        let told: Vec<String> = told.collect();
        Ok((edits, (!told.is_empty()).then(|| told.join(" "))))
    }

    pub fn sentence_of_sets(&self, edits: &[Edit]) -> String {
        let mut cells = edits.iter().filter_map(|edit| match edit {
            Edit::Set { row, column, after, .. } => Some((*row, *column, after.is_empty())),
            _ => None,
        });
        let Some((row, column, blank)) = cells.next() else { return String::new() };
        let verb = if blank { "Clear" } else { "Set" };
        let name = &self.roster().columns[column as usize].name;
        let rest: Vec<_> = cells.collect();
        if rest.is_empty() {
            return format!("{verb} `{name}` of {}", self.who(row));
        }
        if rest.iter().all(|&(_, c, b)| (c, b) == (column, blank)) {
            return format!("{verb} `{name}` of {}", people(rest.len() + 1));
        }
        let cells = counted(edits.len(), "cell", "cells");
        let of = people(rows_of(edits).len());
        if blank && rest.iter().all(|&(_, _, b)| b) {
            return format!("Clear {cells} of {of}");
        }
        format!("Change {cells} of {of}")
    }

    /// Somebody, as a step names them.
    pub fn who(&self, row: u32) -> String {
        who(self.roster(), row)
    }

    pub fn edited(&mut self, sentence: String, edits: &[Edit]) -> Edited {
        let sets = edits.iter().filter(|edit| matches!(edit, Edit::Set { .. })).count();
        let added = edits.iter().filter_map(|edit| match edit {
            Edit::Insert { row, .. } => Some(*row),
            _ => None,
        });
        let before = self.told.take();
        let job = self.told();
        let (change, is_all) = job.since(before.as_ref().unwrap_or(&job));
        Edited {
            sentence,
            cells: number(sets),
            people: number(rows_of(edits).len()),
            refused: None,
            added: added.collect(),
            change,
            job: (before.is_none() || !is_all).then_some(job),
        }
    }

    pub fn place(&self, row: u32) -> Outcome<usize> {
        self.must_be_there(row)?;
        Ok(self.table().index_of(row).unwrap_or_default())
    }

    /// Rows with their places, in the order of the table, each once.
    pub fn places(&self, rows: &[u32]) -> Outcome<Vec<(usize, u32)>> {
        if let [row] = rows {
            return Ok(vec![(self.place(*row)?, *row)]);
        }
        let wanted: FxHashSet<u32> = rows.iter().copied().collect();
        let table = self.table();
        let places: Vec<(usize, u32)> =
            table.rows().enumerate().filter(|(_, row)| wanted.contains(row)).collect();
        if places.len() < wanted.len() {
            return Err(Failure::state("some of these people are no longer in the list"));
        }
        Ok(places)
    }

    /// A person's cells without what must be their own: key, login, what no two may share, password.
    pub fn copy_of(&self, row: u32) -> Vec<String> {
        let roster = self.roster();
        let mut cells = roster.table.row(row);
        cells.resize(roster.table.width().max(cells.len()), String::new());
        for column in &roster.columns {
            let own = column.is_key
                || Some(column.at) == roster.key_fallback
                || column.unique.is_some()
                || column.is_secret()
                || roster.field(column.at).is_some_and(|field| field.read_only);
            if own {
                cells[column.at].clear();
            }
        }
        cells
    }
}
