//! The file that an LMS takes, as text.

use std::borrow::Cow;

use encoding_rs::Encoding;

use super::FileForm;
use muster_table::error::Outcome;
use muster_table::format::csv::{Dialect, LineEnd, write_cell};
use muster_table::format::text;

impl FileForm {
    pub fn is_workbook(&self) -> bool {
        self.format == "xlsx"
    }

    pub fn dialect(&self) -> Dialect {
        Dialect {
            delimiter: self.delimiter.bytes().next().unwrap_or(b','),
            line_end: if self.line_end == "LF" { LineEnd::Lf } else { LineEnd::CrLf },
            mixed: false,
            always_quoted: false,
        }
    }

    /// Rows, the column names first, as the bytes of a text file.
    pub fn text<'c, R>(&self, rows: impl IntoIterator<Item = R>) -> Outcome<Vec<u8>>
    where
        R: IntoIterator<Item = Cow<'c, str>, IntoIter: ExactSizeIterator>,
    {
        let dialect = self.dialect();
        let mut out = String::new();
        for row in rows {
            let cells = row.into_iter();
            let alone = cells.len() == 1;
            for (n, cell) in cells.enumerate() {
                if n > 0 {
                    out.push(dialect.delimiter as char);
                }
                // A lone empty cell would read back as a blank line.
                write_cell(&mut out, &cell, &dialect, alone && cell.is_empty());
            }
            out.push_str(dialect.line_end.text());
        }
        let encoding = Encoding::for_label(self.encoding.as_bytes()).unwrap_or(encoding_rs::UTF_8);
        text::encode(&out, encoding, self.bom)
    }
}
