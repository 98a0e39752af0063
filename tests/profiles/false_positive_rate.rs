//! A clean roster raises no alarm: ten thousand invented people for each profile, a hundred thousand under `make soak`.

use std::collections::BTreeMap;
use std::sync::Arc;

use muster_engine::checker::Checker;
use muster_engine::lists::{List, Lists};
use muster_engine::profile::{BUILT_IN, Profile};
use muster_engine::roster::Roster;
use muster_engine::rules::CheckContext;
use muster_engine::table::Table;

use crate::people::{Script, Someone, chance, pick, someone};

/// Warnings that a clean list of a hundred thousand people may have.
const FEW: usize = 20;

const GROUPS: [&str; 12] = [
    "Sales East",
    "Sales West",
    "Research & Development",
    "Operations",
    "Ops",
    "People",
    "Finance, Basel",
    "Onboarding 2025",
    "Onboarding 2026",
    "Ward 3",
    "Ward 13",
    "Vertrieb Köln",
];
const TITLES: [&str; 16] = [
    "Nurse I",
    "Nurse II",
    "Nurse III",
    "Software Engineer",
    "Sales Manager (East)",
    "Sales Manager (West)",
    "Account Executive",
    "Accountant",
    "Driver",
    "Diver",
    "VP",
    "N/A",
    "Éducatrice",
    "Koch/Köchin",
    "Analyst 1",
    "Analyst 2",
];
/// A country in two and three letters, a region of it, and a city.
const PLACES: [(&str, &str, &str, &str); 12] = [
    ("CA", "CAN", "QC", "Montréal"),
    ("CA", "CAN", "ON", "Ottawa"),
    ("US", "USA", "NY", "Albany"),
    ("US", "USA", "CA", "Oakland"),
    ("DE", "DEU", "BE", "Berlin"),
    ("FR", "FRA", "IDF", "Paris"),
    ("GB", "GBR", "ENG", "Leeds"),
    ("JP", "JPN", "13", "Tokyo"),
    ("BR", "BRA", "SP", "São Paulo"),
    ("NG", "NGA", "LA", "Lagos"),
    ("AT", "AUT", "9", "Wien"),
    ("AU", "AUS", "NSW", "Sydney"),
];

type Row = Vec<(&'static str, String)>;

/// Says something else of somebody than was made up.
type Edit<'a> = dyn Fn(&mut Someone, &mut Row) + 'a;

/// What an export of an LMS has of somebody.
fn row(id: &str, p: &Someone, managers: &dyn Fn(usize) -> String) -> Row {
    let n = p.n;
    let (two, three, region, city) = pick(&PLACES, n, 21);
    // Some titles are rare, and none is misspelt.
    let title = TITLES[(chance(n, 22) % 256).trailing_ones() as usize * 2 % 16 + n % 2].to_owned();
    let cell = |text: &str| text.to_owned();
    let yes = |of: u64, often: usize, yes: &str, no: &str| {
        if chance(n, of).is_multiple_of(often) { no.to_owned() } else { yes.to_owned() }
    };
    let groups = |by: &str| {
        let mut all: Vec<&str> =
            (0..chance(n, 23) % 4).map(|k| pick(&GROUPS, n, 30 + k as u64)).collect();
        all.sort_unstable();
        all.dedup();
        // A comma inside a name cannot be told from one between two.
        all.retain(|group| by != "," || !group.contains(','));
        all.join(by)
    };
    let state = if two == "US" { cell(region) } else { String::new() };
    match id {
        "edapp" => vec![
            ("email (required)", p.any_address()),
            ("username (optional)", if n.is_multiple_of(3) { p.number() } else { p.login() }),
            ("firstname (optional)", cell(&p.first)),
            ("lastname (optional)", cell(&p.last)),
            ("usergroups (optional)", groups("; ")),
            (
                "roles (optional)",
                yes(24, 40, "Learner; Prizing User", "Admin; Learner; Prizing User"),
            ),
            ("dateregistered", p.day(2019, 7, 25)),
            ("password (optional)", String::new()),
            ("externalid (optional)", p.number()),
            ("job title", title),
        ],
        "emtrain-learners" => vec![
            ("Unique Key", format!("{:09}", 100_000 + n * 13)),
            ("First Name", cell(&p.first)),
            ("Last Name", cell(&p.last)),
            ("Email Address", p.address()),
            (
                "Login Name",
                if n.is_multiple_of(4) {
                    format!("{}{}", p.login(), p.number())
                } else {
                    p.login()
                },
            ),
            ("Password", String::new()),
            ("Active", yes(24, 12, "Yes", "No")),
            ("Location", if two == "US" { cell(region) } else { cell(three) }),
            ("Employee ID", p.number()),
            ("Job Title", title),
            ("Hire Date", p.day(1998, 27, 25)),
        ],
        "emtrain-roster" => vec![
            ("First Name", cell(&p.first)),
            ("Last Name", cell(&p.last)),
            ("Email Address", p.address()),
            ("Employee ID", p.number()),
            ("Title", title),
            ("Manager Email", if n == 0 { String::new() } else { managers(n / 8) }),
            // Who is inactive manages nobody.
            (
                "User Status",
                if n > 20_000 { yes(24, 12, "active", "inactive") } else { cell("active") },
            ),
            ("Supervisor Status", yes(26, 7, "No", "Yes")),
            ("US State Code", state),
            ("Country ISO Code", cell(three)),
            ("City", cell(city)),
            ("Hire Date", p.day(1998, 27, 25)),
            (
                "Birth Date",
                if n.is_multiple_of(5) {
                    p.day(1950, 27, 27)[..4].to_owned()
                } else {
                    p.day(1950, 27, 27)
                },
            ),
            ("Exempt", yes(28, 2, "Yes", "No")),
        ],
        "workleap" => vec![
            ("Name", p.name()),
            ("Email", p.any_address()),
            ("Language", yes(24, 3, "fr", "en")),
            ("Country", cell(two)),
            ("Region", cell(region)),
            ("Hire Date", p.day(1998, 27, 25)),
            ("Job title", title),
        ],
        "kaspersky-asap" => vec![
            ("Email", p.any_address()),
            ("userName", p.name()),
            ("reference", cell(&p.first)),
            ("Department", pick(&GROUPS, n, 23).to_owned()),
            ("Employee number", p.number()),
        ],
        "safetyculture" => vec![
            ("User ID", format!("user_{:032x}", chance(n, 29))),
            ("Email", p.any_address()),
            ("First name", cell(&p.first)),
            ("Last name", cell(&p.last)),
            ("Status", yes(24, 12, "active", "deactivated")),
            ("Groups", groups(",")),
            ("Sites", cell(city)),
            ("Job title", title),
        ],
        "moodle" => vec![
            ("username", p.login()),
            ("firstname", cell(&p.first)),
            ("lastname", cell(&p.last)),
            ("email", p.any_address()),
            ("idnumber", p.number()),
            ("suspended", yes(24, 12, "0", "1")),
            ("city", cell(city)),
            ("country", cell(two)),
            ("department", title),
            ("cohort1", pick(&GROUPS, n, 23).to_owned()),
        ],
        "canvas-sis" => vec![
            ("user_id", p.number()),
            ("login_id", p.login()),
            ("first_name", cell(&p.first)),
            ("last_name", cell(&p.last)),
            ("full_name", p.name()),
            ("sortable_name", format!("{}, {}", p.last, p.first)),
            ("email", p.any_address()),
            ("declared_user_type", yes(24, 12, "student", "teacher")),
            ("status", yes(26, 30, "active", "suspended")),
        ],
        "oneroster-users" => vec![
            ("sourcedId", format!("u-{n:07}")),
            ("status", String::new()),
            ("dateLastModified", String::new()),
            ("enabledUser", yes(24, 12, "true", "false")),
            ("orgSourcedIds", yes(26, 3, "school-01", "school-02,school-03")),
            ("role", yes(25, 12, "student", "teacher")),
            ("username", p.login()),
            ("userIds", String::new()),
            ("givenName", cell(&p.first)),
            ("familyName", cell(&p.last)),
            ("middleName", String::new()),
            ("identifier", p.number()),
            ("email", p.any_address()),
            ("sms", format!("+1 555 {:07}", chance(n, 29) % 10_000_000)),
            ("phone", String::new()),
            ("agentSourcedIds", String::new()),
            ("grades", format!("{:02}", n % 12 + 1)),
            ("password", String::new()),
        ],
        "kolibri" => vec![
            (
                "Database ID (UUID)",
                format!("{:032x}", chance(n, 29) as u128 * 0x1_0000_0001_u128 + n as u128),
            ),
            (
                "Username (USERNAME)",
                format!(
                    "u{}_{n}",
                    p.login().replace('.', "_").chars().take(18).collect::<String>()
                ),
            ),
            ("Password (PASSWORD)", cell("*")),
            ("Full name (FULL_NAME)", p.name()),
            ("User type (USER_TYPE)", yes(24, 20, "LEARNER", "CLASS_COACH")),
            ("Identifier (IDENTIFIER)", p.number()),
            ("Birth year (BIRTH_YEAR)", p.day(1950, 27, 27)[..4].to_owned()),
            ("Gender (GENDER)", yes(26, 2, "FEMALE", "MALE")),
            ("Learner enrollment (ENROLLED_IN)", groups(",")),
            ("Coach assignment (ASSIGNED_TO)", String::new()),
        ],
        "scim" => vec![
            ("userName", p.login()),
            ("externalId", p.number()),
            ("name.givenName", cell(&p.first)),
            ("name.familyName", cell(&p.last)),
            ("emails", p.any_address()),
            ("title", title),
            ("preferredLanguage", yes(24, 3, "fr", "en")),
            ("addresses.locality", cell(city)),
            ("addresses.region", cell(region)),
            ("addresses.country", cell(two)),
            ("active", yes(26, 12, "true", "false")),
            ("employeeNumber", p.number()),
            ("department", pick(&GROUPS, n, 25).to_owned()),
            ("groups", groups("; ")),
            ("password", String::new()),
        ],
        _ => vec![
            ("Employee ID", p.number()),
            ("Full Name", p.name()),
            ("Email", p.any_address()),
            ("Job Title", title),
            ("City", cell(city)),
            ("Hire Date", p.day(1998, 27, 25)),
            ("Phone", format!("+49 30 {:07}", chance(n, 29) % 10_000_000)),
        ],
    }
}

fn script(id: &str) -> (Script, fn(&str) -> bool) {
    match id {
        // No slash, as in N/A.
        "emtrain-learners" => (Script::Ascii, |name| !name.contains('/')),
        "emtrain-roster" => (Script::Latin, |_| true),
        _ => (Script::Any, |_| true),
    }
}

/// An export with the people of these numbers; `edit` may say something else of each.
fn export(id: &str, numbers: &[usize], edit: &Edit) -> String {
    let (letters, takes) = script(id);
    let address = |n: usize| someone(n, letters, takes).address();
    let mut out =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for (at, &n) in numbers.iter().enumerate() {
        let mut person = someone(n, letters, takes);
        let mut cells = row(id, &person, &address);
        edit(&mut person, &mut cells);
        if at == 0 {
            out.write_record(cells.iter().map(|(name, _)| *name)).expect("written");
        }
        out.write_record(cells.iter().map(|(_, cell)| cell.as_str())).expect("written");
    }
    String::from_utf8(out.into_inner().expect("written")).expect("UTF-8")
}

/// What is found, by severity and rule, with an example of each.
fn found(id: &str, before: Option<&str>, now: &str) -> BTreeMap<String, (usize, String)> {
    let profile = Arc::new(Profile::built_in(id).expect("built in"));
    let roster =
        |text: &str| Roster::read(Table::from_text(text).expect("a table"), profile.clone());
    let mut lists = Lists::new();
    let at = Some("2026-11-20T08:00:00Z".to_owned());
    lists.insert("groups".into(), List::new(GROUPS.map(String::from), "a list", at));
    let mut context = CheckContext::new(roster(now), before.map(roster), lists);
    context.today = Some(jiff::civil::date(2026, 11, 22));
    let checker = Checker::new(context, &|_| true).expect("checked");
    let mut counts: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for finding in checker.all_findings() {
        let kind = format!("{} {}", finding.severity.word(), finding.rule);
        counts.entry(kind).or_insert_with(|| (0, finding.message.clone())).0 += 1;
    }
    counts
}

/// Prints what is found, and answers what is too much of it.
fn too_much(
    what: &str,
    id: &str,
    people: usize,
    found: &BTreeMap<String, (usize, String)>,
) -> Vec<String> {
    let of = |severity: &str| -> usize {
        found
            .iter()
            .filter(|(kind, _)| kind.starts_with(severity))
            .map(|(_, (count, _))| count)
            .sum()
    };
    let (errors, warnings, notes) = (of("error"), of("warning"), of("note"));
    println!("{what}, {id}, {people} people: {errors} errors, {warnings} warnings, {notes} notes");
    for (kind, (count, example)) in found {
        println!("    {count} × {kind}: {example}");
    }
    // Somebody new who has the whole name of exactly one who left, or is inactive: nothing in a file says that they are two.
    // That is one in twenty of those who are new here, where some countries have few names.
    let count = |kind: &str| found.get(kind).map_or(0, |(count, _)| *count);
    let namesakes = count("warning same-person") + count("warning person-twice");
    let few = (people * FEW).div_ceil(100_000);
    let says = |amiss: bool, much: String| amiss.then(|| format!("{what}, {id}: {much}"));
    [
        says(errors > 0, format!("{errors} errors")),
        says(warnings - namesakes > few, format!("{} warnings", warnings - namesakes)),
        says(namesakes > people / 2000 + 1, format!("{namesakes} namesakes")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Everybody as the LMS has them, looked at alone and beside the same export.
fn an_export_is_clean(people: usize) {
    let mut all = Vec::new();
    for (id, _) in BUILT_IN {
        let numbers: Vec<usize> = (0..people).collect();
        let text = export(id, &numbers, &|_, _| {});
        let mut found = found(id, None, &text);
        // Without a snapshot nobody can tell which fields the account has.
        found.remove("warning field-created");
        all.extend(too_much("alone", id, people, &found));
    }
    assert_eq!(all, Vec::<String>::new());
}

/// One in a hundred leaves, as many join, marry or move; what is found is only who left.
fn a_month_is_clean(people: usize) {
    let mut all = Vec::new();
    for (id, _) in BUILT_IN {
        let numbers: Vec<usize> = (0..people).collect();
        let before = export(id, &numbers, &|_, _| {});
        // The first thousand manage others.
        let leaves = |n: &usize| *n > people / 4 && n % 100 == 7;
        let stay = numbers.iter().copied().filter(|n| !leaves(n));
        let now: Vec<usize> = stay.chain(people..people + people / 100).collect();
        let moved = |person: &mut Someone, cells: &mut Vec<(&'static str, String)>| {
            let n = person.n;
            for (name, cell) in cells.iter_mut() {
                let is_new = n >= people;
                match *name {
                    "Unique Key" | "User ID" | "Database ID (UUID)" if is_new => cell.clear(),
                    "dateregistered" if is_new => cell.clear(),
                    "Password (PASSWORD)" if is_new => *cell = "Sunny-Day-7".to_owned(),
                    "Last Name"
                    | "lastname (optional)"
                    | "Last name"
                    | "lastname"
                    | "last_name"
                    | "familyName"
                    | "name.familyName"
                        if n % 100 == 13 && !is_new =>
                    {
                        *cell = "Walker-Smith".to_owned();
                    }
                    "job title" | "Job Title" | "Title" | "title" | "department"
                        if n % 100 == 17 =>
                    {
                        *cell = TITLES[3].to_owned();
                    }
                    _ => {}
                }
            }
        };
        let now = export(id, &now, &moved);
        let mut found = found(id, Some(&before), &now);
        // Of an LMS whose import changes nobody, that a change has no effect is no false alarm.
        if *id == "workleap" {
            found.remove("warning edit-ignored");
        }
        all.extend(too_much("a month later", id, people, &found));
    }
    assert_eq!(all, Vec::<String>::new());
}

#[test]
fn ten_thousand_people_of_every_country_have_no_error_and_hardly_a_warning() {
    an_export_is_clean(10_000);
}

#[test]
fn a_month_among_ten_thousand_people_has_no_error_and_hardly_a_warning() {
    a_month_is_clean(10_000);
}

#[test]
#[ignore = "a hundred thousand people for each profile: make soak"]
fn a_hundred_thousand_people_of_every_country_have_no_error_and_hardly_a_warning() {
    an_export_is_clean(100_000);
    a_month_is_clean(100_000);
}
