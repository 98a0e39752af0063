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
    let cells = muster.call("problems", Value::Null)["safe_cells"].clone();
    let before = muster.call("job", Value::Null)["counts"].clone();
    let preview = muster.call("preview_safe_fixes", Value::Null);
    assert_eq!(muster.call("job", Value::Null)["counts"], before, "a preview changes nothing");
    assert_eq!(preview["cells"], cells);
    let edited = muster.call("apply_safe_fixes", Value::Null);
    assert_eq!((&edited["sentence"], &edited["cells"]), (&preview["title"], &preview["cells"]));
    assert_eq!(muster.call("problems", Value::Null)["safe"], 0);
    assert!(found(&muster, "group-unknown").is_some(), "that is not certain");
    assert_eq!(muster.call("steps", Value::Null).as_array().map(Vec::len), Some(1));
    muster.call("undo", Value::Null);
    assert_eq!(muster.call("job", Value::Null)["counts"], before);
}

/// Who a hold of a plan is about, in its sentence.
fn hold(muster: &Muster, id: &str) -> Option<String> {
    let plan = muster.call("plan", json!({ "policies": {}, "only": "changed" }));
    let guards = plan["guards"].as_array().expect("a list").clone();
    let held = guards.into_iter().find(|guard| guard["id"] == id && guard["held"] == true)?;
    held["message"].as_str().map(str::to_owned)
}

fn actions(muster: &Muster) -> Value {
    muster.call("plan", json!({ "policies": {}, "only": "changed" }))["counts"].clone()
}

#[test]
fn somebody_new_is_said_of_one_person_and_frees_no_other() {
    let computer = Computer::new();
    let muster = computer.start();
    let before = computer.write("before.csv", STAFF);
    // Two who may be known: a namesake with an ID of her own, and somebody with the ID of another under another name.
    let now = STAFF
        .replace(
            "ana@north.example,ana@north.example,Ana,Silva,Sales,N-1",
            "ana.silva@north.example,ana.silva@north.example,Ana,Silva,Sales,N-9",
        )
        .replace(
            "cy@north.example,cy@north.example,Cy,Day,Sales,N-3",
            "cy.day@north.example,cy.day@north.example,Cy,Day,Sales,N-8",
        );
    muster.open(&computer.write("staff.csv", now));
    muster.call("say_lms_has", json!({ "kind": "file", "path": before }));
    let same = found(&muster, "same-person").expect("told");
    let groups = same["values"].as_array().expect("a list");
    assert_eq!(groups.len(), 2);
    assert!(groups.iter().all(|group| group["asks_who"] == true && group["may_stand"] == true));
    assert!(hold(&muster, "same").expect("held").contains("Ana Silva"));
    let ana =
        groups.iter().find(|group| group["value"] == "ana.silva@north.example").expect("told");
    let asked = |group: &Value| json!({ "rule": "same-person", "column": group["column"], "value": group["value"], "row": group["row"], "reason": "Somebody new" });
    muster.call("let_stand", asked(ana));

    let held = hold(&muster, "same").expect("the other is asked about");
    assert!(held.contains("Cy Day") && !held.contains("Ana Silva"), "{held}");
    let left = found(&muster, "same-person").expect("the other is told");
    assert_eq!(left["count"], 1);
    let standing = muster.call("problems", Value::Null)["standing"][0].clone();
    assert_eq!(
        (&standing["count"], &standing["waiver"]["reason"]),
        (&json!(1), &json!("Somebody new"))
    );

    muster.call("let_stand", asked(&left["values"][0]));
    assert_eq!(hold(&muster, "same"), None);
    assert_eq!(actions(&muster)["create"], 2);
    muster.call("take_back_stand", standing["waiver"].clone());
    assert!(hold(&muster, "same").expect("asked again").contains("Ana Silva"));
}

#[test]
fn whoever_is_paired_by_an_id_is_created_once_they_are_said_to_be_new() {
    let computer = Computer::new();
    let muster = computer.start();
    let before = computer.write("before.csv", STAFF);
    let now = STAFF.replace(
        "ana@north.example,ana@north.example,Ana,Silva",
        "ana.dahl@north.example,ana.dahl@north.example,Ana,Dahl",
    );
    muster.open(&computer.write("staff.csv", now));
    muster.call("say_lms_has", json!({ "kind": "file", "path": before }));
    assert!(hold(&muster, "key").expect("held").contains("Ana Dahl"));
    assert_eq!(actions(&muster)["create"], 0);
    let same = found(&muster, "same-person").expect("told")["values"][0].clone();
    let asked = json!({ "rule": "same-person", "column": same["column"], "value": same["value"], "row": same["row"], "reason": "Somebody new" });
    muster.call("let_stand", asked);
    assert_eq!(hold(&muster, "key"), None);
    // The ID that she shares is that of somebody else now, and blocks her until one of them gets another.
    assert!(found(&muster, "not-unique").is_some());
}

#[test]
fn where_the_lms_gives_the_keys_each_new_person_is_asked_about_alone() {
    let computer = Computer::new();
    let muster = computer.start();
    let header = "Unique Key,First Name,Last Name,Email,Login Name,Active\n";
    let before = computer.write(
        "before.csv",
        format!("{header}7,Ana,Silva,ana@north.example,ana,Yes\n8,Bo,Li,bo@north.example,bo,Yes\n9,Cy,Day,cy@north.example,cy,Yes\n"),
    );
    let now = format!(
        "{header},Ana,Silva,ana.silva@north.example,asilva,Yes\n,Bo,Li,bo.li@north.example,boli,Yes\n9,Cy,Day,cy@north.example,cy,Yes\n"
    );
    muster.open(&computer.write("staff.csv", now));
    muster.call("choose_profile", json!({ "id": "emtrain-learners" }));
    muster.call("say_lms_has", json!({ "kind": "file", "path": before }));
    let same = found(&muster, "same-person").expect("told");
    let groups = same["values"].as_array().expect("a list").clone();
    assert_eq!(groups.len(), 2, "{groups:?}");
    let asked = |group: &Value| json!({ "rule": "same-person", "column": group["column"], "value": group["value"], "row": group["row"], "reason": "Somebody new" });
    muster.call("let_stand", asked(&groups[0]));
    assert_eq!(found(&muster, "same-person").expect("the other is told")["count"], 1);
    let waiver = muster.call("problems", Value::Null)["standing"][0]["waiver"].clone();
    assert_eq!(waiver["person"], "ana.silva@north.example");
}

/// Whoever goes on with edits of last week beside what the LMS has today takes nothing back that a colleague did there.
#[test]
fn a_newer_snapshot_takes_nothing_back_that_others_changed() {
    let computer = Computer::new();
    let muster = computer.start();
    let before = computer.write("before.csv", STAFF);
    let edited = STAFF.replace("Bo,Li", "Bob,Li");
    muster.open(&computer.write("staff.csv", edited));
    muster.call("say_lms_has", json!({ "kind": "file", "path": before }));
    let newer = STAFF
        .replace("Ana,Silva", "Ana,Santos")
        .replace("cy@north.example,cy@north.example,Cy,Day,Sales,N-3\n", "")
        + "eli@north.example,eli@north.example,Eli,Fox,Sales,N-5\n";
    let newer = computer.write("newer.csv", newer);
    let job = muster.call("say_lms_has", json!({ "kind": "file", "path": newer }));
    let told = job["notices"].to_string();
    for says in
        ["1 cell of Ana Santos", "put into the list: Eli Fox", "taken out of the list: Cy Day"]
    {
        assert!(told.contains(says), "{told}");
    }
    let counts = actions(&muster);
    assert_eq!(
        (&counts["update"], &counts["create"], &counts["same"]),
        (&json!(1), &json!(0), &json!(2))
    );
    assert_eq!(
        counts["missing"].as_u64().unwrap_or_default()
            + counts["deactivate"].as_u64().unwrap_or_default(),
        0,
        "{counts}"
    );

    // It is one step. Taken back, the list sets all of it back, and that is held, person by person.
    assert_eq!(hold(&muster, "changed-there"), None);
    let undone = muster.call("undo", Value::Null);
    assert!(
        undone["sentence"].as_str().is_some_and(|s| s.contains("Take over what was changed since")),
        "{undone}"
    );
    assert_eq!((&actions(&muster)["update"], &actions(&muster)["create"]), (&json!(2), &json!(1)));
    let held = hold(&muster, "changed-there").expect("held");
    assert!(
        held.contains("Ana Silva (`lastname`)") && held.contains("Cy Day (deleted there)"),
        "{held}"
    );
    muster.call("redo", Value::Null);
    assert_eq!(hold(&muster, "changed-there"), None, "the list follows again");
    muster.call("undo", Value::Null);
    // Whoever writes something else there has seen it.
    let rows = muster.rows(json!({}));
    let lastname = json!([{ "row": rows["rows"][0]["id"], "column": 3, "value": "Sousa" }]);
    muster.call("edit", lastname);
    let held = hold(&muster, "changed-there").expect("held");
    assert!(!held.contains("Ana") && held.contains("Cy Day"), "{held}");
}

#[test]
fn a_snapshot_that_was_a_wrong_one_takes_with_it_what_was_taken_over_from_it() {
    let computer = Computer::new();
    let muster = computer.start();
    let before = computer.write("before.csv", STAFF);
    muster.open(&computer.write("staff.csv", STAFF.replace("Bo,Li", "Bob,Li")));
    muster.call("say_lms_has", json!({ "kind": "file", "path": before }));
    let newer = computer.write("newer.csv", STAFF.replace("Ana,Silva", "Ana,Santos"));
    let job = muster.call("say_lms_has", json!({ "kind": "file", "path": newer }));
    assert!(job["notices"].to_string().contains("1 cell of Ana Santos"), "{:#}", job["notices"]);
    let job = muster.call("remove_snapshot", Value::Null);
    assert!(!job["notices"].to_string().contains("Ana"), "{:#}", job["notices"]);
    assert_eq!((hold(&muster, "changed-there"), &actions(&muster)["update"]), (None, &json!(1)));
}

/// What both changed is held until somebody has looked at it, and is told beside the person.
#[test]
fn what_was_changed_here_and_there_is_held() {
    let computer = Computer::new();
    let muster = computer.start();
    let before = computer.write("before.csv", STAFF);
    let edited = STAFF.replace("Bo,Li", "Bob,Li").replace("Cy,Day", "Cyn,Day");
    muster.open(&computer.write("staff.csv", edited));
    muster.call("say_lms_has", json!({ "kind": "file", "path": before }));
    let newer = STAFF
        .replace("Bo,Li", "Boris,Li")
        .replace("cy@north.example,cy@north.example,Cy,Day,Sales,N-3\n", "");
    let newer = computer.write("newer.csv", newer);
    let job = muster.call("say_lms_has", json!({ "kind": "file", "path": newer }));
    let told = "left as it is here: Bob Li (`firstname`) and Cyn Day (deleted there)";
    assert!(job["notices"].to_string().contains(told), "{:#}", job["notices"]);
    let plan = muster.call("plan", json!({ "policies": {}, "only": "changed" }));
    let held = hold(&muster, "changed-there").expect("held");
    assert!(
        held.contains("Bob Li (`firstname`)") && held.contains("Cyn Day (deleted there)"),
        "{held}"
    );
    let page =
        json!({ "plan": plan["id"], "action": "update", "search": "", "first": 0, "count": 9 });
    let bob = muster.call("plan_people", page)["people"][0].clone();
    let why = bob["cells"][0]["why"].as_str().unwrap_or_default();
    assert!(why.contains("somebody else changed this in EdApp"), "{bob}");

    // It stays so when the list is opened again, and ends where the list follows.
    drop(muster);
    let muster = computer.start();
    muster.call("open_job", json!({ "id": job["id"] }));
    assert!(hold(&muster, "changed-there").is_some());
    let rows = muster.rows(json!({}));
    let follow = json!([{ "row": rows["rows"][1]["id"], "column": 2, "value": "Boris" }]);
    muster.call("edit", follow);
    let held = hold(&muster, "changed-there").expect("held");
    assert!(!held.contains("Li") && held.contains("Cyn Day"), "{held}");
}
