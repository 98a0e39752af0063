//! Places as they are looked up: each with its codes in the form that a roster takes them.

use super::names::fold;
use super::{Notation, Place, search, ways};
use crate::lists::{List, Lists};
use crate::profile::PlaceCode;

/// How codes are to be given: the forms of a roster or a profile, and the LMS's own lists where they were loaded.
pub struct Codes<'l> {
    /// How a country is to be written.
    pub country: Notation,
    /// How a region is to be written.
    pub region: Notation,
    countries: Option<&'l List>,
    regions: Option<&'l List>,
}

/// A place that was looked up; or a value of the LMS's own list, which nobody but the LMS knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Located {
    /// The place that was found; none for a value of the LMS's own list that is no place Muster knows.
    pub place: Option<Place>,
    /// The codes; none where it has no such code, or none on the list.
    pub country: Option<String>,
    /// As `country`: the region's code; none where the place is a country.
    pub region: Option<String>,
    /// The name by which it was found, where another one is shown.
    pub by: Option<&'static str>,
}

impl Codes<'_> {
    /// Looks places up in these forms; lists of the LMS's own called `countries` and `regions` count where somebody
    /// loaded them.
    pub fn new(country: Notation, region: Notation, lists: &Lists) -> Codes<'_> {
        Codes {
            country,
            region,
            countries: own_list(lists, "countries"),
            regions: own_list(lists, "regions"),
        }
    }

    /// The places of a name or code, the best first; at most so many.
    pub fn locate(&self, query: &str, most: usize) -> Vec<Located> {
        let mut found: Vec<Located> = search(query, most)
            .into_iter()
            .map(|hit| {
                let country =
                    code(Place::Country(hit.place.country()), &self.country, self.countries);
                let region = match hit.place {
                    Place::Region(_) => code(hit.place, &self.region, self.regions),
                    Place::Country(_) => None,
                };
                Located { place: Some(hit.place), country, region, by: hit.by }
            })
            .collect();
        let wanted = fold(query);
        let unknown = |list: Option<&List>, known: &dyn Fn(&Located) -> Option<String>| {
            let Some(list) = list.filter(|_| !wanted.is_empty()) else { return Vec::new() };
            let shown: Vec<String> = found.iter().filter_map(known).collect();
            let fits = |v: &&String| fold(v).contains(&wanted) && !shown.contains(v);
            let mut values: Vec<String> = list.values.iter().filter(fits).cloned().collect();
            values.sort_unstable();
            values
        };
        let countries = unknown(self.countries, &|located| located.country.clone());
        let regions = unknown(self.regions, &|located| located.region.clone());
        let own = |country, region| Located { place: None, country, region, by: None };
        found.extend(countries.into_iter().map(|value| own(Some(value), None)));
        found.extend(regions.into_iter().map(|value| own(None, Some(value))));
        found.truncate(most);
        found
    }
}

/// The LMS's own codes, where somebody loaded them. Those of the snapshot are no list: a mistake may be among them.
pub fn own_list<'l>(lists: &'l Lists, kind: &str) -> Option<&'l List> {
    lists.get(kind).filter(|list| list.source != "the snapshot")
}

/// Whether codes of a column can be read as ISO's: the LMS's own list, if there is one, holds no others.
pub fn speaks_iso(notation: &Notation, list: Option<&List>) -> bool {
    list.is_none_or(|list| list.values.iter().all(|value| notation.takes(value)))
}

/// A place's code: as it stands on the list, else in the form.
fn code(place: Place, notation: &Notation, list: Option<&List>) -> Option<String> {
    match list {
        Some(list) => {
            let first = notation.writes(place).into_iter();
            first.chain(ways(place)).find(|way| list.has(way)).map(str::to_owned)
        }
        None => notation.writes(place).map(str::to_owned),
    }
}

/// What to call a place beside its code: "Quebec", and nothing where the code is the name.
pub fn beside_code(place: Place, text: &str, code: PlaceCode) -> Option<&'static str> {
    let name = place.name();
    (code != PlaceCode::Name && name != text).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::profile_notations;
    use crate::profile::Profile;

    fn located(profile: &str, lists: &Lists, query: &str) -> Vec<String> {
        let (country, region) = profile_notations(&Profile::built_in(profile).expect("built in"));
        let told = |l: Located| {
            let name = l.place.map_or("?", Place::name);
            let code = |code: Option<String>| code.unwrap_or_else(|| "-".into());
            format!("{} {} {name}", code(l.country), code(l.region))
        };
        Codes::new(country, region, lists).locate(query, 3).into_iter().map(told).collect()
    }

    #[test]
    fn codes_are_in_the_form_of_the_profile() {
        let none = Lists::new();
        assert_eq!(located("workleap", &none, "quebec")[0], "CA QC Quebec");
        assert_eq!(located("emtrain-learners", &none, "california")[0], "USA CA California");
        assert_eq!(located("emtrain-learners", &none, "quebec")[0], "CAN - Quebec");
        assert_eq!(located("moodle", &none, "Ivory Coast")[0], "CI - Côte d'Ivoire");
    }

    #[test]
    fn a_list_of_ones_own_decides_which_codes_there_are() {
        let list = |values: &[&str]| {
            List::new(values.iter().map(|v| (*v).to_owned()), "codes.txt", Some("2026".into()))
        };
        let lists = Lists::from([
            ("countries".to_owned(), list(&["CAN", "Quebec office"])),
            ("regions".to_owned(), list(&["CA-QC"])),
        ]);
        let found = located("workleap", &lists, "quebec");
        assert_eq!(found, ["CAN CA-QC Quebec", "Quebec office - ?"]);
        assert_eq!(located("workleap", &lists, "france")[0], "- - France");
    }
}
