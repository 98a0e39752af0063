use std::fs;
use std::process::Command;

use super::*;
use muster_table::error::FailureKind;

#[test]
fn a_step_that_finds_the_disk_full_is_not_saved_and_the_others_stay() {
    let folder = folder();
    let store = open(folder.path());
    let lock = begin(&store, "staff");
    store.append(&lock, &set(1)).expect("saved");
    let pages: u32 =
        store.connection.query_row("pragma page_count", (), |row| row.get(0)).expect("readable");
    store
        .connection
        .query_row(&format!("pragma max_page_count = {}", pages + 2), (), |row| {
            row.get::<_, u32>(0)
        })
        .expect("set");
    let large =
        Operation { edits: (0..50_000).flat_map(|n| set(n * 77).edits).collect(), ..set(2) };
    let failure = store.append(&lock, &large).expect_err("no room");
    assert_eq!(
        failure.to_string(),
        "the step was not saved: the disk is full. Make room, then try again. Nothing was lost."
    );
    assert_eq!(failure.kind, FailureKind::File);
    assert_eq!(store.load_done(&lock).expect("readable").operations, [set(1)]);

    store
        .connection
        .query_row("pragma max_page_count = 1000000", (), |row| row.get::<_, u32>(0))
        .expect("set");
    store.append(&lock, &large).expect("there is room again");
    assert_eq!(store.load_done(&lock).expect("readable").operations, [set(1), large]);
}

const FOLDER: &str = "MUSTER_TEST_FOLDER";

/// Not a test by itself: works on a disk of 4 MB until that is full, and says what failed.
#[test]
#[ignore = "the child of the test below"]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let folder = Path::new(&folder);
    let store = open(folder);
    let lock = begin(&store, "staff");
    let large = |number: u32| Operation {
        sentence: format!("{number}"),
        edits: (0..9_000)
            .flat_map(|n: u32| set(n.wrapping_mul(2_654_435_761) ^ number).edits)
            .collect(),
        at: NOW.into(),
        general: Vec::new(),
        remembered: false,
    };
    let mut saved = Vec::new();
    let failure = loop {
        let operation = large(saved.len() as u32);
        match store.append(&lock, &operation) {
            Ok(_) => saved.push(operation),
            Err(failure) => break failure,
        }
        assert!(saved.len() < 1000, "the disk is not full");
    };
    assert!(failure.to_string().contains("the disk is full"), "{failure}");
    assert!(store.load_done(&lock).expect("readable").operations == saved);
    let noise: Vec<u8> =
        (0..6_000_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let failure = store.blobs().keep(&noise).expect_err("no room");
    assert!(failure.to_string().contains("the disk is full"), "{failure}");
    let id = lock.id();
    drop((store, lock));
    let store = Store::open(folder, LATER).expect("opens on a full disk");
    let (lock, _) = store.hold(id, LATER).expect("opens");
    assert!(store.load_done(&lock).expect("readable").operations == saved);
    println!("\nfull after {} steps", saved.len());
}

/// A real full disk needs a small file system, which not every machine lets a test make.
#[cfg(target_os = "linux")]
#[test]
fn a_real_full_disk_loses_nothing_that_was_saved() {
    let folder = folder();
    let mount = "mount -t tmpfs -o size=4m none \"$0\" && exec \"$@\"";
    let small = |command: &[&std::ffi::OsStr]| {
        Command::new("unshare")
            .args(["--user", "--map-root-user", "--mount", "sh", "-c", mount])
            .arg(folder.path())
            .args(command)
            .env(FOLDER, folder.path())
            .output()
    };
    if !small(&["true".as_ref()]).is_ok_and(|output| output.status.success()) {
        println!("skipped: this machine lets no test mount a file system");
        return;
    }
    let this = std::env::current_exe().expect("this program");
    let arguments = ["tests::disk::child", "--exact", "--ignored", "--nocapture"];
    let mut command = vec![this.as_os_str()];
    command.extend(arguments.iter().map(std::ffi::OsStr::new));
    let output = small(&command).expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success() && said.contains("full after"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_folder_that_cannot_be_is_refused_with_a_sentence() {
    let folder = folder();
    let file = folder.path().join("letter.txt");
    fs::write(&file, b"").expect("written");
    for place in [file.clone(), file.join("data")] {
        let failure = Store::open(&place, NOW).err().expect("it is a file");
        assert_eq!(failure.kind, FailureKind::File);
        assert!(failure.what.starts_with("the data folder `"), "{failure}");
        assert!(!failure.hint.is_empty(), "{failure}");
    }
}

/// Root may write everywhere, except where the system itself refuses.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_to_is_refused_with_a_sentence() {
    let failure = Store::open(Path::new("/sys/muster"), NOW).err().expect("nobody may write there");
    assert_eq!(failure.kind, FailureKind::File);
    let known = ["you may not use it", "the folder cannot be written to"];
    assert!(known.contains(&failure.why.as_str()), "{failure}");
    assert!(failure.hint.ends_with("hoose another folder."), "{failure}");
}

#[cfg(unix)]
#[test]
fn a_folder_that_became_read_only_is_refused_and_left_as_it_is() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let lock = begin(&open(folder.path()), "staff");
    drop(lock);
    let before = fs::read(folder.path().join("muster.db")).expect("there");
    let locked = |mode| {
        for name in ["muster.db", "muster.lock", ""] {
            let path = folder.path().join(name);
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("set");
        }
    };
    locked(0o500);
    let root = fs::write(folder.path().join("muster.lock"), b"").is_ok();
    let opened = Store::open(folder.path(), LATER);
    locked(0o700);
    if root {
        println!("skipped: root may write all the same");
        return;
    }
    assert_eq!(opened.err().expect("read-only").kind, FailureKind::File);
    assert_eq!(fs::read(folder.path().join("muster.db")).expect("there"), before);
}

#[test]
fn a_database_that_may_only_be_read_says_so_when_a_step_is_saved() {
    let folder = folder();
    let store = open(folder.path());
    let lock = begin(&store, "staff");
    store.connection.execute_batch("pragma query_only = on").expect("set");
    let failure = store.append(&lock, &set(1)).expect_err("read-only");
    assert_eq!(
        (failure.kind, failure.why.as_str()),
        (FailureKind::File, "the folder cannot be written to")
    );
    assert_eq!(store.load_done(&lock).expect("readable").operations, []);
}

#[test]
fn a_window_that_writes_for_too_long_makes_the_other_say_so() {
    let folder = folder();
    let (here, there) = (open(folder.path()), open(folder.path()));
    let lock = begin(&here, "staff");
    there.connection.execute_batch("begin immediate").expect("writing");
    here.connection.busy_timeout(std::time::Duration::from_millis(10)).expect("set");
    let failure = here.append(&lock, &set(1)).expect_err("the other one writes");
    assert_eq!(
        (failure.kind, failure.hint.as_str()),
        (FailureKind::Busy, "Try again in a moment.")
    );
    there.connection.execute_batch("rollback").expect("done");
    here.append(&lock, &set(1)).expect("saved");
}
