//! The window and the command do the same: what each writes is compared byte for byte, and what each says.

use std::collections::BTreeSet;

use muster_engine::rules::RULES;
use muster_engine::session::Engine;
use serde_json::{Value, json};

use crate::world::World;

const PROFILES: [&str; 6] =
    ["edapp", "emtrain-learners", "emtrain-roster", "kaspersky-asap", "safetyculture", "workleap"];

fn damaged(profile: &str) -> Vec<u8> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/profiles");
    std::fs::read(folder.join(profile).join("damaged.csv")).expect("a damaged roster")
}

/// The window with `in.csv` open.
fn window(world: &World, profile: &str) -> Engine {
    let (data, profiles) = (world.path("data"), world.path("profiles"));
    let engine = Engine::new(data, profiles, std::time::SystemTime::now);
    call(&engine, "open", json!({ "path": world.path("in.csv") }));
    call(&engine, "choose_profile", json!({ "id": profile }));
    engine
}

fn call(engine: &Engine, name: &str, request: Value) -> Value {
    engine.call(name, request).unwrap_or_else(|failure| panic!("{name}: {failure}"))
}

fn saved(engine: &Engine, world: &World) -> Vec<u8> {
    call(engine, "save_copy", json!({ "path": world.path("window.csv"), "replace": true }));
    world.read("window.csv")
}

#[test]
fn a_fix_of_a_rule_writes_the_same_file() {
    let mut fixed = BTreeSet::new();
    for profile in PROFILES {
        let world = World::new().with("in.csv", damaged(profile));
        let engine = window(&world, profile);
        let check = world.muster(&format!("check in.csv --profile {profile} --format json"));
        let check = check.json();
        let found = check["findings"].as_array().expect("a list").iter();
        let found: BTreeSet<&str> = found.filter_map(|f| f["rule"].as_str()).collect();
        for rule in RULES.iter().map(|rule| rule.code).filter(|rule| found.contains(rule)) {
            let scope = json!({ "rule": rule, "value": null, "row": null, "column": null, "safe_only": true });
            let done = engine.call("apply_fix", scope).is_ok();
            let words =
                format!("fix in.csv --profile {profile} --rule {rule} --out out.csv --replace");
            let answer = world.muster(&format!("{words} --format json")).exits(0).json();
            let changes = answer["changes"].as_array().map_or(0, Vec::len);
            assert_eq!(done, changes > 0, "{profile}, {rule}: {answer}");
            assert!(saved(&engine, &world) == world.read("out.csv"), "{profile}, {rule}");
            if done {
                call(&engine, "undo", Value::Null);
                fixed.insert(rule);
            }
        }
    }
    assert!(fixed.len() > 5, "hardly anything was fixed: {fixed:?}");
}

#[test]
fn a_recipe_of_every_kind_of_step_writes_the_same_file_and_drifts_alike() {
    let recipe = "name = 'Monthly'\nprofile = 'edapp'\nmade = '2026-11-03'\n\
        [[step]]\ndo = 'use-column'\ncolumn = 'Contact'\nas = 'email'\n\
        [[step]]\ndo = 'use-column'\ncolumn = 'City'\nas = 'nosuchfield'\n\
        [[step]]\ndo = 'fix'\nrule = 'space-stray'\nsafe_only = true\n\
        [[step]]\ndo = 'fix'\nrule = 'nosuchrule'\n\
        [[step]]\ndo = 'replace-values'\ncolumn = 'Country'\nvalues = { UK = 'GB', NL = 'NLD' }\n\
        [[step]]\ndo = 'add-column'\ncolumn = 'Cost centre'\nat = 2\n\
        [[step]]\ndo = 'add-column'\ncolumn = 'city'\nat = 2\n\
        [[step]]\ndo = 'move-column'\ncolumn = 'Country'\nto = 1\n\
        [[step]]\ndo = 'drop-column'\ncolumn = 'Floor'\n\
        [[step]]\ndo = 'drop-column'\ncolumn = 'Notes'\n";
    let roster = "Contact,username,Country,City,Floor\n\
        \x20ada@example.com,ada,UK,Leeds,2\nbo@example.com,bo,FR,Lyon,3\n";
    let world = World::new().with("in.csv", roster).with("monthly.toml", recipe);
    let engine = window(&world, "edapp");
    let run = call(&engine, "run_recipe", json!({ "path": world.path("monthly.toml") }));
    let words = "fix in.csv --profile edapp --recipe monthly.toml --out out.csv --format json";
    let answer = world.muster(words).exits(0).json();
    let written = String::from_utf8(saved(&engine, &world)).expect("UTF-8");
    assert_eq!(written, world.text("out.csv"));
    assert!(written.starts_with("Country,Contact,Cost centre,username,City\nGB,ada@"), "{written}");
    let lines = run["lines"].as_array().expect("lines");
    let drift: Vec<&str> = lines
        .iter()
        .flat_map(|line| line["drift"].as_array().expect("a list"))
        .filter_map(Value::as_str)
        .collect();
    let told = answer["drift"].as_array().expect("a list");
    assert_eq!(drift.len(), 5, "{drift:?}");
    assert_eq!(told.len(), drift.len(), "{told:?}");
    for (told, drift) in told.iter().zip(drift) {
        assert!(told.as_str().is_some_and(|told| told.ends_with(drift)), "{told} {drift}");
    }
}
