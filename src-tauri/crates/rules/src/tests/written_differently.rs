//! Somebody whom the file has under another key and another spelling of the name is asked about, for every profile; somebody
//! of another name is not.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::unique_in_the_lms::{lines, named};
use crate::checker::Checker;
use crate::rules::CheckContext;
use muster_roster::lists::Lists;
use muster_roster::profile::{BUILT_IN, Profile};
use muster_roster::roster::Roster;
use muster_table::table::Table;

/// No two share a word, nor nearly.
const PEOPLE: [(&str, &str); 8] = [
    ("Jürgen", "Grünwald"),
    ("Siobhán", "Featherstone"),
    ("Björn", "Weißhaupt"),
    ("Carlotta", "Okonkwo"),
    ("Edsger", "de la Cruz"),
    ("Kofi", "Härtling"),
    ("Nguyễn", "Popescu"),
    ("Tomás", "O'Brien"),
];
const NEW: (&str, &str) = ("Zelda", "Quist");

/// How a name is written anew.
fn written(how: usize, first: &str, last: &str) -> (String, String) {
    let spelt = |name: &str| {
        name.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue").replace('ß', "ss")
    };
    match how {
        0 => (spelt(first), spelt(last)),
        1 => (last.to_owned(), first.to_owned()),
        2 => (first.to_owned(), format!("{last}-Sorokin")),
        3 => (first.to_uppercase(), last.to_lowercase()),
        _ => {
            let mut letters: Vec<char> = last.chars().collect();
            let middle = letters.len() / 2;
            letters.swap(middle, middle + 1);
            (first.to_owned(), letters.into_iter().collect())
        }
    }
}

fn told(profile: &Arc<Profile>, before: &str, file: &str) -> usize {
    let roster = |text: &str| Roster::read(Table::from_text(text).expect("read"), profile.clone());
    let context = CheckContext::new(roster(file), Some(roster(before)), Lists::new());
    let checker = Checker::new(context, &|_| true).expect("not stopped");
    checker
        .all_findings()
        .iter()
        .filter(|f| ["same-person", "key-changed"].contains(&&*f.rule))
        .count()
}

#[test]
fn whoever_is_written_differently_is_asked_about_and_nobody_else() {
    let mut tried = 0;
    for (id, _) in BUILT_IN {
        let profile = Arc::new(Profile::built_in(id).expect("built in"));
        let has_name = profile.fields.iter().any(|f| f.name_part == 1 && f.id != profile.key.field);
        let (Some(key), true) = (profile.field(&profile.key.field), has_name) else { continue };
        tried += 1;
        let person = |n: usize, (first, last): (&str, &str)| {
            let cells = [(key.headers[0].clone(), format!("key{n}@example.com"))].into_iter();
            cells.chain(named(&profile, first, last)).collect::<Vec<_>>()
        };
        let all = || PEOPLE.into_iter().enumerate().map(|(n, name)| person(n, name));
        let before = lines(&all().collect::<Vec<_>>());
        let cases = (0..PEOPLE.len(), 0..5usize, any::<bool>());
        let config = Config { cases: 60, failure_persistence: None, ..Config::default() };
        let outcome = TestRunner::new(config).run(&cases, |(who, how, is_new)| {
            let (first, last) = written(how, PEOPLE[who].0, PEOPLE[who].1);
            let name = if is_new { NEW } else { (first.as_str(), last.as_str()) };
            let now = |(n, was): (usize, _)| if n == who { person(71, name) } else { was };
            let file = lines(&all().enumerate().map(now).collect::<Vec<_>>());
            let wanted = usize::from(!is_new);
            prop_assert_eq!(told(&profile, &before, &file), wanted, "{}\n{}", id, file);
            Ok(())
        });
        if let Err(why) = outcome {
            panic!("{why}");
        }
    }
    assert!(tried >= 6, "{tried} profiles were tried");
}
