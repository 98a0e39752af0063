use super::{
    CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope, column_family,
    column_guess, export_other, header_duplicate,
};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::roster::Column;
use muster_table::edit::Edit;
use muster_table::narrow;

pub static RULE: Rule = Rule {
    code: "header-unknown",
    title: "Column not known",
    severity: Severity::Warning,
    requires: Requires::File,
    concerns: Concerns::File,
    scope: RuleScope::Header(check),
    page: include_str!("header_unknown.md"),
};

fn check(context: &CheckContext, sink: &mut FindingSink) {
    let profile = &context.roster.profile;
    // Where the LMS makes a new field of such a column, `field-created` says so.
    if profile.fields.is_empty() || profile.columns.creates || export_other::is_one(&context.roster)
    {
        return;
    }
    for column in &context.roster.columns {
        let meant = column_guess::closest_field(context, column);
        // Without a snapshot nobody can say which columns an account has of its own.
        let may_be_own = profile.columns.custom
            && (context.snapshot.is_none() || column_guess::is_known_by_snapshot(context, column));
        let status = context.status_like.as_ref().filter(|status| status.at == column.at);
        if column.field.is_some()
            || context.names_beside.contains(&column.at)
            || column.used.is_some()
            || column.name.trim().is_empty()
            || profile.has_in_family(&column.name)
            || (may_be_own && meant.is_none())
            || header_duplicate::earlier(context, column).is_some()
            || meant.is_some_and(|f| {
                f.column_required && column_guess::column_for(context, f).is_some()
            })
        {
            continue;
        }
        // Whoever left would stay, and nobody would know.
        let severity = status.map(|_| Severity::Error);
        sink.at(super::Mark::NOWHERE, Some(column.at), severity, || {
            let name = &column.name;
            let family = column_family::meant(profile, &column.name);
            let meant = family.as_deref().or_else(|| column_guess::closest_name(context, column));
            let says = status.map_or(String::new(), |status| status.says());
            let resembles = meant.map_or(String::new(), |m| format!("; it looks like `{m}`{says}"));
            FindingText::new(
                name,
                format!("{} does not know the column `{name}`{resembles}", profile.name),
            )
            .fix(meant.map(|name| renamed(column, name, Safety::Unsafe)))
        });
    }
}

/// A fix that gives a column another name.
pub(super) fn renamed(column: &Column, after: &str, safety: Safety) -> Fix {
    Fix {
        title: format!("rename it to `{after}`"),
        safety,
        edits: vec![Edit::Rename {
            column: narrow::place(column.at),
            before: column.name.clone(),
            after: after.to_owned(),
        }],
    }
}
