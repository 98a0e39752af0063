//! Places by name, in any spelling.

use std::cell::RefCell;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

use super::{Country, Region, countries, regions};
use crate::letters::plain;
use crate::spelling::{letters_of, may_be_off};

/// What of a name counts: letters without case and accents, `&` as "and", `St` as "Saint"; neither spaces and signs
/// nor "the".
pub fn fold(name: &str) -> String {
    words(name).concat()
}

/// The words of a name, as [`fold`] sees them.
pub fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut end = |word: &mut String| {
        if !word.is_empty() {
            let whole = std::mem::take(word);
            words.push(if whole == "st" { "saint".into() } else { whole });
        }
    };
    for c in name.nfkd() {
        match c {
            // Accents, and the hooks that some spellings put for a glottal stop.
            '\u{300}'..='\u{36F}' | '\u{2B0}'..='\u{2FF}' | '\'' | '’' | '‘' | '`' | '.' => {}
            '&' => {
                end(&mut word);
                word.push_str("and");
                end(&mut word);
            }
            _ if c.is_alphanumeric() || is_mark(c) => {
                for c in c.to_lowercase() {
                    match plain(c) {
                        Some(letters) => word.push_str(letters),
                        None => word.push(c),
                    }
                }
            }
            _ => end(&mut word),
        }
    }
    end(&mut word);
    words.retain(|word| word != "the");
    words
}

/// Vowel signs, which are letters in scripts that have them.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// How near to a place a name is: its English name goes before what another language calls another place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tier {
    Own,
    Other,
}

/// Each folded name and the places that have it.
struct Names {
    of: FxHashMap<Box<str>, Vec<(Tier, u16)>>,
    /// Those that a slip may have been meant for, with their lengths and letters.
    long: Vec<(usize, u64, Box<str>)>,
}

impl Names {
    fn new<N: Iterator<Item = (Tier, &'static str)>>(places: impl Iterator<Item = N>) -> Names {
        let mut of: FxHashMap<Box<str>, Vec<(Tier, u16)>> = FxHashMap::default();
        for (names, at) in places.zip(0u16..) {
            for (tier, name) in names {
                let known = of.entry(fold(name).into()).or_default();
                if !known.iter().any(|(_, other)| *other == at) {
                    known.push((tier, at));
                }
            }
        }
        of.remove("");
        let long = of.keys().filter(|name| name.len() >= 5);
        let long = long.map(|name| (name.chars().count(), letters_of(name.chars()), name.clone()));
        Names { long: long.collect(), of }
    }

    /// The places of a name: those whose own it is, else those that are also called so.
    fn get(&self, folded: &str) -> Vec<u16> {
        let all = self.of.get(folded).map_or(&[][..], Vec::as_slice);
        let Some(best) = all.iter().map(|(tier, _)| *tier).min() else { return Vec::new() };
        all.iter().filter(|(tier, _)| *tier == best).map(|(_, at)| *at).collect()
    }

    /// The names one or two letters off, the nearest of them only, where all are of one place.
    fn near(&self, folded: &str, fits: impl Fn(u16) -> bool) -> Option<u16> {
        let length = folded.chars().count();
        // A slip is a letter; a digit makes it a code.
        if folded.bytes().any(|b| b.is_ascii_digit()) {
            return None;
        }
        let most = match length {
            0..5 => return None,
            5..8 => 1,
            _ => 2,
        };
        let letters = letters_of(folded.chars());
        let mut best: Option<(usize, u16)> = None;
        let mut tie = false;
        for (long, of_name, name) in &self.long {
            if long.abs_diff(length) > most || !may_be_off(*of_name, letters, most) {
                continue;
            }
            let distance = strsim::osa_distance(name, folded);
            if distance > most {
                continue;
            }
            let places = self.of.get(name).into_iter().flatten();
            for &(_, at) in places.filter(|(_, at)| fits(*at)) {
                match best {
                    Some((least, _)) if distance > least => {}
                    Some((least, known)) if distance == least => tie |= known != at,
                    _ => {
                        best = Some((distance, at));
                        tie = false;
                    }
                }
            }
        }
        best.filter(|_| !tie).map(|(_, at)| at)
    }
}

static COUNTRIES: LazyLock<Names> = LazyLock::new(|| {
    Names::new(countries().iter().map(|country| {
        let own = country.english().map(|name| (Tier::Own, name));
        own.chain(country.others().map(|name| (Tier::Other, name)))
    }))
});

static REGIONS: LazyLock<Names> = LazyLock::new(|| {
    Names::new(regions().iter().map(|region| {
        let own = std::iter::once((Tier::Own, region.name));
        own.chain(region.others().map(|name| (Tier::Other, name)))
    }))
});

/// The countries of a name.
pub fn countries_named(name: &str) -> Vec<&'static Country> {
    COUNTRIES.get(&fold(name)).into_iter().map(|at| &countries()[at as usize]).collect()
}

/// The regions of a name, in a country or anywhere.
pub fn regions_named(name: &str, country: Option<&Country>) -> Vec<&'static Region> {
    let Some(country) = country else {
        return REGIONS.get(&fold(name)).into_iter().map(|at| &regions()[at as usize]).collect();
    };
    let folded = fold(name);
    let all = REGIONS.of.get(&*folded).map_or(&[][..], Vec::as_slice);
    let here = |at: u16| regions()[at as usize].code.starts_with(country.alpha2);
    let here: Vec<_> = all.iter().filter(|(_, at)| here(*at)).collect();
    let best = here.iter().map(|(tier, _)| *tier).min();
    let best = here.iter().filter(|(tier, _)| Some(*tier) == best);
    best.map(|(_, at)| &regions()[*at as usize]).collect()
}

/// The country whose name is one or two letters off.
pub fn country_near(name: &str) -> Option<&'static Country> {
    near_once("", name, || COUNTRIES.near(&fold(name), |_| true)).map(|at| &countries()[at])
}

/// The region of a country whose name is one or two letters off.
pub fn region_near(name: &str, country: &Country) -> Option<&'static Region> {
    let here = |at: u16| regions()[at as usize].code.starts_with(country.alpha2);
    near_once(country.alpha2, name, || REGIONS.near(&fold(name), here)).map(|at| &regions()[at])
}

/// A name is written wrong in one way by many: each is looked for once.
fn near_once(country: &str, name: &str, near: impl FnOnce() -> Option<u16>) -> Option<usize> {
    const MOST: usize = 1 << 12;
    thread_local! {
        static KNOWN: RefCell<FxHashMap<String, Option<u16>>> = RefCell::default();
    }
    let asked = format!("{country}\0{name}");
    let known = KNOWN.with_borrow(|known| known.get(&asked).copied());
    let found = known.unwrap_or_else(|| {
        let found = near();
        KNOWN.with_borrow_mut(|known| {
            if known.len() == MOST {
                known.clear();
            }
            known.insert(asked, found);
        });
        found
    });
    found.map(usize::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::by_alpha2;

    fn countries_of(name: &str) -> Vec<&'static str> {
        countries_named(name).into_iter().map(|c| c.alpha2).collect()
    }

    fn regions_in(name: &str, country: &str) -> Vec<&'static str> {
        let country = by_alpha2(country);
        regions_named(name, country).into_iter().map(|r| r.code).collect()
    }

    #[test]
    fn a_country_is_found_in_any_spelling() {
        for (name, code) in [
            ("Ivory Coast", "CI"),
            ("cote d'ivoire", "CI"),
            ("CÔTE D’IVOIRE", "CI"),
            ("South Korea", "KR"),
            ("Korea (the Republic of)", "KR"),
            ("UK", "GB"),
            ("U.K.", "GB"),
            ("Great Britain", "GB"),
            ("USA", "US"),
            ("U.S.A.", "US"),
            ("the United States of America", "US"),
            ("UAE", "AE"),
            ("Holland", "NL"),
            ("Turkey", "TR"),
            ("turkiye", "TR"),
            ("St. Lucia", "LC"),
            ("Trinidad & Tobago", "TT"),
            ("Swaziland", "SZ"),
            ("Deutschland", "DE"),
            ("Allemagne", "DE"),
            ("Österreich", "AT"),
            ("日本", "JP"),
            ("Russia", "RU"),
            ("Laos", "LA"),
            ("Curacao", "CW"),
            ("Kosovo", "XK"),
            ("Georgia", "GE"),
            ("Niger", "NE"),
            ("Nigeria", "NG"),
            ("Dominica", "DM"),
            ("Guinea", "GN"),
        ] {
            assert_eq!(countries_of(name), [code], "{name}");
        }
    }

    #[test]
    fn a_name_of_two_countries_is_nobodys_and_a_short_word_is_no_name() {
        assert_eq!(countries_of("Congo"), ["CD", "CG"]);
        for none in ["", " ", "EN", "Nowhere", "SP", "GER"] {
            assert!(countries_of(none).is_empty(), "{none}");
        }
    }

    #[test]
    fn no_two_countries_share_an_english_name_but_the_two_congos() {
        let shared: Vec<&str> = countries()
            .iter()
            .flat_map(|country| country.english())
            .filter(|name| countries_of(name).len() > 1)
            .collect();
        assert_eq!(shared, ["Congo", "Congo"]);
    }

    #[test]
    fn a_region_is_found_in_any_spelling() {
        for (name, country, code) in [
            ("quebec", "CA", "CA-QC"),
            ("Québec", "CA", "CA-QC"),
            ("Bavaria", "DE", "DE-BY"),
            ("Bayern", "DE", "DE-BY"),
            ("California", "US", "US-CA"),
            ("Catalonia", "ES", "ES-CT"),
            ("Tokyo", "JP", "JP-13"),
            ("Wales", "GB", "GB-WLS"),
            ("Edinburgh", "GB", "GB-EDH"),
            ("Ile de France", "FR", "FR-IDF"),
            ("Georgia", "US", "US-GA"),
            ("Zurich", "CH", "CH-ZH"),
        ] {
            assert_eq!(regions_in(name, country), [code], "{name}");
        }
        assert!(regions_in("Quebec", "US").is_empty());
        let limburg: Vec<_> = regions_named("Limburg", None).iter().map(|r| r.code).collect();
        assert_eq!(limburg, ["BE-VLI", "NL-LI"]);
    }

    #[test]
    fn a_slip_of_one_or_two_letters_is_near_one_place() {
        assert_eq!(country_near("Untied States").map(|c| c.alpha2), Some("US"));
        assert_eq!(country_near("Germny").map(|c| c.alpha2), Some("DE"));
        assert_eq!(country_near("Asutria").map(|c| c.alpha2), Some("AT"));
        assert!(country_near("Nigerea").is_none_or(|c| c.alpha2 == "NG"));
        assert!(country_near("Chad2").is_none() && country_near("Wonderland").is_none());
        let canada = by_alpha2("CA").expect("there");
        assert_eq!(region_near("Ontaro", canada).map(|r| r.code), Some("CA-ON"));
        assert!(region_near("Texas", canada).is_none());
    }
}
