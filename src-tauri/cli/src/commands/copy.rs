//! `muster copy`: reads and writes.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use muster_engine::error::{Failure, FailureKind, Outcome};
use muster_engine::format::xlsx::write::{self, Making};
use muster_engine::store::own_files;
use muster_engine::table::Table;
use serde::Serialize;

use crate::arguments::Shared;
use crate::exit::Exit;
use crate::opening::{name, read};
use crate::page::{Page, people};

/// Reads a roster and writes it: text or workbook, by the ending of OUT
///
/// A CSV written as a CSV is the same file, byte for byte. A workbook's cells are written as text.
#[derive(Debug, Args)]
pub struct Asked {
    /// CSV, TSV, XLSX or XLS
    #[arg(value_name = "IN")]
    from: PathBuf,

    /// The file to write: .xlsx for a workbook, any other ending for text
    #[arg(value_name = "OUT")]
    to: PathBuf,

    /// Puts the new file in the place of one that is there
    #[arg(long)]
    replace: bool,

    #[command(flatten)]
    shared: Shared,
}

#[derive(Serialize)]
struct Report {
    out: String,
    people: usize,
    format: &'static str,
}

pub fn run(asked: Asked, page: &mut Page) -> Outcome<Exit> {
    may_be_written(&asked.to, asked.replace)?;
    let read = read(&asked.from, &asked.shared.reading)?;
    let format = write_table(&asked.to, &read.table, asked.replace)?;
    let report = Report { out: asked.to.display().to_string(), people: read.table.len(), format };
    if page.is_json() {
        page.json(&report);
    } else {
        page.line(format!("{}: {}, {format}", report.out, people(report.people)));
    }
    Ok(Exit::Fine)
}

/// Fails early where a file of that name is there: nothing of anybody's is replaced unless that is asked for.
pub fn may_be_written(file: &Path, replace: bool) -> Outcome<()> {
    if matches!(ending(file).as_str(), "xls" | "xlsm" | "xlsb" | "ods") {
        return Err(Failure::new(
            FailureKind::Format,
            format!("`{}` could not be written: Muster writes no such workbooks", name(file)),
        )
        .hint("End its name with .xlsx, or with .csv."));
    }
    if !replace && own_files::stamp(file).is_ok() {
        return Err(Failure::new(FailureKind::File, format!("`{}` was not written", name(file)))
            .why("it exists already")
            .hint("Choose another name, or add --replace."));
    }
    Ok(())
}

/// Writes a table as the file's ending says, as a whole or not at all; answers which format that is.
pub fn write_table(file: &Path, table: &Table, replace: bool) -> Outcome<&'static str> {
    let (bytes, format) = match ending(file).as_str() {
        "xlsx" => (workbook(table)?, "XLSX"),
        _ if table.dialect().delimiter == b'\t' => (table.to_bytes()?, "TSV"),
        _ => (table.to_bytes()?, "CSV"),
    };
    own_files::write(file, &bytes, replace)?;
    Ok(format)
}

fn workbook(table: &Table) -> Outcome<Vec<u8>> {
    let making = Making { sheet: "Roster", made_at: now(), scratch: None };
    write::write(table.names(), table.rows().map(|row| table.row(row)), &making)
}

/// Seconds since 1970 began, UTC.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    i64::try_from(since).unwrap_or(i64::MAX)
}

pub fn ending(file: &Path) -> String {
    file.extension().unwrap_or_default().to_string_lossy().to_lowercase()
}
