//! The other LMSs, of which no importer is here: the kit holds those whom the plan names, under the LMS's own header.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::invented::{Chance, Invented};
use crate::sheet::Sheet;
use crate::world::World;

/// An LMS with its header and what somebody has under it; a blank first cell where the LMS gives the key.
struct Other {
    profile: &'static str,
    header: &'static [&'static str],
    row: fn(&Invented, bool) -> Vec<String>,
    /// A column of free text, which the opened file calls otherwise.
    changes: &'static str,
    /// A column in which the file has nothing of somebody new.
    blank_of_new: &'static str,
    /// Columns that only the LMS fills, and those that no export shows.
    its_own: &'static [&'static str],
    /// What tells people apart.
    told_by: &'static str,
}

const KOLIBRI: &[&str] = &[
    "Database ID (UUID)",
    "Username (USERNAME)",
    "Password (PASSWORD)",
    "Full name (FULL_NAME)",
    "User type (USER_TYPE)",
    "Identifier (IDENTIFIER)",
    "Birth year (BIRTH_YEAR)",
    "Gender (GENDER)",
    "Learner enrollment (ENROLLED_IN)",
    "Coach assignment (ASSIGNED_TO)",
];

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|&c| c.to_owned()).collect()
}

const OTHERS: [Other; 4] = [
    Other {
        profile: "kolibri",
        header: KOLIBRI,
        row: |p, new| {
            let id = if new { String::new() } else { format!("{:032x}", 0xabc0_0000 + p.n) };
            let word = if new { "Tulips-77" } else { "*" };
            row(&[
                &id,
                &p.login(),
                word,
                &p.name(),
                "LEARNER",
                &p.number(),
                "2001",
                "NOT_SPECIFIED",
                "Red",
                "",
            ])
        },
        changes: "Full name (FULL_NAME)",
        blank_of_new: "Birth year (BIRTH_YEAR)",
        its_own: &["Database ID (UUID)", "Password (PASSWORD)"],
        told_by: "Username (USERNAME)",
    },
    Other {
        profile: "moodle",
        header: &["username", "firstname", "lastname", "email", "idnumber", "city"],
        row: |p, _| row(&[&p.login(), p.first, p.last, &p.address(), &p.number(), "Austin"]),
        changes: "city",
        blank_of_new: "city",
        its_own: &[],
        told_by: "username",
    },
    Other {
        profile: "canvas-sis",
        header: &["user_id", "login_id", "first_name", "last_name", "email", "status"],
        row: |p, _| row(&[&p.number(), &p.login(), p.first, p.last, &p.address(), "active"]),
        changes: "first_name",
        blank_of_new: "email",
        its_own: &[],
        told_by: "user_id",
    },
    Other {
        profile: "generic",
        header: &["employee_id", "name", "email", "team"],
        row: |p, _| row(&[&p.number(), &p.name(), &p.address(), "Sales"]),
        changes: "team",
        blank_of_new: "team",
        its_own: &[],
        told_by: "employee_id",
    },
];

/// So many people, of whom some change and some are new; the opened file has its columns in another order.
fn holds(other: &Other, seed: u64) {
    let mut chance = Chance::new(seed);
    let many = 6 + chance.below(30);
    let rows = |from: usize, to: usize, new: bool| {
        let blank = other.header.iter().position(|h| *h == other.blank_of_new).expect("there");
        let one = |n| {
            let mut row = (other.row)(&Invented::new(n), new);
            if new {
                row[blank].clear();
            }
            row
        };
        (from..to).map(one).collect::<Vec<_>>()
    };
    let header: Vec<String> = other.header.iter().map(|&h| h.to_owned()).collect();
    let had = Sheet { header, rows: rows(0, many, false), not_text: Vec::new() };
    let mut now = had.clone();
    let [changes, told_by] = [other.changes, other.told_by].map(|c| had.column(c).expect("there"));
    let mut touched = BTreeSet::new();
    for _ in 0..1 + chance.below(3) {
        let at = chance.below(many);
        now.rows[at][changes] = format!("Harbour {}", chance.below(9));
        touched.insert(now.rows[at].clone());
    }
    for new in rows(many, many + chance.below(3), true) {
        touched.insert(new.clone());
        now.rows.push(new);
    }
    touched.retain(|row| now.rows.contains(row));
    chance.shuffle(&mut now.rows);
    // In another order, as some other program has left it.
    let mut order: Vec<usize> = (0..had.header.len()).collect();
    chance.shuffle(&mut order);
    let moved =
        |row: &Vec<String>| order.iter().map(|&at| row[at].clone()).collect::<Vec<String>>();
    let own_name = |header: &String| {
        if *header == other.changes { "Feld 1".to_owned() } else { header.clone() }
    };
    let opened = Sheet {
        header: moved(&now.header).iter().map(own_name).collect(),
        rows: now.rows.iter().map(moved).collect(),
        not_text: Vec::new(),
    };
    let world = World::new().with("now.csv", opened.csv()).with("had.csv", had.csv());
    let map = format!("Feld 1={}", other.changes);
    let words =
        ["now.csv", "--against", "had.csv", "--profile", other.profile, "--map", map.as_str()];
    let plan = world.muster_with(&[&["plan"], &words[..], &["--format", "json"]].concat());
    let plan = plan.json();
    let seed = format!("seed {seed} of {}", other.profile);
    assert_eq!(plan["blockers"], serde_json::json!([]), "{seed}");
    let said = plan["people"].as_array().into_iter().flatten();
    let sent: BTreeSet<String> = said
        .filter(|p| p["action"] != "ignored")
        .filter_map(|p| p["line"].as_u64().and_then(|line| usize::try_from(line).ok()))
        .map(|line| now.rows[line - 2][told_by].clone())
        .collect();
    let touched_by: BTreeSet<String> = touched.iter().map(|row| row[told_by].clone()).collect();
    assert_eq!(sent, touched_by, "{seed}: whom the plan names");
    let releases: Vec<String> = held(&plan);
    let mut kit = [&["kit"], &words[..], &["--out", "kit"]].concat();
    kit.extend(releases.iter().flat_map(|release| ["--release", release]));
    let made = world.muster_with(&kit);
    assert_eq!(made.exit, 0, "{seed}\n{}{}", made.out, made.err);
    let upload = Sheet::of_csv(&world.read("kit/upload.csv")).expect("a CSV");
    assert_eq!(upload.header, had.header, "{seed}: the LMS's header, in its order");
    let rows: BTreeSet<Vec<String>> = upload.rows.iter().cloned().collect();
    assert_eq!(rows, touched, "{seed}: those, and each as the list has them");
    assert_eq!(upload.rows.len(), touched.len(), "{seed}: each once");
    is_proved(other, &world, (&had, &upload), &mut chance, &seed);
}

/// What the LMS has afterwards, of a file that it took as it is, is as planned; with one cell of it otherwise it is not.
fn is_proved(
    other: &Other,
    world: &World,
    (had, upload): (&Sheet, &Sheet),
    chance: &mut Chance,
    seed: &str,
) {
    let told_by = had.column(other.told_by).expect("there");
    let mut after = had.clone();
    for sent in &upload.rows {
        match after.rows.iter_mut().find(|row| row[told_by] == sent[told_by]) {
            Some(row) => row.clone_from(sent),
            None => {
                let mut row = sent.clone();
                for own in other.its_own.iter().filter_map(|own| had.column(own)) {
                    row[own] = format!("{:032x}", 0xdef0_0000 + after.rows.len());
                }
                after.rows.push(row);
            }
        }
    }
    let prove = |export: &Sheet, more: &[&str]| {
        std::fs::write(world.path("after.csv"), export.csv()).expect("it can be written");
        world.muster_with(&[&["prove", "kit", "after.csv"], more].concat())
    };
    let both: [&[&str]; 2] = [&[], &["--against", "had.csv"]];
    for more in both {
        let told = prove(&after, more);
        assert_eq!(told.exit, 0, "{seed} {more:?}\n{}{}", told.out, told.err);
    }
    for _ in 0..3 {
        let (at, column) = (chance.below(after.rows.len()), chance.below(after.header.len()));
        if other.its_own.iter().any(|own| had.column(own) == Some(column)) {
            continue;
        }
        let mut changed = after.clone();
        changed.rows[at][column].push('z');
        let told = prove(&changed, &["--against", "had.csv"]);
        let who = &after.rows[at][told_by];
        let what = &after.header[column];
        assert_eq!(told.exit, 1, "{seed}: `{what}` of `{who}`\n{}{}", told.out, told.err);
        assert!(told.out.contains(who.as_str()), "{seed}: `{what}` of `{who}`\n{}", told.out);
    }
    // Of somebody new also without knowing what was before.
    let blank = had.column(other.blank_of_new).expect("there");
    for at in had.rows.len()..after.rows.len() {
        let mut changed = after.clone();
        "Zz".clone_into(&mut changed.rows[at][blank]);
        let told = prove(&changed, &[]);
        let who = &after.rows[at][told_by];
        assert_eq!(told.exit, 1, "{seed}: `{who}` got something\n{}{}", told.out, told.err);
    }
}

fn held(plan: &Value) -> Vec<String> {
    let held = plan["guards"].as_array().into_iter().flatten().filter(|g| g["held"] == true);
    held.map(|g| format!("{}={}", g["id"].as_str().unwrap_or_default(), g["actual"])).collect()
}

#[test]
fn a_kit_holds_whom_the_plan_names_under_the_lms_s_own_header() {
    for other in &OTHERS {
        for seed in 0..5 {
            holds(other, seed);
        }
    }
}
