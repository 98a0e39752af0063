//! How fast a roster is opened, checked and edited, as ratios to a peer in the same run.
//!
//! `make bench` runs it at a million people; `MUSTER_BENCH_PEOPLE` sets another number.
#![allow(clippy::disallowed_methods, reason = "a bench measures time and reads its own files")]

mod generate;

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use generate::Dice;
use muster_engine::checker::Checker;
use muster_engine::edit::Edit;
use muster_engine::format::quoting::Quoting;
use muster_engine::format::{csv, text};
use muster_engine::lists::{List, Lists};
use muster_engine::profile::Profile;
use muster_engine::profile::connector::KIT;
use muster_engine::roster::Roster;
use muster_engine::rules::{CheckContext, RULES};
use muster_engine::table::{Cut, Table};
use muster_engine::{diff, plan};

const ROUNDS: usize = 5;

fn main() {
    let people: usize =
        std::env::var("MUSTER_BENCH_PEOPLE").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    println!(
        "{people} people and a tenth of them, {ROUNDS} rounds, medians; ratios are to simd-csv in the same round"
    );
    let small = measure(people / 10, "a tenth");
    let large = measure(people, "all");
    println!(
        "\nopen + check, all / a tenth: {:.1} (target: at most 12)",
        large.as_secs_f64() / small.as_secs_f64()
    );
}

fn measure(people: usize, name: &str) -> Duration {
    let bytes = generate::roster(people).into_bytes();
    let path = std::env::temp_dir().join(format!("muster-bench-{people}.csv"));
    std::fs::File::create(&path)
        .and_then(|mut f| f.write_all(&bytes))
        .expect("the roster can be written");
    println!("\n{name}: {people} people, {} MB", bytes.len() / 1_000_000);
    drop(bytes);

    let older = write_older(&path);
    let (mut peer, mut scan, mut open) = (Vec::new(), Vec::new(), Vec::new());
    let mut five = Vec::new();
    let mut diff = Vec::new();
    for _ in 0..ROUNDS {
        peer.push(timed(|| peer_iterates(&path)).0);
        let text = std::fs::read_to_string(&path).expect("readable");
        scan.push(
            timed(|| {
                csv::scan(&text, b',', Quoting::default(), &mut |_| true).expect("read").records()
            })
            .0,
        );
        drop(text);
        open.push(timed(|| open_and_check(&path, profile())).0);
        five.push(timed(|| open_and_check(&path, of_five_rules())).0);
        diff.push(timed(|| read_and_compare(&older, &path)).0);
    }
    std::fs::remove_file(&older).expect("removable");
    let base = median(&mut peer);
    let row = |what: &str, times: &mut Vec<Duration>, target: f64| {
        let ratios = median(times).as_secs_f64() / base.as_secs_f64();
        println!(
            "  {what:<28} {:>8.1} ms  {ratios:>5.2} ×  (target {target})",
            median(times).as_secs_f64() * 1e3
        );
    };
    println!("  {:<28} {:>8.1} ms", "simd-csv, zero copy", base.as_secs_f64() * 1e3);
    row("cells found in memory", &mut scan, 1.0);
    row("open + check, five rules", &mut five, 3.5);
    row("open + check", &mut open, 3.5);
    // 0.4 of what the csv-diff crate takes, which takes 11.3 times as long as simd-csv.
    row("both read and compared", &mut diff, 4.5);

    let mut checker = open_and_check(&path, profile());
    println!("  findings: {:?}", checker.counts());
    if std::env::var_os("MUSTER_BENCH_PARTS").is_some() {
        return median(&mut open);
    }
    edits(&mut checker, 4, "one edit, groups");
    edits(&mut checker, 9, "one edit, ordinary cell");
    edits(&mut checker, 1, "one edit, key");
    println!("  peak memory: {} MiB", peak_memory_mib());
    let mut checker = beside_its_snapshot(checker.into_context().roster);
    edits(&mut checker, 4, "one edit, beside a snapshot");
    edits(&mut checker, 1, "one key, beside a snapshot");
    let choices = checker.context().choices.clone();
    let asked = plan::PlanOptions { choices, ..plan::PlanOptions::default() };
    let (took, plan) = timed(|| plan::make(&checker, &KIT, &asked));
    println!("  {:<28} {:>8.1} ms for {:?}", "a plan", took.as_secs_f64() * 1e3, plan.counts);
    std::fs::remove_file(&path).expect("removable");
    median(&mut open)
}

fn peer_iterates(path: &std::path::Path) -> usize {
    let file = std::fs::File::open(path).expect("readable");
    let mut reader = simd_csv::ZeroCopyReaderBuilder::new().from_reader(file);
    let mut cells = 0;
    while let Some(record) = reader.read_byte_record().expect("read") {
        cells += record.len();
    }
    cells
}

fn read(path: &std::path::Path) -> Roster {
    let decoded = text::decode(std::fs::read(path).expect("readable"), None).expect("text");
    let table = Table::read(decoded, Cut::default(), &mut |_| true).expect("a table");
    Roster::read(table, Arc::new(profile()))
}

/// The same roster as it was before one of a hundred people changed groups.
fn write_older(path: &std::path::Path) -> std::path::PathBuf {
    let mut table = read(path).table;
    for index in (0..table.len()).step_by(100) {
        let row = table.row_at(index).expect("a row");
        let before = table.cell(row, 4).into_owned();
        table.apply(&Edit::Set { row, column: 4, before, after: "Sales".into() }).expect("fits");
    }
    let older = path.with_extension("older.csv");
    std::fs::write(&older, table.to_bytes().expect("written")).expect("the roster can be written");
    older
}

fn read_and_compare(older: &std::path::Path, newer: &std::path::Path) -> u32 {
    let (older, newer) = rayon::join(|| read(older), || read(newer));
    diff::compare(&older, &newer).counts.update
}

fn profile() -> Profile {
    Profile::built_in("edapp").expect("built in")
}

/// Rules that look at a text, at a list, at a column as a whole, at an index of all rows, and at a row.
fn of_five_rules() -> Profile {
    const FIVE: [&str; 5] =
        ["email-malformed", "group-unknown", "value-rare", "key-duplicate", "row-ragged"];
    let mut profile = profile();
    for rule in RULES.iter().filter(|rule| !FIVE.contains(&rule.code)) {
        profile.rules.entry(rule.code.into()).or_default().off = true;
    }
    profile
}

fn open_and_check(path: &std::path::Path, profile: Profile) -> Checker {
    let bytes = std::fs::read(path).expect("readable");
    let mut marks = Vec::new();
    let mut begun = Instant::now();
    let mut mark = |what: &'static str| {
        marks.push((what, begun.elapsed()));
        begun = Instant::now();
    };
    let decoded = text::decode(bytes, None).expect("text");
    mark("decode");
    let table = Table::read(decoded, Cut::default(), &mut |_| true).expect("a table");
    mark("table");
    let roster = Roster::read(table, Arc::new(profile));
    mark("roster");
    let mut lists = Lists::new();
    lists.insert("groups".into(), List::new(generate::groups(), "the bench", None));
    let context = CheckContext::new(roster, None, lists);
    mark("scene");
    let checker = Checker::new(context, &|_| true).expect("checked");
    mark("check");
    if std::env::var_os("MUSTER_BENCH_PARTS").is_some() {
        println!("    {marks:?}");
    }
    checker
}

/// Checks a roster beside a snapshot in which one of a hundred people has another group.
fn beside_its_snapshot(roster: Roster) -> Checker {
    let mut snapshot = roster.clone();
    for index in (0..roster.table.len()).step_by(100) {
        let row = roster.table.row_at(index).expect("a row");
        let before = roster.table.cell(row, 4).into_owned();
        let edit = Edit::Set { row, column: 4, before, after: String::new() };
        snapshot.table.apply(&edit).expect("fits");
    }
    let (took, context) = timed(|| CheckContext::new(roster, Some(snapshot), Lists::new()));
    let (checking, checker) = timed(|| Checker::new(context, &|_| true).expect("checked"));
    println!(
        "  beside a snapshot: set up {:.1} ms, check {:.1} ms",
        took.as_secs_f64() * 1e3,
        checking.as_secs_f64() * 1e3
    );
    checker
}

/// Edits cells here and there, one at a time, and tells how long each took with everything re-checked.
fn edits(checker: &mut Checker, column: u32, what: &str) {
    let mut dice = Dice::new(7);
    let mut times = Vec::new();
    let people = checker.context().roster.table.len();
    for n in 0..4000 {
        let row = checker.context().roster.table.row_at(dice.roll(people)).expect("a row");
        let before = checker.context().roster.table.cell(row, column as usize).into_owned();
        let after = match n % 3 {
            0 => format!("{before} "),
            1 => format!("new value {n}"),
            _ => {
                let other =
                    checker.context().roster.table.row_at(dice.roll(people)).expect("a row");
                checker.context().roster.table.cell(other, column as usize).into_owned()
            }
        };
        let edit = Edit::Set { row, column, before, after };
        let begun = Instant::now();
        checker.apply(std::slice::from_ref(&edit)).expect("fits");
        checker.flush();
        times.push(begun.elapsed());
        checker.apply(&[edit.inverse()]).expect("fits");
        checker.flush();
    }
    times.sort_unstable();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1e6;
    println!("  {what:<28} p50 {:.1} µs, p99 {:.1} µs, worst {:.0} µs", at(0.5), at(0.99), at(1.0));
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let begun = Instant::now();
    let done = work();
    (begun.elapsed(), done)
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn peak_memory_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM"));
    line.and_then(|l| l.split_whitespace().nth(1)).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0)
        / 1024
}
