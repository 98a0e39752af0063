//! A corrected report, or a list that somebody worked on, brought back into the open job.

use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Engine;
use super::editing::{CellChange, Edited};
use super::open_job::OpenJob;
use super::opening::file_name;
use super::work::Working;
use muster_plan::worksheet::CellEdit;
use muster_rules::corrections::{Corrected, Corrections};
use muster_store::own_files;
use muster_table::edit::{Edit, rows_of};
use muster_table::error::{Failure, FailureKind, Outcome};
use muster_table::words::{MASK, counted, people};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct CorrectedFile {
    pub path: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct MergeCorrected {
    pub path: String,
    /// Of the file as it was looked at; if it is another by now, nothing is taken.
    pub sha256: String,
}

/// What a corrected file would change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct CorrectedPreview {
    pub name: String,
    pub sha256: String,
    pub cells: u32,
    pub people: u32,
    /// At most 500 of the changes.
    pub changes: Vec<CellChange>,
    pub conflict_count: u32,
    /// Cells that were changed there and, in another way, here: at most 500. What is here stays.
    pub conflicts: Vec<CorrectedConflict>,
    pub unpaired_count: u32,
    /// Rows of the file that are nobody's here: at most 500.
    pub unpaired: Vec<UnpairedRow>,
    /// What else is not taken, each a sentence.
    pub ignored: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct CorrectedConflict {
    pub row: u32,
    pub line: Option<u32>,
    pub name: String,
    pub key: String,
    pub column: String,
    /// What it held when the report was made.
    pub was: String,
    pub here: String,
    pub theirs: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct UnpairedRow {
    /// The line of the file that came back.
    pub line: Option<u32>,
    pub key: String,
    pub name: String,
    pub why: String,
}

/// The most of each kind that a preview lists.
const MOST_SHOWN: usize = 500;

impl Engine {
    /// What a corrected file would change, before it does.
    pub fn preview_corrected(&self, asked: CorrectedFile) -> Outcome<CorrectedPreview> {
        self.changing(|job, working| {
            let file = self.corrected(job, working, &asked.path)?;
            let shown = |column: u32, cell: &str| job.unless_secret(column, cell);
            let roster = job.roster();
            let conflicts =
                file.found.conflicts.iter().take(MOST_SHOWN).map(|c| CorrectedConflict {
                    row: c.row,
                    line: roster.table.line(c.row),
                    name: roster.name(c.row),
                    key: roster.key_text(c.row).into_owned(),
                    column: roster.columns[c.column as usize].name.clone(),
                    was: shown(c.column, &c.was),
                    here: shown(c.column, &c.here),
                    theirs: shown(c.column, &c.theirs),
                });
            let unpaired = file.found.unpaired.iter().take(MOST_SHOWN).map(|u| UnpairedRow {
                line: u.line,
                key: u.key.clone(),
                name: u.name.clone(),
                why: u.why.clone(),
            });
            Ok(CorrectedPreview {
                cells: file.edits.len() as u32,
                people: rows_of(&file.edits).len() as u32,
                changes: job.changes_shown(&file.edits),
                conflict_count: file.found.conflicts.len() as u32,
                conflicts: conflicts.collect(),
                unpaired_count: file.found.unpaired.len() as u32,
                unpaired: unpaired.collect(),
                ignored: file.found.ignored.iter().chain(&file.refused).cloned().collect(),
                name: file.name,
                sha256: file.sha256,
            })
        })
    }

    /// Takes over what a corrected file changes, as one step.
    pub fn merge_corrected(&self, asked: MergeCorrected) -> Outcome<Edited> {
        self.changing(|job, working| {
            let file = self.corrected(job, working, &asked.path)?;
            if file.sha256 != asked.sha256 {
                return Err(Failure::new(
                    FailureKind::State,
                    format!("`{}` was not taken over", file.name),
                )
                .why("it was changed since you looked at it")
                .hint("Bring it back once more."));
            }
            let sentence = format!(
                "Take over corrections from `{}`: {} of {}",
                file.name,
                counted(file.edits.len(), "cell", "cells"),
                people(rows_of(&file.edits).len())
            );
            self.make(job, working, sentence.clone(), file.edits.clone())?;
            Ok(Edited { refused: file.refused, ..job.edited(sentence, &file.edits) })
        })
    }

    fn corrected(&self, job: &OpenJob, working: &Working, path: &str) -> Outcome<Looked> {
        let path = Path::new(path);
        let name = file_name(path);
        let (bytes, _) = own_files::read(path)?;
        let sha256 = hex::encode(Sha256::digest(&bytes));
        working.step(format!("Reading `{name}`"), bytes.len());
        let told = |done| working.told(done);
        let file = Corrected::read(bytes, &name, &job.roster().profile, &told)?;
        let found = Corrections::of(job.roster(), &file);
        let asked: Vec<CellEdit> = found.edits.iter().filter_map(cell_edit).collect();
        let (edits, refused) = job.worksheet().cell_edits(&asked, job.facts().key_unlocked)?;
        Ok(Looked { name, sha256, found, edits, refused })
    }
}

/// A corrected file, as it was looked at.
struct Looked {
    name: String,
    sha256: String,
    found: Corrections,
    /// Those of its edits that may be made.
    edits: Vec<Edit>,
    refused: Option<String>,
}

fn cell_edit(edit: &Edit) -> Option<CellEdit> {
    match edit {
        Edit::Set { row, column, after, .. } => {
            Some(CellEdit { row: *row, column: *column, value: after.clone() })
        }
        _ => None,
    }
}

impl OpenJob {
    fn unless_secret(&self, column: u32, cell: &str) -> String {
        let secret = self.roster().columns.get(column as usize).is_some_and(|c| c.is_secret());
        if secret && !cell.is_empty() { MASK.into() } else { cell.to_owned() }
    }
}
