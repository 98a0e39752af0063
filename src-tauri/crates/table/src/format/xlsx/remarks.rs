//! The sentences that tell what a sheet hides from whoever looks at it.

use super::cells::{NoteKind, Sheet};
use super::workbook::Tab;

/// Cells merged into one on screen.
#[derive(Default)]
pub struct Merged {
    pub count: usize,
    /// The first few, as `A1:C1`.
    pub first: Vec<String>,
}

/// How many of a kind are named before the rest is only counted.
const NAMED: usize = 8;

impl Merged {
    pub fn push(&mut self, range: &str) {
        self.count += 1;
        if self.first.len() < NAMED {
            self.first.push(range.to_owned());
        }
    }
}

/// The remarks on a sheet; `hidden_columns` are counted from 0.
pub fn of(
    sheet: &Sheet,
    tabs: &[Tab],
    hidden_columns: &[(u32, u32)],
    merged: &Merged,
) -> Vec<String> {
    let mut remarks = Vec::new();
    remarks.extend(hidden_rows(sheet));
    remarks.extend(hidden_columns_of(sheet, hidden_columns));
    if merged.count > 0 {
        let (count, ranges) = match merged.count {
            1 => ("1 range of cells is".to_owned(), "the first cell"),
            n => (format!("{n} ranges of cells are"), "the first cell of each"),
        };
        let named = named(&merged.first, merged.count);
        remarks.push(format!("{count} merged ({named}); only {ranges} holds a text"));
    }
    remarks.extend(unknown_formulas(sheet));
    let hidden: Vec<String> =
        tabs.iter().filter(|tab| tab.hidden).map(|tab| format!("`{}`", tab.name)).collect();
    match hidden.len() {
        0 => {}
        1 => remarks.push(format!("The sheet {} is hidden in the workbook", hidden[0])),
        n => remarks.push(format!("{n} sheets are hidden in the workbook: {}", named(&hidden, n))),
    }
    remarks
}

fn hidden_rows(sheet: &Sheet) -> Option<String> {
    let hidden: Vec<u32> = (0..sheet.rows.len())
        .filter(|&row| sheet.rows[row].hidden && sheet.cells(row).any(|cell| !cell.is_empty()))
        .map(|row| sheet.rows[row].number)
        .collect();
    let lines = runs(&hidden, |line| line.to_string());
    match hidden.len() {
        0 => None,
        1 => Some(format!("1 hidden row was read too (line {lines})")),
        n => Some(format!("{n} hidden rows were read too (lines {lines})")),
    }
}

fn hidden_columns_of(sheet: &Sheet, hidden: &[(u32, u32)]) -> Option<String> {
    let hidden: Vec<u32> = (0..sheet.width)
        .filter(|at| hidden.iter().any(|(first, last)| (first..=last).contains(&at)))
        .collect();
    let columns = runs(&hidden, column_letters);
    match hidden.len() {
        0 => None,
        1 => Some(format!("1 hidden column was read too ({columns})")),
        n => Some(format!("{n} hidden columns were read too ({columns})")),
    }
}

fn unknown_formulas(sheet: &Sheet) -> Option<String> {
    let unknown: Vec<String> = sheet
        .notes
        .iter()
        .filter(|note| note.kind == NoteKind::FormulaUnknown)
        .map(|note| {
            format!("{}{}", column_letters(note.column), sheet.rows[note.row as usize].number)
        })
        .collect();
    let named = named(&unknown, unknown.len());
    let advice = "Open the file in Excel, save it, and open it here again";
    match unknown.len() {
        0 => None,
        1 => {
            Some(format!("1 formula has no saved value and was read as blank ({named}). {advice}"))
        }
        n => Some(format!(
            "{n} formulas have no saved value and were read as blank ({named}). {advice}"
        )),
    }
}

fn named(names: &[String], count: usize) -> String {
    let mut list = names[..names.len().min(NAMED)].join(", ");
    if count > NAMED {
        list.push_str(&format!(" and {} more", count - NAMED));
    }
    list
}

/// `5, 9–12, 20`, cut after a few.
fn runs(numbers: &[u32], name: impl Fn(u32) -> String) -> String {
    let mut list = Vec::new();
    let mut told = 0;
    for run in numbers.chunk_by(|a, b| a + 1 == *b) {
        if list.len() == NAMED {
            return format!("{} and {} more", list.join(", "), numbers.len() - told);
        }
        told += run.len();
        match run {
            [one] => list.push(name(*one)),
            [first, .., last] => list.push(format!("{}–{}", name(*first), name(*last))),
            [] => {}
        }
    }
    list.join(", ")
}

/// `A` for 0, `AA` for 26.
pub fn column_letters(column: u32) -> String {
    let mut letters = String::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.insert(0, char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_lines_are_told_as_runs() {
        assert_eq!(runs(&[5, 9, 10, 11, 20], |n| n.to_string()), "5, 9–11, 20");
        let odd: Vec<u32> = (0..12).map(|n| n * 2 + 1).collect();
        assert_eq!(runs(&odd, |n| n.to_string()), "1, 3, 5, 7, 9, 11, 13, 15 and 4 more");
    }

    #[test]
    fn columns_have_letters() {
        let letters = [0, 25, 26, 51, 701, 702, 16_383].map(column_letters);
        assert_eq!(letters, ["A", "Z", "AA", "AZ", "ZZ", "AAA", "XFD"]);
    }
}
