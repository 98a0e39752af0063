//! `muster fix --recipe`: what was done with an earlier roster is done with this one.

use std::path::Path;

use muster_engine::checker::Checker;
use muster_engine::error::{Failure, FailureKind, Result};
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

/// Where a roster is not as the one that a recipe was made of, each a sentence.
pub struct Drift {
    /// All of it.
    pub told: Vec<String>,
    /// The steps that cannot be made at all, as they name what is not there or is locked.
    pub misfits: Vec<String>,
}

impl Drift {
    /// That nothing is done, as a part of what the recipe says does not fit; none where all does.
    pub fn refused(&self) -> Option<Failure> {
        const FEW: usize = 5;
        let (first, more) = self.misfits.split_at(self.misfits.len().min(FEW));
        let more = match more.len() {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        (!first.is_empty()).then(|| {
            Failure::new(FailureKind::Refused, "the recipe does not fit this roster")
                .why(format!("{}{more}", first.join("; ")))
                .hint(
                    "Nothing was written. Correct the recipe; or say --partly to make its other steps, and --unlock-key \
                     where it may change who is who.",
                )
        })
    }
}

/// Makes the steps of a recipe; answers where this roster is not as the one that it was made of. Columns have been read
/// as it says by now.
pub fn follow(
    mended: &mut Mended,
    checker: &mut Checker,
    recipe: &Recipe,
    columns: &ColumnsRead,
    key_unlocked: bool,
) -> Result<Drift> {
    let not_read = columns.steps.iter();
    let mut told: Vec<String> =
        not_read.filter_map(|(step, why)| Some(not_done(step, why.as_ref()?))).collect();
    let mut misfits = told.clone();
    if let Some((why, is_known)) = &columns.made_for {
        told.insert(0, why.clone());
        misfits.extend((!is_known).then(|| why.clone()));
    }
    for step in &recipe.steps {
        let Followed { change, drift, misfit } = worksheet::follow(checker, step, key_unlocked)?;
        misfits.extend(misfit.iter().map(|why| not_done(step, why)));
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
    Ok(Drift { told, misfits })
}

fn not_done(step: &Step, why: &str) -> String {
    format!("{}: {why}", step.sentence())
}
