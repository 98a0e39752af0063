use std::fs;

use super::*;
use crate::blobs::BlobStore;
use crate::database::MIGRATIONS;
use muster_table::error::FailureKind;

const VERSION_1: &[u8] = include_bytes!("../../migrations/0001_begin.db");

#[test]
fn a_database_of_version_1_still_opens_with_all_that_is_in_it() {
    let folder = folder();
    fs::write(folder.path().join("muster.db"), VERSION_1).expect("written");
    fs::create_dir_all(folder.path().join("jobs/1")).expect("made");
    let blobs = BlobStore::new(folder.path().join("jobs"));
    let kept = blobs.keep(b"name\nstaff\n").expect("kept");
    kept.settle(&folder.path().join("jobs/1/original.zst")).expect("placed");

    let store = open(folder.path());
    assert!(store.notices().is_empty());
    let (lock, record) = store.hold(1, LATER).expect("opens");
    assert_eq!(record.facts, facts("staff"));
    assert_eq!(store.load_done(&lock).expect("readable").operations, version_1_steps());
    assert_eq!(store.steps(1).expect("readable").len(), 4);
    assert_eq!(store.original(1).expect("kept"), b"name\nstaff\n");
    assert_eq!(store.lists(1).expect("readable")[0].count, 2);
    assert_eq!(store.events(1).expect("readable")[0].0.title, "Opened");
    assert_eq!(store.snapshots(1).expect("readable")[0].facts.note, "October");
    assert_eq!(store.setting("look").expect("readable"), Some(json!("dark")));
    let version = crate::database::version(&store.connection).expect("readable");
    assert_eq!(version, MIGRATIONS.len() as i64);
}

fn version_1_steps() -> [Operation; 3] {
    let insert = Edit::Insert { row: 9, at: 0, cells: vec!["n@example.com".into(), "Zoë".into()] };
    let remove = Edit::Remove { row: 2, at: 1, cells: vec!["b@example.com".into()] };
    let rename = Edit::Rename { column: 3, before: "Group".into(), after: "group".into() };
    let other = Operation {
        at: NOW.into(),
        sentence: "Add, delete, rename".into(),
        edits: vec![insert, remove, rename],
        general: Vec::new(),
        remembered: false,
    };
    [set(1), other, set(2)]
}

/// Writes the database of the test above. Run it once for a version, before that is released, never again.
#[test]
#[ignore = "writes a file that must stay as it is"]
fn write_version_1() {
    use crate::events::{Event, EventKind};
    use crate::lists::ListCard;
    let Some(target) = std::env::var_os("MUSTER_WRITE_VERSION_1") else { return };
    let folder = folder();
    let store = open(folder.path());
    let lock = begin(&store, "staff");
    for operation in version_1_steps() {
        store.append(&lock, &operation).expect("saved");
    }
    store.append(&lock, &set(3)).expect("saved");
    store.step_back(&lock, NOW).expect("saved");
    let list = ListCard { kind: "groups".into(), count: 2, source: "pasted".into(), at: None };
    store.set_list(&lock, &list, &["Sales".into(), "People".into()]).expect("kept");
    let event = Event {
        at: NOW.into(),
        kind: EventKind::Opened,
        title: "Opened".into(),
        detail: String::new(),
        id: None,
        people: Some(2),
        sha256: None,
        path: None,
    };
    store.add_event(&lock, &event, &Value::Null).expect("added");
    let snapshot = crate::snapshots::SnapshotFacts {
        at: NOW.into(),
        note: "October".into(),
        source: "users.csv".into(),
        people: 2,
        profile: None,
        reading: Value::Null,
    };
    let kept = store.blobs().keep(b"name\nAda\n").expect("kept");
    store.keep_snapshot(&lock, &snapshot, kept).expect("kept");
    store.set_setting("look", &json!("dark")).expect("saved");
    drop((store, lock));
    fs::copy(folder.path().join("muster.db"), target).expect("copied");
}

#[test]
fn a_database_of_a_newer_muster_is_refused_and_stays_as_it_is() {
    let folder = folder();
    let store = open(folder.path());
    begin(&store, "staff");
    store.connection.pragma_update(None, "user_version", 99).expect("set");
    drop(store);
    let path = folder.path().join("muster.db");
    let before = fs::read(&path).expect("there");
    let failure = Store::open(folder.path(), NOW).err().expect("refused");
    assert_eq!(
        failure.to_string(),
        "Muster's database could not be opened: it was written by a newer Muster. Use the newer one. Nothing was changed."
    );
    assert_eq!(failure.kind, FailureKind::Store);
    assert!(fs::read(&path).expect("there") == before);
    assert!(folder.path().join("jobs/1/original.zst").exists());
}

#[test]
fn a_newer_version_that_is_still_in_the_log_is_refused_too() {
    let folder = folder();
    let store = open(folder.path());
    store.connection.pragma_update(None, "user_version", 99).expect("set");
    // As if the newer one had been killed: what it wrote is in the log only.
    let copy = super::folder();
    for name in ["muster.db", "muster.db-wal"] {
        fs::copy(folder.path().join(name), copy.path().join(name)).expect("copied");
    }
    let failure = Store::open(copy.path(), NOW).err().expect("refused");
    assert_eq!(failure.why, "it was written by a newer Muster");
    assert!(fs::exists(copy.path().join("muster.db")).expect("readable"));
}
