use super::{CheckContext, Concerns, FindingSink, FindingText, RULES, Requires, Rule, RuleScope};
use muster_roster::finding::Severity;
use muster_table::words::listed;

pub static RULE: Rule = Rule {
    code: "as-exported",
    title: "As the LMS exported it",
    severity: Severity::Note,
    requires: Requires::Snapshot,
    concerns: Concerns::File,
    scope: RuleScope::Roster(check),
    page: include_str!("as_exported.md"),
};

fn check(context: &CheckContext, sink: &mut FindingSink) {
    for (column, aside) in context.set_aside.columns() {
        sink.header(Some(column), || {
            let lms = context.roster.profile.called();
            let kinds = &aside.by_rule;
            let named = |(rule, n): (&u8, &u32)| {
                let title = RULES[usize::from(*rule)].title;
                if kinds.len() == 1 {
                    format!("“{title}”")
                } else {
                    format!("“{title}” ({n})")
                }
            };
            let kinds = listed(&kinds.iter().map(named).collect::<Vec<_>>());
            let (cells, it, stops) = match aside.cells {
                1 => ("1 cell is".to_owned(), "it", "it stops"),
                n => (format!("{n} cells are"), "them", "they stop"),
            };
            let message = format!(
                "{cells} as {lms} exported {it}: {kinds}; nobody changed {it}, so {stops} nobody"
            );
            FindingText::new("", message)
        });
    }
}
