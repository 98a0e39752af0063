use super::{Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::{Safety, Severity};

pub static RULE: Rule = Rule {
    code: "blank-written",
    title: "A database's sign for nothing",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Damage,
    scope: RuleScope::Value {
        of: |_, column| !column.is_secret(),
        classes: CharClasses::MARKED,
        check,
    },
    page: include_str!("blank_written.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    if cell.text.trim() != r"\N" {
        return;
    }
    sink.cell(cell, || {
        let message = r"`\N` is what a database writes where there is nothing, and no value";
        let fix = cell.fix("empty the cell", Safety::Unsafe, "");
        FindingText::new(cell.text, message).fix(Some(fix))
    });
}
