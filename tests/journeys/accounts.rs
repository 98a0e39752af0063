//! Accounts in a sitting: what they bring to a list, and what the LMS has now.

use serde_json::{Value, json};

use crate::home::{Computer, Muster};

const HEADER: &str = "email,username,firstname,lastname,usergroups,externalid\n";

/// People of a company, from one number to another.
fn staff(company: &str, numbers: std::ops::Range<u32>) -> String {
    let row = |n: u32| {
        format!("p{n}@{company}.example,p{n}@{company}.example,P{n},Q{n},Sales,{company}-{n}\n")
    };
    format!("{HEADER}{}", numbers.map(row).collect::<String>())
}

fn counts(muster: &Muster) -> Value {
    let plan = muster.call("plan", json!({ "policies": {}, "only": "changed" }));
    let counts = &plan["counts"];
    json!([counts["create"], counts["update"], counts["same"]])
}

/// An account begun of last month's export, which is what the LMS has.
fn northwind(computer: &Computer, muster: &Muster) -> Value {
    muster.open(&computer.write("last.csv", staff("north", 0..20)));
    muster.call("say_lms_has", json!({ "kind": "this-file" }));
    let account = muster.call("name_account", json!({ "id": null, "name": "Northwind" }));
    assert_eq!(
        (&account["name"], &account["snapshot"]["source"]),
        (&json!("Northwind"), &json!("last.csv"))
    );
    account
}

#[test]
fn the_next_file_is_of_the_account_by_its_people_and_beside_its_snapshot() {
    let computer = Computer::new();
    let muster = computer.start();
    let account = northwind(&computer, &muster);
    let job = muster.open(&computer.write("next.csv", staff("north", 2..22)));
    assert_eq!(job["account"]["id"], account["id"]);
    let why = job["account"]["why"].as_str().expect("text");
    assert!(why.starts_with("18 of 20 people are in the snapshot of "), "{why}");
    assert_eq!(
        (&job["snapshot"]["source"], &job["offer_snapshot"]),
        (&json!("last.csv"), &json!(false))
    );
    assert_eq!(counts(&muster), json!([2, 0, 18]));

    // It is so after the program was started anew, and can be taken back.
    let id = job["id"].clone();
    drop(muster);
    let muster = computer.start();
    let job = muster.call("open_job", json!({ "id": id }));
    assert_eq!(
        (&job["account"]["name"], &job["snapshot"]["source"]),
        (&json!("Northwind"), &json!("last.csv"))
    );
    let job = muster.call("attach", json!({ "account": null }));
    assert_eq!(job["account"], Value::Null);
    let job = muster.call("attach", json!({ "account": account["id"] }));
    assert_eq!(
        (&job["account"]["name"], &job["account"]["why"]),
        (&json!("Northwind"), &json!(""))
    );
}

#[test]
fn what_is_said_of_one_file_holds_for_the_next_of_its_account_and_for_no_other() {
    let computer = Computer::new();
    let muster = computer.start();
    northwind(&computer, &muster);
    let next = staff("north", 0..20)
        .replace("Q3,Sales", "Q3,Night shift")
        .replace("firstname", "Kosename");
    let job = muster.open(&computer.write("next.csv", &next));
    assert!(job["counts"]["error"].as_u64() > Some(0), "{}", job["counts"]);
    muster.call(
        "set_mapping",
        json!([{ "column": 2, "used": { "as": "field", "field": "firstname" } }]),
    );
    let job = muster.call("say_real", json!({ "kind": "groups", "value": "Night shift" }));
    assert_eq!(job["counts"]["error"], 0, "{}", muster.call("problems", Value::Null));
    let list = json!({ "kind": "groups", "path": null, "column": null, "text": "Sales\nOps\n" });
    muster.call("set_list", list);

    let job = muster.open(&computer.write("later.csv", next.replace("P5", "P55")));
    assert_eq!(
        (&job["account"]["name"], &job["counts"]["error"]),
        (&json!("Northwind"), &json!(0))
    );
    assert_eq!(job["columns"][2]["field"], "firstname");
    let groups = |job: &Value| {
        let lists = job["lists"].as_array().expect("a list").clone();
        lists.into_iter().find(|list| list["kind"] == "groups").map(|list| list["count"].clone())
    };
    assert_eq!(groups(&job), Some(json!(3)), "two that were pasted, and one that is real");

    let south = staff("south", 0..20).replace("firstname", "Kosename");
    let job = muster.open(&computer.write("south.csv", &south));
    assert_eq!((&job["account"], &job["columns"][2]["field"]), (&Value::Null, &Value::Null));
    assert_eq!(groups(&job), None);
    assert_eq!(job["account_fits"][0]["known"], 0, "it may be, but nobody in it is known there");
}

#[test]
fn who_is_protected_is_kept_by_the_account_and_a_plan_made_before_is_made_anew() {
    let computer = Computer::new();
    let muster = computer.start();
    let account = northwind(&computer, &muster);
    let changed = staff("north", 0..20).replace("Q3,", "R3,");
    muster.open(&computer.write("next.csv", changed));
    let plan = || muster.call("plan", json!({ "policies": {}, "only": "changed" }))["id"].clone();
    let folder = computer.path("kit");
    let kit = |plan: &Value| json!({ "plan": plan, "releases": {}, "note": "", "folder": folder });
    let protect = |key: &str, protect: bool| json!({ "account": account["id"], "key": key, "protect": protect });
    let before = plan();
    let said = muster.call("protect_person", protect(" p3@north.example ", true));
    assert_eq!(said["protected"], json!(["p3@north.example"]));
    // A slip protects nobody, and that is seen at once.
    muster.call("protect_person", protect("p3@nroth.example", true));
    let people = muster.call("protected_people", json!({ "id": account["id"] }));
    let names: Vec<&Value> =
        people.as_array().expect("a list").iter().map(|person| &person["name"]).collect();
    assert!(names[0].as_str().is_some_and(|name| name.contains('3')), "{people}");
    assert_eq!(names[1], "", "{people}");
    muster.call("protect_person", protect("p3@nroth.example", false));
    let refused = muster.refused("make_kit", kit(&before));
    assert!(refused.why.contains("Who is protected has changed"), "{refused}");
    let after = plan();
    let said = muster.call("protect_person", protect("P3@NORTH.example", false));
    assert_eq!(said["protected"], json!([]));
    muster.refused("make_kit", kit(&after));
    plan();
    muster.call("make_kit", kit(&plan()));
    let refused = muster.refused("protect_person", protect("  ", true));
    assert!(refused.to_string().contains("blank"), "{refused}");
}

#[test]
fn two_accounts_of_one_lms_are_a_question_with_what_speaks_for_each() {
    let computer = Computer::new();
    let muster = computer.start();
    northwind(&computer, &muster);
    muster.open(&computer.write("south.csv", staff("south", 0..20)));
    muster.call("say_lms_has", json!({ "kind": "this-file" }));
    muster.call("name_account", json!({ "id": null, "name": "Southwind" }));
    let both = format!("{}{}", staff("north", 0..9), staff("south", 0..9).replace(HEADER, ""));
    let job = muster.open(&computer.write("both.csv", both));
    let fits = job["account_fits"].as_array().expect("a list");
    let names: Vec<&Value> = fits.iter().map(|fit| &fit["name"]).collect();
    assert_eq!(
        (names, &job["account"]),
        (vec![&json!("Northwind"), &json!("Southwind")], &Value::Null)
    );
    assert_eq!(job["snapshot"], Value::Null, "nobody guesses");
    let job = muster.call("attach", json!({ "account": fits[1]["account"] }));
    assert_eq!(
        (&job["account"]["name"], &job["snapshot"]["source"]),
        (&json!("Southwind"), &json!("south.csv"))
    );
    assert_eq!(job["account_fits"], json!([]));
}

#[test]
fn what_the_lms_has_is_said_and_said_otherwise_until_something_is_made_of_it() {
    let computer = Computer::new();
    let muster = computer.start();
    let export = computer.write("export.csv", staff("north", 0..5));
    let listed = muster.open(&export);
    let edited = staff("north", 0..7).replace("Q3", "R3");
    let job = muster.open(&computer.write("edited.csv", edited));
    assert_eq!((&job["snapshot"], &job["account"]), (&Value::Null, &Value::Null));

    let job = muster.call("say_lms_has", json!({ "kind": "nobody" }));
    assert_eq!(job["snapshot"]["people"], 0);
    assert_eq!(counts(&muster), json!([7, 0, 0]));
    let job = muster.call("say_lms_has", json!({ "kind": "file", "path": export }));
    assert_eq!(job["snapshot"]["source"], "export.csv");
    assert_eq!(counts(&muster), json!([2, 1, 4]));
    muster.call("say_lms_has", json!({ "kind": "this-file" }));
    assert_eq!(counts(&muster), json!([0, 0, 7]));
    let job = muster.call("remove_snapshot", Value::Null);
    assert_eq!(job["snapshot"]["source"], "export.csv", "the one before it counts again");
    muster.call("remove_snapshot", Value::Null);
    let job = muster.call("remove_snapshot", Value::Null);
    assert_eq!((&job["snapshot"], &job["offer_snapshot"]), (&Value::Null, &json!(true)));
    muster.refused("remove_snapshot", Value::Null);
    muster.call("say_lms_has", json!({ "kind": "recent", "id": listed["id"] }));
    assert_eq!(counts(&muster), json!([2, 1, 4]));

    let canteen = computer.write("canteen.csv", "Dish,Price\nSoup,4\nStew,7\n");
    let told = muster.refused("say_lms_has", json!({ "kind": "file", "path": canteen }));
    assert!(told.what.contains("`canteen.csv` does not say what EdApp has"), "{told}");
    assert_eq!(counts(&muster), json!([2, 1, 4]));

    let plan = muster.call("plan", json!({ "policies": {}, "only": "changed" }));
    let held = plan["guards"].as_array().expect("a list").iter().filter(|g| g["held"] == true);
    let releases: serde_json::Map<String, Value> =
        held.map(|g| (g["id"].as_str().expect("text").to_owned(), g["actual"].clone())).collect();
    let kit = json!({ "plan": plan["id"], "folder": computer.path("kit"), "releases": releases, "note": "" });
    muster.call("make_kit", kit);
    for said in [json!({ "kind": "nobody" }), json!({ "kind": "this-file" })] {
        let told = muster.refused("say_lms_has", said);
        assert_eq!(told.what, "what the LMS had stays as it was said");
    }
    muster.refused("remove_snapshot", Value::Null);
    muster.call("say_lms_has", json!({ "kind": "file", "path": export }));
}

#[test]
fn accounts_are_renamed_handed_over_and_forgotten() {
    let computer = Computer::new();
    let muster = computer.start();
    let account = northwind(&computer, &muster);
    muster.call("name_account", json!({ "id": account["id"], "name": "Nordwind" }));
    assert_eq!(muster.call("job", Value::Null)["account"]["name"], "Nordwind");
    let file = computer.path("nordwind.muster-account");
    muster.call("export_account", json!({ "id": account["id"], "path": file, "replace": false }));
    let import = |name: Value| json!({ "path": file, "name": name, "replace": false });
    muster.refused("import_account", import(Value::Null));
    muster.call("import_account", import(json!("Copy")));
    let all = muster.call("accounts", Value::Null);
    let names: Vec<&Value> = all.as_array().expect("a list").iter().map(|a| &a["name"]).collect();
    assert_eq!(names, [&json!("Copy"), &json!("Nordwind")]);
    muster.call("forget_account", json!({ "id": account["id"] }));
    let job = muster.call("job", Value::Null);
    assert_eq!((&job["account"], &job["snapshot"]["source"]), (&Value::Null, &json!("last.csv")));
    assert_eq!(muster.call("accounts", Value::Null).as_array().expect("a list").len(), 1);
}

const ROSTER: &str = "First Name,Last Name,Email Address,Employee ID,User Status,Country ISO Code,Hire Date\n\
    Sunniva,Dahl,sunniva@a.example,000414,active,USA,2020-01-03\n\
    Tess,Marlow,tess@a.example,000416,active,USA,2020-02-06\n\
    Mara,Okafor,mara@a.example,000410,active,USA,2020-03-09\n";

const LEAVERS: &str = "Worker ID,Worker,Termination Date,Termination Reason\n\
    000414,Sunniva Dahl,2020-11-13,Resigned\n000416,Tess Marlow,2999-11-30,Retired\n";

fn columns(job: &Value) -> Vec<&str> {
    let all = job["columns"].as_array().expect("a list");
    all.iter().map(|column| column["name"].as_str().expect("text")).collect()
}

fn notices(job: &Value) -> String {
    job["notices"].to_string()
}

/// What a plan does to whom: updates and whoever is set inactive, and how many are blocked.
fn outcome(muster: &Muster) -> Value {
    let plan =
        muster.call("plan", json!({ "policies": { "sync-field": "email" }, "only": "changed" }));
    let held = plan["guards"].as_array().expect("a list").iter().filter(|g| g["held"] == true);
    let held: Vec<&Value> = held.map(|guard| &guard["id"]).filter(|id| **id == "scope").collect();
    assert!(held.is_empty(), "the scope is no question: {held:?}");
    json!([plan["counts"]["deactivate"], plan["counts"]["blocked"]])
}

#[test]
fn a_report_of_leavers_is_one_step_once_it_is_known_what_the_lms_has() {
    let computer = Computer::new();
    let muster = computer.start();
    let export = computer.write("roster.csv", ROSTER);
    let opened = muster.open(&computer.write("leavers.csv", LEAVERS));
    let as_opened = ["Worker ID", "Worker", "Termination Date", "Termination Reason"];
    let whole = ["First Name", "Last Name", "Email Address", "Worker ID", "User Status"];
    assert_eq!(columns(&opened), as_opened);

    let said = json!({ "kind": "file", "path": export });
    let job = muster.call("say_lms_has", said.clone());
    assert_eq!(columns(&job), whole);
    assert_eq!(job["undo"], "Add what the report lacks, from what Emtrain has");
    let told = notices(&job);
    for part in [
        "`inactive` for 1 person, by `Termination Date`: Sunniva Dahl (last day 13 November 2020)",
        "Tess Marlow leaves on 30 November 2999: not in this kit",
        "taken out of the list: `Worker`, `Termination Date` and `Termination Reason`.",
        "`Terminations and edits only`",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert_eq!(outcome(&muster), json!([1, 0]));
    let planned = || {
        muster.call("plan", json!({ "policies": {}, "only": "changed" }))["effects"]["also"]
            .to_string()
    };
    assert!(planned().contains("Tess Marlow leaves on 30 November 2999"), "{}", planned());
    assert_eq!(muster.call("steps", Value::Null).as_array().map(Vec::len), Some(1));

    // Undone, the list is as it was opened, nothing is told of it any more, and it can be done again.
    muster.call("undo", Value::Null);
    let job = muster.call("job", Value::Null);
    assert_eq!((columns(&job), notices(&job).as_str()), (as_opened.to_vec(), "[]"));
    muster.call("redo", Value::Null);
    let job = muster.call("job", Value::Null);
    assert_eq!(columns(&job), whole);
    assert!(notices(&job).contains("Sunniva Dahl"));

    // Another export, named on top of the first, is what it is made of; and it is made once.
    let other = ROSTER.replace("sunniva@a.example", "s.dahl@a.example");
    let other = computer.write("roster-2.csv", other);
    let job = muster.call("say_lms_has", json!({ "kind": "file", "path": other }));
    assert_eq!(columns(&job), whole);
    assert_eq!(muster.call("steps", Value::Null).as_array().map(Vec::len), Some(1));
    let rows = muster.call("rows", json!({ "view": {}, "first": 0, "count": 2 }));
    assert!(rows.to_string().contains("s.dahl@a.example"), "{rows}");
    assert_eq!(outcome(&muster), json!([1, 0]));

    // A list that was opened again stands where it stood.
    let id = job["id"].clone();
    drop(muster);
    let muster = computer.start();
    let job = muster.call("open_job", json!({ "id": id }));
    assert_eq!(columns(&job), whole);
    assert_eq!(muster.call("steps", Value::Null).as_array().map(Vec::len), Some(1));
    assert_eq!(outcome(&muster), json!([1, 0]));
    // And what was told of it still is: in the strip, in the plan, and so in the kit.
    assert!(notices(&job).contains("Tess Marlow leaves on 30 November 2999"), "{job:#}");
    let also = muster.call("plan", json!({ "policies": {}, "only": "changed" }));
    let also = also["effects"]["also"].to_string();
    assert!(also.contains("Tess Marlow leaves on 30 November 2999"), "{also}");

    // A wrong export goes with what came from it.
    muster.call("remove_snapshot", Value::Null);
    let job = muster.call("remove_snapshot", Value::Null);
    assert_eq!((columns(&job), &job["undo"]), (as_opened.to_vec(), &Value::Null));
}

#[test]
fn next_months_report_of_leavers_is_whole_when_it_is_opened_and_what_was_undone_stays_so() {
    let computer = Computer::new();
    let muster = computer.start();
    muster.open(&computer.write("roster.csv", ROSTER));
    muster.call("say_lms_has", json!({ "kind": "this-file" }));
    muster.call("name_account", json!({ "id": null, "name": "Delta" }));
    let job = muster.open(&computer.write("leavers.csv", LEAVERS));
    assert_eq!(job["account"]["name"], "Delta", "{job:#}");
    assert_eq!(columns(&job)[2..], ["Email Address", "Worker ID", "User Status"]);
    assert_eq!(outcome(&muster), json!([1, 0]));
    muster.call("undo", Value::Null);
    let left = json!([{ "column": 3, "used": { "as": "leave" } }]);
    let job = muster.call("set_mapping", left);
    assert_eq!(columns(&job)[1], "Worker", "what was taken back stays out");
}

#[test]
fn who_leaves_later_is_on_the_list_to_do_by_hand_until_an_export_shows_it() {
    let computer = Computer::new();
    let muster = computer.start();
    muster.open(&computer.write("roster.csv", ROSTER));
    muster.call("say_lms_has", json!({ "kind": "this-file" }));
    muster.call("name_account", json!({ "id": null, "name": "Delta" }));
    let job = muster.open(&computer.write("leavers.csv", LEAVERS))["id"].clone();
    // The list is closed, and opened on another day.
    drop(muster);
    let muster = computer.start();
    muster.call("open_job", json!({ "id": job }));
    let asked = json!({ "policies": { "sync-field": "email" }, "only": "changed" });
    let plan = muster.call("plan", asked);
    let held = plan["guards"].as_array().expect("a list").iter().filter(|g| g["held"] == true);
    let releases: serde_json::Map<String, Value> =
        held.map(|g| (g["id"].as_str().expect("text").to_owned(), g["actual"].clone())).collect();
    let kit = json!({
        "plan": plan["id"], "folder": computer.path("kit"), "releases": releases, "note": ""
    });
    let kit = muster.call("make_kit", kit);
    let to_do = || {
        let all = muster.call("accounts", Value::Null);
        let all = all[0]["to_do"].as_array().expect("a list").clone();
        all.into_iter().map(|t| (t["item"].clone(), t["done"].clone())).collect::<Vec<_>>()
    };
    let (item, done) = &to_do()[0];
    assert_eq!(
        [&item["name"], &item["before"], &item["value"], done],
        [&json!("Tess Marlow"), &json!("active"), &json!("inactive"), &Value::Null]
    );
    let place = item["where"].as_str().expect("text");
    assert!(place.starts_with("after 30 November 2999: "), "{place}");

    // An export of the same day asks for nothing: the day lies ahead. Once she is inactive there, it is ticked.
    let gone = ROSTER.replace("000414,active", "000414,inactive");
    let later = gone.replace("000416,active", "000416,inactive");
    let proved = |name: &str, export: &str| {
        let of = json!({ "kind": "kit", "id": kit["id"] });
        muster.call("prove", json!({ "path": computer.write(name, export), "of": of }))
    };
    assert_eq!(proved("after.csv", &gone)["proof"]["by_hand"], json!([]));
    assert_eq!(to_do()[0].1, Value::Null);
    proved("later.csv", &later);
    assert_eq!(to_do()[0].1["by"], "later.csv");
}

#[test]
fn a_last_day_is_past_where_the_person_is() {
    // The clock of these stories stands at 3 November 2026, 08:15 in Greenwich.
    for (hours, gone) in [(0, 1), (-8, 1), (-9, 0)] {
        let computer = Computer::new();
        let Muster { engine } = computer.start();
        let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(hours));
        let muster = Muster { engine: engine.in_zone(zone) };
        let today = LEAVERS.replace("2020-11-13", "2026-11-03");
        muster.open(&computer.write("leavers.csv", today));
        let export = computer.write("roster.csv", ROSTER);
        muster.call("say_lms_has", json!({ "kind": "file", "path": export }));
        assert_eq!(outcome(&muster)[0], gone, "{hours}");
    }
}

#[test]
fn what_one_lms_has_is_not_said_of_another() {
    let computer = Computer::new();
    let muster = computer.start();
    northwind(&computer, &muster);
    // The same people are in another LMS, whose header nobody else has.
    let rows = |n: u32| format!("p{n}@north.example,P{n} Q{n},P{n}\n");
    let asap = format!("Email,userName,reference\n{}", (0..20).map(rows).collect::<String>());
    let job = muster.open(&computer.write("asap.csv", asap));
    assert_eq!((&job["account"], &job["profile"]["id"]), (&Value::Null, &json!("kaspersky-asap")));

    // A report is of the LMS whose export stands beside it; of another, that export says nothing.
    let rows = |n: u32| format!("p{n}@north.example,P{n},Oslo\n");
    let report = format!("Work mail,Name,Town\n{}", (30..40).map(rows).collect::<String>());
    muster.open(&computer.write("report.csv", report));
    let last = computer.write("again.csv", staff("north", 0..20));
    let job = muster.call("say_lms_has", json!({ "kind": "file", "path": last }));
    assert_eq!(
        (&job["profile"]["id"], &job["snapshot"]["source"]),
        (&json!("edapp"), &json!("again.csv"))
    );
    let job = muster.call("choose_profile", json!({ "id": "kaspersky-asap" }));
    assert_eq!((&job["snapshot"], &job["offer_snapshot"]), (&Value::Null, &json!(true)));
}

#[test]
fn whether_the_day_comes_first_is_asked_once_and_remembered() {
    let computer = Computer::new();
    let muster = computer.start();
    let head = "First Name,Last Name,E-mail,Employee ID,User Status,Hire Date\n";
    let known = "Ada,Lo,ada@example.com,001,active,2020-01-30\nBo,Li,bo@example.com,002,active,2021-02-28\n\
        Cy,Orr,cy@example.com,003,active,2022-03-29\n";
    let export = computer.write("export.csv", format!("{head}{known}"));
    muster.open(&export);
    muster.call("choose_profile", json!({ "id": "emtrain-roster" }));
    muster.call("say_lms_has", json!({ "kind": "this-file" }));
    muster.call("name_account", json!({ "id": null, "name": "Clinic" }));
    // Nothing in either week's file says which comes first.
    let week = |people: &str| format!("{head}{known}{people}");
    let told = || muster.call("problems", Value::Null).to_string();
    let first = week("Di,Ek,di@example.com,004,active,07/12/2026\n");
    let job = muster.open(&computer.write("week-1.csv", first));
    assert_eq!(job["account"]["name"], "Clinic");
    assert!(!told().contains("earlier file"), "{}", told());
    let scope = json!({ "rule": "date-malformed", "value": null, "row": null, "column": 5,
        "safe_only": false, "day_first": true });
    muster.call("apply_fix", scope);

    let second = week("Ed,Fy,ed@example.com,005,active,08/12/2026\n");
    muster.open(&computer.write("week-2.csv", second));
    let found = told();
    assert!(found.contains("in an earlier file you said that the day comes first"), "{found}");
    let all = json!({ "rule": "date-malformed", "value": null, "row": null, "column": 5,
        "safe_only": false });
    let preview = muster.call("preview_fix", all);
    assert_eq!(
        (&preview["changes"][0]["after"], &preview["safe"]),
        (&json!("2026-12-08"), &json!(0)),
        "it is offered, and looked at: {preview}"
    );
    let accounts = muster.call("accounts", Value::Null);
    assert_eq!(accounts[0]["day_first"], json!({ "hiredate": true }));
}

#[test]
fn what_knows_nobody_of_the_list_is_said_to_and_a_kit_says_whose_it_is() {
    let computer = Computer::new();
    let muster = computer.start();
    let account = northwind(&computer, &muster);
    let told = "Nobody of this list is in what EdApp has";
    muster.open(&computer.write("south.csv", staff("south", 0..20)));
    let job = muster.call("attach", json!({ "account": account["id"] }));
    assert!(notices(&job).contains(told), "{}", notices(&job));

    let next = staff("north", 0..20).replace("P5", "P55");
    let job = muster.open(&computer.write("next.csv", next));
    assert!(!notices(&job).contains(told), "{}", notices(&job));
    let policies = json!({ "groups": "add", "roles": "add", "invitations": "off" });
    let plan = muster.call("plan", json!({ "policies": policies, "only": "changed" }));
    let kit = muster.call(
        "make_kit",
        json!({ "plan": plan["id"], "folder": computer.path("kit"), "releases": {}, "note": "" }),
    );
    let checklist = kit["checklist"].to_string();
    assert!(checklist.contains("For the account `Northwind`"), "{checklist}");
}

#[test]
fn what_another_list_brought_to_the_account_is_told_and_taken() {
    let computer = Computer::new();
    let muster = computer.start();
    northwind(&computer, &muster);
    let first = muster.call("job", Value::Null);
    let later = staff("north", 0..20).replace("Q3,", "R3,");
    let second = muster.open(&computer.write("later.csv", &later));
    assert_ne!(first["id"], second["id"]);
    muster.call(
        "say_lms_has",
        json!({ "kind": "file", "path": computer.write("newest.csv", &later) }),
    );
    let again = muster.call("open_job", json!({ "id": first["id"] }));
    let told = again["notices"].to_string();
    assert!(told.contains("knows what") && told.contains("newest.csv"), "{told}");
    let taken = muster.call("say_lms_has", json!({ "kind": "account" }));
    assert_eq!(taken["snapshot"]["source"], "newest.csv");
    assert!(!taken["notices"].to_string().contains("knows what"), "{:#}", taken["notices"]);
}
