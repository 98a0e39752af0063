//! Changing cells and people; undo, redo and the list of steps.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::session::job::Job;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct CellEdit {
    pub row: u32,
    pub column: u32,
    pub value: String,
}

/// What an edit did. It has been written to disk before this is said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct Edited {
    /// "Set `usergroups` of `ana@example.com`".
    pub sentence: String,
    pub cells: u32,
    pub people: u32,
    /// Cells that were left alone because their column is locked, in a sentence.
    pub refused: Option<String>,
    /// Rows that were added, to put the cursor on.
    pub added: Vec<u32>,
    pub job: Job,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct InsertPerson {
    /// After this row, or at the end.
    pub after: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct Step {
    pub id: u32,
    pub at: String,
    pub sentence: String,
    pub cells: u32,
    /// Taken back; can be redone.
    pub undone: bool,
}

/// Which findings a fix is applied to: one cell, all with this value, or all of the rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct FixScope {
    pub rule: String,
    /// Only where the finding is about this value.
    pub value: Option<String>,
    /// Only this cell.
    pub row: Option<u32>,
    pub column: Option<u32>,
    /// Only fixes that are certainly right.
    pub safe_only: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
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

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct CellChange {
    pub row: u32,
    pub line: Option<u32>,
    pub name: String,
    pub key: String,
    pub column: String,
    pub before: String,
    pub after: String,
}
