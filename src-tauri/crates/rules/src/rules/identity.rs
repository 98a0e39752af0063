//! Who in the snapshot a row under another key probably is, and what speaks for it: an ID or a value that only the LMS
//! writes says more than a name and an address that differ, and an ID that differs says more than a name that agrees.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::damage::Damage;
use super::{CheckContext, ClaimBasis};
use muster_roster::letters;
use muster_roster::profile::FieldKind;
use muster_roster::roster::{Column, KeyIndex, hash_in_any_case};

/// Somebody of the snapshot whom nobody in the file has the key of, and whom a row is or may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamePerson {
    /// The snapshot's row.
    pub was: u32,
    /// What it rests on.
    pub how: ClaimBasis,
    /// The columns of the roster that say who somebody is and agree, the weightiest first.
    pub agree: Vec<usize>,
    /// Those that differ. Where one of the two is blank, it says nothing.
    pub differ: Vec<usize>,
}

impl SamePerson {
    /// Whether more says so than a name, an e-mail or a date, which another may have too.
    pub fn is_certain(&self) -> bool {
        self.how != ClaimBasis::Resembles
    }
}

/// How a column of a row stands to a person of the snapshot.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Agreement {
    Agrees,
    Differs,
    /// One of the two is blank, or is what a spreadsheet makes of the other.
    Silent,
}

impl CheckContext {
    /// Who in the snapshot a row under another key is or may be, with what speaks for it and against it.
    pub fn same_person(&self, row: u32) -> Option<SamePerson> {
        let claim = self.claim(row)?;
        let (agree, differ) = self.speaking(row, claim.was);
        Some(SamePerson { was: claim.was, how: claim.how, agree, differ })
    }

    /// Whose a row is of the snapshot: by its key, or under another key where more than one thing says so and no other row
    /// is taken for that person as well. Nobody is in such a person's way with what is theirs.
    pub fn own(&self, row: u32) -> Option<u32> {
        self.was(row).or_else(|| {
            let was = self.claim(row)?.was;
            (self.is_only_claim(was) && self.is_probable(row)).then_some(was)
        })
    }

    /// Whether a row under another key probably is who it is taken for: beside an ID, or a value that only the LMS writes,
    /// something else agrees that says who somebody is, be it a part of the name.
    pub fn is_probable(&self, row: u32) -> bool {
        self.claim(row).is_some_and(|claim| match claim.how {
            ClaimBasis::Damaged(_) | ClaimBasis::Plain | ClaimBasis::Mismatched => true,
            ClaimBasis::Known => {
                self.speaking(row, claim.was).0.len() > 1 || self.shares_a_name(row, claim.was)
            }
            ClaimBasis::Resembles => false,
        })
    }

    /// What says that a row is a person of the snapshot: "external ID and first name are the same".
    pub fn evidence(&self, row: u32, was: u32) -> String {
        let (agree, _) = self.speaking(row, was);
        let names: Vec<String> = agree.iter().map(|&column| self.roster.called(column)).collect();
        match names.len() {
            0 if self.shares_a_name(row, was) => "the name is much the same".into(),
            0 => "the rest is the same".into(),
            1 if self.roster.columns[agree[0]].name_part > 0 && self.is_all_the_rest(row, was) => {
                format!("{} and all of the rest are the same", names[0])
            }
            1 => format!("{} is the same", names[0]),
            _ => format!("{} are the same", muster_table::words::listed(&names)),
        }
    }

    /// What speaks against it: "e-mail and last name differ"; blank where nothing does.
    pub fn against(&self, row: u32, was: u32) -> String {
        let (_, differ) = self.speaking(row, was);
        let names: Vec<String> = differ.iter().map(|&column| self.roster.called(column)).collect();
        match names.len() {
            0 => String::new(),
            1 => format!("{} differs", names[0]),
            _ => format!("{} differ", muster_table::words::listed(&names)),
        }
    }

    /// The columns that say who somebody is: those that agree, and those that do not.
    fn speaking(&self, row: u32, was: u32) -> (Vec<usize>, Vec<usize>) {
        let says = |column: &&Column| {
            !column.is_key
                && (self.is_identifying(column.at)
                    || column.identifies
                    || self.is_read_only(column)
                    || self.is_a_day(column))
        };
        let mut columns: Vec<&Column> = self.roster.columns.iter().filter(says).collect();
        columns.sort_by_key(|c| (!c.identifies, c.unique.is_none(), c.at));
        let (mut agree, mut differ) = (Vec::new(), Vec::new());
        for column in columns {
            match self.agreement_in(row, was, column) {
                Agreement::Agrees => agree.push(column.at),
                // A day of hire that was corrected makes nobody another person.
                Agreement::Differs if !self.is_a_day(column) => differ.push(column.at),
                Agreement::Differs | Agreement::Silent => {}
            }
        }
        (agree, differ)
    }

    fn agreement_in(&self, row: u32, was: u32, column: &Column) -> Agreement {
        let now = self.roster.table.cell(row, column.at);
        let before = self.was_cell(was, column.at).unwrap_or_default();
        let (now, before) = (now.trim(), before.trim());
        if now.is_empty() || before.is_empty() || Damage::between(before, now).is_some() {
            Agreement::Silent
        } else if self.same_in(column.at, now, before) {
            Agreement::Agrees
        } else {
            Agreement::Differs
        }
    }

    pub(super) fn is_read_only(&self, column: &Column) -> bool {
        // A password says of nobody who they are.
        self.roster.field(column.at).is_some_and(|field| field.read_only) && !column.is_secret()
    }

    /// A day that few people share, such as that of birth or of hire.
    pub(super) fn is_a_day(&self, column: &Column) -> bool {
        column.kind == FieldKind::Date && !self.is_read_only(column)
    }

    /// How many IDs and values that no two people share a row has in common with somebody, and how many IDs differ; the
    /// key is left out.
    fn ids(&self, row: u32, was: u32) -> (usize, usize) {
        let says = |c: &&Column| !c.is_key && (c.identifies || c.unique.is_some());
        self.roster.columns.iter().filter(says).fold((0, 0), |(agree, differ), column| {
            match self.agreement_in(row, was, column) {
                Agreement::Agrees => (agree + 1, differ),
                Agreement::Differs if column.identifies => (agree, differ + 1),
                Agreement::Differs | Agreement::Silent => (agree, differ),
            }
        })
    }

    /// Whether an ID says that a row is somebody else, the key included where that is one.
    pub(super) fn is_denied(&self, row: u32, was: u32) -> bool {
        let (agree, differ) = self.ids(row, was);
        differ > agree || (agree == 0 && self.has_another_id(row, was))
    }

    /// Whether the key is such an ID and is another one, not the same mistyped.
    pub(super) fn has_another_id(&self, row: u32, was: u32) -> bool {
        let key = self.roster.key.map(|key| &self.roster.columns[key]).filter(|key| key.identifies);
        key.is_some_and(|key| {
            let before = self.was_cell(was, key.at).unwrap_or_default();
            self.agreement_in(row, was, key) == Agreement::Differs
                && !is_slip(&self.roster.table.cell(row, key.at), &before)
        })
    }

    /// Whether the key of a row is that of somebody, mistyped. Addresses of namesakes differ by as little.
    pub(super) fn is_a_slip_of(&self, row: u32, was: u32) -> bool {
        let (Some(key), Some(snapshot)) = (self.roster.key, &self.snapshot) else { return false };
        let (now, before) = (self.roster.table.cell(row, key), snapshot.key_text(was));
        !before.contains('@') && is_slip(&now, &before)
    }

    /// The one missing person whose ID a row has, or a value that only the LMS writes.
    pub(super) fn known_by(&self, row: u32) -> Option<u32> {
        if self.missing.is_empty() {
            return None;
        }
        let ids = |c: &&Column| (c.identifies || c.unique.is_some()) && !c.is_secret();
        let by_id = self.having_what(row, ids);
        let is_theirs =
            |was: &u32| !self.is_denied(row, *was) && !self.is_called_otherwise(row, *was);
        let mut known: Vec<u32> = by_id.into_iter().filter(is_theirs).collect();
        if known.is_empty() {
            let written = |c: &&Column| self.is_read_only(c);
            known = self.having_what(row, written);
            known.retain(|&was| {
                !self.is_denied(row, was)
                    && self.is_borne_out(row, was)
                    && self.has_what_few_have(row, was)
            });
        }
        if known.len() == 1 { known.pop() } else { None }
    }

    /// The missing people who have what a row has in any of some columns.
    fn having_what(&self, row: u32, of: impl Fn(&&Column) -> bool) -> Vec<u32> {
        let columns = self.roster.columns.iter().filter(|c| !c.is_key && of(c));
        let mut rows: Vec<u32> = columns.flat_map(|c| self.missing_with_same(row, c.at)).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    /// Whether a value that only the LMS writes says who somebody is: nobody else has it, or a part of the name or most
    /// other cells agree.
    fn is_borne_out(&self, row: u32, was: u32) -> bool {
        self.shares_a_name(row, was) || self.is_mostly(row, was) || self.is_only_one_with(row)
    }

    /// Whether a value that only the LMS writes is that of few: that most are active says nothing of anybody. Under another
    /// given name it has to be that of one.
    fn has_what_few_have(&self, row: u32, was: u32) -> bool {
        let len = self.snapshot.as_ref().map_or(0, |snapshot| snapshot.table.len());
        let is_of_few = |column: &Column| {
            let count = self.how_many_have(column.at, &self.roster.table.cell(row, column.at));
            count <= 2 || count * 3 <= len
        };
        let agrees = |c: &&Column| {
            self.is_read_only(c) && self.agreement_in(row, was, c) == Agreement::Agrees
        };
        self.roster.columns.iter().filter(agrees).any(is_of_few)
            && (self.may_be_called_so(row, was) || self.is_only_one_with(row))
    }

    fn is_only_one_with(&self, row: u32) -> bool {
        self.index_what_the_lms_wrote().iter().any(|(column, index)| {
            let cell = self.roster.table.cell(row, *column);
            let value = cell.trim();
            !value.is_empty() && index.rows(hash_in_any_case(value)).take(2).count() == 1
        })
    }

    pub(super) fn index_what_the_lms_wrote(&self) -> &[(usize, KeyIndex)] {
        self.compared.written_by_lms.get_or_init(|| self.index_written_by_lms())
    }

    fn index_written_by_lms(&self) -> Vec<(usize, KeyIndex)> {
        let Some(snapshot) = &self.snapshot else { return Vec::new() };
        let index = |column: &Column| {
            let counterpart = self.snapshot_columns[column.at]?;
            let index = KeyIndex::build(&snapshot.table, |row| {
                let cell = snapshot.table.cell(row, counterpart);
                let value = cell.trim();
                (!value.is_empty()).then(|| hash_in_any_case(value))
            });
            Some((column.at, index))
        };
        self.roster.columns.iter().filter(|c| self.is_read_only(c)).filter_map(index).collect()
    }

    /// Whether more than half of the other cells agree, of those that both have.
    fn is_mostly(&self, row: u32, was: u32) -> bool {
        let (agree, of) = self.others(row, was);
        of >= 2 && agree * 2 > of
    }

    /// Whether three of the other cells agree that are not what most people have, and no more than a quarter of all does
    /// not.
    pub(super) fn is_nearly_all(&self, row: u32, was: u32) -> bool {
        let (agree, of) = self.others(row, was);
        let says = |c: &&Column| {
            self.agreement_in(row, was, c) == Agreement::Agrees && self.is_of_some(was, c.at)
        };
        agree * 4 >= of * 3 && self.saying_little().filter(says).take(3).count() == 3
    }

    /// Whether all of the other cells agree that both have, two at least, and one of them is not what most people have.
    pub(super) fn is_all_and_says_something(&self, row: u32, was: u32) -> bool {
        let says = |c: &Column| {
            self.agreement_in(row, was, c) == Agreement::Agrees && self.is_of_some(was, c.at)
        };
        self.is_all_the_rest(row, was) && self.saying_little().any(says)
    }

    fn is_all_the_rest(&self, row: u32, was: u32) -> bool {
        let (agree, of) = self.others(row, was);
        of >= 2 && agree == of
    }

    /// Whether no more than a third of the snapshot has what somebody has in a column.
    fn is_of_some(&self, was: u32, column: usize) -> bool {
        let (Some(snapshot), Some(cell)) = (&self.snapshot, self.was_cell(was, column)) else {
            return false;
        };
        let count = self.how_many_have(column, &cell);
        count > 0 && count * 3 <= snapshot.table.len()
    }

    /// How many of the snapshot have a value in a column, whatever the case.
    pub(super) fn how_many_have(&self, column: usize, value: &str) -> usize {
        let Some(snapshot) = &self.snapshot else { return 0 };
        let columns = self
            .compared
            .counts
            .get_or_init(|| self.roster.columns.iter().map(|_| OnceLock::new()).collect());
        let form = |cell: &str| hash_in_any_case(cell.trim());
        let counts = columns[column].get_or_init(|| {
            let mut counts: FxHashMap<u32, usize> = FxHashMap::default();
            let cells = snapshot.table.rows().filter_map(|row| self.was_cell(row, column));
            cells.for_each(|cell| *counts.entry(form(&cell)).or_default() += 1);
            counts
        });
        counts.get(&form(value)).copied().unwrap_or_default()
    }

    /// The columns that say nothing of who somebody is.
    fn saying_little(&self) -> impl Iterator<Item = &Column> {
        self.roster.columns.iter().filter(|c| {
            !c.is_key && !c.is_secret() && !self.is_read_only(c) && !self.is_identifying(c.at)
        })
    }

    /// How many of these cells agree, and how many both have.
    fn others(&self, row: u32, was: u32) -> (usize, usize) {
        let (mut agree, mut of) = (0, 0);
        for column in self.saying_little() {
            match self.agreement_in(row, was, column) {
                Agreement::Agrees => (agree, of) = (agree + 1, of + 1),
                Agreement::Differs => of += 1,
                Agreement::Silent => {}
            }
        }
        (agree, of)
    }

    /// Whether nothing but one value says that a row is a person of another name: an ID that was mistyped is the ID of
    /// somebody else.
    fn is_called_otherwise(&self, row: u32, was: u32) -> bool {
        let named = |c: &&Column| {
            let before = self.was_cell(was, c.at).unwrap_or_default();
            c.name_part > 0
                && !self.roster.table.cell(row, c.at).trim().is_empty()
                && !before.trim().is_empty()
        };
        self.roster.columns.iter().any(|c| named(&c))
            && !self.shares_a_name(row, was)
            && self.speaking(row, was).0.len() <= 1
    }

    /// Whether a word of the name is the same.
    pub(super) fn shares_a_name(&self, row: u32, was: u32) -> bool {
        let Some(snapshot) = &self.snapshot else { return false };
        let parts = || self.roster.columns.iter().filter(|c| c.name_part > 0);
        let words = |text: &str| -> Vec<String> {
            let all = letters::folded(text).into_iter();
            all.filter(|word| word.chars().count() > 1).collect()
        };
        let before: FxHashSet<String> = parts()
            .filter_map(|c| self.snapshot_columns[c.at])
            .flat_map(|column| words(&snapshot.table.cell(was, column)))
            .collect();
        parts()
            .any(|c| words(&self.roster.table.cell(row, c.at)).iter().any(|w| before.contains(w)))
    }

    /// The one missing person whose e-mail a row without a match has, or the whole name, or a part of the name and a day, or an
    /// ID under another name.
    /// A resemblance, no more; beside less than the whole name an ID that differs says that it is somebody else.
    pub(super) fn resembles(&self, row: u32) -> Option<u32> {
        let columns = &self.roster.columns;
        let only = |rows: Vec<u32>| if let [only] = rows[..] { Some(only) } else { None };
        let email = columns.iter().find(|c| self.is_own_address(c) && !c.is_key);
        let by_email = email.and_then(|email| only(self.missing_with_same(row, email.at)));
        let namesake = || {
            let names: Vec<usize> =
                columns.iter().filter(|c| c.name_part > 0).map(|c| c.at).collect();
            // Who comes back gets a new staff number: another ID beside the whole name is told, not decided.
            only(self.missing_with_all(row, &names))
        };
        let by_email =
            by_email.filter(|&was| !self.is_denied(row, was) || self.shares_a_name(row, was));
        let ids = |c: &&Column| (c.identifies || c.unique.is_some()) && !c.is_secret();
        let by_id = || only(self.having_what(row, ids)).filter(|&was| !self.is_denied(row, was));
        by_email
            .or_else(namesake)
            .or_else(|| self.same_day(row))
            .or_else(by_id)
            .or_else(|| self.called_alike(row))
    }

    /// The one missing person who shares a part of the name and a day with a row.
    fn same_day(&self, row: u32) -> Option<u32> {
        if self.is_file_of_a_few() {
            return None;
        }
        let mut close: FxHashMap<u32, usize> = FxHashMap::default();
        for column in self.roster.columns.iter().filter(|c| self.is_a_day(c)) {
            for was in self.missing_with_same(row, column.at) {
                *close.entry(was).or_default() += 1;
            }
        }
        // Many begin on one day, and twins are born on one: another given name is another person.
        let is_close = |was: &u32| {
            self.shares_a_name(row, *was)
                && self.may_be_called_so(row, *was)
                && !self.is_denied(row, *was)
        };
        let mut close = close.into_keys().filter(is_close);
        let first = close.next()?;
        close.next().is_none().then_some(first)
    }
}

/// Whether one key is the other with a letter or two mistyped, which is no key of somebody else.
pub fn is_slip(now: &str, before: &str) -> bool {
    let (now, before) = (now.trim().to_lowercase(), before.trim().to_lowercase());
    let most = if before.chars().count() >= 6 { 2 } else { 1 };
    strsim::osa_distance(&now, &before) <= most
}
