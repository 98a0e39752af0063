//! Finds the cells of a delimited text, and writes cells back in the same dialect.
//!
//! The scanner reads what the `csv` crate reads (its tests hold it to that) but keeps blank rows and remembers
//! where everything lies, so that what nobody touched can be written back as the bytes it was.
//! Neither `csv` nor `simd-csv` can do that. Files that are read once or made new are the `csv` crate's: [`super::side`].

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use super::quoting::Quoting;
use crate::error::{Failure, FailureKind, Result};
use crate::going::stopped;

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

/// Where each cell and record of a text lies: four bytes a cell, eight a record.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Places {
    /// The end of each cell, all records in a row. A cell begins one after the end of the one before it.
    ends: Vec<u32>,
    /// For each record, the first of its cells in `ends`; one more at the end.
    firsts: Vec<u32>,
    /// For each record, the byte on which it begins; one more at the end.
    starts: Vec<u32>,
    /// How often each line end occurs: LF, CRLF, CR.
    pub line_ends: [u32; 3],
    /// Records with line breaks inside quotes, and how many there are up to and with each.
    inner_breaks: Vec<(u32, u32)>,
    /// Lines above the first record.
    above: u32,
    /// The text ends inside quotes: the last cell was never closed.
    pub open: bool,
    /// Records with a quote that neither begins nor ends a cell, or that is never closed.
    odd: Vec<u32>,
}

impl Places {
    /// How many records there are: header, title and blank rows included.
    pub fn records(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// How many cells a record has; one for a blank line. Panics where there is no such record.
    pub fn cells(&self, record: usize) -> usize {
        (self.firsts[record + 1] - self.firsts[record]) as usize
    }

    /// The bytes of a record, its line end included.
    pub fn record<'t>(&self, text: &'t str, record: usize) -> &'t str {
        &text[self.starts[record] as usize..self.starts[record + 1] as usize]
    }

    /// The bytes of a record without its line end.
    pub fn content<'t>(&self, text: &'t str, record: usize) -> &'t str {
        let last = self.firsts[record + 1] as usize - 1;
        &text[self.starts[record] as usize..self.ends[last] as usize]
    }

    /// A cell as it stands in the text, quotes included; none beyond the record's last cell.
    #[inline]
    pub fn raw<'t>(&self, text: &'t str, record: usize, cell: usize) -> Option<&'t str> {
        let first = self.firsts[record] as usize;
        let at = first + cell;
        if at >= self.firsts[record + 1] as usize {
            return None;
        }
        let start = if cell == 0 { self.starts[record] } else { self.ends[at - 1] + 1 };
        Some(&text[start as usize..self.ends[at] as usize])
    }

    /// The cells of a record as they stand in the text.
    pub fn raws<'t>(&'t self, text: &'t str, record: usize) -> Raws<'t> {
        let ends = &self.ends[self.firsts[record] as usize..self.firsts[record + 1] as usize];
        Raws { text, ends: ends.iter(), start: self.starts[record] as usize }
    }

    /// The line of the file on which a record begins, counted from 1. Line breaks inside quoted cells count, as they
    /// do in an editor.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "`scan` refuses a text larger than LARGEST"
    )]
    pub fn line(&self, record: usize) -> u32 {
        let before = self.inner_breaks.partition_point(|(of, _)| (*of as usize) < record);
        let extra = before.checked_sub(1).map_or(0, |at| self.inner_breaks[at].1);
        self.above + record as u32 + 1 + extra
    }

    /// Records with a quote that neither begins nor ends a cell, or that is never closed; in order.
    pub fn odd(&self) -> &[u32] {
        &self.odd
    }

    /// Whether a record has a line break inside a cell.
    pub fn has_inner_breaks(&self, record: usize) -> bool {
        self.inner_breaks.binary_search_by_key(&record, |(of, _)| *of as usize).is_ok()
    }

    /// Forgets the last record, which may not be whole where the text goes on.
    pub fn forget_last(&mut self) {
        let Some(left) = self.records().checked_sub(1) else { return };
        self.starts.pop();
        self.firsts.pop();
        self.ends.truncate(self.firsts[left] as usize);
        self.inner_breaks.retain(|(of, _)| (*of as usize) < left);
        self.odd.retain(|of| (*of as usize) < left);
        self.open = false;
    }

    /// Numbers the records one by one from a line on, as the rows of a sheet are.
    pub fn number_from(&mut self, first: u32) {
        self.inner_breaks.clear();
        self.above = first.saturating_sub(1);
    }
}

/// The cells of one record, one after another.
pub struct Raws<'t> {
    text: &'t str,
    ends: std::slice::Iter<'t, u32>,
    start: usize,
}

impl<'t> Iterator for Raws<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let end = *self.ends.next()? as usize;
        let cell = &self.text[self.start..end];
        self.start = end + 1;
        Some(cell)
    }
}

/// The largest text that four-byte places can address.
pub const LARGEST: usize = u32::MAX as usize - 1;

/// Finds every cell. `go_on` is told the bytes done now and then; it answers whether to go on.
///
/// Fails with kind `Format` above [`LARGEST`], and with `Cancelled` when `go_on` says so.
pub fn scan(
    text: &str,
    delimiter: u8,
    quoting: Quoting,
    go_on: &mut dyn FnMut(usize) -> bool,
) -> Result<Places> {
    if text.len() > LARGEST {
        return Err(Failure::new(FailureKind::Format, "the file is larger than 4 GB")
            .hint("Split it into smaller files; every LMS takes far less."));
    }
    let parts = parts(text.as_bytes(), rayon::current_num_threads(), PART);
    let all = Source { bytes: text.as_bytes(), delimiter, quoting };
    scan_parts(all, &parts, go_on).ok_or_else(stopped)
}

/// A text of at least so many bytes is worth a thread.
const PART: usize = 4 << 20;

/// Parts of a text that begin behind a line feed, as many as there are threads for.
fn parts(bytes: &[u8], threads: usize, least: usize) -> Vec<Range<usize>> {
    let most = (bytes.len() / least).clamp(1, threads.max(1));
    let mut parts = Vec::new();
    let mut from = 0;
    for part in 1..most {
        let near = (bytes.len() / most * part).max(from);
        let Some(line_feed) = memchr::memchr(b'\n', &bytes[near..]) else { break };
        parts.push(from..near + line_feed + 1);
        from = near + line_feed + 1;
    }
    parts.push(from..bytes.len());
    parts
}

/// Scans each part as if a record began with it. Where one does not, as what begins it is still in quotes, the part is
/// scanned again from where the one before it ended; that takes longer and is the same in the end.
fn scan_parts(
    all: Source,
    parts: &[Range<usize>],
    go_on: &mut dyn FnMut(usize) -> bool,
) -> Option<Places> {
    let [first, others @ ..] = parts else { return None };
    let is_stopped = AtomicBool::new(false);
    let mut ahead: Vec<Option<Scanner>> = Vec::new();
    ahead.resize_with(others.len(), || None);
    let mut scanner = Scanner::of(all, 0, all.bytes.len());
    let mut told = |at: usize| go_on(at);
    let done = rayon::in_place_scope(|scope| {
        for (part, ahead) in others.iter().zip(&mut ahead) {
            let is_stopped = &is_stopped;
            scope.spawn(move |_| {
                let mut scanner = Scanner::of(all, part.start, part.len());
                let done = scanner.scan(part.clone(), &mut |_| !is_stopped.load(Ordering::Relaxed));
                *ahead = done.then_some(scanner);
            });
        }
        let done = scanner.scan(first.clone(), &mut |at| told(at.saturating_mul(parts.len())));
        is_stopped.store(!done, Ordering::Relaxed);
        done
    });
    if !done {
        return None;
    }
    for (part, ahead) in others.iter().zip(ahead) {
        match ahead {
            Some(ahead) if scanner.is_between_records(part.start) => scanner.append(ahead),
            _ if scanner.scan(part.clone(), &mut told) => {}
            _ => return None,
        }
    }
    Some(scanner.finish())
}

/// One bit a byte: where a block of 64 has delimiters or line ends, and where quotes or what escapes them.
#[derive(Clone, Copy)]
struct Marks {
    breaks: u64,
    quotes: u64,
}

fn block_marks(block: &[u8; 64], delimiter: u8, quoting: Quoting) -> Marks {
    use wide::u8x16;
    let splat = u8x16::splat;
    let (delimiters, lf, cr) = (splat(delimiter), splat(b'\n'), splat(b'\r'));
    // Where there is none, one of what is sought anyway.
    let quotes = splat(quoting.mark.unwrap_or(delimiter));
    let escapes = splat(b'\\');
    let mut marks = Marks { breaks: 0, quotes: 0 };
    for (lane, part) in block.as_chunks::<16>().0.iter().enumerate() {
        let bytes = u8x16::new(*part);
        let found = bytes.simd_eq(delimiters) | bytes.simd_eq(lf) | bytes.simd_eq(cr);
        marks.breaks |= u64::from(found.to_bitmask()) << (lane * 16);
        if quoting.mark.is_some() {
            marks.quotes |= u64::from(bytes.simd_eq(quotes).to_bitmask()) << (lane * 16);
        }
        if quoting.escape {
            marks.quotes |= u64::from(bytes.simd_eq(escapes).to_bitmask()) << (lane * 16);
        }
    }
    marks
}

/// A text that is scanned, and how it was written.
#[derive(Clone, Copy)]
struct Source<'t> {
    bytes: &'t [u8],
    delimiter: u8,
    quoting: Quoting,
}

struct Scanner<'t> {
    bytes: &'t [u8],
    delimiter: u8,
    quoting: Quoting,
    places: Places,
    cell_start: usize,
    in_quotes: bool,
    /// Marks before this byte have been dealt with: the second of a doubled quote, the LF of a CRLF.
    skip_to: usize,
}

impl<'t> Scanner<'t> {
    /// One that begins a record on a byte, and has room for what so many bytes are likely to hold.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "`scan` refuses a text larger than LARGEST"
    )]
    fn of(Source { bytes, delimiter, quoting }: Source<'t>, from: usize, length: usize) -> Self {
        let sample = &bytes[..bytes.len().min(1 << 16)];
        let breaks = sample.iter().filter(|&&b| b == delimiter || b == b'\n').count();
        let lines = memchr::memchr_iter(b'\n', sample).count();
        let scale = |n: usize| {
            if sample.is_empty() { 1 } else { (n + 1) * (length / sample.len() + 1) }
        };
        let mut places = Places::default();
        places.ends.reserve(scale(breaks));
        places.firsts.reserve(scale(lines));
        places.starts.reserve(scale(lines));
        places.firsts.push(0);
        places.starts.push(from as u32);
        let (cell_start, skip_to) = (from, from);
        Self { bytes, delimiter, quoting, places, cell_start, in_quotes: false, skip_to }
    }

    /// Goes on over a part of the text; false where it was told to stop.
    fn scan(&mut self, part: Range<usize>, go_on: &mut dyn FnMut(usize) -> bool) -> bool {
        const CANCEL_EVERY: usize = 4 << 20;
        let (mut at, mut told) = (part.start, part.start);
        while let Some(block) = self.bytes[at..part.end].first_chunk::<64>() {
            self.block(at, block_marks(block, self.delimiter, self.quoting));
            at += 64;
            if at - told >= CANCEL_EVERY {
                told = at;
                if !go_on(at) {
                    return false;
                }
            }
        }
        let left = &self.bytes[at..part.end];
        let mut rest = [0u8; 64];
        rest[..left.len()].copy_from_slice(left);
        let mut marks = block_marks(&rest, self.delimiter, self.quoting);
        let keep = (1u64 << left.len()) - 1;
        marks.breaks &= keep;
        marks.quotes &= keep;
        self.block(at, marks);
        true
    }

    /// Whether a record ended just before a byte.
    fn is_between_records(&self, at: usize) -> bool {
        let start = self.places.starts.last().map(|start| *start as usize);
        !self.in_quotes && self.skip_to <= at && start == Some(at) && self.cell_start == at
    }

    /// Takes over what one found that began where this one is.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "`scan` refuses a text larger than LARGEST"
    )]
    fn append(&mut self, ahead: Scanner<'t>) {
        let (places, more) = (&mut self.places, ahead.places);
        let (cells, records) = (places.ends.len() as u32, places.starts.len() as u32 - 1);
        let inner_breaks = places.inner_breaks.last().map_or(0, |(_, count)| *count);
        places.ends.extend(more.ends);
        places.firsts.extend(more.firsts[1..].iter().map(|first| first + cells));
        places.starts.extend(&more.starts[1..]);
        for (all, more) in places.line_ends.iter_mut().zip(more.line_ends) {
            *all += more;
        }
        let moved = |(record, count)| (record + records, count + inner_breaks);
        places.inner_breaks.extend(more.inner_breaks.into_iter().map(moved));
        places.odd.extend(more.odd.into_iter().map(|record| record + records));
        (self.cell_start, self.in_quotes) = (ahead.cell_start, ahead.in_quotes);
        self.skip_to = ahead.skip_to;
    }

    fn block(&mut self, base: usize, marks: Marks) {
        if marks.quotes == 0 && !self.in_quotes {
            let mut breaks = marks.breaks;
            while breaks != 0 {
                let at = base + breaks.trailing_zeros() as usize;
                breaks &= breaks - 1;
                self.cell_ends(at);
            }
            return;
        }
        let mut all = marks.breaks | marks.quotes;
        while all != 0 {
            let bit = all & all.wrapping_neg();
            let at = base + all.trailing_zeros() as usize;
            all &= all - 1;
            if at < self.skip_to {
                continue;
            }
            if marks.quotes & bit == 0 {
                if self.in_quotes {
                    self.inner_break(at);
                } else {
                    self.cell_ends(at);
                }
            } else if self.quoting.escape && self.bytes[at] == b'\\' {
                self.escapes(at);
            } else if !self.in_quotes {
                self.in_quotes = at == self.cell_start;
                if !self.in_quotes {
                    self.is_odd();
                }
            } else if self.bytes.get(at + 1) == Some(&self.bytes[at]) {
                self.skip_to = at + 2;
            } else {
                self.in_quotes = false;
                let ends = |b: &u8| *b == self.delimiter || matches!(b, b'\n' | b'\r');
                if !self.bytes.get(at + 1).is_none_or(ends) {
                    self.is_odd();
                }
            }
        }
    }

    /// A backslash, and what it takes its meaning from.
    fn escapes(&mut self, at: usize) {
        self.skip_to = at + 2;
        match (self.bytes.get(at + 1), self.bytes.get(at + 2)) {
            (Some(b'\r'), Some(b'\n')) => {
                self.skip_to = at + 3;
                self.inner_break(at + 1);
            }
            (Some(b'\r' | b'\n'), _) => self.inner_break(at + 1),
            _ => {}
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "`scan` refuses a text larger than LARGEST"
    )]
    fn is_odd(&mut self) {
        let record = self.places.starts.len() as u32 - 1;
        if self.places.odd.last() != Some(&record) {
            self.places.odd.push(record);
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "`scan` refuses a text larger than LARGEST"
    )]
    fn inner_break(&mut self, at: usize) {
        let is_second = self.bytes[at] == b'\n' && at > 0 && self.bytes[at - 1] == b'\r';
        if self.bytes[at] == self.delimiter || is_second {
            return;
        }
        let record = self.places.starts.len() as u32 - 1;
        match self.places.inner_breaks.last_mut() {
            Some((of, count)) if *of == record => *count += 1,
            last => {
                let before = last.map_or(0, |(_, count)| *count);
                self.places.inner_breaks.push((record, before + 1));
            }
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "`scan` refuses a text larger than LARGEST"
    )]
    fn cell_ends(&mut self, at: usize) {
        if at < self.skip_to {
            return;
        }
        self.places.ends.push(at as u32);
        let byte = self.bytes[at];
        if byte == self.delimiter {
            self.cell_start = at + 1;
            return;
        }
        let (kind, length) = match byte {
            b'\n' => (0, 1),
            _ if self.bytes.get(at + 1) == Some(&b'\n') => (1, 2),
            _ => (2, 1),
        };
        self.places.line_ends[kind] += 1;
        self.skip_to = at + length;
        self.record_ends(at + length);
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "`scan` refuses a text larger than LARGEST"
    )]
    fn record_ends(&mut self, next: usize) {
        self.cell_start = next;
        self.places.firsts.push(self.places.ends.len() as u32);
        self.places.starts.push(next as u32);
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "`scan` refuses a text larger than LARGEST"
    )]
    fn finish(mut self) -> Places {
        let end = self.bytes.len();
        let begun = self.places.starts.last().is_some_and(|&start| (start as usize) < end);
        self.places.open = self.in_quotes;
        if begun && self.in_quotes {
            self.is_odd();
        }
        if begun {
            self.places.ends.push(end as u32);
            self.record_ends(end);
        }
        self.places
    }
}

#[cfg(test)]
mod tests {
    use super::super::quoting::write_cell;
    use super::*;
    use proptest::prelude::*;

    fn rows(text: &str, delimiter: u8) -> Vec<Vec<String>> {
        rows_quoted(text, delimiter, Quoting::default())
    }

    fn rows_quoted(text: &str, delimiter: u8, quoting: Quoting) -> Vec<Vec<String>> {
        let places = scan(text, delimiter, quoting, &mut |_| true).expect("short texts are read");
        let value = |raw| quoting.value(raw);
        (0..places.records())
            .map(|r| {
                (0..places.cells(r))
                    .map(|c| value(places.raw(text, r, c).expect("within the record")).into_owned())
                    .collect()
            })
            .collect()
    }

    fn csv_crate_rows(text: &str, delimiter: u8) -> Vec<Vec<String>> {
        ::csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text.as_bytes())
            .records()
            .map(|r| r.expect("valid text").iter().map(String::from).collect())
            .collect()
    }

    fn is_blank_line(row: &[String]) -> bool {
        row.len() == 1 && row[0].is_empty()
    }

    fn agrees(text: &str, delimiter: u8) {
        let ours: Vec<_> =
            rows(text, delimiter).into_iter().filter(|r| !is_blank_line(r)).collect();
        let theirs: Vec<_> =
            csv_crate_rows(text, delimiter).into_iter().filter(|r| !is_blank_line(r)).collect();
        assert_eq!(ours, theirs, "{text:?}");
    }

    #[test]
    fn quotes_breaks_and_ragged_rows_are_read_as_the_csv_crate_reads_them() {
        for text in [
            "",
            "a",
            "a,b\nc,d",
            "a,b\r\nc\r\n",
            "\"a\"\"b\",c\n",
            "\"a\nb\",c\r",
            "a\"b,c\"\n\"x\"y,z",
            "\"open,\n",
            "\n\n,\n",
            "\"\"\n",
            "a,\"",
            ",,,\r\n\r\nb",
            "\"a\"\r\n\"b\"",
            "\"\"\"\",\"\"\"\"\"\"",
        ] {
            agrees(text, b',');
        }
    }

    #[test]
    fn records_put_together_are_the_text() {
        let text = "a,b\r\n\"x\ny\",z\n\nlast";
        let places = scan(text, b',', Quoting::default(), &mut |_| true).expect("read");
        let again: String = (0..places.records()).map(|r| places.record(text, r)).collect();
        assert_eq!(again, text);
        let of: Vec<_> = (0..places.records()).map(|r| places.line(r)).collect();
        assert_eq!(of, [1, 2, 4, 5]);
    }

    proptest! {
        #[test]
        fn arbitrary_text_is_read_as_the_csv_crate_reads_it(text in "[a;,\"\r\n é]{0,200}") {
            agrees(&text, b',');
            agrees(&text, b';');
        }

        #[test]
        fn parts_that_are_scanned_at_once_are_as_one(
            text in "[a,'\"\\\\\r\n é]{0,300}",
            mark in prop::sample::select(vec![None, Some(b'"'), Some(b'\'')]),
            escape: bool,
            threads in 1usize..5,
        ) {
            let quoting = Quoting { mark, escape };
            let all = Source { bytes: text.as_bytes(), delimiter: b',', quoting };
            let scanned = |parts: &[Range<usize>]| {
                scan_parts(all, parts, &mut |_| true).expect("nothing stops it")
            };
            let parts = parts(text.as_bytes(), threads, 8);
            let whole = 0..text.len();
            prop_assert_eq!(scanned(&parts), scanned(std::slice::from_ref(&whole)));
        }

        #[test]
        fn a_written_cell_reads_back(
            cells in prop::collection::vec("[a;,'\"\\\\\r\n éN]{1,40}", 1..4),
            quoted: bool,
            mark in prop::sample::select(vec![b'"', b'\'']),
            escape: bool,
        ) {
            let quoting = Quoting { mark: Some(mark), escape };
            let dialect = Dialect { delimiter: b';', line_end: LineEnd::Lf, mixed: false, always_quoted: false, quoting };
            let mut text = String::new();
            for (n, cell) in cells.iter().enumerate() {
                if n > 0 {
                    text.push(';');
                }
                write_cell(&mut text, cell, &dialect, quoted);
            }
            prop_assert_eq!(rows_quoted(&text, b';', quoting), vec![cells]);
        }

        #[test]
        fn nothing_is_lost_however_it_is_quoted(
            text in "[a,'\"\\\\\r\n é]{0,200}",
            mark in prop::sample::select(vec![None, Some(b'"'), Some(b'\'')]),
            escape: bool,
        ) {
            let quoting = Quoting { mark, escape };
            let places = scan(&text, b',', quoting, &mut |_| true).expect("read");
            let again: String = (0..places.records()).map(|r| places.record(&text, r)).collect();
            prop_assert_eq!(again, text);
        }
    }

    #[test]
    fn backslashes_hold_cells_together_where_they_are_asked_to() {
        let text = "u1,\"Ada \\\"Addie\\\" Berg\",Sales\\, EMEA,C:\\Users\nu2,Bo,\\N,a\\\nb\n";
        let escaped = Quoting { mark: Some(b'"'), escape: true };
        assert_eq!(
            rows_quoted(text, b',', escaped),
            [["u1", "Ada \"Addie\" Berg", "Sales, EMEA", "C:\\Users"], ["u2", "Bo", "\\N", "a\nb"]]
        );
    }

    #[test]
    fn quotes_out_of_their_place_are_remembered_by_record() {
        let odd = |text: &str| {
            let places = scan(text, b',', Quoting::default(), &mut |_| true).expect("read");
            places.odd().to_vec()
        };
        assert_eq!(odd("a,\"b\"\"c\",d\r\n\"x\ny\",\"\"\n\"\"\n"), [] as [u32; 0]);
        assert_eq!(odd("a\n1,\"b\" c\n5\" x\n\"y\n"), [1, 2, 3]);
        assert_eq!(odd("a,\""), [0]);
    }
}
