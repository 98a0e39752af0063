//! The country that stands beside a region.

use super::resolve::countries_of;
use super::{Country, Notation, Place};
use crate::roster::{Roster, trimmed};

/// The country of a row, as far as a column of regions goes by it: the one that all its regions are in, else what the
/// row's country says in whatever form.
pub fn country_of(
    roster: &Roster,
    notations: &[Option<Notation>],
    notation: &Notation,
    row: u32,
) -> Option<&'static Country> {
    notation.in_country.or_else(|| stated_country(roster, notations, notation, row))
}

/// The country that the row itself tells.
pub fn stated_country(
    roster: &Roster,
    notations: &[Option<Notation>],
    notation: &Notation,
    row: u32,
) -> Option<&'static Country> {
    let column = notation.of_country?;
    let cell = roster.table.cell(row, column);
    let text = trimmed(&cell);
    if text.is_empty() {
        return None;
    }
    let exactly = notations.get(column)?.as_ref().and_then(|notation| notation.reads(text, None));
    exactly.map(Place::country).or_else(|| super::notation::only(countries_of(text).into_iter()))
}

/// The place that a cell names, written as its column wants it.
pub fn place_of(
    roster: &Roster,
    notations: &[Option<Notation>],
    row: u32,
    column: usize,
    text: &str,
) -> Option<Place> {
    let notation = notations.get(column)?.as_ref()?;
    let text = trimmed(text);
    if text.is_empty() {
        return None;
    }
    let country =
        if notation.is_region { country_of(roster, notations, notation, row) } else { None };
    notation.reads(text, country)
}
