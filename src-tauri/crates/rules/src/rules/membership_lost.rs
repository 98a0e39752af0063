use super::edit_by_hand::only_by_hand;
use super::{Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::profile::AddOrReplace;

pub static RULE: Rule = Rule {
    code: "membership-lost",
    title: "Taken out of a group or role",
    severity: Severity::Warning,
    requires: Requires::Snapshot,
    concerns: Concerns::Change,
    scope: RuleScope::Person(check),
    page: include_str!("membership_lost.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    if !person.differs {
        return;
    }
    let changes = person.changes();
    for changed in &changes {
        let Some(lost) =
            super::edit_ignored::taken_away(person.context, changed, AddOrReplace::Replace)
        else {
            continue;
        };
        if only_by_hand(person.context, &changes, changed).is_some() {
            continue;
        }
        sink.row(person.row, Some(changed.column.at), || {
            let profile = &person.context.roster.profile;
            let field = person.context.roster.field(changed.column.at);
            let undocumented =
                changed.now.trim().is_empty() && field.is_none_or(|f| f.blank.is_none());
            let perhaps = if undocumented {
                format!(
                    ", unless {} leaves blank cells alone: that is not documented",
                    profile.called()
                )
            } else {
                String::new()
            };
            let values: Vec<String> = lost.iter().map(|v| format!("`{v}`")).collect();
            let name = person.context.roster.name(person.row);
            let message =
                format!("{name} would lose {}{perhaps}", muster_table::words::listed(&values));
            let by = changed.column.separator.as_deref().unwrap_or_default();
            let all = changed.column.values(&changed.now).chain(lost.iter().copied());
            let fix = Fix {
                title: "list them again".into(),
                safety: Safety::Unsafe,
                edits: vec![person.set(changed.column.at, all.collect::<Vec<_>>().join(by))],
            };
            FindingText::new(lost.join(by), message).fix(Some(fix))
        });
    }
}
