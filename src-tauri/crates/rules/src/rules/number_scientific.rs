use super::damage::{Damage, Scientific};
use super::{Cell, Look, Needs, Report, Rule, Shape, Told};
use muster_roster::finding::{Safety, Severity};

pub static RULE: Rule = Rule {
    code: "number-scientific",
    title: "Number shortened",
    severity: Severity::Error,
    needs: Needs::File,
    look: Look::Value { of: |_, column| !column.is_secret(), shape: Shape::PLUS, check },
    page: include_str!("number_scientific.md"),
};

fn check(cell: &Cell, report: &mut Report) {
    let Some(number) = Scientific::read(cell.text) else { return };
    let text = cell.text;
    let before =
        cell.was().filter(|before| Damage::between(before, text) == Some(Damage::Scientific));
    // The LMS itself has it so: it was shortened before.
    let severity =
        if cell.was().is_some_and(|was| was == text) { Severity::Warning } else { Severity::Error };
    report.cell_as(severity, cell, || {
        let told = |why: String| Told::new(text, why);
        if let Some(before) = before {
            let fix = cell.fix(format!("put back `{before}`"), Safety::Safe, &*before);
            return told(format!("was `{before}`, is `{text}`")).fix(Some(fix));
        }
        let fix =
            number.in_full().map(|all| cell.fix(format!("make it `{all}`"), Safety::Unsafe, all));
        told(format!("`{text}` is a long number that a spreadsheet shortened")).fix(fix)
    });
}
