use jiff::civil::Date;

use super::{CheckContext, Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope};
use muster_roster::dates::{Fit, Reading, fit};
use muster_roster::finding::Severity;
use muster_roster::roster::{Column, Moment};

pub static RULE: Rule = Rule {
    code: "date-unlikely",
    title: "Unlikely date",
    severity: Severity::Warning,
    requires: Requires::File,
    concerns: Concerns::Beside(is_as_exported),
    scope: RuleScope::Person(check),
    page: include_str!("date_unlikely.md"),
};

/// Nobody who works today was hired before, nor does work begin at a younger age.
const FIRST_YEAR: i16 = 1930;
const YOUNGEST: i16 = 12;
/// Contracts are signed ahead, but not by more.
const HOURS_AHEAD: i64 = 2 * 366 * 24;

fn check(person: &Person, sink: &mut FindingSink) {
    let columns = person.context.roster.columns.iter();
    let mut found = columns.filter_map(|c| Some((c.at, c.moment?, day(person, c)?)));
    // More dates than this say no more of somebody.
    let days: [Option<(usize, Moment, Date)>; 8] = std::array::from_fn(|_| found.next());
    let days = || days.iter().flatten();
    let last = |of: Moment| days().rev().find(|(_, when, _)| *when == of).map(|(.., day)| *day);
    let (born, begins) = (last(Moment::Born), last(Moment::Begins));
    for &(at, when, date) in days() {
        if let Some(fault) = fault(when, date, born, begins, person.context.today) {
            sink.row(person.row, Some(at), || {
                let text = person.cell(at);
                FindingText::new(&*text, format!("`{}` {fault}", text.trim()))
            });
        }
    }
}

fn fault(
    when: Moment,
    date: Date,
    born: Option<Date>,
    begins: Option<Date>,
    today: Option<Date>,
) -> Option<String> {
    let ahead = |today: Date| date.duration_since(today).as_hours();
    if when == Moment::Ends && begins.is_some_and(|begins| date < begins) {
        return begins.map(|begins| format!("is before work begins, on {begins}"));
    }
    if when == Moment::Begins && born.is_some_and(|born| date.year() - born.year() < YOUNGEST) {
        return born.map(|born| format!("is too soon for somebody born on {born}"));
    }
    let first = if when == Moment::Born { FIRST_YEAR - 30 } else { FIRST_YEAR };
    if date.year() < first {
        return Some("is very long ago".into());
    }
    let today = today?;
    match when {
        Moment::Born if date > today => Some("is still to come".into()),
        Moment::Begins if ahead(today) > HOURS_AHEAD => Some("is years ahead".into()),
        _ => None,
    }
}

/// One date is unlikely beside another: all of them have to be the LMS's.
fn is_as_exported(context: &CheckContext, row: u32, was: u32, _: usize) -> bool {
    let mut dates = context.roster.columns.iter().filter(|c| c.moment.is_some());
    dates.all(|c| context.is_cell_as_exported(row, was, c.at))
}

/// The day in a cell, where there is no doubt about it.
fn day(person: &Person, column: &Column) -> Option<Date> {
    let text = person.cell(column.at);
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let forms = person.context.roster.date_forms(column.at);
    let fits = forms.iter().find_map(|form| match fit(text, form) {
        Fit::Day(date) => Some(date),
        _ => None,
    });
    fits.or_else(|| Reading::of(text).certain_day())
}
