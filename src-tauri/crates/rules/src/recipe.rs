//! Recipes: the fixes and mappings of one month as a readable file, to be made again on the next month's list.

use serde::{Deserialize, Serialize};

use muster_roster::profile::Use;
use muster_roster::value_map::ValueMap;
use muster_table::error::{Failure, FailureKind, Result};

/// The most bytes of a recipe's file.
pub const MOST_BYTES: usize = 2_000_000;
/// The most steps: each looks at the whole list.
pub const MOST_STEPS: usize = 300;
/// The most values that are put in place of others, in all steps together.
const MOST_VALUES: usize = 20_000;

/// What is kept of one month's work for the next; a file with the ending `.toml`, in the notation of [`Recipe::parse`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// What somebody called it: "November".
    pub name: String,
    /// The id of the profile that it was made with.
    pub profile: String,
    /// The day on which it was made, ISO 8601.
    pub made: String,
    /// What it does, in this order.
    #[serde(default, rename = "step")]
    pub steps: Vec<Step>,
}

/// Something that is meant for any list of its kind, and not for one person. Columns go by their names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Step {
    /// Reads a column as a field of the profile; or as `keep`, one of its own, or `leave`, one that is not sent.
    UseColumn {
        /// The column's name.
        column: String,
        /// The field's id, `keep` or `leave`.
        #[serde(rename = "as")]
        used: String,
    },
    /// Fixes what a rule finds: all of it, or what it finds in a column or about a value.
    Fix {
        /// The rule's code: `group-unknown`.
        rule: String,
        /// Where it looks; none for everywhere.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        column: Option<String>,
        /// What it looks for; none for any value.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<String>,
        /// Only what is certain.
        #[serde(default)]
        safe_only: bool,
    },
    /// Puts other values into a column.
    ReplaceValues {
        /// The column's name.
        column: String,
        /// What stands in place of what.
        values: ValueMap,
    },
    /// Moves a column; places are counted from 1.
    MoveColumn {
        /// The column's name.
        column: String,
        /// Where it comes to stand, counted from 1; last where there are not so many.
        to: u32,
    },
    /// Adds a blank column.
    AddColumn {
        /// The name it gets.
        column: String,
        /// Where it comes to stand, counted from 1; last where there are not so many.
        at: u32,
    },
    /// Takes a column out of the file.
    DropColumn {
        /// The column's name.
        column: String,
    },
}

impl Recipe {
    /// Reads a recipe's file. `source` names it in the failure, which is of kind `Format`; `why` says on which line.
    ///
    /// ```
    /// use muster_rules::recipe::Recipe;
    ///
    /// # fn main() -> muster_table::error::Result<()> {
    /// let text = r#"
    ///     name = "November"
    ///     profile = "generic"
    ///     made = "2026-11-03"
    ///
    ///     [[step]]
    ///     do = "replace-values"
    ///     column = "Team"
    ///     values = { Markting = "Marketing" }
    /// "#;
    /// let recipe = Recipe::parse(text, "november.toml")?;
    /// assert_eq!(recipe.steps[0].sentence(), "Replace `Markting` → `Marketing` in `Team`");
    /// # Ok(())
    /// # }
    /// ```
    pub fn parse(text: &str, source: &str) -> Result<Recipe> {
        let refused = |why: String, hint: &str| {
            Failure::new(FailureKind::Format, format!("the recipe `{source}` cannot be used"))
                .why(why)
                .hint(hint)
        };
        const TAKE_FEWER: &str = "Make two recipes of it, or save it again with fewer steps.";
        if text.len() > MOST_BYTES {
            let why = format!("it is larger than {} MB", MOST_BYTES / 1_000_000);
            return Err(refused(why, TAKE_FEWER));
        }
        let recipe: Recipe = toml::from_str(text).map_err(|e| {
            let line =
                e.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            let place = line.map_or(String::new(), |line| format!("line {line}: "));
            let why = format!("{place}{}", e.message());
            refused(why, "Correct the file, or save the recipe again.")
        })?;
        recipe.too_large().map_or(Ok(recipe), |why| Err(refused(why, TAKE_FEWER)))
    }

    /// Why nobody can have meant as much as this; none where it is as large as what is worked with.
    pub fn too_large(&self) -> Option<String> {
        let steps = self.steps.len();
        if steps > MOST_STEPS {
            return Some(format!("it has {steps} steps; {MOST_STEPS} is the most"));
        }
        let values = self.steps.iter().map(|step| match step {
            Step::ReplaceValues { values, .. } => values.len(),
            _ => 0,
        });
        let values: usize = values.sum();
        (values > MOST_VALUES)
            .then(|| format!("it replaces {values} values; {MOST_VALUES} is the most"))
    }

    /// The recipe as a file.
    pub fn text(&self) -> Result<String> {
        let steps = toml::to_string(self)
            .map_err(|e| Failure::internal("the recipe could not be written").why(e))?;
        Ok(format!("# A recipe of Muster: what it makes again on the next list.\n\n{steps}"))
    }
}

/// What a column is used as, by the word for it.
pub fn use_of(used: &str) -> Use {
    match used {
        "keep" => Use::Keep,
        "leave" => Use::Leave,
        field => Use::Field { field: field.to_owned() },
    }
}

/// The word for what a column is used as.
pub fn word_of(used: &Use) -> &str {
    match used {
        Use::Keep => "keep",
        Use::Leave => "leave",
        Use::Field { field } => field,
    }
}

impl Step {
    /// The same with all that it replaces, for whoever looks at a recipe before it is run.
    pub fn in_full(&self) -> String {
        const MANY: usize = 200;
        self.told(MANY)
    }

    /// What it does, as a sentence without an end.
    pub fn sentence(&self) -> String {
        const FEW: usize = 3;
        self.told(FEW)
    }

    fn told(&self, most: usize) -> String {
        match self {
            Step::UseColumn { column, used } if used == "keep" => {
                format!("Keep `{column}` as a column of your own")
            }
            Step::UseColumn { column, used } if used == "leave" => {
                format!("Leave `{column}` out of the upload")
            }
            Step::UseColumn { column, used } => format!("Read `{column}` as `{used}`"),
            Step::Fix { rule, column, value, safe_only } => {
                let which = if *safe_only { "what is certain of " } else { "" };
                let title = crate::rules::RULES.iter().find(|r| r.code == rule).map(|r| r.title);
                let of = value.as_ref().map_or(String::new(), |value| format!(": `{value}`"));
                let place = column.as_ref().map_or(String::new(), |c| format!(" in `{c}`"));
                format!("Fix {which}“{}”{of}{place}", title.unwrap_or(rule))
            }
            Step::ReplaceValues { column, values } => {
                let pairs: Vec<String> = values
                    .iter()
                    .take(most)
                    .map(|(from, to)| format!("`{from}` → `{to}`"))
                    .collect();
                let more = values.len().saturating_sub(most);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                format!("Replace {}{more} in `{column}`", pairs.join(", "))
            }
            Step::MoveColumn { column, to } => format!("Move the column `{column}` to place {to}"),
            Step::AddColumn { column, .. } => format!("Add the column `{column}`"),
            Step::DropColumn { column } => format!("Take out the column `{column}`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipe() -> Recipe {
        let column = || "Work mail".to_owned();
        Recipe {
            name: "Monthly".into(),
            profile: "edapp".into(),
            made: "2026-11-03".into(),
            steps: vec![
                Step::UseColumn { column: column(), used: "email".into() },
                Step::Fix {
                    rule: "space-stray".into(),
                    column: None,
                    value: None,
                    safe_only: true,
                },
                Step::ReplaceValues {
                    column: "Country".into(),
                    values: [("U\"K=".into(), "GB".into())].into(),
                },
                Step::MoveColumn { column: column(), to: 1 },
            ],
        }
    }

    #[test]
    fn a_recipe_is_a_text_that_reads_back_as_itself() {
        let text = recipe().text().expect("written");
        assert!(
            text.contains("do = \"use-column\"\ncolumn = \"Work mail\"\nas = \"email\""),
            "{text}"
        );
        assert_eq!(Recipe::parse(&text, "monthly.toml").expect("read"), recipe());
    }

    #[test]
    fn before_it_is_run_a_recipe_tells_all_that_it_replaces() {
        let values: ValueMap = (0..9).map(|n| (format!("v{n}"), "x".to_owned())).collect();
        let step = Step::ReplaceValues { column: "Team".into(), values };
        assert!(step.sentence().contains("and 6 more"), "{}", step.sentence());
        assert!(step.in_full().contains("`v8` → `x`"), "{}", step.in_full());
    }

    #[test]
    fn more_than_anybody_means_is_refused_by_its_number() {
        let told = |recipe: Recipe| {
            let text = recipe.text().expect("written");
            Recipe::parse(&text, "monthly.toml").expect_err("too large").why
        };
        let step = recipe().steps[1].clone();
        let many = Recipe { steps: vec![step; 2_000], ..recipe() };
        assert_eq!(told(many), "it has 2000 steps; 300 is the most");
        let values: ValueMap = (0..30_000).map(|n| (format!("v{n}"), "x".to_owned())).collect();
        let steps = vec![Step::ReplaceValues { column: "Team".into(), values }];
        assert_eq!(
            told(Recipe { steps, ..recipe() }),
            "it replaces 30000 values; 20000 is the most"
        );
        let long = format!("name = '{}'", "x".repeat(MOST_BYTES));
        assert_eq!(Recipe::parse(&long, "x").expect_err("long").why, "it is larger than 2 MB");
    }

    #[test]
    fn a_mistake_is_told_with_its_line() {
        let text =
            recipe().text().expect("written").replace("space-stray", "space-stray\"\nx = \"");
        let failure = Recipe::parse(&text, "monthly.toml").expect_err("a mistake");
        assert_eq!(failure.what, "the recipe `monthly.toml` cannot be used");
        let failure = Recipe::parse("name = 7", "x.toml").expect_err("a mistake");
        assert!(failure.why.starts_with("line 1: "), "{failure}");
    }
}
