//! `muster kit`.

use serde_json::Value;

use crate::world::{ANA, BO, CEM, HEADER, World, edapp, snapshot};

const DEE: &str = "dee@example.com,dee@example.com,Dee,Okoro,Sales,Learner; Prizing User,,,E104";

fn world() -> World {
    let edited = edapp(&[&ANA.replace("Sales", "Sales; Marketing"), BO, CEM, DEE]);
    World::new().with("last.csv", snapshot()).with("staff.csv", edited)
}

fn names(world: &World, folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(world.path(folder)).expect("the kit is there");
    let mut names: Vec<String> =
        entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_kit_is_a_folder_with_all_that_an_upload_needs() {
    let world = world();
    let answer = world.muster("kit staff.csv --against last.csv --out kit").exits(0);
    assert!(answer.out.starts_with("kit\n"), "{}", answer.out);
    assert_eq!(
        names(&world, "kit"),
        ["checklist.md", "planned.json", "receipt.json", "review.html", "undo.csv", "upload.csv"]
    );
    let receipt: Value = serde_json::from_str(&world.text("kit/receipt.json")).expect("JSON");
    assert_eq!(receipt["by"], "ada", "{receipt}");
    let upload = world.text("kit/upload.csv");
    assert!(upload.starts_with(HEADER), "{upload}");
    assert_eq!(upload.lines().count(), 3, "{upload}");
    assert!(upload.contains("Sales; Marketing") && upload.contains("dee@example.com"), "{upload}");
}

#[test]
fn all_people_are_sent_when_asked_for() {
    let world = world();
    let report = world
        .muster("kit staff.csv --against last.csv --out kit --only all --format json")
        .exits(0)
        .json();
    assert_eq!(report["folder"], "kit");
    assert_eq!(report["counts"]["update"], 1);
    assert_eq!(report["files"][0]["name"], "upload.csv");
    assert_eq!(world.text("kit/upload.csv").lines().count(), 5);
}

#[test]
fn a_hold_refuses_until_it_is_released_by_its_number() {
    let edited = edapp(&[&ANA.replace(",,E101", ",Sunflower-2026,E101"), BO, CEM]);
    let world = World::new().with("last.csv", snapshot()).with("staff.csv", edited);
    let answer = world.muster("kit staff.csv --against last.csv --out kit").exits(3);
    assert_eq!(answer.out, "");
    assert!(answer.err.contains("`password`"), "{}", answer.err);
    assert!(!world.has("kit"));
    world.muster("kit staff.csv --against last.csv --out kit --release password=2").exits(3);
    assert!(!world.has("kit"));
    world.muster("kit staff.csv --against last.csv --out kit --release password=1").exits(0);
    assert!(world.has("kit/upload.csv"));
}

#[test]
fn an_old_snapshot_holds_until_its_age_is_typed() {
    let world = world();
    let plan = world.muster("plan staff.csv --against last.csv --format json").exits(1).json();
    assert!(!plan["guards"].to_string().contains("stale"), "{plan}");
    let last = std::fs::File::options().write(true).open(world.path("last.csv")).expect("opened");
    let day = std::time::Duration::from_secs(86_400);
    let now = std::time::SystemTime::now();
    last.set_modified(now - 12 * day).expect("set");
    world.muster("kit staff.csv --against last.csv --out early").exits(0);
    last.set_modified(now - 40 * day).expect("set");
    let plan = world.muster("plan staff.csv --against last.csv --format json").exits(1).json();
    let held = plan["guards"].as_array().expect("a list").iter().find(|g| g["id"] == "stale");
    let held = held.map(|g| (g["actual"].as_u64(), g["held"].as_bool()));
    assert_eq!(held, Some((Some(40), Some(true))), "{plan}");
    let answer = world.muster("kit staff.csv --against last.csv --out kit").exits(3);
    assert!(answer.err.contains("The snapshot is 40 days old"), "{}", answer.err);
    assert!(!world.has("kit"));
    world.muster("kit staff.csv --against last.csv --out kit --release stale=40").exits(0);
    assert!(world.has("kit/upload.csv"));
}

#[test]
fn errors_refuse_the_kit() {
    let wrong = edapp(&[ANA, &BO.replace("Marketing", "Markting"), CEM]);
    let world = World::new().with("last.csv", snapshot()).with("staff.csv", wrong);
    let answer = world.muster("kit staff.csv --against last.csv --out kit").exits(3);
    assert!(answer.err.contains("Bo Tanaka (line 3)"), "{}", answer.err);
    assert!(!world.has("kit"));
}

#[test]
fn without_a_change_there_is_nothing_to_do_and_no_folder() {
    let world = World::new().with("last.csv", snapshot()).with("staff.csv", snapshot());
    let answer = world.muster("kit staff.csv --against last.csv --out kit").exits(0);
    assert!(answer.err.contains("nothing to send"), "{}", answer.err);
    assert!(!world.has("kit"));
}

#[test]
fn a_folder_that_holds_something_is_left_alone() {
    let world = world().with("kit/mine.txt", "mine");
    world.muster("kit staff.csv --against last.csv --out kit").exits(2);
    assert_eq!(names(&world, "kit"), ["mine.txt"]);
}

#[test]
fn a_release_is_a_hold_and_a_number() {
    let world = world();
    for wrong in ["password", "password=", "password=many", "=3"] {
        let answer =
            world.muster(&format!("kit staff.csv --against last.csv --out kit --release {wrong}"));
        assert_eq!(answer.exits(2).out, "");
    }
    world.muster("kit staff.csv --out kit").exits(2);
}

#[test]
fn an_import_that_only_adds_people_lists_them_and_leaves_everybody_else_alone() {
    let last = "Name,Email,Country,Region\nAna Silva,ana@example.com,CA,QC\n";
    let edited = "Name,Email,Country,Region\nAna M. Silva,ana@example.com,CA,QC\n\
                  Bo Li,bo@example.com,CA,ON\n";
    let world = World::new().with("last.csv", last).with("staff.csv", edited);
    let words = "kit staff.csv --against last.csv --out kit --policy seats=2 \
                 --policy import-groups=Welcome";
    let answer = world.muster(words).exits(0);
    assert!(answer.out.contains("checklist.md"), "{}", answer.out);
    let checklist = world.text("kit/checklist.md");
    assert!(
        checklist.contains("## New people, for what comes next\n\n- Bo Li (`bo@example.com`)"),
        "{checklist}"
    );
    assert!(checklist.contains("Groups for everybody in this import: `Welcome`"), "{checklist}");
    assert!(!checklist.contains("- Ana"), "{checklist}");
    let plan = world.muster("plan staff.csv --against last.csv --format json").exits(1).json();
    assert_eq!(
        (plan["counts"]["create"].as_u64(), plan["counts"]["ignored"].as_u64()),
        (Some(1), Some(1))
    );
    let words = "kit staff.csv --against last.csv --out other --policy seats=1";
    let answer = world.muster(words).exits(3);
    assert!(answer.err.contains("the licence is for 1"), "{}", answer.err);
}
