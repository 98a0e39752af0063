//! Recipes: saving what was done with this list, and doing it again with the next one.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Engine;
use super::open_job::OpenJob;
use super::work::Working;
use crate::session::job::Job;
use muster_plan::worksheet::{self, Followed};
use muster_roster::profile::header_form;
use muster_roster::roster::Column;
use muster_rules::recipe::{Recipe, Step, word_of};
use muster_store::own_recipes;
use muster_table::error::{Failure, Outcome};

/// What a recipe of this list would do, and which steps are not in it because they are about single people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct RecipeDraft {
    pub carried: Vec<String>,
    pub left: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct SaveRecipe {
    pub name: String,
    /// The person has said that a recipe of this name may be replaced.
    pub replace: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct RecipeCard {
    pub name: String,
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

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct RunRecipe {
    pub path: String,
}

/// What a recipe did with the open list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct RecipeRun {
    pub lines: Vec<RecipeLine>,
    pub job: Job,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct RecipeLine {
    pub sentence: String,
    /// How many cells and people it changed.
    pub cells: u32,
    pub people: u32,
    /// Where this list is not as the one that the recipe was made of, each a sentence.
    pub drift: Vec<String>,
}

impl Engine {
    /// What a recipe of this list would do.
    pub fn recipe_draft(&self, _: ()) -> Outcome<RecipeDraft> {
        self.with_job(|job| {
            let done = self.store(|store| store.load_done(&job.held))?.operations;
            let left = done.iter().filter(|operation| operation.general.is_empty());
            let left = left.map(|operation| operation.sentence.clone()).collect();
            let carried = job.recipe_steps(done.iter().flat_map(|o| o.general.clone()));
            Ok(RecipeDraft { carried: carried.iter().map(Step::sentence).collect(), left })
        })
    }

    /// Keeps what was done with this list as a recipe.
    pub fn save_recipe(&self, asked: SaveRecipe) -> Outcome<RecipeCard> {
        self.with_job(|job| {
            let name = asked.name.trim().to_owned();
            if header_form(&name).is_empty() {
                return Err(Failure::state("the recipe needs a name"));
            }
            let done = self.store(|store| store.load_done(&job.held))?.operations;
            let steps = job.recipe_steps(done.into_iter().flat_map(|o| o.general));
            if steps.is_empty() {
                return Err(Failure::state("there is nothing to keep in a recipe yet").hint(
                    "Fix something for all people, replace values, or say what columns are.",
                ));
            }
            let profile = job.chosen.profile.id.clone();
            let made = self.now()[..10].to_owned();
            let recipe = Recipe { name, profile, made, steps };
            let text = recipe.text()?;
            let path = own_recipes::write(&self.home, &recipe.name, &text, asked.replace)?;
            Ok(card(&path, Ok(recipe)))
        })
    }

    /// The recipes there are.
    pub fn recipes(&self, _: ()) -> Outcome<Vec<RecipeCard>> {
        let cards = own_recipes::files(&self.home).into_iter().map(|path| card(&path, read(&path)));
        Ok(cards.collect())
    }

    /// Does what a recipe says with the open list: each step is one that can be taken back.
    pub fn run_recipe(&self, asked: RunRecipe) -> Outcome<RecipeRun> {
        let recipe = read(Path::new(&asked.path))?;
        let mut lines = self.use_columns(&recipe)?;
        self.changing(|job, working| {
            self.together(job, working, |job| {
                for step in &recipe.steps {
                    if !matches!(step, Step::UseColumn { .. }) {
                        lines.push(self.follow(job, working, step)?);
                    }
                }
                Ok(())
            })?;
            Ok(RecipeRun { lines, job: job.told() })
        })
    }

    fn use_columns(&self, recipe: &Recipe) -> Outcome<Vec<RecipeLine>> {
        let (read, before) = self.with_job(|job| {
            let (names, profile) = (job.table().names(), &job.roster().profile);
            Ok((worksheet::columns_read(recipe, names, profile, &job.uses), job.uses.clone()))
        })?;
        if read.uses != before {
            self.set_uses(|_| Ok(read.uses))?;
        }
        let line = |(step, why): (Step, Option<String>)| RecipeLine {
            sentence: step.sentence(),
            cells: 0,
            people: 0,
            drift: why.into_iter().collect(),
        };
        Ok(read.steps.into_iter().map(line).collect())
    }

    fn follow(&self, job: &mut OpenJob, working: &Working, step: &Step) -> Outcome<RecipeLine> {
        let mut line =
            RecipeLine { sentence: step.sentence(), cells: 0, people: 0, drift: Vec::new() };
        let unlocked = job.facts.key_unlocked;
        let followed = worksheet::follow(&mut job.checker, step, unlocked, &|_| working.told(0));
        let Followed { change, drift } = followed.inspect_err(|failure| job.doubt(failure))?;
        line.drift = drift;
        if let Some(change) = change {
            let edited = self.make_change(job, working, change)?;
            (line.cells, line.people) = (edited.cells, edited.people);
            line.drift.extend(worksheet::only_after(&job.checker, step));
        }
        Ok(line)
    }
}

fn read(path: &Path) -> Outcome<Recipe> {
    Recipe::parse(&own_recipes::read(path)?, &path.display().to_string())
}

fn card(path: &Path, recipe: Outcome<Recipe>) -> RecipeCard {
    let path = path.to_string_lossy().into_owned();
    match recipe {
        Ok(recipe) => RecipeCard {
            steps: recipe.steps.iter().map(Step::sentence).collect(),
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
            let used = self.uses.get(&column.form)?;
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
