//! `muster locations`: country and region codes by name or code.

use clap::Args;
use muster_engine::error::Result;
use muster_engine::geo::{Codes, Located, Place, profile_notations};
use serde::Serialize;

use crate::exit::Exit;
use crate::opening::{lists_of, no_profile, profiles};
use crate::page::Page;

/// Finds country and region codes by name or code
///
/// Any spelling will do: "cote d'ivoire", "Ivory Coast", "quebec canada", CAN, 124. Exit code 1 says that nothing is called so.
#[derive(Debug, Args)]
pub struct Options {
    /// A name or code, or the beginning of it
    #[arg(value_name = "QUERY", required = true)]
    query: Vec<String>,

    /// The LMS that the codes are for; it says in which form they are given [default: two letters, and regions without
    /// their country]
    #[arg(long, value_name = "ID")]
    profile: Option<String>,

    /// The LMS's own codes, such as countries=codes.txt: one a line, or a column of a CSV or workbook
    #[arg(long = "list", value_name = "KIND=FILE[#COLUMN]", value_parser = crate::arguments::pair)]
    lists: Vec<(String, String)>,
}

#[derive(Serialize)]
struct Answer {
    profile: String,
    locations: Vec<Location>,
}

#[derive(Serialize)]
struct Location {
    /// Null for a value that only the LMS's own list of regions has.
    country: Option<Country>,
    /// Null where the location is a country.
    region: Option<Region>,
    /// The name by which it was found, where another one is shown.
    found_by: Option<&'static str>,
}

#[derive(Serialize)]
struct Country {
    /// As the LMS takes it; null where it takes no such country.
    code: Option<String>,
    name: Option<&'static str>,
    alpha2: Option<&'static str>,
    alpha3: Option<&'static str>,
    numeric: Option<&'static str>,
}

#[derive(Serialize)]
struct Region {
    code: Option<String>,
    name: Option<&'static str>,
    full: Option<&'static str>,
    /// "Province".
    sort: Option<&'static str>,
}

pub fn run(options: Options, page: &mut Page) -> Result<Exit> {
    const MOST: usize = 40;
    let profiles = profiles()?;
    let id = options.profile.as_deref().unwrap_or("generic");
    let chosen = profiles.chosen(id, &[]).ok_or_else(|| no_profile(id, &profiles))?;
    let lists = lists_of(&options.lists, &chosen.profile)?;
    let (country, region) = profile_notations(&chosen.profile);
    let query = options.query.join(" ");
    let found = Codes::new(country, region, &lists).locate(&query, MOST);
    let exit = if found.is_empty() { Exit::Found } else { Exit::Fine };
    if page.is_json() {
        let locations = found.into_iter().map(printed).collect();
        page.json(&Answer { profile: chosen.profile.id.clone(), locations });
    } else if found.is_empty() {
        page.line(format!("No country or region is called `{query}`."));
    } else {
        page.columns(&found.iter().map(row).collect::<Vec<_>>());
    }
    Ok(exit)
}

fn printed(located: Located) -> Location {
    let country = located.place.map(Place::country);
    let is_country = !matches!(located.place, Some(Place::Region(_))) && located.region.is_none();
    let region = match located.place {
        Some(Place::Region(region)) => Some(region),
        _ => None,
    };
    let known = country.is_some() || located.country.is_some();
    Location {
        country: known.then(|| Country {
            code: located.country,
            name: country.map(|c| c.name),
            alpha2: country.map(|c| c.alpha2),
            alpha3: country.map(|c| c.alpha3),
            numeric: country.map(|c| c.numeric),
        }),
        region: (!is_country).then(|| Region {
            code: located.region,
            name: region.map(|r| r.name),
            full: region.map(|r| r.code),
            sort: region.map(|r| r.sort),
        }),
        found_by: located.by,
    }
}

/// The country's code, the region's, and what they stand for. A dash where the LMS has no such code.
fn row(located: &Located) -> [String; 3] {
    let code = |code: &Option<String>| code.clone().unwrap_or_else(|| "–".into());
    let by = located.by.map_or(String::new(), |by| format!(" – {by}"));
    match located.place {
        Some(Place::Country(country)) => {
            [code(&located.country), String::new(), format!("{}{by}", country.name)]
        }
        Some(Place::Region(region)) => {
            let home = region.country().name;
            let name = format!("{}, {home} ({}){by}", region.name, region.sort);
            [code(&located.country), code(&located.region), name]
        }
        None => {
            let own = |code: &Option<String>| code.clone().unwrap_or_default();
            [own(&located.country), own(&located.region), "on your list".into()]
        }
    }
}
