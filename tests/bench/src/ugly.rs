//! The ugly shapes, each beside a plain roster of the same bytes.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs;
use std::io;
use std::path::Path;

use crate::files::Table;
use crate::process::{Run, median};
use crate::report::Report;
use crate::roster::{HEADER, World, write_newer};
use crate::shapes::{Asked, PEOPLE, SHAPES, Shape};
use crate::targets::Place;

/// Those that take longer than so many milliseconds are measured once.
const LONG: f64 = 3000.0;
const ROUNDS: usize = 3;
/// Plain rosters differ in length by so many people.
const STEP: usize = 5000;
/// What those are held against that are held against something.
const OLDER: &str = "plain-older.csv";

pub fn measure(place: &Place, world: &World, report: &mut Report) -> io::Result<()> {
    let many = World::new(2000);
    let sample = place.folder.join("plain-sample.csv");
    plain(&sample, world, STEP, false)?;
    let a_person = fs::metadata(&sample)?.len() as usize / STEP;
    plain(&place.folder.join(OLDER), world, PEOPLE, false)?;
    let mut plains = BTreeMap::new();
    report.shapes_begin();
    for shape in SHAPES {
        let world = if shape.asked == Asked::ManyGroups { &many } else { world };
        let ugly = place.folder.join("ugly.csv");
        let mut out = Table::create(&ugly, shape.header())?;
        (0..shape.people).for_each(|number| out.row(shape.row(world, number)));
        out.end()?;
        let people = match shape.asked {
            Asked::NoProfile => shape.people,
            _ => (fs::metadata(&ugly)?.len() as usize / a_person).next_multiple_of(STEP),
        };
        let against = shape.asked == Asked::Against;
        let plain_file = match plains.entry((people, against)) {
            Entry::Occupied(kept) => kept.into_mut(),
            Entry::Vacant(free) => {
                let file = place.folder.join(format!("plain-{people}-{against}.csv"));
                plain(&file, world, people, against)?;
                free.insert(file)
            }
        };
        let ugly_command = command(place, shape, &ugly, false);
        let plain_command = command(place, shape, plain_file, true);
        let (mut ugly_runs, mut plain_runs) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            plain_runs.push(crate::run(place, &plain_command)?);
            ugly_runs.push(crate::run(place, &ugly_command)?);
            if ugly_runs.iter().any(|run: &Run| run.wall > LONG) {
                break;
            }
        }
        if let (Some(plain), Some(ugly)) = (median(&plain_runs), median(&ugly_runs)) {
            report.shape(shape.name, &plain, &ugly);
        }
    }
    Ok(())
}

fn plain(file: &Path, world: &World, people: usize, a_month_later: bool) -> io::Result<()> {
    let mut out = Table::create(file, HEADER)?;
    if a_month_later {
        write_newer(world, people, &mut |row| out.row(row));
    } else {
        (0..people).for_each(|number| out.row(world.person(number)));
    }
    out.end()
}

fn command(place: &Place, shape: &Shape, file: &Path, is_plain: bool) -> Vec<String> {
    let list = match shape.asked {
        Asked::ManyGroups if !is_plain => "groups-2000.txt",
        _ => "groups.txt",
    };
    let with_all_rules = ["--profile".to_owned(), place.at("all-rules.toml")];
    let with_list = ["--list".to_owned(), format!("groups={}", place.at(list))];
    let mut command = vec![place.muster.clone(), "check".into(), file.display().to_string()];
    match shape.asked {
        Asked::Scim if !is_plain => command.extend(["--profile".to_owned(), "scim".to_owned()]),
        Asked::NoProfile if !is_plain => {}
        _ => command.extend([&with_all_rules[..], &with_list[..]].concat()),
    }
    if shape.asked == Asked::Against {
        command.extend(["--against".to_owned(), place.at(OLDER)]);
    }
    command.extend(["--format", "json"].map(str::to_owned));
    command
}
