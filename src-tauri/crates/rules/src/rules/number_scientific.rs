use super::damage::{Damage, Scientific};
use super::{Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::{Safety, Severity};

pub static RULE: Rule = Rule {
    code: "number-scientific",
    title: "Number shortened",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Damage,
    scope: RuleScope::Value {
        of: |_, column| !column.is_secret(),
        classes: CharClasses::PLUS,
        check,
    },
    page: include_str!("number_scientific.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let Some(number) = Scientific::read(cell.text) else { return };
    let text = cell.text;
    let before =
        cell.was().filter(|before| Damage::between(before, text) == Some(Damage::Scientific));
    // The LMS itself has it so: it was shortened before.
    let severity =
        if cell.was().is_some_and(|was| was == text) { Severity::Warning } else { Severity::Error };
    sink.cell_as(severity, cell, || {
        let finding = |why: String| FindingText::new(text, why);
        if let Some(before) = before {
            let fix = cell.fix(format!("put back `{before}`"), Safety::Safe, &*before);
            return finding(format!("was `{before}`, is `{text}`")).fix(Some(fix));
        }
        let fix =
            number.in_full().map(|all| cell.fix(format!("make it `{all}`"), Safety::Unsafe, all));
        finding(format!("`{text}` is a long number that a spreadsheet shortened")).fix(fix)
    });
}
