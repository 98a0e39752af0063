//! Rows without a counterpart in the snapshot, by what may make one of them somebody whom the file lacks. When a person comes
//! to be missing, or is there again, the rows for which that can matter are found here, and no other need be looked at.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

use super::damage::{Damage, MANY_MISSING, is_rounded};
use super::lookalike::{FOLLOWED, IDENTIFYING, NAME};
use super::{CheckContext, two_bytes};
use muster_roster::roster::{Column, hash_of, hash_of_number};

/// Where something stands: a column, or one of the places below, with the hash of what stands there.
pub(super) type Place = (u16, u32);

/// All parts of the name together.
const WHOLE_NAME: u16 = NAME - 1;
/// The key, without what a spreadsheet takes from it or another form of its letters adds.
const KEY: u16 = NAME - 2;
/// Keys of which a spreadsheet left the first digits.
const ROUNDED: Place = (NAME - 3, 0);

/// More are those of another account; of those only what an edit moved is looked at.
const MOST: usize = 10_000;

/// The rows by their places; none until it is first asked for, or while they are very many.
#[derive(Default)]
pub struct Strangers {
    known: Option<Known>,
}

/// What somebody shares with a missing person of what says who that is, where none of it is enough.
#[derive(Clone, Copy, Default)]
struct InPart {
    words: usize,
    rare_word: bool,
    day: bool,
}

#[derive(Default)]
struct Known {
    rows_at: FxHashMap<Place, Vec<u32>>,
    places_of: FxHashMap<u32, Vec<Place>>,
}

impl Known {
    fn put(&mut self, row: u32, places: Vec<Place>) {
        for place in &places {
            self.rows_at.entry(*place).or_default().push(row);
        }
        self.places_of.insert(row, places);
    }

    fn at(&self, place: Place) -> &[u32] {
        self.rows_at.get(&place).map_or(&[], Vec::as_slice)
    }
}

impl Strangers {
    pub(super) fn remove(&mut self, row: u32) {
        let Some(known) = &mut self.known else { return };
        for place in known.places_of.remove(&row).unwrap_or_default() {
            if let Some(rows) = known.rows_at.get_mut(&place) {
                rows.retain(|other| *other != row);
                if rows.is_empty() {
                    known.rows_at.remove(&place);
                }
            }
        }
    }
}

impl CheckContext {
    /// Enters a row that has no counterpart.
    pub(super) fn enter_stranger(&mut self, row: u32) {
        if self.strangers.known.is_some() {
            let places = self.places_of_row(row);
            if let Some(known) = &mut self.strangers.known {
                known.put(row, places);
            }
        }
    }

    /// Enters all of them, if they are few enough to be followed.
    pub(super) fn know_strangers(&mut self) -> bool {
        if self.compared.unmatched.len() > MOST {
            self.strangers.known = None;
        } else if self.strangers.known.is_none() {
            let mut known = Known::default();
            let there = |row: &&u32| self.roster.table.index_of(**row).is_some();
            for &row in self.compared.unmatched.iter().filter(there) {
                known.put(row, self.places_of_row(row));
            }
            self.strangers.known = Some(known);
        }
        self.strangers.known.is_some()
    }

    /// The rows for which it matters that somebody is missing. It is asked while that person is among the missing.
    pub(super) fn concerned_by_missing(&mut self, was: u32, places: &[Place]) -> Vec<u32> {
        let mut rows: Vec<u32> =
            self.claiming(was).chain(self.compared.seeming(was).iter().copied()).collect();
        if self.know_strangers() {
            self.strangers_concerned(was, places, &mut rows);
        }
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    fn strangers_concerned(&self, was: u32, places: &[Place], rows: &mut Vec<u32>) {
        let Some(known) = self.strangers.known.as_ref().filter(|k| !k.places_of.is_empty()) else {
            return;
        };
        let mut in_part: FxHashMap<u32, InPart> = FxHashMap::default();
        for &place in places {
            let having = known.at(place);
            if having.is_empty() {
                continue;
            }
            let missing = self.missing_at(place).len();
            let column = self.roster.columns.get(usize::from(place.0));
            let follows = |most: usize| missing == most + 1;
            match column {
                // With one more or one less of a value it says something or nothing.
                _ if follows(IDENTIFYING) || follows(FOLLOWED) => rows.extend(having),
                Some(column) if self.tells_alone(column) => {
                    if missing <= FOLLOWED {
                        rows.extend(having);
                    }
                }
                None if place.0 != NAME => rows.extend(having),
                _ if missing > FOLLOWED => {}
                _ => {
                    for row in having {
                        let shared = in_part.entry(*row).or_default();
                        shared.words += usize::from(column.is_none());
                        shared.rare_word |= column.is_none() && missing <= IDENTIFYING;
                        shared.day |= column.is_some_and(|column| self.is_a_day(column));
                    }
                }
            }
        }
        let may_be = |row: &u32| {
            let shared = in_part[row];
            let (agree, disagree) = self.agreement(*row, was);
            agree > disagree
                || shared.words > 1
                || (shared.rare_word && self.may_be_called_alike(*row, was))
                || (shared.day && self.shares_a_name(*row, was))
        };
        rows.extend(in_part.keys().filter(|row| may_be(row)));
        let rounded = known.at(ROUNDED);
        if let (false, Some(snapshot)) = (rounded.is_empty(), &self.snapshot) {
            let key = snapshot.key_text(was);
            let all = self.missing.len() == MANY_MISSING + 1;
            let fits = |row: &&u32| {
                all || Damage::between(key.trim(), self.roster.key_text(**row).trim()).is_some()
            };
            rows.extend(rounded.iter().filter(fits));
        }
    }

    /// Whether what stands in a column is enough, so that nothing else need be the same.
    fn tells_alone(&self, column: &Column) -> bool {
        column.identifies
            || column.unique.is_some()
            || self.is_own_address(column)
            || self.is_read_only(column)
    }

    /// Where something stands by which a missing person may be found.
    pub(super) fn telling_columns(&self) -> Vec<usize> {
        let tells = |c: &&Column| {
            !c.is_key
                && self.snapshot_columns[c.at].is_some()
                && (self.tells_alone(c)
                    || c.name_part > 0
                    || self.is_a_day(c)
                    || self.is_identifying(c.at))
        };
        self.roster.columns.iter().filter(tells).map(|c| c.at).collect()
    }

    fn places_of_row(&self, row: u32) -> Vec<Place> {
        let key = self.roster.key_text(row);
        let words = self.name_words_of(row);
        let mut places = self.places(|c| Some(self.roster.table.cell(row, c)), &words);
        let own = self.roster.key.map_or(Cow::Borrowed(""), |c| self.roster.table.cell(row, c));
        let own = own.trim();
        if !own.is_ascii() || own.starts_with(|c: char| c.is_ascii_digit()) {
            places.extend(place_of_key(&key));
            if is_rounded(own) {
                places.push(ROUNDED);
            }
        }
        places
    }

    /// Where a person of the snapshot has something by which a row may be that person.
    pub(super) fn places_before(&self, was: u32) -> Vec<Place> {
        let words = self.name_words_before(was);
        let mut places = self.places(|c| self.was_cell(was, c), &words);
        let key = self.snapshot.as_ref().map(|snapshot| snapshot.key_text(was));
        places.extend(key.and_then(|key| place_of_key(&key)));
        places
    }

    fn places<'c>(
        &self,
        cell: impl Fn(usize) -> Option<Cow<'c, str>>,
        words: &[String],
    ) -> Vec<Place> {
        let mut places = Vec::with_capacity(self.compared.telling.len() + words.len() + 2);
        let mut name = Some(0u64);
        for &column in &self.compared.telling {
            let text = cell(column).unwrap_or_default();
            let text = text.trim();
            let hash = (!text.is_empty()).then(|| self.hash_in(column, text));
            places.extend(hash.map(|hash| (two_bytes(column), hash)));
            if self.roster.columns[column].name_part > 0 {
                let add = |name: u64, hash: u32| name.wrapping_mul(31).wrapping_add(hash.into());
                name = name.zip(hash).map(|(name, hash)| add(name, hash));
            }
        }
        let name = name.filter(|name| *name > 0).map(hash_of_number);
        places.extend(name.map(|name| (WHOLE_NAME, name)));
        let mut words: Vec<Place> = words.iter().map(|word| (NAME, hash_of(word))).collect();
        words.sort_unstable();
        words.dedup();
        places.append(&mut words);
        places
    }
}

fn place_of_key(key: &str) -> Option<Place> {
    let form: String = key.trim().to_lowercase().nfc().collect();
    let form = form.trim_start_matches('0');
    (!form.is_empty()).then(|| (KEY, hash_of(form)))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::checker::Checker;
    use muster_roster::lists::Lists;
    use muster_roster::profile::Profile;
    use muster_roster::roster::Roster;
    use muster_table::edit::Edit;
    use muster_table::table::Table;

    const PROFILE: &str = r#"
id = "ours"
name = "Ours"
summary = "A profile of tests."
version = "2026-11-30"
errors = "skip"
[file]
format = "csv"
[key]
field = "id"
[[field]]
id = "id"
title = "ID"
headers = ["id"]
[[field]]
id = "email"
title = "E-mail"
headers = ["email"]
kind = "email"
[[field]]
id = "first"
title = "First name"
headers = ["first"]
name_part = 1
[[field]]
id = "last"
title = "Last name"
headers = ["last"]
name_part = 2
[[field]]
id = "hired"
title = "Hired"
headers = ["hired"]
kind = "date"
[[field]]
id = "team"
title = "Team"
headers = ["team"]
[[field]]
id = "active"
title = "Active"
headers = ["active"]
kind = "yes-no"
choices = ["Yes", "No"]
inactive = ["No"]
"#;

    const HEADER: &str = "id,email,first,last,hired,team,active\n";
    const FIRST: [&str; 4] = ["Ana", "Bo", "Ana Bo", "Annabel"];
    const LAST: [&str; 4] = ["Silva", "Silvo", "Lund", "Ana"];
    const DAYS: [&str; 3] = ["", "2026-02-03", "2026-02-04"];

    fn read(text: &str) -> Roster {
        let profile = Profile::parse(PROFILE, "ours", |_| true).map_err(|e| e.what);
        let table = Table::from_text(text).expect("a table");
        Roster::read(table, Arc::new(profile.expect("a sound profile")))
    }

    fn context(roster: Roster, snapshot: &str) -> CheckContext {
        let mut context = CheckContext::new(roster, Some(read(snapshot)), Lists::new());
        context.choices.seats = Some(1);
        context
    }

    fn line((key, first, last, day): &(usize, usize, usize, usize)) -> String {
        let email = if key % 3 == 0 { String::new() } else { format!("p{key}@example.com") };
        let keys = ["", "0", "00"][key % 3];
        let active = if key % 5 == 0 { "No" } else { "Yes" };
        let (first, last, day) = (FIRST[first % 4], LAST[last % 4], DAYS[day % 3]);
        format!("{keys}{key},{email},{first},{last},{day},T{},{active}\n", key % 2)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn who_somebody_is_and_who_takes_a_seat_is_kept_while_keys_come_and_go(
            people in proptest::collection::vec((1usize..60, 0usize..4, 0usize..4, 0usize..3), 1..40),
            known in proptest::collection::vec((1usize..60, 0usize..4, 0usize..4, 0usize..3), 1..40),
            edits in proptest::collection::vec((any::<prop::sample::Index>(), 0usize..8, 1usize..60), 1..8),
        ) {
            let text = |of: &[_]| HEADER.to_owned() + &of.iter().map(line).collect::<String>();
            let snapshot = text(&known);
            let mut checker = Checker::new(context(read(&text(&people)), &snapshot), &|_| true)
                .expect("nothing stops it");
            for (row, what, value) in edits {
                let table = &checker.context().roster.table;
                let Some(row) = table.row_at(row.index(people.len()).min(table.len().saturating_sub(1)))
                else {
                    continue;
                };
                let at = table.index_of(row).expect("it is there");
                let other = line(&(value, value, value / 4, value / 16));
                let cells: Vec<&str> = other.trim_end().split(',').collect();
                let edit = match what {
                    7 => Edit::Remove { row, at: u32::try_from(at).expect("few"), cells: table.row(row) },
                    column => Edit::Set {
                        row,
                        column: u32::try_from(column).expect("few"),
                        before: table.cell(row, column).into_owned(),
                        after: cells[column].to_owned(),
                    },
                };
                checker.apply(&[edit]).expect("it fits");
                checker.flush();
                let kept = checker.context();
                let anew = context(
                    Roster::read(kept.roster.table.clone(), kept.roster.profile.clone()),
                    &snapshot,
                );
                for row in kept.roster.table.rows() {
                    prop_assert_eq!(kept.looks_like(row), anew.looks_like(row), "row {}", row);
                    prop_assert_eq!(kept.is_someone_else(row), anew.is_someone_else(row));
                }
                prop_assert_eq!(kept.seats.get(), Some(&anew.seats()));
            }
        }
    }

    #[test]
    fn of_hundreds_who_are_new_only_those_are_looked_at_who_may_be_the_one_that_is_missing() {
        let of = |kind: &str, numbers: std::ops::Range<usize>, first: &dyn Fn(usize) -> String| {
            let line = |n: usize| {
                format!(
                    "{kind}{n},{kind}{n}@example.com,{},Sur{kind}{n},2026-02-03,T1,Yes\n",
                    first(n)
                )
            };
            numbers.map(line).collect::<String>()
        };
        let gone = of("gone", 0..300, &|n| format!("Given{n}"));
        let new = of("new", 0..300, &|n| format!("Given{n}"));
        let back = "back,gone7@example.com,Given7,Other,2026-02-03,T1,Yes\n";
        let roster = read(&format!("{HEADER}{new}{back}"));
        let mut context = context(roster, &format!("{HEADER}{gone}"));
        let row =
            |context: &CheckContext, key: &str| context.roster.row_of_key(key).expect("there");
        let was =
            |key: &str| context.snapshot.as_ref().and_then(|s| s.row_of_key(key)).expect("there");
        let (seventh, eighth) = (was("gone7"), was("gone8"));
        assert_eq!(context.no_longer_missing(seventh), [row(&context, "back")]);
        assert_eq!(context.no_longer_missing(eighth), [0u32; 0]);
    }
}
