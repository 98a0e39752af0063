//! EdApp, “Managing users via CSV”.

use super::{holds, plan, who, with};

const EXPORT: &str = "edapp-export.csv";

#[test]
fn somebody_who_becomes_an_administrator_is_a_hold_with_the_name() {
    let world = with(&[EXPORT, "edapp-admin-and-owner.csv", "edapp-owner-export.csv"]);
    let plan = plan(&world, "edapp-admin-and-owner.csv --against edapp-owner-export.csv");
    assert_eq!(who(&plan, "update"), ["ivo.petrov@harbour.example"]);
    assert_eq!(holds(&plan), [("admin".to_owned(), 1)]);
    let held = plan["guards"].as_array().expect("guards");
    let admin = held.iter().find(|g| g["id"] == "admin").expect("there");
    let message = admin["message"].as_str().expect("a sentence");
    assert!(message.contains("Ivo Petrov would become an administrator"), "{message}");

    // A role of the account's own that nobody has yet is none that a file gives.
    let plan = super::plan(&world, &format!("edapp-admin-and-owner.csv --against {EXPORT}"));
    assert_eq!(who(&plan, "blocked"), ["lea.fournier@harbour.example"]);
}

#[test]
fn columns_that_somebody_deleted_are_in_the_upload_as_they_were() {
    let world = with(&[EXPORT, "edapp-two-columns-gone.csv"]);
    let gone = world.text("edapp-two-columns-gone.csv");
    let gone = gone.replace("Mara,Front Desk", "Mara,Spa").replace("2025-02-11", "11/02/2025");
    // Somebody new, of whom nobody knows what the two columns should hold.
    let world = world
        .with("gone.csv", format!("{gone}noor.said@harbour.example,,Noor,Spa,,,,HX-0099,Ops\r\n"));
    let plan = plan(&world, &format!("gone.csv --against {EXPORT}"));
    let also = plan["effects"]["also"].to_string();
    assert!(also.contains("no columns `lastname (optional)` and `job title`"), "{also}");
    let words = format!("kit gone.csv --against {EXPORT} --out kit --only all");
    world.muster(&words).exits(0);
    let (upload, export) = (world.text("kit/upload.csv"), world.text(EXPORT));
    let (mara, others): (Vec<&str>, Vec<&str>) =
        upload.lines().partition(|line| line.contains("mara.okafor"));
    assert_eq!(mara, [export.lines().nth(1).expect("Mara").replace("Front Desk", "Spa")]);
    for line in &others[..others.len() - 1] {
        assert!(export.contains(line), "as EdApp has it, the day it registered too: {line}");
    }
    let noor = "noor.said@harbour.example,,Noor,,Spa,,,,HX-0099,,Ops";
    assert_eq!(others.last(), Some(&noor));
    assert!(world.text("kit/checklist.md").contains("job title"), "the checklist says so");
}

/// The holds and what is asked about what the file holds.
fn scope(plan: &serde_json::Value) -> Vec<(u64, bool)> {
    let guards = plan["guards"].as_array().into_iter().flatten().filter(|g| g["id"] == "scope");
    guards.map(|g| (g["actual"].as_u64().unwrap_or(0), g["held"] == true)).collect()
}

#[test]
fn a_file_that_is_plainly_a_part_is_asked_about_and_checked_both_ways() {
    let world = with(&[EXPORT, "edapp-changes-only.csv", "edapp-one-new.csv"]);
    let changes = format!("edapp-changes-only.csv --against {EXPORT}");
    // EdApp does nothing to whom a file leaves out: it is asked, and holds nothing up.
    assert_eq!(scope(&plan(&world, &changes)), [(9, false)]);
    let said = plan(&world, &format!("{changes} --policy scope=changes"));
    assert_eq!((scope(&said).len(), &said["counts"]["ignored"]), (0, &0.into()));
    let check = world.muster(&format!("check {changes} --policy scope=changes")).exits(0);
    assert!(!check.out.contains("person-missing"), "{}", check.out);

    // Somebody known among people who are said to be new, and somebody new among changes.
    let known = plan(&world, &format!("{changes} --policy scope=new"));
    assert_eq!(scope(&known), [(1, true)]);
    let new = world.text("edapp-one-new.csv").replace("HX-0003", "HX-0099");
    let world = world.with("new.csv", new);
    let new = plan(&world, &format!("new.csv --against {EXPORT} --policy scope=changes"));
    assert_eq!(scope(&new), [(1, true)]);
    let told = new["guards"].to_string();
    assert!(told.contains("Noor Said"), "{told}");
    let right = plan(&world, &format!("new.csv --against {EXPORT} --policy scope=new"));
    assert_eq!((scope(&right).len(), who(&right, "create").len()), (0, 1));
}

#[test]
fn somebody_who_married_is_held_and_made_by_nobody() {
    let world = with(&[EXPORT, "edapp-married.csv"]);
    let words = format!("edapp-married.csv --against {EXPORT}");
    let plan = plan(&world, &words);
    assert_eq!((&plan["counts"]["create"], &plan["counts"]["same"]), (&0.into(), &9.into()));
    assert_eq!(holds(&plan), [("key".to_owned(), 1)]);
    let told = plan["guards"].to_string();
    for what in ["Sunniva Moe is Sunniva Dahl", "external ID", "last name differ"] {
        assert!(told.contains(what), "{what} in {told}");
    }
    assert_eq!(plan["by_hand"][0]["value"], "sunniva.moe@harbour.example");
    world.muster(&format!("kit {words} --out kit")).exits(3);
    world.muster(&format!("kit {words} --out kit --release key=1")).exits(0);
    let upload = world.text("kit/upload.csv");
    let row = upload.lines().nth(1).expect("one person");
    let goes = "sunniva.moe@harbour.example,sunniva.dahl@harbour.example,Sunniva,Moe,";
    assert!(row.starts_with(goes), "by the username that EdApp has: {row}");
}

#[test]
fn without_an_id_a_name_alone_makes_nobody_without_a_hold() {
    let world = with(&[EXPORT]);
    // The same name and the same groups, and nothing that only one person has.
    let export = world.text(EXPORT);
    let bare = |text: &str| text.replace("HX-0004", "").replace("2025-05-14", "");
    let other = bare(&export).replace("sunniva.dahl@", "s.dahl@");
    let world = world.with("bare.csv", bare(&export)).with("other.csv", other);
    let plan = plan(&world, "other.csv --against bare.csv");
    let held: Vec<String> = holds(&plan).into_iter().map(|(id, _)| id).collect();
    assert!(held == ["same"] || held == ["key"], "{held:?}");
    assert!(plan["guards"].to_string().contains("Sunniva Dahl"));
}
