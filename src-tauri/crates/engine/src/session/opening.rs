//! Opening a file as a new job, and what may be done to a job as a whole.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::accounts::{Attachment, with_account};
use super::completing::TakenBack;
use super::job::{Home, JobCard, JobId, JobView, Open};
use super::open_job::{OpenJob, Opening, answers_of, looked_at};
use super::snapshots::Origin;
use super::work::Working;
use super::{Engine, nothing_open};
use crate::accounts::Packed;
use crate::profiles::{ProfileId, Profiles};
use muster_plan::worksheet::{Known, Sources};
use muster_store::blobs::Blob;
use muster_store::events::{Event, EventKind};
use muster_store::jobs::{JobFacts, JobRecord};
use muster_store::own_files::{self, Stamp};
use muster_table::error::{Failure, Result};
use muster_table::narrow::count as number;
use muster_table::reading::{self, Read, ReadAs};

/// A file that is to become a job.
pub(super) struct Incoming {
    pub bytes: Vec<u8>,
    pub name: String,
    /// The person's own file; empty where there is none.
    pub file: String,
    pub stamp: Option<Stamp>,
    pub profile: Option<String>,
    pub read_as: ReadAs,
}

impl Engine {
    /// What Home shows: recent jobs, profiles.
    pub fn home(&self, _: ()) -> Result<Home> {
        let profiles = self.known_profiles()?;
        let (recent, notices) = self.store(|store| {
            let (open_here, accounts) = (self.open_id(), store.accounts()?);
            let card = |job: JobRecord| {
                let trouble = if job.original.is_none() {
                    Some("It was not fully opened. Open its file again.".to_owned())
                } else if open_here != Some(job.id) && store.is_held(job.id) {
                    Some("It is open in another window.".to_owned())
                } else {
                    None
                };
                let account = job.facts.account;
                let account = accounts.iter().find(|of| Some(of.id) == account);
                JobCard {
                    account: account.map(|of| of.name.clone()),
                    ..job_card(job, &profiles, trouble)
                }
            };
            Ok((store.jobs()?.into_iter().map(card).collect(), store.notices().to_vec()))
        })?;
        Ok(Home {
            version: env!("CARGO_PKG_VERSION").into(),
            recent,
            profiles: profiles.cards(),
            broken_profiles: profiles.broken,
            data_folder: self.home.display().to_string(),
            profile_folder: self.profiles.display().to_string(),
            notices,
        })
    }

    /// Reads a roster export, checks it, and makes it the open job. The same file, unchanged, opens where it stood.
    pub fn open(&self, request: Open) -> Result<JobView> {
        let mut place = self.lock_job();
        let path =
            std::path::absolute(&request.path).unwrap_or_else(|_| PathBuf::from(&request.path));
        let name = file_name(&path);
        let working = self.work.begin();
        working.step(format!("Reading `{name}`"), 0);
        let (bytes, stamp) = own_files::read(&path)?;
        let file = path.to_string_lossy().into_owned();
        if request.profile.is_none()
            && request.reading == ReadAs::default()
            && let Some(id) = self.job_of(&file, &bytes, &working)?
        {
            let stood = self.stand(&mut place, id, &working)?;
            drop((place, working));
            return self.apply_missed_pushes(stood);
        }
        let (profile, read_as) = (request.profile, request.reading);
        let incoming = Incoming { bytes, name, file, stamp: Some(stamp), profile, read_as };
        let job = self.begin(incoming, &working)?;
        Ok(self.put(&mut place, job).view())
    }

    /// The open job as it stands.
    pub fn job(&self, _: ()) -> Result<JobView> {
        self.with_job(|job| {
            job.look_at_file();
            Ok(job.view())
        })
    }

    /// Reads the open job's file again in another way; steps made so far are gone.
    pub fn reopen(&self, request: ReadAs) -> Result<JobView> {
        let mut place = self.lock_job();
        let job = place.as_mut().ok_or_else(nothing_open)?;
        let working = self.work.begin();
        let id = job.id();
        let (bytes, kept) =
            self.store(|store| Ok((store.original(id)?, self.stored(store, id)?)))?;
        let Read { table, reading, read_as, .. } =
            working.read(bytes, &job.facts().name, &request)?;
        let seen = job.rebuilt(&working, |sources| {
            (sources.table, sources.snapshot) = (table, kept.snapshot);
            sources.today = self.today();
        })?;
        working.look()?;
        let facts = JobFacts {
            reading: json(&read_as)?,
            people: number(seen.table().len()),
            ..job.facts().clone()
        };
        let now = self.now();
        self.store(|store| {
            store.clear_steps(job.lock(), &now)?;
            store.set_facts(job.lock(), &facts)
        })?;
        job.is_read_as((seen, reading, read_as), facts, now);
        self.complete(job, &working, TakenBack::StaysOut)?;
        Ok(job.view())
    }

    /// Reads the open job through another profile.
    pub fn choose_profile(&self, request: ProfileId) -> Result<JobView> {
        self.rebuild_and_complete(TakenBack::StaysOut, |job, _| {
            let chosen = self.known_profiles()?.chosen(&request.id, job.table().names());
            let chosen = chosen.ok_or_else(|| {
                Failure::state(format!("there is no profile `{}`", request.id))
                    .hint("Choose one of the list.")
            })?;
            let uses = self.uses_of(&chosen.profile.id)?;
            let values = self.values_of(&chosen.profile.id)?;
            let profile = chosen.profile.clone();
            let of_other = self.has_what_another_lms_has(job, &profile)?;
            if of_other {
                self.refuse_if_sent(job)?;
            }
            let keep = move |job: &mut OpenJob| {
                // An account is of one LMS.
                let same = job.facts().profile.as_ref() == Some(&request.id);
                let account = job.facts().account.filter(|_| same);
                let facts = JobFacts { profile: Some(request.id), account, ..job.facts().clone() };
                self.commit_facts(job, facts)?;
                if of_other {
                    self.forget_snapshots(job)?;
                }
                if account.is_none() {
                    job.is_of(Attachment::default());
                }
                job.is_read_by(chosen, values);
                Ok(())
            };
            let change = move |sources: &mut Sources| {
                (sources.profile, sources.uses) = (profile, uses);
                if of_other {
                    sources.snapshot = None;
                }
            };
            Ok((change, keep))
        })
    }

    /// Leaves the open job. Nothing is lost: it opens again where it stood.
    pub fn close(&self, _: ()) -> Result<()> {
        *self.lock_job() = None;
        self.opened(None);
        Ok(())
    }

    /// Takes a job off Home and erases what was kept of it; the person's own file stays.
    pub fn forget(&self, request: JobId) -> Result<()> {
        let mut place = self.lock_job();
        if place.as_ref().is_some_and(|job| job.id() == request.id) {
            *place = None;
            self.opened(None);
        }
        self.store(|store| store.forget(request.id))
    }

    /// Makes a job of a file. Its bytes are kept on the disk while it is read and checked.
    pub(super) fn begin(&self, incoming: Incoming, working: &Working) -> Result<OpenJob> {
        let Incoming { bytes, name, file, stamp, profile, read_as } = incoming;
        let profiles = self.known_profiles()?;
        let blobs = self.store(|store| Ok(store.blobs()))?;
        let copy = bytes.clone();
        let (kept, read) = std::thread::scope(|scope| {
            let keeping = scope.spawn(move || blobs.keep_while(&copy, &|_| working.report(0)));
            let read = working.read(bytes, &name, &read_as).and_then(|read| {
                let (brought, attachment) =
                    self.attachment(&profiles, &read.table, profile.as_deref(), working);
                let chosen = match (profile, &brought) {
                    (_, Some(brought)) => Ok(brought.chosen.clone()),
                    (None, None) => profiles.recognised(read.table.names()),
                    (Some(id), None) => profiles
                        .chosen(&id, read.table.names())
                        .ok_or_else(|| Failure::state(format!("there is no profile `{id}`"))),
                }?;
                let Read { table, reading, read_as, .. } = read;
                let profile = chosen.profile.clone();
                let _arrivals = self.arrives(&name, &table, Some(&profile.id)).ok();
                let (uses, known, snapshot) = match &brought {
                    Some(of) => (of.uses.clone(), of.known.clone(), of.snapshot.clone()),
                    None => (self.uses_of(&profile.id)?, Known::default(), None),
                };
                let blank = JobFacts::blank();
                let facts = match &brought {
                    Some(of) => with_account(&blank, &of.record, &profile, table.names())?,
                    None => blank,
                };
                let Known { lists, real, waivers, day_first } = known;
                let sources = Sources {
                    table,
                    profile,
                    snapshot,
                    lists,
                    real,
                    waivers,
                    day_first,
                    answers: answers_of(&facts),
                    today: self.today(),
                    uses,
                    connector: None,
                };
                let facts = (facts, brought, attachment);
                Ok((looked_at(sources, working)?, chosen, reading, read_as, facts))
            });
            let kept = keeping
                .join()
                .unwrap_or_else(|_| Err(Failure::internal("the roster could not be kept")));
            (kept, read)
        });
        let (worksheet, chosen, reading, read_as, (facts, brought, attachment)) = read?;
        let kept: Blob = kept?;
        let facts = JobFacts {
            name,
            file,
            stamp,
            people: number(worksheet.table().len()),
            // Where several fit, it is asked again until somebody says which it is.
            profile: chosen.is_settled().then(|| chosen.profile.id.clone()),
            reading: json(&read_as)?,
            ..facts
        };
        let now = self.now();
        working.look()?;
        let lock = self.store(|store| {
            let event = Event {
                at: now.clone(),
                kind: EventKind::Opened,
                title: format!("Opened `{}`", facts.name),
                detail: reading::about(&reading),
                id: None,
                people: Some(facts.people),
                sha256: Some(kept.sha256.clone()),
                path: (!facts.file.is_empty()).then(|| facts.file.clone()),
            };
            let lock = store.begin_job(&facts, &now)?;
            let id = lock.id();
            let kept = store
                .keep_original(&lock, kept)
                .and_then(|()| store.add_event(&lock, &event, &serde_json::Value::Null));
            match kept {
                Ok(_) => Ok(lock),
                Err(failure) => {
                    // What is half there would be on Home and could not be opened.
                    drop(lock);
                    let _ = store.forget(id);
                    Err(failure)
                }
            }
        })?;
        let values = match &brought {
            Some(of) => of.values.clone(),
            None => self.values_of(&chosen.profile.id)?,
        };
        let profile = chosen.profile.clone();
        let mut job = OpenJob::new(Opening {
            lock,
            facts,
            worksheet,
            reading,
            read_as,
            chosen,
            values,
            steps: Vec::new(),
            saved_at: Some(now),
            snapshots: Vec::new(),
            attachment,
            notices: Vec::new(),
        });
        if let Some((table, of)) = brought.and_then(|of| Some((of.snapshot?, of.record)))
            && let Some(kept) = of.facts.snapshot()
        {
            self.keep_fresh(&mut job, &Packed::of(table, &profile)?, Origin::of_account(kept))?;
        }
        self.complete(&mut job, working, TakenBack::StaysOut)?;
        Ok(job)
    }

    /// The job that was made of these very bytes of this file.
    fn job_of(&self, file: &str, bytes: &[u8], working: &Working) -> Result<Option<u32>> {
        let jobs = self.store(|store| store.jobs())?;
        let of_file = jobs.iter().filter(|job| job.facts.file == file && job.original.is_some());
        let ids: Vec<u32> = of_file.map(|job| job.id).collect();
        if ids.is_empty() {
            return Ok(None);
        }
        let mut hash = Sha256::new();
        for chunk in bytes.chunks(1 << 22) {
            working.look()?;
            hash.update(chunk);
        }
        let sha256: String = hex::encode(hash.finalize());
        // What is kept of a file may lack its passwords; that it was opened is told as it was.
        let is_it = |(event, _): &(Event, serde_json::Value)| {
            event.kind == EventKind::Opened && event.sha256.as_deref() == Some(&sha256)
        };
        self.store(|store| {
            for id in ids {
                if store.events(id)?.iter().any(is_it) {
                    return Ok(Some(id));
                }
            }
            Ok(None)
        })
    }
}

fn job_card(job: JobRecord, profiles: &Profiles, trouble: Option<String>) -> JobCard {
    let name_of = |id: String| profiles.by_id(&id).map_or(id, |(profile, _)| profile.name.clone());
    JobCard {
        id: job.id,
        name: job.facts.name,
        file: job.facts.file,
        people: job.facts.people,
        profile: job.facts.profile.map_or_else(|| "several LMSs fit".to_owned(), name_of),
        account: None,
        opened_at: job.opened_at,
        unsent: job.unsent,
        trouble,
    }
}

pub(super) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

pub(super) fn json(value: &impl serde::Serialize) -> Result<serde_json::Value> {
    serde_json::to_value(value).map_err(|e| Failure::internal("it could not be kept").why(e))
}
