use super::{Look, Needs, Report, Rule, Scene, Told};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_table::edit::Edit;
use muster_table::narrow;

pub static RULE: Rule = Rule {
    code: "rows-scrambled",
    title: "Rows out of step",
    severity: Severity::Error,
    needs: Needs::Snapshot,
    look: Look::Roster(check),
    page: include_str!("rows_scrambled.md"),
};

fn check(scene: &Scene, report: &mut Report) {
    let scrambled = scene.scrambled();
    let (Some(&first), Some(_)) = (scrambled.columns.first(), &scene.snapshot) else { return };
    report.header(Some(first), || {
        let moved = moved(scene);
        let names: Vec<String> =
            scrambled.columns.iter().map(|&c| scene.roster.called(c)).collect();
        let example = moved.first().and_then(|edit| match edit {
            Edit::Set { row, before, .. } => {
                let line = scene.roster.table.line(*row)?;
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
        Told::new("", message).fix(Some(fix))
    });
}

fn row_of(edit: &Edit) -> Option<u32> {
    match edit {
        Edit::Set { row, .. } => Some(*row),
        _ => None,
    }
}

/// The edits that put everything back, by row.
fn moved(scene: &Scene) -> Vec<Edit> {
    let scrambled = scene.scrambled();
    let mut edits = Vec::new();
    for row in scene.differing() {
        let Some(key_says) = scene.was(row) else { continue };
        let was = if scrambled.keys {
            let Some(own) = scene.seems(row, key_says) else { continue };
            own
        } else {
            key_says
        };
        for &column in &scrambled.columns {
            let now = scene.roster.table.cell(row, column);
            let Some(before) = scene.was_cell(was, column).filter(|before| *before != now) else {
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
