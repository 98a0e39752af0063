//! Places of the open roster: looked up, and named beside their codes.

use serde::{Deserialize, Serialize};

use super::Engine;
use super::open_job::OpenJob;
use super::rows::PlaceName;
use muster_plan::worksheet::CellEdit;
use muster_roster::geo::{self, Codes, Located, Notation, Place};
use muster_table::error::Result;
use muster_table::narrow::count as number;

/// A country or region that is looked for, and where its code is to go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct LocationsRequest {
    /// A name or code, or the beginning of it.
    pub query: String,
    /// The column that the code is wanted for; else the first that holds places.
    pub column: Option<u32>,
    /// The rows that it is to be put into.
    pub rows: Vec<u32>,
}

/// What was found for a name or code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Locations {
    /// The best first; at most 40.
    pub found: Vec<Location>,
    /// The columns that codes would be put into, by name: "Country", "Region".
    pub columns: Vec<String>,
    /// What this roster takes, as a sentence: "Country takes a country code of two letters."
    pub about: String,
}

/// A country or region, with the codes that this roster takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Location {
    /// "Quebec"; of a value that only the LMS's own list has, the value.
    pub name: String,
    /// What it is and where: "Province of Canada", "Country", "On your list of countries".
    pub about: String,
    /// Another name by which it was found.
    pub by: Option<String>,
    /// The country's code as this roster writes it; none where it takes no such country.
    pub country: Option<String>,
    /// The region's code as this roster writes it; none for a country, or where it takes no such region.
    pub region: Option<String>,
    /// What would be put into the rows that were named, as the edits of one step.
    pub edits: Vec<CellEdit>,
}

/// More than anybody reads.
const MOST: usize = 40;

/// The columns that a place goes into, and how they write it.
struct Target {
    country: Notation,
    region: Notation,
    country_column: Option<usize>,
    region_column: Option<usize>,
}

impl Engine {
    /// Countries and regions by name or code, with the codes that this roster takes.
    pub fn locations(&self, request: LocationsRequest) -> Result<Locations> {
        self.with_job(|job| {
            let context = job.checker().context();
            let target = job.target(request.column.map(|column| column as usize));
            let codes = Codes::new(target.country.clone(), target.region.clone(), &context.lists);
            let found = codes.locate(&request.query, MOST);
            let found = found.into_iter().map(|located| target.location(located, &request.rows));
            let found = found.collect();
            let columns = [target.country_column, target.region_column].into_iter().flatten();
            let mut columns: Vec<usize> = columns.collect();
            columns.dedup();
            let name = |&column: &usize| context.roster.columns[column].name.clone();
            let takes = |column: usize| {
                let notation = context.places.get(column)?.as_ref()?;
                Some(format!(
                    "{} takes {}.",
                    context.roster.columns[column].name,
                    notation.called()
                ))
            };
            let about: Vec<String> = columns.iter().filter_map(|&column| takes(column)).collect();
            Ok(Locations {
                found,
                columns: columns.iter().map(name).collect(),
                about: about.join(" "),
            })
        })
    }
}

impl Target {
    fn location(&self, located: Located, rows: &[u32]) -> Location {
        let Located { place, country, region, by } = located;
        let (name, about) = match place {
            Some(Place::Country(country)) => (country.name.to_owned(), "Country".to_owned()),
            Some(Place::Region(region)) => {
                let sort = if region.sort.is_empty() { "Region" } else { region.sort };
                (region.name.to_owned(), format!("{sort} of {}", region.country().name))
            }
            None => {
                let kind = if country.is_some() { "countries" } else { "regions" };
                let value = country.as_ref().or(region.as_ref()).cloned().unwrap_or_default();
                (value, format!("On your list of {kind}"))
            }
        };
        let edits = self.edits(country.as_deref(), region.as_deref(), rows);
        Location { name, about, by: by.map(str::to_owned), country, region, edits }
    }

    /// Where one column takes either, the region goes before the country.
    fn edits(&self, country: Option<&str>, region: Option<&str>, rows: &[u32]) -> Vec<CellEdit> {
        let mut puts: Vec<(usize, &str)> = Vec::new();
        if let (Some(column), Some(code)) = (self.region_column, region) {
            puts.push((column, code));
        }
        if let (Some(column), Some(code)) = (self.country_column, country)
            && !puts.iter().any(|(other, _)| *other == column)
        {
            puts.push((column, code));
        }
        let edit = |&row: &u32| {
            puts.iter().map(move |&(column, code)| CellEdit {
                row,
                column: number(column),
                value: code.to_owned(),
            })
        };
        rows.iter().flat_map(edit).collect()
    }
}

impl OpenJob {
    /// The pair of columns that a column belongs to; the first pair, where it holds no places itself.
    fn target(&self, column: Option<usize>) -> Target {
        let context = self.checker().context();
        let notation = |column: usize| context.places.get(column).and_then(Option::as_ref);
        let all = || (0..context.places.len()).filter_map(|at| Some((at, notation(at)?)));
        let here = column.and_then(|at| Some((at, notation(at)?)));
        let region = match here {
            Some((at, notation)) if notation.is_region => Some((at, notation)),
            Some((at, _)) => {
                all().find(|(_, notation)| notation.is_region && notation.of_country == Some(at))
            }
            None => all().find(|(_, notation)| notation.is_region),
        };
        let beside = region.and_then(|(_, notation)| notation.of_country);
        let country = match here {
            Some((at, notation)) if !notation.is_region => Some(at),
            _ => {
                beside.or_else(|| all().find(|(_, notation)| !notation.is_region).map(|(at, _)| at))
            }
        };
        // A column that takes either holds the country too.
        let either = region.filter(|(_, notation)| notation.or_country.is_some()).map(|(at, _)| at);
        let (usual_country, usual_region) = geo::profile_notations(&context.roster.profile);
        Target {
            country: country.and_then(notation).cloned().unwrap_or(usual_country),
            region: region.map_or(usual_region, |(_, notation)| notation.clone()),
            country_column: country.or(either),
            region_column: region.map(|(at, _)| at),
        }
    }

    /// The list that a column of places goes by.
    pub fn places_of(&self, column: usize) -> Option<&'static str> {
        let notation = self.checker().context().places.get(column)?.as_ref()?;
        Some(if notation.is_region { "regions" } else { "countries" })
    }

    /// The place whose code a cell holds.
    fn place_at(&self, row: u32, column: usize) -> Option<(Place, &Notation, String)> {
        let context = self.checker().context();
        let notation = context.places.get(column)?.as_ref()?;
        let list = geo::own_list(&context.lists, self.places_of(column)?);
        if !geo::speaks_iso(notation, list) {
            return None;
        }
        let text = context.roster.table.cell(row, column).into_owned();
        let place = geo::place_of(&context.roster, &context.places, row, column, &text)?;
        Some((place, notation, text))
    }

    pub fn place_names(&self, row: u32) -> Vec<PlaceName> {
        let columns = 0..self.checker().context().places.len();
        let name = |column: usize| {
            let (place, notation, text) = self.place_at(row, column)?;
            let name = geo::beside_code(place, &text, notation.code)?.to_owned();
            Some(PlaceName { column: number(column), name })
        };
        columns.filter_map(name).collect()
    }

    pub fn place_in_full(&self, row: u32, column: usize) -> Option<String> {
        let (place, notation, text) = self.place_at(row, column)?;
        let name = geo::beside_code(place, &text, notation.code)?;
        Some(match place {
            Place::Country(_) => name.to_owned(),
            Place::Region(region) => format!("{name}, {}", region.country().name),
        })
    }
}
