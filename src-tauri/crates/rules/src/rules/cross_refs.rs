//! Whose findings rest on somebody else's row: people of one name, and people who name another, as a manager.

use rustc_hash::FxHashSet;

use super::CheckContext;
use super::namesakes::{Namesakes, identifies};
use super::one_off::{Letters, OneOff, hash_of};
use muster_roster::roster::{KeyIndex, Roster};
use muster_table::going::GoOn;

/// Indexes that are kept up while people are edited.
#[derive(Default)]
pub struct CrossRefs {
    /// None where no column is part of a name, or nobody asks.
    pub(super) namesakes: Option<Namesakes>,
    /// For each column that names another person: its place, that of the column it refers to, and who names whom.
    referring: Vec<Referring>,
}

pub struct Referring {
    pub column: usize,
    /// The column by which the other is named.
    pub by: usize,
    naming: KeyIndex,
    named: KeyIndex,
}

/// A chain of managers that is longer is none of people.
const LONGEST: usize = 64;
/// Of those who name one person, so many are looked at again when that one is edited.
const MOST: usize = 2500;

impl CrossRefs {
    /// Without `names` nobody asks who is called alike, and without `naming` who names whom.
    pub fn of(roster: &Roster, (names, naming): (bool, bool), go_on: GoOn) -> CrossRefs {
        let namesakes = if names { Namesakes::of(roster, go_on) } else { None };
        let columns = roster.columns.iter().take_while(|_| naming && go_on(0));
        let referring = columns.filter_map(|column| {
            let by = roster.column_of(roster.field(column.at)?.refers_to.as_deref()?)?;
            let index = |at: usize| KeyIndex::build(&roster.table, |row| hash_at(roster, row, at));
            Some(Referring { column: column.at, by, naming: index(column.at), named: index(by) })
        });
        CrossRefs { namesakes, referring: referring.collect() }
    }
}

pub(super) fn form_at(roster: &Roster, row: u32, column: usize) -> Option<String> {
    let cell = roster.table.cell(row, column);
    let form = cell.trim().to_lowercase();
    (!form.is_empty()).then_some(form)
}

fn hash_at(roster: &Roster, row: u32, column: usize) -> Option<u32> {
    form_at(roster, row, column).map(|form| hash_of(&form))
}

impl CheckContext {
    /// Whether an edit of a column can change what is found of others.
    pub(crate) fn affects_others(&self, column: usize) -> bool {
        let refers = |r: &Referring| r.column == column || r.by == column;
        self.cross_refs.referring.iter().any(refers)
            || self.roster.status() == Some(column)
            || (self.cross_refs.namesakes.is_some() && identifies(&self.roster.columns[column]))
    }

    /// The rows whose findings rest on this one.
    pub(crate) fn dependents_of(&self, row: u32) -> Vec<u32> {
        let namesakes = self.cross_refs.namesakes.as_ref();
        let mut dependents = namesakes.map_or(Vec::new(), |n| n.dependents_of(&self.roster, row));
        for referring in &self.cross_refs.referring {
            if let Some(form) = form_at(&self.roster, row, referring.by) {
                dependents.extend(self.naming(referring, &form).take(MOST));
            }
            dependents.extend(self.chain(referring, row));
        }
        dependents
    }

    pub(crate) fn enter_cross_refs(&mut self, row: u32) {
        self.index_cross_refs(row, KeyIndex::insert);
    }

    pub(crate) fn leave_cross_refs(&mut self, row: u32) {
        self.index_cross_refs(row, |index, hash, row| {
            index.remove(hash, row);
        });
    }

    fn index_cross_refs(&mut self, row: u32, put: impl Fn(&mut KeyIndex, u32, u32)) {
        let roster = &self.roster;
        if let Some(namesakes) = &mut self.cross_refs.namesakes {
            namesakes.put(roster, row, &put);
        }
        for referring in &mut self.cross_refs.referring {
            if let Some(hash) = hash_at(roster, row, referring.column) {
                put(&mut referring.naming, hash, row);
            }
            if let Some(hash) = hash_at(roster, row, referring.by) {
                put(&mut referring.named, hash, row);
            }
        }
    }

    pub(super) fn referring(&self) -> &[Referring] {
        &self.cross_refs.referring
    }

    fn naming<'s>(
        &'s self,
        referring: &'s Referring,
        form: &'s str,
    ) -> impl Iterator<Item = u32> + use<'s> {
        let is_form = move |row: &u32| {
            form_at(&self.roster, *row, referring.column).is_some_and(|f| f == form)
        };
        referring.naming.rows(hash_of(form)).filter(is_form)
    }

    /// The person whom a row names; none where it names nobody of the roster.
    pub(super) fn named_by(&self, referring: &Referring, row: u32) -> Option<u32> {
        let form = form_at(&self.roster, row, referring.column)?;
        let is_form =
            |other: &u32| form_at(&self.roster, *other, referring.by).is_some_and(|f| f == form);
        referring.named.rows(hash_of(&form)).filter(is_form).min()
    }

    /// The first person whom a value names, given in lower case.
    fn named_so(&self, referring: &Referring, form: &str) -> Option<u32> {
        let is_form =
            |other: &u32| form_at(&self.roster, *other, referring.by).is_some_and(|f| f == form);
        referring.named.rows(hash_of(form)).filter(is_form).min()
    }

    /// The people who are named by a text a letter off, without comparing with everybody; each with that text.
    pub(super) fn named_nearly<'s>(
        &'s self,
        referring: &'s Referring,
        letters: &'s Letters,
    ) -> impl Iterator<Item = (u32, String)> + use<'s> {
        let known = |off: &OneOff| referring.named.may_have(letters.hash(off));
        letters.one_off().filter(known).filter_map(|off| {
            let near = letters.text(&off);
            Some((self.named_so(referring, &near)?, near))
        })
    }

    /// From a row to whom it names, to whom that one names, and so on; without the row itself unless it comes again.
    pub(super) fn chain(&self, referring: &Referring, row: u32) -> Vec<u32> {
        let mut chain = Vec::new();
        let mut at = row;
        while let Some(next) = self.named_by(referring, at) {
            if chain.contains(&next) || chain.len() == LONGEST {
                break;
            }
            chain.push(next);
            if next == row {
                break;
            }
            at = next;
        }
        chain
    }

    /// Values of a column of the snapshot, in lower case.
    pub(super) fn known_to_snapshot(&self, column: usize) -> &FxHashSet<String> {
        self.known_names.get_or_init(|| {
            let counterpart = self.snapshot_columns.get(column).copied().flatten();
            let (Some(snapshot), Some(counterpart)) = (&self.snapshot, counterpart) else {
                return FxHashSet::default();
            };
            snapshot.table.rows().filter_map(|row| form_at(snapshot, row, counterpart)).collect()
        })
    }
}
