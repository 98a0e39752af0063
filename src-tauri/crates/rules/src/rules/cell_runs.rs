use super::{Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::Severity;

pub static RULE: Rule = Rule {
    code: "cell-runs",
    title: "Runs in a spreadsheet",
    severity: Severity::Warning,
    requires: Requires::File,
    concerns: Concerns::Damage,
    scope: RuleScope::Value {
        of: |_, column| !column.is_secret(),
        classes: CharClasses::FORMULA,
        check,
    },
    page: include_str!("cell_runs.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    if !runs(cell.text) {
        return;
    }
    sink.cell(cell, || {
        let text = cell.text;
        let sign = text.trim_start().chars().next().unwrap_or_default();
        FindingText::new(text, format!("begins with `{sign}`, so a spreadsheet would run `{text}`"))
    });
}

/// Numbers, telephone numbers and lone dashes begin so too, and do nothing.
fn runs(text: &str) -> bool {
    let text = text.trim_start_matches(['\t', '\r']);
    let mut letters = text.chars();
    let first = letters.next();
    let rest = letters.as_str().trim_start();
    match first {
        Some('=') => !rest.is_empty(),
        Some('+' | '-' | '@') => rest.contains(|c: char| c.is_alphabetic() || "(|!=".contains(c)),
        _ => false,
    }
}
