use std::fs;
use std::path::PathBuf;

use super::*;
use crate::database;
use crate::snapshots::SnapshotFacts;
use muster_table::error::FailureKind;

const PAGE: usize = 4096;

/// Two jobs, 200 steps each, a snapshot and a setting; closed.
fn filled() -> (TempDir, Vec<u32>) {
    let folder = folder();
    let store = open(folder.path());
    let jobs = ["staff", "guests"].map(|name| begin(&store, name));
    for number in 1..=200 {
        for lock in &jobs {
            store.append(lock, &set(number)).expect("saved");
        }
    }
    let snapshot = SnapshotFacts {
        at: NOW.into(),
        note: "October".into(),
        source: "users.csv".into(),
        people: 2,
        profile: None,
        reading: Value::Null,
    };
    let kept = store.blobs().keep(b"name\nAda\n").expect("kept");
    store.keep_snapshot(&jobs[0], &snapshot, kept).expect("kept");
    store.set_setting("look", &json!("dark")).expect("saved");
    let ids = jobs.iter().map(JobLock::id).collect();
    drop((store, jobs));
    (folder, ids)
}

fn database_of(folder: &TempDir) -> PathBuf {
    folder.path().join("muster.db")
}

fn scribble(folder: &TempDir, range: std::ops::Range<usize>) -> Vec<u8> {
    let mut bytes = fs::read(database_of(folder)).expect("there");
    for (at, byte) in bytes[range].iter_mut().enumerate() {
        *byte = (at % 251) as u8 ^ 0x5A;
    }
    fs::write(database_of(folder), &bytes).expect("written");
    bytes
}

/// The page on which the rows of a table begin.
fn root(folder: &TempDir, table: &str) -> usize {
    let connection = rusqlite::Connection::open(database_of(folder)).expect("opens");
    connection
        .query_row("select rootpage from sqlite_schema where name = ?", [table], |row| {
            row.get::<_, u32>(0)
        })
        .expect("known") as usize
}

fn aside(store: &Store) -> PathBuf {
    let aside = store.set_aside().expect("readable");
    assert_eq!(aside.len(), 1, "{aside:?}");
    aside[0].clone()
}

fn steps_of(store: &Store, job: u32) -> usize {
    let (lock, _) = store.hold(job, LATER).expect("opens");
    let done = store.load_done(&lock).expect("readable");
    assert_eq!(done.unreadable, 0);
    for (number, operation) in (1..).zip(&done.operations) {
        assert_eq!(*operation, set(number));
    }
    store.append(&lock, &set(done.operations.len() as u32 + 1)).expect("it goes on");
    done.operations.len()
}

#[test]
fn a_header_that_was_overwritten_costs_nothing_that_can_be_read() {
    for length in [16, 100, PAGE] {
        let (folder, jobs) = filled();
        let damaged = scribble(&folder, 0..length);
        let store = open(folder.path());
        assert_eq!(
            store.notices(),
            [
                "Muster's database was damaged. It was set aside as `muster.db.damaged-20261103T081500Z`, and a new one begun. \
              Read from it: 2 rosters, 400 steps, 1 snapshot."
            ]
        );
        assert!(fs::read(aside(&store)).expect("there") == damaged, "it is kept as it was");
        assert_eq!(store.setting("look").expect("readable"), Some(json!("dark")));
        let snapshots = store.snapshots(jobs[0]).expect("readable");
        assert_eq!(store.snapshot_text(jobs[0], snapshots[0].id).expect("there"), "name\nAda\n");
        for job in &jobs {
            assert_eq!(store.original(*job).expect("kept"), {
                let name = if *job == jobs[0] { "staff" } else { "guests" };
                format!("name\n{name}\n").into_bytes()
            });
            assert_eq!(steps_of(&store, *job), 200);
        }
        drop(store);
        assert!(open(folder.path()).notices().is_empty(), "it is told once");
    }
}

#[test]
fn a_page_in_the_middle_costs_the_steps_on_it_and_those_after() {
    let (folder, jobs) = filled();
    let pages = fs::metadata(database_of(&folder)).expect("there").len() as usize / PAGE;
    // The first half has the beginnings of all tables.
    let page = pages * 2 / 3;
    scribble(&folder, page * PAGE..(page + 1) * PAGE);
    let store = open(folder.path());
    assert!(store.notices()[0].ends_with("Some of it could not be read."), "{:?}", store.notices());
    let left: Vec<usize> = jobs.iter().map(|job| steps_of(&store, *job)).collect();
    assert!(left.iter().all(|steps| (1..200).contains(steps)), "{left:?}");
}

#[test]
fn rosters_whose_entries_cannot_be_read_are_found_by_their_files() {
    let (folder, jobs) = filled();
    let page = root(&folder, "job") - 1;
    scribble(&folder, page * PAGE..(page + 1) * PAGE);
    let store = open(folder.path());
    assert!(
        store.notices()[0].contains("2 rosters, 400 steps, 1 snapshot. Some"),
        "{:?}",
        store.notices()
    );
    let records = store.jobs().expect("readable");
    assert_eq!(records.len(), 2);
    for record in records {
        assert_eq!(record.facts.name, format!("Found again ({})", record.id));
        assert_eq!(
            record.original.expect("measured").size,
            store.original(record.id).expect("there").len() as u64
        );
        assert_eq!(steps_of(&store, record.id), 200);
    }
    assert_eq!(jobs.len(), 2);
}

#[test]
fn a_file_of_nonsense_is_set_aside_and_the_rosters_found() {
    for nonsense in
        [b"This is a letter, not a database.".repeat(400), vec![0; 3 * PAGE], vec![7; 10]]
    {
        let (folder, _) = filled();
        fs::write(database_of(&folder), &nonsense).expect("written");
        let store = open(folder.path());
        assert!(store.notices()[0].contains("2 rosters, 0 steps"), "{:?}", store.notices());
        assert_eq!(fs::read(aside(&store)).expect("there"), nonsense);
    }
}

#[test]
fn a_database_that_was_removed_is_begun_anew_with_the_rosters_found() {
    for gone in [true, false] {
        let (folder, jobs) = filled();
        if gone {
            fs::remove_file(database_of(&folder)).expect("removed");
        } else {
            fs::write(database_of(&folder), b"").expect("emptied");
        }
        let store = open(folder.path());
        assert!(store.notices()[0].contains("2 of the rosters"), "{:?}", store.notices());
        assert_eq!(store.original(jobs[1]).expect("there"), b"name\nguests\n");
    }
}

#[test]
fn damage_is_not_mended_under_another_window() {
    let (folder, _) = filled();
    let other = open(folder.path());
    scribble(&folder, 0..100);
    let failure = Store::open(folder.path(), NOW).err().expect("the other window is in the way");
    assert_eq!(failure.kind, FailureKind::Busy);
    assert!(other.set_aside().expect("readable").is_empty());
}

#[test]
fn two_damages_at_the_same_moment_are_both_kept() {
    let (folder, _) = filled();
    for _ in 0..2 {
        scribble(&folder, 0..100);
        drop(open(folder.path()));
    }
    assert_eq!(open(folder.path()).set_aside().expect("readable").len(), 2);
}

#[test]
fn what_an_ended_process_left_behind_is_removed() {
    let (folder, jobs) = filled();
    let leftovers = [
        "jobs/part-x",
        "muster.db.new",
        "muster.db.scratch",
        "muster.db.scratch-wal",
        "jobs/99/lock",
    ];
    fs::create_dir(folder.path().join("jobs/99")).expect("made");
    for name in leftovers {
        fs::write(folder.path().join(name), b"a@example.com").expect("written");
    }
    let store = open(folder.path());
    for name in leftovers {
        assert!(!folder.path().join(name).exists(), "{name}");
    }
    assert!(store.original(jobs[0]).is_ok());
}

#[test]
fn damage_found_while_working_says_what_to_do() {
    let (folder, jobs) = filled();
    let page = root(&folder, "operation") - 1;
    let store = open(folder.path());
    scribble(&folder, page * PAGE..(page + 1) * PAGE);
    store.connection.execute_batch("pragma shrink_memory").expect("emptied");
    let failure = store.steps(jobs[0]).expect_err("damaged");
    assert_eq!(failure.kind, FailureKind::Store);
    assert!(failure.hint.starts_with("Close Muster and start it again"), "{failure}");
}

#[test]
fn every_table_can_be_taken_over_and_none_is_forgotten() {
    let folder = folder();
    let store = open(folder.path());
    let mut tables: Vec<String> = store
        .connection
        .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'")
        .and_then(|mut read| read.query_map((), |row| row.get(0))?.collect())
        .expect("readable");
    tables.sort();
    let mut listed = database::TABLES.to_vec();
    listed.sort_unstable();
    assert_eq!(tables, listed);
}
