//! What is sent, taken by an LMS that follows the article: does it then hold what the plan said, and does the undo file
//! give back what it promised?

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use crate::kit::tests::*;
use crate::plan::{Action, NOT_DOCUMENTED, PersonPlan};
use crate::verify::{Differs, verify};
use muster_rules::checker::Checker;

/// An LMS as the article describes EdApp, told here once more and apart from the plan: its accounts by username.
#[derive(Debug, Clone, PartialEq)]
struct Lms {
    people: BTreeMap<String, BTreeMap<String, String>>,
    /// What nobody has written down: whether a blank cell empties a value.
    blank_clears: bool,
}

impl Lms {
    fn of(snapshot: &Roster, blank_clears: bool) -> Lms {
        let mut lms = Lms { people: BTreeMap::new(), blank_clears };
        for row in snapshot.table.rows() {
            let cell = |c: usize| {
                (snapshot.columns[c].name.clone(), snapshot.table.cell(row, c).into_owned())
            };
            let account = (0..snapshot.table.width()).map(cell).collect();
            lms.people.insert(snapshot.key_text(row).to_lowercase(), account);
        }
        lms
    }

    fn takes(&mut self, bytes: Vec<u8>, choices: &BTreeMap<String, String>) {
        let file = roster_of(&edapp(), bytes);
        for row in file.table.rows() {
            let key = file.key_text(row).to_lowercase();
            let is_new = !self.people.contains_key(&key);
            let clears = self.blank_clears;
            let account = self.people.entry(key.clone()).or_default();
            for (at, name) in file.table.names().iter().enumerate() {
                let value = file.table.cell(row, at).into_owned();
                let held = account.entry(name.clone()).or_default();
                match name.split(' ').next().unwrap_or_default() {
                    "dateregistered" => {}
                    "username" if is_new => {
                        *held = if value.is_empty() { key.clone() } else { value }
                    }
                    "username" => {}
                    "password" if value.is_empty() => {}
                    "roles" if is_new => {
                        *held = set(&format!("{value}; Learner; Prizing User")).join("; ")
                    }
                    "usergroups" | "roles" => {
                        let choice = if name.starts_with("roles") { "roles" } else { "groups" };
                        let defaults = ["Learner", "Prizing User"];
                        let stays: Vec<String> = set(held)
                            .into_iter()
                            .filter(|v| name.starts_with("roles") && defaults.contains(&v.as_str()))
                            .collect();
                        if choices[choice] == "add" || is_new {
                            *held = set(&format!("{held}; {value}")).join("; ");
                        } else if !value.is_empty() || clears {
                            *held = set(&format!("{value}; {}", stays.join("; "))).join("; ");
                        }
                    }
                    _ if value.is_empty() && !is_new && !clears => {}
                    _ => *held = value,
                }
            }
        }
    }
}

impl Lms {
    /// What it exports, without passwords.
    fn export(&self, columns: &[String]) -> Roster {
        let mut text = columns.join(",") + "\n";
        for account in self.people.values() {
            let cell = |name: &String| match name.starts_with("password") {
                true => "",
                false => account.get(name).map_or("", String::as_str),
            };
            text += &(columns.iter().map(cell).collect::<Vec<_>>().join(",") + "\n");
        }
        roster_of(&edapp(), text.into_bytes())
    }

    /// Every cell that it holds: whose, of which column, and what.
    fn cells(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.people.iter().flat_map(|(key, account)| {
            account.iter().map(move |(column, held)| (key.as_str(), column.as_str(), held.as_str()))
        })
    }
}

fn set(text: &str) -> Vec<String> {
    let all: BTreeSet<&str> = text.split(';').map(str::trim).filter(|v| !v.is_empty()).collect();
    all.into_iter().map(String::from).collect()
}

fn same(column: &str, left: &str, right: &str) -> bool {
    if column.starts_with("usergroups") || column.starts_with("roles") {
        set(left) == set(right)
    } else {
        left == right
    }
}

type Cells = (String, String, String, Vec<&'static str>, Vec<&'static str>, String, String);

fn some_people(password: bool) -> impl Strategy<Value = Vec<Option<String>>> {
    let groups = proptest::sample::subsequence(vec!["Sales", "Ops", "Legal"], 0..=3);
    let roles = proptest::sample::subsequence(vec!["Learner", "Admin", "Prizing User"], 0..=3);
    let secret = if password { "(|Secret-42x)" } else { "" };
    let person = ("[12]", "(Ada|Bo|C'y)", "(Lo|Li|)", groups, roles, secret, "(|Nurse|Cook)");
    let row = |n: usize, (mail, first, last, groups, roles, secret, title): Cells| {
        let (groups, roles) = (groups.join("; "), roles.join("; "));
        format!(
            "p{n}{mail}@example.com,p{n},{first},{last}{n},{groups},{roles},2024,{secret},,{title}\n"
        )
    };
    proptest::collection::vec(proptest::option::weighted(0.8, person), 6).prop_map(move |people| {
        people.into_iter().enumerate().map(|(n, person)| person.map(|p| row(n, p))).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn the_lms_holds_what_the_plan_says_and_undo_gives_back_what_it_promises(
        old in some_people(false), new in some_people(true), replace: bool, all: bool, blank_clears: bool,
    ) {
        let text = |rows: &[Option<String>]| format!("{HEADER}{}", rows.iter().flatten().map(String::as_str).collect::<String>());
        let checker = check(&edapp(), &text(&old), &text(&new));
        let how = if replace { "replace" } else { "add" };
        let plan = planned(&checker, how, if all { Only::All } else { Only::Changed });
        // Changes that look like a mistake stop the file; that is for other tests.
        prop_assume!(plan.blockers.is_empty());
        let made = match kit_with(&plan, &checker, &all_releases(&plan)) {
            Err(told) => {
                prop_assert_eq!(told.what, "there is nothing to send");
                return Ok(());
            }
            Ok(made) => made,
        };
        prop_assert_eq!(holds_what_was_planned(&plan, &checker, &made, blank_clears), Vec::<String>::new());
    }
}

/// Uploads a kit and then its undo file; tells whatever the LMS holds that was not said.
fn holds_what_was_planned(
    plan: &Plan,
    checker: &Checker,
    made: &Made,
    blank_clears: bool,
) -> Vec<String> {
    let snapshot = checker.context().snapshot.as_ref().expect("one");
    let before = Lms::of(snapshot, blank_clears);
    let was = |key: &str, column: &str| {
        before.people.get(key).map_or(String::new(), |account| account[column].clone())
    };
    let mut lms = before.clone();
    lms.takes(made.bytes("upload.csv"), plan.choices.written());
    let listed: BTreeMap<String, &PersonPlan> =
        plan.people.iter().map(|p| (p.person.key.to_lowercase(), &p.person)).collect();
    let mut wrong = Vec::new();
    for (key, column, held) in lms.cells().filter(|(_, c, _)| !c.starts_with("password")) {
        let cells = listed.get(key).map_or(&[][..], |p| &p.cells);
        let told = cells.iter().find(|c| c.title == column).map(|c| c.result.clone());
        let told = told.unwrap_or_else(|| was(key, column));
        if told != NOT_DOCUMENTED && !same(column, held, &told) {
            wrong.push(format!("{key} {column}: holds `{held}`, the plan said `{told}`"));
        }
    }
    let created = listed.values().filter(|p| p.action == Action::Create).count();
    if lms.people.len() != before.people.len() + created {
        wrong.push(format!("{} people instead of {created} more", lms.people.len()));
    }

    wrong.extend(proves_wrongly(plan, made, snapshot, &lms));

    let undo = Undo::of(plan, checker);
    if made.kit.files.iter().any(|file| file.name == "undo.csv") {
        lms.takes(made.bytes("undo.csv"), undo.choices.written());
    }
    for (key, column, held) in lms.cells().filter(|(k, c, h)| !same(c, h, &was(k, c))) {
        let of_column = if column.starts_with("password") { "password" } else { column };
        let named = undo.cannot.iter().any(|s| {
            let about = s.contains(&format!("(`{key}`)"));
            about && (s.contains(of_column) || s.contains("is new: "))
        });
        if !named {
            let was = was(key, column);
            wrong.push(format!("{key} {column}: holds `{held}` after undo, was `{was}`"));
        }
    }
    wrong
}

/// An export of afterwards proves all of it; one of before proves nothing.
fn proves_wrongly(plan: &Plan, made: &Made, snapshot: &Roster, lms: &Lms) -> Vec<String> {
    let fresh = lms.export(snapshot.table.names());
    let verification =
        |export: &Roster| verify(&made.kit.planned, Some(snapshot), export, &|_| true);
    let mut wrong = Vec::new();
    let counts = &plan.counts;
    match verification(&fresh) {
        Err(failure) => wrong.push(format!("{failure}")),
        Ok(detail) => {
            wrong.extend(detail.differing.iter().map(Differs::sentence));
            wrong.extend(detail.unplanned.iter().map(|told| format!("beside the plan: {told}")));
            if (detail.as_planned, detail.of) != (counts.changed(), counts.changed()) {
                wrong.push(format!("{} of {} proved", detail.as_planned, detail.of));
            }
        }
    }
    let before = verification(snapshot).map(|detail| detail.as_planned);
    if counts.create > 0 && before.is_ok_and(|n| n + counts.create > counts.changed()) {
        wrong.push("somebody new was found in an export of before".to_owned());
    }
    wrong
}

/// Applies every fix that a finding offers, the safe and the unsafe, until none is left.
fn fix_everything(checker: &mut Checker) {
    for _ in 0..40 {
        let Some(edits) = checker
            .all_findings()
            .into_iter()
            .filter(|f| {
                !["person-missing", "edit-ignored", "membership-lost"].contains(&f.rule.as_str())
            })
            .find_map(|f| f.fix.map(|fix| fix.edits))
        else {
            return;
        };
        checker.apply(&edits).expect("fits");
        checker.flush();
    }
}

#[test]
fn the_sample_goes_from_its_mistakes_to_a_kit_and_back_again() {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    let snapshot = text(include_bytes!("../../../../engine/samples/edapp-snapshot.csv"));
    let roster = text(include_bytes!("../../../../engine/samples/edapp.csv"));
    let profile = edapp();
    let read = |text: &str| roster_of(&profile, text.as_bytes().to_vec());
    let context = CheckContext::new(read(&roster), Some(read(&snapshot)), Lists::new());
    let mut checker = Checker::new(context, &|_| true).expect("checked");

    let first = planned(&checker, "add", Only::Changed);
    assert!(first.counts.blocked > 5, "{:?}", first.counts);
    assert_eq!(kit_with(&first, &checker, &[]).err().expect("refused").kind, FailureKind::Refused);

    fix_everything(&mut checker);
    let twice = checker.context().roster.row_of_key("liam.byrne@example.com");
    if twice.is_none() {
        // Which of two rows is the right one only a person can tell: the first, here.
        let rows: Vec<u32> =
            checker.context().roster.rows_of_key("liam.byrne@example.com").collect();
        let row = *rows.iter().max().expect("two rows");
        let table = &checker.context().roster.table;
        let at = table.index_of(row).expect("there") as u32;
        let cells = table.row(row);
        checker.apply(&[muster_table::edit::Edit::Remove { row, at, cells }]).expect("fits");
        checker.flush();
    }
    for how in ["add", "replace"] {
        let plan = planned(&checker, how, Only::Changed);
        assert_eq!(plan.blockers, Vec::<String>::new(), "{how}");
        assert!(plan.counts.update > 0 && plan.counts.create > 0, "{:?}", plan.counts);
        let made = kit_with(&plan, &checker, &all_releases(&plan)).expect("made");
        for blank_clears in [true, false] {
            let wrong = holds_what_was_planned(&plan, &checker, &made, blank_clears);
            assert_eq!(wrong, Vec::<String>::new(), "{how}");
        }
    }
}
