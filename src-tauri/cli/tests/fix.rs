//! `muster fix`.

use crate::world::{ANA, BO, CEM, World, edapp, expect, snapshot};

fn world() -> World {
    let wrong = edapp(&[
        &ANA.replace("Silva", " Silva"),
        &BO.replace("Marketing", "Markting"),
        &CEM.replace("Operations", "operations"),
    ]);
    World::new().with("staff.csv", wrong).with("last.csv", snapshot())
}

#[test]
fn safe_fixes_are_made_in_a_new_file_and_told() {
    let world = world();
    let before = world.text("staff.csv");
    let answer = world.muster("fix staff.csv --against last.csv --out fixed.csv").exits(0);
    expect("fix-safe.txt", &answer.out);
    assert_eq!(world.text("staff.csv"), before);
    let fixed = edapp(&[ANA, &BO.replace("Marketing", "Markting"), CEM]);
    assert_eq!(world.text("fixed.csv"), fixed);
}

#[test]
fn unsafe_fixes_are_made_only_when_asked_for() {
    let world = world();
    let answer = world
        .muster("fix staff.csv --against last.csv --out fixed.csv --unsafe --format json")
        .exits(0);
    expect("fix-unsafe.json", &answer.out);
    assert_eq!(world.text("fixed.csv"), snapshot());
}

#[test]
fn fixes_of_one_rule_can_be_made_alone() {
    let world = world();
    world
        .muster("fix staff.csv --against last.csv --out fixed.csv --unsafe --rule group-unknown")
        .exits(0);
    assert_eq!(world.text("fixed.csv"), edapp(&[&ANA.replace("Silva", " Silva"), BO, CEM]));
    let answer = world.muster("fix staff.csv --out other.csv --rule no-such").exits(2);
    answer.only_says("muster: there is no rule `no-such`\n        `muster rules` lists them.");
    assert!(!world.has("other.csv"));
}

#[test]
fn whoever_left_stays_out_unless_it_is_asked_for() {
    let roster = edapp(&[ANA, &BO.replace("Sales; Marketing", "Marketing")]);
    let world = World::new().with("staff.csv", &roster).with("last.csv", snapshot());
    let replacing = "--against last.csv --unsafe --policy groups=replace";
    world.muster(&format!("fix staff.csv --out fixed.csv {replacing}")).exits(0);
    assert_eq!(world.text("fixed.csv"), roster);
    let asked = format!("fix staff.csv --out back.csv {replacing} --rule person-missing");
    let answer = world.muster(&asked).exits(0);
    assert!(answer.out.starts_with("+ `Cem Aydin`"), "{}", answer.out);
    assert!(world.text("back.csv").contains("cem@example.com"));
    let asked = format!("fix staff.csv --out listed.csv {replacing} --rule membership-lost");
    world.muster(&asked).exits(0);
    assert!(world.text("listed.csv").contains("Marketing; Sales"));
}

#[test]
fn without_anything_to_fix_the_new_file_is_the_old_one() {
    let world = World::new().with("staff.csv", snapshot());
    let answer = world.muster("fix staff.csv --out same.csv").exits(0);
    assert!(answer.out.contains("0 changes"), "{}", answer.out);
    assert_eq!(world.text("same.csv"), snapshot());
}

#[test]
fn the_roster_itself_is_never_written_over() {
    let world = world();
    let before = world.text("staff.csv");
    world.muster("fix staff.csv --out staff.csv").exits(2);
    world.muster("fix staff.csv --out last.csv").exits(2);
    assert_eq!(world.text("staff.csv"), before);
    assert_eq!(world.text("last.csv"), snapshot());
}

#[test]
fn a_file_that_is_there_is_replaced_only_when_asked_for_and_as_a_whole() {
    let world = world();
    let world = world.with("mine.csv", "mine");
    let words = "fix staff.csv --against last.csv --unsafe --out mine.csv";
    let answer = world.muster(words).exits(2);
    assert!(answer.err.contains("exists already") && answer.err.contains("--replace"));
    world.muster(&format!("{words} --replace")).exits(0);
    assert_eq!(world.text("mine.csv"), snapshot());
    let world = world.with("folder/mine.txt", "mine");
    let answer = world.muster("fix staff.csv --out folder --replace").exits(2);
    assert!(answer.err.contains("`folder` could not be written"), "{}", answer.err);
    assert_eq!(world.text("folder/mine.txt"), "mine");
    let left = std::fs::read_dir(world.path("")).expect("a folder").flatten();
    let left = left.filter(|entry| entry.file_name().to_string_lossy().ends_with(".part"));
    assert_eq!(left.count(), 0);
}

#[test]
fn a_login_is_filled_from_other_columns_before_anything_is_fixed() {
    let staff = "Unique Key,First Name,Last Name,Email,Login Name,Active,Employee ID\n\
                 K1,Ana,Silva,ana@example.com,asilva,Yes,007\n\
                 ,Zoë,O'Neill,zoe@example.com,,Yes,008\n";
    let world = World::new().with("staff.csv", staff);
    let words = [
        "fix",
        "staff.csv",
        "--out",
        "new.csv",
        "--fill",
        "Login Name={Last Name}{Employee ID}+plain",
    ];
    let answer = world.muster_with(&words).exits(0);
    assert!(
        answer.out.contains("line 3, Login Name: nothing → `oneill008` (filled)"),
        "{}",
        answer.out
    );
    assert!(
        world.text("new.csv").contains("O'Neill,zoe@example.com,oneill008,Yes"),
        "{}",
        world.text("new.csv")
    );
    let words = ["fix", "staff.csv", "--out", "other.csv", "--fill", "Login Name={Shoe size}"];
    let answer = world.muster_with(&words).exits(2);
    assert!(answer.err.contains("there is no column `Shoe size`"), "{}", answer.err);
}

#[test]
fn a_corrected_report_is_taken_over_by_key_instead_of_fixing() {
    let wrong =
        edapp(&[&ANA.replace("Silva", " Silva"), &BO.replace("Marketing", "Markting"), CEM]);
    let world =
        World::new().with("staff.csv", wrong).with("groups.txt", "Sales\nMarketing\nOperations\n");
    world.muster("check staff.csv --list groups=groups.txt --report problems.csv").exits(1);
    let corrected = world
        .text("problems.csv")
        .replace("\"Sales; Markting\",\"\"", "\"Sales; Markting\",\"Sales; Marketing\"")
        + "\"\",\"\",\"\",\"9\",\"dee@example.com\",\"Dee\",\"roles\",\"\",\"Learner\"\r\n";
    let world = world.with("back.csv", corrected);
    let answer = world.muster("fix staff.csv --merge back.csv --out fixed.csv").exits(1);
    let lines: Vec<&str> = answer.out.lines().collect();
    assert_eq!(
        lines,
        [
            "~ line 3, usergroups (optional): `Sales; Markting` → `Sales; Marketing`",
            &format!(
                "? line {} of the file, `dee@example.com`: Nobody here has this key. Nobody is added.",
                world.text("back.csv").lines().count()
            ),
            "fixed.csv: 3 people, CSV; 1 change for 1 person",
        ]
    );
    assert_eq!(world.text("fixed.csv"), edapp(&[&ANA.replace("Silva", " Silva"), BO, CEM]));
    let refused = world.muster("fix staff.csv --merge back.csv --unsafe --out other.csv").exits(2);
    assert!(refused.err.contains("cannot be used with"), "{}", refused.err);
}

#[test]
fn values_are_replaced_before_anything_is_fixed() {
    let world = world();
    let words = "fix staff.csv --against last.csv --out mapped.csv --map-value";
    let asked = format!("{words} usergroups:Markting=Marketing");
    let answer = world.muster(&asked).exits(0);
    assert!(answer.out.contains("Marketing` (map-value)"), "{}", answer.out);
    assert_eq!(world.text("mapped.csv"), edapp(&[ANA, BO, CEM]));
    let answer = world.muster(&format!("{words} shoe:1=2 --replace")).exits(2);
    answer.only_says("muster: there is no column `shoe`");
    let answer = world.muster(&format!("{words} shoe")).exits(2);
    assert!(answer.err.contains("COLUMN:FROM=TO"), "{}", answer.err);
}
