use super::header_unknown::renamed;
use super::{
    CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope,
    character_invisible, header_blank, space_stray,
};
use muster_roster::finding::{Safety, Severity};

pub static RULE: Rule = Rule {
    code: "header-invisible",
    title: "Stray character in a column name",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::File,
    scope: RuleScope::Header(check),
    page: include_str!("header_invisible.md"),
};

fn check(context: &CheckContext, sink: &mut FindingSink) {
    for column in &context.roster.columns {
        let name = &column.name;
        let its_own = context.roster.field(column.at).is_some_and(|f| f.headers.contains(name));
        if its_own || header_blank::is_blank(name) {
            continue;
        }
        let visible = character_invisible::cleaned_line(name);
        let seen = visible.as_deref().unwrap_or(name);
        if visible.is_none() && !space_stray::is_stray(seen) {
            continue;
        }
        sink.header(Some(column.at), || {
            let clean = space_stray::tidied(seen);
            let what = if visible.is_some() { "an invisible character" } else { "a stray space" };
            FindingText::new(name, format!("{what} in the name of the column `{clean}`"))
                .fix(Some(renamed(column, &clean, Safety::Safe)))
        });
    }
}
