//! A data folder that an earlier version has left opens where it stood. `earlier/` was made by the program as it was on 22
//! November 2026, before its crates were parted; `told.json` is what that program itself said of it.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::home::Computer;

fn earlier() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/journeys/earlier")
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("made");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("readable").path();
        let to = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            std::fs::copy(&path, &to).expect("copied");
        }
    }
}

/// Where something that was told then is told otherwise now. What is told now beside it does no harm.
fn differs(then: &Value, now: &Value, place: &str, found: &mut Vec<String>) {
    match (then, now) {
        (Value::Object(then), Value::Object(now)) => {
            for (key, value) in then {
                let now = now.get(key).unwrap_or(&Value::Null);
                differs(value, now, &format!("{place}/{key}"), found);
            }
        }
        (Value::Array(then), Value::Array(now)) if then.len() == now.len() => {
            for (n, (then, now)) in then.iter().zip(now).enumerate() {
                differs(then, now, &format!("{place}/{n}"), found);
            }
        }
        // Where it lies is another place now.
        _ if then == now || place.ends_with("/path") => {}
        _ => found.push(format!("{place}: then {then}, now {now}")),
    }
}

#[test]
fn a_data_folder_of_an_earlier_version_opens_where_it_stood() {
    let computer = Computer::new();
    copy(&earlier().join("data"), &computer.path("data"));
    copy(&earlier().join("profiles"), &computer.path("profiles"));
    let told = std::fs::read_to_string(earlier().join("told.json")).expect("readable");
    let told: Value = serde_json::from_str(&told).expect("JSON");
    let muster = computer.start();
    let mut found = Vec::new();
    for of_all in ["outbox", "recipes"] {
        differs(&told[of_all], &muster.call(of_all, Value::Null), of_all, &mut found);
    }
    for (n, then) in told["lists"].as_array().expect("lists").iter().enumerate() {
        let job = muster.call("open_job", json!({ "id": n + 1 }));
        let rows = muster.call("rows", json!({ "view": {}, "first": 0, "count": 100 }));
        let rows = rows["rows"].as_array().expect("rows").iter();
        let columns = job["columns"].as_array().expect("columns").iter();
        let now = json!({
            "people": job["people"], "undo": job["undo"], "redo": job["redo"],
            "changed": job["changed_people"], "lists": job["lists"], "snapshot": job["snapshot"],
            "counts": job["counts"], "key_unlocked": job["key_unlocked"],
            "columns": columns.map(|c| json!([c["name"], c["field"]])).collect::<Vec<_>>(),
            "cells": rows.map(|row| row["cells"].clone()).collect::<Vec<_>>(),
            "steps": muster.call("steps", Value::Null),
            "history": muster.call("history", Value::Null),
        });
        differs(then, &now, &format!("list {}", n + 1), &mut found);
        muster.call("close", Value::Null);
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_step_of_an_earlier_version_can_be_taken_back_and_made_again() {
    let computer = Computer::new();
    copy(&earlier().join("data"), &computer.path("data"));
    copy(&earlier().join("profiles"), &computer.path("profiles"));
    let muster = computer.start();
    muster.call("open_job", json!({ "id": 1 }));
    let save = |name: &str| {
        let path = computer.path(name);
        muster.call("save_copy", json!({ "path": path, "replace": false }));
        std::fs::read_to_string(path).expect("readable")
    };
    let stood = save("stood.csv");
    let mut steps = 0;
    while muster.call("job", Value::Null)["undo"] != Value::Null {
        muster.call("undo", Value::Null);
        steps += 1;
    }
    assert_eq!(steps, 7);
    assert!(save("begun.csv").contains("bo.tanaka@example.com,bo.tanaka@example.com,Bo ,Tanaka"));
    for _ in 0..steps {
        muster.call("redo", Value::Null);
    }
    assert_eq!(save("again.csv"), stood);
    // A profile of one's own with the keys of then.
    let home = muster.call("home", Value::Null);
    assert_eq!(home["broken_profiles"], json!([]), "{home}");
    assert!(home["profiles"].to_string().contains("\"Acme\""), "{home}");
}
