//! The roster beside its snapshot: which rows differ, and who of the missing a row under another key is or may be. Whose
//! values a row has is in `seems`, which columns slid in `scrambled`.

use std::cell::LazyCell;
use std::sync::OnceLock;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::CheckContext;
use super::damage::Damage;
use super::scrambled::Scrambled;
use super::seems::same;
use muster_roster::roster::KeyIndex;
use muster_table::going::GoOn;

#[derive(Default)]
pub struct Compared {
    /// Rows of which some cell is other than in the snapshot's row of the same key.
    pub(super) differing: FxHashSet<u32>,
    /// Of those, the rows that plainly are another person than their key says, with that person.
    mismatched: FxHashMap<u32, u32>,
    /// The same by the person.
    seeming: FxHashMap<u32, Vec<u32>>,
    /// Of the rows that differ, those that have the name turned round.
    pub(super) turned: FxHashSet<u32>,
    /// Of the rows that differ, those that do so in a column that says who somebody is.
    pub(super) others_in_who: FxHashSet<u32>,
    /// Rows with a date that is turned round, or can only be read in another order than those of the snapshot.
    odd_dates: FxHashSet<u32>,
    /// Rows whose key the snapshot does not have, or has more than once.
    pub(super) unmatched: FxHashSet<u32>,
    /// Missing people whom rows plainly are, or may be; by row.
    claims: FxHashMap<u32, Claim>,
    /// The rows that claim a missing person.
    claimed: FxHashMap<u32, Vec<u32>>,
    /// People of whom that changed since it was last asked for.
    claims_moved: Vec<u32>,
    /// Whether both files have the same columns in the same order, so that rows can be compared as they stand.
    aligned: bool,
    /// Columns that say who somebody is: names, e-mails, ids.
    pub(super) identifying: Vec<usize>,
    /// Columns by which a missing person may be found again.
    pub(super) telling: Vec<usize>,
    /// For each identifying column, who of the snapshot has which value; made when first asked for.
    pub(super) people: OnceLock<Vec<KeyIndex>>,
    /// The same for each column that only the LMS writes.
    pub(super) written_by_lms: OnceLock<Vec<(usize, KeyIndex)>>,
    /// For each column, how many of the snapshot have which value; made when first asked for.
    pub(super) counts: OnceLock<Vec<OnceLock<FxHashMap<u32, usize>>>>,
    pub(super) scrambled: Scrambled,
    /// How many rows differed when that was last decided.
    pub(super) decided_at: usize,
    /// Whether the roster is the snapshot, cell by cell.
    own_snapshot: bool,
}

impl Compared {
    fn put_claim(&mut self, row: u32, claim: Claim) {
        self.claims.insert(row, claim);
        self.claimed.entry(claim.was).or_default().push(row);
    }

    fn take_claim(&mut self, row: u32) -> Option<Claim> {
        let claim = self.claims.remove(&row)?;
        if let Some(rows) = self.claimed.get_mut(&claim.was) {
            rows.retain(|&other| other != row);
            if rows.is_empty() {
                self.claimed.remove(&claim.was);
            }
        }
        Some(claim)
    }

    fn put_mismatched(&mut self, row: u32, own: u32) {
        self.mismatched.insert(row, own);
        self.seeming.entry(own).or_default().push(row);
    }

    fn take_mismatched(&mut self, row: u32) -> Option<u32> {
        let own = self.mismatched.remove(&row)?;
        if let Some(rows) = self.seeming.get_mut(&own) {
            rows.retain(|&other| other != row);
            if rows.is_empty() {
                self.seeming.remove(&own);
            }
        }
        Some(own)
    }

    /// The rows that plainly are a person of the snapshot and carry another's key.
    pub(super) fn seeming(&self, own: u32) -> &[u32] {
        self.seeming.get(&own).map_or(&[], Vec::as_slice)
    }
}

/// Somebody whom the snapshot knows under a key that nobody has, and whom a row is all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The snapshot's row.
    pub was: u32,
    /// What it rests on.
    pub how: ClaimBasis,
}

/// What makes a row somebody of another key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimBasis {
    /// The key is what a spreadsheet made of theirs.
    Damaged(Damage),
    /// All else is theirs.
    Plain,
    /// An ID, or a value that only the LMS writes, is theirs; name and address may differ.
    Known,
    /// The row carries the key of somebody else, and is theirs by name and e-mail.
    Mismatched,
    /// The same e-mail or name, or part of the name and a date; no more.
    Resembles,
}

impl ClaimBasis {
    /// Whether nobody need be asked.
    pub fn is_sure(self) -> bool {
        !matches!(self, ClaimBasis::Known | ClaimBasis::Resembles)
    }
}

/// What is known of a row that is not as the snapshot has it.
struct Look {
    row_match: RowMatch,
    is_other_in_who: bool,
    has_odd_date: bool,
}

/// How such a row stands to the snapshot.
enum RowMatch {
    Differs { is_turned: bool },
    Mismatched { own: u32, claim: Option<Claim> },
    Unmatched(Option<Claim>),
}

impl CheckContext {
    pub(crate) fn compare_all(&mut self, go_on: GoOn) {
        self.compared = Compared::default();
        if self.snapshot.is_none() {
            return;
        }
        self.compared.identifying = self.identifying_columns();
        self.compared.telling = self.telling_columns();
        self.compared.aligned = self.is_aligned();
        self.index_for_those_apart(go_on);
        self.index_missing();
        const CHUNK: usize = 1 << 14;
        let chunks: Vec<usize> = (0..self.roster.table.len()).step_by(CHUNK).collect();
        let found: Vec<Vec<(u32, Look)>> = chunks
            .into_par_iter()
            .filter(|_| go_on(0))
            .map(|from| {
                let rows = (from..from + CHUNK).map_while(|index| self.roster.table.row_at(index));
                rows.filter_map(|row| Some((row, self.look(row)?))).collect()
            })
            .collect();
        for (row, look) in found.into_iter().flatten() {
            self.enter_compared(row, look);
        }
        // Where they are few beside all, the first edit need not wait for it.
        if self.compared.unmatched.len() * 50 <= self.roster.table.len() {
            self.know_strangers();
        }
        self.update_scrambled();
        self.update_own_snapshot();
    }

    /// Makes what rows that are apart will ask for, where there are any: by all threads, and before any of them asks. A
    /// thread that made it while others wait could be given a row that asks for it again.
    fn index_for_those_apart(&self, go_on: GoOn) {
        let table = &self.roster.table;
        let is_apart = |row: u32| self.was(row).is_none_or(|was| self.is_other(row, was));
        let places = (0..table.len()).into_par_iter().with_min_len(4096);
        if go_on(0) && places.filter_map(|place| table.row_at(place)).any(is_apart) {
            self.index_who_has_what();
        }
    }

    /// Whether a file is held against itself. Then nothing is known that it does not say itself, and all of it is told.
    pub fn is_own_snapshot(&self) -> bool {
        self.compared.own_snapshot
    }

    /// Decides that anew; answers whether it changed.
    pub(crate) fn update_own_snapshot(&mut self) -> bool {
        let compared = &self.compared;
        let own = self.snapshot.as_ref().is_some_and(|snapshot| {
            compared.differing.is_empty()
                && compared.unmatched.is_empty()
                && self.missing.is_empty()
                && snapshot.table.len() == self.roster.table.len()
                && snapshot.table.width() == self.roster.table.width()
                && self.snapshot_columns.iter().all(Option::is_some)
        });
        own != std::mem::replace(&mut self.compared.own_snapshot, own)
    }

    /// Looks again at a row that was edited, added or removed. Answers whether it is somebody else than it was.
    pub(crate) fn compare_row(&mut self, row: u32, there: bool) -> bool {
        if self.snapshot.is_none() {
            return false;
        }
        let compared = &mut self.compared;
        compared.differing.remove(&row);
        compared.unmatched.remove(&row);
        compared.turned.remove(&row);
        compared.others_in_who.remove(&row);
        compared.odd_dates.remove(&row);
        let was_mismatched = compared.take_mismatched(row);
        let had = compared.take_claim(row);
        self.strangers.remove(row);
        if let Some(look) = there.then(|| self.look(row)).flatten() {
            self.enter_compared(row, look);
        }
        let may_be_new = self.waivers.iter().next().is_some();
        let compared = &mut self.compared;
        let has = compared.claims.get(&row).copied();
        if had != has || may_be_new {
            compared.claims_moved.extend(had.iter().chain(&has).map(|claim| claim.was));
        }
        was_mismatched != compared.mismatched.get(&row).copied() || had != has
    }

    /// How a row stands to the snapshot; none where it is as there.
    fn look(&self, row: u32) -> Option<Look> {
        let row_match = self.row_match(row)?;
        let is_matched = !matches!(row_match, RowMatch::Unmatched(_));
        let was = if is_matched { self.was(row) } else { None };
        let is_other_in_who = was.is_some_and(|was| self.is_other_in_who(row, was));
        Some(Look { row_match, is_other_in_who, has_odd_date: self.has_odd_date(row) })
    }

    fn enter_compared(&mut self, row: u32, look: Look) {
        let compared = &mut self.compared;
        if look.is_other_in_who {
            compared.others_in_who.insert(row);
        }
        if look.has_odd_date {
            compared.odd_dates.insert(row);
        }
        let claim = match look.row_match {
            RowMatch::Differs { is_turned } => {
                compared.differing.insert(row);
                if is_turned {
                    compared.turned.insert(row);
                }
                return;
            }
            RowMatch::Mismatched { own, claim } => {
                compared.differing.insert(row);
                compared.put_mismatched(row, own);
                claim
            }
            RowMatch::Unmatched(claim) => {
                compared.unmatched.insert(row);
                claim
            }
        };
        if let Some(claim) = claim {
            compared.put_claim(row, claim);
        }
        if self.compared.unmatched.contains(&row) {
            self.enter_stranger(row);
        }
    }

    fn row_match(&self, row: u32) -> Option<RowMatch> {
        self.snapshot.as_ref()?;
        let Some(was) = self.was(row) else {
            let damaged = |(damage, was)| Claim { was, how: ClaimBasis::Damaged(damage) };
            let plain = |was| Claim { was, how: ClaimBasis::Plain };
            let known = |was| Claim { was, how: ClaimBasis::Known };
            let resembles = |was| Claim { was, how: ClaimBasis::Resembles };
            let lookalike = LazyCell::new(|| self.lookalike(row));
            // A namesake has the whole name too, and another address for it.
            let alike = || {
                let was = (*lookalike)?;
                let is_it = self.is_more_than_a_namesake(row, was) || self.is_a_slip_of(row, was);
                is_it.then_some(was)
            };
            let claim = self
                .damaged_key(row)
                .map(damaged)
                .or_else(|| alike().map(plain))
                .or_else(|| self.known_by(row).map(known))
                .or_else(|| self.unreached(row).map(resembles))
                .or_else(|| self.resembles(row).map(resembles))
                .or_else(|| lookalike.map(resembles));
            return Some(RowMatch::Unmatched(claim));
        };
        if !self.is_other(row, was) {
            return None;
        }
        let Some(own) = self.seems(row, was) else {
            return Some(RowMatch::Differs { is_turned: self.is_turned(row, was) });
        };
        let claim = Claim { was: own, how: ClaimBasis::Mismatched };
        let claim = self.missing.contains(&own).then_some(claim);
        Some(RowMatch::Mismatched { own, claim })
    }

    /// Whether a row has something of what says who somebody is that the person of the snapshot does not have.
    fn is_other_in_who(&self, row: u32, was: u32) -> bool {
        self.compared.identifying.iter().any(|&column| {
            let now = self.roster.table.cell(row, column);
            let before = self.was_cell(was, column).unwrap_or_default();
            !now.trim().is_empty() && !same(now.trim(), before.trim())
        })
    }

    /// The missing person whom a row is under another key, or may be, and of whom nobody said that it is somebody new.
    /// [`CheckContext::same_person`] tells the evidence too.
    pub fn claim(&self, row: u32) -> Option<Claim> {
        let claim = self.looks_like(row)?;
        (claim.how.is_sure() || !self.waivers.is_new(self, row)).then_some(claim)
    }

    /// The same, whatever somebody said.
    pub(super) fn looks_like(&self, row: u32) -> Option<Claim> {
        if self.compared.claims.is_empty() {
            return None;
        }
        let claim = *self.compared.claims.get(&row)?;
        (claim.how.is_sure() || !self.is_surely_claimed(claim.was)).then_some(claim)
    }

    /// Whether a row plainly is a missing person. Then no other row is asked about.
    fn is_surely_claimed(&self, was: u32) -> bool {
        self.claiming(was).any(|row| self.compared.claims[&row].how.is_sure())
    }

    /// Whether some row is this missing person under another key.
    pub fn is_claimed(&self, was: u32) -> bool {
        self.claimants(was).next().is_some()
    }

    /// Whether one row and no other is taken for a missing person.
    pub(super) fn is_only_claim(&self, was: u32) -> bool {
        self.claimants(was).take(2).count() == 1
    }

    /// The rows that are taken for a missing person, whatever somebody said.
    pub(super) fn claiming(&self, was: u32) -> impl Iterator<Item = u32> + '_ {
        self.compared.claimed.get(&was).into_iter().flatten().copied()
    }

    fn claimants(&self, was: u32) -> impl Iterator<Item = u32> + '_ {
        let rows = self.compared.claimed.get(&was).map_or(&[][..], Vec::as_slice);
        rows.iter().copied().filter(|row| self.claim(*row).is_some())
    }

    /// Missing people who were claimed or let go since this was last asked, and the rows that claim them now.
    pub(crate) fn claims_moved(&mut self) -> (Vec<u32>, Vec<u32>) {
        let moved = std::mem::take(&mut self.compared.claims_moved);
        let claiming = moved.iter().filter_map(|was| self.compared.claimed.get(was)).flatten();
        let claiming = claiming.copied().collect();
        (moved, claiming)
    }

    /// The rows that plainly are somebody of a key, and carry another: whether keys were exchanged rests on who has that one.
    pub(crate) fn seeming_of_key(&self, key: &str) -> Vec<u32> {
        if self.compared.seeming.is_empty() {
            return Vec::new();
        }
        let people = self.rows_of_snapshot(key).into_iter();
        people.flat_map(|was| self.compared.seeming(was)).copied().collect()
    }

    fn is_aligned(&self) -> bool {
        let same_place =
            |(column, counterpart): (usize, &Option<usize>)| *counterpart == Some(column);
        self.snapshot.as_ref().is_some_and(|snapshot| {
            snapshot.table.width() == self.roster.table.width()
                && snapshot.table.dialect().delimiter == self.roster.table.dialect().delimiter
                && self.snapshot_columns.iter().enumerate().all(same_place)
        })
    }

    fn is_other(&self, row: u32, was: u32) -> bool {
        let Some(snapshot) = &self.snapshot else { return false };
        if self.compared.aligned
            && let Some(written) = self.roster.table.record(row)
            && snapshot.table.record(was) == Some(written)
        {
            return false;
        }
        let other = |(column, counterpart): (usize, &Option<usize>)| {
            counterpart.is_some_and(|counterpart| {
                self.roster.table.cell(row, column) != snapshot.table.cell(was, counterpart)
            })
        };
        self.snapshot_columns.iter().enumerate().any(other)
    }

    /// Whether a row has a counterpart in the snapshot and any cell is another there.
    pub fn differs(&self, row: u32) -> bool {
        !self.compared.differing.is_empty() && self.compared.differing.contains(&row)
    }

    /// Whether a row is the snapshot's in every column, and neither has one that the other lacks.
    pub fn is_as_before(&self, row: u32, was: u32) -> bool {
        self.compared.aligned && self.was(row) == Some(was) && !self.differs(row)
    }

    /// The rows that differ, in the order of their ids.
    pub fn differing(&self) -> Vec<u32> {
        in_order(&self.compared.differing)
    }

    /// The rows that differ, and those without a counterpart: all that a comparison has to look at.
    pub fn apart(&self) -> Vec<u32> {
        let compared = &self.compared;
        in_order(compared.differing.iter().chain(&compared.unmatched))
    }

    /// Whether a row is other than the snapshot's of its key, or has none there.
    pub(super) fn is_apart(&self, row: u32) -> bool {
        self.compared.differing.contains(&row) || self.compared.unmatched.contains(&row)
    }

    /// Whether a row has the name of its person turned round.
    pub(super) fn is_name_turned(&self, row: u32) -> bool {
        !self.compared.turned.is_empty() && self.compared.turned.contains(&row)
    }

    /// The rows that have, in the order of their ids.
    pub(super) fn names_turned(&self) -> Vec<u32> {
        in_order(&self.compared.turned)
    }

    /// The rows with a date to be looked at, in the order of their ids.
    pub(super) fn odd_dates(&self) -> Vec<u32> {
        in_order(&self.compared.odd_dates)
    }

    /// Whether a row carries one person's key and otherwise plainly is another person of the snapshot.
    pub fn is_someone_else(&self, row: u32) -> bool {
        !self.compared.mismatched.is_empty() && self.compared.mismatched.contains_key(&row)
    }

    /// Rows whose findings change with a column that slid, besides those that differ: those without a counterpart.
    pub(crate) fn unmatched(&self) -> Vec<u32> {
        in_order(&self.compared.unmatched)
    }
}

/// Rows in the order of their ids.
fn in_order<'r>(rows: impl IntoIterator<Item = &'r u32>) -> Vec<u32> {
    let mut rows: Vec<u32> = rows.into_iter().copied().collect();
    rows.sort_unstable();
    rows
}
