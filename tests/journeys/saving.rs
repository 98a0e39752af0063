//! Copies and reports: what is written, and what is never overwritten unasked.

use serde_json::{Value, json};

use crate::home::Computer;

const STAFF: &[u8] = b"Staff\xE9n list;;\r\n\r\nemail;username;usergroups\r\n\"a@example.com\";ada;Sales\r\nb@example.com;bo;Marketing\r\n";

fn save(path: &std::path::Path, replace: bool) -> Value {
    json!({ "path": path, "replace": replace })
}

#[test]
fn a_copy_without_edits_is_the_same_file_and_an_edited_one_differs_only_there() {
    let computer = Computer::new();
    let muster = computer.start();
    muster.open(&computer.write("staff.csv", STAFF));
    let copy = computer.path("copy.csv");
    let saved = muster.call("save_copy", save(&copy, false));
    assert_eq!(saved["about"], "2 people, windows-1252, semicolon");
    assert_eq!(std::fs::read(&copy).expect("saved"), STAFF);
    muster.set(4, 2, "Ops;HR");
    let told = muster.refused("save_copy", save(&copy, false));
    assert_eq!(told.why, "it exists already");
    muster.call("save_copy", save(&copy, true));
    let text = std::fs::read(&copy).expect("saved");
    let wanted = String::from_utf8_lossy(STAFF).replace("Marketing", "\"Ops;HR\"");
    assert_eq!(String::from_utf8_lossy(&text), wanted);
    // A letter that the file's encoding does not have.
    muster.set(4, 2, "Łódź");
    let saved = muster.call("save_copy", save(&copy, true));
    let about = saved["about"].as_str().expect("a text");
    assert_eq!(about, "2 people, UTF-8 (the encoding windows-1252 has no letter `Ł`), semicolon");
}

#[test]
fn the_opened_file_is_replaced_only_when_that_is_said() {
    let computer = Computer::new();
    let muster = computer.start();
    let file = computer.write("staff.csv", STAFF);
    muster.open(&file);
    muster.set(4, 2, "Ops");
    let told = muster.refused("save_copy", save(&file, false));
    assert!(told.why.contains("the file that was opened"), "{told}");
    assert_eq!(std::fs::read(&file).expect("there"), STAFF);
    muster.call("save_copy", save(&file, true));
    assert_ne!(std::fs::read(&file).expect("there"), STAFF);
    assert_eq!(muster.call("job", Value::Null)["file_notice"], Value::Null, "it was us");
    let told = muster.refused("save_copy", save(&computer.path("copy.xlsm"), false));
    assert_eq!(told.what, "Muster writes no .xlsm files");
    let told = muster.refused("save_copy", save(&computer.path("no folder/copy.csv"), false));
    assert!(told.why.contains("there is no folder"), "{told}");
}

#[test]
fn the_problem_report_names_cells_as_a_spreadsheet_does() {
    let computer = Computer::new();
    let muster = computer.start();
    muster.open(&computer.write("staff.csv", STAFF));
    let list = json!({ "kind": "groups", "path": null, "column": null, "text": "Marketing" });
    muster.call("set_list", list);
    let report = computer.path("problems.csv");
    let saved = muster.call("problem_report", save(&report, false));
    assert!(saved["about"].as_str().is_some_and(|about| about.ends_with(", CSV")), "{saved}");
    let text = std::fs::read_to_string(&report).expect("written");
    let lines: Vec<&str> = text.trim_start_matches('\u{FEFF}').lines().collect();
    assert_eq!(lines[0], "cell,message,reference,line,key,name,column,value,corrected");
    let group = lines.iter().find(|line| line.contains("`Sales`")).expect("told");
    assert!(group.starts_with("\"C4\",") && group.contains(" ada\",\"4\",\"ada\","), "{group}");
    let workbook = computer.path("problems.xlsx");
    muster.call("problem_report", save(&workbook, false));
    let job = muster.open(&workbook);
    assert_eq!(job["reading"]["sheets"], json!(["Roster", "Problems"]));
}
