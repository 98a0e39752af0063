//! The drop-downs of a sheet: which cells have one, and which values it offers.

use quick_xml::events::{BytesStart, Event};

use super::part::{Archive, Xml, attribute};
use super::workbook::{self, Workbook};
use super::{Kind, Limits, Progress, Sheet, damaged, sheet};
use crate::error::Result;

/// The values that cells of a sheet are chosen from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DropDown {
    /// The columns it is on, counted from 0, and how many rows of each.
    pub columns: Vec<(u32, u32)>,
    /// What it offers; or why nobody can tell, in words.
    pub values: Result<Vec<String>, String>,
}

/// Names lead to other names; more steps than this lead in a circle.
const MOST_STEPS: usize = 8;

/// Reads the drop-downs of a sheet of an XLSX file: the one named, or the first that is not hidden.
pub fn read(bytes: &[u8], wanted: Option<&str>, progress: Progress) -> Result<Vec<DropDown>> {
    let limits = Limits::default();
    let mut archive = Archive::open(bytes, &limits)?;
    let workbook = workbook::read(&mut archive)?;
    let tab = sheet::choose(&workbook.sheets, wanted, Kind::Xlsx)?;
    let Some(xml) = archive.xml(&tab.part)? else {
        return Err(damaged(Kind::Xlsx, format!("the sheet `{}` is missing", tab.name)));
    };
    let written = written(xml)?;
    let mut book = Book { bytes, limits, workbook: &workbook, progress, read: Vec::new() };
    let mut found = Vec::new();
    for (places, formula) in written {
        let values = book.values(&formula, &tab.name, 0)?;
        let columns = places.split_whitespace().filter_map(Range::of).flat_map(|range| {
            let rows = range.rows.1 - range.rows.0 + 1;
            (range.columns.0..=range.columns.1).map(move |column| (column, rows))
        });
        found.push(DropDown { columns: columns.collect(), values });
    }
    Ok(found)
}

/// The cells of each list, and the formula of its values: those that Excel 2007 knows, and those that refer to another
/// sheet, which later versions write apart.
fn written(mut xml: Xml) -> Result<Vec<(String, String)>> {
    const MOST: usize = 10_000;
    let mut found = Vec::new();
    loop {
        match xml.next()? {
            Event::Start(tag) if tag.local_name().as_ref() == "dataValidation" => {
                let is_list = attribute(&tag, "type")?.is_some_and(|kind| kind == "list");
                let places = places(&tag)?;
                let one = one(&mut xml, places)?;
                if is_list && found.len() < MOST {
                    found.push(one);
                }
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

fn places(tag: &BytesStart) -> Result<String> {
    Ok(attribute(tag, "sqref")?.unwrap_or_default().into_owned())
}

fn one(xml: &mut Xml, mut places: String) -> Result<(String, String)> {
    let mut formula = String::new();
    let mut depth = 1_usize;
    while depth > 0 {
        match xml.next()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "formula1" => xml.text_into(&mut formula)?,
                "sqref" => xml.text_into(&mut places)?,
                _ => depth += 1,
            },
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    Ok((places, formula.trim().to_owned()))
}

/// A workbook whose sheets are looked at for values.
struct Book<'b> {
    bytes: &'b [u8],
    limits: Limits,
    workbook: &'b Workbook,
    progress: Progress<'b>,
    read: Vec<Sheet>,
}

impl Book<'_> {
    fn values(
        &mut self,
        formula: &str,
        own: &str,
        steps: usize,
    ) -> Result<Result<Vec<String>, String>> {
        let formula = formula.trim().trim_start_matches('=');
        if let Some(inside) = formula.strip_prefix('"').and_then(|f| f.strip_suffix('"')) {
            let values = inside.replace("\"\"", "\"");
            let values = values.split(',').map(|value| value.trim().to_owned());
            return Ok(Ok(values.filter(|value| !value.is_empty()).collect()));
        }
        let (tab, place) = match tab_and_place(formula) {
            Some((tab, place)) => (tab, place),
            None => (own.to_owned(), formula),
        };
        if let Some(range) = Range::of(place) {
            return self.cells(&tab, &range);
        }
        let name = self.workbook.names.iter().find(|(name, _)| name.eq_ignore_ascii_case(place));
        match name {
            Some((_, meant)) if steps < MOST_STEPS => {
                let meant = meant.clone();
                self.values(&meant, own, steps + 1)
            }
            _ => Ok(Err("its values are worked out by a formula".into())),
        }
    }

    fn cells(&mut self, tab: &str, range: &Range) -> Result<Result<Vec<String>, String>> {
        let known = |name: &str| name.eq_ignore_ascii_case(tab);
        let Some(named) = self.workbook.sheets.iter().find(|sheet| known(&sheet.name)) else {
            return Ok(Err(format!("its values are on a sheet `{tab}` that is not there")));
        };
        if !self.read.iter().any(|sheet| sheet.name == named.name) {
            let sheet = sheet::read(self.bytes, Some(&named.name), &self.limits, self.progress)?;
            self.read.push(sheet);
        }
        let Some(sheet) = self.read.iter().find(|sheet| sheet.name == named.name) else {
            return Ok(Ok(Vec::new()));
        };
        let mut values = Vec::new();
        for (at, row) in sheet.rows.iter().enumerate() {
            if (range.rows.0..=range.rows.1).contains(&row.number) {
                let last = range.columns.1.min(sheet.width);
                let cells = (range.columns.0..=last).map(|column| sheet.cell(at, column as usize));
                values.extend(cells.filter(|cell| !cell.trim().is_empty()).map(str::to_owned));
            }
        }
        Ok(Ok(values))
    }
}

/// `'My lists'!$A$1:$A$9` in its two parts.
fn tab_and_place(formula: &str) -> Option<(String, &str)> {
    let (tab, place) = formula.rsplit_once('!')?;
    let tab = match tab.strip_prefix('\'').and_then(|tab| tab.strip_suffix('\'')) {
        Some(quoted) => quoted.replace("''", "'"),
        None => tab.to_owned(),
    };
    Some((tab, place))
}

/// A block of cells: columns counted from 0, rows from 1, both ends in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Range {
    columns: (u32, u32),
    rows: (u32, u32),
}

impl Range {
    /// `$B$2:$B$9`, `B2`, a whole column `$B:$B` or row `2:2`.
    fn of(text: &str) -> Option<Range> {
        use super::cells::{MOST_COLUMNS, MOST_ROWS};
        let (first, last) = text.split_once(':').unwrap_or((text, text));
        let (first, last) = (corner(first)?, corner(last)?);
        let is_cell = text.contains(':') || (first.0.is_some() && first.1.is_some());
        let (left, top) = (first.0.unwrap_or(0), first.1.unwrap_or(1));
        let (right, bottom) = (last.0.unwrap_or(MOST_COLUMNS - 1), last.1.unwrap_or(MOST_ROWS));
        let ordered = left <= right && top <= bottom;
        (is_cell && ordered).then_some(Range { columns: (left, right), rows: (top, bottom) })
    }
}

/// The column and the row of `$B$2`; one of them may be missing, not both.
fn corner(text: &str) -> Option<(Option<u32>, Option<u32>)> {
    use super::cells::{MOST_COLUMNS, MOST_ROWS};
    let bare = text.replace('$', "");
    let letters = bare.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, digits) = bare.split_at(letters);
    if letters.len() > 3 || (letters.is_empty() && digits.is_empty()) {
        return None;
    }
    let column = letters
        .bytes()
        .fold(0, |sum, letter| sum * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1)
        .checked_sub(1);
    let row = match digits {
        "" => None,
        digits => Some(digits.parse().ok().filter(|row| (1..=MOST_ROWS).contains(row))?),
    };
    column.is_none_or(|column| column < MOST_COLUMNS).then_some((column, row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_cells_are_read_however_they_are_written() {
        let block = |columns, rows| Some(Range { columns, rows });
        assert_eq!(Range::of("$B$2:$B$9"), block((1, 1), (2, 9)));
        assert_eq!(Range::of("b2"), block((1, 1), (2, 2)));
        assert_eq!(Range::of("AA:AB"), block((26, 27), (1, 1_048_576)));
        assert_eq!(Range::of("3:4"), block((0, 16_383), (3, 4)));
        for no in ["", "Groups", "INDIRECT(A2)", "B9:B2", "B0", "A:", "Table1[Team]", "B", "2"] {
            assert_eq!(Range::of(no), None, "{no}");
        }
    }

    #[test]
    fn a_sheet_with_an_apostrophe_in_its_name_is_found() {
        assert_eq!(tab_and_place("'Ann''s lists'!$A$1"), Some(("Ann's lists".into(), "$A$1")));
        assert_eq!(tab_and_place("Lists!A:A"), Some(("Lists".into(), "A:A")));
        assert_eq!(tab_and_place("$A$1"), None);
    }
}
