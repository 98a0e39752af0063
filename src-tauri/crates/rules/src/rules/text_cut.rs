use super::{Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope};
use muster_roster::finding::{Fix, Safety, Severity};

pub static RULE: Rule = Rule {
    code: "text-cut",
    title: "Text cut off",
    severity: Severity::Warning,
    requires: Requires::Snapshot,
    concerns: Concerns::Damage,
    scope: RuleScope::Person(check),
    page: include_str!("text_cut.md"),
};

/// Where spreadsheets, and files made through them, cut a text.
const CUTS: [usize; 2] = [255, 32_767];

fn check(person: &Person, sink: &mut FindingSink) {
    for changed in &person.changes() {
        let (before, now) = (&changed.before, &changed.now);
        if now.len() < CUTS[0] || now.len() >= before.len() || !before.starts_with(&**now) {
            continue;
        }
        let letters = now.chars().count();
        if !CUTS.contains(&letters) {
            continue;
        }
        sink.row(person.row, Some(changed.column.at), || {
            let all = before.chars().count();
            let fix = Fix {
                title: format!("put back all {all} characters"),
                ..person.put_back(changed, Safety::Safe)
            };
            let message = format!("cut after {letters} of {all} characters");
            FindingText::new(&**now, message).fix(Some(fix))
        });
    }
}
