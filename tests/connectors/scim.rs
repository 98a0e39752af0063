//! SCIM services that deviate from each other: a roster is fetched, edited, planned and pushed, and who is there
//! afterwards is compared with the plan, person by person, by what the service itself says.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::command::{Muster, list, text};
use crate::killing::kill_until_through;
use crate::kolibri_server::holds;
use crate::scim_servers::{COLUMNS, Person, Service, TOKEN};
use crate::sheet::Sheet;

pub const PEOPLE: usize = 130;

/// A service with people, somebody with the command, and the roster as it was fetched.
pub struct World {
    pub service: Service,
    folder: TempDir,
    pub muster: Muster,
}

/// Invented people of a service, of whom one in two is in Red and one in three in Blue.
pub fn seed(service: &Service) {
    let mut ids = Vec::new();
    for n in 0..PEOPLE {
        let manager = ids.first().filter(|_| n % 10 == 7).map(|id| json!({ "value": id }));
        let mut emails = vec![json!({
            "type": "work", "primary": true, "value": format!("user{n}@example.com"),
        })];
        if n % 5 == 0 {
            emails.push(json!({ "type": "home", "value": format!("home{n}@example.com") }));
        }
        let mut more = json!({ "employeeNumber": format!("{n:05}"), "department": "Sales" });
        if let Some(manager) = manager {
            more["manager"] = manager;
        }
        ids.push(service.make(
            "Users",
            &json!({
                "schemas": [
                    "urn:ietf:params:scim:schemas:core:2.0:User",
                    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
                ],
                "userName": format!("user{n}"),
                "name": { "givenName": format!("First{n}"), "familyName": format!("Last{n}") },
                "emails": emails,
                "phoneNumbers": [{ "type": "work", "value": format!("+49 30 {n:06}") }],
                "title": "Engineer",
                "active": n % 20 != 3,
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": more,
            }),
        ));
    }
    for (name, every) in [("Red", 2), ("Blue", 3), ("Empty", PEOPLE + 1)] {
        let members: Vec<Value> =
            ids.iter().skip(1).step_by(every).map(|id| json!({ "value": id })).collect();
        let members = if name == "Empty" { Vec::new() } else { members };
        let schemas = ["urn:ietf:params:scim:schemas:core:2.0:Group"];
        service.make(
            "Groups",
            &json!({ "schemas": schemas, "displayName": name, "members": members }),
        );
    }
}

impl World {
    fn new(service: Service) -> World {
        seed(&service);
        World::of(service)
    }

    /// With whom the service has.
    pub fn of(service: Service) -> World {
        let folder = tempfile::tempdir().expect("a folder");
        let muster = Muster::new(&folder.path().join("data"), TOKEN);
        let world = World { service, folder, muster };
        world.fetch("fetched.csv");
        world
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn fetch(&self, name: &str) -> Sheet {
        let (from, out) = (self.service.address(), self.path(name));
        self.muster.run(
            &[&"fetch", &"--from", &from, &"--profile", &"scim", &"--out", &out, &"--replace"],
            0,
        );
        Sheet::read(&out)
    }

    pub fn words(&self, what: &str, more: &[&dyn AsRef<OsStr>], exit: i32) -> Value {
        let (roster, snapshot) = (self.path("roster.csv"), self.path("fetched.csv"));
        let to = self.service.address();
        let words: [&dyn AsRef<OsStr>; 6] = [&what, &roster, &"--against", &snapshot, &"--to", &to];
        self.muster.answer(&[&words[..], more].concat(), exit)
    }
}

/// What a service holds if a plan comes true.
pub fn as_planned(before: &BTreeMap<String, Person>, plan: &Value) -> BTreeMap<String, Person> {
    let mut people = before.clone();
    for planned in list(plan, "people") {
        let key = text(planned, "key");
        let person = match text(planned, "action") {
            "delete" => {
                people.remove(key).expect("somebody there");
                continue;
            }
            "deactivate" | "reactivate" | "update" => people.get_mut(key).expect("somebody there"),
            "create" => {
                let mut blank: Person = COLUMNS.map(|column| (column, String::new())).into();
                blank.insert("active", "true".to_owned());
                people.entry(key.to_owned()).or_insert(blank)
            }
            _ => continue,
        };
        if text(planned, "action") == "deactivate" {
            person.insert("active", "false".to_owned());
        }
        for cell in list(planned, "cells").filter(|cell| text(cell, "column") != "password") {
            let mut result = text(cell, "result").to_owned();
            if text(cell, "column") == "groups" {
                let mut all: Vec<&str> = result.split("; ").collect();
                all.sort_unstable();
                result = all.join("; ");
            }
            let place = person.get_mut(text(cell, "column"));
            *place.unwrap_or_else(|| panic!("no column {}", text(cell, "column"))) = result;
        }
    }
    people
}

/// Where two lists of people are not the same: who, the column, and what each of them has.
pub fn differences<'p>(
    these: &'p BTreeMap<String, Person>,
    those: &'p BTreeMap<String, Person>,
) -> Vec<(&'p str, &'static str, &'p str, &'p str)> {
    let cell = |people: &'p BTreeMap<String, Person>, who: &str, column: &str| {
        people.get(who).map_or("nobody", |person| person[column].as_str())
    };
    let everybody: BTreeSet<&String> = these.keys().chain(those.keys()).collect();
    let cells = everybody.into_iter().flat_map(|who| COLUMNS.map(|column| (who, column)));
    cells
        .map(|(who, column)| {
            (who.as_str(), column, cell(these, who, column), cell(those, who, column))
        })
        .filter(|(_, _, this, that)| this != that)
        .collect()
}

fn a_month(fetched: &Sheet) -> Sheet {
    let mut roster = fetched.clone();
    roster
        .edit("user1", &[("name.familyName", "Silva-Santos"), ("department", "Legal")])
        .edit("user5", &[("emails", "new5@example.com"), ("title", "")])
        .edit("user6", &[("phoneNumbers", ""), ("addresses.locality", "Québec")])
        .edit("user7", &[("groups", "Blue; Empty")])
        .edit("user8", &[("groups", "New One"), ("manager", "user7")])
        .edit("user9", &[("active", "false")])
        .edit("user3", &[("active", "true"), ("employeeNumber", "")])
        .edit("user17", &[("manager", "gil")])
        .edit("user27", &[("manager", "")])
        .remove("user11")
        .add(&[
            ("userName", "hugo"),
            ("name.givenName", "Hugo"),
            ("name.familyName", "Weiß"),
            ("emails", "hugo@example.com"),
            ("department", "Legal"),
            ("manager", "gil"),
            ("groups", "Red"),
            ("active", "true"),
        ])
        .add(&[
            ("userName", "gil"),
            ("name.givenName", "Gil"),
            ("name.familyName", "李"),
            ("groups", "Red; New One"),
            ("manager", "user0"),
            ("active", "true"),
            ("password", "Sunny-Day-7"),
        ]);
    roster
}

#[test]
#[ignore = "needs SCIM services: `make test ONLY=connectors`"]
fn scim_a_roster_is_fetched_edited_and_pushed_and_taken_back() {
    for service in Service::all() {
        let name = service.name;
        let world = World::new(service);
        let before = world.service.people();
        let fetched = Sheet::read(&world.path("fetched.csv"));
        assert_eq!(fetched.rows.len(), PEOPLE, "{name}");
        assert_eq!(differences(&fetched.people(&COLUMNS), &before), [], "{name}");

        a_month(&fetched).write(&world.path("roster.csv"));
        let more: [&dyn AsRef<OsStr>; 4] =
            [&"--policy", &"missing=deactivate", &"--policy", &"new-groups=create"];
        let plan = world.words("plan", &more, 1);
        let receipt = world.words("push", &more, 0);
        assert_eq!(
            (&receipt["counts"]["done"], &receipt["proof"]["as_planned"]),
            (&json!(12), &json!(12)),
            "{name}: {receipt:#}"
        );
        let after = world.service.people();
        assert_eq!(differences(&after, &as_planned(&before, &plan)), [], "{name}");
        let users = world.service.all_of("Users");
        let five = users.iter().find(|user| user["userName"] == "user5").expect("there");
        assert!(five["emails"].to_string().contains("home5@example.com"), "{name}: {five:#}");
        for person in list(&receipt, "people").filter(|p| p["action"] == "create") {
            assert!(users.iter().any(|user| user["id"] == person["new_key"]), "{name}: {person:#}");
        }
        let again = world.muster.try_to(&[
            &"push",
            &world.path("roster.csv"),
            &"--against",
            &world.path("fetched.csv"),
            &"--to",
            &world.service.address(),
            &more[0],
            &more[1],
            &more[2],
            &more[3],
        ]);
        assert_eq!(again.0, 3, "{name}: whoever is there already is not made again: {}", again.1);
        assert!(again.1.contains("is there already"), "{name}: {}", again.1);
        assert_eq!(differences(&world.service.people(), &after), [], "{name}");

        // What waits for somebody to look at it keeps its passwords until it is given up.
        world.muster.run(&[&"outbox", &"cancel", &"2"], 0);

        let id = receipt["id"].to_string();
        world.muster.run(&[&"outbox", &"undo", &id], 0);
        assert_eq!(differences(&world.service.people(), &before), [], "{name}");
        let users = world.service.all_of("Users");
        for group in world.service.all_of("Groups") {
            for member in group["members"].as_array().into_iter().flatten() {
                let is_there = users.iter().any(|user| user["id"] == member["value"]);
                assert!(is_there, "{name}: whoever is gone is in no group: {group:#}");
            }
        }
        assert_eq!(holds(&world.muster.home, TOKEN), None, "{name}");
        assert_eq!(holds(&world.muster.home, "Sunny-Day-7"), None, "{name}");
    }
}

#[test]
#[ignore = "needs SCIM services: `make test ONLY=connectors`"]
fn scim_whoever_is_missing_is_deleted_where_that_is_chosen_and_cannot_come_back() {
    for service in Service::all() {
        let name = service.name;
        let world = World::new(service);
        let before = world.service.people();
        let mut roster = Sheet::read(&world.path("fetched.csv"));
        for n in 40..60 {
            roster.remove(&format!("user{n}"));
        }
        roster.write(&world.path("roster.csv"));
        let more: [&dyn AsRef<OsStr>; 2] = [&"--policy", &"missing=delete"];
        let held = world.muster.try_to(&[
            &"push",
            &world.path("roster.csv"),
            &"--against",
            &world.path("fetched.csv"),
            &"--to",
            &world.service.address(),
            more[0],
            more[1],
        ]);
        assert!(held.0 == 3 && held.1.contains("20"), "{name}: {held:?}");
        assert_eq!(differences(&world.service.people(), &before), [], "{name}");
        let plan = world.words("plan", &more, 1);
        let releases: [&dyn AsRef<OsStr>; 2] = [&"--release", &"delete=20"];
        let receipt = world.words("push", &[&more[..], &releases].concat(), 0);
        assert_eq!(receipt["proof"]["as_planned"], 20, "{name}: {receipt:#}");
        let after = world.service.people();
        assert_eq!(differences(&after, &as_planned(&before, &plan)), [], "{name}");
        let (exit, words) = world.muster.try_to(&[&"outbox", &"undo", &receipt["id"].to_string()]);
        assert!(exit == 2 && words.contains("brings nobody back"), "{name}: {exit} {words}");
    }
}

#[test]
#[ignore = "needs SCIM services: `make test ONLY=connectors`"]
fn scim_what_a_service_refuses_is_told_in_its_words_and_all_others_are_sent() {
    for service in [Service::scim2(), Service::scimmy()] {
        let name = service.name;
        let world = World::new(service);
        let before = world.service.people();
        let mut roster = Sheet::read(&world.path("fetched.csv"));
        // A service may keep accounts that it shows nobody; and here a shoe size is not known to either.
        let profile = world.path("shoes.toml");
        std::fs::write(
            &profile,
            "id = \"shoes\"\nname = \"Shoes\"\nbased_on = \"scim\"\n[[field]]\nid = \"shoe\"\n\
             title = \"Shoe size\"\nheaders = [\"shoeSize\"]\n\
             [connector.scim.fields]\nshoe = \"shoeSize\"\n",
        )
        .expect("written");
        roster.header.push("shoeSize".to_owned());
        for row in &mut roster.rows {
            row.push(String::new());
        }
        roster.write(&world.path("fetched.csv"));
        roster
            .edit("user1", &[("title", "Diver")])
            .edit("user2", &[("shoeSize", "43")])
            .edit("user4", &[("manager", "nobody.at.all")])
            .edit("user10", &[("groups", "Red; Nowhere")])
            .add(&[("userName", "hidden-admin"), ("name.givenName", "Ida"), ("active", "true")])
            .write(&world.path("roster.csv"));
        // A profile of somebody else's that sends more than ours is meant.
        let held: [&dyn AsRef<OsStr>; 4] = [&"--profile", &profile, &"--release", &"profile=1"];
        let receipt = world.words("push", &held, 1);
        let outcome = |key: &str| {
            let person = list(&receipt, "people").find(|p| p["key"] == key).expect("in it");
            (text(person, "outcome").to_owned(), text(person, "why").to_owned())
        };
        assert_eq!(outcome("user1").0, "done", "{name}: {receipt:#}");
        let (state, why) = outcome("user4");
        assert!(
            state == "refused" && why.contains("manager `nobody.at.all`"),
            "{name}: {state} {why}"
        );
        let (state, why) = outcome("user10");
        assert!(state == "refused" && why.contains("`Nowhere`"), "{name}: {state} {why}");
        let mut planned = before.clone();
        planned.get_mut("user1").expect("there").insert("title", "Diver".into());
        let (state, why) = outcome("user2");
        assert!(state == "by_hand" && why.contains("shoeSize"), "{name}: {state} {why}");
        let (state, why) = outcome("hidden-admin");
        let mut after = world.service.people();
        if name == "scimmy" {
            assert!(state == "refused" && why.contains("userName is taken"), "{state} {why}");
        } else {
            assert!(state == "done" && after.remove("hidden-admin").is_some(), "{state} {why}");
        }
        assert_eq!(differences(&after, &planned), [], "{name}");
    }
}

#[test]
#[ignore = "needs SCIM services: `make test ONLY=connectors`"]
fn scim_what_somebody_else_changed_meanwhile_stops_a_push_before_anything_is_sent() {
    let world = World::new(Service::scim2());
    let mut roster = Sheet::read(&world.path("fetched.csv"));
    roster
        .edit("user1", &[("title", "Diver")])
        .edit("user2", &[("title", "Driver")])
        .write(&world.path("roster.csv"));
    let users = world.service.all_of("Users");
    let one = users.iter().find(|user| user["userName"] == "user1").expect("there");
    world.service.ask(
        "PATCH",
        &format!("Users/{}", one["id"].as_str().expect("an id")),
        Some(&json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{ "op": "replace", "path": "title", "value": "Somebody Else" }],
        })),
    );
    let before = world.service.people();
    let receipt = world.words("push", &[], 3);
    assert_eq!(receipt["state"], "review", "{receipt:#}");
    assert!(receipt["changed"].to_string().contains("Somebody Else"), "{receipt:#}");
    assert_eq!(differences(&world.service.people(), &before), []);
}

#[test]
#[ignore = "needs SCIM services: `make test ONLY=connectors`"]
fn scim_a_wrong_token_is_told_and_nothing_is_sent() {
    for service in Service::all() {
        let world = World::new(service);
        let (name, before) = (world.service.name, world.service.people());
        Sheet::read(&world.path("fetched.csv"))
            .edit("user1", &[("title", "Diver")])
            .write(&world.path("roster.csv"));
        let wrong = Muster::new(&world.muster.home, "wrong-token-4711");
        let (exit, words) = wrong.try_to(&[
            &"push",
            &world.path("roster.csv"),
            &"--against",
            &world.path("fetched.csv"),
            &"--to",
            &world.service.address(),
        ]);
        assert!(exit == 2 && words.contains("token"), "{name}: {exit} {words}");
        assert!(!words.contains("wrong-token-4711"), "{name}: {words}");
        assert_eq!(differences(&world.service.people(), &before), [], "{name}");
    }
}

#[test]
#[ignore = "needs scim2-server: `make test ONLY=connectors`"]
fn scim_a_push_that_is_killed_again_and_again_makes_nobody_twice_and_loses_nobody() {
    killed_again_and_again(1000);
}

#[test]
#[ignore = "needs scim2-server, and some minutes: `make soak`"]
fn scim_soak_a_push_of_ten_thousand_that_is_killed_twenty_times() {
    killed_again_and_again(10_000);
}

fn killed_again_and_again(people: usize) {
    let world = World::new(Service::scim2());
    let mut roster = world.fetch("fetched.csv");
    roster.edit("user1", &[("title", "Nurse"), ("groups", "Blue")]);
    for n in 0..people {
        let (login, name) = (format!("new{n:05}"), format!("New {n}"));
        let groups = ["Red", "Blue", "Blue; Red", ""][n % 4];
        roster.add(&[("userName", &login), ("name.familyName", &name), ("groups", groups)]);
    }
    roster.write(&world.path("roster.csv"));
    let (roster, snapshot) = (world.path("roster.csv"), world.path("fetched.csv"));
    let to = world.service.address();
    let push: [&dyn AsRef<OsStr>; 6] = [&"push", &roster, &"--against", &snapshot, &"--to", &to];
    let receipt = kill_until_through(&world.muster, &push, 20);
    assert_eq!(receipt["counts"]["done"], people + 1, "{}", receipt["counts"]);
    // As the service itself says; two of one name would stand in its list.
    assert_eq!(world.service.all_of("Users").len(), PEOPLE + people);
    let found = world.service.people();
    assert_eq!(found.len(), PEOPLE + people);
    for n in 0..people {
        let person = &found[&format!("new{n:05}")];
        let groups = ["Red", "Blue", "Blue; Red", ""][n % 4];
        assert_eq!(
            (&*person["name.familyName"], &*person["groups"]),
            (&*format!("New {n}"), groups)
        );
    }
}
