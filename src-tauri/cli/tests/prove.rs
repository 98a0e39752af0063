//! `muster prove`.

use crate::world::{ANA, BO, CEM, World, edapp, snapshot};

const DEE: &str = "dee@example.com,dee@example.com,Dee,Okoro,Sales,Learner; Prizing User,,,E104";

/// A kit was made, in which Ana gets a group and Dee is new.
fn world() -> World {
    let edited = edapp(&[&ANA.replace("Sales", "Sales; Marketing"), BO, CEM, DEE]);
    let world = World::new().with("last.csv", snapshot()).with("staff.csv", edited);
    world.muster("kit staff.csv --against last.csv --out kit").exits(0);
    world
}

fn after() -> String {
    let ana = ANA.replace("Sales", "Marketing; Sales");
    edapp(&[&DEE.replace(",,,", ",2026-11-22,,"), CEM, &ana, BO])
}

#[test]
fn an_export_of_afterwards_proves_the_kit() {
    let world = world().with("after.csv", after());
    let answer = world.muster("prove kit after.csv").exits(0);
    assert_eq!(answer.out, "2 of 2 as planned\n");
    let answer = world.muster("prove kit after.csv --against last.csv").exits(0);
    assert_eq!(answer.out, "2 of 2 as planned\n2 people whom the plan leaves alone: as before\n");
    let report = world.muster("prove kit/planned.json after.csv --format json").exits(0).json();
    assert_eq!(report["counts"]["as_planned"], 2);
    assert!(report["counts"]["others"].is_null() && report["people"] == serde_json::json!([]));
}

#[test]
fn who_is_not_as_planned_is_told_with_exit_1() {
    let cem = CEM.replace("Operations", "Sales");
    let world = world().with("after.csv", edapp(&[ANA, BO, &cem, DEE]));
    let answer = world.muster("prove kit after.csv --against last.csv").exits(1);
    assert!(answer.out.starts_with("1 of 2 as planned\n"), "{}", answer.out);
    let lines = "Not as planned\n  Ana Silva (ana@example.com): User groups should be `Sales; Marketing` and is `Sales`\n";
    let lines = lines.replace("(ana@example.com)", "(`ana@example.com`)");
    assert!(answer.out.contains(&lines), "{}", answer.out);
    assert!(
        answer.out.contains("(`cem@example.com`): User groups was `Operations` and is `Sales`"),
        "{}",
        answer.out
    );
    let report = world.muster("prove kit after.csv --format json").exits(1).json();
    let ana = &report["people"][0];
    assert_eq!((&ana["key"], &ana["action"]), (&"ana@example.com".into(), &"update".into()));
    assert_eq!(ana["cells"][0]["expected"], "Sales; Marketing");
    assert_eq!(ana["cells"][0]["found"], "Sales");
}

#[test]
fn what_the_export_cannot_show_is_not_said_to_be_as_planned() {
    let names = "username (optional)\r\nana@example.com\r\nbo@example.com\r\ncem@example.com\r\n\
        dee@example.com\r\n";
    let world = world().with("after.csv", names);
    let answer = world.muster("prove kit after.csv").exits(1);
    assert!(answer.out.starts_with("0 of 2 as planned, 2 cannot be seen\n"), "{}", answer.out);
    let report = world.muster("prove kit after.csv --format json").exits(1).json();
    assert_eq!((&report["counts"]["unseen"], &report["people"]), (&2.into(), &[0; 0].into()));
    let ana = &report["people_unseen"][0];
    assert_eq!(ana["key"], "ana@example.com");
    assert_eq!(ana["columns"], serde_json::json!(["usergroups (optional)"]));
}

/// Where a blank may clear or keep, `prove` says which it did.
#[test]
fn which_of_the_outcomes_was_seen_is_said() {
    let edited = edapp(&[&ANA.replace("Silva", ""), BO, CEM]);
    let world = World::new().with("last.csv", snapshot()).with("staff.csv", edited);
    world.muster("kit staff.csv --against last.csv --out kit").exits(0);
    for (name, is) in [("Silva", "`Silva`"), ("", "blank")] {
        let after = edapp(&[&ANA.replace("Silva", name), BO, CEM]);
        std::fs::write(world.path("after.csv"), after).expect("written");
        let answer = world.muster("prove kit after.csv").exits(0);
        let says = format!("Last name might be blank or `Silva`, and is {is}\n");
        assert!(answer.out.contains(&says), "{}", answer.out);
        let outcome =
            &world.muster("prove kit after.csv --format json").exits(0).json()["outcomes"][0];
        assert_eq!(outcome["or"], serde_json::json!(["Silva"]));
        assert_eq!((&outcome["key"], &outcome["found"]), (&"ana@example.com".into(), &name.into()));
    }
}

#[test]
fn the_wrong_file_is_told_in_a_sentence() {
    let world = world().with("after.csv", after());
    let own = world.muster("prove kit kit/upload.csv").exits(2);
    assert!(own.err.contains("a file that Muster made for the upload"), "{}", own.err);
    let early = world.muster("prove kit last.csv --against last.csv").exits(2);
    assert!(early.err.contains("everybody of the plan is still as before"), "{}", early.err);
    let world = world.with("none/readme.txt", "hello");
    let none = world.muster("prove none after.csv").exits(2);
    assert!(none.err.contains("there is no `planned.json` in it"), "{}", none.err);
    let other = world.muster("prove staff.csv after.csv").exits(2);
    assert!(other.err.contains("what was planned cannot be read"), "{}", other.err);
    let push = world.muster("prove 7 after.csv").exits(2);
    assert!(push.err.contains("there is no push 7"), "{}", push.err);
}

const LEARNERS: &str = "Unique Key,First Name,Last Name,Login Name,Active,Employee ID,Department\n";

/// A kit by another column than the usual one, of an HR report with its own names.
#[test]
fn what_a_kit_was_made_with_need_not_be_said_again() {
    let had = format!(
        "{LEARNERS}2001,Ada,Lovett,ada.lovett,Yes,00310,IT\n2008,Bo,Lindqvist,bo.lindqvist,Yes,00311,Care\n"
    );
    let report = "Staff no,Vorname,Nachname,Login,Aktiv,Abteilung\n\
        00310,Ada,Lovett,ada.lovett,Yes,HR\n00311,Bo,Lindqvist,bo.lindqvist,Yes,Care\n00312,Cyra,Nagy,cyra.nagy,Yes,\n";
    let map = "--map Vorname=first_name --map Nachname=last_name --map Login=login_name --map Aktiv=active \
        --map Abteilung=Department";
    let mut words: Vec<&str> = map.split_whitespace().collect();
    words.extend(["--map", "Staff no=Employee ID"]);
    let world = World::new().with("had.csv", &had).with("hr.csv", report);
    let mut kit = vec!["kit", "hr.csv", "--against", "had.csv", "--profile", "emtrain-learners"];
    kit.extend(words);
    kit.extend(["--policy", "sync-field=Employee ID", "--policy", "blanks=keep"]);
    kit.extend(["--policy", "missing=keep", "--out", "kit"]);
    world.muster_with(&kit).exits(0);
    let after = had.replace("00310,IT", "00310,HR") + "2015,Cyra,Nagy,cyra.nagy,Yes,00312,\n";
    for (from, to, named) in [
        ("", "", None),
        ("00310,HR", "00310,HRx", Some("`Department` should be `HR` and is `HRx`")),
        ("00312,\n", "00312,WRONG\n", Some("`Department` should be blank and is `WRONG`")),
    ] {
        let world = World::new()
            .with("had.csv", &had)
            .with("kit/planned.json", world.read("kit/planned.json"))
            .with("after.csv", after.replace(from, to));
        for more in ["", " --against had.csv"] {
            let told = world
                .muster(&format!("prove kit after.csv{more}"))
                .exits(i32::from(named.is_some()));
            let says = if named.is_some() { "1 of 2 as planned" } else { "2 of 2 as planned" };
            assert!(told.out.starts_with(says), "{}", told.out);
            assert!(told.out.contains(named.unwrap_or_default()), "{}", told.out);
        }
    }
    let world = world.with("after.csv", &after);
    let same = ["prove", "kit", "after.csv", "--policy", "sync-field=Employee ID"];
    world.muster_with(&same).exits(0);
    let other = world.muster("prove kit after.csv --policy sync-field=unique_key").exits(2);
    assert!(other.err.contains("it was planned with sync-field=Employee ID"), "{}", other.err);
}
