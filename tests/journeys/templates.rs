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
    assert_eq!(edited["change"]["people"], 1);
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

const HEADER: &str = "Full name,Email,Language,Country,Region,Team";

fn learn(path: Option<&std::path::Path>) -> Value {
    json!({ "path": path })
}

/// The template as another program wrote it: see `tests/formats/workbooks.py`.
fn vendors() -> std::path::PathBuf {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/formats");
    folder.join("workbooks/template.xlsx")
}

#[test]
fn the_vendors_own_template_is_looked_at_once_and_counts_from_then_on() {
    let computer = Computer::new();
    let muster = computer.start();
    let staff = format!("{HEADER}\nAda Lo,ada@example.com,Englisch,CA,QC,Sales\n");
    let file = computer.write("staff.csv", &staff);
    let job = muster.open(&file);
    assert_eq!(job["profile"]["id"], "workleap");
    assert!(job["profile"]["provisional"].is_string() && job["template"].is_null());
    let errors = job["counts"]["error"].as_u64();

    let job = muster.call("learn_template", learn(Some(&vendors())));
    assert!(job["profile"]["provisional"].is_null(), "the header is certain now");
    assert_eq!((&job["template"]["columns"], &job["template"]["lists"]), (&json!(8), &json!(4)));
    let told = job["template"]["remarks"][0].as_str().expect("a sentence");
    assert!(told.starts_with("The list of `Province code` could not be learnt"), "{told}");
    let countries = |job: &Value| {
        let lists = job["lists"].as_array().expect("a list").clone();
        lists.into_iter().find(|l| l["kind"] == "countries").expect("learnt")
    };
    assert_eq!(countries(&job)["source"], "template `template.xlsx`");
    assert_eq!(countries(&job)["count"], 3);
    assert!(countries(&job)["at"].is_string(), "with its age");
    assert!(job["counts"]["error"].as_u64() > errors, "`Englisch` is no language of the drop-down");
    drop(muster);

    // Next month, with another file.
    let muster = computer.start();
    let job = muster.open(&computer.write("next.csv", staff.replace("Ada", "Bea")));
    assert_eq!(job["template"]["file"], "template.xlsx");
    assert_eq!(countries(&job)["count"], 3);
    let path = computer.path("new.csv");
    muster.call("make_template", make("workleap", &path));
    let text = std::fs::read_to_string(&path).expect("written");
    let header = "Full name,E-mail,Language,Country code,Province code,Team,Site,Start date\r\n";
    assert_eq!(text, header);

    let job = muster.call("learn_template", learn(None));
    assert!(job["template"].is_null() && job["profile"]["provisional"].is_string());
    assert_eq!(job["counts"]["error"].as_u64(), errors);
    assert!(job["lists"].as_array().expect("a list").iter().all(|l| l["kind"] != "countries"));
}

#[test]
fn a_file_that_is_no_template_of_this_lms_is_refused_and_nothing_is_kept() {
    let computer = Computer::new();
    let muster = computer.start();
    muster
        .open(&computer.write("staff.csv", "email,username,usergroups\na@example.com,ada,Sales\n"));
    let prices = computer.write("prices.csv", "Product,Price\nPen,2\n");
    let told = muster.refused("learn_template", learn(Some(&prices)));
    assert_eq!(told.what, "`prices.csv` is no template of EdApp");
    let told = muster.refused("learn_template", learn(Some(&computer.path("gone.xlsx"))));
    assert!(told.what.contains("gone.xlsx"), "{told}");
    assert!(muster.call("job", Value::Null)["template"].is_null());
}
