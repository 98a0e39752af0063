//! Who becomes an administrator of the LMS, and who is none any more.

use super::entry::{CellPlan, PersonPlan};
use super::guards::named;
use super::person::{PersonOutcome, Planner};
use super::{Action, PlannedPerson};
use muster_roster::roster::{Column, Roster};

/// Whom a plan makes an administrator, and whom it takes that from.
pub(super) struct Admins<'o> {
    rising: Vec<&'o str>,
    falling: Vec<&'o str>,
    /// Whether all that the LMS has are among those, and nobody follows them.
    all_go: bool,
}

impl<'o> Admins<'o> {
    pub fn of(planner: &Planner, outcomes: &'o [PersonOutcome]) -> Admins<'o> {
        let changed = || outcomes.iter().map(|v| &v.planned).filter(|p| p.person.action.changes());
        let names = |is: &dyn Fn(&PlannedPerson) -> bool| -> Vec<&'o str> {
            changed().filter(|p| is(p)).map(|p| p.person.name.as_str()).collect()
        };
        let rising = names(&|planned| rises(planner, planned));
        let falling = names(&|planned| falls(planner, planned));
        let now = || {
            let active = |s: &Roster| {
                s.table.rows().filter(|&row| is_admin(Some(s), row) && !s.is_inactive(row)).count()
            };
            planner.snapshot.map_or(0, active)
        };
        let all_go = !falling.is_empty() && rising.is_empty() && now() <= falling.len();
        Admins { rising, falling, all_go }
    }

    pub fn count(&self) -> usize {
        self.rising.len() + self.falling.len()
    }

    /// "Grace Schmidt would be no administrator of EdApp any more, and no other is left."
    pub fn told(&self, lms: &str) -> String {
        let says = |who: &[&str], would: &str, rest: &str| {
            let verb = if who.len() == 1 { "an administrator" } else { "administrators" };
            format!("{} would {would} {verb} of {lms}{rest}.", named(who.iter().copied()))
        };
        let mut all = Vec::new();
        if !self.rising.is_empty() {
            all.push(says(&self.rising, "become", ""));
        }
        if !self.falling.is_empty() {
            let rest = if self.all_go { ": nobody else is one" } else { "" };
            all.push(says(&self.falling, "no longer be", rest));
        }
        all.join(" ")
    }
}

/// Whether somebody becomes an administrator, or is none any more.
pub(super) fn changes(planner: &Planner, planned: &PlannedPerson) -> bool {
    planned.person.action.changes() && (rises(planner, planned) || falls(planner, planned))
}

fn rises(planner: &Planner, planned: &PlannedPerson) -> bool {
    cells(planner, &planned.person, false, true)
}

fn falls(planner: &Planner, planned: &PlannedPerson) -> bool {
    let goes = matches!(planned.person.action, Action::Deactivate | Action::Delete);
    let was = || planned.was.is_some_and(|was| is_admin(planner.snapshot, was));
    cells(planner, &planned.person, true, false) || (goes && was())
}

/// Whether a cell of somebody goes from what makes an administrator or not to the other.
fn cells(planner: &Planner, person: &PersonPlan, before: bool, after: bool) -> bool {
    let goes = |cell: &CellPlan| {
        let column = cell.column_of(planner.roster)?;
        let has = |text: &str| makes_admin(planner.roster, column, text);
        Some(has(&cell.before) == before && has(&cell.result) == after)
    };
    person.cells.iter().any(|cell| goes(cell) == Some(true))
}

fn is_admin(roster: Option<&Roster>, row: u32) -> bool {
    roster.is_some_and(|roster| {
        let makes = |c: &Column| makes_admin(roster, c, &roster.table.cell(row, c.at));
        roster.columns.iter().any(makes)
    })
}

fn makes_admin(roster: &Roster, column: &Column, text: &str) -> bool {
    let Some(field) = roster.says_of(column.at).filter(|field| !field.admin.is_empty()) else {
        return false;
    };
    let is = |value: &str| field.admin.iter().any(|a| a.eq_ignore_ascii_case(value.trim()));
    match column.separator {
        Some(_) => column.values(text).any(is),
        None => is(text),
    }
}
