//! Quotes that stand where none belongs, and the rows as they were meant.

use super::Table;

/// A quote where none belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StrayQuote {
    /// The column of the first such cell.
    pub column: usize,
    /// What is wrong with it.
    pub fault: QuoteFault,
    /// The last line of the row: what is below its first was read as part of it.
    pub last_line: u32,
}

/// What is wrong with a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuoteFault {
    /// It opens a cell that is never closed.
    NeverClosed,
    /// Something stands behind the one that closes the cell.
    TextBehind,
    /// It stands in a cell that is not quoted, and has no partner.
    Alone,
}

impl Table {
    /// The gravest quote of a row that stands where none belongs, in a cell that is as the file has it. In a column of
    /// prose inches are no such.
    pub fn stray_quote(&self, row: u32, is_prose: impl Fn(usize) -> bool) -> Option<StrayQuote> {
        if self.places.odd().is_empty()
            || self.own_cells(row).is_some()
            || self.places.odd().binary_search(&row).is_err()
        {
            return None;
        }
        let record = row as usize;
        let faults = self.places.raws(&self.text, record).enumerate().filter_map(|(id, raw)| {
            let column = (0..self.cells(row)).find(|&c| self.layout.id(c) as usize == id)?;
            let fault = self.fault_of(raw).filter(|_| self.cell(row, column) == self.value(raw))?;
            let is_one = fault != QuoteFault::Alone || !is_prose(column) || !are_inches(raw);
            is_one.then_some((column, fault))
        });
        let (column, fault) = faults.min_by_key(|(_, fault)| *fault as u8)?;
        Some(StrayQuote { column, fault, last_line: self.last_line(row) })
    }

    /// The last of the lines of which a row is made.
    pub fn last_line(&self, row: u32) -> u32 {
        let content = self.places.content(&self.text, row as usize);
        let breaks = lines(content.trim_end_matches(['\r', '\n'])).count().saturating_sub(1);
        self.places.line(row as usize) + crate::narrow::place(breaks)
    }

    pub(super) fn fault_of(&self, raw: &str) -> Option<QuoteFault> {
        let quoting = self.dialect.quoting;
        let mark = char::from(quoting.mark?);
        let Some(inner) = raw.strip_prefix(mark) else {
            // Apostrophes are letters.
            let is_alone = mark == '"' && !raw.matches(mark).count().is_multiple_of(2);
            return (is_alone && !quoting.escape).then_some(QuoteFault::Alone);
        };
        match closing(inner, mark, quoting.escape) {
            None => Some(QuoteFault::NeverClosed),
            // A space behind it is one at the end.
            Some(at) => {
                let behind = &inner[at + 1..];
                (!behind.trim_matches(' ').is_empty()).then_some(QuoteFault::TextBehind)
            }
        }
    }

    /// A row as it was meant, where that is plain: as many rows as it has lines, or one, each with a cell for every column.
    /// None where the row was touched.
    pub fn as_meant(&self, row: u32) -> Option<Vec<Vec<String>>> {
        let content = self.record(row)?.trim_end_matches(['\r', '\n']);
        self.lines_as_rows(row).or_else(|| {
            let cells = self.meant(content)?;
            Some(vec![cells])
        })
    }

    /// The lines of a row as rows of their own, where each has a cell for every column; none where there is one line, or a
    /// cell of several lines was set.
    pub fn lines_as_rows(&self, row: u32) -> Option<Vec<Vec<String>>> {
        let record = row as usize;
        if !self.places.has_inner_breaks(record)
            || !self.layout.is_files()
            || self.own_cells(row).is_some()
        {
            return None;
        }
        let raw = |id: u32| self.places.raw(&self.text, record, id as usize).unwrap_or_default();
        let set = self.set.get(&row).into_iter().flatten();
        if set.into_iter().any(|(id, _)| raw(*id).contains(['\r', '\n'])) {
            return None;
        }
        let content = self.places.content(&self.text, record).trim_end_matches(['\r', '\n']);
        let rows = lines(content).map(|line| self.meant(line)).collect::<Option<Vec<_>>>()?;
        (rows.len() > 1).then_some(rows)
    }

    /// Rows nearby that stand in the file on a line of their own, without quotes out of their place: what belongs into
    /// which column is told by [`Table::opened`] of them.
    pub fn plain_rows_near(&self, row: u32) -> impl Iterator<Item = u32> + '_ {
        const NEAR: u32 = 6;
        let all = self.opened_rows();
        let near = row.saturating_sub(NEAR).max(all.start)..(row + NEAR + 1).min(all.end);
        let names = self.header.map_or(0, |header| self.places.cells(header));
        near.filter(move |&other| {
            let record = other as usize;
            other != row
                && self.places.cells(record) == names
                && !self.places.has_inner_breaks(record)
                && self.places.odd().binary_search(&other).is_err()
        })
    }

    /// The cells of one row, with quotes that hold nothing together left out.
    fn meant(&self, content: &str) -> Option<Vec<String>> {
        let mark = char::from(self.dialect.quoting.mark?);
        let by = char::from(self.dialect.delimiter);
        let width = self.width();
        let held = cut(content, by, mark);
        if held.len() == width {
            return Some(held);
        }
        let plain: Vec<String> = content.split(by).map(|cell| without(cell, mark)).collect();
        (plain.len() == width).then_some(plain)
    }
}

/// `27" screen`, `5.5"`: behind a small number, and at the end of a word. `0010"` is a number that is none.
fn are_inches(raw: &str) -> bool {
    raw.match_indices('"').all(|(at, _)| {
        let digits = raw[..at].bytes().rev().take_while(u8::is_ascii_digit).count();
        let number = &raw[at - digits..at];
        (1..=3).contains(&digits)
            && !number.starts_with('0')
            && !raw[at + 1..].starts_with(char::is_alphanumeric)
    })
}

/// Where a quoted cell is closed, counted from behind its first quote.
fn closing(inner: &str, mark: char, escape: bool) -> Option<usize> {
    let mut chars = inner.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if escape && c == '\\' {
            chars.next();
        } else if c == mark && chars.next_if(|(_, next)| *next == mark).is_none() {
            return Some(at);
        }
    }
    None
}

/// Cells of which a quote holds one together only where another closes it before a delimiter or the end.
fn cut(content: &str, by: char, mark: char) -> Vec<String> {
    let mut cells = Vec::new();
    let mut rest = Some(content);
    while let Some(text) = rest {
        let (cell, behind) = held(text, by, mark).unwrap_or_else(|| match text.split_once(by) {
            Some((cell, behind)) => (without(cell, mark), Some(behind)),
            None => (without(text, mark), None),
        });
        cells.push(cell);
        rest = behind;
    }
    cells
}

/// The first cell, where quotes hold it together, and what stands behind its delimiter.
fn held(text: &str, by: char, mark: char) -> Option<(String, Option<&str>)> {
    let inner = text.trim_start_matches(' ').strip_prefix(mark)?;
    let doubled = format!("{mark}{mark}");
    let mut from = 0;
    while let Some(at) = inner[from..].find(mark).map(|at| from + at) {
        let behind = &inner[at + 1..];
        if behind.starts_with(mark) {
            from = at + 2;
            continue;
        }
        let ends = behind.trim_start_matches(' ');
        let value = || inner[..at].replace(&doubled, &mark.to_string());
        if ends.is_empty() {
            return Some((value(), None));
        }
        if let Some(next) = ends.strip_prefix(by) {
            return Some((value(), Some(next)));
        }
        from = at + 1;
    }
    None
}

/// A cell without a quote at its beginning or end that has no partner.
fn without(cell: &str, mark: char) -> String {
    if cell.matches(mark).count().is_multiple_of(2) {
        return cell.to_owned();
    }
    let trimmed = cell.trim();
    let bare = trimmed.strip_prefix(mark).or_else(|| trimmed.strip_suffix(mark));
    bare.unwrap_or(cell).to_owned()
}

/// Lines, whichever of the three line ends part them.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(at) = text.find(['\r', '\n']) else {
            return rest.take();
        };
        let length = if text[at..].starts_with("\r\n") { 2 } else { 1 };
        rest = Some(&text[at + length..]);
        Some(&text[..at])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(text: &str, row: u32) -> Option<Vec<Vec<String>>> {
        Table::from_text(text).expect("read").as_meant(row)
    }

    fn fault(text: &str, row: u32) -> Option<QuoteFault> {
        Table::from_text(text).expect("read").stray_quote(row, |_| true).map(|stray| stray.fault)
    }

    #[test]
    fn two_strays_swallow_people_who_come_back_as_they_were_meant() {
        let text = "user,first,last,email\nada,\"Ada,Love,a@x.org\nbo,Bo,Li,b@x.org\ncy,\"Cy,Ko,c@x.org\ndi,Di,Ng,d@x.org\n";
        assert_eq!(fault(text, 1), Some(QuoteFault::TextBehind));
        let rows = meant(text, 1).expect("plain");
        assert_eq!(rows[0], ["ada", "Ada", "Love", "a@x.org"]);
        assert_eq!(rows[1], ["bo", "Bo", "Li", "b@x.org"]);
        assert_eq!(rows[2], ["cy", "Cy", "Ko", "c@x.org"]);
        assert_eq!((rows.len(), fault(text, 2)), (3, None));
        let table = Table::from_text(text).expect("read");
        assert_eq!(table.stray_quote(1, |_| true).map(|stray| stray.last_line), Some(4));
    }

    #[test]
    fn what_a_quote_was_meant_to_be_is_told_by_where_it_stands() {
        for (line, cells) in [
            ("1,\"Ada \"Countess\" Love\",x", ["1", "Ada \"Countess\" Love", "x"]),
            ("1,\"Ada,x", ["1", "Ada", "x"]),
            ("1,Ada\",x", ["1", "Ada", "x"]),
            ("1, \"Love, Ada\" ,x", ["1", "Love, Ada", "x"]),
            ("1,\"Love, Ada\" ,\"x", ["1", "Love, Ada", "x"]),
            ("1,\"Ada \"\"C\"\" \"L\" Love\",x", ["1", "Ada \"C\" \"L\" Love", "x"]),
            ("\"1,Ada\",x", ["1", "Ada", "x"]),
        ] {
            assert_eq!(
                meant(&format!("a,b,c\n{line}\n"), 1),
                Some(vec![cells.map(String::from).to_vec()]),
                "{line}"
            );
        }
        assert_eq!(meant("a,b,c\n1,\"Ada\" x,y,z\n", 1), None, "nobody can know");
    }

    #[test]
    fn a_quote_is_a_fault_only_where_none_belongs() {
        let of = |cell: &str| fault(&format!("a,b\n1,{cell}\n2,x\n"), 1);
        for cell in [
            "\"Ada\"",
            "\"A \"\"B\"\" C\"",
            "\"a\nb\"",
            "27\"",
            "\"a\" ",
            "\"\"",
            "A \"B\" C",
            "O'Neill",
        ] {
            assert_eq!(of(cell), None, "{cell}");
        }
        assert_eq!(of("\"A\"B"), Some(QuoteFault::TextBehind));
        assert_eq!(of("\"A \"B\" C\""), Some(QuoteFault::TextBehind));
        for cell in ["27\"x", "0010\"", "1042\"", "\\\"", "x\""] {
            assert_eq!(of(cell), Some(QuoteFault::Alone), "{cell}");
        }
        assert_eq!(of("Ada\""), Some(QuoteFault::Alone));
        assert_eq!(of("Li, Jr\""), Some(QuoteFault::Alone));
        assert_eq!(of("\"Ada"), Some(QuoteFault::NeverClosed));
    }

    #[test]
    fn what_was_mended_is_no_longer_told() {
        let mut table = Table::from_text("a,b,c\n1,\"A\"B,x\n").expect("read");
        let set = |column, before: &str| crate::edit::Edit::Set {
            row: 1,
            column,
            before: before.into(),
            after: "new".into(),
        };
        table.apply(&set(2, "x")).expect("fits");
        assert!(table.stray_quote(1, |_| true).is_some(), "another cell was set");
        assert_eq!(table.as_meant(1), None, "and the row is no longer the file's");
        table.apply(&set(1, "AB")).expect("fits");
        assert_eq!(table.stray_quote(1, |_| true), None);
    }
}
