use super::{Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::{Safety, Severity};
use muster_roster::profile::FieldKind;

pub static RULE: Rule = Rule {
    code: "date-made",
    title: "Turned into a date",
    severity: Severity::Warning,
    requires: Requires::File,
    concerns: Concerns::Damage,
    scope: RuleScope::Cell {
        of: |_, column| !column.is_secret(),
        classes: CharClasses::DIGIT,
        check,
    },
    page: include_str!("date_made.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let now = cell.text;
    if !(5..=6).contains(&now.len()) {
        return;
    }
    let (context, at) = (cell.context, cell.column.at);
    // In a column of dates it is a date without a year, or a number for one: `date-malformed`.
    if cell.column.kind == FieldKind::Date {
        return;
    }
    let made = is_made(now);
    let comparable = (context.differs(cell.row) || context.claim(cell.row).is_some())
        && !context.is_someone_else(cell.row)
        && !context.is_scrambled(at);
    if !(made || comparable && is_serial(now)) {
        return;
    }
    let before = if comparable { cell.was().filter(|before| *before != now) } else { None };
    if let Some(before) = before {
        if !(if made { is_made(&before) } else { !is_dated(&before) }) {
            sink.cell(cell, || {
                let quoted = muster_table::words::quoted(&before);
                let fix = cell.fix(format!("put back {quoted}"), Safety::Safe, &*before);
                FindingText::new(
                    now,
                    format!("was {quoted}, is `{now}`: a spreadsheet made a date of it"),
                )
                .fix(Some(fix))
            });
        }
        return;
    }
    let of_dates = ["date", "day", "birth"].iter().any(|word| cell.column.form.contains(word));
    if made && !of_dates && context.was(cell.row).is_none() {
        sink.cell(cell, || {
            FindingText::new(
                now,
                format!("`{now}` looks like a code that a spreadsheet took for a date"),
            )
        });
    }
}

/// `3-Mar`, `Mar-03`.
fn is_made(text: &str) -> bool {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let Some((left, right)) = text.split_once('-') else { return false };
    let number = |s: &str| (1..=2).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
    (number(left) && MONTHS.contains(&right)) || (MONTHS.contains(&left) && number(right))
}

/// The number under which a spreadsheet keeps a day between 1982 and 2064.
fn is_serial(text: &str) -> bool {
    text.len() == 5 && text.parse::<u32>().is_ok_and(|n| (30_000..60_000).contains(&n))
}

/// Digits parted by what dates are parted by.
fn is_dated(text: &str) -> bool {
    let text = text.trim();
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    (2..=3).contains(&parts.len())
        && parts.iter().all(|p| (1..=4).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
}
