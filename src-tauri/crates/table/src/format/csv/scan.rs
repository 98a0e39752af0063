//! The scanner: one pass over the bytes, by all threads where there are many.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{LARGEST, Places};
use crate::error::{Failure, FailureKind, Result};
use crate::format::quoting::Quoting;
use crate::going::stopped;

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
pub(super) fn parts(bytes: &[u8], threads: usize, least: usize) -> Vec<Range<usize>> {
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
pub(super) fn scan_parts(
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
pub(super) struct Source<'t> {
    pub bytes: &'t [u8],
    pub delimiter: u8,
    pub quoting: Quoting,
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
