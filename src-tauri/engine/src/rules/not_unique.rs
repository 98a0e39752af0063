use super::{Cell, Look, Needs, Report, Rule, Shape, Told};
use crate::finding::Severity;

pub static RULE: Rule = Rule {
    code: "not-unique",
    title: "Same value twice",
    severity: Severity::Error,
    needs: Needs::File,
    look: Look::Cell {
        // Two rows of one key are a fault of their own: `key-duplicate`.
        of: |_, column| column.unique.is_some() && !column.is_key && !column.is_secret(),
        shape: Shape::FILLED,
        check,
    },
    page: include_str!("not_unique.md"),
};

fn check(cell: &Cell, report: &mut Report) {
    let roster = &cell.scene.roster;
    let others = cell.scene.same_value(cell.row, cell.column.at);
    let Some(&first) = others.iter().min() else { return };
    report.cell(cell, || {
        let place =
            roster.table.line(first).map_or("a new person".into(), |line| format!("line {line}"));
        let more = others.len() - 1;
        let also = if more == 0 { String::new() } else { format!(" and {more} more") };
        let (text, who) = (cell.text.trim(), roster.name(first));
        Told::new(
            text,
            format!("`{text}` also stands on {place}{also} ({who}), and has to be unique"),
        )
    });
}
