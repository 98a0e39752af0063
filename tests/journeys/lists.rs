//! Lists of known values, and what they change.

use serde_json::{Value, json};

use crate::home::Computer;

const STAFF: &str =
    "email,username,usergroups\na@example.com,ada,Sales; Oops\nb@example.com,bo,Ops\n";

fn skipped(problems: &Value) -> Vec<&str> {
    let skipped = problems["skipped"].as_array().expect("a list").iter();
    skipped.filter_map(|s| s["rule"].as_str()).collect()
}

#[test]
fn a_list_decides_what_is_known_until_it_is_forgotten() {
    let computer = Computer::new();
    let muster = computer.start();
    muster.open(&computer.write("staff.csv", STAFF));
    assert!(skipped(&muster.call("problems", Value::Null)).contains(&"group-unknown"));
    let pasted =
        json!({ "kind": "groups", "path": null, "column": null, "text": "Group\nSales\nOps\n" });
    let job = muster.call("set_list", pasted);
    let groups = |job: &Value| {
        let lists = job["lists"].as_array().expect("a list").clone();
        lists.into_iter().find(|l| l["kind"] == "groups")
    };
    let card = groups(&job).expect("there");
    assert_eq!((&card["count"], &card["source"]), (&json!(2), &json!("pasted")));
    let problems = muster.call("problems", Value::Null);
    assert_eq!(problems["rules"][0]["values"][0]["value"], "Oops");
    assert!(!skipped(&problems).contains(&"group-unknown"));

    let file = computer.write("groups.csv", "id,Group name\n1,Sales\n2,\"Oops\"\n3,Ops\n");
    let from_file = json!({ "kind": "groups", "path": file, "column": null, "text": null });
    let job = muster.call("set_list", from_file);
    assert_eq!(groups(&job).expect("there")["source"], "groups.csv");
    assert_eq!(job["counts"]["error"], 0);
    let wrong = json!({ "kind": "groups", "path": file, "column": "colour", "text": null });
    let told = muster.refused("set_list", wrong);
    assert_eq!(told.what, "`groups.csv` has no column `colour`");
    drop(muster);

    let muster = computer.start();
    muster.call("open_job", json!({ "id": job["id"] }));
    assert_eq!(groups(&muster.call("job", Value::Null)).expect("kept")["count"], 3);
    let forget = json!({ "kind": "groups", "path": null, "column": null, "text": null });
    assert_eq!(groups(&muster.call("set_list", forget)), None);
    let nothing = json!({ "kind": "groups", "path": null, "column": null, "text": " \n" });
    assert_eq!(muster.refused("set_list", nothing).what, "there are no groups in it");
}
