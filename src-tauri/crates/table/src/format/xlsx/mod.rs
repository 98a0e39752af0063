//! Workbooks: XLSX and XLS in and out, ODS in. A sheet is read as text, and what is our reading of a number is noted.
//!
//! An XLSX file is a ZIP archive of XML and an XLS file a small file system of records; both can claim sizes that would
//! fill the memory. So the XML is read here as a stream that counts what it unpacks, in the one pass that also sees
//! hidden rows and number formats, and calamine gets XLS files only after `xls` has made sure of what they claim.
//! An ODS file is XML in an archive too, and read in the same way. (calamine 0.38 tells number formats too, but neither hidden rows nor the digits of a long number, and it has no limits;
//! umya-spreadsheet holds the whole file as objects.)

mod cells;
pub mod drop_downs;
pub mod fill;
pub mod form;
mod number;
mod ods;
mod part;
mod records;
mod remarks;
mod sheet;
mod strings;
mod styles;
mod text_lengths;
mod workbook;
pub mod write;
pub mod write_xls;
mod xls;

use crate::error::{Failure, FailureKind, Result};
use crate::words;

pub use cells::{CellNote, NoteKind, Sheet, SheetRow};
pub use remarks::column_letters;

/// What a file says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A ZIP archive. Whether it holds a workbook shows only on reading.
    Xlsx,
    /// An OLE container: an old workbook, or a new one with a password.
    Xls,
    /// A ZIP archive that says it is an OpenDocument spreadsheet.
    Ods,
}

impl Kind {
    /// What a sentence calls it: "XLSX", "XLS".
    pub fn word(self) -> &'static str {
        match self {
            Kind::Xlsx => "XLSX",
            Kind::Xls => "XLS",
            Kind::Ods => "ODS",
        }
    }
}

/// How much a file may claim before it is refused. Sizes are in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// All parts of the file that are read, unpacked.
    pub unpacked: u64,
    /// One piece of XML: in effect, the text of one cell.
    pub piece: u64,
    /// The text of all cells of the sheet together. Must be under 4 GiB.
    pub text: u64,
    /// The cells of the sheet from its first to its last row and column, blank ones too: each takes memory.
    pub cells: u64,
}

impl Limits {
    /// The same for a file of so many bytes: what a small file may claim is less. The numbers lie far above what any
    /// program writes of a list of people, which packs to a tenth or a twentieth of its XML.
    pub(crate) fn of_file(&self, bytes: usize) -> Limits {
        let at_most = |limit: u64, least: u64, times: u64| {
            limit.min(least.saturating_add((bytes as u64).saturating_mul(times)))
        };
        Limits {
            unpacked: at_most(self.unpacked, 64 << 20, 200),
            text: at_most(self.text, 64 << 20, 100),
            cells: at_most(self.cells, 4_000_000, 50),
            ..*self
        }
    }
}

impl Default for Limits {
    /// Room for a million people in sixty columns, which is more than Excel itself can hold in memory comfortably.
    fn default() -> Self {
        Self { unpacked: 2 << 30, piece: 16 << 20, text: 1 << 30, cells: 100_000_000 }
    }
}

/// Told how many bytes of how many are done; answering `false` stops the reading. `of` is an estimate.
pub type Progress<'a> = &'a dyn Fn(u64, u64) -> bool;

/// Whether the bytes look like a workbook, and of which kind.
pub fn kind_of(bytes: &[u8]) -> Option<Kind> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        Some(if ods::is_one(bytes) { Kind::Ods } else { Kind::Xlsx })
    } else if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        Some(Kind::Xls)
    } else {
        None
    }
}

/// Reads one sheet: the one named, or the first that is not hidden.
///
/// Fails with kind `Format` when the file is not a workbook, is damaged, protected or too large, or has no such sheet,
/// and with `Cancelled` when `progress` says so.
pub fn read(bytes: &[u8], kind: Kind, sheet: Option<&str>, progress: Progress) -> Result<Sheet> {
    read_within(bytes, kind, sheet, &Limits::default(), progress)
}

/// [`read`] with other limits.
pub fn read_within(
    bytes: &[u8],
    kind: Kind,
    sheet: Option<&str>,
    limits: &Limits,
    progress: Progress,
) -> Result<Sheet> {
    match kind {
        Kind::Xlsx => sheet::read(bytes, sheet, limits, progress),
        Kind::Xls => xls::read(bytes, sheet, limits, progress),
        Kind::Ods => ods::read(bytes, sheet, limits, progress).map_err(ods::told_as_ods),
    }
}

fn refused(kind: Kind, why: impl std::fmt::Display) -> Failure {
    Failure::new(FailureKind::Format, format!("The {} file could not be read", kind.word()))
        .why(why)
}

fn damaged(kind: Kind, why: impl std::fmt::Display) -> Failure {
    refused(kind, format!("it is damaged or was cut off ({why})")).hint(
        "Download or export it again. If Excel still opens it, save it there as a new file and open that.",
    )
}

fn too_large(kind: Kind, why: impl std::fmt::Display) -> Failure {
    refused(kind, why).hint(
        "If it really holds that much, save the sheet as CSV in Excel and open the CSV; \
         if it should be small, do not trust this file.",
    )
}

/// Something stands far from everything else, and a table up to there would be all blanks.
fn too_far(kind: Kind, row: u32, column: u32, cells: u64) -> Failure {
    let cell = format!("{}{row}", column_letters(column - 1));
    refused(kind, format!("its last row and column meet in {cell}, so it would have {} cells", words::grouped(usize::try_from(cells).unwrap_or(usize::MAX))))
        .hint(
            "Delete what stands far below or to the right of the people (in Excel, Ctrl+End goes there), save, and \
             open it again. If nothing is there, do not trust this file.",
        )
}

fn protected(kind: Kind) -> Failure {
    refused(kind, "it is protected with a password")
        .hint("Open it in Excel, remove the password (File, Info, Protect Workbook), save it, and try again.")
}

fn no_such_sheet(kind: Kind, wanted: &str, sheets: &[String]) -> Failure {
    let named: Vec<String> = sheets.iter().map(|name| format!("`{name}`")).collect();
    refused(kind, format!("it has no sheet `{wanted}`"))
        .hint(format!("It has {}. Choose one of them.", named.join(", ")))
}

fn no_sheets(kind: Kind) -> Failure {
    refused(kind, "there is no sheet with cells in it").hint(
        "A workbook of charts only holds no people. Open it in Excel and look where the people are.",
    )
}

fn cancelled() -> Failure {
    Failure::new(FailureKind::Cancelled, "Reading was stopped")
}

/// `4.3 GB`, as file managers count.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}
