//! Writing a table back: what was not touched keeps its bytes.

use std::borrow::Cow;

use super::Table;
use crate::error::Result;
use crate::format::quoting::write_cell;
use crate::format::text;
use crate::narrow;

impl Table {
    /// The file as it now reads, as bytes in its own dialect and encoding. What was not touched keeps its bytes.
    ///
    /// Fails with kind `Format` where a letter was put in that the encoding does not have; `what` says which.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        text::encode(&self.to_text(), self.encoding, self.bom)
    }

    /// The file as it now reads, in its own dialect, as [`Table::read`] takes it.
    pub fn to_text(&self) -> String {
        let mut out = String::with_capacity(self.text.len() + 64);
        for record in 0..self.header.unwrap_or(0) {
            out.push_str(self.places.record(&self.text, record));
        }
        match self.header {
            Some(header) => self.write_header(&mut out, header),
            // An empty file to which columns were added.
            None if !self.names.is_empty() => self.write_own(&mut out, &self.names),
            None => {}
        }
        let open = self.places.open.then(|| narrow::place(self.places.records() - 1));
        let last = self.len().checked_sub(1).and_then(|index| self.row_at(index));
        for row in self.rows() {
            self.end_line(&mut out);
            if open == Some(row) && last != open {
                // A quote that was never closed would swallow the rows after it.
                self.write_own(&mut out, &self.row(row));
                continue;
            }
            if self.own_cells(row).is_some() {
                self.write_own(&mut out, &self.row(row));
            } else if self.stands_as_in_file(row) {
                out.push_str(self.places.record(&self.text, row as usize));
            } else {
                let cells = self.cells(row);
                self.write_cells(&mut out, row as usize, cells, |column| self.cell(row, column));
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

    fn write_header(&self, out: &mut String, record: usize) {
        let names = || self.names.iter().map(String::as_str);
        let own = self.places.raws(&self.text, record).map(|raw| self.value(raw));
        if self.layout.is_files() && own.eq(names()) {
            out.push_str(self.places.record(&self.text, record));
        } else {
            let name = |column: usize| Cow::Borrowed(self.names[column].as_str());
            self.write_cells(out, record, self.names.len(), name);
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
        let never_closed =
            |column: usize| self.places.open && last && self.layout.id(column) as usize + 1 == own;
        for column in 0..cells {
            if column > 0 {
                out.push(self.dialect.delimiter as char);
            }
            let value = cell(column);
            // A lone empty cell would read back as a blank line.
            let alone = cells == 1 && own > 1 && value.is_empty();
            match self.raw(record, column) {
                Some(raw) if self.value(raw) == value && !never_closed(column) && !alone => {
                    out.push_str(raw);
                }
                raw => {
                    let quoted = alone
                        || self.dialect.always_quoted
                        || raw.is_some_and(|raw| self.dialect.quoting.is_quoted(raw));
                    write_cell(out, &value, &self.dialect, quoted);
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
            write_cell(out, value, &self.dialect, quoted);
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
