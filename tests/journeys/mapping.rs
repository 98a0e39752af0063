//! A report of the HR system, whose columns are called otherwise than the LMS's.

use serde_json::{Value, json};

use crate::home::{Computer, Muster};

const REPORT: &str = "Work Email,Login,Given name,Surname,Crew,City\n\
    ada@example.com,ada,Ada,Lo,Sales,Oslo\nbo@example.com,bo,Bo,Li,Ops,Bern\n";

fn mapping(muster: &Muster) -> Value {
    muster.call("mapping", Value::Null)
}

/// What a column is used as and how that came about.
fn used(mapping: &Value, name: &str) -> (Value, Value) {
    let columns = mapping["columns"].as_array().expect("a list");
    let column = columns.iter().find(|c| c["name"] == name).expect("a column");
    let used = match &column["used"]["field"] {
        Value::Null => column["used"]["as"].clone(),
        field => field.clone(),
    };
    (used, column["how"].clone())
}

fn begin(computer: &Computer, report: &str) -> (Muster, Value) {
    let muster = computer.start();
    muster.open(&computer.write("report.csv", report));
    let job = muster.call("choose_profile", json!({ "id": "edapp" }));
    (muster, job)
}

fn field(column: u32, field: &str) -> Value {
    json!({ "column": column, "used": { "as": "field", "field": field } })
}

#[test]
fn a_report_whose_names_mean_the_same_is_read_without_a_question() {
    let computer = Computer::new();
    let (muster, job) = begin(&computer, REPORT);
    assert_eq!((&job["guessed_columns"], &job["counts"]["error"]), (&json!(0), &json!(0)), "{job}");
    let all = mapping(&muster);
    for (name, field) in [("Work Email", "email"), ("Login", "username"), ("Surname", "lastname")] {
        assert_eq!(used(&all, name), (json!(field), json!("synonym")));
    }
    assert_eq!(used(&all, "Crew"), (Value::Null, Value::Null));
    assert_eq!(all["columns"][5]["samples"], json!(["Oslo", "Bern"]));
    assert!(job["columns"][1]["is_key"].as_bool().expect("told"));
}

#[test]
fn a_choice_is_remembered_for_the_next_file_and_told_as_chosen() {
    let computer = Computer::new();
    let (muster, job) = begin(&computer, &REPORT.replace("Login", "Who"));
    assert!(job["counts"]["error"].as_u64() > Some(0), "no column is the key: {job}");
    let leave = json!({ "column": 5, "used": { "as": "leave" } });
    let chosen = json!([field(1, "username"), field(4, "usergroups"), leave]);
    let job = muster.call("set_mapping", chosen);
    assert_eq!(job["columns"][4]["field"], "usergroups");
    assert_eq!(job["counts"]["error"], 0, "{job}");
    // The reading is no step: the cells are as they were.
    assert_eq!(job["undo"], Value::Null);
    drop(muster);

    let (muster, job) = begin(&computer, &REPORT.replace("Login", "WHO").replace("Ada", "Eve"));
    assert_eq!(
        (&job["columns"][1]["field"], &job["guessed_columns"]),
        (&json!("username"), &json!(0))
    );
    assert_eq!(used(&mapping(&muster), "WHO"), (json!("username"), json!("chosen")));
    assert_eq!(used(&mapping(&muster), "City"), (json!("leave"), json!("chosen")));
    let job = muster.call("set_mapping", json!([{ "column": 1, "used": null }]));
    assert_eq!(job["columns"][1]["field"], Value::Null);
    // Another LMS knows nothing of it.
    muster.call("choose_profile", json!({ "id": "kolibri" }));
    assert_eq!(used(&mapping(&muster), "City"), (Value::Null, Value::Null));
}

#[test]
fn a_guess_is_told_with_its_reason_and_changes_nothing_until_it_is_confirmed() {
    let computer = Computer::new();
    let (muster, job) = begin(&computer, &REPORT.replace("Work Email", "Contact"));
    assert_eq!(job["guessed_columns"], 1, "{job}");
    let all = mapping(&muster);
    assert_eq!(used(&all, "Contact"), (json!("email"), json!("content")));
    assert_eq!(
        (&all["columns"][0]["sure"], &all["columns"][0]["evidence"]),
        (&json!(false), &json!("all values look like e-mail addresses"))
    );
    assert_eq!(job["columns"][0]["field"], Value::Null);
    let job = muster.call("set_mapping", json!([field(0, "email")]));
    assert_eq!(
        (&job["guessed_columns"], &job["columns"][0]["field"]),
        (&json!(0), &json!("email"))
    );
}

#[test]
fn two_columns_cannot_be_one_field() {
    let computer = Computer::new();
    let (muster, _) = begin(&computer, "email,username,Contact\na@example.com,ada,a@example.org\n");
    let refused = muster.refused("set_mapping", json!([field(2, "email")]));
    assert_eq!(refused.what, "`email` and `Contact` cannot both be E-mail");
    let kept = json!({ "column": 0, "used": { "as": "keep" } });
    let job = muster.call("set_mapping", json!([kept, field(2, "email")]));
    assert_eq!(
        (&job["columns"][0]["field"], &job["columns"][2]["field"]),
        (&Value::Null, &json!("email"))
    );
    let refused = muster.refused("set_mapping", json!([field(2, "shoe size")]));
    assert_eq!(refused.what, "there is no field `shoe size`");
}
