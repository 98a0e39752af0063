//! Snapshots: rosters that we know the LMS has.

use rusqlite::{OptionalExtension, Row, params};
use serde_json::Value;

use super::Store;
use super::blobs::{self, Blob};
use super::database::{last_id, write};
use super::erasing::Erase;
use super::failure::trouble;
use super::flaws::Cells;
use super::jobs::JobLock;
use muster_table::error::{Failure, Result};
use serde::{Deserialize, Serialize};

/// A snapshot as the window shows it in lists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct SnapshotCard {
    /// The number by which [`Store::snapshot_text`] gives its text.
    pub id: u32,
    /// When it was taken, ISO 8601.
    pub at: String,
    /// How many rows it has.
    pub people: u32,
    /// What the person wrote about it, or where it came from: "Fetched from Staging". May be empty.
    pub note: String,
    /// The file it was read from.
    pub source: String,
}

/// What is known of a roster that is to be kept as a snapshot.
#[derive(Debug, Clone, PartialEq)]
pub struct SnapshotFacts {
    /// When it was taken, ISO 8601 in UTC.
    pub at: String,
    /// What is remembered about it; may be empty.
    pub note: String,
    /// The file it was read from.
    pub source: String,
    /// How many rows it has.
    pub people: u32,
    /// The id of the profile that it was read through; none where it is to be recognised again.
    pub profile: Option<String>,
    /// How its text is read.
    pub reading: Value,
}

/// A snapshot as it is kept; its text is read only when it is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct SnapshotRecord {
    /// Counted through all jobs; the newest of a job has the highest.
    pub id: u32,
    /// What was known of it when it was taken.
    pub facts: SnapshotFacts,
    /// Of the roster's text.
    pub sha256: String,
    /// The length of the roster's text in bytes.
    pub size: u64,
}

impl SnapshotRecord {
    /// What the window shows of it.
    pub fn card(&self) -> SnapshotCard {
        SnapshotCard {
            id: self.id,
            at: self.facts.at.clone(),
            people: self.facts.people,
            note: self.facts.note.clone(),
            source: self.facts.source.clone(),
        }
    }
}

const NOT_KEPT: &str = "the snapshot could not be kept";
const NOT_READ: &str = "the snapshots could not be read";
const COLUMNS: &str = "id, at, note, source, people, profile, reading, sha256, size";

impl Store {
    /// Keeps a snapshot: a roster as CSV in UTF-8, packed by [`blobs::BlobStore::keep`], which is the part that takes time.
    ///
    /// No password may be in it: whoever packs it has emptied the columns that the profile calls secret.
    pub fn keep_snapshot(&self, lock: &JobLock, facts: &SnapshotFacts, kept: Blob) -> Result<u32> {
        let writing = write(&self.connection).map_err(trouble(NOT_KEPT))?;
        writing
            .execute(
                "insert into snapshot (job, at, note, source, people, profile, reading, sha256, size)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                params![
                    lock.id,
                    facts.at,
                    facts.note,
                    facts.source,
                    facts.people,
                    facts.profile,
                    facts.reading.to_string(),
                    kept.sha256,
                    kept.size as i64,
                ],
            )
            .map_err(trouble(NOT_KEPT))?;
        let id = last_id(&writing).map_err(trouble(NOT_KEPT))?;
        kept.settle(&self.snapshot_path(lock.id, id)).map_err(|e| Failure::file(NOT_KEPT, &e))?;
        writing.commit().map_err(trouble(NOT_KEPT))?;
        Ok(id)
    }

    /// Erases a snapshot that was a wrong one; the history says so. The one before it is the newest again.
    pub fn remove_snapshot(&self, lock: &JobLock, id: u32) -> Result<()> {
        let remove = || {
            let writing = write(&self.connection)?;
            let of = params![lock.id, id];
            let gone = writing.execute("delete from snapshot where job = ? and id = ?", of)?;
            self.is_due(&writing, &Erase::Path(&self.snapshot_path(lock.id, id)))?;
            writing.execute(
                "update event set subject = null, title = title || ', and removed later'
                where job = ? and kind = 'snapshot' and subject = ?",
                of,
            )?;
            writing.commit()?;
            Ok(gone)
        };
        match remove().map_err(trouble("the snapshot could not be removed"))? {
            0 => Err(Failure::not_found("this snapshot is no longer kept")),
            _ => self.finish_erasing(),
        }
    }

    /// A job's snapshots, the newest first.
    pub fn snapshots(&self, job: u32) -> Result<Vec<SnapshotRecord>> {
        let sql = format!("select {COLUMNS} from snapshot where job = ? order by id desc");
        let read = || -> rusqlite::Result<_> {
            self.connection
                .prepare_cached(&sql)?
                .query_map([job], |row| Ok(self.snapshot_of(row)))?
                .collect()
        };
        read().map_err(trouble(NOT_READ))
    }

    /// The text of a snapshot.
    pub fn snapshot_text(&self, job: u32, id: u32) -> Result<String> {
        let sql = format!("select {COLUMNS} from snapshot where job = ? and id = ?");
        let snapshot = self
            .connection
            .query_row(&sql, [job, id], |row| Ok(self.snapshot_of(row)))
            .optional()
            .map_err(trouble(NOT_READ))?
            .ok_or_else(|| Failure::not_found("this snapshot is no longer kept"))?;
        let place = self.snapshot_path(job, id);
        let bytes = blobs::read(&place, snapshot.size, "the snapshot").or_else(|failure| {
            match blobs::measure(&place) {
                Ok((sha256, size)) if sha256 == snapshot.sha256 => {
                    blobs::read(&place, size, "the snapshot")
                }
                _ => Err(failure),
            }
        })?;
        String::from_utf8(bytes).map_err(|e| Failure::internal("the snapshot is not text").why(e))
    }

    fn snapshot_of(&self, row: &Row) -> SnapshotRecord {
        let cells = Cells::of(row);
        let record = SnapshotRecord {
            id: cells.count(0),
            facts: SnapshotFacts {
                at: cells.text(1),
                note: cells.text(2),
                source: cells.text(3),
                people: cells.count(4),
                profile: cells.maybe_text(5),
                reading: cells.json(6),
            },
            sha256: cells.text(7),
            size: cells.number(8).unwrap_or(0) as u64,
        };
        if cells.is_flawed() {
            self.note(format!(
                "Something kept of the snapshot from `{}` beside its people is damaged: when it was taken, its note or \
                 how it is read.",
                record.facts.source
            ));
        }
        record
    }

    fn snapshot_path(&self, job: u32, id: u32) -> std::path::PathBuf {
        self.blobs.of_job(job).join(format!("snapshot-{id}.zst"))
    }
}
