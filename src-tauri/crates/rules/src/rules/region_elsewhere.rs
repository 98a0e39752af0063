use super::country_unknown::form;
use super::{Cell, Look, Needs, Report, Rule, Scene, Shape, Told};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::places::{self, Country, Form, Place, Region};
use muster_roster::profile::PlaceCode;
use muster_roster::roster::{Column, trimmed};
use muster_table::edit::Edit;
use muster_table::narrow;

pub static RULE: Rule = Rule {
    code: "region-elsewhere",
    title: "Region of another country",
    severity: Severity::Error,
    needs: Needs::File,
    look: Look::Cell { of: goes_by_a_country, shape: Shape::FILLED, check },
    page: include_str!("region_elsewhere.md"),
};

/// Whether a column's regions can be held against the country of the row. What codes of a list of one's own stand for,
/// nobody can tell.
fn goes_by_a_country(scene: &Scene, column: &Column) -> bool {
    form(scene, column).is_some_and(|form| form.of_country.is_some())
        && places::own_list(&scene.lists, "regions").is_none()
        && places::own_list(&scene.lists, "countries").is_none()
}

fn check(cell: &Cell, report: &mut Report) {
    let scene = cell.scene;
    let Some(form) = form(scene, cell.column) else { return };
    let told = places::told_beside(&scene.roster, &scene.places, form, cell.row);
    // ISO gives some countries no regions; what an LMS has for them is its own affair.
    let Some(country) = told.filter(|country| country.has_regions()) else { return };
    let text = trimmed(cell.text);
    if cell.is_nobodys || is_there(form, text, country) || !form.takes(text) {
        return;
    }
    let severity = if form.guessed { Severity::Warning } else { Severity::Error };
    report.cell_as(severity, cell, || tell(cell, form, text, country));
}

fn is_there(form: &Form, text: &str, country: &'static Country) -> bool {
    match form.reads(text, Some(country)) {
        Some(place) => place.country() == country,
        // A name that several regions of the country have.
        None => {
            form.code == PlaceCode::Name && !places::regions_named(text, Some(country)).is_empty()
        }
    }
}

fn tell(cell: &Cell, form: &Form, text: &str, country: &'static Country) -> Told {
    let here = format!("and the country here is {}", country.name);
    let Some(region) = owner(form, text) else {
        return Told::new(text, format!("`{text}` is no region of {}", country.name))
            .fix(resembling(cell, form, text, country));
    };
    let named = if region.name == text { String::new() } else { format!(" ({})", region.name) };
    let home = region.country();
    let message = format!(
        "`{text}`{named} is a region of {}, {here}",
        muster_roster::places::with_article(home.name)
    );
    Told::new(text, message)
        .fix(moved(cell, form, home).or_else(|| resembling(cell, form, text, country)))
}

/// The one region that the text is, in whatever country.
fn owner(form: &Form, text: &str) -> Option<&'static Region> {
    match form.reads(text, None)? {
        Place::Region(region) => Some(region),
        Place::Country(_) => None,
    }
}

/// Sets the country to the one that the region is in.
fn moved(cell: &Cell, form: &Form, home: &'static Country) -> Option<Fix> {
    let scene = cell.scene;
    let column = form.of_country?;
    let after = scene.places.get(column)?.as_ref()?.writes(Place::Country(home))?;
    let before = scene.roster.table.cell(cell.row, column).into_owned();
    let title = format!("make the country `{after}`");
    let edit =
        Edit::Set { row: cell.row, column: narrow::place(column), before, after: after.into() };
    Some(Fix { title, safety: Safety::Unsafe, edits: vec![edit] })
}

/// The region of this country whose name is nearly the same.
fn resembling(cell: &Cell, form: &Form, text: &str, country: &'static Country) -> Option<Fix> {
    let region = places::region_near(text, country)?;
    let code = form.writes(Place::Region(region))?;
    Some(cell.fix(format!("`{text}` → `{code}`"), Safety::Unsafe, code))
}
