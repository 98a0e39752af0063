//! A damaged database is set aside, and what can be read of it is taken into a new one.
//!
//! SQLite's own recovery extension does this page by page, but rusqlite has no way to it but C.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, params_from_iter};

use super::blobs::BlobStore;
use super::database::{self, TABLES, write};
use super::failure::trouble;
use super::{folder, orphans};
use muster_table::error::{Failure, FailureKind, Result};

const FRESH: &str = "muster.db.new";
const SCRATCH: &str = "muster.db.scratch";
const ASIDE: &str = "muster.db.damaged-";

const WHAT: &str = "Muster's database is damaged and could not be set aside";

/// Where a table's largest row number cannot be read, we look no further than this.
const MOST_ROWS: i64 = 1_000_000;

/// Page sizes of databases that Muster writes.
const PAGE: usize = 4096;

/// After so many that cannot be read, one after the other, none will be.
const MOST_FAILURES: u32 = 10_000;

/// What came over from the damaged database.
struct Salvaged {
    rosters: u32,
    steps: u32,
    snapshots: u32,
    /// Something was there that could not be read.
    lost: bool,
}

/// Makes a new database out of what can be read of the one there; that one is kept under another name.
///
/// The new one takes its place in one moment: ended halfway, this begins again with nothing lost.
pub(super) fn begin_anew(
    folder: &Path,
    blobs: &BlobStore,
    alone: bool,
    now: &str,
) -> Result<(Connection, Vec<String>)> {
    if !alone {
        return Err(Failure::new(FailureKind::Busy, WHAT)
            .why("another window of Muster is using it")
            .hint("Close the other window, then start Muster again."));
    }
    let failed = |e: io::Error| Failure::file(WHAT, &e);
    let path = folder.join("muster.db");
    let aside = set_aside(&path, now).map_err(failed)?;

    remove_leftovers(folder).map_err(failed)?;
    let fresh = folder.join(FRESH);
    let connection = database::connect(&fresh)?.map_err(trouble(WHAT))?;
    database::migrate(&connection, alone)?;
    let template = first_page(&connection, &fresh).map_err(failed)?;
    let scratch = folder.join(SCRATCH);
    copy_with_log(&aside, &scratch).map_err(failed)?;
    let salvaged = salvage(&connection, &scratch, &template, blobs, now)?;
    connection.close().map_err(|(_, e)| trouble(WHAT)(e))?;

    for log in ["-wal", "-shm"] {
        remove(&beside(&path, log)).map_err(failed)?;
    }
    fs::rename(&fresh, &path).and_then(|()| folder::sync(folder)).map_err(failed)?;
    remove_leftovers(folder).map_err(failed)?;
    let connection = database::connect(&path)?.map_err(trouble(WHAT))?;
    Ok((connection, vec![notice(&aside, &salvaged)]))
}

/// Removes what this left behind when it was ended halfway.
pub(super) fn remove_leftovers(folder: &Path) -> io::Result<()> {
    for name in [FRESH, SCRATCH] {
        for more in ["", "-wal", "-shm"] {
            remove(&beside(&folder.join(name), more))?;
        }
    }
    Ok(())
}

/// Databases that were set aside. They hold what they held, also of jobs that were forgotten since.
pub(super) fn set_aside_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(ASIDE) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Gives the damaged database a second name, with the changes that were not yet moved into it.
fn set_aside(path: &Path, now: &str) -> io::Result<PathBuf> {
    let stamp: String = now.chars().filter(char::is_ascii_alphanumeric).collect();
    let named = |more: &str| path.with_file_name(format!("{ASIDE}{stamp}{more}"));
    let mut aside = named("");
    let mut number = 2;
    while aside.exists() {
        aside = named(&format!("-{number}"));
        number += 1;
    }
    // The file itself is replaced, never written to again, so a second name is as good as a copy.
    if fs::hard_link(path, &aside).is_err() {
        fs::copy(path, &aside)?;
    }
    let log = beside(path, "-wal");
    if log.exists() {
        fs::copy(log, beside(&aside, "-wal"))?;
    }
    Ok(aside)
}

fn copy_with_log(from: &Path, to: &Path) -> io::Result<()> {
    for more in ["", "-wal"] {
        if beside(from, more).exists() {
            fs::copy(beside(from, more), beside(to, more))?;
        }
    }
    Ok(())
}

/// The first page of a sound database of this version.
fn first_page(connection: &Connection, path: &Path) -> io::Result<Vec<u8>> {
    connection
        .query_row("pragma wal_checkpoint(truncate)", (), |_| Ok(()))
        .map_err(io::Error::other)?;
    let mut bytes = fs::read(path)?;
    bytes.truncate(PAGE);
    Ok(bytes)
}

fn salvage(
    new: &Connection,
    scratch: &Path,
    template: &[u8],
    blobs: &BlobStore,
    now: &str,
) -> Result<Salvaged> {
    let readable = |old: &Connection| {
        TABLES.iter().any(|table| old.prepare(&format!("select id from {table}")).is_ok())
    };
    let mut old = database::connect(scratch)?.ok().filter(readable);
    if old.is_none() {
        // Without its first page nothing can be found, but that page is nearly the same in every database of ours.
        give_first_page(scratch, template).map_err(|e| Failure::file(WHAT, &e))?;
        old = database::connect(scratch)?.ok().filter(readable);
    }
    let copy = || -> rusqlite::Result<Salvaged> {
        let writing = write(new)?;
        let mut lost = old.is_none();
        let mut found = Vec::new();
        for table in TABLES {
            if let Some(old) = &old {
                lost |= !copy_table(&writing, old, table)?;
            }
            // Before the rows that belong to them.
            if *table == "job" {
                found = orphans::recover(&writing, blobs, now)?;
            }
        }
        lost |= !found.is_empty() | drop_after_gaps(&writing)?;
        for id in found {
            let steps = "update job set done = (select count(*) from operation where job = ?1) where id = ?1";
            writing.execute(steps, [id])?;
        }
        let count = |table: &str| {
            writing.query_row(&format!("select count(*) from {table}"), (), |row| row.get(0))
        };
        let salvaged = Salvaged {
            rosters: count("job")?,
            steps: count("operation")?,
            snapshots: count("snapshot")?,
            lost,
        };
        writing.commit()?;
        Ok(salvaged)
    };
    copy().map_err(trouble(WHAT))
}

/// Replaces the first page of a database, and tells it how many pages there are.
fn give_first_page(path: &Path, template: &[u8]) -> io::Result<()> {
    let mut bytes = fs::read(path)?;
    if bytes.len() < PAGE || template.len() < PAGE {
        return Ok(());
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "SQLite makes no file of more pages than four bytes count"
    )]
    let pages = (bytes.len() / PAGE) as u32;
    bytes[..PAGE].copy_from_slice(&template[..PAGE]);
    bytes[28..32].copy_from_slice(&pages.to_be_bytes());
    // No list of free pages, and the number of pages is to be believed: it is of the last change.
    bytes[32..40].fill(0);
    bytes.copy_within(24..28, 92);
    fs::write(path, bytes)
}

/// Row by row, each looked up by its number: one that cannot be read does not stand in the way of the others.
/// Answers whether all could be.
fn copy_table(new: &Connection, old: &Connection, table: &str) -> rusqlite::Result<bool> {
    let Ok(mut find) = old.prepare(&format!("select * from {table} where id = ?")) else {
        return Ok(false);
    };
    let known: Vec<String> =
        new.prepare(&format!("select * from {table}"))?.column_names().map(str::to_owned).collect();
    let columns: Vec<(usize, String)> = find
        .column_names()
        .enumerate()
        .filter(|(_, name)| known.iter().any(|known| known == name))
        .map(|(at, name)| (at, format!("\"{name}\"")))
        .collect();
    let names: Vec<&str> = columns.iter().map(|(_, name)| name.as_str()).collect();
    let marks = vec!["?"; columns.len()].join(", ");
    let mut keep =
        new.prepare(&format!("insert into {table} ({}) values ({marks})", names.join(", ")))?;
    let (mut whole, mut failures) = (true, 0);
    for id in 1..=last_row(old, table) {
        let mut copy = || -> rusqlite::Result<()> {
            let mut rows = find.query([id])?;
            let Some(row) = rows.next()? else { return Ok(()) };
            let values: Vec<Value> =
                columns.iter().map(|(at, _)| row.get(*at)).collect::<rusqlite::Result<_>>()?;
            keep.execute(params_from_iter(values)).map(|_| ())
        };
        match copy() {
            Ok(()) => failures = 0,
            Err(e) if e.sqlite_error_code() == Some(ErrorCode::DiskFull) => return Err(e),
            Err(_) => (whole, failures) = (false, failures + 1),
        }
        if failures > MOST_FAILURES {
            break;
        }
    }
    Ok(whole)
}

fn last_row(old: &Connection, table: &str) -> i64 {
    let sequence = "select max(seq) from sqlite_sequence where name = ?";
    let counted: Option<i64> = old.query_row(sequence, [table], |row| row.get(0)).ok().flatten();
    let seen: rusqlite::Result<Option<i64>> =
        old.query_row(&format!("select max(id) from {table}"), (), |row| row.get(0));
    match (seen, counted) {
        (Ok(seen), counted) => seen.max(counted).unwrap_or(0).min(MOST_ROWS),
        (Err(_), Some(counted)) => counted.min(MOST_ROWS),
        (Err(_), None) => MOST_ROWS,
    }
}

/// A step cannot be made without those before it; what comes after a gap stays in the database set aside.
/// Answers whether there was any.
fn drop_after_gaps(new: &Connection) -> rusqlite::Result<bool> {
    let dropped = new.execute(
        "delete from operation where step > (
            select count(*) from operation as before
            where before.job = operation.job and before.step <= operation.step)",
        (),
    )?;
    new.execute_batch(
        "update job set done = min(done, (select count(*) from operation where operation.job = job.id));
         update job set sent = min(sent, done);",
    )?;
    Ok(dropped > 0)
}

fn notice(aside: &Path, salvaged: &Salvaged) -> String {
    let name = aside.file_name().unwrap_or_default().to_string_lossy();
    let counted = |count: u32, one: &str| match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {one}s"),
    };
    let read = [
        counted(salvaged.rosters, "roster"),
        counted(salvaged.steps, "step"),
        counted(salvaged.snapshots, "snapshot"),
    ];
    let rest = if salvaged.lost { " Some of it could not be read." } else { "" };
    format!(
        "Muster's database was damaged. It was set aside as `{name}`, and a new one begun. Read from it: {}.{rest}",
        read.join(", ")
    )
}

fn beside(path: &Path, more: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(more);
    name.into()
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}
