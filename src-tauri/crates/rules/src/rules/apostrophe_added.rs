use super::{Cell, Look, Needs, Report, Rule, Shape, Told};
use muster_roster::finding::{Safety, Severity};

pub static RULE: Rule = Rule {
    code: "apostrophe-added",
    title: "Apostrophe of the export",
    severity: Severity::Warning,
    needs: Needs::File,
    look: Look::Value {
        of: |scene, column| {
            !scene.roster.profile.file.guards_with_apostrophe.is_empty() && !column.is_secret()
        },
        shape: Shape::FILLED,
        check,
    },
    page: include_str!("apostrophe_added.md"),
};

fn check(cell: &Cell, report: &mut Report) {
    let Some(rest) = cell.text.strip_prefix('\'') else { return };
    let profile = &cell.scene.roster.profile;
    if !rest.starts_with(|c| profile.file.guards_with_apostrophe.contains(c)) {
        return;
    }
    report.cell(cell, || {
        let fix = cell.fix(format!("make it `{rest}`"), Safety::Unsafe, rest);
        let lms = profile.called();
        let message =
            format!("the export of {lms} put `'` before `{rest}`, and its import keeps it");
        Told::new(cell.text, message).fix(Some(fix))
    });
}
