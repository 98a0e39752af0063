//! Files beside a roster: lists and reports that are read once, and every file that is made new. All by the `csv` crate,
//! since none of them has bytes of its own to keep; [`super::csv`] is for rosters, which do.

use super::csv::{Dialect, LineEnd};
use super::quoting::Quoting;
use super::sniff;
use crate::error::{Failure, FailureKind, Result};

/// What a small table says: its column names and the rows below them. Rows may be shorter or longer than the names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// Rows above the names, such as a title; blank ones are none.
    pub above: Vec<Vec<String>>,
    /// The column names; none where the text is empty.
    pub names: Vec<String>,
    /// The rows below the names, as many cells as each has.
    pub rows: Vec<Vec<String>>,
}

impl Side {
    /// Reads a text whose delimiter and column names are to be found out, as those of a roster are. Fails with kind
    /// `Format` where the `csv` crate cannot read it.
    pub fn read(text: &str) -> Result<Side> {
        let mut reader = ::csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(sniff::delimiter(text, Quoting::default()))
            .from_reader(text.as_bytes());
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|e| {
                Failure::new(FailureKind::Format, "the rows could not be read").why(e)
            })?;
            rows.push(record.iter().map(str::to_owned).collect::<Vec<_>>());
        }
        if sniff::hint(text).is_some() && rows.len() > 1 {
            rows.remove(0);
        }
        let header = sniff::header(&rows[..rows.len().min(sniff::LOOKED_AT)]);
        let below = rows.split_off(rows.len().min(header + 1));
        let names = rows.pop().unwrap_or_default();
        Ok(Side { above: rows, names, rows: below })
    }

    /// A row's cell; nothing where the row has none there.
    pub fn cell(row: &[String], column: usize) -> &str {
        row.get(column).map_or("", String::as_str)
    }
}

/// Rows as the text of a new file.
pub fn written<R>(dialect: &Dialect, rows: impl IntoIterator<Item = R>) -> Result<String>
where
    R: IntoIterator<Item: AsRef<str>>,
{
    let failed = |e: &dyn std::error::Error| {
        Failure::internal("the rows could not be written as text").why(e)
    };
    let mut writer = ::csv::WriterBuilder::new()
        .flexible(true)
        .delimiter(dialect.delimiter)
        .terminator(match dialect.line_end {
            LineEnd::Lf => ::csv::Terminator::Any(b'\n'),
            LineEnd::CrLf => ::csv::Terminator::CRLF,
            LineEnd::Cr => ::csv::Terminator::Any(b'\r'),
        })
        .quote_style(match dialect.always_quoted {
            true => ::csv::QuoteStyle::Always,
            false => ::csv::QuoteStyle::Necessary,
        })
        .from_writer(Vec::new());
    for row in rows {
        for cell in row {
            writer.write_field(cell.as_ref()).map_err(|e| failed(&e))?;
        }
        writer.write_record(None::<&[u8]>).map_err(|e| failed(&e))?;
    }
    let bytes = writer.into_inner().map_err(|e| failed(&e))?;
    String::from_utf8(bytes).map_err(|e| failed(&e))
}

#[cfg(test)]
mod tests {
    use super::super::quoting::write_cell;
    use super::*;
    use proptest::prelude::*;

    /// What the writer that saves an edited roster makes of the same rows.
    fn as_a_roster(rows: &[Vec<String>], dialect: &Dialect) -> String {
        let mut out = String::new();
        for row in rows {
            for (n, cell) in row.iter().enumerate() {
                if n > 0 {
                    out.push(char::from(dialect.delimiter));
                }
                let alone = row.len() == 1 && cell.is_empty();
                write_cell(&mut out, cell, dialect, alone || dialect.always_quoted);
            }
            out.push_str(dialect.line_end.text());
        }
        out
    }

    fn dialects() -> impl Strategy<Value = Dialect> {
        let line_end = prop_oneof![Just(LineEnd::Lf), Just(LineEnd::CrLf), Just(LineEnd::Cr)];
        (prop::sample::select(b",;\t|".to_vec()), line_end, any::<bool>()).prop_map(
            |(delimiter, line_end, always_quoted)| Dialect {
                delimiter,
                line_end,
                mixed: false,
                always_quoted,
                quoting: Quoting::default(),
            },
        )
    }

    proptest! {
        #[test]
        fn a_new_file_has_the_bytes_that_a_saved_roster_would_have(
            rows in prop::collection::vec(
                prop::collection::vec("[a'=+#0;,|\t\"\r\n é\u{feff}\u{202e}]{0,12}", 1..5), 0..6),
            dialect in dialects(),
        ) {
            let text = written(&dialect, &rows).expect("written");
            prop_assert_eq!(text, as_a_roster(&rows, &dialect));
        }
    }

    #[test]
    fn a_side_file_is_read_below_its_title_whatever_its_delimiter() {
        let side = Side::read("Groups of November\n\nTeam;Code\n\"R; D\";1\n\nOps;2;more\n");
        let side = side.expect("read");
        assert_eq!(side.above, [["Groups of November"]]);
        assert_eq!(side.names, ["Team", "Code"]);
        assert_eq!(side.rows, [vec!["R; D", "1"], vec!["Ops", "2", "more"]]);
        assert_eq!(Side::cell(&side.rows[0], 7), "");
        let nothing = Side { above: vec![], names: vec![], rows: vec![] };
        assert_eq!(Side::read("").expect("read"), nothing);
    }
}
