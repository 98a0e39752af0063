//! Whatever is opened, there is a sentence, and nothing that was open is lost.

use std::io::{Cursor, Write};

use serde_json::{Value, json};

use crate::home::{Computer, Muster};

fn refused(muster: &Muster, path: &std::path::Path) -> String {
    muster.refused("open", json!({ "path": path })).to_string()
}

#[test]
fn what_is_no_list_of_people_is_refused_with_a_sentence_and_what_was_open_stays() {
    let computer = Computer::new();
    let muster = computer.start();
    let open = muster.open(&computer.write("staff.csv", "email,name\na@example.com,Ada\n"));
    let noise: Vec<u8> =
        (0..5000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 11) as u8).collect();
    let refusals = [
        ("missing.csv", None, "`missing.csv` could not be read: it does not exist."),
        ("empty.csv", Some(Vec::new()), "`empty.csv` is empty: there are no column names"),
        ("blank.csv", Some(b"\n , \n\n".to_vec()), "`blank.csv` is empty"),
        ("noise.csv", Some(noise), "`noise.csv` is not a list of people: the file is not text"),
        (
            "list.pdf",
            Some(b"%PDF-1.7\n\0\0".to_vec()),
            "`list.pdf` is not a list of people: the file is a PDF",
        ),
        ("cut.xlsx", Some(cut_workbook()), "it is damaged or was cut off"),
        ("locked.xlsx", Some(LOCKED.to_vec()), "it is protected with a password"),
        ("charts.xlsx", Some(CHARTS.to_vec()), "there is no sheet with cells in it"),
        ("old.csv", Some(b"\xFF\xFEa\0,\0b".to_vec()), "is not whole UTF-16LE text"),
    ];
    for (name, bytes, told) in refusals {
        let path = match bytes {
            Some(bytes) => computer.write(name, bytes),
            None => computer.path(name),
        };
        let sentence = refused(&muster, &path);
        assert!(sentence.contains(told), "{name}: {sentence}");
        assert_eq!(muster.call("job", Value::Null)["id"], open["id"]);
    }
    let folder = refused(&muster, &computer.path(""));
    assert!(folder.contains("it is a folder, not a file"), "{folder}");
    assert_eq!(muster.call("home", Value::Null)["recent"].as_array().map(Vec::len), Some(1));
}

const CHARTS: &[u8] = include_bytes!("../formats/workbooks/charts-only.xlsx");
const LOCKED: &[u8] = include_bytes!("../formats/workbooks/password.xlsx");

fn cut_workbook() -> Vec<u8> {
    let whole = include_bytes!("../formats/workbooks/roster.xlsx");
    whole[..whole.len() * 2 / 3].to_vec()
}

#[test]
fn a_workbook_that_would_unpack_to_gigabytes_is_refused_with_a_number() {
    let computer = Computer::new();
    let muster = computer.start();
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let parts = [
        (
            "_rels/.rels",
            r#"<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        ("xl/workbook.xml", r#"<workbook><sheets><sheet name="S" id="s"/></sheets></workbook>"#),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships><Relationship Id="s" Type="x/worksheet" Target="s.xml"/></Relationships>"#,
        ),
    ];
    for (name, text) in parts {
        archive.start_file(name, options).expect("begun");
        archive.write_all(text.as_bytes()).expect("written");
    }
    archive.start_file("xl/s.xml", options).expect("begun");
    archive.write_all(br#"<worksheet><sheetData><row><c t="inlineStr"><is><t>"#).expect("written");
    let block = vec![b'x'; 1 << 20];
    for _ in 0..40 {
        archive.write_all(&block).expect("written");
    }
    let bytes = archive.finish().expect("whole").into_inner();
    assert!(bytes.len() < 200_000, "a small file");
    let sentence = refused(&muster, &computer.write("bomb.xlsx", bytes));
    assert!(sentence.contains("MB"), "{sentence}");
}

#[test]
fn odd_lists_open_and_say_what_is_odd() {
    let computer = Computer::new();
    let muster = computer.start();
    let job = muster.open(&computer.write("header.csv", "email,name\r\n"));
    assert_eq!(job["people"], 0);
    assert_eq!(
        job["reading"]["remarks"],
        json!(["There are column names and no people in this file."])
    );
    assert_eq!(muster.rows(json!({}))["total"], 0);

    let job = muster.open(&computer.write("one.csv", "email\na@example.com\nb@example.com\n"));
    assert_eq!((&job["people"], job["columns"].as_array().map(Vec::len)), (&json!(2), Some(1)));

    let wide: Vec<String> = (0..300).map(|n| format!("c{n}")).collect();
    let job = muster.open(&computer.write("wide.csv", format!("{0}\n{0}\n", wide.join(","))));
    assert_eq!(job["columns"].as_array().map(Vec::len), Some(300));

    let too_wide = vec!["c"; 20_000].join(",");
    let sentence =
        refused(&muster, &computer.write("wider.csv", format!("{too_wide}\n{too_wide}\n")));
    assert!(sentence.contains("its first row has 20000 cells"), "{sentence}");

    let large = "x".repeat(5 << 20);
    let text = format!("email,note\na@example.com,{large}\nb@example.com,y\n");
    muster.open(&computer.write("large.csv", &text));
    muster.set(2, 1, "z");
    let copy = computer.path("large copy.csv");
    muster.call("save_copy", json!({ "path": copy, "replace": false }));
    let saved = std::fs::read_to_string(&copy).expect("saved");
    assert!(saved == text.replace(",y\n", ",z\n"), "the large cell is as it was");

    muster.open(&computer.write("zeros.csv", "email,name\na@example.com,A\0da\n"));
    assert_eq!(muster.cells(json!({}))[0][1], "A\0da");

    muster
        .open(&computer.write("ragged.csv", "email,name\na@example.com\nb@example.com,Bo,more\n"));
    let cells = muster.cells(json!({}));
    assert_eq!(cells, [vec!["a@example.com", ""], vec!["b@example.com", "Bo", "more"]]);
}

#[test]
fn a_file_that_changes_or_disappears_is_noticed_and_never_written_to() {
    let computer = Computer::new();
    let muster = computer.start();
    let file = computer.write("staff.csv", "email,name\na@example.com,Ada\n");
    muster.open(&file);
    muster.set(1, 1, "Adah");
    assert_eq!(muster.call("job", Value::Null)["file_notice"], Value::Null);
    std::fs::write(&file, "email,name\nz@example.com,Zoe\nb@example.com,Bo\n").expect("written");
    let notices = muster.call("job", Value::Null)["file_notice"].to_string();
    assert!(notices.contains("Another program has changed `staff.csv`"), "{notices}");
    assert_eq!(muster.cells(json!({}))[0][1], "Adah");
    std::fs::remove_file(&file).expect("removed");
    let notices = muster.call("job", Value::Null)["file_notice"].to_string();
    assert!(notices.contains("`staff.csv` is no longer where it was"), "{notices}");
    muster.set(1, 1, "Ada L");
    drop(muster);
    // The next start does not need the file.
    let muster = computer.start();
    let id = muster.call("home", Value::Null)["recent"][0]["id"].clone();
    let job = muster.call("open_job", json!({ "id": id }));
    assert!(job["file_notice"].to_string().contains("no longer where it was"));
    assert_eq!(muster.cells(json!({}))[0][1], "Ada L");
    assert!(!file.exists());
}

#[test]
fn one_job_is_open_in_one_window_at_a_time() {
    let computer = Computer::new();
    let file = computer.write("staff.csv", "email,name\na@example.com,Ada\n");
    let (first, second) = (computer.start(), computer.start());
    let id = first.open(&file)["id"].clone();
    let busy = second.refused("open_job", json!({ "id": id }));
    assert_eq!(busy.kind, muster_engine::error::FailureKind::Busy);
    assert!(busy.to_string().contains("open in another window"), "{busy}");
    assert_eq!(second.refused("open", json!({ "path": file })).kind, busy.kind);
    let home = second.call("home", Value::Null);
    assert_eq!(home["recent"][0]["trouble"], "It is open in another window.");
    assert_eq!(first.call("home", Value::Null)["recent"][0]["trouble"], Value::Null);
    first.call("close", Value::Null);
    assert_eq!(second.open(&file)["id"], id);
    assert_eq!(
        first.refused("rows", json!({ "view": {}, "first": 0, "count": 1 })).what,
        "no list is open"
    );
}

#[test]
fn a_broken_profile_of_ones_own_is_told_with_its_line_and_a_sound_one_is_used() {
    let computer = Computer::new();
    std::fs::create_dir(computer.path("profiles")).expect("made");
    computer.write("profiles/broken.toml", "id = \"x\"\nname = 7\n");
    computer.write(
        "profiles/acme.toml",
        "id = \"acme\"\nname = \"Acme\"\nsummary = \"\"\nversion = \"2026-01-01\"\n[key]\nfield = \"badge\"\n\
         [[field]]\nid = \"badge\"\ntitle = \"Badge\"\nheaders = [\"badge no\"]\ncolumn_required = true\n\
         [[field]]\nid = \"who\"\ntitle = \"Who\"\nheaders = [\"who\"]\n",
    );
    let muster = computer.start();
    let home = muster.call("home", Value::Null);
    let broken = home["broken_profiles"][0].to_string();
    assert!(broken.contains("broken.toml") && broken.contains("line 2"), "{broken}");
    let job = muster.open(&computer.write("people.csv", "Badge no.,Who\n7,Ada\n8,Bo\n"));
    assert_eq!(
        (&job["profile"]["id"], &job["recognised"]),
        (&json!("acme"), &json!("2 of 2 columns match."))
    );
    std::fs::remove_file(computer.path("profiles/acme.toml")).expect("removed");
    drop(muster);
    let muster = computer.start();
    let job = muster.call("open_job", json!({ "id": job["id"] }));
    let notices = job["notices"].to_string();
    assert!(notices.contains("The profile `acme` is no longer there"), "{notices}");
    assert_eq!(muster.call("choose_profile", json!({ "id": "edapp" }))["profile"]["id"], "edapp");
    assert_eq!(
        muster.refused("choose_profile", json!({ "id": "none" })).what,
        "there is no profile `none`"
    );
}
