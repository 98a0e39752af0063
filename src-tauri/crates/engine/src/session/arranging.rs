//! Moving, adding and taking out columns.

use serde::{Deserialize, Serialize};

use super::Engine;
use super::editing::Edited;
use super::open_job::OpenJob;
use super::work::Working;
use muster_roster::profile::header_form;
use muster_rules::recipe::Step;
use muster_table::edit::Edit;
use muster_table::error::{Failure, Outcome};

/// What to do with a column; places are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(tag = "do", rename_all = "lowercase")]
pub enum Arrange {
    /// Puts a column in another place.
    Move { column: u32, to: u32 },
    /// Adds a column that is blank for everybody.
    Add { at: u32, name: String },
    /// Takes a column out of the file.
    Drop { column: u32 },
}

impl Engine {
    /// Moves, adds or takes out a column, as one step.
    pub fn arrange(&self, asked: Arrange) -> Outcome<Edited> {
        self.changing(|job, working| self.rearrange(job, working, &asked))
    }

    pub(super) fn rearrange(
        &self,
        job: &mut OpenJob,
        working: &Working,
        asked: &Arrange,
    ) -> Outcome<Edited> {
        let (sentence, edits) = job.arranged(asked)?;
        let general = job.arranged_in_general(asked).into_iter().collect();
        self.make_general(job, working, sentence.clone(), edits.clone(), general)?;
        Ok(job.edited(sentence, &edits))
    }
}

impl OpenJob {
    fn arranged_in_general(&self, asked: &Arrange) -> Option<Step> {
        let name = |at: u32| Some(self.roster().columns.get(at as usize)?.name.clone());
        Some(match asked {
            Arrange::Move { column, to } => Step::MoveColumn { column: name(*column)?, to: to + 1 },
            Arrange::Add { at, name } => {
                Step::AddColumn { column: name.trim().to_owned(), at: at + 1 }
            }
            Arrange::Drop { column } => Step::DropColumn { column: name(*column)? },
        })
    }

    fn arranged(&self, asked: &Arrange) -> Outcome<(String, Vec<Edit>)> {
        let table = self.table();
        match asked {
            Arrange::Move { column, to } => {
                let name = &self.column_at(*column)?.name;
                self.column_at(*to)?;
                let edits = match column == to {
                    true => Vec::new(),
                    false => vec![Edit::Move { from: *column, to: *to }],
                };
                Ok((format!("Move the column `{name}` to place {}", to + 1), edits))
            }
            Arrange::Add { at, name } => {
                let (name, form) = (name.trim(), header_form(name));
                if form.is_empty() {
                    return Err(Failure::state("the column needs a name"));
                }
                if self.roster().columns.iter().any(|c| c.form == form) {
                    return Err(Failure::state(format!("there is a column `{name}` already")));
                }
                let (id, at) = (table.fresh_column(), (*at).min(table.width() as u32));
                let edit = Edit::Add { id, at, name: name.to_owned(), cells: Vec::new() };
                Ok((format!("Add the column `{name}`"), vec![edit]))
            }
            Arrange::Drop { column } => {
                let about = self.column_at(*column)?;
                if about.is_key {
                    return Err(Failure::state(format!("`{}` stays", about.name))
                        .why("it says who each person is"));
                }
                let sentence = format!("Take out the column `{}`", about.name);
                Ok((sentence, table.dropping(about.at).into_iter().collect()))
            }
        }
    }
}
