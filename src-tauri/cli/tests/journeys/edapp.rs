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
