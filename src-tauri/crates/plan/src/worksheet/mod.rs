//! What can be done with an open list, worked out once for the window and the command: each thing comes to a [`Change`],
//! which whoever asked makes and keeps.

mod arranging;
mod filling;
mod fixing;
pub mod locks;
mod opening;
mod planning;
mod recipes;
mod telling;
mod values;

pub use arranging::{Arrange, arrange};
pub use filling::{Fill, Filled, fill};
pub use fixing::{FixAll, FixScope, Fixed, Made, Place, findings_of, fix, fix_all};
pub use opening::{Rosters, both_are};
pub use planning::{PlanFor, carried_by, days_between, plan};
pub use recipes::{ColumnsRead, Followed, columns_read, follow, only_after};
pub use telling::{Did, Told, told_after, told_before};
pub use values::map_values;

use muster_roster::profile::header_form;
use muster_roster::roster::{Column, Roster};
use muster_rules::recipe::Step;
use muster_table::edit::Edit;
use muster_table::error::{Failure, Outcome};

/// Edits that belong together, before they are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// "Fix 7 people: `Markting` → `Marketing`".
    pub sentence: String,
    pub edits: Vec<Edit>,
    /// What it does on any list of its kind; nothing where it is about single people.
    pub general: Vec<Step>,
}

/// Somebody, as a step names them.
pub fn who(roster: &Roster, row: u32) -> String {
    let key = roster.key_text(row);
    if !key.trim().is_empty() {
        return format!("`{key}`");
    }
    match roster.table.line(row) {
        Some(line) => format!("the person on line {line}"),
        None => "a new person".into(),
    }
}

fn column_at(roster: &Roster, at: u32) -> Outcome<&Column> {
    roster.columns.get(at as usize).ok_or_else(|| Failure::state("there is no such column"))
}

fn column_named<'r>(roster: &'r Roster, name: &str) -> Option<&'r Column> {
    let form = header_form(name);
    roster.columns.iter().find(|column| column.form == form)
}
