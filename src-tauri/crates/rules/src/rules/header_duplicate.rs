use super::header_unknown::renamed;
use super::{CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::{Safety, Severity};
use muster_roster::roster::Column;

pub static RULE: Rule = Rule {
    code: "header-duplicate",
    title: "Column name twice",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::File,
    scope: RuleScope::Header(check),
    page: include_str!("header_duplicate.md"),
};

fn check(context: &CheckContext, sink: &mut FindingSink) {
    for column in &context.roster.columns {
        let Some(first) = earlier(context, column) else { continue };
        sink.header(Some(column.at), || {
            let name = column.name.trim();
            let taken = |name: &str| context.roster.columns.iter().any(|c| c.name.trim() == name);
            let free = (2..).map(|n| format!("{name} {n}")).find(|name| !taken(name)).unwrap_or_default();
            let (there, here) = (first.at + 1, column.at + 1);
            let message = if first.name == column.name {
                format!("columns {there} and {here} are both called `{name}`")
            } else {
                let other = &first.name;
                format!("`{other}` (column {there}) and `{name}` (column {here}) are names of one column")
            };
            FindingText::new(name, message).fix(Some(renamed(column, &free, Safety::Unsafe)))
        });
    }
}

/// The first column of the same name, or of another name of the same field.
pub(super) fn earlier<'s>(context: &'s CheckContext, column: &Column) -> Option<&'s Column> {
    let bare = |c: &Column| c.name.trim().to_lowercase();
    let (name, roster) = (bare(column), &context.roster);
    if name.is_empty() || column.is_left_out() {
        return None;
    }
    roster.columns[..column.at].iter().filter(|other| !other.is_left_out()).find(|other| {
        let same_field = || roster.field(other.at).is_some_and(|f| f.is_headed(&column.form));
        bare(other) == name || (!column.form.is_empty() && same_field())
    })
}
