//! The file that an LMS takes, as text.

use std::borrow::Cow;

use encoding_rs::Encoding;

use super::FileForm;
use muster_table::error::Outcome;
use muster_table::format::csv::{Dialect, LineEnd};
use muster_table::format::{side, text};

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
        R: IntoIterator<Item = Cow<'c, str>>,
    {
        let out = side::written(&self.dialect(), rows)?;
        let encoding = Encoding::for_label(self.encoding.as_bytes()).unwrap_or(encoding_rs::UTF_8);
        text::encode(&out, encoding, self.bom)
    }
}
