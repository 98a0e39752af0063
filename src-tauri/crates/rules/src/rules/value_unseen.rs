use super::{Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::Severity;
use muster_roster::profile::Field;

pub static RULE: Rule = Rule {
    code: "value-unseen",
    title: "Value that nobody there has",
    severity: Severity::Warning,
    requires: Requires::File,
    concerns: Concerns::Value,
    scope: RuleScope::Value {
        of: |context, column| {
            context.roster.field(column.at).is_some_and(|field| !field.usual.is_empty())
                && !column.is_secret()
        },
        classes: CharClasses::FILLED,
        check,
    },
    page: include_str!("value_unseen.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let context = cell.context;
    let Some(field) = context.roster.field(cell.column.at) else { return };
    let value = cell.text.trim();
    if value.is_empty()
        || cell.is_nobodys
        || is_usual(field, value)
        || context.lms_has(cell.column.at, value)
    {
        return;
    }
    sink.cell(cell, || {
        let lms = context.roster.profile.called();
        let title = &field.title;
        let nobody = match context.snapshot_columns.get(cell.column.at).copied().flatten() {
            Some(_) => format!("nobody in {lms} has it"),
            None => format!("whether {lms} has it nobody can see from here"),
        };
        let message = format!(
            "`{value}` is no {} that every {lms} takes, and {nobody}",
            title.to_lowercase()
        );
        FindingText::new(value, message)
    });
}

/// Whether every such LMS takes a value. `Europe/*` is all that begins so and goes on.
fn is_usual(field: &Field, value: &str) -> bool {
    field.usual.iter().any(|usual| match usual.strip_suffix('*') {
        Some(begin) => value.len() > begin.len() && value.starts_with(begin),
        None => usual == value,
    })
}
