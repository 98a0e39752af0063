//! Countries and regions: ISO 3166-1 and 3166-2, built in. Where they come from, and why from no crate, stands in
//! `places/README.md`.

mod country_of;
mod locate;
mod names;
mod notation;
mod resolve;
mod search;

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

pub use country_of::{country_of, place_of, stated_country};
pub use locate::{Codes, Located, beside_code, own_list, speaks_iso};
pub use names::{region_near, regions_named};
pub use notation::{Notation, choices, notations, profile_notations, ways, with_article, written};
pub use resolve::{Resolved, resolve};
pub use search::{Hit, search};

static COUNTRIES_TSV: &str = include_str!("../../places/countries.tsv");
static REGIONS_TSV: &str = include_str!("../../places/regions.tsv");

/// A country of ISO 3166-1.
#[derive(Debug)]
pub struct Country {
    /// `CA`.
    pub alpha2: &'static str,
    /// `CAN`.
    pub alpha3: &'static str,
    /// `124`.
    pub numeric: &'static str,
    /// Its name in English, as it is shown: "Canada".
    pub name: &'static str,
    english: &'static str,
    others: &'static str,
}

/// A region of ISO 3166-2: a state, province, department …
#[derive(Debug)]
pub struct Region {
    /// `CA-QC`.
    pub code: &'static str,
    /// Its name as it is shown: "Quebec".
    pub name: &'static str,
    /// What it is: "Province".
    pub sort: &'static str,
    /// The code of the region that it is part of; blank where that is the country.
    pub parent: &'static str,
    others: &'static str,
}

/// A country, or a region of one.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    /// A whole country.
    Country(&'static Country),
    /// A part of one.
    Region(&'static Region),
}

/// Two places are one where their codes are.
impl PartialEq for Place {
    fn eq(&self, other: &Place) -> bool {
        match (self, other) {
            (Place::Country(a), Place::Country(b)) => a.alpha2 == b.alpha2,
            (Place::Region(a), Place::Region(b)) => a.code == b.code,
            _ => false,
        }
    }
}

impl Country {
    /// Its names in English, the one that is shown first.
    pub fn english(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(parts(self.english))
    }

    /// Its names in other languages.
    pub fn others(&self) -> impl Iterator<Item = &'static str> {
        parts(self.others)
    }

    /// Whether ISO 3166-2 parts it into regions.
    pub fn has_regions(&self) -> bool {
        DATA.parted.contains(self.alpha2)
    }
}

impl Region {
    /// `QC`.
    pub fn short(&self) -> &'static str {
        &self.code[3..]
    }

    /// The country in which it lies.
    pub fn country(&self) -> &'static Country {
        let at = DATA.by_alpha2.get(&self.code[..2]);
        &DATA.countries[at.copied().unwrap_or_default() as usize]
    }

    /// Its other names.
    pub fn others(&self) -> impl Iterator<Item = &'static str> {
        parts(self.others)
    }
}

impl Place {
    /// The name that is shown: "Canada", "Quebec".
    pub fn name(self) -> &'static str {
        match self {
            Place::Country(country) => country.name,
            Place::Region(region) => region.name,
        }
    }

    /// The country that it is or lies in.
    pub fn country(self) -> &'static Country {
        match self {
            Place::Country(country) => country,
            Place::Region(region) => region.country(),
        }
    }
}

/// Every country, by its two letters.
pub fn countries() -> &'static [Country] {
    &DATA.countries
}

/// Every region, by its full code.
pub fn regions() -> &'static [Region] {
    &DATA.regions
}

/// The country of two letters, written so.
pub fn by_alpha2(code: &str) -> Option<&'static Country> {
    DATA.by_alpha2.get(code).map(|&at| &DATA.countries[at as usize])
}

/// The country of three letters, written so.
pub fn by_alpha3(code: &str) -> Option<&'static Country> {
    DATA.by_alpha3.get(code).map(|&at| &DATA.countries[at as usize])
}

/// The country of a number of three digits.
pub fn by_numeric(code: &str) -> Option<&'static Country> {
    DATA.by_numeric.get(code).map(|&at| &DATA.countries[at as usize])
}

/// The region of a full code, written so: `CA-QC`.
pub fn by_full(code: &str) -> Option<&'static Region> {
    DATA.by_full.get(code).map(|&at| &DATA.regions[at as usize])
}

/// The region of a short code in a country: `QC`.
pub fn by_short(country: &Country, code: &str) -> Option<&'static Region> {
    const LONGEST: usize = 3;
    if code.len() > LONGEST {
        return None;
    }
    let mut full = [0; 3 + LONGEST];
    full[..2].copy_from_slice(country.alpha2.as_bytes());
    full[2] = b'-';
    full[3..3 + code.len()].copy_from_slice(code.as_bytes());
    by_full(std::str::from_utf8(&full[..3 + code.len()]).ok()?)
}

/// The regions of a short code, whatever their country.
pub fn of_short(code: &str) -> impl Iterator<Item = &'static Region> {
    let at = DATA.by_short.get(code).map_or(&[][..], Vec::as_slice);
    at.iter().map(|&at| &DATA.regions[at as usize])
}

/// The regions of a country.
pub fn regions_of(country: &Country) -> &'static [Region] {
    let from = DATA.regions.partition_point(|r| &r.code[..2] < country.alpha2);
    let to = DATA.regions.partition_point(|r| &r.code[..2] <= country.alpha2);
    &DATA.regions[from..to]
}

struct Data {
    countries: Vec<Country>,
    regions: Vec<Region>,
    by_alpha2: FxHashMap<&'static str, u16>,
    by_alpha3: FxHashMap<&'static str, u16>,
    by_numeric: FxHashMap<&'static str, u16>,
    by_full: FxHashMap<&'static str, u16>,
    by_short: FxHashMap<&'static str, Vec<u16>>,
    /// Countries that have regions.
    parted: FxHashSet<&'static str>,
}

static DATA: LazyLock<Data> = LazyLock::new(|| {
    let countries: Vec<Country> = COUNTRIES_TSV.lines().filter_map(country).collect();
    let regions: Vec<Region> = REGIONS_TSV.lines().filter_map(region).collect();
    let of = |code: fn(&Country) -> &'static str| {
        countries.iter().zip(0u16..).map(|(c, at)| (code(c), at)).collect::<FxHashMap<_, _>>()
    };
    let mut by_short: FxHashMap<&'static str, Vec<u16>> = FxHashMap::default();
    for (region, at) in regions.iter().zip(0u16..) {
        by_short.entry(region.short()).or_default().push(at);
    }
    let mut by_alpha3 = of(|c| c.alpha3);
    // ISO leaves Kosovo's codes to their users, and these use two.
    if let Some(&kosovo) = by_alpha3.get("XKK") {
        by_alpha3.insert("XKX", kosovo);
    }
    Data {
        by_alpha2: of(|c| c.alpha2),
        by_alpha3,
        by_numeric: of(|c| c.numeric),
        by_full: regions.iter().zip(0u16..).map(|(r, at)| (r.code, at)).collect(),
        by_short,
        parted: regions.iter().map(|r| &r.code[..2]).collect(),
        countries,
        regions,
    }
});

fn country(line: &'static str) -> Option<Country> {
    let mut cells = line.split('\t');
    Some(Country {
        alpha2: cells.next()?,
        alpha3: cells.next()?,
        numeric: cells.next()?,
        name: cells.next()?,
        english: cells.next()?,
        others: cells.next()?,
    })
}

fn region(line: &'static str) -> Option<Region> {
    let mut cells = line.split('\t');
    let code = cells.next().filter(|code| code.len() > 3 && code.is_ascii())?;
    Some(Region {
        code,
        name: cells.next()?,
        sort: cells.next()?,
        parent: cells.next()?,
        others: cells.next()?,
    })
}

fn parts(names: &'static str) -> impl Iterator<Item = &'static str> {
    names.split('|').filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_and_every_region_is_there() {
        let iso: Vec<_> = countries().iter().filter(|c| c.alpha2 != "XK").collect();
        assert_eq!(iso.len(), 249);
        assert_eq!(regions().len(), 5046);
        assert_eq!(COUNTRIES_TSV.lines().count(), countries().len());
        assert_eq!(REGIONS_TSV.lines().count(), regions().len());
        for country in countries() {
            assert_eq!(by_alpha2(country.alpha2).map(|c| c.name), Some(country.name));
            assert_eq!(by_alpha3(country.alpha3).map(|c| c.name), Some(country.name));
            assert_eq!(by_numeric(country.numeric).map(|c| c.name), Some(country.name));
            assert!(country.alpha2.len() == 2 && country.alpha3.len() == 3);
            assert!(country.numeric.len() == 3, "{country:?}");
        }
        for region in regions() {
            assert_eq!(region.country().alpha2, &region.code[..2]);
            assert_eq!(by_full(region.code).map(|r| r.name), Some(region.name));
            assert!(region.parent.is_empty() || by_full(region.parent).is_some(), "{region:?}");
            assert!((1..=3).contains(&region.short().len()) && !region.name.is_empty());
        }
    }

    #[test]
    fn codes_that_changed_lately_are_the_new_ones() {
        // India 2023, Kazakhstan 2022, Algeria and France 2021, Indonesia 2022.
        for code in ["IN-TS", "IN-OD", "KZ-10", "DZ-58", "FR-75C", "ID-PE"] {
            assert!(by_full(code).is_some(), "{code}");
        }
        for code in ["IN-TG", "IN-OR", "NO-01", "FR-75", "GB-UKM", "LU-D"] {
            assert!(by_full(code).is_none(), "{code}");
        }
        assert_eq!(by_alpha2("TR").map(|c| c.name), Some("Türkiye"));
    }

    #[test]
    fn a_region_is_found_in_its_country() {
        let canada = by_alpha2("CA").expect("there");
        assert_eq!(by_short(canada, "QC").map(|r| r.name), Some("Quebec"));
        assert!(by_short(canada, "TX").is_none() && by_short(canada, "QUEBEC").is_none());
        assert!(by_short(canada, "é").is_none() && by_short(canada, "").is_none());
        assert_eq!(regions_of(canada).len(), 13);
        let aruba = by_alpha2("AW").expect("there");
        assert!(!aruba.has_regions() && regions_of(aruba).is_empty());
    }
}
