//! What Muster keeps on this computer: jobs with their journals, snapshots, lists and events, and settings.
//!
//! Small things are rows of a SQLite database, `muster.db`; the bytes of files and snapshots lie beside it, each job's
//! in a folder of its own. Whatever a method has returned from is on the disk and survives the end of the process.
//! Times are handed in; this and `connect` are the only modules that touch the world.
#![warn(missing_docs)]
#![warn(clippy::cast_possible_truncation)]
#![expect(clippy::disallowed_methods, reason = "the store is where the disk is touched")]

pub mod accounts;
pub mod blobs;
pub mod connections;
mod database;
mod erasing;
pub mod events;
mod failure;
mod flaws;
mod folder;
pub mod jobs;
pub mod journal;
pub mod kit_folder;
pub mod lists;
mod orphans;
pub mod outbox;
pub mod own_accounts;
pub mod own_files;
pub mod own_profiles;
pub mod own_recipes;
pub mod said;
mod salvage;
mod settings;
pub mod small_files;
pub mod snapshots;
mod templates;
#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "a story knows how much it has made")]
mod tests;

use std::cell::RefCell;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use blobs::BlobStore;
use failure::{is_damage, trouble};
use folder::Presence;
use muster_table::error::{Failure, FailureKind, Result};

/// The data folder of this person, opened. Dropping it closes it.
///
/// ```
/// use muster_store::Store;
/// use muster_store::jobs::JobFacts;
/// use serde_json::Value;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// let store = Store::open(folder.path(), "2026-11-03T08:15:00Z")?;
/// let facts = JobFacts {
///     name: "staff.csv".into(),
///     file: "/home/ada/staff.csv".into(),
///     people: 1,
///     # stamp: None,
///     # profile: None,
///     # reading: Value::Null,
///     # policies: Value::Null,
///     # view: Value::Null,
///     # key_unlocked: false,
///     # offer_snapshot: true,
///     # sends_by: None,
///     # account: None,
///     # said: Default::default(),
///     # completed: Default::default(),
///     // …
/// };
/// let lock = store.begin_job(&facts, "2026-11-03T08:15:00Z")?;
/// let kept = store.blobs().keep(b"email\nada@example.com\n")?;
/// store.keep_original(&lock, kept)?;
/// drop((lock, store));
///
/// let store = Store::open(folder.path(), "2026-11-04T09:00:00Z")?;
/// let job = &store.jobs()?[0];
/// assert_eq!(job.facts.name, "staff.csv");
/// assert_eq!(store.original(job.id)?, b"email\nada@example.com\n");
/// # Ok(())
/// # }
/// ```
pub struct Store {
    connection: Connection,
    blobs: BlobStore,
    folder: PathBuf,
    notices: RefCell<Vec<String>>,
    /// After the connection, so that it is let go of last.
    presence: Presence,
}

impl Store {
    /// Opens the store in a folder, which is made if need be.
    ///
    /// A database of a newer Muster is refused and stays as it is. A damaged one is set aside under another name, and
    /// what can be read of it is taken into a new one; [`Store::notices`] then says so.
    pub fn open(folder: &Path, now: &str) -> Result<Store> {
        let shown = folder.display();
        let jobs = folder.join("jobs");
        folder::make_private(folder).and_then(|()| folder::make_private(&jobs)).map_err(|e| {
            Failure::file(format!("the data folder `{shown}` could not be used"), &e)
        })?;
        let presence = Presence::enter(folder)?;
        let blobs = BlobStore::new(jobs);
        let (connection, mut notices) = open_database(folder, &blobs, presence.alone, now)?;
        notices.extend(folder::is_open_to_others(folder));
        let notices = RefCell::new(notices);
        let mut store = Store { connection, blobs, folder: folder.to_owned(), notices, presence };
        if store.presence.alone {
            // What is left over does no harm; a full disk must not keep anybody from opening a roster.
            if let Err(failure) = store.tidy(now) {
                store.note(failure.to_string());
            }
            store.presence.share()?;
        }
        Ok(store)
    }

    /// The data folder, as it was given to [`Store::open`].
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What to tell: that the database was damaged and what could be read, and whatever else was found damaged since.
    pub fn notices(&self) -> Vec<String> {
        self.notices.borrow().clone()
    }

    /// Damaged databases that were set aside, with their logs.
    pub fn set_aside(&self) -> Result<Vec<PathBuf>> {
        salvage::set_aside_in(&self.folder)
            .map_err(|e| Failure::file("the data folder could not be read", &e))
    }

    /// Packs bytes for [`Store::keep_original`] and [`Store::keep_snapshot`]. It works without the store, on any thread.
    pub fn blobs(&self) -> BlobStore {
        self.blobs.clone()
    }
}

fn open_database(
    folder: &Path,
    blobs: &BlobStore,
    alone: bool,
    now: &str,
) -> Result<(Connection, Vec<String>)> {
    let path = folder.join("muster.db");
    database::refuse_newer(&path)?;
    let opened = database::connect(&path)?.and_then(|connection| {
        // Another window that is open has looked already.
        let sound = !alone || database::is_sound(&connection)?;
        Ok(sound.then_some(connection))
    });
    let connection = match opened {
        Ok(Some(connection)) => connection,
        Ok(None) => return salvage::begin_anew(folder, blobs, alone, now),
        Err(e) if is_damage(&e) => return salvage::begin_anew(folder, blobs, alone, now),
        Err(e) => return Err(trouble("Muster's database could not be opened")(e)),
    };
    let fresh = database::version(&connection).is_ok_and(|version| version == 0);
    database::migrate(&connection, alone)?;
    let mut notices = Vec::new();
    if fresh && alone {
        let found = orphans::recover(&connection, blobs, now)
            .map_err(trouble("the rosters found in the data folder could not be taken up"))?;
        notices.extend((!found.is_empty()).then(|| orphans::notice(found.len())));
    }
    Ok((connection, notices))
}

/// Where Muster keeps its data: `MUSTER_HOME`, or this person's data folder as the system has it.
pub fn data_folder() -> Result<PathBuf> {
    data_folder_in(std::env::var_os("MUSTER_HOME"))
}

/// Who is at this computer, as the system calls their account; empty where it does not say.
pub fn account() -> String {
    let said = ["USER", "LOGNAME", "USERNAME"].into_iter().filter_map(std::env::var_os);
    let mut names = said.map(|name| name.to_string_lossy().trim().to_owned());
    names.find(|name| !name.is_empty()).unwrap_or_default()
}

/// Where this person's own profiles are: `profiles` in `MUSTER_HOME`, or in the configuration folder.
pub fn profile_folder() -> Result<PathBuf> {
    profile_folder_in(std::env::var_os("MUSTER_HOME"))
}

fn data_folder_in(home: Option<OsString>) -> Result<PathBuf> {
    match absolute(home)? {
        Some(home) => Ok(home),
        None => Ok(project()?.data_local_dir().to_owned()),
    }
}

fn profile_folder_in(home: Option<OsString>) -> Result<PathBuf> {
    match absolute(home)? {
        Some(home) => Ok(home.join("profiles")),
        None => Ok(project()?.config_dir().join("profiles")),
    }
}

fn absolute(home: Option<OsString>) -> Result<Option<PathBuf>> {
    let Some(home) = home.filter(|home| !home.is_empty()) else { return Ok(None) };
    std::path::absolute(home)
        .map(Some)
        .map_err(|e| Failure::file("the folder that `MUSTER_HOME` names could not be found", &e))
}

fn project() -> Result<directories::ProjectDirs> {
    directories::ProjectDirs::from("", "", "Muster").ok_or_else(|| {
        Failure::new(FailureKind::Store, "there is no folder to keep your work in")
            .why("this account has no home folder")
            .hint("Set `MUSTER_HOME` to a folder.")
    })
}

impl Store {
    /// Removes what a process left behind that was ended halfway, and takes in what the database does not know. Only while
    /// nobody else uses the folder.
    ///
    /// Only what was to be erased is: a folder that the database does not name may be newer than it, where an older copy
    /// of the database was put back.
    fn tidy(&self, now: &str) -> Result<()> {
        let what = "what was left over in the data folder could not be removed";
        salvage::remove_leftovers(&self.folder).map_err(|e| Failure::file(what, &e))?;
        let entries = fs::read_dir(self.blobs.folder()).map_err(|e| Failure::file(what, &e))?;
        for entry in entries.flatten() {
            if entry.file_name().to_string_lossy().starts_with(blobs::PART) {
                fs::remove_file(entry.path()).map_err(|e| Failure::file(what, &e))?;
            }
        }
        self.sweep_passwords()?;
        self.finish_erasing()?;
        self.take_in_orphans(now)
    }
}
