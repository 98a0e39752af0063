use super::country_unknown::notation;
use super::{
    Cell, CharClasses, CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope,
};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::geo::{self, Country, Notation, Place, Region};
use muster_roster::profile::PlaceCode;
use muster_roster::roster::{Column, trimmed};
use muster_table::edit::Edit;
use muster_table::narrow;

pub static RULE: Rule = Rule {
    code: "region-elsewhere",
    title: "Region of another country",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Beside(is_as_exported),
    scope: RuleScope::Pair { with: country_beside, classes: CharClasses::FILLED, check },
    page: include_str!("region_elsewhere.md"),
};

/// The column of the country that a column's regions can be held against. What codes of a list of one's own stand for,
/// nobody can tell, unless all of them are ISO's.
fn country_beside(context: &CheckContext, column: &Column) -> Option<usize> {
    let regions = notation(context, column)?;
    let of_country = regions.of_country?;
    let countries = context.places.get(of_country).and_then(Option::as_ref);
    let list = |kind| geo::own_list(&context.lists, kind);
    let speaks_iso = geo::speaks_iso(regions, list("regions"))
        && countries.is_none_or(|countries| geo::speaks_iso(countries, list("countries")));
    speaks_iso.then_some(of_country)
}

fn check(cell: &Cell, sink: &mut FindingSink) {
    let context = cell.context;
    let Some(notation) = notation(context, cell.column) else { return };
    let stated = geo::stated_country(&context.roster, &context.places, notation, cell.row);
    // ISO gives some countries no regions; what an LMS has for them is its own affair.
    let Some(country) = stated.filter(|country| country.has_regions()) else { return };
    let text = trimmed(cell.text);
    if cell.is_nobodys || is_there(notation, text, country) || !notation.takes(text) {
        return;
    }
    let severity = if notation.guessed { Severity::Warning } else { Severity::Error };
    sink.cell_as(severity, cell, || finding(cell, notation, text, country));
}

fn is_there(notation: &Notation, text: &str, country: &'static Country) -> bool {
    match notation.reads(text, Some(country)) {
        Some(place) => place.country() == country,
        // A name that several regions of the country have.
        None => {
            notation.code == PlaceCode::Name && !geo::regions_named(text, Some(country)).is_empty()
        }
    }
}

fn finding(cell: &Cell, notation: &Notation, text: &str, country: &'static Country) -> FindingText {
    let here = format!("and the country here is {}", country.name);
    let Some(region) = owner(notation, text) else {
        return FindingText::new(text, format!("`{text}` is no region of {}", country.name))
            .fix(resembling(cell, notation, text, country));
    };
    let named = if region.name == text { String::new() } else { format!(" ({})", region.name) };
    let home = region.country();
    let message = format!(
        "`{text}`{named} is a region of {}, {here}",
        muster_roster::geo::with_article(home.name)
    );
    FindingText::new(text, message)
        .fix(moved(cell, notation, home).or_else(|| resembling(cell, notation, text, country)))
}

/// The one region that the text is, in whatever country.
fn owner(notation: &Notation, text: &str) -> Option<&'static Region> {
    match notation.reads(text, None)? {
        Place::Region(region) => Some(region),
        Place::Country(_) => None,
    }
}

/// Sets the country to the one that the region is in.
fn moved(cell: &Cell, notation: &Notation, home: &'static Country) -> Option<Fix> {
    let context = cell.context;
    let column = notation.of_country?;
    let after = context.places.get(column)?.as_ref()?.writes(Place::Country(home))?;
    let before = context.roster.table.cell(cell.row, column).into_owned();
    let title = format!("make the country `{after}`");
    let edit =
        Edit::Set { row: cell.row, column: narrow::place(column), before, after: after.into() };
    Some(Fix { title, safety: Safety::Unsafe, edits: vec![edit] })
}

/// The region of this country whose name is nearly the same.
fn resembling(
    cell: &Cell,
    notation: &Notation,
    text: &str,
    country: &'static Country,
) -> Option<Fix> {
    let region = geo::region_near(text, country)?;
    let code = notation.writes(Place::Region(region))?;
    Some(cell.fix(format!("`{text}` → `{code}`"), Safety::Unsafe, code))
}

fn is_as_exported(context: &CheckContext, row: u32, was: u32, column: usize) -> bool {
    let country = context.places.get(column).and_then(|place| place.as_ref()?.of_country);
    country.is_none_or(|country| context.is_cell_as_exported(row, was, country))
}
