use std::borrow::Cow;
use std::ops::Range;

use super::{CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::dates::day_comes_first;
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::profile::FieldKind;
use muster_roster::roster::Column;
use muster_table::edit::Edit;
use muster_table::narrow;
use muster_table::words::quoted;

pub static RULE: Rule = Rule {
    code: "dates-turned",
    title: "Day and month exchanged",
    severity: Severity::Warning,
    requires: Requires::Snapshot,
    concerns: Concerns::Change,
    scope: RuleScope::Roster(check),
    page: include_str!("dates_turned.md"),
};

/// Fewer are corrections.
const SEVERAL: usize = 3;

fn check(context: &CheckContext, sink: &mut FindingSink) {
    let rows = context.odd_dates();
    if rows.is_empty() {
        return;
    }
    for column in context.dates_of_both() {
        exchanged(context, column, &rows, sink);
        other_order(context, column, &rows, sink);
    }
}

/// Dates that are those of the snapshot with day and month in each other's place.
fn exchanged(context: &CheckContext, column: usize, rows: &[u32], sink: &mut FindingSink) {
    let table = &context.roster.table;
    let edit = |&row: &u32| {
        let before = context.mirrored(row, column)?;
        Some(Edit::Set {
            row,
            column: narrow::place(column),
            before: table.cell(row, column).into_owned(),
            after: before.into_owned(),
        })
    };
    let edits: Vec<Edit> = rows.iter().filter_map(edit).collect();
    if edits.len() < SEVERAL {
        return;
    }
    sink.header(Some(column), || {
        let example = edits.first().and_then(|edit| match edit {
            Edit::Set { row, before, after, .. } => {
                let line = table.line(*row)?;
                Some(format!("; line {line} has {}, and had {}", quoted(before), quoted(after)))
            }
            _ => None,
        });
        let message = format!(
            "{} dates have day and month in each other's place, as when a spreadsheet reads one for the other{}",
            edits.len(),
            example.unwrap_or_default(),
        );
        let title = format!("put back {} dates", edits.len());
        FindingText::new("", message).fix(Some(Fix { title, safety: Safety::Unsafe, edits }))
    });
}

/// Dates that can only be read in the other order than all of the snapshot's.
fn other_order(context: &CheckContext, column: usize, rows: &[u32], sink: &mut FindingSink) {
    let table = &context.roster.table;
    let Some(usual) = context.order_in_the_snapshot(column) else { return };
    let other: Vec<u32> =
        rows.iter().copied().filter(|row| context.is_of_other_order(*row, column)).collect();
    let Some(&first) = other.first() else { return };
    sink.header(Some(column), || {
        let lms = context.roster.profile.called();
        let (comes, not) = if usual { ("day", "month") } else { ("month", "day") };
        let place = table.line(first).map_or(String::new(), |line| format!(" on line {line}"));
        let example = quoted(table.cell(first, column).trim());
        let (dates, have) = match other.len() {
            1 => ("1 date".to_owned(), "has"),
            n => (format!("{n} dates"), "have"),
        };
        let message = format!(
            "{lms} has the {comes} first in these dates, and {dates} here {have} the {not} first: {example}{place}; dates beside them that can be read in either way may be meant so too",
        );
        let turn = |row: &u32| {
            let before = table.cell(*row, column).into_owned();
            Some(Edit::Set {
                row: *row,
                column: narrow::place(column),
                after: turned(&before)?,
                before,
            })
        };
        let edits: Vec<Edit> = other.iter().filter_map(turn).collect();
        let title = format!("put the {comes} first in {dates}");
        let fix = (!edits.is_empty()).then_some(Fix { title, safety: Safety::Unsafe, edits });
        FindingText::new("", message).fix(fix)
    });
}

impl CheckContext {
    /// The columns of dates that the snapshot has too.
    fn dates_of_both(&self) -> impl Iterator<Item = usize> + '_ {
        let dates = self.roster.columns.iter().filter(|c| c.kind == FieldKind::Date);
        dates.map(|c| c.at).filter(|&c| self.snapshot_columns[c].is_some())
    }

    /// Whether a row has a date that one of the two findings here may be about.
    pub(super) fn has_odd_date(&self, row: u32) -> bool {
        self.dates_of_both()
            .any(|c| self.mirrored(row, c).is_some() || self.is_of_other_order(row, c))
    }

    /// The date of the snapshot, where a row has it with day and month exchanged.
    fn mirrored(&self, row: u32, column: usize) -> Option<Cow<'_, str>> {
        let before = self.was_cell(self.was(row)?, column)?;
        are_mirrored(&self.roster.table.cell(row, column), &before).then_some(before)
    }

    /// Whether a row has a date that the snapshot does not have there, and that can only be read in another order than all
    /// of the snapshot's.
    fn is_of_other_order(&self, row: u32, column: usize) -> bool {
        let now = self.roster.table.cell(row, column);
        let Some(day_first) = day_comes_first(&now) else { return false };
        let before = self.was(row).and_then(|was| self.was_cell(was, column));
        before.is_none_or(|before| before != now)
            && self.order_in_the_snapshot(column).is_some_and(|usual| usual != day_first)
    }

    /// Whether the snapshot has the day first in all dates of a column of which only one order makes a date.
    fn order_in_the_snapshot(&self, column: usize) -> Option<bool> {
        let of = |column: &Column| (column.kind == FieldKind::Date).then_some(column.at);
        let all = || self.roster.columns.iter().map(|c| self.read_order(of(c)?)).collect();
        *self.snapshot_orders.get_or_init(all).get(column)?
    }

    fn read_order(&self, column: usize) -> Option<bool> {
        let snapshot = self.snapshot.as_ref()?;
        let told = |was| day_comes_first(&self.was_cell(was, column)?);
        let (mut day, mut month) = (0, 0);
        for day_first in snapshot.table.rows().filter_map(told) {
            *if day_first { &mut day } else { &mut month } += 1;
        }
        match (day, month) {
            (SEVERAL.., 0) => Some(true),
            (0, SEVERAL..) => Some(false),
            _ => None,
        }
    }
}

/// Where day, month and year stand in a date of digits: the two that may be day and month, and the year.
fn parts(date: &str) -> Option<([Range<usize>; 2], Range<usize>)> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, c) in date.char_indices() {
        if !c.is_ascii_digit() {
            continue;
        }
        match runs.last_mut() {
            Some(run) if run.end == at => run.end = at + 1,
            _ => runs.push(at..at + 1),
        }
    }
    let [first, second, third, ..] = runs.as_slice() else { return None };
    let (days, year) = match (first.len(), second.len(), third.len()) {
        (4, 1..=2, 1..=2) => ([second.clone(), third.clone()], first.clone()),
        (1..=2, 1..=2, 2 | 4) => ([first.clone(), second.clone()], third.clone()),
        _ => return None,
    };
    Some((days, year))
}

/// The same date with its day and month in each other's place.
fn turned(date: &str) -> Option<String> {
    let ([one, two], _) = parts(date)?;
    let (a, between, b) = (&date[one.clone()], &date[one.end..two.start], &date[two.clone()]);
    Some(format!("{}{b}{between}{a}{}", &date[..one.start], &date[two.end..]))
}

/// Whether one date is the other with day and month exchanged, which are not the same number.
fn are_mirrored(now: &str, before: &str) -> bool {
    let number = |text: &str, at: &Range<usize>| text[at.clone()].parse::<u16>().ok();
    let read = |text: &str| {
        let ([one, two], year) = parts(text)?;
        let is_year_first = year.start < one.start;
        Some((number(text, &one)?, number(text, &two)?, number(text, &year)?, is_year_first))
    };
    let (now, before) = (now.trim(), before.trim());
    let (Some(now), Some(before)) = (read(now), read(before)) else { return false };
    let (one, two, year, form) = now;
    one != two && (two, one, year, form) == before
}
