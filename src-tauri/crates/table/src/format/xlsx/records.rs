//! The records of an old workbook, as far as calamine does not tell of them: hidden rows, number formats, where
//! formulas stand, and how much text a sheet comes to.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::number::{self, Shown};
use super::remarks::Merged;
use super::{Kind, damaged, text_lengths};
use crate::error::Result;
use crate::narrow;

// The names are those of the format's documentation, [MS-XLS].
const FORMULA: u16 = 0x0006;
const EOF: u16 = 0x000A;
const EXTERN_SHEET: u16 = 0x0017;
const LBL: u16 = 0x0018;
const DATE_1904: u16 = 0x0022;
const CONTINUE: u16 = 0x003C;
const COL_INFO: u16 = 0x007D;
const BOUND_SHEET: u16 = 0x0085;
const MUL_RK: u16 = 0x00BD;
const RICH_LABEL: u16 = 0x00D6;
const XF: u16 = 0x00E0;
const MERGE_CELLS: u16 = 0x00E5;
const SST: u16 = 0x00FC;
const LABEL_SST: u16 = 0x00FD;
const DIMENSIONS: u16 = 0x0200;
const NUMBER: u16 = 0x0203;
const LABEL: u16 = 0x0204;
const BOOL_ERR: u16 = 0x0205;
const ROW: u16 = 0x0208;
const RK: u16 = 0x027E;
const FORMAT: u16 = 0x041E;
const BOF: u16 = 0x0809;
/// A type that no record has, so that readers pass over it.
const NOTHING: u16 = 0xFFFF;

/// A workbook's records and where its sheets are.
pub struct Stream {
    bytes: Vec<u8>,
    /// Where each sheet's place is written, and the place.
    sheets: Vec<(usize, usize)>,
    /// Where the records of the workbook as a whole end.
    end: usize,
    days_from_1904: bool,
    /// What each style's number format means.
    styles: Vec<Rc<Shown>>,
    /// The most bytes that each shared text can take.
    texts: Vec<u32>,
}

/// What one sheet holds besides its values. Rows and columns are counted from 0.
pub struct Seen {
    pub hidden_rows: FxHashSet<u32>,
    pub hidden_columns: Vec<(u32, u32)>,
    pub formulas: FxHashSet<(u32, u32)>,
    pub merged: Merged,
    pub days_from_1904: bool,
    /// How many bytes its shared texts come to, at most.
    pub text: u64,
    /// The first and last row and column in which something stands.
    reach: Option<[(u32, u32); 2]>,
    /// Formats other than the plain one.
    shown: FxHashMap<(u32, u32), Rc<Shown>>,
}

impl Seen {
    pub fn shown(&self, place: (u32, u32)) -> &Shown {
        self.shown.get(&place).map_or(&Shown::Plain, |shown| shown)
    }
}

/// One record: its type, where it begins, and its content.
struct Record<'s> {
    kind: u16,
    at: usize,
    data: &'s [u8],
}

impl Record<'_> {
    fn u16(&self, at: usize) -> Option<u16> {
        u16_at(self.data, at)
    }

    fn u32(&self, at: usize) -> Option<u32> {
        Some(u32::from_le_bytes(self.data.get(at..at + 4)?.try_into().ok()?))
    }

    /// The row and column that records of cells begin with.
    fn place(&self) -> Option<(u32, u32)> {
        Some((self.u16(0)?.into(), self.u16(2)?.into()))
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

/// The records from a place on; ends early where one is cut off.
fn records(bytes: &[u8], mut at: usize) -> impl Iterator<Item = Record<'_>> {
    std::iter::from_fn(move || {
        let kind = u16_at(bytes, at)?;
        let length = usize::from(u16_at(bytes, at + 2)?);
        let data = bytes.get(at + 4..at + 4 + length)?;
        let record = Record { kind, at, data };
        at += 4 + length;
        Some(record)
    })
}

/// Reads the records about the workbook as a whole.
pub fn index(bytes: Vec<u8>) -> Result<Stream> {
    let mut sheets = Vec::new();
    let mut end = None;
    let mut days_from_1904 = false;
    let mut is_biff8 = true;
    let mut formats: FxHashMap<u16, Rc<Shown>> = FxHashMap::default();
    let mut format_of_style = Vec::new();
    let mut shared: Vec<&[u8]> = Vec::new();
    let mut last = NOTHING;
    for record in records(&bytes, 0) {
        match record.kind {
            BOF => is_biff8 = record.u16(0) != Some(0x0500),
            DATE_1904 => days_from_1904 = record.u16(0) == Some(1),
            BOUND_SHEET => {
                let place = record.u32(0).ok_or_else(too_short)? as usize;
                if place >= bytes.len() {
                    return Err(damaged(Kind::Xls, "a sheet is missing"));
                }
                sheets.push((record.at + 4, place));
            }
            FORMAT => {
                if let (Some(id), Some(code)) = (record.u16(0), format_code(record.data, is_biff8))
                {
                    formats.insert(id, Rc::new(number::shown(&code)));
                }
            }
            XF => format_of_style.push(record.u16(2).ok_or_else(too_short)?),
            SST => shared.push(record.data),
            CONTINUE if last == SST => shared.push(record.data),
            EOF => {
                end = Some(record.at);
                break;
            }
            _ => {}
        }
        if record.kind != CONTINUE {
            last = record.kind;
        }
    }
    let Some(end) = end else { return Err(damaged(Kind::Xls, "its end is missing")) };
    let texts = text_lengths::of(&shared);
    let styles = format_of_style
        .into_iter()
        .map(|id| {
            Rc::clone(formats.entry(id).or_insert_with(|| Rc::new(number::built_in(id.into()))))
        })
        .collect();
    Ok(Stream { bytes, sheets, end, days_from_1904, styles, texts })
}

fn too_short() -> crate::error::Failure {
    damaged(Kind::Xls, "a record is too short")
}

fn format_code(data: &[u8], is_biff8: bool) -> Option<String> {
    if !is_biff8 {
        let length = usize::from(*data.get(2)?);
        return Some(data.get(3..3 + length)?.iter().map(|&byte| char::from(byte)).collect());
    }
    let length = usize::from(u16_at(data, 2)?);
    let is_wide = data.get(4)? & 1 == 1;
    if is_wide {
        let units: Vec<u16> = (0..length).map_while(|i| u16_at(data, 5 + i * 2)).collect();
        Some(String::from_utf16_lossy(&units))
    } else {
        Some(data.get(5..5 + length)?.iter().map(|&byte| char::from(byte)).collect())
    }
}

/// Reads the records of the sheet at this place in the list.
pub fn look(stream: &Stream, sheet: usize) -> Result<Seen> {
    let mut seen = Seen {
        hidden_rows: FxHashSet::default(),
        hidden_columns: Vec::new(),
        formulas: FxHashSet::default(),
        merged: Merged::default(),
        days_from_1904: stream.days_from_1904,
        text: 0,
        reach: None,
        shown: FxHashMap::default(),
    };
    let Some((_, place)) = stream.sheets.get(sheet) else { return Err(too_short()) };
    for record in own_records(&stream.bytes, *place) {
        look_at(&record, stream, &mut seen).ok_or_else(too_short)?;
    }
    Ok(seen)
}

/// The records of a sheet, without those of the charts inside it. As calamine has it the first BOF is the sheet's own, also
/// where records come before it: what is not counted here is not to be read there.
fn own_records(bytes: &[u8], place: usize) -> impl Iterator<Item = Record<'_>> {
    let (mut has_begun, mut charts) = (false, 0_usize);
    records(bytes, place)
        .map_while(move |record| match (record.kind, charts) {
            (EOF, 0) => None,
            (EOF, _) => {
                charts -= 1;
                Some(None)
            }
            (BOF, 0) if !has_begun => {
                has_begun = true;
                Some(None)
            }
            (BOF, _) => {
                charts += 1;
                Some(None)
            }
            (_, 0) => Some(Some(record)),
            _ => Some(None),
        })
        .flatten()
}

fn look_at(record: &Record, stream: &Stream, seen: &mut Seen) -> Option<()> {
    if matches!(
        record.kind,
        NUMBER | LABEL | RICH_LABEL | BOOL_ERR | RK | MUL_RK | LABEL_SST | FORMULA
    ) {
        let (row, column) = record.place()?;
        let more = if record.kind == MUL_RK { record.data.len().saturating_sub(6) / 6 } else { 1 };
        seen.reaches(row, column, column + narrow::count(more.max(1)) - 1);
    }
    match record.kind {
        ROW if record.u16(12)? & 0x20 != 0 => {
            seen.hidden_rows.insert(record.u16(0)?.into());
        }
        COL_INFO if record.u16(8)? & 1 != 0 => {
            seen.hidden_columns.push((record.u16(0)?.into(), record.u16(2)?.into()));
        }
        NUMBER | RK => seen.keep_format(record.place()?, record.u16(4)?, stream),
        MUL_RK => {
            let (row, first) = record.place()?;
            for (cell, column) in record.data.get(4..)?.chunks_exact(6).zip(first..) {
                seen.keep_format((row, column), u16_at(cell, 0)?, stream);
            }
        }
        FORMULA => {
            seen.formulas.insert(record.place()?);
            seen.keep_format(record.place()?, record.u16(4)?, stream);
        }
        LABEL_SST => {
            // A text that could not be measured is taken to be as long as any can be.
            let length = stream.texts.get(record.u32(6)? as usize).copied().unwrap_or(3 * 65_535);
            seen.text += u64::from(length);
        }
        MERGE_CELLS => {
            for range in record.data.get(2..)?.chunks_exact(8) {
                let [top, bottom, left, right] =
                    [0, 2, 4, 6].map(|at| u16_at(range, at).unwrap_or(0));
                seen.merged.push(&range_name((top, left), (bottom, right)));
            }
        }
        _ => {}
    }
    Some(())
}

fn range_name(first: (u16, u16), last: (u16, u16)) -> String {
    let name = |(row, column): (u16, u16)| {
        format!("{}{}", super::remarks::column_letters(column.into()), u32::from(row) + 1)
    };
    format!("{}:{}", name(first), name(last))
}

impl Seen {
    fn reaches(&mut self, row: u32, first: u32, last: u32) {
        let [(top, bottom), (left, right)] = self.reach.unwrap_or([(row, row), (first, last)]);
        self.reach = Some([(top.min(row), bottom.max(row)), (left.min(first), right.max(last))]);
    }

    /// How many cells lie between the first and the last in which something stands; calamine makes them all.
    pub fn area(&self) -> u64 {
        let length = |(first, last): (u32, u32)| u64::from(last - first) + 1;
        self.reach.map_or(0, |[rows, columns]| length(rows) * length(columns))
    }

    /// The last row and column in which something stands, counted from 0.
    pub fn last(&self) -> (u32, u32) {
        self.reach.map_or((0, 0), |[rows, columns]| (rows.1, columns.1))
    }

    fn keep_format(&mut self, place: (u32, u32), style: u16, stream: &Stream) {
        if let Some(shown) =
            stream.styles.get(usize::from(style)).filter(|shown| ***shown != Shown::Plain)
        {
            self.shown.insert(place, Rc::clone(shown));
        }
    }
}

impl Stream {
    /// The records with every sheet blank, and without the shared texts.
    pub fn without_sheets(&self) -> Vec<u8> {
        let mut bytes = self.with_one_sheet(usize::MAX);
        overwrite(&mut bytes, 0, |record| record.kind == SST);
        bytes
    }

    /// The records with every sheet but one blank, without the claims of sizes that calamine trusts, and without
    /// formulas, of which only the results are wanted.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "places in an XLS file are written in four bytes, so a longer one has no more sheets"
    )]
    pub fn with_one_sheet(&self, kept: usize) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        for (sheet, (written_at, place)) in self.sheets.iter().enumerate() {
            if sheet != kept {
                // A sheet that begins where the records end has none.
                bytes[*written_at..written_at + 4]
                    .copy_from_slice(&(self.end as u32).to_le_bytes());
                continue;
            }
            let formulas: Vec<usize> = records(&bytes, *place)
                .filter(|r| r.kind == FORMULA && r.data.len() >= 22)
                .map(|r| r.at)
                .collect();
            for at in formulas {
                bytes[at + 4 + 20..at + 4 + 22].fill(0);
            }
            overwrite(&mut bytes, *place, |record| record.kind == DIMENSIONS);
        }
        overwrite(&mut bytes, 0, |record| matches!(record.kind, LBL | EXTERN_SHEET));
        bytes
    }
}

/// Makes readers pass over some of the records from a place on.
fn overwrite(bytes: &mut [u8], from: usize, which: impl Fn(&Record) -> bool) {
    let places: Vec<usize> = records(bytes, from).filter(which).map(|record| record.at).collect();
    for at in places {
        bytes[at..at + 2].copy_from_slice(&NOTHING.to_le_bytes());
    }
}
