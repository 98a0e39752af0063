//! The person's own file while its list is open: whether another program has changed it, and whether it is only looked at.
//!
//! The window asks every few seconds and when it comes forward. The crate notify was looked at: it hears nothing of files
//! on network drives, where such lists mostly lie, so that asking would be needed beside it.

use serde::{Deserialize, Serialize};
use std::path::Path;

use super::Engine;
use super::job::JobView;
use super::open_job::OpenJob;
use super::opening::Incoming;
use muster_store::jobs::JobFacts;
use muster_store::own_files;
use muster_table::error::{Failure, FailureKind, Result};
use muster_table::reading::ReadAs;

/// That the person's own file is no longer as it was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct FileNotice {
    /// What happened, in a sentence or two.
    pub says: String,
    /// It is there, with something else in it; else it is gone.
    pub changed: bool,
}

/// Whether a list is only looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct LookOnly {
    /// Nothing of it can be changed until this is taken back.
    pub only: bool,
}

/// A table that was copied elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Pasted {
    /// Its cells as a spreadsheet or a page puts them on the clipboard: a line for each row, tabs between them, the column
    /// names first.
    pub text: String,
}

impl Engine {
    /// Whether the open job's file was changed by another program or is gone; none as long as it is as it was.
    pub fn look_at_file(&self, _: ()) -> Result<Option<FileNotice>> {
        self.with_job(|job| {
            job.look_at_file();
            Ok(job.file_notice().cloned())
        })
    }

    /// The person has seen that the file was changed, and goes on with the list as it is here. From now on the file may be
    /// replaced, and it is told if it changes once more.
    pub fn keep_mine(&self, _: ()) -> Result<JobView> {
        self.with_job(|job| {
            let stamp = Some(own_files::stamp(Path::new(&job.facts().file))?);
            let facts = JobFacts { stamp, ..job.facts().clone() };
            self.commit_facts(job, facts)?;
            job.look_at_file();
            Ok(job.view())
        })
    }

    /// Lets nothing of the open list be changed, or lets it be changed again. It is still so when it is opened next time.
    pub fn look_only(&self, request: LookOnly) -> Result<JobView> {
        self.with_job(|job| {
            self.store(|store| store.set_setting(&kept_as(job.id()), &request.only.into()))?;
            job.is_looked_at_only(request.only);
            Ok(job.view())
        })
    }

    /// Whether a job was left as one that is only looked at.
    pub(super) fn was_looked_at_only(&self, job: u32) -> Result<bool> {
        let kept = self.store(|store| store.setting(&kept_as(job)))?;
        Ok(kept.and_then(|only| only.as_bool()).unwrap_or(false))
    }

    /// Makes a table that was pasted the open job. It has no file until it is saved as one.
    pub fn open_pasted(&self, request: Pasted) -> Result<JobView> {
        if request.text.trim().is_empty() {
            return Err(Failure::state("there is nothing to paste").hint(
                "Copy the cells of the table first, with the names of the columns in the first row.",
            ));
        }
        let mut place = self.lock_job();
        let working = self.work.begin();
        let incoming = Incoming {
            bytes: request.text.into_bytes(),
            name: "Pasted list".into(),
            file: String::new(),
            stamp: None,
            profile: None,
            read_as: ReadAs { encoding: Some("UTF-8".into()), ..ReadAs::default() },
        };
        let job = self.begin(incoming, &working)?;
        Ok(self.put(&mut place, job).view())
    }
}

fn kept_as(job: u32) -> String {
    format!("look-only:{job}")
}

impl OpenJob {
    /// The person's own file is written to only if they say so, and never over what they have not seen.
    pub(super) fn spare_the_original(&self, path: &Path, replace: bool) -> Result<()> {
        let facts = self.facts();
        if facts.file.is_empty() || !own_files::same(path, Path::new(&facts.file)) {
            return Ok(());
        }
        let refused = |kind, why: &str, hint: &str| {
            Err(Failure::new(kind, format!("`{}` was not written", facts.name)).why(why).hint(hint))
        };
        if !replace {
            return refused(
                FailureKind::File,
                "it is the file that was opened, and Muster leaves that as it is",
                "Choose another name, or say that it is to be replaced.",
            );
        }
        match (facts.stamp, own_files::stamp(path)) {
            (Some(seen), Ok(now)) if seen != now => refused(
                FailureKind::Stale,
                "another program has changed it since it was opened here",
                "Look at the difference first, then take it over or keep yours; or choose another name.",
            ),
            _ => Ok(()),
        }
    }
}
