//! `muster fix`: applies fixes and writes a new file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use muster_engine::checker::Checker;
use muster_engine::edit::Edit;
use muster_engine::error::{Failure, Result};
use muster_engine::export::{self, ExportFormat};
use muster_engine::finding::Counts;
use muster_engine::fix_batch::joined;
use muster_engine::narrow::place;
use muster_engine::profile::header_form;
use muster_engine::roster::Roster;
use muster_engine::rules::{CheckContext, rule_index};
use muster_engine::store::own_files::Readers;
use muster_engine::value_map::ValueMap;
use muster_engine::worksheet::{self, Change, EditKind, EditView, Fill, FixAll, Place};
use serde::Serialize;

use crate::arguments::{self, Against, Shared};
use crate::commands::check::in_words;
use crate::commands::copy::{may_be_written, must_be_new, now, write_table};
use crate::commands::recipe;
use crate::commands::rules::no_rule;
use crate::exit::{Exit, complain};
use crate::of_account::OfAccount;
use crate::opening::open;
use crate::page::{Page, counted, people, quoted};

/// Applies safe fixes, writes a new file, and says what it changed
#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    roster: arguments::Roster,

    /// The new file: .xlsx for a workbook; .csv, .tsv, .txt, .tab or no ending for text
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// Puts the new file in the place of one that is there
    #[arg(long)]
    replace: bool,

    /// What the LMS has: an earlier export, or `none` where all of these are new
    #[arg(long, value_name = "SNAPSHOT", value_parser = Against::read)]
    against: Option<Against>,

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

    /// Makes the other steps of a recipe where one cannot be made, as it names what is not there or is locked
    #[arg(long, requires = "recipe")]
    partly: bool,

    /// Lets a recipe change who is who: the column that says so, and others of which each value is one person's own
    #[arg(long, requires = "recipe")]
    unlock_key: bool,

    /// Puts another value into a column first, as in "Country:UK=GB"; may be given several times
    #[arg(long = "map-value", value_name = "COLUMN:FROM=TO", value_parser = replacement, conflicts_with = "merge")]
    map_values: Vec<Replacement>,

    #[command(flatten)]
    shared: Shared,
}

impl Options {
    /// All files that were given.
    fn files(&self) -> Vec<&Path> {
        let older = self.against.as_ref().and_then(Against::file);
        let named =
            [Some(&*self.roster.file), older, self.merge.as_deref(), self.recipe.as_deref()];
        named.into_iter().flatten().chain(self.shared.files()).collect()
    }
}

/// A value of a column and what it becomes.
#[derive(Debug, Clone)]
pub struct Replacement {
    pub column: String,
    pub from: String,
    pub to: String,
}

pub fn replacement(text: &str) -> Result<Replacement, String> {
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
    /// How many problems the fixes mended.
    mended: u32,
    /// What was done, each a sentence, as the window's list of steps has it.
    steps: Vec<String>,
    /// Where the roster is not as the one that the recipe was made of, each a sentence.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    drift: Vec<String>,
    /// What is left to be found in the new file.
    counts: Counts,
    /// Whether the new file was read whole and nothing is doubted.
    understood: bool,
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
}

pub fn run(mut options: Options, page: &mut Page) -> Result<Exit> {
    crate::named_by_hand::must_be_one(&options.shared)?;
    must_be_new(&options.out, &options.files())?;
    let format = may_be_written(&options.out, ExportFormat::OF_ROSTER, options.replace)?;
    if let Some(code) = options.rules.iter().find(|code| rule_index(code).is_none()) {
        return Err(no_rule(code));
    }
    let recipe = match &options.recipe {
        Some(named) => Some(recipe::of(named, &options.shared)?),
        None => None,
    };
    options.shared.recipe.clone_from(&recipe);
    options.shared.key_unlocked = options.unlock_key;
    let opened = open(&options.shared, &options.roster.file, options.against.as_ref())?;
    if let Some(corrected) = &options.merge {
        return super::merge::run(opened, corrected, (&options.out, format), options.replace, page);
    }
    let (mut checker, about) = opened.check()?;
    let mut mended = Mended::default();
    mended.fill(&mut checker, &options)?;
    if let Some(account) = &about.account {
        mended.replace_as_before(&mut checker, account)?;
    }
    mended.replace(&mut checker, &options)?;
    let drift = match &recipe {
        Some(recipe) => {
            let unlocked = options.unlock_key;
            let drift =
                recipe::follow(&mut mended, &mut checker, recipe, &about.columns, unlocked)?;
            if let Some(refused) = drift.refused().filter(|_| !options.partly) {
                complain(&refused);
                return Ok(Exit::Refused);
            }
            drift.told
        }
        None => {
            mended.fix_as_asked(&mut checker, &options)?;
            Vec::new()
        }
    };
    mended.edits = joined(mended.edits);
    let roster = &checker.context().roster;
    let readers = Readers::of(roster.has_secrets());
    let written = export::write_to_be_read(&roster.table, format, now())?;
    let format = write_table(&options.out, &written, (options.replace, readers))?;
    let changes = mended.changes(roster);
    let report = Report {
        out: options.out.display().to_string(),
        format,
        people: roster.table.len(),
        changed_people: muster_engine::edit::rows_of(&mended.edits).len(),
        changes,
        mended: mended.problems,
        steps: mended.steps,
        drift,
        counts: checker.counts(),
        understood: checker.is_understood(),
    };
    if page.is_json() {
        page.json(&report);
    } else {
        print(&report, page);
    }
    Ok(Exit::Fine)
}

/// Everything that was changed, and on whose word.
#[derive(Default)]
pub struct Mended {
    edits: Vec<Edit>,
    rules: BTreeMap<Place, Vec<String>>,
    /// What was done, each a sentence.
    steps: Vec<String>,
    /// How many problems fixes mended.
    problems: u32,
}

impl Mended {
    /// Applies fixes until none is left.
    fn fix_as_asked(&mut self, checker: &mut Checker, options: &Options) -> Result<()> {
        let wanted = FixAll { rules: options.rules.clone(), safe_only: !options.r#unsafe };
        let made = worksheet::fix_all(checker, &wanted, &|_| true)?;
        for (at, edit) in made.edits.iter().enumerate() {
            let rules = self.rules.entry(Place::of(edit)).or_default();
            for rule in made.asked_by(at) {
                if !rules.iter().any(|known| known == rule) {
                    rules.push(rule.to_owned());
                }
            }
        }
        self.edits.extend(made.edits);
        self.steps.extend(made.steps);
        self.problems += made.problems;
        Ok(())
    }

    /// Makes a change on the word of `whose`.
    pub fn make(&mut self, checker: &mut Checker, change: Change, whose: &str) -> Result<()> {
        let Change { sentence, edits, .. } = change;
        for edit in &edits {
            self.rules.entry(Place::of(edit)).or_default().push(whose.to_owned());
        }
        self.done(checker, sentence, edits)
    }

    fn done(&mut self, checker: &mut Checker, sentence: String, edits: Vec<Edit>) -> Result<()> {
        if edits.is_empty() {
            return Ok(());
        }
        checker.apply(&edits)?;
        checker.flush();
        self.edits.extend(edits);
        self.steps.push(sentence);
        Ok(())
    }

    fn fill(&mut self, checker: &mut Checker, options: &Options) -> Result<()> {
        for fill in &options.fills {
            // Its cells are nobody's word but the person's own.
            let name = fill.split_once('=').map_or("", |(name, _)| name);
            if let Some(Change { sentence, edits, .. }) =
                worksheet::column_to_fill(checker.context(), name)
            {
                self.done(checker, sentence, edits)?;
            }
            let Change { sentence, edits, .. } = filled(checker.context(), fill)?;
            self.done(checker, sentence, edits)?;
        }
        Ok(())
    }

    /// Makes the replacements that the account keeps.
    fn replace_as_before(&mut self, checker: &mut Checker, account: &OfAccount) -> Result<()> {
        for (column, map) in account.replacements(&checker.context().roster) {
            let change = worksheet::map_values(&checker.context().roster, &column, map, true)?;
            self.make(checker, change, "map-value")?;
        }
        Ok(())
    }

    fn replace(&mut self, checker: &mut Checker, options: &Options) -> Result<()> {
        for Replacement { column, from, to } in &options.map_values {
            let roster = &checker.context().roster;
            let form = header_form(column);
            let found = roster.columns.iter().find(|c| c.form == form);
            let missing = || Failure::state(format!("there is no column `{column}`"));
            let map = ValueMap::from([(from.clone(), to.clone())]);
            let change = worksheet::map_values(roster, found.ok_or_else(missing)?, map, true)?;
            self.make(checker, change, "map-value")?;
        }
        Ok(())
    }

    /// Column names first, then in the order of the file, then people who were put in.
    fn changes(&self, roster: &Roster) -> Vec<Changed> {
        let mut views = worksheet::views_after(roster, &self.edits);
        let mut changes: Vec<(EditView, &Edit)> = views.drain(..).zip(&self.edits).collect();
        changes.sort_by_key(|(view, _)| view.place);
        changes.into_iter().map(|(view, edit)| self.changed(view, edit)).collect()
    }

    fn changed(&self, view: EditView, edit: &Edit) -> Changed {
        let did = match view.did {
            EditKind::Set => "set",
            EditKind::Remove => "remove",
            EditKind::Insert { .. } => "add",
            EditKind::Rename => "rename",
            EditKind::Move { .. } => "move",
            EditKind::AddColumn { .. } => "add-column",
            EditKind::DropColumn { .. } => "drop-column",
        };
        Changed {
            did,
            rules: self.rules.get(&Place::of(edit)).cloned().unwrap_or_default(),
            line: view.line,
            column: view.column,
            key: view.key,
            before: view.before,
            after: view.after,
        }
    }
}

/// `Login={Last Name}{Employee ID}+plain`.
fn filled(context: &CheckContext, fill: &str) -> Result<Change> {
    let roster = &context.roster;
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
    let (column, pattern) = (place(column.at), pattern.to_owned());
    let fill = Fill { column, field: None, pattern, only_blank: true, plain };
    // Who names a column here has nothing to unlock first.
    Ok(worksheet::fill(context, &fill, true, &|_| true)?.change)
}

fn print(report: &Report, page: &mut Page) {
    for change in &report.changes {
        let rules = if change.rules.is_empty() { "filled".into() } else { change.rules.join(", ") };
        page.line(format!("{} ({rules})", line(change)));
    }
    if !report.changes.is_empty() {
        page.line("");
    }
    let changes = counted(report.changes.len(), "change", "changes");
    let done = match report.mended {
        0 => changes,
        mended => {
            format!("{} mended by {changes}", counted(mended as usize, "problem", "problems"))
        }
    };
    page.line(format!(
        "{}: {}, {}; {done} for {}",
        report.out,
        people(report.people),
        report.format,
        people(report.changed_people),
    ));
    for line in &report.drift {
        page.line(format!("Not as before: {line}"));
    }
    page.line(format!("Left to look at: {}", in_words(&report.counts)));
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
