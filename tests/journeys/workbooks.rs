//! Workbooks: opened, edited, saved as a workbook again.

use serde_json::json;

use crate::home::Computer;

#[test]
fn a_workbook_is_opened_edited_reopened_and_saved_as_a_workbook() {
    let computer = Computer::new();
    let bytes = include_bytes!("../formats/workbooks/roster.xlsx");
    let file = computer.write("roster.xlsx", bytes);
    let before = {
        let muster = computer.start();
        let job = muster.open(&file);
        assert_eq!(job["reading"]["format"], "XLSX");
        let line = muster.rows(json!({}))["rows"][0]["line"].as_u64().expect("a row of the sheet");
        assert_eq!(line, job["reading"]["header"].as_u64().expect("a row") + 1);
        let row = muster.rows(json!({}))["rows"][0]["id"].as_u64().expect("an id") as u32;
        muster.set(row, 0, "new@example.com");
        muster.cells(json!({}))
    };
    let muster = computer.start();
    muster.open(&file);
    assert_eq!(muster.cells(json!({})), before);
    let copy = computer.path("copy.xlsx");
    let saved = muster.call("save_copy", json!({ "path": copy, "replace": false }));
    assert!(saved["about"].as_str().is_some_and(|about| about.ends_with("Excel workbook")));
    muster.open(&copy);
    assert_eq!(muster.cells(json!({})), before);
}

#[test]
fn a_list_is_the_same_as_csv_and_as_a_workbook() {
    let computer = Computer::new();
    let muster = computer.start();
    let text =
        "email,username,externalid\na@example.com,ada,00417\nb@example.com,\"Bo, \"\"B\"\"\",1e5\n";
    let csv = computer.write("staff.csv", text);
    muster.open(&csv);
    let workbook = computer.path("staff.xlsx");
    muster.call("save_copy", json!({ "path": workbook, "replace": false }));
    muster.open(&workbook);
    let job = muster.call("keep_snapshot", json!({ "note": "" }));
    assert_eq!((&job["changed_people"], &job["snapshot"]["people"]), (&json!(0), &json!(2)));
    let compared = muster.call("compare", json!({
        "against": { "kind": "file", "path": csv }, "mark": null, "search": "", "first": 0, "count": 9,
    }));
    assert_eq!(compared["counts"], json!({ "create": 0, "update": 0, "leave": 0, "same": 2 }));
    let back = computer.path("back.csv");
    muster.call("save_copy", json!({ "path": back, "replace": false }));
    assert_eq!(std::fs::read_to_string(back).expect("saved"), text.replace('\n', "\r\n"));
}

#[test]
fn another_sheet_or_header_line_can_be_asked_for_and_steps_are_set_aside() {
    let computer = Computer::new();
    let muster = computer.start();
    muster.open(&computer.write("staff.csv", "x,y\nemail,name\na@example.com,Ada\n"));
    muster.set(2, 1, "Adah");
    let job = muster.call("reopen", json!({ "header": 2 }));
    assert_eq!((&job["people"], &job["reading"]["header"]), (&json!(1), &json!(2)));
    assert_eq!((&job["undo"], &job["columns"][0]["name"]), (&json!(null), &json!("email")));
    assert_eq!(muster.cells(json!({})), [["a@example.com", "Ada"]]);
    let job = muster.call("reopen", json!({ "delimiter": ";", "header": 2 }));
    assert_eq!(job["columns"].as_array().map(Vec::len), Some(1));
    let told = muster.refused("reopen", json!({ "encoding": "klingon" }));
    assert!(told.what.contains("`klingon`"), "{told}");
    assert_eq!(muster.call("job", json!(null))["columns"].as_array().map(Vec::len), Some(1));
}
