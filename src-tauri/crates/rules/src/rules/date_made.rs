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
    if !(5..=9).contains(&now.len()) {
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
                // Of any other text a spreadsheet makes no date: somebody put the code in.
                let (safety, message) = if is_dated(&before) {
                    let made = format!("was {quoted}, is `{now}`: a spreadsheet made a date of it");
                    (Safety::Safe, made)
                } else {
                    let looks = "looks like a code that a spreadsheet took for a date";
                    (Safety::Unsafe, format!("was {quoted}; `{now}` {looks}"))
                };
                let fix = cell.fix(format!("put back {quoted}"), safety, &*before);
                FindingText::new(now, message).fix(Some(fix))
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

/// How a spreadsheet writes the months, in English, German, French, Spanish, Italian, Portuguese, Dutch and Polish.
/// Each is written so and not otherwise: `mar-03` is Spanish, and `MAR-03` is a code.
const MONTHS: &[&str] = &[
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
    "Dec", // English
    "Mrz", "Mär", "Mai", "Okt", "Dez", // German, where they differ
    "janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc",
    "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "dic", // Spanish
    "gen", "mag", "giu", "lug", "set", "ott", // Italian
    "jan", "fev", "out", "dez", // Portuguese
    "mrt", "apr", "mei", "aug", "okt", "dec", // Dutch
    "sty", "lut", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru", // Polish
];

/// `3-Mar`, `Mar-03`; `03. Mrz` and `Mrz 03`, `03-janv.`, `03/mar`, `03.lut`.
fn is_made(text: &str) -> bool {
    const BETWEEN: [&str; 5] = ["-", "/", ". ", " ", "."];
    // Most codes have none of these, which is seen at once.
    if !text.bytes().any(|b| matches!(b, b'-' | b'/' | b' ' | b'.')) {
        return false;
    }
    let text = text.strip_suffix('.').unwrap_or(text);
    let number = |s: &str| (1..=2).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
    let is_month = |s: &str| MONTHS.contains(&s.trim_end_matches('.'));
    let parted = |by: &&str| {
        let Some((left, right)) = text.split_once(*by) else { return false };
        // With a blank alone between them people write days: `Mai 03` is a month and a year in German.
        let is_german = || matches!(left, "Mrz" | "Mär" | "Mai" | "Okt" | "Dez");
        match *by {
            " " => is_german() && right.len() == 2 && number(right),
            _ => (number(left) && is_month(right)) || (is_month(left) && number(right)),
        }
    };
    BETWEEN.iter().any(parted)
}

/// The number under which a spreadsheet keeps a day between 1982 and 2064.
fn is_serial(text: &str) -> bool {
    text.len() == 5 && text.parse::<u32>().is_ok_and(|n| (30_000..60_000).contains(&n))
}

/// Digits parted by what dates are parted by, or a month with a number at its end, as in `MAR3`.
fn is_dated(text: &str) -> bool {
    let text = text.trim();
    let letters = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let month = letters.trim_end_matches(['-', ' ']).to_lowercase();
    if (1..=2).contains(&(text.len() - letters.len()))
        && MONTHS.iter().any(|known| known.to_lowercase() == month)
    {
        return true;
    }
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    (2..=3).contains(&parts.len())
        && parts.iter().all(|p| (1..=4).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
}
