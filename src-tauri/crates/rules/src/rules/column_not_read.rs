use super::{CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::roster::Column;
use muster_table::edit::Edit;
use muster_table::narrow;

pub static RULE: Rule = Rule {
    code: "column-not-read",
    title: "Change in a column that is not read",
    severity: Severity::Note,
    requires: Requires::Snapshot,
    concerns: Concerns::File,
    scope: RuleScope::Roster(check),
    page: include_str!("column_not_read.md"),
};

fn check(context: &CheckContext, sink: &mut FindingSink) {
    for column in context.roster.columns.iter().filter(|c| context.is_not_read(c)) {
        // That it was sorted alone is told as that.
        if context.is_scrambled(column.at) {
            continue;
        }
        if put_back(context, column).next().is_none() {
            continue;
        }
        sink.header(Some(column.at), || {
            let edits: Vec<Edit> = put_back(context, column).collect();
            let (lms, name) = (context.roster.profile.called(), &column.name);
            let cells = match edits.len() {
                1 => "1 cell is other than in the snapshot, and changes".to_owned(),
                n => format!("{n} cells are other than in the snapshot, and change"),
            };
            let message =
                format!("{lms} writes `{name}` and never reads it: {cells} nothing there");
            let title = "put back what the snapshot has".into();
            FindingText::new("", message).fix(Some(Fix { title, safety: Safety::Safe, edits }))
        });
    }
}

fn put_back<'c>(
    context: &'c CheckContext,
    column: &'c Column,
) -> impl Iterator<Item = Edit> + use<'c> {
    // Of two rows with one key, nobody knows which is the one that the snapshot has.
    let roster = &context.roster;
    let shares_key = move |row: u32| roster.rows_of_key(&roster.key_text(row)).nth(1).is_some();
    let rows = context.differing().into_iter();
    let rows = rows.filter(move |row| !context.is_someone_else(*row) && !shares_key(*row));
    let edit = move |row: u32| {
        let before = context.roster.table.cell(row, column.at);
        let had = context.was_cell(context.was(row)?, column.at)?;
        let (before, after) = (before.into_owned(), had.into_owned());
        let column = narrow::place(column.at);
        (before != after).then_some(Edit::Set { row, column, before, after })
    };
    rows.filter_map(edit)
}
