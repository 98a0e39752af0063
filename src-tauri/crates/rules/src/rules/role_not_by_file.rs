use super::{CheckContext, Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::profile::AddOrReplace;
use muster_roster::roster::Column;

pub static RULE: Rule = Rule {
    code: "role-not-by-file",
    title: "Role not given by a file",
    severity: Severity::Error,
    requires: Requires::Snapshot,
    concerns: Concerns::Change,
    scope: RuleScope::Person(check),
    page: include_str!("role_not_by_file.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    let context = person.context;
    if person.was.is_some() && !person.differs {
        return;
    }
    let Some(column) = context.roster.columns.iter().find(|c| c.list.as_deref() == Some("roles"))
    else {
        return;
    };
    let Some(list) = context.lists.get("roles") else { return };
    if context.is_scrambled(column.at) || context.is_someone_else(person.row) {
        return;
    }
    let now = person.cell(column.at);
    let before = person.was_cell(column.at).unwrap_or_default();
    let lms = context.roster.profile.called();
    let tell = |told: &str, role: &str, way: &str| {
        let fix = Fix {
            title: format!("put back {}", muster_table::words::quoted(&before)),
            safety: Safety::Unsafe,
            edits: vec![person.set(column.at, &*before)],
        };
        let message = format!("no file can {way} the role `{role}`; {told} on {lms}'s own page");
        FindingText::new(role, message).fix(Some(fix))
    };
    for role in column.values(&now) {
        let had = || column.values(&before).any(|b| b == role);
        if !list.has(role) && !had() && is_had_by_someone(context, column, role) {
            sink.row(person.row, Some(column.at), || tell("that is done", role, "give"));
        }
    }
    let replaces = context
        .roster
        .field(column.at)
        .is_some_and(|f| context.choices.values_of(&f.id) == Some(AddOrReplace::Replace));
    for role in column.values(&before).filter(|_| replaces) {
        if !list.has(role) && column.values(&now).any(|n| n == role) {
            // The LMS gave it, and nobody touched it: it stops nobody.
            sink.at(person.row, Some(column.at), Some(Severity::Note), || {
                let name = context.roster.name(person.row);
                let message = format!(
                    "`{role}` is none of the roles that a file gives, and Replace writes all roles anew: {lms} does not say whether {name} keeps it. Look at it afterwards, or choose Add"
                );
                FindingText::new(role, message)
            });
        }
    }
    for role in column.values(&before) {
        if !list.has(role) && !column.values(&now).any(|n| n == role) {
            sink.row(person.row, Some(column.at), || tell("that is done", role, "take away"));
        }
    }
}

/// Whether a value is a role that no file can give or take.
pub(super) fn is_by_page_only(context: &CheckContext, column: &Column, role: &str) -> bool {
    let list = context.lists.get("roles").filter(|_| column.list.as_deref() == Some("roles"));
    list.is_some_and(|list| !list.has(role)) && is_had_by_someone(context, column, role)
}

/// Whether a role that no file can give is one that the LMS has all the same.
pub(super) fn is_had_by_someone(context: &CheckContext, column: &Column, role: &str) -> bool {
    context.roles_of_the_snapshot(column).contains(role)
}
