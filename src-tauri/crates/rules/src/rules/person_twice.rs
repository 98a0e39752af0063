use super::{Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope};
use muster_roster::finding::Severity;

pub static RULE: Rule = Rule {
    code: "person-twice",
    title: "Perhaps the same person twice",
    severity: Severity::Warning,
    requires: Requires::File,
    concerns: Concerns::Identity,
    scope: RuleScope::Person(check),
    page: include_str!("person_twice.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    let context = person.context;
    let Some(key) = context.roster.key else { return };
    if person.is_nobody {
        return;
    }
    let Some((other, evidence)) = context.twice(person.row) else { return };
    // Two people whom the LMS knows under two keys were two before.
    if person.was.is_some() && context.was(other).is_some() {
        return;
    }
    sink.row(person.row, Some(key), || {
        let roster = &context.roster;
        let place =
            roster.table.line(other).map_or(String::new(), |line| format!(" on line {line}"));
        let (name, other) = (roster.name(person.row), roster.key_text(other));
        let other =
            if other.trim().is_empty() { "no key".to_owned() } else { format!("`{other}`") };
        FindingText::new(
            person.key,
            format!("{name} is there already with {other}{place}: {evidence}"),
        )
    });
}
