//! How fast Muster is: the `muster` command as people run it, beside the best tools of each kind, in alternating rounds of
//! one run. Ratios are printed with their targets; times alone say more of the machine. `make bench` runs it.
//!
//! Fails where the two sides do not find the same.

mod alone;
mod counts;
mod edapp;
mod edits;
mod files;
mod names;
mod peers;
mod process;
mod report;
mod roster;
mod shapes;
mod targets;
mod ugly;
mod whole;
mod window;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

use clap::Parser;
use serde_json::{Value, json};

use files::Files;
use process::{Run, median};
use report::Report;
use roster::World;
use targets::{Measure, Place};

/// How fast Muster is, beside the best tools of each kind in the same run
#[derive(Parser)]
struct Options {
    /// The `muster` command that is measured
    #[arg(long, value_name = "PROGRAM")]
    muster: PathBuf,
    /// Where rosters, lists and peers are put
    #[arg(long, value_name = "FOLDER")]
    folder: PathBuf,
    /// People in the largest roster; a tenth and a hundredth of them are measured too
    #[arg(long, default_value_t = 1_000_000)]
    people: usize,
    /// Writes all figures to a file too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Only these: sizes, workbooks, snapshots, edits, columns, shapes, window
    parts: Vec<String>,
}

const ROUNDS: usize = 3;

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let done = match arguments.next().as_deref() {
        Some("measured") => return process::measured(arguments).unwrap_or_else(|e| told(&e)),
        Some("alone") => {
            let what = arguments.next().unwrap_or_default();
            alone::run(&what, &arguments.collect::<Vec<_>>()).map(|said| {
                println!("{said}");
                true
            })
        }
        _ => bench(&Options::parse()).map_err(Into::into),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(e) => told(&*e),
    }
}

fn told(failure: &dyn std::error::Error) -> ExitCode {
    eprintln!("{failure}");
    ExitCode::from(2)
}

/// Whether all sides found the same.
fn bench(options: &Options) -> io::Result<bool> {
    let wanted = |part: &str| options.parts.is_empty() || options.parts.iter().any(|p| p == part);
    let mut report = Report::new(options.people, &options.folder);
    let world = World::new(200);
    let mut place = set_up(options, &world, &mut report)?;
    let people = [options.people / 100, options.people / 10, options.people];
    let mut sizes = Vec::new();
    for people in people {
        sizes.push(Files::make(&place.folder, &world, people)?);
    }
    let [_, tenth, all] = &sizes[..] else { return Ok(false) };
    if wanted("sizes") {
        for files in &sizes {
            place.releases = releases(&place, files)?;
            prepare(&place, &place.kit(files, "planned"))?;
            rounds(&place, files, place.all(files), &mut report)?;
        }
        report.growth();
    }
    if wanted("workbooks") {
        workbook(&place, tenth)?;
        rounds(&place, tenth, place.workbooks(tenth), &mut report)?;
    }
    if wanted("snapshots") {
        rounds(&place, all, place.snapshots(all), &mut report)?;
        report.share_of_snapshot(said(&place)["share"].as_f64().unwrap_or_default());
    }
    if wanted("edits") {
        for beside in [false, true] {
            for files in [tenth, all] {
                run(&place, &place.edits(files, beside).command)?;
                report.edits(files.people, beside, &said(&place));
            }
        }
    }
    if wanted("columns") {
        let measure = place.columns(tenth);
        prepare(&place, &measure)?;
        report.columns(tenth.people, &said(&place));
    }
    if wanted("shapes") {
        ugly::measure(&place, &world, &mut report)?;
    }
    if wanted("window") {
        let workbook = workbook(&place, tenth)?;
        match window::measure(&place, all, &workbook) {
            Ok(figures) => report.window(&figures),
            Err(why) => report.remark(&why),
        }
    }
    report.end(options.json.as_deref())
}

/// The roster as a workbook.
fn workbook(place: &Place, files: &Files) -> io::Result<String> {
    let (newer, book) = (files.newer.display().to_string(), place.at("newer.xlsx"));
    let words = ["copy", &newer, &book, "--replace"].map(str::to_owned);
    run(place, &[&[place.muster.clone()][..], &words].concat())?;
    Ok(book)
}

/// Lists, profiles and peers.
fn set_up(options: &Options, world: &World, report: &mut Report) -> io::Result<Place> {
    let folder = &options.folder;
    fs::create_dir_all(folder)?;
    files::write_lists(folder, world)?;
    fs::write(folder.join("same-rules.toml"), include_str!("../same-rules.toml"))?;
    fs::write(folder.join("all-rules.toml"), include_str!("../all-rules.toml"))?;
    fs::write(folder.join("with_polars.py"), include_str!("../with_polars.py"))?;
    fs::write(folder.join("qsv.schema.json"), peers::schema_of_qsv())?;
    let (polars, qsv) = (peers::polars(folder), peers::qsv());
    for why in [polars.as_ref().err(), qsv.as_ref().err()].into_iter().flatten() {
        report.remark(why);
    }
    Ok(Place {
        folder: folder.clone(),
        muster: options.muster.display().to_string(),
        me: env::current_exe()?.display().to_string(),
        polars: polars.ok(),
        has_qsv: qsv.is_ok(),
        releases: Vec::new(),
    })
}

fn out(place: &Place) -> PathBuf {
    place.folder.join("said.json")
}

fn run(place: &Place, command: &[String]) -> io::Result<Run> {
    process::run(command, &out(place), &place.folder.join("home"))
}

/// What the last one said.
fn said(place: &Place) -> Value {
    let text = fs::read(out(place)).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

/// Why it could not, by its own words.
fn complaint(place: &Place) -> String {
    let text = fs::read_to_string(out(place).with_extension("err")).unwrap_or_default();
    text.lines().last().unwrap_or("it was ended").to_owned()
}

fn removed(made: Option<&Path>) {
    if let Some(made) = made {
        let _ = fs::remove_dir_all(made);
    }
}

fn prepare(place: &Place, measure: &Measure) -> io::Result<Run> {
    removed(measure.makes.as_deref());
    run(place, &measure.command)
}

/// What a plan holds, as `--release` takes it.
fn releases(place: &Place, files: &Files) -> io::Result<Vec<String>> {
    let plan = place.all(files).into_iter().find(|m| m.name.starts_with("plan"));
    run(place, &plan.map(|plan| plan.command).unwrap_or_default())?;
    let plan = said(place);
    let held = plan["guards"].as_array().into_iter().flatten().filter(|g| g["held"] == json!(true));
    Ok(held.map(|g| format!("{}={}", g["id"].as_str().unwrap_or_default(), g["actual"])).collect())
}

/// Each after the other, again and again.
fn rounds(
    place: &Place,
    files: &Files,
    measures: Vec<Measure>,
    report: &mut Report,
) -> io::Result<()> {
    let mut runs: Vec<Vec<Run>> = measures.iter().map(|_| Vec::new()).collect();
    for round in 0..ROUNDS {
        for (measure, runs) in measures.iter().zip(&mut runs) {
            let run = prepare(place, measure)?;
            if round == 0 {
                let found = match run.exit {
                    Some(0 | 1) => counts::compare(measure.told, &said(place), files),
                    _ => Err(complaint(place)),
                };
                report.holds(measure, files.people, found);
            }
            runs.push(run);
        }
    }
    let runs = runs.iter().map(|runs| median(runs)).collect::<Option<Vec<_>>>().unwrap_or_default();
    report.table(files.people, &measures, &runs);
    Ok(())
}
