//! Which cells differ from what the LMS has, kept up to date while the roster is edited.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use muster_roster::diff::Columns;
use muster_rules::rules::CheckContext;

/// How the roster differs from the snapshot; without one, from the file as it was opened.
#[derive(Debug, Default)]
pub struct Changes {
    /// The columns that differ, by row.
    rows: FxHashMap<u32, Vec<u16>>,
    /// Rows of people whom the LMS does not know.
    new: FxHashSet<u32>,
    by_column: Vec<u32>,
    columns: Columns,
}

enum Difference {
    None,
    New,
    Cells(Vec<u16>),
}

impl Changes {
    /// Looks at everybody who may differ.
    pub fn of(context: &CheckContext) -> Changes {
        let table = &context.roster.table;
        let columns = match &context.snapshot {
            Some(snapshot) => Columns::of(snapshot, &context.roster),
            None => Columns::default(),
        };
        let rows: Vec<u32> = if context.snapshot.is_some() {
            context.apart()
        } else {
            table.rows().filter(|&row| !table.untouched(row)).collect()
        };
        let found: Vec<(u32, Difference)> = rows
            .into_par_iter()
            .with_min_len(4096)
            .map(|row| (row, difference(context, &columns, row)))
            .filter(|(_, difference)| !matches!(difference, Difference::None))
            .collect();
        let by_column = vec![0; context.roster.columns.len()];
        let mut changes = Changes { by_column, columns, ..Changes::default() };
        for (row, difference) in found {
            changes.note(row, difference);
        }
        changes
    }

    /// Looks again at a row that was edited, added or removed.
    pub fn look_again(&mut self, context: &CheckContext, row: u32) {
        self.new.remove(&row);
        for column in self.rows.remove(&row).unwrap_or_default() {
            self.by_column[column as usize] -= 1;
        }
        if context.roster.table.index_of(row).is_some() {
            self.note(row, difference(context, &self.columns, row));
        }
    }

    fn note(&mut self, row: u32, difference: Difference) {
        match difference {
            Difference::None => {}
            Difference::New => {
                self.new.insert(row);
            }
            Difference::Cells(columns) => {
                for &column in &columns {
                    self.by_column[column as usize] += 1;
                }
                self.rows.insert(row, columns);
            }
        }
    }

    /// People who differ or are new.
    pub fn people(&self) -> usize {
        self.rows.len() + self.new.len()
    }

    /// In how many rows a column differs.
    pub fn in_column(&self, column: usize) -> u32 {
        self.by_column.get(column).copied().unwrap_or(0)
    }

    /// Whether the LMS does not know the person.
    pub fn is_new(&self, row: u32) -> bool {
        self.new.contains(&row)
    }

    /// Whether somebody differs or is new.
    pub fn has(&self, row: u32) -> bool {
        self.rows.contains_key(&row) || self.new.contains(&row)
    }

    /// The columns of a row that differ, in order; none for a person who is new.
    pub fn columns(&self, row: u32) -> &[u16] {
        self.rows.get(&row).map_or(&[], Vec::as_slice)
    }
}

fn difference(context: &CheckContext, columns: &Columns, row: u32) -> Difference {
    let roster = &context.roster;
    let table = &roster.table;
    let Some(snapshot) = &context.snapshot else {
        if table.line(row).is_none() {
            return Difference::New;
        }
        let differs = |column: &usize| {
            table.opened(row, *column).is_some_and(|was| was != table.cell(row, *column))
        };
        return Difference::of((0..roster.columns.len()).filter(differs));
    };
    match context.was(row) {
        Some(was) => {
            let pairs = columns.differing(snapshot, was, roster, row).into_iter();
            Difference::of(pairs.map(|pair| columns.pairs[pair as usize].new))
        }
        // A key that the snapshot has twice says who it may be, not who it is.
        None if context.rows_of_snapshot(&roster.key_text(row)).is_empty() => Difference::New,
        None => Difference::None,
    }
}

impl Difference {
    fn of(columns: impl Iterator<Item = usize>) -> Difference {
        // No file of more than 16,384 columns is read.
        let columns: Vec<u16> = columns.filter_map(|column| u16::try_from(column).ok()).collect();
        if columns.is_empty() { Difference::None } else { Difference::Cells(columns) }
    }
}
