//! What is seen before a list is open is what is seen then, but for what nobody may see.
#![expect(clippy::disallowed_methods, reason = "what is kept is looked at on the disk")]

use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::super::Engine;
use super::{ColumnSoFar, RowsSoFar};
use crate::session::job::JobView;
use crate::session::rows::{Row, Rows};
use muster_table::error::FailureKind;
use muster_table::words::MASK;

struct Desk {
    folder: TempDir,
    engine: Engine,
}

fn desk() -> Desk {
    let folder = tempfile::tempdir().expect("a folder");
    let profiles = folder.path().join("profiles");
    let engine = Engine::new(folder.path().join("data"), profiles, SystemTime::now);
    Desk { folder, engine }
}

impl Desk {
    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path
    }

    fn first_rows(&self, path: &Path) -> Option<RowsSoFar> {
        let reply = self.engine.call("first_rows", json!({ "path": path, "profile": null }));
        serde_json::from_value(reply.expect("it never fails")).expect("rows or none")
    }

    fn open(&self, path: &Path) -> JobView {
        let job = self.engine.call("open", json!({ "path": path, "profile": null }));
        serde_json::from_value(job.expect("opened")).expect("a job")
    }

    fn rows(&self, count: usize) -> Vec<Row> {
        let request = json!({ "view": {}, "first": 0, "count": count });
        let rows = self.engine.call("rows", request).expect("an open list has rows");
        serde_json::from_value::<Rows>(rows).expect("rows").rows
    }

    fn rows_so_far(&self, first: u32, count: u32) -> Option<RowsSoFar> {
        let request = json!({ "first": first, "count": count });
        serde_json::from_value(self.engine.call("rows_so_far", request).expect("it never fails"))
            .expect("rows or none")
    }

    /// Everything that is kept, by name and bytes.
    fn kept(&self) -> Vec<(PathBuf, Vec<u8>)> {
        fn all(folder: &Path, into: &mut Vec<(PathBuf, Vec<u8>)>) {
            for entry in std::fs::read_dir(folder).expect("it can be listed").flatten() {
                match entry.path() {
                    path if path.is_dir() => all(&path, into),
                    path => into.push((path.clone(), std::fs::read(path).expect("readable"))),
                }
            }
        }
        let mut kept = Vec::new();
        all(&self.folder.path().join("data"), &mut kept);
        kept.sort();
        kept
    }
}

/// Line and cells, with what is the same in every way it was read.
fn said(rows: &[Row]) -> Vec<(u32, Option<u32>, &[String])> {
    rows.iter().map(|row| (row.id, row.line, &row.cells[..])).collect()
}

/// More people than the beginning of a file holds.
fn many(head: &str, line: &str) -> String {
    let lines = (0..8_000).map(|n| line.replace('#', &n.to_string()));
    std::iter::once(head.to_owned()).chain(lines).collect::<Vec<_>>().join("\r\n") + "\r\n"
}

#[test]
fn the_first_rows_are_those_that_the_open_list_has() {
    let utf_16 = |text: String| {
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16().collect::<Vec<_>>());
        units.flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
    };
    let line = "u#,Ada,Müller#,u#@example.com,\"Sales, Ops\",\"a note\r\nof two lines\",+43 1 #";
    let head = "Username,Firstname,Lastname,Email,Groups,Note,Phone";
    let desk = desk();
    for (name, bytes) in [
        ("edapp.csv", many(head, line).into_bytes()),
        ("marked.csv", format!("\u{feff}{}", many(head, line)).into_bytes()),
        ("title.csv", format!("Staff of November\r\n\r\n{}", many(head, line)).into_bytes()),
        (
            "wide.txt",
            utf_16(many(&head.replace(',', "\t"), "u#\tAda\tBäcker\tu#@example.com\t\t\t")),
        ),
        ("unknown.csv", many("Code;Ort", "K#;Wien").into_bytes()),
        ("bare.csv", many("u0,Ada,a@example.com", "u#,Bo,b#@example.com").into_bytes()),
        ("short.csv", b"email,name\na@example.com,Ada\n".to_vec()),
    ] {
        let path = desk.write(name, bytes);
        let first = desk.first_rows(&path).expect("its beginning tells it");
        let job = desk.open(&path);
        assert!(first.rows.len() > 250 || name == "short.csv", "{name}: {}", first.rows.len());
        assert_eq!(said(&first.rows), said(&desk.rows(first.rows.len())), "{name}");
        let so_far = |column: &ColumnSoFar| {
            (column.name.clone(), column.field.clone(), column.is_key, column.secret)
        };
        let cards =
            job.columns.iter().map(|c| (c.name.clone(), c.field.clone(), c.is_key, c.secret));
        assert_eq!(first.columns.iter().map(so_far).collect::<Vec<_>>(), cards.collect::<Vec<_>>());
        assert_eq!((first.name, first.total), (job.name, None));
    }
}

#[test]
fn a_password_is_not_shown_before_the_list_is_open_either() {
    let desk = desk();
    let secret = "hunter2-#";
    let shown = |path: &Path| {
        let first = desk.first_rows(path).expect("its beginning tells it");
        assert!(!json!(first).to_string().contains("hunter2"), "{}", path.display());
        let masked = first.rows[0].cells.iter().filter(|cell| *cell == MASK).count();
        (masked, first)
    };
    for (head, masked) in [
        ("username,Passwort,email", 1),
        ("Username,Firstname,Password,Email", 1),
        ("login,mot de passe,New password,name", 2),
        ("PIN,PW,email", 2),
    ] {
        let columns = head.split(',').map(|name| match name {
            "email" | "Email" => "u#@example.com",
            "PIN" | "PW" => secret,
            name if name.to_lowercase().contains("pass") => secret,
            _ => "u#",
        });
        let line = columns.collect::<Vec<_>>().join(",");
        let path = desk.write("staff.csv", many(head, &line));
        assert_eq!(shown(&path).0, masked, "{head}");
    }
    // Called like nothing that anybody knows, it is a password because somebody has said so of an earlier file.
    let text = many("username,password,Zeichen,email", "u#,p#,hunter2-#,u#@example.com");
    let file = desk.write("said.csv", text.replace("password,", "other,"));
    let job = desk.open(&file);
    let profile = json!({ "id": "moodle" });
    desk.engine.call("choose_profile", profile).expect("chosen");
    let uses = json!([{ "column": 2, "used": { "as": "field", "field": "password" } }]);
    desk.engine.call("set_mapping", uses).expect("said");
    assert!(desk.rows(1)[0].cells[2] == MASK, "{job:?}");
    let again = desk.write("again.csv", text.replace("password,", "other,"));
    let reply = desk.engine.call("first_rows", json!({ "path": again, "profile": "moodle" }));
    let first = reply.expect("it never fails").to_string();
    assert!(first.contains("u17@example.com") && !first.contains("hunter2"));
}

#[test]
fn looking_at_the_first_rows_keeps_nothing() {
    let desk = desk();
    desk.engine.call("home", Value::Null).expect("told");
    let path = desk.write("staff.csv", many("email,name", "u#@example.com,Ada #"));
    let before = desk.kept();
    desk.first_rows(&path).expect("its beginning tells it");
    assert_eq!(desk.kept(), before);
    assert!(desk.engine.call("job", Value::Null).is_err(), "no list is open");
    let long = std::fs::read(&path).expect("readable");
    assert_eq!(long, many("email,name", "u#@example.com,Ada #").into_bytes());
}

#[test]
fn what_cannot_be_opened_shows_nothing_and_is_told_as_ever() {
    let desk = desk();
    let folder = desk.folder.path().join("folder.csv");
    std::fs::create_dir(&folder).expect("made");
    for path in [
        desk.folder.path().join("gone.csv"),
        folder,
        desk.write("empty.csv", ""),
        desk.write("picture.csv", [b"\x89PNG\r\n\x1a\n".as_slice(), &[0; 300_000]].concat()),
        desk.write("page.csv", format!("<html>{}</html>", "<p>a,b</p>\n".repeat(40_000))),
        desk.write("broken.xlsx", [b"PK\x03\x04".as_slice(), &[7; 300_000]].concat()),
    ] {
        assert_eq!(desk.first_rows(&path), None, "{}", path.display());
        let failure = desk.engine.call("open", json!({ "path": path, "profile": null }));
        let failure = failure.expect_err("it is no list");
        assert!(matches!(failure.kind, FailureKind::File | FailureKind::Format), "{failure}");
    }
}

#[test]
fn first_rows_wait_for_no_list_that_is_busy() {
    let desk = desk();
    let path = desk.write("staff.csv", many("email,name", "u#@example.com,Ada #"));
    desk.open(&path);
    let busy = desk.engine.lock_job();
    desk.first_rows(&path).expect("nobody waits");
    assert_eq!(desk.rows_so_far(0, 10), None, "no list is being opened");
    drop(busy);
}

/// Opens a list and hands its rows on as soon as they can be read, while the list is being checked.
fn while_it_is_checked(
    desk: &Desk,
    path: &Path,
    then: impl FnOnce(),
) -> muster_table::error::Result<Value> {
    std::thread::scope(|scope| {
        let request = json!({ "path": path, "profile": null });
        let opened = scope.spawn(|| desk.engine.call("open", request));
        let begun = Instant::now();
        while desk.rows_so_far(0, 0).is_none() {
            assert!(begun.elapsed().as_secs() < 60 && !opened.is_finished(), "it was never there");
            std::thread::yield_now();
        }
        then();
        opened.join().expect("it ends")
    })
}

#[test]
fn all_rows_can_be_read_while_they_are_checked_and_are_those_of_the_list() {
    let desk = desk();
    let text = many("Username,Password,Email", "u#,hunter2-#,u#@example.com").repeat(4);
    let path = desk.write("staff.csv", text);
    let mut last = Vec::new();
    let opened = while_it_is_checked(&desk, &path, || {
        let all = desk.rows_so_far(0, 0).expect("it is still being checked");
        let total = all.total.expect("all are read");
        assert_eq!((all.rows.len(), total), (0, 32_003));
        let end = desk.rows_so_far(total - 5, 50).expect("it is still being checked");
        assert_eq!((end.first, end.rows.len()), (total - 5, 5));
        assert_eq!(desk.rows_so_far(u32::MAX, 9).expect("checked").rows, []);
        last = end.rows;
    });
    opened.expect("opened");
    let request = json!({ "view": {}, "first": 31_998, "count": 50 });
    let rows = desk.engine.call("rows", request).expect("an open list has rows");
    let rows = serde_json::from_value::<Rows>(rows).expect("rows").rows;
    assert_eq!(said(&last), said(&rows));
    assert!(last[1].cells[1] == MASK);
    assert_eq!(desk.rows_so_far(0, 10), None, "the open list has its own");
}

#[test]
fn a_list_that_is_given_up_while_it_is_checked_leaves_nothing() {
    let desk = desk();
    let small = desk.write("small.csv", "email,name\na@example.com,Ada\n");
    desk.open(&small);
    let before = desk.engine.call("home", Value::Null).expect("told");
    let path = desk.write("staff.csv", many("Username,Email", "u#,u#@example.com").repeat(4));
    let stopped = while_it_is_checked(&desk, &path, || {
        desk.engine.cancel(None).expect("told");
    });
    assert_eq!(stopped.expect_err("stopped").kind, FailureKind::Cancelled);
    assert_eq!(desk.rows_so_far(0, 10), None);
    assert_eq!(desk.engine.call("home", Value::Null).expect("told"), before);
    assert_eq!(desk.rows(10).len(), 1, "the list before is still the open one");
}
