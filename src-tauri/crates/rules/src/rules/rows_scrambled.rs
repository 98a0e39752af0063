use super::{CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_table::edit::Edit;
use muster_table::narrow;

pub static RULE: Rule = Rule {
    code: "rows-scrambled",
    title: "Rows out of step",
    severity: Severity::Error,
    requires: Requires::Snapshot,
    concerns: Concerns::Identity,
    scope: RuleScope::Roster(check),
    page: include_str!("rows_scrambled.md"),
};

fn check(context: &CheckContext, sink: &mut FindingSink) {
    let scrambled = context.scrambled();
    let (Some(&first), Some(_)) = (scrambled.columns.first(), &context.snapshot) else { return };
    sink.header(Some(first), || {
        let moved = moved(context);
        let names: Vec<String> =
            scrambled.columns.iter().map(|&c| context.roster.called(c)).collect();
        let example = moved.first().and_then(|edit| match edit {
            Edit::Set { row, before, .. } => {
                let line = context.roster.table.line(*row)?;
                Some(format!("; line {line} has {}", muster_table::words::quoted(before)))
            }
            _ => None,
        });
        let mut rows: Vec<u32> = moved.iter().filter_map(row_of).collect();
        rows.dedup();
        let message = format!(
            "{} people have the {} of someone else, as when one column is sorted alone{}",
            rows.len(),
            muster_table::words::listed(&names),
            example.unwrap_or_default(),
        );
        let fix = Fix {
            title: format!("put {} back to its people", muster_table::words::listed(&names)),
            safety: Safety::Unsafe,
            edits: moved,
        };
        FindingText::new("", message).fix(Some(fix))
    });
}

fn row_of(edit: &Edit) -> Option<u32> {
    match edit {
        Edit::Set { row, .. } => Some(*row),
        _ => None,
    }
}

/// The edits that put everything back, by row.
fn moved(context: &CheckContext) -> Vec<Edit> {
    let scrambled = context.scrambled();
    let mut edits = Vec::new();
    for row in context.differing() {
        let Some(key_says) = context.was(row) else { continue };
        let was = if scrambled.keys {
            let Some(own) = context.seems(row, key_says) else { continue };
            own
        } else {
            key_says
        };
        for &column in &scrambled.columns {
            let now = context.roster.table.cell(row, column);
            let Some(before) = context.was_cell(was, column).filter(|before| *before != now) else {
                continue;
            };
            edits.push(Edit::Set {
                row,
                column: narrow::place(column),
                before: now.into_owned(),
                after: before.into_owned(),
            });
        }
    }
    edits
}
