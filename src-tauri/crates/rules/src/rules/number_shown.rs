use super::damage::Damage;
use super::{Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::{Safety, Severity};
use muster_table::format::xlsx::NoteKind;

pub static RULE: Rule = Rule {
    code: "number-shown",
    title: "Number or date in a workbook",
    severity: Severity::Note,
    requires: Requires::File,
    concerns: Concerns::Damage,
    scope: RuleScope::Cell {
        of: |context, column| context.roster.table.has_notes() && !column.is_secret(),
        classes: CharClasses::FILLED,
        check,
    },
    page: include_str!("number_shown.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let table = &cell.context.roster.table;
    if table.note(cell.row, cell.column.at) != Some(NoteKind::NumberShown) {
        return;
    }
    let before = cell.was();
    let settled = before
        .as_ref()
        .is_some_and(|before| before == cell.text || Damage::between(before, cell.text).is_some());
    if settled {
        return;
    }
    sink.cell(cell, || {
        let text = cell.text;
        let fix = before
            .filter(|before| !before.trim().is_empty())
            .map(|before| cell.fix(format!("put back `{before}`"), Safety::Safe, &*before));
        let message = format!("the workbook has a number or a date here; as a text it is `{text}`");
        FindingText::new(text, message).fix(fix)
    });
}
