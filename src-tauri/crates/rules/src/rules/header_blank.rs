use super::header_unknown::renamed;
use super::{CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::{Safety, Severity};
use muster_roster::roster::Column;

pub static RULE: Rule = Rule {
    code: "header-blank",
    title: "Column without a name",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::File,
    scope: RuleScope::Header(check),
    page: include_str!("header_blank.md"),
};

fn check(context: &CheckContext, sink: &mut FindingSink) {
    let columns = &context.roster.columns;
    let is_nameless = |column: &Column| is_blank(&column.name);
    let mut at = 0;
    while let Some(column) = columns.get(at) {
        // One cell far to the right makes thousands of columns, which are one fault.
        let run =
            columns[at..].iter().take_while(|c| is_nameless(c) && lost_name(context, c).is_none());
        let run = run.count();
        if run > 1 {
            sink.header(Some(at), || several(at, run));
        } else if is_nameless(column) {
            sink.header(Some(at), || {
                let was = lost_name(context, column);
                FindingText::new("", format!("column {} has no name", at + 1))
                    .fix(was.map(|name| renamed(column, name, Safety::Unsafe)))
            });
        }
        at += run.max(1);
    }
}

fn several(at: usize, run: usize) -> FindingText {
    let message = format!(
        "columns {} to {} have no names: take them out in the spreadsheet, with what stands in them far to the right",
        at + 1,
        at + run
    );
    FindingText::new("", message)
}

pub(super) fn is_blank(name: &str) -> bool {
    name.chars()
        .all(|c| c.is_whitespace() || c.is_control() || muster_roster::letters::is_invisible(c))
}

/// What the snapshot calls the column in this place, if it has as many and that name is not elsewhere in the file.
fn lost_name<'s>(context: &'s CheckContext, column: &Column) -> Option<&'s str> {
    let snapshot = context.snapshot.as_ref()?;
    let was = snapshot.columns.get(column.at)?;
    let free = !context.snapshot_columns.contains(&Some(column.at)) && !was.form.is_empty();
    (free && snapshot.columns.len() == context.roster.columns.len()).then_some(&was.name)
}
