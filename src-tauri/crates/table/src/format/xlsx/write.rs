//! Rosters and problem reports as XLSX, every cell a text so that Excel turns nothing into a number or a day.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, IgnoreError, Note, Workbook,
    Worksheet, XlsxError,
};

use super::cells::{MOST_COLUMNS, MOST_ROWS};
use super::remarks::column_letters;
use crate::error::{Failure, FailureKind, Result};
use crate::narrow;
use crate::severity::Severity;

/// Excel refuses a longer text in a cell, counted in UTF-16 units.
pub(super) const LONGEST_TEXT: usize = 32_767;
/// Excel opens a sheet with more comments than this only slowly; further findings are coloured and listed.
const MOST_COMMENTS: usize = 5_000;
/// The number of the format `@`, which every workbook has.
const TEXT_FORMAT: u8 = 49;
pub(super) const NARROWEST: usize = 8;
pub(super) const WIDEST: usize = 60;

/// What a workbook is written with besides its cells.
#[derive(Debug, Clone, Copy)]
pub struct Making<'a> {
    /// The name on the sheet's tab: at most 31 characters, none of `[]:*?/\`.
    pub sheet: &'a str,
    /// What the file says about when it was made, in seconds since 1970 began, UTC.
    pub made_at: i64,
    /// Where rows wait until all are written, in a file that has no name and ends with this call. The system's own
    /// place if none is given.
    pub scratch: Option<&'a Path>,
}

/// A finding, as a report shows it on its cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The place among the rows of the report, counted from 0; none for the file as a whole.
    pub row: Option<u32>,
    /// Counted from 0; none for a whole row.
    pub column: Option<u32>,
    /// Decides the colour of the cell.
    pub severity: Severity,
    /// What its comment says, a sentence.
    pub message: String,
}

/// Writes a table as a workbook of one sheet and returns the file's bytes.
///
/// Fails with kind `Format` when a workbook cannot hold it (rows, columns, length of a text), with `File` when there is no
/// room for the rows on disk.
pub fn write<C: AsRef<str>, R: IntoIterator<Item = C>>(
    header: &[impl AsRef<str>],
    rows: impl IntoIterator<Item = R>,
    making: &Making,
) -> Result<Vec<u8>> {
    unharmed(|| {
        let mut workbook = begin(making)?;
        fill(&mut workbook, header, rows, &BTreeMap::new(), making)?;
        Ok(workbook.save_to_buffer()?)
    })
}

/// The sheet of a report that nobody sees: the rows as they were when it was made.
pub const AS_IT_WAS: &str = "As it was";

/// Writes a problem report: the rows with the cells coloured by severity and commented with the messages, a second
/// sheet that lists every finding with its place, and a hidden one with the rows once more. Values that must not be seen
/// are the caller's to mask.
pub fn report<C: AsRef<str>, R: IntoIterator<Item = C>, I: IntoIterator<Item = R>>(
    header: &[impl AsRef<str>],
    rows: impl Fn() -> I,
    marks: &[Mark],
    making: &Making,
) -> Result<Vec<u8>> {
    unharmed(|| {
        let mut workbook = begin(making)?;
        let mut by_cell: BTreeMap<(u32, u16), Vec<&Mark>> = BTreeMap::new();
        for mark in marks {
            if let Some(row) = mark.row {
                // What is about a whole row is told on its first cell.
                let column = u16::try_from(mark.column.unwrap_or(0)).unwrap_or(u16::MAX);
                by_cell.entry((row + 1, column)).or_default().push(mark);
            }
        }
        fill(&mut workbook, header, rows(), &by_cell, making)?;
        list(&mut workbook, header, marks, making)?;
        let as_it_was = Making { sheet: AS_IT_WAS, ..*making };
        fill(&mut workbook, header, rows(), &BTreeMap::new(), &as_it_was)?.set_very_hidden(true);
        Ok(workbook.save_to_buffer()?)
    })
}

/// What stands in the way of writing.
pub(super) enum Trouble {
    Ours(Failure),
    Library(XlsxError),
}

impl From<XlsxError> for Trouble {
    fn from(error: XlsxError) -> Self {
        Trouble::Library(error)
    }
}

pub(super) fn unharmed(write: impl FnOnce() -> Result<Vec<u8>, Trouble>) -> Result<Vec<u8>> {
    const WHAT: &str = "The XLSX file could not be written";
    // The library panics when the file in which rows wait cannot grow, as on a full disk.
    match catch_unwind(AssertUnwindSafe(write)) {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(Trouble::Ours(failure))) => Err(failure),
        Ok(Err(Trouble::Library(
            XlsxError::IoError(cause) | XlsxError::TempFileError(_, cause),
        ))) => Err(Failure::file(WHAT, &cause)),
        Ok(Err(Trouble::Library(error))) => {
            Err(Failure::new(FailureKind::Format, WHAT).why(error).hint("Save it as CSV instead."))
        }
        Err(_) => Err(Failure::new(FailureKind::File, WHAT)
            .why("the temporary file in which its rows wait could not be written")
            .hint("The disk may be full: make room, then try again. Nothing was lost.")),
    }
}

pub(super) fn begin(making: &Making) -> Result<Workbook, Trouble> {
    let mut workbook = Workbook::new();
    if let Some(folder) = making.scratch {
        workbook.set_tempdir(folder)?;
    }
    let made_at = ExcelDateTime::from_timestamp(making.made_at)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made_at));
    Ok(workbook)
}

pub(super) fn text_format() -> Format {
    Format::new().set_num_format_index(TEXT_FORMAT)
}

/// Colours that Excel's own styles for bad, neutral and informative cells have.
fn marked(severity: Severity) -> Format {
    let (ground, letters) = match severity {
        Severity::Error => (0xFF_C7CE, 0x9C_0006),
        Severity::Warning => (0xFF_EB9C, 0x7F_6000),
        Severity::Note => (0xDD_EBF7, 0x1F_4E78),
    };
    text_format().set_background_color(Color::RGB(ground)).set_font_color(Color::RGB(letters))
}

fn fill<'w, C: AsRef<str>, R: IntoIterator<Item = C>>(
    workbook: &'w mut Workbook,
    header: &[impl AsRef<str>],
    rows: impl IntoIterator<Item = R>,
    marks: &BTreeMap<(u32, u16), Vec<&Mark>>,
    making: &Making,
) -> Result<&'w mut Worksheet, Trouble> {
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    sheet.set_name(making.sheet)?;
    comment(sheet, marks)?;
    let text = text_format();
    let of_severity = [Severity::Note, Severity::Warning, Severity::Error].map(marked);
    let mut widths = begin_table(sheet, header)?;
    let mut last = 0_u32;
    for (index, cells) in rows.into_iter().enumerate() {
        let row = u32::try_from(index + 1).unwrap_or(u32::MAX);
        if row >= MOST_ROWS {
            return Err(too_many(format!("a sheet holds {MOST_ROWS} rows and there are more")));
        }
        last = row;
        let mut next = 0_u16;
        for (column, cell) in cells.into_iter().enumerate() {
            let column = column_number(column)?;
            let worst =
                marks.get(&(row, column)).and_then(|m| m.iter().map(|mark| mark.severity).max());
            let format = worst.map_or(&text, |severity| &of_severity[severity as usize]);
            put(sheet, (row, column), cell.as_ref(), format, &mut widths)?;
            next = column + 1;
        }
        // A missing cell can have a finding too: its colour is all there is to see.
        for ((_, column), marks) in marks.range((row, next)..=(row, u16::MAX)) {
            if let Some(worst) = marks
                .iter()
                .map(|mark| mark.severity)
                .max()
                .filter(|_| u32::from(*column) < MOST_COLUMNS)
            {
                sheet.write_blank(row, *column, &of_severity[worst as usize])?;
            }
        }
    }
    end_table(sheet, &widths, last)?;
    Ok(sheet)
}

/// Comments are said before the rows: in constant memory a row that is written is done with.
fn comment(sheet: &mut Worksheet, marks: &BTreeMap<(u32, u16), Vec<&Mark>>) -> Result<(), Trouble> {
    for ((row, column), marks) in marks.iter().take(MOST_COMMENTS) {
        if *row >= MOST_ROWS || u32::from(*column) >= MOST_COLUMNS {
            continue;
        }
        let lines: Vec<String> = marks
            .iter()
            .map(|mark| format!("{}: {}", mark.severity.word(), mark.message))
            .collect();
        let text = cut(&lines.join("\n"), 2_000);
        let height = narrow::count(20 * (1 + lines.len() + text.chars().count() / 36));
        let note = Note::new(text)
            .set_author("Muster")
            .add_author_prefix(false)
            .set_width(260)
            .set_height(height.min(400));
        sheet.insert_note(*row, *column, &note)?;
    }
    Ok(())
}

/// Every finding in a row of its own, with the name of its cell in the first sheet.
fn list(
    workbook: &mut Workbook,
    header: &[impl AsRef<str>],
    marks: &[Mark],
    making: &Making,
) -> Result<(), Trouble> {
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    sheet.set_name(if making.sheet == "Problems" { "All problems" } else { "Problems" })?;
    let mut widths = begin_table(sheet, &["Severity", "Cell", "Column", "Problem"])?;
    let text = text_format();
    let of_severity = [Severity::Note, Severity::Warning, Severity::Error].map(marked);
    let mut last = 0;
    for (row, mark) in (1..MOST_ROWS).zip(marks) {
        let cell = match (mark.row, mark.column) {
            (Some(row), Some(column)) => format!("{}{}", column_letters(column), row + 2),
            (Some(row), None) => format!("row {}", row + 2),
            (None, Some(column)) => format!("column {}", column_letters(column)),
            (None, None) => String::new(),
        };
        let column = mark.column.and_then(|column| header.get(column as usize));
        put(
            sheet,
            (row, 0),
            mark.severity.word(),
            &of_severity[mark.severity as usize],
            &mut widths,
        )?;
        put(sheet, (row, 1), &cell, &text, &mut widths)?;
        put(
            sheet,
            (row, 2),
            &cut(column.map_or("", |name| name.as_ref()), 200),
            &text,
            &mut widths,
        )?;
        put(sheet, (row, 3), &cut(&mark.message, 2_000), &text, &mut widths)?;
        last = row;
    }
    end_table(sheet, &widths, last)
}

/// Writes the names of the columns and returns how wide each column must be.
pub(super) fn begin_table(
    sheet: &mut Worksheet,
    header: &[impl AsRef<str>],
) -> Result<Vec<usize>, Trouble> {
    let bold = text_format().set_bold().set_align(FormatAlign::Top);
    let mut widths = Vec::new();
    sheet.set_freeze_panes(1, 0)?;
    for (column, name) in header.iter().enumerate() {
        put(sheet, (0, column_number(column)?), name.as_ref(), &bold, &mut widths)?;
    }
    Ok(widths)
}

fn end_table(sheet: &mut Worksheet, widths: &[usize], last_row: u32) -> Result<(), Trouble> {
    let text = text_format();
    for (column, width) in widths.iter().enumerate() {
        let column = column_number(column)?;
        sheet.set_column_width(column, (*width).clamp(NARROWEST, WIDEST) as f64 + 1.0)?;
        // What is typed below the last row stays text too.
        sheet.set_column_format(column, &text)?;
    }
    if let Some(last) = widths.len().checked_sub(1) {
        sheet.ignore_error_range(
            0,
            0,
            last_row,
            column_number(last)?,
            IgnoreError::NumberStoredAsText,
        )?;
    }
    Ok(())
}

fn put(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    text: &str,
    format: &Format,
    widths: &mut Vec<usize>,
) -> Result<(), Trouble> {
    if text.len() > LONGEST_TEXT {
        let length = text.encode_utf16().count();
        if length > LONGEST_TEXT {
            return Err(too_many(format!(
                "the cell {}{} has {length} characters and Excel holds {LONGEST_TEXT}",
                column_letters(column.into()),
                row + 1
            )));
        }
    }
    let at = usize::from(column);
    if widths.len() <= at {
        widths.resize(at + 1, 0);
    }
    if widths[at] < WIDEST {
        widths[at] = widths[at].max(widest_line(text));
    }
    sheet.write_string_with_format(row, column, text, format)?;
    Ok(())
}

/// The characters of the longest line of a text, as far as a column may be wide.
pub(super) fn widest_line(text: &str) -> usize {
    text.lines().map(|line| line.chars().take(WIDEST).count()).max().unwrap_or(0)
}

pub(super) fn column_number(column: usize) -> Result<u16, Trouble> {
    let fits = u16::try_from(column).ok().filter(|column| u32::from(*column) < MOST_COLUMNS);
    fits.ok_or_else(|| too_many(format!("a sheet holds {MOST_COLUMNS} columns and there are more")))
}

fn too_many(why: String) -> Trouble {
    Trouble::Ours(
        Failure::new(FailureKind::Format, "The XLSX file could not be written")
            .why(why)
            .hint("Save it as CSV instead."),
    )
}

/// The beginning of a text, with `…` if there is more.
pub(super) fn cut(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}…", &text[..at]),
    }
}
