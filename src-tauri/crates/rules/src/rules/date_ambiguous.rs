use super::date_malformed::shown;
use super::date_order::decided;
use super::{Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::dates::{ISO, Reading, written};
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
            column.kind == FieldKind::Date && context.roster.date_forms(column.at).is_empty()
        },
        classes: CharClasses::DIGIT,
        check,
    },
    page: include_str!("date_ambiguous.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    if cell.context.date_orders[cell.column.at].proven().is_some() {
        return;
    }
    let Reading::Either { day_first, month_first, certain } = Reading::of(cell.text) else {
        return;
    };
    sink.cell(cell, || {
        let text = cell.text.trim();
        let message = format!("`{text}` could be {} or {}", shown(day_first), shown(month_first));
        let Some(decided) = decided(cell, day_first, month_first) else {
            return FindingText::new(text, message);
        };
        let iso = written(decided.date, ISO);
        let safety = if decided.certain && certain { Safety::Safe } else { Safety::Unsafe };
        let fix = cell.fix(format!("make it `{iso}`"), safety, iso);
        FindingText::new(text, format!("{message}; {}", decided.because)).fix(Some(fix))
    });
}
