use super::{ClaimBasis, Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope};
use muster_roster::finding::Severity;
use muster_roster::profile::KeyGiver;

pub static RULE: Rule = Rule {
    code: "key-blank",
    title: "No key",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Identity,
    scope: RuleScope::Person(check),
    page: include_str!("key_blank.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    let roster = &person.context.roster;
    let Some(key) = roster.key else { return };
    if !person.key.trim().is_empty() || roster.profile.key.given_by == KeyGiver::Lms {
        return;
    }
    // A required column that stands in for the key is reported as that.
    let stands_in = roster.key_fallback.is_some_and(|c| roster.columns[c].required);
    let empty = || roster.columns.iter().all(|c| person.cell(c.at).trim().is_empty());
    if stands_in
        || empty()
        || person.context.claim(person.row).is_some_and(|claim| claim.how == ClaimBasis::Plain)
    {
        return;
    }
    sink.row(person.row, Some(key), || {
        let name = roster.name(person.row);
        let who = if name.is_empty() { "this is".to_owned() } else { format!("{name} is") };
        FindingText::new(
            "",
            format!("{} is blank, and nothing else says who {who}", roster.called(key)),
        )
    });
}
