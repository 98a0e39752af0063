//! Who was changed by somebody else in the LMS since the snapshot of before, where the list has another value or another
//! person: what would be sent goes over what they did.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::guards::few;
use super::person::{PersonOutcome, Planner};
use super::{Action, Guard};
use muster_roster::diff::Columns;
use muster_roster::roster::Roster;
use muster_table::narrow;
use muster_table::words::listed;

/// What somebody else changed in the LMS and the list does not follow; kept with a job, and so for as long as the list has
/// what it had then.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChangedThere {
    /// Cells that the list has otherwise.
    pub cells: Vec<ChangedCell>,
    /// Rows of people whom somebody deleted there.
    pub gone: Vec<u32>,
    /// Keys of people whom somebody made there, and whom the list does not have.
    pub joined: Vec<String>,
}

/// A cell of the list beside one that was changed in the LMS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedCell {
    /// The row of the list.
    pub row: u32,
    /// The column's name, in the form in which headers are compared.
    pub column: String,
    /// What the list has, so that whoever writes something else there has seen it.
    pub mine: String,
}

/// The hold of a plan that would go over what somebody else did.
pub(super) const CHANGED_THERE: &str = "changed-there";

/// What of it is still so.
#[derive(Debug, Default)]
pub struct Standing {
    /// By the row of the list: which columns, or that they are gone.
    rows: FxHashMap<u32, Vec<String>>,
    /// Rows of the snapshot.
    joined: FxHashSet<u32>,
}

const GONE: &str = "deleted there";
const JOINED: &str = "new there";

impl ChangedThere {
    /// Takes in more of it.
    pub fn extend(&mut self, more: ChangedThere) {
        let of = |cell: &ChangedCell| (cell.row, cell.column.clone());
        let newer: FxHashSet<(u32, String)> = more.cells.iter().map(of).collect();
        let gone: FxHashSet<u32> = self.gone.iter().copied().collect();
        let joined: FxHashSet<String> = self.joined.iter().cloned().collect();
        self.cells.retain(|cell| !newer.contains(&of(cell)));
        self.cells.extend(more.cells);
        self.gone.extend(more.gone.into_iter().filter(|row| !gone.contains(row)));
        self.joined.extend(more.joined.into_iter().filter(|key| !joined.contains(key)));
    }

    /// What of it is still so, in a list and what the LMS has now.
    pub fn standing(&self, roster: &Roster, now: &Roster) -> Standing {
        let mut standing = Standing::default();
        if *self == ChangedThere::default() {
            return standing;
        }
        let columns = Columns::of(now, roster);
        let pair_of: FxHashMap<&str, _> = columns
            .pairs
            .iter()
            .map(|pair| (roster.columns[pair.new].form.as_str(), pair))
            .collect();
        let is_there = |row: u32| roster.table.index_of(row).is_some();
        for cell in self.cells.iter().filter(|cell| is_there(cell.row)) {
            let Some(pair) = pair_of.get(cell.column.as_str()) else { continue };
            let Some(is) = now.row_of_key(&roster.key_text(cell.row)) else { continue };
            let mine = roster.table.cell(cell.row, pair.new);
            if mine == cell.mine && pair.differs(&now.table.cell(is, pair.old), &mine) {
                let name = format!("`{}`", roster.columns[pair.new].name);
                standing.rows.entry(cell.row).or_default().push(name);
            }
        }
        for &row in self.gone.iter().filter(|row| is_there(**row)) {
            if now.rows_of_key(&roster.key_text(row)).next().is_none() {
                standing.rows.entry(row).or_default().push(GONE.to_owned());
            }
        }
        for key in &self.joined {
            let is_here = roster.rows_of_key(key).next().is_some();
            standing.joined.extend(now.row_of_key(key).filter(|_| !is_here));
        }
        standing
    }
}

impl Standing {
    /// Whom it is about, with what was changed of them, of a list and what the LMS has now.
    pub fn told(&self, roster: &Roster, now: &Roster) -> Vec<String> {
        if self.rows.is_empty() && self.joined.is_empty() {
            return Vec::new();
        }
        let here = roster.table.rows().filter_map(|row| Some((row, self.rows.get(&row)?)));
        let here = here.map(|(row, what)| format!("{} ({})", roster.name(row), listed(what)));
        let mut joined: Vec<u32> = self.joined.iter().copied().collect();
        joined.sort_unstable();
        let joined = joined.into_iter().map(|was| format!("{} ({JOINED})", now.name(was)));
        here.chain(joined).collect()
    }

    /// What somebody else changed of somebody whom the plan changes; nothing of others.
    fn of(&self, outcome: &PersonOutcome) -> Option<String> {
        let planned = &outcome.planned;
        if !planned.person.action.changes() {
            return None;
        }
        if let Some(was) = planned.was
            && self.joined.contains(&was)
        {
            return Some(JOINED.to_owned());
        }
        let what = self.rows.get(&planned.person.row?)?;
        // Somebody who is deleted there is made anew, or not sent at all.
        let is_made = planned.person.action == Action::Create;
        (is_made || what.iter().any(|what| what != GONE)).then(|| listed(what))
    }

    pub(super) fn has(&self, outcome: &PersonOutcome) -> bool {
        self.of(outcome).is_some()
    }

    /// Says it beside each of them: at the value where there is one, else at the person.
    pub(super) fn tell(&self, planner: &Planner, outcomes: &mut [PersonOutcome]) {
        if self.rows.is_empty() && self.joined.is_empty() {
            return;
        }
        let add = |why: &mut String, says: String| match why.is_empty() {
            true => *why = says,
            false => *why = format!("{why}; {says}"),
        };
        let lms = planner.lms();
        for outcome in outcomes {
            let Some(what) = self.of(outcome) else { continue };
            let person = &mut outcome.planned.person;
            let mut is_told = false;
            for cell in &mut person.cells {
                if what.contains(&format!("`{}`", cell.title)) {
                    let why = cell.why.get_or_insert_default();
                    add(why, format!("somebody else changed this in {lms} since"));
                    is_told = true;
                }
            }
            if !is_told {
                let says = format!("somebody else changed this person in {lms} since: {what}");
                add(&mut person.why, says);
            }
        }
    }

    pub(super) fn guard(
        &self,
        planner: &Planner,
        outcomes: &[PersonOutcome],
        of: u32,
    ) -> Option<Guard> {
        let named = |outcome: &PersonOutcome| {
            Some(format!("{} ({})", outcome.planned.person.name, self.of(outcome)?))
        };
        let all: Vec<String> = outcomes.iter().filter_map(named).collect();
        let (actual, lms) = (narrow::count(all.len()), planner.lms());
        (actual > 0).then(|| Guard {
            id: CHANGED_THERE.to_owned(),
            actual,
            of,
            limit: "nobody".to_owned(),
            held: true,
            message: format!(
                "Somebody else changed these in {lms} while you worked, and what you send goes over that: {}. Type {actual} to go on.",
                few(&all)
            ),
        })
    }
}
