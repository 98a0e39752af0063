//! People of one name: who may be another's double, and what says so.

use std::cell::RefCell;
use std::hash::Hasher;

use super::cross_refs::form_at;
use super::{CheckContext, ValueCache};
use muster_roster::letters;
use muster_roster::profile::FieldKind;
use muster_roster::roster::{Column, KeyIndex, Moment, Roster, hash_of_number};
use muster_table::going::GoOn;

/// Who has which name, kept up while people are edited. Thousands may share a name; who shares something else besides is
/// found without a look at all of them.
pub struct Namesakes {
    named: KeyIndex,
    /// For each column by which a person is told from a namesake, who shares both the name and what stands there.
    agreeing: Vec<(usize, KeyIndex)>,
}

/// A name that more people share says nothing of any of them.
const MOST: usize = 50;

/// What counts of a name: letters without accents and case, an umlaut as two letters too, whatever the order of the words. Each
/// word is a number, and they are added up: what a cell gives is had once for all who have that cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct NameForm {
    words: u32,
    sum: u64,
}

impl NameForm {
    fn of_cell(cell: &str, room: &mut String) -> NameForm {
        let mut form = NameForm::default();
        letters::each_folded(cell, room, |word| {
            form.words += 1;
            form.sum = form.sum.wrapping_add(number_of(word, 0));
        });
        form
    }

    fn hash(self) -> u32 {
        hash_of_number(self.sum)
    }
}

thread_local! {
    /// What cells of names gave before, by the part of the name, and room for a word. It rests on their text alone.
    static KNOWN: RefCell<(ValueCache<NameForm>, String)> =
        RefCell::new((ValueCache::of(4), String::new()));
}

fn name_form(roster: &Roster, row: u32) -> Option<NameForm> {
    let mut whole = NameForm::default();
    for (part, column) in roster.columns.iter().filter(|c| c.name_part > 0).enumerate() {
        let cell = roster.table.cell(row, column.at);
        let form = KNOWN.with_borrow_mut(|(forms, room)| {
            if let Some(form) = forms.get(part, &cell) {
                return *form;
            }
            let form = NameForm::of_cell(&cell, room);
            forms.put(part, &cell, form);
            form
        });
        whole.words += form.words;
        whole.sum = whole.sum.wrapping_add(form.sum);
    }
    // One word alone is a nickname, or half a name.
    (whole.words >= 2).then_some(whole)
}

fn number_of(text: &str, beside: u64) -> u64 {
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write_u64(beside);
    hasher.write(text.as_bytes());
    // Added up, the numbers of a hasher that is made for tables would be alike too often.
    let number = hasher.finish();
    (number ^ (number >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9)
}

/// The hash of a name with what stands in a column, where two who share both may be one person.
fn agreement(roster: &Roster, row: u32, column: &Column, name: NameForm) -> Option<u32> {
    let form = form_at(roster, row, column.at)?;
    let counts = match column.kind {
        FieldKind::Email => form.split_once('@').map_or(&*form, |(name, _)| name),
        _ => &form,
    };
    Some(hash_of_number(number_of(counts, name.sum)))
}

/// Whether namesakes who have the same in a column may be one person.
fn may_agree(column: &Column) -> bool {
    let is_compared = column.unique.is_none() || column.kind == FieldKind::Email;
    is_compared && !column.is_key && column.name_part == 0 && identifies(column)
}

impl Namesakes {
    pub fn of(roster: &Roster, go_on: GoOn) -> Option<Namesakes> {
        if !go_on(0) || roster.columns.iter().all(|c| c.name_part == 0) {
            return None;
        }
        let columns: Vec<&Column> = roster.columns.iter().filter(|c| may_agree(c)).collect();
        let hashes = |row: u32, put: &mut dyn FnMut(usize, u32)| {
            let Some(name) = name_form(roster, row) else { return };
            put(0, name.hash());
            for (n, column) in columns.iter().enumerate() {
                if let Some(hash) = agreement(roster, row, column, name) {
                    put(n + 1, hash);
                }
            }
        };
        let mut built = KeyIndex::build_all(&roster.table, columns.len() + 1, hashes).into_iter();
        let named = built.next()?;
        Some(Namesakes { named, agreeing: columns.iter().map(|c| c.at).zip(built).collect() })
    }

    /// Puts a row in, or takes it out, as it stands.
    pub fn put(&mut self, roster: &Roster, row: u32, put: impl Fn(&mut KeyIndex, u32, u32)) {
        let Some(form) = name_form(roster, row) else { return };
        put(&mut self.named, form.hash(), row);
        for (column, index) in &mut self.agreeing {
            if let Some(hash) = agreement(roster, row, &roster.columns[*column], form) {
                put(index, hash, row);
            }
        }
    }

    /// Other people of the same name, up to two more than say something.
    fn others(&self, roster: &Roster, row: u32) -> Vec<u32> {
        let Some(form) = name_form(roster, row) else { return Vec::new() };
        if !self.named.is_shared(form.hash()) {
            return Vec::new();
        }
        let all = self.named.rows(form.hash()).take(MOST + 2);
        all.filter(|other| *other != row && name_form(roster, *other) == Some(form)).collect()
    }

    /// Those who share more than the name, as far as a hash tells.
    fn alike(&self, roster: &Roster, row: u32) -> Vec<u32> {
        let mut alike = Vec::new();
        let Some(name) = name_form(roster, row).filter(|name| self.named.is_shared(name.hash()))
        else {
            return alike;
        };
        for (column, index) in &self.agreeing {
            let hash = agreement(roster, row, &roster.columns[*column], name);
            if let Some(hash) = hash.filter(|hash| index.is_shared(*hash)) {
                alike.extend(index.rows(hash).take(MOST + 1).filter(|other| *other != row));
            }
        }
        alike
    }

    /// The rows whose findings rest on this one.
    pub fn dependents_of(&self, roster: &Roster, row: u32) -> Vec<u32> {
        // Whether somebody comes back rests on there being one other of the name; whether a name says anything, on how many
        // have it: with one more or one less it may be otherwise for all of them.
        const FEW: usize = 2;
        let others = self.others(roster, row);
        if others.len() <= FEW || others.len() == MOST { others } else { self.alike(roster, row) }
    }
}

impl CheckContext {
    /// Other people of the same name, where they are few.
    fn namesakes(&self, row: u32) -> Vec<u32> {
        let index = self.cross_refs.namesakes.as_ref();
        let others = index.map_or(Vec::new(), |index| index.others(&self.roster, row));
        if others.len() < MOST { others } else { Vec::new() }
    }

    /// An earlier row that looks like the same person under another key, and what says so.
    pub(super) fn twice(&self, row: u32) -> Option<(u32, String)> {
        let alike = self.cross_refs.namesakes.as_ref()?.alike(&self.roster, row);
        if alike.is_empty() {
            return None;
        }
        let namesakes = self.namesakes(row);
        let place = self.roster.table.index_of(row)?;
        let key = self.roster.key_text(row);
        let own = self.roster.key_form(&key).into_owned();
        let mut earlier: Vec<(usize, u32)> = namesakes
            .into_iter()
            .filter(|other| alike.contains(other))
            .filter_map(|other| Some((self.roster.table.index_of(other)?, other)))
            .filter(|(at, _)| *at < place)
            .collect();
        earlier.sort_unstable();
        earlier.into_iter().find_map(|(_, other)| {
            let key = self.roster.key_text(other);
            let form = self.roster.key_form(&key);
            // New people have no key as yet where keys are the LMS's own, and are not one for that.
            (form != own || form.is_empty()).then_some(())?;
            Some((other, self.agrees_in(row, other)?))
        })
    }

    /// The one other of the same name, where that one is not active and a row is somebody new: who comes back would be there
    /// twice. Two days of birth are two people, and a name that more have says nothing.
    pub(super) fn comes_back(&self, row: u32) -> Option<u32> {
        let roster = &self.roster;
        let is_known = |row: u32| {
            let key = roster.key_text(row);
            !key.trim().is_empty()
                && (self.snapshot.is_none() || !self.rows_of_snapshot(&key).is_empty())
        };
        if roster.status().is_none() || roster.is_inactive(row) || is_known(row) {
            return None;
        }
        let born = roster.columns.iter().find(|c| c.moment == Some(Moment::Born));
        let is_born = |row: u32| form_at(roster, row, born?.at);
        let is_of_another_day = |other: u32| match (is_born(row), is_born(other)) {
            (Some(one), Some(two)) => one != two,
            _ => false,
        };
        let gone = |other: &u32| {
            roster.is_inactive(*other) && is_known(*other) && !is_of_another_day(*other)
        };
        let [only] = self.namesakes(row)[..] else { return None };
        gone(&only).then_some(only)
    }

    /// What two people of one name have in common that namesakes have not.
    fn agrees_in(&self, row: u32, other: u32) -> Option<String> {
        let roster = &self.roster;
        let identifying = roster.columns.iter().filter(|c| c.name_part == 0 && identifies(c));
        for column in identifying.filter(|c| !c.is_key) {
            let (Some(one), Some(two)) =
                (form_at(roster, row, column.at), form_at(roster, other, column.at))
            else {
                continue;
            };
            let called = roster.called(column.at);
            // Many are born in one year.
            let only_a_year = column.moment == Some(Moment::Born) && one.len() <= 4;
            if one == two && column.unique.is_none() && !only_a_year {
                return Some(format!("the {called} is the same"));
            }
            let before_at =
                |address: &str| address.split_once('@').map(|(name, _)| name.to_owned());
            if column.kind == FieldKind::Email
                && one != two
                && before_at(&one).is_some_and(|name| before_at(&two) == Some(name))
            {
                return Some(format!("the {called} differs only after the @"));
            }
        }
        None
    }
}

/// Columns by which a person is told from a namesake.
pub(super) fn identifies(column: &Column) -> bool {
    const LIKE: [&str; 10] = [
        "phone",
        "phonenumber",
        "mobile",
        "mobilephone",
        "mobilenumber",
        "employeeid",
        "employeenumber",
        "personnelnumber",
        "nationalid",
        "externalid",
    ];
    let own_address = column.kind == FieldKind::Email
        && !column.form.contains("manager")
        && !column.form.contains("supervisor");
    column.name_part > 0
        || own_address
        || column.moment == Some(Moment::Born)
        || LIKE.contains(&column.form.as_str())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::checker::Checker;
    use muster_roster::lists::Lists;
    use muster_roster::profile::Profile;
    use muster_table::edit::Edit;
    use muster_table::table::Table;

    const NAMES: [&str; 5] = ["Ana Silva", "silva  ANA", "Jürgen Groß", "Juergen Gross", "Bo"];
    const PHONES: [&str; 4] = ["", "555 1", "555 2", "555 1 "];
    const ADDRESSES: [&str; 4] = ["", "ana@example.com", "Ana@sales.example.com", "bo@example.com"];
    const COLUMNS: [&[&str]; 3] = [&NAMES, &PHONES, &ADDRESSES];

    /// As it would be found by comparing each with each.
    fn each_with_each(context: &CheckContext, row: u32) -> Option<(u32, String)> {
        let roster = &context.roster;
        let words = |row: u32| {
            let name = roster.columns.iter().find(|c| c.name_part > 0).expect("a name").at;
            let mut words = letters::folded(&roster.table.cell(row, name));
            words.sort_unstable();
            words
        };
        let same = |other: &u32| words(*other) == words(row);
        if words(row).len() < 2 || roster.table.rows().filter(same).count() > MOST {
            return None;
        }
        let earlier = roster.table.rows().take_while(|other| *other != row).filter(same);
        let form = |row: u32| roster.key_form(&roster.key_text(row)).into_owned();
        earlier
            .filter(|other| form(*other) != form(row))
            .find_map(|other| Some((other, context.agrees_in(row, other)?)))
    }

    proptest! {
        #[test]
        fn who_is_there_twice_is_found_as_by_comparing_each_with_each(
            people in proptest::collection::vec((0usize..5, 0usize..4, 0usize..4), 1..70),
            edits in proptest::collection::vec((any::<prop::sample::Index>(), 0usize..3, 0usize..5), 0..12),
        ) {
            let mut text = String::from("employee_id,name,phone,email\n");
            for (n, (name, phone, address)) in people.iter().enumerate() {
                text += &format!("{n},{},{},{}\n", NAMES[*name], PHONES[*phone], ADDRESSES[*address]);
            }
            let profile = Arc::new(Profile::built_in("generic").expect("it comes with Muster"));
            let roster = Roster::read(Table::from_text(&text).expect("a table"), profile);
            let context = CheckContext::new(roster, None, Lists::new());
            let mut checker = Checker::new(context, &|_| true).expect("nothing stops it");
            for (row, column, value) in edits {
                let table = &checker.context().roster.table;
                let row = table.row_at(row.index(people.len())).expect("a row");
                let values = COLUMNS[column];
                let at = column + 1;
                let before = table.cell(row, at).into_owned();
                let after = values[value % values.len()].to_owned();
                let edit = Edit::Set { row, column: u32::try_from(at).expect("few"), before, after };
                checker.apply(&[edit]).expect("it fits");
            }
            checker.flush();
            let context = checker.context();
            for row in context.roster.table.rows() {
                prop_assert_eq!(context.twice(row), each_with_each(context, row));
            }
        }
    }
}
