//! The file that an LMS takes, as text.

use std::borrow::Cow;
use std::path::Path;

use encoding_rs::Encoding;

use super::FileForm;
use muster_table::error::Result;
use muster_table::export::ExportFormat;
use muster_table::format::csv::{Dialect, LineEnd};
use muster_table::format::{side, text};

impl FileForm {
    /// Whether the LMS takes a workbook; else it takes a text.
    pub fn is_workbook(&self) -> bool {
        self.format == "xlsx"
    }

    /// What a file of this name is: its ending decides, and where there is none, what the LMS takes.
    pub fn format_of(&self, path: &Path) -> Result<ExportFormat> {
        let taken = if self.is_workbook() { ExportFormat::Workbook } else { ExportFormat::Text };
        Ok(ExportFormat::by_ending(path, ExportFormat::OF_ROSTER)?.unwrap_or(taken))
    }

    /// How such a text is written, as far as the profile says; never with more quotes than needed.
    pub fn dialect(&self) -> Dialect {
        Dialect {
            delimiter: self.delimiter.bytes().next().unwrap_or(b','),
            line_end: if self.line_end == "LF" { LineEnd::Lf } else { LineEnd::CrLf },
            mixed: false,
            always_quoted: false,
        }
    }

    /// Rows, the column names first, as the bytes of a text file.
    pub fn text<'c, R>(&self, rows: impl IntoIterator<Item = R>) -> Result<Vec<u8>>
    where
        R: IntoIterator<Item = Cow<'c, str>>,
    {
        let out = side::written(&self.dialect(), rows)?;
        let encoding = Encoding::for_label(self.encoding.as_bytes()).unwrap_or(encoding_rs::UTF_8);
        text::encode(&out, encoding, self.bom)
    }
}
