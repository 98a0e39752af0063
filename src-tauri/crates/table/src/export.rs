//! What is written under which name: the one list of endings, whoever asks.

use std::path::Path;

use crate::error::{Failure, FailureKind, Result};
use crate::format::encoding::Encoding;
use crate::format::text;
use crate::format::xlsx::write::{self, Making};
use crate::format::xlsx::write_xls;
use crate::table::{Table, delimiter_name};

/// A kind of file that can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// Delimited text; also what a name without an ending asks for.
    Text,
    /// An Excel workbook, `.xlsx`.
    Workbook,
    /// An old Excel workbook, `.xls`.
    OldWorkbook,
    /// An HTML page that stands alone.
    Page,
}

impl ExportFormat {
    /// What a roster can be written as, or an empty one.
    pub const OF_ROSTER: &[ExportFormat] =
        &[ExportFormat::Text, ExportFormat::Workbook, ExportFormat::OldWorkbook];
    /// What a report of problems can be written as.
    pub const OF_REPORT: &[ExportFormat] =
        &[ExportFormat::Text, ExportFormat::Workbook, ExportFormat::Page];

    fn endings(self) -> &'static [&'static str] {
        match self {
            ExportFormat::Text => &["csv", "tsv", "txt", "tab"],
            ExportFormat::Workbook => &["xlsx"],
            ExportFormat::OldWorkbook => &["xls"],
            ExportFormat::Page => &["html", "htm"],
        }
    }

    /// What a file's name asks for, of the formats that there are; text where it has no ending.
    ///
    /// Fails with kind `Format` on any other ending; the hint names those there are.
    ///
    /// ```
    /// use std::path::Path;
    /// use muster_table::export::ExportFormat;
    ///
    /// let format = ExportFormat::of(Path::new("staff.xlsx"), ExportFormat::OF_ROSTER);
    /// assert_eq!(format, Ok(ExportFormat::Workbook));
    /// assert!(ExportFormat::of(Path::new("staff.pdf"), ExportFormat::OF_ROSTER).is_err());
    /// ```
    pub fn of(path: &Path, formats: &[ExportFormat]) -> Result<ExportFormat> {
        Ok(ExportFormat::by_ending(path, formats)?.unwrap_or(ExportFormat::Text))
    }

    /// The same; none where the name has no ending.
    pub fn by_ending(path: &Path, formats: &[ExportFormat]) -> Result<Option<ExportFormat>> {
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        if ending.is_empty() {
            return Ok(None);
        }
        let found = formats.iter().find(|format| format.endings().contains(&ending.as_str()));
        found.map(|format| Some(*format)).ok_or_else(|| not_written(&ending, formats))
    }

    /// What a sentence calls it: "CSV", "Excel workbook".
    pub fn word(self) -> &'static str {
        match self {
            ExportFormat::Text => "CSV",
            ExportFormat::Workbook => "Excel workbook",
            ExportFormat::OldWorkbook => "old Excel workbook (.xls)",
            ExportFormat::Page => "page to mail or print",
        }
    }
}

fn not_written(ending: &str, formats: &[ExportFormat]) -> Failure {
    let mut endings: Vec<String> =
        formats.iter().flat_map(|f| f.endings()).map(|ending| format!(".{ending}")).collect();
    let last = endings.pop().unwrap_or_default();
    Failure::new(FailureKind::Format, format!("Muster writes no .{ending} files"))
        .hint(format!("Give it a name that ends in {} or {last}.", endings.join(", ")))
}

/// A roster as a file, before it has its place.
#[derive(Debug)]
pub struct Written {
    /// The whole file.
    pub bytes: Vec<u8>,
    /// `CSV`, `TSV`, `XLSX` or `XLS`.
    pub format: &'static str,
    /// "windows-1252, semicolon".
    pub about: String,
    /// Why it is in another encoding than the file it came from, if it is.
    pub encoded_anew: Option<String>,
}

/// Writes a table: what was not touched keeps its bytes in a text of a text. Where the encoding has no such letter, the text
/// is in UTF-8. `made_at` is what a workbook says about when it was made, in seconds since 1970 began, UTC.
///
/// Fails with kind `Format` where a workbook cannot hold it, and for [`ExportFormat::Page`], which no roster is written as.
pub fn write(table: &Table, format: ExportFormat, made_at: i64) -> Result<Written> {
    match format {
        ExportFormat::Text => as_text(table),
        ExportFormat::Workbook | ExportFormat::OldWorkbook => {
            let rows = table.rows().map(|row| {
                let width = table.cells(row).max(table.width());
                (0..width).map(move |column| table.cell(row, column))
            });
            let making = Making { sheet: "Roster", made_at, scratch: None };
            Ok(Written {
                bytes: workbook(format, table.names(), rows, &making)?,
                format: if format == ExportFormat::OldWorkbook { "XLS" } else { "XLSX" },
                about: format.word().to_owned(),
                encoded_anew: None,
            })
        }
        ExportFormat::Page => Err(not_written("html", ExportFormat::OF_ROSTER)),
    }
}

/// The same for whoever reads it without being told how: a text in an encoding that somebody chose for it, and that would by
/// itself be read with other letters, is in UTF-8.
pub fn write_to_be_read(table: &Table, format: ExportFormat, made_at: i64) -> Result<Written> {
    let written = write(table, format, made_at)?;
    if format != ExportFormat::Text
        || written.encoded_anew.is_some()
        || is_read_again(table, &written.bytes)
    {
        return Ok(written);
    }
    let name = table.encoding().name();
    let why = format!(
        "nothing in a file says that it is {name}, and without that word it would be read with other letters"
    );
    let bytes = text::encode(&table.to_text(), encoding_rs::UTF_8, true)?;
    let delimiter = delimiter_name(&char::from(table.dialect().delimiter).to_string());
    let about = format!("UTF-8 ({why}), {delimiter}");
    Ok(Written { bytes, about, encoded_anew: Some(why), ..written })
}

/// Rows below their column names as a workbook of the kind that is asked for: an old one, else one of now.
///
/// Fails with kind `Format` where such a workbook cannot hold them.
pub fn workbook<C: AsRef<str>, R: IntoIterator<Item = C>>(
    format: ExportFormat,
    header: &[impl AsRef<str>],
    rows: impl IntoIterator<Item = R>,
    making: &Making,
) -> Result<Vec<u8>> {
    match format {
        ExportFormat::OldWorkbook => write_xls::write(header, rows, making),
        _ => write::write(header, rows, making),
    }
}

fn as_text(table: &Table) -> Result<Written> {
    let sign = table.dialect().delimiter;
    let delimiter = delimiter_name(&char::from(sign).to_string());
    let format = if sign == b'\t' { "TSV" } else { "CSV" };
    match table.to_bytes() {
        Ok(bytes) => {
            let about = format!("{}, {delimiter}", table.encoding().name());
            Ok(Written { bytes, format, about, encoded_anew: None })
        }
        Err(failure) if failure.kind == FailureKind::Format => {
            let bytes = text::encode(&table.to_text(), encoding_rs::UTF_8, true)?;
            let about = format!("UTF-8 ({}), {delimiter}", failure.what);
            Ok(Written { bytes, format, about, encoded_anew: Some(failure.what) })
        }
        Err(failure) => Err(failure),
    }
}

/// Whether a text reads with the same letters by itself, without the encoding that somebody chose for it. An LMS is told no
/// encoding either.
fn is_read_again(table: &Table, bytes: &[u8]) -> bool {
    let encoding = table.encoding();
    if encoding == Encoding::UTF_8 || encoding.is_utf_16() || bytes.is_ascii() {
        return true;
    }
    let again = text::decode(bytes.to_vec(), None);
    again.is_ok_and(|again| again.encoding == encoding || again.text == table.to_text())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::{ReadAs, read_bytes};

    #[test]
    fn an_encoding_that_only_a_person_knows_is_not_written_again() {
        let table = |text: &str, label: &str| {
            let encoding = Encoding::for_label(label).expect("known");
            let bytes = encoding.encode(text).expect("has the letters").into_owned();
            let asked = ReadAs { encoding: Some(label.into()), ..ReadAs::default() };
            read_bytes(bytes, "staff.csv", &asked, &|_| true).expect("read").table
        };
        let people = "id;name\r\n1;Jürgen Groß\r\n2;Zoë Brontë\r\n";
        for label in ["IBM850", "macintosh"] {
            let table = table(people, label);
            let as_it_is = write(&table, ExportFormat::Text, 0).expect("written");
            assert_eq!(as_it_is.bytes, table.to_bytes().expect("whole"), "{label}");
            let written = write_to_be_read(&table, ExportFormat::Text, 0).expect("written");
            assert_eq!(written.bytes, format!("\u{FEFF}{people}").into_bytes(), "{label}");
            assert!(written.encoded_anew.is_some_and(|why| why.contains(label)));
        }
        for (label, people) in [("windows-1252", people), ("IBM850", "id;name\r\n1;Ada\r\n")] {
            let table = table(people, label);
            let written = write_to_be_read(&table, ExportFormat::Text, 0).expect("written");
            assert_eq!(written.encoded_anew, None, "{label}");
            assert_eq!(written.bytes, table.to_bytes().expect("whole"));
        }
    }

    #[test]
    fn an_ending_says_what_is_written_and_no_other_is_taken() {
        let of = |name: &str, formats| ExportFormat::of(Path::new(name), formats);
        for name in ["a.csv", "a.TSV", "a.txt", "a.tab", "a", "a."] {
            assert_eq!(of(name, ExportFormat::OF_ROSTER).expect(name), ExportFormat::Text);
        }
        assert_eq!(of("a.XLSX", ExportFormat::OF_ROSTER).expect("taken"), ExportFormat::Workbook);
        assert_eq!(of("a.xls", ExportFormat::OF_ROSTER).expect("taken"), ExportFormat::OldWorkbook);
        assert!(of("a.xls", ExportFormat::OF_REPORT).is_err());
        assert_eq!(of("a.htm", ExportFormat::OF_REPORT).expect("taken"), ExportFormat::Page);
        let failure = of("a.html", ExportFormat::OF_ROSTER).expect_err("refused");
        assert_eq!(failure.what, "Muster writes no .html files");
        assert_eq!(
            failure.hint,
            "Give it a name that ends in .csv, .tsv, .txt, .tab, .xlsx or .xls."
        );
        let failure = of("a.numbers", ExportFormat::OF_REPORT).expect_err("refused");
        assert!(failure.hint.ends_with(".xlsx, .html or .htm."), "{}", failure.hint);
        assert_eq!(ExportFormat::by_ending(Path::new("a"), ExportFormat::OF_ROSTER), Ok(None));
    }
}
