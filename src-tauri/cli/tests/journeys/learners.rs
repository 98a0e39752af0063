//! Emtrain, “Upload/Edit Learners tool”.

use super::{plan, who, with};

const EXPORT: &str = "learners-export.xlsx";

#[test]
fn whoever_is_deactivated_for_being_left_out_is_proved_as_planned() {
    let world = with(&[EXPORT, "learners-leaver-left-out.xlsx"]);
    let words = format!(
        "learners-leaver-left-out.xlsx --against {EXPORT} --policy missing=deactivate --policy blanks=keep"
    );
    let plan = plan(&world, &words);
    let leaver = who(&plan, "deactivate");
    assert_eq!(leaver.len(), 1);
    world.muster(&format!("kit {words} --out kit")).exits(0);

    // As Emtrain shows it afterwards: that learner is no longer active, and nothing else has changed.
    world.muster(&format!("copy {EXPORT} before.csv")).exits(0);
    let row = |line: &str| line.starts_with(&format!("{},", leaver[0]));
    let before = world.text("before.csv");
    let after: Vec<String> = before
        .lines()
        .map(|line| if row(line) { line.replace(",Yes,", ",No,") } else { line.to_owned() })
        .collect();
    let world = world.with("after.csv", after.join("\r\n") + "\r\n");
    let proof = world.muster(&format!("prove kit after.csv --against {EXPORT}")).exits(0);
    assert!(proof.out.contains("1 of 1 as planned"), "{}", proof.out);
    // A cell beside it is named.
    let other = world.text("after.csv").replacen(",TX,", ",DEU,", 1);
    let world = world.with("other.csv", other);
    world.muster(&format!("prove kit other.csv --against {EXPORT}")).exits(1);
    // Nobody was deactivated: that person is named.
    let world = world.with("same.csv", before);
    let proof = world.muster(&format!("prove kit same.csv --against {EXPORT}"));
    assert_ne!(proof.exit, 0, "{}", proof.out);
}

#[test]
fn an_undo_never_overwrites_with_blanks_where_passwords_are_a_column() {
    let world = with(&[EXPORT]);
    world.muster(&format!("copy {EXPORT} now.csv")).exits(0);
    let changed = world.text("now.csv").replacen(",Okafor,", ",Okafor-Lind,", 1);
    let world = world.with("now.csv", changed);
    let words = format!("now.csv --against {EXPORT} --policy blanks=clear --out kit");
    let held = world.muster(&format!("kit {words}")).exits(3);
    assert!(held.err.contains("(`password`)"), "blank passwords would overwrite: {}", held.err);
    world.muster(&format!("kit {words} --release password=1")).exits(0);
    let checklist = world.text("kit/checklist.md");
    let (upload, back) = checklist.split_once("If it has to be taken back").expect("both");
    assert!(upload.contains("Overwrite with blank cells"), "{upload}");
    assert!(back.contains("Ignore blank cells") && !back.contains("Overwrite"), "{back}");
}
