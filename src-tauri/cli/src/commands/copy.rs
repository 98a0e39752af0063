//! `muster copy`: reads and writes.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use muster_engine::error::{Failure, FailureKind, Result};
use muster_engine::export::{self, ExportFormat, Written};
use muster_engine::roster::Roster;
use muster_engine::store::own_files::{self, Readers};
use serde::Serialize;

use crate::arguments::Shared;
use crate::exit::{Exit, remark};
use crate::on_disk::profiles;
use crate::opening::{name, read};
use crate::page::{self, Page};

/// Reads a roster and writes it: text or workbook, by the ending of OUT
///
/// A CSV written as a CSV is the same file, byte for byte. A workbook's cells are written as text.
#[derive(Debug, Args)]
pub struct Options {
    /// CSV, TSV, XLSX, XLS or ODS
    #[arg(value_name = "IN")]
    from: PathBuf,

    /// The file to write: .xlsx for a workbook, .xls for an old one; .csv, .tsv, .txt, .tab or no ending for text
    #[arg(value_name = "OUT")]
    to: PathBuf,

    /// Puts the new file in the place of one that is there
    #[arg(long)]
    replace: bool,

    /// Only as a workbook of texts, which Excel opens without harm: zeros and dates stay, no formula runs
    #[arg(long)]
    for_excel: bool,

    #[command(flatten)]
    shared: Shared,
}

#[derive(Serialize)]
struct Report {
    out: String,
    people: usize,
    format: &'static str,
    /// Whether Excel may open it: every cell is a text.
    for_excel: bool,
}

pub fn run(options: Options, page: &mut Page) -> Result<Exit> {
    must_be_new(&options.to, &[&options.from])?;
    let format = may_be_written(&options.to, ExportFormat::OF_ROSTER, options.replace)?;
    let for_excel = format != ExportFormat::Text;
    if options.for_excel && !for_excel {
        let what = format!("`{}` was not written", name(&options.to));
        return Err(Failure::new(FailureKind::Format, what)
            .why("Excel takes the zeros off numbers and turns texts into days where it opens a CSV")
            .hint("Give it a name that ends in .xlsx. The file for the LMS is another one: that of the kit."));
    }
    let read = read(&options.from, &options.shared.reading)?;
    // Whose LMS it is says where a password may stand.
    let profile = profiles()?.recognised(read.table.names())?.profile;
    let roster = Roster::read(read.table, profile);
    let readers = Readers::of(roster.has_secrets());
    let written = export::write(&roster.table, format, now())?;
    let format = write_table(&options.to, &written, (options.replace, readers))?;
    let (out, people) = (options.to.display().to_string(), roster.table.len());
    let report = Report { out, people, format, for_excel };
    if page.is_json() {
        page.json(&report);
    } else {
        page.line(format!("{}: {}, {format}", report.out, page::people(report.people)));
    }
    Ok(Exit::Fine)
}

/// Fails early where a file of that name is not written, or is there: nothing of anybody's is replaced unless that is
/// asked for.
pub fn may_be_written(
    file: &Path,
    formats: &[ExportFormat],
    replace: bool,
) -> Result<ExportFormat> {
    let format = ExportFormat::of(file, formats)?;
    if !replace && own_files::stamp(file).is_ok() {
        return Err(Failure::new(FailureKind::File, format!("`{}` was not written", name(file)))
            .why("it exists already")
            .hint("Choose another name, or add --replace."));
    }
    own_files::may_be_written(file, replace)?;
    Ok(format)
}

/// Refuses a file that something is made of, under whatever name: what was given is never overwritten. So is `-`, which
/// elsewhere stands for what is piped.
pub fn must_be_new(file: &Path, made_of: &[&Path]) -> Result<()> {
    if file == Path::new("-") {
        return Err(Failure::new(FailureKind::File, "`-` was not written")
            .why("what is made here is written to a file, and never to what is piped on")
            .hint("Name a file; `./-` is one that is called so."));
    }
    let Some(given) = made_of.iter().find(|given| own_files::same(given, file)) else {
        return Ok(());
    };
    let name_of_given = name(given);
    let why = match name(file) == name_of_given {
        true => "this is made of it, and what was given is never overwritten".to_owned(),
        false => format!(
            "it is `{name_of_given}`, of which this is made: what was given is never overwritten"
        ),
    };
    Err(Failure::new(FailureKind::File, format!("`{}` was not written", name(file)))
        .why(why)
        .hint("Choose another name."))
}

/// Writes a table, as a whole or not at all; answers what it is then.
pub fn write_table(
    file: &Path,
    written: &Written,
    (replace, readers): (bool, Readers),
) -> Result<&'static str> {
    own_files::write_for(file, &written.bytes, replace, readers)?;
    if let Some(why) = &written.encoded_anew {
        remark(&format!("`{}` is in UTF-8: {why}", name(file)));
    }
    Ok(written.format)
}

/// Seconds since 1970 began, UTC.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    i64::try_from(since).unwrap_or(i64::MAX)
}
