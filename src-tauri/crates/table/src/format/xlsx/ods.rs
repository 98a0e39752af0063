//! OpenDocument spreadsheets (`.ods`), in one pass over their XML, under the same limits as an XLSX file.
//!
//! calamine reads them too, but gives numbers without their zeros, drops the texts of a cell that holds a comment, and
//! tells neither hidden rows nor what is a formula. What a file does not say is told in remarks.

use std::fmt::Write;

use quick_xml::events::{BytesStart, Event};

use super::cells::{Laying, NoteKind, Sheet};
use super::part::{Archive, Xml, push_text};
use super::remarks::{self, Merged, column_letters};
use super::sheet::{to_choose_from, without_midnight};
use super::workbook::Tab;
use super::{
    Kind, Limits, Progress, cancelled, damaged, no_sheets, no_such_sheet, number, refused,
};
use crate::error::{Failure, Result};

/// What the archive's part named so begins with.
const KIND: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
const CONTENT: &str = "content.xml";

/// Whether an archive says of itself that it is such a spreadsheet.
pub fn is_one(bytes: &[u8]) -> bool {
    // The first entry is this one, stored as it is, wherever the writer keeps to the standard.
    let named = bytes.get(30..38) == Some(b"mimetype");
    let extra = bytes.get(28..30).map_or(0, |b| usize::from(u16::from_le_bytes([b[0], b[1]])));
    if named && bytes.get(38 + extra..).is_some_and(|rest| rest.starts_with(KIND)) {
        return true;
    }
    Archive::open(bytes, &Limits::default())
        .is_ok_and(|mut archive| archive.start_of("mimetype", 64).starts_with(KIND))
}

pub fn read(
    bytes: &[u8],
    wanted: Option<&str>,
    limits: &Limits,
    progress: Progress,
) -> Result<Sheet> {
    let limits = &limits.of_file(bytes.len());
    let mut archive = Archive::open(bytes, limits)?;
    let manifest = archive.start_of("META-INF/manifest.xml", 1 << 20);
    if memchr::memmem::find(&manifest, b"encryption-data").is_some() {
        return Err(refused(Kind::Ods, "it is protected with a password").hint(
            "Open it in LibreOffice, save it without a password (File, Save As), and try again.",
        ));
    }
    let all = archive.claim(CONTENT);
    let progress = |done: u64| progress(done, all.max(done));
    let mut found = pass(&mut archive, wanted, limits, &progress)?;
    if found.laid.is_none() && wanted.is_none() {
        // All are hidden: the first is as good as any.
        let first = found.tabs.first().map(|tab| tab.name.clone());
        let first = first.ok_or_else(|| no_sheets(Kind::Ods))?;
        found = pass(&mut archive, Some(&first), limits, &progress)?;
    }
    let Found { tabs, laid } = found;
    let Some((name, laid)) = laid else {
        return Err(no_such_sheet(Kind::Ods, wanted.unwrap_or_default(), &to_choose_from(&tabs)));
    };
    let mut sheet = laid.laying.finish()?;
    sheet.name = name;
    sheet.sheets = to_choose_from(&tabs);
    sheet.remarks = remarks::of(&sheet, &tabs, &laid.hidden_columns, &laid.merged);
    Ok(sheet)
}

/// All sheets, and the one that is asked for, or the first that is shown.
fn pass(
    archive: &mut Archive,
    wanted: Option<&str>,
    limits: &Limits,
    progress: &dyn Fn(u64) -> bool,
) -> Result<Found> {
    let xml = archive.xml(CONTENT)?;
    let xml = xml.ok_or_else(|| damaged(Kind::Ods, "its content is missing"))?;
    let found = Found { tabs: Vec::new(), laid: None };
    let mut reading = Reading { xml, wanted, limits, hidden: Vec::new(), found };
    reading.document(progress)?;
    Ok(reading.found)
}

/// The archive speaks of XLSX, as it mostly is one.
pub fn told_as_ods(failure: Failure) -> Failure {
    Failure { what: failure.what.replace(Kind::Xlsx.word(), Kind::Ods.word()), ..failure }
}

struct Reading<'r, 'p, 'a> {
    xml: Xml<'p, 'a>,
    wanted: Option<&'r str>,
    limits: &'r Limits,
    /// The styles of sheets that are not shown.
    hidden: Vec<String>,
    found: Found,
}

struct Found {
    tabs: Vec<Tab>,
    laid: Option<(String, Laid)>,
}

/// The sheet that is asked for.
struct Laid {
    laying: Laying,
    /// The number of the row being read, counted from 1.
    row: u32,
    hidden_columns: Vec<(u32, u32)>,
    /// The columns that were described so far.
    columns: u32,
    merged: Merged,
    cells: Vec<Cell>,
}

/// A cell that holds something.
struct Cell {
    column: u32,
    repeated: u32,
    note: Option<NoteKind>,
    text: String,
}

/// What the attributes of a cell say.
#[derive(Default)]
struct Said {
    repeated: u32,
    spans: (u32, u32),
    kind: String,
    value: Option<String>,
    formula: bool,
    error: bool,
}

impl Reading<'_, '_, '_> {
    /// Reads to the end, so that all sheets are known and a file that was cut off is noticed.
    fn document(&mut self, progress: &dyn Fn(u64) -> bool) -> Result<()> {
        loop {
            match self.xml.next()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "style" => {
                        let name = value_of(&tag, "name")?.unwrap_or_default();
                        self.style(name)?;
                    }
                    "table" => {
                        let name = value_of(&tag, "name")?.unwrap_or_default();
                        let style = value_of(&tag, "style-name")?.unwrap_or_default();
                        self.table(name, &style, progress)?;
                    }
                    // What was deleted, and copies of other files, are tables too.
                    "tracked-changes" | "dde-links" | "font-face-decls" | "scripts" => {
                        self.xml.skip()?;
                    }
                    _ => {}
                },
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn style(&mut self, name: String) -> Result<()> {
        let mut hides = false;
        let mut depth = 1_usize;
        while depth > 0 {
            match self.xml.next()? {
                Event::Start(tag) => {
                    hides |= is_not_shown(&tag)?;
                    depth += 1;
                }
                Event::Empty(tag) => hides |= is_not_shown(&tag)?,
                Event::End(_) => depth -= 1,
                _ => {}
            }
        }
        if hides {
            self.hidden.push(name);
        }
        Ok(())
    }

    fn table(&mut self, name: String, style: &str, progress: &dyn Fn(u64) -> bool) -> Result<()> {
        let hidden = self.hidden.iter().any(|other| other == style);
        let is_it =
            self.found.laid.is_none() && self.wanted.map_or(!hidden, |wanted| wanted == name);
        self.found.tabs.push(Tab { name: name.clone(), hidden, part: String::new() });
        if !is_it {
            return self.xml.skip();
        }
        let mut laid = Laid {
            laying: Laying::new(Kind::Ods, self.limits),
            row: 1,
            hidden_columns: Vec::new(),
            columns: 0,
            merged: Merged::default(),
            cells: Vec::new(),
        };
        self.rows(&mut laid, progress)?;
        self.found.laid = Some((name, laid));
        Ok(())
    }

    fn rows(&mut self, laid: &mut Laid, progress: &dyn Fn(u64) -> bool) -> Result<()> {
        let mut since = self.xml.bytes_read();
        let mut depth = 1_usize;
        while depth > 0 {
            match self.xml.next()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "table-row" => {
                        let (repeated, hidden) = repeated_and_hidden(&tag, "number-rows-repeated")?;
                        self.cells(laid)?;
                        laid.lay(repeated, hidden)?;
                    }
                    "table-column" => {
                        laid.column(&tag)?;
                        depth += 1;
                    }
                    "table-rows"
                    | "table-header-rows"
                    | "table-row-group"
                    | "table-columns"
                    | "table-header-columns"
                    | "table-column-group" => depth += 1,
                    _ => self.xml.skip()?,
                },
                Event::Empty(tag) => match tag.local_name().as_ref() {
                    "table-row" => {
                        let repeated = repeated_and_hidden(&tag, "number-rows-repeated")?.0;
                        laid.row = laid.row.saturating_add(repeated);
                    }
                    "table-column" => laid.column(&tag)?,
                    _ => {}
                },
                Event::End(_) => depth -= 1,
                _ => {}
            }
            let done = self.xml.bytes_read();
            if done - since > 1 << 20 {
                since = done;
                if !progress(done) {
                    return Err(cancelled());
                }
            }
        }
        Ok(())
    }

    /// Reads the cells of the row that was entered.
    fn cells(&mut self, laid: &mut Laid) -> Result<()> {
        laid.cells.clear();
        let mut column = 0_u32;
        loop {
            let (said, filled) = match self.xml.next()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "table-cell" | "covered-table-cell" => (Said::of(&tag)?, true),
                    _ => {
                        self.xml.skip()?;
                        continue;
                    }
                },
                Event::Empty(tag) => match tag.local_name().as_ref() {
                    "table-cell" | "covered-table-cell" => (Said::of(&tag)?, false),
                    _ => continue,
                },
                Event::End(_) | Event::Eof => return Ok(()),
                _ => continue,
            };
            let shown = if filled { self.paragraphs()? } else { String::new() };
            if said.spans != (1, 1) {
                laid.merged.push(&range_name(laid.row, column, said.spans));
            }
            let note = said.note(&shown);
            let text = said.text(shown);
            if !text.is_empty() || note.is_some() {
                laid.cells.push(Cell { column, repeated: said.repeated, note, text });
            }
            column = column.saturating_add(said.repeated);
        }
    }

    /// The text of the cell that was entered, a line for each of its paragraphs; without comments and drawings.
    fn paragraphs(&mut self) -> Result<String> {
        let mut text = String::new();
        let mut first = true;
        loop {
            match self.xml.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "p" => {
                    begin_line(&mut first, &mut text);
                    self.paragraph(&mut text)?;
                }
                Event::Empty(tag) if tag.local_name().as_ref() == "p" => {
                    begin_line(&mut first, &mut text);
                }
                Event::Start(_) => self.xml.skip()?,
                Event::End(_) | Event::Eof => return Ok(text),
                _ => {}
            }
        }
    }

    /// Adds a paragraph as it is shown: blanks between its letters are one, unless the file says that there are more.
    fn paragraph(&mut self, text: &mut String) -> Result<()> {
        let begin = text.len();
        let mut blank: Option<char> = None;
        let mut piece = String::new();
        let mut depth = 1_usize;
        while depth > 0 {
            match self.xml.next()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "annotation" | "note" | "ruby-text" | "frame" => self.xml.skip()?,
                    name => {
                        push_sign(name, &tag, &mut blank, begin, text)?;
                        depth += 1;
                    }
                },
                Event::Empty(tag) => {
                    push_sign(tag.local_name().as_ref(), &tag, &mut blank, begin, text)?;
                }
                Event::End(_) => depth -= 1,
                event => {
                    piece.clear();
                    push_text(event, &mut piece)?;
                    for letter in piece.chars() {
                        if matches!(letter, ' ' | '\t' | '\n' | '\r') {
                            let other = letter != ' ' || blank == Some('\n');
                            blank = Some(if other { '\n' } else { ' ' });
                        } else {
                            settle(&mut blank, begin, text);
                            text.push(letter);
                        }
                    }
                }
            }
            self.xml.must_be_short(text.len())?;
        }
        // What is left at the end is a blank of the text, or the indentation of the file.
        if blank == Some(' ') {
            settle(&mut blank, begin, text);
        }
        Ok(())
    }
}

fn begin_line(first: &mut bool, text: &mut String) {
    text.push_str(if std::mem::take(first) { "" } else { "\n" });
}

/// Adds the blank that was passed, except at the beginning.
fn settle(blank: &mut Option<char>, begin: usize, text: &mut String) {
    if blank.take().is_some() && text.len() > begin {
        text.push(' ');
    }
}

/// Adds what an element inside a paragraph stands for.
fn push_sign(
    name: &str,
    tag: &BytesStart,
    blank: &mut Option<char>,
    begin: usize,
    text: &mut String,
) -> Result<()> {
    let (sign, times) = match name {
        "s" => {
            let times = value_of(tag, "c")?.and_then(|c| c.parse().ok()).unwrap_or(1_usize);
            // No cell of a spreadsheet is longer.
            (' ', times.min(32_767))
        }
        "tab" => ('\t', 1),
        "line-break" => ('\n', 1),
        _ => return Ok(()),
    };
    settle(blank, begin, text);
    text.extend(std::iter::repeat_n(sign, times));
    Ok(())
}

impl Laid {
    fn column(&mut self, tag: &BytesStart) -> Result<()> {
        let (repeated, hidden) = repeated_and_hidden(tag, "number-columns-repeated")?;
        let end = self.columns.saturating_add(repeated);
        if hidden && self.hidden_columns.len() < super::cells::MOST_COLUMNS as usize {
            self.hidden_columns.push((self.columns, end.saturating_sub(1)));
        }
        self.columns = end;
        Ok(())
    }

    /// Lays the cells of a row, which may stand for several that are alike.
    fn lay(&mut self, repeated: u32, hidden: bool) -> Result<()> {
        if self.cells.is_empty() {
            self.row = self.row.saturating_add(repeated);
            return Ok(());
        }
        for _ in 0..repeated {
            self.laying.begin_row(self.row, hidden)?;
            for cell in &self.cells {
                for column in cell.column..cell.column.saturating_add(cell.repeated) {
                    self.laying.put(column, cell.note, |text| {
                        text.push_str(&cell.text);
                        Ok(())
                    })?;
                }
            }
            self.laying.end_row();
            self.row = self.row.saturating_add(1);
        }
        Ok(())
    }
}

impl Said {
    fn of(tag: &BytesStart) -> Result<Said> {
        let mut said = Said { repeated: 1, spans: (1, 1), ..Said::default() };
        let count = |value: &str| value.trim().parse().unwrap_or(1_u32).max(1);
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|e| damaged(Kind::Ods, e))?;
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::Explicit1_0)
                .map_err(|e| damaged(Kind::Ods, e))?;
            match attribute.key.as_ref() {
                // LibreOffice says once more of what kind a value is, and only there that it is an error.
                "calcext:value-type" => said.error = value == "error",
                key => match key.rsplit(':').next().unwrap_or_default() {
                    "number-columns-repeated" => said.repeated = count(&value),
                    "number-columns-spanned" => said.spans.0 = count(&value),
                    "number-rows-spanned" => said.spans.1 = count(&value),
                    "value-type" => said.kind = value.into_owned(),
                    "formula" => said.formula = true,
                    "value" | "date-value" | "time-value" | "boolean-value" | "string-value" => {
                        said.value = Some(value.into_owned());
                    }
                    _ => {}
                },
            }
        }
        Ok(said)
    }

    fn note(&self, shown: &str) -> Option<NoteKind> {
        let is_error = self.error || self.formula && shown.starts_with("Err:");
        match self.kind.as_str() {
            _ if is_error => Some(NoteKind::FormulaError),
            // A formula that gives an empty text is of the kind of texts; one that was never worked out, of none.
            "" if self.formula && shown.is_empty() => Some(NoteKind::FormulaUnknown),
            _ if self.formula => Some(NoteKind::Formula),
            "" | "string" => None,
            _ => Some(NoteKind::NumberShown),
        }
    }

    /// The text of the cell, given the one that is shown.
    fn text(&self, shown: String) -> String {
        let Some(value) = self.value.as_deref().filter(|_| !self.error) else { return shown };
        let mut text = String::new();
        match self.kind.as_str() {
            "float" if keeps_zeros(value, &shown) => return shown,
            "float" | "currency" | "percentage" => {
                number::push(value, &number::Shown::Plain, false, &mut text);
            }
            "date" => text.push_str(without_midnight(value)),
            "time" => push_time(value, &mut text),
            "boolean" => text.push_str(if value == "true" { "TRUE" } else { "FALSE" }),
            // Where both are there, what is shown has the line breaks.
            _ if shown.is_empty() => return value.to_owned(),
            _ => return shown,
        }
        text
    }
}

/// Whether a number is shown by a format of fixed places: `000417`, `078-05-1120`, `EMP0042`. How a country groups and
/// rounds is not kept.
fn keeps_zeros(value: &str, shown: &str) -> bool {
    if value.is_empty() || !value.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
    let same = digits.trim_start_matches('0') == value.trim_start_matches('0');
    let in_fixed_places = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '(' | ')');
    // Years, kilos and money stand behind the number or apart from it.
    let ends_in_digit = shown.ends_with(|c: char| c.is_ascii_digit());
    same && shown != value && ends_in_digit && shown.chars().all(in_fixed_places)
}

/// `PT08H30M00S` as `08:30:00`. What is no length of time is added as it stands.
fn push_time(value: &str, text: &mut String) {
    let whole = || -> Option<(u64, u64, f64)> {
        let (hours, rest) = value.strip_prefix("PT")?.split_once('H')?;
        let (minutes, seconds) = rest.split_once('M')?;
        let seconds = seconds.strip_suffix('S')?.replace(',', ".");
        Some((hours.parse().ok()?, minutes.parse().ok()?, seconds.parse().ok()?))
    };
    match whole() {
        Some((hours, minutes, seconds)) if seconds.fract() == 0.0 => {
            let _ = write!(text, "{hours:02}:{minutes:02}:{seconds:02}");
        }
        Some((hours, minutes, seconds)) => {
            let _ = write!(text, "{hours:02}:{minutes:02}:{seconds:06.3}");
        }
        None => text.push_str(value),
    }
}

/// Whether a style says that its sheet is hidden.
fn is_not_shown(tag: &BytesStart) -> Result<bool> {
    Ok(tag.local_name().as_ref() == "table-properties"
        && value_of(tag, "display")?.as_deref() == Some("false"))
}

fn range_name(row: u32, column: u32, (columns, rows): (u32, u32)) -> String {
    let (last_column, last_row) =
        (column.saturating_add(columns - 1), row.saturating_add(rows - 1));
    format!("{}{row}:{}{last_row}", column_letters(column), column_letters(last_column))
}

/// The value of an attribute, by its name without prefix.
fn value_of(tag: &BytesStart, name: &str) -> Result<Option<String>> {
    Ok(super::part::attribute(tag, name)?.map(|value| value.into_owned()))
}

/// How many rows or columns an element stands for, and whether they are out of sight.
fn repeated_and_hidden(tag: &BytesStart, repeated: &str) -> Result<(u32, bool)> {
    let count = value_of(tag, repeated)?.and_then(|n| n.trim().parse().ok()).unwrap_or(1).max(1);
    let seen = value_of(tag, "visibility")?;
    Ok((count, seen.is_some_and(|seen| seen != "visible")))
}
