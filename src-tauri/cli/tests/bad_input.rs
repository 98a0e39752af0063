//! What cannot be done is said in a sentence, with exit code 2 and nothing on standard output.

use crate::world::{World, snapshot};

#[test]
fn bad_input_gets_a_sentence() {
    let world = World::new()
        .with("staff.csv", snapshot())
        .with("empty.csv", "")
        .with("blank.csv", "\n\n\n")
        .with("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0")
        .with("cut.xlsx", b"PK\x03\x04 and then nothing")
        .with("folder/inside.csv", "")
        .with("groups.txt", "Sales\n");
    let commands = [
        "check nowhere.csv",
        "check folder",
        "check empty.csv",
        "check blank.csv",
        "check picture.csv",
        "check cut.xlsx",
        "check staff.csv --profile nobodys",
        "check staff.csv --against nowhere.csv",
        "check staff.csv --list groups=nowhere.txt",
        "check staff.csv --list groups",
        "check staff.csv --list moods=groups.txt",
        "check staff.csv --as encoding=klingon",
        "check staff.csv --as delimiter=x",
        "check staff.csv --as header=0",
        "check staff.csv --as header=99",
        "check staff.csv --as colour=red",
        "check staff.csv --as UTF-8",
        "check staff.csv --policy groups",
        "check staff.csv --policy groups=maybe",
        "check staff.csv --format xml",
        "check",
        "chekc staff.csv",
        "",
        "diff staff.csv",
        "plan staff.csv",
        "kit staff.csv --against staff.csv",
        "fix staff.csv",
        "fix staff.csv --out nowhere/fixed.csv",
        "copy staff.csv",
    ];
    for command in commands {
        let answer = world.muster(command).exits(2);
        assert_eq!(answer.out, "", "{command}");
        assert!(answer.err.trim().len() > 20, "{command}: {}", answer.err);
    }
}

#[test]
fn a_reason_names_the_file_and_what_to_do() {
    let world = World::new().with("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0");
    world.muster("check nowhere.csv").exits(2).only_says(
        "muster: `nowhere.csv` could not be read: it does not exist\n        \
         Check the name, or whether it was moved.",
    );
    let answer = world.muster("check picture.csv").exits(2);
    assert!(answer.err.starts_with("muster: `picture.csv` is "), "{}", answer.err);
}

#[cfg(unix)]
#[test]
fn a_file_one_may_not_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new().with("staff.csv", snapshot());
    let path = world.path("staff.csv");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).expect("possible");
    if std::fs::read(&path).is_ok() {
        // The superuser may read everything.
        return;
    }
    let answer = world.muster("check staff.csv").exits(2);
    assert!(answer.err.contains("you may not use it"), "{}", answer.err);
}

#[test]
fn help_is_an_answer_and_tells_only_what_there_is() {
    let world = World::new();
    let help = world.muster("--help").exits(0).out;
    for command in [
        "check",
        "convert",
        "fix",
        "diff",
        "plan",
        "kit",
        "copy",
        "fetch",
        "locations",
        "outbox",
        "profiles",
        "push",
        "rules",
        "template",
    ] {
        assert!(help.contains(&format!("\n  {command} ")), "{help}");
        let own = world.muster(&format!("{command} --help")).exits(0).out;
        assert!(own.contains("Usage: muster"), "{own}");
    }
    assert!(world.muster("--version").exits(0).out.starts_with("muster "));
}
