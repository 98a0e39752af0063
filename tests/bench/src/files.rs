//! The rosters and lists on the disk.

use std::fs::{self, File};
use std::io::{BufWriter, Result, Write};
use std::path::{Path, PathBuf};

use muster_engine::geo;

use crate::edapp;
use crate::roster::{self, HEADER, Truth, World};

/// The rosters of so many people.
pub struct Files {
    pub people: usize,
    /// As the LMS has them.
    pub older: PathBuf,
    /// A month later, with mistakes.
    pub newer: PathBuf,
    pub truth: Truth,
    /// An EdApp export.
    pub edapp: PathBuf,
    /// Groups in it that are not on its list.
    pub edapp_wrong: u32,
}

impl Files {
    pub fn make(folder: &Path, world: &World, people: usize) -> Result<Files> {
        let at = |name: &str| folder.join(format!("{name}-{people}.csv"));
        let (older, newer, edapp) = (at("older"), at("newer"), at("edapp"));
        let mut out = Table::create(&older, HEADER)?;
        roster::write_older(world, people, &mut |row| out.row(row));
        out.end()?;
        let mut out = Table::create(&newer, HEADER)?;
        let truth = roster::write_newer(world, people, &mut |row| out.row(row));
        out.end()?;
        let text = edapp::roster(people);
        let edapp_wrong = wrong_edapp_groups(&text);
        fs::write(&edapp, text)?;
        Ok(Files { people, older, newer, truth, edapp, edapp_wrong })
    }
}

/// What is known: for Muster a list of groups, for the polars script each that its rules ask for.
pub fn write_lists(folder: &Path, world: &World) -> Result<()> {
    let countries: Vec<&str> = geo::countries().iter().map(|country| country.alpha2).collect();
    let regions: Vec<&str> = geo::regions().iter().map(|region| region.code).collect();
    let list =
        |name: &str, lines: String| fs::write(folder.join(format!("{name}.txt")), lines + "\n");
    list("groups", world.groups.join("\n"))?;
    list("groups-of-edapp", edapp::groups().join("\n"))?;
    list("groups-2000", World::new(2000).groups.join("\n"))?;
    list("roles", World::roles().join("\n"))?;
    list("countries", countries.join("\n"))?;
    list("regions", regions.join("\n"))
}

/// A CSV that is being written.
pub struct Table {
    out: BufWriter<File>,
    failed: Option<std::io::Error>,
}

impl Table {
    pub fn create(path: &Path, header: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Table> {
        let mut table =
            Table { out: BufWriter::with_capacity(1 << 20, File::create(path)?), failed: None };
        table.row(header);
        Ok(table)
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = impl AsRef<str>>) {
        let mut begun = false;
        for cell in cells {
            let cell = cell.as_ref();
            let quoted = cell.contains([',', '"', '\n', '\r']);
            let comma = if begun { "," } else { "" };
            begun = true;
            let written = match quoted {
                true => write!(self.out, "{comma}\"{}\"", cell.replace('"', "\"\"")),
                false => write!(self.out, "{comma}{cell}"),
            };
            self.failed = self.failed.take().or(written.err());
        }
        let written = writeln!(self.out);
        self.failed = self.failed.take().or(written.err());
    }

    pub fn end(mut self) -> Result<()> {
        self.failed.map_or_else(|| self.out.flush(), Err)
    }
}

/// How many groups of an EdApp roster are not on its list.
fn wrong_edapp_groups(text: &str) -> u32 {
    let parts = text.split([',', ';']).map(str::trim);
    let wrong = parts.filter(|part| part.starts_with("Group ") && part.ends_with('x'));
    u32::try_from(wrong.count()).unwrap_or(u32::MAX)
}
