//! An older copy of the database is put back, or a folder stands there that it does not know: nothing is erased.

use std::fs;

use super::*;
use crate::accounts::{AccountFacts, AccountSnapshot};
use crate::snapshots::SnapshotFacts;

fn snapshot(store: &Store, lock: &JobLock, text: &str) -> u32 {
    let facts = SnapshotFacts {
        at: NOW.into(),
        note: String::new(),
        source: "users.csv".into(),
        people: 1,
        profile: None,
        reading: Value::Null,
    };
    store
        .keep_snapshot(lock, &facts, store.blobs().keep(text.as_bytes()).expect("kept"))
        .expect("kept")
}

fn of_account(store: &Store, account: u32, text: &str) {
    let snapshot = AccountSnapshot {
        id: 0,
        at: NOW.into(),
        source: String::new(),
        note: String::new(),
        people: 1,
        reading: Value::Null,
        sha256: String::new(),
        size: 0,
    };
    let kept = store.blobs().keep(text.as_bytes()).expect("kept");
    store.keep_account_snapshot(account, snapshot, kept).expect("kept");
}

fn texts_in(folder: &Path) -> Vec<String> {
    let mut all: Vec<String> = walk(folder)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|ending| ending == "zst"))
        .map(|path| {
            String::from_utf8(zstd::decode_all(&*fs::read(path).expect("there")).expect("whole"))
                .expect("text")
        })
        .collect();
    all.sort();
    all
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn an_older_database_erases_nothing_of_the_newer_work_and_gives_no_number_twice() {
    let folder = folder();
    let database = folder.path().join("muster.db");
    let store = open(folder.path());
    let account = store.add_account("EdApp", "edapp", &AccountFacts::default()).expect("kept");
    of_account(&store, account, "account, October");
    drop((begin(&store, "staff"), store));
    let older = fs::read(&database).expect("there");

    let store = open(folder.path());
    let (staff, _) = store.hold(1, NOW).expect("free");
    snapshot(&store, &staff, "staff, November");
    of_account(&store, account, "account, November");
    let other = store.add_account("Workleap", "workleap", &AccountFacts::default()).expect("kept");
    of_account(&store, other, "another account");
    let guests = begin(&store, "guests");
    snapshot(&store, &guests, "guests, November");
    drop((staff, guests, store));
    let before = texts_in(folder.path());
    assert_eq!(before.len(), 7, "{before:?}");

    fs::write(&database, &older).expect("written");
    let store = open(folder.path());
    assert_eq!(texts_in(folder.path()), before, "nothing is erased");
    let said = store.notices().join("\n");
    assert!(said.contains("did not know 1 roster"), "{said}");
    assert!(said.contains("accounts/2") || said.contains("accounts\\2"), "{said}");
    let names: Vec<String> =
        store.jobs().expect("readable").into_iter().map(|job| job.facts.name).collect();
    assert!(
        names.contains(&"staff".to_owned()) && names.contains(&"Found again (2)".to_owned()),
        "{names:?}"
    );
    assert_eq!(store.original(2).expect("taken in"), b"name\nguests\n");

    // What is made now takes the place of nothing that is there.
    let (staff, _) = store.hold(1, NOW).expect("free");
    snapshot(&store, &staff, "staff, December");
    of_account(&store, account, "account, December");
    let fresh = store.add_account("Moodle", "moodle", &AccountFacts::default()).expect("kept");
    of_account(&store, fresh, "a third account");
    let third = begin(&store, "third");
    assert!(third.id() > 2);
    let after = texts_in(folder.path());
    assert!(before.iter().all(|text| after.contains(text)), "{after:?}");
    assert_eq!(after.len(), before.len() + 4, "{after:?}");
}

#[test]
fn a_row_that_is_gone_erases_no_file() {
    let folder = folder();
    let store = open(folder.path());
    drop(begin(&store, "staff"));
    let lock = begin(&store, "guests");
    let account = store.add_account("EdApp", "edapp", &AccountFacts::default()).expect("kept");
    of_account(&store, account, "account");
    drop((lock, store));
    let before = texts_in(folder.path());
    let connection = rusqlite::Connection::open(folder.path().join("muster.db")).expect("opens");
    connection.execute_batch("delete from job where id = 1; delete from account").expect("changed");
    drop(connection);
    let store = open(folder.path());
    assert_eq!(texts_in(folder.path()), before);
    assert_eq!(store.jobs().expect("readable").len(), 2);
    assert!(!store.notices().is_empty());
}

#[test]
fn what_was_forgotten_halfway_is_erased_at_the_next_start() {
    let folder = folder();
    let store = open(folder.path());
    let lock = begin(&store, "staff");
    let id = lock.id();
    drop(lock);
    // As it is when the process ends right after the row is gone.
    let writing = crate::database::write(&store.connection).expect("begun");
    writing.execute("delete from job where id = ?", [id]).expect("deleted");
    let place = store.blobs.of_job(id);
    store.is_due(&writing, &crate::erasing::Erase::PathAndTraces(&place)).expect("noted");
    writing.commit().expect("kept");
    drop(store);
    assert!(place.exists());
    let store = open(folder.path());
    assert!(!place.exists());
    assert!(store.notices().is_empty() && store.jobs().expect("readable").is_empty());
}
