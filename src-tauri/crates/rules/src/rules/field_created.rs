use super::header_unknown::renamed;
use super::{Look, Needs, Report, Rule, Scene, Told, header_duplicate, naming};
use muster_roster::finding::{Safety, Severity};
use muster_roster::profile::NewFields;
use muster_roster::roster::Column;

pub static RULE: Rule = Rule {
    code: "field-created",
    title: "New field for everybody",
    severity: Severity::Warning,
    needs: Needs::File,
    look: Look::Header(check),
    page: include_str!("field_created.md"),
};

fn check(scene: &Scene, report: &mut Report) {
    let profile = &scene.roster.profile;
    if !profile.columns.creates {
        return;
    }
    let accepted = scene.choices.new_fields == Some(NewFields::Accept);
    for column in &scene.roster.columns {
        let known = column.field.is_some() || scene.twins[column.at].is_some();
        if known
            || column.name.trim().is_empty()
            || header_duplicate::earlier(scene, column).is_some()
            || is_needed_field(scene, column)
        {
            continue;
        }
        let meant = naming::meant_name(scene, column);
        let severity = (accepted && meant.is_none()).then_some(Severity::Note);
        report.at(super::Mark::NOWHERE, Some(column.at), severity, || {
            let (name, lms) = (&column.name, profile.called());
            let touched = match &scene.snapshot {
                Some(snapshot) => format!(
                    "for everybody in the company, also the {} of the last snapshot",
                    muster_table::words::people(snapshot.table.len())
                ),
                None => "for everybody in the company, not only those in the file".to_owned(),
            };
            let resembles = meant.map_or(String::new(), |m| format!("; it looks like `{m}`"));
            Told::new(name, format!("{lms} would make a new field `{name}` {touched}{resembles}"))
                .fix(meant.map(|name| renamed(column, name, Safety::Unsafe)))
        });
    }
}

/// A misspelt name of a column that has to be there is one fault, and `header-missing` names it.
fn is_needed_field(scene: &Scene, column: &Column) -> bool {
    naming::meant(scene, column)
        .is_some_and(|field| field.needed && naming::column_for(scene, field).is_some())
}
