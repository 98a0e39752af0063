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
