use super::row_blank::is_blank;
use super::{Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope, quote_stray};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::profile::FieldKind;
use muster_roster::roster::Column;
use muster_table::edit::Edit;
use muster_table::narrow;

pub static RULE: Rule = Rule {
    code: "row-ragged",
    title: "Row of another length",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Reading,
    scope: RuleScope::Person(check),
    page: include_str!("row_ragged.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    let table = &person.context.roster.table;
    let (cells, width) = (table.cells(person.row), table.width());
    if cells == width || quote_stray::tells(person) || is_blank(&person.context.roster, person.row)
    {
        return;
    }
    if cells < width && person.is_nobody {
        return;
    }
    sink.row(person.row, None, || {
        let n = |n: usize| if n == 1 { "1 cell".to_owned() } else { format!("{n} cells") };
        let row = table.row(person.row);
        let mut message = format!("this row has {} and the file has {width} columns", n(cells));
        let several = row.iter().map(|cell| cell.matches('\n').count()).max().unwrap_or_default();
        if several > 0 {
            message.push_str(&format!(
                "; one of them has {} lines, as when a quotation mark is not closed where it should be",
                several + 1
            ));
        }
        FindingText::new("", message).fix(mended(person, row))
    });
}

fn mended(person: &Person, cells: Vec<String>) -> Option<Fix> {
    let table = &person.context.roster.table;
    let width = table.width();
    let (title, mended) = if cells.len() < width {
        let mut longer = cells.clone();
        longer.resize(width, String::new());
        let fits = agreement(person, &longer)? > 0;
        fits.then(|| ("add blank cells at its end".to_owned(), longer))?
    } else if cells[width..].iter().all(|c| c.trim().is_empty()) {
        ("drop the blank cells at its end".to_owned(), cells[..width].to_vec())
    } else {
        joined(person, &cells)?
    };
    let (row, at) = (person.row, narrow::place(table.index_of(person.row)?));
    let edits = vec![Edit::Remove { row, at, cells }, Edit::Insert { row, at, cells: mended }];
    Some(Fix { title, safety: Safety::Unsafe, edits })
}

/// The row with one value put together again that a comma without quotes had cut, where only one place makes the other
/// cells agree with their columns.
fn joined(person: &Person, cells: &[String]) -> Option<(String, Vec<String>)> {
    let table = &person.context.roster.table;
    let parts = cells.len() - table.width() + 1;
    let by = (table.dialect().delimiter as char).to_string();
    let ways = (0..table.width()).filter_map(|at| {
        let value = cells[at..at + parts].join(&by);
        let row = [&cells[..at], std::slice::from_ref(&value), &cells[at + parts..]].concat();
        let blank_part = cells[at..at + parts].iter().any(|c| c.trim().is_empty());
        (!blank_part).then_some(())?;
        Some((agreement(person, &row)?, value, row))
    });
    let mut ways: Vec<(usize, String, Vec<String>)> = ways.collect();
    ways.sort_by_key(|(agreeing, ..)| std::cmp::Reverse(*agreeing));
    let only = ways.len() == 1 || ways.get(1).is_some_and(|second| second.0 < ways[0].0);
    let (agreeing, value, row) = ways.into_iter().next()?;
    (only && agreeing > 0).then(|| (format!("put `{value}` into one cell"), row))
}

/// How many cells plainly belong to their columns; none if one plainly does not.
fn agreement(person: &Person, cells: &[String]) -> Option<usize> {
    let mut agreeing = 0;
    for (column, cell) in person.context.roster.columns.iter().zip(cells) {
        match belongs(person, column, cell.trim()) {
            Some(true) => agreeing += 1,
            Some(false) => return None,
            None => {}
        }
    }
    Some(agreeing)
}

fn belongs(person: &Person, column: &Column, cell: &str) -> Option<bool> {
    if cell.is_empty() {
        return (column.required || column.is_key).then_some(false);
    }
    let address = cell.contains('@');
    match column.kind {
        FieldKind::Email => return Some(address && !cell.contains([',', ';', ' '])),
        FieldKind::Date | FieldKind::Number => {
            return Some(!address && cell.starts_with(|c: char| c.is_ascii_digit()));
        }
        _ if address => return Some(false),
        _ => {}
    }
    let list = column.list.as_ref().and_then(|kind| person.context.lists.get(kind));
    if let Some(list) = list {
        return column.values(cell).all(|v| list.has(v)).then_some(true);
    }
    // Values that many others have too.
    (person.context.stats[column.at].count_of(cell) > 1).then_some(true)
}
