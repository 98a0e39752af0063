use super::{Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::{Safety, Severity};

pub static RULE: Rule = Rule {
    code: "equals-kept",
    title: "Text written as a formula",
    severity: Severity::Warning,
    requires: Requires::File,
    concerns: Concerns::Damage,
    scope: RuleScope::Value {
        of: |_, column| !column.is_secret(),
        classes: CharClasses::ESCAPE,
        check,
    },
    page: include_str!("equals_kept.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let Some(meant) = meant(cell.text) else { return };
    let severity = if cell.is_exact() { Severity::Error } else { Severity::Warning };
    sink.cell_as(severity, cell, || {
        let text = cell.text;
        let fix = cell.fix(format!("make it `{meant}`"), Safety::Unsafe, &*meant);
        let message = format!(
            "`{text}` is written so that a spreadsheet shows `{meant}` as it is; to the LMS the `=` and the quotation marks are part of it"
        );
        FindingText::new(text, message).fix(Some(fix))
    });
}

/// What `="00123"` stands for: exports write numbers so for spreadsheets to leave their zeros alone.
pub(super) fn meant(text: &str) -> Option<String> {
    let inner = text.trim().strip_prefix('=')?.trim().strip_prefix('"')?.strip_suffix('"')?;
    let plain = inner.replace("\"\"", "");
    (!plain.contains('"')).then(|| inner.replace("\"\"", "\""))
}
