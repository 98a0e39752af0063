//! Empty files of an LMS's form: made, opened, filled.

use serde_json::{Value, json};

use crate::home::Computer;

fn make(profile: &str, path: &std::path::Path) -> Value {
    json!({ "profile": profile, "path": path, "replace": false })
}

#[test]
fn a_template_opens_as_an_empty_list_and_takes_people() {
    let computer = Computer::new();
    let muster = computer.start();
    let path = computer.path("new.xlsx");
    let saved = muster.call("make_template", make("edapp", &path));
    assert_eq!(saved["about"], "8 columns for EdApp, Excel workbook");
    let asked = json!({ "path": path, "profile": "edapp", "reading": {} });
    let job = muster.call("open", asked);
    assert_eq!((&job["people"], &job["profile"]["id"]), (&json!(0), &json!("edapp")));
    assert_eq!(job["counts"]["error"], 0, "nobody is no mistake");
    let edited = muster.call("insert_person", json!({ "after": null }));
    assert_eq!(edited["job"]["people"], 1);
    let row = edited["added"][0].as_u64().expect("a row") as u32;
    muster.set(row, 0, "ada@example.com");
    let copy = computer.path("filled.csv");
    muster.call("save_copy", json!({ "path": copy, "replace": false }));
    let text = std::fs::read_to_string(&copy).expect("saved");
    assert!(text.ends_with("\r\nada@example.com,,,,,,,\r\n"), "{text}");
}

#[test]
fn the_drop_downs_of_a_template_have_the_lists_of_the_open_job() {
    let computer = Computer::new();
    let muster = computer.start();
    muster
        .open(&computer.write("staff.csv", "email,username,usergroups\na@example.com,ada,Sales\n"));
    let list = json!({ "kind": "groups", "path": null, "column": null, "text": "Sales\nOps" });
    muster.call("set_list", list);
    let path = computer.path("new.xlsx");
    muster.call("make_template", make("edapp", &path));
    let mut zip = zip::ZipArchive::new(std::fs::File::open(&path).expect("there")).expect("a ZIP");
    let sheet = zip.by_name("xl/worksheets/sheet1.xml").expect("there");
    let sheet = std::io::read_to_string(sheet).expect("UTF-8");
    assert!(sheet.contains("<formula1>\"Ops,Sales\"</formula1>"), "{sheet}");
    let told = muster.refused("make_template", make("edapp", &path));
    assert_eq!(told.why, "it exists already");
    let told = muster.refused("make_template", make("generic", &computer.path("any.csv")));
    assert_eq!(told.what, "`Not sure` has no template");
}
