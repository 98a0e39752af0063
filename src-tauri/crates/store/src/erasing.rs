//! What was deleted leaves traces in the database until it is rewritten. That is noted with the deletion, so that it is made
//! up for at the next start where it could not be done at once.

use rusqlite::Connection;

use super::Store;
use super::failure::trouble;
use muster_table::error::{FailureKind, Result};

/// The setting that says deleted rows have left traces that are still to be erased.
const ERASING: &str = "erasing";

/// Notes that the traces of what is deleted are to be erased.
pub(super) fn is_due(writing: &Connection) -> rusqlite::Result<()> {
    let sql = "insert into setting (key, value) values (?, 'true') on conflict (key) do nothing";
    writing.execute(sql, [ERASING]).map(drop)
}

impl Store {
    /// Rewrites the database without the traces of what was deleted, if that is still to be done. While another window
    /// reads, it is left to the next start.
    pub(super) fn finish_erasing(&self) -> Result<()> {
        let erase = || {
            if self.raw_setting(ERASING)?.is_none() {
                return Ok(());
            }
            self.connection.execute_batch("vacuum")?;
            self.connection.execute("delete from setting where key = ?", [ERASING])?;
            self.connection.query_row("pragma wal_checkpoint(truncate)", (), |_| Ok(()))
        };
        match erase().map_err(trouble("traces of a forgotten roster could not be erased")) {
            Err(failure) if failure.kind == FailureKind::Busy => Ok(()),
            outcome => outcome,
        }
    }
}
