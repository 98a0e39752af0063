//! The rows of an XLSX sheet, in one pass over its XML.

use quick_xml::events::{BytesStart, Event};

use super::cells::{Laying, MOST_COLUMNS, NoteKind, Sheet};
use super::part::{Archive, Xml, attribute, is_set};
use super::remarks::{self, Merged};
use super::strings::{self, Strings};
use super::styles::Styles;
use super::workbook::{self, Tab, Workbook};
use super::{Kind, Limits, Progress, cancelled, damaged, no_sheets, no_such_sheet, number};
use crate::error::Result;

pub fn read(
    bytes: &[u8],
    wanted: Option<&str>,
    limits: &Limits,
    progress: Progress,
) -> Result<Sheet> {
    let limits = &limits.of_file(bytes.len());
    let mut archive = Archive::open(bytes, limits)?;
    let workbook = workbook::read(&mut archive)?;
    let tab = choose(&workbook.sheets, wanted, Kind::Xlsx)?;

    let strings_size = workbook.strings.as_ref().map_or(0, |part| archive.claim(part));
    let all = strings_size + archive.claim(&tab.part);
    let strings = match &workbook.strings {
        Some(part) => Strings::read(&mut archive, part, limits, &|done| progress(done, all))?,
        None => Strings::default(),
    };
    let styles = Styles::read(&mut archive, workbook.styles.as_deref())?;

    let Some(xml) = archive.xml(&tab.part)? else {
        return Err(damaged(Kind::Xlsx, format!("the sheet `{}` is missing", tab.name)));
    };
    let mut reading = Reading {
        xml,
        strings: &strings,
        styles: &styles,
        workbook: &workbook,
        laying: Laying::new(Kind::Xlsx, limits),
        raw: String::new(),
        row: 0,
        column: 0,
        hidden_columns: Vec::new(),
        merged: Merged::default(),
    };
    reading.before_rows()?;
    reading.rows(&|done| progress(strings_size + done, all.max(strings_size + done)))?;
    reading.after_rows()?;
    let Reading { laying, hidden_columns, merged, .. } = reading;
    let mut sheet = laying.finish()?;
    sheet.name = tab.name.clone();
    sheet.sheets = to_choose_from(&workbook.sheets);
    sheet.active = workbook.active.clone();
    sheet.remarks = remarks::of(&sheet, &workbook.sheets, &hidden_columns, &merged);
    Ok(sheet)
}

/// The sheet with this name, or the first that is not hidden.
pub fn choose<'t>(tabs: &'t [Tab], wanted: Option<&str>, kind: Kind) -> Result<&'t Tab> {
    let first = tabs.iter().find(|tab| !tab.hidden).or(tabs.first());
    let Some(first) = first else { return Err(no_sheets(kind)) };
    match wanted {
        None => Ok(first),
        Some(name) => tabs
            .iter()
            .find(|tab| tab.name == name)
            .ok_or_else(|| no_such_sheet(kind, name, &to_choose_from(tabs))),
    }
}

/// The names of the sheets that are not hidden, or of all if all are.
pub fn to_choose_from(tabs: &[Tab]) -> Vec<String> {
    let all_hidden = tabs.iter().all(|tab| tab.hidden);
    tabs.iter().filter(|tab| all_hidden || !tab.hidden).map(|tab| tab.name.clone()).collect()
}

struct Reading<'r, 'p, 'a> {
    xml: Xml<'p, 'a>,
    strings: &'r Strings,
    styles: &'r Styles,
    workbook: &'r Workbook,
    laying: Laying,
    /// The text of the cell being read, as the file has it.
    raw: String,
    /// The number of the row being read, counted from 1.
    row: u32,
    /// Where the next cell stands unless it says otherwise, counted from 0.
    column: u32,
    hidden_columns: Vec<(u32, u32)>,
    merged: Merged,
}

/// How a cell's text is stored.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stored {
    Shared,
    Text,
    Number,
    YesNo,
    Error,
    Day,
}

impl Reading<'_, '_, '_> {
    fn before_rows(&mut self) -> Result<()> {
        loop {
            match self.xml.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "sheetData" => return Ok(()),
                Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                    "sheetData" => {
                        self.row = u32::MAX;
                        return Ok(());
                    }
                    "col"
                        if is_set(&tag, "hidden")?
                            && self.hidden_columns.len() < MOST_COLUMNS as usize =>
                    {
                        let (first, last) = (number_in(&tag, "min")?, number_in(&tag, "max")?);
                        if let (Some(first), Some(last)) = (first, last) {
                            self.hidden_columns
                                .push((first.saturating_sub(1), last.saturating_sub(1)));
                        }
                    }
                    _ => {}
                },
                Event::Eof => return Err(damaged(Kind::Xlsx, "the sheet has no rows")),
                _ => {}
            }
        }
    }

    fn rows(&mut self, progress: &dyn Fn(u64) -> bool) -> Result<()> {
        if self.row == u32::MAX {
            return Ok(());
        }
        let mut since = 0_u64;
        loop {
            match self.xml.next()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "row" => {
                        let (number, hidden) = row_of(&tag, self.row)?;
                        self.begin_row(number, hidden)?;
                    }
                    "c" => {
                        let (column, style, stored) = cell_of(&tag, self.column)?;
                        self.cell(column, style, stored)?;
                    }
                    _ => self.xml.skip()?,
                },
                Event::Empty(tag) => match tag.local_name().as_ref() {
                    "row" => {
                        let (number, hidden) = row_of(&tag, self.row)?;
                        self.begin_row(number, hidden)?;
                        self.laying.end_row();
                    }
                    "c" => self.column = cell_of(&tag, self.column)?.0.saturating_add(1),
                    _ => {}
                },
                Event::End(tag) => match tag.local_name().as_ref() {
                    "row" => self.laying.end_row(),
                    "sheetData" => return Ok(()),
                    _ => {}
                },
                Event::Eof => return Ok(()),
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
    }

    fn after_rows(&mut self) -> Result<()> {
        loop {
            match self.xml.next()? {
                Event::Start(tag) | Event::Empty(tag)
                    if tag.local_name().as_ref() == "mergeCell" =>
                {
                    if let Some(range) = attribute(&tag, "ref")? {
                        self.merged.push(&range);
                    }
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn begin_row(&mut self, number: u32, hidden: bool) -> Result<()> {
        self.row = number;
        self.column = 0;
        self.laying.begin_row(number, hidden)
    }

    fn cell(&mut self, column: u32, style: usize, stored: Stored) -> Result<()> {
        self.column = column.saturating_add(1);
        self.raw.clear();
        let mut formula = false;
        let mut valued = false;
        loop {
            match self.xml.next()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "v" => {
                        valued = true;
                        self.xml.text_into(&mut self.raw)?;
                    }
                    "is" => {
                        valued = true;
                        self.xml.rich_text_into(&mut self.raw)?;
                    }
                    "f" => {
                        formula = true;
                        self.xml.skip()?;
                    }
                    _ => self.xml.skip()?,
                },
                Event::Empty(tag) if tag.local_name().as_ref() == "f" => formula = true,
                Event::End(_) | Event::Eof => break,
                _ => {}
            }
        }
        let is_blank = if stored == Stored::Text { !valued } else { self.raw.trim().is_empty() };
        if is_blank && !formula {
            return Ok(());
        }
        let note = match stored {
            Stored::Error => Some(NoteKind::FormulaError),
            // A formula whose result is an empty text is stored as a text without a value.
            _ if formula && is_blank && stored != Stored::Text => Some(NoteKind::FormulaUnknown),
            _ if formula => Some(NoteKind::Formula),
            Stored::Shared | Stored::Text => None,
            Stored::Number | Stored::YesNo | Stored::Day => Some(NoteKind::NumberShown),
        };
        let Self { laying, raw, strings, styles, workbook, .. } = self;
        laying.put(column, note, |text| {
            match stored {
                _ if is_blank => {}
                Stored::Shared => {
                    match raw.trim().parse().ok().and_then(|index| strings.get(index)) {
                        Some(shared) => text.push_str(shared),
                        None => {
                            return Err(damaged(
                                Kind::Xlsx,
                                "a cell refers to a text that is not there",
                            ));
                        }
                    }
                }
                Stored::Text => strings::push_unescaped(raw, text),
                Stored::Error => text.push_str(raw),
                Stored::YesNo => text.push_str(match raw.trim() {
                    "1" | "true" => "TRUE",
                    "0" | "false" => "FALSE",
                    other => other,
                }),
                Stored::Day => text.push_str(without_midnight(raw.trim())),
                Stored::Number => {
                    number::push(raw, styles.get(style), workbook.days_from_1904, text)
                }
            }
            Ok(())
        })
    }
}

/// `2024-03-01` for `2024-03-01T00:00:00.000Z`.
pub fn without_midnight(day: &str) -> &str {
    match day.split_once('T') {
        Some((date, time)) if time.chars().all(|c| matches!(c, '0' | ':' | '.' | 'Z')) => date,
        _ => day,
    }
}

pub fn number_in(tag: &BytesStart, name: &str) -> Result<Option<u32>> {
    Ok(attribute(tag, name)?.and_then(|value| value.trim().parse().ok()))
}

/// The number of a row, and whether it is hidden.
fn row_of(tag: &BytesStart, last: u32) -> Result<(u32, bool)> {
    let number = match attribute(tag, "r")? {
        None => last + 1,
        Some(number) => {
            number.parse().map_err(|_| damaged(Kind::Xlsx, format!("it has a row `{number}`")))?
        }
    };
    let is_flat = attribute(tag, "ht")?.is_some_and(|height| height.parse() == Ok(0.0));
    Ok((number, is_flat || is_set(tag, "hidden")?))
}

/// The column of a cell, its style, and how it is stored.
fn cell_of(tag: &BytesStart, next: u32) -> Result<(u32, usize, Stored)> {
    let (mut column, mut style, mut stored) = (next, 0, Stored::Number);
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|e| damaged(Kind::Xlsx, e))?;
        let value = attribute.value.as_ref();
        match attribute.key.as_ref() {
            "r" => {
                column = column_in(value)
                    .ok_or_else(|| damaged(Kind::Xlsx, format!("it has a cell `{value}`")))?;
            }
            "s" => style = value.parse().unwrap_or(0),
            "t" => {
                stored = match value {
                    "s" => Stored::Shared,
                    "str" | "inlineStr" => Stored::Text,
                    "b" => Stored::YesNo,
                    "e" => Stored::Error,
                    "d" => Stored::Day,
                    _ => Stored::Number,
                }
            }
            _ => {}
        }
    }
    Ok((column, style, stored))
}

/// The column, counted from 0, of a place such as `AB12`.
pub fn column_in(place: &str) -> Option<u32> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic);
    let column = letters
        .take(4)
        .fold(0, |sum, letter| sum * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1);
    column.checked_sub(1)
}
