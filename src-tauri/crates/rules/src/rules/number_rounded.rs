use super::damage::Damage;
use super::{Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope};
use muster_roster::finding::{Safety, Severity};

pub static RULE: Rule = Rule {
    code: "number-rounded",
    title: "Last digits lost",
    severity: Severity::Error,
    requires: Requires::Snapshot,
    concerns: Concerns::Damage,
    scope: RuleScope::Person(check),
    page: include_str!("number_rounded.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    for changed in &person.changes() {
        let (before, now) = (&changed.before, &changed.now);
        if Damage::between(before, now) != Some(Damage::Rounded) {
            continue;
        }
        sink.row(person.row, Some(changed.column.at), || {
            let message = format!("was `{before}`, is `{now}`: a spreadsheet keeps 15 digits");
            FindingText::new(&**now, message).fix(Some(person.put_back(changed, Safety::Safe)))
        });
    }
}
