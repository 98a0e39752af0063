//! Rosters whose files are in the data folder though the database does not know of them.

use std::fs;

use rusqlite::{Connection, OptionalExtension, params};

use super::Store;
use super::accounts;
use super::blobs::{self, BlobStore, ORIGINAL};
use super::failure::trouble;
use muster_table::error::Result;
use muster_table::words::counted;

/// Makes jobs of folders that hold an original and that the database does not know; returns their ids.
pub(super) fn recover(
    connection: &Connection,
    blobs: &BlobStore,
    now: &str,
) -> rusqlite::Result<Vec<u32>> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(blobs.folder()) else { return Ok(found) };
    for entry in entries.flatten() {
        let Ok(id) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
        let Ok((sha256, size)) = blobs::measure(&entry.path().join(ORIGINAL)) else { continue };
        let added = connection.execute(
            "insert or ignore into job (id, name, file, people, reading, policies, view, key_unlocked, offer_snapshot,
                opened_at, original_sha256, original_size)
            values (?1, 'Found again (' || ?1 || ')', '', 0, 'null', 'null', 'null', 0, 1, ?2, ?3, ?4)",
            params![id, now, sha256, size as i64],
        )?;
        found.extend((added > 0).then_some(id));
    }
    Ok(found)
}

pub(super) fn notice(count: usize) -> String {
    format!(
        "The database was not there. {count} of the rosters kept in the data folder could be taken up again."
    )
}

impl Store {
    /// Takes in rosters that the database does not know, as where an older copy of it was put back; what cannot be taken in
    /// is named and left as it is. No number is given again that a file there has.
    pub(super) fn take_in_orphans(&self, now: &str) -> Result<()> {
        let what = "the rosters found in the data folder could not be taken up";
        let found = recover(&self.connection, &self.blobs, now).map_err(trouble(what))?;
        if !found.is_empty() {
            self.note(format!(
                "Muster's database did not know {} that the data folder has: it may be an older copy that was put back. \
                 Nothing was erased; look under “Found again”.",
                counted(found.len(), "roster", "rosters")
            ));
        }
        let jobs = self.blobs.folder().to_owned();
        for (table, folder) in [("job", jobs), ("account", self.folder.join(accounts::FOLDER))] {
            let mut highest = Highest::default();
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let Ok(id) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
                let files: Vec<String> = fs::read_dir(entry.path())
                    .into_iter()
                    .flatten()
                    .flatten()
                    .map(|file| file.file_name().to_string_lossy().into_owned())
                    .collect();
                highest.meet(id, &files);
                let known = format!("select 1 from {table} where id = ?");
                let known = self.connection.query_row(&known, [id], |_| Ok(())).optional();
                if known.map_err(trouble(what))?.is_some() {
                    continue;
                }
                if files.iter().all(|name| name == "lock") {
                    // Begun and never written to.
                    let _ = blobs::erase(&entry.path());
                } else {
                    self.note(format!(
                        "Muster's database does not know what lies in `{}`. It is left as it is; remove it if nobody \
                         needs it.",
                        entry.path().display()
                    ));
                }
            }
            highest.keep(&self.connection, table).map_err(trouble(what))?;
        }
        Ok(())
    }
}

/// The highest numbers that files and folders have.
#[derive(Default)]
struct Highest {
    folder: u32,
    snapshot: u32,
    kit: u32,
    push: u32,
}

impl Highest {
    fn meet(&mut self, folder: u32, files: &[String]) {
        self.folder = self.folder.max(folder);
        let number = |name: &str, before: &str| {
            let number = name.strip_prefix(before)?.strip_suffix(".zst")?;
            number.parse::<u32>().ok()
        };
        for name in files {
            self.snapshot = self.snapshot.max(number(name, "snapshot-").unwrap_or(0));
            self.kit = self.kit.max(number(name, "planned-").unwrap_or(0));
            self.push = self.push.max(number(name, "planned-push-").unwrap_or(0));
        }
    }

    /// Has the database count on from them.
    fn keep(&self, connection: &Connection, table: &str) -> rusqlite::Result<()> {
        let of_job = [("snapshot", self.snapshot), ("event", self.kit), ("push", self.push)];
        // The snapshots of accounts are counted in the account itself.
        let of_job = of_job.into_iter().filter(|_| table == "job");
        for (table, highest) in of_job.chain([(table, self.folder)]).filter(|(_, n)| *n > 0) {
            let counted = connection.execute(
                "update sqlite_sequence set seq = max(seq, ?2) where name = ?1",
                params![table, highest],
            )?;
            if counted == 0 {
                let begin = "insert into sqlite_sequence (name, seq) values (?1, ?2)";
                connection.execute(begin, params![table, highest])?;
            }
        }
        Ok(())
    }
}
