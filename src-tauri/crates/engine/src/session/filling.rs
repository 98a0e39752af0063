//! Filling a column from others, as one step.

use serde::{Deserialize, Serialize};

use super::Engine;
use super::editing::{CellChange, Edited};
use super::open_job::OpenJob;
use super::work::Working;
use muster_plan::worksheet::{self, Fill, Filled, LackingField};
use muster_table::edit::Edit;
use muster_table::error::{Failure, Result};
use muster_table::narrow::count as number;
use muster_table::words::people;

/// What filling a column would change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct FillPreview {
    /// How many cells would be changed.
    pub cells: u32,
    /// People whom nothing is filled for, because one of the columns is blank.
    pub without: u32,
    /// People who would have the same value as somebody else.
    pub repeated: u32,
    /// At most 500 of the changes.
    pub changes: Vec<CellChange>,
}

impl Engine {
    /// The fields that the list has no column for and that can be filled.
    pub fn lacking_fields(&self, _: ()) -> Result<Vec<LackingField>> {
        self.with_job(|job| Ok(worksheet::lacking(job.checker().context())))
    }

    /// What filling a column would change, before it does.
    pub fn preview_fill(&self, request: Fill) -> Result<FillPreview> {
        self.changing(|job, working| {
            let filled = job.filled(&request, working)?;
            let cells = cell_by_cell(filled.change.edits);
            let added = cells.iter().filter(|edit| edit.is_of_columns()).count();
            Ok(FillPreview {
                cells: number(cells.len() - added),
                without: number(filled.without),
                repeated: number(filled.repeated),
                changes: job.changes_shown(&cells).split_off(added),
            })
        })
    }

    /// Fills a column from others, as one step.
    pub fn fill(&self, request: Fill) -> Result<Edited> {
        self.changing(|job, working| {
            let filled = job.filled(&request, working)?;
            if filled.change.edits.is_empty() {
                return Err(Failure::state("there is nothing to fill").why(format!(
                    "every cell has a value already, or {} lack one",
                    people(filled.without)
                )));
            }
            self.make_change(job, working, filled.change)
        })
    }
}

/// A column that is added with what is in it, as if it were filled afterwards.
fn cell_by_cell(edits: Vec<Edit>) -> Vec<Edit> {
    let mut all = Vec::new();
    for edit in edits {
        match edit {
            Edit::Add { id, at, name, cells } => {
                all.push(Edit::Add { id, at, name, cells: Vec::new() });
                let before = String::new;
                all.extend(cells.into_iter().map(|(row, after)| Edit::Set {
                    row,
                    column: at,
                    before: before(),
                    after,
                }));
            }
            other => all.push(other),
        }
    }
    all
}

impl OpenJob {
    fn filled(&self, request: &Fill, working: &Working) -> Result<Filled> {
        working.step("Working out what changes", self.table().len());
        let unlocked = self.facts().key_unlocked;
        worksheet::fill(self.checker().context(), request, unlocked, &|done| working.report(done))
    }
}
