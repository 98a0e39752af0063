//! Moving, adding and taking out columns.

use super::Engine;
use super::editing::Edited;
use muster_plan::worksheet::{self, Arrange};
use muster_table::error::Outcome;

impl Engine {
    /// Moves, adds or takes out a column, as one step.
    pub fn arrange(&self, asked: Arrange) -> Outcome<Edited> {
        self.changing(|job, working| {
            let change = worksheet::arrange(job.roster(), &asked)?;
            self.make_change(job, working, change)
        })
    }
}
