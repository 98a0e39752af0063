//! What people are called, here and there: whoever is paired by a number or an address has to have a word of the name in
//! common. A list that counts its rows has the numbers of people who are others, and a column of managers has addresses of
//! people who are not these.

use rustc_hash::FxHashSet;

use super::words;
use crate::profile::{FieldKind, header_form, synonyms};
use crate::roster::Roster;
use muster_table::table::Table;

/// How many rows are looked at.
const LOOKED_AT: usize = 20_000;
/// How many pairs are enough to tell.
const ENOUGH: usize = 200;

/// What the people of a snapshot are called.
pub(super) struct Called<'r> {
    older: &'r Roster,
    /// The columns that hold names and addresses of people.
    telling: Vec<usize>,
    /// The words in them.
    words: FxHashSet<String>,
}

/// How a column of a file speaks of the person of its row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Speaks {
    /// It holds a name or an address of this person's.
    OfThem,
    /// Nobody knows; a word of it that is somebody's name is taken for one.
    Perhaps,
    /// It holds something else, or is about somebody else.
    Not,
}

impl<'r> Called<'r> {
    pub fn of(older: &'r Roster) -> Called<'r> {
        let says = |c: &&crate::roster::Column| {
            let of_other = older.field(c.at).is_some_and(|f| f.refers_to.is_some());
            c.name_part > 0 || (c.kind == FieldKind::Email && !of_other)
        };
        let telling: Vec<usize> = older.columns.iter().filter(says).map(|c| c.at).collect();
        let rows = older.table.rows().take(LOOKED_AT);
        let cells = rows.flat_map(|row| telling.iter().map(move |&c| (row, c)));
        let words = cells.flat_map(|(row, c)| words(&older.table.cell(row, c))).collect();
        Called { older, telling, words }
    }

    /// Whether most people who are paired by a column of a file and one of the snapshot share a word of the name or the
    /// address; none where most rows do not say what somebody is called.
    pub fn agree(&self, table: &Table, at: usize, of: usize, found: &[(u32, u32)]) -> Option<bool> {
        let (agree, told) = self.agreeing(table, at, of, found)?;
        Some(agree * 2 > told)
    }

    /// How many of those who are paired share such a word, and of how many something is told; none where most rows do not
    /// say what somebody is called.
    pub fn agreeing(
        &self,
        table: &Table,
        at: usize,
        of: usize,
        found: &[(u32, u32)],
    ) -> Option<(usize, usize)> {
        let found = &found[..found.len().min(ENOUGH)];
        let telling: Vec<usize> = self.telling.iter().copied().filter(|&c| c != of).collect();
        let speaks: Vec<Speaks> = (0..table.width())
            .map(|c| if c == at { Speaks::Not } else { speaks(table, c, found) })
            .collect();
        let (mut agree, mut told) = (0, 0);
        for (row, was) in found {
            let mut here: FxHashSet<String> = FxHashSet::default();
            for (column, speaks) in speaks.iter().enumerate() {
                match speaks {
                    Speaks::Not => {}
                    Speaks::OfThem => here.extend(words(&table.cell(*row, column))),
                    Speaks::Perhaps => {
                        let all = words(&table.cell(*row, column));
                        here.extend(all.into_iter().filter(|word| self.words.contains(word)));
                    }
                }
            }
            let mut there = telling.iter().flat_map(|&c| words(&self.older.table.cell(*was, c)));
            told += usize::from(!here.is_empty());
            agree += usize::from(!here.is_empty() && there.any(|word| here.contains(&word)));
        }
        (told * 2 > found.len()).then_some((agree, told))
    }
}

fn speaks(table: &Table, column: usize, found: &[(u32, u32)]) -> Speaks {
    if let Some(meant) = synonyms::meaning_of(&header_form(&table.names()[column])) {
        return if meant.is_name || meant.says_who { Speaks::OfThem } else { Speaks::Not };
    }
    // Addresses that are all different are these people's own, whatever the column is called.
    let mut own = FxHashSet::default();
    let is_own = |(row, _): &(u32, u32)| {
        let cell = table.cell(*row, column);
        cell.contains('@') && own.insert(cell.trim().to_lowercase())
    };
    if !found.is_empty() && found.iter().all(is_own) { Speaks::OfThem } else { Speaks::Perhaps }
}
