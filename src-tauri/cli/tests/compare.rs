//! `muster diff` and `muster plan`.

use crate::world::{ANA, BO, CEM, World, edapp, expect, snapshot};

fn edited() -> String {
    edapp(&[
        &ANA.replace("Sales", "Sales; Marketing").replace("Silva", "Souza"),
        &BO.replace("Sales; Marketing", "Marketing"),
        "dee@example.com,dee@example.com,Dee,Okoro,Sales,Learner; Prizing User,,,E104",
    ])
}

fn world() -> World {
    World::new().with("last.csv", snapshot()).with("staff.csv", edited())
}

#[test]
fn two_rosters_are_compared_by_key_and_groups_as_sets() {
    let answer = world().muster("diff last.csv staff.csv").exits(1);
    expect("diff.txt", &answer.out);
    let answer = world().muster("diff last.csv staff.csv --format json").exits(1);
    expect("diff.json", &answer.out);
}

#[test]
fn lists_without_a_key_are_compared_by_name_and_email_and_what_is_uncertain_is_said() {
    let world = World::new()
        .with("old.csv", "Name,Email,Team\nAda Lo,,Ops\nAda Lo,,Sales\nBo Li,bo@a.example,Ops\n")
        .with("new.csv", "Name,Email,Team\nbo li,BO@a.example,Sales\nAda Lo,ada@a.example,Ops\n");
    let words = "diff old.csv new.csv --match name,email";
    let told = world.muster(words).exits(1).out;
    for line in [
        "? uncertain: Ada Lo, line 3: a part of it agrees with 2 people of the older file",
        "    Ada Lo, line 2 of the older file: name is the same, email is not",
        "? 1 person is uncertain, and in none of these numbers",
    ] {
        assert!(told.lines().any(|l| l == line), "{line} in\n{told}");
    }
    let json = world.muster(&format!("{words} --format json")).exits(1).json();
    assert_eq!((&json["counts"]["update"], &json["uncertain"][0]["of"]), (&1.into(), &2.into()));
    world.muster("diff old.csv old.csv --match name,email,team").exits(1);
    world.muster("diff new.csv new.csv --match name,email").exits(0);
    // Of a known LMS it is by the key, unless somebody asks.
    let renamed = edapp(&[&ANA.replacen("ana@", "a.silva@", 2), BO, CEM]);
    let world = world.with("last.csv", snapshot()).with("renamed.csv", renamed);
    let words = "diff last.csv renamed.csv --format json";
    assert_eq!(world.muster(words).exits(1).json()["counts"]["create"], 1);
    let by_name = world.muster(&format!("{words} --match name")).exits(1).json();
    assert_eq!(
        (&by_name["counts"]["create"], &by_name["counts"]["update"]),
        (&0.into(), &1.into())
    );
    world.muster("diff old.csv new.csv --match shoe").exits(2);
}

#[test]
fn the_column_that_says_who_somebody_is_is_named_by_its_id_or_its_header() {
    let emtrain = |mail: &str| {
        format!(
            "First Name,Last Name,Email Address,Employee ID,Title,Manager Email,User Status,Supervisor Status,\
             US State Code,Country ISO Code,City,Hire Date,Birth Date,Exempt,Admin Access,Cost Center\n\
             Amelia,Okafor,{mail},0007310,Engineer,,active,Yes,CA,USA,Oakland,2010-01-01,1960,No,Yes,CC-10\n"
        )
    };
    let world = World::new()
        .with("last.csv", emtrain("amelia@example.com"))
        .with("staff.csv", emtrain("okafor@example.com"));
    let planned = |column: &str, format: &str| {
        let policy = format!("sync-field={column}");
        let words = ["plan", "staff.csv", "--against", "last.csv", "--profile", "emtrain-roster"];
        world.muster_with(&[&words[..], &["--policy", &policy, "--format", format]].concat())
    };
    let by_id = planned("employee_id", "json").exits(1).json();
    assert_eq!(by_id["policies"]["sync-field"], "employee_id");
    assert_eq!((&by_id["counts"]["update"], &by_id["counts"]["create"]), (&1.into(), &0.into()));
    for written in ["Employee ID", "employee id", "EMPLOYEE_ID"] {
        assert_eq!(planned(written, "json").exits(1).json(), by_id, "{written}");
    }
    let by_mail = planned("email", "json").exits(1).json();
    assert_ne!(by_mail["counts"], by_id["counts"], "the e-mail is another one");
    assert_eq!(planned("Email Address", "json").exits(1).json(), by_mail);
    for neither in ["Shoe size", "Cost Center"] {
        let answer = planned(neither, "text").exits(2);
        answer.only_says(&format!(
            "muster: `{neither}` is no column that `sync-field` can be\n        \
             Emtrain takes: email, employee_id, or the header of one of these."
        ));
    }
}

#[test]
fn the_order_of_people_and_of_groups_makes_no_difference() {
    let turned = edapp(&[CEM, &BO.replace("Sales; Marketing", "Marketing; Sales"), ANA]);
    let world = World::new().with("last.csv", snapshot()).with("staff.csv", turned);
    let answer = world.muster("diff last.csv staff.csv").exits(0);
    assert_eq!(answer.out, "+ 0 new, ~ 0 changed, − 0 gone, 3 the same\n");
}

#[test]
fn people_who_cannot_be_told_apart_are_listed_and_not_paired() {
    let doubled = edapp(&[ANA, ANA, BO, CEM]);
    let world = World::new().with("last.csv", snapshot()).with("staff.csv", doubled);
    let report = world.muster("diff last.csv staff.csv --format json").exits(1).json();
    let unpaired = report["unpaired"].as_array().expect("a list");
    let lines: Vec<&serde_json::Value> =
        unpaired.iter().filter(|u| u["side"] == "new").map(|u| &u["lines"]).collect();
    assert_eq!(lines, [&serde_json::json!([2, 3])]);
    let told = world.muster("diff last.csv staff.csv").exits(1).out;
    assert!(told.contains("? newer file, lines 2, 3: "), "{told}");
}

#[test]
fn rosters_without_a_key_are_not_compared_by_guesswork() {
    let world = World::new()
        .with("old.csv", "colour,size\nred,1\nred,2\n")
        .with("new.csv", "colour,size\nred,1\nred,3\n");
    world.muster("diff old.csv new.csv").exits(2).only_says(
        "muster: nobody can be told from anybody else: no column holds a different value for each person\n        \
         Say which LMS the roster is of with --profile, which column tells people apart with --key, or by which \
         columns to look for the same people with --match name,email.",
    );
}

#[test]
fn the_plan_says_what_the_lms_would_do_under_add_and_under_replace() {
    // Before the files were written, so that their age is not told.
    let add =
        world().muster_on("2026-01-05", "plan staff.csv --against last.csv --format json").exits(1);
    expect("plan-add.json", &add.out);
    let replace = world()
        .muster_on(
            "2026-01-05",
            "plan staff.csv --against last.csv --policy groups=replace --format json",
        )
        .exits(1);
    expect("plan-replace.json", &replace.out);
    let text = world().muster_on("2026-01-05", "plan staff.csv --against last.csv").exits(1);
    expect("plan.txt", &text.out);
}

#[test]
fn nothing_to_do_is_no_finding() {
    let world = World::new().with("last.csv", snapshot()).with("staff.csv", snapshot());
    let report = world.muster("plan staff.csv --against last.csv --format json").exits(0).json();
    assert_eq!(report["counts"]["same"], 3);
    assert_eq!(report["people"], serde_json::json!([]));
}

#[test]
fn on_an_empty_snapshot_everybody_is_new() {
    let world = World::new().with("last.csv", edapp(&[])).with("staff.csv", snapshot());
    let report = world.muster("plan staff.csv --against last.csv --format json").exits(1).json();
    assert_eq!(report["counts"]["create"], 3);
    let new = &report["guards"][0];
    assert_eq!((&new["id"], &new["held"]), (&"new".into(), &false.into()));
}

#[test]
fn a_plan_that_errors_block_is_something_found_and_not_a_refusal() {
    let wrong = edapp(&[ANA, BO, &CEM.replace("Operations", "Operattions")]);
    let world = World::new().with("last.csv", snapshot()).with("staff.csv", wrong);
    let report = world.muster("plan staff.csv --against last.csv --format json").exits(1).json();
    assert_eq!(report["counts"]["blocked"], 1);
}

#[test]
fn a_policy_that_the_lms_does_not_have_is_refused_with_those_it_has() {
    let answer =
        world().muster("plan staff.csv --against last.csv --policy groups=sometimes").exits(2);
    assert_eq!(answer.out, "");
    assert!(answer.err.contains("add, replace"), "{}", answer.err);
    let answer = world().muster("plan staff.csv --against last.csv --policy colour=red").exits(2);
    assert!(answer.err.contains("groups, roles, invitations"), "{}", answer.err);
}
