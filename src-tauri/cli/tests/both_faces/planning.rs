//! Plans, upload kits and rosters in another LMS's form.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, SystemTime};

use muster_engine::error::Failure;
use muster_engine::reading::ReadAs;
use muster_engine::session::Engine;
use serde_json::{Value, json};

use super::{Faces, PROFILES, in_the_end, of_month};
use crate::world::World;

/// A roster of a profile's month against what the LMS had, every choice of the import answered.
fn month(profile: &str, edit: &str) -> Faces {
    let world = World::new()
        .with("in.csv", of_month(profile, &format!("{edit}.csv")))
        .with("before.csv", of_month(profile, "snapshot.csv"));
    let facts = world.muster(&format!("profiles {profile} --format json")).json();
    let policies = facts["policies"].as_array().expect("a list").iter();
    let answer = |policy: &Value| {
        let first = policy["choices"][0]["id"].as_str()?;
        let choice = policy["default"].as_str().unwrap_or(first);
        Some(format!("{}={choice}", policy["id"].as_str()?))
    };
    let answers: Vec<String> = policies.filter_map(answer).collect();
    let faces = Faces::of(world, "in.csv", profile).against("before.csv", &ReadAs::default());
    faces.policies(answers.iter().map(String::as_str))
}

/// People as they are planned, in an order of their own.
fn people(list: &Value) -> Vec<String> {
    let person = |person: &Value| {
        let parts = ["line", "key", "name", "action", "why", "cells"].map(|part| &person[part]);
        format!("{parts:?}")
    };
    let mut people: Vec<String> = list.as_array().expect("a list").iter().map(person).collect();
    people.sort();
    people
}

/// What is planned by both, which has to be the same.
#[track_caller]
fn planned(faces: &Faces, more: &[&str], place: &str) {
    let command = faces.command("plan", more).json();
    let view = faces.window("plan", json!({ "policies": {}, "only": "changed" }));
    for part in ["counts", "effects", "by_hand", "guards"] {
        assert_eq!(view[part], command[part], "{place}: {part}");
    }
    assert_eq!(view["gate"]["blockers"], command["blockers"], "{place}");
    let asked = json!({
        "plan": view["id"], "action": null, "search": "", "first": 0, "count": 100_000,
    });
    let window = faces.window("plan_people", asked);
    assert_eq!(people(&window["people"]), people(&command["people"]), "{place}");
    let chosen = view["policies"].as_array().expect("a list").iter();
    let chosen: BTreeMap<&str, &Value> = chosen
        .filter(|policy| policy["chosen"] != "")
        .filter_map(|policy| Some((policy["id"].as_str()?, &policy["chosen"])))
        .collect();
    assert_eq!(json!(chosen), sorted(&command["policies"]), "{place}");
}

#[test]
fn a_plan_says_the_same_of_everybody_in_both() {
    for profile in PROFILES {
        for edit in ["clean", "damaged", "headers", "scrambled"] {
            planned(&month(profile, edit), &[], &format!("{profile}, {edit}"));
        }
    }
}

#[test]
fn a_plan_for_a_connector_says_the_same_in_both_and_an_unfit_one_is_refused_by_both() {
    for (connector, profile, host) in [
        ("edapp", "edapp", "rest.edapp.com"),
        ("safetyculture", "safetyculture", "api.safetyculture.io"),
        ("scim", "edapp", "lms.example.com"),
    ] {
        let world = World::new()
            .with("in.csv", of_month(profile, "damaged.csv"))
            .with("before.csv", of_month(profile, "snapshot.csv"));
        let mut faces = Faces::of(world, "in.csv", profile);
        faces = faces.against("before.csv", &ReadAs::default());
        let connection = faces.window(
            "save_connection",
            json!({
                "id": null, "name": "The LMS", "connector": connector,
                "address": format!("https://{host}/"), "user": "", "options": {}, "secret": null,
            }),
        );
        let to = format!("{connector}+https://{host}/");
        if let Err(failure) =
            faces.window.call("send_by", json!({ "connection": connection["id"] }))
        {
            unfit(&faces, &to, &failure);
            continue;
        }
        planned(&faces, &["--to", &to], connector);
        // The same list is said to be of another LMS afterwards.
        faces.window("choose_profile", json!({ "id": "workleap" }));
        faces.words[1] = "workleap".into();
        let asked = json!({ "policies": {}, "only": "changed" });
        let failure = faces.window.call("plan", asked).expect_err("it does not fit");
        unfit(&faces, &to, &failure);
    }
}

#[track_caller]
fn unfit(faces: &Faces, to: &str, failure: &Failure) {
    let said = format!("muster: {}\n        {}", failure.what, failure.hint);
    faces.command("plan", &["--to", to]).exits(2).only_says(&said);
}

fn sorted(object: &Value) -> Value {
    let parts: BTreeMap<&String, &Value> = object.as_object().expect("an object").iter().collect();
    json!(parts)
}

/// The window's clock: what a file says of when it was made is compared too.
static TIME: AtomicU64 = AtomicU64::new(0);

fn time() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(TIME.load(Relaxed))
}

fn bytes(folder: &Path, name: &str) -> Vec<u8> {
    std::fs::read(folder.join(name)).unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
}

#[test]
fn an_upload_kit_holds_the_same_files_from_both() {
    let mut made = 0;
    for profile in PROFILES {
        for (edit, only) in
            [("clean", "changed"), ("clean", "all"), ("damaged", "changed"), ("damaged", "all")]
        {
            let place = format!("{profile}, {edit}, {only}");
            let mut faces = month(profile, edit);
            let view = faces.window("plan", json!({ "policies": {}, "only": only }));
            let guards = view["guards"].as_array().expect("a list").iter();
            let releases: BTreeMap<&str, &Value> =
                guards.filter_map(|g| Some((g["id"].as_str()?, &g["actual"]))).collect();
            let mut words = vec!["--out".to_owned(), "kit".into(), "--only".into(), only.into()];
            for (id, actual) in &releases {
                words.extend(["--release".to_owned(), format!("{id}={actual}")]);
            }
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let answer = faces.command("kit", &words);

            let folder = faces.world.path("kit of the window");
            let mut asked = json!({
                "plan": view["id"], "folder": folder, "releases": releases, "note": "",
            });
            if !faces.world.has("kit") {
                let failure = faces.window.call("make_kit", asked).expect_err(&place);
                let said = format!("muster: {}: {}\n", failure.what, failure.why);
                assert!(answer.err.starts_with(&said), "{place}\n{said}{}", answer.err);
                continue;
            }
            made += 1;
            let kit = faces.world.path("kit");
            let receipt: Value =
                serde_json::from_slice(&bytes(&kit, "receipt.json")).expect("JSON");
            let at: jiff::Timestamp =
                receipt["time"].as_str().expect("a time").parse().expect("a time");
            TIME.store(at.as_second().unsigned_abs(), Relaxed);
            // The same list in a window whose clock stands where the command's stood.
            let job = faces.window("job", Value::Null)["id"].clone();
            faces.window("close", Value::Null);
            let (data, profiles) = (faces.world.path("data"), faces.world.path("home/profiles"));
            faces.window = Engine::new(data, profiles, time);
            in_the_end(|| faces.window.call("open_job", json!({ "id": job })));
            let view = faces.window("plan", json!({ "policies": {}, "only": only }));
            asked["plan"] = view["id"].clone();
            let window = faces.window("make_kit", asked);

            let command = answer.json();
            assert_eq!(view["counts"], command["counts"], "{place}");
            assert_eq!(view["by_hand"], command["by_hand"], "{place}");
            assert_eq!(window["cannot_undo"], command["cannot_undo"], "{place}");
            let left_out = view["gate"]["left_out"]["errors"].as_u64();
            let told = command["left_out"].as_array().map(|all| all.len() as u64);
            assert_eq!(left_out, told, "{place}");
            let files = |list: &Value| -> Vec<(String, String)> {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                let files = list.as_array().expect("a list").iter();
                files.map(|file| (text(&file["name"]), text(&file["about"]))).collect()
            };
            assert_eq!(files(&window["files"]), files(&command["files"]), "{place}");
            for (name, _) in files(&command["files"]).iter().filter(|(n, _)| n != "receipt.json") {
                assert!(bytes(&folder, name) == bytes(&kit, name), "{place}: {name} differs");
            }
        }
    }
    assert!(made >= PROFILES.len(), "hardly any kit was made: {made}");
}

#[test]
fn a_roster_in_another_form_is_the_same_from_both() {
    for from in PROFILES {
        for to in PROFILES {
            let world = World::new().with("in.csv", of_month(from, "damaged.csv"));
            let faces = Faces::of(world, "in.csv", from);
            let command = faces.command("convert", &["--to", to]).exits(0).json();
            let window = faces.window("moving", json!({ "id": to }));
            for part in ["from", "to", "workbook", "topics", "columns", "remarks"] {
                assert_eq!(window[part], command[part], "{from} to {to}: {part}");
            }
            // The ending decides, also where the LMS takes workbooks.
            faces.command("convert", &["--to", to, "--out", "out.csv"]).exits(0);
            let path = faces.world.path("window.csv");
            faces.window("convert", json!({ "profile": to, "path": path, "replace": false }));
            let written = faces.world.read("out.csv");
            assert!(!written.starts_with(b"PK"), "{from} to {to}: a workbook");
            assert!(faces.world.read("window.csv") == written, "{from} to {to}");
        }
    }
}
