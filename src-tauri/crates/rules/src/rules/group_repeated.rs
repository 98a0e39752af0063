use super::{Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::{Safety, Severity};

pub static RULE: Rule = Rule {
    code: "group-repeated",
    title: "Same group twice",
    severity: Severity::Note,
    requires: Requires::File,
    concerns: Concerns::Value,
    scope: RuleScope::Value {
        of: |_, column| column.separator.is_some(),
        classes: CharClasses::FILLED,
        check,
    },
    page: include_str!("group_repeated.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let by = cell.column.separator.as_deref().unwrap_or_default();
    let mut values = cell.values.iter().enumerate();
    let Some((_, again)) = values.find(|(n, value)| cell.values[..*n].contains(value)) else {
        return;
    };
    sink.cell(cell, || {
        let mut once: Vec<&str> = Vec::new();
        for &value in cell.values {
            if !once.contains(&value) {
                once.push(value);
            }
        }
        let fix = cell.fix("write it once", Safety::Safe, once.join(by));
        FindingText::new(*again, format!("`{again}` stands twice in this cell")).fix(Some(fix))
    });
}
