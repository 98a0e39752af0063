//! Who a row seems to be, whatever its key says: by names, e-mails and IDs, beside the people of the snapshot.

use rustc_hash::{FxHashMap, FxHashSet};

use super::CheckContext;
use muster_roster::profile::FieldKind;
use muster_roster::roster::{Column, KeyIndex, Roster, hash_in_any_case, hash_of};

/// A value that more people share does not say who somebody is.
const SHARED: usize = 8;

impl CheckContext {
    /// The columns that say who somebody is: names, e-mails, IDs.
    pub(super) fn identifying_columns(&self) -> Vec<usize> {
        let Some(snapshot) = &self.snapshot else { return Vec::new() };
        let names_someone = |column: &&Column| {
            let field = self.roster.field(column.at);
            let counterpart = self.snapshot_columns[column.at];
            let aside = column.is_key
                || column.is_secret()
                || column.list.is_some()
                // A manager says nothing of who somebody is.
                || field.is_some_and(|f| {
                    f.read_only || !f.choices.is_empty() || f.refers_to.is_some()
                });
            if aside {
                return false;
            }
            let by_kind =
                column.kind == FieldKind::Email || column.unique.is_some() || column.name_part > 0;
            counterpart
                .is_some_and(|counterpart| by_kind || mostly_different(snapshot, counterpart))
        };
        self.roster.columns.iter().filter(names_someone).map(|c| c.at).take(6).collect()
    }

    /// Whether a column says who somebody is.
    pub(super) fn is_identifying(&self, column: usize) -> bool {
        self.compared.identifying.contains(&column)
    }

    /// How many identifying columns agree between a row and a row of the snapshot, and how many do not. Blanks say nothing.
    pub(super) fn agreement(&self, row: u32, was: u32) -> (usize, usize) {
        let Some(snapshot) = &self.snapshot else { return (0, 0) };
        let mut counts = (0, 0);
        for &column in &self.compared.identifying {
            let Some(counterpart) = self.snapshot_columns[column] else { continue };
            let (now, before) =
                (self.roster.table.cell(row, column), snapshot.table.cell(was, counterpart));
            let (now, before) = (now.trim(), before.trim());
            if now.is_empty() || before.is_empty() {
                continue;
            }
            if same(now, before) {
                counts.0 += 1;
            } else {
                counts.1 += 1;
            }
        }
        counts
    }

    /// The other person of the snapshot whom a row plainly is, against its key.
    pub fn seems(&self, row: u32, was: u32) -> Option<u32> {
        let (agree, disagree) = self.agreement(row, was);
        if disagree <= agree {
            return self.seems_a_namesake(row, was);
        }
        let mut close: FxHashMap<u32, usize> = FxHashMap::default();
        for &column in &self.compared.identifying {
            let value = self.roster.table.cell(row, column);
            for source in self.few_having(column, &value).unwrap_or_default() {
                *close.entry(source).or_default() += 1;
            }
        }
        let best = *close.values().max()?;
        let mut nearest = close.iter().filter(|(_, n)| **n == best).map(|(s, _)| *s);
        let first = nearest.next()?;
        let certain = nearest.next().is_none() && best > agree && best * 2 > agree + disagree;
        (certain && first != was).then_some(first)
    }

    /// The namesake whom a row plainly is: all that says who somebody is, and that the two do not share, is the other's, and so
    /// is most of the rest in which they differ. Where one cell is all, it is that cell that changed.
    fn seems_a_namesake(&self, row: u32, was: u32) -> Option<u32> {
        let (agree, disagree) = self.agreement(row, was);
        if disagree == 0 {
            return None;
        }
        let is_other = |column: &usize| {
            let now = self.roster.table.cell(row, *column);
            let before = self.was_cell(was, *column).unwrap_or_default();
            !now.trim().is_empty() && !before.trim().is_empty() && !same(now.trim(), before.trim())
        };
        let first = self.compared.identifying.iter().copied().find(is_other)?;
        let having = self.few_having(first, &self.roster.table.cell(row, first))?;
        let is_all_theirs = |own: &u32| self.agreement(row, *own) == (agree + disagree, 0);
        let mut others = having.into_iter().filter(|own| *own != was && is_all_theirs(own));
        let own = others.next().filter(|_| others.next().is_none())?;
        let aside = |c: &&Column| c.is_key || c.is_secret() || self.is_identifying(c.at);
        let (mut with_key, mut with_person) = (0, disagree);
        for column in self.roster.columns.iter().filter(|c| !aside(c)) {
            let (key, person) = self.sides(row, was, own, column.at);
            with_key += usize::from(key);
            with_person += usize::from(person);
        }
        (with_person >= 2 && with_person > with_key).then_some(own)
    }

    /// The people of the snapshot who have a value in a column that says who somebody is; none where so many have it that
    /// it does not.
    pub(super) fn few_having(&self, column: usize, value: &str) -> Option<Vec<u32>> {
        let value = value.trim();
        let people = self.compared.people.get_or_init(|| self.index_people());
        let at = self.compared.identifying.iter().position(|&c| c == column);
        let index = at.and_then(|at| people.get(at)).filter(|_| !value.is_empty())?;
        let has_it = |was: &u32| {
            self.was_cell(*was, column).is_some_and(|before| same(before.trim(), value))
        };
        let rows = index.rows(hash_in_any_case(value)).filter(has_it);
        let people: Vec<u32> = rows.take(SHARED + 1).collect();
        (people.len() <= SHARED).then_some(people)
    }

    /// Makes the indexes of who of the snapshot has which value.
    pub(super) fn index_who_has_what(&self) {
        self.compared.people.get_or_init(|| self.index_people());
        self.index_what_the_lms_wrote();
    }

    fn index_people(&self) -> Vec<KeyIndex> {
        let Some(snapshot) = &self.snapshot else { return Vec::new() };
        let index = |column: &usize| {
            KeyIndex::build(&snapshot.table, |row| {
                let cell = snapshot.table.cell(row, self.snapshot_columns[*column]?);
                let value = cell.trim();
                (!value.is_empty()).then(|| hash_in_any_case(value))
            })
        };
        self.compared.identifying.iter().map(index).collect()
    }

    /// The row that has this row's key, and whose key this row has.
    pub fn exchanged_with(&self, row: u32, was: u32) -> Option<u32> {
        match self.key_ring(row, was)?.as_slice() {
            &[_, (other, _)] => Some(other),
            _ => None,
        }
    }

    /// The rows that have each other's keys in a ring, from this one to the one whose key it has; each with the person of
    /// the snapshot who it is. None where the ring does not close.
    pub(super) fn key_ring(&self, row: u32, was: u32) -> Option<Vec<(u32, u32)>> {
        const LONGEST: usize = 6;
        let snapshot = self.snapshot.as_ref()?;
        let (mut at, mut key_says) = (row, was);
        let mut ring = Vec::new();
        while ring.len() < LONGEST {
            let own = self.seems(at, key_says)?;
            ring.push((at, own));
            if own == was {
                ring[1..].reverse();
                return Some(ring);
            }
            at = self.roster.row_of_key(&snapshot.key_text(own))?;
            key_says = own;
        }
        None
    }
}

pub(super) fn same(a: &str, b: &str) -> bool {
    a == b || (a.len() == b.len() && a.to_lowercase() == b.to_lowercase())
}

fn mostly_different(roster: &Roster, column: usize) -> bool {
    const LOOK_AT: usize = 2000;
    let len = roster.table.len();
    let mut seen = FxHashSet::default();
    let mut filled = 0;
    for index in (0..len).step_by(len.div_ceil(LOOK_AT).max(1)) {
        let Some(row) = roster.table.row_at(index) else { break };
        let cell = roster.table.cell(row, column);
        if !cell.trim().is_empty() {
            filled += 1;
            seen.insert(hash_of(cell.trim()));
        }
    }
    filled * 2 > len.min(LOOK_AT) && filled >= 10 && seen.len() * 10 >= filled * 9
}
