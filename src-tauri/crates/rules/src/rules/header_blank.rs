use super::header_unknown::renamed;
use super::{Look, Needs, Report, Rule, Scene, Told};
use muster_roster::finding::{Safety, Severity};
use muster_roster::roster::Column;

pub static RULE: Rule = Rule {
    code: "header-blank",
    title: "Column without a name",
    severity: Severity::Error,
    needs: Needs::File,
    look: Look::Header(check),
    page: include_str!("header_blank.md"),
};

fn check(scene: &Scene, report: &mut Report) {
    for column in &scene.roster.columns {
        if !is_blank(&column.name) {
            continue;
        }
        report.header(Some(column.at), || {
            let was = lost_name(scene, column);
            Told::new("", format!("column {} has no name", column.at + 1))
                .fix(was.map(|name| renamed(column, name, Safety::Unsafe)))
        });
    }
}

pub(super) fn is_blank(name: &str) -> bool {
    name.chars()
        .all(|c| c.is_whitespace() || c.is_control() || muster_roster::lists::is_invisible(c))
}

/// What the snapshot calls the column in this place, if it has as many and that name is not elsewhere in the file.
fn lost_name<'s>(scene: &'s Scene, column: &Column) -> Option<&'s str> {
    let snapshot = scene.snapshot.as_ref()?;
    let was = snapshot.columns.get(column.at)?;
    let free = !scene.twins.contains(&Some(column.at)) && !was.form.is_empty();
    (free && snapshot.columns.len() == scene.roster.columns.len()).then_some(&was.name)
}
