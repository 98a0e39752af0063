//! Fixes: which findings are meant, what would change, and the one step that does it.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::Engine;
use super::editing::{CellChange, Edited, FixPreview, FixScope};
use super::open_job::OpenJob;
use super::problems::known_rule;
use super::work::Working;
use muster_roster::finding::{Finding, Fix, Safety};
use muster_rules::mending::{Round, joined};
use muster_rules::recipe::Step;
use muster_rules::rules::RULES;
use muster_table::edit::{Edit, rows_of};
use muster_table::error::{Failure, Outcome};
use muster_table::words::{MASK, people};

/// The most changes that a preview lists.
const MOST_SHOWN: usize = 500;

/// A cell with two fixes is looked at again after the first; more rounds than this mean that fixes undo each other.
const MOST_ROUNDS: usize = 8;

impl Engine {
    /// What a fix would change, before it does.
    pub fn preview_fix(&self, scope: FixScope) -> Outcome<FixPreview> {
        self.changing(|job, working| {
            let mended = job.mended(&scope, working)?;
            Ok(FixPreview {
                title: job.title(&mended),
                cells: count_sets(&mended.edits),
                people: rows_of(&mended.edits).len() as u32,
                safe: mended.safe,
                changes: job.changes_shown(&mended.edits),
            })
        })
    }

    /// Applies a fix, as one step.
    pub fn apply_fix(&self, scope: FixScope) -> Outcome<Edited> {
        self.changing(|job, working| self.fix(job, working, &scope))
    }

    pub(super) fn fix(
        &self,
        job: &mut OpenJob,
        working: &Working,
        scope: &FixScope,
    ) -> Outcome<Edited> {
        let mended = job.mended(scope, working)?;
        let sentence = job.title(&mended);
        let general = job.general_of(scope).into_iter().collect();
        self.make_general(job, working, sentence.clone(), mended.edits.clone(), general)?;
        Ok(job.edited(sentence, &mended.edits))
    }
}

/// The fixes of a scope, put together.
struct Mended {
    rule: u8,
    edits: Vec<Edit>,
    /// What each fix is called, and how many are called so.
    titles: BTreeMap<String, usize>,
    safe: u32,
}

impl OpenJob {
    /// A fix of one person's cell is meant for that person.
    fn general_of(&self, scope: &FixScope) -> Option<Step> {
        if scope.row.is_some() {
            return None;
        }
        let name = |at: u32| self.roster().columns.get(at as usize).map(|c| c.name.clone());
        Some(Step::Fix {
            rule: scope.rule.clone(),
            column: scope.column.and_then(name),
            value: scope.value.clone(),
            safe_only: scope.safe_only,
        })
    }

    fn mended(&mut self, scope: &FixScope, working: &Working) -> Outcome<Mended> {
        working.step("Working out what changes", 0);
        let rule = known_rule(&scope.rule)?;
        let mut mended = Mended { rule, edits: Vec::new(), titles: BTreeMap::new(), safe: 0 };
        let mut meant = self.meant(rule, scope, working)?;
        let mut done = 0;
        let mut stopped = Ok(());
        for _ in 0..MOST_ROUNDS {
            let round = Round::of(self.table(), meant);
            if round.edits.is_empty() {
                break;
            }
            for title in round.titles {
                *mended.titles.entry(title).or_default() += 1;
            }
            mended.safe += round.safe;
            mended.edits.extend(round.edits);
            if round.waiting.is_empty() {
                break;
            }
            // What waits can only be told once the first fix has been made; it is taken back below.
            let upto = mended.edits.len();
            stopped = self.checker.apply_while(&mended.edits[done..upto], &|_| working.told(0));
            if stopped.is_err() {
                break;
            }
            done = upto;
            meant = self.meant_in(rule, scope, &round.waiting);
        }
        let back: Vec<Edit> = mended.edits[..done].iter().rev().map(Edit::inverse).collect();
        self.checker.apply(&back).inspect_err(|_| self.broken = true)?;
        if done > 0 {
            self.checker.settle();
        }
        stopped?;
        mended.edits = joined(mended.edits);
        if mended.edits.is_empty() {
            return Err(Failure::state("there is nothing here that can be fixed by itself")
                .hint("Change the cells by hand."));
        }
        Ok(mended)
    }

    fn meant(&self, rule: u8, scope: &FixScope, working: &Working) -> Outcome<Vec<Fix>> {
        Ok(match scope.row {
            Some(row) => self.meant_in(rule, scope, &FxHashSet::from_iter([row])),
            None => fixes(self.findings_of(rule, &|_| working.told(0))?, scope),
        })
    }

    fn meant_in(&self, rule: u8, scope: &FixScope, rows: &FxHashSet<u32>) -> Vec<Fix> {
        let mut rows: Vec<u32> = rows.iter().copied().collect();
        rows.sort_unstable();
        let mut found: Vec<Finding> =
            rows.into_iter().flat_map(|row| self.checker.findings(row)).collect();
        found.retain(|f| f.rule == RULES[rule as usize].code);
        fixes(found, scope)
    }

    /// "Fix 7 people: `Markting` → `Marketing`".
    fn title(&self, mended: &Mended) -> String {
        let rows = rows_of(&mended.edits);
        let sets = count_sets(&mended.edits);
        let what = match mended.titles.iter().next() {
            Some((title, _)) if mended.titles.len() == 1 => title.as_str(),
            _ => RULES[mended.rule as usize].title,
        };
        let whom = match (rows.iter().next(), rows.len()) {
            (Some(&row), 1) if sets > 0 => self.who(row),
            (None, _) => "the column names".into(),
            (_, count) => people(count),
        };
        format!("Fix {whom}: {what}")
    }

    pub(super) fn changes_shown(&self, edits: &[Edit]) -> Vec<CellChange> {
        let roster = self.roster();
        let change = |row: Option<u32>, column: &str, before: String, after: String| CellChange {
            row: row.unwrap_or(u32::MAX),
            line: row.and_then(|row| roster.table.line(row)),
            name: row.map_or(String::new(), |row| roster.name(row)),
            key: row.map_or(String::new(), |row| roster.key_text(row).into_owned()),
            column: column.to_owned(),
            before,
            after,
        };
        let told = |edit: &Edit| match edit {
            Edit::Set { row, column, before, after } => {
                let column = &roster.columns[*column as usize];
                let shown = |cell: &String| {
                    if column.is_secret() && !cell.is_empty() { MASK.into() } else { cell.clone() }
                };
                change(Some(*row), &column.name, shown(before), shown(after))
            }
            Edit::Remove { row, .. } => {
                change(Some(*row), "", roster.name(*row), "taken out of the list".into())
            }
            Edit::Insert { cells, .. } => {
                let seen = |c: &&muster_roster::roster::Column| !c.is_secret();
                let cells = roster.columns.iter().filter(seen).filter_map(|c| cells.get(c.at));
                let filled: Vec<&str> =
                    cells.map(String::as_str).filter(|cell| !cell.is_empty()).collect();
                CellChange { row: 0, ..change(None, "", String::new(), filled.join(", ")) }
            }
            Edit::Rename { before, after, .. } => {
                CellChange { row: 0, ..change(None, before, before.clone(), after.clone()) }
            }
            Edit::Move { from, to } => {
                let name = roster.columns.get(*from as usize).map_or("", |c| &c.name);
                let place = |at: &u32| format!("column {}", at + 1);
                CellChange { row: 0, ..change(None, name, place(from), place(to)) }
            }
            Edit::Add { at, name, cells, .. } => {
                let filled = match cells.len() {
                    0 => String::new(),
                    count => format!(", filled for {}", people(count)),
                };
                let after = format!("column {}{filled}", at + 1);
                CellChange { row: 0, ..change(None, name, String::new(), after) }
            }
            Edit::Drop { at, name, .. } => {
                let before = format!("column {}", at + 1);
                CellChange { row: 0, ..change(None, name, before, "taken out".into()) }
            }
        };
        edits.iter().take(MOST_SHOWN).map(told).collect()
    }
}

fn fixes(found: Vec<Finding>, scope: &FixScope) -> Vec<Fix> {
    found
        .into_iter()
        .filter(|f| scope.value.as_ref().is_none_or(|value| f.value == *value))
        .filter(|f| scope.row.is_none() || f.row == scope.row)
        .filter(|f| scope.column.is_none() || f.column == scope.column)
        .filter_map(|f| f.fix)
        .filter(|fix| !scope.safe_only || fix.safety == Safety::Safe)
        .collect()
}

fn count_sets(edits: &[Edit]) -> u32 {
    edits.iter().filter(|edit| matches!(edit, Edit::Set { .. })).count() as u32
}
