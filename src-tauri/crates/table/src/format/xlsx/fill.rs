//! A vendor's own workbook filled in: rows are put below the names of its columns, and everything else stays as it is.
//!
//! Only the part of the one sheet is written anew; all others are copied as they lie packed in the archive. (umya-spreadsheet
//! and others read a workbook and write another: what they do not know of drop-downs and formats is lost.)

use std::fmt::Write as _;
use std::io::{Cursor, Read, Write as _};
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::{ZipArchive, ZipWriter};

use super::cells::MOST_ROWS;
use super::part::{Archive, attribute};
use super::remarks::column_letters;
use super::sheet::{choose, column_in, number_in};
use super::strings::push_escaped;
use super::workbook;
use super::write::LONGEST_TEXT;
use super::{Kind, Limits};
use crate::error::{Failure, FailureKind, Result};

/// No template's sheet is longer, unpacked.
const LONGEST_SHEET: u64 = 64 << 20;

/// Where the list of people stands in a workbook.
#[derive(Debug, Clone, Copy)]
pub struct ListPlace<'a> {
    /// The name of the sheet.
    pub sheet: &'a str,
    /// The line of the sheet that holds the column names, counted from 1.
    pub header: u32,
    /// The sheet's column for each cell of a row, from left to right, counted from 0.
    pub columns: &'a [u32],
}

/// The same workbook with these rows below the column names, every cell a text. What stood there (people that the vendor
/// made up) is gone; how its rows look stays. Columns that are not named in `place` keep what they have.
///
/// Fails with kind `Format` where the workbook has no such sheet or holds formulas where the people go, and where a sheet
/// cannot hold the rows.
pub fn fill<C: AsRef<str>, R: IntoIterator<Item = C>>(
    template: &[u8],
    place: &ListPlace,
    rows: impl IntoIterator<Item = R>,
) -> Result<Vec<u8>> {
    let mut archive = Archive::open(template, &Limits::default())?;
    let tabs = workbook::read(&mut archive)?.sheets;
    let part = &choose(&tabs, Some(place.sheet), Kind::Xlsx)?.part;
    let part = archive.find(part).ok_or_else(|| cannot("its sheet is missing"))?;
    let mut zip = ZipArchive::new(Cursor::new(template)).map_err(cannot)?;
    let mut xml = String::new();
    let file = zip.by_name(&part).map_err(cannot)?;
    let options = file.options();
    file.take(LONGEST_SHEET).read_to_string(&mut xml).map_err(cannot)?;
    let filled = Template::read(&xml, place.header)?.filled(&xml, place, rows)?;

    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..zip.len() {
        let file = zip.by_index_raw(index).map_err(cannot)?;
        if file.name().is_ok_and(|name| name == part) {
            out.start_file(part.as_str(), options).map_err(cannot)?;
            out.write_all(filled.as_bytes()).map_err(cannot)?;
        } else {
            out.raw_copy_file(file).map_err(cannot)?;
        }
    }
    Ok(out.finish().map_err(cannot)?.into_inner())
}

/// What has to be known of the sheet's XML. Places are in its bytes.
#[derive(Default)]
struct Template<'x> {
    /// What stands before the names of elements: nothing, or `x:`.
    prefix: &'x str,
    dimension: Option<Range<usize>>,
    /// First and last column, and the style of its cells.
    columns: Vec<(u32, u32, String)>,
    /// Where the rows below the column names stand.
    people: Range<usize>,
    rows: Vec<RowBelow>,
    /// Cells merged among the people and links on them: what is put in the place of what.
    instead: Vec<(Range<usize>, String)>,
}

/// A row below the column names.
struct RowBelow {
    number: u32,
    /// Its attributes as they stand, but for the number and what would hide somebody.
    attributes: String,
    cells: Vec<CellBelow>,
}

struct CellBelow {
    column: u32,
    style: Option<String>,
    whole: Range<usize>,
    formula: bool,
}

/// Merged cells, or links, as they are being read.
struct Group {
    tag: Range<usize>,
    kept: usize,
    gone: Vec<Range<usize>>,
}

impl<'x> Template<'x> {
    fn read(xml: &'x str, header: u32) -> Result<Template<'x>> {
        let mut template = Template::default();
        let mut reader = Reader::from_str(xml);
        let (mut row, mut column) = (0_u32, 0_u32);
        let mut begins_people = None;
        let mut ended = false;
        let mut cell: Option<CellBelow> = None;
        let mut group: Option<Group> = None;
        loop {
            let begins = position(&reader);
            let event = reader.read_event().map_err(cannot)?;
            let here = begins..position(&reader);
            let is_empty = matches!(event, Event::Empty(_));
            match event {
                Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                    "dimension" => template.dimension = Some(here),
                    "col" => template.columns.extend(styled_columns(&tag)?),
                    "sheetData" => {
                        let name = &xml[begins + 1..];
                        let end = name.find("sheetData").unwrap_or(0);
                        template.prefix = &name[..end];
                    }
                    "row" => {
                        row = number_in(&tag, "r")?.unwrap_or(row + 1);
                        column = 0;
                        if row > header {
                            begins_people.get_or_insert(begins);
                            template.rows.push(RowBelow::of(&tag, row)?);
                        }
                    }
                    "c" if !ended => {
                        let place = attribute(&tag, "r")?;
                        let at = place.and_then(|place| column_in(&place)).unwrap_or(column);
                        column = at + 1;
                        let style = attribute(&tag, "s")?.map(|style| style.into_owned());
                        let found = CellBelow { column: at, style, whole: here, formula: false };
                        if is_empty {
                            template.keep(found, row > header);
                        } else {
                            cell = Some(found);
                        }
                    }
                    "f" => {
                        if let Some(cell) = &mut cell {
                            cell.formula = true;
                        }
                    }
                    "mergeCells" | "hyperlinks" => {
                        group = Some(Group { tag: here, kept: 0, gone: Vec::new() });
                    }
                    "mergeCell" | "hyperlink" => {
                        let ends = attribute(&tag, "ref")?.and_then(|place| last_row(&place));
                        if let Some(group) = &mut group {
                            if ends.is_some_and(|ends| ends > header) && is_empty {
                                group.gone.push(here);
                            } else {
                                group.kept += 1;
                            }
                        }
                    }
                    _ => {}
                },
                Event::End(tag) => match tag.local_name().as_ref() {
                    "c" => {
                        if let Some(mut cell) = cell.take() {
                            cell.whole.end = here.end;
                            template.keep(cell, row > header);
                        }
                    }
                    "sheetData" => {
                        template.people = begins_people.unwrap_or(begins)..begins;
                        ended = true;
                    }
                    name @ ("mergeCells" | "hyperlinks") => {
                        let group = group.take().filter(|group| !group.gone.is_empty());
                        if let Some(group) = group {
                            template.without(group, name, here.end);
                        }
                    }
                    _ => {}
                },
                Event::Eof => break,
                _ => {}
            }
        }
        if !ended || row == 0 {
            return Err(cannot("its sheet has no column names"));
        }
        Ok(template)
    }

    fn keep(&mut self, cell: CellBelow, below: bool) {
        if let Some(row) = self.rows.last_mut().filter(|_| below) {
            row.cells.push(cell);
        }
    }

    /// Takes out what concerned rows that are other people's now.
    fn without(&mut self, group: Group, name: &str, end: usize) {
        if group.kept == 0 {
            self.instead.push((group.tag.start..end, String::new()));
            return;
        }
        // How many there were no longer holds.
        self.instead.push((group.tag, format!("<{}{name}>", self.prefix)));
        self.instead.extend(group.gone.into_iter().map(|gone| (gone, String::new())));
    }

    fn filled<C: AsRef<str>, R: IntoIterator<Item = C>>(
        mut self,
        xml: &str,
        place: &ListPlace,
        rows: impl IntoIterator<Item = R>,
    ) -> Result<String> {
        let in_the_way = |cell: &&CellBelow| cell.formula && place.columns.contains(&cell.column);
        if let Some(cell) = self.rows.iter().flat_map(|row| &row.cells).find(in_the_way) {
            let column = column_letters(cell.column);
            return Err(cannot(format!(
                "there are formulas where the people go (column {column})"
            )));
        }
        let mut people = String::new();
        let mut last = place.header;
        for cells in rows {
            last += 1;
            if last > MOST_ROWS {
                return Err(cannot(format!("a sheet holds {MOST_ROWS} rows and there are more")));
            }
            self.row(last, Some(cells), xml, place, &mut people)?;
        }
        // Rows that the vendor prepared and nobody needs stay prepared.
        let none = None::<std::iter::Empty<&str>>;
        let filled = last;
        for number in self.rows.iter().map(|row| row.number).filter(|number| *number > filled) {
            self.row(number, none.clone(), xml, place, &mut people)?;
            last = number;
        }
        let widest = place
            .columns
            .iter()
            .chain(self.rows.iter().flat_map(|row| row.cells.iter().map(|c| &c.column)))
            .max();
        if let (Some(dimension), Some(widest)) = (self.dimension.take(), widest) {
            let (prefix, letters) = (self.prefix, column_letters(*widest));
            self.instead
                .push((dimension, format!("<{prefix}dimension ref=\"A1:{letters}{last}\"/>")));
        }
        self.instead.push((self.people, people));
        self.instead.sort_by_key(|(range, _)| range.start);
        let mut out = String::with_capacity(xml.len());
        let mut done = 0;
        for (range, text) in self.instead {
            out.push_str(&xml[done..range.start]);
            out.push_str(&text);
            done = range.end;
        }
        out.push_str(&xml[done..]);
        Ok(out)
    }

    /// Writes one row: the cells of a person in the columns of the list, and what the template has in the others.
    fn row<C: AsRef<str>, R: IntoIterator<Item = C>>(
        &self,
        number: u32,
        person: Option<R>,
        xml: &str,
        place: &ListPlace,
        out: &mut String,
    ) -> Result<()> {
        let own = self.rows.binary_search_by_key(&number, |row| row.number).ok();
        let own = own.map(|at| &self.rows[at]);
        let like = own.or(self.rows.first());
        let p = self.prefix;
        let attributes = own.map_or("", |row| &row.attributes);
        let _ = write!(out, "<{p}row r=\"{number}\"{attributes}>");
        let mut cells: Vec<(u32, String)> = Vec::new();
        let others = own.into_iter().flat_map(|row| &row.cells);
        for cell in others.filter(|cell| !place.columns.contains(&cell.column)) {
            cells.push((cell.column, xml[cell.whole.clone()].to_owned()));
        }
        let mut person = person.map(IntoIterator::into_iter);
        for &column in place.columns {
            let text = person.as_mut().and_then(Iterator::next);
            let text = text.as_ref().map_or("", |text| text.as_ref());
            let of_row = like.and_then(|row| row.cells.iter().find(|cell| cell.column == column));
            let of_column = || self.columns.iter().find(|c| (c.0..=c.1).contains(&column));
            let style = match of_row {
                Some(cell) => cell.style.as_deref(),
                None => of_column().map(|(.., style)| style.as_str()),
            };
            let name = format!("{}{number}", column_letters(column));
            let style = style.map_or(String::new(), |style| format!(" s=\"{style}\""));
            if text.is_empty() {
                if !style.is_empty() {
                    cells.push((column, format!("<{p}c r=\"{name}\"{style}/>")));
                }
                continue;
            }
            let length = text.encode_utf16().count();
            if length > LONGEST_TEXT {
                return Err(cannot(format!(
                    "the cell {name} has {length} characters and Excel holds {LONGEST_TEXT}"
                )));
            }
            let mut cell = format!(
                "<{p}c r=\"{name}\"{style} t=\"inlineStr\"><{p}is><{p}t xml:space=\"preserve\">"
            );
            push_escaped(text, &mut cell);
            let _ = write!(cell, "</{p}t></{p}is></{p}c>");
            cells.push((column, cell));
        }
        cells.sort_by_key(|(column, _)| *column);
        out.extend(cells.into_iter().map(|(_, cell)| cell));
        let _ = write!(out, "</{p}row>");
        Ok(())
    }
}

impl RowBelow {
    fn of(tag: &BytesStart, number: u32) -> Result<RowBelow> {
        let mut attributes = String::new();
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(cannot)?;
            let name: &str = attribute.key.as_ref();
            // Which cells it has is another matter now; the number is written first.
            if !matches!(name, "r" | "spans" | "hidden") {
                let value: &str = attribute.value.as_ref();
                let _ = write!(attributes, " {name}=\"{}\"", value.replace('"', "&quot;"));
            }
        }
        Ok(RowBelow { number, attributes, cells: Vec::new() })
    }
}

fn styled_columns(tag: &BytesStart) -> Result<Option<(u32, u32, String)>> {
    let (first, last) = (number_in(tag, "min")?, number_in(tag, "max")?);
    let style = attribute(tag, "style")?;
    Ok(match (first, last, style) {
        (Some(first), Some(last), Some(style)) => {
            Some((first.saturating_sub(1), last.saturating_sub(1), style.into_owned()))
        }
        _ => None,
    })
}

/// The last row of a range such as `A2:C5`, or of one cell.
fn last_row(range: &str) -> Option<u32> {
    let last = range.rsplit(':').next().unwrap_or(range);
    last.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '$').parse().ok()
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

fn cannot(why: impl std::fmt::Display) -> Failure {
    Failure::new(FailureKind::Format, "The template could not be filled in")
        .why(why)
        .hint("Download the template from the LMS again, and choose that.")
}
