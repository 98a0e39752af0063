//! Jobs: what Home lists, what is needed to open one where it stood, and who has it open.

use rusqlite::{OptionalExtension, Row, named_params, params};
use serde::Serialize;
use serde_json::Value;

use super::blobs::{self, Blob};
use super::database::{last_id, write};
use super::erasing::Erase;
use super::failure::trouble;
use super::flaws::Cells;
use super::folder::Lock;
use super::own_files::Stamp;
use super::said::Said;
use super::{Store, folder};
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
    /// What is to be told of what it lacked or was changed in the LMS, and was taken from there.
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
    /// What to tell where something of this was damaged and is as for a new job.
    pub flaw: Option<String>,
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
            self.connection.prepare(&sql)?.query_map((), |row| Ok(self.job_of(row)))?.collect()
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
        let what = "the roster kept in the data folder";
        let original = self.job_record(id)?.original.ok_or_else(|| {
            Failure::state("the roster was not fully opened").hint("Open its file again.")
        })?;
        let folder = self.blobs.of_job(id);
        blobs::take_over(&folder, &original.sha256)
            .map_err(|e| Failure::file(format!("{what} could not be read"), &e))?;
        let place = folder.join(blobs::ORIGINAL);
        blobs::read(&place, original.size, what).or_else(|failure| {
            // The file knows itself whether it is whole: a number that is damaged in the database does not close it.
            match blobs::measure(&place) {
                Ok((sha256, size)) if sha256 == original.sha256 => blobs::read(&place, size, what),
                _ => Err(failure),
            }
        })
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
            self.is_due(&writing, &Erase::PathAndTraces(&self.blobs.of_job(id)))?;
            writing.commit()
        };
        forget().map_err(trouble(what))?;
        // Windows removes no file that is open.
        drop(lock);
        self.finish_erasing()
    }

    pub(super) fn job_record(&self, id: u32) -> Result<JobRecord> {
        let sql = format!("select {COLUMNS} from job where id = ?");
        self.connection
            .query_row(&sql, [id], |row| Ok(self.job_of(row)))
            .optional()
            .map_err(trouble(NOT_OPENED))?
            .ok_or_else(|| Failure::not_found("this roster is no longer kept"))
    }

    fn job_of(&self, row: &Row) -> JobRecord {
        let cells = Cells::of(row);
        let stamp = cells.number(3).zip(cells.number(4));
        let original = cells.maybe_text(14).zip(cells.number(15));
        let record = JobRecord {
            id: cells.count(0),
            facts: JobFacts {
                name: cells.text(1),
                file: cells.text(2),
                stamp: stamp.map(|(size, modified)| Stamp { size: size as u64, modified }),
                people: cells.count(5),
                profile: cells.maybe_text(6),
                reading: cells.json(7),
                policies: cells.json(8),
                view: cells.json(9),
                key_unlocked: cells.is_set(10),
                offer_snapshot: cells.is_set(11),
                sends_by: cells.maybe_count(17),
                account: cells.maybe_count(18),
                said: cells.json(19),
                completed: cells.json(20),
            },
            opened_at: cells.text(12),
            saved_at: cells.maybe_text(13),
            original: original.map(|(sha256, size)| Original { sha256, size: size as u64 }),
            unsent: cells.count(16),
            flaw: None,
        };
        let flaw = cells.is_flawed().then(|| {
            format!(
                "Something kept of `{}` beside its people is damaged, and is as for a new list: how the file is read, \
                 what was chosen or said of it, or when it was opened. Look at these before you plan.",
                record.facts.name
            )
        });
        flaw.iter().for_each(|flaw| self.note(flaw.clone()));
        JobRecord { flaw, ..record }
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
