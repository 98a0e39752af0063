//! Rosters whose files are in the data folder though the database does not know of them.

use std::fs;

use rusqlite::{Connection, params};

use super::blobs::{self, BlobStore, ORIGINAL};

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
