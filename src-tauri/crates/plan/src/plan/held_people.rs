//! Whom each hold is about: a push of others is not held by it.

use rustc_hash::FxHashSet;

use super::admins;
use super::guards;
use super::person::{PersonOutcome, Planner};
use super::protected::OWN_ACCOUNT;
use super::{Action, Guard, Part, Plan};
use muster_table::narrow;

/// Of which holds somebody is, as bits in the order of the plan's guards.
pub(super) type HeldBy = u32;

/// Marks everybody with the holds that they are of. A hold of nobody is about the plan as a whole.
pub(super) fn mark(planner: &Planner, outcomes: &mut [PersonOutcome], all: &[Guard]) {
    for outcome in outcomes {
        let of = (0..HeldBy::BITS).zip(all).filter(|(_, guard)| guard.held);
        let of = of.filter(|(_, guard)| is_of(planner, outcome, &guard.id));
        outcome.planned.held_by = of.fold(0, |bits, (at, _)| bits | 1 << at);
    }
}

fn is_of(planner: &Planner, outcome: &PersonOutcome, guard: &str) -> bool {
    let action = outcome.planned.person.action;
    let alone = std::slice::from_ref(outcome);
    match guard {
        "delete" => action == Action::Delete,
        "deactivate" => action == Action::Deactivate,
        "change" => matches!(action, Action::Update | Action::Reactivate),
        "new" => action == Action::Create,
        "key" => outcome.key_changed,
        "membership" => outcome.loses,
        "password" => outcome.resets,
        "same" => guards::doubles(planner, alone).next().is_some(),
        "reused" => guards::put_over(planner, alone).next().is_some(),
        "admin" => admins::changes(planner, &outcome.planned),
        OWN_ACCOUNT => planner.protected.guard(planner, alone, 1).is_some(),
        _ => false,
    }
}

impl Plan {
    /// The guards that hold a part of it: all that are about the plan as a whole, and those that are about somebody of the
    /// part.
    pub(super) fn guards_of(&self, part: Part) -> impl Iterator<Item = &Guard> {
        let is_whole = part.is_everybody() || !self.connector.is_one_by_one();
        let anybody = self.people.iter().fold(0, |bits, planned| bits | planned.held_by);
        let chosen = if is_whole { anybody } else { self.held_by_any_of(part) };
        let holds = move |at: &u32| {
            let bit: HeldBy = if *at < HeldBy::BITS { 1 << at } else { 0 };
            anybody & bit == 0 || chosen & bit != 0
        };
        (0..).zip(&self.guards).filter(move |(at, _)| holds(at)).map(|(_, guard)| guard)
    }

    fn held_by_any_of(&self, part: Part) -> HeldBy {
        let sent: FxHashSet<u32> = self.chosen_places(part).into_iter().collect();
        let of = (0..).zip(&self.people).filter(|(at, _)| sent.contains(at));
        of.fold(0, |bits, (_, planned)| bits | planned.held_by)
    }

    /// Where those stand in the plan who are sent of a part, in the order in which they are sent.
    pub(super) fn chosen_places(&self, part: Part) -> Vec<u32> {
        let wanted = part.wanted();
        let all = self.people.iter().enumerate().map(|(at, one)| (narrow::place(at), one));
        let mut sent: Vec<_> = all
            .filter(|(at, planned)| planned.person.action.changes() && wanted(*at, planned))
            .collect();
        sent.sort_by_key(|(_, planned)| (planned.person.action, planned.person.line));
        sent.truncate(part.first.map_or(sent.len(), |first| first as usize));
        sent.into_iter().map(|(at, _)| at).collect()
    }
}
