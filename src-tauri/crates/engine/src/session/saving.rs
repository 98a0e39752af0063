//! Writing the roster and its problems to files of the person's choice.

use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

use super::Engine;
use super::open_job::OpenJob;
use muster_rules::report;
use muster_store::jobs::JobFacts;
use muster_store::own_files;
use muster_table::error::{Failure, FailureKind, Outcome};
use muster_table::format::text;
use muster_table::format::xlsx::write::{self, Making};
use muster_table::reading::delimiter_name;
use muster_table::words::{counted, people};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Saved {
    pub path: String,
    /// "412 people, UTF-8, semicolon".
    pub about: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct SaveCopy {
    /// Its ending decides the format.
    pub path: String,
    /// The person has said that a file of this name may be replaced.
    pub replace: bool,
}

/// What a file's ending asks for.
pub(super) enum Form {
    Csv,
    Xlsx,
}

impl Form {
    pub fn of(path: &Path) -> Outcome<Form> {
        let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        match ending.as_deref() {
            Some("xlsx") => Ok(Form::Xlsx),
            Some(ending @ ("xls" | "xlsm" | "xlsb" | "ods" | "numbers")) => {
                Err(Failure::new(FailureKind::Format, format!("Muster writes no .{ending} files"))
                    .hint("Give it a name that ends in .xlsx or .csv."))
            }
            _ => Ok(Form::Csv),
        }
    }
}

impl Engine {
    /// Writes the roster to a file of the person's choice. What was not touched keeps its bytes in a CSV of a CSV.
    pub fn save_copy(&self, asked: SaveCopy) -> Outcome<Saved> {
        self.with_job(|job| {
            let path = absolute(&asked.path);
            let form = Form::of(&path)?;
            job.spare_the_original(&path, asked.replace)?;
            let working = self.work.begin_firmly();
            working.step(format!("Writing {}", people(job.table().len())), 0);
            let (bytes, about) = match form {
                Form::Csv => job.as_csv()?,
                Form::Xlsx => (job.as_xlsx(&self.making())?, "Excel workbook".to_owned()),
            };
            own_files::write(&path, &bytes, asked.replace)?;
            self.written(job, &path)?;
            let about = format!("{}, {about}", people(job.table().len()));
            Ok(Saved { path: path.to_string_lossy().into_owned(), about })
        })
    }

    /// Writes the findings to a file: CSV in the shape of an LMS's own list, XLSX with the cells marked, or a page.
    pub fn problem_report(&self, asked: SaveCopy) -> Outcome<Saved> {
        self.with_job(|job| {
            let path = absolute(&asked.path);
            // It also says no to workbooks that Muster does not write.
            Form::of(&path)?;
            let form = report::Form::of(&path);
            job.spare_the_original(&path, false)?;
            let counts = job.checker.counts();
            let count = (counts.error + counts.warning + counts.note) as usize;
            let problems = counted(count, "problem", "problems");
            let working = self.work.begin_firmly();
            working.step(format!("Writing {problems}"), 0);
            let told = report::Told { name: &job.facts.name, made_at: self.making().made_at };
            let bytes = report::write(form, &job.checker, &told)?;
            own_files::write(&path, &bytes, asked.replace)?;
            let about = format!("{problems}, {}", form.word());
            Ok(Saved { path: path.to_string_lossy().into_owned(), about })
        })
    }

    /// A file that we wrote ourselves was not changed by another program.
    fn written(&self, job: &mut OpenJob, path: &Path) -> Outcome<()> {
        if job.facts.file.is_empty() || !own_files::same(path, Path::new(&job.facts.file)) {
            return Ok(());
        }
        let facts = JobFacts { stamp: own_files::stamp(path).ok(), ..job.facts.clone() };
        self.commit_facts(job, facts)?;
        job.look_at_file();
        Ok(())
    }

    pub(super) fn making(&self) -> Making<'static> {
        let now = jiff::Timestamp::try_from((self.clock)()).unwrap_or_default();
        Making { sheet: "People", made_at: now.as_second(), scratch: None }
    }
}

impl OpenJob {
    /// The person's own file is written to only if they say so.
    pub(super) fn spare_the_original(&self, path: &Path, replace: bool) -> Outcome<()> {
        if replace
            || self.facts.file.is_empty()
            || !own_files::same(path, Path::new(&self.facts.file))
        {
            return Ok(());
        }
        Err(Failure::new(FailureKind::File, format!("`{}` was not written", self.facts.name))
            .why("it is the file that was opened, and Muster leaves that as it is")
            .hint("Choose another name, or say that it is to be replaced."))
    }

    /// In the file's own dialect and encoding. Where that has no such letter, in UTF-8, which is told.
    fn as_csv(&self) -> Outcome<(Vec<u8>, String)> {
        let table = self.table();
        let sign = char::from(table.dialect().delimiter).to_string();
        let delimiter = delimiter_name(&sign);
        match table.to_bytes() {
            Ok(bytes) => Ok((bytes, format!("{}, {delimiter}", table.encoding().name()))),
            Err(failure) if failure.kind == FailureKind::Format => {
                let bytes = text::encode(&table.to_text(), encoding_rs::UTF_8, true)?;
                Ok((bytes, format!("UTF-8 ({}), {delimiter}", failure.what)))
            }
            Err(failure) => Err(failure),
        }
    }

    fn as_xlsx(&self, making: &Making) -> Outcome<Vec<u8>> {
        let table = self.table();
        let rows = table.rows().map(|row| {
            let width = table.cells(row).max(table.width());
            (0..width).map(move |column| table.cell(row, column))
        });
        write::write(table.names(), rows, making)
    }
}

pub(super) fn absolute(path: &str) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| PathBuf::from(path))
}
