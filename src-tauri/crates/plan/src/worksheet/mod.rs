//! An open list and what can be done with it, worked out once for the window and the command: each thing comes to a
//! [`Change`], which whoever asked makes and keeps.
//!
//! The window holds a [`Worksheet`], which also knows what differs from the snapshot; the command, which asks once and
//! ends, needs no more than its [`Checker`], and the same functions take that.

mod arranging;
mod cells;
mod changes;
mod filling;
mod fixing;
pub mod locks;
mod opening;
mod recipes;
mod values;

pub use arranging::{Arrange, arrange};
pub use cells::CellEdit;
pub use changes::Changes;
pub use filling::{Fill, Filled, fill};
pub use fixing::{FixScope, Fixed, findings_of, fix, rounds};
pub use opening::{Rosters, Sources, carried_by, choices, fitting};
pub use recipes::{Followed, follow, not_used, only_after};
pub use values::map_values;

use std::collections::BTreeMap;
use std::sync::Arc;

use muster_roster::profile::connector::Connector;
use muster_roster::profile::{Profile, Uses, header_form};
use muster_roster::roster::{Column, Roster};
use muster_rules::checker::Checker;
use muster_rules::recipe::Step;
use muster_table::edit::{Edit, rows_of};
use muster_table::error::{Failure, FailureKind, Outcome};
use muster_table::going::GoOn;
use muster_table::table::Table;

/// An open list: what was read, what was found, and how it differs from what the LMS has. It keeps nothing and asks
/// nobody.
pub struct Worksheet {
    checker: Checker,
    changes: Changes,
    profile: Arc<Profile>,
    uses: Uses,
    connector: Option<&'static Connector>,
    is_in_doubt: bool,
}

impl Worksheet {
    /// The roster with what was found of it.
    pub fn checker(&self) -> &Checker {
        &self.checker
    }

    /// The people with what their columns mean.
    pub fn roster(&self) -> &Roster {
        &self.checker.scene().roster
    }

    /// The cells.
    pub fn table(&self) -> &Table {
        &self.checker.scene().roster.table
    }

    /// How the list differs from the snapshot; without one, from the file as it was opened.
    pub fn changes(&self) -> &Changes {
        &self.changes
    }

    /// The profile that was chosen. The roster's own is that as the connector and the choices make it.
    pub fn profile(&self) -> &Arc<Profile> {
        &self.profile
    }

    /// What columns were chosen to be used as, in files of this profile.
    pub fn uses(&self) -> &Uses {
        &self.uses
    }

    /// By which connector it is sent; none for the upload kit.
    pub fn connector(&self) -> Option<&'static Connector> {
        self.connector
    }

    /// Something failed halfway and could not be taken back: what is here is not what it is said to be.
    pub fn is_in_doubt(&self) -> bool {
        self.is_in_doubt
    }

    /// The same list, to be seen through other eyes: what is changed of these before they are opened is seen otherwise.
    /// The worksheet stays as it is.
    pub fn sources(&self, answers: BTreeMap<String, String>) -> Sources {
        let scene = self.checker.scene();
        let mut lists = scene.lists.clone();
        // What came from the old snapshot or profile is not a list that somebody loaded.
        lists.retain(|_, list| list.is_loaded());
        Sources {
            table: scene.roster.table.clone(),
            profile: self.profile.clone(),
            snapshot: scene.snapshot.as_ref().map(|snapshot| snapshot.table.clone()),
            lists,
            answers,
            today: scene.today,
            uses: self.uses.clone(),
            connector: self.connector,
        }
    }

    /// What the fixes of a scope come to.
    pub fn fix(&mut self, rule: u8, scope: &FixScope, go_on: GoOn) -> Outcome<Fixed> {
        fix(&mut self.checker, rule, scope, go_on).inspect_err(|failure| self.doubt(failure))
    }

    /// What a step of a recipe comes to.
    pub fn follow(&mut self, step: &Step, key_unlocked: bool, go_on: GoOn) -> Outcome<Followed> {
        let followed = follow(&mut self.checker, step, key_unlocked, go_on);
        followed.inspect_err(|failure| self.doubt(failure))
    }

    /// Makes edits, all or none of them, and looks at whatever they can affect.
    pub fn make(&mut self, edits: &[Edit], go_on: GoOn) -> Outcome<()> {
        self.checker.apply_while(edits, go_on)?;
        self.settle(edits);
        Ok(())
    }

    /// Makes edits that must fit, because they were made before or take back what was. Where one does not, the worksheet
    /// is in doubt.
    pub fn make_again(&mut self, edits: &[Edit]) -> Outcome<()> {
        self.make(edits, &|_| true).inspect_err(|_| self.is_in_doubt = true)
    }

    /// What was stopped was taken back; what failed otherwise may not have been.
    fn doubt(&mut self, failure: &Failure) {
        self.is_in_doubt |= failure.kind != FailureKind::Cancelled;
    }

    fn settle(&mut self, edits: &[Edit]) {
        self.checker.settle();
        let scene = self.checker.scene();
        if edits.iter().any(Edit::is_of_columns) {
            self.changes = Changes::of(scene);
        } else {
            for row in rows_of(edits) {
                self.changes.look_again(scene, row);
            }
        }
    }
}

/// Edits that belong together, before they are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// "Fix 7 people: `Markting` → `Marketing`".
    pub sentence: String,
    /// What is to be made, in this order; empty where all is so already.
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
