//! Which columns of two rosters are the same, and which of their cells differ.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::CellDiff;
use crate::roster::{Column, Roster};
use muster_table::words::MASK;

/// The columns of two rosters side by side.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// Columns that both rosters have, in the order of the newer.
    pub pairs: Vec<ColumnPair>,
    /// Columns that only the newer roster has.
    pub added: Vec<usize>,
    /// Columns that only the older roster has.
    pub removed: Vec<usize>,
    /// Whether both files write their rows alike, so that equal bytes are equal rows.
    alike: bool,
}

/// A column that both have.
#[derive(Debug, Clone)]
pub struct ColumnPair {
    /// Where it stands in the older roster, counted from 0.
    pub old: usize,
    /// Where it stands in the newer roster, counted from 0.
    pub new: usize,
    /// The column as the newer roster reads it.
    pub column: Column,
    /// What a cell may hold that means the same as a blank.
    keep_word: Option<String>,
}

impl Columns {
    /// Columns are the same by their field; those that no profile knows, by their name. Where several might be, the one
    /// that is spelt the same.
    pub fn of(old: &Roster, new: &Roster) -> Columns {
        let mut taken = vec![false; old.columns.len()];
        let mut counterparts: Vec<Option<&Column>> = vec![None; new.columns.len()];
        let is_spelt = |one: &Column, other: &Column| one.name.trim() == other.name.trim();
        let may_be = |one: &Column, other: &Column| match one.field {
            Some(field) => other.field == Some(field),
            None => other.field.is_none() && other.form == one.form,
        };
        // Which of two columns of nearly one name is the LMS's field may have been decided otherwise in each file.
        let are_plain = |one: &Column, other: &Column| {
            [one, other].iter().all(|column| column.used.is_none() && !column.is_key)
        };
        let in_file = || new.columns.iter().filter(|c| !c.is_left_out());
        for spelt in [true, false] {
            for column in in_file() {
                let free = old.columns.iter().filter(|c| !taken[c.at]);
                let mut same = free.filter(|c| match spelt {
                    true => is_spelt(column, c) && (may_be(column, c) || are_plain(column, c)),
                    false => may_be(column, c),
                });
                if counterparts[column.at].is_none()
                    && let Some(counterpart) = same.next()
                {
                    taken[counterpart.at] = true;
                    counterparts[column.at] = Some(counterpart);
                }
            }
        }
        let mut pairs = Vec::new();
        let mut added = Vec::new();
        for column in in_file() {
            let Some(counterpart) = counterparts[column.at] else {
                added.push(column.at);
                continue;
            };
            pairs.push(ColumnPair {
                old: counterpart.at,
                new: column.at,
                column: column.clone(),
                keep_word: new.field(column.at).and_then(|f| f.keep_word.clone()),
            });
        }
        let removed = (0..taken.len()).filter(|&c| !taken[c]).collect();
        let alike = old.table.dialect().delimiter == new.table.dialect().delimiter
            && old.columns.len() == new.columns.len()
            && pairs.len() == new.columns.len()
            && pairs.iter().all(|t| t.old == t.new);
        Columns { pairs, added, removed, alike }
    }

    /// Which pairs differ between two rows of one person.
    pub fn differing(&self, old: &Roster, was: u32, new: &Roster, row: u32) -> Vec<u16> {
        if self.same_bytes(old, was, new, row) {
            return Vec::new();
        }
        let differs = |pair: &ColumnPair| {
            pair.differs(&old.table.cell(was, pair.old), &new.table.cell(row, pair.new))
        };
        (0u16..).zip(&self.pairs).filter(|(_, pair)| differs(pair)).map(|(n, _)| n).collect()
    }

    /// Whether two rows are written with the same bytes and therefore say the same. False proves nothing.
    pub fn same_bytes(&self, old: &Roster, was: u32, new: &Roster, row: u32) -> bool {
        self.are_same_bytes(old.table.record(was), new, row)
    }

    /// The same of an older row that was looked up already.
    pub(super) fn are_same_bytes(&self, written: Option<&str>, new: &Roster, row: u32) -> bool {
        self.alike && written.is_some() && written == new.table.record(row)
    }
}

impl ColumnPair {
    /// Whether two cells say different things. Of several values the order, repeats and a trailing separator do
    /// not count.
    pub fn differs(&self, before: &str, after: &str) -> bool {
        differs(&self.column, self.keep_word.as_deref(), before, after)
    }

    pub(super) fn cell_diff(&self, old: &Roster, was: u32, new: &Roster, row: u32) -> CellDiff {
        let (before, after) = (old.table.cell(was, self.old), new.table.cell(row, self.new));
        let secret = self.column.is_secret();
        let many = self.column.separator.is_some() && !secret;
        let values = |from: &str, to: &str| -> Vec<String> {
            if !many {
                return Vec::new();
            }
            added_values(&self.column, from, to).into_iter().map(String::from).collect()
        };
        let shown = |cell: &str| {
            if secret && !cell.is_empty() { MASK.to_owned() } else { cell.to_owned() }
        };
        CellDiff {
            column: self.column.name.clone(),
            added: values(&before, &after),
            removed: values(&after, &before),
            before: shown(&before),
            after: shown(&after),
        }
    }

    /// What the older roster has, as it may be put into a cell of the newer.
    pub(super) fn was<'o>(&self, old: &'o Roster, was: u32) -> Cow<'o, str> {
        old.table.cell(was, self.old)
    }
}

/// Whether two cells of a column say different things; `keep_word` stands for a blank.
pub fn differs(column: &Column, keep_word: Option<&str>, before: &str, after: &str) -> bool {
    if before == after {
        return false;
    }
    if let Some(word) = keep_word {
        let plain = |cell| if cell == word { "" } else { cell };
        if plain(before) == plain(after) {
            return false;
        }
    }
    if column.separator.is_none() {
        return true;
    }
    !added_values(column, before, after).is_empty()
        || !added_values(column, after, before).is_empty()
}

/// The values that `after` has and `before` does not, each once, in their order.
pub fn added_values<'a>(column: &Column, before: &str, after: &'a str) -> Vec<&'a str> {
    // A cell of thousands of values must not be searched value by value.
    const FEW: usize = 16;
    let mut added: Vec<&'a str> = Vec::new();
    if column.values(before).nth(FEW).is_none() && column.values(after).nth(FEW).is_none() {
        for value in column.values(after) {
            if !column.values(before).any(|b| b == value) && !added.contains(&value) {
                added.push(value);
            }
        }
        return added;
    }
    let mut known: FxHashSet<&str> = column.values(before).collect();
    let after: Vec<&'a str> = column.values(after).collect();
    for value in after {
        if known.insert(value) {
            added.push(value);
        }
    }
    added
}
