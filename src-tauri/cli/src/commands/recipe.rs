//! `muster fix --recipe`: what was done with an earlier roster is done with this one.

use std::path::Path;

use muster_engine::checker::Checker;
use muster_engine::error::Outcome;
use muster_engine::recipe::{Recipe, Step};
use muster_engine::store::own_recipes;
use muster_engine::worksheet::{self, Followed};

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

/// Makes the steps of a recipe; answers where this roster is not as the one that it was made of. Columns have been read
/// as it says by now.
pub fn follow(mended: &mut Mended, checker: &mut Checker, recipe: &Recipe) -> Outcome<Vec<String>> {
    let mut told = Vec::new();
    for step in &recipe.steps {
        // Who names a recipe here has nothing to unlock first.
        let Followed { change, drift } = worksheet::follow(checker, step, true, &|_| true)?;
        let Some(change) = change else {
            told.extend(drift.iter().map(|why| format!("{}: {why}", step.sentence())));
            continue;
        };
        let whose = match step {
            Step::Fix { rule, .. } => rule,
            Step::ReplaceValues { .. } => "map-value",
            _ => "recipe",
        };
        mended.make(checker, change.edits, whose)?;
        told.extend(drift);
        told.extend(worksheet::only_after(checker, step));
    }
    Ok(told)
}
