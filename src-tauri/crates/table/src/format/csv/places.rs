//! Where the cells of a text lie.

/// The largest text that four-byte places can address.
pub const LARGEST: usize = u32::MAX as usize - 1;

/// Where each cell and record of a text lies: four bytes a cell, eight a record.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Places {
    /// The end of each cell, all records in a row. A cell begins one after the end of the one before it.
    pub(super) ends: Vec<u32>,
    /// For each record, the first of its cells in `ends`; one more at the end.
    pub(super) firsts: Vec<u32>,
    /// For each record, the byte on which it begins; one more at the end.
    pub(super) starts: Vec<u32>,
    /// How often each line end occurs: LF, CRLF, CR.
    pub line_ends: [u32; 3],
    /// Records with line breaks inside quotes, and how many there are up to and with each.
    pub(super) inner_breaks: Vec<(u32, u32)>,
    /// Lines above the first record.
    pub(super) above: u32,
    /// The text ends inside quotes: the last cell was never closed.
    pub open: bool,
    /// Records with a quote that neither begins nor ends a cell, or that is never closed.
    pub(super) odd: Vec<u32>,
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
