//! The rows the grid is about to draw, and the single cell under the cursor.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Engine;
use super::open_job::OpenJob;
use crate::session::job::Mark;
use muster_roster::finding::{Finding, Severity};
use muster_table::error::Outcome;
use muster_table::words::MASK;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct RowId {
    pub row: u32,
}

/// Which people the grid shows, and in which order. The file's own order is never changed by it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(rename_all = "lowercase")]
pub enum Show {
    #[default]
    All,
    Problems,
    Changed,
    New,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ColumnValue {
    pub column: u32,
    pub value: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Sort {
    pub column: u32,
    pub descending: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct RowsAsked {
    pub view: View,
    pub first: u32,
    pub count: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Rows {
    /// How many people the view shows in all.
    pub total: u32,
    pub first: u32,
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
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
    /// The names of the places whose codes stand in cells.
    pub places: Vec<PlaceName>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct PlaceName {
    pub column: u32,
    /// "Quebec".
    pub name: String,
}

/// Everything about one cell: the cell line, the tooltip, the list of fixes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct CellAsked {
    pub row: u32,
    pub column: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct CellView {
    pub row: u32,
    pub column: u32,
    pub value: String,
    /// What the snapshot has for this person; none if the same or not known.
    pub was: Option<String>,
    pub findings: Vec<Finding>,
    /// The name of the place whose code it holds: "Quebec, Canada".
    pub place: Option<String>,
}

/// One person as a form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct PersonView {
    pub row: u32,
    pub line: Option<u32>,
    pub name: String,
    pub key: String,
    /// What will be said of this person as a whole.
    pub findings: Vec<Finding>,
    pub fields: Vec<CellView>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ColumnAsked {
    pub column: u32,
    /// Only values holding this text.
    pub search: String,
    pub first: u32,
    pub count: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
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

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ValueCount {
    pub value: String,
    pub count: u32,
    /// Whether it is on the list of this column, where there is one.
    pub known: Option<bool>,
}

/// Where a person is in the current view; for "go to" and next problem.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Find {
    pub view: View,
    /// From this row on, the next (or previous) one with …
    pub from_row: Option<u32>,
    pub from_column: Option<u32>,
    pub backwards: bool,
    pub what: FindWhat,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum FindWhat {
    Problem,
    Change,
    Text { text: String },
    Line { line: u32 },
    Row { row: u32 },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Found {
    pub row: u32,
    pub column: Option<u32>,
    /// Its place in the view, counted from 0.
    pub index: u32,
}

/// More rows than any screen shows.
const MOST_ROWS: usize = 5_000;

impl Engine {
    /// The rows the grid is about to draw.
    pub fn rows(&self, asked: RowsAsked) -> Outcome<Rows> {
        self.with_job(|job| {
            job.show(&asked.view)?;
            let total = job.shown();
            let first = (asked.first as usize).min(total);
            let last = first.saturating_add((asked.count as usize).min(MOST_ROWS)).min(total);
            let rows = (first..last).filter_map(|index| job.shown_at(index));
            let rows = rows.map(|row| job.row(row)).collect();
            Ok(Rows { total: total as u32, first: first as u32, rows })
        })
    }

    /// One cell with its findings.
    pub fn cell(&self, asked: CellAsked) -> Outcome<CellView> {
        self.with_job(|job| {
            job.must_be_there(asked.row)?;
            job.column_at(asked.column)?;
            let findings = job.checker().findings(asked.row);
            Ok(job.cell_view(asked.row, asked.column, &findings))
        })
    }

    /// One person as a form.
    pub fn person(&self, asked: RowId) -> Outcome<PersonView> {
        self.with_job(|job| {
            job.must_be_there(asked.row)?;
            let roster = job.roster();
            let findings = job.checker().findings(asked.row);
            let fields = (0..roster.columns.len() as u32)
                .map(|column| job.cell_view(asked.row, column, &findings))
                .collect();
            Ok(PersonView {
                row: asked.row,
                line: roster.table.line(asked.row),
                name: roster.name(asked.row),
                key: roster.key_text(asked.row).into_owned(),
                findings: findings.into_iter().filter(|f| f.column.is_none()).collect(),
                fields,
            })
        })
    }
}

impl OpenJob {
    pub fn must_be_there(&self, row: u32) -> Outcome<()> {
        self.worksheet().must_be_there(row)
    }

    /// What may be shown of a cell.
    pub fn seen(&self, row: u32, column: usize) -> Cow<'_, str> {
        let cell = self.table().cell(row, column);
        let secret = self.roster().columns.get(column).is_some_and(|c| c.is_secret());
        if secret && !cell.is_empty() { Cow::Borrowed(MASK) } else { cell }
    }

    fn row(&self, row: u32) -> Row {
        let table = self.table();
        let width = table.cells(row).max(table.width());
        let mut worst: BTreeMap<Option<u32>, Severity> = BTreeMap::new();
        for mark in self.checker().marks(row) {
            let column = mark.column().map(|c| c as u32);
            let severity = worst.entry(column).or_insert(mark.severity);
            *severity = mark.severity.max(*severity);
        }
        Row {
            id: row,
            line: table.line(row),
            cells: (0..width).map(|column| self.seen(row, column).into_owned()).collect(),
            marks: worst.into_iter().map(|(column, severity)| Mark { column, severity }).collect(),
            changed: self.changes().columns(row).iter().map(|&c| u32::from(c)).collect(),
            new: self.changes().is_new(row),
            places: self.place_names(row),
        }
    }

    fn cell_view(&self, row: u32, column: u32, findings: &[Finding]) -> CellView {
        CellView {
            row,
            column,
            value: self.seen(row, column as usize).into_owned(),
            was: self.was(row, column as usize),
            findings: findings.iter().filter(|f| f.column == Some(column)).cloned().collect(),
            place: self.place_in_full(row, column as usize),
        }
    }

    /// What a cell that differs had before: in the snapshot, else in the file as it was opened.
    fn was(&self, row: u32, column: usize) -> Option<String> {
        if !self.changes().columns(row).iter().any(|&c| c as usize == column) {
            return None;
        }
        let scene = self.checker().scene();
        let before = match scene.was(row) {
            Some(was) => scene.was_cell(was, column).unwrap_or_default(),
            None => self.table().opened(row, column).unwrap_or_default(),
        };
        let secret = scene.roster.columns[column].is_secret();
        Some(if secret && !before.is_empty() { MASK.into() } else { before.into_owned() })
    }
}
