//! `muster diff`: two rosters by key, cell by cell.

use std::path::PathBuf;

use clap::Args;
use muster_engine::diff::{CellDiff, Comparison, Listed, compare};
use muster_engine::error::{Failure, Result};

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

    #[command(flatten)]
    shared: Shared,
}

pub fn run(options: Options, page: &mut Page) -> Result<Exit> {
    let old = Against::Export(options.old.clone());
    let opened = open(&options.shared, &options.new, Some(&old))?;
    let old = opened.older.as_ref().ok_or_else(|| Failure::internal("nothing to compare with"))?;
    let new = &opened.roster;
    if new.key.is_none() {
        return Err(Failure::state("nobody can be told from anybody else")
            .why("no column holds a different value for each person")
            .hint(
                "Say which LMS the roster is of with --profile, or which column tells people apart with --key.",
            ));
    }
    let diff = compare(old, new);
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
    let counts = &comparison.counts;
    if !comparison.changes.is_empty() || !comparison.unpaired.is_empty() {
        page.line("");
    }
    page.line(format!(
        "+ {} new, ~ {} changed, − {} gone, {} the same",
        counts.create, counts.update, counts.leave, counts.same
    ));
    if !comparison.unpaired.is_empty() {
        let rows: usize = comparison.unpaired.iter().map(|u| u.lines.len()).sum();
        page.line(format!("? {} could not be paired", counted(rows, "row", "rows")));
    }
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
