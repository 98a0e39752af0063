use jiff::civil::Date;

use super::dates::{Fit, Reading, fit};
use super::{Look, Needs, Person, Report, Rule, Told};
use crate::finding::Severity;
use crate::profile::FieldKind;
use crate::roster::Column;

pub static RULE: Rule = Rule {
    code: "date-unlikely",
    title: "Unlikely date",
    severity: Severity::Warning,
    needs: Needs::File,
    look: Look::Person(check),
    page: include_str!("date_unlikely.md"),
};

/// Nobody who works today was hired before, nor does work begin at a younger age.
const FIRST_YEAR: i16 = 1930;
const YOUNGEST: i16 = 12;
/// Contracts are signed ahead, but not by more.
const DAYS_AHEAD: i32 = 2 * 366;

#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    Born,
    Begins,
    Ends,
}

fn check(person: &Person, report: &mut Report) {
    let columns = &person.scene.roster.columns;
    let (mut born, mut begins) = (None, None);
    let dates = || columns.iter().filter(|c| c.kind == FieldKind::Date);
    for column in dates() {
        match when(&column.form) {
            Some(When::Born) => born = day(person, column),
            Some(When::Begins) => begins = day(person, column),
            _ => {}
        }
    }
    for column in dates() {
        let Some(when) = when(&column.form) else { continue };
        let Some(date) = day(person, column) else { continue };
        if let Some(fault) = fault(when, date, born, begins, person.scene.today) {
            report.row(person.row, Some(column.at), || {
                let text = person.cell(column.at);
                Told::new(&*text, format!("`{}` {fault}", text.trim()))
            });
        }
    }
}

fn fault(
    when: When,
    date: Date,
    born: Option<Date>,
    begins: Option<Date>,
    today: Option<Date>,
) -> Option<String> {
    let ahead = |today: Date| (date - today).get_days();
    if when == When::Ends && begins.is_some_and(|begins| date < begins) {
        return begins.map(|begins| format!("is before work begins, on {begins}"));
    }
    if when == When::Begins && born.is_some_and(|born| date.year() - born.year() < YOUNGEST) {
        return born.map(|born| format!("is too soon for somebody born on {born}"));
    }
    let first = if when == When::Born { FIRST_YEAR - 30 } else { FIRST_YEAR };
    if date.year() < first {
        return Some("is very long ago".into());
    }
    let today = today?;
    match when {
        When::Born if date > today => Some("is still to come".into()),
        When::Begins if ahead(today) > DAYS_AHEAD => Some("is years ahead".into()),
        _ => None,
    }
}

/// What a column of dates says, where its name leaves no doubt.
fn when(form: &str) -> Option<When> {
    match form {
        "birthdate" | "dateofbirth" | "birthday" | "dob" | "birthyear" => Some(When::Born),
        "hiredate" | "startdate" | "dateofhire" | "joindate" | "joiningdate" | "dateofjoining" => {
            Some(When::Begins)
        }
        "enddate" | "terminationdate" | "attritiondate" | "leavedate" | "leavingdate"
        | "exitdate" | "lastday" => Some(When::Ends),
        _ => None,
    }
}

/// The day in a cell, where there is no doubt about it.
fn day(person: &Person, column: &Column) -> Option<Date> {
    let text = person.cell(column.at);
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let field = person.scene.roster.field(column.at);
    let forms = field.map_or(&[][..], |f| &f.date_forms);
    let fits = forms.iter().find_map(|form| match fit(text, form) {
        Fit::Day(date) => Some(date),
        _ => None,
    });
    fits.or_else(|| Reading::of(text).certain_day())
}
