//! Two rosters compared by key, cell by cell.

mod columns;
mod pairing;
mod revert;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::roster::Roster;

pub use columns::{Columns, Twin, added_values, differs};
pub use pairing::{Match, Pairing};
pub use revert::revert;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct DiffCounts {
    pub create: u32,
    pub update: u32,
    pub leave: u32,
    pub same: u32,
}

/// One entry of a diff: a person who came, changed or left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Change {
    /// `+` create, `~` update, `-` leave.
    pub mark: String,
    pub key: String,
    pub name: String,
    /// The line in the newer file; in the older one for a person who left.
    pub line: Option<u32>,
    /// The row of the open roster, to go to; none for a person who left.
    pub row: Option<u32>,
    pub cells: Vec<CellDiff>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct CellDiff {
    pub column: String,
    pub before: String,
    pub after: String,
    /// In a column of several values: those that came and those that went.
    pub added: Vec<String>,
    pub removed: Vec<String>,
}

/// How many cells of a column differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ColumnChanges {
    pub column: String,
    pub cells: u32,
}

/// People who cannot be paired because their key is blank or stands more than once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Unpaired {
    /// Blank for rows without a key.
    pub key: String,
    /// `old` or `new`.
    pub side: String,
    pub lines: Vec<u32>,
    pub why: String,
}

/// What became of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    Create,
    Update,
    Leave,
}

impl Sign {
    pub fn text(self) -> &'static str {
        match self {
            Sign::Create => "+",
            Sign::Update => "~",
            Sign::Leave => "-",
        }
    }
}

/// A change as places in the two rosters; [`Diff::change`] puts it into words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub sign: Sign,
    pub old: Option<u32>,
    pub new: Option<u32>,
    /// Which of [`Columns::twins`] differ.
    twins: Box<[u16]>,
}

/// What differs between two rosters. Without the rosters it holds places, not texts, so that one of a million
/// people stays small.
#[derive(Debug, Clone)]
pub struct Diff {
    pub counts: DiffCounts,
    /// In the order of the newer file; those who left come last, in the order of the older.
    pub entries: Vec<Entry>,
    pub unpaired: Vec<Unpaired>,
    pub columns: Columns,
    /// How many cells differ, by column, the most first.
    pub by_column: Vec<ColumnChanges>,
}

/// Compares two rosters of one profile. People without a key of their own are told apart from the rest and paired
/// with nobody; of the columns, those that both have are compared.
pub fn compare(old: &Roster, new: &Roster) -> Diff {
    let pairing = Pairing::of(old, new);
    let columns = Columns::of(old, new);
    let mut entries = changes_of_new(old, new, &pairing, &columns);
    let paired = pairing.new.iter().filter(|m| matches!(m, Match::Row(_))).count();
    entries.extend(pairing.left().map(|row| Entry {
        sign: Sign::Leave,
        old: Some(row),
        new: None,
        twins: Box::default(),
    }));
    let count = |sign| entries.iter().filter(|e| e.sign == sign).count() as u32;
    let update = count(Sign::Update);
    let counts = DiffCounts {
        create: count(Sign::Create),
        update,
        leave: count(Sign::Leave),
        same: paired as u32 - update,
    };
    let unpaired = pairing.unpaired(old, new);
    let by_column = by_column(new, &columns, &entries);
    Diff { counts, entries, unpaired, columns, by_column }
}

fn changes_of_new(old: &Roster, new: &Roster, pairing: &Pairing, columns: &Columns) -> Vec<Entry> {
    const CHUNK: usize = 1 << 13;
    let look = |at: usize, found: &Match| -> Option<Entry> {
        let row = new.table.row_at(at)?;
        match *found {
            Match::Stranger => {
                Some(Entry { sign: Sign::Create, old: None, new: Some(row), twins: Box::default() })
            }
            Match::Row(was) => {
                let twins = columns.differing(old, was, new, row);
                (!twins.is_empty()).then(|| Entry {
                    sign: Sign::Update,
                    old: Some(was),
                    new: Some(row),
                    twins: twins.into_boxed_slice(),
                })
            }
            Match::Repeated | Match::Blank => None,
        }
    };
    let chunks: Vec<Vec<Entry>> = pairing
        .new
        .par_chunks(CHUNK)
        .enumerate()
        .map(|(n, found)| {
            found.iter().enumerate().filter_map(|(at, m)| look(n * CHUNK + at, m)).collect()
        })
        .collect();
    chunks.into_iter().flatten().collect()
}

fn by_column(new: &Roster, columns: &Columns, entries: &[Entry]) -> Vec<ColumnChanges> {
    let mut cells = vec![0u32; columns.twins.len()];
    for entry in entries {
        for &twin in &entry.twins {
            cells[twin as usize] += 1;
        }
    }
    let named = columns.twins.iter().zip(cells).filter(|(_, cells)| *cells > 0);
    let mut all: Vec<ColumnChanges> = named
        .map(|(twin, cells)| ColumnChanges { column: new.columns[twin.new].name.clone(), cells })
        .collect();
    all.sort_by_key(|c| std::cmp::Reverse(c.cells));
    all
}

impl Diff {
    /// A change in words, from the two rosters that were compared. Passwords are hidden.
    pub fn change(&self, entry: &Entry, old: &Roster, new: &Roster) -> Change {
        let (roster, row) = match (entry.new, entry.old) {
            (Some(row), _) => (new, row),
            (None, was) => (old, was.unwrap_or(0)),
        };
        let cells = match (entry.old, entry.new) {
            (Some(was), Some(row)) => entry
                .twins
                .iter()
                .map(|&t| self.columns.twins[t as usize].told(old, was, new, row))
                .collect(),
            _ => Vec::new(),
        };
        Change {
            mark: entry.sign.text().to_owned(),
            key: roster.key_text(row).into_owned(),
            name: roster.name(row),
            line: roster.table.line(row),
            row: entry.new,
            cells,
        }
    }

    /// The changes of one page: those of a mark, if one is given, about people whose key or name holds the searched
    /// text. Also says how many there are in all.
    pub fn page(
        &self,
        old: &Roster,
        new: &Roster,
        mark: Option<&str>,
        search: &str,
        (first, count): (usize, usize),
    ) -> (u32, Vec<Change>) {
        let wanted = search.trim().to_lowercase();
        let found = |entry: &&Entry| {
            if mark.is_some_and(|m| m != entry.sign.text()) {
                return false;
            }
            let (roster, row) = match (entry.new, entry.old) {
                (Some(row), _) => (new, row),
                (None, was) => (old, was.unwrap_or(0)),
            };
            wanted.is_empty()
                || roster.key_text(row).to_lowercase().contains(&wanted)
                || roster.name(row).to_lowercase().contains(&wanted)
        };
        let all: Vec<&Entry> = self.entries.iter().filter(found).collect();
        let page = all.iter().skip(first).take(count).map(|e| self.change(e, old, new)).collect();
        (all.len() as u32, page)
    }

    /// All of it in words, as `muster diff --format json` prints it.
    pub fn told(&self, old: &Roster, new: &Roster) -> Comparison {
        let names = |roster: &Roster, columns: &[usize]| {
            columns.iter().map(|&c| roster.columns[c].name.clone()).collect()
        };
        Comparison {
            counts: self.counts,
            changes: self.entries.par_iter().map(|e| self.change(e, old, new).into()).collect(),
            unpaired: self.unpaired.clone(),
            columns_added: names(new, &self.columns.added),
            columns_removed: names(old, &self.columns.removed),
        }
    }

    /// Whether nothing differs and everybody could be paired.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
            && self.unpaired.is_empty()
            && self.columns.added.is_empty()
            && self.columns.removed.is_empty()
    }
}

/// A diff in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    pub counts: DiffCounts,
    pub changes: Vec<Listed>,
    pub unpaired: Vec<Unpaired>,
    /// Columns that only the newer file has, and those that only the older has.
    pub columns_added: Vec<String>,
    pub columns_removed: Vec<String>,
}

/// A [`Change`] for somebody who has no open roster to go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listed {
    pub mark: String,
    pub key: String,
    pub name: String,
    pub line: Option<u32>,
    pub cells: Vec<CellDiff>,
}

impl From<Change> for Listed {
    fn from(change: Change) -> Listed {
        let Change { mark, key, name, line, cells, row: _ } = change;
        Listed { mark, key, name, line, cells }
    }
}

#[cfg(test)]
mod tests;
