//! A report goes out, comes back corrected, and is taken over.

use serde_json::{Value, json};

use crate::home::Computer;

const STAFF: &str = "email,username,usergroups,password\na@example.com,ada,Slaes,Secret-42x\nb@example.com,bo,Slaes,\nc@example.com,cy,Sales,\n";

fn text(path: &std::path::Path) -> String {
    std::fs::read_to_string(path).expect("there")
}

#[test]
fn what_a_colleague_corrected_is_looked_at_taken_over_and_taken_back() {
    let computer = Computer::new();
    let muster = computer.start();
    muster.open(&computer.write("staff.csv", STAFF));
    let list = json!({ "kind": "groups", "path": null, "column": null, "text": "Sales" });
    muster.call("set_list", list);
    let report = computer.path("problems.csv");
    muster.call("problem_report", json!({ "path": report, "replace": false }));
    let corrected: String = text(&report)
        .lines()
        .map(|line| match line.contains("\"usergroups\",\"Slaes\"") {
            true => line.trim_end_matches("\"\"").to_owned() + "\"Sales\"\r\n",
            false => format!("{line}\r\n"),
        })
        .collect();
    let came_back = computer.write("problems corrected.csv", corrected);
    // Bo was moved here in the meantime.
    muster.set(2, 2, "Marketing");

    let preview = muster.call("preview_corrected", json!({ "path": came_back }));
    assert_eq!((&preview["cells"], &preview["conflict_count"]), (&json!(1), &json!(1)));
    assert_eq!(preview["changes"][0]["key"], "ada");
    let conflict = &preview["conflicts"][0];
    assert_eq!(
        (&conflict["was"], &conflict["here"], &conflict["theirs"]),
        (&json!("Slaes"), &json!("Marketing"), &json!("Sales"))
    );
    let request = json!({ "path": came_back, "sha256": preview["sha256"] });
    let edited = muster.call("merge_corrected", request.clone());
    assert_eq!(
        edited["sentence"],
        "Take over corrections from `problems corrected.csv`: 1 cell of 1 person"
    );
    let copy = computer.path("copy.csv");
    muster.call("save_copy", json!({ "path": copy, "replace": false }));
    assert_eq!(
        text(&copy),
        STAFF.replace("ada,Slaes", "ada,Sales").replace("bo,Slaes", "bo,Marketing")
    );
    muster.call("undo", Value::Null);
    muster.call("save_copy", json!({ "path": copy, "replace": true }));
    assert_eq!(text(&copy), STAFF.replace("bo,Slaes", "bo,Marketing"));

    // A file that is another one by now is not taken unseen.
    computer
        .write("problems corrected.csv", text(&came_back).replace("\"Sales\"\r\n", "\"HR\"\r\n"));
    let told = muster.refused("merge_corrected", request);
    assert_eq!(told.why, "it was changed since you looked at it");
}

#[test]
fn a_password_that_comes_back_is_never_shown() {
    let computer = Computer::new();
    let muster = computer.start();
    muster.open(&computer.write("staff.csv", STAFF));
    let came_back = computer.write("back.csv", "username,password\nada,Other-77y\nbo,•••\n");
    let preview = muster.call("preview_corrected", json!({ "path": came_back }));
    assert_eq!(preview["cells"], 1);
    assert!(!preview.to_string().contains("Other-77y") && !preview.to_string().contains("Secret"));
    let told = muster.refused("preview_corrected", json!({ "path": computer.path("gone.csv") }));
    assert!(told.what.contains("gone.csv"), "{told}");
}

#[test]
fn the_report_is_written_as_a_page_too() {
    let computer = Computer::new();
    let muster = computer.start();
    muster.open(&computer.write("staff.csv", STAFF));
    let page = computer.path("problems.html");
    let saved = muster.call("problem_report", json!({ "path": page, "replace": false }));
    assert!(saved["about"].as_str().is_some_and(|a| a.ends_with(", page to mail or print")));
    let page = text(&page);
    assert!(page.contains("<h1>Problems in staff.csv</h1>") && !page.contains("Secret-42x"));
}
