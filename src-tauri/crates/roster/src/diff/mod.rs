//! Two rosters compared by key, cell by cell.

mod by_columns;
mod columns;
mod pairing;
mod revert;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::many_keys::AT_ONCE;
use crate::roster::Roster;
use muster_table::error::Result;
use muster_table::narrow;

pub use by_columns::{Candidate, Uncertain};
pub use columns::{ColumnPair, Columns, added_values, differs};
pub use pairing::{Match, Pairing};
pub use revert::revert;

/// How many people became what; who cannot be paired is in none of the numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct DiffCounts {
    /// People whom only the newer roster has.
    pub create: u32,
    /// People whom both have, with at least one cell that differs.
    pub update: u32,
    /// People whom only the older roster has.
    pub leave: u32,
    /// People whom both have alike.
    pub same: u32,
}

/// One entry of a diff: a person who came, changed or left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Change {
    /// `+` create, `~` update, `-` leave.
    pub mark: String,
    /// The person's key as the file has it; the newer, where both have the person.
    pub key: String,
    /// What the person is called; the key where no column holds a name.
    pub name: String,
    /// The line in the newer file; in the older one for a person who left.
    pub line: Option<u32>,
    /// The row of the open roster, to go to; none for a person who left.
    pub row: Option<u32>,
    /// The cells that differ; none for somebody who came or left.
    pub cells: Vec<CellDiff>,
}

/// A cell of one person that says something else in the newer roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct CellDiff {
    /// The column's name in the newer file.
    pub column: String,
    /// What the older file has there; `•••` for a password.
    pub before: String,
    /// What the newer file has there; `•••` for a password.
    pub after: String,
    /// In a column of several values: those that came and those that went.
    pub added: Vec<String>,
    /// The single values that only the older cell has; empty in a column of one value.
    pub removed: Vec<String>,
}

/// How many cells of a column differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ColumnChanges {
    /// The column's name in the newer file.
    pub column: String,
    /// How many people have another value in it, of those whom both rosters have.
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
    /// The lines that they begin on, in the file of that side.
    pub lines: Vec<u32>,
    /// Half a sentence: "the key stands on 2 rows of the newer file".
    pub why: String,
}

/// What became of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// Only the newer roster has the person.
    Create,
    /// Both have, and a cell differs.
    Update,
    /// Only the older roster has the person.
    Leave,
}

impl Sign {
    /// The mark before an entry: `+`, `~` or `-`.
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
    /// What became of the person.
    pub sign: Sign,
    /// The row's id in the older roster; none for somebody who came.
    pub old: Option<u32>,
    /// The row's id in the newer roster; none for somebody who left.
    pub new: Option<u32>,
    /// Which of [`Columns::pairs`] differ.
    pairs: Box<[u16]>,
}

/// What differs between two rosters. Without the rosters it holds places, not texts, so that one of a million
/// people stays small.
#[derive(Debug, Clone)]
pub struct Diff {
    /// How many people became what.
    pub counts: DiffCounts,
    /// In the order of the newer file; those who left come last, in the order of the older.
    pub entries: Vec<Entry>,
    /// Whom nobody could pair; these are in no entry.
    pub unpaired: Vec<Unpaired>,
    /// Who may be somebody, where people are paired by columns that were named; these are in no entry either.
    pub uncertain: Vec<Uncertain>,
    /// Which columns were compared.
    pub columns: Columns,
    /// How many cells differ, by column, the most first.
    pub by_column: Vec<ColumnChanges>,
}

/// Compares two rosters of one profile. People without a key of their own are told apart from the rest and paired
/// with nobody; of the columns, those that both have are compared.
///
/// ```
/// use std::sync::Arc;
///
/// use muster_roster::diff::compare;
/// use muster_roster::profile::Profile;
/// use muster_roster::roster::Roster;
/// use muster_table::table::Table;
///
/// # fn main() -> muster_table::error::Result<()> {
/// let profile = Arc::new(Profile::built_in("generic").expect("it comes with Muster"));
/// let old = Roster::read(Table::from_text("employee_id,name\n1,Ada\n2,Bo\n")?, profile.clone());
/// let new = Roster::read(Table::from_text("employee_id,name\n1,Ada L.\n3,Li\n")?, profile);
///
/// let diff = compare(&old, &new);
/// assert_eq!((diff.counts.create, diff.counts.update, diff.counts.leave), (1, 1, 1));
/// let change = diff.change(&diff.entries[0], &old, &new);
/// assert_eq!((change.mark.as_str(), change.key.as_str()), ("~", "1"));
/// assert_eq!(change.cells[0].after, "Ada L.");
/// # Ok(())
/// # }
/// ```
pub fn compare(old: &Roster, new: &Roster) -> Diff {
    let pairing = Pairing::of(old, new);
    let unpaired = pairing.unpaired(old, new);
    compared(old, new, &pairing, (unpaired, Vec::new()))
}

/// The same by columns that somebody names, for lists in which nothing is different for everybody: `name`, `email`, or
/// headers. Who does not agree in all of them with one other alone is uncertain, and paired with nobody.
///
/// # Errors
///
/// Where one of the rosters has no such column.
pub fn compare_by(old: &Roster, new: &Roster, columns: &[String]) -> Result<Diff> {
    let by_columns::ByColumns { pairing, uncertain, blank } = by_columns::pair(old, new, columns)?;
    let unpaired = |side: &str, roster: &Roster, rows: &[u32]| {
        (!rows.is_empty()).then(|| Unpaired {
            key: String::new(),
            side: side.to_owned(),
            lines: rows.iter().filter_map(|&row| roster.table.line(row)).collect(),
            why: format!("{} blank", if columns.len() == 1 { "it is" } else { "all of it is" }),
        })
    };
    let unpaired = [unpaired("new", new, &blank.0), unpaired("old", old, &blank.1)];
    let unpaired = unpaired.into_iter().flatten().collect();
    Ok(compared(old, new, &pairing, (unpaired, uncertain)))
}

fn compared(
    old: &Roster,
    new: &Roster,
    pairing: &Pairing,
    (unpaired, uncertain): (Vec<Unpaired>, Vec<Uncertain>),
) -> Diff {
    let columns = Columns::of(old, new);
    let mut entries = changes_of_new(old, new, pairing, &columns);
    let paired = pairing.new.iter().filter(|m| matches!(m, Match::Row(_))).count();
    entries.extend(pairing.left().map(|row| Entry {
        sign: Sign::Leave,
        old: Some(row),
        new: None,
        pairs: Box::default(),
    }));
    let count = |sign| narrow::count(entries.iter().filter(|e| e.sign == sign).count());
    let update = count(Sign::Update);
    let counts = DiffCounts {
        create: count(Sign::Create),
        update,
        leave: count(Sign::Leave),
        same: narrow::count(paired) - update,
    };
    let by_column = by_column(new, &columns, &entries);
    Diff { counts, entries, unpaired, uncertain, columns, by_column }
}

fn changes_of_new(old: &Roster, new: &Roster, pairing: &Pairing, columns: &Columns) -> Vec<Entry> {
    const CHUNK: usize = 1 << 13;
    let look = |at: usize, found: &Match| -> Option<Entry> {
        let row = new.table.row_at(at)?;
        match *found {
            Match::Unmatched => {
                Some(Entry { sign: Sign::Create, old: None, new: Some(row), pairs: Box::default() })
            }
            Match::Row(was) => {
                let pairs = columns.differing(old, was, new, row);
                (!pairs.is_empty()).then(|| Entry {
                    sign: Sign::Update,
                    old: Some(was),
                    new: Some(row),
                    pairs: pairs.into_boxed_slice(),
                })
            }
            Match::Repeated | Match::Blank => None,
        }
    };
    // Some at a time: the older rows lie anywhere, and what is far off in memory comes at once.
    let look_at_some = |from: usize, found: &[Match]| -> Vec<Entry> {
        let written = |found: &Match| match found {
            Match::Row(was) => old.table.record(*was),
            _ => None,
        };
        let written: Vec<Option<&str>> = found.iter().map(written).collect();
        let is_same = |at: usize| {
            let row = new.table.row_at(from + at);
            row.is_some_and(|row| columns.are_same_bytes(written[at], new, row))
        };
        let apart = found.iter().enumerate().filter(|(at, _)| !is_same(*at));
        apart.filter_map(|(at, found)| look(from + at, found)).collect()
    };
    let look_at_part = |(n, found): (usize, &[Match])| -> Vec<Entry> {
        let parts = found.chunks(AT_ONCE).enumerate();
        parts.flat_map(|(m, found)| look_at_some(n * CHUNK + m * AT_ONCE, found)).collect()
    };
    let chunks: Vec<Vec<Entry>> =
        pairing.new.par_chunks(CHUNK).enumerate().map(look_at_part).collect();
    chunks.into_iter().flatten().collect()
}

fn by_column(new: &Roster, columns: &Columns, entries: &[Entry]) -> Vec<ColumnChanges> {
    let mut cells = vec![0u32; columns.pairs.len()];
    for entry in entries {
        for &pair in &entry.pairs {
            cells[pair as usize] += 1;
        }
    }
    let named = columns.pairs.iter().zip(cells).filter(|(_, cells)| *cells > 0);
    let mut all: Vec<ColumnChanges> = named
        .map(|(pair, cells)| ColumnChanges { column: new.columns[pair.new].name.clone(), cells })
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
                .pairs
                .iter()
                .map(|&t| self.columns.pairs[t as usize].cell_diff(old, was, new, row))
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
        (narrow::count(all.len()), page)
    }

    /// All of it in words, as `muster diff --format json` prints it.
    pub fn comparison(&self, old: &Roster, new: &Roster) -> Comparison {
        let names = |roster: &Roster, columns: &[usize]| {
            columns.iter().map(|&c| roster.columns[c].name.clone()).collect()
        };
        Comparison {
            counts: self.counts,
            changes: self.entries.par_iter().map(|e| self.change(e, old, new).into()).collect(),
            unpaired: self.unpaired.clone(),
            uncertain: self.uncertain.clone(),
            columns_added: names(new, &self.columns.added),
            columns_removed: names(old, &self.columns.removed),
        }
    }

    /// Whether nothing differs and everybody could be paired.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
            && self.unpaired.is_empty()
            && self.uncertain.is_empty()
            && self.columns.added.is_empty()
            && self.columns.removed.is_empty()
    }
}

/// A diff in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// As in [`Diff`].
    pub counts: DiffCounts,
    /// In the order of [`Diff::entries`].
    pub changes: Vec<Listed>,
    /// Whom nobody could pair; these are in no change.
    pub unpaired: Vec<Unpaired>,
    /// Who may be somebody; as in [`Diff`].
    pub uncertain: Vec<Uncertain>,
    /// Columns that only the newer file has, and those that only the older has.
    pub columns_added: Vec<String>,
    /// Names of columns that only the older file has.
    pub columns_removed: Vec<String>,
}

/// A [`Change`] for somebody who has no open roster to go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// `+`, `~` or `-`.
    pub mark: String,
    /// As in [`Change`].
    pub key: String,
    /// What the person is called; the key where no column holds a name.
    pub name: String,
    /// The line in the newer file; in the older one for a person who left.
    pub line: Option<u32>,
    /// The cells that differ; none for somebody who came or left.
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
