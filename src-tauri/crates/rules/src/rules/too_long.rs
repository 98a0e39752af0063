use super::{Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::Severity;

pub static RULE: Rule = Rule {
    code: "too-long",
    title: "Too long",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Value,
    scope: RuleScope::Value {
        of: |context, column| context.roster.says_of(column.at).is_some_and(|f| f.max.is_some()),
        classes: CharClasses::FILLED,
        check,
    },
    page: include_str!("too_long.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let field = cell.context.roster.says_of(cell.column.at);
    let Some(most) = field.and_then(|f| f.max) else { return };
    if cell.text.len() <= most {
        return;
    }
    for &value in cell.values {
        let long = value.trim().chars().count();
        if long > most && !cell.is_nobodys {
            sink.cell(cell, || {
                let roster = &cell.context.roster;
                let (lms, place) = (&roster.profile.name, roster.called(cell.column.at));
                FindingText::new(
                    value,
                    format!("{lms} takes at most {most} characters in {place}; this has {long}"),
                )
            });
        }
    }
}
