use super::date_malformed::shown;
use super::date_order::day_of;
use super::{CheckContext, Concerns, FindingSink, Person, Requires, Rule, RuleScope, across};
use muster_roster::finding::Severity;
use muster_roster::profile::CrossKind;

pub static RULE: Rule = Rule {
    code: "date-before",
    title: "Date before another",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Beside(is_as_exported),
    scope: RuleScope::Person(check),
    page: include_str!("date_before.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    if person.is_nobody {
        return;
    }
    let roster = &person.context.roster;
    for across in across::of_kind(person.context, CrossKind::DateNotBefore) {
        let &[later, earlier] = across.columns.as_slice() else { continue };
        // What is no certain day is told as that.
        let day = |column: usize| day_of(&person.cell(column), roster.date_forms(column));
        let (Some(date), Some(first)) = (day(later), day(earlier)) else { continue };
        if date >= first {
            continue;
        }
        sink.at(person.row, Some(later), across.severity(), || {
            let (called, beside) = (roster.called(later), roster.called(earlier));
            let message =
                format!("{called}, {}, is before {beside}, {}", shown(date), shown(first));
            across.text(person, later, message)
        });
    }
}

fn is_as_exported(context: &CheckContext, row: u32, was: u32, column: usize) -> bool {
    across::is_as_exported(context, (row, was, column), CrossKind::DateNotBefore)
}
