//! Which columns may be edited, and what to say of those that may not.

use muster_roster::profile::KeyGiver;
use muster_roster::roster::{Column, Roster};

/// Why a column cannot be edited just now; none if it can.
pub fn locked(roster: &Roster, column: &Column, key_unlocked: bool) -> Option<String> {
    let lms = roster.profile.called();
    if roster.field(column.at).is_some_and(|field| field.read_only) {
        return Some(format!("{lms} writes this column itself and ignores what a file says."));
    }
    if !column.is_key || key_unlocked {
        return None;
    }
    Some(if roster.profile.fields.is_empty() {
        "This column says who each person is. If it changes, an LMS may take the row for somebody new.".into()
    } else {
        format!(
            "This column says who each person is. If it changes, {lms} makes a second person and leaves the first."
        )
    })
}

/// Whether this cell may be edited: where people are given their keys by you, somebody new has none yet.
pub fn refuses(
    roster: &Roster,
    column: &Column,
    is_new: bool,
    key_unlocked: bool,
) -> Option<String> {
    locked(roster, column, key_unlocked || (is_new && open_for_new(roster, column)))
}

/// Whether the lock of a column is for those alone whom the LMS has: of somebody new no key is known there that could
/// change.
pub fn open_for_new(roster: &Roster, column: &Column) -> bool {
    column.is_key
        && roster.profile.key.given_by == KeyGiver::You
        && locked(roster, column, true).is_none()
}
