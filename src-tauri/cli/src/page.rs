//! Standard output: lines for people, or one JSON object for programs.
//!
//! comfy-table does far more than these columns need, and would not make a cell harmless before it is printed.

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
        let text = harmless(text.as_ref());
        self.write(|out| writeln!(out, "{}", text.trim_end()));
    }

    /// The answer for programs.
    pub fn json(&mut self, answer: &impl Serialize) {
        self.write(|out| {
            serde_json::to_writer_pretty(&mut *out, answer)?;
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
