use super::{CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_table::edit::Edit;
use muster_table::narrow;

pub static RULE: Rule = Rule {
    code: "delimiters-left",
    title: "Delimiters of another program",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Reading,
    scope: RuleScope::Header(check),
    page: include_str!("delimiters_left.md"),
};

/// What a spreadsheet fills lines up with.
const SIGNS: [char; 3] = [',', ';', '\t'];

fn check(context: &CheckContext, sink: &mut FindingSink) {
    let table = &context.roster.table;
    let Some((last, name)) = table.width().checked_sub(1).zip(table.names().last()) else { return };
    let Some(by) = SIGNS.into_iter().find(|by| name.ends_with(*by)) else { return };
    let bare = name.trim_end_matches(by);
    if by == char::from(table.dialect().delimiter) || bare.trim().is_empty() {
        return;
    }
    sink.header(Some(last), || {
        let message = format!(
            "`{name}` ends in delimiters that another program has added, and so do the cells below it: the file was saved \
             with cells that end elsewhere"
        );
        let column = narrow::place(last);
        let rename =
            Edit::Rename { column, before: name.clone(), after: bare.trim_end().to_owned() };
        let cells = table.rows().filter_map(|row| {
            let before = table.cell(row, last);
            let after = before.trim_end_matches(by);
            (after.len() < before.len()).then(|| Edit::Set {
                row,
                column,
                before: before.to_string(),
                after: after.to_owned(),
            })
        });
        let edits = std::iter::once(rename).chain(cells).collect();
        let title = "take them away, in the column name and the cells".to_owned();
        FindingText::new(&**name, message)
            .fix(Some(Fix { title, safety: Safety::Unsafe, edits }))
    });
}
