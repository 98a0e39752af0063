//! How a step is made: written to the disk, carried out, told.

use rustc_hash::{FxHashMap, FxHashSet};

use super::changes::Changes;
use super::editing::{CellEdit, Edited};
use super::open_job::{Known, OpenJob};
use super::{Engine, nothing_open};
use muster_plan::worksheet::{Change, locks, who};
use muster_rules::journal::Operation;
use muster_rules::recipe;
use muster_store::journal::Step;
use muster_table::edit::{Edit, rows_of};
use muster_table::error::{Failure, Outcome};
use muster_table::words::{MASK, counted, people};

impl Engine {
    /// Asks the open job for something that may leave it in doubt; then it is closed, and opens where it stood.
    pub(super) fn changing<T>(&self, ask: impl FnOnce(&mut OpenJob) -> Outcome<T>) -> Outcome<T> {
        let mut place = self.place();
        let job = place.as_mut().ok_or_else(nothing_open)?;
        let outcome = ask(job);
        if job.broken {
            *place = None;
            self.opened(None);
        }
        outcome
    }

    /// Makes a step: on the disk first, then in memory. Without edits there is no step.
    pub(super) fn make(
        &self,
        job: &mut OpenJob,
        sentence: String,
        edits: Vec<Edit>,
    ) -> Outcome<()> {
        self.make_general(job, sentence, edits, Vec::new())
    }

    /// The same with what it does on any list of its kind, for recipes.
    pub(super) fn make_general(
        &self,
        job: &mut OpenJob,
        sentence: String,
        edits: Vec<Edit>,
        general: Vec<recipe::Step>,
    ) -> Outcome<()> {
        if edits.is_empty() {
            return Ok(());
        }
        let operation = Operation { at: self.now(), sentence, edits, general };
        let id = self.store(|store| store.append(&job.held, &operation))?;
        job.steps.retain(|step| !step.undone);
        job.saved_at = Some(operation.at.clone());
        self.carry_out(job, &operation.edits)?;
        job.steps.push(Step {
            id,
            at: operation.at,
            sentence: operation.sentence,
            cells: operation.edits.len() as u32,
            undone: false,
        });
        Ok(())
    }

    /// Makes what the worksheet came to, and says it.
    pub(super) fn make_change(&self, job: &mut OpenJob, change: Change) -> Outcome<Edited> {
        let Change { sentence, edits, general } = change;
        self.make_general(job, sentence.clone(), edits.clone(), general)?;
        Ok(job.edited(sentence, &edits))
    }

    pub(super) fn carry_out(&self, job: &mut OpenJob, edits: &[Edit]) -> Outcome<()> {
        job.carry_out(edits).inspect_err(|_| job.broken = true)?;
        let count = job.table().len() as u32;
        if count != job.facts.people {
            job.facts.people = count;
            // Only Home shows it; the step itself is on the disk.
            let _ = self.store(|store| store.set_facts(&job.held, &job.facts));
        }
        Ok(())
    }
}

impl OpenJob {
    fn carry_out(&mut self, edits: &[Edit]) -> Outcome<()> {
        let shown = self.known.shown.take().filter(|shown| shown.survives(edits));
        self.checker.apply(edits)?;
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
        Ok(())
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
        Edited {
            sentence,
            cells: sets as u32,
            people: rows_of(edits).len() as u32,
            refused: None,
            added: added.collect(),
            job: self.told(),
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
