//! What is given is taken at its word: nothing of it is passed over in silence, and none of it is overwritten.

use crate::world::{ANA, BO, CEM, World, edapp, snapshot};

fn world() -> World {
    let edited = edapp(&[&ANA.replace("Sales", " Sales"), BO, CEM]);
    World::new().with("last.csv", snapshot()).with("staff.csv", edited)
}

#[test]
fn a_file_that_something_is_made_of_is_never_overwritten() {
    let world = world().with("groups.txt", "Sales\n");
    std::fs::hard_link(world.path("last.csv"), world.path("linked.csv")).expect("a link");
    for words in [
        "fix staff.csv --against last.csv --out last.csv --replace",
        "fix staff.csv --against last.csv --out ./staff.csv --replace",
        "fix staff.csv --against last.csv --out linked.csv --replace",
        "fix staff.csv --list groups=groups.txt --out groups.txt --replace",
        "convert staff.csv --to moodle --out staff.csv --replace",
        "copy staff.csv staff.csv --replace",
    ] {
        let told = world.muster(words).exits(2);
        assert!(told.err.contains("never overwritten"), "{words}: {}", told.err);
    }
    assert_eq!(world.text("last.csv"), snapshot());
    world.muster("fix staff.csv --against last.csv --out new.csv").exits(0);
    world.muster("fix staff.csv --against last.csv --out new.csv --replace").exits(0);
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let told = world().muster("fix staff.csv --out nowhere/x.csv").exits(2);
    assert!(told.err.contains("there is no folder `nowhere`"), "{}", told.err);
}

#[test]
fn what_is_no_day_and_no_sheet_is_refused() {
    let world = world();
    for day in ["tomorrow", "2026-02-30"] {
        let told = world.muster_on(day, "check staff.csv").exits(2);
        assert!(told.err.contains("`MUSTER_TODAY` is to be one"), "{}", told.err);
    }
    let told = world.muster("check staff.csv --as sheet=foo").exits(2);
    assert!(told.err.contains("it is a text and has no sheets"), "{}", told.err);
    let told = world.muster("plan staff.csv --against last.csv --older-as sheet=foo").exits(2);
    assert!(told.err.contains("`last.csv` cannot be read so"), "{}", told.err);
}

#[test]
fn the_day_of_an_export_is_the_same_whenever_it_is_told() {
    let world = world();
    let late = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_795_910_100);
    let file = std::fs::File::options().append(true).open(world.path("last.csv")).expect("there");
    file.set_modified(late).expect("set");
    for today in ["2026-11-28", "2026-11-29", "2026-12-16"] {
        let told = world.muster_on(today, "plan staff.csv --against last.csv").exits(0).out;
        assert!(told.contains("from an export of 28 November 2026"), "{today}: {told}");
    }
}

const ROSTER: &str = "First Name,Last Name,Email Address,Employee ID,User Status,Hire Date\n\
                      Ana,Silva,ana@example.com,E101,active,2020-01-03\n";

#[test]
fn an_export_of_another_lms_does_not_say_what_this_one_has() {
    let nobody = ROSTER.replace("ana@example.com", "");
    let world = world().with("roster.csv", ROSTER).with("nobody.csv", nobody);
    for command in ["plan", "check"] {
        let told = world.muster(&format!("{command} roster.csv --against last.csv")).exits(2);
        assert!(told.err.contains("`last.csv` does not say what Emtrain has"), "{}", told.err);
        assert!(told.err.contains("its columns are those of EdApp"), "{}", told.err);
    }
    let told =
        world.muster("kit roster.csv --against nobody.csv --policy sync-field=email --out kit");
    assert!(told.exits(2).err.contains("nobody in it has what people are found by"));
    world.muster("accounts add Northwind --profile emtrain-roster").exits(0);
    let told = world.muster("accounts set Northwind --snapshot last.csv").exits(2);
    assert!(told.err.contains("its columns are those of EdApp"), "{}", told.err);
    world.muster("accounts set Northwind --snapshot roster.csv").exits(0);
}

#[test]
fn who_is_who_cannot_be_let_stand() {
    let world = world();
    world.muster("accounts add Northwind --profile edapp").exits(0);
    let words =
        ["accounts", "set", "Northwind", "--waive", "key-duplicate", "--reason", "they are one"];
    let told = world.muster_with(&words).exits(2);
    assert!(told.err.contains("`key-duplicate` cannot be let stand"), "{}", told.err);
}

#[test]
fn somebody_new_is_said_of_one_person_by_their_key() {
    let world = world();
    world.muster("accounts add Northwind --profile edapp").exits(0);
    let set = |what: &str| {
        let words = ["accounts", "set", "Northwind", "--waive", what, "--reason", "somebody new"];
        world.muster_with(&words)
    };
    let told = set("same-person").exits(2);
    assert!(
        told.err.contains("`same-person` stands for one person, and none is named"),
        "{}",
        told.err
    );
    set("same-person:username:ana.silva").exits(0);
}
