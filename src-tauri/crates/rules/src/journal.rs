//! Operations: edits that belong together, with a time and a sentence. Undo steps over the whole of one.

use serde::{Deserialize, Serialize};

use crate::recipe::Step;
use muster_table::edit::Edit;

/// Edits that belong together; undo steps over the whole of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// When it was made, ISO 8601 in UTC.
    pub at: String,
    /// What it did, as the Steps pane says it: "Fix 7 groups: `Markting` → `Marketing`".
    pub sentence: String,
    /// What was done, in the order in which it was done.
    pub edits: Vec<Edit>,
    /// What it does on any list of its kind; nothing where it is about single people.
    pub general: Vec<Step>,
    /// Whether what it puts in the place of values is offered for later files too.
    pub remembered: bool,
}

impl Operation {
    /// The edits that take this operation back, last first.
    pub fn inverse(&self) -> Vec<Edit> {
        self.edits.iter().rev().map(Edit::inverse).collect()
    }
}
