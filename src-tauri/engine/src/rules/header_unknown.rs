use super::{Look, Needs, Report, Rule, Scene, Told};
use crate::edit::Edit;
use crate::finding::{Fix, Safety, Severity};

pub static RULE: Rule = Rule {
    code: "header-unknown",
    title: "Column not known",
    severity: Severity::Warning,
    needs: Needs::File,
    look: Look::Header(check),
    page: include_str!("header_unknown.md"),
};

fn check(scene: &Scene, report: &mut Report) {
    let profile = &scene.roster.profile;
    if profile.fields.is_empty() {
        return;
    }
    for column in &scene.roster.columns {
        let custom = profile.columns.custom && scene.twins[column.at].is_some();
        let undecided = profile.columns.custom && scene.snapshot.is_none();
        let lacking = profile
            .fields
            .iter()
            .enumerate()
            .filter(|(n, _)| !scene.roster.columns.iter().any(|c| c.field == Some(*n)));
        let resembles = lacking.map(|(_, field)| &field.headers[0]).find(|header| {
            let form = crate::profile::header_form(header);
            strsim::osa_distance(&form, &column.form) <= if form.len() >= 6 { 2 } else { 1 }
        });
        if column.field.is_some()
            || custom
            || column.form.is_empty()
            || (undecided && resembles.is_none())
        {
            continue;
        }
        report.header(Some(column.at), || {
            let fix = resembles.map(|header| Fix {
                title: format!("rename it to `{header}`"),
                safety: Safety::Unsafe,
                edits: vec![Edit::Rename {
                    column: column.at as u32,
                    before: column.name.clone(),
                    after: header.clone(),
                }],
            });
            let name = &column.name;
            Told::new(name, format!("{} does not know the column `{name}`", profile.name)).fix(fix)
        });
    }
}
