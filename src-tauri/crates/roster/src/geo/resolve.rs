//! Which place a text means that is not written as the column wants it.

use super::names::{countries_named, country_near, fold, region_near, regions_named, words};
use super::notation::only;
use super::{
    Country, Notation, Place, Region, by_alpha2, by_alpha3, by_full, by_numeric, by_short,
    of_short, regions,
};

/// Which place a text was meant to say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Resolved {
    /// Whether it is `certain`, or only resembles that place.
    One {
        /// It can be only this one.
        place: Place,
        /// Whether the text is a name or code of it in another form; else it only resembles one.
        certain: bool,
    },
    /// As well the one as the other.
    Either(Place, Place),
}

/// The place that a text means in a column; `country` is that of the row, where it is known.
pub fn resolve(
    text: &str,
    notation: &Notation,
    country: Option<&'static Country>,
) -> Option<Resolved> {
    let one = |(place, certain)| Resolved::One { place, certain };
    if !notation.is_region {
        return country_meant(text).map(one);
    }
    let region = region_meant(text, notation, notation.in_country.or(country));
    if notation.or_country.is_none() {
        return region.map(one);
    }
    match (region, country_meant(text)) {
        (Some((region, true)), Some((country, _)))
            if region.country() != country.country() && is_named(text, country) =>
        {
            Some(Resolved::Either(region, country))
        }
        (Some((region, true)), _) => Some(one((region, true))),
        (Some((region, false)), Some((country, certain))) if !certain => {
            (region.country() == country.country()).then_some(one((region, false)))
        }
        (region, country) => country.or(region).map(one),
    }
}

impl PartialEq for Country {
    fn eq(&self, other: &Country) -> bool {
        self.alpha2 == other.alpha2
    }
}

/// The countries that a text is a code or a name of.
pub(super) fn countries_of(text: &str) -> Vec<&'static Country> {
    let code = text.trim().to_ascii_uppercase();
    let coded = match code.len() {
        1..=3 if code.bytes().all(|b| b.is_ascii_digit()) => by_numeric(&format!("{code:0>3}")),
        2 => by_alpha2(&code),
        3 => by_alpha3(&code),
        _ => None,
    };
    let mut found: Vec<_> = coded.into_iter().collect();
    for country in countries_named(text) {
        if !found.contains(&country) {
            found.push(country);
        }
    }
    found
}

fn is_named(text: &str, place: Place) -> bool {
    countries_of(text).contains(&place.country())
}

fn country_meant(text: &str) -> Option<(Place, bool)> {
    let found = countries_of(text);
    if !found.is_empty() {
        let country = only(found.into_iter())?;
        // Kosovo has no code of ISO's, and numbers short of a digit also lead telephone numbers.
        let unsure = country.alpha2 == "XK"
            || text.trim().len() < 3 && text.trim().bytes().all(|b| b.is_ascii_digit())
            || is_state_too(text, country);
        return Some((Place::Country(country), !unsure));
    }
    // What lies in one country only: a region in the wrong column.
    let of_regions = || {
        let mut regions = regions_of(text).into_iter().map(Region::country);
        let first = regions.next()?;
        regions.all(|country| country == first).then_some(first)
    };
    let near = of_regions().or_else(|| country_near(text))?;
    Some((Place::Country(near), false))
}

/// Georgia is a country, and a state of another one.
fn is_state_too(text: &str, country: &Country) -> bool {
    let regions = regions_named(text, None);
    regions.iter().any(|region| region.sort == "State" && region.country() != country)
}

/// The regions that a text is a full code or a name of.
fn regions_of(text: &str) -> Vec<&'static Region> {
    match coded_in_full(text) {
        Some(region) => vec![region],
        None => regions_named(text, None),
    }
}

/// `CA-QC`, whatever its case and the sign between.
fn coded_in_full(text: &str) -> Option<&'static Region> {
    let code = text.trim().to_ascii_uppercase().replace(['_', ' ', '/', '.'], "-");
    by_full(&code)
}

fn region_meant(
    text: &str,
    notation: &Notation,
    country: Option<&'static Country>,
) -> Option<(Place, bool)> {
    let found = |region: &'static Region, certain: bool| {
        notation.writes(Place::Region(region)).map(|_| (Place::Region(region), certain))
    };
    if let Some(region) = coded_in_full(text) {
        return found(region, country.is_none_or(|country| country == region.country()));
    }
    let code = text.trim().to_ascii_uppercase();
    let Some(country) = country else {
        let coded = || only(of_short(&code));
        let named = only(regions_named(text, None).into_iter());
        let certain = named.is_none_or(|region| !is_part_of_a_namesake(text, region));
        return found(named.or_else(coded)?, certain);
    };
    if let Some(region) = by_short(country, &code) {
        return found(region, true);
    }
    let here = regions_named(text, Some(country));
    if !here.is_empty() {
        let region = only(here.into_iter())?;
        return found(region, !is_part_of_a_namesake(text, region));
    }
    let elsewhere = || only(regions_named(text, None).into_iter());
    found(region_near(text, country).or_else(elsewhere)?, false)
}

/// Whether a region bears the name of a larger place, of which others of the country are parts too: London is the City of
/// London and the London boroughs.
fn is_part_of_a_namesake(text: &str, region: &Region) -> bool {
    let name = fold(text);
    let parts = |other: &Region| words(other.sort).first() == Some(&name);
    let siblings = || regions().iter().filter(|other| other.country() == region.country());
    !name.is_empty() && siblings().any(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::profile_notations;
    use crate::profile::{PlaceCode, Profile};

    fn notation(code: PlaceCode, is_region: bool) -> Notation {
        let (country, region) = profile_notations(&Profile::built_in("generic").expect("built in"));
        Notation { code, ..if is_region { region } else { country } }
    }

    fn told(text: &str, notation: &Notation, country: Option<&str>) -> String {
        let written = |place| notation.writes(place).unwrap_or("?").to_owned();
        match resolve(text, notation, country.and_then(by_alpha2)) {
            None => "nothing".into(),
            Some(Resolved::One { place, certain: true }) => written(place),
            Some(Resolved::One { place, certain: false }) => format!("{}?", written(place)),
            Some(Resolved::Either(a, b)) => format!("{} or {}", written(a), written(b)),
        }
    }

    #[test]
    fn a_country_is_known_by_any_of_its_codes_and_names() {
        let two = notation(PlaceCode::Alpha2, false);
        for (text, means) in [
            ("CAN", "CA"),
            ("ca", "CA"),
            ("124", "CA"),
            ("36", "AU?"),
            ("Kosovo", "XK?"),
            ("UK", "GB"),
            ("UAE", "AE"),
            ("UKR", "UA"),
            ("Ivory Coast", "CI"),
            ("Georgia", "GE?"),
            ("Untied States", "US?"),
            ("Quebec", "CA?"),
            ("CA-QC", "CA?"),
            ("Congo", "nothing"),
            ("Xanadu", "nothing"),
            ("XX", "nothing"),
        ] {
            assert_eq!(told(text, &two, None), means, "{text}");
        }
        assert_eq!(told("ca", &notation(PlaceCode::Alpha3, false), None), "CAN");
        assert_eq!(told("CA", &notation(PlaceCode::Name, false), None), "Canada");
    }

    #[test]
    fn a_region_is_known_by_its_country() {
        let short = notation(PlaceCode::Short, true);
        for (text, country, means) in [
            ("CA-QC", Some("CA"), "QC"),
            ("ca_qc", None, "QC"),
            ("CA-QC", Some("US"), "QC?"),
            ("Québec", Some("CA"), "QC"),
            ("qc", Some("CA"), "QC"),
            ("Ontaro", Some("CA"), "ON?"),
            ("Quebec", Some("US"), "QC?"),
            ("Limburg", Some("NL"), "LI"),
            ("Limburg", None, "nothing"),
            ("Ontario", None, "ON"),
            ("Nowhere", Some("CA"), "nothing"),
            ("London", Some("GB"), "LND?"),
            ("London", None, "LND?"),
            ("Bristol", Some("GB"), "BST"),
        ] {
            assert_eq!(told(text, &short, country), means, "{text} {country:?}");
        }
        assert_eq!(told("QC", &notation(PlaceCode::Full, true), Some("CA")), "CA-QC");
    }

    #[test]
    fn where_a_state_or_a_country_may_stand_a_name_of_both_is_neither() {
        let mixed = Notation {
            in_country: by_alpha2("US"),
            or_country: Some(PlaceCode::Alpha3),
            ..notation(PlaceCode::Short, true)
        };
        assert!(mixed.takes("CA") && mixed.takes("CAN") && !mixed.takes("FR"));
        for (text, means) in [
            ("Georgia", "GA or GEO"),
            ("California", "CA"),
            ("Canada", "CAN"),
            ("FR", "FRA"),
            ("US", "USA"),
            ("US-CA", "CA"),
            ("Ontario", "CAN?"),
            ("Califronia", "CA?"),
            ("Germny", "DEU?"),
        ] {
            assert_eq!(told(text, &mixed, None), means, "{text}");
        }
    }
}
