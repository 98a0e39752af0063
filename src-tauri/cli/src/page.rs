//! Standard output: lines for people, or one JSON object for programs.
//!
//! comfy-table does far more than these columns need, and would not make a cell harmless before it is printed.

use std::borrow::Cow;
use std::io::{BufWriter, ErrorKind, Stdout, Write};

use clap::ValueEnum;
use muster_engine::error::{Failure, FailureKind, Result};
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

pub use muster_engine::words::{counted, people};

/// How to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

pub struct Page {
    format: Format,
    out: BufWriter<Stdout>,
    /// The first thing that went wrong; nothing is written after it.
    trouble: Option<std::io::Error>,
}

impl Page {
    pub fn new(format: Format) -> Page {
        Page { format, out: BufWriter::new(std::io::stdout()), trouble: None }
    }

    pub fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// One line for people. Whatever would move the cursor or colour the screen is shown instead of obeyed.
    pub fn line(&mut self, text: impl AsRef<str>) {
        let text = harmless(short(text.as_ref()).as_ref());
        self.write(|out| writeln!(out, "{}", text.trim_end()));
    }

    /// The answer for programs.
    pub fn json(&mut self, answer: &impl Serialize) {
        self.write(|out| {
            serde_json::to_writer_pretty(Plain(&mut *out), answer)?;
            out.write_all(b"\n")
        });
    }

    /// Lines in columns: each cell is as wide as the widest of its column, the last one as it is.
    pub fn columns<const N: usize>(&mut self, rows: &[[String; N]]) {
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|cell| harmless(cell)).collect()).collect();
        let width = |at: usize| rows.iter().map(|row| row[at].width()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..N).map(width).collect();
        for row in &rows {
            let mut line = String::from("  ");
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.push_str(&" ".repeat(width - cell.width() + 2));
            }
            self.line(line);
        }
    }

    fn write(&mut self, write: impl FnOnce(&mut BufWriter<Stdout>) -> std::io::Result<()>) {
        if self.trouble.is_none() {
            self.trouble = write(&mut self.out).err();
        }
    }

    /// Hands out what is still held back. That nobody reads on, as in `muster check … | head`, is no failure.
    pub fn finish(&mut self) -> Result<()> {
        self.write(Write::flush);
        match self.trouble.take() {
            Some(cause) if cause.kind() != ErrorKind::BrokenPipe => {
                Err(Failure::new(FailureKind::File, "the answer could not be written").why(cause))
            }
            _ => Ok(()),
        }
    }
}

/// JSON with directional characters written as escapes, which mean the same: on a terminal they would turn what follows.
/// A piece that serde_json writes never ends within a character.
struct Plain<W>(W);

impl<W: Write> Write for Plain<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut written = 0;
        for at in memchr::memchr_iter(0xE2, bytes) {
            let Some(piece) = bytes.get(at..at + 3) else { break };
            let character = std::str::from_utf8(piece).ok().and_then(|piece| piece.chars().next());
            if let Some(c) = character.filter(|c| is_directional(*c)) {
                self.0.write_all(&bytes[written..at])?;
                write!(self.0, "\\u{:04x}", u32::from(c))?;
                written = at + c.len_utf8();
            }
        }
        self.0.write_all(&bytes[written..])?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

/// A line that somebody can read: a cell may have swallowed the rest of its file.
fn short(text: &str) -> Cow<'_, str> {
    const MOST: usize = 2_000;
    match text.char_indices().nth(MOST) {
        Some((end, _)) if text.len() > 2 * MOST => {
            let rest = text[end..].chars().count();
            Cow::Owned(format!("{} … ({rest} more letters)", &text[..end]))
        }
        _ => Cow::Borrowed(text),
    }
}

/// The text with control and directional characters written out, so that a cell cannot command the terminal.
pub fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => shown.push('⏎'),
            '\t' => shown.push('→'),
            _ if c.is_control() || is_directional(c) => shown.extend(c.escape_unicode()),
            _ => shown.push(c),
        }
    }
    shown
}

fn is_directional(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A value in a sentence; nothing at all has to be seen as well.
pub fn quoted(value: &str) -> String {
    if value.is_empty() { "nothing".into() } else { format!("`{value}`") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directional_marks_in_json_are_escapes_that_mean_the_same() {
        for text in ["b\u{202e}cd", "\u{2066}a\u{2069}", "Zoë — “x” …", "\u{200f}\u{200f}"]
        {
            let mut plain = Vec::new();
            serde_json::to_writer(Plain(&mut plain), text).expect("written");
            let shown = String::from_utf8(plain).expect("text");
            assert!(!shown.chars().any(is_directional), "{shown}");
            assert_eq!(serde_json::from_str::<String>(&shown).expect("JSON"), text);
        }
    }

    #[test]
    fn a_line_that_swallowed_a_file_is_cut_and_says_so() {
        assert_eq!(short("short"), "short");
        let long = "ë".repeat(10_000);
        assert!(short(&long).ends_with("… (8000 more letters)"));
    }
}
