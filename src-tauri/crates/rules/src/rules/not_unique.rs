use super::key_duplicate::places;
use super::{Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::Severity;

pub static RULE: Rule = Rule {
    code: "not-unique",
    title: "Same value twice",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Identity,
    scope: RuleScope::Cell {
        // Two rows of one key are a fault of their own: `key-duplicate`.
        of: |_, column| column.unique.is_some() && !column.is_key && !column.is_secret(),
        classes: CharClasses::FILLED,
        check,
    },
    page: include_str!("not_unique.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let roster = &cell.context.roster;
    let others = || cell.context.same_value(cell.row, cell.column.at);
    if others().next().is_none() {
        return;
    }
    sink.cell(cell, || {
        let (text, places) = (cell.text.trim(), places(roster, others()));
        FindingText::new(text, format!("`{text}` also stands on {places}, and has to be unique"))
    });
}
