use super::{
    Claim, ClaimBasis, Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope,
};
use muster_roster::finding::{Fix, Safety, Severity};

pub static RULE: Rule = Rule {
    code: "key-lost",
    title: "Key emptied",
    severity: Severity::Error,
    requires: Requires::Snapshot,
    concerns: Concerns::Identity,
    scope: RuleScope::Person(check),
    page: include_str!("key_lost.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    let context = person.context;
    let Some(key) = context.roster.key else { return };
    if person.was.is_some() || !person.cell(key).trim().is_empty() {
        return;
    }
    let Some(Claim { was, how: ClaimBasis::Plain }) = context.claim(person.row) else { return };
    let before = context.was_cell(was, key).unwrap_or_default();
    if before.trim().is_empty() {
        return;
    }
    sink.row(person.row, Some(key), || {
        let fix = Fix {
            title: format!("put back `{before}`"),
            safety: Safety::Safe,
            edits: vec![person.set(key, &*before)],
        };
        let evidence = context.evidence(person.row, was);
        FindingText::new("", format!("was `{before}`, is blank; {evidence}")).fix(Some(fix))
    });
}
