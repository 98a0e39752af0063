use super::date_malformed::shown;
use super::dates::{Reading, written};
use super::{Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::{Safety, Severity};
use muster_roster::profile::FieldKind;

pub static RULE: Rule = Rule {
    code: "date-ambiguous",
    title: "Day or month first",
    severity: Severity::Warning,
    requires: Requires::File,
    concerns: Concerns::Value,
    scope: RuleScope::Value {
        of: |context, column| {
            // Where the LMS reads one form, any other is malformed.
            column.kind == FieldKind::Date
                && context.roster.date_forms(column.at).is_empty()
                && context.roster.field(column.at).is_none_or(|f| !f.read_only)
        },
        classes: CharClasses::DIGIT,
        check,
    },
    page: include_str!("date_ambiguous.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let order = cell.context.stats[cell.column.at].date_order();
    if order.is_decided() {
        return;
    }
    let Reading::Either { day_first, month_first, .. } = Reading::of(cell.text) else { return };
    sink.cell(cell, || {
        let text = cell.text.trim();
        let message = format!("`{text}` could be {} or {}", shown(day_first), shown(month_first));
        let Some(day_comes_first) = order.day_first() else {
            return FindingText::new(text, message);
        };
        let date = if day_comes_first { day_first } else { month_first };
        let iso = written(date, "YYYY-MM-DD");
        let first = if day_comes_first { "day" } else { "month" };
        let message = format!("{message}; most dates of this column have the {first} first");
        let fix = cell.fix(format!("make it `{iso}`"), Safety::Unsafe, iso);
        FindingText::new(text, message).fix(Some(fix))
    });
}
