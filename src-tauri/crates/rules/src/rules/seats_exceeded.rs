use rustc_hash::FxHashSet;

use super::{
    CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope, is_nobody,
};
use muster_roster::finding::Severity;
use muster_roster::profile::Existing;
use muster_roster::roster::Roster;
use muster_table::words::people;

pub static RULE: Rule = Rule {
    code: "seats-exceeded",
    title: "More people than the licence allows",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::File,
    scope: RuleScope::Roster(check),
    page: include_str!("seats_exceeded.md"),
};

fn check(context: &CheckContext, sink: &mut FindingSink) {
    let Some(limit) = context.choices.seats.map(|seats| seats as usize) else { return };
    let after = active_afterwards(context);
    if after <= limit {
        return;
    }
    sink.header(None, || {
        let over = people(after - limit);
        FindingText::new(
            after.to_string(),
            format!(
                "{} would be active, and the licence is for {limit}: {over} too many",
                people(after)
            ),
        )
    });
}

/// Who counts, kept up while people are edited.
#[derive(Debug, PartialEq, Eq)]
pub struct Seats {
    /// Rows that take no seat.
    idle: FxHashSet<u32>,
    /// Missing people who stay active.
    staying: FxHashSet<u32>,
}

impl CheckContext {
    /// Whether a row would be active.
    fn takes_a_seat(&self, row: u32) -> bool {
        let roster = &self.roster;
        let ignores = roster.profile.existing == Existing::Ignored;
        let snapshot = self.snapshot.as_ref().filter(|_| ignores);
        // Somebody whom the import does not change stays as the LMS has them.
        match snapshot.and_then(|snapshot| Some((snapshot, self.own(row)?))) {
            Some((snapshot, was)) => !snapshot.is_inactive(was),
            None => !roster.is_inactive(row) && !is_nobody(roster, row),
        }
    }

    /// Whether a missing person stays active, and is no row under another key.
    fn keeps_a_seat(&self, was: u32) -> bool {
        let is_active = |snapshot: &Roster| !snapshot.is_inactive(was);
        self.missing.contains(&was)
            && !self.choices.takes_missing()
            && self.snapshot.as_ref().is_some_and(is_active)
            && !self.claiming(was).any(|row| self.own(row) == Some(was))
    }

    pub(super) fn seats(&self) -> Seats {
        let rows = self.roster.table.rows();
        Seats {
            idle: rows.filter(|&row| !self.takes_a_seat(row)).collect(),
            staying: self.missing.iter().copied().filter(|&was| self.keeps_a_seat(was)).collect(),
        }
    }

    /// Looks again at a row that was edited, added or removed, or is somebody else than it was.
    pub(crate) fn count_seat_of(&mut self, row: u32) {
        if self.seats.get().is_none() {
            return;
        }
        let is_idle = self.roster.table.index_of(row).is_some() && !self.takes_a_seat(row);
        if let Some(seats) = self.seats.get_mut() {
            put(&mut seats.idle, row, is_idle);
        }
        if let Some(claim) = self.looks_like(row) {
            self.count_seat_of_missing(claim.was);
        }
    }

    /// Looks again at somebody who came to be missing, or no longer is, or whom another row is.
    pub(crate) fn count_seat_of_missing(&mut self, was: u32) {
        if self.seats.get().is_none() {
            return;
        }
        let stays = self.keeps_a_seat(was);
        if let Some(seats) = self.seats.get_mut() {
            put(&mut seats.staying, was, stays);
        }
    }
}

fn put(set: &mut FxHashSet<u32>, one: u32, is_in: bool) {
    if is_in {
        set.insert(one);
    } else {
        set.remove(&one);
    }
}

/// Everybody of the roster who is active, and whoever the LMS has besides.
fn active_afterwards(context: &CheckContext) -> usize {
    let seats = context.seats.get_or_init(|| context.seats());
    context.roster.table.len() - seats.idle.len() + seats.staying.len()
}
