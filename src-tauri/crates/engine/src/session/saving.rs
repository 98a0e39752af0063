//! Writing the roster and its problems to files of the person's choice.

use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

use super::Engine;
use super::open_job::OpenJob;
use muster_rules::report;
use muster_store::jobs::JobFacts;
use muster_store::own_files::{self, Readers};
use muster_table::error::Result;
use muster_table::export::{self, ExportFormat};
use muster_table::words::{counted, people};

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Saved {
    /// Where it is, from the root.
    pub path: String,
    /// "412 people, UTF-8, semicolon".
    pub about: String,
}

/// A file that is to be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct SaveCopy {
    /// Its ending decides the format.
    pub path: String,
    /// The person has said that a file of this name may be replaced.
    pub replace: bool,
}

impl Engine {
    /// Writes the roster to a file of the person's choice. What was not touched keeps its bytes in a CSV of a CSV.
    pub fn save_copy(&self, request: SaveCopy) -> Result<Saved> {
        self.with_job(|job| {
            let path = absolute(&request.path);
            let format = ExportFormat::of(&path, ExportFormat::OF_ROSTER)?;
            job.spare_the_original(&path, request.replace)?;
            let working = self.work.begin_firmly();
            working.step(format!("Writing {}", people(job.table().len())), 0);
            let written = export::write_to_be_read(job.table(), format, self.made_at())?;
            let readers = Readers::of(job.roster().has_secrets());
            own_files::write_for(&path, &written.bytes, request.replace, readers)?;
            self.written(job, &path)?;
            let about = format!("{}, {}", people(job.table().len()), written.about);
            Ok(Saved { path: path.to_string_lossy().into_owned(), about })
        })
    }

    /// Writes the findings to a file: CSV in the shape of an LMS's own list, XLSX with the cells marked, or a page.
    pub fn problem_report(&self, request: SaveCopy) -> Result<Saved> {
        self.with_job(|job| {
            let path = absolute(&request.path);
            let format = ExportFormat::of(&path, ExportFormat::OF_REPORT)?;
            job.spare_the_original(&path, false)?;
            let counts = job.checker().counts();
            let count = (counts.error + counts.warning + counts.note) as usize;
            let problems = counted(count, "problem", "problems");
            let working = self.work.begin_firmly();
            working.step(format!("Writing {problems}"), 0);
            let info = report::ReportInfo { name: &job.facts().name, made_at: self.made_at() };
            let bytes = report::write(format, job.checker(), &info)?;
            own_files::write(&path, &bytes, request.replace)?;
            let about = format!("{problems}, {}", format.word());
            Ok(Saved { path: path.to_string_lossy().into_owned(), about })
        })
    }

    /// A file that we wrote ourselves was not changed by another program.
    fn written(&self, job: &mut OpenJob, path: &Path) -> Result<()> {
        if job.facts().file.is_empty() || !own_files::same(path, Path::new(&job.facts().file)) {
            return Ok(());
        }
        let facts = JobFacts { stamp: own_files::stamp(path).ok(), ..job.facts().clone() };
        self.commit_facts(job, facts)?;
        job.look_at_file();
        Ok(())
    }

    /// Now, as a file says when it was made.
    pub(super) fn made_at(&self) -> i64 {
        jiff::Timestamp::try_from((self.clock)()).unwrap_or_default().as_second()
    }
}

pub(super) fn absolute(path: &str) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| PathBuf::from(path))
}
