//! Columns: moved, added, taken out, put back in their order, and all of it taken back.

use serde_json::{Value, json};

use crate::home::{Computer, Muster};

/// An LMS that goes by the order of its columns.
const ACME: &str = "id = 'acme'\nname = 'Acme'\nsummary = ''\nversion = '2026-01-01'\n\
    [key]\nfield = 'id'\n[columns]\nordered = true\n\
    [[field]]\nid = 'id'\ntitle = 'Id'\nheaders = ['Acme id']\n\
    [[field]]\nid = 'first'\ntitle = 'First name'\nheaders = ['Acme first']\n\
    [[field]]\nid = 'last'\ntitle = 'Last name'\nheaders = ['Acme last']\n";

const EXPORT: &str =
    "Acme id;Acme first;Acme last;City\r\n1;Ada;\"Lo\";Oslo\r\n2;Bo;Li;\"Bern\"\r\n";

fn begin(computer: &Computer) -> Muster {
    std::fs::create_dir_all(computer.path("profiles")).expect("a folder");
    computer.write("profiles/acme.toml", ACME);
    let muster = computer.start();
    let job = muster.open(&computer.write("staff.csv", EXPORT));
    assert_eq!(job["profile"]["id"], "acme", "{job}");
    muster.call("keep_snapshot", json!({ "note": "" }));
    muster
}

fn names(muster: &Muster) -> Vec<String> {
    let job = muster.call("job", Value::Null);
    let columns = job["columns"].as_array().expect("a list");
    columns.iter().map(|c| c["name"].as_str().expect("a name").to_owned()).collect()
}

fn fix(rule: &str) -> Value {
    json!({ "rule": rule, "value": null, "row": null, "column": null, "safe_only": false })
}

fn saved(computer: &Computer, muster: &Muster) -> String {
    let path = computer.path("copy.csv");
    muster.call("save_copy", json!({ "path": path, "replace": true }));
    std::fs::read_to_string(path).expect("UTF-8")
}

#[test]
fn columns_in_another_order_are_put_back_and_nothing_else_is_touched() {
    let computer = Computer::new();
    let muster = begin(&computer);
    let moved = muster.call("arrange", json!({ "do": "move", "column": 2, "to": 0 }));
    assert_eq!(moved["sentence"], "Move the column `Acme last` to place 1");
    // Who a person is, and what changed, does not depend on where a column stands.
    let job = &moved["job"];
    assert_eq!((&job["changed_people"], &job["counts"]["note"]), (&json!(0), &json!(1)), "{job}");
    assert_eq!(job["columns"][1]["is_key"], true);
    assert_eq!(muster.cells(json!({}))[0], ["Lo", "1", "Ada", "Oslo"]);
    let preview = muster.call("preview_fix", fix("header-moved"));
    assert_eq!(
        preview["title"], "Fix the column names: put the columns back in their order",
        "{preview}"
    );
    assert_eq!(preview["safe"], 1);
    let fixed = muster.call("apply_fix", fix("header-moved"));
    assert_eq!(fixed["change"]["counts"]["error"], 0);
    assert_eq!(saved(&computer, &muster), EXPORT);
    muster.call("undo", Value::Null);
    assert_eq!(names(&muster), ["Acme last", "Acme id", "Acme first", "City"]);
}

#[test]
fn a_column_that_was_taken_out_is_put_back_with_what_the_snapshot_has() {
    let computer = Computer::new();
    let muster = begin(&computer);
    let edited = muster.edited("arrange", json!({ "do": "drop", "column": 3 }));
    assert_eq!(edited, "Take out the column `City`");
    assert_eq!(
        saved(&computer, &muster),
        "Acme id;Acme first;Acme last\r\n1;Ada;\"Lo\"\r\n2;Bo;Li\r\n"
    );
    let preview = muster.call("preview_fix", fix("header-missing"));
    assert_eq!(preview["changes"][0]["after"], "column 4, filled for 2 people", "{preview}");
    muster.call("apply_fix", fix("header-missing"));
    assert_eq!(muster.cells(json!({}))[1], ["2", "Bo", "Li", "Bern"]);
    assert_eq!(muster.call("job", Value::Null)["changed_people"], 0);
    for _ in 0..2 {
        muster.call("undo", Value::Null);
    }
    assert_eq!(saved(&computer, &muster), EXPORT);
    let refused = muster.refused("arrange", json!({ "do": "drop", "column": 0 }));
    assert_eq!(refused.what, "`Acme id` stays");
}

#[test]
fn steps_about_columns_and_cells_are_made_again_at_the_next_start() {
    let computer = Computer::new();
    let (before, text) = {
        let muster = begin(&computer);
        muster.call("arrange", json!({ "do": "add", "at": 1, "name": "Site" }));
        muster.set(2, 1, "North; east");
        muster.call("arrange", json!({ "do": "move", "column": 4, "to": 0 }));
        muster.call("delete_people", json!([1]));
        muster.call("insert_person", json!({ "after": 2 }));
        muster.call("arrange", json!({ "do": "drop", "column": 3 }));
        muster.call("undo", Value::Null);
        (muster.cells(json!({})), saved(&computer, &muster))
    };
    assert_eq!(before[0], ["Bern", "2", "North; east", "Bo", "Li"]);
    assert!(
        text.starts_with("City;Acme id;Site;Acme first;Acme last\r\n\"Bern\";2;\"North; east\";")
    );
    let muster = computer.start();
    let home = muster.call("home", Value::Null);
    let job = muster.call("open_job", json!({ "id": home["recent"][0]["id"] }));
    assert_eq!(job["redo"], "Take out the column `Acme first`");
    assert_eq!(muster.cells(json!({})), before);
    assert_eq!(saved(&computer, &muster), text);
    for _ in 0..5 {
        muster.call("undo", Value::Null);
    }
    assert_eq!(saved(&computer, &muster), EXPORT);
    let twice = muster.refused("arrange", json!({ "do": "add", "at": 0, "name": "city" }));
    assert_eq!(twice.what, "there is a column `city` already");
}

/// What Emtrain has, nine people, and an HR report of them and of one more.
fn learners() -> (String, String) {
    let mut export =
        "KEY,Login Name,Password,First Name,Last Name,Email Address,Active,Location,Employee ID\n"
            .to_owned();
    let mut report = "Emp No,Given name,Surname,Work mail,Site\n".to_owned();
    for n in 0..10 {
        let person = format!("Given{n},Sur{n},p{n}@a.example");
        report += &format!("0003{n},{person},TX\n");
        if n < 9 {
            export += &format!("200{n},login{n},,{person},Yes,TX,0003{n}\n");
        }
    }
    (export, report)
}

#[test]
fn a_column_that_the_list_lacks_is_added_and_filled_in_one_step() {
    let computer = Computer::new();
    let muster = computer.start();
    let (export, report) = learners();
    let export = computer.write("learners.csv", export);
    muster.open(&computer.write("report.csv", report));
    muster.call("say_lms_has", json!({ "kind": "file", "path": export }));

    // The finding that it is missing says which it is.
    let problems = muster.call("problems", Value::Null);
    let rules = problems["rules"].as_array().expect("a list");
    let missing = rules.iter().find(|rule| rule["rule"] == "header-missing").expect("missing");
    let values = missing["values"].as_array().expect("a list");
    let login = values.iter().find(|value| value["value"] == "Login Name").expect("the login");
    let field = login["lacks"].clone();
    let lacking = muster.call("lacking_fields", Value::Null);
    let lacking = lacking.as_array().expect("a list");
    let of_login = lacking.iter().find(|lacking| lacking["field"] == field).expect("the login");
    assert_eq!((&of_login["header"], &of_login["needed"]), (&json!("Login Name"), &json!(true)));
    for other in ["Password", "KEY", "Email Address"] {
        assert!(lacking.iter().all(|lacking| lacking["header"] != other), "{other}");
    }

    let pattern = "{Surname}{Emp No}";
    let fill = json!({
        "column": 0, "field": field, "pattern": pattern, "only_blank": true, "plain": true
    });
    let preview = muster.call("preview_fill", fill.clone());
    assert_eq!((&preview["cells"], &preview["without"]), (&json!(10), &json!(0)));
    // Whom the LMS has keeps the login that they have.
    let mut logins: Vec<String> = (0..9).map(|n| format!("login{n}")).collect();
    logins.push("sur900039".into());
    let changes = preview["changes"].as_array().expect("a list");
    assert!(changes.iter().all(|change| change["column"] == "Login Name"), "{preview}");
    assert!(changes.iter().map(|change| &change["after"]).eq(&logins), "{preview}");
    assert_eq!(names(&muster).len(), 5, "a preview changes nothing");

    let edited = muster.edited("fill", fill.clone());
    assert_eq!(edited, format!("Add the column `Login Name` for 10 people, with `{pattern}`"));
    assert_eq!(names(&muster)[5], "Login Name");
    let cells = muster.cells(json!({}));
    assert!(cells.iter().map(|row| &row[5]).eq(&logins), "{cells:?}");
    let refused = muster.refused("fill", fill);
    assert_eq!(refused.what, "this column is in the list by now");
    muster.call("undo", Value::Null);
    assert_eq!(names(&muster).len(), 5);
}
