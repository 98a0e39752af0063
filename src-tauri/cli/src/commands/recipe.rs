//! `muster fix --recipe`: what was done with an earlier roster is done with this one.

use std::path::Path;

use muster_engine::checker::Checker;
use muster_engine::edit::Edit;
use muster_engine::error::Outcome;
use muster_engine::finding::{Finding, Fix, Safety};
use muster_engine::profile::header_form;
use muster_engine::recipe::{Recipe, Step};
use muster_engine::roster::Column;
use muster_engine::store::own_recipes;
use muster_engine::value_map;

use super::fix::Mended;

pub fn read(path: &Path) -> Outcome<Recipe> {
    Recipe::parse(&own_recipes::read(path)?, &path.display().to_string())
}

/// What a recipe reads columns as.
pub fn uses(recipe: &Recipe) -> Vec<(String, String)> {
    let used = |step: &Step| match step {
        Step::UseColumn { column, used } => Some((column.clone(), used.clone())),
        _ => None,
    };
    recipe.steps.iter().filter_map(used).collect()
}

/// Makes the steps of a recipe; answers where this roster is not as the one that it was made of.
pub fn follow(mended: &mut Mended, checker: &mut Checker, recipe: &Recipe) -> Outcome<Vec<String>> {
    let mut drift = Vec::new();
    for step in &recipe.steps {
        let Some(column) = column_of(checker, step) else {
            let name = name_of(step).unwrap_or_default();
            drift.push(format!("{}: there is no column `{name}`", step.sentence()));
            continue;
        };
        let before = mended.count();
        let at = column.as_ref().map(|column| column.at as u32);
        match (step, column) {
            (Step::Fix { rule, value, safe_only, .. }, _) => {
                let meant = |finding: &Finding, fix: &Fix| {
                    finding.rule == *rule
                        && value.as_ref().is_none_or(|value| finding.value == *value)
                        && at.is_none_or(|at| finding.column == Some(at))
                        && (!safe_only || fix.safety == Safety::Safe)
                };
                mended.fix_all(checker, &meant)?;
            }
            (Step::ReplaceValues { values, .. }, Some(column)) => {
                let roster = &checker.scene().roster;
                let edits = value_map::edits(roster, &column, values);
                let had = |value: &String| {
                    let of = |edit: &Edit| match edit {
                        Edit::Set { before, .. } => {
                            column.values(before).any(|v| v.trim() == value)
                        }
                        _ => false,
                    };
                    edits.iter().any(of)
                };
                for value in values.keys().filter(|value| !had(value)) {
                    drift.push(format!("`{value}` no longer occurs in `{}`", column.name));
                }
                mended.make(checker, edits, "map-value")?;
                continue;
            }
            (Step::MoveColumn { to, .. }, Some(column)) => {
                let last = checker.scene().roster.table.width().saturating_sub(1) as u32;
                let (from, to) = (column.at as u32, to.saturating_sub(1).min(last));
                let edits = if from == to { Vec::new() } else { vec![Edit::Move { from, to }] };
                mended.make(checker, edits, "recipe")?;
                continue;
            }
            (Step::AddColumn { column: name, at }, None) => {
                let table = &checker.scene().roster.table;
                let (id, at) =
                    (table.fresh_column(), at.saturating_sub(1).min(table.width() as u32));
                let edit = Edit::Add { id, at, name: name.clone(), cells: Vec::new() };
                mended.make(checker, vec![edit], "recipe")?;
            }
            (Step::DropColumn { .. }, Some(column)) => {
                let edits = checker.scene().roster.table.dropping(column.at).into_iter().collect();
                mended.make(checker, edits, "recipe")?;
            }
            _ => continue,
        }
        if mended.count() == before {
            drift.push(format!("{}: there is nothing here that it changes", step.sentence()));
        }
    }
    Ok(drift)
}

/// The column that a step is about, if it is about one; none where that is not there.
fn column_of(checker: &Checker, step: &Step) -> Option<Option<Column>> {
    let Some(name) = name_of(step) else { return Some(None) };
    let form = header_form(name);
    let found = checker.scene().roster.columns.iter().find(|c| c.form == form).cloned();
    match step {
        // One that is to be added need not be there.
        Step::AddColumn { .. } => Some(found),
        _ => found.map(Some),
    }
}

fn name_of(step: &Step) -> Option<&str> {
    match step {
        Step::Fix { column, .. } => column.as_deref(),
        Step::UseColumn { column, .. }
        | Step::ReplaceValues { column, .. }
        | Step::MoveColumn { column, .. }
        | Step::AddColumn { column, .. }
        | Step::DropColumn { column } => Some(column),
    }
}
