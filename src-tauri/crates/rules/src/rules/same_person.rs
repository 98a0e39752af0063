use super::{Claim, Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::profile::KeyGiver;

pub static RULE: Rule = Rule {
    code: "same-person",
    title: "Perhaps known already",
    severity: Severity::Warning,
    requires: Requires::Snapshot,
    concerns: Concerns::Identity,
    scope: RuleScope::Person(check),
    page: include_str!("same_person.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    let context = person.context;
    let (Some(snapshot), Some(key)) = (&context.snapshot, context.roster.key) else { return };
    if person.was.is_some()
        || (context.roster.profile.key.given_by == KeyGiver::You && person.key.trim().is_empty())
    {
        return;
    }
    let Some(Claim { was, how }) = context.looks_like(person.row) else { return };
    if how.is_sure() {
        return;
    }
    sink.row(person.row, Some(key), || {
        let (name, old) = (snapshot.name(was), snapshot.key_text(was));
        let (evidence, against) =
            (context.evidence(person.row, was), context.against(person.row, was));
        let but = if against.is_empty() { String::new() } else { format!("; {against}") };
        if context.is_unreached(was) {
            let (lms, called) = (context.roster.profile.called(), context.roster.called(key));
            let how = match old.trim().is_empty() {
                true => format!("whom {lms} has without {called}"),
                false => format!("whom {lms} has under `{}`, as it has others", old.trim()),
            };
            let message = format!(
                "may be {name}, {how}: {evidence}{but}; {lms} would make a second account. Put `{}` into {lms} first, and take a fresh export",
                person.key.trim(),
            );
            return FindingText::new(person.key, message);
        }
        let put = context.was_cell(was, key).unwrap_or_default();
        let fix = Fix {
            title: format!("take over the key {}", muster_table::words::quoted(&put)),
            safety: Safety::Unsafe,
            edits: vec![person.set(key, &*put)],
        };
        let likely = if context.is_probable(person.row) { "is probably" } else { "may be" };
        let message = format!("{likely} {name} (`{old}`), whom the file lacks: {evidence}{but}");
        FindingText::new(person.key, message).fix(Some(fix))
    });
}
