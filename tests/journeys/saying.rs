//! What somebody knows better than a check: a group that is real, a finding that stands. Also what is certain and can be
//! made at once.

use serde_json::{Value, json};

use crate::home::{Computer, Muster};

/// A list with a group that the snapshot does not have, a name with a blank too much, and an address that is refused.
const STAFF: &str = "email,username,firstname,lastname,usergroups,externalid\n\
    ana@north.example,ana@north.example,Ana,Silva,Sales,N-1\n\
    bo@north.example,bo@north.example,Bo,Li,Sales,N-2\n\
    cy@north.example,cy@north.example,Cy,Day,Sales,N-3\n";

/// The list after somebody worked on it elsewhere.
fn edited() -> String {
    STAFF
        .replace("Bo,Li,Sales", "Bo,Li,Night shift")
        .replace("Cy,Day", "Cy,Day  Lee")
        .replace("ana@north.example,Ana", "ana@north.example,Ana ")
        + "dee.north.example,dee.north.example,Dee,Fox,Sales,N-4\n"
}

fn open(computer: &Computer, muster: &Muster) -> Value {
    let before = computer.write("before.csv", STAFF);
    muster.open(&computer.write("staff.csv", edited()));
    muster.call("say_lms_has", json!({ "kind": "file", "path": before }))
}

/// The group of findings of a rule.
fn found(muster: &Muster, rule: &str) -> Option<Value> {
    let problems = muster.call("problems", Value::Null);
    let rules = problems["rules"].as_array().expect("a list").clone();
    rules.into_iter().find(|group| group["rule"] == rule)
}

#[test]
fn a_group_is_real_in_a_list_of_no_account_and_in_the_account_that_is_begun_of_it() {
    let computer = Computer::new();
    let muster = computer.start();
    let job = open(&computer, &muster);
    let unknown = found(&muster, "group-unknown").expect("told");
    assert_eq!(unknown["values"][0]["lacked_by"], "groups");
    let real = json!({ "kind": "groups", "value": "Night shift" });
    muster.call("say_real", real.clone());
    assert_eq!(found(&muster, "group-unknown"), None);
    assert_eq!(muster.call("problems", Value::Null)["real"], json!([real.clone()]));

    drop(muster);
    let muster = computer.start();
    muster.call("open_job", json!({ "id": job["id"] }));
    assert_eq!(
        found(&muster, "group-unknown"),
        None,
        "it is so after the program was started anew"
    );
    muster.call("take_back_real", real.clone());
    assert!(found(&muster, "group-unknown").is_some());
    muster.call("say_real", real.clone());

    let account = muster.call("name_account", json!({ "id": null, "name": "Northwind" }));
    assert_eq!(account["real"], json!([real.clone()]));
    muster.call("take_back_real", real);
    assert_eq!(muster.call("accounts", Value::Null)[0]["real"], json!([]));
    assert!(found(&muster, "group-unknown").is_some());
}

#[test]
fn what_stands_is_told_apart_with_its_reason_until_that_is_taken_back() {
    let computer = Computer::new();
    let muster = computer.start();
    let job = open(&computer, &muster);
    let stray = found(&muster, "space-stray").expect("told");
    let lee = |group: &Value| group["value"] == "Day  Lee";
    let values = stray["values"].as_array().expect("a list");
    let group = values.iter().find(|group| lee(group)).expect("told");
    assert_eq!(group["may_stand"], true);
    let asked = |reason: &str| json!({ "rule": "space-stray", "column": group["column"], "value": "Day  Lee", "reason": reason });
    let failure = muster.refused("let_stand", asked("  "));
    assert_eq!(failure.what, "nobody has said why it is let stand");
    muster.call("let_stand", asked("So he signs"));
    let problems = muster.call("problems", Value::Null);
    let standing = &problems["standing"][0];
    assert_eq!(
        (&standing["count"], &standing["waiver"]["reason"]),
        (&json!(1), &json!("So he signs"))
    );
    assert!(standing["waiver"]["at"].as_str().is_some_and(|at| !at.is_empty()));
    let left = found(&muster, "space-stray").expect("the other one is told");
    assert!(!left["values"].as_array().expect("a list").iter().any(lee));

    drop(muster);
    let muster = computer.start();
    muster.call("open_job", json!({ "id": job["id"] }));
    let waiver = muster.call("problems", Value::Null)["standing"][0]["waiver"].clone();
    assert_eq!(waiver["reason"], "So he signs");
    muster.call("take_back_stand", waiver);
    assert_eq!(muster.call("problems", Value::Null)["standing"], json!([]));
    let told = found(&muster, "space-stray").expect("told");
    assert!(told["values"].as_array().expect("a list").iter().any(lee));
}

#[test]
fn columns_that_are_missing_together_stand_each_by_its_own_name() {
    let computer = Computer::new();
    let muster = computer.start();
    let export = "email,username,Team,Floor,Desk,Badge,Tower\na@example.com,ada,Red,2,7,B1,N\n";
    muster.open(&computer.write("staff.csv", "email,username\na@example.com,ada\n"));
    let export = computer.write("export.csv", export);
    muster.call("say_lms_has", json!({ "kind": "file", "path": export }));
    let missing = found(&muster, "header-missing").expect("told");
    assert_eq!(missing["values"].as_array().map(Vec::len), Some(1), "{missing:#}");
    let value = &missing["values"][0]["value"];
    muster.call(
        "let_stand",
        json!({ "rule": "header-missing", "column": null, "value": value, "reason": "not ours" }),
    );
    assert_eq!(found(&muster, "header-missing"), None);
    let problems = muster.call("problems", Value::Null);
    let standing = problems["standing"].as_array().expect("a list");
    let kept =
        standing.iter().map(|s| (&s["waiver"]["column"], &s["waiver"]["value"], &s["count"]));
    let one = json!(1);
    let names = ["Team", "Floor", "Desk", "Badge", "Tower"]
        .map(|name| (json!(name.to_lowercase()), json!(name)));
    assert_eq!(
        kept.collect::<Vec<_>>(),
        names.iter().map(|(c, v)| (c, v, &one)).collect::<Vec<_>>()
    );
}

#[test]
fn nobody_lets_stand_what_the_vendor_refuses() {
    let computer = Computer::new();
    let muster = computer.start();
    open(&computer, &muster);
    let address = found(&muster, "email-malformed").expect("told")["values"][0].clone();
    assert_eq!(address["may_stand"], false);
    let asked = json!({ "rule": "email-malformed", "column": address["column"], "value": address["value"], "reason": "It works" });
    assert_eq!(muster.refused("let_stand", asked).what, "this cannot be let stand");
    assert!(found(&muster, "email-malformed").is_some());
}

#[test]
fn all_that_is_certain_is_one_step_and_leaves_what_is_not() {
    let computer = Computer::new();
    let muster = computer.start();
    open(&computer, &muster);
    let certain = muster.call("problems", Value::Null)["safe"].as_u64().expect("a number");
    assert!(certain >= 2, "{certain}");
    let before = muster.call("job", Value::Null)["counts"].clone();
    let preview = muster.call("preview_safe_fixes", Value::Null);
    assert_eq!(muster.call("job", Value::Null)["counts"], before, "a preview changes nothing");
    let edited = muster.call("apply_safe_fixes", Value::Null);
    assert_eq!((&edited["sentence"], &edited["cells"]), (&preview["title"], &preview["cells"]));
    assert_eq!(muster.call("problems", Value::Null)["safe"], 0);
    assert!(found(&muster, "group-unknown").is_some(), "that is not certain");
    assert_eq!(muster.call("steps", Value::Null).as_array().map(Vec::len), Some(1));
    muster.call("undo", Value::Null);
    assert_eq!(muster.call("job", Value::Null)["counts"], before);
}
