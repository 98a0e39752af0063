//! The country that stands beside a region.

use super::meant::countries_of;
use super::{Country, Form, Place};
use crate::roster::{Roster, trimmed};

/// The country of a row, as far as a column of regions goes by it: the one that all its regions are in, else what the
/// row's country says in whatever form.
pub fn country_beside(
    roster: &Roster,
    forms: &[Option<Form>],
    form: &Form,
    row: u32,
) -> Option<&'static Country> {
    form.in_country.or_else(|| told_beside(roster, forms, form, row))
}

/// The country that the row itself tells.
pub fn told_beside(
    roster: &Roster,
    forms: &[Option<Form>],
    form: &Form,
    row: u32,
) -> Option<&'static Country> {
    let column = form.of_country?;
    let cell = roster.table.cell(row, column);
    let text = trimmed(&cell);
    if text.is_empty() {
        return None;
    }
    let exactly = forms.get(column)?.as_ref().and_then(|form| form.reads(text, None));
    exactly.map(Place::country).or_else(|| super::form::only(countries_of(text).into_iter()))
}

/// The place that a cell names, written as its column wants it.
pub fn place_of(
    roster: &Roster,
    forms: &[Option<Form>],
    row: u32,
    column: usize,
    text: &str,
) -> Option<Place> {
    let form = forms.get(column)?.as_ref()?;
    let text = trimmed(text);
    if text.is_empty() {
        return None;
    }
    let country = if form.is_region { country_beside(roster, forms, form, row) } else { None };
    form.reads(text, country)
}
