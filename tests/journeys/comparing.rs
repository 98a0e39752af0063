//! Snapshots, comparing with them and with files, putting back.

use muster_engine::error::FailureKind;
use serde_json::{Value, json};

use crate::home::{Computer, Muster};

const OCTOBER: &str = "email,username,firstname,lastname,usergroups,roles,password\n\
    ada@example.com,ada,Ada,Lo,Sales; Ops,Learner,\n\
    bo@example.com,bo,Bo,Li,Sales,Learner,Old-Secret-1\n\
    cy@example.com,cy,Cy,Ng,Ops,Learner,\n";

fn compare(muster: &Muster, against: Value) -> Value {
    let asked = json!({ "against": against, "mark": null, "search": "", "first": 0, "count": 50 });
    muster.call("compare", asked)
}

fn last() -> Value {
    json!({ "kind": "last" })
}

#[test]
fn the_file_as_it_was_opened_is_kept_without_passwords_and_changes_count_from_it() {
    let computer = Computer::new();
    let muster = computer.start();
    let file = computer.write("october.csv", OCTOBER);
    let job = muster.open(&file);
    assert_eq!((&job["offer_snapshot"], &job["snapshot"]), (&json!(true), &Value::Null));
    muster.set(1, 2, "Adah");
    let job = muster.call("keep_snapshot", json!({ "note": "before the move" }));
    assert_eq!(
        (&job["offer_snapshot"], &job["snapshot"]["note"]),
        (&json!(false), &json!("before the move"))
    );
    // The edit was made before, and is still a change.
    assert_eq!(
        job["changed_people"], 2,
        "the name, and a password that the snapshot does not hold"
    );
    let all = compare(&muster, last());
    assert_eq!(all["against"], "the snapshot of 3 November 2026, 3 people");
    assert_eq!(all["counts"], json!({ "create": 0, "update": 2, "leave": 0, "same": 1 }));
    assert!(!all.to_string().contains("Old-Secret-1"));
    muster.call("close", Value::Null);
    let kept = computer.path(&format!("data/jobs/{}/snapshot-1.zst", job["id"]));
    let kept = zstd::decode_all(std::fs::File::open(kept).expect("kept")).expect("whole");
    let kept = String::from_utf8(kept).expect("UTF-8");
    assert_eq!(kept, OCTOBER.replace("Old-Secret-1", ""));
}

#[test]
fn a_cell_a_person_a_column_and_everything_can_be_put_back() {
    let computer = Computer::new();
    let muster = computer.start();
    muster.open(&computer.write("october.csv", OCTOBER.replace("Old-Secret-1", "")));
    muster.call("keep_snapshot", json!({ "note": "" }));
    let before = muster.cells(json!({}));
    muster.set(1, 2, "Adah");
    muster.set(1, 4, "Ops; Sales");
    assert_eq!(compare(&muster, last())["counts"]["update"], 1, "the order of groups is no change");
    muster.set(1, 4, "Ops; HR");
    muster.set(2, 4, "HR");
    muster.call("delete_people", json!([3]));
    muster.call("insert_person", json!({ "after": null }));
    let all = compare(&muster, last());
    assert_eq!(all["counts"], json!({ "create": 0, "update": 2, "leave": 1, "same": 0 }));
    assert_eq!(all["unpaired"][0]["side"], "new");
    let ada = &all["changes"][0]["cells"];
    assert_eq!(ada[1]["added"], json!(["HR"]));
    assert_eq!(ada[1]["removed"], json!(["Sales"]));
    let put_back = |key: Value, column: Value| {
        muster.edited("revert", json!({ "against": last(), "key": key, "column": column }))
    };
    assert_eq!(put_back(json!("ada"), json!("firstname")), "Put back `firstname` of `ada`");
    assert_eq!(muster.cells(json!({}))[0][2], "Ada");
    assert_eq!(put_back(Value::Null, json!("usergroups")), "Put back `usergroups` of 2 people");
    assert_eq!(put_back(json!("cy"), Value::Null), "Put back `cy`");
    let nothing =
        muster.refused("revert", json!({ "against": last(), "key": "ada", "column": "firstname" }));
    assert_eq!(nothing.what, "there is nothing to put back");
    let restored = muster.call("restore", last());
    assert_eq!(restored["sentence"], "Restore the snapshot of 3 November 2026, 3 people");
    assert_eq!(muster.cells(json!({})), before);
    let events = muster.call("history", Value::Null)["events"].clone();
    let kinds: Vec<&str> =
        events.as_array().expect("a list").iter().filter_map(|e| e["kind"].as_str()).collect();
    assert_eq!(kinds, ["restored", "snapshot", "opened"]);
    muster.call("undo", Value::Null);
    assert_eq!(muster.cells(json!({})).len(), 4);
}

#[test]
fn any_older_file_can_be_compared_with() {
    let computer = Computer::new();
    let muster = computer.start();
    let older = computer.write(
        "september.csv",
        "email;username;firstname\nada@example.com;ada;Ade\nzed@example.com;zed;Zed\n",
    );
    muster.open(&computer.write("october.csv", OCTOBER));
    assert!(
        muster
            .refused(
                "compare",
                json!({
                    "against": last(), "mark": null, "search": "", "first": 0, "count": 5,
                })
            )
            .hint
            .starts_with("Keep the file as the snapshot")
    );
    let against = json!({ "kind": "file", "path": older });
    let all = compare(&muster, against.clone());
    assert_eq!(all["against"], "`september.csv`, 2 people");
    assert_eq!(all["counts"], json!({ "create": 2, "update": 1, "leave": 1, "same": 0 }));
    assert_eq!(all["columns_added"], json!(["lastname", "usergroups", "roles", "password"]));
    std::fs::write(&older, "email;username;firstname\nada@example.com;ada;Ada\n").expect("written");
    assert_eq!(compare(&muster, against.clone())["counts"]["same"], 1, "the file was read again");
    std::fs::remove_file(&older).expect("removed");
    let gone = json!({ "against": against, "mark": null, "search": "", "first": 0, "count": 5 });
    assert!(muster.refused("compare", gone).to_string().contains("september.csv"));
}

#[test]
fn the_snapshot_and_the_policies_are_there_after_a_restart() {
    let computer = Computer::new();
    let id = {
        let muster = computer.start();
        let job = muster.open(&computer.write("october.csv", OCTOBER));
        muster.call("keep_snapshot", json!({ "note": "" }));
        muster.set(1, 4, "Ops");
        muster.call("plan", json!({ "policies": { "groups": "replace" }, "only": "changed" }));
        job["id"].clone()
    };
    let muster = computer.start();
    let job = muster.call("open_job", json!({ "id": id }));
    assert_eq!(job["snapshot"]["people"], 3);
    let plan = muster.call("plan", json!({ "policies": {}, "only": "changed" }));
    let groups = plan["policies"].as_array().expect("a list").iter().find(|p| p["id"] == "groups");
    assert_eq!(groups.expect("there")["chosen"], "replace");
    let people =
        json!({ "plan": plan["id"], "action": null, "search": "", "first": 0, "count": 9 });
    let planned = muster.call("plan_people", people.clone());
    assert!(planned["people"].to_string().contains("ada"));
    muster.set(1, 4, "Ops; HR");
    let stale = muster.refused("plan_people", people.clone());
    assert_eq!((stale.kind, stale.what.as_str()), (FailureKind::Stale, "the plan is out of date"));
    muster.call("undo", Value::Null);
    assert_eq!(muster.call("plan_people", people), planned, "nothing has moved after all");
}

#[test]
fn what_is_chosen_for_the_plan_decides_which_changes_are_warned_of() {
    let computer = Computer::new();
    let muster = computer.start();
    muster.open(&computer.write("october.csv", OCTOBER.replace("Old-Secret-1", "")));
    muster.call("keep_snapshot", json!({ "note": "" }));
    muster.set(1, 4, "Ops");
    let warned = || -> Vec<String> {
        let problems = muster.call("problems", Value::Null);
        let rules = problems["rules"].as_array().expect("a list").clone();
        rules.iter().filter_map(|rule| rule["rule"].as_str().map(String::from)).collect()
    };
    assert_eq!(warned(), ["edit-ignored"]);
    muster.call("plan", json!({ "policies": { "groups": "replace" }, "only": "changed" }));
    assert_eq!(warned(), ["membership-lost"]);
    let id = muster.call("job", Value::Null)["id"].clone();
    drop(muster);
    let muster = computer.start();
    muster.call("open_job", json!({ "id": id }));
    assert_eq!(muster.call("problems", Value::Null)["rules"][0]["rule"], "membership-lost");
}
