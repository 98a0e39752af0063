//! Recipes: saving what was done with this list, and doing it again with the next one.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Engine;
use super::matching::uses_kept;
use super::open_job::OpenJob;
use super::work::Working;
use crate::session::job::JobView;
use muster_plan::worksheet::{self, ColumnsRead, Followed};
use muster_roster::profile::header_form;
use muster_roster::roster::Column;
use muster_rules::recipe::{Recipe, Step, word_of};
use muster_store::own_recipes;
use muster_table::error::{Failure, Result};

/// What a recipe of this list would do, and which steps are not in it because they are about single people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct RecipeDraft {
    /// The steps of the recipe, each a sentence.
    pub carried: Vec<String>,
    /// The steps of this list that it lacks, by their sentences.
    pub left: Vec<String>,
}

/// That what was done with this list is to be kept as a recipe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct SaveRecipe {
    /// What the person calls it, with at least one letter or digit.
    pub name: String,
    /// The person has said that a recipe of this name may be replaced.
    pub replace: bool,
}

/// A recipe, as the list of recipes shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct RecipeCard {
    /// What it is called; its path, where it cannot be used.
    pub name: String,
    /// The file that holds it, by which it is run.
    pub path: String,
    /// The id of the profile that it was made with.
    pub profile: String,
    /// The day on which it was made, ISO 8601.
    pub made: String,
    /// What it does, each a sentence.
    pub steps: Vec<String>,
    /// Why it cannot be used, if it cannot.
    pub trouble: Option<Failure>,
}

/// A recipe that is to be run with the open list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct RunRecipe {
    /// The file that holds it, as `RecipeCard::path` has it.
    pub path: String,
}

/// What a recipe did with the open list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct RecipeRun {
    /// What each of its steps did: first those that say what columns are, then the others in their order.
    pub lines: Vec<RecipeLine>,
    /// The job as it is afterwards.
    pub job: JobView,
}

/// What one step of a recipe did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct RecipeLine {
    /// What the step does, as the recipe says it.
    pub sentence: String,
    /// How many cells and people it changed.
    pub cells: u32,
    /// How many rows it changed.
    pub people: u32,
    /// Where this list is not as the one that the recipe was made of, each a sentence.
    pub drift: Vec<String>,
}

impl Engine {
    /// What a recipe of this list would do.
    pub fn recipe_draft(&self, _: ()) -> Result<RecipeDraft> {
        self.with_job(|job| {
            let done = self.store(|store| store.load_done(job.lock()))?.operations;
            let left = done.iter().filter(|operation| operation.general.is_empty());
            let left = left.map(|operation| operation.sentence.clone()).collect();
            let carried = job.recipe_steps(done.iter().flat_map(|o| o.general.clone()));
            Ok(RecipeDraft { carried: carried.iter().map(Step::sentence).collect(), left })
        })
    }

    /// Keeps what was done with this list as a recipe.
    pub fn save_recipe(&self, request: SaveRecipe) -> Result<RecipeCard> {
        self.with_job(|job| {
            let name = request.name.trim().to_owned();
            if header_form(&name).is_empty() {
                return Err(Failure::state("the recipe needs a name"));
            }
            let done = self.store(|store| store.load_done(job.lock()))?.operations;
            let steps = job.recipe_steps(done.into_iter().flat_map(|o| o.general));
            if steps.is_empty() {
                return Err(Failure::state("there is nothing to keep in a recipe yet").hint(
                    "Fix something for all people, replace values, or say what columns are.",
                ));
            }
            let profile = job.chosen().profile.id.clone();
            let made = self.now()[..10].to_owned();
            let recipe = Recipe { name, profile, made, steps };
            if let Some(why) = recipe.too_large() {
                return Err(Failure::state("this is too much for one recipe").why(why));
            }
            let text = recipe.text()?;
            let path = own_recipes::write(&self.home, &recipe.name, &text, request.replace)?;
            Ok(card(&path, Ok(recipe)))
        })
    }

    /// The recipes there are.
    pub fn recipes(&self, _: ()) -> Result<Vec<RecipeCard>> {
        let cards = own_recipes::files(&self.home).into_iter().map(|path| card(&path, read(&path)));
        Ok(cards.collect())
    }

    /// Does what a recipe says with the open list: each step is one that can be taken back. What is stopped leaves nothing
    /// done.
    pub fn run_recipe(&self, request: RunRecipe) -> Result<RecipeRun> {
        let recipe = read(Path::new(&request.path))?;
        self.changing(|job, working| {
            let (names, profile) = (job.table().names(), &job.roster().profile);
            let unlocked = job.facts().key_unlocked;
            let ColumnsRead { uses, steps, made_for, .. } =
                worksheet::columns_read(&recipe, names, profile, job.uses(), unlocked);
            let line = |(step, why): (Step, Option<String>)| RecipeLine {
                sentence: step.sentence(),
                cells: 0,
                people: 0,
                drift: why.into_iter().collect(),
            };
            let of_another = made_for.into_iter().map(|(why, _)| RecipeLine {
                sentence: format!("The recipe “{}”", recipe.name),
                cells: 0,
                people: 0,
                drift: vec![why],
            });
            let mut lines: Vec<RecipeLine> =
                of_another.chain(steps.into_iter().map(line)).collect();
            let mut settings = Vec::new();
            let mut before = None;
            if uses != *job.uses() {
                settings.push(uses_kept(&job.chosen().profile.id, &uses)?);
                let seen = job.rebuilt(working, |sources| sources.uses = uses)?;
                before = Some(job.take_rebuilt(seen));
            }
            let followed = self.together(job, working, &settings, |job| {
                for step in &recipe.steps {
                    if !matches!(step, Step::UseColumn { .. }) {
                        lines.push(self.follow(job, working, step)?);
                    }
                }
                Ok(())
            });
            if let (Err(_), Some(before)) = (&followed, before) {
                job.take_rebuilt(before);
            }
            followed?;
            Ok(RecipeRun { lines, job: job.view() })
        })
    }

    fn follow(&self, job: &mut OpenJob, working: &Working, step: &Step) -> Result<RecipeLine> {
        let mut line =
            RecipeLine { sentence: step.sentence(), cells: 0, people: 0, drift: Vec::new() };
        let Followed { change, drift, .. } = job.follow(step, working)?;
        line.drift = drift;
        if let Some(change) = change {
            let edited = self.keep_change(job, working, change)?;
            (line.cells, line.people) = (edited.cells, edited.people);
            line.drift.extend(worksheet::only_after(job.checker(), step));
        }
        Ok(line)
    }
}

fn read(path: &Path) -> Result<Recipe> {
    Recipe::parse(&own_recipes::read(path)?, &path.display().to_string())
}

fn card(path: &Path, recipe: Result<Recipe>) -> RecipeCard {
    let path = path.to_string_lossy().into_owned();
    match recipe {
        Ok(recipe) => RecipeCard {
            // Perhaps it came from somebody else: nothing of it is hidden behind a number.
            steps: recipe.steps.iter().map(Step::in_full).collect(),
            name: recipe.name,
            profile: recipe.profile,
            made: recipe.made,
            trouble: None,
            path,
        },
        Err(failure) => RecipeCard {
            name: path.clone(),
            path,
            profile: String::new(),
            made: String::new(),
            steps: Vec::new(),
            trouble: Some(failure),
        },
    }
}

impl OpenJob {
    /// What the columns are, then what was done, each thing once.
    fn recipe_steps(&self, done: impl Iterator<Item = Step>) -> Vec<Step> {
        let chosen = |column: &Column| {
            let used = self.uses().get(&column.form)?;
            let used = word_of(used).to_owned();
            Some(Step::UseColumn { column: column.name.clone(), used })
        };
        let mut steps: Vec<Step> = self.roster().columns.iter().filter_map(chosen).collect();
        for step in done {
            if !steps.contains(&step) {
                steps.push(step);
            }
        }
        steps
    }
}
