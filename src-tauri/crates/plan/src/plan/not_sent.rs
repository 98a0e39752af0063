//! Who of a plan nothing is sent of, and why: told before a push, and by its receipt.

use super::{Action, Part, Plan, PlannedPerson};
use muster_table::narrow;

/// Why nothing of somebody is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSent {
    /// They have an error.
    Error,
    /// They could be sent, and others were chosen.
    NotChosen,
    /// The LMS passes over what differs, as it says that it does.
    Ignored,
    /// All that differs is done by hand.
    ByHand,
}

impl Plan {
    /// Whoever differs and is not sent. Those who were not chosen come in the order in which they would be sent, but for
    /// them everybody is of the part. Whoever the file does not have stays as they are, and is none of them.
    pub fn not_sent<'p>(&'p self, part: Part<'p>) -> Vec<(NotSent, &'p PlannedPerson)> {
        let wanted = part.wanted();
        let mut all = Vec::new();
        let (mut chosen, mut others) = (Vec::new(), Vec::new());
        for (at, planned) in self.people.iter().enumerate() {
            let is_of_part = wanted(narrow::place(at), planned);
            match planned.person.action {
                action if action.changes() => {
                    if is_of_part { &mut chosen } else { &mut others }.push(planned);
                }
                Action::Blocked if is_of_part => all.push((NotSent::Error, planned)),
                Action::Ignored if is_of_part && planned.person.row.is_some() => {
                    let by_hand = planned.is_only_by_hand();
                    all.push((if by_hand { NotSent::ByHand } else { NotSent::Ignored }, planned));
                }
                _ => {}
            }
        }
        chosen.sort_by_key(|planned| (planned.person.action, planned.person.line));
        let first = part.first.map_or(chosen.len(), |first| chosen.len().min(first as usize));
        let rest = chosen.split_off(first).into_iter().chain(others);
        all.extend(rest.map(|planned| (NotSent::NotChosen, planned)));
        all
    }
}
