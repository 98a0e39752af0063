//! What a column's values are as a whole: which there are and how often, and what its numbers look like.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::roster::{Column, Roster};

/// A column with more different values than this is no list of choices.
const FEW: usize = 500;

#[derive(Debug, Clone, Default)]
pub struct ColumnStats {
    /// Each value and how many cells have it; none where there are too many different ones.
    values: Option<FxHashMap<Box<str>, u32>>,
    pub filled: u32,
    /// Cells of digits only, by their number of digits.
    digits: [u32; 21],
    /// Of those, how many begin with a zero.
    zero_led: u32,
    /// Rare values and the common value each is nearly the same as.
    rare: FxHashMap<Box<str>, Box<str>>,
    /// What [`ColumnStats::nearly`] and [`ColumnStats::padded_to`] answered before they were last settled.
    before: (FxHashMap<Box<str>, Box<str>>, Option<usize>),
    padded: Option<usize>,
}

impl ColumnStats {
    /// The statistics of every column, in two passes at most over the rows.
    pub fn of_all(roster: &Roster) -> Vec<ColumnStats> {
        const CHUNK: usize = 1 << 14;
        let chunks: Vec<usize> = (0..roster.table.len()).step_by(CHUNK).collect();
        let fresh = || roster.columns.iter().map(|_| ColumnStats::begun()).collect::<Vec<_>>();
        let mut all = chunks
            .into_par_iter()
            .fold(fresh, |mut stats, from| {
                for index in from..(from + CHUNK).min(roster.table.len()) {
                    let Some(row) = roster.table.row_at(index) else { break };
                    for (column, stats) in roster.columns.iter().zip(&mut stats) {
                        stats.count(column, &roster.table.cell(row, column.at), 1);
                    }
                }
                stats
            })
            .reduce(fresh, |mut left, right| {
                for (l, r) in left.iter_mut().zip(right) {
                    l.merge(r);
                }
                left
            });
        for stats in &mut all {
            stats.settle();
        }
        all
    }

    fn begun() -> ColumnStats {
        ColumnStats { values: Some(FxHashMap::default()), ..ColumnStats::default() }
    }

    fn merge(&mut self, other: ColumnStats) {
        self.filled += other.filled;
        self.zero_led += other.zero_led;
        for (mine, theirs) in self.digits.iter_mut().zip(other.digits) {
            *mine += theirs;
        }
        match (&mut self.values, other.values) {
            (Some(mine), Some(theirs)) => {
                for (value, count) in theirs {
                    *mine.entry(value).or_default() += count;
                }
                if mine.len() > FEW {
                    self.values = None;
                }
            }
            (mine, _) => *mine = None,
        }
    }

    /// Counts a cell in (1) or out (-1).
    pub fn count(&mut self, column: &Column, cell: &str, by: i32) {
        if cell.is_empty() {
            return;
        }
        let step = |n: &mut u32| *n = n.saturating_add_signed(by);
        step(&mut self.filled);
        if cell.as_bytes()[0].is_ascii_digit() && cell.bytes().all(|b| b.is_ascii_digit()) {
            step(&mut self.digits[cell.len().min(20)]);
            if cell.starts_with('0') {
                step(&mut self.zero_led);
            }
        }
        let Some(values) = &mut self.values else { return };
        if column.separator.is_none() {
            tally(values, cell, by);
        } else {
            for value in column.values(cell) {
                tally(values, value, by);
            }
        }
        if values.len() > FEW {
            self.values = None;
        }
    }

    pub fn values(&self) -> impl Iterator<Item = (&str, u32)> {
        self.values.iter().flatten().map(|(value, count)| (&**value, *count))
    }

    pub fn count_of(&self, value: &str) -> u32 {
        self.values.as_ref().and_then(|v| v.get(value)).copied().unwrap_or(0)
    }

    /// Decides anew what is rare and how long codes are; answers whether anything moved.
    pub fn settle(&mut self) -> bool {
        self.before = (std::mem::take(&mut self.rare), self.padded);
        self.rare = self.rare_values();
        self.padded = self.usual_digits();
        (&self.rare, self.padded) != (&self.before.0, self.before.1)
    }

    /// Whether the last settling changed what holds for a cell.
    pub fn verdict_moved(&self, column: &Column, cell: &str) -> bool {
        self.padded != self.before.1
            || column.values(cell).any(|v| self.rare.get(v) != self.before.0.get(v))
    }

    /// The number of digits that this column's codes have, where some begin with a zero and nearly all are as long.
    pub fn padded_to(&self) -> Option<usize> {
        self.padded
    }

    fn usual_digits(&self) -> Option<usize> {
        let all: u32 = self.digits.iter().sum();
        let (length, most) = self.digits.iter().enumerate().max_by_key(|(_, n)| **n)?;
        let usual = self.zero_led > 0 && all * 10 >= self.filled * 8 && most * 10 >= all * 7;
        (usual && length > 1).then_some(length)
    }

    /// The common value that a rare one is nearly the same as.
    pub fn nearly(&self, value: &str) -> Option<&str> {
        if self.rare.is_empty() { None } else { self.rare.get(value).map(|v| &**v) }
    }

    fn rare_values(&self) -> FxHashMap<Box<str>, Box<str>> {
        let mut rare = FxHashMap::default();
        let Some(values) = &self.values else { return rare };
        let few = (values.len() as u32) * 5 <= self.filled;
        let most = values.values().copied().max().unwrap_or(0);
        if !few {
            return rare;
        }
        for (value, &count) in values {
            if count * 10 > most
                || value.chars().count() < 4
                || value.bytes().any(|b| b.is_ascii_digit())
            {
                continue;
            }
            let near = values
                .iter()
                .filter(|(other, often)| {
                    **often >= count * 10 && other.len().abs_diff(value.len()) <= 4
                })
                .filter(|(other, _)| is_near(value, other))
                .max_by_key(|(other, often)| (**often, std::cmp::Reverse((*other).clone())));
            if let Some((other, _)) = near {
                rare.insert(value.clone(), other.clone());
            }
        }
        rare
    }
}

/// One letter differs, or two in a longer word; or only case and spaces do.
fn is_near(value: &str, other: &str) -> bool {
    let letters = value.chars().count().min(other.chars().count());
    let most = if letters >= 8 { 2 } else { 1 };
    let distance = strsim::osa_distance(value, other);
    (1..=most).contains(&distance) || value.trim().to_lowercase() == other.trim().to_lowercase()
}

fn tally(values: &mut FxHashMap<Box<str>, u32>, value: &str, by: i32) {
    match values.get_mut(value) {
        Some(count) => {
            *count = count.saturating_add_signed(by);
            if *count == 0 {
                values.remove(value);
            }
        }
        None if by > 0 => {
            values.insert(value.into(), by.unsigned_abs());
        }
        None => {}
    }
}
