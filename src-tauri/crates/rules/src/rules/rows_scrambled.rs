use super::scrambled::Slide;
use super::{CheckContext, Concerns, FindingSink, FindingText, Mark, Requires, Rule, RuleScope};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_table::edit::Edit;
use muster_table::narrow;
use muster_table::words::listed;

pub static RULE: Rule = Rule {
    code: "rows-scrambled",
    title: "Rows out of step",
    severity: Severity::Error,
    requires: Requires::Snapshot,
    concerns: Concerns::Identity,
    scope: RuleScope::Roster(check),
    page: include_str!("rows_scrambled.md"),
};

/// Fewer rows are told with less weight.
const FEW: usize = 5;

fn check(context: &CheckContext, sink: &mut FindingSink) {
    for slide in &context.scrambled().slides {
        slid(context, slide, sink);
    }
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
            listed(&names),
            example.unwrap_or_default(),
        );
        let fix = Fix {
            title: format!("put {} back to its people", listed(&names)),
            safety: Safety::Unsafe,
            edits: moved,
        };
        FindingText::new("", message).fix(Some(fix))
    });
}

/// A few rows that have what their neighbours had.
fn slid(context: &CheckContext, slide: &Slide, sink: &mut FindingSink) {
    // Whether columns slid is decided now and then; what was put back since is no longer told.
    let edits: Vec<Edit> = slide
        .rows
        .iter()
        .filter_map(|&row| Some((row, context.was(row)?)))
        .flat_map(|(row, was)| put_back(context, row, was, &slide.columns))
        .collect();
    let (Some(&column), false) = (slide.columns.first(), edits.is_empty()) else { return };
    let severity = (slide.rows.len() < FEW).then_some(Severity::Warning);
    sink.at(Mark::NOWHERE, Some(column), severity, || {
        let names: Vec<String> = slide.columns.iter().map(|&c| context.roster.called(c)).collect();
        let names = listed(&names);
        let line = |row: Option<&u32>| row.and_then(|&row| context.roster.table.line(row));
        let place = match (line(slide.rows.first()), line(slide.rows.last())) {
            (Some(first), Some(last)) => format!(" from line {first} to {last}"),
            _ => String::new(),
        };
        let (one, way) = if slide.down { ("above", "down") } else { ("below", "up") };
        let message = format!(
            "{} people one after another{place} have the {names} of the row {one} them, as when cells move {way} by one",
            slide.rows.len(),
        );
        let title = format!("put {names} back to {} people", slide.rows.len());
        FindingText::new("", message).fix(Some(Fix { title, safety: Safety::Unsafe, edits }))
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
        edits.extend(put_back(context, row, was, &scrambled.columns));
    }
    edits
}

/// The edits that give a row what somebody of the snapshot has.
fn put_back(context: &CheckContext, row: u32, was: u32, columns: &[usize]) -> Vec<Edit> {
    let edit = |&column: &usize| {
        let now = context.roster.table.cell(row, column);
        let before = context.was_cell(was, column).filter(|before| *before != now)?;
        Some(Edit::Set {
            row,
            column: narrow::place(column),
            before: now.into_owned(),
            after: before.into_owned(),
        })
    };
    columns.iter().filter_map(edit).collect()
}
