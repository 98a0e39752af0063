use std::fs;

use super::*;
use crate::events::{Event, EventKind};
use crate::lists::ListCard;
use crate::snapshots::SnapshotFacts;

const MARKER: &str = "zerberus-4711";

/// Everything that can be kept of a job, each thing with the marker in it.
fn fill(store: &Store, lock: &JobLock) {
    let mut said = Said::default();
    said.is_real(MARKER, MARKER, NOW.into());
    let facts = JobFacts { view: json!(MARKER), policies: json!(MARKER), said, ..facts(MARKER) };
    store.set_facts(lock, &facts).expect("saved");
    let kept = store.blobs().keep(MARKER.as_bytes()).expect("kept");
    store.keep_original(lock, kept).expect("kept");
    for number in 0..300 {
        let mut operation = set(number);
        operation.sentence = format!("Set {MARKER} {}", "x".repeat(number as usize * 7 % 900));
        store.append(lock, &operation).expect("saved");
        if number % 3 == 0 {
            store.step_back(lock, NOW).expect("saved");
        }
    }
    let snapshot = SnapshotFacts {
        at: NOW.into(),
        note: MARKER.into(),
        source: MARKER.into(),
        people: 1,
        profile: None,
        reading: json!(MARKER),
    };
    let kept = store.blobs().keep(MARKER.as_bytes()).expect("kept");
    store.keep_snapshot(lock, &snapshot, kept).expect("kept");
    let list = ListCard { kind: "groups".into(), count: 1, source: MARKER.into(), at: None };
    store.set_list(lock, &list, &[MARKER.into()]).expect("kept");
    let event = Event {
        at: NOW.into(),
        kind: EventKind::Kit,
        title: MARKER.into(),
        detail: MARKER.into(),
        id: None,
        people: None,
        sha256: None,
        path: Some(MARKER.into()),
    };
    store.add_event(lock, &event, &json!(MARKER)).expect("added");
}

/// The files in which the marker can be read, as it is or unpacked.
pub(super) fn files_with_marker(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files_with_marker(&path));
            continue;
        }
        let bytes = fs::read(&path).expect("a file");
        let unpacked = zstd::decode_all(&bytes[..]).unwrap_or_default();
        if [bytes, unpacked].iter().any(|b| memchr::memmem::find(b, MARKER.as_bytes()).is_some()) {
            found.push(path.file_name().expect("a name").to_string_lossy().into_owned());
        }
    }
    found.sort();
    found
}

#[test]
fn nothing_of_a_forgotten_job_can_be_found_in_any_file() {
    let folder = folder();
    let store = open(folder.path());
    let other = begin(&store, "guests");
    store.append(&other, &set(1)).expect("saved");
    let lock = begin(&store, "staff");
    fill(&store, &lock);
    let found = files_with_marker(folder.path());
    assert_eq!(found, ["muster.db", "muster.db-wal", "original.zst", "snapshot-1.zst"]);

    let id = lock.id();
    drop(lock);
    store.forget(id).expect("forgotten");
    assert!(files_with_marker(folder.path()).is_empty(), "{:?}", files_with_marker(folder.path()));
    assert!(!folder.path().join(format!("jobs/{id}")).exists());
    assert_eq!(store.jobs().expect("readable").len(), 1);
    assert_eq!(store.load_done(&other).expect("readable").operations, [set(1)]);
    drop((store, other));
    assert!(files_with_marker(folder.path()).is_empty());
}

#[test]
fn what_another_window_kept_from_being_erased_is_erased_at_the_next_start() {
    let folder = folder();
    let store = open(folder.path());
    let lock = begin(&store, "staff");
    fill(&store, &lock);
    let id = lock.id();
    drop(lock);

    let reader = open(folder.path());
    reader.connection.execute_batch("begin; select count(*) from operation;").expect("reading");
    store.connection.busy_timeout(std::time::Duration::from_millis(10)).expect("set");
    store.forget(id).expect("forgotten");
    assert!(store.jobs().expect("readable").is_empty());
    assert!(!files_with_marker(folder.path()).is_empty(), "the other window still reads it");
    drop((store, reader));

    drop(open(folder.path()));
    assert!(files_with_marker(folder.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_what_is_kept() {
    use std::os::unix::fs::PermissionsExt;
    let parent = folder();
    let folder = parent.path().join("deep/data");
    let store = open(&folder);
    let lock = begin(&store, "staff");
    store.append(&lock, &set(1)).expect("saved");
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    let mut looked = 0;
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        assert_eq!(mode(&folder), 0o700, "{}", folder.display());
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            looked += 1;
            if path.is_dir() {
                folders.push(path);
            } else {
                assert_eq!(mode(&path), 0o600, "{}", path.display());
            }
        }
    }
    assert!(looked >= 7, "database, log, index, locks, folders, file: {looked}");
}

#[cfg(unix)]
#[test]
fn a_database_that_others_could_read_is_closed_to_them_and_a_shared_folder_left_as_it_is() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    drop(open(folder.path()));
    let database = folder.path().join("muster.db");
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    fs::set_permissions(&database, fs::Permissions::from_mode(0o644)).expect("set");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("set");
    drop(open(folder.path()));
    assert_eq!((mode(&database), mode(folder.path())), (0o600, 0o700));

    let shared = super::folder();
    fs::write(shared.path().join("letter.txt"), b"of somebody else").expect("written");
    fs::set_permissions(shared.path(), fs::Permissions::from_mode(0o755)).expect("set");
    assert!(open(shared.path()).notices().is_empty());
    assert_eq!(mode(shared.path()), 0o755);
    assert_eq!(mode(&shared.path().join("muster.db")), 0o600);

    let open_to_all = super::folder();
    fs::write(open_to_all.path().join("letter.txt"), b"of somebody else").expect("written");
    fs::set_permissions(open_to_all.path(), fs::Permissions::from_mode(0o777)).expect("set");
    let notices = open(open_to_all.path()).notices();
    assert!(notices.iter().any(|told| told.contains("can change what lies in it")), "{notices:?}");
}
