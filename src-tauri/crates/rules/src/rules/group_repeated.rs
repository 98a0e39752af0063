use super::{Cell, Look, Needs, Report, Rule, Shape, Told};
use muster_roster::finding::{Safety, Severity};

pub static RULE: Rule = Rule {
    code: "group-repeated",
    title: "Same group twice",
    severity: Severity::Note,
    needs: Needs::File,
    look: Look::Value { of: |_, column| column.separator.is_some(), shape: Shape::FILLED, check },
    page: include_str!("group_repeated.md"),
};

fn check(cell: &Cell, report: &mut Report) {
    let by = cell.column.separator.as_deref().unwrap_or_default();
    let mut values = cell.values.iter().enumerate();
    let Some((_, again)) = values.find(|(n, value)| cell.values[..*n].contains(value)) else {
        return;
    };
    report.cell(cell, || {
        let mut once: Vec<&str> = Vec::new();
        for &value in cell.values {
            if !once.contains(&value) {
                once.push(value);
            }
        }
        let fix = cell.fix("write it once", Safety::Safe, once.join(by));
        Told::new(*again, format!("`{again}` stands twice in this cell")).fix(Some(fix))
    });
}
