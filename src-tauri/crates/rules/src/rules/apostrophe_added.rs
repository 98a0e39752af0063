use super::{Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::{Safety, Severity};

pub static RULE: Rule = Rule {
    code: "apostrophe-added",
    title: "Apostrophe of the export",
    severity: Severity::Warning,
    requires: Requires::File,
    concerns: Concerns::Damage,
    scope: RuleScope::Value {
        of: |context, column| {
            !context.roster.profile.file.formula_prefixes.is_empty() && !column.is_secret()
        },
        classes: CharClasses::FILLED,
        check,
    },
    page: include_str!("apostrophe_added.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let Some(rest) = cell.text.strip_prefix('\'') else { return };
    let profile = &cell.context.roster.profile;
    if !rest.starts_with(|c| profile.file.formula_prefixes.contains(c)) {
        return;
    }
    sink.cell(cell, || {
        let fix = cell.fix(format!("make it `{rest}`"), Safety::Unsafe, rest);
        let lms = profile.called();
        let message =
            format!("the export of {lms} put `'` before `{rest}`, and its import keeps it");
        FindingText::new(cell.text, message).fix(Some(fix))
    });
}
