use super::{Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::{Safety, Severity};

pub static RULE: Rule = Rule {
    code: "required-blank",
    title: "Required value missing",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Value,
    scope: RuleScope::Cell {
        // A blank key is a fault of its own: `key-blank`.
        of: |_, column| column.required && !column.is_key,
        classes: CharClasses::BLANK.or(CharClasses::SPACED),
        check,
    },
    page: include_str!("required_blank.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let roster = &cell.context.roster;
    // A row that ends early is reported as such.
    let has_cell = roster.table.cells(cell.row) > cell.column.at;
    if !cell.text.trim().is_empty() || !has_cell || cell.is_nobodys {
        return;
    }
    sink.cell(cell, || {
        let was = cell.was().filter(|was| !was.trim().is_empty());
        let fix =
            was.map(|was| cell.fix(format!("put back `{was}`"), Safety::Unsafe, was.into_owned()));
        let (lms, name) = (&roster.profile.name, &cell.column.name);
        FindingText::new("", format!("{lms} needs a value for `{name}`, and there is none"))
            .fix(fix)
    });
}
