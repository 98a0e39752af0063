//! Damaged edits: what was planted is found, and nothing else.

use crate::world::{Found, World, rows, text};

/// Everything that has to be found in an edit. What was planted stands in the last column, for people.
fn seeded(id: &str, edit: &str) -> Vec<Found> {
    let mut all: Vec<Found> = rows(&text(id, &format!("{edit}.planted.csv")))
        .into_iter()
        .skip(1)
        .map(|row| {
            let [severity, rule, place, column, value, _what] =
                <[String; 6]>::try_from(row).expect("six cells");
            Found { place, column, rule, severity, value }
        })
        .collect();
    all.sort();
    all
}

/// What an edit has in it of what was planted, and what else is said of it; nothing where all is as it has to be.
fn amiss(id: &str, edit: &str) -> String {
    let (seeded, found) = (seeded(id, edit), World::of(id, edit).found());
    let only = |these: &[Found], those: &[Found]| {
        let mut those = those.to_vec();
        let mut only = String::new();
        for one in these {
            match those.iter().position(|other| other == one) {
                Some(at) => drop(those.remove(at)),
                None => only.push_str(&format!("    {one:?}\n")),
            }
        }
        only
    };
    let (missed, false_alarms) = (only(&seeded, &found), only(&found, &seeded));
    if missed.is_empty() && false_alarms.is_empty() {
        println!(
            "{id}, {edit}: {} planted, each found at its place, and nothing else",
            seeded.len()
        );
        return String::new();
    }
    let said: String = World::of(id, edit)
        .checked()
        .all_findings()
        .iter()
        .filter(|f| false_alarms.contains(&f.rule))
        .map(|f| format!("    {}: {}\n", f.rule, f.message))
        .collect();
    format!(
        "{id}, {edit}\n  planted and not found:\n{missed}  found and not planted:\n{false_alarms}  in words:\n{said}"
    )
}

#[track_caller]
fn all_is_found(edit: &str) {
    let amiss: String = SYSTEMS.iter().map(|id| amiss(id, edit)).collect();
    assert!(amiss.is_empty(), "\n{amiss}");
}

const SYSTEMS: [&str; 6] =
    ["edapp", "emtrain-learners", "emtrain-roster", "kaspersky-asap", "safetyculture", "workleap"];

#[test]
fn every_fault_of_a_damaged_edit_is_found_at_its_cell_and_nothing_else() {
    all_is_found("damaged");
}

#[test]
fn column_names_that_were_spoilt_are_found() {
    all_is_found("headers");
}

#[test]
fn a_column_that_was_sorted_alone_is_one_fault() {
    all_is_found("scrambled");
}

#[test]
fn an_ordinary_month_has_no_error() {
    all_is_found("clean");
}

#[test]
fn an_export_as_it_came_has_no_problem() {
    for id in SYSTEMS {
        assert_eq!(World::of(id, "snapshot").found(), [], "{id}");
        // Without a snapshot, nobody can tell which roles an account gives by its pages only, and which fields it has.
        let unsure = ["role-unknown", "field-created"];
        let mut alone = World::of(id, "snapshot").without_snapshot().found();
        alone.retain(|f| f.severity != "warning" || !unsure.contains(&f.rule.as_str()));
        assert_eq!(alone, [], "{id}");
    }
}
