//! A sheet as it was read: every cell a text, kept in one piece of memory.

use super::{Kind, Limits, damaged, size, too_far, too_large};
use crate::error::Result;

/// One sheet of a workbook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// What stands on its tab: "Staff 2026".
    pub name: String,
    /// The names of the sheets to choose from, in the order of their tabs. Hidden ones are told in `remarks`.
    pub sheets: Vec<String>,
    /// The one that lay open when the workbook was saved, where the file says so and it is not hidden.
    pub active: Option<String>,
    /// In order, from the first row that is used to the last; blank rows between are kept.
    pub rows: Vec<SheetRow>,
    /// How many cells each row has: as many as the widest.
    pub width: u32,
    /// What the text of a cell does not say, in order of rows and columns.
    pub notes: Vec<CellNote>,
    /// Things to know about how it was read, each a sentence.
    pub remarks: Vec<String>,
    text: String,
    /// Where in `text` each cell ends.
    ends: Vec<u32>,
}

/// A row of a [`Sheet`]; its texts are [`Sheet::cells`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SheetRow {
    /// The row's number in the sheet, counted from 1.
    pub number: u32,
    /// Not shown in the spreadsheet, whether by hand or by a filter.
    pub hidden: bool,
    /// The row's first cell in `ends`, and how many it has; those up to `width` are blank.
    first: u32,
    used: u32,
}

/// Something to know about one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellNote {
    /// The place of the row in [`Sheet::rows`].
    pub row: u32,
    /// Counted from 0.
    pub column: u32,
    /// What there is to know about it.
    pub kind: NoteKind,
}

/// What the text of a workbook's cell does not say by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteKind {
    /// The cell holds a number, a day or yes/no; the text is our reading of its format.
    NumberShown,
    /// The cell holds a formula; the text is the value it had when the file was saved.
    Formula,
    /// The cell holds a formula that was never worked out, so its text is blank.
    FormulaUnknown,
    /// The cell holds an error such as `#REF!`, which is its text.
    FormulaError,
}

impl Sheet {
    /// The texts of a row's cells, as many as the sheet is wide; none for a row that is not there.
    pub fn cells(&self, row: usize) -> impl Iterator<Item = &str> {
        let width = if row < self.rows.len() { self.width as usize } else { 0 };
        (0..width).map(move |column| self.cell(row, column))
    }

    /// The text of a cell; blank where there is none.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        let Some(place) = self.rows.get(row).filter(|place| column < place.used as usize) else {
            return "";
        };
        let index = place.first as usize + column;
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        &self.text[start..self.ends[index] as usize]
    }
}

/// Lays cells down in the order of the file.
pub struct Laying {
    kind: Kind,
    limits: Limits,
    sheet: Sheet,
    /// Cells up to the last of the row that holds something.
    filled: usize,
}

/// The most rows and columns a sheet can have.
pub const MOST_ROWS: u32 = 1_048_576;
pub const MOST_COLUMNS: u32 = 16_384;

impl Laying {
    pub fn new(kind: Kind, limits: &Limits) -> Self {
        Self { kind, limits: *limits, sheet: Sheet::default(), filled: 0 }
    }

    /// Begins the row of this number, which must be larger than the last one's.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "cells and bytes are held under `Limits`, and its largest are under 4 GiB"
    )]
    pub fn begin_row(&mut self, number: u32, hidden: bool) -> Result<()> {
        let rows = &mut self.sheet.rows;
        let first = self.sheet.ends.len() as u32;
        let blank = |number, hidden| SheetRow { number, hidden, first, used: 0 };
        if number == 0 || number > MOST_ROWS {
            return Err(damaged(
                self.kind,
                format!("it has a row {number}; a sheet has rows 1 to {MOST_ROWS}"),
            ));
        }
        if let Some(last) = rows.last() {
            if number <= last.number {
                return Err(damaged(
                    self.kind,
                    format!("row {number} comes after row {}", last.number),
                ));
            }
            rows.extend((last.number + 1..number).map(|number| blank(number, false)));
        }
        rows.push(blank(number, hidden));
        self.filled = self.sheet.ends.len();
        Ok(())
    }

    /// Adds a cell to the row that was begun; `write` adds its text to what it is given.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "cells and bytes are held under `Limits`, and its largest are under 4 GiB"
    )]
    pub fn put(
        &mut self,
        column: u32,
        note: Option<NoteKind>,
        write: impl FnOnce(&mut String) -> Result<()>,
    ) -> Result<()> {
        let Some(row) = self.sheet.rows.last() else { return Ok(()) };
        if column >= MOST_COLUMNS {
            return Err(damaged(
                self.kind,
                format!("row {} has a column {}", row.number, column + 1),
            ));
        }
        let used = (self.sheet.ends.len() - row.first as usize) as u32;
        if column < used {
            return Err(damaged(
                self.kind,
                format!("the cells of row {} are out of order", row.number),
            ));
        }
        let blanks = (column - used) as usize;
        let before = self.sheet.text.len();
        if (self.sheet.ends.len() + blanks) as u64 >= self.limits.cells {
            return Err(too_large(
                self.kind,
                format!("the sheet has more than {} cells, which is the limit", self.limits.cells),
            ));
        }
        self.sheet.ends.extend(std::iter::repeat_n(before as u32, blanks));
        write(&mut self.sheet.text)?;
        let after = self.sheet.text.len();
        if after as u64 > self.limits.text {
            return Err(too_large(
                self.kind,
                format!(
                    "the texts of the sheet are longer than the limit of {}",
                    size(self.limits.text)
                ),
            ));
        }
        self.sheet.ends.push(after as u32);
        if after > before || note.is_some() {
            self.filled = self.sheet.ends.len();
        }
        if let Some(kind) = note {
            let row = self.sheet.rows.len() as u32 - 1;
            self.sheet.notes.push(CellNote { row, column, kind });
        }
        Ok(())
    }

    /// Ends the row that was begun.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "cells and bytes are held under `Limits`, and its largest are under 4 GiB"
    )]
    pub fn end_row(&mut self) {
        let Some(row) = self.sheet.rows.last_mut() else { return };
        // Cells that are only coloured or bordered are no part of the table.
        self.sheet.ends.truncate(self.filled);
        row.used = (self.filled - row.first as usize) as u32;
        self.sheet.width = self.sheet.width.max(row.used);
        if row.used == 0 && self.sheet.rows.len() == 1 {
            self.sheet.rows.clear();
        }
    }

    pub fn finish(mut self) -> Result<Sheet> {
        while self.sheet.rows.last().is_some_and(|row| row.used == 0) {
            self.sheet.rows.pop();
        }
        let cells = self.sheet.rows.len() as u64 * u64::from(self.sheet.width);
        match self.sheet.rows.last() {
            Some(last) if cells > self.limits.cells => {
                Err(too_far(self.kind, last.number, self.sheet.width, cells))
            }
            _ => Ok(self.sheet),
        }
    }
}
