//! No all-clear on what was not understood: a doubt is an error, holds kit and push, and no profile switches it off.

use crate::world::{ANA, BO, CEM, World, edapp, snapshot};

/// A profile file that switches every rule off that there is.
fn silenced(world: &World, id: &str) -> String {
    let rules = world.muster("rules --format json").exits(0).json();
    let codes = rules["rules"].as_array().expect("a list").iter();
    let off = codes.map(|rule| {
        let code = rule["rule"].as_str().expect("a code");
        format!("[rules.{code}]\noff = true\n")
    });
    let off: String = off.collect();
    format!(
        "id = \"{id}\"\nname = \"Silent\"\nsummary = \"Says nothing.\"\nbased_on = \"edapp\"\n\n{off}"
    )
}

#[test]
fn a_row_of_another_length_is_a_doubt_and_nothing_is_sent() {
    let cut = BO.split_once(',').map_or(BO, |(first, _)| first);
    let world = World::new()
        .with("staff.csv", edapp(&[&ANA.replace("Sales", "Marketing"), cut, CEM]))
        .with("last.csv", snapshot());
    let report = world.muster("check staff.csv --against last.csv --format json").exits(1).json();
    assert_eq!(report["understood"], false);
    let told = world.muster("check staff.csv --against last.csv").exits(1).out;
    assert!(told.contains("Not all of the list was understood"), "{told}");
    let plan = world.muster("plan staff.csv --against last.csv --format json").exits(1).json();
    assert_eq!(plan["understood"], false);
    let blocked = plan["blockers"][0].as_str().expect("a sentence");
    assert!(
        blocked.starts_with("The list was not understood whole, and line 3 is to be"),
        "{blocked}"
    );
    let kit = world.muster("kit staff.csv --against last.csv --out kit").exits(3);
    assert!(kit.err.contains("not understood whole") && !world.has("kit"), "{}", kit.err);
}

#[test]
fn what_was_read_whole_is_understood() {
    let world = World::new().with("staff.csv", snapshot()).with("last.csv", snapshot());
    let report = world.muster("check staff.csv --against last.csv --format json").exits(0).json();
    assert_eq!(report["understood"], true);
    let plan = world.muster("plan staff.csv --against last.csv --format json").exits(0).json();
    assert_eq!(plan["understood"], true);
}

#[test]
fn where_a_profile_switches_most_checks_off_there_is_no_all_clear() {
    let world = World::new().with("staff.csv", snapshot()).with("last.csv", snapshot());
    let silent = silenced(&world, "silent");
    let world = world.with("silent.toml", silent);
    let command = "check staff.csv --against last.csv --profile silent.toml";
    let report = world.muster(&format!("{command} --format json")).exits(1).json();
    assert_eq!(report["understood"], false);
    assert_eq!(report["findings"][0]["rule"], "checks-off");
    let told = world.muster(command).exits(1).out;
    assert!(!told.contains("0 problems"), "{told}");
    let changed = edapp(&[&ANA.replace("Sales", "Marketing"), BO, CEM]);
    let world = world.with("staff.csv", changed);
    world.muster("kit staff.csv --against last.csv --profile silent.toml --out kit").exits(3);
}

#[test]
fn somebody_lets_a_doubt_stand_in_words() {
    let cut = BO.split_once(',').map_or(BO, |(first, _)| first);
    let world =
        World::new().with("staff.csv", edapp(&[ANA, cut, CEM])).with("last.csv", snapshot());
    world.muster("accounts add Acme --profile edapp").exits(0);
    world
        .muster_with(&[
            "accounts",
            "set",
            "Acme",
            "--waive",
            "row-ragged",
            "--reason",
            "Bo is a test user",
        ])
        .exits(0);
    let command = "check staff.csv --against last.csv --account Acme --format json";
    let report = world.muster(command);
    assert_eq!(report.json()["understood"], true, "{}", report.out);
    assert_eq!(report.json()["waived"][0]["rule"], "row-ragged");
}
