use super::{CheckContext, Concerns, FindingSink, Person, Requires, Rule, RuleScope, across};
use muster_roster::finding::Severity;
use muster_roster::profile::CrossKind;
use muster_table::words::listed;

pub static RULE: Rule = Rule {
    code: "partner-blank",
    title: "Value missing beside another",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Beside(is_as_exported),
    scope: RuleScope::Person(check),
    page: include_str!("partner_blank.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    if person.is_nobody {
        return;
    }
    let context = person.context;
    for across in across::of_kind(context, CrossKind::RequiredTogether) {
        let is_blank = |column: &&usize| person.cell(**column).trim().is_empty();
        let filled = || across.columns.iter().filter(|column| !is_blank(column));
        if filled().next().is_none() {
            continue;
        }
        for column in across.columns.iter().filter(is_blank) {
            sink.at(person.row, Some(*column), across.severity(), || {
                let there: Vec<String> = filled().map(|c| context.roster.called(*c)).collect();
                let (verb, blank) = (if there.len() == 1 { "has" } else { "have" }, *column);
                let message = format!(
                    "{} is blank, and {} {verb} a value",
                    context.roster.called(blank),
                    listed(&there)
                );
                across.text(person, blank, message)
            });
        }
    }
}

fn is_as_exported(context: &CheckContext, row: u32, was: u32, column: usize) -> bool {
    across::is_as_exported(context, (row, was, column), CrossKind::RequiredTogether)
}
