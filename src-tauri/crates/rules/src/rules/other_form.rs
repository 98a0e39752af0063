use super::damage::is_other_form;
use super::{Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope};
use muster_roster::finding::{Fix, Safety, Severity};

pub static RULE: Rule = Rule {
    code: "other-form",
    title: "Same letters, put together otherwise",
    severity: Severity::Note,
    requires: Requires::Snapshot,
    concerns: Concerns::Damage,
    scope: RuleScope::Person(check),
    page: include_str!("other_form.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    for changed in &person.changes() {
        if !is_other_form(&changed.before, &changed.now) {
            continue;
        }
        let column = changed.column;
        let severity = (column.is_key || column.list.is_some()).then_some(Severity::Error);
        sink.at(person.row, Some(column.at), severity, || {
            let message = format!(
                "looks like the LMS's `{}`, and its letters are put together otherwise (such as `ü` of `u` and two dots)",
                changed.before
            );
            let fix = Fix {
                title: format!("write it as before: `{}`", changed.before),
                safety: Safety::Safe,
                edits: vec![person.set(column.at, &*changed.before)],
            };
            FindingText::new(&*changed.now, message).fix(Some(fix))
        });
    }
}
