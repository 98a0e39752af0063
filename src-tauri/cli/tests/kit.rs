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
        [
            "checklist.html",
            "checklist.md",
            "planned.json",
            "receipt.json",
            "review.html",
            "undo.csv",
            "upload.csv"
        ]
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
    assert!(answer.err.contains("(`--release password=1`)"), "{}", answer.err);
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
    let words = "kit staff.csv --against last.csv --out kit --profile workleap --policy seats=2 \
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
    let plan = world
        .muster("plan staff.csv --against last.csv --profile workleap --format json")
        .exits(1)
        .json();
    assert_eq!(
        (plan["counts"]["create"].as_u64(), plan["counts"]["ignored"].as_u64()),
        (Some(1), Some(1))
    );
    let words = "kit staff.csv --against last.csv --out other --profile workleap --policy seats=1";
    let answer = world.muster(words).exits(3);
    assert!(answer.err.contains("the licence is for 1"), "{}", answer.err);
}

const ROSTER: &str =
    "First Name,Last Name,Email Address,Employee ID,User Status,Title,Admin Access\n";

/// What the LMS has of three people, and a list in which each is otherwise.
fn three() -> World {
    let had = format!(
        "{ROSTER}Ada,Lovett,ada@example.com,00310,inactive,Nurse,No\n\
         Bo,Lindqvist,bo@example.com,00311,active,Cook,No\n\
         Cyra,Nagy,cyra@example.com,00312,active,Clerk,No\n"
    );
    let now = had
        .replace("00310,inactive", "00310,active")
        .replace("00311,active", "00311,inactive")
        .replace("Clerk,No", "Clerk,Yes");
    World::new().with("had.csv", had).with("now.csv", now)
}

const THREE: &str =
    "now.csv --against had.csv --profile emtrain-roster --policy sync-field=employee_id --out";

#[test]
fn the_undo_says_how_many_it_sets_inactive() {
    let world = three();
    world.muster(&format!("kit {THREE} kit")).exits(0);
    let checklist = world.text("kit/checklist.md");
    let undo = checklist.split("## If it has to be taken back").nth(1).expect("a part of it");
    assert!(undo.contains("(2 people: 0 new, 1 changed, 1 set inactive)"), "{undo}");
    assert!(world.text("kit/undo.csv").contains("00310,inactive"));
}

#[test]
fn a_part_that_is_of_nobody_or_leaves_out_another_lms_s_is_refused() {
    let world = three();
    for (more, says) in [
        ("--only-key 00399", "nobody has the key `00399`"),
        ("--only-key 00310 --only-key bo@example.com", "nobody has the key `bo@example.com`"),
        ("--first 0", "--first"),
    ] {
        let told = world.muster(&format!("kit {THREE} kit {more}")).exits(2);
        assert!(told.err.contains(says), "{}", told.err);
        assert!(!world.has("kit"));
    }
    world.muster(&format!("kit {THREE} first --first 1")).exits(0);
    let edited = edapp(&[&ANA.replace("Sales", "Marketing"), BO, CEM]);
    let world = world.with("last.csv", snapshot()).with("staff.csv", edited);
    let told = world.muster("kit staff.csv --against last.csv --out kit --except first").exits(2);
    assert!(told.err.contains("`first` is a kit for another LMS"), "{}", told.err);
}

#[test]
fn who_is_new_and_has_no_key_yet_is_named_by_what_is_theirs_alone() {
    let header = "Database ID (UUID),Username (USERNAME),Password (PASSWORD),Full name (FULL_NAME),User type (USER_TYPE),Identifier (IDENTIFIER),Birth year (BIRTH_YEAR),Gender (GENDER),Learner enrollment (ENROLLED_IN),Coach assignment (ASSIGNED_TO)\n";
    let eva = "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a,eva,*,Eva Roth,LEARNER,,,,Red,\n";
    let new = |login: &str, name: &str| format!(",{login},Tulips-77,{name},LEARNER,,,,Red,\n");
    let staff = [header, eva, &new("gil", "Gil Moe"), &new("ida", "Ida Moe")].concat();
    let world = World::new().with("last.csv", [header, eva].concat()).with("staff.csv", staff);
    let words = "staff.csv --against last.csv --profile kolibri";
    for (n, who) in ["--only-key=gil", "--only-key=IDA", "--only-key=Gil Moe"].iter().enumerate() {
        let out = format!("kit{n}");
        let kit: Vec<&str> =
            ["kit"].into_iter().chain(words.split(' ')).chain(["--out", &out, who]).collect();
        world.muster_with(&kit).exits(0);
        let upload = world.text(&format!("{out}/upload.csv"));
        assert_eq!(upload.lines().count(), 2, "{upload}");
        assert_eq!(upload.contains("gil"), n != 1, "{upload}");
    }
    let nobody = world.muster(&format!("kit {words} --out none --only-key bo")).exits(2);
    assert!(nobody.err.contains("nobody has the key `bo`"), "{}", nobody.err);
    assert!(nobody.err.contains("by their login, e-mail or name"), "{}", nobody.err);
    // A push asks for nothing and goes nowhere before it knows whom it is about.
    let push = format!("push {words} --to kolibri+http://127.0.0.1:9/ --user ada --only-key bo");
    let nobody = world.muster(&push).exits(2);
    assert!(nobody.err.contains("nobody has the key `bo`"), "{}", nobody.err);
}

#[test]
fn a_part_holds_and_lists_by_hand_only_what_is_its_own() {
    // Cyra's key is another, and her rights are to be given by hand.
    let world = three();
    let now = world.text("now.csv").replace("00312", "00412");
    let world = world.with("now.csv", now);
    world.muster(&format!("kit {THREE} all")).exits(3);
    world.muster(&format!("kit {THREE} one --only-key 00310")).exits(0);
    let by_hand = |kit: &str| {
        let planned: Value =
            serde_json::from_str(&world.text(&format!("{kit}/planned.json"))).expect("JSON");
        planned["by_hand"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(by_hand("one"), 0);
    // The rest has it, and is held for it.
    world.muster(&format!("kit {THREE} rest --except one")).exits(3);
    world.muster(&format!("kit {THREE} rest --except one --release key=1")).exits(0);
    assert_eq!(by_hand("rest"), 2);
    let checklists = ["one", "rest"].map(|kit| world.text(&format!("{kit}/checklist.md")));
    assert!(!checklists[0].contains("Cyra") && checklists[1].contains("Cyra"), "{checklists:?}");
    // What the other part brings about, by hand too, is not beside the plan.
    let after = world.text("now.csv").replace("00311,inactive", "00311,active");
    let world = world.with("after.csv", after);
    let told = world.muster("prove one after.csv --against had.csv").exits(0);
    assert!(told.out.starts_with("1 of 1 as planned"), "{}", told.out);
}

#[test]
fn a_hold_that_there_is_not_is_no_release() {
    let told = three().muster(&format!("kit {THREE} kit --release nosuch=1")).exits(2);
    assert!(told.err.contains("there is no hold `nosuch`"), "{}", told.err);
}

#[test]
fn what_an_import_does_with_whom_it_leaves_out_is_said_as_check_says_it() {
    let had = "Email,userName,reference\nada@example.com,Ada Lovett,Ada\nbo@example.com,Bo Li,Bo\n";
    let now =
        "Email,userName,reference\nbo@example.com,Bo Li,Bo\ncyra@example.com,Cyra Nagy,Cyra\n";
    let world = World::new().with("had.csv", had).with("now.csv", now);
    let words = "now.csv --against had.csv --profile kaspersky-asap";
    let plan = world.muster(&format!("plan {words}")).exits(1).out;
    let says = "Ada Lovett (`ada@example.com`) is not in the file; what Kaspersky ASAP does with this person then is not documented.";
    assert!(plan.contains(says) && !plan.contains("unchanged"), "{plan}");
    let checked = world.muster(&format!("check {words}")).exits(0).out;
    assert!(checked.contains("is not documented"), "{checked}");
    world.muster(&format!("kit {words} --out kit")).exits(0);
    assert!(world.text("kit/checklist.md").contains(says));
}

#[test]
fn what_comes_with_the_import_is_said_to_be_taken_back_in_the_lms() {
    let had = "Name,Email,Country,Region,Language\nBo Li,bo@example.com,CA,ON,English\n";
    let now = format!("{had}Ada Lovett,ada@example.com,CA,QC,French\n");
    let world = World::new().with("had.csv", had).with("now.csv", now);
    let words = "now.csv --against had.csv --profile workleap --policy import-groups=Welcome";
    world.muster(&format!("kit {words} --only all --out kit")).exits(0);
    let checklist = world.text("kit/checklist.md");
    assert!(checklist.contains("is taken back in Workleap LMS itself"), "{checklist}");
    assert!(!checklist.contains("any more"), "{checklist}");
}

/// What was chosen for blanks is said, and what to choose instead.
#[test]
fn what_a_blank_does_is_as_it_was_chosen() {
    let header = "Unique Key,First Name,Last Name,Login Name,Active,Location,Email Address\n";
    let had = format!("{header}2001,Ada,Lovett,ada.lovett,Yes,Dublin,ada@example.com\n");
    let world = World::new().with("had.csv", &had).with("now.csv", had.replace("Dublin", ""));
    for (choice, says) in [("keep", "keeps the value, so this"), ("clear", "would empty it too")] {
        let words = format!("check now.csv --against had.csv --policy blanks={choice}");
        let told = world.muster(&words).out;
        assert!(told.contains(says) && !told.contains("is not documented"), "{told}");
    }
    let kit = world.muster("kit now.csv --against had.csv --policy blanks=keep --out kit").exits(0);
    assert!(kit.err.contains("to empty it there, choose `blanks=clear`"), "{}", kit.err);
}
