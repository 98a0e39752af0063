//! What happened to a job: the entries of its history.

use rusqlite::params;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Store;
use super::blobs::{self, Blob};
use super::database::{last_id, write};
use super::failure::trouble;
use super::flaws::Cells;
use super::jobs::JobLock;
use muster_table::error::{Failure, Result};
use muster_table::words::counted;

/// One entry of the history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Event {
    /// When it happened, ISO 8601 in UTC.
    pub at: String,
    /// What sort of entry it is, by which the window chooses its picture.
    pub kind: EventKind,
    /// "Opened `staff.csv`", "Made an upload kit for EdApp".
    pub title: String,
    /// How the file was read, what was proved, or the note that was written about it; may be empty.
    pub detail: String,
    /// The snapshot or receipt it stands for; of a kit, what a fresh export is proved with.
    pub id: Option<u32>,
    /// How many people the list had, or how many the kit or push changed; none of a proof.
    pub people: Option<u32>,
    /// SHA-256 in hexadecimal digits, of the file that was opened, the snapshot's text, the kit's upload or the
    /// export; none of a restore or push.
    pub sha256: Option<String>,
    /// The kit's folder or the file's path.
    pub path: Option<String>,
}

/// What happened to a job, in lower case where it is written down: `opened`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    /// A file was opened, and the job began.
    Opened,
    /// A roster was kept as what the LMS has.
    Snapshot,
    /// An upload kit was written.
    Kit,
    /// The whole roster was put back to a snapshot or file, as one step.
    Restored,
    /// A run of a push ended; the entry's id is the push's.
    Push,
    /// A fresh export was put beside what was planned.
    Proof,
}

/// What is known of a kit beside its entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KitFacts {
    /// The kit's files with size and SHA-256, as its receipt names them.
    pub files: Value,
    /// The snapshot that it was planned against.
    pub snapshot: Option<u32>,
    /// The length in bytes of what was planned.
    pub planned: u64,
}

const NOT_READ: &str = "the history could not be read";

impl Store {
    /// Adds an entry, with facts such as a kit's receipt; returns its number.
    pub fn add_event(&self, lock: &JobLock, event: &Event, facts: &Value) -> Result<u32> {
        let what = "what happened could not be written to the history";
        let kind = serde_json::to_value(event.kind).map_err(|e| Failure::internal(what).why(e))?;
        self.connection
            .execute(
                "insert into event (job, at, kind, title, detail, subject, people, sha256, path, facts)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                params![
                    lock.id,
                    event.at,
                    kind.as_str(),
                    event.title,
                    event.detail,
                    event.id,
                    event.people,
                    event.sha256,
                    event.path,
                    facts.to_string(),
                ],
            )
            .map_err(trouble(what))?;
        last_id(&self.connection).map_err(trouble(what))
    }

    /// Adds the entry of a kit, with what it is to bring about, packed by [`BlobStore::keep`]; returns its number, which is
    /// the entry's own.
    ///
    /// [`BlobStore::keep`]: super::blobs::BlobStore::keep
    pub fn add_kit(
        &self,
        lock: &JobLock,
        event: &Event,
        facts: KitFacts,
        kept: Blob,
    ) -> Result<u32> {
        let what = "the kit could not be written to the history";
        let facts = KitFacts { planned: kept.size, ..facts };
        let facts = serde_json::to_value(facts).map_err(|e| Failure::internal(what).why(e))?;
        let writing = write(&self.connection).map_err(trouble(what))?;
        let id = self.add_event(lock, event, &facts)?;
        writing
            .execute("update event set subject = id where id = ?", [id])
            .map_err(trouble(what))?;
        kept.settle(&self.planned_path(lock.id, id)).map_err(|e| Failure::file(what, &e))?;
        writing.commit().map_err(trouble(what))?;
        Ok(id)
    }

    /// The entry of a kit, and what it is to bring about.
    pub fn kit(&self, job: u32, id: u32) -> Result<(Event, KitFacts, Vec<u8>)> {
        let gone =
            || Failure::not_found("what this upload kit was to bring about is no longer kept");
        let is_it =
            |(event, _): &(Event, Value)| event.kind == EventKind::Kit && event.id == Some(id);
        let (event, facts) = self.events(job)?.into_iter().find(is_it).ok_or_else(gone)?;
        let facts: KitFacts = serde_json::from_value(facts).map_err(|_| gone())?;
        let path = self.planned_path(job, id);
        let planned = blobs::read(&path, facts.planned, "what was planned")?;
        Ok((event, facts, planned))
    }

    fn planned_path(&self, job: u32, id: u32) -> std::path::PathBuf {
        self.blobs.of_job(job).join(format!("planned-{id}.zst"))
    }

    /// A job's entries with their facts, the newest first; those that are damaged are left out, and noted.
    pub fn events(&self, job: u32) -> Result<Vec<(Event, Value)>> {
        let read = || -> rusqlite::Result<Vec<Option<(Event, Value)>>> {
            self.connection
                .prepare_cached(
                    "select at, kind, title, detail, subject, people, sha256, path, facts from event
                    where job = ? order by id desc",
                )?
                .query_map([job], |row| {
                    let cells = Cells::of(row);
                    let Ok(kind) = serde_json::from_value(Value::from(cells.text(1))) else {
                        return Ok(None);
                    };
                    let event = Event {
                        at: cells.text(0),
                        kind,
                        title: cells.text(2),
                        detail: cells.text(3),
                        id: cells.maybe_count(4),
                        people: cells.maybe_count(5),
                        sha256: cells.maybe_text(6),
                        path: cells.maybe_text(7),
                    };
                    let facts = cells.json(8);
                    Ok((!cells.is_flawed()).then_some((event, facts)))
                })?
                .collect()
        };
        let all = read().map_err(trouble(NOT_READ))?;
        let left_out = all.iter().filter(|event| event.is_none()).count();
        if left_out > 0 {
            self.note(format!(
                "{} of the history of one list could not be read and {} left out.",
                counted(left_out, "entry", "entries"),
                if left_out == 1 { "is" } else { "are" }
            ));
        }
        Ok(all.into_iter().flatten().collect())
    }
}
