//! Changing cells and people; undo, redo and the list of steps.

use serde::{Deserialize, Serialize};

use super::Engine;
use crate::session::job::{Job, JobChange};
use muster_plan::worksheet::CellEdit;
use muster_store::jobs::JobFacts;
use muster_store::journal::Step;
use muster_table::edit::Edit;
use muster_table::error::Outcome;
use muster_table::words::people;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Unlock {
    pub unlocked: bool,
}

/// What an edit did. It has been written to disk before this is said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Edited {
    /// "Set `usergroups` of `ana@example.com`".
    pub sentence: String,
    pub cells: u32,
    pub people: u32,
    /// Cells that were left alone because their column is locked, in a sentence.
    pub refused: Option<String>,
    /// Rows that were added, to put the cursor on.
    pub added: Vec<u32>,
    pub change: JobChange,
    /// The whole job, where more changed of it than `change` says: its columns, its lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub job: Option<Job>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct InsertPerson {
    /// After this row, or at the end.
    pub after: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct FixPreview {
    /// "Fix 7: `Markting` → `Marketing`".
    pub title: String,
    pub cells: u32,
    pub people: u32,
    /// How many of them are certain.
    pub safe: u32,
    /// At most 500 of the changes.
    pub changes: Vec<CellChange>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct CellChange {
    pub row: u32,
    pub line: Option<u32>,
    pub name: String,
    pub key: String,
    pub column: String,
    pub before: String,
    pub after: String,
}

impl Engine {
    /// Changes cells, as one step. Locked cells are left alone and told; the others are changed all the same.
    pub fn edit(&self, asked: Vec<CellEdit>) -> Outcome<Edited> {
        self.changing(|job, working| {
            let (edits, refused) = job.worksheet().cell_edits(&asked, job.facts().key_unlocked)?;
            let sentence = job.worksheet().sentence_of_sets(&edits);
            self.make(job, working, sentence.clone(), edits.clone())?;
            Ok(Edited { refused, ..job.edited(sentence, &edits) })
        })
    }

    /// Adds a person whose cells are all blank.
    pub fn insert_person(&self, asked: InsertPerson) -> Outcome<Edited> {
        self.changing(|job, working| {
            let table = job.table();
            let at = match asked.after {
                Some(row) => job.worksheet().place(row)? + 1,
                None => table.len(),
            };
            let row = table.fresh_row();
            let cells = vec![String::new(); table.width()];
            let edits = vec![Edit::Insert { row, at: at as u32, cells }];
            let sentence = "Add a person".to_owned();
            self.make(job, working, sentence.clone(), edits.clone())?;
            Ok(job.edited(sentence, &edits))
        })
    }

    /// Adds a copy of each person, after that person. What must be their own is left blank.
    pub fn duplicate_people(&self, rows: Vec<u32>) -> Outcome<Edited> {
        self.changing(|job, working| {
            let places = job.worksheet().places(&rows)?;
            let first = job.table().fresh_row();
            let edits: Vec<Edit> = places
                .iter()
                .zip(0u32..)
                .map(|(&(at, row), n)| {
                    let cells = job.worksheet().copy_of(row);
                    Edit::Insert { row: first + n, at: at as u32 + n + 1, cells }
                })
                .collect();
            let sentence = match places.as_slice() {
                [(_, row)] => format!("Duplicate {}", job.worksheet().who(*row)),
                many => format!("Duplicate {}", people(many.len())),
            };
            self.make(job, working, sentence.clone(), edits.clone())?;
            Ok(job.edited(sentence, &edits))
        })
    }

    /// Takes people out of the file.
    pub fn delete_people(&self, rows: Vec<u32>) -> Outcome<Edited> {
        self.changing(|job, working| {
            let places = job.worksheet().places(&rows)?;
            // From the last, so that each place is right when its turn comes.
            let removed = |&(at, row): &(usize, u32)| Edit::Remove {
                row,
                at: at as u32,
                cells: job.table().row(row),
            };
            let edits: Vec<Edit> = places.iter().rev().map(removed).collect();
            let sentence = match places.as_slice() {
                [(_, row)] => format!("Delete {}", job.worksheet().who(*row)),
                many => format!("Delete {}", people(many.len())),
            };
            self.make(job, working, sentence.clone(), edits.clone())?;
            Ok(job.edited(sentence, &edits))
        })
    }

    /// Takes the last step back.
    pub fn undo(&self, _: ()) -> Outcome<Edited> {
        self.changing(|job, _| self.step_back(job))
    }

    /// Makes the step again that was taken back.
    pub fn redo(&self, _: ()) -> Outcome<Edited> {
        self.changing(|job, _| self.step_forward(job))
    }

    /// All steps since the job was begun, the newest first.
    pub fn steps(&self, _: ()) -> Outcome<Vec<Step>> {
        self.with_job(|job| Ok(job.steps().iter().rev().cloned().collect()))
    }

    /// Lets key columns be edited, or locks them again.
    pub fn unlock_key(&self, asked: Unlock) -> Outcome<Job> {
        self.with_job(|job| {
            let facts = JobFacts { key_unlocked: asked.unlocked, ..job.facts().clone() };
            self.commit_facts(job, facts)?;
            Ok(job.told())
        })
    }
}
