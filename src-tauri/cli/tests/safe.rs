//! No harm from safe fixes: what `muster fix` leaves alone, what `muster kit` then sends, and what is shown nowhere.

use crate::world::{HEADER, World};

const SPACED: [&str; 2] = [
    "ada@example.com,ada ,Ada,Berg,Sales,Learner,2025-01-02,,K1",
    "bo@example.com,bo,Bo,Lind,Sales ,Learner,2025-01-03,,K2",
];

fn list(people: &[&str]) -> String {
    format!("{HEADER}\r\n{}\r\n", people.join("\r\n"))
}

#[test]
fn a_key_and_a_group_stay_as_the_lms_exported_them_down_to_the_upload() {
    let edited =
        list(&[&SPACED[0].replace("Berg", "Berg-Moe"), &SPACED[1].replace("Lind", "Lindt")]);
    let world = World::new().with("last.csv", list(&SPACED)).with("staff.csv", &edited);
    let told = world.muster("check staff.csv --profile edapp --against last.csv").exits(0);
    assert_eq!(told.out.matches("[as-exported]").count(), 2, "{}", told.out);
    assert!(!told.out.contains("[space-stray]"), "{}", told.out);
    world.muster("fix staff.csv --profile edapp --against last.csv --out fixed.csv").exits(0);
    assert_eq!(world.text("fixed.csv"), edited);
    // Whoever trimmed both by hand makes no new person and no new group.
    let by_hand = edited.replace("ada ,", "ada,").replace("Sales ,", "Sales,");
    for (file, text) in [("staff.csv", None), ("by-hand.csv", Some(by_hand))] {
        let world = match text {
            Some(text) => World::new().with("last.csv", list(&SPACED)).with(file, text),
            None => World::new().with("last.csv", list(&SPACED)).with(file, &edited),
        };
        world.muster(&format!("kit {file} --profile edapp --against last.csv --out kit")).exits(0);
        let upload = world.text("kit/upload.csv");
        assert!(upload.contains(",ada ,Ada,Berg-Moe,Sales,"), "{file}: {upload}");
        assert!(upload.contains(",bo,Bo,Lindt,Sales ,"), "{file}: {upload}");
    }
}

#[test]
fn what_may_be_a_letter_is_taken_out_by_no_fix() {
    let mut dos = b"employee_id;name;city\r\n".to_vec();
    dos.extend(b"1;J\x94rg M\x81ller;K\x94ln\r\n2;B\x84rbel Gro\xE1;D\x81ren\r\n3;\x9Dystein \x8Fse;\x9Drsta\r\n");
    let world = World::new().with("dos.csv", &dos);
    for unsafe_too in ["", " --unsafe"] {
        let _ = world.muster(&format!("fix dos.csv --out fixed.csv --replace{unsafe_too}"));
        if world.has("fixed.csv") {
            assert_eq!(world.read("fixed.csv"), dos, "{unsafe_too}");
        }
    }
    let half = "username,email,firstname,lastname\r\nu2,u2@example.com,Ayşe,Å\u{9E}Ã¼krÃ¼\r\nu3,u3@example.com,Ali,ÅÃ¼krÃ¼\r\n";
    let world = World::new().with("half.csv", half);
    world.muster("fix half.csv --out fixed.csv").exits(0);
    assert_eq!(world.text("fixed.csv"), half.replace("Å\u{9E}Ã¼krÃ¼", "Şükrü"));
}

#[test]
fn a_column_named_like_a_password_is_shown_nowhere_and_kept() {
    let text = |pin: &str| {
        format!(
            "employee_id,name,PIN,Kennwort\r\n1,Ada,{pin},geheim \r\n2,Bo,0443,x&auml;y\r\n3,Cy,0444,ok\r\n"
        )
    };
    let world = World::new().with("staff.csv", text("042")).with("last.csv", text("0042"));
    for command in [
        "check staff.csv",
        "check staff.csv --against last.csv",
        "check staff.csv --against last.csv --format json",
        "diff last.csv staff.csv",
        "diff last.csv staff.csv --format json",
    ] {
        let answer = world.muster(command);
        for secret in ["geheim", "0042", "0443", "x&auml;y"] {
            assert!(!answer.out.contains(secret), "{command}: {}", answer.out);
        }
    }
    // A key is shown: people are found by it.
    let keyed = World::new().with("a.csv", "PIN,name\r\n0042,Ada \r\n0043,Bo\r\n0044,Cy\r\n");
    let answer = keyed.muster("check a.csv --format json");
    assert!(answer.out.contains("Ada"), "{}", answer.out);
}
