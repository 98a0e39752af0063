use super::date_malformed::shown;
use super::dates::{Reading, written};
use super::{Cell, Look, Needs, Report, Rule, Shape, Told};
use muster_roster::finding::{Safety, Severity};
use muster_roster::profile::FieldKind;

pub static RULE: Rule = Rule {
    code: "date-ambiguous",
    title: "Day or month first",
    severity: Severity::Warning,
    needs: Needs::File,
    look: Look::Value {
        of: |scene, column| {
            // Where the LMS reads one form, any other is malformed.
            column.kind == FieldKind::Date
                && scene.roster.date_forms(column.at).is_empty()
                && scene.roster.field(column.at).is_none_or(|f| !f.read_only)
        },
        shape: Shape::DIGIT,
        check,
    },
    page: include_str!("date_ambiguous.md"),
};

fn check(cell: &Cell, report: &mut Report) {
    let order = cell.scene.stats[cell.column.at].date_order();
    if order.is_decided() {
        return;
    }
    let Reading::Either { day_first, month_first, .. } = Reading::of(cell.text) else { return };
    report.cell(cell, || {
        let text = cell.text.trim();
        let told = format!("`{text}` could be {} or {}", shown(day_first), shown(month_first));
        let Some(day_comes_first) = order.day_first() else { return Told::new(text, told) };
        let date = if day_comes_first { day_first } else { month_first };
        let iso = written(date, "YYYY-MM-DD");
        let first = if day_comes_first { "day" } else { "month" };
        let told = format!("{told}; most dates of this column have the {first} first");
        let fix = cell.fix(format!("make it `{iso}`"), Safety::Unsafe, iso);
        Told::new(text, told).fix(Some(fix))
    });
}
