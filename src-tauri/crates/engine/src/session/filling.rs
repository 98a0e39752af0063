//! Filling a column from others, as one step.

use serde::{Deserialize, Serialize};

use super::Engine;
use super::editing::{CellChange, Edited};
use super::open_job::OpenJob;
use super::work::Working;
use muster_plan::worksheet::locks;
use muster_rules::filling::{Filled, How, Pattern};
use muster_table::error::{Failure, Outcome};
use muster_table::words::{counted, people};

/// How a column is to be filled from others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Fill {
    pub column: u32,
    /// Text with the names of columns in braces: `{Last Name}{Employee ID}`.
    pub pattern: String,
    /// Cells that hold something stay as they are.
    pub only_blank: bool,
    /// Small letters and digits only, without accents.
    pub plain: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct FillPreview {
    pub cells: u32,
    /// People whom nothing is filled for, because one of the columns is blank.
    pub without: u32,
    /// People who would have the same value as somebody else.
    pub repeated: u32,
    /// At most 500 of the changes.
    pub changes: Vec<CellChange>,
}

impl Engine {
    /// What filling a column would change, before it does.
    pub fn preview_fill(&self, asked: Fill) -> Outcome<FillPreview> {
        self.changing(|job, working| {
            let filled = job.filled(&asked, working)?;
            Ok(FillPreview {
                cells: filled.edits.len() as u32,
                without: filled.without as u32,
                repeated: filled.repeated as u32,
                changes: job.changes_shown(&filled.edits),
            })
        })
    }

    /// Fills a column from others, as one step.
    pub fn fill(&self, asked: Fill) -> Outcome<Edited> {
        self.changing(|job, working| {
            let filled = job.filled(&asked, working)?;
            if filled.edits.is_empty() {
                return Err(Failure::state("there is nothing to fill").why(format!(
                    "every cell has a value already, or {} lack one",
                    people(filled.without)
                )));
            }
            let name = &job.roster().columns[asked.column as usize].name;
            let cells = counted(filled.edits.len(), "cell", "cells");
            let sentence = format!("Fill {cells} of `{name}` with `{}`", asked.pattern);
            self.make(job, working, sentence.clone(), filled.edits.clone())?;
            Ok(job.edited(sentence, &filled.edits))
        })
    }
}

impl OpenJob {
    fn filled(&self, asked: &Fill, working: &Working) -> Outcome<Filled> {
        let roster = self.roster();
        working.step("Working out what changes", roster.table.len());
        let at = asked.column as usize;
        let column =
            roster.columns.get(at).ok_or_else(|| Failure::state("there is no such column"))?;
        if let Some(why) = locks::locked(roster, column, self.facts.key_unlocked) {
            return Err(Failure::state(format!("`{}` is locked", column.name))
                .why(why.trim_end_matches('.')));
        }
        let pattern = Pattern::read(&asked.pattern, roster)?;
        let how = How { only_blank: asked.only_blank, plain: asked.plain };
        pattern.fill(roster, at, how, &|done| working.told(done))
    }
}
