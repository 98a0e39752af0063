//! Which files and folders the window's page may name. A page shows what strangers wrote; if one of them ever ran there, it
//! could name any file of this person. So it may name only what somebody chose in a dialog, let fall on the window or
//! started Muster with, and what Muster itself has told it of: recent lists, kits, own profiles and recipes.
//!
//! In a request a file is called `path` and a folder `folder`, and one that is written comes with `replace`.

use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::Engine;
use muster_store::own_files;
use muster_table::error::{Failure, FailureKind, Result};

/// What requests call a file or a folder.
const NAMED: [&str; 2] = ["path", "folder"];
/// What replies call them.
const TOLD: [&str; 3] = ["path", "folder", "file"];

/// What a page may name.
#[derive(Debug, Default)]
pub struct Granted {
    all: Mutex<Paths>,
}

#[derive(Debug, Default)]
struct Paths {
    read: HashSet<PathBuf>,
    written: HashSet<PathBuf>,
    /// Folders in which new ones may be made.
    folders: HashSet<PathBuf>,
}

impl Granted {
    /// A file that somebody chose to be read, or let fall on the window.
    pub fn read(&self, path: &Path) {
        self.change(|all| all.read.insert(whole(path)));
    }

    /// A file that somebody chose to be written, in a dialog that asks before one is replaced.
    pub fn written(&self, path: &Path) {
        self.change(|all| all.written.insert(whole(path)));
    }

    /// A folder that somebody chose to put something into. Who chooses a kit's own folder means the one that it lies in.
    pub fn folder(&self, folder: &Path) {
        let is_kit = own_files::stamp(&folder.join(muster_plan::kit::PLANNED)).is_ok();
        let around = folder.parent().filter(|_| is_kit);
        self.change(|all| {
            all.folders.extend([Some(folder), around].into_iter().flatten().map(whole));
            all.read.insert(whole(folder))
        });
    }

    /// Whether the page may have a file read or a folder shown.
    pub fn may_be_read(&self, path: &Path) -> bool {
        let path = whole(path);
        self.change(|all| {
            all.read.contains(&path) || all.written.contains(&path) || all.is_within(&path)
        })
    }

    /// Whether the page may have a file or folder written.
    pub fn may_be_written(&self, path: &Path) -> bool {
        let path = whole(path);
        self.change(|all| all.written.contains(&path) || all.is_within(&path))
    }

    fn change<T>(&self, change: impl FnOnce(&mut Paths) -> T) -> T {
        change(&mut self.all.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Paths {
    fn is_within(&self, path: &Path) -> bool {
        let climbs = path.components().any(|part| part == Component::ParentDir);
        !climbs && path.ancestors().skip(1).any(|folder| self.folders.contains(folder))
    }
}

fn whole(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

impl Engine {
    /// Has the page name only what is granted. Without it, as in tests and for those who call the engine themselves, any
    /// file can be named.
    pub fn only_granted(self) -> Engine {
        self.shared.granted.get_or_init(Granted::default);
        self
    }

    /// What the page may name; none where it may name anything.
    pub fn granted(&self) -> Option<&Granted> {
        self.shared.granted.get()
    }

    /// Refuses a request that names a file or folder which nobody chose.
    pub(crate) fn may_name(&self, request: &Value) -> Result<()> {
        let Some(granted) = self.granted() else { return Ok(()) };
        let Value::Object(fields) = request else { return Ok(()) };
        let is_written = fields.contains_key("replace");
        for (key, value) in fields {
            match value {
                Value::String(path) if NAMED.contains(&key.as_str()) => {
                    let path = Path::new(path);
                    let may = match is_written || key == "folder" {
                        true => granted.may_be_written(path),
                        false => granted.may_be_read(path),
                    };
                    if !may {
                        return Err(not_chosen(path));
                    }
                }
                nested => self.may_name(nested)?,
            }
        }
        Ok(())
    }

    /// Lets the page name what it was told of.
    pub(crate) fn tell_of(&self, reply: &Value) {
        let Some(granted) = self.granted() else { return };
        match reply {
            Value::Object(fields) => {
                for (key, value) in fields {
                    match value {
                        Value::String(path) if TOLD.contains(&key.as_str()) => {
                            if Path::new(path).is_absolute() {
                                granted.read(Path::new(path));
                            }
                        }
                        nested => self.tell_of(nested),
                    }
                }
            }
            Value::Array(all) => {
                all.iter().filter(|one| one.is_object()).for_each(|one| self.tell_of(one))
            }
            _ => {}
        }
    }
}

/// That a file was named which nobody chose.
pub fn not_chosen(path: &Path) -> Failure {
    Failure::new(FailureKind::Refused, format!("`{}` was not used", path.display()))
        .why("nobody chose it in this window")
        .hint("Choose it with the button for it, or let it fall on the window.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[expect(clippy::disallowed_methods, reason = "no test here asks what time it is")]
    fn engine(home: &Path) -> Engine {
        Engine::new(home.join("home"), home.join("profiles"), std::time::SystemTime::now)
            .only_granted()
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a file that somebody could have chosen")]
    fn a_page_reads_and_writes_only_what_somebody_chose() {
        let folder = tempfile::tempdir().expect("a folder");
        let muster = engine(folder.path());
        let granted = muster.granted().expect("on");
        let staff = folder.path().join("staff.csv");
        std::fs::write(&staff, "email,username\nada@example.com,ada\n").expect("written");
        let open = json!({ "path": staff, "profile": "edapp" });
        let refused = muster.call("open", open.clone()).expect_err("nobody chose it");
        assert_eq!(refused.kind, FailureKind::Refused);
        granted.read(&staff);
        muster.call("open", open).expect("somebody chose it");

        // What was chosen to be read is not to be replaced.
        let copy = |path: &Path| json!({ "path": path, "replace": true });
        for path in [&staff, &folder.path().join("copy.csv"), &folder.path().join("../x.csv")] {
            muster.call("save_copy", copy(path)).expect_err("nobody chose it to be written");
        }
        let place = folder.path().join("copy.csv");
        granted.written(&place);
        muster.call("save_copy", copy(&place)).expect("somebody chose it");
        assert_eq!(std::fs::read(&staff).expect("there"), std::fs::read(&place).expect("there"));

        let kits = folder.path().join("kits");
        assert!(!granted.may_be_written(&kits.join("kit-1")));
        granted.folder(&kits);
        assert!(granted.may_be_written(&kits.join("kit-1")));
        assert!(!granted.may_be_written(&kits.join("../kit-1")));
        assert!(!granted.may_be_written(&folder.path().join("kit-1")));

        // A recent list may be opened again from Home.
        drop(muster);
        let again = engine(folder.path());
        again.call("close", Value::Null).expect("nothing is open");
        let home = again.call("home", Value::Null).expect("Home opens");
        assert_eq!(home["recent"][0]["file"], json!(staff));
        again.call("open", json!({ "path": staff })).expect("it is a recent one");
    }

    #[test]
    fn no_command_takes_a_file_that_nobody_chose() {
        let folder = tempfile::tempdir().expect("a folder");
        let muster = engine(folder.path());
        for request in [
            json!({ "path": "/etc/hostname" }),
            json!({ "path": "/etc/hostname", "replace": true }),
            json!({ "folder": "/tmp/kit" }),
            json!({ "from": { "kind": "file", "path": "/etc/hostname" } }),
            json!({ "against": { "kind": "file", "path": "relative.csv" } }),
        ] {
            let refused = muster.may_name(&request).expect_err("nobody chose it");
            assert_eq!(refused.kind, FailureKind::Refused, "{request}");
        }
        muster
            .may_name(&json!({ "text": "/etc/hostname", "rows": ["/etc/hostname"] }))
            .expect("no file");
        // Cells are no files, whatever stands in them.
        muster.tell_of(&json!({ "rows": [["/etc/hostname"]], "cells": { "a": "/etc/hostname" } }));
        muster.may_name(&json!({ "path": "/etc/hostname" })).expect_err("a cell grants nothing");
    }
}
