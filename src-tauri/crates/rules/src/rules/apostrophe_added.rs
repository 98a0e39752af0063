use super::{Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::{Safety, Severity};

pub static RULE: Rule = Rule {
    code: "apostrophe-added",
    title: "Apostrophe of the export",
    severity: Severity::Warning,
    requires: Requires::File,
    concerns: Concerns::Damage,
    scope: RuleScope::Value {
        of: |_, column| !column.is_secret(),
        classes: CharClasses::MARKED,
        check,
    },
    page: include_str!("apostrophe_added.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let Some(rest) = cell.text.strip_prefix('\'') else { return };
    let profile = &cell.context.roster.profile;
    let is_of_export = rest.starts_with(|c| profile.file.formula_prefixes.contains(c));
    // People whose telephone numbers lost their `+` put it there too.
    let is_number = rest.strip_prefix(['+', '-']).is_some_and(|number| {
        number.trim_start_matches(['(', ' ']).starts_with(|c: char| c.is_ascii_digit())
    });
    let is_formula = rest.strip_prefix('=').is_some_and(|formula| !formula.trim().is_empty());
    if !(is_of_export || ((is_number || is_formula) && !rest.ends_with('\''))) {
        return;
    }
    sink.cell(cell, || {
        let fix = cell.fix(format!("make it `{rest}`"), Safety::Unsafe, rest);
        let lms = profile.called();
        let message = if is_of_export {
            format!("the export of {lms} put `'` before `{rest}`, and its import keeps it")
        } else {
            format!("a `'` stands before `{rest}`, as spreadsheets and exports put it there; to the LMS it is part of the value")
        };
        FindingText::new(cell.text, message).fix(Some(fix))
    });
}
