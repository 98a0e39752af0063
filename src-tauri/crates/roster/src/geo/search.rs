//! Finding places while somebody types.

use std::sync::LazyLock;

use super::names::words;
use super::{Country, Place, Region, countries, regions};

/// A place that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// What was found.
    pub place: Place,
    /// The name by which it was found, where it is not the one that is shown.
    pub by: Option<&'static str>,
}

/// The places of a name or code, the best first; at most so many. Each word has to begin a word of the place's name or
/// be its code; words may also name the country of a region: "quebec canada".
///
/// ```
/// let found = muster_roster::geo::search("quebec canada", 1);
/// assert_eq!(found[0].place.name(), "Quebec");
/// ```
pub fn search(query: &str, most: usize) -> Vec<Hit> {
    let wanted = words(query);
    if wanted.is_empty() {
        return Vec::new();
    }
    let joined = wanted.concat();
    let mut found: Vec<(Rank, Hit)> = INDEX
        .iter()
        .filter_map(|entry| {
            let (rank, by) = entry.rank(&wanted, &joined)?;
            Some((rank, Hit { place: entry.place, by }))
        })
        .collect();
    found.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| order(x).cmp(&order(y))));
    found.into_iter().map(|(_, hit)| hit).take(most).collect()
}

/// Countries before regions, then by name.
fn order(hit: &Hit) -> (bool, &'static str) {
    match hit.place {
        Place::Country(country) => (false, country.name),
        Place::Region(region) => (true, region.name),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Exactly,
    BeginsName,
    BeginsWords,
    WithCountry,
    Within,
}

struct Entry {
    place: Place,
    codes: Vec<String>,
    names: Vec<Name>,
    /// Words that name the country of a region.
    beside: Vec<String>,
}

struct Name {
    text: &'static str,
    joined: String,
    words: Vec<String>,
}

impl Entry {
    fn country(country: &'static Country) -> Entry {
        let codes = [country.alpha2, country.alpha3, country.numeric];
        Entry {
            place: Place::Country(country),
            codes: codes.iter().map(|code| words(code).concat()).collect(),
            names: country.english().chain(country.others()).map(Name::new).collect(),
            beside: Vec::new(),
        }
    }

    fn region(region: &'static Region) -> Entry {
        let country = region.country();
        let mut beside: Vec<String> = country.english().flat_map(words).collect();
        beside.extend([country.alpha2, country.alpha3].map(str::to_lowercase));
        beside.extend([words(region.sort).concat(), region.short().to_lowercase()]);
        Entry {
            place: Place::Region(region),
            codes: vec![words(region.code).concat(), words(region.short()).concat()],
            names: std::iter::once(region.name).chain(region.others()).map(Name::new).collect(),
            beside,
        }
    }

    fn rank(&self, wanted: &[String], joined: &str) -> Option<(Rank, Option<&'static str>)> {
        if self.codes.iter().any(|code| code == joined) {
            return Some((Rank::Exactly, None));
        }
        let mut best: Option<(Rank, usize)> = None;
        for (at, name) in self.names.iter().enumerate() {
            let Some(rank) = name.rank(wanted, joined, &self.beside) else { continue };
            if best.is_none_or(|(least, _)| rank < least) {
                best = Some((rank, at));
            }
        }
        // Another name is worth telling where the one that is shown has nothing of what was typed.
        let is_seen = self.names.first()?.rank(wanted, joined, &self.beside).is_some();
        best.map(|(rank, at)| (rank, (!is_seen).then(|| self.names[at].text)))
    }
}

impl Name {
    fn new(text: &'static str) -> Name {
        let words = words(text);
        Name { text, joined: words.concat(), words }
    }

    fn rank(&self, wanted: &[String], joined: &str, beside: &[String]) -> Option<Rank> {
        // Letters within a word, only where they are many enough to mean something.
        const SOME: usize = 4;
        if self.joined == joined {
            return Some(Rank::Exactly);
        }
        if self.joined.starts_with(joined) {
            return Some(Rank::BeginsName);
        }
        let begins = |words: &[String], wanted: &str| words.iter().any(|w| w.starts_with(wanted));
        let (own, others): (Vec<&String>, Vec<&String>) =
            wanted.iter().partition(|w| begins(&self.words, w));
        if others.is_empty() {
            return Some(Rank::BeginsWords);
        }
        if !own.is_empty() && others.iter().all(|w| begins(beside, w)) {
            return Some(Rank::WithCountry);
        }
        (joined.chars().count() >= SOME && self.joined.contains(joined)).then_some(Rank::Within)
    }
}

static INDEX: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let countries = countries().iter().map(Entry::country);
    countries.chain(regions().iter().map(Entry::region)).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    fn found(query: &str) -> Vec<&'static str> {
        let code = |hit: &Hit| match hit.place {
            Place::Country(country) => country.alpha2,
            Place::Region(region) => region.code,
        };
        search(query, 8).iter().map(code).collect()
    }

    #[test]
    fn the_place_that_was_meant_comes_first() {
        for (query, first) in [
            ("Ivory Coast", "CI"),
            ("ivory", "CI"),
            ("South Korea", "KR"),
            ("quebec", "CA-QC"),
            ("Québec", "CA-QC"),
            ("québec canada", "CA-QC"),
            ("CA QC", "CA-QC"),
            ("ca-qc", "CA-QC"),
            ("QC", "CA-QC"),
            ("uk", "GB"),
            ("usa", "US"),
            ("deu", "DE"),
            ("756", "CH"),
            ("allemagne", "DE"),
            ("bavar", "DE-BY"),
            ("new york", "US-NY"),
            ("sao paulo", "BR-SP"),
            ("Schweiz", "CH"),
            ("limburg nl", "NL-LI"),
        ] {
            assert_eq!(found(query).first(), Some(&first), "{query}: {:?}", found(query));
        }
    }

    #[test]
    fn a_code_of_a_country_and_of_regions_finds_both() {
        let all = found("CA");
        assert_eq!(all[0], "CA");
        assert!(all.contains(&"US-CA"), "{all:?}");
        assert!(found("georgia").starts_with(&["GE", "US-GA"]), "{:?}", found("georgia"));
    }

    #[test]
    fn a_place_that_goes_by_another_name_says_by_which_it_was_found() {
        let by = |query| search(query, 1).first().and_then(|hit| hit.by);
        assert_eq!(by("Ivory Coast"), Some("Ivory Coast"));
        assert_eq!(by("Bavaria"), Some("Bavaria"));
        assert_eq!(by("Canada"), None);
        assert_eq!(by("South Georgia"), None);
        assert_eq!(by("CAN"), None);
    }

    #[test]
    fn nothing_is_found_for_nothing() {
        for query in ["", "  ", "-", "'", "xyzzy", "the"] {
            assert!(found(query).is_empty(), "{query}");
        }
    }
}
