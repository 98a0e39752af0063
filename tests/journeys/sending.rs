//! What is written down to be sent: of whom, where to, and what.

use muster_engine::error::FailureKind;
use muster_engine::push::{ChangeOutcome, OrderState, PushState};
use muster_engine::store::Store;
use serde_json::{Value, json};

use crate::home::{Computer, Muster};

/// Where nobody listens: these stories end before anything is sent.
const NOWHERE: &str = "http://127.0.0.1:9/";
const ANA: &str = "0123456789abcdef0123456789abcdef";
const HEADER: &str = "Database ID (UUID),Username (USERNAME),Password (PASSWORD),Full name (FULL_NAME),User type (USER_TYPE),Identifier (IDENTIFIER),Birth year (BIRTH_YEAR),Gender (GENDER),Learner enrollment (ENROLLED_IN),Coach assignment (ASSIGNED_TO)";

/// Ana's name is corrected, and two people are new, to whom the LMS has given no key yet.
fn two_new_people(muster: &Muster, computer: &Computer) {
    let people = format!(
        "{HEADER}\n{ANA},ana,*,Ana Silva,LEARNER,A-1,2010,FEMALE,,\n\
         123456789abcdef0123456789abcdef0,bo,*,Bo Okafor,LEARNER,A-2,2011,MALE,,\n"
    );
    let job = muster.open(&computer.write("people.csv", people));
    assert_eq!(job["profile"]["id"], "kolibri", "{job:#}");
    muster.call("keep_snapshot", json!({ "note": "" }));
    let rows = muster.rows(json!({}));
    let row = rows["rows"][0]["id"].clone();
    muster.call("edit", json!([{ "row": row, "column": 3, "value": "Ana Maria Silva" }]));
    for (login, name) in [("gil", "Gil Ek"), ("hu", "Hu Lin")] {
        let row = muster.call("insert_person", json!({ "after": null }))["added"][0].clone();
        let cells = [(1, login), (2, "Secret-1"), (3, name), (4, "LEARNER")];
        let cells = cells.map(|(at, value)| json!({ "row": row, "column": at, "value": value }));
        muster.call("edit", json!(cells));
    }
}

fn connected(muster: &Muster, name: &str, connector: &str, address: &str) {
    let form = json!({
        "id": null, "name": name, "connector": connector, "address": address,
        "user": "admin", "options": {}, "secret": null,
    });
    let saved = muster.call("save_connection", form);
    muster.call("send_by", json!({ "connection": saved["id"] }));
}

fn planned(muster: &Muster, only: &str) -> Value {
    muster.call("plan", json!({ "policies": {}, "only": only }))
}

fn people_of(muster: &Muster, plan: &Value) -> Value {
    let page =
        json!({ "plan": plan["id"], "action": null, "search": "", "first": 0, "count": 100 });
    muster.call("plan_people", page)
}

fn frozen(plan: &Value, places: &[Value]) -> Value {
    json!({
        "plan": plan["id"], "releases": {}, "note": "", "first": null, "only": [], "places": places,
    })
}

fn sent_of(muster: &Muster, push: &Value) -> Value {
    let page = json!({ "id": push["id"], "outcome": null, "search": "", "first": 0, "count": 100 });
    muster.call("push_people", page)
}

#[test]
fn single_people_can_be_sent_even_if_they_have_no_key_yet() {
    let computer = Computer::new();
    let muster = computer.start();
    two_new_people(&muster, &computer);
    connected(&muster, "Training", "kolibri", NOWHERE);
    let plan = planned(&muster, "changed");
    assert_eq!((&plan["counts"]["create"], &plan["counts"]["update"]), (&json!(2), &json!(1)));

    let people = people_of(&muster, &plan);
    let at = |name: &str| {
        let all = people["people"].as_array().expect("a list");
        let at = all.iter().position(|p| p["name"] == name).expect("in the plan");
        people["places"][at].clone()
    };
    let wanted = [at("Hu Lin"), at("Ana Maria Silva")];
    let push = muster.call("freeze_push", frozen(&plan, &wanted));
    assert_eq!((&push["state"], &push["counts"]["waiting"]), (&json!("waiting"), &json!(2)));
    assert_eq!(
        (&push["connection_name"], &push["connection"]),
        (&json!("Training"), &json!(format!("kolibri+{NOWHERE}")))
    );
    let sent = sent_of(&muster, &push);
    let all = sent["people"].as_array().expect("a list");
    let (told, of): (Vec<&Value>, Vec<&Value>) =
        all.iter().partition(|person| person["outcome"] == "not-chosen");
    let names: Vec<&Value> = of.iter().map(|person| &person["name"]).collect();
    assert_eq!(names, ["Ana Maria Silva", "Hu Lin"], "{sent:#}");
    assert_eq!(told.len(), 1, "who was not chosen is named too: {sent:#}");

    // The others are still to be sent: the plan is the same.
    let whole = muster.call("freeze_push", frozen(&plan, &[]));
    assert_eq!(whole["counts"]["waiting"], 3);
    let nobody = muster.refused("freeze_push", frozen(&plan, &[json!(4_000)]));
    assert_eq!(
        (nobody.kind, nobody.what.as_str()),
        (FailureKind::NothingToDo, "there is nothing to send")
    );
    assert!(nobody.why.starts_with("nobody who was chosen"), "{nobody}");
}

#[test]
fn a_filter_says_where_all_of_its_people_stand_of_whom_something_is_sent() {
    let computer = Computer::new();
    let muster = computer.start();
    two_new_people(&muster, &computer);
    connected(&muster, "Training", "kolibri", NOWHERE);
    let plan = planned(&muster, "changed");
    let places = |action: Value, search: &str| {
        let asked = json!({ "plan": plan["id"], "action": action, "search": search });
        muster.call("plan_places", asked)
    };
    assert_eq!(places(Value::Null, "").as_array().map(Vec::len), Some(3));
    let new = places(json!("create"), "hu l");
    assert_eq!(new.as_array().map(Vec::len), Some(1), "{new}");
    let push = muster.call("freeze_push", frozen(&plan, &[new[0]["place"].clone()]));
    assert_eq!(sent_of(&muster, &push)["people"][0]["name"], "Hu Lin");
}

#[test]
fn a_receipt_says_what_was_sent_of_each_person_but_no_password() {
    let computer = Computer::new();
    let muster = computer.start();
    two_new_people(&muster, &computer);
    connected(&muster, "Training", "kolibri", NOWHERE);
    let push = muster.call("freeze_push", frozen(&planned(&muster, "changed"), &[]));
    let sent = sent_of(&muster, &push);
    let changes = |name: &str| {
        let all = sent["people"].as_array().expect("a list");
        let person = all.iter().find(|p| p["name"] == name).expect("in the push");
        person["changes"].clone()
    };
    let renamed =
        json!([{ "title": "Full name", "before": ["Ana Silva"], "after": ["Ana Maria Silva"] }]);
    assert_eq!(changes("Ana Maria Silva"), renamed);
    let new = changes("Gil Ek");
    let login = json!({ "title": "Username", "before": [], "after": ["gil"] });
    assert!(new.as_array().is_some_and(|all| all.contains(&login)), "{new:#}");
    assert!(!sent.to_string().contains("Secret-1"), "{sent:#}");
}

#[test]
fn a_hold_is_let_go_by_its_own_number_and_what_has_moved_is_stale() {
    let computer = Computer::new();
    let muster = computer.start();
    two_new_people(&muster, &computer);
    let row = muster.rows(json!({}))["rows"][0]["id"].clone();
    muster.call("edit", json!([{ "row": row, "column": 2, "value": "Sunflower-26" }]));
    let plan = planned(&muster, "changed");
    let asked = |releases: Value| json!({ "plan": plan["id"], "releases": releases });
    let typed = |gate: &Value| {
        let held = gate["held"].as_array().expect("a list").iter();
        held.map(|held| (held["id"].clone(), held["typed"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(typed(&plan["gate"]), [(json!("password"), Value::Null)], "{plan:#}");
    assert_eq!(plan["gate"]["may_be_sent"], false);
    let other = muster.call("plan_gate", asked(json!({ "password": 2 })));
    assert_eq!(typed(&other), [(json!("password"), json!(2))], "{other:#}");
    let own = muster.call("plan_gate", asked(json!({ "password": 1 })));
    assert_eq!((own["may_be_sent"].clone(), typed(&own)), (json!(true), Vec::new()), "{own:#}");

    muster.call("edit", json!([{ "row": row, "column": 3, "value": "Ana M. Silva" }]));
    let refused = muster.refused("plan_gate", asked(json!({ "password": 1 })));
    assert_eq!(refused.kind, FailureKind::Stale, "{refused}");
}

#[test]
fn the_column_that_says_who_somebody_is_is_kept_in_one_form_and_a_short_list_asks_what_it_holds() {
    let computer = Computer::new();
    let muster = computer.start();
    let roster =
        format!("{}/../../../tests/profiles/emtrain-roster/clean.csv", env!("CARGO_MANIFEST_DIR"));
    let whole = std::fs::read_to_string(roster).expect("readable");
    let file = computer.write("roster.csv", &whole);
    muster.call("open", json!({ "path": file, "profile": "emtrain-roster" }));
    muster.call("keep_snapshot", json!({ "note": "" }));
    let planned =
        |policies: Value| muster.call("plan", json!({ "policies": policies, "only": "changed" }));
    let chosen = |plan: &Value, id: &str| {
        let all = plan["policies"].as_array().expect("a list");
        all.iter().find(|policy| policy["id"] == id).expect("there")["chosen"].clone()
    };
    assert_eq!(chosen(&planned(json!({})), "sync-field"), "");
    for written in ["Employee ID", "employee_id"] {
        let plan = planned(json!({ "sync-field": written }));
        assert_eq!(chosen(&plan, "sync-field"), "employee_id", "{written}");
    }
    let wrong = json!({ "policies": { "sync-field": "Cost Center" }, "only": "changed" });
    let refused = muster.refused("plan", wrong);
    assert_eq!(refused.what, "`Cost Center` is no column that `sync-field` can be");
    assert_eq!(chosen(&planned(json!({})), "sync-field"), "employee_id", "and nothing is changed");

    let rows = muster.rows(json!({}));
    let rows = rows["rows"].as_array().expect("rows").iter().take(30);
    muster.call("delete_people", json!(rows.map(|row| &row["id"]).collect::<Vec<_>>()));
    let held = |plan: &Value| {
        let all = plan["guards"].as_array().expect("a list");
        all.iter().any(|guard| guard["id"] == "scope" && guard["held"] == true)
    };
    // The profile's default is nobody's word.
    assert!(held(&planned(json!({}))));
    assert!(!held(&planned(json!({ "scope": "changes" }))));
}

#[test]
fn a_file_that_is_dropped_holds_the_changed_people_or_everybody_and_goes_as_a_whole() {
    let computer = Computer::new();
    let muster = computer.start();
    let roster =
        format!("{}/../../../tests/profiles/emtrain-roster/clean.csv", env!("CARGO_MANIFEST_DIR"));
    let file = computer.write("roster.csv", std::fs::read(roster).expect("readable"));
    muster.call("open", json!({ "path": file, "profile": "emtrain-roster" }));
    muster.call("keep_snapshot", json!({ "note": "" }));
    let row = muster.rows(json!({}))["rows"][0]["id"].clone();
    muster.call("edit", json!([{ "row": row, "column": 0, "value": "Renamed" }]));
    connected(&muster, "Drop", "sftp", "sftp://drop@sftp.example.com/roster.csv");
    let plan_of = |only: &str| {
        let policies = json!({ "sync-field": "email" });
        muster.call("plan", json!({ "policies": policies, "only": only }))
    };
    let people = |only: &str| {
        let plan = plan_of(only);
        assert_eq!(
            (&plan["direct"], &plan["drops_files"], &plan["only"]),
            (&json!(true), &json!(true), &json!(only))
        );
        let push = muster.call("freeze_push", frozen(&plan, &[]));
        push["delivery"]["people"].as_u64().expect("a number")
    };
    let (some, all) = (people("changed"), people("all"));
    assert!(some < all, "{some} {all}");
    let refused = muster.refused("freeze_push", frozen(&plan_of("all"), &[json!(0)]));
    assert!(refused.why.starts_with("A file goes as a whole"), "{refused}");
}

#[test]
fn what_a_push_proved_while_its_list_was_closed_is_taken_over_when_it_is_opened() {
    let computer = Computer::new();
    let muster = computer.start();
    two_new_people(&muster, &computer);
    connected(&muster, "Training", "kolibri", NOWHERE);
    let push = muster.call("freeze_push", frozen(&planned(&muster, "changed"), &[]));
    let id = u32::try_from(push["id"].as_u64().expect("a number")).expect("small");
    muster.call("close", Value::Null);
    let given = "f0123456789abcdef0123456789abcde";
    {
        let store = Store::open(&computer.path("data"), "2026-11-03T08:15:00Z").expect("opens");
        let orders = store.push_orders(id).expect("readable");
        let settled = orders.iter().map(|order| ChangeOutcome {
            place: order.waiting.place,
            state: OrderState::Done,
            why: String::new(),
            id: if order.waiting.order.login == "gil" { given.into() } else { String::new() },
        });
        store
            .orders_settled(id, &settled.collect::<Vec<_>>(), "2026-11-03T08:15:00Z")
            .expect("kept");
        let mut record = store.push(id).expect("there");
        record.state = PushState::Sent;
        record.started = Some("2026-11-03T08:15:00Z".into());
        record.ended = Some("2026-11-03T08:15:00Z".into());
        store.set_push(&record).expect("kept");
    }
    let path = computer.path("people.csv");
    let job = muster.open(&path);
    let rows = muster.rows(json!({})).to_string();
    assert!(rows.contains(given), "{rows}");
    let store = Store::open(&computer.path("data"), "2026-11-03T08:15:00Z").expect("opens");
    for step in store.steps(1).expect("readable") {
        let operation = store.operation(1, step.id).expect("readable");
        assert!(!format!("{operation:?}").contains("Secret-1"), "{operation:?}");
    }
    drop(store);
    let events = |name: &str| {
        let history = muster.call("history", Value::Null);
        let all = history["events"].as_array().expect("a list").clone();
        all.iter().filter(|event| event["title"] == name).count()
    };
    assert_eq!(events("Push 1: sent"), 1);
    muster.call("close", Value::Null);
    let again = muster.call("open_job", json!({ "id": job["id"] }));
    assert_eq!(events("Push 1: sent"), 1);
    assert_eq!(again["undo"], "Read in what push 1 proved: 3 cells");
    muster.call("close", Value::Null);
    let home = muster.call("home", Value::Null);
    assert_eq!(home["recent"][0]["unsent"], 0, "{home:#}");
}

#[test]
fn what_was_not_sent_of_a_list_stays_unsent() {
    let computer = Computer::new();
    let muster = computer.start();
    two_new_people(&muster, &computer);
    connected(&muster, "Training", "kolibri", NOWHERE);
    let steps = |push: &Value| {
        let store = Store::open(&computer.path("data"), "2026-11-03T08:15:00Z").expect("opens");
        let id = u32::try_from(push["id"].as_u64().expect("a number")).expect("small");
        store.push(id).expect("there").facts.steps
    };
    let plan = planned(&muster, "changed");
    let whole = muster.call("freeze_push", frozen(&plan, &[]));
    let part = muster.call("freeze_push", frozen(&plan, &[json!(0)]));
    assert_eq!((steps(&whole), steps(&part)), (Some(5), None));
}

/// A way that nobody has tried is tried with somebody who loses nothing by it, whoever would be sent first.
#[test]
fn a_way_is_tried_with_nobody_who_would_be_taken_away() {
    let computer = Computer::new();
    let muster = computer.start();
    let people = "User ID,Email,First name,Last name,Status,Seat type,Permission set,Sites\n\
        u-1,ana@north.example,Ana,Silva,active,full,Admin,\nu-2,bo@north.example,Bo,Li,active,full,Admin,\n";
    let job = muster.open(&computer.write("people.csv", people));
    assert_eq!(job["profile"]["id"], "safetyculture", "{job:#}");
    muster.call("keep_snapshot", json!({ "note": "" }));
    let rows = muster.rows(json!({}));
    let row = |at: usize| rows["rows"][at]["id"].clone();
    let edits = json!([
        { "row": row(0), "column": 4, "value": "deactivated" },
        { "row": row(1), "column": 2, "value": "Bob" },
    ]);
    muster.call("edit", edits);
    connected(&muster, "Audits", "safetyculture", "https://127.0.0.1:9/");
    let plan = planned(&muster, "changed");
    assert_eq!(people_of(&muster, &plan)["people"][0]["name"], "Ana Silva", "{plan:#}");
    let mut asked = frozen(&plan, &[]);
    asked["first"] = json!(1);
    asked["untried"] = json!(true);
    let push = muster.call("freeze_push", asked);
    let sent = sent_of(&muster, &push);
    assert_eq!(
        (&sent["people"][0]["name"], &push["counts"]["waiting"]),
        (&json!("Bob Li"), &json!(1))
    );
}
