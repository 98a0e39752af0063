//! Two rosters compared by key, cell by cell.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct DiffCounts {
    pub create: u32,
    pub update: u32,
    pub leave: u32,
    pub same: u32,
}

/// One entry of a diff: a person who came, changed or left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct Change {
    /// `+` create, `~` update, `-` leave.
    pub mark: String,
    pub key: String,
    pub name: String,
    /// The line in the newer file; in the older one for a person who left.
    pub line: Option<u32>,
    /// The row of the open roster, to go to; none for a person who left.
    pub row: Option<u32>,
    pub cells: Vec<CellDiff>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct CellDiff {
    pub column: String,
    pub before: String,
    pub after: String,
    /// In a column of several values: those that came and those that went.
    pub added: Vec<String>,
    pub removed: Vec<String>,
}

/// People who cannot be paired because their key is blank or stands more than once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct Unpaired {
    /// Blank for rows without a key.
    pub key: String,
    /// `old` or `new`.
    pub side: String,
    pub lines: Vec<u32>,
    pub why: String,
}
