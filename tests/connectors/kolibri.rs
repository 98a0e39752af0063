//! A real Kolibri facility: its export is opened and edited, and its own import takes what Muster writes.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output};
use std::time::SystemTime;

use muster_engine::session::Engine;
use serde_json::{Value, json};

use crate::exports::{Export, Person, code, differences, meant};
use crate::facility::{Facility, said};

fn muster(words: &[&dyn AsRef<OsStr>], exit: i32) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
    for word in words {
        command.arg(word);
    }
    let output = command.output().expect("muster starts");
    assert_eq!(output.status.code(), Some(exit), "{}", said(&output));
    output
}

fn answer(words: &[&dyn AsRef<OsStr>], exit: i32) -> Value {
    let words = [words, &[&"--format", &"json"]].concat();
    let output = muster(&words, exit);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", said(&output)))
}

fn list<'v>(value: &'v Value, name: &str) -> std::slice::Iter<'v, Value> {
    value[name].as_array().unwrap_or_else(|| panic!("no list of {name} in {value:#}")).iter()
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value:#}"))
}

/// What the facility holds if a plan comes true.
pub fn as_planned(before: &Export, plan: &Value) -> BTreeMap<String, Person> {
    let mut people = before.people();
    for planned in list(plan, "people") {
        let cells = list(planned, "cells")
            .map(|cell| (code(text(cell, "column")).to_owned(), text(cell, "result")))
            .filter(|(column, _)| column != "PASSWORD");
        let person = match text(planned, "action") {
            "update" => people.values_mut().find(|p| p["UUID"] == text(planned, "key")),
            "create" => {
                let username = cells.clone().find(|(column, _)| column == "USERNAME");
                let blank = crate::exports::CODES.map(|column| (column, String::new()));
                let (_, username) = username.expect("a new person has a username");
                Some(people.entry(username.to_owned()).or_insert_with(|| blank.into()))
            }
            "delete" => {
                people.retain(|_, p| p["UUID"] != text(planned, "key"));
                None
            }
            _ => None,
        };
        let Some(person) = person else { continue };
        for (column, result) in cells {
            *person.get_mut(column.as_str()).expect("a column") = meant(&column, result);
        }
    }
    people
}

/// What cannot be planned: the database ID of somebody new, and the password, which an export does not tell.
pub fn with_ids_of(
    mut planned: BTreeMap<String, Person>,
    found: &Export,
) -> BTreeMap<String, Person> {
    for (username, person) in planned.iter_mut().filter(|(_, p)| p["UUID"].is_empty()) {
        person.insert("UUID", found.uuid(username).to_owned());
        person.insert("PASSWORD", "*".to_owned());
    }
    planned
}

/// What is to be done by hand, as username, column and value.
fn by_hand(plan: &Value, export: &Export) -> Vec<(String, String, String)> {
    let people = export.people();
    let who =
        |uuid: &str| people.iter().find(|(_, p)| p["UUID"] == uuid).map(|(name, _)| name.clone());
    list(plan, "by_hand")
        .map(|by_hand| {
            (
                who(text(by_hand, "key")).expect("somebody Kolibri has"),
                code(text(by_hand, "column")).to_owned(),
                meant(code(text(by_hand, "column")), text(by_hand, "value")),
            )
        })
        .collect()
}

/// A month of changes, each kind of which Kolibri treats in its own way.
fn a_month(export: &Export) -> Export {
    let mut roster = export.clone();
    roster
        .edit("ana_silva", &[("FULL_NAME", "Ana Silva-Santos")])
        .edit("bo_tanaka", &[("USERNAME", "bob_tanaka")])
        .edit("chinedu_adeyemi", &[("ENROLLED_IN", "Red")])
        .edit("dmitri_nguyen", &[("BIRTH_YEAR", "2007"), ("ENROLLED_IN", "Klasse Ü")])
        .edit("erin_oneil", &[("USERNAME", "erin_boyle"), ("FULL_NAME", "Erin Boyle")])
        .edit("fatima_silva", &[("USER_TYPE", "CLASS_COACH")])
        .edit(
            "ana_tanaka",
            &[
                ("USER_TYPE", "CLASS_COACH"),
                ("FULL_NAME", "Ana T."),
                ("ENROLLED_IN", ""),
                ("ASSIGNED_TO", "Red"),
            ],
        )
        .edit("bo_adeyemi", &[("IDENTIFIER", ""), ("BIRTH_YEAR", ""), ("GENDER", "female")])
        .edit("chinedu_nguyen", &[("IDENTIFIER", "a-008"), ("ENROLLED_IN", "Blue")])
        .edit("dmitri_oneil", &[("FULL_NAME", "Dmitri O’Neil"), ("ASSIGNED_TO", "Red")])
        .edit("max_weber", &[("FULL_NAME", "Max Weber-Lind"), ("USER_TYPE", "FACILITY_COACH")])
        .edit("head", &[("USER_TYPE", "LEARNER"), ("BIRTH_YEAR", "1971")])
        .edit("李雷", &[("GENDER", "DEFERRED"), ("ENROLLED_IN", "Red")])
        .edit("sum_1", &[("FULL_NAME", "=1+1"), ("ENROLLED_IN", "Blue")])
        .edit("fatima_tanaka", &[("ENROLLED_IN", "RED,blue")])
        .edit("fatima_nguyen", &[("FULL_NAME", "Fatima N."), ("ENROLLED_IN", "red")])
        .edit("sum_2", &[("BIRTH_YEAR", "2010")])
        .edit("quoted", &[("FULL_NAME", "Sam \"Sunny\" Diaz")])
        .edit("zoë_berg", &[("PASSWORD", "Sunflower-9"), ("ASSIGNED_TO", "Red")])
        .remove("two_lines")
        .add([
            "",
            "gil",
            "Sunflower-9",
            "Gil “G” Moe",
            "learner",
            "a-900",
            "2010",
            "DEFERRED",
            "Red, Green",
            "",
        ])
        .add(["", "hugo", "Sunflower-9", "Hugo", "CLASS_COACH", "", "", "", "", "Green"])
        .add(["", "not-taken", "Sunflower-9", "Ivy", "LEARNER", "", "", "", "Red", ""]);
    roster
}

#[test]
#[ignore = "needs Kolibri: `make test ONLY=connectors`"]
fn kolibri_takes_the_kit_and_ends_as_the_plan_says_and_the_undo_file_takes_it_back() {
    let facility = Facility::new();
    let export = facility.first_export();
    let checked = answer(&[&"check", &facility.path("export.csv")], 0);
    assert_eq!(
        (&checked["roster"]["profile"], &checked["counts"]["error"]),
        (&json!("kolibri"), &json!(0))
    );
    assert_eq!(checked["roster"]["people"], export.len());

    let (snapshot, roster) = (facility.path("export.csv"), facility.path("roster.csv"));
    a_month(&export).write(&roster);
    let plan = answer(&[&"plan", &roster, &"--against", &snapshot], 1);
    let expected = [
        ("bo_tanaka", "USERNAME", "bob_tanaka"),
        ("chinedu_adeyemi", "ENROLLED_IN", "Red"),
        ("erin_oneil", "USERNAME", "erin_boyle"),
        ("fatima_silva", "USER_TYPE", "CLASS_COACH"),
        ("chinedu_nguyen", "ENROLLED_IN", "Blue"),
        ("max_weber", "USER_TYPE", "FACILITY_COACH"),
        ("head", "USER_TYPE", "LEARNER"),
        ("李雷", "ENROLLED_IN", "Red"),
        ("sum_1", "ENROLLED_IN", "Blue"),
    ];
    let mut waiting = by_hand(&plan, &export);
    let mut expected = expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
    waiting.sort();
    expected.sort();
    assert_eq!(waiting, expected);
    assert_eq!(plan["counts"]["blocked"], 1, "the username with a hyphen: {plan:#}");
    let [create, update] =
        ["create", "update"].map(|n| plan["counts"][n].as_u64().expect("a count") as u32);
    assert_eq!((create, update), (2, 12), "{plan:#}");

    let kit = facility.path("kit");
    let words: [&dyn AsRef<OsStr>; 6] = [&"kit", &roster, &"--against", &snapshot, &"--out", &kit];
    let held = muster(&words, 3);
    assert!(said(&held).contains("12 people would be changed") && !kit.exists());
    let releases: [&dyn AsRef<OsStr>; 2] = [&"--release=password=1", &"--release=change=12"];
    let words = [&words[..], &releases].concat();
    // The one with the hyphen is left out because of an error.
    let made = answer(&words, 1);
    let checklist = std::fs::read_to_string(kit.join("checklist.md")).expect("in the kit");
    for (_, _, value) in &waiting {
        assert!(checklist.contains(value.as_str()), "{value} is in\n{checklist}");
    }
    let upload = Export::read(&kit.join("upload.csv")).people();
    assert_eq!(upload.len(), 14);
    for (username, column, value) in &waiting {
        assert!(!upload.contains_key(value), "nobody is renamed");
        let sent = upload.get(username);
        assert!(
            sent.is_none_or(|p| p[column.as_str()] == export.people()[username][column.as_str()])
        );
    }

    let upload = kit.join("upload.csv");
    assert_eq!(
        facility.import(&upload, &["--dryrun"]),
        [create, update, 0],
        "the counts of the checklist"
    );
    assert_eq!(facility.import(&upload, &[]), [create, update, 0], "and a dry run changed nothing");
    let after = facility.export("after.csv");
    let planned = with_ids_of(as_planned(&export, &plan), &after);
    assert_eq!(differences(&after.people(), &planned), []);
    assert_eq!(after.people()["dmitri_nguyen"]["ENROLLED_IN"], "Klasse Ü");
    assert_eq!(after.people()["zoë_berg"]["ASSIGNED_TO"], "Red");

    let fresh = facility.path("after.csv");
    let proof = answer(&[&"prove", &kit, &fresh, &"--against", &snapshot], 1);
    let counts = json!({ "as_planned": 14, "of": 14, "unseen": 0, "others": export.len() - 12 });
    assert_eq!((&proof["counts"], &proof["people"]), (&counts, &json!([])), "{proof:#}");
    assert_eq!(list(&proof, "by_hand").len(), waiting.len(), "nobody has done it yet: {proof:#}");
    assert_eq!(proof["beside"], json!([]));

    facility.import(&kit.join("undo.csv"), &[]);
    let mut back = facility.export("back.csv").people();
    let cannot = made["cannot_undo"].to_string();
    for new in ["gil", "hugo"] {
        assert!(back.remove(new).is_some() && cannot.contains(new), "{cannot}");
    }
    let left = [
        ("ana_tanaka", "USER_TYPE", "CLASS_COACH", "LEARNER"),
        ("zoë_berg", "ASSIGNED_TO", "Red", "Blue,Red"),
    ];
    assert_eq!(differences(&back, &export.people()), left);
    assert!(cannot.contains("(`ana_tanaka`)") && cannot.contains("(`zoë_berg`)"), "{cannot}");
}

#[test]
#[ignore = "needs Kolibri: `make test ONLY=connectors`"]
fn an_export_in_another_language_says_the_same_and_goes_as_the_snapshot_is_headed() {
    let facility = Facility::new();
    let mut roster = facility.export_in("zh-hans", "zh.csv");
    let (snapshot, other) = (facility.path("export.csv"), facility.path("zh.csv"));
    let compared = answer(&[&"diff", &snapshot, &other], 0);
    assert_eq!(compared["counts"]["same"], roster.len());

    roster
        .edit("ana_silva", &[("FULL_NAME", "Ana Silva-Santos"), ("ENROLLED_IN", "Blue")])
        .write(&other);
    let kit = facility.path("kit");
    answer(&[&"kit", &other, &"--against", &snapshot, &"--out", &kit], 0);
    let upload = std::fs::read_to_string(kit.join("upload.csv")).expect("in the kit");
    let had = std::fs::read_to_string(&snapshot).expect("the snapshot");
    assert_eq!(upload.lines().next(), had.lines().next(), "Kolibri reads the codes in brackets");
    assert_eq!(facility.import(&kit.join("upload.csv"), &["--dryrun"]), [0, 1, 0]);
}

#[test]
#[ignore = "needs Kolibri: `make test ONLY=connectors`"]
fn whoever_is_missing_is_deleted_where_that_is_chosen_and_all_others_stay_as_they_were() {
    let facility = Facility::new();
    let export = facility.first_export();
    let (snapshot, roster) = (facility.path("export.csv"), facility.path("roster.csv"));
    let mut edited = export.clone();
    edited
        .remove("two_lines")
        .remove("ana_nguyen")
        .edit("ana_silva", &[("ENROLLED_IN", "Blue")])
        .write(&roster);
    let choice: [&dyn AsRef<OsStr>; 6] =
        [&roster, &"--against", &snapshot, &"--policy", &"missing=delete", &"--only=all"];
    let plan = answer(&[&[&"plan" as &dyn AsRef<OsStr>], &choice[..5]].concat(), 1);
    assert_eq!(
        (&plan["counts"]["delete"], &plan["counts"]["update"]),
        (&json!(2), &json!(0)),
        "{plan:#}"
    );
    let kit = facility.path("kit");
    answer(&[&[&"kit" as &dyn AsRef<OsStr>, &"--out", &kit], &choice[..]].concat(), 0);
    let [created, _, deleted] = facility.import(&kit.join("upload.csv"), &["--delete"]);
    assert_eq!((created, deleted), (0, 2));
    let after = facility.export("after.csv").people();
    assert_eq!(differences(&after, &as_planned(&export, &plan)), []);
}

#[test]
#[ignore = "needs Kolibri: `make test ONLY=connectors`"]
fn an_export_is_opened_checked_edited_and_compared_as_in_the_window() {
    let facility = Facility::new();
    let export = facility.first_export();
    let window = Engine::new(facility.path("data"), facility.path("profiles"), SystemTime::now);
    let call = |name: &str, request: Value| {
        window.call(name, request).unwrap_or_else(|failure| panic!("{name}: {failure}"))
    };
    let job = call("open", json!({ "path": facility.path("export.csv") }));
    assert_eq!((&job["profile"]["id"], &job["people"]), (&json!("kolibri"), &json!(export.len())));
    assert_eq!((&job["counts"]["error"], &job["offer_snapshot"]), (&json!(0), &json!(true)));
    call("keep_snapshot", json!({ "note": "" }));

    let rows = call("rows", json!({ "view": {}, "first": 0, "count": 100 }));
    let row = |username: &str| {
        let found = list(&rows, "rows").find(|row| row["cells"][1] == username);
        found.expect("somebody there")["id"].clone()
    };
    let set = |username: &str, column: u32, value: &str| {
        call("edit", json!([{ "row": row(username), "column": column, "value": value }]))
    };
    set("ana_silva", 7, "FEMLE");
    assert_eq!(call("job", Value::Null)["counts"]["error"], 1);
    let of_rule = json!({ "rule": "value-not-allowed", "value": null, "row": null, "column": null, "safe_only": false });
    call("apply_fix", of_rule);
    assert_eq!(call("job", Value::Null)["counts"]["error"], 0);
    set("ana_silva", 3, "Ana Silva-Santos");
    set("bo_tanaka", 8, "Blue,Red");

    let last = json!({ "against": { "kind": "last" }, "mark": null, "search": "", "first": 0, "count": 9 });
    assert_eq!(call("compare", last)["counts"]["update"], 2);
    let plan = call("plan", json!({ "policies": {}, "only": "changed" }));
    assert_eq!(
        (&plan["counts"]["update"], &plan["by_hand"][0]["value"]),
        (&json!(1), &json!("Blue,Red"))
    );
    let folder = facility.path("kit");
    call("make_kit", json!({ "plan": plan["id"], "folder": folder, "releases": {}, "note": "" }));
    assert_eq!(facility.import(&folder.join("upload.csv"), &[]), [0, 1, 0]);

    let mut expected = export.clone();
    expected.edit("ana_silva", &[("FULL_NAME", "Ana Silva-Santos")]);
    let after = facility.export("after.csv");
    assert_eq!(differences(&after.people(), &expected.people()), []);
    let newer = json!({ "kind": "file", "path": facility.path("after.csv") });
    let newer = json!({ "against": newer, "mark": null, "search": "", "first": 0, "count": 9 });
    let left = call("compare", newer);
    assert_eq!(left["counts"]["update"], 1, "only what waits to be done by hand: {left:#}");
    assert!(Path::new(&folder.join("review.html")).is_file());
}
