use super::{
    Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope, quote_kept,
    quote_stray, row_blank, stray,
};
use muster_roster::finding::{Safety, Severity};

pub static RULE: Rule = Rule {
    code: "space-stray",
    title: "Stray space",
    severity: Severity::Warning,
    requires: Requires::File,
    concerns: Concerns::Value,
    scope: RuleScope::Value {
        of: |_, column| !column.is_secret(),
        classes: CharClasses::SPACED.or(CharClasses::BEYOND_ASCII).or(CharClasses::CONTROL),
        check,
    },
    page: include_str!("space_stray.md"),
};

/// A text longer than this, or of several lines, may be laid out with spaces on purpose.
const LONG: usize = 80;

fn check(cell: &Cell, sink: &mut FindingSink) {
    let text = cell.text;
    // A required value of nothing but spaces is a value that is missing, and a row of them a blank row.
    let of_nothing = || {
        text.trim().is_empty()
            && (cell.column.required || row_blank::is_blank(&cell.context.roster, cell.row))
    };
    // What a quotation mark took in is told as that, and so is one that became part of the value.
    let took_in = || quote_stray::took_in(cell);
    if !is_stray(without_last_separator(cell))
        || took_in()
        || quote_kept::bare(text).is_some()
        || of_nothing()
        || !stray::is_understood(cell)
    {
        return;
    }
    let severity = if cell.is_exact() { Severity::Error } else { Severity::Warning };
    sink.cell_as(severity, cell, || {
        let tidy = tidied(text);
        let free = !cell.is_exact() && (text.chars().count() > LONG || tidy.contains('\n'));
        let safety = if free { Safety::Unsafe } else { Safety::Safe };
        let (what, fix) = (describe(text), fix_title(&tidy));
        FindingText::new(text, format!("{what} in {}", shown(text)))
            .fix(Some(cell.fix(fix, safety, tidy)))
    });
}

/// The text without one separator at its end: its space is the separator's own.
fn without_last_separator<'c>(cell: &Cell<'c>) -> &'c str {
    let separator = cell.column.separator.as_deref();
    separator.and_then(|by| cell.text.strip_suffix(by)).unwrap_or(cell.text)
}

/// A space that is not an ordinary one. The ideographic space is the ordinary one between Chinese and Japanese words.
fn is_odd(c: char) -> bool {
    matches!(c, '\t' | '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}')
}

pub(super) fn is_stray(text: &str) -> bool {
    if text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace) {
        return true;
    }
    let mut before = 'x';
    text.chars().any(|c| {
        let doubled = (c == ' ' && matches!(before, ' ' | '\n')) || (c == '\n' && before == ' ');
        before = c;
        doubled || is_odd(c)
    })
}

/// The text without spaces at the ends of its lines, and with single plain spaces inside.
pub(super) fn tidied(text: &str) -> String {
    let tidy = |line: &str| {
        let words = line.trim_end_matches('\r').split(|c| c == ' ' || is_odd(c));
        words.filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
    };
    text.trim().split('\n').map(tidy).collect::<Vec<_>>().join("\n")
}

fn fix_title(tidy: &str) -> String {
    if tidy.is_empty() { "empty the cell".into() } else { format!("make it `{tidy}`") }
}

fn describe(text: &str) -> &'static str {
    let blank = |c: char| c.is_whitespace() && !matches!(c, '\n' | '\r');
    if text.trim().is_empty() {
        "nothing but spaces"
    } else if text.starts_with(blank) {
        "a space at the beginning"
    } else if text.ends_with(blank) {
        "a space at the end"
    } else if text.starts_with(['\n', '\r']) {
        "a line break at the beginning"
    } else if text.ends_with(['\n', '\r']) {
        "a line break at the end"
    } else if text.contains('\t') {
        "a tab"
    } else if text.contains(['\u{A0}', '\u{202F}', '\u{2007}']) {
        "a no-break space"
    } else if text.contains(is_odd) {
        "a space of an unusual width"
    } else if text.contains("  ") {
        "two spaces in a row"
    } else {
        "a space at the end of a line"
    }
}

/// The text with its spaces drawn.
fn shown(text: &str) -> String {
    let drawn: String = text
        .chars()
        .map(|c| match c {
            ' ' => '·',
            '\t' => '→',
            '\n' | '\r' => '↵',
            c if is_odd(c) || c == '\u{3000}' => '⍽',
            other => other,
        })
        .collect();
    format!("`{drawn}`")
}

/// A space of any kind, or what nobody sees.
pub(super) fn is_blank_or_hidden(c: char) -> bool {
    c.is_whitespace() || c.is_control() || is_odd(c) || muster_roster::letters::is_invisible(c)
}
