use super::{Cell, Look, Needs, Report, Rule, Shape, Told};
use muster_roster::finding::Severity;

pub static RULE: Rule = Rule {
    code: "too-long",
    title: "Too long",
    severity: Severity::Error,
    needs: Needs::File,
    look: Look::Value {
        of: |scene, column| scene.roster.field(column.at).is_some_and(|f| f.max.is_some()),
        shape: Shape::FILLED,
        check,
    },
    page: include_str!("too_long.md"),
};

fn check(cell: &Cell, report: &mut Report) {
    let field = cell.scene.roster.field(cell.column.at);
    let Some(most) = field.and_then(|f| f.max) else { return };
    if cell.text.len() <= most {
        return;
    }
    for &value in cell.values {
        let long = value.trim().chars().count();
        if long > most && !cell.is_nobodys {
            report.cell(cell, || {
                let lms = &cell.scene.roster.profile.name;
                Told::new(
                    value,
                    format!("{lms} takes at most {most} characters here; this has {long}"),
                )
            });
        }
    }
}
