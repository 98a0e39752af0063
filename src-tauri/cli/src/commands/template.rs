//! `muster template`: an empty file of an LMS's form.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use muster_engine::error::Result;
use muster_engine::export::ExportFormat;
use muster_engine::store::own_files;
use muster_engine::template::{self, Template};
use serde::Serialize;

use crate::arguments::list_place;
use crate::commands::copy::{may_be_written, must_be_new, now};
use crate::exit::Exit;
use crate::opening::{lists_of, no_profile, profiles, with_template};
use crate::page::{Page, counted};

/// Writes an empty file of an LMS's form: CSV, or a workbook with drop-downs
///
/// The workbook's first sheet is to be filled in: every cell is a text, the column names stay in sight. Its second
/// sheet says what goes into each column.
#[derive(Debug, Args)]
pub struct Options {
    /// Which LMS the file is for; `muster profiles` lists them
    #[arg(long, value_name = "ID")]
    profile: String,

    /// The file to write: .xlsx for a workbook; .csv, .tsv, .txt or .tab for text; without an ending, what the LMS takes
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// Puts the new file in the place of one that is there
    #[arg(long)]
    replace: bool,

    /// The template that the LMS itself offers (.xlsx): its headers and drop-down lists count
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,

    /// Values for the drop-downs, such as groups=groups.txt: one a line, or a column of a CSV or workbook, named as in
    /// groups=teams.csv#Team
    #[arg(long = "list", value_name = "KIND=FILE[#COLUMN]", value_parser = crate::arguments::pair)]
    lists: Vec<(String, String)>,
}

#[derive(Serialize)]
struct Report {
    out: String,
    profile: String,
    format: &'static str,
    columns: Vec<PrintedColumn>,
}

#[derive(Serialize)]
struct PrintedColumn {
    column: String,
    /// How many values there are to choose from.
    values: usize,
    /// Where they are from; null for the profile's own and for a column without any.
    source: Option<String>,
}

pub fn run(options: Options, page: &mut Page) -> Result<Exit> {
    let lists = options.lists.iter().map(|(_, file)| list_place(file).0);
    let files: Vec<&Path> = options.template.as_deref().into_iter().chain(lists).collect();
    must_be_new(&options.out, &files)?;
    may_be_written(&options.out, ExportFormat::OF_ROSTER, options.replace)?;
    let profiles = profiles()?;
    let unknown = || no_profile(&options.profile, &profiles);
    let mut profile = profiles.by_id(&options.profile).ok_or_else(unknown)?.0.clone();
    if let Some(file) = &options.template {
        profile = Arc::new(with_template(&profile, file)?);
    }
    let lists = lists_of(&options.lists, &profile)?;
    let template = Template::of(&profile, &lists)?;
    let format = profile.file.format_of(&options.out)?;
    let bytes = template.written(format, now())?;
    let format = match format {
        ExportFormat::Workbook => "XLSX",
        ExportFormat::OldWorkbook => "XLS",
        _ => "CSV",
    };
    own_files::write(&options.out, &bytes, options.replace)?;
    let report = Report {
        out: options.out.display().to_string(),
        profile: profile.id.clone(),
        format,
        columns: template.headers().into_iter().zip(template.columns()).map(printed).collect(),
    };
    if page.is_json() {
        page.json(&report);
    } else {
        let columns = counted(report.columns.len(), "column", "columns");
        page.line(format!("{}: {columns} for {}, {format}", report.out, profile.name));
    }
    Ok(Exit::Fine)
}

fn printed((header, column): (&str, &template::Column)) -> PrintedColumn {
    let list = column.list.as_ref();
    PrintedColumn {
        column: header.to_owned(),
        values: list.map_or(0, |list| list.values.len()),
        source: list.map(|list| list.source.clone()).filter(|source| !source.is_empty()),
    }
}
