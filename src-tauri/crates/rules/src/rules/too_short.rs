use super::{Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::Severity;

pub static RULE: Rule = Rule {
    code: "too-short",
    title: "Too short",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Value,
    scope: RuleScope::Value {
        of: |context, column| {
            // A short password is one of the ways to be weak: `password-weak`.
            context.roster.field(column.at).is_some_and(|f| f.min.is_some()) && !column.is_secret()
        },
        classes: CharClasses::FILLED,
        check,
    },
    page: include_str!("too_short.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let Some(field) = cell.context.roster.field(cell.column.at) else { return };
    let Some(least) = field.min else { return };
    for &value in cell.values {
        let short = value.trim().chars().count();
        if short == 0
            || short >= least
            || field.keep_word.as_deref() == Some(value)
            || cell.is_nobodys
        {
            continue;
        }
        sink.cell(cell, || {
            let lms = &cell.context.roster.profile.name;
            FindingText::new(
                value,
                format!("{lms} needs at least {least} characters here; this has {short}"),
            )
        });
    }
}
