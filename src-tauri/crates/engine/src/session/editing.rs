//! Changing cells and people; undo, redo and the list of steps.

use serde::{Deserialize, Serialize};

use super::Engine;
use crate::session::job::{JobChange, JobView};
use muster_plan::worksheet::CellEdit;
use muster_store::jobs::JobFacts;
use muster_store::journal::Step;
use muster_table::edit::Edit;
use muster_table::error::Result;
use muster_table::narrow::count as number;
use muster_table::words::people;

/// Whether key columns may be edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Unlock {
    /// True to let them be edited, false to lock them again.
    pub unlocked: bool,
}

/// What an edit did. It has been written to disk before this is said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Edited {
    /// "Set `usergroups` of `ana@example.com`".
    pub sentence: String,
    /// How many cells were changed; those of people who were added or taken out are not counted.
    pub cells: u32,
    /// How many rows it touched.
    pub people: u32,
    /// Cells that were left alone because their column is locked, in a sentence.
    pub refused: Option<String>,
    /// Rows that were added, to put the cursor on.
    pub added: Vec<u32>,
    /// What is to be told otherwise of the job than before.
    pub change: JobChange,
    /// The whole job, where more changed of it than `change` says: its columns, its lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub job: Option<JobView>,
}

/// Where a person is to be added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct InsertPerson {
    /// After this row, or at the end.
    pub after: Option<u32>,
}

/// What a fix would change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct FixPreview {
    /// "Fix 7: `Markting` → `Marketing`".
    pub title: String,
    /// How many cells would be changed.
    pub cells: u32,
    /// How many rows they are in.
    pub people: u32,
    /// How many of them are certain.
    pub safe: u32,
    /// At most 500 of the changes.
    pub changes: Vec<CellChange>,
}

/// One change of a preview: of a cell, or of a whole person or column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct CellChange {
    /// The row, as `Row::id` has it; 0 where a row is added, or a column is meant.
    pub row: u32,
    /// The line of the file on which that row begins; none for one that was added here.
    pub line: Option<u32>,
    /// The person's name; may be empty.
    pub name: String,
    /// The person's key; may be empty.
    pub key: String,
    /// The column's header; empty where a person is added or taken out.
    pub column: String,
    /// What the cell holds, a password as `•••`; of a person their name, of a column its header or place.
    pub before: String,
    /// What would stand there, in the same way: "Marketing", "taken out of the list", "column 3".
    pub after: String,
}

impl Engine {
    /// Changes cells, as one step. Locked cells are left alone and told; the others are changed all the same.
    pub fn edit(&self, request: Vec<CellEdit>) -> Result<Edited> {
        self.changing(|job, working| {
            let (edits, refused) =
                job.worksheet().cell_edits(&request, job.facts().key_unlocked)?;
            let sentence = job.worksheet().sentence_of_sets(&edits);
            self.commit_step(job, working, sentence.clone(), edits.clone())?;
            Ok(Edited { refused, ..job.edited(sentence, &edits) })
        })
    }

    /// Adds a person whose cells are all blank.
    pub fn insert_person(&self, request: InsertPerson) -> Result<Edited> {
        self.changing(|job, working| {
            let table = job.table();
            let at = match request.after {
                Some(row) => job.worksheet().place(row)? + 1,
                None => table.len(),
            };
            let row = table.fresh_row();
            let cells = vec![String::new(); table.width()];
            let edits = vec![Edit::Insert { row, at: number(at), cells }];
            let sentence = "Add a person".to_owned();
            self.commit_step(job, working, sentence.clone(), edits.clone())?;
            Ok(job.edited(sentence, &edits))
        })
    }

    /// Adds a copy of each person, after that person. What must be their own is left blank.
    pub fn duplicate_people(&self, rows: Vec<u32>) -> Result<Edited> {
        self.changing(|job, working| {
            let places = job.worksheet().places(&rows)?;
            let first = job.table().fresh_row();
            let edits: Vec<Edit> = places
                .iter()
                .zip(0u32..)
                .map(|(&(at, row), n)| {
                    let cells = job.worksheet().copy_of(row);
                    Edit::Insert { row: first + n, at: number(at) + n + 1, cells }
                })
                .collect();
            let sentence = match places.as_slice() {
                [(_, row)] => format!("Duplicate {}", job.worksheet().who(*row)),
                many => format!("Duplicate {}", people(many.len())),
            };
            self.commit_step(job, working, sentence.clone(), edits.clone())?;
            Ok(job.edited(sentence, &edits))
        })
    }

    /// Takes people out of the file.
    pub fn delete_people(&self, rows: Vec<u32>) -> Result<Edited> {
        self.changing(|job, working| {
            let places = job.worksheet().places(&rows)?;
            // From the last, so that each place is right when its turn comes.
            let removed = |&(at, row): &(usize, u32)| Edit::Remove {
                row,
                at: number(at),
                cells: job.table().row(row),
            };
            let edits: Vec<Edit> = places.iter().rev().map(removed).collect();
            let sentence = match places.as_slice() {
                [(_, row)] => format!("Delete {}", job.worksheet().who(*row)),
                many => format!("Delete {}", people(many.len())),
            };
            self.commit_step(job, working, sentence.clone(), edits.clone())?;
            Ok(job.edited(sentence, &edits))
        })
    }

    /// Takes the last step back.
    pub fn undo(&self, _: ()) -> Result<Edited> {
        self.changing(|job, working| self.step_back(job, working))
    }

    /// Makes the step again that was taken back.
    pub fn redo(&self, _: ()) -> Result<Edited> {
        self.changing(|job, working| self.step_forward(job, working))
    }

    /// All steps since the job was begun, the newest first.
    pub fn steps(&self, _: ()) -> Result<Vec<Step>> {
        self.with_job(|job| Ok(job.steps().iter().rev().cloned().collect()))
    }

    /// Lets key columns be edited, or locks them again.
    pub fn unlock_key(&self, request: Unlock) -> Result<JobView> {
        self.with_job(|job| {
            let facts = JobFacts { key_unlocked: request.unlocked, ..job.facts().clone() };
            self.commit_facts(job, facts)?;
            Ok(job.view())
        })
    }
}
