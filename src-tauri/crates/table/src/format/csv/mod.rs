//! Finds the cells of a delimited text, and writes cells back in the same dialect.
//!
//! The scanner reads what the `csv` crate reads (its tests hold it to that) but keeps blank rows and remembers
//! where everything lies, so that what nobody touched can be written back as the bytes it was.
//! Neither `csv` nor `simd-csv` can do that. Files that are read once or made new are the `csv` crate's: [`super::side`].

mod places;
mod scan;
#[cfg(test)]
mod tests;

use super::quoting::Quoting;
pub use places::{LARGEST, Places, Raws};
pub use scan::scan;

/// How a delimited text was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    /// The one byte between cells: `,` `;` tab or `|`.
    pub delimiter: u8,
    /// How records end; where several line ends occur, the commonest.
    pub line_end: LineEnd,
    /// Whether other line ends than `line_end` occur too.
    pub mixed: bool,
    /// Whether nearly every cell was quoted, needed or not.
    pub always_quoted: bool,
    /// What holds cells together.
    pub quoting: Quoting,
}

/// How a record ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnd {
    /// `\n`, as Unix and macOS write it.
    Lf,
    /// `\r\n`, as Windows and RFC 4180 have it.
    CrLf,
    /// `\r`, as old Mac programs write it.
    Cr,
}

impl LineEnd {
    /// The character or two of which it is made.
    pub fn text(self) -> &'static str {
        match self {
            LineEnd::Lf => "\n",
            LineEnd::CrLf => "\r\n",
            LineEnd::Cr => "\r",
        }
    }

    /// What people call it: "LF", "CRLF", "CR".
    pub fn name(self) -> &'static str {
        match self {
            LineEnd::Lf => "LF",
            LineEnd::CrLf => "CRLF",
            LineEnd::Cr => "CR",
        }
    }
}
