use super::{
    Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope, stray,
};
use muster_roster::finding::{Fix, Safety, Severity};

pub static RULE: Rule = Rule {
    code: "group-unknown",
    title: "Group not known",
    severity: Severity::Error,
    requires: Requires::List("groups"),
    concerns: Concerns::Value,
    scope: RuleScope::Value {
        of: |_, column| column.list.as_deref() == Some("groups"),
        classes: CharClasses::FILLED,
        check: |cell, sink| not_on_the_list(cell, "groups", "group", sink),
    },
    page: include_str!("group_unknown.md"),
};

/// Reports each value of a cell that is not on a list, with the value it resembles.
pub(super) fn not_on_the_list(cell: &Cell, kind: &str, one: &str, sink: &mut FindingSink) {
    let Some(list) = cell.context.lists.get(kind) else { return };
    // As nearly every cell is.
    let is_all_known = cell.values.iter().all(|value| list.has(value));
    if is_all_known || !stray::is_understood(cell) {
        return;
    }
    let form = &cell.context.roster.profile.file;
    for &value in cell.values {
        // A stray character is reported by the rule about such.
        if list.has(value)
            || list.has(&stray::normalized(value))
            || form.with_guard(value).is_some_and(|value| list.has(&value))
            || list.has(form.without_guard(value))
            || is_told_elsewhere(cell, value)
        {
            continue;
        }
        let nearly = || list.same_but_form(value).or_else(|| list.nearest(value)).is_some();
        // An account has roles that no file can give; only a snapshot says which.
        let may_be_own = kind == "roles" && cell.context.snapshot.is_none() && !nearly();
        // Whatever it is nearly was meant; what is like nothing there may be meant to be new.
        let is_made = is_made_if_lacking(cell) && !nearly();
        let lighter = (may_be_own || is_made).then_some(Severity::Warning);
        sink.at(cell.row, Some(cell.column.at), lighter, || {
            let of = if list.source == "the snapshot" {
                "that the snapshot has".to_owned()
            } else {
                format!("of {}", cell.context.roster.profile.called())
            };
            let finding =
                |why: &str| FindingText::new(value, format!("`{value}` is not a {one} {of}{why}"));
            if let Some(known) = list.same_but_form(value) {
                finding(&format!(
                    "; `{known}` is, and differs only in {}",
                    difference(value, known)
                ))
                .fix(Some(replaced(cell, value, known, Safety::Safe)))
            } else if let Some(known) = list.nearest(value) {
                finding(&format!("; `{known}` is")).fix(Some(replaced(
                    cell,
                    value,
                    known,
                    Safety::Unsafe,
                )))
            } else if is_made {
                let lms = cell.context.roster.profile.called();
                finding(&format!("; {lms} makes a new one of that name"))
            } else {
                finding("")
            }
        });
    }
}

/// Whether the import makes what is not there.
fn is_made_if_lacking(cell: &Cell) -> bool {
    cell.context.roster.says_of(cell.column.at).is_some_and(|field| field.made_if_lacking)
}

/// Several values joined by a wrong separator; a part of a name that holds the right one; a role that only the LMS's own
/// page gives, and that somebody has; or digits that are a number of the LMS's own.
fn is_told_elsewhere(cell: &Cell, value: &str) -> bool {
    super::own_number::is_own_number(cell.context, cell.column, value)
        || super::separator_wrong::is_several(cell, value)
        || super::separator_in_name::is_part(cell, value)
        || (cell.column.list.as_deref() == Some("roles")
            && super::role_not_by_file::is_had_by_someone(cell.context, cell.column, value))
}

fn replaced(cell: &Cell, value: &str, known: &str, safety: Safety) -> Fix {
    let joined = cell.column.separator.as_deref().unwrap_or_default();
    let values: Vec<&str> =
        cell.values.iter().map(|v| if *v == value { known } else { v }).collect();
    let trailing = if !joined.is_empty() && cell.text.trim_end().ends_with(joined.trim()) {
        joined.trim()
    } else {
        ""
    };
    cell.fix(format!("`{value}` → `{known}`"), safety, values.join(joined) + trailing)
}

fn difference(value: &str, known: &str) -> &'static str {
    let spaces = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    if value.to_lowercase() == known.to_lowercase() {
        "upper and lower case"
    } else if spaces(value) == spaces(known) {
        "spaces"
    } else if value.chars().any(muster_roster::letters::is_invisible) {
        "an invisible character"
    } else if value.is_ascii() == known.is_ascii() {
        "case and spaces"
    } else {
        "a letter that looks the same"
    }
}
