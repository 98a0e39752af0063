//! The person's own files: what is replaced, what is read, and what is left behind.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use super::*;
use crate::kit_folder;
use crate::own_files::{self, Readers};
use muster_plan::kit::File;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("there").permissions().mode() & 0o7777
}

fn pipe_in(folder: &Path) -> PathBuf {
    let path = folder.join("pipe");
    assert!(Command::new("mkfifo").arg(&path).status().expect("made").success());
    path
}

#[test]
fn only_a_file_that_may_be_written_to_is_replaced() {
    let folder = folder();
    let pipe = pipe_in(folder.path());
    let socket = folder.path().join("socket");
    let _listening = std::os::unix::net::UnixListener::bind(&socket).expect("bound");
    let nowhere = folder.path().join("nowhere");
    std::os::unix::fs::symlink(folder.path().join("gone"), &nowhere).expect("made");
    let to_pipe = folder.path().join("to-pipe");
    std::os::unix::fs::symlink(&pipe, &to_pipe).expect("made");
    let protected = folder.path().join("protected.csv");
    fs::write(&protected, b"old").expect("written");
    fs::set_permissions(&protected, fs::Permissions::from_mode(0o444)).expect("set");
    let to_protected = folder.path().join("to-protected");
    std::os::unix::fs::symlink(&protected, &to_protected).expect("made");
    let device = PathBuf::from("/dev/null");
    for path in [&pipe, &socket, &nowhere, &to_pipe, &protected, &to_protected, &device] {
        let was = fs::symlink_metadata(path).expect("there").file_type();
        for write in [own_files::write, own_files::write_private] {
            let failure = write(path, b"new", true).expect_err("it is no file of data");
            assert!(!failure.why.is_empty() && !failure.hint.is_empty(), "{failure}");
        }
        assert_eq!(fs::symlink_metadata(path).expect("there").file_type(), was);
    }
    assert_eq!(fs::read(&protected).expect("there"), b"old");
    let left: Vec<_> = fs::read_dir(folder.path()).expect("a folder").flatten().collect();
    assert_eq!(left.len(), 6, "{left:?}");
}

#[test]
fn what_is_no_file_is_not_waited_for() {
    let folder = folder();
    for path in [pipe_in(folder.path()), "/dev/zero".into(), "/dev/tty".into()] {
        let failure = own_files::read(&path).expect_err("it is no file");
        assert!(failure.to_string().contains("Choose a file") || !path.exists(), "{failure}");
    }
}

#[test]
fn what_never_ends_is_stopped_and_what_ends_is_read() {
    let failure = own_files::read_stream(|| fs::File::open("/dev/zero"), "it could not be read");
    assert!(failure.expect_err("without end").to_string().contains("1 GB"));
    let text = own_files::read_stream(|| Ok(&b"name\nAda\n"[..]), "it could not be read");
    assert_eq!(text.expect("read"), b"name\nAda\n");
}

#[test]
fn a_file_that_is_rewritten_while_it_is_read_is_never_a_mixture() {
    let folder = folder();
    let path = folder.path().join("staff.csv");
    fs::write(&path, b"old,old").expect("written");
    let at = fs::metadata(&path).and_then(|about| about.modified()).expect("there");
    // In place, of the same length, and within the same tick of the clock, as some programs write.
    let rewrite = || {
        fs::write(&path, b"old,new").expect("written");
        fs::File::options()
            .write(true)
            .open(&path)
            .and_then(|file| file.set_modified(at))
            .expect("set");
    };
    let failure =
        own_files::read_settled(&path, "it could not be read", rewrite).expect_err("changed");
    assert_eq!(failure.kind, muster_table::error::FailureKind::Busy);
    assert_eq!(own_files::read(&path).expect("it is left alone now").0, b"old,new");
}

#[test]
fn whoever_may_read_it_is_as_with_the_persons_other_files_unless_it_is_secret() {
    let folder = folder();
    let other = folder.path().join("other");
    fs::write(&other, b"x").expect("written");
    let (open, secret) = (folder.path().join("open.csv"), folder.path().join("secret.csv"));
    own_files::write(&open, b"x", false).expect("written");
    own_files::write_private(&secret, b"x", false).expect("written");
    assert_eq!((mode(&open), mode(&secret)), (mode(&other), 0o600));
    fs::set_permissions(&open, fs::Permissions::from_mode(0o640)).expect("set");
    own_files::write(&open, b"y", true).expect("written");
    assert_eq!(mode(&open), 0o640, "a file keeps its mode");
    own_files::write_for(&open, b"z", true, Readers::of(true)).expect("written");
    assert_eq!(mode(&open), 0o600, "now a password is in it");
}

#[test]
fn what_a_killed_process_left_behind_is_swept_and_what_is_being_written_is_not() {
    let folder = folder();
    let left = folder.path().join(".muster-x1.part");
    let kit = folder.path().join(".muster-kit-x1");
    let being_written = folder.path().join(".muster-x2.part");
    let theirs = folder.path().join("muster-x3.part");
    for path in [&left, &being_written, &theirs] {
        fs::write(path, b"a password").expect("written");
    }
    fs::create_dir(&kit).expect("made");
    fs::write(kit.join("upload.csv"), b"a password").expect("written");
    let held = fs::File::open(&being_written).expect("there");
    held.try_lock().expect("free");
    own_files::write(&folder.path().join("staff.csv"), b"x", false).expect("written");
    assert!(!left.exists() && being_written.exists() && theirs.exists());
    let file = File {
        name: "upload.csv".into(),
        about: String::new(),
        bytes: b"x".to_vec(),
        secret: true,
    };
    kit_folder::write(&folder.path().join("kit"), &[file]).expect("made");
    assert!(!kit.exists());
    assert_eq!(mode(&folder.path().join("kit/upload.csv")), 0o600);
    fs::create_dir(folder.path().join("other")).expect("made");
    assert_eq!(mode(&folder.path().join("kit")), mode(&folder.path().join("other")));
}
