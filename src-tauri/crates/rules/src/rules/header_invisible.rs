use super::header_unknown::renamed;
use super::{
    CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope,
    character_invisible, equals_kept, escapes, header_blank, space_stray,
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
        if let Some(meant) = meant(name) {
            sink.header(Some(column.at), || {
                let message =
                    format!("the name of this column is written `{name}`; it reads `{meant}`");
                FindingText::new(name, message).fix(Some(renamed(column, &meant, Safety::Unsafe)))
            });
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

/// What the name of a column reads where it is written as a formula, with escaped letters or in quotation marks.
fn meant(name: &str) -> Option<String> {
    let quoted = || {
        let inner = name.trim().strip_prefix('"')?.strip_suffix('"')?;
        (!inner.trim().is_empty() && !inner.contains('"')).then(|| inner.trim().to_owned())
    };
    equals_kept::meant(name).or_else(|| escapes::decoded(name)).or_else(quoted)
}
