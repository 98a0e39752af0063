//! People of the snapshot whom the roster does not have, and who of it is active.

use super::person::{Judge, Verdict};
use super::{Action, PersonPlan, Planned};
use crate::roster::Roster;

impl Judge<'_> {
    /// What happens to those of the snapshot whom the roster does not have.
    pub fn missing(&self) -> Vec<Verdict> {
        let Some(snapshot) = self.snapshot else { return Vec::new() };
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
        let is_inactive = inactive_in(snapshot);
        self.pairing
            .absent()
            .map(|was| {
                let inactive = is_inactive(was);
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

    /// How many people the snapshot has who are active.
    pub fn active(&self) -> u32 {
        let Some(snapshot) = self.snapshot else { return 0 };
        let is_inactive = inactive_in(snapshot);
        snapshot.table.rows().filter(|&row| !is_inactive(row)).count() as u32
    }
}

/// Whether a row says that the person is not active; where no column says so, everybody is.
fn inactive_in(roster: &Roster) -> impl Fn(u32) -> bool + '_ {
    let status = roster.columns.iter().find_map(|column| {
        let words = &roster.field(column.at)?.inactive;
        (!words.is_empty()).then_some((column.at, words))
    });
    move |row| {
        status.is_some_and(|(column, words)| {
            let cell = roster.table.cell(row, column);
            words.iter().any(|w| w.eq_ignore_ascii_case(cell.trim()))
        })
    }
}
