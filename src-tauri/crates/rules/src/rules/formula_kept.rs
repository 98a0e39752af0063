use super::{Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::{Safety, Severity};
use muster_table::format::xlsx::NoteKind;

pub static RULE: Rule = Rule {
    code: "formula-kept",
    title: "Formula in a workbook",
    severity: Severity::Warning,
    requires: Requires::File,
    concerns: Concerns::Damage,
    scope: RuleScope::Cell {
        of: |context, column| context.roster.table.has_notes() && !column.is_secret(),
        classes: CharClasses::ANY,
        check,
    },
    page: include_str!("formula_kept.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let table = &cell.context.roster.table;
    let (severity, what) = match table.note(cell.row, cell.column.at) {
        Some(NoteKind::Formula) => (Severity::Warning, "a formula; its last value is"),
        Some(NoteKind::FormulaUnknown) => (Severity::Error, "a formula that was never worked out"),
        Some(NoteKind::FormulaError) => (Severity::Error, "a formula that fails:"),
        Some(NoteKind::NumberShown) | None => return,
    };
    sink.cell_as(severity, cell, || {
        let text = cell.text;
        let value = match text.is_empty() {
            true if what.ends_with(" is") => " blank".to_owned(),
            true => String::new(),
            false => format!(" `{text}`"),
        };
        let what = if text.is_empty() { what.trim_end_matches(':') } else { what };
        let fix = cell.was().filter(|before| before != text).map(|before| {
            cell.fix(
                format!("put back {}", muster_table::words::quoted(&before)),
                Safety::Unsafe,
                &*before,
            )
        });
        FindingText::new(text, format!("the workbook has {what}{value}")).fix(fix)
    });
}
