//! A running Kolibri: its roster is fetched, edited, planned and pushed by its own interface, and its state afterwards is
//! compared with the plan, person by person, by what its own export says.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::time::SystemTime;

use muster_engine::session::Engine;
use muster_engine::store::Store;
use serde_json::{Value, json};

use crate::command::{Muster, list, text};
use crate::exports::{Export, Person, differences};
use crate::facility::Facility;
use crate::killing::kill_until_through;
use crate::kolibri::{as_planned, with_ids_of};
use crate::kolibri_server::{ADMIN, KolibriServer, PASSWORD, holds};

/// A served facility, somebody with the command, and the roster as it was fetched.
struct World {
    facility: Facility,
    server: KolibriServer,
    muster: Muster,
    snapshot: PathBuf,
    roster: PathBuf,
    to: String,
}

impl World {
    fn new() -> World {
        let facility = Facility::new();
        let server = KolibriServer::new(&facility);
        let muster = Muster::new(&facility.path("data"), PASSWORD);
        let (snapshot, roster) = (facility.path("fetched.csv"), facility.path("roster.csv"));
        let to = server.address();
        let world = World { facility, server, muster, snapshot, roster, to };
        world.fetch("fetched.csv");
        world
    }

    fn fetch(&self, name: &str) -> Export {
        let out = self.facility.path(name);
        let told = self.muster.answer(
            &[&"fetch", &"--from", &self.to, &"--user", &ADMIN, &"--out", &out, &"--replace"],
            0,
        );
        // The facility's own admin is in no export of Kolibri, and is not passed over in silence.
        let beside = told["beside"].as_str().unwrap_or_default();
        assert!(beside.starts_with("1 account more is there and not in it"), "{told:#}");
        Export::read(&out)
    }

    fn push(&self, more: &[&dyn AsRef<OsStr>], exit: i32) -> Value {
        let words: [&dyn AsRef<OsStr>; 8] = [
            &"push",
            &self.roster,
            &"--against",
            &self.snapshot,
            &"--to",
            &self.to,
            &"--user",
            &ADMIN,
        ];
        self.muster.answer(&[&words[..], more].concat(), exit)
    }

    fn plan(&self, more: &[&dyn AsRef<OsStr>]) -> Value {
        let words: [&dyn AsRef<OsStr>; 6] =
            [&"plan", &self.roster, &"--against", &self.snapshot, &"--to", &self.to];
        self.muster.answer(&[&words[..], more].concat(), 1)
    }

    /// What Kolibri's own command exports; it has to be stopped for that, as its database allows one at a time.
    fn export(&mut self, name: &str) -> BTreeMap<String, Person> {
        self.server.stop();
        let people = self.facility.export(name).people();
        self.server.start();
        people
    }
}

/// Everything at once that Kolibri's import from a file does wrong or cannot do.
fn edited(export: &Export) -> Export {
    let mut roster = export.clone();
    roster
        .edit("ana_silva", &[("FULL_NAME", "Ana Silva-Santos"), ("ENROLLED_IN", "Blue")])
        // A rename, which fails a whole import.
        .edit("bo_tanaka", &[("USERNAME", "bo_t"), ("IDENTIFIER", "")])
        // Classes alone, of which an import carries out one half.
        .edit("chinedu_adeyemi", &[("ENROLLED_IN", "Klasse Ü")])
        .edit("zoë_berg", &[("ASSIGNED_TO", "Red")])
        // User types alone, and lower ones, which an import does not carry out.
        .edit("max_weber", &[("USER_TYPE", "LEARNER"), ("ASSIGNED_TO", "")])
        .edit("head", &[("USER_TYPE", "CLASS_COACH"), ("ASSIGNED_TO", "Blue")])
        .edit("nobody_yet", &[("USER_TYPE", "CLASS_COACH"), ("ASSIGNED_TO", "Red,Green")])
        .remove("two_lines")
        .add(["", "gil", "Secret-1", "Gil Zed", "LEARNER", "G-1", "2010", "MALE", "Green,Red", ""])
        .add(["", "hugo", "Secret-2", "Hugo", "FACILITY_COACH", "", "", "", "", ""]);
    roster
}

#[test]
#[ignore = "needs Kolibri: `make test ONLY=connectors`"]
fn a_roster_is_fetched_edited_and_pushed_and_taken_back() {
    let mut world = World::new();
    let fetched = Export::read(&world.snapshot);
    let export = world.facility.first_export();
    // An export shows `NOT_SPECIFIED` and `DEFERRED` as blank; the interface tells them.
    let told: Vec<&str> =
        differences(&fetched.people(), &export.people()).iter().map(|d| d.1).collect();
    assert!(told.iter().all(|column| *column == "GENDER"), "{told:?}");

    edited(&fetched).write(&world.roster);
    let policies: [&dyn AsRef<OsStr>; 4] =
        [&"--policy", &"missing=delete", &"--policy", &"new-groups=create"];
    let plan = world.plan(&policies);
    assert_eq!(
        (&plan["counts"]["update"], &plan["counts"]["create"], &plan["counts"]["delete"]),
        (&json!(7), &json!(2), &json!(1)),
        "{plan:#}"
    );
    assert_eq!(plan["by_hand"], json!([]), "everything can be done by the interface");
    let receipt = world.push(&policies, 0);
    assert_eq!(receipt["counts"]["done"], 10, "{receipt:#}");
    assert_eq!(receipt["proof"]["as_planned"], 10, "{receipt:#}");

    let after = world.export("after.csv");
    let planned = as_planned(&fetched, &plan);
    let found = Export::read(&world.facility.path("after.csv"));
    // Whoever is renamed is found under the new name.
    let renamed = planned.into_values().map(|person| (person["USERNAME"].clone(), person));
    let planned = with_ids_of(renamed.collect(), &found);
    let left: Vec<_> =
        differences(&after, &planned).into_iter().filter(|d| d.1 != "GENDER").collect();
    assert_eq!(left, []);
    for person in list(&receipt, "people").filter(|p| p["action"] == "create") {
        let id = text(person, "new_key");
        assert!(after.values().any(|p| p["UUID"] == id), "{person:#}");
    }

    world.muster.run(&[&"outbox", &"undo", &receipt["id"].to_string()], 0);
    let back = world.export("back.csv");
    assert_eq!(differences(&back, &export.people()), []);
}

#[test]
#[ignore = "needs Kolibri: `make test ONLY=connectors`"]
fn whoever_has_a_mistake_in_their_row_is_held_back_and_not_deleted() {
    let mut world = World::new();
    let fetched = Export::read(&world.snapshot);
    let mut roster = fetched.clone();
    roster
        .edit("ana_silva", &[("GENDER", "FEMAL")])
        .edit("bo_tanaka", &[("FULL_NAME", "Bo T.")])
        .remove("two_lines")
        .write(&world.roster);
    // Somebody who is held back is not among those whom the file leaves out.
    let (exit, words) = world.muster.try_to(&[
        &"push",
        &world.roster,
        &"--against",
        &world.snapshot,
        &"--to",
        &world.to,
        &"--user",
        &ADMIN,
        &"--policy",
        &"missing=delete",
    ]);
    let after = world.export("after.csv");
    assert!(after.contains_key("ana_silva"), "{words}");
    assert_eq!(after["ana_silva"]["GENDER"], fetched.people()["ana_silva"]["GENDER"]);
    if exit == 0 {
        assert!(!after.contains_key("two_lines"));
        assert_eq!(after["bo_tanaka"]["FULL_NAME"], "Bo T.");
    } else {
        assert_eq!((exit, after.len()), (3, fetched.len()), "{words}");
    }
}

#[test]
#[ignore = "needs Kolibri: `make test ONLY=connectors`"]
fn what_somebody_else_changed_meanwhile_stops_a_push_before_anything_is_sent() {
    let world = World::new();
    let fetched = Export::read(&world.snapshot);
    let mut other = fetched.clone();
    other.edit("ana_silva", &[("FULL_NAME", "Somebody Else")]).write(&world.roster);
    world.push(&[], 0);

    let mut mine = fetched.clone();
    mine.edit("ana_silva", &[("IDENTIFIER", "MINE")])
        .edit("bo_tanaka", &[("IDENTIFIER", "MINE-2")])
        .write(&world.roster);
    let receipt = world.push(&[], 3);
    assert_eq!(receipt["state"], "review");
    let changed = receipt["changed"].to_string();
    assert!(changed.contains("Somebody Else") && !changed.contains("bo_tanaka"), "{changed}");
    let now = world.fetch("now.csv").people();
    assert_eq!(now["bo_tanaka"]["IDENTIFIER"], fetched.people()["bo_tanaka"]["IDENTIFIER"]);
}

#[test]
#[ignore = "needs Kolibri: `make test ONLY=connectors`"]
fn a_push_without_a_network_waits_and_is_sent_later_and_keeps_no_secret() {
    let mut world = World::new();
    let fetched = Export::read(&world.snapshot);
    let mut roster = fetched.clone();
    roster
        .edit("ana_silva", &[("FULL_NAME", "Ana on the train")])
        .add(["", "gil", "Hidden-Word-1", "Gil", "LEARNER", "", "", "", "Red", ""])
        .write(&world.roster);
    world.server.stop();
    let waits = world.push(&[], 2);
    assert_eq!((&waits["state"], &waits["counts"]["waiting"]), (&json!("waiting"), &json!(2)));
    let listed = world.muster.answer(&[&"outbox"], 1);
    assert_eq!(listed["pushes"][0]["state"], "waiting");

    world.server.start();
    // The wrong password is told, and nothing is lost.
    let id = waits["id"].to_string();
    let wrong = Muster::new(&world.muster.home, "No-Such-Word-1");
    let (exit, words) = wrong.try_to(&[&"outbox", &"resume", &id]);
    assert!(exit == 2 && words.contains("password is wrong"), "{exit} {words}");
    let receipt = world.muster.answer(&[&"outbox", &"resume", &id], 0);
    assert_eq!((&receipt["state"], &receipt["counts"]["done"]), (&json!("sent"), &json!(2)));
    assert_eq!((&receipt["by"], &receipt["account"]), (&json!("ada"), &json!(ADMIN)));
    let now = world.fetch("now.csv").people();
    assert_eq!(now["ana_silva"]["FULL_NAME"], "Ana on the train");
    assert_eq!(now["gil"]["ENROLLED_IN"], "Red");
    for secret in [PASSWORD, "Hidden-Word-1"] {
        assert_eq!(holds(&world.muster.home, secret), None, "the receipt erases secrets");
    }
    // Nothing is left to do.
    let (exit, words) = world.muster.try_to(&[&"outbox", &"resume", &id]);
    assert!(exit == 2 && words.contains("nothing of this push is left"), "{exit} {words}");
}

#[test]
#[ignore = "needs Kolibri: `make test ONLY=connectors`"]
fn a_push_that_is_killed_again_and_again_makes_nobody_twice_and_loses_nobody() {
    killed_again_and_again(100, 20);
}

/// `make soak`: the whole of it.
#[test]
#[ignore = "needs Kolibri, and some minutes: `make soak`"]
fn soak_a_push_of_a_thousand_that_is_killed_twenty_times() {
    killed_again_and_again(1000, 20);
}

fn killed_again_and_again(people: usize, kills: u32) {
    let mut world = World::new();
    let fetched = Export::read(&world.snapshot);
    let mut roster = fetched.clone();
    for n in 0..people {
        let (login, name) = (format!("new_{n:04}"), format!("New {n}"));
        let classes = ["Red", "Blue", "Blue,Red", ""][n % 4];
        roster.add(["", &login, "Secret-1", &name, "LEARNER", "", "2011", "", classes, ""]);
    }
    roster.edit("ana_silva", &[("ENROLLED_IN", "Blue")]).remove("two_lines").write(&world.roster);
    let words: [&dyn AsRef<OsStr>; 10] = [
        &"push",
        &world.roster,
        &"--against",
        &world.snapshot,
        &"--to",
        &world.to,
        &"--user",
        &ADMIN,
        &"--policy",
        &"missing=delete",
    ];
    let receipt = kill_until_through(&world.muster, &words, kills);
    assert_eq!(receipt["counts"]["done"], people + 2, "{}", receipt["counts"]);
    let now = world.fetch("now.csv");
    assert_eq!(now.len(), fetched.len() - 1 + people);
    let found = now.people();
    for n in 0..people {
        let person = &found[&format!("new_{n:04}")];
        let classes = ["Red", "Blue", "Blue,Red", ""][n % 4];
        assert_eq!(
            (person["FULL_NAME"].as_str(), person["ENROLLED_IN"].as_str()),
            (format!("New {n}").as_str(), classes)
        );
    }
    let after = world.export("after.csv");
    assert_eq!(after.len(), found.len());
}

#[test]
#[ignore = "needs Kolibri: `make test ONLY=connectors`"]
fn the_same_is_done_in_the_window_and_the_keys_of_new_people_are_read_in() {
    let world = World::new();
    let window = Engine::new(
        world.facility.path("window"),
        world.facility.path("profiles"),
        SystemTime::now,
    );
    let call = |name: &str, request: Value| {
        window.call(name, request).unwrap_or_else(|failure| panic!("{name}: {failure}"))
    };
    let form = json!({
        "id": null, "name": "Peer School", "connector": "kolibri",
        "address": world.to.trim_start_matches("kolibri+"), "user": ADMIN, "options": {},
        "secret": PASSWORD,
    });
    let tested = call("test_connection", form.clone());
    assert!(text(&tested, "says").contains("Kolibri 0.19"), "{tested}");
    let saved = call("save_connection", form);
    let path = world.facility.path("window.csv");
    let fetched = json!({
        "connection": saved["id"], "secret": PASSWORD, "path": path, "profile": null, "replace": false,
    });
    let job = call("fetch", fetched);
    assert_eq!((&job["profile"]["id"], &job["offer_snapshot"]), (&json!("kolibri"), &json!(false)));
    call("send_by", json!({ "connection": saved["id"] }));

    let rows = call("rows", json!({ "view": {}, "first": 0, "count": 100 }));
    let row = list(&rows, "rows").find(|row| row["cells"][1] == "ana_silva").expect("there");
    call("edit", json!([{ "row": row["id"], "column": 8, "value": "Blue" }]));
    let added = call("insert_person", json!({ "after": null }))["added"][0].clone();
    let cells = ["", "gil", "Secret-1", "Gil", "LEARNER", "", "", "", "Red", ""];
    let cells: Vec<Value> = cells
        .iter()
        .enumerate()
        .filter(|(_, value)| !value.is_empty())
        .map(|(column, value)| json!({ "row": added, "column": column, "value": value }))
        .collect();
    call("edit", json!(cells));

    let plan = call("plan", json!({ "policies": {}, "only": "changed" }));
    assert_eq!(
        (&plan["direct"], &plan["counts"]["update"], &plan["counts"]["create"]),
        (&json!(true), &json!(1), &json!(1)),
        "{plan:#}"
    );
    let frozen =
        json!({ "plan": plan["id"], "releases": {}, "note": "", "first": null, "only": [] });
    let push = call("freeze_push", frozen);
    assert_eq!((&push["state"], &push["counts"]["waiting"]), (&json!("waiting"), &json!(2)));
    let sent = call("send", json!({ "id": push["id"], "secret": PASSWORD }));
    assert_eq!(
        (&sent["push"]["state"], &sent["push"]["proof"]["as_planned"]),
        (&json!("sent"), &json!(2)),
        "{sent:#}"
    );

    let row = call("person", json!({ "row": added }));
    let told = row.to_string();
    let now = world.fetch("now.csv");
    assert!(told.contains(now.uuid("gil")) && !told.contains("Secret-1"), "{told}");
    let store = Store::open(&world.facility.path("window"), "2026-11-03T08:15:00Z").expect("opens");
    for step in store.steps(1).expect("readable") {
        let operation = store.operation(1, step.id).expect("readable");
        assert!(!format!("{operation:?}").contains("Secret-1"), "{operation:?}");
    }
    drop(store);
    let again = call("plan", json!({ "policies": {}, "only": "changed" }));
    assert_eq!(again["counts"]["same"], now.len(), "nothing is left to send: {again:#}");
    let history = call("history", Value::Null).to_string();
    assert!(history.contains("Push 1: sent"), "{history}");

    let back = call("way_back", json!({ "id": push["id"] }));
    let back = call("send", json!({ "id": back["id"], "secret": PASSWORD }));
    assert_eq!(back["push"]["state"], "sent", "{back:#}");
    assert!(!world.fetch("back.csv").people().contains_key("gil"));
    let people = call(
        "push_people",
        json!({ "id": push["id"], "outcome": "done", "search": "", "first": 0, "count": 9 }),
    );
    assert_eq!(people["total"], 2);
}
