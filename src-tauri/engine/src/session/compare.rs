//! Comparing with the snapshot or with another file.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::diff::{Change, ColumnChanges, DiffCounts, Unpaired};

/// What the roster is compared with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Against {
    /// The last snapshot.
    Last,
    Snapshot {
        id: u32,
    },
    /// A file, dropped as "older file".
    File {
        path: String,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct CompareAsked {
    pub against: Against,
    /// Only `+`, `~` or `-`.
    pub mark: Option<String>,
    pub search: String,
    pub first: u32,
    pub count: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct Comparison {
    /// "the snapshot of 3 November 2026, 412 people".
    pub against: String,
    pub counts: DiffCounts,
    /// How many cells differ, by column, the most first.
    pub columns: Vec<ColumnChanges>,
    /// Columns that only the open roster has, and those that only the base has.
    pub columns_added: Vec<String>,
    pub columns_removed: Vec<String>,
    pub unpaired: Vec<Unpaired>,
    /// How many changes the filter leaves.
    pub total: u32,
    pub changes: Vec<Change>,
}

/// Puts back what the base has: one cell, one person, or one column for everyone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct Revert {
    pub against: Against,
    pub key: Option<String>,
    pub column: Option<String>,
}
