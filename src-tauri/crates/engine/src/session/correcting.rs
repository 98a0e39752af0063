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
use muster_store::small_files::MOST_OF_CORRECTED;
use muster_store::{own_files, small_files};
use muster_table::edit::{Edit, rows_of};
use muster_table::error::{Failure, FailureKind, Result};
use muster_table::narrow::count as number;
use muster_table::words::{MASK, counted, people};

/// A corrected file that is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct CorrectedFile {
    /// The file: a problem report that came back, or a copy that somebody worked on.
    pub path: String,
}

/// A corrected file that was looked at and is to be taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct MergeCorrected {
    /// The file, as it was looked at.
    pub path: String,
    /// Of the file as it was looked at; if it is another by now, nothing is taken.
    pub sha256: String,
}

/// What a corrected file would change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct CorrectedPreview {
    /// The file's name.
    pub name: String,
    /// Of its bytes, in hexadecimal digits, to be handed back when it is taken over.
    pub sha256: String,
    /// How many cells would be changed.
    pub cells: u32,
    /// How many rows they are in.
    pub people: u32,
    /// At most 500 of the changes.
    pub changes: Vec<CellChange>,
    /// How many conflicts there are, listed or not.
    pub conflict_count: u32,
    /// Cells that were changed there and, in another way, here: at most 500. What is here stays.
    pub conflicts: Vec<CorrectedConflict>,
    /// How many such rows there are, listed or not.
    pub unpaired_count: u32,
    /// Rows of the file that are nobody's here: at most 500.
    pub unpaired: Vec<UnpairedRow>,
    /// What else is not taken, each a sentence.
    pub ignored: Vec<String>,
}

/// A cell that was changed in the file and, in another way, here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct CorrectedConflict {
    /// The row, as `Row::id` has it.
    pub row: u32,
    /// The line of the opened file on which that row begins; none for one that was added here.
    pub line: Option<u32>,
    /// The person's name; may be empty.
    pub name: String,
    /// The person's key; may be empty.
    pub key: String,
    /// The column's header.
    pub column: String,
    /// What it held when the report was made.
    pub was: String,
    /// What it holds here, and goes on to hold.
    pub here: String,
    /// What it holds in the file that came back.
    pub theirs: String,
}

/// A row of the file that came back, and why it is nobody's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct UnpairedRow {
    /// The line of the file that came back.
    pub line: Option<u32>,
    /// The key that it has there; may be empty.
    pub key: String,
    /// The name that it has there; may be empty.
    pub name: String,
    /// Why nobody here is meant, as a sentence.
    pub why: String,
}

/// The most of each kind that a preview lists.
const MOST_SHOWN: usize = 500;

impl Engine {
    /// What a corrected file would change, before it does.
    pub fn preview_corrected(&self, request: CorrectedFile) -> Result<CorrectedPreview> {
        self.changing(|job, working| {
            let file = self.corrected(job, working, &request.path)?;
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
                cells: number(file.edits.len()),
                people: number(rows_of(&file.edits).len()),
                changes: job.changes_shown(&file.edits),
                conflict_count: number(file.found.conflicts.len()),
                conflicts: conflicts.collect(),
                unpaired_count: number(file.found.unpaired.len()),
                unpaired: unpaired.collect(),
                ignored: file.found.ignored.iter().chain(&file.refused).cloned().collect(),
                name: file.name,
                sha256: file.sha256,
            })
        })
    }

    /// Takes over what a corrected file changes, as one step.
    pub fn merge_corrected(&self, request: MergeCorrected) -> Result<Edited> {
        self.changing(|job, working| {
            let file = self.corrected(job, working, &request.path)?;
            if file.sha256 != request.sha256 {
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
            self.commit_step(job, working, sentence.clone(), file.edits.clone())?;
            Ok(Edited { refused: file.refused, ..job.edited(sentence, &file.edits) })
        })
    }

    fn corrected(&self, job: &OpenJob, working: &Working, path: &str) -> Result<Looked> {
        let path = Path::new(path);
        let name = file_name(path);
        let what = format!("`{name}` cannot be taken over");
        small_files::must_be_within(path, MOST_OF_CORRECTED, &what)?;
        let (bytes, _) = own_files::read(path)?;
        let sha256 = hex::encode(Sha256::digest(&bytes));
        working.step(format!("Reading `{name}`"), bytes.len());
        let told = |done| working.report(done);
        let file = Corrected::read(bytes, &name, &job.roster().profile, &told)?;
        let found = Corrections::of(job.roster(), &file);
        let request: Vec<CellEdit> = found.edits.iter().filter_map(cell_edit).collect();
        let (edits, refused) = job.worksheet().cell_edits(&request, job.facts().key_unlocked)?;
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
