//! What speaks against how a text was read, and how it reads better.

use serde::{Deserialize, Serialize};

use super::{QuoteFault, ReadAs, Table};
use crate::format::quoting::Quoting;
use crate::format::{csv, letters, sniff};

/// That a file is probably not what it was read as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Doubt {
    /// What speaks against it.
    pub kind: DoubtKind,
    /// The line of the file by which it was noticed, counted from 1; none where it is no single one.
    pub line: Option<u32>,
    /// What was noticed, and what the file would say if it were read otherwise.
    pub says: String,
    /// What to ask for beside what was asked for; blank where no other way of reading is better.
    pub reopen: ReadAs,
}

/// What speaks against how a file was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(rename_all = "lowercase")]
pub enum DoubtKind {
    /// Letters that make no sense.
    Letters,
    /// Cells that backslashes hold together.
    Backslashes,
    /// Cells that single quotes hold together.
    Apostrophes,
    /// Every line is one quoted cell.
    Lines,
    /// A quote out of its place at the column names or above them.
    Quotes,
}

/// How well a text is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cutting {
    /// Rows of another length than the header.
    ragged: usize,
    /// Rows with quotes out of their place.
    odd: usize,
    /// The line of the first of either.
    line: Option<u32>,
    width: usize,
}

impl Cutting {
    fn is_even(&self) -> bool {
        self.ragged == 0 && self.width > 1
    }
}

/// A text is looked at again in other ways only up to this size: no list of people is larger.
const LARGEST: usize = 256 << 20;

impl Table {
    /// What speaks against how it was read, as far as the file tells.
    pub fn doubts(&self) -> &[Doubt] {
        &self.doubts
    }

    /// Looks for what speaks against how it was read.
    pub(super) fn doubt(&mut self) {
        let mut doubts = Vec::new();
        doubts.extend(self.of_letters());
        if self.text.len() <= LARGEST {
            let now = self.cutting();
            let way = self
                .of_lines()
                .or_else(|| self.of_escapes(&now))
                .or_else(|| self.of_apostrophes(&now));
            doubts.extend(way.or_else(|| self.of_header()));
        }
        self.doubts = doubts;
    }

    fn of_letters(&self) -> Option<Doubt> {
        let is_mac = self.dialect.line_end == csv::LineEnd::Cr;
        let Some(better) = letters::better(&self.text, self.encoding, is_mac) else {
            let word = letters::senseless(&self.text, self.encoding)?;
            return Some(Doubt {
                kind: DoubtKind::Letters,
                line: None,
                says: format!(
                    "the letters look wrong, as in `{word}`: open the file again in the encoding that it was saved in, or \
                     save it as UTF-8 where it comes from"
                ),
                reopen: ReadAs::default(),
            });
        };
        let name = better.encoding.name();
        let says = if better.others.is_empty() {
            format!(
                "the letters look wrong: read as {name}, `{}` is `{}`",
                better.before, better.after
            )
        } else {
            let others = better.others.iter().map(|(other, word)| (other.name(), word.as_str()));
            let all: Vec<String> = std::iter::once((name, better.after.as_str()))
                .chain(others)
                .map(|(name, word)| format!("`{word}` in {name}"))
                .collect();
            format!(
                "the letters look wrong, and more than one encoding would do: `{}` is {}; open the file again in the one that \
                 makes the name of it",
                better.before,
                all.join(", ")
            )
        };
        Some(Doubt {
            kind: DoubtKind::Letters,
            line: None,
            says,
            reopen: ReadAs { encoding: Some(name.into()), ..ReadAs::default() },
        })
    }

    /// Each line is one quoted cell, in which the cells stand.
    fn of_lines(&self) -> Option<Doubt> {
        let header = self.header?;
        let quoting = self.dialect.quoting;
        if quoting.mark.is_none() || quoting.escape {
            return None;
        }
        let last = self.tail.start.min(header + 1 + sniff::LOOKED_AT);
        let mut wrapped = (header..last).filter(|&record| self.is_wrapped(record));
        let first = wrapped.next()?;
        let (text, records) = (unwrapped(&self.text), 1 + wrapped.count());
        // One row alone may be a cell with commas in it and nothing behind.
        let by = sniff::delimiter(&text, quoting);
        let better = cutting(&text, by, quoting)?;
        let is_most = records * 2 > last - header;
        (better.is_even() && (is_most || self.width() == better.width)).then(|| Doubt {
            kind: DoubtKind::Lines,
            line: Some(self.places.line(first)),
            says: format!(
                "line {} is one cell in quotation marks, in which all its cells stand: without the outer quotation marks \
                 there are {} columns",
                self.places.line(first),
                better.width
            ),
            reopen: ReadAs { quotes: Some("lines".into()), ..ReadAs::default() },
        })
    }

    fn is_wrapped(&self, record: usize) -> bool {
        let raw = self.places.raw(&self.text, record, 0);
        self.places.cells(record) == 1 && raw.is_some_and(|raw| wrapped(raw).is_some())
    }

    fn of_escapes(&self, now: &Cutting) -> Option<Doubt> {
        let quoting = self.dialect.quoting;
        let mut escaped =
            ["\\\"".to_owned(), format!("\\{}", char::from(self.dialect.delimiter))].into_iter();
        if quoting.escape || now.ragged + now.odd == 0 || !escaped.any(|e| self.text.contains(&e)) {
            return None;
        }
        let better =
            cutting(&self.text, self.dialect.delimiter, Quoting { escape: true, ..quoting })?;
        (better.is_even() && better.odd == 0).then(|| Doubt {
            kind: DoubtKind::Backslashes,
            line: now.line,
            says: "this file escapes with backslashes: read so, all rows have as many cells as there are columns".into(),
            reopen: ReadAs { escape: Some("backslash".into()), ..ReadAs::default() },
        })
    }

    fn of_apostrophes(&self, now: &Cutting) -> Option<Doubt> {
        let by = char::from(self.dialect.delimiter);
        let quoting = Quoting { mark: Some(b'\''), escape: self.dialect.quoting.escape };
        if self.dialect.quoting.mark == Some(b'\'')
            || now.ragged == 0
            || !self.text.contains(&format!("{by}'"))
        {
            return None;
        }
        let better = cutting(&self.text, self.dialect.delimiter, quoting)?;
        better.is_even().then(|| Doubt {
            kind: DoubtKind::Apostrophes,
            line: now.line,
            says: "single quotation marks hold the cells of this file together: read so, all rows have as many cells as \
                   there are columns"
                .into(),
            reopen: ReadAs { quotes: Some("single".into()), ..ReadAs::default() },
        })
    }

    /// A quote at the column names, or above them, that may have taken in the first people.
    fn of_header(&self) -> Option<Doubt> {
        let header = self.header?;
        let odd = self.places.odd().iter().map(|&record| record as usize);
        let mut odd = odd.take_while(|&record| record <= header).filter(|&record| {
            // In a title one may stand for itself.
            let mut faults =
                self.places.raws(&self.text, record).filter_map(|raw| self.fault_of(raw));
            faults.any(|fault| record == header || fault != QuoteFault::Alone)
        });
        let lines_of_names = || {
            let content = self.places.content(&self.text, header);
            let by = char::from(self.dialect.delimiter);
            let widths: Vec<usize> =
                content.split('\n').map(|line| line.split(by).count()).collect();
            widths.len() > 1 && widths[0] > 1 && widths.iter().all(|width| *width == widths[0])
        };
        let record = odd.next().or_else(|| lines_of_names().then_some(header))?;
        let none = Quoting { mark: None, ..self.dialect.quoting };
        let is_better =
            cutting(&self.text, self.dialect.delimiter, none).is_some_and(|c| c.is_even());
        let line = self.places.line(record);
        Some(Doubt {
            kind: DoubtKind::Quotes,
            line: Some(line),
            says: format!(
                "a quotation mark in line {line} stands where none belongs, so that what stands there may have been read as \
                 part of a column name: remove it in the file, and open that again"
            ),
            reopen: ReadAs { quotes: is_better.then(|| "none".into()), ..ReadAs::default() },
        })
    }

    fn cutting(&self) -> Cutting {
        let header = self.header.unwrap_or(0);
        measured(&self.text, &self.places, header, self.tail.start)
    }
}

/// How well a text is cut; none where it holds nothing.
fn cutting(text: &str, delimiter: u8, quoting: Quoting) -> Option<Cutting> {
    let places = csv::scan(text, delimiter, quoting, &mut |_| true).ok()?;
    let first = 0..places.records().min(sniff::LOOKED_AT);
    let cells = first.map(|r| places.raws(text, r).map(|raw| quoting.value(raw)).collect());
    let header = sniff::header(&cells.collect::<Vec<Vec<_>>>());
    (places.records() > 0).then(|| measured(text, &places, header, places.records()))
}

fn measured(text: &str, places: &csv::Places, header: usize, end: usize) -> Cutting {
    let width = if places.records() > header { places.cells(header) } else { 0 };
    let is_ragged = |&record: &usize| {
        places.cells(record) != width && !places.content(text, record).trim().is_empty()
    };
    let mut ragged = (header + 1..end).filter(is_ragged);
    let first = ragged.next();
    let odd = places.odd();
    let earliest = first.into_iter().chain(odd.first().map(|&record| record as usize)).min();
    Cutting {
        ragged: usize::from(first.is_some()) + ragged.count(),
        odd: odd.len(),
        line: earliest.map(|record| places.line(record)),
        width,
    }
}

/// What stands in a line that is one quoted cell as a whole; none where it is no such line.
fn wrapped(raw: &str) -> Option<&str> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    let is_cut = inner.contains([',', ';', '\t', '|']);
    (is_cut && !inner.replace("\"\"", "").contains('"')).then_some(inner)
}

/// The text without the quotes around whole lines; other lines are as they were.
pub(crate) fn unwrapped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive(['\n', '\r']) {
        let content = line.trim_end_matches(['\n', '\r']);
        match wrapped(content) {
            Some(inner) => out.push_str(&inner.replace("\"\"", "\"")),
            None => out.push_str(content),
        }
        out.push_str(&line[content.len()..]);
    }
    out
}
