//! Unique means unique in the LMS: file and snapshot together, people left out and people who give a value up included.
//! For every profile with such a field, beside a model that knows nothing of the rule.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use crate::checker::Checker;
use crate::rules::CheckContext;
use muster_roster::lists::Lists;
use muster_roster::profile::{BUILT_IN, Blank, ByFile, Existing, Field, FieldKind, Profile};
use muster_roster::roster::Roster;
use muster_table::table::Table;

/// The columns that a list is made of here.
struct Columns<'p> {
    key: &'p Field,
    /// No two share a word of it, so that nobody seems to be somebody else.
    name: &'p Field,
    unique: &'p Field,
}

fn list(columns: &Columns, people: &[(String, String)]) -> String {
    let Columns { key, name, unique } = columns;
    let header = [key, name, unique].map(|field| field.headers[0].as_str()).join(",");
    let name = |key: &str| key.split('@').next().unwrap_or_default().to_owned();
    let row = |(key, value): &(String, String)| format!("{key},{},{value}", name(key));
    let rows: Vec<String> = people.iter().map(row).collect();
    format!("{header}\n{}\n", rows.join("\n"))
}

/// What becomes of people in the LMS: each with the value that they have after the import.
fn afterwards(
    profile: &Profile,
    columns: &Columns,
    before: &[(String, String)],
    file: &[(String, String)],
) -> Option<BTreeMap<String, String>> {
    let mut people: BTreeMap<String, String> = before.iter().cloned().collect();
    for (key, value) in file {
        let Some(had) = people.get(key).cloned() else {
            people.insert(key.clone(), value.clone());
            continue;
        };
        let field = columns.unique;
        let kept = profile.existing == Existing::Ignored
            || field.create_only
            || (had != *value && field.by_file(&had, value) == ByFile::No);
        let after = match (value.is_empty() && !had.is_empty(), field.blank) {
            _ if kept => had,
            (false, _) => value.clone(),
            (true, Some(Blank::Keep)) => had,
            (true, Some(Blank::Clear)) => String::new(),
            // Nobody says.
            (true, None) => return None,
        };
        people.insert(key.clone(), after);
    }
    Some(people)
}

fn told(profile: &Arc<Profile>, before: &str, file: &str) -> Vec<String> {
    let roster = |text: &str| Roster::read(Table::from_text(text).expect("read"), profile.clone());
    let context = CheckContext::new(roster(file), Some(roster(before)), Lists::new());
    let checker = Checker::new(context, &|_| true).expect("not stopped");
    let found = checker.all_findings().into_iter().filter(|f| f.rule == "not-unique");
    let roster = &checker.context().roster;
    let mut keys: Vec<String> =
        found.map(|f| roster.key_text(f.row.expect("of a row")).into_owned()).collect();
    keys.sort();
    keys
}

fn holds(
    profile: &Arc<Profile>,
    columns: &Columns,
    before: &[(String, String)],
    file: &[(String, String)],
) -> Result<(), TestCaseError> {
    let Some(after) = afterwards(profile, columns, before, file) else { return Ok(()) };
    let had: BTreeMap<_, _> = before.iter().cloned().collect();
    let clashes = |(key, value): &&(String, String)| {
        let has_it = |(other, theirs): (&String, &String)| other != key && theirs == value;
        let in_file = |(other, theirs): &(String, String)| other != key && theirs == value;
        let is_new_to_it = had.get(key) != Some(value);
        !value.is_empty()
            && (file.iter().any(in_file) || (is_new_to_it && after.iter().any(has_it)))
    };
    let mut expected: Vec<String> =
        file.iter().filter(clashes).map(|(key, _)| key.clone()).collect();
    expected.sort();
    let (before, file) = (list(columns, before), list(columns, file));
    prop_assert_eq!(
        told(profile, &before, &file),
        expected,
        "{}\n{}\n{}",
        profile.id,
        before,
        file
    );
    Ok(())
}

#[test]
fn nobody_gets_a_value_that_somebody_in_the_lms_keeps() {
    let mut tried = 0;
    for (id, _) in BUILT_IN {
        let profile = Arc::new(Profile::built_in(id).expect("built in"));
        let name = profile.fields.iter().find(|f| f.name_part == 1);
        let (Some(key), Some(name)) = (profile.field(&profile.key.field), name) else { continue };
        let unique = profile
            .fields
            .iter()
            .filter(|f| f.unique.is_some() && f.id != key.id && f.kind != FieldKind::Password);
        for unique in unique {
            tried += 1;
            let columns = Columns { key, name, unique };
            let value = |n: u8| match (n, unique.kind) {
                (0, _) => String::new(),
                (n, FieldKind::Email) => format!("v{n}@example.com"),
                (n, _) => format!("V-{n}x"),
            };
            let before: Vec<(String, String)> =
                (1..=8).map(|n| (format!("person{n}@example.com"), value(n))).collect();
            // Who is in the file, known or new, and which value each has there.
            let people = proptest::collection::btree_map(1u8..13, 0u8..12, 1..9);
            let config = Config { cases: 120, failure_persistence: None, ..Config::default() };
            let outcome = TestRunner::new(config).run(&people, |people| {
                let person = |(n, v): (u8, u8)| (format!("person{n}@example.com"), value(v));
                let file: Vec<_> = people.into_iter().map(person).collect();
                holds(&profile, &columns, &before, &file)
            });
            if let Err(why) = outcome {
                panic!("{id}, {}: {why}", unique.id);
            }
        }
    }
    assert!(tried >= 6, "{tried} fields were tried");
}

/// A name of somebody, whether it is in one column or in two.
pub(super) fn named(profile: &Profile, first: &str, last: &str) -> Vec<(String, String)> {
    let header = |part: u8| {
        let field = profile.fields.iter().find(|field| field.name_part == part);
        field.map(|field| field.headers[0].clone())
    };
    match (header(1), header(2)) {
        (Some(name), None) => vec![(name, format!("{first} {last}"))],
        (name, surname) => name
            .map(|n| (n, first.to_owned()))
            .into_iter()
            .chain(surname.map(|s| (s, last.to_owned())))
            .collect(),
    }
}

pub(super) fn lines(people: &[Vec<(String, String)>]) -> String {
    let line = |cells: Vec<&str>| cells.join(",") + "\n";
    let header = line(people[0].iter().map(|(header, _)| header.as_str()).collect());
    let rows = people.iter().map(|p| line(p.iter().map(|(_, cell)| cell.as_str()).collect()));
    header + &rows.collect::<String>()
}

#[test]
fn nobody_is_in_the_way_of_somebody_who_married() {
    let mut tried = 0;
    for (id, _) in BUILT_IN {
        let profile = Arc::new(Profile::built_in(id).expect("built in"));
        let Some(key) = profile.field(&profile.key.field) else { continue };
        let uniques = profile
            .fields
            .iter()
            .filter(|f| f.unique.is_some() && f.id != key.id && f.kind != FieldKind::Password);
        for unique in uniques.filter(|_| profile.fields.iter().any(|f| f.name_part == 1)) {
            tried += 1;
            let person = |key_text: &str, first: &str, last: &str| {
                let value = match unique.kind {
                    FieldKind::Email => format!("{first}@example.com"),
                    _ => format!("X-{first}"),
                };
                let cells = [(key.headers[0].clone(), key_text.to_owned())].into_iter();
                let cells = cells.chain(named(&profile, first, last));
                cells.chain([(unique.headers[0].clone(), value)]).collect::<Vec<_>>()
            };
            let ravi = person("ravi@example.com", "Ravi", "Menon");
            let dahl = person("dahl@example.com", "Sunniva", "Dahl");
            let moe = person("moe@example.com", "Sunniva", "Moe");
            // The same ID under a name of which no part is the same: that is said.
            let mut other = person("moe@example.com", "Noor", "Said");
            other.pop();
            other.extend(dahl.last().cloned());
            let before = lines(&[ravi.clone(), dahl]);
            let married = told(&profile, &before, &lines(&[ravi.clone(), moe]));
            assert_eq!(married, Vec::<String>::new(), "{id}, {}", unique.id);
            let taken = told(&profile, &before, &lines(&[ravi, other]));
            let says = if takes_it_away(&profile) { 0 } else { 1 };
            assert_eq!(taken.len(), says, "{id}, {}", unique.id);
        }
    }
    assert!(tried >= 6, "{tried} fields were tried");
}

/// Whether whoever is left out is removed, with what was theirs.
fn takes_it_away(profile: &Profile) -> bool {
    let choices = muster_roster::profile::Choices::defaults(profile);
    choices.missing == Some(muster_roster::profile::Missing::Delete)
}
