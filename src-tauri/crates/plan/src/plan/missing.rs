//! People of the snapshot whom the roster does not have, and who of it is active.

use super::person::{Judge, Verdict};
use super::{Action, PersonPlan, Planned};

impl Judge<'_> {
    /// What happens to those of the snapshot whom the roster does not have.
    pub fn missing(&self) -> Vec<Verdict> {
        let Some(snapshot) = self.snapshot else { return Vec::new() };
        // A file of new people, or of changes, says nothing about the others.
        if self.is_partial() {
            return Vec::new();
        }
        let policy = self.roster.profile.policy("missing");
        let choice = self.choice("missing");
        let says = policy.and_then(|p| p.choices.iter().find(|c| Some(c.id.as_str()) == choice));
        let action = match choice {
            Some("deactivate") => Action::Deactivate,
            Some("delete") => Action::Delete,
            _ => Action::Ignored,
        };
        let why = match says {
            Some(choice) => format!("not in the file. {}", choice.says),
            None => "not in the file, so nothing is sent about this person".to_owned(),
        };
        let scene = self.checker.scene();
        self.pairing
            .absent()
            .map(|was| {
                let inactive = snapshot.is_inactive(was);
                let idle = action == Action::Deactivate && inactive;
                let action = if idle { Action::Ignored } else { action };
                Verdict {
                    planned: Planned {
                        person: PersonPlan {
                            key: snapshot.key_text(was).into_owned(),
                            name: snapshot.name(was),
                            line: None,
                            row: None,
                            action,
                            why: if idle {
                                "not in the file, and not active already".to_owned()
                            } else if action == Action::Ignored && scene.is_claimed(was) {
                                "the file has this person under another key: see there".to_owned()
                            } else {
                                why.clone()
                            },
                            cells: Vec::new(),
                        },
                        was: Some(was),
                        as_before: Vec::new(),
                    },
                    by_hand: Vec::new(),
                    fates: Vec::new(),
                    resets: false,
                    loses: false,
                    key_changed: false,
                    seats: if action == Action::Ignored || inactive { 0 } else { -1 },
                }
            })
            .collect()
    }

    /// Whether the file is meant to hold only some of the people.
    pub fn is_partial(&self) -> bool {
        matches!(self.choice("scope"), Some("new" | "changes"))
    }

    /// How many people the snapshot has who are active.
    pub fn active(&self) -> u32 {
        let Some(snapshot) = self.snapshot else { return 0 };
        snapshot.table.rows().filter(|&row| !snapshot.is_inactive(row)).count() as u32
    }
}
