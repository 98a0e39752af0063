use super::{
    Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope, mojibake,
    quote_stray, stray,
};
use muster_roster::finding::{Safety, Severity};
use muster_roster::letters::is_invisible;
use muster_roster::profile::FieldKind;
use muster_roster::roster::Column;
use muster_table::table::{Doubt, DoubtKind};

pub static RULE: Rule = Rule {
    code: "character-invisible",
    title: "Invisible character",
    severity: Severity::Warning,
    requires: Requires::File,
    concerns: Concerns::Value,
    scope: RuleScope::Value {
        of: |_, column| !column.is_secret(),
        classes: CharClasses::BEYOND_ASCII.or(CharClasses::CONTROL),
        check,
    },
    page: include_str!("character_invisible.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let Some((at, c)) = first(cell.text, is_of_one_line(cell.column)) else { return };
    let letters = |doubt: &Doubt| doubt.kind == DoubtKind::Letters;
    // That the letters are wrong is told once.
    let is_letter = may_be_a_letter(c) && cell.context.roster.table.doubts().iter().any(letters);
    if is_letter || quote_stray::took_in(cell) || !stray::is_understood(cell) {
        return;
    }
    let severity = if does_harm(cell) { Severity::Error } else { Severity::Warning };
    sink.cell_as(severity, cell, || {
        let before = cell.text[..at].trim();
        let place = match before.char_indices().rev().nth(11) {
            _ if before.is_empty() => "at the beginning".to_owned(),
            Some((cut, _)) => format!("after `…{}`", &before[cut..]),
            None => format!("after `{before}`"),
        };
        // A byte that was read as no letter may have been one.
        if cell.text.contains(may_be_a_letter) {
            let message = format!("{} {place}", name(c));
            return FindingText::new(cell.text, message);
        }
        // What nobody sees parts nothing; what is a control character may have stood for a space, a hyphen or a comma.
        let parts = |c: char| c.is_control() || is_separator(c);
        let safety = if cell.text.trim().contains(parts) { Safety::Unsafe } else { Safety::Safe };
        let clean = without(cell.text, is_of_one_line(cell.column));
        let fix = cell.fix(format!("make it `{clean}`"), safety, clean);
        FindingText::new(cell.text, format!("{} {place}", name(c))).fix(Some(fix))
    });
}

/// Whether what nobody sees makes another key, group, login or address: mail to it arrives nowhere, and nobody signs in.
fn does_harm(cell: &Cell) -> bool {
    let column = cell.column;
    cell.is_exact() || column.kind == FieldKind::Email || column.unique.is_some()
}

/// Whether a line break in a value of a column is a fault: in what is matched exactly, and in what says who somebody is.
fn is_of_one_line(column: &Column) -> bool {
    column.is_key
        || column.list.is_some()
        || column.name_part > 0
        || column.identifies
        || column.kind == FieldKind::Email
}

/// The upper control characters are what letters become that were read in a wrong way; a program that lacks a letter writes
/// the substitute.
pub(super) fn may_be_a_letter(c: char) -> bool {
    mojibake::is_upper_control(c) || c == '\u{1A}'
}

/// The text without characters that nobody sees; none if there are none.
pub(super) fn cleaned(text: &str) -> Option<String> {
    first(text, false).is_some().then(|| without(text, false))
}

/// The same for what has to stand on one line.
pub(super) fn cleaned_line(text: &str) -> Option<String> {
    first(text, true).is_some().then(|| without(text, true))
}

/// The first character that nobody sees, and where. In a value that is matched exactly, a line break is one too.
fn first(text: &str, exact: bool) -> Option<(usize, char)> {
    let ends = text.trim();
    let inner = text.len() - text.trim_start().len();
    let hidden = |(at, c): &(usize, char)| match c {
        // At the ends they are stray spaces.
        '\n' | '\r' => exact && *at >= inner && *at < inner + ends.len(),
        '\t' => false,
        c if c.is_control() => true,
        c => (is_invisible(*c) || is_separator(*c)) && !joins(text, *at, *c),
    };
    text.char_indices().find(hidden)
}

fn without(text: &str, exact: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((at, c)) = first(rest, exact) {
        out.push_str(&rest[..at]);
        let parts_words =
            is_separator(c) || matches!(c, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}');
        rest = &rest[at + c.len_utf8()..];
        if parts_words
            && !out.is_empty()
            && !out.ends_with(' ')
            && !rest.starts_with([' ', '\n'])
            && !rest.is_empty()
        {
            out.push(' ');
        }
    }
    out + rest
}

fn is_separator(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

/// Joiners belong to the spelling of Persian, of Indian scripts and of emoji: there they stand between such letters.
fn joins(text: &str, at: usize, c: char) -> bool {
    if !matches!(c, '\u{200C}' | '\u{200D}') {
        return false;
    }
    let shapes = |c: char| {
        matches!(c, '\u{600}'..='\u{8FF}' | '\u{900}'..='\u{DFF}' | '\u{E00}'..='\u{109F}' | '\u{1780}'..='\u{18AF}')
            || matches!(c, '\u{2600}'..='\u{27BF}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE0F}' | '\u{FE70}'..='\u{FEFE}' | '\u{1F000}'..='\u{1FAFF}')
    };
    let before = text[..at].chars().next_back().is_some_and(shapes);
    let after = text[at + c.len_utf8()..].chars().next().is_some_and(shapes);
    before && after
}

fn name(c: char) -> &'static str {
    match c {
        '\u{200B}' => "an invisible character (zero-width space)",
        '\u{200C}' | '\u{200D}' => "an invisible character (joiner)",
        '\u{2060}' | '\u{FEFF}' => "an invisible character (zero-width no-break space)",
        '\u{AD}' => "an invisible hyphen",
        '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {
            "an invisible mark for the direction of writing"
        }
        '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => "a line break",
        c if may_be_a_letter(c) => "a control character, perhaps in the place of a letter,",
        c if c.is_control() => "a control character",
        _ => "an invisible character",
    }
}
