//! Values of the HR system that the LMS calls otherwise.

use serde_json::{Value, json};

use crate::home::Computer;

const STAFF: &str = "email,username,usergroups,Country\nada@example.com,ada,HR; Ops,UK\n\
    bo@example.com,bo,HR,UK\ncy@example.com,cy,Ops,NL\n";

fn map(column: u32, pairs: Value, remember: bool) -> Value {
    json!({ "column": column, "pairs": pairs, "remember": remember })
}

#[test]
fn values_are_replaced_as_one_step_and_offered_for_the_next_file() {
    let computer = Computer::new();
    let muster = computer.start();
    muster.open(&computer.write("may.csv", STAFF));
    let groups = json!([{ "from": "HR", "to": "Human Resources" }]);
    let edited = muster.call("map_values", map(2, groups, true));
    assert_eq!(edited["sentence"], "Replace `HR` → `Human Resources` in `usergroups` for 2 people");
    assert_eq!(muster.cells(json!({}))[0][2], "Human Resources; Ops");
    let places = json!([{ "from": "UK", "to": "GB" }, { "from": "NL", "to": "NL" }]);
    muster.call("map_values", map(3, places, true));
    drop(muster);

    let muster = computer.start();
    let june =
        STAFF.replace("cy,Ops", "cy,Sales").replace("usergroups,Country", "UserGroups,COUNTRY");
    let job = muster.open(&computer.write("june.csv", june));
    assert_eq!(job["replaced_before"], 2, "{job}");
    let edited = muster.call("map_remembered", Value::Null);
    assert_eq!(edited["sentence"], "Replace 2 values as before for 2 people");
    assert_eq!(edited["change"]["replaced_before"], 0);
    assert_eq!(muster.cells(json!({}))[1][2..], ["Human Resources", "GB"]);
    assert_eq!(muster.call("undo", Value::Null)["change"]["replaced_before"], 2);
}

#[test]
fn what_was_taken_back_is_not_offered_for_the_next_file_unless_it_was_made_again() {
    let computer = Computer::new();
    let muster = computer.start();
    let job = muster.open(&computer.write("may.csv", STAFF));
    muster.call("map_values", map(3, json!([{ "from": "UK", "to": "GB" }]), true));
    muster.call("map_values", map(3, json!([{ "from": "NL", "to": "BE" }]), true));
    drop(muster);

    // Also by whoever opens the list again.
    let muster = computer.start();
    muster.call("open_job", json!({ "id": job["id"] }));
    let undone = muster.call("undo", Value::Null);
    assert_eq!(undone["change"]["replaced_before"], 0, "not for this list either: {undone}");
    muster.call("undo", Value::Null);
    muster.call("redo", Value::Null);
    assert_eq!(muster.cells(json!({}))[0][3], "GB");
    let job = muster.open(&computer.write("june.csv", STAFF.replace("Ops", "Sales")));
    assert_eq!(job["replaced_before"], 1, "that which was made again");
}

#[test]
fn what_is_not_to_be_remembered_is_not_offered_and_a_locked_column_is_left_alone() {
    let computer = Computer::new();
    let muster = computer.start();
    muster.open(&computer.write("may.csv", STAFF));
    muster.call("map_values", map(3, json!([{ "from": "UK", "to": "GB" }]), false));
    let job = muster.open(&computer.write("june.csv", STAFF.replace("Ops", "Sales")));
    assert_eq!(job["replaced_before"], 0);
    let refused = muster.refused("map_values", map(1, json!([{ "from": "ada", "to": "x" }]), true));
    assert_eq!(refused.what, "`username` is locked");
}
