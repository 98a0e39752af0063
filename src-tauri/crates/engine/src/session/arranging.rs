//! Moving, adding and taking out columns.

use super::Engine;
use super::editing::Edited;
use muster_plan::worksheet::{self, Arrange};
use muster_table::error::Result;

impl Engine {
    /// Moves, adds or takes out a column, as one step.
    pub fn arrange(&self, request: Arrange) -> Result<Edited> {
        self.changing(|job, working| {
            let change = worksheet::arrange(job.roster(), &request)?;
            self.make_change(job, working, change)
        })
    }
}
