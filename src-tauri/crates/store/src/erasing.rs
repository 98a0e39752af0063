//! What was deleted leaves files, and traces in the database until it is rewritten. Both are noted with the deletion, so that
//! they are made up for at the next start where it could not be done at once. Nothing else is ever erased.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};

use super::Store;
use super::blobs;
use super::failure::trouble;
use super::flaws::Cells;
use super::settings::put_setting;
use muster_table::error::{Failure, FailureKind, Result};

/// The setting that says what is still to be erased.
const ERASING: &str = "erasing";

/// What is still to be erased.
#[derive(Default, Serialize, Deserialize)]
struct Due {
    /// Whether deleted rows have left traces in the database.
    traces: bool,
    /// Files, and folders of files, below the data folder: `jobs/7`.
    paths: Vec<String>,
}

/// What comes to be erased with a deletion.
pub(super) enum Erase<'p> {
    /// A file or folder, below the data folder.
    Path(&'p Path),
    /// The same, and the traces of rows in the database.
    PathAndTraces(&'p Path),
}

impl Store {
    /// Notes, with a deletion, what of it is to be erased.
    pub(super) fn is_due(&self, writing: &Connection, erase: &Erase) -> rusqlite::Result<()> {
        let mut due = due(writing)?;
        let (Erase::Path(path) | Erase::PathAndTraces(path)) = erase;
        due.traces |= matches!(erase, Erase::PathAndTraces(_));
        if let Ok(path) = path.strip_prefix(&self.folder) {
            let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
            due.paths.push(parts.join("/"));
        }
        let due = serde_json::to_value(due).unwrap_or_default();
        put_setting(writing, ERASING, &due)
    }

    /// Erases what was noted. The database is rewritten without the traces of what was deleted; while another window reads,
    /// that is left to the next start.
    pub(super) fn finish_erasing(&self) -> Result<()> {
        let what = "traces of what was forgotten could not be erased";
        if self.raw_setting(ERASING).map_err(trouble(what))?.is_none() {
            return Ok(());
        }
        let due = due(&self.connection).map_err(trouble(what))?;
        for path in due.paths.iter().filter(|path| is_below(path)) {
            let path = self.folder.join(path);
            let erased = if path.is_dir() { blobs::erase(&path) } else { blobs::erase_file(&path) };
            erased.map_err(|e| Failure::file(what, &e))?;
        }
        let erase = || {
            if due.traces {
                self.connection.execute_batch("vacuum")?;
            }
            self.connection.execute("delete from setting where key = ?", [ERASING])?;
            if due.traces {
                self.connection.query_row("pragma wal_checkpoint(truncate)", (), |_| Ok(()))?;
            }
            Ok(())
        };
        match erase().map_err(trouble(what)) {
            Err(failure) if failure.kind == FailureKind::Busy => Ok(()),
            outcome => outcome,
        }
    }
}

fn due(connection: &Connection) -> rusqlite::Result<Due> {
    let sql = "select value from setting where key = ?";
    let json: Option<String> =
        connection.query_row(sql, [ERASING], |row| Ok(Cells::of(row).text(0))).optional()?;
    // Before there were paths, it said `true`.
    let read = |json: String| {
        serde_json::from_str(&json).unwrap_or(Due { traces: true, paths: Vec::new() })
    };
    Ok(json.map(read).unwrap_or_default())
}

/// Whether a path is of a job or account: what is written there is ours, but a damaged database says anything.
fn is_below(path: &str) -> bool {
    let name = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.')
    };
    match path.split('/').collect::<Vec<_>>().as_slice() {
        ["jobs" | "accounts", number] => number.parse::<u32>().is_ok(),
        ["jobs" | "accounts", number, file] => {
            number.parse::<u32>().is_ok() && name(file) && !file.starts_with('.')
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_below;

    #[test]
    fn only_what_is_of_a_job_or_an_account_is_ever_erased() {
        for path in ["jobs/7", "accounts/12", "jobs/7/snapshot-3.zst", "accounts/1/snapshot-2.zst"]
        {
            assert!(is_below(path), "{path}");
        }
        for path in [
            "",
            "jobs",
            "jobs/",
            "jobs/..",
            "jobs/7/..",
            "/etc/passwd",
            "../x",
            "muster.db",
            "jobs/7/a/b",
            "jobs/x",
        ] {
            assert!(!is_below(path), "{path}");
        }
    }
}
