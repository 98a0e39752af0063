//! `muster diff`: two rosters by key, cell by cell.

use std::path::PathBuf;

use clap::Args;
use muster_engine::diff::{
    Candidate, CellDiff, Comparison, Listed, Uncertain, compare, compare_by,
};
use muster_engine::error::{Failure, Result};
use muster_engine::words::listed;

use crate::arguments::{Against, Shared};
use crate::exit::Exit;
use crate::opening::open;
use crate::page::{Page, counted, quoted};

/// Compares two rosters by key, cell by cell
#[derive(Debug, Args)]
pub struct Options {
    /// The older roster
    #[arg(value_name = "OLD")]
    old: PathBuf,

    /// The newer one; --as is about it
    #[arg(value_name = "NEW")]
    new: PathBuf,

    /// Pairs people by these columns and not by the key: `name`, `email`, or headers; who does not agree in all of
    /// them with one other alone is told as uncertain
    #[arg(long = "match", value_name = "COLUMN[,COLUMN]", value_delimiter = ',')]
    columns: Vec<String>,

    #[command(flatten)]
    shared: Shared,
}

pub fn run(options: Options, page: &mut Page) -> Result<Exit> {
    let old = Against::Export(options.old.clone());
    let opened = open(&options.shared, &options.new, Some(&old))?;
    let old = opened.older.as_ref().ok_or_else(|| Failure::internal("nothing to compare with"))?;
    let new = &opened.roster;
    if new.key.or(new.key_fallback).is_none() && options.columns.is_empty() {
        // Where a profile says who somebody is, --key is refused.
        let hint = if new.profile.fields.is_empty() {
            "Say which LMS the roster is of with --profile, which column tells people apart with --key, or by \
             which columns to look for the same people with --match name,email."
        } else {
            "Add the column that tells people apart, or say by which columns to look for the same people with \
             --match name,email."
        };
        return Err(Failure::state("nobody can be told from anybody else")
            .why("no column holds a different value for each person")
            .hint(hint));
    }
    let diff = match options.columns.as_slice() {
        [] => compare(old, new),
        columns => compare_by(old, new, columns)?,
    };
    let comparison = diff.comparison(old, new);
    if page.is_json() {
        page.json(&comparison);
    } else {
        print(&comparison, page);
    }
    Ok(Exit::found(!diff.is_empty()))
}

fn print(comparison: &Comparison, page: &mut Page) {
    for (words, names) in
        [("+ column", &comparison.columns_added), ("− column", &comparison.columns_removed)]
    {
        for name in names {
            page.line(format!("{words} {}", quoted(name)));
        }
    }
    for change in &comparison.changes {
        page.line(headline(change));
        for cell in &change.cells {
            page.line(format!("    {}", cell_line(cell)));
        }
    }
    for unpaired in &comparison.unpaired {
        let lines: Vec<String> = unpaired.lines.iter().map(u32::to_string).collect();
        let word = if lines.len() == 1 { "line" } else { "lines" };
        page.line(format!(
            "? {} file, {word} {}: {}",
            if unpaired.side == "old" { "older" } else { "newer" },
            lines.join(", "),
            unpaired.why
        ));
    }
    for uncertain in &comparison.uncertain {
        page.line(format!("? uncertain: {}", may_be(uncertain)));
        for candidate in &uncertain.candidates {
            page.line(format!("    {}", candidate_line(candidate)));
        }
    }
    let counts = &comparison.counts;
    let doubts = !comparison.unpaired.is_empty() || !comparison.uncertain.is_empty();
    if !comparison.changes.is_empty() || doubts {
        page.line("");
    }
    page.line(format!(
        "+ {} new, ~ {} changed, − {} gone, {} the same",
        counts.create, counts.update, counts.leave, counts.same
    ));
    if !comparison.uncertain.is_empty() {
        let people = counted(comparison.uncertain.len(), "person is", "people are");
        page.line(format!("? {people} uncertain, and in none of these numbers"));
    }
    if !comparison.unpaired.is_empty() {
        let rows: usize = comparison.unpaired.iter().map(|u| u.lines.len()).sum();
        page.line(format!("? {} could not be paired", counted(rows, "row", "rows")));
    }
}

/// `Ana Silva, line 4: only a part of it agrees`.
fn may_be(uncertain: &Uncertain) -> String {
    let Uncertain { name, why, of, candidates, .. } = uncertain;
    let all = *of as usize == candidates.len();
    let more = if all { String::new() } else { format!("; the first {}", candidates.len()) };
    format!("{}: {why}{more}", at_line(name, uncertain.line))
}

/// `Ana Souza, line 3 of the older file: email is the same, name is not`.
fn candidate_line(candidate: &Candidate) -> String {
    let Candidate { name, line, agree, differ } = candidate;
    let be = |names: &[String], one: &str, many: &str| {
        format!("{} {}", listed(names), if names.len() == 1 { one } else { many })
    };
    let differs = match differ.as_slice() {
        [] => String::new(),
        differ => format!(", {}", be(differ, "is not", "are not")),
    };
    format!(
        "{} of the older file: {}{differs}",
        at_line(name, *line),
        be(agree, "is the same", "are the same")
    )
}

fn at_line(name: &str, line: Option<u32>) -> String {
    let name = if name.is_empty() { "somebody" } else { name };
    line.map_or_else(|| name.to_owned(), |line| format!("{name}, line {line}"))
}

/// `~ Ana Silva (ana@example.com), line 12`.
fn headline(change: &Listed) -> String {
    let sign = if change.mark == "-" { "−" } else { &change.mark };
    let key = if change.key == change.name { String::new() } else { format!(" ({})", change.key) };
    let line = change.line.map_or(String::new(), |line| format!(", line {line}"));
    format!("{sign} {}{key}{line}", change.name)
}

fn cell_line(cell: &CellDiff) -> String {
    if cell.added.is_empty() && cell.removed.is_empty() {
        return format!("{}: {} → {}", cell.column, quoted(&cell.before), quoted(&cell.after));
    }
    let added = cell.added.iter().map(|value| format!("+ {}", quoted(value)));
    let removed = cell.removed.iter().map(|value| format!("− {}", quoted(value)));
    format!("{}: {}", cell.column, added.chain(removed).collect::<Vec<_>>().join(", "))
}
