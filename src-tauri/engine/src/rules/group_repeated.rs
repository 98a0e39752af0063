use super::{Cell, Look, Needs, Report, Rule, Shape, Told};
use crate::finding::{Fix, Safety, Severity};

pub static RULE: Rule = Rule {
    code: "group-repeated",
    title: "Same group twice",
    severity: Severity::Note,
    needs: Needs::File,
    look: Look::Cell { of: |_, column| column.separator.is_some(), shape: Shape::FILLED, check },
    page: include_str!("group_repeated.md"),
};

fn check(cell: &Cell, report: &mut Report) {
    let by = cell.column.separator.as_deref().unwrap_or_default();
    if !cell.text.contains(by.trim()) {
        return;
    }
    let mut values = cell.column.values(cell.text).enumerate();
    let first_again =
        values.find(|(n, v)| cell.column.values(cell.text).take(*n).any(|earlier| earlier == *v));
    let Some((_, again)) = first_again else { return };
    report.cell(cell, || {
        let mut once: Vec<&str> = Vec::new();
        for value in cell.column.values(cell.text) {
            if !once.contains(&value) {
                once.push(value);
            }
        }
        let fix = Fix::set("write it once", Safety::Safe, cell, once.join(by));
        Told::new(again, format!("`{again}` stands twice in this cell")).fix(Some(fix))
    });
}
