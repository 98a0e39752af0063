//! Old workbooks. calamine reads them; what it does not tell, and what it must not be told, is seen to in [`records`].
//!
//! calamine reserves memory for whatever a file claims and follows whatever chain it is given, and a process that runs
//! out of memory ends without a word. So it never gets the person's file, but a copy made here that holds the one
//! sheet asked for, whose sizes have been counted, and no formulas.

use std::io::{Cursor, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, Reader, SheetType, SheetVisible};

use super::cells::{Laying, NoteKind, Sheet};
use super::records::{self, Seen, Stream};
use super::sheet::{choose, to_choose_from};
use super::workbook::Tab;
use super::{
    Kind, Limits, Progress, cancelled, damaged, number, protected, refused, remarks, size, too_far,
    too_large,
};
use crate::error::{Failure, Result};
use crate::narrow;

/// An old workbook has columns A to IV.
const MOST_COLUMNS: u32 = 256;

/// No old workbook can fill more: 65,536 rows of 256 columns.
const LARGEST: u64 = 256 << 20;

type Book = calamine::Xls<Cursor<Vec<u8>>>;

pub fn read(
    bytes: &[u8],
    wanted: Option<&str>,
    limits: &Limits,
    progress: Progress,
) -> Result<Sheet> {
    let steps = bytes.len() as u64;
    let go_on = |done| if progress(done, steps) { Ok(()) } else { Err(cancelled()) };

    let stream = records::index(workbook_stream(bytes)?)?;
    go_on(steps / 4)?;
    let (tabs, places) = tabs(&stream)?;
    let tab = choose(&tabs, wanted, Kind::Xls)?;
    let at = tabs.iter().position(|other| other.name == tab.name).map_or(0, |index| places[index]);
    let seen = records::look(&stream, at)?;
    let limits = &limits.of_file(bytes.len());
    let (last_row, last_column) = seen.last();
    if last_column >= MOST_COLUMNS {
        return Err(damaged(
            Kind::Xls,
            format!("row {} has a column {}", last_row + 1, last_column + 1),
        ));
    }
    // calamine makes each of them three times over, blank or not, at some two hundred bytes.
    let most = limits.cells.min(1_200_000 + 50 * bytes.len() as u64);
    if seen.area() > most {
        return Err(too_far(Kind::Xls, last_row + 1, last_column + 1, seen.area()));
    }
    // calamine keeps two copies of every text, and here is a third.
    if seen.text > limits.text / 4 {
        return Err(too_large(
            Kind::Xls,
            format!(
                "the texts of the sheet are longer than the limit of {}",
                size(limits.text / 4)
            ),
        ));
    }
    go_on(steps / 2)?;
    let mut book = open(stream.with_one_sheet(at))?;
    let name = book.sheet_names().get(at).cloned().unwrap_or_default();
    let range = catch_unwind(AssertUnwindSafe(|| book.worksheet_range(&name)))
        .map_err(|_| damaged(Kind::Xls, "a cell is not as it should be"))?
        .map_err(|e| damaged(Kind::Xls, e))?;
    go_on(steps * 3 / 4)?;

    let mut laying = Laying::new(Kind::Xls, limits);
    let (top, left) = range.start().unwrap_or_default();
    for (row, cells) in range.rows().enumerate() {
        let row = top + narrow::place(row);
        laying.begin_row(row + 1, seen.hidden_rows.contains(&row))?;
        for (column, value) in cells.iter().enumerate() {
            put(&mut laying, (row, left + narrow::place(column)), value, &seen)?;
        }
        laying.end_row();
    }
    let mut sheet = laying.finish()?;
    sheet.name = tab.name.clone();
    sheet.sheets = to_choose_from(&tabs);
    sheet.remarks = remarks::of(&sheet, &tabs, &seen.hidden_columns, &seen.merged);
    Ok(sheet)
}

fn put(laying: &mut Laying, place: (u32, u32), value: &Data, seen: &Seen) -> Result<()> {
    let is_formula = seen.formulas.contains(&place);
    let note = match value {
        Data::Error(_) => Some(NoteKind::FormulaError),
        Data::Empty if is_formula => Some(NoteKind::FormulaUnknown),
        Data::Empty => return Ok(()),
        _ if is_formula => Some(NoteKind::Formula),
        Data::String(text) if text.is_empty() => return Ok(()),
        Data::String(_) => None,
        _ => Some(NoteKind::NumberShown),
    };
    laying.put(place.1, note, |text| {
        match value {
            Data::String(value) | Data::DateTimeIso(value) | Data::DurationIso(value) => {
                text.push_str(value)
            }
            Data::Bool(yes) => text.push_str(if *yes { "TRUE" } else { "FALSE" }),
            Data::Error(error) => text.push_str(&error.to_string()),
            Data::Int(value) => {
                number::push(&value.to_string(), seen.shown(place), seen.days_from_1904, text)
            }
            Data::Float(value) => {
                number::push(&value.to_string(), seen.shown(place), seen.days_from_1904, text)
            }
            Data::DateTime(value) => {
                number::push(
                    &value.as_f64().to_string(),
                    seen.shown(place),
                    seen.days_from_1904,
                    text,
                );
            }
            Data::Empty => {}
        }
        Ok(())
    })
}

/// The one stream in an OLE container that is the workbook.
fn workbook_stream(bytes: &[u8]) -> Result<Vec<u8>> {
    if bytes.len() as u64 > LARGEST {
        return Err(too_large(
            Kind::Xls,
            format!("it is {} long; the limit is {}", size(bytes.len() as u64), size(LARGEST)),
        ));
    }
    let mut container =
        cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|e| damaged(Kind::Xls, e))?;
    if container.exists("/EncryptedPackage") {
        return Err(protected(Kind::Xlsx));
    }
    let Some(path) = ["/Workbook", "/Book"].into_iter().find(|path| container.is_stream(path))
    else {
        let what = if container.exists("/WordDocument") {
            "it is an old Word document, not a workbook"
        } else if container.exists("/PowerPoint Document") {
            "it is an old PowerPoint file, not a workbook"
        } else {
            "there is no workbook in it"
        };
        return Err(
            refused(Kind::Xls, what).hint("Choose the file that the learning system exported.")
        );
    };
    let mut stream = Vec::new();
    let reader = container.open_stream(path).map_err(|e| damaged(Kind::Xls, e))?;
    reader.take(bytes.len() as u64).read_to_end(&mut stream).map_err(|e| damaged(Kind::Xls, e))?;
    Ok(stream)
}

/// The sheets with cells, as calamine reads their names from a copy in which they are all blank, and the place of each
/// among all sheets.
fn tabs(stream: &Stream) -> Result<(Vec<Tab>, Vec<usize>)> {
    let book = open(stream.without_sheets())?;
    let with_cells =
        book.sheets_metadata().iter().enumerate().filter(|(_, s)| s.typ == SheetType::WorkSheet);
    Ok(with_cells
        .map(|(place, sheet)| {
            let hidden = sheet.visible != SheetVisible::Visible;
            (Tab { name: sheet.name.clone(), hidden, part: String::new() }, place)
        })
        .unzip())
}

fn open(stream: Vec<u8>) -> Result<Book> {
    let contained = contained(&stream).map_err(|e| Failure::internal(e.to_string()))?;
    // calamine indexes into records without asking how long they are. A damaged one must not end the program.
    let opened = catch_unwind(AssertUnwindSafe(|| Book::new(Cursor::new(contained))));
    match opened {
        Ok(Ok(book)) => Ok(book),
        Ok(Err(calamine::XlsError::Password)) => Err(protected(Kind::Xls)),
        Ok(Err(error)) => Err(damaged(Kind::Xls, error)),
        Err(_) => Err(damaged(Kind::Xls, "a record is too short")),
    }
}

/// A new container that holds nothing but this workbook.
fn contained(stream: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut container =
        cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new()))?;
    container.create_stream("/Workbook")?.write_all(stream)?;
    container.flush()?;
    Ok(container.into_inner().into_inner())
}
