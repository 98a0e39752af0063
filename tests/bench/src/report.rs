//! What is printed, and the same as JSON.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io, thread};

use serde_json::{Value, json};

use crate::process::{Run, SECONDS};
use crate::roster::HEADER;
use crate::targets::Measure;
use crate::window::Figure;

/// A million people may take so many times as long as a tenth of them.
const GROWTH: f64 = 12.0;
/// Of the CSV.
const SNAPSHOT: f64 = 0.25;
/// An ugly roster, of what a plain one of the same bytes takes.
const UGLY: f64 = 3.0;
/// Milliseconds that work on a whole column may take without telling how far it has come, and until it ends.
const AT_ONCE: f64 = 1000.0;
const ENDS: f64 = 500.0;
/// Microseconds that 99 of 100 edits take at most, and the longest of them.
const EDIT: [(&str, f64); 3] = [("ordinary", 10.0), ("groups", 20.0), ("key", 20.0)];
const WORST: f64 = 1000.0;
/// Half of all edits may take so many times as long as in a tenth of the people.
const EDIT_GROWTH: f64 = 2.5;

pub struct Report {
    people: usize,
    folder: String,
    /// Milliseconds of each, by name and people.
    walls: BTreeMap<(&'static str, usize), f64>,
    /// Microseconds that half of all edits take at most: of what, whether beside a snapshot, of how many people.
    halves: BTreeMap<(&'static str, &'static str, usize), f64>,
    json: Vec<Value>,
    missed: Vec<String>,
    differ: Vec<String>,
    met: usize,
}

impl Report {
    pub fn new(people: usize, folder: &Path) -> Report {
        let cores = thread::available_parallelism().map_or(0, usize::from);
        println!(
            "{people} people; {cores} cores. Medians; each target is a ratio to another in the same run."
        );
        Report {
            people,
            folder: folder.display().to_string() + "/",
            walls: BTreeMap::new(),
            halves: BTreeMap::new(),
            json: Vec::new(),
            missed: Vec::new(),
            differ: Vec::new(),
            met: 0,
        }
    }

    pub fn remark(&mut self, why: &str) {
        println!("{why}.");
        self.json.push(json!({ "left_out": why }));
    }

    /// As somebody would type it who is in the bench's folder.
    fn typed(&self, command: &[String]) -> String {
        let program = Path::new(&command[0]).file_name().unwrap_or_default().to_string_lossy();
        let words = command[1..].iter().map(|word| word.replace(&self.folder, ""));
        std::iter::once(program.into_owned()).chain(words).collect::<Vec<_>>().join(" ")
    }

    /// What was found is what was planted, or not.
    pub fn holds(&mut self, measure: &Measure, people: usize, found: Result<(), String>) {
        if let Err(why) = found {
            self.differ.push(format!("{}, {people} people: {why}", measure.name));
        }
    }

    fn target(&mut self, what: String, value: f64, target: f64) -> String {
        let met = value <= target;
        let word = if met { "met" } else { "MISSED" };
        let told = format!("{value:.2} (at most {target}: {word})");
        match met {
            true => self.met += 1,
            false => self.missed.push(format!("{what}: {told}")),
        }
        self.json.push(json!({ "what": what, "value": value, "target": target, "met": met }));
        told
    }

    pub fn table(&mut self, people: usize, measures: &[Measure], runs: &[Run]) {
        println!("\n{people} people\n{:<40} {:>9} {:>9} {:>7}", "", "ms", "ms work", "MiB");
        for (measure, run) in measures.iter().zip(runs) {
            self.walls.insert((measure.name, people), run.wall);
        }
        for (measure, run) in measures.iter().zip(runs) {
            let (name, mib) = (measure.name, run.peak >> 20);
            println!("{name:<40} {:>9.0} {:>9.0} {mib:>7}", run.wall, run.cpu);
            if people == self.people || name.contains("workbook") {
                println!("    {}", self.typed(&measure.command));
            }
            self.json.push(json!({
                "people": people, "name": name, "command": measure.command, "run": run,
            }));
            // Only at the full size: where everything is small, what a program takes to begin counts most.
            if people < self.people / 10 {
                continue;
            }
            let ratios: Vec<(&str, f64, f64)> = measure
                .targets
                .iter()
                .filter_map(|(other, target)| {
                    let peer = self.walls.get(&(*other, people))?;
                    Some((*other, run.wall / peer, *target))
                })
                .collect();
            let counts = people == self.people || name.contains("workbook");
            for (other, ratio, target) in ratios {
                let what = format!("{name} ÷ {other}, {people} people");
                match counts {
                    true => println!("    ÷ {other}: {}", self.target(what, ratio, target)),
                    false => println!("    ÷ {other}: {ratio:.2}"),
                }
            }
            if let Some(target) = measure.per_cell.filter(|_| people == self.people) {
                let bytes = run.peak as f64 / (people * HEADER.len()) as f64;
                let what = format!("{name}: bytes a cell");
                println!("    bytes a cell: {}", self.target(what, bytes, target));
            }
        }
    }

    /// A whole roster, beside a tenth of it.
    pub fn growth(&mut self) {
        println!("\nA roster ten times as large");
        let all: Vec<(&str, f64)> = self
            .walls
            .iter()
            .filter(|((_, people), _)| *people == self.people)
            .filter_map(|((name, people), wall)| {
                Some((*name, wall / self.walls.get(&(*name, people / 10))?))
            })
            .collect();
        for (name, ratio) in all {
            let is_muster =
                !["simd-csv", "csv-diff", "polars", "qsv"].iter().any(|p| name.starts_with(p));
            let told = match is_muster {
                true => self.target(format!("{name}: ten times as large"), ratio, GROWTH),
                false => format!("{ratio:.2}"),
            };
            println!("  {name:<40} {told}");
        }
    }

    pub fn share_of_snapshot(&mut self, share: f64) {
        let told = self.target("snapshot, of the CSV's size".into(), share, SNAPSHOT);
        println!("    of the CSV's size: {told}");
    }

    pub fn edits(&mut self, people: usize, beside: bool, said: &Value) {
        let beside = if beside { ", beside a snapshot" } else { "" };
        println!("\nOne edit of {people} people{beside}, in memory: microseconds");
        for (kind, target) in EDIT {
            let at = |part: &str| said[kind][part].as_f64().unwrap_or(f64::INFINITY);
            let (p50, p99, worst) = (at("p50"), at("p99"), at("worst"));
            let what = format!("edit, {kind}, {people} people{beside}");
            self.json.push(json!({ "what": what, "p50": p50, "p99": p99, "worst": worst }));
            let p99 = self.target(format!("{what}: 99 of 100"), p99, target);
            let worst = self.target(format!("{what}: worst"), worst, WORST);
            println!("  {kind:<10} half {p50:.1}; 99 of 100 {p99}; worst {worst}");
            self.halves.insert((kind, beside, people), p50);
            if let Some(tenth) = self.halves.get(&(kind, beside, people / 10)) {
                let ratio = p50 / tenth;
                println!(
                    "             half, ÷ a tenth of the people: {}",
                    self.target(what, ratio, EDIT_GROWTH)
                );
            }
        }
    }

    /// Work on whole columns: within a second, or else it tells how far it has come; and it ends at once where it is
    /// cancelled.
    pub fn columns(&mut self, people: usize, said: &Value) {
        println!("\nWhole columns of {people} people: milliseconds");
        for told in said.as_array().into_iter().flatten() {
            let what = told["what"].as_str().unwrap_or_default();
            let of = |part: &str| told[part].as_f64().unwrap_or(f64::INFINITY);
            let (ms, name) = (of("ms"), format!("columns: {what}"));
            self.json.push(told.clone());
            let line = match told.get("silent") {
                None => self.target(format!("{name}, ms until it ended"), ms, ENDS),
                Some(_) if ms <= AT_ONCE => format!("{ms:.0}"),
                Some(_) => {
                    let silent =
                        self.target(format!("{name}, ms without a word"), of("silent"), AT_ONCE);
                    format!("{ms:.0}; without a word {silent}")
                }
            };
            println!("  {what:<46} {line}");
        }
    }

    pub fn shapes_begin(&mut self) {
        println!("\nUgly shapes, beside a plain roster of the same bytes");
        println!("{:<50} {:>9} {:>9}  ÷", "", "plain ms", "ugly ms");
    }

    pub fn shape(&mut self, name: &str, plain: &Run, ugly: &Run) {
        let told = self.target(format!("shape: {name}"), ugly.wall / plain.wall, UGLY);
        let ended = match ugly.exit {
            None => format!("; it was ended after {SECONDS} s of work, so it takes more than that"),
            Some(_) => String::new(),
        };
        println!("{name:<50} {:>9.0} {:>9.0}  {told}{ended}", plain.wall, ugly.wall);
        self.json.push(json!({ "shape": name, "plain": plain, "ugly": ugly }));
    }

    pub fn window(&mut self, figures: &[Figure]) {
        println!("\nThe window, {} people; a workbook has a tenth of them", self.people);
        for Figure { what, value, unit, target } in figures {
            let told = target.map(|target| self.target(format!("window: {what}"), *value, target));
            if told.is_none() {
                self.json.push(json!({ "what": what, "value": value, "unit": unit }));
            }
            println!("{what:<50} {value:>9.2} {unit:<12} {}", told.unwrap_or_default());
        }
    }

    /// Whether all found the same.
    pub fn end(self, file: Option<&Path>) -> io::Result<bool> {
        println!("\n{} targets met, {} missed", self.met, self.missed.len());
        self.missed.iter().for_each(|missed| println!("  {missed}"));
        if !self.differ.is_empty() {
            println!("\nNot all found what was planted, so these figures say nothing:");
            self.differ.iter().for_each(|differ| println!("  {differ}"));
        }
        if let Some(file) = file {
            let all = json!({ "people": self.people, "figures": self.json, "differ": self.differ });
            fs::write(file, serde_json::to_vec_pretty(&all)?)?;
        }
        Ok(self.differ.is_empty())
    }
}
