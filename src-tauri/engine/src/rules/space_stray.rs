use super::{Cell, Look, Needs, Report, Rule, Shape, Told};
use crate::finding::{Fix, Safety, Severity};

pub static RULE: Rule = Rule {
    code: "space-stray",
    title: "Stray space",
    severity: Severity::Warning,
    needs: Needs::File,
    look: Look::Cell {
        of: |_, column| !column.is_secret(),
        shape: Shape::SPACED.or(Shape::BEYOND_ASCII),
        check,
    },
    page: include_str!("space_stray.md"),
};

fn check(cell: &Cell, report: &mut Report) {
    let tidy = tidied(cell.text);
    if tidy == cell.text {
        return;
    }
    let severity = if cell.is_exact() { Severity::Error } else { Severity::Warning };
    report.cell_as(severity, cell, || {
        let what = describe(cell.text);
        Told::new(cell.text, format!("{what} in {}", shown(cell.text))).fix(Some(Fix::set(
            format!("make it `{tidy}`"),
            Safety::Safe,
            cell,
            tidy.clone(),
        )))
    });
}

/// The text without spaces at its ends, and with single plain spaces inside.
fn tidied(text: &str) -> String {
    let is_space = |c: char| matches!(c, ' ' | '\t' | '\u{A0}' | '\u{202F}' | '\u{2007}');
    let lines = text
        .split('\n')
        .map(|line| line.split(is_space).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" "));
    lines.collect::<Vec<_>>().join("\n")
}

fn describe(text: &str) -> &'static str {
    if text.starts_with([' ', '\t']) {
        "a space at the beginning"
    } else if text.ends_with([' ', '\t']) {
        "a space at the end"
    } else if text.contains("  ") {
        "two spaces in a row"
    } else {
        "a no-break space"
    }
}

/// The text with its spaces drawn.
fn shown(text: &str) -> String {
    let drawn: String = text
        .chars()
        .map(|c| match c {
            ' ' => '·',
            '\u{A0}' | '\u{202F}' | '\u{2007}' => '⍽',
            '\t' => '→',
            other => other,
        })
        .collect();
    format!("`{drawn}`")
}
