use super::{Cell, Look, Needs, Report, Rule, Shape, Told};
use muster_roster::finding::{Safety, Severity};
use muster_table::format::xlsx::NoteKind;

pub static RULE: Rule = Rule {
    code: "formula-kept",
    title: "Formula in a workbook",
    severity: Severity::Warning,
    needs: Needs::File,
    look: Look::Cell {
        of: |scene, column| scene.roster.table.has_notes() && !column.is_secret(),
        shape: Shape::ANY,
        check,
    },
    page: include_str!("formula_kept.md"),
};

fn check(cell: &Cell, report: &mut Report) {
    let table = &cell.scene.roster.table;
    let (severity, what) = match table.note(cell.row, cell.column.at) {
        Some(NoteKind::Formula) => (Severity::Warning, "a formula; its last value is"),
        Some(NoteKind::FormulaUnknown) => (Severity::Error, "a formula that was never worked out"),
        Some(NoteKind::FormulaError) => (Severity::Error, "a formula that fails:"),
        Some(NoteKind::NumberShown) | None => return,
    };
    report.cell_as(severity, cell, || {
        let text = cell.text;
        let value = if text.is_empty() { String::new() } else { format!(" `{text}`") };
        let fix = cell.was().filter(|before| before != text).map(|before| {
            cell.fix(
                format!("put back {}", muster_table::words::quoted(&before)),
                Safety::Unsafe,
                &*before,
            )
        });
        Told::new(text, format!("the workbook has {what}{value}")).fix(fix)
    });
}
