//! People of the snapshot whose key is gone, to be found again by what else is known of them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::damage::{Damage, is_digits};
use super::seems::same;
use super::strangers::Place;
use super::{CheckContext, two_bytes};
use muster_roster::letters;
use muster_roster::profile::{FieldKind, KeyGiver};
use muster_roster::roster::{Column, hash_in_any_case, hash_of};

/// Who of the missing has which value in which column by which somebody may be found again.
#[derive(Debug, Clone, Default)]
pub struct Lookalikes {
    by_cell: FxHashMap<Place, Vec<u32>>,
}

/// A value that more of the missing share says nothing about who somebody is.
pub(super) const IDENTIFYING: usize = 8;
/// A value that thousands share cannot be followed to each of them.
pub(super) const FOLLOWED: usize = 64;
/// Where the words of a name stand among the cells, whichever column they are in.
pub(super) const NAME: u16 = u16::MAX;

impl CheckContext {
    pub(crate) fn index_missing(&mut self) {
        self.lookalikes = Lookalikes::default();
        let missing: FxHashSet<u32> = std::mem::take(&mut self.missing);
        for &was in &missing {
            for place in self.places_before(was) {
                self.lookalikes.by_cell.entry(place).or_default().push(was);
            }
        }
        self.missing = missing;
    }

    /// Nobody in the roster has this person's key any more. Answers for which rows that matters.
    pub(crate) fn now_missing(&mut self, was: u32) -> Vec<u32> {
        self.missing.insert(was);
        let places = self.places_before(was);
        for &place in &places {
            self.lookalikes.by_cell.entry(place).or_default().push(was);
        }
        self.concerned_by_missing(was, &places)
    }

    /// Somebody in the roster has this person's key again. Answers for which rows that matters.
    pub(crate) fn no_longer_missing(&mut self, was: u32) -> Vec<u32> {
        let places = self.places_before(was);
        let concerned = self.concerned_by_missing(was, &places);
        self.missing.remove(&was);
        for place in places {
            if let Some(rows) = self.lookalikes.by_cell.get_mut(&place) {
                rows.retain(|&row| row != was);
                if rows.is_empty() {
                    self.lookalikes.by_cell.remove(&place);
                }
            }
        }
        concerned
    }

    /// The one missing person of the snapshot who is plainly the same as a row without a match: more than half of
    /// what is known agrees, something that identifies among it, and nobody else comes as close.
    pub fn lookalike(&self, row: u32) -> Option<u32> {
        if self.missing.is_empty() {
            return None;
        }
        // Only with something that identifies it is somebody: whoever has nothing such need not be counted.
        let mut known: Vec<u32> = Vec::new();
        for &column in &self.compared.identifying {
            let same = self.bucket(row, column);
            if same.len() <= IDENTIFYING {
                known.extend(same);
            }
        }
        known.sort_unstable();
        known.dedup();
        known.retain(|was| self.is_plainly(row, *was));
        if known.is_empty() {
            return None;
        }
        let mut filled: Vec<(usize, u32)> = Vec::new();
        for (column, counterpart) in self.snapshot_columns.iter().enumerate() {
            let text = self.roster.table.cell(row, column);
            let text = text.trim();
            if Some(column) != self.roster.key && counterpart.is_some() && !text.is_empty() {
                filled.push((column, self.hash_in(column, text)));
            }
        }
        let has = |was: u32, (column, hash): (usize, u32)| {
            let before = self.was_cell(was, column).unwrap_or_default();
            let before = before.trim();
            !before.is_empty() && self.hash_in(column, before) == hash
        };
        let mut close: Vec<(usize, u32)> = known
            .into_iter()
            .map(|was| (filled.iter().filter(|cell| has(was, **cell)).count(), was))
            .filter(|(same, _)| same * 2 > filled.len())
            .collect();
        close.sort_unstable_by(|a, b| b.cmp(a));
        match close.as_slice() {
            [only] => Some(only.1),
            [first, second, ..] if first.0 > second.0 => Some(first.1),
            _ => None,
        }
    }

    /// What counts of a value: of a name, its letters; of an ID, what a spreadsheet leaves of it.
    pub(super) fn hash_in(&self, column: usize, text: &str) -> u32 {
        match self.roster.columns[column].name_part {
            0 if self.roster.columns[column].identifies && is_digits(text) => {
                hash_of(text.trim_start_matches('0'))
            }
            0 => hash_in_any_case(text),
            _ => hash_of(&letters::folded(text).join(" ")),
        }
    }

    /// Whether two values are the same but for case, and two names but for accents.
    pub(super) fn same_in(&self, column: usize, one: &str, other: &str) -> bool {
        let (one, other) = (one.trim(), other.trim());
        same(one, other) || (self.roster.columns[column].name_part > 0 && letters::same(one, other))
    }

    /// The missing people who have something in a place.
    pub(super) fn missing_at(&self, place: Place) -> &[u32] {
        self.lookalikes.by_cell.get(&place).map_or(&[], Vec::as_slice)
    }

    /// The missing people of whose name a word is a part.
    pub(super) fn missing_with_word(&self, word: &str) -> &[u32] {
        self.missing_at((NAME, hash_of(word)))
    }

    /// The missing people who probably have what a row has in a column; nobody where it is blank.
    fn bucket(&self, row: u32, column: usize) -> &[u32] {
        let cell = self.roster.table.cell(row, column);
        let text = cell.trim();
        if text.is_empty() {
            return &[];
        }
        self.missing_at((two_bytes(column), self.hash_in(column, text)))
    }

    fn has_same(&self, row: u32, was: u32, column: usize) -> bool {
        let now = self.roster.table.cell(row, column);
        // An ID that lost its zeros still says who somebody is.
        let is_damaged = |before: &str| {
            self.roster.columns[column].identifies
                && Damage::between(before.trim(), now.trim()) == Some(Damage::ZerosLost)
        };
        self.was_cell(was, column)
            .is_some_and(|before| self.same_in(column, &before, &now) || is_damaged(&before))
    }

    /// The missing people who have what a row has in a column; nobody where it is blank, or more than a few share it.
    pub(super) fn missing_with_same(&self, row: u32, column: usize) -> Vec<u32> {
        let rows = self.bucket(row, column);
        if rows.len() > FOLLOWED {
            return Vec::new();
        }
        rows.iter().copied().filter(|&was| self.has_same(row, was, column)).collect()
    }

    /// The missing people who have what a row has in each of some columns.
    pub(super) fn missing_with_all(&self, row: u32, columns: &[usize]) -> Vec<u32> {
        let rarest = columns.iter().map(|&column| self.bucket(row, column)).min_by_key(|r| r.len());
        let same = |was: &u32| columns.iter().all(|&column| self.has_same(row, *was, column));
        rarest.unwrap_or_default().iter().copied().filter(same).collect()
    }

    /// Whether names, e-mail and ids say so: more of them agree than do not, and an e-mail or id that differs is
    /// outweighed by another that agrees, or by a value that only the LMS writes. A namesake has another staff number.
    fn is_plainly(&self, row: u32, was: u32) -> bool {
        let (agree, disagree) = self.agreement(row, was);
        let (certain, against) = self.certainly(row, was);
        let another = || against > 0 || self.has_another_id(row, was);
        agree > disagree && (certain > 0 || !another())
    }

    /// Whether more than a name says so: what is certain, an ID, or a day that few share. Who has no key at all is asked
    /// for it, and not taken for somebody else.
    pub(super) fn is_more_than_a_namesake(&self, row: u32, was: u32) -> bool {
        let says = |c: &Column| {
            let now = self.roster.table.cell(row, c.at);
            let may_say = !c.is_key && (c.identifies || self.is_a_day(c));
            may_say && !now.trim().is_empty() && self.has_same(row, was, c.at)
        };
        let lacks_its_key = || {
            self.roster.profile.key.given_by == KeyGiver::You
                && self.roster.key_text(row).trim().is_empty()
        };
        self.is_certainly(row, was) || self.roster.columns.iter().any(says) || lacks_its_key()
    }

    /// Whether more than a name says so, which a namesake has too: an e-mail, an id, or a value that only the LMS
    /// writes.
    pub(super) fn is_certainly(&self, row: u32, was: u32) -> bool {
        self.certainly(row, was).0 > 0
    }

    /// How many e-mails, ids and values that only the LMS writes agree, and how many e-mails and ids do not.
    fn certainly(&self, row: u32, was: u32) -> (usize, usize) {
        let (mut certain, mut against) = (0, 0);
        for column in &self.roster.columns {
            let read_only =
                self.roster.field(column.at).is_some_and(|f| f.read_only) && !column.is_secret();
            let own = self.is_own_address(column) || column.unique.is_some();
            if column.is_key || !(own || read_only) {
                continue;
            }
            let now = self.roster.table.cell(row, column.at);
            let before = self.was_cell(was, column.at).unwrap_or_default();
            let (now, before) = (now.trim(), before.trim());
            if now.is_empty() || before.is_empty() {
                continue;
            }
            if now.to_lowercase() == before.to_lowercase() {
                certain += 1;
            } else if own {
                against += 1;
            }
        }
        (certain, against)
    }

    /// An e-mail of this person; not a manager's.
    pub(super) fn is_own_address(&self, column: &Column) -> bool {
        let of_other = self.roster.field(column.at).is_some_and(|f| f.refers_to.is_some());
        column.kind == FieldKind::Email && !of_other
    }
}
