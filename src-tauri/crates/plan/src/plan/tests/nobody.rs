//! The law that stands above what is told of rows: whoever is told as no person is made by no plan.

use super::*;
use muster_rules::rules::rule_index;
use muster_rules::waiver::{Waiver, Waivers};

/// What stands in rows that are nobody's, and in some that are somebody's.
const CELLS: [&str; 20] = [
    "",
    "",
    "",
    "",
    "",
    "Summe",
    "Gesamt",
    "20 Personen",
    "20",
    "Stand 28.11.2026",
    "Stand der Dinge",
    "Sales and Marketing",
    "Seite 1 von 2",
    "Ende der Liste",
    "-----",
    "Example: Bo",
    "username",
    "Total: 2",
    "x@example.com",
    "Cher",
];

const HEADERS: [(&str, &str); 3] = [
    ("edapp", "email,username,firstname,lastname,usergroups,roles,externalid"),
    ("emtrain-learners", "Unique Key,First Name,Last Name,Login Name,Active"),
    ("generic", "Employee ID,Name,Email,Team"),
];

/// The people whom a plan says anything of, by their rows.
fn rows_of(plan: &Plan) -> Vec<u32> {
    plan.people.iter().filter_map(|p| p.person.row).collect()
}

fn told(checker: &Checker) -> Vec<u32> {
    let rule = rule_index("row-not-a-person");
    let is_told = |row: &u32| checker.marks(*row).iter().any(|mark| Some(mark.rule) == rule);
    checker.context().roster.table.rows().filter(is_told).collect()
}

fn some_plans(checker: &Checker) -> impl Iterator<Item = Plan> {
    let plans = [Only::Changed, Only::All];
    plans.into_iter().map(|only| make(checker, &KIT, &PlanOptions { only, ..chosen(&ADD) }))
}

#[test]
fn whoever_is_told_as_no_person_is_somebody_only_where_that_was_let_stand() {
    let rows = [ADA, "Stand der Dinge,,,,,,,,\n"];
    let checker = edapp(&[ADA], &rows);
    let title = told(&checker);
    assert_eq!(title.len(), 1);
    for plan in some_plans(&checker) {
        assert!(rows_of(&plan).iter().all(|row| !title.contains(row)));
    }
    let profile = Arc::new(Profile::built_in("edapp").expect("built in"));
    let text = |rows: &[&str]| format!("{HEADER}{}", rows.concat());
    let read = |rows: &[&str]| roster_of(&profile, &text(rows));
    let mut context = CheckContext::new(read(&rows), Some(read(&[ADA])), lists());
    context.waivers = Waivers::new(vec![Waiver {
        rule: "row-not-a-person".to_owned(),
        column: None,
        value: "Stand der Dinge".to_owned(),
        person: None,
        reason: "she is called so".to_owned(),
        at: String::new(),
        by: String::new(),
    }]);
    let checker = Checker::new(context, &|_| true).expect("checked");
    assert!(some_plans(&checker).all(|plan| rows_of(&plan).contains(&title[0])));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whoever_is_told_as_no_person_is_in_no_plan(
        which in 0..HEADERS.len(),
        rows in proptest::collection::vec(proptest::collection::vec(0..CELLS.len(), 7), 1..6),
        has_snapshot: bool,
    ) {
        let (profile, header) = HEADERS[which];
        let profile = Profile::built_in(profile).expect("built in");
        let width = header.split(',').count();
        let line = |cells: &Vec<usize>| {
            cells[..width].iter().map(|at| CELLS[*at]).collect::<Vec<_>>().join(",") + "\n"
        };
        let people = "ada,ada,Ada,Lo,ada,,\nbo,bo,Bo,Li,bo,,\n".lines().map(|person| {
            person.split(',').take(width).collect::<Vec<_>>().join(",") + "\n"
        }).collect::<String>();
        let before = format!("{header}\n{people}");
        let now = format!("{before}{}", rows.iter().map(line).collect::<String>());
        let checker = check(profile, has_snapshot.then_some(&before), &now);
        let nobody = told(&checker);
        for plan in some_plans(&checker) {
            let sent: Vec<u32> =
                rows_of(&plan).into_iter().filter(|row| nobody.contains(row)).collect();
            prop_assert!(sent.is_empty(), "{now}");
        }
    }
}
