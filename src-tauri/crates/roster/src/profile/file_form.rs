//! The file that an LMS takes, as text.

use std::borrow::Cow;
use std::path::Path;

use super::FileForm;
use muster_table::error::Result;
use muster_table::export::ExportFormat;
use muster_table::format::csv::{Dialect, LineEnd};
use muster_table::format::encoding::Encoding;
use muster_table::format::quoting::Quoting;
use muster_table::format::xlsx::write_xls;
use muster_table::format::{side, text};

impl FileForm {
    /// What the LMS takes: a workbook, an old one, or a text.
    pub fn written_as(&self) -> ExportFormat {
        match self.format.as_str() {
            "xlsx" => ExportFormat::Workbook,
            "xls" => ExportFormat::OldWorkbook,
            _ => ExportFormat::Text,
        }
    }

    /// Whether the LMS takes a workbook, old or new; else it takes a text.
    pub fn is_workbook(&self) -> bool {
        self.written_as() != ExportFormat::Text
    }

    /// How the names of its files end: `csv`, `xlsx` or `xls`.
    pub fn ending(&self) -> &'static str {
        match self.written_as() {
            ExportFormat::Workbook => "xlsx",
            ExportFormat::OldWorkbook => "xls",
            _ => "csv",
        }
    }

    /// The largest number of people in one file, by the LMS or by the format itself; 0 for no known limit.
    pub fn most_in_one(&self) -> u32 {
        match (self.written_as(), self.most_people) {
            (ExportFormat::OldWorkbook, 0) => write_xls::MOST_PEOPLE,
            (ExportFormat::OldWorkbook, most) => most.min(write_xls::MOST_PEOPLE),
            (_, most) => most,
        }
    }

    /// What a file of this name is: its ending decides, and where there is none, what the LMS takes.
    pub fn format_of(&self, path: &Path) -> Result<ExportFormat> {
        let by_ending = ExportFormat::by_ending(path, ExportFormat::OF_ROSTER)?;
        Ok(by_ending.unwrap_or_else(|| self.written_as()))
    }

    /// How such a text is written, as far as the profile says; never with more quotes than needed.
    pub fn dialect(&self) -> Dialect {
        Dialect {
            delimiter: self.delimiter.bytes().next().unwrap_or(b','),
            line_end: if self.line_end == "LF" { LineEnd::Lf } else { LineEnd::CrLf },
            mixed: false,
            always_quoted: false,
            quoting: Quoting::default(),
        }
    }

    /// Rows, the column names first, as the bytes of a text file.
    pub fn text<'c, R>(&self, rows: impl IntoIterator<Item = R>) -> Result<Vec<u8>>
    where
        R: IntoIterator<Item = Cow<'c, str>>,
    {
        let out = side::written(&self.dialect(), rows)?;
        let encoding = Encoding::for_label(&self.encoding).unwrap_or(Encoding::UTF_8);
        text::encode(&out, encoding, self.bom)
    }
}
