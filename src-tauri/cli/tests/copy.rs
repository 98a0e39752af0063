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
        serde_json::json!({"out": "book.xlsx", "people": 2, "format": "XLSX"})
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
