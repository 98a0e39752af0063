//! What of a name may change under a key that stays, for every profile: a marriage and another spelling are ordinary, names in
//! each other's place and a whole other name are told.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::unique_in_the_lms::{lines, named};
use crate::checker::Checker;
use crate::rules::CheckContext;
use muster_roster::lists::Lists;
use muster_roster::profile::{BUILT_IN, Existing, FieldKind, KeyGiver, Profile};
use muster_roster::roster::Roster;
use muster_table::table::Table;

/// No two share a word, nor nearly.
const PEOPLE: [(&str, &str); 9] = [
    ("Karin", "Wolf"),
    ("Jürgen", "Grünwald"),
    ("Siobhán", "Featherstone"),
    ("Carlotta", "Okonkwo"),
    ("Kofi", "Härtling"),
    ("Nguyễn", "Popescu"),
    ("Tomás", "O'Brien"),
    ("Wim", "Vos"),
    ("Adaeze", "Lindqvist"),
];

type Row = Vec<(String, String)>;

/// A person as the file of a profile has them: key, name, an e-mail and an ID where they are columns of their own, and
/// whether they are active where a column says so.
fn person(profile: &Profile, n: usize, (first, last): (&str, &str)) -> Row {
    let mut cells: Row = vec![(header(profile, &profile.key.field), format!("key{n}@example.com"))];
    cells.extend(named(profile, first, last));
    let is_own = |kind: FieldKind| kind == FieldKind::Email;
    for field in &profile.fields {
        if field.id == profile.key.field || field.refers_to.is_some() || field.name_part > 0 {
            continue;
        }
        if is_own(field.kind) {
            cells.push((field.headers[0].clone(), format!("mail{n}@example.com")));
        } else if field.identifies {
            cells.push((field.headers[0].clone(), format!("{}", 4000 + n * 731)));
        }
    }
    cells
}

fn header(profile: &Profile, field: &str) -> String {
    profile.field(field).expect("it has one").headers[0].clone()
}

/// The rules of which something is told in a file beside the snapshot, of those asked for.
fn told(profile: &Arc<Profile>, before: &[Row], file: &[Row], asked: &[&str]) -> BTreeSet<String> {
    all_told(profile, before, file, asked).into_iter().collect()
}

/// How often.
fn count(profile: &Arc<Profile>, before: &[Row], file: &[Row], asked: &[&str]) -> usize {
    all_told(profile, before, file, asked).len()
}

/// The rule of each finding.
fn all_told(profile: &Arc<Profile>, before: &[Row], file: &[Row], asked: &[&str]) -> Vec<String> {
    let roster =
        |rows: &[Row]| Roster::read(Table::from_text(&lines(rows)).expect("read"), profile.clone());
    let context = CheckContext::new(roster(file), Some(roster(before)), Lists::new());
    let checker = Checker::new(context, &|_| true).expect("not stopped");
    let rules = checker.all_findings().into_iter().map(|f| f.rule);
    rules.filter(|rule| asked.contains(&rule.as_str())).collect()
}

/// Every profile that has a key and a name beside it.
fn profiles() -> Vec<Arc<Profile>> {
    let profile = |(id, _): &(&str, &str)| Arc::new(Profile::built_in(id).expect("built in"));
    let has_name = |profile: &Arc<Profile>| {
        let key = &profile.key.field;
        profile.field(key).is_some()
            && profile.fields.iter().any(|f| f.name_part == 1 && f.id != *key)
    };
    let all: Vec<_> = BUILT_IN.iter().map(profile).filter(has_name).collect();
    assert!(all.len() >= 9, "{} profiles were tried", all.len());
    all
}

fn all_of(profile: &Profile) -> Vec<Row> {
    PEOPLE.iter().enumerate().map(|(n, name)| person(profile, n, *name)).collect()
}

#[test]
fn a_name_that_is_turned_or_another_is_told_and_a_marriage_is_not() {
    const ASKED: [&str; 4] = ["name-turned", "names-turned", "key-reused", "edit-ignored"];
    for profile in profiles() {
        let before = all_of(&profile);
        let ignores = profile.existing == Existing::Ignored;
        let tell = |how: fn(&str, &str) -> (String, String), who: usize| {
            let (first, last) = how(PEOPLE[who].0, PEOPLE[who].1);
            let mut file = before.clone();
            file[who] = person(&profile, who, (&first, &last));
            told(&profile, &before, &file, &ASKED)
        };
        for who in 0..PEOPLE.len() {
            let turned = tell(|first, last| (last.to_owned(), first.to_owned()), who);
            let rule = if ignores { "edit-ignored" } else { "name-turned" };
            assert_eq!(turned, BTreeSet::from([rule.to_owned()]), "{}, {who}", profile.id);
            let other = tell(|_, _| ("Zelda".to_owned(), "Quist".to_owned()), who);
            assert!(other.contains("key-reused"), "{}, {who}: {other:?}", profile.id);
            let married = tell(|first, _| (first.to_owned(), "Sorokin".to_owned()), who);
            let spelt = tell(
                |first, last| {
                    let plain = |name: &str| name.replace('ü', "ue").replace('ä', "ae");
                    (plain(first), plain(last))
                },
                who,
            );
            let quiet = |mut told: BTreeSet<String>| {
                told.remove("edit-ignored");
                told.is_empty()
            };
            assert!(quiet(married) && quiet(spelt), "{}, {who}", profile.id);
        }
        // Everybody at once is one sentence.
        let turn = |(n, (first, last)): (usize, &(&str, &str))| person(&profile, n, (last, first));
        let file: Vec<Row> = PEOPLE.iter().enumerate().map(turn).collect();
        let rule = if ignores { "edit-ignored" } else { "names-turned" };
        let all = told(&profile, &before, &file, &ASKED);
        assert_eq!(all, BTreeSet::from([rule.to_owned()]), "{}", profile.id);
    }
}

#[test]
fn whoever_comes_back_is_told_where_the_old_account_is_inactive_and_in_the_file() {
    let mut tried = 0;
    for profile in profiles() {
        let Some(status) = profile.fields.iter().find(|f| !f.inactive.is_empty()) else { continue };
        tried += 1;
        let with = |mut row: Row, word: &str| {
            row.push((status.headers[0].clone(), word.to_owned()));
            row
        };
        let active = status.choices.iter().find(|c| !status.inactive.contains(c));
        let active = active.map_or("", String::as_str);
        let file = |old: &str| {
            let mut file: Vec<Row> =
                all_of(&profile).into_iter().map(|p| with(p, active)).collect();
            file[3] = with(person(&profile, 3, PEOPLE[3]), old);
            let before = file.clone();
            file.push(with(person(&profile, 71, PEOPLE[3]), active));
            told(&profile, &before, &file, &["person-twice"]).len()
        };
        let word = &status.inactive[0];
        assert_eq!((file(word), file(active)), (1, 0), "{}", profile.id);
    }
    assert!(tried >= 5, "{tried} profiles were tried");
}

#[test]
fn whoever_the_lms_has_without_the_key_is_told_and_nobody_else() {
    const ASKED: [&str; 2] = ["same-person", "key-changed"];
    let mut tried = 0;
    for profile in profiles() {
        let telling = person(&profile, 0, PEOPLE[0]).len() > 1;
        if profile.key.given_by != KeyGiver::You || !telling {
            continue;
        }
        tried += 1;
        let file = all_of(&profile);
        for others_too in [false, true] {
            // One, several, and everybody: by a blank key, or by that of somebody else.
            for of in [1, 3, PEOPLE.len() - 1] {
                let mut before = file.clone();
                for row in &mut before[..of] {
                    let key = &file[PEOPLE.len() - 1][0].1;
                    row[0].1 = if others_too { key.clone() } else { String::new() };
                }
                let found = count(&profile, &before, &file, &ASKED);
                let context = format!("{}, {of}, {others_too}", profile.id);
                assert_eq!(found, of, "{context}");
                // Somebody new beside them is nobody of them.
                let mut more = file.clone();
                more.push(person(&profile, 71, ("Zelda", "Quist")));
                assert_eq!(count(&profile, &before, &more, &ASKED), of, "{context}");
            }
        }
        assert_eq!(count(&profile, &file, &file, &ASKED), 0, "{}", profile.id);
    }
    assert!(tried >= 6, "{tried} profiles were tried");
}

#[test]
fn new_people_who_share_a_surname_or_a_first_name_with_others_are_not_asked_about() {
    for profile in profiles() {
        let with = |n: usize, (first, last): (&str, &str)| {
            let mut row = person(&profile, n, (first, last));
            let shared = |f: &&muster_roster::profile::Field| {
                f.name_part == 0
                    && f.id != profile.key.field
                    && !f.identifies
                    && f.unique.is_none()
                    && f.refers_to.is_none()
                    && f.kind == FieldKind::Text
            };
            let more = profile.fields.iter().filter(shared).take(5);
            row.extend(more.map(|f| (f.headers[0].clone(), "Same".to_owned())));
            row
        };
        // A long list, and a file of thirty new people with it, or alone.
        let known = |n: usize| {
            (
                PEOPLE[n % 9].0.to_owned() + ["", "a", "e"][n % 3],
                format!("{}{}", PEOPLE[n / 9 % 9].1, n / 81),
            )
        };
        let all: Vec<Row> = (0..81)
            .map(|n| {
                let (first, last) = known(n);
                with(n, (&first, &last))
            })
            .collect();
        let new: Vec<Row> = (0..30)
            .map(|n| {
                let last = known(n * 2).1;
                with(200 + n, (["Zelda", "Quentin", "Ivo"][n % 3], &last))
            })
            .collect();
        let leave: Vec<Row> = all.iter().skip(10).cloned().chain(new.iter().cloned()).collect();
        for file in [&new, &leave] {
            assert_eq!(count(&profile, &all, file, &["same-person"]), 0, "{}", profile.id);
        }
        // With a first name that others have, alone.
        let namesakes: Vec<Row> = (0..30).map(|n| with(300 + n, (&known(n).0, "Quist"))).collect();
        assert_eq!(count(&profile, &all, &namesakes, &["same-person"]), 0, "{}", profile.id);
    }
}
