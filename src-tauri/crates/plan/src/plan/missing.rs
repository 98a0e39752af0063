//! People of the snapshot whom the roster does not have, and who of it is active.

use rustc_hash::FxHashSet;

use super::person::{PersonOutcome, Planner};
use super::{Action, PersonPlan, PlannedPerson};
use muster_roster::profile::{Missing, PolicyId};
use muster_rules::rules::ClaimBasis;
use muster_table::narrow;

impl Planner<'_> {
    /// What happens to those of the snapshot whom the roster does not have.
    pub fn missing(&self) -> Vec<PersonOutcome> {
        let Some(snapshot) = self.snapshot else { return Vec::new() };
        // A file of new people, or of changes, says nothing about the others.
        if self.choices.is_partial() {
            return Vec::new();
        }
        let action = match self.choices.missing {
            Some(Missing::Deactivate) => Action::Deactivate,
            Some(Missing::Delete) => Action::Delete,
            Some(Missing::Keep) | None => Action::Ignored,
        };
        let why = match self.choices.chosen(&self.roster.profile, PolicyId::Missing) {
            Some(choice) => format!("not in the file. {}", choice.says),
            None if self.knows_of_left_out() => {
                "not in the file, so nothing is sent about this person".to_owned()
            }
            None => format!(
                "not in the file, so nothing is sent about this person; what {} does then is not documented",
                self.lms()
            ),
        };
        let context = self.checker.context();
        let renamed = self.certainly_here();
        self.pairing
            .absent()
            .map(|was| {
                let inactive = snapshot.is_inactive(was);
                let idle = action == Action::Deactivate && inactive;
                // Accounts that no roster of people lists are no leavers.
                let stays = action != Action::Ignored && self.protected.has(snapshot, was);
                let action = if idle || stays { Action::Ignored } else { action };
                PersonOutcome {
                    planned: PlannedPerson {
                        person: PersonPlan {
                            key: snapshot.key_text(was).into_owned(),
                            name: snapshot.name(was),
                            line: None,
                            row: None,
                            action,
                            why: if stays {
                                "not in the file, and protected: this account stays as it is"
                                    .to_owned()
                            } else if idle {
                                "not in the file, and not active already".to_owned()
                            } else if context.is_claimed(was) {
                                let is = if renamed.contains(&was) { "has" } else { "may have" };
                                let under = format!(
                                    "the file {is} this person under another key: see there"
                                );
                                match action {
                                    Action::Ignored => under,
                                    _ => format!("{under}. As it is, {why}"),
                                }
                            } else {
                                why.clone()
                            },
                            cells: Vec::new(),
                        },
                        was: Some(was),
                        as_before: Vec::new(),
                        renamed_by_file: false,
                        held_by: 0,
                    },
                    by_hand: Vec::new(),
                    cell_outcomes: Vec::new(),
                    resets: false,
                    loses: false,
                    key_changed: false,
                    seats: if action == Action::Ignored || inactive { 0 } else { -1 },
                }
            })
            .collect()
    }

    /// The rows of those of the snapshot whom rows of the file certainly are, under another key.
    pub fn certainly_here(&self) -> FxHashSet<u32> {
        let context = self.checker.context();
        let claims = context.roster.table.rows().filter_map(|row| context.claim(row));
        let certain = claims.filter(|claim| claim.how != ClaimBasis::Resembles);
        certain.map(|claim| claim.was).collect()
    }

    /// Whether the vendor has written what becomes of people whom a file leaves out. Sent one by one, they are left alone.
    pub fn knows_of_left_out(&self) -> bool {
        let profile = &self.roster.profile;
        profile.sent_by.is_some() || profile.says_of_left_out(self.choices).is_some()
    }

    /// How many people the snapshot has who are active.
    pub fn active(&self) -> u32 {
        let Some(snapshot) = self.snapshot else { return 0 };
        narrow::count(snapshot.table.rows().filter(|&row| !snapshot.is_inactive(row)).count())
    }
}
