//! `muster fix --recipe`: what was done with an earlier roster is done with this one.

use std::path::Path;

use muster_engine::checker::Checker;
use muster_engine::error::Result;
use muster_engine::recipe::{Recipe, Step};
use muster_engine::store::{own_files, own_recipes};
use muster_engine::worksheet::{self, ColumnsRead, Followed};

use super::fix::Mended;
use crate::arguments::Shared;
use crate::of_account::OfAccount;

fn read(path: &Path) -> Result<Recipe> {
    Recipe::parse(&own_recipes::read(path)?, &path.display().to_string())
}

/// The recipe of a file; or, where there is no such file, that of the account which is called so.
pub fn of(named: &Path, shared: &Shared) -> Result<Recipe> {
    if own_files::stamp(named).is_err()
        && let Some(account) = OfAccount::named(shared)?
        && let Some(text) = account.recipe(named)
    {
        return Recipe::parse(text, &named.display().to_string());
    }
    read(named)
}

/// Makes the steps of a recipe; answers where this roster is not as the one that it was made of. Columns have been read
/// as it says by now.
pub fn follow(
    mended: &mut Mended,
    checker: &mut Checker,
    recipe: &Recipe,
    columns: &ColumnsRead,
) -> Result<Vec<String>> {
    let not_read = columns.steps.iter();
    let mut told: Vec<String> =
        not_read.filter_map(|(step, why)| Some(not_done(step, why.as_ref()?))).collect();
    for step in &recipe.steps {
        // Who names a recipe here has nothing to unlock first.
        let Followed { change, drift } = worksheet::follow(checker, step, true)?;
        let Some(change) = change else {
            told.extend(drift.iter().map(|why| not_done(step, why)));
            continue;
        };
        let whose = match step {
            Step::Fix { rule, .. } => rule,
            Step::ReplaceValues { .. } => "map-value",
            _ => "recipe",
        };
        mended.make(checker, change, whose)?;
        told.extend(drift);
        told.extend(worksheet::only_after(checker, step));
    }
    Ok(told)
}

fn not_done(step: &Step, why: &str) -> String {
    format!("{}: {why}", step.sentence())
}
