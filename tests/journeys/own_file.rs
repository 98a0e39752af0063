//! The person's own file while its list is open: changed by another program, only looked at, or pasted and without a file.

use serde_json::{Value, json};

use crate::home::Computer;

const STAFF: &str = "email,name\na@example.com,Ada\nb@example.com,Bo\n";
const THEIRS: &str = "email,name\na@example.com,Adele\nb@example.com,Bo\n";

#[test]
fn a_file_that_another_program_changed_is_never_overwritten_unseen() {
    let computer = Computer::new();
    let muster = computer.start();
    let file = computer.write("staff.csv", STAFF);
    muster.open(&file);
    muster.set(2, 1, "Bob");
    assert_eq!(muster.call("look_at_file", Value::Null), Value::Null);
    std::fs::write(&file, THEIRS).expect("written");
    let told = muster.call("look_at_file", Value::Null);
    assert_eq!(told["changed"], true);
    assert_eq!(muster.call("job", Value::Null)["file_notice"], told);

    let save = json!({ "path": file, "replace": true });
    for command in ["save_copy", "convert"] {
        let mut save = save.clone();
        if command == "convert" {
            save["profile"] = "moodle".into();
        }
        let refused = muster.refused(command, save);
        assert_eq!(refused.what, "`staff.csv` was not written");
        assert_eq!(refused.why, "another program has changed it since it was opened here");
    }
    assert_eq!(std::fs::read_to_string(&file).expect("there"), THEIRS);
    // Another name is nobody else's.
    let copy = json!({ "path": computer.path("mine.csv"), "replace": false });
    muster.call("save_copy", copy);

    // The difference is a comparison with the file as it is now.
    let asked = json!({ "against": { "kind": "file", "path": file }, "mark": null, "search": "", "first": 0, "count": 10 });
    let changes = muster.call("compare", asked)["changes"].to_string();
    assert!(changes.contains("Adele") && changes.contains("Bob"), "{changes}");

    // Mine is the one to keep, and from then on it may be saved; a later change is told anew.
    assert_eq!(muster.call("keep_mine", Value::Null)["file_notice"], Value::Null);
    std::fs::write(&file, format!("{THEIRS}c@example.com,Cy\n")).expect("written");
    assert_eq!(muster.call("look_at_file", Value::Null)["changed"], true);
    muster.refused("save_copy", save.clone());
    muster.call("keep_mine", Value::Null);
    muster.call("save_copy", save);
    assert!(std::fs::read_to_string(&file).expect("there").contains("b@example.com,Bob"));
    assert_eq!(muster.call("look_at_file", Value::Null), Value::Null, "it was us");
}

#[test]
fn taking_it_over_opens_it_as_it_is_and_leaves_the_steps_where_they_are() {
    let computer = Computer::new();
    let muster = computer.start();
    let file = computer.write("staff.csv", STAFF);
    let before = muster.open(&file);
    muster.set(2, 1, "Bob");
    std::fs::write(&file, THEIRS).expect("written");
    let after = muster.open(&file);
    assert_ne!(before["id"], after["id"]);
    assert_eq!(muster.cells(json!({})), [["a@example.com", "Adele"], ["b@example.com", "Bo"]]);
    assert_eq!(after["file_notice"], Value::Null);
    muster.call("open_job", json!({ "id": before["id"] }));
    assert_eq!(muster.cells(json!({}))[1][1], "Bob");
}

#[test]
fn a_file_that_is_gone_is_told_and_may_be_saved_anew() {
    let computer = Computer::new();
    let muster = computer.start();
    let file = computer.write("staff.csv", STAFF);
    muster.open(&file);
    std::fs::remove_file(&file).expect("removed");
    assert_eq!(muster.call("look_at_file", Value::Null)["changed"], false);
    muster.refused("keep_mine", Value::Null);
    muster.call("save_copy", json!({ "path": file, "replace": true }));
    assert_eq!(std::fs::read_to_string(&file).expect("there"), STAFF);
    assert_eq!(muster.call("look_at_file", Value::Null), Value::Null);
}

#[test]
fn nothing_is_changed_of_a_list_that_is_only_looked_at_also_next_time() {
    let computer = Computer::new();
    let muster = computer.start();
    let opened = muster.open(&computer.write("staff.csv", STAFF));
    muster.set(2, 1, "Bob");
    assert_eq!(muster.call("look_only", json!({ "only": true }))["look_only"], true);
    assert!(muster.call("job", Value::Null)["columns"][1]["locked"].is_string());
    let edits = json!([{ "row": 1, "column": 1, "value": "X" }]);
    for (command, request) in [
        ("edit", edits),
        ("undo", Value::Null),
        ("insert_person", json!({ "after": null })),
        ("delete_people", json!([1])),
    ] {
        let told = muster.refused(command, request);
        assert_eq!(told.why, "you are only looking at it", "{command}: {told}");
    }
    let as_it_was = [["a@example.com", "Ada"], ["b@example.com", "Bob"]];
    assert_eq!(muster.cells(json!({})), as_it_was);
    // A copy changes nothing.
    muster.call("save_copy", json!({ "path": computer.path("copy.csv"), "replace": false }));
    drop(muster);
    let muster = computer.start();
    let job = muster.call("open_job", json!({ "id": opened["id"] }));
    assert_eq!(job["look_only"], true);
    assert_eq!(muster.cells(json!({})), as_it_was);
    muster.refused("undo", Value::Null);
    muster.call("look_only", json!({ "only": false }));
    muster.set(1, 1, "Adele");
    assert_eq!(muster.cells(json!({}))[0][1], "Adele");
}

#[test]
fn a_pasted_table_is_a_list_without_a_file() {
    let computer = Computer::new();
    let muster = computer.start();
    // As a spreadsheet puts it on the clipboard: tabs, quotes around a line break, a number that is a text.
    let text =
        "email\tname\tnumber\r\nå@example.com\t\"Ada\nLo\"\t00417\r\nb@example.com\tBo\t\r\n";
    let job = muster.call("open_pasted", json!({ "text": text }));
    assert_eq!(
        (&job["name"], &job["file"], &job["people"]),
        (&json!("Pasted list"), &json!(""), &json!(2))
    );
    assert_eq!(muster.cells(json!({}))[0], ["å@example.com", "Ada\nLo", "00417"]);
    assert_eq!(muster.call("look_at_file", Value::Null), Value::Null);
    muster.set(1, 1, "Ada");
    drop(muster);
    let muster = computer.start();
    muster.call("open_job", json!({ "id": job["id"] }));
    assert_eq!(muster.cells(json!({}))[0][1], "Ada");
    let told = muster.refused("open_pasted", json!({ "text": " \n" }));
    assert_eq!(told.what, "there is nothing to paste");
}
