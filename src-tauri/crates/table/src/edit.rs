//! Reversible changes of cells, rows and columns.

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

/// One reversible change to the table. It carries what it replaces, so that its inverse needs nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(tag = "do", rename_all = "lowercase")]
pub enum Edit {
    /// Puts a text into a cell.
    Set {
        /// The row's id, see [`Table::row_at`](crate::table::Table::row_at).
        row: u32,
        /// Where the column stands in the order, counted from 0.
        column: u32,
        /// The text that the cell must have beforehand; blank where the row has no such cell.
        before: String,
        /// The text that it has afterwards.
        after: String,
    },
    /// Puts a row into the order at `at` (counted from 0). Its id has never been used before, or was removed.
    Insert {
        /// The row's id: [`Table::fresh_row`](crate::table::Table::fresh_row), or that of a row which was removed.
        row: u32,
        /// Where it comes to stand among the rows, counted from 0; at the end where there are not so many.
        at: u32,
        /// Its texts, column by column; fewer or more than there are columns make a ragged row.
        cells: Vec<String>,
    },
    /// Takes a row out of the order; its id stays its own.
    Remove {
        /// The id of the row that goes.
        row: u32,
        /// Where it stands among the rows, counted from 0.
        at: u32,
        /// The texts it has, with which it comes back.
        cells: Vec<String>,
    },
    /// Renames a column.
    Rename {
        /// Where the column stands in the order, counted from 0.
        column: u32,
        /// The name it had in the header.
        before: String,
        /// The name it gets.
        after: String,
    },
    /// Moves a column to another place; both are places in the order, counted from 0.
    Move {
        /// Where it stands, counted from 0.
        from: u32,
        /// Where it stands afterwards, counted from 0.
        to: u32,
    },
    /// Puts a column into the order at `at`. Its id has never been used before, or was dropped: then its cells are what
    /// they were. `cells` are what some rows have in it; the others are blank.
    Add {
        /// The column's id: [`Table::fresh_column`](crate::table::Table::fresh_column), or that of a dropped one.
        id: u32,
        /// Where it comes to stand in the order, counted from 0.
        at: u32,
        /// What the header calls it.
        name: String,
        /// The ids of rows that have a text in it, each with that text.
        cells: Vec<(u32, String)>,
    },
    /// Takes a column out of the order; its id stays its own. `cells` are forgotten, and come back with their column.
    Drop {
        /// The column's id; [`Table::dropping`](crate::table::Table::dropping) knows it.
        id: u32,
        /// Where it stands in the order, counted from 0.
        at: u32,
        /// What the header called it.
        name: String,
        /// Row ids and texts of a column that was added here; empty for one of the file, which keeps its cells there.
        cells: Vec<(u32, String)>,
    },
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
