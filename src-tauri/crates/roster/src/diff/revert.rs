//! The edits that put a roster back to what another one says.

use rustc_hash::FxHashMap;

use super::{Columns, Match, Pairing};
use crate::roster::Roster;
use muster_table::edit::Edit;
use muster_table::narrow;

/// The edits that put back what the base says: of one person, of one column, of one cell, or of everybody.
///
/// People are named by their key, columns as the roster names them. A person whom only the base has comes back with
/// a new row after the person who stood before; one whom only the roster has is taken out. Rows that cannot be
/// paired are left alone, unless everything is put back: then the base's take the place of the roster's. Columns
/// that only one of the two has stay as they are.
pub fn revert(
    base: &Roster,
    roster: &Roster,
    key: Option<&str>,
    column: Option<&str>,
) -> Vec<Edit> {
    let back = Back {
        base,
        roster,
        pairing: Pairing::of(base, roster),
        columns: Columns::of(base, roster),
        key: key.map(|k| roster.key_form(k).into_owned()),
        column,
    };
    if column.is_some() {
        return back.cells();
    }
    let mut edits = back.removals();
    let removed: Vec<u32> = edits.iter().filter_map(removed_row).collect();
    edits.extend(back.cells());
    edits.extend(back.returns(&removed));
    edits
}

fn removed_row(edit: &Edit) -> Option<u32> {
    match edit {
        Edit::Remove { row, .. } => Some(*row),
        _ => None,
    }
}

struct Back<'a> {
    base: &'a Roster,
    roster: &'a Roster,
    pairing: Pairing,
    columns: Columns,
    key: Option<String>,
    column: Option<&'a str>,
}

impl Back<'_> {
    fn is_meant(&self, roster: &Roster, row: u32) -> bool {
        let wanted = |key: &String| roster.key_form(&roster.key_text(row)) == *key;
        self.key.as_ref().is_none_or(wanted)
    }

    /// Cells of people whom both have.
    fn cells(&self) -> Vec<Edit> {
        let mut edits = Vec::new();
        for (at, found) in self.pairing.new.iter().enumerate() {
            let (Match::Row(was), Some(row)) = (*found, self.roster.table.row_at(at)) else {
                continue;
            };
            for pair in self.columns.differing(self.base, was, self.roster, row) {
                let pair = &self.columns.pairs[pair as usize];
                if self.column.is_some_and(|name| name != pair.column.name)
                    || !self.is_meant(self.roster, row)
                {
                    continue;
                }
                edits.push(Edit::Set {
                    row,
                    column: narrow::place(pair.new),
                    before: self.roster.table.cell(row, pair.new).into_owned(),
                    after: pair.was(self.base, was).into_owned(),
                });
            }
        }
        edits
    }

    /// People whom only the roster has, the last first, so that each place still holds when it is used.
    fn removals(&self) -> Vec<Edit> {
        let everything = self.key.is_none();
        let goes = |found: &Match| match found {
            Match::Unmatched => true,
            Match::Repeated | Match::Blank => everything,
            Match::Row(_) => false,
        };
        let places = self.pairing.new.iter().enumerate().rev().filter(|(_, found)| goes(found));
        places
            .filter_map(|(at, _)| Some((at, self.roster.table.row_at(at)?)))
            .filter(|&(_, row)| self.is_meant(self.roster, row))
            .map(|(at, row)| Edit::Remove {
                row,
                at: narrow::place(at),
                cells: self.roster.table.row(row),
            })
            .collect()
    }

    /// People whom only the base has, each after the one who stood before in the base.
    fn returns(&self, removed: &[u32]) -> Vec<Edit> {
        let removed: rustc_hash::FxHashSet<u32> = removed.iter().copied().collect();
        let kept = self.roster.table.rows().filter(|row| !removed.contains(row));
        let place: FxHashMap<u32, usize> = kept.enumerate().map(|(at, row)| (row, at)).collect();
        let lost: rustc_hash::FxHashSet<u32> = match self.key {
            None => self.pairing.left().chain(self.pairing.old_unpaired()).collect(),
            Some(_) => self.pairing.left().filter(|&was| self.is_meant(self.base, was)).collect(),
        };
        let mut after = 0;
        let mut returning: Vec<(usize, u32)> = Vec::new();
        for (was, row) in self.pairing.of_old(self.roster) {
            if let Some(at) = row.and_then(|row| place.get(&row)) {
                after = at + 1;
            } else if lost.contains(&was) {
                returning.push((after, was));
            }
        }
        returning.sort_by_key(|(after, _)| *after);
        let first = self.roster.table.fresh_row();
        (0u32..)
            .zip(returning)
            .map(|(n, (after, was))| Edit::Insert {
                row: first + n,
                at: narrow::place(after) + n,
                cells: self.as_of_base(was),
            })
            .collect()
    }

    fn as_of_base(&self, was: u32) -> Vec<String> {
        let mut cells = vec![String::new(); self.roster.table.width()];
        for pair in &self.columns.pairs {
            cells[pair.new] = pair.was(self.base, was).into_owned();
        }
        cells
    }
}
