use super::{
    CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope, column_guess,
};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::roster::{Column, Roster};
use muster_table::edit::Edit;
use muster_table::narrow;

pub static RULE: Rule = Rule {
    code: "header-moved",
    title: "Columns in another order",
    // The upload kit has the columns in the LMS's own order, whichever order the file has.
    severity: Severity::Note,
    requires: Requires::Snapshot,
    concerns: Concerns::File,
    scope: RuleScope::Header(check),
    page: include_str!("header_moved.md"),
};

fn check(context: &CheckContext, sink: &mut FindingSink) {
    let (roster, Some(snapshot)) = (&context.roster, &context.snapshot) else { return };
    if !roster.profile.columns.ordered {
        return;
    }
    // A column that is missing is another fault, as is one whose name is misspelt; and one that is new does no harm
    // behind all others.
    let snapshot_columns: Vec<Option<usize>> = roster
        .columns
        .iter()
        .map(|column| counterpart_or_guess(context, snapshot, column))
        .collect();
    let there: Vec<usize> =
        (0..snapshot.columns.len()).filter(|was| snapshot_columns.contains(&Some(*was))).collect();
    let moved = |(at, was): (usize, &usize)| {
        (snapshot_columns.get(at).copied().flatten() != Some(*was)).then_some((at, *was))
    };
    let Some((at, was)) = there.iter().enumerate().find_map(moved) else { return };
    sink.header(Some(at), || {
        let (here, expected) = (&roster.columns[at].name, &snapshot.columns[was].name);
        let lms = &roster.profile.name;
        let place = at + 1;
        FindingText::new(
            here,
            format!("{lms} goes by the order of the columns: column {place} was `{expected}` and is `{here}`; the upload kit has them in their order"),
        )
        .fix(Some(in_order_again(&snapshot_columns, &there)))
    });
}

fn counterpart_or_guess(
    context: &CheckContext,
    snapshot: &Roster,
    column: &Column,
) -> Option<usize> {
    let of_field = || snapshot.column_of(&column_guess::closest_field(context, column)?.id);
    let own = || column_guess::closest_snapshot_column(context, column).map(|own| own.at);
    context.snapshot_columns[column.at].or_else(of_field).or_else(own)
}

/// The columns of the snapshot in its order, then those that are new.
fn in_order_again(snapshot_columns: &[Option<usize>], there: &[usize]) -> Fix {
    let of =
        |was: &usize| snapshot_columns.iter().position(|counterpart| *counterpart == Some(*was));
    let known = there.iter().filter_map(of);
    let new = (0..snapshot_columns.len()).filter(|at| snapshot_columns[*at].is_none());
    let mut now: Vec<usize> = (0..snapshot_columns.len()).collect();
    let mut edits = Vec::new();
    for (to, column) in known.chain(new).enumerate() {
        let Some(from) = now.iter().position(|at| *at == column) else { continue };
        if from != to {
            now.remove(from);
            now.insert(to, column);
            edits.push(Edit::Move { from: narrow::place(from), to: narrow::place(to) });
        }
    }
    Fix { title: "put the columns back in their order".into(), safety: Safety::Safe, edits }
}
