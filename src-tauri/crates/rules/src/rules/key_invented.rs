use super::{Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::profile::KeyGiver;

pub static RULE: Rule = Rule {
    code: "key-invented",
    title: "Key made up",
    severity: Severity::Error,
    requires: Requires::Snapshot,
    concerns: Concerns::Identity,
    scope: RuleScope::Person(check),
    page: include_str!("key_invented.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    let context = person.context;
    let roster = &context.roster;
    let (Some(snapshot), Some(key)) = (&context.snapshot, roster.key) else { return };
    if person.was.is_some() || roster.profile.key.given_by != KeyGiver::Lms {
        return;
    }
    let now = person.cell(key);
    if now.trim().is_empty()
        || snapshot.rows_of_key(&now).next().is_some()
        || context.claim(person.row).is_some_and(|claim| claim.how.is_sure())
    {
        return;
    }
    sink.row(person.row, Some(key), || {
        let fix = Fix {
            title: "clear it, as for a new person".into(),
            safety: Safety::Unsafe,
            edits: vec![person.set(key, "")],
        };
        let lms = roster.profile.called();
        FindingText::new(&*now, format!("{lms} gives these keys, and the snapshot has no `{now}`"))
            .fix(Some(fix))
    });
}
