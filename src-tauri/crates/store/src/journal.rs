//! The journal: every operation of a job, on the disk before it is said to be done.

use std::io::{BufWriter, Write};

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Store;
use super::blobs::Blob;
use super::database::{last_id, write};
use super::failure::{is_damage, trouble};
use super::flaws::Cells;
use super::jobs::JobLock;
use super::settings::put_setting;
use muster_rules::journal::Operation;
use muster_rules::recipe;
use muster_table::edit::Edit;
use muster_table::error::{Failure, FailureKind, Result};
use muster_table::going::{GoOn, stopped};

const NOT_SAVED: &str = "the step was not saved";
const NOT_READ: &str = "the steps could not be read";

/// Level 1 packs a million edits in a fraction of a second; the sizes hardly differ.
const LEVEL: i32 = 1;

/// The operations that make the roster what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// In the order in which they are to be made.
    pub operations: Vec<Operation>,
    /// Steps that were done and cannot be read any more. The journal now stands before them.
    pub unreadable: u32,
}

/// A step that was taken back or made again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The step's id.
    pub id: u32,
    /// What it does, with its sentence.
    pub operation: Operation,
}

/// An operation as it goes into the database.
pub struct Ready<'o> {
    operation: &'o Operation,
    edits: Vec<u8>,
}

impl<'o> Ready<'o> {
    /// Packs an operation, which for a million edits takes a while; the store need not wait meanwhile.
    pub fn of(operation: &'o Operation, go_on: GoOn) -> Result<Ready<'o>> {
        let edits = pack(operation, go_on).map_err(|e| match go_on(0) {
            true => Failure::internal(NOT_SAVED).why(e),
            false => stopped(),
        })?;
        Ok(Ready { operation, edits })
    }
}

/// One step of a list, as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Step {
    /// Counted through all jobs; [`Store::operation`] takes it.
    pub id: u32,
    /// When it was made, ISO 8601 in UTC.
    pub at: String,
    /// "Set `usergroups` of `ana@example.com`".
    pub sentence: String,
    /// How many edits it has; adding or taking out a person is one.
    pub cells: u32,
    /// Taken back; can be redone.
    pub undone: bool,
}

impl Store {
    /// Writes an operation to the disk, and only then returns its step's id. Steps that were taken back are gone with it.
    pub fn append(&self, lock: &JobLock, operation: &Operation) -> Result<u32> {
        let ids = self.append_all(lock, vec![Ready::of(operation, &|_| true)?], &[])?;
        ids.first().copied().ok_or_else(|| Failure::internal(NOT_SAVED))
    }

    /// The same with several, and with settings that come with them, in one moment.
    pub fn append_all(
        &self,
        lock: &JobLock,
        operations: Vec<Ready>,
        settings: &[(String, Value)],
    ) -> Result<Vec<u32>> {
        let append = || {
            let writing = write(&self.connection)?;
            let (mut done, ready) = writing
                .prepare_cached("select done, original_size is not null from job where id = ?")?
                .query_row([lock.id], |row| Ok((row.get::<_, u32>(0)?, row.get::<_, bool>(1)?)))?;
            if !ready {
                return Ok(None);
            }
            if !operations.is_empty() {
                writing
                    .prepare_cached("delete from operation where job = ? and step > ?")?
                    .execute(params![lock.id, done])?;
            }
            for (key, value) in settings {
                put_setting(&writing, key, value)?;
            }
            let mut ids = Vec::new();
            for Ready { operation, edits } in &operations {
                writing
                    .prepare_cached(
                        "insert into operation (job, step, at, sentence, cells, edits) values (?, ?, ?, ?, ?, ?)",
                    )?
                    .execute(params![
                        lock.id,
                        done + 1,
                        operation.at,
                        operation.sentence,
                        operation.edits.len() as i64,
                        edits
                    ])?;
                ids.push(last_id(&writing)?);
                writing
                    .prepare_cached(
                        "update job set done = ?, sent = min(sent, ?), saved_at = ? where id = ?",
                    )?
                    .execute(params![done + 1, done, operation.at, lock.id])?;
                done += 1;
            }
            writing.commit()?;
            Ok(Some(ids))
        };
        append().map_err(trouble(NOT_SAVED))?.ok_or_else(|| {
            Failure::internal(NOT_SAVED).why("the file it belongs to has not been kept yet")
        })
    }

    /// Takes the last step back, if there is one. What it did is returned; its inverse is to be applied.
    pub fn step_back(&self, lock: &JobLock, now: &str) -> Result<Option<Moved>> {
        let done = done(&self.connection, lock.id).map_err(trouble(NOT_SAVED))?;
        if done == 0 { Ok(None) } else { self.move_to(lock, done - 1, done, now) }
    }

    /// Makes the step again that was taken back last, if there is one.
    pub fn step_forward(&self, lock: &JobLock, now: &str) -> Result<Option<Moved>> {
        let done = done(&self.connection, lock.id).map_err(trouble(NOT_SAVED))?;
        self.move_to(lock, done + 1, done + 1, now)
    }

    /// Has so many steps done, if there is the step that this is about and it can be read.
    fn move_to(&self, lock: &JobLock, done: u32, about: u32, now: &str) -> Result<Option<Moved>> {
        let id = self
            .connection
            .prepare_cached("select id from operation where job = ? and step = ?")
            .and_then(|mut find| find.query_row([lock.id, about], |row| row.get(0)).optional())
            .map_err(trouble(NOT_SAVED))?;
        let Some(id) = id else { return Ok(None) };
        let operation = self.operation(lock.id, id)?;
        self.connection
            .prepare_cached("update job set done = ?, saved_at = ? where id = ?")
            .and_then(|mut update| update.execute(params![done, now, lock.id]))
            .map_err(trouble(NOT_SAVED))?;
        Ok(Some(Moved { id, operation }))
    }

    /// All steps in the order in which they were made, those that were taken back last.
    pub fn steps(&self, job: u32) -> Result<Vec<Step>> {
        let read = || -> rusqlite::Result<_> {
            self.connection
                .prepare_cached(
                    "select operation.id, at, sentence, cells, step > done from operation
                    join job on job.id = operation.job where job = ? order by step",
                )?
                .query_map([job], |row| {
                    let cells = Cells::of(row);
                    let step = Step {
                        id: cells.count(0),
                        at: cells.text(1),
                        sentence: cells.text(2),
                        cells: cells.count(3),
                        undone: cells.is_set(4),
                    };
                    if cells.is_flawed() {
                        self.note(
                            "What is written of a step is damaged; what it does is kept.".into(),
                        );
                    }
                    Ok(step)
                })?
                .collect()
        };
        read().map_err(trouble(NOT_READ))
    }

    /// One operation with its edits, by its step's id.
    pub fn operation(&self, job: u32, id: u32) -> Result<Operation> {
        let row = self
            .connection
            .query_row(
                "select at, sentence, edits from operation where job = ? and id = ?",
                [job, id],
                |row| {
                    Ok((Cells::of(row).text(0), Cells::of(row).text(1), row.get::<_, Vec<u8>>(2)?))
                },
            )
            .optional()
            .map_err(trouble(NOT_READ))?;
        let (at, sentence, edits) =
            row.ok_or_else(|| Failure::not_found("this step is no longer kept"))?;
        unpack(at, sentence, &edits).map_err(|why| {
            Failure::new(FailureKind::Store, "the step could not be read")
                .why(why)
                .hint("Its place in Muster's database is damaged.")
        })
    }

    /// The operations to make on the original so that the roster stands as it stood.
    ///
    /// Where one cannot be read, neither it nor what came after is returned, and the journal is put to the step before.
    pub fn load_done(&self, lock: &JobLock) -> Result<Done> {
        let count = done(&self.connection, lock.id).map_err(trouble(NOT_READ))?;
        let mut operations = Vec::new();
        let mut read = || -> rusqlite::Result<()> {
            let mut rows = self
                .connection
                .prepare("select at, sentence, edits from operation where job = ? and step = ?")?;
            for step in 1..=count {
                let row = rows
                    .query_row([lock.id, step], |row| {
                        Ok((
                            Cells::of(row).text(0),
                            Cells::of(row).text(1),
                            row.get::<_, Vec<u8>>(2)?,
                        ))
                    })
                    .optional()?;
                let Some((at, sentence, edits)) = row else { break };
                let Ok(operation) = unpack(at, sentence, &edits) else { break };
                operations.push(operation);
            }
            Ok(())
        };
        match read() {
            Err(e) if !is_damage(&e) => return Err(trouble(NOT_READ)(e)),
            _ => {}
        }
        let readable = u32::try_from(operations.len()).unwrap_or(count);
        if count > readable {
            self.connection
                .execute("update job set done = ? where id = ?", params![readable, lock.id])
                .map_err(trouble(NOT_READ))?;
        }
        // A count that is damaged is of no step.
        let there = "select count(*) from operation where job = ? and step > ? and step <= ?";
        let there =
            self.connection.query_row(there, params![lock.id, readable, count], |row| row.get(0));
        let unreadable = if count > readable { there.unwrap_or(count - readable) } else { 0 };
        Ok(Done { operations, unreadable })
    }

    /// Takes all steps out of the journal, for a file that is read in another way.
    pub fn clear_steps(&self, lock: &JobLock, now: &str) -> Result<()> {
        let clear = || {
            let writing = write(&self.connection)?;
            writing.execute("delete from operation where job = ?", [lock.id])?;
            writing.execute(
                "update job set done = 0, sent = 0, saved_at = ? where id = ?",
                params![now, lock.id],
            )?;
            writing.commit()
        };
        clear().map_err(trouble("the steps could not be set aside"))
    }

    /// Rewrites what is kept of a job: each step, the last first, where `change` says that it changed it, and the original
    /// with them, in one moment. Steps that were taken back are gone, and nothing of what stood there is left on the disk.
    pub fn rewrite(
        &self,
        lock: &JobLock,
        original: Option<Blob>,
        mut change: impl FnMut(&mut Operation) -> bool,
    ) -> Result<()> {
        let not_saved = |e: std::io::Error| Failure::file("the steps could not be rewritten", &e);
        let mut rewritten = Vec::new();
        for step in self.steps(lock.id)?.iter().filter(|step| !step.undone).rev() {
            let mut operation = self.operation(lock.id, step.id)?;
            if change(&mut operation) {
                rewritten.push((step.id, pack(&operation, &|_| true).map_err(not_saved)?));
            }
        }
        let original = original.map(|kept| self.lay_ready(lock, kept)).transpose()?;
        let rewrite = || {
            let writing = write(&self.connection)?;
            writing.execute(
                "delete from operation where job = ?1 and step > (select done from job where id = ?1)",
                [lock.id],
            )?;
            let mut update = writing.prepare("update operation set edits = ? where id = ?")?;
            for (id, edits) in &rewritten {
                update.execute(params![edits, id])?;
            }
            drop(update);
            if let Some((sha256, size)) = &original {
                writing.execute(
                    "update job set original_sha256 = ?, original_size = ? where id = ?",
                    params![sha256, *size as i64, lock.id],
                )?;
            }
            writing.commit()?;
            self.connection.query_row("pragma wal_checkpoint(truncate)", (), |_| Ok(()))
        };
        rewrite().map_err(trouble("the steps could not be rewritten"))?;
        if original.is_some() { self.original(lock.id).map(drop) } else { Ok(()) }
    }

    /// Says that a kit or push carries out the roster as it stands.
    pub fn mark_sent(&self, lock: &JobLock) -> Result<()> {
        self.connection
            .execute("update job set sent = done where id = ?", [lock.id])
            .map_err(trouble("that the changes were sent could not be saved"))?;
        Ok(())
    }
}

fn done(connection: &Connection, job: u32) -> rusqlite::Result<u32> {
    connection
        .prepare_cached("select done from job where id = ?")?
        .query_row([job], |row| row.get::<_, i64>(0))
        .map(|done| u32::try_from(done.max(0)).unwrap_or(u32::MAX))
}

/// An operation's edits; with what it does on any list, where it is such.
#[derive(Serialize)]
#[serde(untagged)]
enum Packed<'o> {
    Edits(&'o [Edit]),
    General {
        general: &'o [recipe::Step],
        edits: &'o [Edit],
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        remembered: bool,
    },
}

#[derive(Deserialize)]
struct General {
    general: Vec<recipe::Step>,
    edits: Vec<Edit>,
    #[serde(default)]
    remembered: bool,
}

fn pack(operation: &Operation, go_on: GoOn) -> std::io::Result<Vec<u8>> {
    let edits = operation.edits.as_slice();
    let packed = match operation.general.as_slice() {
        [] => Packed::Edits(edits),
        general => Packed::General { general, edits, remembered: operation.remembered },
    };
    let mut packer = zstd::Encoder::new(Vec::new(), LEVEL)?;
    packer.include_checksum(true)?;
    let mut buffer = BufWriter::with_capacity(1 << 16, Looking { to: &mut packer, go_on });
    serde_json::to_writer(&mut buffer, &packed)?;
    buffer.flush()?;
    drop(buffer);
    packer.finish()
}

/// Writes as long as it is to go on.
struct Looking<'a, W> {
    to: W,
    go_on: GoOn<'a>,
}

impl<W: Write> Write for Looking<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if (self.go_on)(0) { self.to.write(bytes) } else { Err(std::io::Error::other("stopped")) }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.to.flush()
    }
}

fn unpack(at: String, sentence: String, packed: &[u8]) -> Result<Operation, String> {
    let json = zstd::decode_all(packed).map_err(|e| e.to_string())?;
    let wrong = |e: serde_json::Error| e.to_string();
    let General { general, edits, remembered } = match json.starts_with(b"[") {
        true => General {
            general: Vec::new(),
            edits: serde_json::from_slice(&json).map_err(wrong)?,
            remembered: false,
        },
        false => serde_json::from_slice(&json).map_err(wrong)?,
    };
    Ok(Operation { at, sentence, edits, general, remembered })
}
