//! What a file says: cells as text, nothing lost, each with its place in the file.
//!
//! The text is held once, by all copies of a table; an edit is an overlay on top. Rows have ids that stay with them whatever is added,
//! removed or sorted: a row of the file has its record's number, a row that was added here the next free one. Columns
//! have such ids too, see `layout`; everybody else names a column by its place.

mod doubts;
mod layout;
mod quotes;
mod read_as;
mod writing;

pub(crate) use doubts::unwrapped;
pub use doubts::{Doubt, DoubtKind};
pub use quotes::{QuoteFault, StrayQuote};
pub(crate) use read_as::delimiter_name;
pub use read_as::{ESCAPES, QUOTES, ReadAs};

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::edit::Edit;
use crate::error::{Failure, Result};
use crate::format::csv::{self, Dialect, Places};
use crate::format::encoding::Encoding;
use crate::format::quoting::Quoting;
use crate::format::text::{self, Decoded};
use crate::format::xlsx::{CellNote, NoteKind, Sheet};
use crate::format::{side, sniff};
use crate::narrow;
use layout::{Layout, Own};

/// How a text is to be cut; what is none is detected.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cut {
    /// One byte: `,` `;` tab or `|`.
    pub delimiter: Option<u8>,
    /// The line that holds the column names, counted from 1.
    pub header_line: Option<u32>,
    /// What holds cells together; nobody detects that.
    pub quoting: Quoting,
}

/// A file's cells as text, and the edits that lie over them. Rows go by ids that stay their own, columns by their place in
/// the order, counted from 0.
///
/// ```
/// use muster_table::edit::Edit;
/// use muster_table::table::Table;
///
/// # fn main() -> muster_table::error::Result<()> {
/// let mut table = Table::from_text("email;name\r\nada@example.com;\"Ada\"\r\nli@example.com;Li\r\n")?;
/// assert_eq!(table.names(), ["email", "name"]);
/// let row = table.row_at(0).expect("there are two");
/// let edit = Edit::Set { row, column: 1, before: "Ada".into(), after: "Ada L.".into() };
/// table.apply(&edit)?;
/// assert_eq!(table.cell(row, 1), "Ada L.");
/// // What was quoted stays quoted, and nobody else's bytes have moved.
/// assert_eq!(table.to_text(), "email;name\r\nada@example.com;\"Ada L.\"\r\nli@example.com;Li\r\n");
/// table.apply(&edit.inverse())?;
/// assert_eq!(table.cell(row, 1), "Ada");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Table {
    text: Arc<String>,
    encoding: Encoding,
    bom: bool,
    dialect: Dialect,
    places: Arc<Places>,
    /// The record of the column names; records before it are set aside. None in an empty file.
    header: Option<usize>,
    /// Trailing blank records, set aside.
    tail: Range<usize>,
    names: Vec<String>,
    layout: Layout,
    order: Order,
    /// Cells set in rows of the file, by row; the columns are ids.
    set: FxHashMap<u32, Vec<(u32, Box<str>)>>,
    /// Rows whose cells are not in the file, or were replaced as a whole.
    own: FxHashMap<u32, Own>,
    /// Rows that were removed and have not come back.
    gone: FxHashSet<u32>,
    next_row: u32,
    /// What the text of a workbook's cell does not say, in order of rows and columns.
    notes: Vec<CellNote>,
    /// What speaks against how it was read.
    doubts: Vec<Doubt>,
}

#[derive(Debug, Clone)]
enum Order {
    /// The file's own order, nothing added or removed.
    File(Range<u32>),
    List(Vec<u32>),
}

/// The cells of one row.
pub enum Cells<'t> {
    /// Those of a row that stands as the file has it, cut out of its bytes.
    Written(csv::Raws<'t>, Quoting),
    /// Those of a row that was changed or added here, looked up one by one.
    Own {
        /// Where they are looked up.
        table: &'t Table,
        /// The row's id.
        row: u32,
        /// The columns that are still to come.
        columns: Range<usize>,
    },
}

impl<'t> Iterator for Cells<'t> {
    type Item = Cow<'t, str>;

    fn next(&mut self) -> Option<Cow<'t, str>> {
        match self {
            Cells::Written(raws, quoting) => raws.next().map(|raw| quoting.value(raw)),
            Cells::Own { table, row, columns } => Some(table.cell(*row, columns.next()?)),
        }
    }
}

impl Table {
    /// Cuts a text into cells. `go_on` is told the bytes done now and then; it answers whether to go on.
    ///
    /// Fails with kind `Format` above 4 GB, with `State` where no row begins on the line of the header that was asked for,
    /// and with `Cancelled` when `go_on` says so.
    pub fn read(decoded: Decoded, cut: Cut, go_on: &mut dyn FnMut(usize) -> bool) -> Result<Table> {
        let delimiter =
            cut.delimiter.unwrap_or_else(|| sniff::delimiter(&decoded.text, cut.quoting));
        let places = csv::scan(&decoded.text, delimiter, cut.quoting, go_on)?;
        let mut table = Table::lay(decoded, (delimiter, cut.quoting), places, cut.header_line)?;
        table.doubt();
        Ok(table)
    }

    /// Cuts the beginning of a text into cells, as [`Table::read`] cuts all of it. Its last row may go on in what is not
    /// there, and is left out. None where it is too short to tell delimiter and header, and where [`Table::read`] fails.
    pub fn read_beginning(decoded: Decoded, cut: Cut) -> Option<Table> {
        let delimiter =
            cut.delimiter.unwrap_or_else(|| sniff::delimiter(&decoded.text, cut.quoting));
        let mut places = csv::scan(&decoded.text, delimiter, cut.quoting, &mut |_| true).ok()?;
        places.forget_last();
        // One more than tells the header: what a line says of the delimiter is not among them.
        if decoded.text.len() < sniff::SAMPLE || places.records() <= sniff::LOOKED_AT {
            return None;
        }
        Table::lay(decoded, (delimiter, cut.quoting), places, cut.header_line).ok()
    }

    /// A sheet of a workbook: its cells as CSV text, which is what saving it as CSV gives. Lines are the sheet's row
    /// numbers. `go_on` is as in [`Table::read`], and so are its failures.
    pub fn from_sheet(
        sheet: &Sheet,
        header_line: Option<u32>,
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> Result<Table> {
        const DIALECT: Dialect = Dialect {
            delimiter: b',',
            line_end: csv::LineEnd::CrLf,
            mixed: false,
            always_quoted: false,
            quoting: Quoting { mark: Some(b'"'), escape: false },
        };
        let text = side::written(&DIALECT, (0..sheet.rows.len()).map(|row| sheet.cells(row)))?;
        let mut places = csv::scan(&text, DIALECT.delimiter, DIALECT.quoting, go_on)?;
        places.number_from(sheet.rows.first().map_or(1, |row| row.number));
        let decoded = Decoded { text, encoding: Encoding::UTF_8, bom: false };
        let cut = (DIALECT.delimiter, DIALECT.quoting);
        let mut table = Table::lay(decoded, cut, places, header_line)?;
        table.dialect = DIALECT;
        table.notes = sheet.notes.clone();
        Ok(table)
    }

    fn lay(
        decoded: Decoded,
        (delimiter, quoting): (u8, Quoting),
        places: Places,
        header_line: Option<u32>,
    ) -> Result<Table> {
        let Decoded { text, encoding, bom } = decoded;
        let records = places.records();
        let header = match header_line {
            _ if records == 0 => None,
            None => {
                // What a line says of the delimiter is no column name.
                let hint = usize::from(sniff::hint(&text).is_some() && records > 1);
                let first = hint..records.min(sniff::LOOKED_AT);
                let cells =
                    first.map(|r| places.raws(&text, r).map(|raw| quoting.value(raw)).collect());
                Some(hint + sniff::header(&cells.collect::<Vec<Vec<_>>>()))
            }
            Some(line) => {
                Some((0..records).find(|&r| places.line(r) == line).ok_or_else(|| {
                    Failure::state(format!("line {line} does not begin a row"))
                        .hint("Choose the line on which the column names stand.")
                })?)
            }
        };
        let blank = |r: usize| {
            (0..places.cells(r)).all(|c| {
                places.raw(&text, r, c).is_none_or(|raw| raw.bytes().all(|b| b" \t\"".contains(&b)))
            })
        };
        let mut end = records;
        while header.is_some_and(|h| end > h + 1) && blank(end - 1) {
            end -= 1;
        }
        let names = header.map_or(Vec::new(), |h| {
            (0..places.cells(h))
                .map(|c| {
                    places
                        .raw(&text, h, c)
                        .map_or(String::new(), |raw| quoting.value(raw).into_owned())
                })
                .collect()
        });
        let first = header.map_or(0, |h| h + 1);
        Ok(Table {
            dialect: sniff::dialect(&text, &places, delimiter, quoting),
            order: Order::File(narrow::place(first)..narrow::place(end)),
            tail: end..records,
            next_row: narrow::place(records),
            set: FxHashMap::default(),
            own: FxHashMap::default(),
            gone: FxHashSet::default(),
            text: Arc::new(text),
            encoding,
            bom,
            places: Arc::new(places),
            header,
            layout: Layout::of_file(names.len()),
            names,
            notes: Vec::new(),
            doubts: Vec::new(),
        })
    }

    /// A table from text that is known to be sound, such as a test's.
    pub fn from_text(text: &str) -> Result<Table> {
        let decoded = text::decode(text.as_bytes().to_vec(), Some("UTF-8"))?;
        Table::read(decoded, Cut::default(), &mut |_| true)
    }

    /// The same table with its first rows alone, as they stand in the file.
    pub fn first_rows(&self, rows: usize) -> Table {
        let opened = self.opened_rows();
        let end = opened.end.min(opened.start.saturating_add(narrow::place(rows)));
        let (set, own, gone) = Default::default();
        Table { order: Order::File(opened.start..end), set, own, gone, ..self.clone() }
    }

    /// What the file was encoded in and is written back in; UTF-8 for a workbook, which has none.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Whether the file began with a byte-order mark, which is written back.
    pub fn bom(&self) -> bool {
        self.bom
    }

    /// How the file was written; new rows and changed cells are written likewise. Comma and CRLF for a workbook.
    pub fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// The column names, as the file has them.
    #[inline]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many columns the header names; rows may have fewer cells or more.
    pub fn width(&self) -> usize {
        self.names.len()
    }

    /// How many rows of people there are.
    #[inline]
    pub fn len(&self) -> usize {
        match &self.order {
            Order::File(range) => range.len(),
            Order::List(list) => list.len(),
        }
    }

    /// Whether there are no people; the header may be there all the same.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The id of the row at a place in the order.
    #[inline]
    pub fn row_at(&self, index: usize) -> Option<u32> {
        match &self.order {
            Order::File(range) => {
                let row = range.start as usize + index;
                (row < range.end as usize).then(|| narrow::place(row))
            }
            Order::List(list) => list.get(index).copied(),
        }
    }

    /// The place of a row in the order; none if it was removed.
    pub fn index_of(&self, row: u32) -> Option<usize> {
        match &self.order {
            Order::File(range) => range.contains(&row).then(|| (row - range.start) as usize),
            Order::List(_) if self.gone.contains(&row) => None,
            Order::List(list) => {
                // A row of the file is near the place it had, however long the list is.
                let near = (row as usize).saturating_sub(self.header.map_or(0, |h| h + 1));
                let (before, after) = list.split_at(near.min(list.len()));
                let up = before.iter().rev().map(Some).chain(std::iter::repeat(None));
                let down = after.iter().map(Some).chain(std::iter::repeat(None));
                let steps = up.zip(down).take(before.len().max(after.len())).enumerate();
                let found = |(n, (up, down)): (usize, (Option<&u32>, Option<&u32>))| {
                    let is = |r: Option<&u32>| r == Some(&row);
                    if is(up) {
                        Some(before.len() - 1 - n)
                    } else {
                        is(down).then(|| before.len() + n)
                    }
                };
                steps.into_iter().find_map(found)
            }
        }
    }

    /// The ids of the rows in their order.
    #[inline]
    pub fn rows(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.len()).filter_map(|index| self.row_at(index))
    }

    /// A row of which no cell was set here, and which stands in the file.
    #[inline]
    pub fn untouched(&self, row: u32) -> bool {
        (self.own.is_empty() || !self.own.contains_key(&row))
            && (self.set.is_empty() || !self.set.contains_key(&row))
    }

    /// The bytes of a row without its line end; none if it was changed or added here, or has its columns elsewhere.
    #[inline]
    pub fn record(&self, row: u32) -> Option<&str> {
        self.stands_as_in_file(row).then(|| self.places.content(&self.text, row as usize))
    }

    fn is_in_file(&self, row: u32) -> bool {
        (row as usize) < self.places.records()
    }

    fn stands_as_in_file(&self, row: u32) -> bool {
        self.layout.is_files() && self.is_in_file(row) && self.untouched(row)
    }

    /// A cell as it stands in the file, quotes included.
    #[inline]
    fn raw(&self, record: usize, column: usize) -> Option<&str> {
        self.places.raw(&self.text, record, self.layout.id(column) as usize)
    }

    /// The text of a cell; nothing where the row has no such cell.
    #[inline]
    pub fn cell(&self, row: u32, column: usize) -> Cow<'_, str> {
        if let Some(own) = self.own_cells(row) {
            return Cow::Borrowed(own.get(self.layout.id(column)).unwrap_or_default());
        }
        if !self.set.is_empty()
            && let Some(set) = self.set.get(&row)
            && let Some((_, text)) = set.iter().find(|(id, _)| *id == self.layout.id(column))
        {
            return Cow::Borrowed(text);
        }
        self.raw(row as usize, column).map_or(Cow::Borrowed(""), |raw| self.value(raw))
    }

    #[inline]
    fn value<'r>(&self, raw: &'r str) -> Cow<'r, str> {
        self.dialect.quoting.value(raw)
    }

    /// The cells of a row one after another, as many as it has; quicker than one by one.
    #[inline]
    pub fn cells_of(&self, row: u32) -> Cells<'_> {
        if self.stands_as_in_file(row) {
            Cells::Written(self.places.raws(&self.text, row as usize), self.dialect.quoting)
        } else {
            Cells::Own { table: self, row, columns: 0..self.cells(row) }
        }
    }

    /// What the file has in a cell, whatever was set since; none for a row that was added here.
    pub fn opened(&self, row: u32, column: usize) -> Option<Cow<'_, str>> {
        let raw = || self.raw(row as usize, column);
        self.is_in_file(row).then(|| raw().map_or(Cow::Borrowed(""), |raw| self.value(raw)))
    }

    /// Where a column stands in the file; none for one that was added here.
    pub fn place_in_file(&self, column: usize) -> Option<usize> {
        Some(self.layout.id(column)).filter(|id| *id < layout::ADDED).map(|id| id as usize)
    }

    /// The rows that the file had when it was opened, whatever became of them.
    pub fn opened_rows(&self) -> Range<u32> {
        let first = self.header.map_or(0, |header| header + 1);
        narrow::place(first)..narrow::place(self.tail.start.max(first))
    }

    /// Whether it comes from a workbook that says more of some cells than their text.
    #[inline]
    pub fn has_notes(&self) -> bool {
        !self.notes.is_empty()
    }

    /// The same with notes on its cells; for tests, which have no workbook.
    pub fn noted(mut self, notes: Vec<CellNote>) -> Table {
        self.notes = notes;
        self
    }

    /// What a workbook says of a cell beside its text; none for a cell that was set since.
    pub fn note(&self, row: u32, column: usize) -> Option<NoteKind> {
        if self.notes.is_empty() {
            return None;
        }
        let place = (row, self.layout.id(column));
        let at = self.notes.binary_search_by_key(&place, |n| (n.row, n.column)).ok()?;
        let same = self.opened(row, column).is_some_and(|opened| opened == self.cell(row, column));
        same.then(|| self.notes[at].kind)
    }

    /// How many cells the row has; other than [`Table::width`] in a ragged row.
    pub fn cells(&self, row: u32) -> usize {
        if let Some(own) = self.own_cells(row) {
            return own.len(&self.layout);
        }
        let in_file = self.places.cells(row as usize);
        let set = self.set.get(&row).map_or(&[][..], Vec::as_slice);
        if self.layout.is_files() {
            // What was set in a column that was dropped since is no cell.
            let of_file = set.iter().filter(|(id, _)| *id < layout::ADDED);
            return of_file.map(|(id, _)| *id as usize + 1).max().unwrap_or(0).max(in_file);
        }
        let has = |id: u32| (id as usize) < in_file || set.iter().any(|(set, _)| *set == id);
        let beyond = set.iter().map(|(id, _)| self.layout.surplus(id + 1)).max().unwrap_or(0);
        let surplus = self.layout.surplus(narrow::place(in_file)).max(beyond);
        self.layout.cells(self.layout.fills(in_file), surplus, has)
    }

    /// All cells of a row, as many as it has.
    pub fn row(&self, row: u32) -> Vec<String> {
        (0..self.cells(row)).map(|c| self.cell(row, c).into_owned()).collect()
    }

    #[inline]
    fn own_cells(&self, row: u32) -> Option<&Own> {
        if self.own.is_empty() { None } else { self.own.get(&row) }
    }

    /// The line of the file on which a row begins, counted from 1; none for a row that was added here.
    pub fn line(&self, row: u32) -> Option<u32> {
        self.is_in_file(row).then(|| self.places.line(row as usize))
    }

    /// The line of the column names, counted from 1.
    pub fn header_line(&self) -> u32 {
        self.header.map_or(1, |h| self.places.line(h))
    }

    /// Title and blank rows that were set aside: their lines and texts.
    pub fn set_aside(&self) -> Vec<(u32, String)> {
        let lead = 0..self.header.unwrap_or(0);
        lead.chain(self.tail.clone())
            .map(|r| (self.places.line(r), self.places.content(&self.text, r).to_owned()))
            .collect()
    }

    /// An id for a row to insert.
    pub fn fresh_row(&self) -> u32 {
        self.next_row
    }

    /// An id for a column to add.
    pub fn fresh_column(&self) -> u32 {
        self.layout.fresh()
    }

    /// The edit that takes a column out.
    pub fn dropping(&self, column: usize) -> Option<Edit> {
        let name = self.names.get(column)?.clone();
        let id = self.layout.id(column);
        let filled = |row: u32| {
            let cell = self.cell(row, column);
            (!cell.is_empty()).then(|| (row, cell.into_owned()))
        };
        // A column of the file keeps its cells there.
        let cells =
            if id < layout::ADDED { Vec::new() } else { self.rows().filter_map(filled).collect() };
        Some(Edit::Drop { id, at: narrow::place(column), name, cells })
    }

    /// Carries out one edit. The edit must fit: what it says was there has to be there. Where another text is in the cell
    /// to be set, or another column in the place, it fails with kind `Internal` and changes nothing.
    pub fn apply(&mut self, edit: &Edit) -> Result<()> {
        match edit {
            Edit::Set { row, column, before, after } => {
                if self.cell(*row, *column as usize) != before.as_str() {
                    return Err(Failure::internal("an edit does not fit the cell it was made for"));
                }
                self.set_cell(*row, *column as usize, after);
            }
            Edit::Insert { row, at, cells } => {
                let mut list = self.take_list();
                let at = (*at as usize).min(list.len());
                list.insert(at, *row);
                self.gone.remove(row);
                self.order = Order::List(list);
                let known = self.is_in_file(*row) || self.own.contains_key(row);
                // A row that was here before comes back as it was, bytes and all.
                if !known || self.row(*row) != *cells {
                    self.set.remove(row);
                    self.own.insert(*row, Own::of(&self.layout, cells));
                }
                self.next_row = self.next_row.max(row + 1);
            }
            Edit::Remove { row, at, .. } => {
                let mut list = self.take_list();
                let stated = Some(*at as usize).filter(|at| list.get(*at) == Some(row));
                if let Some(at) = stated.or_else(|| list.iter().position(|r| r == row)) {
                    list.remove(at);
                    self.gone.insert(*row);
                }
                self.order = Order::List(list);
            }
            Edit::Rename { column, after, .. } => {
                if let Some(name) = self.names.get_mut(*column as usize) {
                    name.clone_from(after);
                }
            }
            Edit::Move { from, to } => {
                self.layout.shift(*from, *to)?;
                let name = self.names.remove(*from as usize);
                self.names.insert(*to as usize, name);
            }
            Edit::Add { id, at, name, cells } => {
                self.layout.add(*id, *at)?;
                self.names.insert(*at as usize, name.clone());
                for (row, text) in cells {
                    self.set_cell(*row, *at as usize, text);
                }
            }
            Edit::Drop { id, at, cells, .. } => {
                self.layout.drop(*id, *at)?;
                self.names.remove(*at as usize);
                for (row, _) in cells {
                    self.unset(*row, *id);
                }
            }
        }
        Ok(())
    }

    fn take_list(&mut self) -> Vec<u32> {
        match std::mem::replace(&mut self.order, Order::List(Vec::new())) {
            Order::File(range) => range.collect(),
            Order::List(list) => list,
        }
    }

    /// Forgets what was set in a cell, by its column's id.
    fn unset(&mut self, row: u32, id: u32) {
        if let Some(own) = self.own.get_mut(&row) {
            own.unset(id);
        } else if let Some(set) = self.set.get_mut(&row) {
            set.retain(|(set, _)| *set != id);
            if set.is_empty() {
                self.set.remove(&row);
            }
        }
    }

    fn set_cell(&mut self, row: u32, column: usize, text: &str) {
        let id = self.layout.id(column);
        if let Some(own) = self.own.get_mut(&row) {
            own.set(id, text);
            return;
        }
        let raw = self.raw(row as usize, column);
        let in_file = raw.is_some_and(|raw| self.value(raw) == text);
        let absent = raw.is_none() && text.is_empty();
        let set = self.set.entry(row).or_default();
        set.retain(|(set, _)| *set != id);
        if !in_file && !absent {
            set.push((id, text.into()));
        }
        if set.is_empty() {
            self.set.remove(&row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const UGLY: &str = "Title\r\n\r\nemail;name;groups\r\n\"a@example.com\";Ada;x; y\r\nb@example.com;\"B \"\"o\"\"\"\r\nlast@example.com;Li;\"z\"";

    fn saved(table: &Table) -> String {
        String::from_utf8(table.to_bytes().expect("writable")).expect("UTF-8")
    }

    fn set(table: &mut Table, row: u32, column: u32, after: &str) -> Edit {
        let before = table.cell(row, column as usize).into_owned();
        let edit = Edit::Set { row, column, before, after: after.into() };
        table.apply(&edit).expect("fits");
        edit
    }

    #[test]
    fn untouched_it_is_the_same_file() {
        for text in [UGLY, "", "a", "a\n", "a,b\n1,2\n\n\n", "x\r1\r", "\n\na,b\n1\n"] {
            let table = Table::from_text(text).expect("read");
            assert_eq!(saved(&table), text);
        }
    }

    #[test]
    fn an_edited_row_keeps_the_rest_of_its_bytes_and_the_others_all() {
        let mut table = Table::from_text(UGLY).expect("read");
        assert_eq!(table.names(), ["email", "name", "groups"]);
        assert_eq!(table.len(), 3);
        set(&mut table, 3, 1, "A;da");
        assert_eq!(saved(&table), UGLY.replace(";Ada;", ";\"A;da\";"));
        set(&mut table, 3, 1, "Ada");
        assert_eq!(saved(&table), UGLY);
    }

    #[test]
    fn rows_come_and_go_and_the_last_line_stays_open() {
        let mut table = Table::from_text(UGLY).expect("read");
        let row = table.fresh_row();
        let cells = vec!["n@example.com".to_owned(), "New".into(), String::new()];
        let insert = Edit::Insert { row, at: 3, cells };
        table.apply(&insert).expect("fits");
        assert!(saved(&table).ends_with("\"z\"\r\nn@example.com;New;"));
        table.apply(&insert.inverse()).expect("fits");
        assert_eq!(saved(&table), UGLY);
    }

    #[test]
    fn a_row_is_found_wherever_it_has_moved_to() {
        let text: String =
            std::iter::once("a,b\n".to_owned()).chain((1..9).map(|n| format!("{n},x\n"))).collect();
        let mut table = Table::from_text(&text).expect("read");
        for at in [8, 0, 3] {
            let row = table.fresh_row();
            table.apply(&Edit::Insert { row, at, cells: vec!["new".into()] }).expect("fits");
        }
        for row in [1, 5, 8] {
            let (at, cells) = (table.index_of(row).expect("there") as u32, table.row(row));
            table.apply(&Edit::Remove { row, at, cells }).expect("fits");
            assert_eq!(table.index_of(row), None);
        }
        for (index, row) in table.rows().enumerate() {
            assert_eq!(table.index_of(row), Some(index), "row {row}");
        }
        assert_eq!(table.index_of(99), None);
    }

    #[test]
    fn title_rows_and_trailing_blanks_are_set_aside() {
        let table = Table::from_text("Staff\n\na,b\n1,2\n,\n\n").expect("read");
        assert_eq!(table.len(), 1);
        assert_eq!(table.header_line(), 3);
        let lines: Vec<u32> = table.set_aside().iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 2, 5, 6]);
    }

    #[test]
    fn a_moved_column_takes_its_bytes_along_and_comes_back_with_them() {
        let mut table = Table::from_text(UGLY).expect("read");
        let there = Edit::Move { from: 2, to: 0 };
        table.apply(&there).expect("fits");
        assert_eq!(table.names(), ["groups", "email", "name"]);
        // The cell that a stray semicolon made stays beyond the last column; a short row begins with what it lacks.
        assert_eq!(
            saved(&table),
            "Title\r\n\r\ngroups;email;name\r\nx;\"a@example.com\";Ada; y\r\n;b@example.com;\"B \"\"o\"\"\"\r\n\"z\";last@example.com;Li"
        );
        assert_eq!(table.opened(4, 1).as_deref(), Some("b@example.com"));
        set(&mut table, 5, 0, "new");
        table.apply(&there.inverse()).expect("fits");
        assert_eq!(saved(&table), UGLY.replace("\"z\"", "\"new\""));
        set(&mut table, 5, 2, "z");
        assert_eq!(saved(&table), UGLY);
    }

    #[test]
    fn an_added_column_is_blank_for_all_but_those_it_names_and_goes_without_a_trace() {
        let mut table = Table::from_text("a,b\n1,\"2\"\n3,4\n").expect("read");
        let id = table.fresh_column();
        let add = Edit::Add { id, at: 1, name: "new".into(), cells: vec![(2, "x,y".into())] };
        table.apply(&add).expect("fits");
        assert_eq!(saved(&table), "a,new,b\n1,,\"2\"\n3,\"x,y\",4\n");
        assert_eq!((table.cells(1), table.cells(2), table.record(1)), (3, 3, None));
        table.apply(&add.inverse()).expect("fits");
        assert_eq!(saved(&table), "a,b\n1,\"2\"\n3,4\n");
        assert!(table.apply(&add.inverse()).is_err(), "it is no longer there");
        table.apply(&add).expect("fits");
        assert_eq!(table.cell(2, 1), "x,y");
    }

    #[test]
    fn a_dropped_column_comes_back_with_its_bytes_and_with_what_was_set_in_it() {
        let text = "a,b,c\n1,\"2\",3\n4,5,6\n";
        let mut table = Table::from_text(text).expect("read");
        set(&mut table, 2, 1, "five");
        let drop = table.dropping(1).expect("it is there");
        table.apply(&drop).expect("fits");
        assert_eq!(saved(&table), "a,c\n1,3\n4,6\n");
        table.apply(&drop.inverse()).expect("fits");
        assert_eq!(saved(&table), text.replace('5', "five"));
    }

    #[test]
    fn an_empty_file_can_be_given_columns() {
        let mut table = Table::from_text("").expect("read");
        for (at, name) in [(0, "name"), (0, "email")] {
            let id = table.fresh_column();
            table.apply(&Edit::Add { id, at, name: name.into(), cells: vec![] }).expect("fits");
        }
        let cells = vec!["a@example.com".into(), "Ada".into()];
        table.apply(&Edit::Insert { row: table.fresh_row(), at: 0, cells }).expect("fits");
        assert_eq!(saved(&table), "email,name\na@example.com,Ada\n");
    }

    /// What a table says, row by row, as far as the rows reach.
    fn says(table: &Table) -> Vec<Vec<String>> {
        let rows = table.rows().map(|row| table.row(row));
        std::iter::once(table.names().to_vec()).chain(rows).collect()
    }

    proptest! {
        #[test]
        fn columns_come_go_and_move_and_every_step_can_be_taken_back(
            text in "(a,b,c\n)([x\",\n\r]{0,60})",
            edits in proptest::collection::vec((0usize..6, 0usize..5, "[y,\"\n]{0,4}", 0u8..8), 0..20),
        ) {
            let mut table = Table::from_text(&text).expect("read");
            let mut done = Vec::new();
            for (index, column, value, what) in edits {
                let width = table.width();
                let edit = match what {
                    0 if width > 0 => Edit::Move { from: (index % width) as u32, to: (column % width) as u32 },
                    1 => {
                        let cells = table.row_at(index).map(|row| (row, value)).into_iter().collect();
                        let at = (column % (width + 1)) as u32;
                        Edit::Add { id: table.fresh_column(), at, name: format!("n{index}"), cells }
                    }
                    2 if width > 1 => table.dropping(column % width).expect("it is there"),
                    3 => Edit::Insert {
                        row: table.fresh_row(),
                        at: index.min(table.len()) as u32,
                        cells: vec![value; column],
                    },
                    _ => {
                        let Some(row) = table.row_at(index) else { continue };
                        match what {
                            4 => Edit::Remove { row, at: index as u32, cells: table.row(row) },
                            _ => {
                                let before = table.cell(row, column).into_owned();
                                Edit::Set { row, column: column as u32, before, after: value }
                            }
                        }
                    }
                };
                let before = says(&table);
                table.apply(&edit).expect("fits");
                let is_of_columns = edit.is_of_columns();
                if is_of_columns {
                    table.apply(&edit.inverse()).expect("fits");
                    prop_assert_eq!(says(&table), before, "{:?}", &edit);
                    table.apply(&edit).expect("fits");
                }
                let (now, read) = (says(&table), Table::from_text(&saved(&table)).expect("read"));
                let blank = |row: &Vec<String>| row.iter().all(|c| c.trim_matches([' ', '\t', '"']).is_empty());
                if !now.iter().any(blank) && read.header_line() == 1 {
                    prop_assert_eq!(says(&read), now, "{:?}", &edit);
                }
                done.push(edit);
            }
            for edit in done.iter().rev() {
                table.apply(&edit.inverse()).expect("fits");
            }
            prop_assert_eq!(saved(&table), text);
        }

        #[test]
        fn any_edits_then_undo_all_is_the_same_file(
            text in "(a,b,c\n)([x\",\n\r ]{0,60})",
            edits in proptest::collection::vec((0usize..6, 0u32..4, "[y,\"\n]{0,4}", 0u8..4), 0..20),
        ) {
            let mut table = Table::from_text(&text).expect("read");
            let before = saved(&table);
            prop_assert_eq!(&before, &text);
            let mut done = Vec::new();
            for (index, column, value, what) in edits {
                let Some(row) = table.row_at(index) else { continue };
                let edit = match what {
                    0 => Edit::Remove { row, at: index as u32, cells: table.row(row) },
                    1 => Edit::Insert { row: table.fresh_row(), at: index as u32, cells: vec![value] },
                    _ => Edit::Set { row, column, before: table.cell(row, column as usize).into_owned(), after: value },
                };
                table.apply(&edit).expect("fits");
                done.push(edit);
            }
            let reread = Table::from_text(&saved(&table)).expect("what is written can be read");
            if table.rows().all(|r| table.row(r).iter().any(|c| !c.trim_matches([' ', '\t', '"']).is_empty())) && table.header_line() == 1 {
                prop_assert_eq!(reread.len(), table.len());
            }
            for edit in done.iter().rev() {
                table.apply(&edit.inverse()).expect("fits");
            }
            prop_assert_eq!(saved(&table), text);
        }
    }
}
