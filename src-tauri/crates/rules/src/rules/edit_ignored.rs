use super::{
    Changed, CheckContext, Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope,
    role_not_by_file,
};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::profile::{AddOrReplace, Existing, Spelt};
use muster_roster::roster::Column;
use muster_table::words::MASK;

pub static RULE: Rule = Rule {
    code: "edit-ignored",
    title: "Change without effect",
    severity: Severity::Warning,
    requires: Requires::Snapshot,
    concerns: Concerns::Change,
    scope: RuleScope::Person(check),
    page: include_str!("edit_ignored.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    if !person.differs && person.was.is_some() {
        return;
    }
    not_taken(person, sink);
    if !person.differs {
        return;
    }
    let context = person.context;
    let lms = context.roster.profile.called();
    // Of two rows with one key, who is meant is told first.
    if context.roster.rows_of_key(person.key).nth(1).is_some() {
        return;
    }
    for changed in &person.changes() {
        let at = changed.column.at;
        let for_new_only = context.roster.field(at).is_some_and(|f| f.create_only);
        if for_new_only || context.roster.profile.existing == Existing::Ignored {
            // A value under another key is told as that, and a column that is not read as a whole.
            let told = changed.column.is_key || context.is_not_read(changed.column);
            if told || person.was.is_none() {
                continue;
            }
            sink.row(person.row, Some(at), || {
                let message = if for_new_only {
                    format!("{lms} takes {} only for new people", context.roster.called(at))
                } else {
                    format!("{lms} changes nobody who exists already")
                };
                let value = if changed.column.is_secret() { MASK } else { &*changed.now };
                FindingText::new(value, message).fix(Some(person.put_back(changed, Safety::Unsafe)))
            });
            continue;
        }
        let Some(mut kept) = taken_away(context, changed, AddOrReplace::Add) else { continue };
        // A role that only the LMS's own page takes away is told as that.
        kept.retain(|role| !role_not_by_file::is_by_page_only(context, changed.column, role));
        if kept.is_empty() {
            continue;
        }
        // A value that is misspelled was not taken away.
        if changed.column.values(&changed.now).any(|value| is_unknown(context, changed, value)) {
            continue;
        }
        sink.row(person.row, Some(at), || {
            let by = changed.column.separator.as_deref().unwrap_or_default();
            let values: Vec<String> = kept.iter().map(|v| format!("`{v}`")).collect();
            let name = context.roster.name(person.row);
            let all = changed.column.values(&changed.now).chain(kept.iter().copied());
            let fix = Fix {
                title: "list them again".into(),
                safety: Safety::Unsafe,
                edits: vec![person.set(at, all.collect::<Vec<_>>().join(by))],
            };
            let policy = context.roster.field(at);
            let policy = policy.and_then(|field| context.roster.profile.policy_of(&field.id));
            let other = policy.and_then(|p| Some((p, p.choice(AddOrReplace::Replace.word())?)));
            let other = other.map_or_else(String::new, |(policy, choice)| {
                format!("; if it is meant, choose {} for “{}”", choice.title, policy.title)
            });
            let message = format!(
                "Add takes nothing away: {name} would keep {}{other}",
                muster_table::words::listed(&values)
            );
            FindingText::new(kept.join(by), message).fix(Some(fix))
        });
    }
}

/// Values that the LMS does not take of somebody like this: a new person's, and those that were edited.
fn not_taken(person: &Person, sink: &mut FindingSink) {
    let roster = &person.context.roster;
    let excluding = roster
        .columns
        .iter()
        .filter_map(|column| Some((column, roster.field(column.at)?.not_for.as_ref()?)));
    for (column, not_for) in excluding {
        let is_other = |c: &&Column| roster.field(c.at).is_some_and(|f| f.id == not_for.field);
        let Some(other) = roster.columns.iter().find(is_other) else { continue };
        let cell = roster.table.cell(person.row, column.at);
        let says = roster.table.cell(person.row, other.at);
        if cell.trim().is_empty() || !says.trim().eq_ignore_ascii_case(&not_for.word) {
            continue;
        }
        let changes = person.changes();
        let changed = |at: usize| changes.iter().find(|c| c.column.at == at);
        let put_back = match (person.was, changed(column.at)) {
            (None, _) => None,
            // Somebody who was something else stays so: no file changes it.
            (Some(_), Some(change)) if changed(other.at).is_none() => Some(change),
            _ => continue,
        };
        sink.row(person.row, Some(column.at), || {
            let message = format!("{} {}", roster.profile.called(), not_for.says);
            let fix = match put_back {
                Some(change) => person.put_back(change, Safety::Unsafe),
                None => Fix {
                    title: "empty the cell".into(),
                    safety: Safety::Unsafe,
                    edits: vec![person.set(column.at, String::new())],
                },
            };
            FindingText::new(&*cell, message).fix(Some(fix))
        });
    }
}

fn is_unknown(context: &CheckContext, changed: &Changed, value: &str) -> bool {
    let list = changed.column.list.as_ref().and_then(|kind| context.lists.get(kind));
    list.is_some_and(|list| !list.has(value))
}

/// The values that a cell no longer lists, where the LMS was told to add or to replace.
pub(super) fn taken_away<'c>(
    context: &CheckContext,
    changed: &'c Changed,
    chosen: AddOrReplace,
) -> Option<Vec<&'c str>> {
    let field = context.roster.field(changed.column.at)?;
    changed.column.separator.as_ref()?;
    if context.choices.values_of(&field.id) != Some(chosen) {
        return None;
    }
    // What everybody has is nobody's to take away or to list.
    let stays = |value: &str| field.always.iter().any(|a| a == value);
    let gone = |value: &&str| {
        let mut listed = changed.column.values(&changed.now);
        !stays(value) && !listed.any(|v| field.same_value(v, value))
    };
    let gone: Vec<&str> = changed.column.values(&changed.before).filter(gone).collect();
    (!gone.is_empty()).then_some(gone)
}
