use super::{
    Cell, CharClasses, CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope,
};
use muster_roster::finding::Severity;
use muster_roster::roster::Column;

pub static RULE: Rule = Rule {
    code: "own-number",
    title: "Taken for the LMS's own number",
    severity: Severity::Warning,
    requires: Requires::File,
    concerns: Concerns::Value,
    scope: RuleScope::Value {
        of: |context, column| takes_numbers(context, column),
        classes: CharClasses::FILLED,
        check,
    },
    page: include_str!("own_number.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    for &value in cell.values {
        if cell.is_nobodys || !is_own_number(cell.context, cell.column, value) {
            continue;
        }
        sink.cell(cell, || {
            let (lms, called) =
                (cell.context.roster.profile.called(), cell.context.roster.called(cell.column.at));
            let value = value.trim();
            let message = format!(
                "`{value}` is digits alone, which {lms} takes for a number of its own in {called}, and for no name or ID number"
            );
            FindingText::new(value, message)
        });
    }
}

fn takes_numbers(context: &CheckContext, column: &Column) -> bool {
    context.roster.says_of(column.at).is_some_and(|field| field.digits_are_own)
}

/// Whether the LMS takes a value for a number of its own, whatever anybody calls it.
pub(super) fn is_own_number(context: &CheckContext, column: &Column, value: &str) -> bool {
    let value = value.trim();
    let is_digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    is_digits && takes_numbers(context, column)
}
