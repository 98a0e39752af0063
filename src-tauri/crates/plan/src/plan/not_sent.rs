//! Who of a plan nothing is sent of, and why: told before a push, and by its receipt.

use super::{Action, Part, Plan, PlannedPerson};

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
    /// Whoever differs and is not sent. Those who were not chosen come last, in the order in which they would be
    /// sent. Whoever the file does not have stays as they are, and is none of them.
    pub fn not_sent<'p>(&'p self, part: Part<'p>) -> Vec<(NotSent, &'p PlannedPerson)> {
        let wanted = part.wanted();
        let sent = self.chosen(part);
        let (mut all, mut not_chosen): (Vec<_>, Vec<&PlannedPerson>) = Default::default();
        for (at, planned) in (0..).zip(&self.people) {
            match planned.person.action {
                action if action.changes() && !sent.contains(&at) => not_chosen.push(planned),
                Action::Blocked if wanted(at, planned) => all.push((NotSent::Error, planned)),
                Action::Ignored if wanted(at, planned) && planned.person.row.is_some() => {
                    let by_hand = planned.is_only_by_hand();
                    all.push((if by_hand { NotSent::ByHand } else { NotSent::Ignored }, planned));
                }
                _ => {}
            }
        }
        all.extend(not_chosen.into_iter().map(|planned| (NotSent::NotChosen, planned)));
        all
    }
}
