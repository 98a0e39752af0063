//! The rows the grid is about to draw, and the single cell under the cursor.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::finding::Finding;
use crate::session::job::Mark;

/// Which people the grid shows, and in which order. The file's own order is never changed by it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
#[serde(default)]
pub struct View {
    pub show: Show,
    /// Shows people any of whose cells holds this text, whatever its case.
    pub search: String,
    /// Only people with a finding of this rule.
    pub rule: Option<String>,
    /// Only people with this value in this column (a filter from the Column pane).
    pub value: Option<ColumnValue>,
    pub sort: Option<Sort>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
#[serde(rename_all = "lowercase")]
pub enum Show {
    #[default]
    All,
    Problems,
    Changed,
    New,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct ColumnValue {
    pub column: u32,
    pub value: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct Sort {
    pub column: u32,
    pub descending: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct RowsAsked {
    pub view: View,
    pub first: u32,
    pub count: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct Rows {
    /// How many people the view shows in all.
    pub total: u32,
    pub first: u32,
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct Row {
    /// Stays with the row whatever is sorted, inserted or removed.
    pub id: u32,
    /// The line of the file on which it begins; none for a row that was added here.
    pub line: Option<u32>,
    pub cells: Vec<String>,
    /// The gravest finding per cell (column none: the whole row).
    pub marks: Vec<Mark>,
    /// Columns whose cell differs from the snapshot.
    pub changed: Vec<u32>,
    /// The LMS does not know this person yet.
    pub new: bool,
}

/// Everything about one cell: the cell line, the tooltip, the list of fixes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct CellAsked {
    pub row: u32,
    pub column: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct CellView {
    pub row: u32,
    pub column: u32,
    pub value: String,
    /// What the snapshot has for this person; none if the same or not known.
    pub was: Option<String>,
    pub findings: Vec<Finding>,
}

/// One person as a form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct PersonView {
    pub row: u32,
    pub line: Option<u32>,
    pub name: String,
    pub key: String,
    /// What will be said of this person as a whole.
    pub findings: Vec<Finding>,
    pub fields: Vec<CellView>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct ColumnAsked {
    pub column: u32,
    /// Only values holding this text.
    pub search: String,
    pub first: u32,
    pub count: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct ColumnView {
    pub column: u32,
    pub blanks: u32,
    /// How many different values; in a column of several values per cell each value counts by itself.
    pub distinct: u32,
    /// The commonest first.
    pub values: Vec<ValueCount>,
    /// What is known of the column: the profile's rule for it, in words.
    pub about: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct ValueCount {
    pub value: String,
    pub count: u32,
    /// Whether it is on the list of this column, where there is one.
    pub known: Option<bool>,
}

/// Where a person is in the current view; for "go to" and next problem.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct Find {
    pub view: View,
    /// From this row on, the next (or previous) one with …
    pub from_row: Option<u32>,
    pub from_column: Option<u32>,
    pub backwards: bool,
    pub what: FindWhat,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum FindWhat {
    Problem,
    Change,
    Text { text: String },
    Line { line: u32 },
    Row { row: u32 },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct Found {
    pub row: u32,
    pub column: Option<u32>,
    /// Its place in the view, counted from 0.
    pub index: u32,
}
