use super::{Cell, Look, Needs, Report, Rule, Shape, Told};
use muster_roster::finding::Severity;

pub static RULE: Rule = Rule {
    code: "too-short",
    title: "Too short",
    severity: Severity::Error,
    needs: Needs::File,
    look: Look::Value {
        of: |scene, column| {
            // A short password is one of the ways to be weak: `password-weak`.
            scene.roster.field(column.at).is_some_and(|f| f.min.is_some()) && !column.is_secret()
        },
        shape: Shape::FILLED,
        check,
    },
    page: include_str!("too_short.md"),
};

fn check(cell: &Cell, report: &mut Report) {
    let Some(field) = cell.scene.roster.field(cell.column.at) else { return };
    let Some(least) = field.min else { return };
    for &value in cell.values {
        let short = value.trim().chars().count();
        if short == 0
            || short >= least
            || field.keep_word.as_deref() == Some(value)
            || cell.is_nobodys
        {
            continue;
        }
        report.cell(cell, || {
            let lms = &cell.scene.roster.profile.name;
            Told::new(
                value,
                format!("{lms} needs at least {least} characters here; this has {short}"),
            )
        });
    }
}
