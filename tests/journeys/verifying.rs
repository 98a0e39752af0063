//! After the upload: a fresh export proves the kit, or says who differs and how.

use serde_json::{Value, json};

use crate::home::{Computer, Muster};

const HEADER: &str = "Database ID (UUID),Username (USERNAME),Password (PASSWORD),Full name (FULL_NAME),User type (USER_TYPE),Identifier (IDENTIFIER),Birth year (BIRTH_YEAR),Gender (GENDER),Learner enrollment (ENROLLED_IN),Coach assignment (ASSIGNED_TO)\n";
const EVA: &str = "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a,eva,*,Eva Roth,LEARNER,,,,Red,\n";
const MAX: &str = "0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c,max,*,Max Weber,LEARNER,,,,Red,\n";
const GIL_AFTER: &str = "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b,gil,*,Gil Moe,LEARNER,,,,Red,\n";

fn export(people: &[&str]) -> String {
    format!("{HEADER}{}", people.concat())
}

/// A kit in which Eva gets another name and Gil is new.
fn a_kit(computer: &Computer, muster: &Muster) -> Value {
    muster.open(&computer.write("learners.csv", export(&[EVA, MAX])));
    muster.call("keep_snapshot", json!({ "note": "" }));
    muster.set(1, 3, "Eva Roth-Lind");
    muster.call("insert_person", json!({ "after": null }));
    for (column, cell) in
        [(1, "gil"), (2, "Sunflower-9"), (3, "Gil Moe"), (4, "LEARNER"), (8, "Red")]
    {
        muster.set(3, column, cell);
    }
    let plan = muster.call("plan", json!({ "policies": {}, "only": "changed" }));
    assert_eq!(plan["gate"]["blockers"], json!([]), "{plan:#}");
    let held = plan["guards"].as_array().expect("a list").iter().filter(|g| g["held"] == true);
    let releases: serde_json::Map<String, Value> =
        held.map(|g| (g["id"].as_str().expect("a name").to_owned(), g["actual"].clone())).collect();
    let folder = computer.path("kit");
    let asked = json!({ "plan": plan["id"], "folder": folder, "releases": releases, "note": "" });
    muster.call("make_kit", asked)
}

fn prove(kit: &Value, path: &std::path::Path) -> Value {
    json!({ "of": { "kind": "kit", "id": kit["id"] }, "path": path })
}

fn history(muster: &Muster) -> Value {
    muster.call("history", Value::Null)["events"].clone()
}

#[test]
fn next_day_a_fresh_export_proves_the_kit_and_becomes_the_snapshot() {
    let computer = Computer::new();
    let kit = {
        let muster = computer.start();
        let kit = a_kit(&computer, &muster);
        assert_eq!(history(&muster)[0]["id"], kit["id"]);
        kit
    };
    let muster = computer.start();
    let home = muster.call("home", Value::Null);
    muster.call("open_job", json!({ "id": home["recent"][0]["id"] }));
    // Work goes on meanwhile.
    muster.set(2, 3, "Max W.");

    let eva = EVA.replace("Eva Roth", "Eva Roth-Lind");
    let fresh = computer.write("after.csv", export(&[GIL_AFTER, MAX, &eva]));
    let proved = muster.call("prove", prove(&kit, &fresh));
    let proof = &proved["proof"];
    assert_eq!((&proof["as_planned"], &proof["of"]), (&json!(2), &json!(2)), "{proof:#}");
    assert_eq!((&proof["others"], &proof["beside"]), (&json!(1), &json!([])));
    assert_eq!(proof["unseen"], json!(["Password"]), "no export shows one");
    let event = history(&muster)[0].clone();
    assert_eq!((&event["kind"], &event["title"]), (&json!("proof"), &json!("2 of 2 as planned")));
    assert_eq!(event["sha256"], proved["sha256"]);
    assert_eq!(event["detail"], "The upload kit of 3 November 2026.");

    let of = prove(&kit, &fresh)["of"].clone();
    let keep = json!({ "of": of, "path": fresh, "sha256": proved["sha256"] });
    let job = muster.call("keep_proved", keep.clone());
    assert_eq!(job["snapshot"]["people"], 3);
    assert_eq!(job["snapshot"]["note"], "After the upload kit of 3 November 2026");
    let gil = muster.cells(json!({}))[2].clone();
    assert_eq!(gil[0], "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "the key that the LMS gave");
    let plan = muster.call("plan", json!({ "policies": {}, "only": "changed" }));
    assert_eq!(plan["counts"]["update"], 1, "only what was edited since: {plan:#}");
    assert_eq!((&plan["counts"]["create"], &plan["counts"]["same"]), (&json!(0), &json!(2)));
    assert_eq!(plan["effects"]["password_resets"], 0, "the LMS has taken it: {plan:#}");

    computer.write("after.csv", export(&[GIL_AFTER]));
    let other = muster.refused("keep_proved", keep);
    assert!(other.to_string().contains("another file by now"), "{other}");
}

#[test]
fn who_differs_is_named_here_and_in_the_history() {
    let computer = Computer::new();
    let muster = computer.start();
    let kit = a_kit(&computer, &muster);
    let max = MAX.replace("Red", "Blue");
    let fresh = computer.write("after.csv", export(&[GIL_AFTER, EVA, &max]));
    let proof = muster.call("prove", prove(&kit, &fresh))["proof"].clone();
    assert_eq!((&proof["as_planned"], &proof["of"]), (&json!(1), &json!(2)));
    let eva = "Eva Roth-Lind (`eva`): Full name should be `Eva Roth-Lind` and is `Eva Roth`";
    assert_eq!(proof["differing"], json!([eva]));
    let max = proof["beside"][0].as_str().expect("a sentence");
    assert!(
        max.starts_with("Max Weber (`max`): ") && max.ends_with("was `Red` and is `Blue`"),
        "{max}"
    );
    let event = history(&muster)[0].clone();
    assert_eq!(event["title"], "1 of 2 as planned");
    assert!(event["detail"].as_str().is_some_and(|detail| detail.contains(eva)), "{event:#}");
    assert_eq!(muster.call("job", Value::Null)["snapshot"]["people"], 2, "nothing is kept unasked");
}

#[test]
fn the_wrong_file_is_told_and_leaves_no_entry() {
    let computer = Computer::new();
    let muster = computer.start();
    let kit = a_kit(&computer, &muster);
    let before = history(&muster);
    let told = |path: &std::path::Path| muster.refused("prove", prove(&kit, path)).to_string();
    let own = told(&computer.path("kit/upload.csv"));
    assert!(own.contains("a file that Muster made for the upload"), "{own}");
    let early = told(&computer.path("learners.csv"));
    assert!(early.contains("still as before"), "{early}");
    let edapp = "email (required),username (optional),firstname (optional),lastname (optional),usergroups (optional),roles (optional),dateregistered,password (optional),externalid (optional)\nana@example.com,ana,Ana,Silva,,,,,\n";
    let other = told(&computer.write("edapp.csv", edapp));
    assert!(other.contains("`edapp.csv` is not an export of Kolibri"), "{other}");
    let unknown =
        muster.refused("prove", json!({ "of": { "kind": "kit", "id": 99 }, "path": "x.csv" }));
    assert!(unknown.to_string().contains("no longer kept"), "{unknown}");
    assert_eq!(history(&muster), before);
}

#[test]
fn a_file_that_was_dropped_is_proved_too_and_only_from_its_own_list() {
    let computer = Computer::new();
    let muster = computer.start();
    muster.open(&computer.write("learners.csv", export(&[EVA, MAX])));
    muster.call("keep_snapshot", json!({ "note": "" }));
    muster.set(1, 3, "Eva Roth-Lind");
    let form = json!({
        "id": null, "name": "Folder", "connector": "sftp", "user": "drop",
        "address": "sftp://127.0.0.1:9/drop/learners.csv", "options": {}, "secret": null,
    });
    let folder = muster.call("save_connection", form);
    muster.call("send_by", json!({ "connection": folder["id"] }));
    let plan = muster.call("plan", json!({ "policies": {}, "only": "changed" }));
    let held = plan["guards"].as_array().expect("a list").iter().filter(|g| g["held"] == true);
    let releases: serde_json::Map<String, Value> =
        held.map(|g| (g["id"].as_str().expect("a name").to_owned(), g["actual"].clone())).collect();
    let push = muster.call(
        "freeze_push",
        json!({ "plan": plan["id"], "releases": releases, "note": "", "first": null, "only": [] }),
    );
    let eva = EVA.replace("Eva Roth", "Eva Roth-Lind");
    let fresh = computer.write("after.csv", export(&[MAX, &eva]));
    let asked = json!({ "of": { "kind": "push", "id": push["id"] }, "path": fresh });
    let proved = muster.call("prove", asked.clone());
    assert_eq!((&proved["proof"]["as_planned"], &proved["proof"]["of"]), (&json!(1), &json!(1)));
    let outbox = muster.call("outbox", Value::Null);
    assert_eq!(outbox[0]["proof"], proved["proof"], "it stands in the receipt");
    assert_eq!(history(&muster)[0]["detail"], "Push 1 of 3 November 2026.");

    muster.open(&computer.write("others.csv", export(&[MAX])));
    let other = muster.refused("prove", asked).to_string();
    assert!(other.contains("one of another list"), "{other}");
}
