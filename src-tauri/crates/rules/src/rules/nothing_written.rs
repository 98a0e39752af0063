use super::{Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::{Safety, Severity};

pub static RULE: Rule = Rule {
    code: "nothing-written",
    title: "A word for nothing",
    severity: Severity::Warning,
    requires: Requires::File,
    concerns: Concerns::Value,
    scope: RuleScope::Value {
        of: |context, column| {
            let profile = &context.roster.profile;
            !profile.columns.no_values.is_empty() && profile.has_in_family(&column.name)
        },
        classes: CharClasses::FILLED,
        check,
    },
    page: include_str!("nothing_written.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let roster = &cell.context.roster;
    if cell.is_nobodys || !roster.is_no_value(cell.column, cell.text) {
        return;
    }
    sink.cell(cell, || {
        let (lms, word) = (roster.profile.called(), cell.text.trim());
        let message = format!(
            "`{word}` is what an export of {lms} has where there is nothing, and its import takes it for a value; the kit has a blank there"
        );
        let fix = cell.fix("empty the cell", Safety::Unsafe, "");
        FindingText::new(word, message).fix(Some(fix))
    });
}
