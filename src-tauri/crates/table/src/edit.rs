//! Reversible changes of cells, rows and columns.

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

/// One reversible change to the table. It carries what it replaces, so that its inverse needs nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(tag = "do", rename_all = "lowercase")]
pub enum Edit {
    /// Puts a text into a cell.
    Set { row: u32, column: u32, before: String, after: String },
    /// Puts a row into the order at `at` (counted from 0). Its id has never been used before, or was removed.
    Insert { row: u32, at: u32, cells: Vec<String> },
    /// Takes a row out of the order; its id stays its own.
    Remove { row: u32, at: u32, cells: Vec<String> },
    /// Renames a column.
    Rename { column: u32, before: String, after: String },
    /// Moves a column to another place; both are places in the order, counted from 0.
    Move { from: u32, to: u32 },
    /// Puts a column into the order at `at`. Its id has never been used before, or was dropped: then its cells are what
    /// they were. `cells` are what some rows have in it; the others are blank.
    Add { id: u32, at: u32, name: String, cells: Vec<(u32, String)> },
    /// Takes a column out of the order; its id stays its own. `cells` are forgotten, and come back with their column.
    Drop { id: u32, at: u32, name: String, cells: Vec<(u32, String)> },
}

impl Edit {
    /// The edit that takes this one back.
    pub fn inverse(&self) -> Edit {
        match self.clone() {
            Edit::Set { row, column, before, after } => {
                Edit::Set { row, column, before: after, after: before }
            }
            Edit::Insert { row, at, cells } => Edit::Remove { row, at, cells },
            Edit::Remove { row, at, cells } => Edit::Insert { row, at, cells },
            Edit::Rename { column, before, after } => {
                Edit::Rename { column, before: after, after: before }
            }
            Edit::Move { from, to } => Edit::Move { from: to, to: from },
            Edit::Add { id, at, name, cells } => Edit::Drop { id, at, name, cells },
            Edit::Drop { id, at, name, cells } => Edit::Add { id, at, name, cells },
        }
    }

    /// Whether it changes what columns there are, where they stand, or what they are called.
    pub fn is_of_columns(&self) -> bool {
        match self {
            Edit::Set { .. } | Edit::Insert { .. } | Edit::Remove { .. } => false,
            Edit::Rename { .. } => true,
            Edit::Move { .. } | Edit::Add { .. } | Edit::Drop { .. } => true,
        }
    }
}

/// The rows that edits are about, each once.
pub fn rows_of(edits: &[Edit]) -> FxHashSet<u32> {
    let mut rows = FxHashSet::default();
    for edit in edits {
        match edit {
            Edit::Set { row, .. } | Edit::Insert { row, .. } | Edit::Remove { row, .. } => {
                rows.insert(*row);
            }
            Edit::Add { cells, .. } | Edit::Drop { cells, .. } => {
                rows.extend(cells.iter().map(|(row, _)| *row));
            }
            Edit::Rename { .. } | Edit::Move { .. } => {}
        }
    }
    rows
}
