//! Workleap LMS, “User import”.

use super::{holds, plan, who, with};
use crate::world::World;

#[test]
fn dates_are_known_as_such_and_all_of_these_are_new_is_an_answer_and_a_hold() {
    let world = with(&["workleap-new-hires.xlsx"]);
    // `Joined` is no column that anybody has told of; its values say what it is, and which of two orders they have.
    let told = world.muster("check workleap-new-hires.xlsx --against none --format json").exits(1);
    let told = told.json();
    let dates = told["findings"].as_array().expect("findings");
    assert_eq!(dates.iter().filter(|f| f["rule"] == "date-malformed").count(), 6, "{told}");
    world.muster("fix workleap-new-hires.xlsx --against none --out fixed.xlsx").exits(0);
    let plan = plan(&world, "fixed.xlsx --against none");
    assert_eq!(who(&plan, "create").len(), 6);
    assert!(plan["people"].to_string().contains("2026-12-10"), "month before day, for all six");
    assert_eq!(holds(&plan), [("new".to_owned(), 6)]);
    assert_eq!(plan["effects"]["invitations"], 6, "each gets a mail, whatever is chosen");
    world.muster("kit fixed.xlsx --against none --out kit").exits(3);
    world.muster("kit fixed.xlsx --against none --out kit --release new=6").exits(0);
    assert!(world.has("kit/upload.xlsx"));
}

/// The contract: known among new people is a hold, also where the LMS would do nothing to them.
#[test]
fn somebody_known_among_people_who_are_said_to_be_new_is_held_and_named() {
    let header = "Name,Email,Language,Country,Region\n";
    let alice = "Alice Tremblay,alice.tremblay@example.com,en,CA,QC\n";
    let new = "Nia Bell,nia.bell@example.com,en,CA,QC\n";
    let other = alice.replace("Alice Tremblay", "Ed Exists");
    let world = World::new()
        .with("had.csv", format!("{header}{alice}"))
        .with("new.csv", format!("{header}{other}{new}"))
        .with("same.csv", format!("{header}{alice}{new}"));
    let words = "--against had.csv --profile workleap --policy scope=new";
    let held = plan(&world, &format!("new.csv {words}"));
    assert_eq!(holds(&held), [("scope".to_owned(), 1)]);
    let named = "Ed Exists as Alice Tremblay (`alice.tremblay@example.com`)";
    assert!(held["guards"].to_string().contains(named), "{held:#}");
    world.muster(&format!("kit new.csv {words} --out kit")).exits(3);
    world.muster(&format!("kit new.csv {words} --out kit --release scope=1")).exits(0);
    // Of whoever stands there as the LMS has them nothing is said.
    assert_eq!(holds(&plan(&world, &format!("same.csv {words}"))), []);
}

/// What an employer gives no LMS writes: of somebody new it was promised to be blank.
#[test]
fn an_employee_id_that_was_to_be_blank_of_somebody_new_is_told() {
    let header = "Name,Email,Language,Country,Region";
    let had = "Ana Silva,ana@example.com,en,CA,QC,E11\nBo Li,bo@example.com,en,CA,QC,E12\n";
    let new = "Nia Bell,nia.bell@example.com,en,CA,QC";
    let world = World::new()
        .with("had.csv", format!("{header},Employee ID\n{had}"))
        .with("new.csv", format!("{header}\n{new}\n"));
    world
        .muster("kit new.csv --against had.csv --profile workleap --policy scope=new --out kit")
        .exits(0);
    for (id, exit) in [("", 0), ("X99", 1)] {
        let after = format!("{header},Employee ID\n{had}{new},{id}\n");
        std::fs::write(world.path("after.csv"), after).expect("written");
        let told = world.muster("prove kit after.csv").exits(exit).out;
        assert_eq!(
            told.contains("`Employee ID` should be blank and is `X99`"),
            exit == 1,
            "{told}"
        );
    }
}

#[test]
fn the_kit_is_the_vendors_own_workbook_filled_in_from_its_fourth_line_on() {
    let folder =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/formats/workbooks");
    let vendors = std::fs::read(folder.join("vendor.xlsx")).expect("there");
    let world = with(&["workleap-new-hires.xlsx"]).with("vendor.xlsx", vendors);
    world.muster("fix workleap-new-hires.xlsx --profile workleap --out new.xlsx").exits(0);
    let asked = "kit new.xlsx --against none --profile workleap --template vendor.xlsx --out kit --release new=6 --format json";
    let kit = world.muster(asked).exits(0).json();
    let about = kit["files"][0]["about"].as_str().expect("told");
    assert!(about.ends_with("in the LMS's own template `vendor.xlsx`"), "{about}");
    let sent = world.muster("check kit/upload.xlsx --profile workleap --format json").json();
    assert_eq!(
        (&sent["roster"]["people"], &sent["roster"]["header"]),
        (&6.into(), &3.into()),
        "{sent}"
    );
    world.muster("copy kit/upload.xlsx sent.csv").exits(0);
    let text = world.text("sent.csv");
    assert!(!text.contains("jane.doe@example.com"), "whom the vendor made up is gone\n{text}");
}
