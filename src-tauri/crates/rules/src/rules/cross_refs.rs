//! Whose findings rest on somebody else's row: people of one name, and people who name another, as a manager.

use rustc_hash::FxHashSet;

use super::CheckContext;
use muster_roster::letters;
use muster_roster::profile::FieldKind;
use muster_roster::roster::{Column, KeyIndex, Moment, Roster, hash_of};
use muster_table::going::GoOn;

/// Indexes that are kept up while people are edited.
#[derive(Default)]
pub struct CrossRefs {
    /// Who has which name; none where no column is part of one.
    named: Option<KeyIndex>,
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
/// A name or a value that more people share says nothing of any of them.
const MOST: usize = 50;

impl CrossRefs {
    pub fn of(roster: &Roster, go_on: GoOn) -> CrossRefs {
        let has_name = go_on(0) && roster.columns.iter().any(|c| c.name_part > 0);
        let named = has_name.then(|| {
            KeyIndex::build(&roster.table, |row| name_form(roster, row).map(|f| hash_of(&f)))
        });
        let columns = roster.columns.iter().take_while(|_| go_on(0));
        let referring = columns.filter_map(|column| {
            let by = roster.column_of(roster.field(column.at)?.refers_to.as_deref()?)?;
            let index = |at: usize| KeyIndex::build(&roster.table, |row| hash_at(roster, row, at));
            Some(Referring { column: column.at, by, naming: index(column.at), named: index(by) })
        });
        CrossRefs { named, referring: referring.collect() }
    }
}

/// What counts of a name: letters without accents and case, an umlaut as two letters too, whatever the order of the words.
fn name_form(roster: &Roster, row: u32) -> Option<String> {
    let mut text = String::new();
    for column in roster.columns.iter().filter(|c| c.name_part > 0) {
        text.push(' ');
        text.push_str(&roster.table.cell(row, column.at));
    }
    let mut words = letters::folded(&text);
    // One word alone is a nickname, or half a name.
    if words.len() < 2 {
        return None;
    }
    words.sort_unstable();
    Some(words.join(" "))
}

fn form_at(roster: &Roster, row: u32, column: usize) -> Option<String> {
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
            || (self.cross_refs.named.is_some() && identifies(&self.roster.columns[column]))
    }

    /// The rows whose findings rest on this one.
    pub(crate) fn dependents_of(&self, row: u32) -> Vec<u32> {
        let mut dependents: Vec<u32> = self.namesakes(row).collect();
        for referring in &self.cross_refs.referring {
            if let Some(form) = form_at(&self.roster, row, referring.by) {
                dependents.extend(self.naming(referring, &form).take(MOST * MOST));
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
        if let Some(index) = &mut self.cross_refs.named
            && let Some(form) = name_form(roster, row)
        {
            put(index, hash_of(&form), row);
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

    /// Other people of the same name, where they are few.
    fn namesakes(&self, row: u32) -> impl Iterator<Item = u32> + '_ {
        let found = self.cross_refs.named.as_ref().and_then(|index| {
            let form = name_form(&self.roster, row)?;
            let hash = hash_of(&form);
            if !index.is_shared(hash) {
                return None;
            }
            let rows: Vec<u32> = index.rows(hash).take(MOST + 1).collect();
            (rows.len() <= MOST).then_some((form, rows))
        });
        found.into_iter().flat_map(move |(form, rows)| {
            let same = move |other: &u32| {
                *other != row && name_form(&self.roster, *other).is_some_and(|f| f == form)
            };
            rows.into_iter().filter(same)
        })
    }

    /// An earlier row that looks like the same person under another key, and what says so.
    pub(super) fn twice(&self, row: u32) -> Option<(u32, String)> {
        let place = self.roster.table.index_of(row)?;
        let key = self.roster.key_text(row);
        let own = self.roster.key_form(&key).into_owned();
        let mut earlier: Vec<(usize, u32)> = self
            .namesakes(row)
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
        let mut namesakes = self.namesakes(row);
        let only = namesakes.next().filter(gone)?;
        namesakes.next().is_none().then_some(only)
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
    pub(super) fn named_so(&self, referring: &Referring, form: &str) -> Option<u32> {
        let is_form =
            |other: &u32| form_at(&self.roster, *other, referring.by).is_some_and(|f| f == form);
        referring.named.rows(hash_of(form)).filter(is_form).min()
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

/// Columns by which a person is told from a namesake.
fn identifies(column: &Column) -> bool {
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
