//! Three more SCIM services, each with ways of its own. A month of each is pushed as planned and taken back; what one cannot
//! do is said here too, and by Muster before or after it is sent.

use std::ffi::OsStr;

use serde_json::{Value, json};

use crate::command::{list, text};
use crate::play_gateway::Kind;
use crate::scim::{World, as_planned, differences};
use crate::scim_servers::Service;
use crate::sheet::Sheet;

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PEOPLE: usize = 8;

/// So many people: Red has three of them, Blue one.
fn seed(service: &Service, people: usize) {
    let is = |name: &str| service.name == name;
    let ids: Vec<String> = (0..people)
        .map(|n| {
            let mut one = json!({
                "schemas": [USER], "userName": format!("user{n}"), "active": true,
                "name": { "givenName": format!("First{n}"), "familyName": format!("Last{n}") },
                "emails": [{ "value": format!("user{n}@example.com") }],
            });
            if is("canaille") {
                one["name"]["formatted"] = json!(format!("First{n} Last{n}"));
            }
            if !is("django-scim2") {
                one["title"] = json!("Cook");
                one["schemas"] = json!([USER, ENTERPRISE]);
                one[ENTERPRISE] = json!({ "department": "Kitchen" });
            }
            service.make("Users", &one)
        })
        .collect();
    for (name, of) in [("Red", 0..3), ("Blue", 3..4)] {
        let member = |id: &String| json!({ "value": id, "$ref": format!("Users/{id}") });
        let members: Vec<Value> = ids[of].iter().map(member).collect();
        let mut group = json!({ "schemas": [GROUP], "displayName": name });
        if is("canaille") {
            group["members"] = json!(members);
            service.make("Groups", &group);
            continue;
        }
        let id = service.make("Groups", &group);
        let schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"];
        let operation = json!({ "op": "add", "path": "members", "value": members });
        service.ask(
            "PATCH",
            &format!("Groups/{id}"),
            Some(&json!({ "schemas": schemas, "Operations": [operation] })),
        );
    }
}

fn world(service: Service) -> World {
    seed(&service, PEOPLE);
    World::of(service)
}

/// What each of them can do: somebody is made, changed, moved between groups and deactivated, a group is made with its first
/// member, and all of it is taken back. `more` is what of a person the service takes beside. Answers with the receipt.
fn a_month(world: &World, more: &[(&str, &str, &str)]) -> Value {
    let name = world.service.name;
    let before = world.service.people();
    let mut roster = Sheet::read(&world.path("fetched.csv"));
    assert_eq!(roster.rows.len(), PEOPLE, "{name}");
    roster
        .edit("user0", &[("name.familyName", "Silva-Santos")])
        .edit("user1", &[("emails", "new1@example.com"), ("name.givenName", "")])
        .edit("user2", &[("groups", "Blue")])
        .edit("user3", &[("groups", "")])
        .edit("user4", &[("groups", "Red; New One"), ("name.givenName", "Ana")])
        .edit("user5", &[("active", "false")])
        .remove("user6")
        .add(&[
            ("userName", "hugo"),
            ("name.givenName", "Hugo"),
            ("name.familyName", "Weiß"),
            ("emails", "hugo@example.com"),
            ("groups", "Red"),
            ("active", "true"),
        ])
        .add(&[
            ("userName", "gil"),
            ("name.givenName", "Gil"),
            ("name.familyName", "李"),
            ("emails", "gil@example.com"),
            ("groups", "Blue; New One"),
            ("active", "true"),
        ]);
    for (who, column, value) in more {
        roster.edit(who, &[(column, value)]);
    }
    roster.write(&world.path("roster.csv"));
    let policies: [&dyn AsRef<OsStr>; 4] =
        [&"--policy", &"missing=deactivate", &"--policy", &"new-groups=create"];
    let plan = world.words("plan", &policies, 1);
    let receipt = world.words("push", &policies, 0);
    assert_eq!(receipt["proof"]["differing"], json!([]), "{name}: {receipt:#}");
    assert_eq!(receipt["counts"]["done"], receipt["proof"]["as_planned"], "{name}: {receipt:#}");
    let after = world.service.people();
    assert_eq!(differences(&after, &as_planned(&before, &plan)), [], "{name}");
    assert_eq!(after["gil"]["groups"], "Blue; New One", "{name}");
    world.muster.run(&[&"outbox", &"undo", &receipt["id"].to_string()], 0);
    assert_eq!(differences(&world.service.people(), &before), [], "{name}");
    receipt
}

/// What became of somebody, and why.
fn outcome<'r>(receipt: &'r Value, key: &str) -> (&'r str, &'r str) {
    let person = list(receipt, "people").find(|person| person["key"] == key).expect("in it");
    (text(person, "outcome"), text(person, "why"))
}

#[test]
#[ignore = "needs SCIM services: `make test ONLY=connectors`"]
fn scim_canaille_is_given_what_it_requires_and_no_more_than_it_has() {
    let world = world(Service::canaille());
    // What it has no place for is no column.
    let fetched = Sheet::read(&world.path("fetched.csv"));
    for column in ["externalId", "userType", "addresses.country", "manager", "costCenter"] {
        assert!(
            !fetched.header.iter().any(|name| name == column),
            "{column}: {:?}",
            fetched.header
        );
    }
    a_month(&world, &[("user7", "title", "Diver"), ("user7", "department", "Legal")]);

    // A full name that was made of the parts of a name goes along with them; one that was not stays.
    let formatted = || {
        let users = world.service.all_of("Users");
        let one = users.iter().find(|user| user["userName"] == "user0").expect("there");
        one["name"]["formatted"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(formatted(), "First0 Last0");
    let mut roster = world.fetch("fetched.csv");
    // It cannot have a group without a member, and nobody without a last name: both are left to a person.
    roster
        .edit("user0", &[("name.familyName", "Silva")])
        .edit("user1", &[("name.familyName", "")])
        .add(&[("userName", "ida"), ("name.givenName", "Ida"), ("active", "true")])
        .write(&world.path("roster.csv"));
    let receipt = world.words("push", &[], 1);
    assert_eq!(outcome(&receipt, "user0").0, "done", "{receipt:#}");
    assert_eq!(formatted(), "First0 Silva");
    for key in ["user1", "ida"] {
        let (state, why) = outcome(&receipt, key);
        assert!(state == "refused" && why.contains("`name.familyName`"), "{state} {why}");
    }
}

/// It has no group without a member: that is done by hand, and what was done of the person beside is told and taken back.
#[test]
#[ignore = "needs SCIM services: `make test ONLY=connectors`"]
fn scim_canaille_is_not_asked_for_an_empty_group_and_somebody_is_told_to_see_to_it() {
    let world = world(Service::canaille());
    let before = world.service.people();
    let mut roster = Sheet::read(&world.path("fetched.csv"));
    // Blue has nobody but user3, and Red three of whom one is to stay.
    roster
        .edit("user3", &[("groups", ""), ("name.familyName", "Silva")])
        .edit("user0", &[("groups", "")])
        .edit("user4", &[("title", "Diver")])
        .write(&world.path("roster.csv"));
    let receipt = world.words("push", &[&"--release", &"membership=2"], 1);
    assert_eq!(receipt["state"], "partly", "{receipt:#}");
    assert_eq!(receipt["counts"]["by_hand"], 1, "{receipt:#}");
    let (state, why) = outcome(&receipt, "user3");
    assert_eq!(state, "by_hand", "{why}");
    for words in ["the group `Blue`", "no group without members", "done of it: Last name"] {
        assert!(why.contains(words), "{words}: {why}");
    }
    for list in [&receipt["by_hand"], &receipt["proof"]["by_hand"]] {
        let told = list[0].as_str().unwrap_or_default();
        assert!(told.contains("`user3`") && told.contains("`Blue`"), "{receipt:#}");
    }
    let mut after = before.clone();
    after.get_mut("user3").expect("there").insert("name.familyName", "Silva".to_owned());
    after.get_mut("user0").expect("there").insert("groups", String::new());
    after.get_mut("user4").expect("there").insert("title", "Diver".to_owned());
    assert_eq!(differences(&world.service.people(), &after), []);
    world.muster.run(&[&"outbox", &"undo", &receipt["id"].to_string()], 0);
    assert_eq!(differences(&world.service.people(), &before), []);
}

#[test]
#[ignore = "needs SCIM services: `make test ONLY=connectors`"]
fn scim_django_keeps_its_single_changes_though_it_takes_some_only_as_a_whole() {
    let world = world(Service::django());
    a_month(&world, &[]);

    // It says of more than it keeps that it is done: that is seen, told, and nothing to take back. A password it takes with
    // the whole of a person only.
    let before = world.service.people();
    let mut roster = world.fetch("fetched.csv");
    roster
        .edit("user0", &[("title", "Diver"), ("name.familyName", "Silva")])
        .edit("user7", &[("password", "Sunny-Day-7")]);
    roster
        .add(&[
            ("userName", "ida"),
            ("name.familyName", "Orr"),
            ("title", "Cook"),
            ("active", "true"),
        ])
        .write(&world.path("roster.csv"));
    let receipt = world.words("push", &[&"--release", &"password=1"], 1);
    assert_eq!(outcome(&receipt, "user7").0, "done", "{receipt:#}");
    let differing = receipt["proof"]["differing"].to_string();
    for who in ["user0", "ida"] {
        assert!(differing.contains(who) && outcome(&receipt, who).0 == "done", "{receipt:#}");
    }
    assert_eq!(world.service.people()["user0"]["name.familyName"], "Silva");
    world.muster.run(&[&"outbox", &"undo", &receipt["id"].to_string()], 0);
    assert_eq!(differences(&world.service.people(), &before), []);
}

#[test]
#[ignore = "needs SCIM services: `make test ONLY=connectors`"]
fn scim_a_gateway_is_sent_many_changes_in_the_form_that_was_seen_to_work() {
    let (service, calls) = Service::gateway();
    let world = world(service);
    a_month(&world, &[("user7", "title", "Diver"), ("user7", "department", "Legal")]);
    let calls = calls.lock().expect("nobody panicked");
    let single = calls.iter().filter(|call| call.starts_with("PATCH Users")).count();
    assert_eq!(single, 0, "{calls:?}");
    assert!(calls.iter().any(|call| call == "POST Bulk"), "{calls:?}");
}

#[test]
#[ignore = "needs the command: `make test ONLY=connectors`"]
fn scim_one_change_that_is_not_implemented_does_not_end_single_changes_for_others() {
    let (service, calls) = Service::gateway_of(Kind::Narrow);
    // More than are sent at a time.
    let people = 14;
    seed(&service, people);
    let world = World::of(service);
    let before = world.service.people();
    let mut roster = Sheet::read(&world.path("fetched.csv"));
    for n in 0..4 {
        roster.edit(&format!("user{n}"), &[("title", "Diver"), ("name.familyName", "New")]);
    }
    for n in 4..people {
        roster.edit(&format!("user{n}"), &[("name.familyName", "New")]);
    }
    roster.write(&world.path("roster.csv"));
    let plan = world.words("plan", &[], 1);
    calls.lock().expect("nobody panicked").clear();
    let receipt = world.words("push", &[&"--release", &"change=14"], 0);
    assert_eq!(receipt["proof"]["as_planned"], people, "{receipt:#}");
    assert_eq!(differences(&world.service.people(), &as_planned(&before, &plan)), []);
    let calls = calls.lock().expect("nobody panicked");
    for n in 0..people {
        let whole = calls.contains(&format!("PUT Users/user{n}"));
        assert!(calls.contains(&format!("PATCH Users/user{n}")), "{n}: {calls:?}");
        assert_eq!(whole, n < 4, "{n}: {calls:?}");
    }
}

#[test]
#[ignore = "needs the command: `make test ONLY=connectors`"]
fn scim_a_group_that_is_said_to_be_changed_and_is_not_is_told() {
    let (service, _) = Service::gateway_of(Kind::Narrow);
    let world = world(service);
    let before = world.service.people();
    let mut roster = Sheet::read(&world.path("fetched.csv"));
    roster
        .edit("user0", &[("groups", "Blue; Red")])
        .edit("user3", &[("groups", "")])
        .write(&world.path("roster.csv"));
    let receipt = world.words("push", &[&"--release", &"membership=1"], 1);
    assert_eq!(outcome(&receipt, "user0").0, "done", "{receipt:#}");
    let (state, why) = outcome(&receipt, "user3");
    assert!(
        state == "by_hand" && why.contains("`Blue`") && why.contains("says that it was done"),
        "{state} {why}"
    );
    assert!(why.ends_with("nothing of this person was sent"), "{why}");
    assert_eq!((&receipt["state"], &receipt["counts"]["by_hand"]), (&json!("partly"), &json!(1)));
    let mut after = before;
    after.get_mut("user0").expect("there").insert("groups", "Blue; Red".to_owned());
    assert_eq!(differences(&world.service.people(), &after), []);
}

#[test]
#[ignore = "needs the command: `make test ONLY=connectors`"]
fn scim_whoever_is_taken_out_of_a_group_with_somebody_is_put_back() {
    let (service, calls) = Service::gateway_of(Kind::Empties);
    let world = world(service);
    let before = world.service.people();
    let mut roster = Sheet::read(&world.path("fetched.csv"));
    roster.edit("user2", &[("groups", "")]).write(&world.path("roster.csv"));
    let receipt = world.words("push", &[&"--release", &"membership=1"], 0);
    assert_eq!(outcome(&receipt, "user2").0, "done", "{receipt:#}");
    let mut after = before;
    after.get_mut("user2").expect("there").insert("groups", String::new());
    let people = world.service.people();
    assert_eq!(differences(&people, &after), [], "{:?}", calls.lock().expect("nobody panicked"));
}
