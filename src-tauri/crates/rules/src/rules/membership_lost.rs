use super::edit_by_hand::only_by_hand;
use super::{Look, Needs, Person, Report, Rule, Told};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::profile::AddOrReplace;

pub static RULE: Rule = Rule {
    code: "membership-lost",
    title: "Taken out of a group or role",
    severity: Severity::Warning,
    needs: Needs::Snapshot,
    look: Look::Person(check),
    page: include_str!("membership_lost.md"),
};

fn check(person: &Person, report: &mut Report) {
    if !person.differs {
        return;
    }
    let changes = person.changes();
    for changed in &changes {
        let Some(lost) =
            super::edit_ignored::taken_away(person.scene, changed, AddOrReplace::Replace)
        else {
            continue;
        };
        if only_by_hand(person.scene, &changes, changed).is_some() {
            continue;
        }
        report.row(person.row, Some(changed.column.at), || {
            let profile = &person.scene.roster.profile;
            let field = person.scene.roster.field(changed.column.at);
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
            let name = person.scene.roster.name(person.row);
            let message =
                format!("{name} would lose {}{perhaps}", muster_table::words::listed(&values));
            let by = changed.column.separator.as_deref().unwrap_or_default();
            let all = changed.column.values(&changed.now).chain(lost.iter().copied());
            let fix = Fix {
                title: "list them again".into(),
                safety: Safety::Unsafe,
                edits: vec![person.set(changed.column.at, all.collect::<Vec<_>>().join(by))],
            };
            Told::new(lost.join(by), message).fix(Some(fix))
        });
    }
}
