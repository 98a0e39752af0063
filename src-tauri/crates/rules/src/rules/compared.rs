//! The roster beside its snapshot: which rows differ, whose row one seems to be, and whether a column as a whole
//! has slid away from its people.

use std::sync::OnceLock;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::CheckContext;
use super::damage::Damage;
use muster_roster::profile::FieldKind;
use muster_roster::roster::{Column, KeyIndex, hash_of};
use muster_table::going::GoOn;

#[derive(Default)]
pub struct Compared {
    /// Rows of which some cell is other than in the snapshot's row of the same key.
    differing: FxHashSet<u32>,
    /// Of those, the rows that plainly are another person than their key says.
    mismatched: FxHashSet<u32>,
    /// Rows whose key the snapshot does not have, or has more than once.
    unmatched: FxHashSet<u32>,
    /// Missing people whom rows plainly are, or may be; by row.
    claims: FxHashMap<u32, Claim>,
    /// How many rows claim a missing person.
    claimed: FxHashMap<u32, u32>,
    /// People of whom that changed since it was last asked for.
    claims_moved: Vec<u32>,
    /// Whether both files have the same columns in the same order, so that rows can be compared as they stand.
    aligned: bool,
    /// Columns that say who somebody is: names, e-mails, ids.
    pub(super) identifying: Vec<usize>,
    /// For each identifying column, who of the snapshot has which value; made when first asked for.
    people: OnceLock<Vec<KeyIndex>>,
    /// The same for each column that only the LMS writes.
    pub(super) written_by_lms: OnceLock<Vec<(usize, KeyIndex)>>,
    scrambled: Scrambled,
    /// How many rows differed when that was last decided.
    decided_at: usize,
    /// Whether the roster is the snapshot, cell by cell.
    own_snapshot: bool,
}

/// Columns whose cells belong to other people than their rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scrambled {
    pub columns: Vec<usize>,
    /// The keys were moved, and all else stands where it stood.
    pub keys: bool,
}

impl Compared {
    fn count_claim(&mut self, was: u32, by: i32) {
        let count = self.claimed.entry(was).or_default();
        *count = count.saturating_add_signed(by);
        if *count == 0 {
            self.claimed.remove(&was);
        }
        self.claims_moved.push(was);
    }

    /// Whether one row and no other is taken for a missing person.
    pub(super) fn is_only_claim(&self, was: u32) -> bool {
        self.claimed.get(&was) == Some(&1)
    }
}

impl Scrambled {
    pub fn is_any(&self) -> bool {
        !self.columns.is_empty()
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

/// How a row stands to the snapshot.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RowMatch {
    Same,
    Differs,
    Mismatched(Option<Claim>),
    Unmatched(Option<Claim>),
}

/// Fewer rows are mistakes of their own.
const MANY: usize = 5;
/// Of so many differing rows, a part is looked at.
const SAMPLE: usize = 20_000;
/// A value that more people share does not say who somebody is.
const SHARED: usize = 8;

impl CheckContext {
    pub(crate) fn compare_all(&mut self, go_on: GoOn) {
        self.compared = Compared::default();
        if self.snapshot.is_none() {
            return;
        }
        self.compared.identifying = self.identifying_columns();
        self.compared.aligned = self.is_aligned();
        const CHUNK: usize = 1 << 14;
        let chunks: Vec<usize> = (0..self.roster.table.len()).step_by(CHUNK).collect();
        let found: Vec<Vec<(u32, RowMatch)>> = chunks
            .into_par_iter()
            .filter(|_| go_on(0))
            .map(|from| {
                let rows = (from..from + CHUNK).map_while(|index| self.roster.table.row_at(index));
                let row_match =
                    |row| Some((row, self.row_match(row).filter(|b| *b != RowMatch::Same)?));
                rows.filter_map(row_match).collect()
            })
            .collect();
        for (row, row_match) in found.into_iter().flatten() {
            self.enter_compared(row, row_match);
        }
        self.update_scrambled();
        self.update_own_snapshot();
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
        let was_mismatched = compared.mismatched.remove(&row);
        let had = compared.claims.remove(&row);
        if let Some(claim) = had {
            compared.count_claim(claim.was, -1);
        }
        if let Some(row_match) = self.row_match(row).filter(|_| there) {
            self.enter_compared(row, row_match);
        }
        let compared = &self.compared;
        was_mismatched != compared.mismatched.contains(&row)
            || had != compared.claims.get(&row).copied()
    }

    fn enter_compared(&mut self, row: u32, row_match: RowMatch) {
        let compared = &mut self.compared;
        let claim = match row_match {
            RowMatch::Same => return,
            RowMatch::Differs => {
                compared.differing.insert(row);
                return;
            }
            RowMatch::Mismatched(claim) => {
                compared.differing.insert(row);
                compared.mismatched.insert(row);
                claim
            }
            RowMatch::Unmatched(claim) => {
                compared.unmatched.insert(row);
                claim
            }
        };
        if let Some(claim) = claim {
            compared.claims.insert(row, claim);
            compared.count_claim(claim.was, 1);
        }
    }

    fn row_match(&self, row: u32) -> Option<RowMatch> {
        self.snapshot.as_ref()?;
        let Some(was) = self.was(row) else {
            let damaged = |(damage, was)| Claim { was, how: ClaimBasis::Damaged(damage) };
            let plain = |was| Claim { was, how: ClaimBasis::Plain };
            let known = |was| Claim { was, how: ClaimBasis::Known };
            let resembles = |was| Claim { was, how: ClaimBasis::Resembles };
            // A namesake has the whole name too, and another address for it.
            let alike = || {
                let was = self.lookalike(row)?;
                let is_it = self.is_more_than_a_namesake(row, was) || self.is_a_slip_of(row, was);
                is_it.then_some(was)
            };
            let claim = self
                .damaged_key(row)
                .map(damaged)
                .or_else(|| alike().map(plain))
                .or_else(|| self.known_by(row).map(known))
                .or_else(|| self.resembles(row).map(resembles))
                .or_else(|| self.lookalike(row).map(resembles));
            return Some(RowMatch::Unmatched(claim));
        };
        if !self.is_other(row, was) {
            return Some(RowMatch::Same);
        }
        let Some(own) = self.seems(row, was) else { return Some(RowMatch::Differs) };
        let claim = Claim { was: own, how: ClaimBasis::Mismatched };
        Some(RowMatch::Mismatched(self.missing.contains(&own).then_some(claim)))
    }

    /// The missing person whom a row is under another key, or may be.
    /// [`CheckContext::same_person`] tells the evidence too.
    pub fn claim(&self, row: u32) -> Option<Claim> {
        if self.compared.claims.is_empty() {
            return None;
        }
        self.compared.claims.get(&row).copied()
    }

    /// Whether some row is this missing person under another key.
    pub fn is_claimed(&self, was: u32) -> bool {
        self.compared.claimed.contains_key(&was)
    }

    /// Missing people who were claimed or let go since this was last asked.
    pub(crate) fn claims_moved(&mut self) -> Vec<u32> {
        std::mem::take(&mut self.compared.claims_moved)
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

    /// The rows that differ, in the order of their ids.
    pub fn differing(&self) -> Vec<u32> {
        let mut rows: Vec<u32> = self.compared.differing.iter().copied().collect();
        rows.sort_unstable();
        rows
    }

    /// The rows that differ, and those without a counterpart: all that a comparison has to look at.
    pub fn apart(&self) -> Vec<u32> {
        let compared = &self.compared;
        let mut rows: Vec<u32> =
            compared.differing.iter().chain(&compared.unmatched).copied().collect();
        rows.sort_unstable();
        rows
    }

    /// Whether a row is other than the snapshot's of its key, or has none there.
    pub(super) fn is_apart(&self, row: u32) -> bool {
        self.compared.differing.contains(&row) || self.compared.unmatched.contains(&row)
    }

    /// Whether a row carries one person's key and otherwise plainly is another person of the snapshot.
    pub fn is_someone_else(&self, row: u32) -> bool {
        !self.compared.mismatched.is_empty() && self.compared.mismatched.contains(&row)
    }

    /// Rows whose findings change with any other row's: those that carry the key of somebody else.
    pub(crate) fn depending_on_any_row(&self) -> Vec<u32> {
        let mut rows: Vec<u32> = self.compared.mismatched.iter().copied().collect();
        rows.sort_unstable();
        rows
    }

    /// Rows whose findings change with who is missing, or with a column that slid: these, and those without a
    /// counterpart.
    pub(crate) fn depending_on_who_is_missing(&self) -> Vec<u32> {
        let mut rows = self.depending_on_any_row();
        rows.extend(&self.compared.unmatched);
        rows.sort_unstable();
        rows
    }

    /// Whether a column as a whole has slid away from its people.
    pub fn is_scrambled(&self, column: usize) -> bool {
        let scrambled = &self.compared.scrambled;
        scrambled.keys || scrambled.columns.contains(&column)
    }

    /// Columns whose cells belong to other people, as far as it has been decided.
    pub fn scrambled(&self) -> &Scrambled {
        &self.compared.scrambled
    }

    fn identifying_columns(&self) -> Vec<usize> {
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
            return None;
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
        let rows = index.rows(hash_of(&value.to_lowercase())).filter(has_it);
        let people: Vec<u32> = rows.take(SHARED + 1).collect();
        (people.len() <= SHARED).then_some(people)
    }

    fn index_people(&self) -> Vec<KeyIndex> {
        let Some(snapshot) = &self.snapshot else { return Vec::new() };
        let index = |column: &usize| {
            KeyIndex::build(&snapshot.table, |row| {
                let cell = snapshot.table.cell(row, self.snapshot_columns[*column]?);
                let value = cell.trim();
                (!value.is_empty()).then(|| hash_of(&value.to_lowercase()))
            })
        };
        self.compared.identifying.iter().map(index).collect()
    }

    /// Decides anew which columns are scrambled; answers whether that changed.
    pub(crate) fn update_scrambled(&mut self) -> bool {
        // Among very many, a few more or less decide nothing.
        const VERY_MANY: usize = 300;
        let differing = self.compared.differing.len();
        let before = self.compared.decided_at;
        if before > VERY_MANY && differing.abs_diff(before) * 50 < before {
            return false;
        }
        self.compared.decided_at = differing;
        let found = self.find_scrambled();
        let moved = found != self.compared.scrambled;
        self.compared.scrambled = found;
        moved
    }

    fn find_scrambled(&self) -> Scrambled {
        let differing = &self.compared.differing;
        if differing.len() < MANY || self.snapshot.is_none() {
            return Scrambled::default();
        }
        let rows = self.differing();
        let step = rows.len().div_ceil(SAMPLE);
        let pairs: Vec<(u32, u32)> =
            rows.into_iter().step_by(step).filter_map(|row| Some((row, self.was(row)?))).collect();
        if let Some(found) = self.find_mismatched(&pairs) {
            return found;
        }
        let identifying = &self.compared.identifying;
        let mut columns: Vec<usize> =
            identifying.iter().copied().filter(|&c| self.changed_hands(c, &pairs)).collect();
        let plain = |column: &&Column| {
            !identifying.contains(&column.at) && !column.is_key && !column.is_secret()
        };
        let whole = self.roster.table.len() / step;
        columns.extend(
            self.roster
                .columns
                .iter()
                .filter(plain)
                .map(|c| c.at)
                .filter(|&c| self.changed_order(c, &pairs, whole)),
        );
        columns.sort_unstable();
        Scrambled { columns, keys: false }
    }

    /// Many rows that are somebody else by name and e-mail: either their keys were moved, or names and e-mails were.
    fn find_mismatched(&self, pairs: &[(u32, u32)]) -> Option<Scrambled> {
        const FEW: usize = 12;
        let mismatched: Vec<(u32, u32, u32)> = pairs
            .iter()
            .filter(|(row, _)| self.is_someone_else(*row))
            .filter_map(|&(row, was)| Some((row, was, self.seems(row, was)?)))
            .collect();
        let exchanged = |&(row, was, _): &(u32, u32, u32)| self.exchanged_with(row, was).is_some();
        if mismatched.len() < MANY || (mismatched.len() <= FEW && mismatched.iter().all(exchanged))
        {
            return None;
        }
        let identifying = &self.compared.identifying;
        let others = self
            .roster
            .columns
            .iter()
            .filter(|c| !c.is_key && !c.is_secret() && !identifying.contains(&c.at));
        let (mut with_key, mut with_person) = (0, 0);
        for column in others {
            for &(row, was, own) in mismatched.iter().take(2000) {
                let now = self.roster.table.cell(row, column.at);
                let by_key = self.was_cell(was, column.at);
                let by_person = self.was_cell(own, column.at);
                if by_key != by_person {
                    with_key += usize::from(by_key.is_some_and(|before| before == now));
                    with_person += usize::from(by_person.is_some_and(|before| before == now));
                }
            }
        }
        if with_key <= with_person {
            let columns = self.roster.key.into_iter().collect();
            return Some(Scrambled { columns, keys: true });
        }
        let mut columns: Vec<usize> = identifying
            .iter()
            .copied()
            .filter(|&column| {
                let moved = |&&(row, was, _): &&(u32, u32, u32)| {
                    self.was_cell(was, column)
                        .is_some_and(|before| before != self.roster.table.cell(row, column))
                };
                mismatched.iter().filter(moved).count() * 2 >= mismatched.len()
            })
            .collect();
        columns.sort_unstable();
        Some(Scrambled { columns, keys: false })
    }

    /// Whether what a identifying column lost in some rows stands in others now.
    fn changed_hands(&self, column: usize, pairs: &[(u32, u32)]) -> bool {
        let (Some(snapshot), Some(counterpart)) = (&self.snapshot, self.snapshot_columns[column])
        else {
            return false;
        };
        let (mut changed, mut moved, mut vacated) = (0, 0, 0);
        for &(row, was) in pairs {
            let now = self.roster.table.cell(row, column);
            let value = now.trim();
            if value.is_empty() || same(value, snapshot.table.cell(was, counterpart).trim()) {
                continue;
            }
            let Some(mut sources) = self.few_having(column, value) else { continue };
            sources.retain(|&source| source != was);
            changed += 1;
            moved += usize::from(!sources.is_empty());
            let gave_it_up = |s: &u32| {
                let other = self.roster.row_of_key(&snapshot.key_text(*s));
                other.is_some_and(|r| !same(self.roster.table.cell(r, column).trim(), value))
            };
            vacated += usize::from(sources.iter().any(gave_it_up));
        }
        changed >= MANY && moved * 5 >= changed * 4 && vacated * 2 >= moved
    }

    /// Whether a column has the same values as before, as often, but in other rows.
    fn changed_order(&self, column: usize, pairs: &[(u32, u32)], whole: usize) -> bool {
        let (Some(snapshot), Some(counterpart)) = (&self.snapshot, self.snapshot_columns[column])
        else {
            return false;
        };
        let mut changed = 0;
        let mut balance: FxHashMap<u32, i64> = FxHashMap::default();
        for &(row, was) in pairs {
            let (now, before) =
                (self.roster.table.cell(row, column), snapshot.table.cell(was, counterpart));
            if now == before {
                continue;
            }
            changed += 1;
            *balance.entry(hash_of(&now)).or_default() += 1;
            *balance.entry(hash_of(&before)).or_default() -= 1;
        }
        let off: i64 = balance.values().map(|n| n.abs()).sum();
        changed > MANY
            && changed * 10 >= whole * 3
            && balance.len() >= 3
            && off * 25 <= changed as i64
    }

    /// The row that has this row's key, and whose key this row has.
    pub fn exchanged_with(&self, row: u32, was: u32) -> Option<u32> {
        let snapshot = self.snapshot.as_ref()?;
        let own = self.seems(row, was)?;
        let other = self.roster.row_of_key(&snapshot.key_text(own))?;
        (self.seems(other, own) == Some(was)).then_some(other)
    }
}

pub(super) fn same(a: &str, b: &str) -> bool {
    a == b || (a.len() == b.len() && a.to_lowercase() == b.to_lowercase())
}

fn mostly_different(roster: &muster_roster::roster::Roster, column: usize) -> bool {
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
