//! People who stand in the file under another key than the LMS has for them, as somebody who married does where the e-mail
//! is the key. A file cannot change it: the others of their cells go under the old key, and the new one is to be put in by
//! hand. Nobody is made a second time for it.

use rustc_hash::FxHashMap;

use super::cells::{CellOutcome, by_hand_cell};
use super::person::Planner;
use muster_roster::diff::{Match, Pairing};
use muster_roster::profile::KeyGiver;
use muster_roster::roster::Roster;
use muster_rules::checker::Checker;
use muster_rules::rules::{ClaimBasis, SamePerson, is_slip};
use muster_table::narrow;

/// Pairs whoever is certainly somebody of the snapshot with that person: by row, who that is.
pub(super) fn pair(checker: &Checker, pairing: &mut Pairing) -> FxHashMap<u32, SamePerson> {
    let context = checker.context();
    let profile = &context.roster.profile;
    let mut renamed = FxHashMap::default();
    // An interface has its own way of changing a key.
    if profile.key.given_by != KeyGiver::You || profile.sent_by.is_some() {
        return renamed;
    }
    by_old_key(checker, pairing, &mut renamed);
    let unmatched: Vec<usize> = (0..pairing.new.len())
        .filter(|&at| pairing.new.get(at) == Some(&Match::Unmatched))
        .collect();
    for at in unmatched {
        let Some(row) = context.roster.table.row_at(at) else { continue };
        let Some(same) = context.same_person(row) else { continue };
        if matches!(same.how, ClaimBasis::Plain | ClaimBasis::Known) && pairing.pair(at, same.was) {
            renamed.insert(row, same);
        }
    }
    renamed
}

/// Pairs whoever is said to have had another key, where the LMS has that one.
fn by_old_key(checker: &Checker, pairing: &mut Pairing, renamed: &mut FxHashMap<u32, SamePerson>) {
    let context = checker.context();
    let (roster, Some(snapshot)) = (&context.roster, &context.snapshot) else { return };
    let Some(column) = roster.profile.key.renamed_by.as_deref().and_then(|f| roster.column_of(f))
    else {
        return;
    };
    for at in 0..pairing.new.len() {
        if pairing.new.get(at) != Some(&Match::Unmatched) {
            continue;
        }
        let Some(row) = roster.table.row_at(at) else { continue };
        let old = roster.table.cell(row, column);
        let Some(was) = snapshot.row_of_key(&old).filter(|_| !old.trim().is_empty()) else {
            continue;
        };
        if pairing.pair(at, was) {
            let how = ClaimBasis::Known;
            let same = SamePerson { was, how, agree: vec![column], differ: Vec::new() };
            renamed.insert(row, same);
        }
    }
}

impl Planner<'_> {
    /// Whether the file itself changes keys.
    pub fn renames_by_file(&self) -> bool {
        let profile = &self.roster.profile;
        profile.key.renamed_by.is_some() && profile.sent_by.is_none()
    }

    /// Why the LMS takes nothing of a row that names an old key: it has nobody of that key, or somebody has the new one.
    pub fn not_renamed(&self, row: u32, found: Match) -> Option<String> {
        let field = self.roster.profile.key.renamed_by.as_deref()?;
        let column = self.roster.column_of(field).filter(|_| self.renames_by_file())?;
        let old = self.roster.table.cell(row, column);
        let (old, lms) = (old.trim(), self.lms());
        let snapshot = self.snapshot.filter(|_| !old.is_empty())?;
        let key = self.roster.key_text(row);
        match found {
            Match::Row(was) if self.renamed.contains_key(&row) => {
                let has = snapshot.key_text(was);
                let same = snapshot.key_form(&has) == snapshot.key_form(old);
                (!same).then(|| {
                    let (name, known_by) = self.before(was);
                    format!(
                        "is to be renamed from `{old}`, and by all else is {}: one of the two is to be put right",
                        super::who(&name, &known_by)
                    )
                })
            }
            Match::Row(_) => Some(format!(
                "is to be renamed from `{old}`, and {lms} has `{}` already: it takes nothing of this row",
                key.trim()
            )),
            _ if snapshot.row_of_key(old).is_none() => Some(format!(
                "is to be renamed from `{old}`, and {lms} has nobody called so: it takes nothing of this row"
            )),
            _ => None,
        }
    }

    /// Whom a new row may be, so that making it could make somebody twice.
    pub fn probable(&self, row: u32) -> Option<SamePerson> {
        self.checker.context().same_person(row)
    }

    /// The columns that go as the LMS has them, so that it finds somebody who is renamed: the key, and what stands in for
    /// it where that is what the LMS goes by.
    pub fn kept_for_key(&self, snapshot: &Roster, row: u32, was: u32) -> Vec<usize> {
        // A file that renames has the new one.
        if !self.renamed.contains_key(&row) || self.renames_by_file() {
            return Vec::new();
        }
        let key = self.roster.key;
        let had = key.and_then(|key| {
            let old = self.columns.pairs.iter().find(|pair| pair.new == key)?.old;
            Some(!snapshot.table.cell(was, old).trim().is_empty())
        });
        let stands_in = self.roster.key_fallback.filter(|_| had != Some(true));
        key.into_iter().chain(stands_in).collect()
    }

    /// The key of somebody who is renamed changes by hand and not by the file.
    pub fn rename_by_hand(&self, kept: &[usize], cell_outcomes: &mut [(usize, CellOutcome)]) {
        for (n, cell_outcome) in cell_outcomes {
            let column = self.column_rules[*n].column.at;
            if kept.contains(&column) {
                let why = format!("the key changes in {} itself, not by a file", self.lms());
                *cell_outcome = by_hand_cell(&self.column_rules[*n], why, cell_outcome);
            }
        }
    }

    /// "is Sunniva Dahl (`sunniva@…`) under another key: employee ID is the same; last name differs".
    pub fn renamed_why(&self, row: u32, same: &SamePerson) -> String {
        let context = self.checker.context();
        let (name, known_by) = self.before(same.was);
        let against = context.against(row, same.was);
        let but = if against.is_empty() { String::new() } else { format!("; {against}") };
        let under = match self.is_key_blank(row) {
            true => "though the file has no key of theirs",
            false => "under another key",
        };
        format!(
            "is {} {under}: {}{but}",
            super::who(&name, &known_by),
            context.evidence(row, same.was)
        )
    }

    /// Whether the file has nothing where the key stands, whatever else the LMS takes for it then.
    pub fn is_key_blank(&self, row: u32) -> bool {
        let cell = self.roster.key.map(|key| self.roster.table.cell(row, key));
        cell.is_some_and(|cell| cell.trim().is_empty())
    }

    /// Whether the other key looks like the old one mistyped: whoever marries has another name too.
    pub fn is_mistyped(&self, row: u32, was: u32) -> bool {
        let Some(snapshot) = self.snapshot else { return false };
        let is_renamed = self.renamed.contains_key(&row);
        is_renamed
            && self.roster.name(row).to_lowercase() == snapshot.name(was).to_lowercase()
            && is_slip(&self.roster.key_text(row), &snapshot.key_text(was))
    }

    /// The places of columns as a plan keeps them.
    pub fn places(columns: &[usize]) -> impl Iterator<Item = u32> + '_ {
        columns.iter().map(|&at| narrow::place(at))
    }
}
