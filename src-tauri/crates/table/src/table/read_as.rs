//! How a file is to be read, as far as a person says it.

use serde::{Deserialize, Serialize};

use super::Cut;
use crate::error::{Failure, FailureKind, Result};
use crate::format::csv::Dialect;
use crate::format::quoting::Quoting;

/// How the person wants the file read; what is left out is detected.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(default)]
pub struct ReadAs {
    /// An encoding label: `UTF-8`, `UTF-16LE`, `windows-1252`, `IBM850`.
    pub encoding: Option<String>,
    /// `,` `;` tab or `|`.
    pub delimiter: Option<String>,
    /// The name of the sheet to read, for XLSX, XLS and ODS.
    pub sheet: Option<String>,
    /// The line of the file that holds the column names, counted from 1.
    pub header: Option<u32>,
    /// What holds cells together: `double` quotes, `single` ones, or `none`, where quotes are letters; `lines` where each line
    /// is one quoted cell, in which its cells stand.
    pub quotes: Option<String>,
    /// What takes its meaning from a quote or delimiter: `none` or `backslash`.
    pub escape: Option<String>,
}

/// What a person can choose as quotes.
pub const QUOTES: [&str; 4] = ["double", "single", "none", "lines"];

/// What a person can choose as escape.
pub const ESCAPES: [&str; 2] = ["none", "backslash"];

impl ReadAs {
    /// How a text of this dialect is read again.
    pub fn of_dialect(dialect: &Dialect) -> ReadAs {
        let Quoting { mark, escape } = dialect.quoting;
        ReadAs {
            delimiter: Some(char::from(dialect.delimiter).to_string()),
            quotes: Some(match mark {
                Some(b'\'') => "single".into(),
                Some(_) => "double".into(),
                None => "none".into(),
            }),
            escape: Some(if escape { "backslash".into() } else { "none".into() }),
            ..ReadAs::default()
        }
    }

    /// How a text is to be cut.
    ///
    /// Fails with kind `Format` where it asks for a delimiter, quotes or an escape that there is not.
    pub fn cut(&self) -> Result<Cut> {
        let mark = match self.quotes.as_deref() {
            None | Some("double" | "lines") => Some(b'"'),
            Some("single") => Some(b'\''),
            Some("none") => None,
            Some(other) => return Err(not_a_choice("quotes", other, &QUOTES)),
        };
        let escape = match self.escape.as_deref() {
            None | Some("none") => false,
            Some("backslash") => true,
            Some(other) => return Err(not_a_choice("escape", other, &ESCAPES)),
        };
        let quoting = Quoting { mark, escape };
        Ok(Cut { delimiter: delimiter(self)?, header_line: self.header, quoting })
    }

    /// What `--as` takes to read a file so; blank where nothing is asked for.
    pub fn in_words(&self) -> String {
        let delimiter = self.delimiter.as_deref().map(|sign| match delimiter_name(sign) {
            "vertical bar" => "pipe",
            name => name,
        });
        let header = self.header.map(|line| line.to_string());
        let parts = [
            ("delimiter", delimiter),
            ("encoding", self.encoding.as_deref()),
            ("quotes", self.quotes.as_deref()),
            ("escape", self.escape.as_deref()),
            ("sheet", self.sheet.as_deref()),
            ("header", header.as_deref()),
        ];
        let asked =
            parts.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value?)));
        asked.collect::<Vec<_>>().join(",")
    }
}

fn not_a_choice(what: &str, asked: &str, choices: &[&str]) -> Failure {
    Failure::new(FailureKind::Format, format!("`{asked}` is no way to read {what}"))
        .hint(format!("Choose one of {}.", choices.join(", ")))
}

/// What a sentence calls a delimiter: "semicolon" for `;`. What is not known is called "comma".
pub(crate) fn delimiter_name(sign: &str) -> &'static str {
    match sign {
        ";" => "semicolon",
        "\t" => "tab",
        "|" => "vertical bar",
        _ => "comma",
    }
}

fn delimiter(asked: &ReadAs) -> Result<Option<u8>> {
    let Some(sign) = &asked.delimiter else { return Ok(None) };
    match sign.as_bytes() {
        [sign @ (b',' | b';' | b'\t' | b'|')] => Ok(Some(*sign)),
        _ => Err(Failure::new(FailureKind::Format, format!("cells cannot end at `{sign}`"))
            .hint("Choose comma, semicolon, tab or vertical bar.")),
    }
}
