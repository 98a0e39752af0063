//! The LMS's own report or mail, opened or pasted, and joined to the rows of the open list.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Engine;
use super::open_job::OpenJob;
use super::opening::file_name;
use super::saving::absolute;
use muster_roster::roster::Roster;
use muster_rules::lms_report::{self, Upload};
use muster_store::events::EventKind;
use muster_store::own_files;
use muster_table::error::{Failure, Result};
use muster_table::format::text;
use muster_table::narrow::count as number;
use muster_table::reading::{self, ReadAs};

/// Either a file, or what was pasted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct LmsReportRequest {
    /// The file, text or workbook; it goes before the text.
    pub path: Option<String>,
    /// What was pasted.
    pub text: Option<String>,
}

/// What the LMS said of a file, joined to the people of the open list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct LmsReport {
    /// How rows of the report were read, as a sentence.
    pub how: String,
    /// What it said of people who are in the list, in its order.
    pub said: Vec<LmsSaid>,
    /// Lines that name nobody, as they are.
    pub others: Vec<String>,
}

/// What the LMS said of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct LmsSaid {
    /// Their row in the open list.
    pub row: u32,
    /// The line of the opened file on which that begins; none for a row that was added here.
    pub line: Option<u32>,
    /// Their name; may be empty.
    pub name: String,
    /// Their key; may be empty.
    pub key: String,
    /// The column that it is about, counted from 0; none where the LMS named none that the list has.
    pub column: Option<u32>,
    /// The column's name.
    pub title: String,
    /// The LMS's own words.
    pub message: String,
}

impl Engine {
    /// Reads what the LMS said of a file, and joins it to the people of the open list.
    pub fn lms_report(&self, request: LmsReportRequest) -> Result<LmsReport> {
        let text = match (&request.path, request.text) {
            (Some(path), _) => text_of(&absolute(path))?,
            (None, Some(text)) if !text.trim().is_empty() => text,
            _ => {
                return Err(Failure::state("there is nothing to read")
                    .hint("Choose a file, or paste the text."));
            }
        };
        self.with_job(|job| {
            let (upload, how) = self.upload_of(job)?;
            let all = lms_report::read(&text, job.roster(), &upload);
            Ok(job.joined(all, how))
        })
    }

    /// The file that the LMS took: that of the newest kit, if it is still there, else the list as it stands.
    fn upload_of(&self, job: &OpenJob) -> Result<(Upload, String)> {
        let profile = &job.chosen().profile;
        let counts_people = profile.file.error_rows_skip_header;
        let events = self.store(|store| store.events(job.id()))?;
        let kits = events.into_iter().filter(|(event, _)| event.kind == EventKind::Kit);
        let folder = kits.filter_map(|(event, _)| event.path).map(PathBuf::from).next();
        let upload = folder.and_then(|folder| {
            ["upload.csv", "upload.xlsx", "upload.xls"]
                .iter()
                .find_map(|name| own_files::read(&folder.join(name)).ok())
        });
        if let Some((bytes, _)) = upload {
            let read = reading::read_bytes(bytes, "upload", &ReadAs::default(), &|_| true)?;
            let roster = Roster::read(
                read.table,
                Arc::new(profile.matched(job.uses().clone()).as_ref().clone()),
            );
            let how = "Rows are those of the file in the newest upload kit.".to_owned();
            return Ok((Upload::of(&roster, counts_people), how));
        }
        let how =
            "Rows are those of this list as it stands: no upload kit of it was found.".to_owned();
        Ok((Upload::of(job.roster(), counts_people), how))
    }
}

impl OpenJob {
    fn joined(&self, all: Vec<lms_report::Said>, how: String) -> LmsReport {
        let roster = self.roster();
        let mut report = LmsReport { how, said: Vec::new(), others: Vec::new() };
        for said in all {
            let Some(row) = said.row else {
                let about =
                    if said.about.is_empty() { String::new() } else { format!("{}: ", said.about) };
                report.others.push(format!("{about}{}", said.message));
                continue;
            };
            let column =
                said.column.and_then(|name| roster.columns.iter().find(|c| c.name == name));
            report.said.push(LmsSaid {
                row,
                line: roster.table.line(row),
                name: roster.name(row),
                key: roster.key_text(row).into_owned(),
                column: column.map(|c| number(c.at)),
                title: column.map(|c| roster.called(c.at)).unwrap_or_default(),
                message: said.message,
            });
        }
        report
    }
}

/// A report as text: a workbook as the CSV of its first sheet.
fn text_of(path: &Path) -> Result<String> {
    let (bytes, _) = own_files::read(path)?;
    if muster_table::format::xlsx::kind_of(&bytes).is_some() {
        let read = reading::read_bytes(bytes, &file_name(path), &ReadAs::default(), &|_| true)?;
        return Ok(read.table.to_text());
    }
    Ok(text::decode(bytes, None)?.text)
}
