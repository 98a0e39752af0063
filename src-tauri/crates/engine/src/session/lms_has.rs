//! What does the LMS have now? Asked in plain words, and answered otherwise as long as nothing was sent.

use serde::{Deserialize, Serialize};

use super::Engine;
use super::completing::TakenBack;
use super::job::JobView;
use super::open_job::OpenJob;
use super::opening::file_name;
use super::restore::snapshot_table;
use super::saving::absolute;
use super::snapshots::{KeepSnapshot, Origin};
use super::values::ValueMaps;
use super::work::Working;
use crate::accounts::{self, Packed};
use crate::profiles::Chosen;
use muster_plan::worksheet::{Sources, nobody};
use muster_roster::profile::{Profile, Uses, header_form};
use muster_store::accounts::AccountSnapshot;
use muster_store::events::EventKind;
use muster_store::jobs::JobFacts;
use muster_store::own_files;
use muster_table::error::{Failure, FailureKind, Result};
use muster_table::reading::ReadAs;
use muster_table::table::Table;

/// What the LMS has now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum LmsHas {
    /// The open file, as it came from the LMS: then nobody in it is new.
    ThisFile,
    /// Another file.
    File {
        /// Where it is.
        path: String,
    },
    /// The file of a recent list, as it was opened.
    Recent {
        /// The job's number.
        id: u32,
    },
    /// What the account of the list knows.
    Account,
    /// Nobody yet: all of these are new.
    Nobody,
}

impl Engine {
    /// Says what the LMS has now; what was said before is no longer so.
    pub fn say_lms_has(&self, request: LmsHas) -> Result<JobView> {
        if request != LmsHas::ThisFile || self.with_job(|job| Ok(!job.snapshots().is_empty()))? {
            self.with_job(|job| match request {
                // A newer export is what is looked for after something was sent.
                LmsHas::File { .. } => Ok(()),
                LmsHas::Account if job.newer_in_account().is_some() => Ok(()),
                _ => self.refuse_if_sent(job),
            })?;
        }
        let note = String::new();
        match request {
            LmsHas::ThisFile => self.keep_snapshot(KeepSnapshot { note }),
            LmsHas::File { path } => {
                let path = absolute(&path);
                let name = file_name(&path);
                let (bytes, stamp) = own_files::read(&path)?;
                let at = taken_at(stamp.modified);
                self.take_as_snapshot(|job, working| {
                    let table = working.read(bytes, &name, &ReadAs::default())?.table;
                    self.must_be_an_export(job, &table, &name)?;
                    Ok((table, Origin { source: name, note, at }, true))
                })
            }
            LmsHas::Recent { id } => self.take_as_snapshot(|job, working| {
                if id == job.id() {
                    return Err(Failure::state("this is the list itself")
                        .hint("Choose `this file`, if it is as it came from the LMS."));
                }
                let (bytes, other) = self.store(|store| {
                    let other = store.jobs()?.into_iter().find(|other| other.id == id);
                    Ok((store.original(id)?, other))
                })?;
                let facts =
                    other.ok_or_else(|| Failure::not_found("this list is no longer kept"))?.facts;
                let read_as: ReadAs =
                    serde_json::from_value(facts.reading.clone()).unwrap_or_default();
                let table = working.read(bytes, &facts.name, &read_as)?.table;
                self.must_be_an_export(job, &table, &facts.name)?;
                let at = facts.stamp.and_then(|stamp| taken_at(stamp.modified));
                Ok((table, Origin { source: facts.name, note, at }, true))
            }),
            LmsHas::Account => self.take_as_snapshot(|job, _| {
                let record = self.account_of(job.facts());
                let kept = record.as_ref().and_then(|r| Some((r.id, r.facts.snapshot()?.clone())));
                let (account, kept) = kept.ok_or_else(|| {
                    Failure::state("there is no snapshot in an account of this list")
                })?;
                let table = self.store(|store| accounts::snapshot_table(store, account, &kept))?;
                Ok((table, Origin::of_account(&kept), false))
            }),
            LmsHas::Nobody => self.take_as_snapshot(|job, _| {
                let profile = &job.roster().profile;
                let table = nobody(profile, job.table().names())?;
                let note = "Nobody yet: all of these are new".to_owned();
                Ok((table, Origin { source: String::new(), note, at: None }, false))
            }),
        }
    }

    /// Erases the newest snapshot, because it was a wrong one. The one before it counts again, if there is one.
    pub fn remove_snapshot(&self, _: ()) -> Result<JobView> {
        let prepare = |job: &OpenJob, _: &Working| {
            self.refuse_if_sent(job)?;
            let newest = job.snapshots().first().map(|snapshot| snapshot.id);
            let newest = newest.ok_or_else(|| Failure::state("there is no snapshot"))?;
            let before = match job.snapshots().get(1) {
                Some(record) => {
                    let id = job.id();
                    Some(self.store(|store| snapshot_table(store, id, record))?)
                }
                None => None,
            };
            let wrong = job.snapshots().first().map(|s| (s.sha256.clone(), job.facts().account));
            let keep = move |job: &mut OpenJob| {
                let snapshots = self.store(|store| {
                    store.remove_snapshot(job.lock(), newest)?;
                    store.snapshots(job.id())
                })?;
                let offer_snapshot = snapshots.is_empty();
                let facts = JobFacts { offer_snapshot, ..job.facts().clone() };
                self.commit_facts(job, facts.clone())?;
                job.is_kept_as(facts, snapshots);
                job.forget_plan();
                match wrong {
                    Some((sha256, Some(account))) => {
                        self.remove_from_account(job, account, &sha256)
                    }
                    _ => Ok(()),
                }
            };
            Ok((move |sources: &mut Sources| sources.snapshot = before, keep))
        };
        self.rebuild_then(prepare, |job, working, _| {
            self.forget_caught_up(job, working)?;
            self.complete(job, working, TakenBack::PutInAgain)
        })
    }

    /// What is wrong here is wrong in the account.
    fn remove_from_account(&self, job: &mut OpenJob, account: u32, sha256: &str) -> Result<()> {
        let record = self.store(|store| {
            let record = store.account(account)?;
            let wrong = record.facts.snapshot().filter(|kept| kept.sha256 == sha256);
            match wrong.map(|kept| kept.id) {
                Some(id) => {
                    store.remove_account_snapshot(account, id)?;
                    store.account(account)
                }
                None => Ok(record),
            }
        })?;
        job.knows_account(record);
        Ok(())
    }

    /// Whether what was said to be in the LMS is the export of another one than this, as it is where somebody chooses
    /// the LMS of a list that was taken for one of another. What has the list's own columns is of its LMS, whichever
    /// that is.
    pub(super) fn has_what_another_lms_has(&self, job: &OpenJob, lms: &Profile) -> Result<bool> {
        let Some(older) = job.checker().context().snapshot.as_ref() else { return Ok(false) };
        let (names, of_list) = (older.table.names(), job.table().names());
        let forms = |names: &[String]| -> std::collections::BTreeSet<String> {
            names.iter().map(|name| header_form(name)).collect()
        };
        if older.table.is_empty() || lms.fields.is_empty() || forms(names) == forms(of_list) {
            return Ok(false);
        }
        let recognised = self.known_profiles()?.recognised(names)?;
        let is_known = !recognised.profile.fields.is_empty();
        Ok(is_known && !recognised.profile.is_of_family(lms))
    }

    /// Erases all that was said to be in the LMS, so that it is asked again.
    pub(super) fn forget_snapshots(&self, job: &mut OpenJob) -> Result<()> {
        let all: Vec<u32> = job.snapshots().iter().map(|snapshot| snapshot.id).collect();
        self.store(|store| {
            all.into_iter().try_for_each(|id| store.remove_snapshot(job.lock(), id))
        })?;
        let facts = JobFacts { offer_snapshot: true, ..job.facts().clone() };
        self.commit_facts(job, facts.clone())?;
        job.is_kept_as(facts, Vec::new());
        job.forget_plan();
        Ok(())
    }

    /// What was made of a snapshot is proved against it.
    pub(super) fn refuse_if_sent(&self, job: &OpenJob) -> Result<()> {
        let id = job.id();
        let events = self.store(|store| store.events(id))?;
        let sent = |(event, _): &(muster_store::events::Event, serde_json::Value)| {
            matches!(event.kind, EventKind::Kit | EventKind::Push)
        };
        if !events.iter().any(sent) {
            return Ok(());
        }
        Err(Failure::new(FailureKind::Refused, "what the LMS had stays as it was said")
            .why("an upload kit was made of it, or something was sent")
            .hint("Name a fresh export of the LMS instead: that is what it has now."))
    }

    /// A file of another LMS, or none at all, says nothing about this one.
    fn must_be_an_export(&self, job: &OpenJob, table: &Table, name: &str) -> Result<()> {
        let profile = &job.roster().profile;
        let table = muster_plan::worksheet::with_key(profile, table.clone())?;
        let uses =
            muster_roster::profile::matching::of_older(table.names(), profile, &profile.uses);
        let roster = muster_roster::roster::Roster::read(table.clone(), profile.matched(uses));
        let is_settled = !job.chosen().profile.fields.is_empty() && job.chosen().rivals.is_empty();
        if is_settled {
            let recognised = self.known_profiles()?.certain(table.names())?;
            return muster_plan::verify::must_be_of(&roster, name, recognised.as_deref());
        }
        if roster.key.is_some() || job.roster().key.is_none() {
            return Ok(());
        }
        let key = job.roster().key.map(|at| job.roster().called(at)).unwrap_or_default();
        Err(Failure::new(
            FailureKind::Refused,
            format!("`{name}` does not say what {} has", profile.called()),
        )
        .why(format!("no column of it is {key}, so nobody in it can be found here"))
        .hint("Take the file that your LMS exports."))
    }

    /// Keeps what is found as the snapshot, in the account too where that does not have it yet.
    fn take_as_snapshot(
        &self,
        find: impl FnOnce(&OpenJob, &Working) -> Result<(Table, Origin, bool)>,
    ) -> Result<JobView> {
        let prepare = |job: &OpenJob, working: &Working| {
            let (table, origin, is_new) = find(job, working)?;
            let beside = self.read_beside(job, &table)?;
            let profile = beside.as_ref().map_or(&job.roster().profile, |by| &by.0.profile);
            let packed = Packed::of(table, profile)?;
            let snapshot = packed.table()?;
            let seen = beside.as_ref().map(|(by, uses, _)| (by.profile.clone(), uses.clone()));
            let keep = move |job: &mut OpenJob| {
                if let Some((chosen, _, values)) = beside {
                    let profile = Some(chosen.profile.id.clone());
                    self.commit_facts(job, JobFacts { profile, ..job.facts().clone() })?;
                    job.is_read_by(chosen, values);
                }
                if is_new {
                    self.keep_in_account(job, &packed, &origin)?;
                }
                self.keep_fresh(job, &packed, origin)?;
                job.forget_plan();
                Ok(())
            };
            let change = move |sources: &mut Sources| {
                sources.snapshot = Some(snapshot);
                if let Some(seen) = seen {
                    (sources.profile, sources.uses) = seen;
                }
            };
            Ok((change, keep))
        };
        self.rebuild_then(prepare, |job, working, before| {
            self.catch_up(job, working, &before)?;
            self.complete(job, working, TakenBack::PutInAgain)
        })
    }

    /// By which profile a list is read whose own columns do not say of which LMS it is, now that what the LMS has does;
    /// none where it stays as it was.
    fn read_beside(&self, job: &OpenJob, older: &Table) -> Result<Option<Beside>> {
        let is_open = job.chosen().profile.fields.is_empty() || !job.chosen().rivals.is_empty();
        if !is_open || job.facts().account.is_some() {
            return Ok(None);
        }
        let names = job.table().names();
        let chosen = self.known_profiles()?.recognised_beside(names, Some(older.names()))?;
        if chosen.profile.id == job.chosen().profile.id {
            return Ok(None);
        }
        let (uses, values) =
            (self.uses_of(&chosen.profile.id)?, self.values_of(&chosen.profile.id)?);
        Ok(Some((chosen, uses, values)))
    }
}

/// A profile, and what is remembered of it: the columns and the values.
type Beside = (Chosen, Uses, ValueMaps);

impl Origin {
    /// What an account has.
    pub(super) fn of_account(kept: &AccountSnapshot) -> Origin {
        Origin { source: kept.source.clone(), note: kept.note.clone(), at: Some(kept.at.clone()) }
    }
}

/// When an export was taken: when its file was last written.
pub(super) fn taken_at(modified: i64) -> Option<String> {
    let at =
        jiff::Timestamp::from_nanosecond(i128::from(modified)).ok().filter(|_| modified > 0)?;
    jiff::Timestamp::from_second(at.as_second()).ok().map(|at| at.to_string())
}
