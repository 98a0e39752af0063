//! `muster fix --merge`: what somebody corrected in a report, or in the list itself, taken over by key.

use std::path::Path;

use muster_engine::corrections::{Conflict, Corrected, Corrections, Unpaired};
use muster_engine::edit::{Edit, rows_of};
use muster_engine::error::Result;
use muster_engine::export::{self, ExportFormat};
use muster_engine::roster::Roster;
use muster_engine::store::own_files::Readers;
use muster_engine::store::small_files::MOST_OF_CORRECTED;
use muster_engine::store::{own_files, small_files};
use muster_engine::words::MASK;
use serde::Serialize;

use crate::commands::copy::{now, write_table};
use crate::exit::Exit;
use crate::opening::{Opened, name};
use crate::page::{Page, counted, people, quoted};

#[derive(Serialize)]
struct Report {
    out: String,
    format: &'static str,
    people: usize,
    /// People with a cell that was taken over.
    changed_people: usize,
    changes: Vec<Cell>,
    /// Cells that were changed here too: they stay as they are.
    conflicts: Vec<Cell>,
    /// Rows of the corrected file that are nobody's here.
    unpaired: Vec<Row>,
    /// What else was not taken, each a sentence.
    ignored: Vec<String>,
}

#[derive(Serialize)]
struct Cell {
    line: Option<u32>,
    column: String,
    key: String,
    /// What it held when the report was made; of a conflict only.
    #[serde(skip_serializing_if = "Option::is_none")]
    was: Option<String>,
    before: String,
    after: String,
}

#[derive(Serialize)]
struct Row {
    line: Option<u32>,
    key: String,
    why: String,
}

/// Writes the roster with the corrections in it. Nothing else is fixed.
pub fn run(
    opened: Opened,
    corrected: &Path,
    (out, format): (&Path, ExportFormat),
    replace: bool,
    page: &mut Page,
) -> Result<Exit> {
    let mut roster = opened.roster;
    let what = format!("`{}` cannot be taken over", corrected.display());
    small_files::must_be_within(corrected, MOST_OF_CORRECTED, &what)?;
    let (bytes, _) = own_files::read(corrected)?;
    let file = Corrected::read(bytes, &name(corrected), &roster.profile, &|_| true)?;
    let found = Corrections::of(&roster, &file);
    let report = Report {
        changed_people: rows_of(&found.edits).len(),
        changes: found.edits.iter().filter_map(|edit| change(&roster, edit)).collect(),
        conflicts: found.conflicts.iter().map(|found| conflict(&roster, found)).collect(),
        unpaired: found.unpaired.iter().map(row).collect(),
        ignored: found.ignored,
        out: out.display().to_string(),
        people: roster.table.len(),
        format: {
            for edit in &found.edits {
                roster.table.apply(edit)?;
            }
            let written = export::write_to_be_read(&roster.table, format, now())?;
            write_table(out, &written, (replace, Readers::of(roster.has_secrets())))?
        },
    };
    if page.is_json() {
        page.json(&report);
    } else {
        print(&report, page);
    }
    Ok(Exit::found(!report.conflicts.is_empty() || !report.unpaired.is_empty()))
}

fn change(roster: &Roster, edit: &Edit) -> Option<Cell> {
    let Edit::Set { row, column, before, after } = edit else { return None };
    Some(cell(roster, (*row, *column), None, before, after))
}

fn conflict(roster: &Roster, found: &Conflict) -> Cell {
    cell(roster, (found.row, found.column), Some(&found.was), &found.here, &found.theirs)
}

fn cell(roster: &Roster, place: (u32, u32), was: Option<&str>, before: &str, after: &str) -> Cell {
    let (row, at) = (place.0, place.1 as usize);
    let secret = roster.columns[at].is_secret();
    let shown = |text: &str| {
        if secret && !text.is_empty() { MASK.to_owned() } else { text.to_owned() }
    };
    Cell {
        line: roster.table.line(row),
        column: roster.columns[at].name.clone(),
        key: roster.key_text(row).into_owned(),
        was: was.map(shown),
        before: shown(before),
        after: shown(after),
    }
}

fn row(found: &Unpaired) -> Row {
    Row { line: found.line, key: found.key.clone(), why: found.why.clone() }
}

fn print(report: &Report, page: &mut Page) {
    let line = |line: Option<u32>| line.map_or("new".to_owned(), |line| format!("line {line}"));
    for change in &report.changes {
        let (before, after) = (quoted(&change.before), quoted(&change.after));
        page.line(format!("~ {}, {}: {before} → {after}", line(change.line), change.column));
    }
    for conflict in &report.conflicts {
        let was = quoted(conflict.was.as_deref().unwrap_or_default());
        let (here, theirs) = (quoted(&conflict.before), quoted(&conflict.after));
        page.line(format!(
            "! {}, {}: was {was}, is {here} here and {theirs} in the file; left as it is here",
            line(conflict.line),
            conflict.column
        ));
    }
    for row in &report.unpaired {
        page.line(format!("? {} of the file, {}: {}", line(row.line), quoted(&row.key), row.why));
    }
    for sentence in &report.ignored {
        page.line(sentence);
    }
    page.line(format!(
        "{}: {}, {}; {} for {}",
        report.out,
        people(report.people),
        report.format,
        counted(report.changes.len(), "change", "changes"),
        people(report.changed_people),
    ));
}
