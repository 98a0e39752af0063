use super::*;
use crate::own_files::{self, Stamp};
use muster_table::error::FailureKind;

#[test]
fn a_job_opens_where_it_stood_though_its_file_is_gone() {
    let folder = folder();
    let store = open(folder.path());
    let before = begin(&store, "before");
    let lock = begin(&store, "staff");
    let id = lock.id();
    let mut said = Said::default();
    said.is_real("groups", "Night shift", NOW.into());
    let facts = JobFacts {
        name: "Staff, November".into(),
        stamp: Some(Stamp { size: 12, modified: 1_793_000_000_000_000_001 }),
        policies: json!({ "groups": "replace" }),
        view: json!({ "place": "compare" }),
        key_unlocked: true,
        offer_snapshot: false,
        sends_by: None,
        profile: None,
        said,
        completed: Told { says: vec!["Tess Marlow leaves later".into()], ..Told::default() },
        ..facts("staff")
    };
    store.set_facts(&lock, &facts).expect("saved");
    drop((store, lock, before));

    let store = open(folder.path());
    let (_held, record) = store.hold(id, LATER).expect("opens");
    assert_eq!(record.facts, facts);
    assert_eq!(store.original(id).expect("kept"), b"name\nstaff\n");
    let original = record.original.expect("kept");
    assert_eq!(original.size, 11);
    assert_eq!(
        original.sha256,
        "c0f7c84a196214568a204a81d001ea732309f0cecc18827878e528a68902ec08".to_owned()
    );
    let names: Vec<String> =
        store.jobs().expect("readable").into_iter().map(|job| job.facts.name).collect();
    assert_eq!(names, ["Staff, November", "before"], "the one opened last comes first");
}

#[test]
fn a_job_is_open_in_one_window_at_a_time() {
    let folder = folder();
    let (here, there) = (open(folder.path()), open(folder.path()));
    let lock = begin(&here, "staff");
    let failure = there.hold(lock.id(), LATER).expect_err("it is open here");
    assert_eq!(failure.kind, FailureKind::Busy);
    assert_eq!(failure.why, "this job is open in another window");
    assert!(there.is_held(lock.id()));
    assert_eq!(there.forget(lock.id()).expect_err("it is open here").kind, FailureKind::Busy);

    let id = lock.id();
    drop(lock);
    assert!(!there.is_held(id));
    let (_held, record) = there.hold(id, LATER).expect("it is free");
    assert_eq!(record.opened_at, LATER);
}

#[test]
fn two_windows_save_steps_of_two_jobs_at_the_same_time() {
    let folder = folder();
    let stores = [open(folder.path()), open(folder.path())];
    let ids = std::thread::scope(|scope| {
        let work = stores.map(|store| {
            scope.spawn(move || {
                let lock = begin(&store, "staff");
                for number in 1..=50 {
                    store.append(&lock, &set(number)).expect("saved");
                }
                lock.id()
            })
        });
        work.map(|thread| thread.join().expect("no panic"))
    });
    let store = open(folder.path());
    for id in ids {
        let (lock, _) = store.hold(id, LATER).expect("opens");
        assert_eq!(store.load_done(&lock).expect("readable").operations.len(), 50);
    }
}

#[test]
fn a_job_that_is_gone_is_said_to_be_gone() {
    let folder = folder();
    let store = open(folder.path());
    for failure in [
        store.hold(7, NOW).expect_err("never begun"),
        store.original(7).expect_err("never begun"),
        store.forget(7).expect_err("never begun"),
    ] {
        assert_eq!(failure.kind, FailureKind::NotFound);
    }
    assert!(!folder.path().join("jobs/7").exists());
}

#[test]
fn a_kept_file_that_was_damaged_is_not_opened() {
    let folder = folder();
    let store = open(folder.path());
    let lock = begin(&store, "staff");
    let path = folder.path().join(format!("jobs/{}/original.zst", lock.id()));
    let whole = std::fs::read(&path).expect("there");
    let mut scribbled = whole.clone();
    scribbled[whole.len() - 6] ^= 1;
    for bytes in [&scribbled[..], &whole[..whole.len() - 5], b""] {
        std::fs::write(&path, bytes).expect("written");
        assert_eq!(store.original(lock.id()).expect_err("damaged").kind, FailureKind::Store);
    }
    std::fs::remove_file(&path).expect("removed");
    assert_eq!(store.original(lock.id()).expect_err("gone").kind, FailureKind::File);
}

#[test]
fn a_change_of_the_own_file_is_noticed() {
    let folder = folder();
    let path = folder.path().join("staff.csv");
    own_files::write(&path, b"name\nAda\n", false).expect("written");
    let (bytes, stamp) = own_files::read(&path).expect("read");
    assert_eq!(bytes, b"name\nAda\n");
    assert_eq!(own_files::stamp(&path).expect("there"), stamp);
    let file = std::fs::File::options().write(true).open(&path).expect("there");
    file.set_modified(std::time::UNIX_EPOCH).expect("set");
    assert_ne!(own_files::stamp(&path).expect("there"), stamp);
}

#[test]
fn an_own_file_is_replaced_only_when_asked_and_as_a_whole() {
    let folder = folder();
    let path = folder.path().join("staff.csv");
    own_files::write(&path, b"old", false).expect("written");
    let failure = own_files::write(&path, b"new", false).expect_err("it is there");
    assert_eq!(
        failure.to_string(),
        "`staff.csv` could not be written: it exists already. Choose another name."
    );
    assert_eq!(std::fs::read(&path).expect("there"), b"old");
    own_files::write(&path, b"new", true).expect("written");
    assert_eq!(std::fs::read(&path).expect("there"), b"new");
    assert_eq!(
        std::fs::read_dir(folder.path()).expect("a folder").count(),
        1,
        "nothing is left over"
    );

    let failure = own_files::write(folder.path(), b"new", true).expect_err("a folder");
    assert_eq!(failure.why, "it is a folder, not a file");
    let failure = own_files::write(&path.join("x"), b"new", true).expect_err("no folder");
    assert_eq!(failure.kind, FailureKind::File);
    let failure = own_files::read(&folder.path().join("gone.csv")).expect_err("gone");
    assert_eq!(
        failure.to_string(),
        "`gone.csv` could not be read: it does not exist. Check the name, or whether it was moved."
    );
}

#[cfg(unix)]
#[test]
fn what_a_link_leads_to_is_replaced_and_keeps_its_permissions() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder();
    let (path, link) = (folder.path().join("staff.csv"), folder.path().join("link.csv"));
    std::fs::write(&path, b"old").expect("written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("set");
    symlink(&path, &link).expect("linked");
    own_files::write(&link, b"new", true).expect("written");
    assert_eq!(std::fs::read(&path).expect("there"), b"new");
    assert!(link.is_symlink());
    let mode = std::fs::metadata(&path).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
}

#[test]
fn the_folders_are_this_persons_unless_muster_home_says_otherwise() {
    let home = folder();
    let asked = Some(home.path().into());
    assert_eq!(crate::data_folder_in(asked.clone()).expect("found"), home.path());
    assert_eq!(crate::profile_folder_in(asked).expect("found"), home.path().join("profiles"));
    for nothing in [None, Some("".into())] {
        let data = crate::data_folder_in(nothing.clone()).expect("found");
        let profiles = crate::profile_folder_in(nothing).expect("found");
        assert!(data.is_absolute() && data.to_string_lossy().to_lowercase().contains("muster"));
        assert!(profiles.ends_with("profiles") && profiles != data.join("profiles"));
    }
}
