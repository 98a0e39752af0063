//! The sample, from its nine planted mistakes to a kit.

use serde_json::{Value, json};

use crate::home::{Computer, Muster};

/// What was planted, and the one finding that each leads to: rule, line, value.
const PLANTED: [(&str, u64, &str); 10] = [
    ("separator-wrong", 5, "Warehouse North, Operations"),
    ("group-unknown", 6, "Markting"),
    ("group-unknown", 13, "Markting"),
    ("email-malformed", 9, "hiro.santos@example,com"),
    ("role-unknown", 12, "Learnr"),
    ("space-stray", 16, "Finance "),
    ("password-resets", 17, "•••"),
    ("key-changed", 18, "q.kowalska@example.com"),
    ("zeros-lost", 37, "646"),
    ("key-duplicate", 41, "liam.byrne@example.com"),
];

fn found(muster: &Muster) -> Vec<(String, Option<u64>, String)> {
    let problems = muster.call("problems", Value::Null);
    let rules = problems["rules"].as_array().expect("a list").iter();
    rules
        .flat_map(|group| {
            let asked = json!({ "rule": group["rule"], "value": null, "first": 0, "count": 999 });
            let reply = muster.call("findings", asked);
            let found = reply["findings"].as_array().expect("a list").clone();
            found.into_iter().map(|placed| {
                let finding = &placed["finding"];
                let text = |value: &Value| value.as_str().expect("a text").to_owned();
                (text(&finding["rule"]), placed["line"].as_u64(), text(&finding["value"]))
            })
        })
        .collect()
}

#[test]
fn the_sample_has_its_nine_mistakes_and_no_others() {
    let computer = Computer::new();
    let muster = computer.start();
    let job = muster.call("open_sample", Value::Null);
    assert_eq!((&job["people"], &job["profile"]["id"]), (&json!(40), &json!("edapp")));
    assert_eq!(job["snapshot"]["people"], 39);
    let mut mistakes = found(&muster);
    // Two rows share a key; it is planted on the second.
    mistakes.retain(|(rule, line, _)| (rule.as_str(), *line) != ("key-duplicate", Some(39)));
    // Somebody has left, which is no mistake.
    mistakes.retain(|(rule, _, _)| rule != "person-missing");
    mistakes.sort();
    let mut planted: Vec<_> = PLANTED
        .iter()
        .map(|(rule, line, value)| (rule.to_string(), Some(*line), value.to_string()))
        .collect();
    planted.sort();
    assert_eq!(mistakes, planted);
}

fn fix(muster: &Muster, rule: &str, value: Value) -> String {
    let scope = json!({
        "rule": rule, "value": value, "row": null, "column": null, "safe_only": false,
    });
    muster.edited("apply_fix", scope)
}

fn plan(muster: &Muster, policies: Value) -> Value {
    muster.call("plan", json!({ "policies": policies, "only": "changed" }))
}

fn planned(muster: &Muster, plan: &Value, key: &str) -> Value {
    let asked =
        json!({ "plan": plan["id"], "action": null, "search": key, "first": 0, "count": 9 });
    muster.call("plan_people", asked)["people"][0].clone()
}

/// The nine mistakes mended as a person would, by fixes where there is one.
fn mend(muster: &Muster) {
    assert_eq!(
        fix(muster, "group-unknown", json!("Markting")),
        "Fix 2 people: `Markting` → `Marketing`"
    );
    for rule in [
        "separator-wrong",
        "role-unknown",
        "space-stray",
        "password-resets",
        "key-changed",
        "zeros-lost",
    ] {
        fix(muster, rule, Value::Null);
    }
    // These two need a person to decide.
    let row = |line: u64| {
        let find = json!({
            "view": {}, "from_row": null, "from_column": null, "backwards": false,
            "what": { "kind": "line", "line": line },
        });
        muster.call("find", find)["row"].as_u64().expect("there") as u32
    };
    muster.set(row(9), 0, "hiro.santos@example.com");
    muster.call("unlock_key", json!({ "unlocked": true }));
    muster.set(row(41), 1, "");
    muster.call("unlock_key", json!({ "unlocked": false }));
}

#[test]
fn a_monday_from_the_export_to_the_kit_and_back() {
    let computer = Computer::new();
    let muster = computer.start();
    let opened = muster.call("open_sample", Value::Null);
    let as_opened = muster.cells(json!({}));
    mend(&muster);
    let problems = muster.call("problems", Value::Null);
    assert!(problems["checks"].as_u64().is_some_and(|checks| checks > 20), "{problems}");
    let left = found(&muster);
    assert_eq!(left, [("person-missing".to_owned(), None, "peter.novak@example.com".to_owned())]);
    let mended = muster.cells(json!({}));

    // All the way back, and all the way here again.
    let steps = muster.call("steps", Value::Null).as_array().map_or(0, Vec::len);
    for _ in 0..steps {
        muster.call("undo", Value::Null);
    }
    assert_eq!(muster.cells(json!({})), as_opened);
    assert_eq!(muster.call("job", Value::Null)["counts"], opened["counts"]);
    for _ in 0..steps {
        muster.call("redo", Value::Null);
    }
    assert_eq!(muster.cells(json!({})), mended);

    let asked = json!({ "against": { "kind": "last" }, "mark": null, "search": "", "first": 0, "count": 50 });
    let compared = muster.call("compare", asked);
    assert_eq!(compared["counts"], json!({ "create": 2, "update": 3, "leave": 1, "same": 35 }));

    // Under Add nobody loses a group; under Replace somebody may.
    muster.set(7, 4, "");
    let row = muster.rows(json!({}))["rows"][6].clone();
    let key = row["cells"][1].as_str().expect("a key").to_owned();
    let groups = |policy: &str| {
        let plan = plan(&muster, json!({ "groups": policy, "roles": "add", "invitations": "off" }));
        let person = planned(&muster, &plan, &key);
        person["cells"].to_string()
    };
    assert_ne!(groups("add"), groups("replace"));
    muster.call("undo", Value::Null);

    let made =
        plan(&muster, json!({ "groups": "replace", "roles": "replace", "invitations": "on" }));
    assert_eq!(made["gate"]["blockers"], json!([]));
    assert_eq!((&made["counts"]["create"], &made["counts"]["update"]), (&json!(2), &json!(3)));
    assert_eq!(made["effects"]["invitations"], 2);
    let folder = computer.path("kit");
    let held: Vec<(String, u64)> = made["guards"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|guard| guard["held"] == true)
        .map(|guard| {
            (
                guard["id"].as_str().expect("a name").to_owned(),
                guard["actual"].as_u64().expect("a number"),
            )
        })
        .collect();
    let releases: serde_json::Map<String, Value> =
        held.into_iter().map(|(id, actual)| (id, json!(actual))).collect();
    let asked =
        json!({ "plan": made["id"], "folder": folder, "releases": releases, "note": "Monday" });
    let kit = muster.call("make_kit", asked.clone());
    let names: Vec<&str> = kit["files"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|f| f["name"].as_str())
        .collect();
    assert_eq!(
        names,
        [
            "upload.csv",
            "undo.csv",
            "checklist.html",
            "checklist.md",
            "review.html",
            "planned.json",
            "receipt.json"
        ]
    );
    let upload = std::fs::read_to_string(folder.join("upload.csv")).expect("in the kit");
    assert_eq!(upload.lines().count(), 6, "the header, three changed and two new: {upload}");
    assert!(muster.refused("make_kit", asked).to_string().contains("kit"), "it is not made twice");
    let home = muster.call("home", Value::Null);
    assert_eq!(home["recent"][0]["unsent"], 0);
    let event = muster.call("history", Value::Null)["events"][0].clone();
    assert_eq!((&event["kind"], &event["detail"]), (&json!("kit"), &json!("Monday")));
    assert_eq!(event["sha256"], kit["files"][0]["sha256"]);

    uploading_and_undoing_is_as_before(&folder, &kit);
}

type People = std::collections::BTreeMap<String, Vec<String>>;

fn people_in(text: &str) -> People {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.records().map(|record| {
        let cells: Vec<String> = record.expect("sound").iter().map(String::from).collect();
        let key = if cells[1].is_empty() { cells[0].clone() } else { cells[1].clone() };
        (key, cells)
    });
    rows.collect()
}

/// What an upload under Replace makes of an account; blank passwords and registration dates say nothing.
fn upload(account: &mut People, file: &People) {
    for (key, cells) in file {
        match account.get_mut(key) {
            None => {
                account.insert(key.clone(), cells.clone());
            }
            Some(has) => {
                for (column, cell) in cells.iter().enumerate().filter(|(c, _)| ![6, 7].contains(c))
                {
                    has[column].clone_from(cell);
                }
            }
        }
    }
}

fn uploading_and_undoing_is_as_before(folder: &std::path::Path, kit: &Value) {
    let read = |name: &str| people_in(&std::fs::read_to_string(folder.join(name)).expect("there"));
    let before =
        people_in(include_str!("../../src-tauri/crates/engine/samples/edapp-snapshot.csv"));
    let mut account = before.clone();
    upload(&mut account, &read("upload.csv"));
    assert_ne!(account, before);
    upload(&mut account, &read("undo.csv"));
    let created: Vec<String> =
        account.keys().filter(|key| !before.contains_key(*key)).cloned().collect();
    assert_eq!(created, ["mika.aalto@example.com", "nadia.benali@example.com"]);
    let told = kit["cannot_undo"].to_string();
    for key in &created {
        assert!(told.contains(key.as_str()), "{told}");
        account.remove(key);
    }
    assert_eq!(account, before);
}

#[test]
fn the_sample_opens_where_it_stood() {
    let computer = Computer::new();
    let before = {
        let muster = computer.start();
        muster.call("open_sample", Value::Null);
        mend(&muster);
        (muster.cells(json!({})), muster.call("job", Value::Null))
    };
    let muster = computer.start();
    let home = muster.call("home", Value::Null);
    assert_eq!(home["recent"].as_array().map(Vec::len), Some(1));
    let job = muster.call("open_job", json!({ "id": home["recent"][0]["id"] }));
    assert_eq!(muster.cells(json!({})), before.0);
    for (what, now) in job.as_object().expect("a job") {
        assert_eq!(*now, before.1[what], "{what}");
    }
    // Another sample is another job; one that nobody touched does not stay.
    muster.call("open_sample", Value::Null);
    muster.call("open_sample", Value::Null);
    assert_eq!(muster.call("home", Value::Null)["recent"].as_array().map(Vec::len), Some(3));
    muster.call("close", Value::Null);
    muster.call("open_sample", Value::Null);
    assert_eq!(muster.call("home", Value::Null)["recent"].as_array().map(Vec::len), Some(2));
}

#[test]
fn whoever_sets_up_a_connection_is_offered_the_way_of_their_own_lms_first() {
    let computer = Computer::new();
    let muster = computer.start();
    muster.call("open_sample", Value::Null);
    let connections = muster.call("connections", Value::Null);
    let kinds = connections["kinds"].as_array().expect("a list");
    let ids: Vec<&str> = kinds.iter().filter_map(|kind| kind["id"].as_str()).collect();
    assert_eq!(ids[0], "edapp", "{ids:?}");
    assert!(ids.iter().position(|id| *id == "scim") < ids.iter().position(|id| *id == "kolibri"));
}
