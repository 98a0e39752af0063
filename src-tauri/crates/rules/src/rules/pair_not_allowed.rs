use super::{CheckContext, Concerns, FindingSink, Person, Requires, Rule, RuleScope, across};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::profile::CrossKind;
use muster_table::words::listed;

pub static RULE: Rule = Rule {
    code: "pair-not-allowed",
    title: "Values that do not go together",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Beside(is_as_exported),
    scope: RuleScope::Person(check),
    page: include_str!("pair_not_allowed.md"),
};

/// So many are named.
const FEW: usize = 5;

fn check(person: &Person, sink: &mut FindingSink) {
    if person.is_nobody {
        return;
    }
    let context = person.context;
    for across in across::of_kind(context, CrossKind::AllowedPairs) {
        let &[one, other] = across.columns.as_slice() else { continue };
        let (first, second) = (person.cell(one), person.cell(other));
        let (first, second) = (first.trim(), second.trim());
        let pairs = &across.check.pairs;
        if first.is_empty()
            || second.is_empty()
            || pairs.iter().any(|(a, b)| a == first && b == second)
        {
            continue;
        }
        sink.at(person.row, Some(other), across.severity(), || {
            let right: Vec<&String> =
                pairs.iter().filter(|(a, _)| a == first).map(|(_, b)| b).collect();
            let (called, beside) = (context.roster.called(other), context.roster.called(one));
            let message = match right.as_slice() {
                [] => format!("{called} `{second}` does not go with {beside} `{first}`, with which nothing goes"),
                some => {
                    let named: Vec<String> = some.iter().take(FEW).map(|b| format!("`{b}`")).collect();
                    let more = if some.len() > FEW { ", and others" } else { "" };
                    format!("{called} `{second}` does not go with {beside} `{first}`; {} does{more}", listed(&named).replace(" and ", " or "))
                }
            };
            let fix = match right.as_slice() {
                [only] => Some(Fix {
                    title: format!("make it `{only}`"),
                    safety: Safety::Unsafe,
                    edits: vec![person.set(other, (*only).clone())],
                }),
                _ => None,
            };
            across.text(person, other, message).fix(fix)
        });
    }
}

fn is_as_exported(context: &CheckContext, row: u32, was: u32, column: usize) -> bool {
    across::is_as_exported(context, (row, was, column), CrossKind::AllowedPairs)
}
