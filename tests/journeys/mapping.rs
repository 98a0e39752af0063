//! A report of the HR system, whose columns are called otherwise than the LMS's.

use muster_engine::error::FailureKind;
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
    let is_key = |column: &Value| column["is_key"] == true;
    assert!(!job["columns"].as_array().expect("a list").iter().any(is_key), "{job}");
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

#[test]
fn in_a_list_of_no_lms_somebody_says_which_column_tells_people_apart() {
    let computer = Computer::new();
    let muster = computer.start();
    let rows = |from: u32| -> String {
        let row = |n: u32| format!("T{},Ada {n},ada{n}@gate.example,Team {}\n", n / 4, n % 3);
        (from..from + 40).map(row).collect()
    };
    let list = format!("Team No,Full,Work mail,Room\n{}", rows(0));
    let job = muster.open(&computer.write("people.csv", &list));
    assert_eq!(job["profile"]["id"], "generic");
    let fields = muster.call("mapping", Value::Null)["fields"].clone();
    let ids: Vec<&str> =
        fields.as_array().expect("a list").iter().filter_map(|f| f["id"].as_str()).collect();
    assert_eq!(ids, ["key", "name", "email", "manager"]);

    let said = json!([
        { "column": 2, "used": { "as": "field", "field": "key" } },
        { "column": 1, "used": { "as": "field", "field": "name" } },
    ]);
    let job = muster.call("set_mapping", said);
    let is_key = |job: &Value, at: usize| job["columns"][at]["is_key"] == json!(true);
    assert!(is_key(&job, 2) && !is_key(&job, 0), "{}", job["columns"]);

    // Two columns cannot both be the key, and it is so after the program was started anew and in the next file.
    let both = json!([{ "column": 0, "used": { "as": "field", "field": "key" } }]);
    assert_eq!(muster.refused("set_mapping", both).kind, FailureKind::State);
    let id = job["id"].clone();
    drop(muster);
    let muster = computer.start();
    assert!(is_key(&muster.call("open_job", json!({ "id": id })), 2));
    let next = format!("Team No,Full,Work mail,Room\n{}", rows(5));
    assert!(is_key(&muster.open(&computer.write("next.csv", &next)), 2));

    // A file without that column is read as it always was.
    let other = muster.open(&computer.write("other.csv", "Staff No,Full\n1,Ada\n2,Bo\n3,Cy\n"));
    assert!(is_key(&other, 0), "{}", other["columns"]);
}

#[test]
fn a_column_can_be_said_to_be_one_of_the_accounts_own_that_only_the_snapshot_has() {
    let computer = Computer::new();
    let muster = computer.start();
    let export = "First Name,Last Name,E-mail,Employee ID,Hire Date,Department\n\
        Mara,Okafor,mara@example.com,000410,2020-01-03,Sales\n\
        Jonas,Brandt,jonas@example.com,000411,2020-02-06,Finance\n";
    let export = computer.write("export.csv", export);
    let hires = "First Name,Last Name,E-mail,Employee ID,Org unit,Wing\n\
        Noor,Said,noor@example.com,000930,Sales,East\n";
    muster.open(&computer.write("hires.csv", hires));
    muster.call("choose_profile", json!({ "id": "emtrain-roster" }));
    muster.call("say_lms_has", json!({ "kind": "file", "path": export }));
    let all = mapping(&muster);
    let offered = |all: &Value| {
        let fields = all["fields"].as_array().expect("a list");
        fields.iter().filter(|field| field["id"] == "Department").count()
    };
    assert_eq!(offered(&all), 1, "{all}");
    let both = json!([field(4, "Department"), field(5, "Department")]);
    let refused = muster.refused("set_mapping", both);
    assert_eq!(refused.what, "`Org unit` and `Wing` cannot both be one column of the LMS");
    let job = muster.call("set_mapping", json!([field(4, "Department")]));
    assert_eq!(job["columns"][4]["field"], "Department");
    let all = mapping(&muster);
    assert_eq!(used(&all, "Org unit"), (json!("Department"), json!("chosen")));
    assert_eq!(offered(&all), 1, "{all}");
}
