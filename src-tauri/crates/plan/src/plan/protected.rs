//! Who is not taken away from an LMS: the account that Muster signs in with, those that the person keeps as protected, and
//! accounts of the LMS itself.

use rustc_hash::FxHashSet;

use super::guards::few;
use super::person::{PersonOutcome, Planner};
use super::{Action, Guard, PlannedPerson};
use muster_roster::profile::{FieldKind, KeyGiver, Profile};
use muster_roster::roster::{Column, Roster};
use muster_table::narrow;

/// Accounts that a plan leaves alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Protected {
    /// Keys, logins or e-mails that the account of the LMS keeps as protected.
    pub people: Vec<String>,
    /// The login of whom the connection signs in as, as the LMS said it last; none where nobody has asked yet.
    pub own_login: Option<String>,
    /// The LMS's own id of that one, which is a key only where the LMS gives the keys.
    pub own_id: Option<String>,
    /// Logins of people of whom the LMS said that they are administrators, when it refused to change them.
    pub administrators: Vec<String>,
    /// The connection may suspend administrators too, and the LMS tells of nobody whether they are one.
    pub administrators_unknown: bool,
}

/// The hold of a plan that would take away whom it must not.
pub(super) const OWN_ACCOUNT: &str = "own-account";

/// What those who are protected are known by, in small letters.
pub(super) struct ProtectedPeople {
    known_by: FxHashSet<String>,
    /// By the person.
    named: Vec<String>,
    administrators_unknown: bool,
}

/// Large and small letters are one.
fn is_same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
        || (!one.is_ascii() && one.to_lowercase() == other.to_lowercase())
}

/// The row of whom each is known by in a snapshot, by key, login or e-mail; none of whom nobody is.
pub fn known_as(named: &[String], snapshot: &Roster) -> Vec<Option<u32>> {
    let mut rows = vec![None; named.len()];
    let known = |row: u32| {
        let cells = snapshot.columns.iter().filter(tells_who);
        let cells = cells.map(move |column| snapshot.table.cell(row, column.at));
        cells.chain([snapshot.key_text(row)])
    };
    for row in snapshot.table.rows() {
        if rows.iter().all(Option::is_some) {
            break;
        }
        for text in known(row) {
            let same = |named: &String| is_same(named.trim(), text.trim());
            let open =
                named.iter().zip(&mut rows).filter(|(named, found)| found.is_none() && same(named));
            open.for_each(|(_, found)| *found = Some(row));
        }
    }
    rows
}

fn tells_who(column: &&Column) -> bool {
    column.kind == FieldKind::Email || column.unique.is_some() || column.is_key
}

impl ProtectedPeople {
    pub fn of(protected: &Protected, profile: &Profile) -> ProtectedPeople {
        let Protected { people, own_login, own_id, administrators, administrators_unknown } =
            protected;
        let own_id = own_id.as_ref().filter(|_| profile.key.given_by == KeyGiver::Lms);
        let reserved = profile.field(&profile.key.field).map_or(&[][..], |field| &field.reserved);
        let known_by = people.iter().chain(administrators).chain(reserved).chain(own_login);
        let known_by = known_by.chain(own_id);
        ProtectedPeople {
            known_by: known_by.map(|known| known.trim().to_lowercase()).collect(),
            named: people.clone(),
            administrators_unknown: *administrators_unknown,
        }
    }

    /// Whether somebody of a snapshot is one of them.
    pub fn has(&self, snapshot: &Roster, was: u32) -> bool {
        let is = |text: &str| self.known_by.contains(&text.trim().to_lowercase());
        if self.known_by.is_empty() {
            return false;
        }
        is(&snapshot.key_text(was))
            || snapshot
                .columns
                .iter()
                .filter(tells_who)
                .any(|column| is(&snapshot.table.cell(was, column.at)))
    }

    /// Those whom the account keeps as protected and nobody of a snapshot is: a slip would protect nobody.
    pub fn strangers(&self, snapshot: &Roster) -> Vec<&str> {
        let known = known_as(&self.named, snapshot);
        let all = self.named.iter().zip(known);
        all.filter(|(_, row)| row.is_none()).map(|(named, _)| named.trim()).collect()
    }

    /// Whom the plan would take away although they are protected, or may be; held until somebody has seen who it is.
    pub fn guard(&self, planner: &Planner, outcomes: &[PersonOutcome], of: u32) -> Option<Guard> {
        let snapshot = planner.snapshot?;
        let goes = |action: Action| matches!(action, Action::Delete | Action::Deactivate);
        let lost = |outcome: &&PersonOutcome| {
            let PlannedPerson { person, was, .. } = &outcome.planned;
            let is_lost = goes(person.action) || (outcome.key_changed && person.action.changes());
            is_lost && was.is_some_and(|was| self.has(snapshot, was))
        };
        let lost: Vec<String> =
            outcomes.iter().filter(lost).map(|o| o.planned.person.name.clone()).collect();
        let lms = planner.lms();
        let (actual, mut message) = if self.administrators_unknown {
            let gone = outcomes.iter().map(|o| &o.planned.person).filter(|p| goes(p.action));
            let gone: Vec<String> = gone.map(|person| person.name.clone()).collect();
            let message = format!(
                "The connection signs in as an administrator of {lms}, who may suspend and delete administrators too, and {lms} does not say who is one. Look whether one is among them: {}.",
                few(&gone)
            );
            (gone.len(), message)
        } else {
            (lost.len(), String::new())
        };
        if !lost.is_empty() {
            let them = if lost.len() == 1 { "this account is" } else { "these accounts are" };
            message = format!(
                "{} would be suspended, deleted or renamed, and {them} protected: Muster signs in with it, or your account of {lms} keeps it so. {message}",
                few(&lost)
            );
        }
        let actual = narrow::count(actual.max(lost.len()));
        (actual > 0).then(|| Guard {
            id: OWN_ACCOUNT.to_owned(),
            actual,
            of,
            limit: "nobody".to_owned(),
            held: true,
            message: format!("{} Type {actual} to go on.", message.trim_end()),
        })
    }
}
