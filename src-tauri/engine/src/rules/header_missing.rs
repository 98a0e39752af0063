use super::header_unknown::renamed;
use super::{Look, Needs, Report, Rule, Scene, Told, naming};
use crate::finding::{Safety, Severity};

pub static RULE: Rule = Rule {
    code: "header-missing",
    title: "Column missing",
    severity: Severity::Error,
    needs: Needs::File,
    look: Look::Header(check),
    page: include_str!("header_missing.md"),
};

fn check(scene: &Scene, report: &mut Report) {
    let roster = &scene.roster;
    let key = &roster.profile.key.field;
    for field in naming::lacking(scene).filter(|f| f.needed || f.id == *key) {
        let like = naming::column_for(scene, field);
        report.header(like.map(|c| c.at), || {
            let (header, lms) = (&field.headers[0], &roster.profile.name);
            let what = match like {
                Some(column) => {
                    format!("{lms} needs the column `{header}`; `{}` looks like it", column.name)
                }
                None => format!("{lms} needs the column `{header}`, which is not there"),
            };
            Told::new(header, what).fix(like.map(|column| renamed(column, header, Safety::Unsafe)))
        });
    }
    let Some(snapshot) = &scene.snapshot else { return };
    for column in &snapshot.columns {
        let field = snapshot.field(column.at);
        let left_out_freely =
            field.is_some_and(|f| f.needed || f.read_only || f.id == *key) || column.is_secret();
        if left_out_freely || column.form.is_empty() || scene.twins.contains(&Some(column.at)) {
            continue;
        }
        // A misspelt name is one fault, and `header-unknown` names it.
        if field.is_some_and(|f| naming::column_for(scene, f).is_some()) {
            continue;
        }
        // Most systems leave alone what a file does not have; one that goes by position takes each next column for it.
        let severity =
            if roster.profile.columns.ordered { Severity::Error } else { Severity::Warning };
        report.at(super::Mark::NOWHERE, None, Some(severity), || {
            let name = &column.name;
            Told::new(
                name,
                format!("the last snapshot has the column `{name}`, which is not there"),
            )
        });
    }
}
