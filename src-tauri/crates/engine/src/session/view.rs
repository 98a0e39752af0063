//! Which rows a view shows, and in which order: worked out once, then asked for a window at a time.

use rayon::prelude::*;

use super::open_job::OpenJob;
use super::rows::{ColumnValue, Show, Sort, View};
use muster_rules::rules::rule_index;
use muster_table::edit::Edit;
use muster_table::error::{Failure, Result};

/// A view and the rows it shows.
pub(super) struct Shown {
    pub view: View,
    /// None where it shows every row in the order of the file.
    rows: Option<Vec<u32>>,
}

impl Shown {
    /// Whether edits leave which rows there are, and their order, as they were.
    pub fn survives(&self, edits: &[Edit]) -> bool {
        let view = &self.view;
        if view.show != Show::All || !view.search.is_empty() || view.rule.is_some() {
            return false;
        }
        edits.iter().all(|edit| match edit {
            Edit::Set { column, .. } => {
                view.value.as_ref().is_none_or(|value| value.column != *column)
                    && view.sort.as_ref().is_none_or(|sort| sort.column != *column)
            }
            Edit::Insert { .. } | Edit::Remove { .. } => self.rows.is_none(),
            Edit::Rename { .. } => true,
            // A view names its columns by their places.
            Edit::Move { .. } | Edit::Add { .. } | Edit::Drop { .. } => {
                self.rows.is_none() && view.value.is_none() && view.sort.is_none()
            }
        })
    }
}

impl OpenJob {
    /// Makes sure that the rows of a view are known.
    pub fn show(&mut self, view: &View) -> Result<()> {
        if self.cached().shown.as_ref().is_some_and(|shown| shown.view == *view) {
            return Ok(());
        }
        let rows = self.rows_of(view)?;
        self.cached_mut().shown = Some(Shown { view: view.clone(), rows });
        Ok(())
    }

    /// How many rows the view shows that was asked for last.
    pub fn shown(&self) -> usize {
        match self.cached().shown.as_ref().and_then(|shown| shown.rows.as_ref()) {
            Some(rows) => rows.len(),
            None => self.table().len(),
        }
    }

    /// The row at a place of that view.
    pub fn shown_at(&self, index: usize) -> Option<u32> {
        match self.cached().shown.as_ref().and_then(|shown| shown.rows.as_ref()) {
            Some(rows) => rows.get(index).copied(),
            None => self.table().row_at(index),
        }
    }

    /// The place of a row in that view.
    pub fn shown_index(&self, row: u32) -> Option<usize> {
        match self.cached().shown.as_ref().and_then(|shown| shown.rows.as_ref()) {
            Some(rows) => rows.par_iter().position_first(|&r| r == row),
            None => self.table().index_of(row),
        }
    }

    fn rows_of(&self, view: &View) -> Result<Option<Vec<u32>>> {
        let filtered = self.filtered(view)?;
        let Some(sort) = &view.sort else { return Ok(filtered) };
        self.column_at(sort.column)?;
        let rows = filtered.unwrap_or_else(|| self.table().rows().collect());
        Ok(Some(self.sorted(rows, sort)))
    }

    fn filtered(&self, view: &View) -> Result<Option<Vec<u32>>> {
        let rule = match &view.rule {
            None => None,
            Some(code) => Some(
                rule_index(code)
                    .ok_or_else(|| Failure::state(format!("there is no rule `{code}`")))?,
            ),
        };
        if let Some(value) = &view.value {
            self.column_at(value.column)?;
        }
        let all = view.show == Show::All && view.search.is_empty();
        if all && rule.is_none() && view.value.is_none() {
            return Ok(None);
        }
        let needle = Needle::new(&view.search);
        let shows = |row: u32| {
            let shown = match view.show {
                Show::All => true,
                Show::Problems => !self.checker().marks(row).is_empty(),
                Show::Changed => self.changes().has(row),
                Show::New => self.changes().is_new(row),
            };
            shown
                && rule.is_none_or(|rule| self.checker().marks(row).iter().any(|m| m.rule == rule))
                && view.value.as_ref().is_none_or(|value| self.has_value(row, value))
                && (view.search.is_empty() || self.row_holds(row, &needle))
        };
        let table = self.table();
        let rows = (0..table.len())
            .into_par_iter()
            .with_min_len(4096)
            .filter_map(|index| table.row_at(index))
            .filter(|&row| shows(row));
        Ok(Some(rows.collect()))
    }

    fn has_value(&self, row: u32, value: &ColumnValue) -> bool {
        let column = &self.roster().columns[value.column as usize];
        let cell = self.table().cell(row, column.at);
        if value.value.is_empty() {
            return cell.is_empty();
        }
        cell == value.value || column.values(&cell).any(|v| v == value.value)
    }

    /// Whether any cell that may be seen holds the text.
    fn row_holds(&self, row: u32, needle: &Needle) -> bool {
        let columns = &self.roster().columns;
        columns.iter().any(|c| !c.is_secret() && needle.is_in(&self.table().cell(row, c.at)))
    }

    /// Blank cells come last, whichever way it goes; equal ones keep the file's order.
    fn sorted(&self, rows: Vec<u32>, sort: &Sort) -> Vec<u32> {
        let table = self.table();
        let column = sort.column as usize;
        let (mut filled, blank): (Vec<u32>, Vec<u32>) =
            rows.into_par_iter().partition(|&row| !table.cell(row, column).trim().is_empty());
        filled.par_sort_by_cached_key(|&row| SortKey::of(&table.cell(row, column)));
        if sort.descending {
            // Turned twice, equal cells stay as they were.
            filled = filled
                .chunk_by(|&a, &b| {
                    SortKey::of(&table.cell(a, column)) == SortKey::of(&table.cell(b, column))
                })
                .rev()
                .flatten()
                .copied()
                .collect();
        }
        filled.extend(blank);
        filled
    }

    pub fn column_at(&self, column: u32) -> Result<&muster_roster::roster::Column> {
        let missing = || Failure::state(format!("there is no column {}", column + 1));
        self.roster().columns.get(column as usize).ok_or_else(missing)
    }
}

/// Numbers before words, by their size; words whatever their case.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum SortKey {
    Number { digits: usize, number: Box<str> },
    Word(Box<str>),
}

impl SortKey {
    fn of(cell: &str) -> SortKey {
        let cell = cell.trim();
        if cell.bytes().all(|b| b.is_ascii_digit()) {
            let number = cell.trim_start_matches('0');
            return SortKey::Number { digits: number.len(), number: number.into() };
        }
        SortKey::Word(cell.to_lowercase().into())
    }
}

/// A text that is looked for, whatever its case.
pub(super) struct Needle {
    lower: String,
}

impl Needle {
    pub fn new(text: &str) -> Needle {
        Needle { lower: text.to_lowercase() }
    }

    pub fn is_in(&self, cell: &str) -> bool {
        if cell.len() < self.lower.len() && cell.is_ascii() {
            return false;
        }
        let Some(&first) = self.lower.as_bytes().first() else { return true };
        if !self.lower.is_ascii() || !cell.is_ascii() {
            return cell.to_lowercase().contains(&self.lower);
        }
        let (cell, needle) = (cell.as_bytes(), self.lower.as_bytes());
        memchr::memchr2_iter(first, first.to_ascii_uppercase(), cell).any(|at| {
            cell.get(at..at + needle.len()).is_some_and(|part| part.eq_ignore_ascii_case(needle))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_whatever_its_case() {
        for (needle, cell) in [("mark", "Marketing"), ("ZOË", "zoë"), ("ng", "MARKETING"), ("", "")]
        {
            assert!(Needle::new(needle).is_in(cell), "{needle} in {cell}");
        }
        assert!(!Needle::new("sales").is_in("Sale"));
    }

    #[test]
    fn codes_sort_by_size_and_words_by_letter() {
        let mut cells = ["b", "10", "A", "9", "009"];
        cells.sort_by_key(|cell| SortKey::of(cell));
        assert_eq!(cells, ["9", "009", "10", "A", "b"]);
    }
}
