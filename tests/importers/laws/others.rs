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
    /// A column of free text.
    changes: &'static str,
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
        told_by: "Username (USERNAME)",
    },
    Other {
        profile: "moodle",
        header: &["username", "firstname", "lastname", "email", "idnumber", "city"],
        row: |p, _| row(&[&p.login(), p.first, p.last, &p.address(), &p.number(), "Austin"]),
        changes: "city",
        told_by: "username",
    },
    Other {
        profile: "canvas-sis",
        header: &["user_id", "login_id", "first_name", "last_name", "email", "status"],
        row: |p, _| row(&[&p.number(), &p.login(), p.first, p.last, &p.address(), "active"]),
        changes: "first_name",
        told_by: "user_id",
    },
    Other {
        profile: "generic",
        header: &["employee_id", "name", "email", "team"],
        row: |p, _| row(&[&p.number(), &p.name(), &p.address(), "Sales"]),
        changes: "team",
        told_by: "employee_id",
    },
];

/// So many people, of whom some change and some are new; the opened file has its columns in another order.
fn holds(other: &Other, seed: u64) {
    let mut chance = Chance::new(seed);
    let many = 6 + chance.below(30);
    let rows = |from: usize, to: usize, new: bool| {
        (from..to).map(|n| (other.row)(&Invented::new(n), new)).collect::<Vec<_>>()
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
    let moved = |row: &Vec<String>| order.iter().map(|&at| row[at].clone()).collect();
    let opened = Sheet {
        header: moved(&now.header),
        rows: now.rows.iter().map(moved).collect(),
        not_text: Vec::new(),
    };
    let world = World::new().with("now.csv", opened.csv()).with("had.csv", had.csv());
    let words = ["now.csv", "--against", "had.csv", "--profile", other.profile];
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
