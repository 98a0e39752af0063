//! Jobs: what Home lists, what is needed to open one where it stood, and who has it open.

use rusqlite::{OptionalExtension, Row, named_params, params};
use serde::Serialize;
use serde_json::Value;

use super::blobs::{self, Blob};
use super::database::{last_id, write};
use super::failure::trouble;
use super::folder::Lock;
use super::own_files::Stamp;
use super::said::Said;
use super::{Store, erasing, folder};
use muster_plan::worksheet::Told;
use muster_table::error::{Failure, FailureKind, Result};

/// What is known of a job and may change while it is worked on.
#[derive(Debug, Clone, PartialEq)]
pub struct JobFacts {
    /// The name of its file, by which Home lists it: `staff.csv`.
    pub name: String,
    /// The person's own file; empty where it is not known.
    pub file: String,
    /// That file as it was when it was opened, to notice that it has changed.
    pub stamp: Option<Stamp>,
    /// How many rows it has, for Home.
    pub people: u32,
    /// The profile's id; none where it is to be recognised again.
    pub profile: Option<String>,
    /// How the file is read.
    pub reading: Value,
    /// The policies chosen for its plans.
    pub policies: Value,
    /// Where the window stood.
    pub view: Value,
    /// Whether the person has let key columns be edited.
    pub key_unlocked: bool,
    /// Whether the window offers to keep the file as the snapshot; no longer once the job has one.
    pub offer_snapshot: bool,
    /// The connection by which its plans are sent; none for the upload kit.
    pub sends_by: Option<u32>,
    /// The account that it is of; none where it is of none.
    pub account: Option<u32>,
    /// What somebody knows better than a check, said while it was of no account.
    pub said: Said,
    /// What is to be told of what it lacked and was taken from what the LMS has.
    pub completed: Told,
}

impl JobFacts {
    /// What is known of a job of which nothing is known yet.
    pub fn blank() -> JobFacts {
        JobFacts {
            name: String::new(),
            file: String::new(),
            stamp: None,
            people: 0,
            profile: None,
            reading: Value::Null,
            policies: Value::Null,
            view: Value::Null,
            key_unlocked: false,
            offer_snapshot: true,
            sends_by: None,
            account: None,
            said: Said::default(),
            completed: Told::default(),
        }
    }
}

/// A job as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct JobRecord {
    /// Given once; those of forgotten jobs are not given again.
    pub id: u32,
    /// What may change of it.
    pub facts: JobFacts,
    /// When somebody opened it last, ISO 8601 in UTC.
    pub opened_at: String,
    /// When the journal was last written.
    pub saved_at: Option<String>,
    /// The file that it began with; none while that was not fully written, so that it cannot be opened.
    pub original: Option<Original>,
    /// Steps made or taken back since a kit or push last carried them out.
    pub unsent: u32,
}

/// The file's bytes as they were opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// In hexadecimal digits.
    pub sha256: String,
    /// How many bytes it was.
    pub size: u64,
}

/// A job that is open here and nowhere else, until this is dropped or the process ends.
#[derive(Debug)]
pub struct JobLock {
    pub(super) id: u32,
    _lock: Lock,
}

impl JobLock {
    /// The job that is held.
    pub fn id(&self) -> u32 {
        self.id
    }
}

const NOT_OPENED: &str = "the roster could not be opened";
const COLUMNS: &str = "id, name, file, file_size, file_modified, people, profile, reading, policies, view, \
    key_unlocked, offer_snapshot, opened_at, saved_at, original_sha256, original_size, abs(done - sent), sends_by, \
    account, said, completed";

impl Store {
    /// All jobs, the one opened last first.
    pub fn jobs(&self) -> Result<Vec<JobRecord>> {
        let sql = format!("select {COLUMNS} from job order by opened_at desc, id desc");
        let read = || -> rusqlite::Result<_> {
            self.connection.prepare(&sql)?.query_map((), record)?.collect()
        };
        read().map_err(trouble("the list of recent rosters could not be read"))
    }

    /// Begins a job. Before its journal can be written, [`Store::keep_original`] must have been called.
    pub fn begin_job(&self, facts: &JobFacts, now: &str) -> Result<JobLock> {
        let what = "the roster could not be taken up";
        self.connection
            .execute(
                "insert into job (name, file, file_size, file_modified, people, profile, reading, policies, view,
                    key_unlocked, offer_snapshot, account, said, completed, opened_at)
                values (:name, :file, :file_size, :file_modified, :people, :profile, :reading, :policies, :view,
                    :key_unlocked, :offer_snapshot, :account, :said, :completed, :now)",
                named_params! {
                    ":name": facts.name,
                    ":file": facts.file,
                    ":file_size": facts.stamp.map(|stamp| stamp.size as i64),
                    ":file_modified": facts.stamp.map(|stamp| stamp.modified),
                    ":people": facts.people,
                    ":profile": facts.profile,
                    ":reading": facts.reading.to_string(),
                    ":policies": facts.policies.to_string(),
                    ":view": facts.view.to_string(),
                    ":key_unlocked": facts.key_unlocked,
                    ":offer_snapshot": facts.offer_snapshot,
                    ":account": facts.account,
                    ":said": json_text(&facts.said),
                    ":completed": json_text(&facts.completed),
                    ":now": now,
                },
            )
            .map_err(trouble(what))?;
        self.lock_job(last_id(&self.connection).map_err(trouble(what))?)
    }

    /// Opens a job: nobody else can then. Fails with [`FailureKind::Busy`] while another window has it.
    pub fn hold(&self, id: u32, now: &str) -> Result<(JobLock, JobRecord)> {
        self.job_record(id)?;
        let lock = self.lock_job(id)?;
        let update = "update job set opened_at = ? where id = ?";
        match self.connection.execute(update, params![now, id]).map_err(trouble(NOT_OPENED)) {
            // A full disk keeps nobody from looking.
            Err(failure) if failure.kind != FailureKind::File => return Err(failure),
            _ => {}
        }
        // Read again: it may have gone while we waited for the lock.
        Ok((lock, self.job_record(id)?))
    }

    /// Whether the job is open, here or in another window.
    pub fn is_held(&self, id: u32) -> bool {
        self.blobs.of_job(id).exists()
            && self.lock_job(id).is_err_and(|failure| failure.kind == FailureKind::Busy)
    }

    /// Keeps what is known of the job as it stands now.
    pub fn set_facts(&self, lock: &JobLock, facts: &JobFacts) -> Result<()> {
        self.connection
            .execute(
                "update job set name = :name, file = :file, file_size = :file_size, file_modified = :file_modified,
                    people = :people, profile = :profile, reading = :reading, policies = :policies, view = :view,
                    key_unlocked = :key_unlocked, offer_snapshot = :offer_snapshot, sends_by = :sends_by,
                    account = :account, said = :said, completed = :completed where id = :id",
                named_params! {
                    ":id": lock.id,
                    ":name": facts.name,
                    ":file": facts.file,
                    ":file_size": facts.stamp.map(|stamp| stamp.size as i64),
                    ":file_modified": facts.stamp.map(|stamp| stamp.modified),
                    ":people": facts.people,
                    ":profile": facts.profile,
                    ":reading": facts.reading.to_string(),
                    ":policies": facts.policies.to_string(),
                    ":view": facts.view.to_string(),
                    ":key_unlocked": facts.key_unlocked,
                    ":offer_snapshot": facts.offer_snapshot,
                    ":sends_by": facts.sends_by,
                    ":account": facts.account,
                    ":said": json_text(&facts.said),
                    ":completed": json_text(&facts.completed),
                },
            )
            .map_err(trouble("what was chosen for this roster could not be saved"))?;
        Ok(())
    }

    /// Keeps the file's bytes as they were opened, so that the job opens where it stood even when the file is gone.
    pub fn keep_original(&self, lock: &JobLock, kept: Blob) -> Result<()> {
        let what = "the roster could not be kept in the data folder";
        let (sha256, size) = (kept.sha256.clone(), kept.size as i64);
        let path = self.blobs.of_job(lock.id).join(blobs::ORIGINAL);
        kept.settle(&path).map_err(|e| Failure::file(what, &e))?;
        self.connection
            .execute(
                "update job set original_sha256 = ?, original_size = ? where id = ?",
                params![sha256, size, lock.id],
            )
            .map_err(trouble(what))?;
        Ok(())
    }

    /// The file's bytes as they were opened.
    pub fn original(&self, id: u32) -> Result<Vec<u8>> {
        let original = self.job_record(id)?.original.ok_or_else(|| {
            Failure::state("the roster was not fully opened").hint("Open its file again.")
        })?;
        let folder = self.blobs.of_job(id);
        blobs::take_over(&folder, &original.sha256).map_err(|e| {
            Failure::file("the roster kept in the data folder could not be read", &e)
        })?;
        blobs::read(
            &folder.join(blobs::ORIGINAL),
            original.size,
            "the roster kept in the data folder",
        )
    }

    /// Puts what is to be the original beside it. It takes its place once the database names it.
    pub(super) fn lay_ready(&self, lock: &JobLock, kept: Blob) -> Result<(String, u64)> {
        let named = (kept.sha256.clone(), kept.size);
        let path = self.blobs.of_job(lock.id).join(blobs::NEXT);
        kept.settle(&path)
            .map_err(|e| Failure::file("the roster could not be kept in the data folder", &e))?;
        Ok(named)
    }

    /// Erases everything kept of a job. The person's own file stays.
    ///
    /// What was in the database is overwritten there; a disk or a file system may still hold older copies of its blocks.
    pub fn forget(&self, id: u32) -> Result<()> {
        let what = "the roster could not be forgotten";
        self.job_record(id)?;
        let lock = self.lock_job(id)?;
        let forget = || {
            let writing = write(&self.connection)?;
            writing.execute("delete from job where id = ?", [id])?;
            erasing::is_due(&writing)?;
            writing.commit()
        };
        forget().map_err(trouble(what))?;
        // Windows removes no file that is open.
        drop(lock);
        blobs::erase(&self.blobs.of_job(id)).map_err(|e| Failure::file(what, &e))?;
        self.finish_erasing()
    }

    pub(super) fn job_record(&self, id: u32) -> Result<JobRecord> {
        let sql = format!("select {COLUMNS} from job where id = ?");
        self.connection
            .query_row(&sql, [id], record)
            .optional()
            .map_err(trouble(NOT_OPENED))?
            .ok_or_else(|| Failure::not_found("this roster is no longer kept"))
    }

    fn lock_job(&self, id: u32) -> Result<JobLock> {
        let what = NOT_OPENED;
        let path = self.blobs.of_job(id);
        let open = || {
            folder::make_private(&path)?;
            Lock::take(&path.join("lock"))
        };
        match open().map_err(|e| Failure::file(what, &e))? {
            Some(lock) => Ok(JobLock { id, _lock: lock }),
            None => Err(Failure::new(FailureKind::Busy, what)
                .why("this job is open in another window")
                .hint("Go on in that window, or close it there first.")),
        }
    }
}

fn json_text(kept: &impl Serialize) -> String {
    serde_json::to_string(kept).unwrap_or_else(|_| "{}".to_owned())
}

fn record(row: &Row) -> rusqlite::Result<JobRecord> {
    let json = |at: usize| {
        row.get::<_, String>(at).map(|text| serde_json::from_str(&text).unwrap_or(Value::Null))
    };
    let stamp = row.get::<_, Option<i64>>(3)?.zip(row.get(4)?);
    let original = row.get::<_, Option<String>>(14)?.zip(row.get::<_, Option<i64>>(15)?);
    Ok(JobRecord {
        id: row.get(0)?,
        facts: JobFacts {
            name: row.get(1)?,
            file: row.get(2)?,
            stamp: stamp.map(|(size, modified)| Stamp { size: size as u64, modified }),
            people: row.get(5)?,
            profile: row.get(6)?,
            reading: json(7)?,
            policies: json(8)?,
            view: json(9)?,
            key_unlocked: row.get(10)?,
            offer_snapshot: row.get(11)?,
            sends_by: row.get(17)?,
            account: row.get(18)?,
            said: serde_json::from_value(json(19)?).unwrap_or_default(),
            completed: serde_json::from_value(json(20)?).unwrap_or_default(),
        },
        opened_at: row.get(12)?,
        saved_at: row.get(13)?,
        original: original.map(|(sha256, size)| Original { sha256, size: size as u64 }),
        unsent: row.get(16)?,
    })
}
