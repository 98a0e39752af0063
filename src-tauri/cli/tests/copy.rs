//! `muster copy`.

use crate::world::{World, snapshot};

#[test]
fn a_text_copied_to_a_text_is_the_same_byte_for_byte() {
    let utf16: Vec<u8> = std::iter::once(0xFEFF)
        .chain("mail;name\r\nana@example.com;\"A; na\"\r\n".encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let uglies: [&[u8]; 6] = [
        b"\xEF\xBB\xBFname,mail\r\n\"Ana\",ana@example.com\r\n\r\n",
        b"Title\n\nname;mail\nJos\xE9;jose@example.com",
        b"a,b\r1,\"two\nlines\"\r",
        b"a\tb\n1\t2\t3\n1\n",
        &utf16,
        b"name,mail\nAna , ana@example.com\n \n",
    ];
    for ugly in uglies {
        let world = World::new().with("in.csv", ugly);
        world.muster("copy in.csv out.csv").exits(0);
        assert_eq!(world.read("out.csv"), ugly);
    }
}

#[test]
fn a_workbook_and_back_keeps_every_cell() {
    let text = "id,name\r\n00417,\"Silva, Ana\"\r\n1E5,=1+1\r\n";
    let world = World::new().with("in.csv", text);
    let answer = world.muster("copy in.csv book.xlsx --format json").exits(0);
    assert_eq!(
        answer.json(),
        serde_json::json!({"out": "book.xlsx", "people": 2, "format": "XLSX", "for_excel": true})
    );
    world.muster("copy book.xlsx back.csv").exits(0);
    assert_eq!(world.text("back.csv"), text);
}

#[test]
fn nothing_that_is_there_is_replaced_unless_asked_for() {
    let world = World::new().with("in.csv", snapshot()).with("out.csv", "precious");
    let answer = world.muster("copy in.csv out.csv").exits(2);
    answer.only_says(
        "muster: `out.csv` was not written: it exists already\n        \
         Choose another name, or add --replace.",
    );
    assert_eq!(world.text("out.csv"), "precious");
    world.muster("copy in.csv in.csv").exits(2);
    assert_eq!(world.text("in.csv"), snapshot());
    world.muster("copy in.csv out.csv --replace").exits(0);
    assert_eq!(world.text("out.csv"), snapshot());
}

#[test]
fn what_muster_does_not_write_is_refused_with_the_endings_there_are() {
    let world = World::new().with("in.csv", snapshot());
    for ending in ["xlsm", "numbers", "pdf", "html"] {
        let answer = world.muster(&format!("copy in.csv out.{ending}")).exits(2);
        answer.only_says(&format!(
            "muster: Muster writes no .{ending} files\n        \
             Give it a name that ends in .csv, .tsv, .txt, .tab, .xlsx or .xls."
        ));
        assert!(!world.has(&format!("out.{ending}")));
    }
    for text in ["out", "out.tab", "out.TXT"] {
        world.muster(&format!("copy in.csv {text}")).exits(0);
        assert_eq!(world.text(text), snapshot());
    }
    let answer = world.muster("check in.csv --report out.pdf").exits(2);
    assert!(answer.err.contains(".xlsx, .html or .htm."), "{}", answer.err);
}

#[test]
fn a_letter_that_the_encoding_lacks_makes_the_text_utf_8_and_that_is_told() {
    let world = World::new().with("in.csv", b"email,username,City\nana@example.com,ana,K\xF6ln\n");
    let words = "fix in.csv --out out.csv --map-value";
    let words: Vec<&str> = words.split(' ').chain(["City:Köln=Łódź"]).collect();
    let answer = world.muster_with(&words).exits(0);
    assert!(answer.err.contains("`out.csv` is in UTF-8: "), "{}", answer.err);
    assert!(world.text("out.csv").contains("Łódź"));
}

#[test]
fn a_roster_of_edapp_is_converted_for_safetyculture_and_what_differs_is_told() {
    let world = World::new().with("staff.csv", snapshot());
    let answer = world.muster("convert staff.csv --to safetyculture --out moved.csv").exits(0);
    assert!(answer.out.contains("From EdApp to SafetyCulture"), "{}", answer.out);
    assert!(answer.out.contains("(passwords do not move)"), "{}", answer.out);
    assert!(
        world.text("moved.csv").starts_with("User ID,Email,First name,Last name,Status,Groups")
    );
    world.muster("check moved.csv --profile safetyculture").exits(0);
    let answer = world.muster("convert staff.csv --to safetyculture --format json").exits(0);
    assert_eq!(answer.json()["out"], serde_json::Value::Null);
    assert_eq!(answer.json()["columns"][1]["becomes"], "Email");
    world.muster("convert staff.csv --to nowhere").exits(2);
}

#[test]
fn a_copy_for_excel_is_a_workbook_of_texts_and_never_a_csv() {
    let list = "id,name,start,note\n00417,Ada,01/02/2026,=1+1\n";
    let world = World::new().with("in.csv", list);
    let told = world.muster("copy in.csv out.csv --for-excel").exits(2);
    assert!(told.err.contains("takes the zeros off"), "{}", told.err);
    assert!(!world.has("out.csv"));
    for name in ["out.xlsx", "out.xls"] {
        let asked = format!("copy in.csv {name} --for-excel --format json");
        assert_eq!(world.muster(&asked).exits(0).json()["for_excel"], true);
        world.muster(&format!("copy {name} back.csv --replace")).exits(0);
        assert_eq!(world.text("back.csv").replace("\r\n", "\n"), list);
    }
}

#[test]
fn a_table_that_is_piped_in_is_a_list() {
    use std::io::Write;
    let world = World::new();
    let mut muster = world
        .command(&["copy", "-", "out.csv"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("muster runs");
    let pasted = "email\tname\nå@example.com\tAda\n";
    muster.stdin.take().expect("piped").write_all(pasted.as_bytes()).expect("written");
    assert!(muster.wait().expect("ends").success());
    assert_eq!(world.text("out.csv"), pasted);
}

#[test]
fn nothing_is_written_to_a_dash_and_what_is_piped_in_is_called_so() {
    let world = World::new().with("list.csv", "username,email\nada,ada@example.com\n");
    let answer = world.muster("fix list.csv --out -").exits(2);
    assert!(answer.err.contains("`-` was not written"), "{}", answer.err);
    assert!(!world.has("-"));
}
