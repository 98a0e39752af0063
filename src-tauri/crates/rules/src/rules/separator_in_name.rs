use super::{
    Cell, CharClasses, CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope,
};
use muster_roster::finding::{Safety, Severity};
use muster_roster::lists::List;
use muster_roster::roster::Column;
use muster_table::words::listed;

pub static RULE: Rule = Rule {
    code: "separator-in-name",
    title: "Name that the file takes apart",
    severity: Severity::Error,
    requires: Requires::File,
    // The LMS's own export takes it apart as well, so it may stand there as it was exported and is refused all the same.
    concerns: Concerns::Change,
    scope: RuleScope::Value {
        of: |context, column| !context.names_in_parts[column.at].is_empty(),
        classes: CharClasses::FILLED,
        check,
    },
    page: include_str!("separator_in_name.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    for (name, parts) in names_taken_apart(cell) {
        sink.cell(cell, || {
            let by = cell.column.separator.as_deref().unwrap_or_default();
            let lms = cell.context.roster.profile.called();
            let read = listed(&parts.iter().map(|part| format!("`{part}`")).collect::<Vec<_>>());
            let message = format!(
                "`{name}` is one name, and `{}` parts names here: {lms} would read {read}. No file can give it; do it in {lms}",
                by.trim()
            );
            let left = without(cell.values, &parts).join(by);
            let fix = cell.fix("take it out of the cell", Safety::Unsafe, left);
            FindingText::new(name, message).fix(Some(fix))
        });
    }
}

/// The names on the list of each column that the column's separator would take apart, and whose parts are no names
/// themselves.
pub(super) fn names_in_parts(context: &CheckContext) -> Vec<Vec<String>> {
    let of = |column: &Column| {
        let list = column.list.as_ref().and_then(|kind| context.lists.get(kind));
        let apart = |list: &List| {
            let names = list.values.iter().filter(|name| column.takes_apart(name));
            let names = names.filter(|name| !column.values(name).all(|part| list.has(part)));
            let mut names: Vec<String> = names.cloned().collect();
            names.sort_unstable();
            names
        };
        list.map(apart).unwrap_or_default()
    };
    context.roster.columns.iter().map(of).collect()
}

/// Such names that stand in a cell, each with its parts.
fn names_taken_apart<'a>(cell: &Cell<'a>) -> Vec<(&'a str, Vec<&'a str>)> {
    let names = cell.context.names_in_parts[cell.column.at].iter();
    let parts = names.map(|name| (name.as_str(), cell.column.values(name).collect::<Vec<_>>()));
    parts.filter(|(_, parts)| place(cell.values, parts).is_some()).collect()
}

/// Whether a value is a part of such a name, about which this rule has its say.
pub(super) fn is_part(cell: &Cell, value: &str) -> bool {
    names_taken_apart(cell).iter().any(|(_, parts)| parts.contains(&value))
}

fn place(values: &[&str], parts: &[&str]) -> Option<usize> {
    if parts.is_empty() { None } else { values.windows(parts.len()).position(|w| w == parts) }
}

fn without<'v>(values: &[&'v str], parts: &[&str]) -> Vec<&'v str> {
    let Some(at) = place(values, parts) else { return values.to_vec() };
    let kept = values.iter().enumerate().filter(|(n, _)| *n < at || *n >= at + parts.len());
    kept.map(|(_, value)| *value).collect()
}
