//! The rows the grid is about to draw, and the single cell under the cursor.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Engine;
use super::open_job::OpenJob;
use crate::session::job::Mark;
use muster_roster::finding::{Finding, Severity};
use muster_table::error::Result;
use muster_table::narrow::count as number;
use muster_table::words::MASK;

/// Names a row of the open list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct RowId {
    /// As `Row::id` has it.
    pub row: u32,
}

/// Which people the grid shows, and in which order. The file's own order is never changed by it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(default)]
pub struct View {
    /// Which people, by what is known of them.
    pub show: Show,
    /// Shows people any of whose cells holds this text, whatever its case.
    pub search: String,
    /// Only people with a finding of this rule.
    pub rule: Option<String>,
    /// Only people with this value in this column (a filter from the Column pane).
    pub value: Option<ColumnValue>,
    /// The column to sort by; none for the order of the file.
    pub sort: Option<Sort>,
}

/// Which people a view is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(rename_all = "lowercase")]
pub enum Show {
    /// Everybody.
    #[default]
    All,
    /// Who has a finding, whatever its severity.
    Problems,
    /// Who differs from the snapshot, or, without one, from the file as it was opened; new people too.
    Changed,
    /// Whom the snapshot does not have; without one, who was added here.
    New,
}

/// A value in a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ColumnValue {
    /// The column's place, counted from 0.
    pub column: u32,
    /// A whole cell, or one of several values in it; empty for blank cells.
    pub value: String,
}

/// An order by one column: numbers by size and before words, blank cells last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Sort {
    /// The column's place, counted from 0.
    pub column: u32,
    /// The greatest first; blank cells are last all the same.
    pub descending: bool,
}

/// A part of a view: what the grid is about to draw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct RowsRequest {
    /// Which people, in which order.
    pub view: View,
    /// The place in the view of the first row that is wanted, counted from 0.
    pub first: u32,
    /// How many rows are wanted; at most 5000 are given.
    pub count: u32,
}

/// Rows of a view.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Rows {
    /// How many people the view shows in all.
    pub total: u32,
    /// The place in the view of the first one here, counted from 0.
    pub first: u32,
    /// In the order of the view; fewer than were asked for at its end.
    pub rows: Vec<Row>,
}

/// A row, as the grid draws it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Row {
    /// Stays with the row whatever is sorted, inserted or removed.
    pub id: u32,
    /// The line of the file on which it begins; none for a row that was added here.
    pub line: Option<u32>,
    /// In the order of the columns; a password is `•••`. Longer than the header where the row has cells too many.
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

/// The name of a place whose code stands in a cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct PlaceName {
    /// The cell's column, counted from 0.
    pub column: u32,
    /// "Quebec".
    pub name: String,
}

/// Names a cell of the open list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct CellRequest {
    /// As `Row::id` has it.
    pub row: u32,
    /// The column's place, counted from 0.
    pub column: u32,
}

/// Everything about one cell: the cell line, the tooltip, the list of fixes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct CellView {
    /// As `Row::id` has it.
    pub row: u32,
    /// The column's place, counted from 0.
    pub column: u32,
    /// What the cell holds; a password is `•••`.
    pub value: String,
    /// What the snapshot has for this person; none if the same or not known.
    pub was: Option<String>,
    /// The findings about this cell alone.
    pub findings: Vec<Finding>,
    /// The name of the place whose code it holds: "Quebec, Canada".
    pub place: Option<String>,
}

/// One person as a form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct PersonView {
    /// As `Row::id` has it.
    pub row: u32,
    /// The line of the file on which they begin; none for somebody who was added here.
    pub line: Option<u32>,
    /// As the profile's name fields have it; may be empty.
    pub name: String,
    /// What says which person this is, as the list writes it; may be empty.
    pub key: String,
    /// What will be said of this person as a whole.
    pub findings: Vec<Finding>,
    /// Their cells, one for each column of the header.
    pub fields: Vec<CellView>,
}

/// A part of a column's values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ColumnRequest {
    /// The column's place, counted from 0.
    pub column: u32,
    /// Only values holding this text.
    pub search: String,
    /// The first value that is wanted, counted from 0 in what the search leaves.
    pub first: u32,
    /// How many values are wanted.
    pub count: u32,
}

/// A column, as its pane shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ColumnView {
    /// Its place, counted from 0.
    pub column: u32,
    /// How many cells hold nothing.
    pub blanks: u32,
    /// How many different values; in a column of several values per cell each value counts by itself.
    pub distinct: u32,
    /// The commonest first.
    pub values: Vec<ValueCount>,
    /// What is known of the column: the profile's rule for it, in words.
    pub about: String,
}

/// A value and how often it stands in a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ValueCount {
    /// As it is written. Those of a column of passwords are counted and not told.
    pub value: String,
    /// In how many cells it stands.
    pub count: u32,
    /// Whether it is on the list of this column, where there is one.
    pub known: Option<bool>,
}

/// What to go to in a view, and from where: the next problem, or a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Find {
    /// In which only what it shows is found, in its order.
    pub view: View,
    /// From this row on, the next (or previous) one with …
    pub from_row: Option<u32>,
    /// The column to go on from in that row, counted from 0; none to begin with the next row.
    pub from_column: Option<u32>,
    /// Towards the beginning.
    pub backwards: bool,
    /// What is looked for.
    pub what: FindWhat,
}

/// What is looked for in a view; from the end it goes on at the beginning, but for `Line` and `Row`, which name one
/// place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum FindWhat {
    /// The next cell or row with a finding.
    Problem,
    /// The next cell that differs from the snapshot, or person whom that does not have.
    Change,
    /// The next cell that holds a text, whatever its case. Passwords are not searched.
    Text {
        /// What the cell holds somewhere.
        text: String,
    },
    /// The row that stands on a line of the file.
    Line {
        /// Counted from 1, as the file has them; one that a row only goes on on is the row's too.
        line: u32,
    },
    /// A row by its id, to learn its place.
    Row {
        /// As `Row::id` has it.
        row: u32,
    },
}

/// Where a cell or row is in a view, to go to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Found {
    /// As `Row::id` has it.
    pub row: u32,
    /// The cell's column, counted from 0; none where the row as a whole is meant.
    pub column: Option<u32>,
    /// Its place in the view, counted from 0.
    pub index: u32,
}

/// More rows than any screen shows.
pub(super) const MOST_ROWS: usize = 5_000;

impl Engine {
    /// The rows the grid is about to draw.
    pub fn rows(&self, request: RowsRequest) -> Result<Rows> {
        self.with_job(|job| {
            job.show(&request.view)?;
            let total = job.shown();
            let first = (request.first as usize).min(total);
            let last = first.saturating_add((request.count as usize).min(MOST_ROWS)).min(total);
            let rows = (first..last).filter_map(|index| job.shown_at(index));
            let rows = rows.map(|row| job.row(row)).collect();
            Ok(Rows { total: number(total), first: number(first), rows })
        })
    }

    /// One cell with its findings.
    pub fn cell(&self, request: CellRequest) -> Result<CellView> {
        self.with_job(|job| {
            job.must_be_there(request.row)?;
            job.column_at(request.column)?;
            let findings = job.checker().findings(request.row);
            Ok(job.cell_view(request.row, request.column, &findings))
        })
    }

    /// One person as a form.
    pub fn person(&self, request: RowId) -> Result<PersonView> {
        self.with_job(|job| {
            job.must_be_there(request.row)?;
            let roster = job.roster();
            let findings = job.checker().findings(request.row);
            let fields = (0..number(roster.columns.len()))
                .map(|column| job.cell_view(request.row, column, &findings))
                .collect();
            Ok(PersonView {
                row: request.row,
                line: roster.table.line(request.row),
                name: roster.name(request.row),
                key: roster.key_text(request.row).into_owned(),
                findings: findings.into_iter().filter(|f| f.column.is_none()).collect(),
                fields,
            })
        })
    }
}

impl OpenJob {
    pub fn must_be_there(&self, row: u32) -> Result<()> {
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
            let column = mark.column().map(number);
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
        let context = self.checker().context();
        let before = match context.was(row) {
            Some(was) => context.was_cell(was, column).unwrap_or_default(),
            None => self.table().opened(row, column).unwrap_or_default(),
        };
        let secret = context.roster.columns[column].is_secret();
        Some(if secret && !before.is_empty() { MASK.into() } else { before.into_owned() })
    }
}
