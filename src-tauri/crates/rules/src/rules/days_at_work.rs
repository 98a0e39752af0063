//! What the days of a list say of somebody beside their status: when they began, and when they leave.

use jiff::civil::Date;

use super::date_order::{day_of, decided};
use super::{Cell, CheckContext, Person};
use muster_roster::dates::Reading;
use muster_roster::profile::FieldKind;
use muster_roster::roster::{Column, Roster};

/// What is said of somebody's status.
pub(super) struct Status<'c> {
    /// The list's column of it; none where the list has none, and it is what the LMS has.
    pub column: Option<usize>,
    /// Whether that is a word for inactive.
    pub is_inactive: bool,
    /// Whose it is, where it stands there, and in which row.
    of: (&'c Roster, usize, u32),
}

impl Status<'_> {
    /// What the column is called inside a sentence.
    pub fn called(&self) -> String {
        self.of.0.called(self.of.1)
    }

    /// What stands there.
    pub fn says(&self) -> String {
        let (roster, at, row) = self.of;
        roster.table.cell(row, at).trim().to_owned()
    }
}

/// The column that says on which day somebody leaves: one of the LMS's fields, else one that is headed so.
pub(super) fn last_day_of(roster: &Roster) -> Option<usize> {
    let named = |c: &&Column| !c.is_left_out() && roster.names_last_day(c);
    let field = roster.columns.iter().filter(named).find(|c| c.field.is_some());
    let own = || roster.columns.iter().filter(named).find(|c| c.kind == FieldKind::Date);
    field.or_else(own).map(|c| c.at)
}

impl CheckContext {
    /// The status of somebody: as the list has it, else as the LMS has it. A blank says nothing.
    pub(super) fn status_of<'c>(&'c self, person: &Person) -> Option<Status<'c>> {
        let (roster, row, column) = match (self.roster.status(), &self.snapshot) {
            (Some(column), _) => (&self.roster, person.row, Some(column)),
            (None, Some(snapshot)) => (snapshot, person.was?, None),
            (None, None) => return None,
        };
        let at = roster.status()?;
        let is_blank = roster.table.cell(row, at).trim().is_empty();
        let is_inactive = roster.is_inactive(row);
        (!is_blank).then_some(Status { column, is_inactive, of: (roster, at, row) })
    }

    /// The last day of somebody at work, where the list says it. In a column that is no field of the LMS's, what the LMS has
    /// too is its own affair.
    pub(super) fn last_day(&self, person: &Person) -> Option<Date> {
        let at = self.last_day?;
        let is_as_before = || person.was_cell(at).is_some_and(|was| was == person.cell(at));
        if self.roster.columns[at].field.is_none() && is_as_before() {
            return None;
        }
        self.day_in(person, at)
    }

    /// The columns that say when somebody began.
    pub(super) fn first_days(&self) -> impl Iterator<Item = usize> {
        let says = |c: &&Column| c.kind == FieldKind::Date && !c.is_left_out();
        let columns = self.roster.columns.iter().filter(says);
        columns.filter(|c| self.roster.names_first_day(c)).map(|c| c.at)
    }

    /// The day in a cell, where it can be read in one way, or the column says in which.
    pub(super) fn day_in(&self, person: &Person, at: usize) -> Option<Date> {
        let text = person.cell(at);
        if let Some(day) = day_of(&text, self.roster.date_forms(at)) {
            return Some(day);
        }
        let Reading::Either { day_first, month_first, .. } = Reading::of(text.trim()) else {
            return None;
        };
        let (column, values) = (&self.roster.columns[at], &[][..]);
        let (row, text) = (person.row, &*text);
        let cell = Cell { context: self, row, column, text, values, is_nobodys: false };
        decided(&cell, day_first, month_first).map(|decided| decided.date)
    }

    /// Whether a day in a column of the list is a later one than what the LMS has there, however that may be read.
    pub(super) fn is_later_than_before(&self, person: &Person, at: usize, now: Date) -> bool {
        let Some(before) = person.was_cell(at) else { return false };
        match day_of(&before, self.roster.date_forms(at)) {
            Some(before) => before < now,
            None => match Reading::of(before.trim()) {
                Reading::Either { day_first, month_first, .. } => day_first.max(month_first) < now,
                _ => false,
            },
        }
    }
}
