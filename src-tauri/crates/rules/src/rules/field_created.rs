use super::header_unknown::renamed;
use super::{
    CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope, column_guess,
    header_duplicate,
};
use muster_roster::finding::{Safety, Severity};
use muster_roster::profile::NewFields;
use muster_roster::roster::Column;

pub static RULE: Rule = Rule {
    code: "field-created",
    title: "New field for everybody",
    severity: Severity::Warning,
    requires: Requires::File,
    concerns: Concerns::File,
    scope: RuleScope::Header(check),
    page: include_str!("field_created.md"),
};

fn check(context: &CheckContext, sink: &mut FindingSink) {
    let profile = &context.roster.profile;
    if !profile.columns.creates {
        return;
    }
    let accepted = context.choices.new_fields == Some(NewFields::Accept);
    for column in &context.roster.columns {
        let known = column.field.is_some() || context.snapshot_columns[column.at].is_some();
        if known
            || column.name.trim().is_empty()
            || header_duplicate::earlier(context, column).is_some()
            || is_needed_field(context, column)
        {
            continue;
        }
        let meant = column_guess::closest_name(context, column);
        let severity = (accepted && meant.is_none()).then_some(Severity::Note);
        sink.at(super::Mark::NOWHERE, Some(column.at), severity, || {
            let (name, lms) = (&column.name, profile.called());
            let touched = match &context.snapshot {
                Some(snapshot) => format!(
                    "for everybody in the company, also the {} of the last snapshot",
                    muster_table::words::people(snapshot.table.len())
                ),
                None => "for everybody in the company, not only those in the file".to_owned(),
            };
            let resembles = meant.map_or(String::new(), |m| format!("; it looks like `{m}`"));
            FindingText::new(
                name,
                format!("{lms} would make a new field `{name}` {touched}{resembles}"),
            )
            .fix(meant.map(|name| renamed(column, name, Safety::Unsafe)))
        });
    }
}

/// A misspelt name of a column that has to be there is one fault, and `header-missing` names it.
fn is_needed_field(context: &CheckContext, column: &Column) -> bool {
    column_guess::closest_field(context, column).is_some_and(|field| {
        field.column_required && column_guess::column_for(context, field).is_some()
    })
}
