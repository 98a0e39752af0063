//! `muster fix`: applies fixes and writes a new file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use muster_engine::checker::Checker;
use muster_engine::edit::Edit;
use muster_engine::error::{Failure, Outcome};
use muster_engine::export::ExportFormat;
use muster_engine::finding::{Counts, Fix, Safety};
use muster_engine::mending::joined;
use muster_engine::profile::header_form;
use muster_engine::roster::{Column, Roster};
use muster_engine::rules::rule_index;
use muster_engine::value_map::ValueMap;
use muster_engine::words::MASK;
use muster_engine::worksheet::{self, Fill};
use serde::Serialize;

use crate::arguments::{self, Shared};
use crate::commands::check::said;
use crate::commands::copy::{may_be_written, write_table};
use crate::commands::recipe;
use crate::commands::rules::no_rule;
use crate::exit::Exit;
use crate::opening::open;
use crate::page::{Page, counted, people, quoted};

/// Applies safe fixes, writes a new file, and says what it changed
#[derive(Debug, Args)]
pub struct Asked {
    #[command(flatten)]
    roster: arguments::Roster,

    /// The new file: .xlsx for a workbook; .csv, .tsv, .txt, .tab or no ending for text
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// Puts the new file in the place of one that is there
    #[arg(long)]
    replace: bool,

    /// What the LMS has: an earlier export
    #[arg(long, value_name = "SNAPSHOT")]
    against: Option<PathBuf>,

    /// Applies unsafe fixes too: those that somebody should look at. A change that the LMS carries out and that may be
    /// meant, such as somebody who left, is put back only if its rule is named
    #[arg(long)]
    r#unsafe: bool,

    /// Takes over what somebody corrected, instead of applying fixes: a problem report that came back (.csv, .xlsx), or a
    /// list with the same key. Cells that were changed here too, and people who are not found, are told and left alone;
    /// the exit code is then 1
    #[arg(long, value_name = "CORRECTED", conflicts_with_all = ["unsafe", "rules", "fills"])]
    merge: Option<PathBuf>,

    /// Applies the fixes of this rule only; may be given several times
    #[arg(long = "rule", value_name = "CODE")]
    rules: Vec<String>,

    /// Fills blank cells of a column from others before anything is fixed, such as "Login={Last Name}{Employee ID}";
    /// `+plain` at the end leaves only small letters and digits
    #[arg(long = "fill", value_name = "COLUMN=PATTERN")]
    fills: Vec<String>,

    /// Does what a recipe says, and nothing else: the fixes and mappings that were kept from an earlier roster. Says
    /// where this one is not as that was
    #[arg(long, value_name = "RECIPE", conflicts_with_all = ["rules", "unsafe", "merge"])]
    recipe: Option<PathBuf>,

    /// Puts another value into a column first, as in "Country:UK=GB"; may be given several times
    #[arg(long = "map-value", value_name = "COLUMN:FROM=TO", value_parser = replacement, conflicts_with = "merge")]
    map_values: Vec<Replacement>,

    #[command(flatten)]
    shared: Shared,
}

/// A value of a column and what it becomes.
#[derive(Debug, Clone)]
struct Replacement {
    column: String,
    from: String,
    to: String,
}

fn replacement(text: &str) -> Result<Replacement, String> {
    let parts = text.split_once('=').and_then(|(left, to)| Some((left.split_once(':')?, to)));
    match parts {
        Some(((column, from), to)) if !column.is_empty() && !from.trim().is_empty() => {
            let (column, from) = (column.trim().to_owned(), from.trim().to_owned());
            Ok(Replacement { column, from, to: to.to_owned() })
        }
        _ => Err("it needs a column, a value and another: COLUMN:FROM=TO".into()),
    }
}

#[derive(Serialize)]
struct Report {
    out: String,
    format: &'static str,
    people: usize,
    /// People with a cell that was changed, and those taken out or put in.
    changed_people: usize,
    changes: Vec<Changed>,
    /// Where the roster is not as the one that the recipe was made of, each a sentence.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    drift: Vec<String>,
    /// What is left to be found in the new file.
    counts: Counts,
}

#[derive(Serialize)]
struct Changed {
    /// `set`, `remove`, `add`, `rename`; of columns: `move`, `add-column`, `drop-column`.
    did: &'static str,
    rules: Vec<String>,
    line: Option<u32>,
    column: Option<String>,
    key: Option<String>,
    before: String,
    after: String,
    #[serde(skip)]
    place: (u8, usize, usize),
}

pub fn run(mut asked: Asked, page: &mut Page) -> Outcome<Exit> {
    let format = may_be_written(&asked.out, ExportFormat::OF_ROSTER, asked.replace)?;
    if let Some(code) = asked.rules.iter().find(|code| rule_index(code).is_none()) {
        return Err(no_rule(code));
    }
    let recipe = asked.recipe.as_deref().map(recipe::read).transpose()?;
    asked.shared.of_recipe = recipe.as_ref().map(recipe::uses).unwrap_or_default();
    let opened = open(&asked.shared, &asked.roster.file, asked.against.as_deref())?;
    if let Some(corrected) = &asked.merge {
        return super::merge::run(opened, corrected, (&asked.out, format), asked.replace, page);
    }
    let (mut checker, _) = opened.check()?;
    let mut mended = Mended::default();
    mended.fill(&mut checker, &asked)?;
    mended.replace(&mut checker, &asked)?;
    let drift = match &recipe {
        Some(recipe) => recipe::follow(&mut mended, &mut checker, recipe)?,
        None => {
            mended.fix_as_asked(&mut checker, &asked)?;
            Vec::new()
        }
    };
    mended.edits = joined(mended.edits);
    let roster = &checker.scene().roster;
    let format = write_table(&asked.out, format, &roster.table, asked.replace)?;
    let changes = mended.told(roster);
    let report = Report {
        out: asked.out.display().to_string(),
        format,
        people: roster.table.len(),
        changed_people: muster_engine::edit::rows_of(&mended.edits).len(),
        changes,
        drift,
        counts: checker.counts(),
    };
    if page.is_json() {
        page.json(&report);
    } else {
        print(&report, page);
    }
    Ok(Exit::Fine)
}

/// Rules that tell what the LMS would do with a change that may well be meant.
const MEANT: [&str; 3] = ["person-missing", "membership-lost", "value-cleared"];

/// What an edit is about, to tell which rules asked for it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Cell(u32, u32),
    Row(u32),
    Name(u32),
    Order,
    Column(String),
    Somebody(Vec<String>),
}

impl Place {
    fn of(edit: &Edit) -> Place {
        match edit {
            Edit::Set { row, column, .. } => Place::Cell(*row, *column),
            Edit::Remove { row, .. } => Place::Row(*row),
            Edit::Rename { column, .. } => Place::Name(*column),
            Edit::Move { .. } => Place::Order,
            Edit::Add { name, .. } | Edit::Drop { name, .. } => Place::Column(name.clone()),
            Edit::Insert { cells, .. } => Place::Somebody(cells.clone()),
        }
    }
}

/// Everything that was changed, and on whose word.
#[derive(Default)]
pub struct Mended {
    edits: Vec<Edit>,
    rules: BTreeMap<Place, Vec<String>>,
}

impl Mended {
    /// Applies fixes until none is left.
    fn fix_as_asked(&mut self, checker: &mut Checker, asked: &Asked) -> Outcome<()> {
        let wanted = |checker: &Checker| Ok(wanted(checker, asked));
        let edits = worksheet::rounds(
            checker,
            &wanted,
            |round, fixes| {
                self.note(&round.edits, fixes);
            },
            &|_| true,
        )?;
        self.edits.extend(edits);
        Ok(())
    }

    /// Makes edits on the word of `whose`.
    pub fn make(&mut self, checker: &mut Checker, edits: Vec<Edit>, whose: &str) -> Outcome<()> {
        for edit in &edits {
            self.rules.entry(Place::of(edit)).or_default().push(whose.to_owned());
        }
        checker.apply(&edits)?;
        checker.settle();
        self.edits.extend(edits);
        Ok(())
    }

    fn fill(&mut self, checker: &mut Checker, asked: &Asked) -> Outcome<()> {
        for fill in &asked.fills {
            let edits = filled(&checker.scene().roster, fill)?;
            checker.apply(&edits)?;
            checker.settle();
            self.edits.extend(edits);
        }
        Ok(())
    }

    fn replace(&mut self, checker: &mut Checker, asked: &Asked) -> Outcome<()> {
        for Replacement { column, from, to } in &asked.map_values {
            let roster = &checker.scene().roster;
            let form = header_form(column);
            let found = roster.columns.iter().find(|c| c.form == form);
            let missing = || Failure::state(format!("there is no column `{column}`"));
            let map = ValueMap::from([(from.clone(), to.clone())]);
            let change = worksheet::map_values(roster, found.ok_or_else(missing)?, map, true)?;
            self.make(checker, change.edits, "map-value")?;
        }
        Ok(())
    }

    fn note(&mut self, edits: &[Edit], fixes: &[(String, Fix)]) {
        let mut asked_for: BTreeMap<Place, Vec<(&str, &Edit)>> = BTreeMap::new();
        for (rule, fix) in fixes {
            for edit in &fix.edits {
                asked_for.entry(Place::of(edit)).or_default().push((rule, edit));
            }
        }
        for edit in edits {
            let Some(all) = asked_for.get(&Place::of(edit)) else { continue };
            // Of two rules that ask for different things of one cell, the one that got its way.
            let same = all.iter().filter(|(_, e)| *e == edit || !matches!(e, Edit::Set { .. }));
            let rules = self.rules.entry(Place::of(edit)).or_default();
            for (rule, _) in same {
                if !rules.iter().any(|r| r == rule) {
                    rules.push((*rule).to_owned());
                }
            }
        }
    }

    /// Column names first, then in the order of the file, then people who were put in.
    fn told(&self, roster: &Roster) -> Vec<Changed> {
        // From the last to the first, so that each is told with the columns where it found them.
        let mut columns: Vec<Shown> = roster.columns.iter().map(Shown::of).collect();
        let mut changes: Vec<Changed> = Vec::new();
        for edit in self.edits.iter().rev() {
            changes.push(self.tell(roster, &columns, edit));
            step_back(&mut columns, edit);
        }
        changes.reverse();
        changes.sort_by_key(|change| change.place);
        changes
    }

    fn tell(&self, roster: &Roster, columns: &[Shown], edit: &Edit) -> Changed {
        let rules = self.rules.get(&Place::of(edit)).cloned().unwrap_or_default();
        let column = |at: u32| columns.get(at as usize);
        let mut changed = Changed {
            did: "set",
            rules,
            line: None,
            column: None,
            key: None,
            before: String::new(),
            after: String::new(),
            place: (1, 0, 0),
        };
        match edit {
            Edit::Set { row, column: at, before, after } => {
                changed.line = roster.table.line(*row);
                changed.column = column(*at).map(|c| c.name.clone());
                changed.key = Some(roster.key_text(*row).into_owned());
                changed.before = shown(column(*at), before);
                changed.after = shown(column(*at), after);
                changed.place = (1, *row as usize, *at as usize);
            }
            Edit::Remove { row, .. } => {
                changed.did = "remove";
                changed.line = roster.table.line(*row);
                changed.key = Some(roster.key_text(*row).into_owned());
                changed.before = roster.name(*row);
                changed.place = (1, *row as usize, 0);
            }
            Edit::Insert { row, .. } => {
                changed.did = "add";
                changed.key = Some(roster.key_text(*row).into_owned());
                changed.after = roster.name(*row);
                changed.place = (2, *row as usize, 0);
            }
            Edit::Rename { column: at, before, after } => {
                changed.did = "rename";
                changed.column = Some(before.clone());
                (changed.before, changed.after) = (before.clone(), after.clone());
                changed.place = (0, *at as usize, 0);
            }
            Edit::Move { from, to } => {
                changed.did = "move";
                changed.column = column(*to).map(|c| c.name.clone());
                (changed.before, changed.after) = ((from + 1).to_string(), (to + 1).to_string());
                changed.place = (0, *to as usize, 1);
            }
            Edit::Add { at, name, .. } => {
                changed.did = "add-column";
                changed.column = Some(name.clone());
                changed.after.clone_from(name);
                changed.place = (0, *at as usize, 2);
            }
            Edit::Drop { at, name, .. } => {
                changed.did = "drop-column";
                changed.column = Some(name.clone());
                changed.before.clone_from(name);
                changed.place = (0, *at as usize, 2);
            }
        }
        changed
    }
}

/// A column as a change names it.
struct Shown {
    name: String,
    secret: bool,
}

impl Shown {
    fn of(column: &Column) -> Shown {
        Shown { name: column.name.clone(), secret: column.is_secret() }
    }
}

/// Puts the columns where they were before an edit.
fn step_back(columns: &mut Vec<Shown>, edit: &Edit) {
    match edit {
        Edit::Move { from, to } => {
            let column = columns.remove(*to as usize);
            columns.insert(*from as usize, column);
        }
        Edit::Add { at, .. } => {
            columns.remove(*at as usize);
        }
        Edit::Drop { at, name, .. } => {
            columns.insert(*at as usize, Shown { name: name.clone(), secret: false });
        }
        _ => {}
    }
}

fn shown(column: Option<&Shown>, cell: &str) -> String {
    let secret = column.is_some_and(|column| column.secret) && !cell.is_empty();
    if secret { MASK.into() } else { cell.to_owned() }
}

/// `Login={Last Name}{Employee ID}+plain`.
fn filled(roster: &Roster, fill: &str) -> Outcome<Vec<Edit>> {
    let missing = |what: String| Failure::state(what).hint("Write --fill \"COLUMN=PATTERN\".");
    let (name, pattern) = fill
        .split_once('=')
        .ok_or_else(|| missing(format!("`{fill}` does not say which column is to be filled")))?;
    let column =
        roster.columns.iter().find(|c| c.name == name.trim() || c.form == header_form(name));
    let column = column.ok_or_else(|| missing(format!("there is no column `{}`", name.trim())))?;
    let (pattern, plain) = match pattern.strip_suffix("+plain") {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let (column, pattern) = (column.at as u32, pattern.to_owned());
    let fill = Fill { column, pattern, only_blank: true, plain };
    // Who names a column here has nothing to unlock first.
    Ok(worksheet::fill(roster, &fill, true, &|_| true)?.change.edits)
}

/// The fixes that may be made now: safe ones as long as there are any, so that an unsafe one never goes before.
fn wanted(checker: &Checker, asked: &Asked) -> Vec<(String, Fix)> {
    let wanted = |rule: &String| match asked.rules.as_slice() {
        [] => !MEANT.contains(&rule.as_str()),
        named => named.contains(rule),
    };
    let all = checker.all_findings().into_iter().filter(|f| wanted(&f.rule));
    let all = all.filter_map(|f| Some((f.rule, f.fix?)));
    let (safe, others): (Vec<_>, Vec<_>) = all.partition(|(_, fix)| fix.safety == Safety::Safe);
    if asked.r#unsafe && safe.is_empty() { others } else { safe }
}

fn print(report: &Report, page: &mut Page) {
    for change in &report.changes {
        let rules = if change.rules.is_empty() { "filled".into() } else { change.rules.join(", ") };
        page.line(format!("{} ({rules})", line(change)));
    }
    if !report.changes.is_empty() {
        page.line("");
    }
    page.line(format!(
        "{}: {}, {}; {} for {}",
        report.out,
        people(report.people),
        report.format,
        counted(report.changes.len(), "change", "changes"),
        people(report.changed_people),
    ));
    for line in &report.drift {
        page.line(format!("Not as before: {line}"));
    }
    page.line(format!("Left to look at: {}", said(&report.counts)));
}

fn line(change: &Changed) -> String {
    let line = change.line.map_or(String::new(), |line| format!("line {line}"));
    let (before, after) = (quoted(&change.before), quoted(&change.after));
    match change.did {
        "remove" => format!("− {line}: {before}"),
        "add" => format!("+ {after}"),
        "rename" => format!("~ column {before} → {after}"),
        "move" => {
            let name = quoted(change.column.as_deref().unwrap_or_default());
            format!("~ column {name}: place {} → {}", change.before, change.after)
        }
        "add-column" => format!("+ column {after}"),
        "drop-column" => format!("− column {before}"),
        _ => {
            let column = change.column.as_deref().unwrap_or_default();
            format!("~ {line}, {column}: {before} → {after}")
        }
    }
}
