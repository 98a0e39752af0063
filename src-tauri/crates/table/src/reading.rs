//! From a file's bytes to a table, and what to tell about how it was read.

use serde::{Deserialize, Serialize};

use crate::error::{Failure, FailureKind, Result};
use crate::format::xlsx::{self, Kind};
use crate::format::{not_a_list, text};
use crate::table::{Doubt, Table, delimiter_name, unwrapped};

pub use crate::table::{ESCAPES, QUOTES, ReadAs};

/// How the file was read: what the format chip shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Reading {
    /// `CSV`, `TSV`, `XLSX`, `XLS`, `ODS`.
    pub format: String,
    /// The encoding's WHATWG name, "UTF-8" or "windows-1252"; blank for a workbook.
    pub encoding: String,
    /// Whether it began with a byte-order mark.
    pub bom: bool,
    /// `,` `;` tab or `|`; blank for a workbook.
    pub delimiter: String,
    /// `LF`, `CRLF`, `CR`, or `mixed`.
    pub line_end: String,
    /// `double`, `single`, `none` or `lines`, as [`ReadAs::quotes`] has them; blank for a workbook.
    pub quotes: String,
    /// `none` or `backslash`; blank for a workbook.
    pub escape: String,
    /// The sheet that was read; none for a text.
    pub sheet: Option<String>,
    /// All sheets to choose from, in the order of their tabs; empty for a text.
    pub sheets: Vec<String>,
    /// The line of the file that holds the column names, counted from 1.
    pub header: u32,
    /// Title and blank rows above or below the people that were set aside: line and text.
    pub set_aside: Vec<SetAside>,
    /// Things to know about how it was read, each a sentence: hidden rows, merged cells, what could not be told.
    pub remarks: Vec<String>,
    /// What speaks against how it was read, and how it reads better.
    pub doubts: Vec<Doubt>,
}

/// A row of the file that belongs neither to the header nor to the people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct SetAside {
    /// Where it begins, a line or a sheet's row number, counted from 1.
    pub line: u32,
    /// The row as it stands in the file, cut after 200 characters.
    pub text: String,
}

/// A file that was read.
pub struct Read {
    /// Its cells.
    pub table: Table,
    /// What to tell about how it was read.
    pub reading: Reading,
    /// With nothing left to detect, so that the same bytes always give the same rows.
    pub read_as: ReadAs,
    /// The sheet that lay open when the workbook was saved; none where the file does not say, or it is hidden.
    pub active: Option<String>,
}

/// Takes how much is done; answers whether to go on.
pub type OnProgress<'t> = &'t dyn Fn(usize) -> bool;

/// More columns than Excel itself can have.
const MOST_COLUMNS: usize = 16_384;

/// Reads bytes as a workbook or as text, whatever the file's name says.
///
/// `on_progress` is told now and then how many bytes are done, and answers whether to go on.
///
/// Fails with kind `Format` where it is neither a sound workbook nor a text, or there is nothing in it, or it was asked for
/// an encoding, delimiter or sheet that is not; with `State` where no row begins on the line that was asked for; and with
/// `Cancelled` when `on_progress` says so. The failure names the file as `name`, and no file of that name is looked for.
pub fn read_bytes(
    bytes: Vec<u8>,
    name: &str,
    asked: &ReadAs,
    on_progress: OnProgress,
) -> Result<Read> {
    let read = match xlsx::kind_of(&bytes) {
        Some(kind) => read_workbook(&bytes, kind, asked, on_progress),
        None => read_text(bytes, asked, on_progress),
    };
    let mut read = read.map_err(|failure| naming(failure, name))?;
    refuse_nothing(read.table.names(), read.table.is_empty(), name)?;
    if read.table.is_empty() {
        read.reading.remarks.push("There are column names and no people in this file.".into());
    }
    Ok(read)
}

/// The first rows of a text, from its first bytes alone: as [`read_bytes`] reads them, unless a later byte tells that it is
/// no UTF-8. `size` is how many bytes the file has.
///
/// None for a workbook, for what may turn out to be no table, and where the bytes are too few to tell how it is read: more
/// may tell it. What is wrong with a file is told by who reads all of it.
pub fn read_beginning(bytes: Vec<u8>, size: u64, asked: &ReadAs) -> Option<Table> {
    if xlsx::kind_of(&bytes).is_some() {
        return None;
    }
    let is_whole = bytes.len() as u64 >= size;
    let mut decoded = text::decode_beginning(bytes, size, asked.encoding.as_deref())?;
    if !is_whole && not_a_list::is_told_by_its_end(&decoded.text) {
        return None;
    }
    not_a_list::refuse(&decoded.text).ok()?;
    let cut = asked.cut().ok()?;
    if asked.quotes.as_deref() == Some("lines") {
        decoded.text = unwrapped(&decoded.text);
    }
    let table = match is_whole {
        true => Table::read(decoded, cut, &mut |_| true).ok(),
        false => Table::read_beginning(decoded, cut),
    };
    let table = table.filter(|table| !table.is_empty())?;
    refuse_nothing(table.names(), false, "").ok()?;
    Some(table)
}

fn read_text(bytes: Vec<u8>, asked: &ReadAs, on_progress: OnProgress) -> Result<Read> {
    let mut decoded = text::decode(bytes, asked.encoding.as_deref())?;
    not_a_list::refuse(&decoded.text)?;
    let cut = asked.cut()?;
    let is_unwrapped = asked.quotes.as_deref() == Some("lines");
    if is_unwrapped {
        decoded.text = unwrapped(&decoded.text);
    }
    let table = Table::read(decoded, cut, &mut |done| on_progress(done))?;
    let dialect = table.dialect();
    let mut read_as = ReadAs {
        encoding: Some(table.encoding().name().into()),
        header: (table.width() > 0).then_some(table.header_line()),
        ..ReadAs::of_dialect(dialect)
    };
    if is_unwrapped {
        read_as.quotes.clone_from(&asked.quotes);
    }
    let reading = Reading {
        format: if dialect.delimiter == b'\t' { "TSV" } else { "CSV" }.into(),
        encoding: table.encoding().name().into(),
        bom: table.bom(),
        delimiter: char::from(dialect.delimiter).into(),
        line_end: if dialect.mixed { "mixed" } else { dialect.line_end.name() }.into(),
        quotes: read_as.quotes.clone().unwrap_or_default(),
        escape: read_as.escape.clone().unwrap_or_default(),
        sheet: None,
        sheets: Vec::new(),
        header: table.header_line(),
        set_aside: set_aside(&table),
        remarks: Vec::new(),
        doubts: table.doubts().to_vec(),
    };
    Ok(Read { table, reading, read_as, active: None })
}

fn read_workbook(
    bytes: &[u8],
    kind: Kind,
    asked: &ReadAs,
    on_progress: OnProgress,
) -> Result<Read> {
    let unpacked = |done: u64, _: u64| on_progress(usize::try_from(done).unwrap_or(usize::MAX));
    let sheet = xlsx::read(bytes, kind, asked.sheet.as_deref(), &unpacked)?;
    let table = Table::from_sheet(&sheet, asked.header, &mut |done| on_progress(done))?;
    let active = sheet.active.clone();
    let reading = Reading {
        format: kind.word().into(),
        encoding: String::new(),
        bom: false,
        delimiter: String::new(),
        line_end: String::new(),
        quotes: String::new(),
        escape: String::new(),
        doubts: Vec::new(),
        header: table.header_line(),
        set_aside: set_aside(&table),
        sheet: Some(sheet.name.clone()),
        sheets: sheet.sheets,
        remarks: sheet.remarks,
    };
    let read_as = ReadAs {
        sheet: Some(sheet.name),
        header: (table.width() > 0).then_some(reading.header),
        ..ReadAs::default()
    };
    Ok(Read { table, reading, read_as, active })
}

/// How a file was read, in a few words: "UTF-8, semicolon", "XLSX, sheet `Staff`".
pub fn about(reading: &Reading) -> String {
    if reading.encoding.is_empty() {
        let sheet = reading.sheet.as_ref().map(|sheet| format!(", sheet `{sheet}`"));
        return format!("{}{}", reading.format, sheet.unwrap_or_default());
    }
    let quotes = match &*reading.quotes {
        "single" => ", single quotation marks",
        "none" => ", quotation marks as letters",
        "lines" => ", lines in quotation marks",
        _ => "",
    };
    let escape = if reading.escape == "backslash" { ", backslashes" } else { "" };
    format!("{}, {}{quotes}{escape}", reading.encoding, delimiter_name(&reading.delimiter))
}

/// Title and blank rows; of many, the first.
fn set_aside(table: &Table) -> Vec<SetAside> {
    const MOST: usize = 200;
    const LONGEST: usize = 200;
    let row =
        |(line, text): (u32, String)| SetAside { line, text: text.chars().take(LONGEST).collect() };
    table.set_aside().into_iter().take(MOST).map(row).collect()
}

/// Fails with kind `Format` where a file holds nothing, or more columns than Excel itself can have (16,384).
pub fn refuse_nothing(names: &[String], has_no_rows: bool, name: &str) -> Result<()> {
    let refused = |what: String, why: &str| {
        Err(Failure::new(FailureKind::Format, what)
            .why(why)
            .hint("Export the list of people again, as CSV or Excel (.xlsx)."))
    };
    if names.iter().all(|name| name.trim().is_empty()) && has_no_rows {
        return refused(
            format!("`{name}` is empty"),
            "there are no column names and no people in it",
        );
    }
    if names.len() > MOST_COLUMNS {
        return refused(
            format!("`{name}` is not a list of people"),
            &format!("its first row has {} cells", names.len()),
        );
    }
    Ok(())
}

/// The same failure, saying which file it is about.
pub fn naming(failure: Failure, name: &str) -> Failure {
    if failure.what.contains('`') || failure.kind == FailureKind::Cancelled {
        return failure;
    }
    let what = match failure.what.strip_prefix("this is ") {
        Some(rest) => format!("`{name}` is {rest}"),
        None => format!("`{name}`: {}", failure.what),
    };
    Failure { what, ..failure }
}

#[cfg(test)]
mod tests;
