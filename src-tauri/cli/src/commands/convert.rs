//! `muster convert`: a roster in another LMS's form, and what is otherwise there.

use std::path::{Path, PathBuf};

use clap::Args;
use muster_engine::convert::{Conversion, Converted, MovedColumn};
use muster_engine::error::Result;
use muster_engine::export::ExportFormat;
use muster_engine::store::own_files::{self, Readers};
use serde::Serialize;

use crate::arguments::{Roster, Shared};
use crate::commands::copy::{may_be_written, must_be_new, now};
use crate::exit::Exit;
use crate::opening::{no_profile, open, profiles};
use crate::page::{Page, people, quoted};

/// Tells what differs in another LMS, and writes the roster in its form
#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    roster: Roster,

    /// The LMS that people are moved to; `muster profiles` lists them
    #[arg(long, value_name = "ID")]
    to: String,

    /// The file to write; without it, only what differs is told
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Puts the new file in the place of one that is there
    #[arg(long)]
    replace: bool,

    #[command(flatten)]
    shared: Shared,
}

#[derive(Serialize)]
struct Report<'a> {
    out: Option<String>,
    people: usize,
    #[serde(flatten)]
    moving: &'a Conversion,
}

pub fn run(options: Options, page: &mut Page) -> Result<Exit> {
    crate::named_by_hand::must_be_one(&options.shared)?;
    if let Some(out) = &options.out {
        let files: Vec<&Path> = options.shared.files().chain([&*options.roster.file]).collect();
        must_be_new(out, &files)?;
        may_be_written(out, ExportFormat::OF_ROSTER, options.replace)?;
    }
    let profiles = profiles()?;
    let to =
        profiles.by_id(&options.to).ok_or_else(|| no_profile(&options.to, &profiles))?.0.clone();
    let opened = open(&options.shared, &options.roster.file, None)?;
    let converted = Converted::of(&opened.roster, &to);
    if let Some(out) = &options.out {
        let bytes = converted.bytes(to.file.format_of(out)?, now())?;
        let readers = Readers::of(opened.roster.has_secrets());
        own_files::write_for(out, &bytes, options.replace, readers)?;
    }
    let report = Report {
        out: options.out.as_ref().map(|out| out.display().to_string()),
        people: converted.people(),
        moving: &converted.conversion,
    };
    if page.is_json() {
        page.json(&report);
    } else {
        print(&report, page);
    }
    Ok(Exit::Fine)
}

fn print(report: &Report, page: &mut Page) {
    let moving = report.moving;
    page.line(format!("From {} to {}", moving.from, moving.to));
    for topic in &moving.topics {
        page.line("");
        page.line(&topic.topic);
        let says = |says: &Option<String>| says.clone().unwrap_or_else(|| "nothing is said".into());
        page.line(format!("  {}: {}", moving.from, says(&topic.from)));
        page.line(format!("  {}: {}", moving.to, says(&topic.to)));
    }
    page.line("");
    page.line("Columns");
    for column in &moving.columns {
        page.line(format!("  {}", line(column)));
    }
    if !moving.remarks.is_empty() {
        page.line("");
    }
    for remark in &moving.remarks {
        page.line(remark);
    }
    if let Some(out) = &report.out {
        page.line("");
        page.line(format!("{out}: {} for {}", people(report.people), moving.to));
    }
}

fn line(column: &MovedColumn) -> String {
    let why = if column.why.is_empty() { String::new() } else { format!(" ({})", column.why) };
    match (&column.column, &column.becomes) {
        (Some(from), Some(to)) => format!("{} → {}{why}", quoted(from), quoted(to)),
        (Some(from), None) => format!("− {}{why}", quoted(from)),
        (None, to) => format!("+ {}{why}", quoted(to.as_deref().unwrap_or_default())),
    }
}
