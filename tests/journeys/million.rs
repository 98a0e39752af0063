//! A whole sitting over a roster of a million people, through the commands that the window calls. What each step took
//! is printed, and nothing is asserted of it. `MUSTER_SOAK_PEOPLE` sets another number.

use std::time::Instant;

use serde_json::{Value, json};

use crate::home::{Computer, Muster};

#[path = "../bench/src/edapp.rs"]
mod edapp;

/// Calls, and prints what it took.
fn timed(muster: &Muster, name: &str, request: Value) -> Value {
    let begun = Instant::now();
    let reply = muster.call(name, request);
    println!("  {name:<16} {:>9.1} ms", begun.elapsed().as_secs_f64() * 1e3);
    reply
}

#[test]
#[ignore = "a million people: make soak"]
fn a_sitting_over_a_million_people_loses_nothing_on_the_way() {
    let people: usize =
        std::env::var("MUSTER_SOAK_PEOPLE").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    println!("{people} people");
    let computer = Computer::new();
    let text = edapp::roster(people);
    let file = computer.write("staff.csv", &text);
    let groups = computer.write("groups.txt", edapp::groups().join("\n"));
    let muster = computer.start();

    let job = timed(&muster, "open", json!({ "path": file }));
    assert_eq!((&job["people"], &job["profile"]["id"]), (&json!(people), &json!("edapp")));
    timed(
        &muster,
        "set_list",
        json!({ "kind": "groups", "path": groups, "column": null, "text": null }),
    );
    timed(&muster, "keep_snapshot", json!({ "note": "" }));
    let problems = timed(&muster, "problems", Value::Null);
    let count = |problems: &Value, rule: &str| {
        let rules = problems["rules"].as_array().expect("a list").clone();
        rules
            .iter()
            .find(|r| r["rule"] == rule)
            .map_or(0, |r| r["count"].as_u64().expect("a number"))
    };
    let unknown = count(&problems, "group-unknown");
    assert!(unknown > 0, "some groups are misspelled");

    let last = people as u32;
    timed(&muster, "rows", json!({ "view": {}, "first": people / 2, "count": 60 }));
    let edited = timed(&muster, "edit", json!([{ "row": last, "column": 9, "value": "Baker" }]));
    assert_eq!(edited["change"]["changed_people"], 1);
    timed(&muster, "problems", Value::Null);
    let fixed = timed(
        &muster,
        "apply_fix",
        json!({ "rule": "group-unknown", "value": null, "row": null, "column": null, "safe_only": false }),
    );
    assert!(fixed["cells"].as_u64() >= Some(1));
    let problems = timed(&muster, "problems", Value::Null);
    assert!(count(&problems, "group-unknown") < unknown);

    // One step over everybody.
    let all: Vec<Value> = (1..=last)
        .map(|row| json!({ "row": row, "column": 15, "value": format!("note {}", row % 7) }))
        .collect();
    let edited = timed(&muster, "edit", Value::Array(all));
    assert_eq!(edited["change"]["changed_people"], people);
    timed(&muster, "undo", Value::Null);
    timed(&muster, "insert_person", json!({ "after": 1 }));
    timed(&muster, "edit", json!([{ "row": last, "column": 9, "value": "Brewer" }]));
    timed(
        &muster,
        "compare",
        json!({ "against": { "kind": "last" }, "mark": null, "search": "", "first": 0, "count": 50 }),
    );
    timed(&muster, "plan", json!({ "policies": {}, "only": "changed" }));
    drop(muster);

    let muster = computer.start();
    let recent = muster.call("home", Value::Null)["recent"][0]["id"].clone();
    let job = timed(&muster, "open_job", json!({ "id": recent }));
    assert_eq!(job["people"], people + 1);
    for _ in 0..4 {
        timed(&muster, "undo", Value::Null);
    }
    timed(&muster, "save_copy", json!({ "path": computer.path("again.csv"), "replace": false }));
    let again = std::fs::read_to_string(computer.path("again.csv")).expect("readable");
    assert!(again == text, "with every step taken back it is the same file");
}
