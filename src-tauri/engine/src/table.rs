//! What a file says: cells as text, nothing lost, each with its place in the file.
//!
//! The text is held once; an edit is an overlay on top. Rows have ids that stay with them whatever is added,
//! removed or sorted: a row of the file has its record's number, a row that was added here the next free one.

use std::borrow::Cow;
use std::ops::Range;

use encoding_rs::Encoding;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::edit::Edit;
use crate::error::{Failure, Outcome};
use crate::format::csv::{self, Dialect, Places};
use crate::format::sniff;
use crate::format::text::{self, Decoded};
use crate::format::xlsx::{CellNote, NoteKind, Sheet};

/// How a text is to be cut; what is none is detected.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cut {
    pub delimiter: Option<u8>,
    /// The line that holds the column names, counted from 1.
    pub header_line: Option<u32>,
}

#[derive(Debug, Clone)]
pub struct Table {
    text: String,
    encoding: &'static Encoding,
    bom: bool,
    dialect: Dialect,
    places: Places,
    /// The record of the column names; records before it are set aside. None in an empty file.
    header: Option<usize>,
    /// Trailing blank records, set aside.
    tail: Range<usize>,
    names: Vec<String>,
    order: Order,
    /// Cells set in rows of the file, by row.
    set: FxHashMap<u32, Vec<(u32, Box<str>)>>,
    /// Rows whose cells are not in the file, or were replaced as a whole.
    own: FxHashMap<u32, Vec<String>>,
    /// Rows that were removed and have not come back.
    gone: FxHashSet<u32>,
    next_row: u32,
    /// What the text of a workbook's cell does not say, in order of rows and columns.
    notes: Vec<CellNote>,
}

#[derive(Debug, Clone)]
enum Order {
    /// The file's own order, nothing added or removed.
    File(Range<u32>),
    List(Vec<u32>),
}

/// The cells of one row.
pub enum Cells<'t> {
    Written(csv::Raws<'t>),
    Own { table: &'t Table, row: u32, columns: Range<usize> },
}

impl<'t> Iterator for Cells<'t> {
    type Item = Cow<'t, str>;

    fn next(&mut self) -> Option<Cow<'t, str>> {
        match self {
            Cells::Written(raws) => raws.next().map(csv::value),
            Cells::Own { table, row, columns } => Some(table.cell(*row, columns.next()?)),
        }
    }
}

impl Table {
    /// Cuts a text into cells. `go_on` is told the bytes done now and then; it answers whether to go on.
    pub fn read(
        decoded: Decoded,
        cut: Cut,
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> Outcome<Table> {
        let delimiter = cut.delimiter.unwrap_or_else(|| sniff::delimiter(&decoded.text));
        let places = csv::scan(&decoded.text, delimiter, go_on)?;
        Table::lay(decoded, delimiter, places, cut.header_line)
    }

    /// A sheet of a workbook: its cells as CSV text, which is what saving it as CSV gives. Lines are the sheet's row
    /// numbers. `go_on` is as in [`Table::read`].
    pub fn from_sheet(
        sheet: &Sheet,
        header_line: Option<u32>,
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> Outcome<Table> {
        const DIALECT: Dialect = Dialect {
            delimiter: b',',
            line_end: csv::LineEnd::CrLf,
            mixed: false,
            always_quoted: false,
        };
        let mut text = String::new();
        for row in 0..sheet.rows.len() {
            for (column, cell) in sheet.cells(row).enumerate() {
                if column > 0 {
                    text.push(',');
                }
                // A lone empty cell would read back as a blank line.
                csv::write_cell(&mut text, cell, &DIALECT, sheet.width == 1 && cell.is_empty());
            }
            text.push_str(DIALECT.line_end.text());
        }
        let mut places = csv::scan(&text, DIALECT.delimiter, go_on)?;
        places.number_from(sheet.rows.first().map_or(1, |row| row.number));
        let decoded = Decoded { text, encoding: encoding_rs::UTF_8, bom: false };
        let mut table = Table::lay(decoded, DIALECT.delimiter, places, header_line)?;
        table.dialect = DIALECT;
        table.notes = sheet.notes.clone();
        Ok(table)
    }

    fn lay(
        decoded: Decoded,
        delimiter: u8,
        places: Places,
        header_line: Option<u32>,
    ) -> Outcome<Table> {
        let Decoded { text, encoding, bom } = decoded;
        let records = places.records();
        let header = match header_line {
            _ if records == 0 => None,
            None => Some(sniff::header(&text, &places)),
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
                        .map_or(String::new(), |raw| csv::value(raw).into_owned())
                })
                .collect()
        });
        let first = header.map_or(0, |h| h + 1);
        Ok(Table {
            dialect: sniff::dialect(&text, &places, delimiter),
            order: Order::File(first as u32..end as u32),
            tail: end..records,
            next_row: records as u32,
            set: FxHashMap::default(),
            own: FxHashMap::default(),
            gone: FxHashSet::default(),
            text,
            encoding,
            bom,
            places,
            header,
            names,
            notes: Vec::new(),
        })
    }

    /// A table from text that is known to be sound, such as a test's.
    pub fn from_text(text: &str) -> Outcome<Table> {
        let decoded = text::decode(text.as_bytes().to_vec(), Some("UTF-8"))?;
        Table::read(decoded, Cut::default(), &mut |_| true)
    }

    pub fn encoding(&self) -> &'static Encoding {
        self.encoding
    }

    pub fn bom(&self) -> bool {
        self.bom
    }

    pub fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// The column names, as the file has them.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    pub fn width(&self) -> usize {
        self.names.len()
    }

    /// How many rows of people there are.
    pub fn len(&self) -> usize {
        match &self.order {
            Order::File(range) => range.len(),
            Order::List(list) => list.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The id of the row at a place in the order.
    pub fn row_at(&self, index: usize) -> Option<u32> {
        match &self.order {
            Order::File(range) => {
                let row = range.start as usize + index;
                (row < range.end as usize).then_some(row as u32)
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

    pub fn rows(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.len()).filter_map(|index| self.row_at(index))
    }

    /// A row of which no cell was set here, and which stands in the file.
    pub fn untouched(&self, row: u32) -> bool {
        (self.own.is_empty() || !self.own.contains_key(&row))
            && (self.set.is_empty() || !self.set.contains_key(&row))
    }

    /// The bytes of a row without its line end; none if it was changed or added here.
    pub fn record(&self, row: u32) -> Option<&str> {
        let own = (row as usize) < self.places.records() && self.untouched(row);
        own.then(|| self.places.content(&self.text, row as usize))
    }

    /// The text of a cell; nothing where the row has no such cell.
    pub fn cell(&self, row: u32, column: usize) -> Cow<'_, str> {
        if let Some(cells) = self.own_cells(row) {
            return Cow::Borrowed(cells.get(column).map_or("", String::as_str));
        }
        if !self.set.is_empty()
            && let Some(set) = self.set.get(&row)
            && let Some((_, text)) = set.iter().find(|(c, _)| *c as usize == column)
        {
            return Cow::Borrowed(text);
        }
        self.places.raw(&self.text, row as usize, column).map_or(Cow::Borrowed(""), csv::value)
    }

    /// The cells of a row one after another, as many as it has; quicker than one by one.
    pub fn cells_of(&self, row: u32) -> Cells<'_> {
        let in_file = (row as usize) < self.places.records() && self.untouched(row);
        if in_file {
            Cells::Written(self.places.raws(&self.text, row as usize))
        } else {
            Cells::Own { table: self, row, columns: 0..self.cells(row) }
        }
    }

    /// What the file has in a cell, whatever was set since; none for a row that was added here.
    pub fn opened(&self, row: u32, column: usize) -> Option<Cow<'_, str>> {
        let row = row as usize;
        let raw = || self.places.raw(&self.text, row, column);
        (row < self.places.records()).then(|| raw().map_or(Cow::Borrowed(""), csv::value))
    }

    /// A row as it stands in the file, without its line end; none for one that was touched or added here.
    pub fn written(&self, row: u32) -> Option<&str> {
        let there = (row as usize) < self.places.records() && self.untouched(row);
        there.then(|| self.places.content(&self.text, row as usize))
    }

    /// Whether it comes from a workbook that says more of some cells than their text.
    pub fn has_notes(&self) -> bool {
        !self.notes.is_empty()
    }

    /// The same with notes on its cells; for tests, which have no workbook.
    #[cfg(test)]
    pub(crate) fn noted(mut self, notes: Vec<CellNote>) -> Table {
        self.notes = notes;
        self
    }

    /// What a workbook says of a cell beside its text; none for a cell that was set since.
    pub fn note(&self, row: u32, column: usize) -> Option<NoteKind> {
        if self.notes.is_empty() {
            return None;
        }
        let place = (row, column as u32);
        let at = self.notes.binary_search_by_key(&place, |n| (n.row, n.column)).ok()?;
        let same = self.opened(row, column).is_some_and(|opened| opened == self.cell(row, column));
        same.then(|| self.notes[at].kind)
    }

    /// How many cells the row has; other than [`Table::width`] in a ragged row.
    pub fn cells(&self, row: u32) -> usize {
        match self.own_cells(row) {
            Some(cells) => cells.len(),
            None => {
                let set =
                    self.set.get(&row).and_then(|s| s.iter().map(|(c, _)| *c as usize + 1).max());
                self.places.cells(row as usize).max(set.unwrap_or(0))
            }
        }
    }

    /// All cells of a row, as many as it has.
    pub fn row(&self, row: u32) -> Vec<String> {
        (0..self.cells(row)).map(|c| self.cell(row, c).into_owned()).collect()
    }

    fn own_cells(&self, row: u32) -> Option<&Vec<String>> {
        if self.own.is_empty() { None } else { self.own.get(&row) }
    }

    /// The line of the file on which a row begins, counted from 1; none for a row that was added here.
    pub fn line(&self, row: u32) -> Option<u32> {
        ((row as usize) < self.places.records()).then(|| self.places.line(row as usize))
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

    /// Carries out one edit. The edit must fit: what it says was there has to be there.
    pub fn apply(&mut self, edit: &Edit) -> Outcome<()> {
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
                if (*row as usize) < self.places.records() && self.row(*row) == *cells {
                    // A row of the file comes back as it was, bytes and all.
                } else {
                    self.set.remove(row);
                    self.own.insert(*row, cells.clone());
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
        }
        Ok(())
    }

    fn take_list(&mut self) -> Vec<u32> {
        match std::mem::replace(&mut self.order, Order::List(Vec::new())) {
            Order::File(range) => range.collect(),
            Order::List(list) => list,
        }
    }

    fn set_cell(&mut self, row: u32, column: usize, text: &str) {
        if let Some(cells) = self.own.get_mut(&row) {
            if cells.len() <= column {
                cells.resize(column + 1, String::new());
            }
            text.clone_into(&mut cells[column]);
            return;
        }
        let raw = self.places.raw(&self.text, row as usize, column);
        let in_file = raw.map(csv::value).is_some_and(|value| value == text);
        let absent = raw.is_none() && text.is_empty();
        let set = self.set.entry(row).or_default();
        set.retain(|(c, _)| *c as usize != column);
        if !in_file && !absent {
            set.push((column as u32, text.into()));
        }
        if set.is_empty() {
            self.set.remove(&row);
        }
    }

    /// The file as it now reads, as bytes in its own dialect and encoding. What was not touched keeps its bytes.
    pub fn to_bytes(&self) -> Outcome<Vec<u8>> {
        text::encode(&self.to_text(), self.encoding, self.bom)
    }

    /// The file as it now reads, in its own dialect, as [`Table::read`] takes it.
    pub fn to_text(&self) -> String {
        let mut out = String::with_capacity(self.text.len() + 64);
        for record in 0..self.header.unwrap_or(0) {
            out.push_str(self.places.record(&self.text, record));
        }
        if let Some(header) = self.header {
            self.write_record(&mut out, header, |column| {
                Cow::Borrowed(self.names.get(column).map_or("", String::as_str))
            });
        }
        let open = self.places.open.then(|| self.places.records() as u32 - 1);
        let last = self.len().checked_sub(1).and_then(|index| self.row_at(index));
        for row in self.rows() {
            self.end_line(&mut out);
            if open == Some(row) && last != open {
                // A quote that was never closed would swallow the rows after it.
                self.write_own(&mut out, &self.row(row));
                continue;
            }
            match self.own_cells(row) {
                Some(cells) => self.write_own(&mut out, cells),
                None if self.untouched(row) => {
                    out.push_str(self.places.record(&self.text, row as usize));
                }
                None => {
                    let cells = self.cells(row);
                    self.write_cells(&mut out, row as usize, cells, |column| {
                        self.cell(row, column)
                    });
                }
            }
        }
        for record in self.tail.clone() {
            self.end_line(&mut out);
            out.push_str(self.places.record(&self.text, record));
        }
        if open.is_some() && last == open {
            return out;
        }
        if !self.text.is_empty() && !self.text.ends_with(['\n', '\r']) {
            self.unend_line(&mut out);
        } else if !self.text.is_empty() {
            self.end_line(&mut out);
        }
        out
    }

    fn write_record<'c>(
        &self,
        out: &mut String,
        record: usize,
        cell: impl Fn(usize) -> Cow<'c, str>,
    ) {
        let cells = self.places.cells(record);
        let same = (0..cells).all(|c| {
            self.places.raw(&self.text, record, c).is_some_and(|raw| csv::value(raw) == cell(c))
        });
        if same {
            out.push_str(self.places.record(&self.text, record));
        } else {
            self.write_cells(out, record, cells, cell);
        }
    }

    /// Cells that were not set keep their own quoting, and the record its own line end.
    fn write_cells<'c>(
        &self,
        out: &mut String,
        record: usize,
        cells: usize,
        cell: impl Fn(usize) -> Cow<'c, str>,
    ) {
        let own = self.places.cells(record);
        let last = record + 1 == self.places.records();
        let never_closed = |column: usize| self.places.open && last && column + 1 == own;
        for column in 0..cells {
            if column > 0 {
                out.push(self.dialect.delimiter as char);
            }
            let value = cell(column);
            match self.places.raw(&self.text, record, column) {
                Some(raw) if csv::value(raw) == value && !never_closed(column) => out.push_str(raw),
                raw => {
                    let quoted =
                        self.dialect.always_quoted || raw.is_some_and(|raw| raw.starts_with('"'));
                    csv::write_cell(out, &value, &self.dialect, quoted);
                }
            }
        }
        let content = self.places.content(&self.text, record).len();
        out.push_str(&self.places.record(&self.text, record)[content..]);
    }

    fn write_own(&self, out: &mut String, cells: &[String]) {
        for (column, value) in cells.iter().enumerate() {
            if column > 0 {
                out.push(self.dialect.delimiter as char);
            }
            // A lone empty cell would read back as a blank line.
            let quoted = self.dialect.always_quoted || (cells.len() == 1 && value.is_empty());
            csv::write_cell(out, value, &self.dialect, quoted);
        }
        out.push_str(self.dialect.line_end.text());
    }

    fn end_line(&self, out: &mut String) {
        if !out.is_empty() && !out.ends_with(['\n', '\r']) {
            out.push_str(self.dialect.line_end.text());
        }
    }

    fn unend_line(&self, out: &mut String) {
        let kept =
            out.strip_suffix("\r\n").or_else(|| out.strip_suffix(['\n', '\r'])).map(str::len);
        if let Some(kept) = kept {
            out.truncate(kept);
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

    proptest! {
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
