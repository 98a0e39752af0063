//! How a column writes its places: as the profile says, else as most of the column is.

use super::names::{countries_named, regions_named};
use super::{
    Country, Place, by_alpha2, by_alpha3, by_full, by_numeric, by_short, countries, of_short,
    regions_of,
};
use crate::profile::{Field, FieldKind, PlaceCode, Profile};
use crate::roster::{Column, Roster, trimmed};

/// How one column writes countries or regions.
#[derive(Debug, Clone)]
pub struct Notation {
    /// The notation: two letters, three letters, a name …
    pub code: PlaceCode,
    /// Whether the column holds regions; else it holds countries.
    pub is_region: bool,
    /// The column that says in which country a region is.
    pub of_country: Option<usize>,
    /// The country in which all regions of the column are.
    pub in_country: Option<&'static Country>,
    /// How the column writes a country that may stand in place of a region.
    pub or_country: Option<PlaceCode>,
    /// The profile does not say so; most of the column is.
    pub guessed: bool,
}

impl Notation {
    fn new(code: PlaceCode, is_region: bool) -> Notation {
        Notation {
            code,
            is_region,
            of_country: None,
            in_country: None,
            or_country: None,
            guessed: false,
        }
    }

    /// Whether a text may be right, whatever stands beside it.
    pub fn takes(&self, text: &str) -> bool {
        let as_region = || match (self.code, self.in_country) {
            (PlaceCode::Full, _) => by_full(text).is_some(),
            (PlaceCode::Short, Some(country)) => by_short(country, text).is_some(),
            (PlaceCode::Short, None) => of_short(text).next().is_some(),
            (_, country) => !regions_named(text, country).is_empty(),
        };
        match self.or_country {
            Some(code) => as_region() || is_country(code, text),
            None if self.is_region => as_region(),
            None => is_country(self.code, text),
        }
    }

    /// The place that a text is, written exactly so; of a region, given its country.
    pub fn reads(&self, text: &str, country: Option<&Country>) -> Option<Place> {
        if !self.is_region {
            return country_of(self.code, text).map(Place::Country);
        }
        let country = self.in_country.or(country);
        let region = match (self.code, country) {
            (PlaceCode::Full, _) => by_full(text),
            (PlaceCode::Short, Some(country)) => by_short(country, text),
            (PlaceCode::Short, None) => only(of_short(text)),
            (_, country) => only(regions_named(text, country).into_iter()),
        };
        let or_country = || country_of(self.or_country?, text).map(Place::Country);
        region.map(Place::Region).or_else(or_country)
    }

    /// How a place is written here; none where the column takes no such place.
    pub fn writes(&self, place: Place) -> Option<&'static str> {
        let code = match place {
            Place::Country(_) if self.is_region => self.or_country?,
            Place::Region(_) if !self.is_region => return None,
            Place::Region(region) => {
                if self.in_country.is_some_and(|c| c.alpha2 != region.country().alpha2) {
                    return None;
                }
                self.code
            }
            Place::Country(_) => self.code,
        };
        Some(written(place, code))
    }

    /// What the column takes, in a sentence: "a country code of two letters".
    pub fn called(&self) -> String {
        let Some(other) = self.or_country else {
            return called(self.code, self.is_region, self.in_country);
        };
        let region = called(self.code, true, self.in_country);
        format!("{region} or {}", called(other, false, None))
    }
}

/// A place in one of the forms. A country has no form of a region, and is then given by its two letters.
pub fn written(place: Place, code: PlaceCode) -> &'static str {
    match (place, code) {
        (Place::Country(country), PlaceCode::Alpha3) => country.alpha3,
        (Place::Country(country), PlaceCode::Numeric) => country.numeric,
        (place, PlaceCode::Name) => place.name(),
        (Place::Country(country), _) => country.alpha2,
        (Place::Region(region), PlaceCode::Short) => region.short(),
        (Place::Region(region), _) => region.code,
    }
}

/// Every way in which a list may have a place.
pub fn ways(place: Place) -> Vec<&'static str> {
    match place {
        Place::Country(country) => {
            let codes = [country.alpha2, country.alpha3, country.numeric];
            codes.into_iter().chain(country.english()).collect()
        }
        Place::Region(region) => {
            let codes = [region.short(), region.code, region.name];
            codes.into_iter().chain(region.others()).collect()
        }
    }
}

fn called(code: PlaceCode, is_region: bool, in_country: Option<&Country>) -> String {
    match (code, in_country) {
        (PlaceCode::Alpha2, _) => "a country code of two letters".into(),
        (PlaceCode::Alpha3, _) => "a country code of three letters".into(),
        (PlaceCode::Numeric, _) => "a country number of three digits".into(),
        (PlaceCode::Name, _) if !is_region => "the name of a country".into(),
        (PlaceCode::Full, _) => "a region code that begins with its country".into(),
        (PlaceCode::Name, Some(country)) => {
            format!("the name of a region of {}", with_article(country.name))
        }
        (PlaceCode::Name, None) => "the name of a region".into(),
        (_, Some(country)) => format!("a region code of {}", with_article(country.name)),
        (_, None) => "the short code of a region".into(),
    }
}

/// "the United States", but "Canada".
pub fn with_article(country: &str) -> String {
    const BEGIN: [&str; 8] = [
        "United ",
        "Netherlands",
        "Philippines",
        "Bahamas",
        "Maldives",
        "Solomon Islands",
        "Marshall Islands",
        "Central African Republic",
    ];
    let takes_one = BEGIN.iter().any(|begin| country.starts_with(begin));
    if takes_one { format!("the {country}") } else { country.to_owned() }
}

fn is_country(code: PlaceCode, text: &str) -> bool {
    match code {
        PlaceCode::Name => !countries_named(text).is_empty(),
        code => country_of(code, text).is_some(),
    }
}

fn country_of(code: PlaceCode, text: &str) -> Option<&'static Country> {
    match code {
        PlaceCode::Alpha2 => by_alpha2(text),
        PlaceCode::Alpha3 => by_alpha3(text),
        PlaceCode::Numeric => by_numeric(text),
        PlaceCode::Name => only(countries_named(text).into_iter()),
        PlaceCode::Short | PlaceCode::Full => None,
    }
}

pub(super) fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.next().is_none().then_some(first)
}

/// How the fields of a profile write a country and a region, where no roster is open: as it says, else the shortest way.
pub fn profile_notations(profile: &Profile) -> (Notation, Notation) {
    let field = |kind| profile.fields.iter().find(|f: &&Field| f.kind == kind);
    let mut region = Notation::new(PlaceCode::Short, true);
    if let Some(field) = field(FieldKind::Region) {
        region.code = field.code.unwrap_or(region.code);
        region.in_country = field.in_country.as_deref().and_then(by_alpha2);
    }
    let code = field(FieldKind::Country).and_then(|f| f.code);
    let instead = field(FieldKind::Region).and_then(|f| f.or_country);
    (Notation::new(code.or(instead).unwrap_or(PlaceCode::Alpha2), false), region)
}

/// The codes that a field takes, each with its name, where they are few enough to pick from: of every country, or of
/// the regions of one.
pub fn choices(field: &Field) -> Vec<(&'static str, &'static str)> {
    let Some(code) = field.code else { return Vec::new() };
    let all = |code| countries().iter().map(move |c| (written(Place::Country(c), code), c.name));
    let mut choices: Vec<(&str, &str)> = match field.kind {
        FieldKind::Country => all(code).collect(),
        FieldKind::Region => match field.in_country.as_deref().and_then(by_alpha2) {
            Some(country) => regions_of(country)
                .iter()
                .map(|region| (written(Place::Region(region), code), region.name))
                .collect(),
            None => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    if let Some(code) = field.or_country {
        choices.extend(all(code));
    }
    choices
}

/// How each column of a roster writes places; none where it holds something else.
pub fn notations(roster: &Roster) -> Vec<Option<Notation>> {
    let mut notations: Vec<Option<Notation>> =
        roster.columns.iter().map(|column| country_form(roster, column)).collect();
    let countries: Vec<usize> =
        notations.iter().enumerate().filter(|(_, f)| f.is_some()).map(|(at, _)| at).collect();
    for column in &roster.columns {
        if notations[column.at].is_none() {
            notations[column.at] = region_form(roster, column, &notations, &countries);
        }
    }
    notations
}

fn country_form(roster: &Roster, column: &Column) -> Option<Notation> {
    const CODES: [PlaceCode; 4] =
        [PlaceCode::Alpha2, PlaceCode::Alpha3, PlaceCode::Numeric, PlaceCode::Name];
    let enough = match roster.field(column.at) {
        Some(field) if field.kind != FieldKind::Country => return None,
        Some(Field { code: Some(code), .. }) => return Some(Notation::new(*code, false)),
        Some(_) => HALF,
        None if is_headed(&column.form, COUNTRY, COUNTRY_ENDS) => NEARLY_ALL,
        None => return None,
    };
    most(roster, column, CODES.map(|code| Notation::new(code, false)), |_| None, enough)
}

fn region_form(
    roster: &Roster,
    column: &Column,
    notations: &[Option<Notation>],
    countries: &[usize],
) -> Option<Notation> {
    const CODES: [PlaceCode; 3] = [PlaceCode::Short, PlaceCode::Full, PlaceCode::Name];
    let field = roster.field(column.at);
    let mut notation = Notation::new(PlaceCode::Short, true);
    let enough = match field {
        Some(field) if field.kind != FieldKind::Region => return None,
        Some(field) => {
            let named = field.of_country.as_deref().and_then(|id| roster.column_of(id));
            // Where there is one country, regions are in no other.
            notation.of_country = named.or_else(|| only(countries.iter().copied()));
            notation.in_country = field.in_country.as_deref().and_then(by_alpha2);
            notation.or_country = field.or_country;
            if let Some(code) = field.code {
                return Some(Notation { code, ..notation });
            }
            HALF
        }
        // Sales regions and the state of an account are headed so too: only beside a country is it clear.
        None if is_headed(&column.form, REGION, REGION_ENDS) => {
            notation.of_country = Some(only(countries.iter().copied())?);
            NEARLY_ALL
        }
        None => return None,
    };
    let beside = notation.of_country;
    let country = |row| {
        let text = roster.table.opened(row, beside?)?;
        notations[beside?].as_ref()?.reads(trimmed(&text), None).map(Place::country)
    };
    most(roster, column, CODES.map(|code| Notation { code, ..notation.clone() }), country, enough)
}

/// The share of filled cells, of a hundred, that have to be in one form.
const HALF: usize = 50;
const NEARLY_ALL: usize = 90;

/// The form that most of a column was in when the file was opened, if it is enough of it. Edits do not sway it.
fn most(
    roster: &Roster,
    column: &Column,
    notations: impl IntoIterator<Item = Notation>,
    country: impl Fn(u32) -> Option<&'static Country>,
    enough: usize,
) -> Option<Notation> {
    const SAMPLE: usize = 2_000;
    let mut notations: Vec<(usize, Notation)> =
        notations.into_iter().map(|notation| (0, notation)).collect();
    let mut filled = 0;
    for row in roster.table.opened_rows().take(SAMPLE) {
        let cell = roster.table.opened(row, column.at).unwrap_or_default();
        let text = trimmed(&cell);
        if text.is_empty() {
            continue;
        }
        filled += 1;
        let beside = country(row);
        for (fits, notation) in &mut notations {
            let needs_country = notation.is_region && notation.of_country.is_some();
            let read = match beside {
                None if needs_country => notation.code == PlaceCode::Full && notation.takes(text),
                None => notation.takes(text),
                Some(_) => notation.reads(text, beside).is_some(),
            };
            *fits += usize::from(read);
        }
    }
    // The first of those that fit as often: a code rather than a name.
    let (fits, notation) = notations.into_iter().rev().max_by_key(|(fits, _)| *fits)?;
    let clear = fits > 0 && fits * 100 >= filled * enough;
    clear.then_some(Notation { guessed: true, ..notation })
}

const COUNTRY: &[&str] = &["country", "nation"];
const COUNTRY_ENDS: &[&str] = &["", "code", "iso", "isocode", "name", "ofresidence", "2", "3"];
const REGION: &[&str] =
    &["region", "state", "province", "stateprovince", "stateregion", "provincestate"];
const REGION_ENDS: &[&str] = &["", "code", "name", "isocode"];

fn is_headed(notation: &str, names: &[&str], ends: &[&str]) -> bool {
    let notation = ["work", "home", "iso", "office"]
        .iter()
        .find_map(|w| notation.strip_prefix(w))
        .unwrap_or(notation);
    names.iter().any(|name| notation.strip_prefix(name).is_some_and(|end| ends.contains(&end)))
}
