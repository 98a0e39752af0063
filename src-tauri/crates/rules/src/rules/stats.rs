//! What a column's values are as a whole: which there are and how often, and what its numbers look like.

use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::ValueCache;
use muster_roster::roster::{Column, Roster};
use muster_roster::spelling::{self, misspelt};
use muster_table::going::GoOn;
use muster_table::narrow;

/// A column with more different values than this is no list of choices.
const FEW: usize = 500;

/// How often each value of a column occurs, and what follows from that; kept true while it is edited.
#[derive(Debug, Clone, Default)]
pub struct ColumnStats {
    /// Each value and how many cells have it; none where there are too many different ones.
    values: Option<FxHashMap<Box<str>, Value>>,
    /// How many cells are not blank.
    pub filled: u32,
    /// Cells of digits only, by their number of digits.
    digits: [u32; 21],
    /// Of those, how many begin with a zero.
    zero_led: u32,
    /// Rare values and the common value each is nearly the same as.
    rare: FxHashMap<Box<str>, Box<str>>,
    padded: Option<usize>,
    /// Whether the values are few enough to be choices.
    a_list: bool,
    /// Values whose count moved since the last flush, and whether it rose.
    touched: Vec<(Box<str>, bool)>,
    moved: Moved,
}

#[derive(Debug, Clone, Copy, Default)]
struct Value {
    count: u32,
    /// Which letters it has, one bit for each of 64 classes: far apart in letters is far apart in spelling.
    letters: u64,
    /// Whether it is a word that may be misspelled; a code is not.
    is_word: bool,
}

impl Value {
    fn new(value: &str, count: u32) -> Value {
        Value { count, letters: letters_of(value), is_word: is_word(value) }
    }

    /// Whether it is probably the other one, misspelt. A code is only where blanks and case are all that differs.
    fn is_another_spelling(&self, own: &str, other: &str, of: &Value) -> bool {
        (self.is_word && is_near(own, self.letters, other, of.letters))
            || (self.letters == of.letters && is_same_but_blanks(own, other))
    }
}

/// The first counting of a roster. Where a value was found last is remembered: hashing each cell takes longer.
struct Counting {
    stats: Vec<ColumnStats>,
    /// Each column's values; none where there are too many.
    values: Vec<Option<Tally>>,
    value_cache: ValueCache<u32>,
}

/// Values, and where the cells that have them are counted.
#[derive(Clone, Default)]
struct Tally {
    places: FxHashMap<Box<str>, u32>,
    counts: Vec<u32>,
}

impl Counting {
    fn of(columns: usize) -> Counting {
        Counting {
            stats: vec![ColumnStats::default(); columns],
            values: vec![Some(Tally::default()); columns],
            value_cache: ValueCache::of(columns),
        }
    }

    /// Column by column, a few rows at a time, so that what is known of a column is at hand while it is gone down.
    fn count_rows(&mut self, roster: &Roster, places: Range<usize>) {
        const AT_ONCE: usize = 1 << 6;
        let mut rows = Vec::with_capacity(AT_ONCE);
        for from in places.clone().step_by(AT_ONCE) {
            let block = from..(from + AT_ONCE).min(places.end);
            rows.clear();
            rows.extend(block.map_while(|place| roster.table.row_at(place)));
            for column in &roster.columns {
                for row in &rows {
                    self.count(column, &roster.table.cell(*row, column.at));
                }
            }
        }
    }

    fn count(&mut self, column: &Column, cell: &str) {
        if cell.is_empty() {
            return;
        }
        self.stats[column.at].count_form(cell, 1);
        if self.values[column.at].is_none() {
            return;
        }
        if column.separator.is_none() {
            self.count_value(column.at, cell);
        } else {
            column.values(cell).for_each(|value| self.count_value(column.at, value));
        }
    }

    fn count_value(&mut self, column: usize, value: &str) {
        let Some(Tally { places, counts }) = &mut self.values[column] else { return };
        if let Some(&mut place) = self.value_cache.get(column, value) {
            counts[place as usize] += 1;
            return;
        }
        let place = match places.get(value) {
            Some(&place) => place,
            None => {
                let place = narrow::count(counts.len());
                places.insert(value.into(), place);
                counts.push(0);
                place
            }
        };
        counts[place as usize] += 1;
        self.value_cache.put(column, value, place);
        if places.len() > FEW {
            self.values[column] = None;
        }
    }

    fn done(self) -> Vec<ColumnStats> {
        let counted = |Tally { places, counts }: Tally| {
            let value = |(text, place): (Box<str>, u32)| {
                let value = Value::new(&text, counts[place as usize]);
                (text, value)
            };
            places.into_iter().map(value).collect()
        };
        let all = self.stats.into_iter().zip(self.values);
        all.map(|(stats, values)| ColumnStats { values: values.map(counted), ..stats }).collect()
    }
}

/// What a flush changed since rows were last looked at again.
#[derive(Debug, Clone, Default)]
struct Moved {
    padded: bool,
    values: FxHashSet<Box<str>>,
}

impl ColumnStats {
    /// The statistics of every column.
    pub fn of_all(roster: &Roster, go_on: GoOn) -> Vec<ColumnStats> {
        const CHUNK: usize = 1 << 14;
        let columns = roster.columns.len();
        let chunks: Vec<usize> = (0..roster.table.len()).step_by(CHUNK).collect();
        let mut all = chunks
            .into_par_iter()
            .filter(|_| go_on(0))
            .fold(
                || Counting::of(columns),
                |mut counting, from| {
                    counting.count_rows(roster, from..(from + CHUNK).min(roster.table.len()));
                    counting
                },
            )
            .map(Counting::done)
            .reduce(
                || Counting::of(columns).done(),
                |mut left, right| {
                    for (l, r) in left.iter_mut().zip(right) {
                        l.merge(r);
                    }
                    left
                },
            );
        for stats in &mut all {
            stats.flush_all();
        }
        all
    }

    fn merge(&mut self, other: ColumnStats) {
        self.filled += other.filled;
        self.zero_led += other.zero_led;
        for (mine, theirs) in self.digits.iter_mut().zip(other.digits) {
            *mine += theirs;
        }
        match (&mut self.values, other.values) {
            (Some(mine), Some(theirs)) => {
                for (value, known) in theirs {
                    mine.entry(value).and_modify(|m| m.count += known.count).or_insert(known);
                }
                if mine.len() > FEW {
                    self.values = None;
                }
            }
            (mine, _) => *mine = None,
        }
    }

    /// Counts an edited cell in (1) or out (-1); [`ColumnStats::flush`] then decides what follows.
    pub fn recount(&mut self, column: &Column, cell: &str, by: i32) {
        self.count(column, cell, by);
        self.touched.extend(column.values(cell).map(|value| (value.into(), by > 0)));
    }

    fn count(&mut self, column: &Column, cell: &str, by: i32) {
        self.count_form(cell, by);
        let Some(values) = &mut self.values else { return };
        for value in column.values(cell) {
            tally(values, value, by);
        }
        if values.len() > FEW {
            self.values = None;
        }
    }

    fn count_form(&mut self, cell: &str, by: i32) {
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
    }

    /// Each value and how many cells have it; nothing where more than 500 values are different.
    pub fn values(&self) -> impl Iterator<Item = (&str, u32)> {
        self.values.iter().flatten().map(|(value, known)| (&**value, known.count))
    }

    /// How many cells have a value; 0 where more than 500 values are different.
    pub fn count_of(&self, value: &str) -> u32 {
        self.values.as_ref().and_then(|v| v.get(value)).map_or(0, |known| known.count)
    }

    /// Decides anew what is rare and how long codes are, as far as counts moved. Answers whether rows other than
    /// those that were edited have to be looked at again.
    pub fn flush(&mut self) -> bool {
        let padded = self.usual_digits();
        self.moved.padded |= padded != self.padded;
        self.padded = padded;
        let touched = std::mem::take(&mut self.touched);
        if self.is_a_list() == self.a_list {
            for (value, _) in &touched {
                self.flush_value(value);
            }
        } else {
            let before = std::mem::take(&mut self.rare);
            self.flush_all();
            let after = &self.rare;
            let all = before.keys().chain(after.keys());
            let differing = all.filter(|value| before.get(*value) != after.get(*value));
            self.moved.values.extend(differing.cloned());
        }
        // What only one cell has, and has come into, stands in the row that was edited.
        let elsewhere = |value: &str| match self.count_of(value) {
            0 => false,
            1 => !touched.iter().any(|(touched, rose)| *rose && **touched == *value),
            _ => true,
        };
        let open = self.moved.padded || self.moved.values.iter().any(|value| elsewhere(value));
        if !open {
            self.moved = Moved::default();
        }
        open
    }

    /// The rows that had to be looked at again have been.
    pub fn looked_at(&mut self) {
        self.moved = Moved::default();
    }

    fn flush_value(&mut self, value: &str) {
        let Some(values) = &self.values else {
            self.moved.values.extend(self.rare.drain().map(|(rare, _)| rare));
            return;
        };
        let mut to_decide: Vec<Box<str>> = vec![value.into()];
        let known = values.get(value).copied().unwrap_or_default();
        let near = values.iter().filter(|(other, it)| {
            it.count * 10 <= known.count && it.is_another_spelling(other, value, &known)
        });
        to_decide.extend(near.map(|(other, _)| other.clone()));
        to_decide.extend(
            self.rare
                .iter()
                .filter(|(_, common)| ***common == *value)
                .map(|(rare, _)| rare.clone()),
        );
        for value in to_decide {
            let now = self.common_near(&value);
            if self.rare.get(&value) != now.as_ref() {
                match now {
                    Some(common) => self.rare.insert(value.clone(), common),
                    None => self.rare.remove(&value),
                };
                self.moved.values.insert(value);
            }
        }
    }

    /// Whether a flush changed what holds for a cell.
    pub fn verdict_moved(&self, column: &Column, cell: &str) -> bool {
        self.moved.padded || column.values(cell).any(|v| self.moved.values.contains(v))
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

    /// Decides for every value, once the column has been counted.
    fn flush_all(&mut self) {
        self.touched.clear();
        self.padded = self.usual_digits();
        self.a_list = self.is_a_list();
        let Some(values) = &self.values else { return };
        let most = values.values().map(|v| v.count).max().unwrap_or(0);
        let candidates =
            values.iter().filter(|(_, v)| v.count * 10 <= most).map(|(value, _)| value.clone());
        let candidates: Vec<Box<str>> = candidates.collect();
        self.rare = candidates
            .into_iter()
            .filter_map(|v| Some((v.clone(), self.common_near(&v)?)))
            .collect();
    }

    fn is_a_list(&self) -> bool {
        self.values.as_ref().is_some_and(|values| narrow::count(values.len()) * 5 <= self.filled)
    }

    /// The value at least ten times as frequent that a value is one or two letters from.
    fn common_near(&self, value: &str) -> Option<Box<str>> {
        let values = self.values.as_ref()?;
        let known = values.get(value)?;
        if !self.a_list {
            return None;
        }
        values
            .iter()
            .filter(|(other, it)| {
                it.count >= known.count * 10 && known.is_another_spelling(value, other, it)
            })
            .max_by_key(|(other, it)| (it.count, std::cmp::Reverse((*other).clone())))
            .map(|(other, _)| other.clone())
    }
}

/// Whether it is a misspelling; what differs in more than a few letters is not looked at closely.
fn is_near(value: &str, letters: u64, other: &str, other_letters: u64) -> bool {
    const MOST: usize = 2;
    spelling::may_be_off(letters, other_letters, MOST)
        && value.len().abs_diff(other.len()) <= 4 * MOST
        && value != other
        && misspelt(value, other).is_some()
}

/// `Plant7` and `Plant 7`. Where there is no letter, the blanks part numbers.
fn is_same_but_blanks(value: &str, other: &str) -> bool {
    let bare = |text: &str| {
        let letters = text.chars().filter(|c| !c.is_whitespace());
        letters.flat_map(char::to_lowercase).collect::<String>()
    };
    value != other
        && value.chars().any(char::is_alphabetic)
        && bare(value) == bare(other)
        && misspelt(value, other).is_some()
}

fn is_word(value: &str) -> bool {
    value.chars().count() >= 4 && !value.bytes().any(|b| b.is_ascii_digit())
}

fn letters_of(value: &str) -> u64 {
    let letters = value.chars().filter(|c| !c.is_whitespace());
    spelling::letters_of(letters.flat_map(char::to_lowercase))
}

fn tally(values: &mut FxHashMap<Box<str>, Value>, value: &str, by: i32) {
    match values.get_mut(value) {
        Some(known) => {
            known.count = known.count.saturating_add_signed(by);
            if known.count == 0 {
                values.remove(value);
            }
        }
        None if by > 0 => {
            values.insert(value.into(), Value::new(value, by.unsigned_abs()));
        }
        None => {}
    }
}
