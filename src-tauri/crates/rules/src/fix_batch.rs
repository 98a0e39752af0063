//! Many fixes made at once: which of them go together, and in which order their edits are made.

use rustc_hash::{FxHashMap, FxHashSet};

use muster_roster::finding::Fix;
use muster_roster::roster::Roster;
use muster_table::edit::{Edit, rows_of};
use muster_table::narrow;
use muster_table::table::Table;

/// The fixes that can be made at once: no two of them touch the same cell.
#[derive(Debug, Default)]
pub struct Round {
    /// The edits of all of them, in an order in which each fits when its turn comes.
    pub edits: Vec<Edit>,
    /// Which of the fixes they are of, by place.
    pub made: Vec<usize>,
    /// The rows of fixes that have to wait for another of the same cell.
    pub waiting: FxHashSet<u32>,
}

impl Round {
    /// Takes those of the fixes, in their order, that do not touch what an earlier one changes, and give nobody a key that
    /// an earlier one gives to somebody else: what each may do alone would make one of two people together.
    pub fn of(roster: &Roster, fixes: impl IntoIterator<Item = Fix>) -> Round {
        let mut round = Round::default();
        let mut keys: FxHashMap<String, u32> = FxHashMap::default();
        let key_of = |edit: &Edit| match edit {
            Edit::Set { row, column, after, .. } if roster.key == Some(*column as usize) => {
                Some((roster.key_form(after).into_owned(), *row)).filter(|(key, _)| !key.is_empty())
            }
            _ => None,
        };
        let mut taken: FxHashMap<Place, Edit> = FxHashMap::default();
        let mut sorted = Sorted::default();
        for (at, fix) in fixes.into_iter().enumerate() {
            let places = || fix.edits.iter().map(Place::of);
            if fix.edits.iter().all(|edit| taken.get(&Place::of(edit)) == Some(edit))
                && !fix.edits.iter().any(|edit| Place::of(edit) == Place::Free)
            {
                // Two rows tell of the same exchange.
                continue;
            }
            if places().any(|place| taken.contains_key(&place)) {
                round.waiting.extend(rows_of(&fix.edits));
                continue;
            }
            let given: Vec<(String, u32)> = fix.edits.iter().filter_map(key_of).collect();
            if given.iter().any(|(key, row)| keys.get(key).is_some_and(|other| other != row)) {
                round.waiting.extend(rows_of(&fix.edits));
                continue;
            }
            keys.extend(given);
            for edit in fix.edits {
                if Place::of(&edit) != Place::Free {
                    taken.insert(Place::of(&edit), edit.clone());
                }
                sorted.take(edit);
            }
            round.made.push(at);
        }
        round.edits = sorted.in_order(&roster.table);
        round
    }
}

/// What two fixes may not both change.
#[derive(PartialEq, Eq, Hash)]
enum Place {
    Cell(u32, u32),
    Row(u32),
    Name(u32),
    /// The order of the columns.
    Order,
    /// Somebody who is put in stands in nobody's way, nor does a column.
    Free,
}

impl Place {
    fn of(edit: &Edit) -> Place {
        match edit {
            Edit::Set { row, column, .. } => Place::Cell(*row, *column),
            Edit::Remove { row, .. } => Place::Row(*row),
            Edit::Rename { column, .. } => Place::Name(*column),
            Edit::Move { .. } | Edit::Drop { .. } => Place::Order,
            Edit::Insert { .. } | Edit::Add { .. } => Place::Free,
        }
    }
}

/// Edits of many fixes, by what they do.
#[derive(Default)]
struct Sorted {
    sets: Vec<Edit>,
    removes: FxHashSet<u32>,
    inserts: Vec<Edit>,
    moves: Vec<Edit>,
    adds: Vec<Edit>,
}

impl Sorted {
    fn take(&mut self, edit: Edit) {
        match edit {
            Edit::Set { .. } | Edit::Rename { .. } => self.sets.push(edit),
            Edit::Remove { row, .. } => {
                self.removes.insert(row);
            }
            Edit::Insert { .. } => self.inserts.push(edit),
            Edit::Move { .. } | Edit::Drop { .. } => self.moves.push(edit),
            Edit::Add { .. } => self.adds.push(edit),
        }
    }

    /// Cells first, then people taken out from the last to the first, then people put in, each with an id of its own,
    /// then the columns, which give every other edit another place.
    fn in_order(self, table: &Table) -> Vec<Edit> {
        let gone = self.removes;
        let mut edits = self.sets;
        edits.retain(|edit| !matches!(edit, Edit::Set { row, .. } if gone.contains(row)));
        if !gone.is_empty() {
            let places: Vec<(usize, u32)> =
                table.rows().enumerate().filter(|(_, row)| gone.contains(row)).collect();
            edits.extend(places.into_iter().rev().map(|(at, row)| Edit::Remove {
                row,
                at: narrow::place(at),
                cells: table.row(row),
            }));
        }
        let left = narrow::place(table.len() - gone.len());
        let first = table.fresh_row();
        for (n, insert) in (0u32..).zip(self.inserts) {
            if let Edit::Insert { at, cells, .. } = insert {
                let at = if at as usize >= table.len() { left + n } else { at.min(left + n) };
                edits.push(Edit::Insert { row: first + n, at, cells });
            }
        }
        let dropped = self.moves.iter().filter(|e| matches!(e, Edit::Drop { .. })).count();
        edits.extend(self.moves);
        let (first, width) = (table.fresh_column(), narrow::place(table.width() - dropped));
        for (n, add) in (0u32..).zip(self.adds) {
            if let Edit::Add { at, name, cells, .. } = add {
                let at = if at as usize >= table.width() { width + n } else { at.min(width + n) };
                edits.push(Edit::Add { id: first + n, at, name, cells });
            }
        }
        edits
    }
}

/// Several edits of a cell, made one after the other, as one.
pub fn joined(edits: Vec<Edit>) -> Vec<Edit> {
    let mut at: FxHashMap<(u32, u32), usize> = FxHashMap::default();
    let mut joined: Vec<Edit> = Vec::with_capacity(edits.len());
    for edit in edits {
        if matches!(edit, Edit::Move { .. } | Edit::Add { .. } | Edit::Drop { .. }) {
            // From here on the columns have other places.
            at.clear();
        }
        if let Edit::Set { row, column, after, .. } = &edit {
            match at.get(&(*row, *column)) {
                Some(&first) => {
                    if let Edit::Set { after: last, .. } = &mut joined[first] {
                        last.clone_from(after);
                    }
                    continue;
                }
                None => {
                    at.insert((*row, *column), joined.len());
                }
            }
        }
        joined.push(edit);
    }
    joined.retain(|edit| !matches!(edit, Edit::Set { before, after, .. } if before == after));
    joined
}
