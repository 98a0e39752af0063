use super::{Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::Severity;

pub static RULE: Rule = Rule {
    code: "too-long",
    title: "Too long",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Value,
    scope: RuleScope::Value {
        of: |context, column| context.roster.field(column.at).is_some_and(|f| f.max.is_some()),
        classes: CharClasses::FILLED,
        check,
    },
    page: include_str!("too_long.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let field = cell.context.roster.field(cell.column.at);
    let Some(most) = field.and_then(|f| f.max) else { return };
    if cell.text.len() <= most {
        return;
    }
    for &value in cell.values {
        let long = value.trim().chars().count();
        if long > most && !cell.is_nobodys {
            sink.cell(cell, || {
                let lms = &cell.context.roster.profile.name;
                FindingText::new(
                    value,
                    format!("{lms} takes at most {most} characters here; this has {long}"),
                )
            });
        }
    }
}
