use super::key_duplicate::places;
use super::{Cell, Look, Needs, Report, Rule, Shape, Told};
use muster_roster::finding::Severity;

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
    let others = || cell.scene.same_value(cell.row, cell.column.at);
    if others().next().is_none() {
        return;
    }
    report.cell(cell, || {
        let (text, places) = (cell.text.trim(), places(roster, others()));
        Told::new(text, format!("`{text}` also stands on {places}, and has to be unique"))
    });
}
