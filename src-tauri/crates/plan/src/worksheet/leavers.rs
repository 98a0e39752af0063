//! A report of leavers: who has left, who leaves later, who has come back, and whose day cannot be read. It comes to a column
//! of their status, and to sentences.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rustc_hash::FxHashSet;

use super::completing::{Added, Told};
use crate::plan::{ByHand, few, known_by};
use muster_roster::dates::{self, Reading};
use muster_roster::profile::{Field, Use};
use muster_roster::roster::{Column, Roster};
use muster_roster::settling;
use muster_table::words::counted;

/// What is said of one person of the report.
enum Leaving {
    /// There is no day.
    Nothing,
    /// The last day is past, today among it.
    Gone(Date),
    /// The last day lies ahead.
    Later(Date),
    /// A first day follows the last one.
    Back { left: Date, began: Date },
    /// The day may be read in two ways that differ in what they mean today.
    Unclear,
}

/// A column of days, and whether the day comes first in it.
struct Days<'r> {
    column: &'r Column,
    day_first: Option<bool>,
}

/// The status of people whose last day the file has; none where it is no report of leavers.
pub(super) fn status(
    roster: &Roster,
    older: &Roster,
    today: Date,
    day_first: &BTreeMap<String, bool>,
) -> Option<Added> {
    let field = roster.profile.fields.iter().find(|field| !field.inactive.is_empty())?;
    let had = older.column_of(&field.id).filter(|_| roster.column_of(&field.id).is_none())?;
    let inactive = field.inactive.first()?;
    let last = roster.columns.iter().find(|column| is_last_day(roster, column))?;
    let first = roster.columns.iter().find(|c| c.at != last.at && roster.names_first_day(c));
    let days = |column| Days { column, day_first: order_of(roster, column, day_first) };
    let (last, first) = (days(last), first.map(days));
    let known: Vec<(u32, u32)> = roster
        .table
        .rows()
        .filter_map(|row| Some((row, older.row_of_key(&roster.key_text(row))?)))
        .collect();
    let strangers = strangers(roster, &known);
    let dated = known.iter().filter(|(row, _)| !last.text(roster, *row).is_empty()).count();
    // A list of those who leave; in a list of everybody most have no such day.
    if known.is_empty() || known.len() * 2 < strangers.len() || dated * 2 < known.len() {
        return None;
    }
    let mut report =
        Report { roster, older, field, had, inactive, last: &last, said: Said::default() };
    let cells = known.into_iter().map(|(row, was)| {
        let leaving = leaving(roster, row, today, &last, first.as_ref());
        (row, report.take(row, was, &leaving))
    });
    let cells = cells.filter(|(_, cell)| !cell.is_empty()).collect();
    let told = report.told(&strangers);
    Some(Added { name: older.columns[had].name.clone(), cells, told })
}

/// Rows of somebody whom the LMS does not have; a total or a remark is nobody.
fn strangers(roster: &Roster, known: &[(u32, u32)]) -> Vec<u32> {
    let known: FxHashSet<u32> = known.iter().map(|(row, _)| *row).collect();
    let is_stranger =
        |row: &u32| !known.contains(row) && !settling::stands_alone(&roster.table, *row);
    roster.table.rows().filter(is_stranger).collect()
}

fn leaving(roster: &Roster, row: u32, today: Date, last: &Days, first: Option<&Days>) -> Leaving {
    if last.text(roster, row).is_empty() {
        return Leaving::Nothing;
    }
    let Some((is_past, left)) = last.past(roster, row, today) else { return Leaving::Unclear };
    let began = first.and_then(|first| first.past(roster, row, today));
    match began.filter(|(_, began)| *began > left) {
        Some((_, began)) => Leaving::Back { left, began },
        None if is_past => Leaving::Gone(left),
        None => Leaving::Later(left),
    }
}

/// What is told of the people of a report, as they are looked at one after another.
struct Report<'r> {
    roster: &'r Roster,
    older: &'r Roster,
    /// The LMS's field of the status.
    field: &'r Field,
    /// Its column in the snapshot.
    had: usize,
    inactive: &'r String,
    last: &'r Days<'r>,
    said: Said,
}

#[derive(Default)]
struct Said {
    gone: Vec<String>,
    later: Vec<String>,
    back: Vec<String>,
    unclear: Vec<String>,
    by_hand: Vec<ByHand>,
}

impl Report<'_> {
    /// Notes somebody; answers with their status.
    fn take(&mut self, row: u32, was: u32, leaving: &Leaving) -> String {
        let (lms, name) = (self.older.profile.called(), self.older.name(was));
        let before = self.older.table.cell(was, self.had).into_owned();
        match leaving {
            Leaving::Nothing => {}
            Leaving::Gone(left) => {
                self.said.gone.push(format!("{name} (last day {})", shown(*left)));
                return self.inactive.clone();
            }
            Leaving::Back { left, began } => self.said.back.push(format!(
                "{name} left on {} and begins again on {}: the status stays as {lms} has it. If that is wrong, put the days \
                 right in the list.",
                shown(*left),
                shown(*began)
            )),
            Leaving::Later(left) => {
                let says = self.later(row, was, &name, &before, *left);
                self.said.later.push(says);
            }
            Leaving::Unclear => self.said.unclear.push(format!(
                "{name}: `{}` is no day that can be read in one way, so nothing is changed.",
                self.last.text(self.roster, row)
            )),
        }
        before
    }

    /// Somebody who leaves on a day that lies ahead is to be seen to then.
    fn later(&mut self, row: u32, was: u32, name: &str, before: &str, left: Date) -> String {
        let (older, day) = (self.older, shown(left));
        let is_inactive = |word: &String| word.eq_ignore_ascii_case(before.trim());
        if !self.field.inactive.iter().any(is_inactive) {
            let page = || format!("the person's own page in {}", older.profile.called());
            let page = self.field.by_hand.clone().unwrap_or_else(page);
            self.said.by_hand.push(ByHand {
                key: older.key_text(was).into_owned(),
                name: name.to_owned(),
                known_by: known_by(older, was),
                column: older.columns[self.had].name.clone(),
                before: before.to_owned(),
                value: self.inactive.clone(),
                r#where: format!("after {day}: {page}, or a file of a later day"),
            });
        }
        let status = if before.is_empty() { "as before".to_owned() } else { format!("`{before}`") };
        // The LMS keeps the day itself where it has a column of it.
        let column = self.last.column;
        let kept = older.columns.iter().find(|c| c.field.is_some() && c.field == column.field);
        let text = self.last.text(self.roster, row);
        if kept.is_some_and(|kept| older.table.cell(was, kept.at).trim() != text) {
            return format!(
                "{name} leaves on {day}: `{}` is sent, and the status stays {status}.",
                column.name
            );
        }
        format!("{name} leaves on {day}: not in this kit, and still {status}.")
    }

    fn told(self, strangers: &[u32]) -> Told {
        let Report { roster, older, inactive, last, said, .. } = self;
        let (lms, column) = (older.profile.called(), &last.column.name);
        let mut says = Vec::new();
        if !said.gone.is_empty() {
            says.push(format!(
                "A report of leavers: `{inactive}` for {}, by `{column}`: {}. All else stays as {lms} has it.",
                counted(said.gone.len(), "person", "people"),
                few(&said.gone)
            ));
        }
        says.extend(said.later);
        says.extend(said.back);
        if !said.unclear.is_empty() {
            says.extend(said.unclear);
            says.push(format!(
                "Write `{column}` with the year first in the list (2026-12-01 is the first of December), or say once for \
                 the account whether day or month comes first in it: muster accounts set NAME --dates \"{column}=day\"."
            ));
        }
        if !strangers.is_empty() {
            let rows: Vec<String> = strangers.iter().map(|&row| called(roster, row)).collect();
            let is = if rows.len() == 1 { "is nobody" } else { "are nobody" };
            says.push(format!(
                "{} {is} whom {lms} has: put the number or address right, or take the row out of the list.",
                few(&rows)
            ));
        }
        Told { says, later: said.by_hand, ..Told::default() }
    }
}

/// Who a row is about, with its line.
pub(super) fn called(roster: &Roster, row: u32) -> String {
    let name = roster.name(row);
    match roster.table.line(row) {
        Some(line) => format!("{name} (line {line})"),
        None => name,
    }
}

/// Whether a column says on which day somebody leaves: by its name, and by its values.
fn is_last_day(roster: &Roster, column: &Column) -> bool {
    let is_used = matches!(column.used, Some(Use::Leave | Use::Keep));
    let named = roster.names_last_day(column);
    let cells = || {
        let rows = roster.table.rows().map(|row| roster.table.cell(row, column.at));
        rows.filter(|cell| !cell.trim().is_empty())
    };
    let is_day = |cell: &std::borrow::Cow<str>| {
        matches!(
            Reading::of(cell.trim()),
            Reading::Day { .. } | Reading::Either { .. } | Reading::NoSuchDay
        )
    };
    let is_of_days = || {
        let (all, days) = (cells().count(), cells().filter(is_day).count());
        all > 0 && days * 10 >= all * 8
    };
    named && !is_used && is_of_days()
}

/// Whether the days of a column have the day first; none where they say both, or say nothing and nobody has said it.
fn order_of(roster: &Roster, column: &Column, said: &BTreeMap<String, bool>) -> Option<bool> {
    let rows = roster.table.rows();
    let mut told =
        rows.filter_map(|row| dates::day_comes_first(roster.table.cell(row, column.at).trim()));
    match told.next() {
        Some(first) => told.all(|other| other == first).then_some(first),
        None => said.get(&column.form).copied(),
    }
}

impl Days<'_> {
    fn text(&self, roster: &Roster, row: u32) -> String {
        roster.table.cell(row, self.column.at).trim().to_owned()
    }

    /// Whether the day of a row is past, today among it; none where it may be read in two ways that differ in that.
    fn past(&self, roster: &Roster, row: u32, today: Date) -> Option<(bool, Date)> {
        let date = match Reading::of(&self.text(roster, row)) {
            Reading::Day { date, .. } => date,
            Reading::Either { day_first, month_first, .. } => match self.day_first {
                Some(true) => day_first,
                Some(false) => month_first,
                None if (day_first <= today) == (month_first <= today) => {
                    day_first.max(month_first)
                }
                None => return None,
            },
            _ => return None,
        };
        Some((date <= today, date))
    }
}

/// "13 November 2026".
fn shown(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}
