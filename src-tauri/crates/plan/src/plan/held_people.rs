//! Whom each hold is about: a push of others is not held by it.

use super::admins;
use super::changed_there::CHANGED_THERE;
use super::guards;
use super::person::{PersonOutcome, Planner};
use super::protected::OWN_ACCOUNT;
use super::{Action, Guard, Part, Plan};

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
        CHANGED_THERE => planner.there.has(outcome),
        OWN_ACCOUNT => planner.protected.guard(planner, alone, 1).is_some(),
        _ => false,
    }
}

impl Plan {
    /// The guards that hold a part of it: all that are about the plan as a whole, and those that are about somebody of the
    /// part.
    pub(super) fn guards_of(&self, part: Part) -> impl Iterator<Item = &Guard> {
        let is_whole = part.is_everybody() || !self.connector.is_one_by_one();
        let (anybody, chosen) = if is_whole { (0, 0) } else { self.held_by(part) };
        let holds = move |at: &u32| {
            let bit: HeldBy = if *at < HeldBy::BITS { 1 << at } else { 0 };
            anybody & bit == 0 || chosen & bit != 0
        };
        (0..).zip(&self.guards).filter(move |(at, _)| holds(at)).map(|(_, guard)| guard)
    }

    /// Of which holds anybody is, and anybody who is sent of a part.
    fn held_by(&self, part: Part) -> (HeldBy, HeldBy) {
        let sent = self.chosen(part);
        let (mut anybody, mut chosen) = (0, 0);
        for (at, planned) in (0..).zip(&self.people) {
            anybody |= planned.held_by;
            if sent.contains(&at) {
                chosen |= planned.held_by;
            }
        }
        (anybody, chosen)
    }
}
