//! Old workbooks (`.xls`, BIFF8) out, for an LMS that takes nothing newer: one sheet, every cell a text.
//!
//! Written by hand: rust_xlsxwriter, umya-spreadsheet and excelwriter write XLSX only, and of the crates that know XLS
//! (calamine, rxls, office-crypto's readers) none writes it. What is here is the least that Excel, calamine, xlrd and old
//! importers ask for, by \[MS-XLS\]; the container around it is the crate cfb's.

use std::io::{Cursor, Write};
use std::time::{Duration, UNIX_EPOCH};

use rustc_hash::FxHashMap;

use super::remarks::column_letters;
use super::write::{LONGEST_TEXT, Making, NARROWEST, WIDEST, widest_line};
use crate::error::{Failure, FailureKind, Result};
use crate::narrow;

/// The most rows that an old workbook's sheet can have, the column names included.
pub const MOST_ROWS: u32 = 65_536;
/// The most people below one row of column names.
pub const MOST_PEOPLE: u32 = MOST_ROWS - 1;
const MOST_COLUMNS: u16 = 256;
/// The most bytes that one record can hold; what is longer goes on in another.
const LONGEST_RECORD: usize = 8_224;
/// A text's length and flags, which stand in one record.
const TEXT_HEAD: usize = 3;

// The names are those of [MS-XLS].
const EOF: u16 = 0x000A;
const DATE_1904: u16 = 0x0022;
const FONT: u16 = 0x0031;
const CONTINUE: u16 = 0x003C;
const WINDOW_1: u16 = 0x003D;
const PANE: u16 = 0x0041;
const CODE_PAGE: u16 = 0x0042;
const COL_INFO: u16 = 0x007D;
const BOUND_SHEET: u16 = 0x0085;
const XF: u16 = 0x00E0;
const SST: u16 = 0x00FC;
const LABEL_SST: u16 = 0x00FD;
const DIMENSIONS: u16 = 0x0200;
const ROW: u16 = 0x0208;
const WINDOW_2: u16 = 0x023E;
const STYLE: u16 = 0x0293;
const BOF: u16 = 0x0809;

/// The styles in the order in which they are written: fifteen that Excel wants, the plain one, and ours.
const TEXT_STYLE: u16 = 16;
const BOLD_STYLE: u16 = 17;
/// The number of the format `@`, which every workbook has.
const TEXT_FORMAT: u16 = 49;
/// Excel leaves out number 4, so the fifth font is this one.
const BOLD_FONT: u16 = 5;

/// Writes a table as an old workbook of one sheet, the column names in its first line, and returns the file's bytes.
///
/// Fails with kind `Format` when such a workbook cannot hold it: more than 65,535 people, 256 columns, or 32,767
/// characters in a cell.
pub fn write<C: AsRef<str>, R: IntoIterator<Item = C>>(
    header: &[impl AsRef<str>],
    rows: impl IntoIterator<Item = R>,
    making: &Making,
) -> Result<Vec<u8>> {
    let mut sheet = Cells::default();
    sheet.row(header, BOLD_STYLE)?;
    for row in rows {
        sheet.row(row, TEXT_STYLE)?;
    }
    let stream = workbook(making.sheet, &sheet)?;
    let contained = || -> std::io::Result<Vec<u8>> {
        let out = Cursor::new(Vec::new());
        let mut container = cfb::CompoundFile::create_with_version(cfb::Version::V3, out)?;
        let made_at = Duration::from_secs(u64::try_from(making.made_at).unwrap_or(0));
        container.set_modified_time("/", UNIX_EPOCH + made_at)?;
        container.create_stream("/Workbook")?.write_all(&stream)?;
        container.flush()?;
        Ok(container.into_inner().into_inner())
    };
    contained().map_err(|e| cannot(e.to_string()))
}

/// The records of the workbook as a whole, then those of its sheet.
fn workbook(name: &str, sheet: &Cells) -> Result<Vec<u8>> {
    let mut out = Records::default();
    out.begin(0x0005);
    out.put(CODE_PAGE, &words(&[1_200]));
    out.put(WINDOW_1, &words(&[0, 0, 0x3FCF, 0x2A4E, 0x0038, 0, 0, 1, 0x0258]));
    out.put(DATE_1904, &words(&[0]));
    for bold in [false, false, false, false, true] {
        out.put(FONT, &font(bold));
    }
    for style in 0..15 {
        out.put(XF, &style_of((0, 0), 0xFFF5, if style == 0 { 0 } else { 0xF4 }));
    }
    out.put(XF, &style_of((0, 0), 0x0001, 0));
    out.put(XF, &style_of((0, TEXT_FORMAT), 0x0001, 0x04));
    out.put(XF, &style_of((BOLD_FONT, TEXT_FORMAT), 0x0001, 0x0C));
    // The first style is the one that Excel calls Normal.
    out.put(STYLE, &[0x00, 0x80, 0x00, 0xFF]);
    let written_at = out.bytes.len() + 4;
    let mut tab = vec![0; 6];
    tab.push(u8::try_from(name.encode_utf16().count()).unwrap_or(u8::MAX));
    tab.push(1);
    tab.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
    out.put(BOUND_SHEET, &tab);
    sheet.texts.put_into(&mut out);
    out.put(EOF, &[]);
    let begins = narrow::count(out.bytes.len());
    out.bytes[written_at..written_at + 4].copy_from_slice(&begins.to_le_bytes());
    sheet.put_into(&mut out);
    // Readers count places in four bytes, the highest bit for a sign.
    if i32::try_from(out.bytes.len()).is_err() {
        return Err(cannot("its texts come to more than 2 GB".to_owned()));
    }
    Ok(out.bytes)
}

fn font(bold: bool) -> Vec<u8> {
    let weight = if bold { 700 } else { 400 };
    let mut data = words(&[200, 0, 0x7FFF, weight, 0]);
    data.extend([0, 0, 0, 0, 5, 0]);
    data.extend(b"Arial");
    data
}

/// Font and number format, whether it is a style or of cells, and what it has of its own.
fn style_of((font, format): (u16, u16), kind: u16, own: u8) -> Vec<u8> {
    let mut data = words(&[font, format, kind]);
    data.extend([0x20, 0, 0, own]);
    data.extend([0; 8]);
    data.extend([0xC0, 0x20]);
    data
}

/// A small count in two bytes: columns, widths and lengths of records all fit.
fn in_two(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

fn words(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

#[derive(Default)]
struct Records {
    bytes: Vec<u8>,
}

impl Records {
    /// `data` is at most [`LONGEST_RECORD`] long.
    fn put(&mut self, kind: u16, data: &[u8]) {
        self.bytes.extend(kind.to_le_bytes());
        self.bytes.extend(in_two(data.len()).to_le_bytes());
        self.bytes.extend(data);
    }

    /// Begins the workbook (5) or a sheet (16).
    fn begin(&mut self, kind: u16) {
        self.put(BOF, &words(&[0x0600, kind, 0x0DBB, 0x07CC, 0x0041, 0, 0x0006, 0]));
    }
}

/// The cells of the sheet as records, and the texts that they refer to.
#[derive(Default)]
struct Cells {
    texts: Texts,
    records: Records,
    rows: u32,
    /// How wide each column must be, in characters.
    widths: Vec<usize>,
}

impl Cells {
    fn row<C: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = C>, style: u16) -> Result<()> {
        let row = u16::try_from(self.rows).map_err(|_| {
            cannot(format!("an old workbook's sheet holds {MOST_ROWS} rows and there are more"))
        })?;
        self.rows += 1;
        let mut used = 0;
        let at = self.records.bytes.len();
        // How many cells it has is known after them.
        self.records.put(ROW, &words(&[row, 0, 0, 0x00FF, 0, 0, 0x0100, 0x000F]));
        for (column, cell) in cells.into_iter().enumerate() {
            let column =
                u16::try_from(column).ok().filter(|c| *c < MOST_COLUMNS).ok_or_else(|| {
                    cannot(format!(
                        "an old workbook's sheet holds {MOST_COLUMNS} columns and there are more"
                    ))
                })?;
            let text = cell.as_ref();
            self.measure(column, text);
            // A blank cell is one that is not there; the column makes what is typed there a text.
            if text.is_empty() {
                continue;
            }
            let text = self.texts.number_of(text).map_err(|length| {
                let cell = format!("{}{}", column_letters(column.into()), u32::from(row) + 1);
                cannot(format!(
                    "the cell {cell} has {length} characters and Excel holds {LONGEST_TEXT}"
                ))
            })?;
            let mut data = words(&[row, column, style]);
            data.extend(text.to_le_bytes());
            self.records.put(LABEL_SST, &data);
            used = column + 1;
        }
        self.records.bytes[at + 8..at + 10].copy_from_slice(&used.to_le_bytes());
        Ok(())
    }

    fn measure(&mut self, column: u16, text: &str) {
        let at = usize::from(column);
        if self.widths.len() <= at {
            self.widths.resize(at + 1, 0);
        }
        if self.widths[at] < WIDEST {
            self.widths[at] = self.widths[at].max(widest_line(text));
        }
    }

    fn put_into(&self, out: &mut Records) {
        out.begin(0x0010);
        for (column, width) in (0_u16..).zip(&self.widths) {
            let width = in_two((*width).clamp(NARROWEST, WIDEST) + 1);
            out.put(COL_INFO, &words(&[column, column, width * 256, TEXT_STYLE, 0, 0]));
        }
        let mut extent = Vec::new();
        extent.extend(0_u32.to_le_bytes());
        extent.extend(self.rows.to_le_bytes());
        extent.extend(words(&[0, in_two(self.widths.len()), 0]));
        out.put(DIMENSIONS, &extent);
        out.bytes.extend(&self.records.bytes);
        // The column names stay in sight.
        out.put(WINDOW_2, &words(&[0x07BE, 0, 0, 0x0040, 0, 0, 0, 0, 0]));
        out.put(PANE, &words(&[0, 1, 1, 0, 2]));
        out.put(EOF, &[]);
    }
}

/// The texts of all cells, each once, as the records that hold them.
#[derive(Default)]
struct Texts {
    numbers: FxHashMap<Box<str>, u32>,
    /// How many cells refer to one.
    used: u32,
    /// What each record holds; the first has eight bytes less, for the counts.
    pieces: Vec<Vec<u8>>,
}

impl Texts {
    /// The number of a text among all of them. Fails with its length if it is too long for a cell.
    fn number_of(&mut self, text: &str) -> Result<u32, usize> {
        let number = match self.numbers.get(text) {
            Some(number) => *number,
            None => {
                let units: Vec<u16> = text.encode_utf16().collect();
                let length =
                    u16::try_from(units.len()).ok().filter(|_| units.len() <= LONGEST_TEXT);
                self.add(length.ok_or(units.len())?, &units);
                let number = narrow::place(self.numbers.len());
                self.numbers.insert(text.into(), number);
                number
            }
        };
        self.used += 1;
        Ok(number)
    }

    fn add(&mut self, length: u16, units: &[u16]) {
        let narrow = units.iter().all(|unit| *unit <= 0xFF);
        if self.room() < TEXT_HEAD {
            self.pieces.push(Vec::new());
        }
        let flags = u8::from(!narrow);
        self.last().extend(length.to_le_bytes());
        self.last().push(flags);
        let mut left = units;
        loop {
            let fits = self.room() / if narrow { 1 } else { 2 };
            let (here, rest) = left.split_at(whole_letters(left, fits));
            for unit in here {
                let bytes = unit.to_le_bytes();
                self.last().extend(if narrow { &bytes[..1] } else { &bytes });
            }
            if rest.is_empty() {
                return;
            }
            // A text that goes on in the next record says there again how wide its characters are.
            self.pieces.push(vec![flags]);
            left = rest;
        }
    }

    fn last(&mut self) -> &mut Vec<u8> {
        if self.pieces.is_empty() {
            self.pieces.push(Vec::new());
        }
        let last = self.pieces.len() - 1;
        &mut self.pieces[last]
    }

    /// How many bytes the last record has left.
    fn room(&self) -> usize {
        let counts = if self.pieces.len() <= 1 { 8 } else { 0 };
        LONGEST_RECORD - counts - self.pieces.last().map_or(0, Vec::len)
    }

    fn put_into(&self, out: &mut Records) {
        let mut first = self.used.to_le_bytes().to_vec();
        first.extend(narrow::place(self.numbers.len()).to_le_bytes());
        first.extend(self.pieces.first().into_iter().flatten());
        out.put(SST, &first);
        for piece in self.pieces.iter().skip(1) {
            out.put(CONTINUE, piece);
        }
    }
}

/// How many of the units to take, at most so many: readers read each record by itself, so a letter that takes two units
/// is not parted.
fn whole_letters(units: &[u16], most: usize) -> usize {
    let most = most.min(units.len());
    let parts = most < units.len() && most > 0 && (0xD800..0xDC00).contains(&units[most - 1]);
    if parts { most - 1 } else { most }
}

fn cannot(why: String) -> Failure {
    Failure::new(FailureKind::Format, "The XLS file could not be written")
        .why(why)
        .hint("Save it as an Excel workbook (.xlsx) or as CSV instead.")
}
