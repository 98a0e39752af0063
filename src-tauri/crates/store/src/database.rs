//! The database file: connecting to it, its version, its soundness.
//!
//! rusqlite_migration would bring versions as well, but asks for Rust 1.95, to save twenty lines.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use super::failure::trouble;
use super::folder;
use muster_table::error::{Failure, FailureKind, Result};

/// Each brings the database from the version of its place to the next. Never change one that was released.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_begin.sql"),
    include_str!("../migrations/0002_push.sql"),
    include_str!("../migrations/0003_accounts.sql"),
    include_str!("../migrations/0004_said.sql"),
    include_str!("../migrations/0005_completed.sql"),
    include_str!("../migrations/0006_sealed.sql"),
];

/// All tables, parents first. Each has `id` as its row's number.
pub(super) const TABLES: &[&str] =
    &["account", "job", "operation", "snapshot", "list", "event", "setting", "push", "push_order"];

/// "Mstr": says in the file's header whose database it is.
pub(super) const APPLICATION: i32 = 0x4D73_7472;

const NOT_OPENED: &str = "Muster's database could not be opened";

pub(super) fn connect(path: &Path) -> Result<rusqlite::Result<Connection>> {
    folder::private_file(path).map_err(|e| Failure::file(NOT_OPENED, &e))?;
    Ok(connect_to(path))
}

fn connect_to(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.execute_batch(
        "pragma journal_mode = wal;
         pragma synchronous = full;
         pragma fullfsync = on;
         pragma checkpoint_fullfsync = on;
         pragma foreign_keys = on;
         pragma secure_delete = on;
         pragma temp_store = memory;
         pragma trusted_schema = off;
         pragma cell_size_check = on;
         pragma journal_size_limit = 16777216;",
    )?;
    Ok(connection)
}

/// Refuses a database of a newer Muster before anything has opened it, so that it stays as it is.
pub(super) fn refuse_newer(path: &Path) -> Result<()> {
    let mut header = [0; 100];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut header));
    let number = |at: usize| {
        i32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
    };
    if read.is_ok() && header.starts_with(b"SQLite format 3\0") && number(68) == APPLICATION {
        refuse_version(i64::from(number(60)))?;
    }
    Ok(())
}

fn refuse_version(version: i64) -> Result<()> {
    if version <= MIGRATIONS.len() as i64 {
        return Ok(());
    }
    Err(Failure::new(FailureKind::Store, NOT_OPENED)
        .why("it was written by a newer Muster")
        .hint("Use the newer one. Nothing was changed."))
}

pub(super) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("pragma user_version", (), |row| row.get(0))
}

/// Whether the database hangs together: its pages, and that no table is missing.
pub(super) fn is_sound(connection: &Connection) -> rusqlite::Result<bool> {
    match version(connection)? {
        0 => return Ok(true),
        ..0 => return Ok(false),
        _ => {}
    }
    let verdict: String = connection.query_row("pragma quick_check(1)", (), |row| row.get(0))?;
    let application: i32 = connection.query_row("pragma application_id", (), |row| row.get(0))?;
    let tables: i64 = connection.query_row(
        "select count(*) from sqlite_schema where type = 'table' and name in ('job', 'operation')",
        (),
        |row| row.get(0),
    )?;
    Ok(verdict == "ok" && application == APPLICATION && tables == 2)
}

/// Brings the database to this version, each step as a whole or not at all.
pub(super) fn migrate(connection: &Connection, alone: bool) -> Result<()> {
    let what = "Muster's database could not be brought up to date";
    let at = version(connection).map_err(trouble(what))?;
    refuse_version(at)?;
    for (place, step) in
        MIGRATIONS.iter().enumerate().skip(usize::try_from(at).unwrap_or(usize::MAX))
    {
        if !alone {
            return Err(Failure::new(FailureKind::Busy, what)
                .why("another window of Muster is using it")
                .hint("Close the other window, then start Muster again."));
        }
        let writing = write(connection).map_err(trouble(what))?;
        writing
            .execute_batch(step)
            .and_then(|()| writing.pragma_update(None, "application_id", APPLICATION))
            .and_then(|()| writing.pragma_update(None, "user_version", place as i64 + 1))
            .and_then(|()| writing.commit())
            .map_err(trouble(what))?;
    }
    Ok(())
}

/// The number of the row that was added last. It fails where it is more than the columns that name it can hold.
pub(super) fn last_id(connection: &Connection) -> rusqlite::Result<u32> {
    let id = connection.last_insert_rowid();
    u32::try_from(id).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(0, id))
}

/// Begins a change that is kept as a whole, or not at all if it is dropped.
pub(super) fn write(connection: &Connection) -> rusqlite::Result<Transaction<'_>> {
    Transaction::new_unchecked(connection, TransactionBehavior::Immediate)
}
