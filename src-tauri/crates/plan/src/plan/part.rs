//! A kit of a part of the people: those that were ticked, the first few to try it, or whom another kit does not have.

use std::collections::BTreeSet;

use super::person::PersonOutcome;
use super::{Action, Only, Part, Plan, PlannedPerson};
use muster_table::narrow;

impl Plan {
    /// The rows of those who belong to a part and are nobody else's: whoever has a row in the file, and whoever has
    /// something to be done by hand. The first few are the first in the plan that have a row in the file.
    pub fn rows_of(
        &self,
        part: Part,
        is_of_another: impl Fn(&PlannedPerson) -> bool,
    ) -> BTreeSet<u32> {
        let wanted = part.wanted();
        let all = self.people.iter().enumerate();
        let these = all
            .filter(|(at, planned)| wanted(narrow::place(*at), planned) && !is_of_another(planned));
        let these: Vec<&PlannedPerson> = these.map(|(_, planned)| planned).collect();
        let sent = these.iter().filter(|planned| planned.is_in_file(Only::Changed));
        let sent = sent.take(part.first.map_or(usize::MAX, |first| first as usize));
        let by_hand =
            these.iter().filter(|planned| part.first.is_none() && planned.is_only_by_hand());
        sent.chain(by_hand).filter_map(|planned| planned.person.row).collect()
    }
}

impl PlannedPerson {
    /// Whether all that differs is to be done by hand.
    pub(super) fn is_only_by_hand(&self) -> bool {
        self.person.action == Action::Ignored && !self.as_before.is_empty()
    }
}

/// Leaves out of a plan whoever is not of a part, and hands out what another part is to do with them.
pub(super) fn leave_to_others(
    outcomes: &mut [PersonOutcome],
    part: &BTreeSet<u32>,
) -> Vec<PlannedPerson> {
    let mut elsewhere = Vec::new();
    for outcome in outcomes {
        let person = &outcome.planned.person;
        let here = person.row.is_none_or(|row| part.contains(&row));
        let is_idle = outcome.by_hand.is_empty() && !outcome.key_changed;
        let stays = matches!(person.action, Action::Ignored | Action::Same) && is_idle;
        if here || stays {
            continue;
        }
        let mut left = PersonOutcome {
            planned: outcome.planned.clone(),
            by_hand: Vec::new(),
            cell_outcomes: Vec::new(),
            resets: false,
            loses: false,
            key_changed: false,
            seats: 0,
        };
        left.planned.person.action = Action::Ignored;
        "not in this part".clone_into(&mut left.planned.person.why);
        left.planned.person.cells.clear();
        left.planned.as_before.clear();
        elsewhere.push(std::mem::replace(outcome, left).planned);
    }
    elsewhere
}
