//! An ordinary month raises no alarm: what people really change is not taken for a mistake.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::checker::Checker;
use crate::rules::CheckContext;
use muster_roster::lists::Lists;
use muster_roster::profile::Profile;
use muster_roster::roster::Roster;
use muster_table::table::Table;

const FIRST: [&str; 20] = [
    "Anna", "Hanna", "Jon", "John", "Maria", "Marie", "José", "Zoë", "Li", "Wei", "Olga", "Ines",
    "Ben", "Tom", "Eva", "Ida", "Noah", "Mia", "Lea", "Kai",
];
const LAST: [&str; 25] = [
    "Meyer",
    "Meier",
    "O'Neill",
    "García",
    "Garcia",
    "Lo",
    "Smith",
    "Smyth",
    "Nguyen",
    "Kowalski",
    "Rossi",
    "Berg",
    "van Dyk",
    "Sørensen",
    "Yılmaz",
    "Novák",
    "Silva",
    "Costa",
    "Dubois",
    "Ito",
    "Khan",
    "Haas",
    "Weiß",
    "Moreau",
    "Ek",
];
const GROUPS: [&str; 6] = [
    "Sales East",
    "Sales West",
    "Research & Development",
    "Operations",
    "People",
    "Finance, Basel",
];

/// A line of an EdApp export, by what it holds.
fn person(n: usize) -> Vec<String> {
    let (first, last) = (FIRST[n % 20], LAST[n / 20 % 25]);
    let groups = match n % 7 {
        0 => String::new(),
        k if k % 2 == 0 => format!("{}; {}", GROUPS[k % 6], GROUPS[(k + 3) % 6]),
        k => GROUPS[k % 6].to_owned(),
    };
    vec![
        format!("p{n}@example.com"),
        format!("p{n}"),
        first.to_owned(),
        last.to_owned(),
        groups,
        "Learner; Prizing User".to_owned(),
        format!("2024-0{}-1{}", 1 + n % 9, n % 10),
        String::new(),
        format!("{:05}", n * 37 % 100_000),
        format!("Level {}", n % 12),
    ]
}

const HEADER: &str = "email (required),username (optional),firstname (optional),lastname (optional),usergroups (optional),roles (optional),dateregistered,password (optional),externalid (optional),grade";

fn text(header: &str, people: &[Vec<String>]) -> String {
    let mut text = header.to_owned() + "\r\n";
    for person in people {
        let cells: Vec<String> = person
            .iter()
            .map(|c| if c.contains(',') { format!("\"{c}\"") } else { c.clone() })
            .collect();
        text += &(cells.join(",") + "\r\n");
    }
    text
}

/// What is found, by severity and rule.
fn found(profile: &str, before: Option<&str>, now: &str) -> BTreeMap<String, usize> {
    let profile = Arc::new(Profile::built_in(profile).expect("built in"));
    let roster =
        |text: &str| Roster::read(Table::from_text(text).expect("a table"), profile.clone());
    let context = CheckContext::new(roster(now), before.map(roster), Lists::new());
    let checker = Checker::new(context, &|_| true).expect("checked");
    let mut counts = BTreeMap::new();
    for finding in checker.all_findings() {
        *counts.entry(format!("{} {}", finding.severity.word(), finding.rule)).or_default() += 1;
    }
    counts
}

#[test]
fn an_export_as_it_came_has_no_problems() {
    let people: Vec<_> = (0..500).map(person).collect();
    let export = text(HEADER, &people);
    for profile in ["edapp", "generic"] {
        assert_eq!(found(profile, None, &export), BTreeMap::new(), "{profile}");
        assert_eq!(found(profile, Some(&export), &export), BTreeMap::new(), "{profile}");
    }
}

#[test]
fn a_month_of_joiners_leavers_marriages_and_moves_has_no_problems() {
    let mut people: Vec<_> = (0..500).map(person).collect();
    let before = text(HEADER, &people);
    // Twelve marry a colleague's name and take another address, as many move, and the rest of the file is sorted.
    for n in (3..500).step_by(41) {
        people[n][3] = LAST[(n * 7 + 1) % 25].to_owned();
        people[n][0] = format!("p{n}.new@example.com");
    }
    for n in (5..500).step_by(43) {
        if !people[n][4].contains("People") {
            people[n][4] = format!("People; {}", people[n][4]).trim_end_matches("; ").to_owned();
        }
        people[n][9] = format!("Level {}", n % 12 + 1);
    }
    people.retain(|p| p[1] != "p100" && p[1] != "p101");
    people.extend((700..705).map(|n| {
        let mut new = person(n);
        new[6] = String::new();
        new[8] = format!("{:05}", 90_000 + n);
        new
    }));
    people.sort_by_key(|p| (p[3].clone(), p[2].clone()));
    let now = text(HEADER, &people);
    for profile in ["edapp", "generic"] {
        let expected = BTreeMap::from([("note person-missing".to_owned(), 2)]);
        assert_eq!(found(profile, Some(&before), &now), expected, "{profile}");
    }
}

#[test]
fn everybody_moved_to_a_new_address_and_grade_is_no_scramble() {
    let mut people: Vec<_> = (0..300).map(person).collect();
    let before = text(HEADER, &people);
    for (n, person) in people.iter_mut().enumerate() {
        person[0] = format!("{}@new.example.com", person[1]);
        person[9] = format!("Grade {}", n % 4);
    }
    assert_eq!(found("edapp", Some(&before), &text(HEADER, &people)), BTreeMap::new());
}

#[test]
fn an_export_of_kolibri_and_ordinary_edits_have_no_problems() {
    let header = "\u{feff}Database ID (UUID),Username (USERNAME),Password (PASSWORD),Full name (FULL_NAME),User type (USER_TYPE),Identifier (IDENTIFIER),Birth year (BIRTH_YEAR),Gender (GENDER),Learner enrollment (ENROLLED_IN),Coach assignment (ASSIGNED_TO)";
    let user = |n: usize| {
        let name = format!("{} {}", FIRST[n % 20], LAST[n / 20 % 25]);
        let kind = if n.is_multiple_of(10) { "CLASS_COACH" } else { "LEARNER" };
        let class = ["Maths", "Physics", ""][n % 3].to_owned();
        let gender = ["MALE", "FEMALE", "", "NOT_SPECIFIED"][n % 4].to_owned();
        let id = format!("{:032x}", 0xABCD_1234_u128 * (n as u128 + 7) * 0x9E37_79B9_7F4A_7C15);
        vec![
            id,
            format!("user_{n}"),
            "*".into(),
            name,
            kind.into(),
            format!("ID{n}"),
            format!("{}", 1980 + n % 30),
            gender,
            class,
            String::new(),
        ]
    };
    let mut people: Vec<_> = (0..200).map(user).collect();
    let before = text(header, &people);
    assert_eq!(found("kolibri", Some(&before), &before), BTreeMap::new());
    for n in (3..200).step_by(23) {
        people[n][3] = format!("{} {}-Berg", FIRST[n % 20], LAST[n / 20 % 25]);
        people[n][8] = "Maths,Physics".into();
    }
    let mut new = user(300);
    (new[0], new[2]) = (String::new(), "Sunny-Day-7".into());
    people.push(new);
    assert_eq!(found("kolibri", Some(&before), &text(header, &people)), BTreeMap::new());
}
