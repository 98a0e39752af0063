//! EdApp, “Managing users via CSV”.

use super::{holds, plan, who, with};
use crate::world::{ANA, BO, World, edapp};

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

/// A hold is something to do, and nobody is told to put a blank in by hand.
#[test]
fn whoever_has_lost_their_username_is_held_and_keeps_it() {
    let zoe = "zoe@example.com,zoe.berg,Zoe,Berg,Sales,Learner; Prizing User,2025-01-03,,E104";
    let world = World::new()
        .with("had.csv", edapp(&[ANA, BO, zoe]))
        .with("new.csv", edapp(&[ANA, BO, &zoe.replace("zoe.berg", "")]));
    let told = world.muster("plan new.csv --against had.csv").exits(1).out;
    let says = "Zoe Berg is Zoe Berg (`zoe.berg`) though the file has no key of theirs: ";
    assert!(told.contains(says) && told.contains("the key stays as it is."), "{told}");
    assert!(!told.contains("by hand"), "{told}");
    world.muster("kit new.csv --against had.csv --out kit").exits(3);
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

/// Mara is given a group more, Ivo and Ravi other titles, and Noor is new.
fn four_changes(world: crate::world::World) -> crate::world::World {
    let export = world.text(EXPORT);
    let changed = export
        .replace("Okafor,Front Desk,", "Okafor,Front Desk; Spa,")
        .replace("HX-0003,Agent", "HX-0003,Lead")
        .replace("HX-0005,Agent", "HX-0005,Lead");
    let new = "noor.said@harbour.example,,Noor,Said,Spa,,,,HX-0099,Agent,Ops\r\n";
    world.with("now.csv", format!("{changed}{new}"))
}

#[test]
fn two_kits_of_one_list_do_not_overlap_and_a_proof_knows_both() {
    let world = four_changes(with(&[EXPORT]));
    let words = format!("now.csv --against {EXPORT}");
    // Some of them with Add, the others with Replace.
    let mara = "mara.okafor@harbour.example";
    let first = format!("kit {words} --only-key {mara} --policy groups=add --out first");
    world.muster(&first).exits(0);
    let rest = format!("kit {words} --except first --policy groups=replace --out rest");
    world.muster(&rest).exits(0);
    let people = |kit: &str| -> Vec<String> {
        let upload = world.text(&format!("{kit}/upload.csv"));
        let mail = |line: &str| line.split(',').next().unwrap_or_default().to_owned();
        upload.lines().skip(1).map(mail).collect()
    };
    assert_eq!(people("first"), [mara]);
    let others = ["ivo.petrov", "ravi.menon", "noor.said"];
    assert_eq!(people("rest"), others.map(|name| format!("{name}@harbour.example")));
    assert!(!world.text("first/undo.csv").contains("ivo.petrov"));
    world.muster(&format!("kit {words} --first 2 --out two")).exits(0);
    assert_eq!(people("two").len(), 2);

    // Of the first kit alone, of both, and of one that came out otherwise.
    let export = world.text(EXPORT);
    let after_first = export.replace("Okafor,Front Desk,", "Okafor,Front Desk; Spa,");
    let new = "noor.said@harbour.example,noor.said@harbour.example,Noor,Said,Spa,Learner; \
               Prizing User,2026-11-28,,HX-0099,Agent,Ops\r\n";
    let both = after_first
        .replace("HX-0003,Agent", "HX-0003,Lead")
        .replace("HX-0005,Agent", "HX-0005,Lead");
    let wrong = both.replace("HX-0005,Lead", "HX-0005,Chief");
    let world = world
        .with("after-first.csv", after_first)
        .with("both.csv", format!("{both}{new}"))
        .with("wrong.csv", format!("{wrong}{new}"));
    let prove =
        |kit: &str, file: &str| world.muster(&format!("prove {kit} {file} --against {EXPORT}"));
    prove("first", "after-first.csv").exits(0);
    prove("first", "both.csv").exits(0);
    prove("rest", "both.csv").exits(0);
    for kit in ["first", "rest"] {
        let told = prove(kit, "wrong.csv").exits(1);
        assert!(told.out.contains("Ravi Menon") && told.out.contains("Chief"), "{}", told.out);
    }
}

#[test]
fn a_plan_says_where_it_comes_from_and_a_kit_until_when_it_is_good() {
    let world = four_changes(with(&[EXPORT]));
    let words = format!("now.csv --against {EXPORT}");
    let plan = world.muster_on("2031-01-01", &format!("plan {words} --format json")).json();
    let said = plan["worked_out"].as_str().expect("a sentence");
    assert!(said.starts_with("Worked out here from an export of"), "{said}");
    assert!(said.contains("EdApp was not asked"), "{said}");
    let columns = plan["columns"].as_array().expect("totals");
    let total = |c: &serde_json::Value| (c["column"].to_string(), c["people"].as_u64());
    assert_eq!(total(&columns[0]), ("\"job title\"".to_owned(), Some(2)));
    world.muster(&format!("kit {words} --out kit")).exits(0);
    for page in ["kit/checklist.md", "kit/review.html"] {
        let text = world.text(page);
        assert!(text.contains("Upload it by") && text.contains("was not asked"), "{page}: {text}");
    }
    assert!(!world.text("kit/checklist.md").contains("First export"));
    // Much later the export is old: a hold, and then the first thing to do.
    let late = format!("kit {words} --out late");
    world.muster_on("2031-01-01", &late).exits(3);
    let days =
        super::holds(&world.muster_on("2031-01-01", &format!("plan {words} --format json")).json());
    let late = format!("{late} --release stale={}", days[0].1);
    world.muster_on("2031-01-01", &late).exits(0);
    assert!(
        world.text("late/checklist.md").contains("- [ ] First export the people of EdApp again")
    );
}
