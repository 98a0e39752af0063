//! Fixes: which findings are meant, what would change, and the one step that does it.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::editing::{CellChange, Edited, FixPreview, FixScope};
use super::making::rows_of;
use super::open_job::OpenJob;
use super::problems::known_rule;
use super::rows::MASK;
use super::{Engine, people};
use crate::edit::Edit;
use crate::error::{Failure, Outcome};
use crate::finding::{Finding, Fix, Safety};
use crate::rules::RULES;

/// The most changes that a preview lists.
const MOST_SHOWN: usize = 500;

/// A cell with two fixes is looked at again after the first; more rounds than this mean that fixes undo each other.
const MOST_ROUNDS: usize = 8;

impl Engine {
    /// What a fix would change, before it does.
    pub fn preview_fix(&self, scope: FixScope) -> Outcome<FixPreview> {
        self.changing(|job| {
            let mended = job.mended(&scope)?;
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
        self.changing(|job| {
            let mended = job.mended(&scope)?;
            let sentence = job.title(&mended);
            self.make(job, sentence.clone(), mended.edits.clone())?;
            Ok(job.edited(sentence, &mended.edits))
        })
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
    fn mended(&mut self, scope: &FixScope) -> Outcome<Mended> {
        let rule = known_rule(&scope.rule)?;
        let mut mended = Mended { rule, edits: Vec::new(), titles: BTreeMap::new(), safe: 0 };
        let mut meant = self.meant(rule, scope);
        let mut done = 0;
        for _ in 0..MOST_ROUNDS {
            let round = Round::of(self, meant);
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
            self.try_out(&mended.edits[done..upto])?;
            done = upto;
            meant = self.meant_in(rule, scope, &round.waiting);
        }
        let back: Vec<Edit> = mended.edits[..done].iter().rev().map(Edit::inverse).collect();
        self.try_out(&back)?;
        if done > 0 {
            self.checker.settle();
        }
        mended.edits = joined(mended.edits);
        if mended.edits.is_empty() {
            return Err(Failure::state("there is nothing here that can be fixed by itself")
                .hint("Change the cells by hand."));
        }
        Ok(mended)
    }

    fn try_out(&mut self, edits: &[Edit]) -> Outcome<()> {
        self.checker.apply(edits).inspect_err(|_| self.broken = true)
    }

    fn meant(&self, rule: u8, scope: &FixScope) -> Vec<Fix> {
        match scope.row {
            Some(row) => self.meant_in(rule, scope, &FxHashSet::from_iter([row])),
            None => fixes(self.findings_of(rule), scope),
        }
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

    fn changes_shown(&self, edits: &[Edit]) -> Vec<CellChange> {
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
                let seen = |c: &&crate::roster::Column| !c.is_secret();
                let cells = roster.columns.iter().filter(seen).filter_map(|c| cells.get(c.at));
                let filled: Vec<&str> =
                    cells.map(String::as_str).filter(|cell| !cell.is_empty()).collect();
                CellChange { row: 0, ..change(None, "", String::new(), filled.join(", ")) }
            }
            Edit::Rename { before, after, .. } => {
                CellChange { row: 0, ..change(None, before, before.clone(), after.clone()) }
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

/// The fixes that can be made at once: no two of them touch the same cell.
#[derive(Default)]
struct Round {
    edits: Vec<Edit>,
    titles: Vec<String>,
    safe: u32,
    /// The rows of fixes that have to wait for another of the same cell.
    waiting: FxHashSet<u32>,
}

impl Round {
    fn of(job: &OpenJob, fixes: Vec<Fix>) -> Round {
        let mut round = Round::default();
        let mut taken: FxHashMap<Place, Edit> = FxHashMap::default();
        let (mut sets, mut inserts, mut removes) = (Vec::new(), Vec::new(), Vec::new());
        for fix in fixes {
            let places = || fix.edits.iter().map(Place::of);
            if fix.edits.iter().all(|edit| taken.get(&Place::of(edit)) == Some(edit))
                && !fix.edits.iter().any(|edit| matches!(edit, Edit::Insert { .. }))
            {
                // Two rows tell of the same exchange.
                continue;
            }
            if places().any(|place| taken.contains_key(&place)) {
                round.waiting.extend(rows_of(&fix.edits));
                continue;
            }
            for edit in fix.edits {
                match edit {
                    Edit::Insert { .. } => inserts.push(edit),
                    _ => {
                        taken.insert(Place::of(&edit), edit.clone());
                        if let Edit::Remove { row, .. } = edit {
                            removes.push(row);
                        } else {
                            sets.push(edit);
                        }
                    }
                }
            }
            round.titles.push(fix.title);
            round.safe += u32::from(fix.safety == Safety::Safe);
        }
        round.edits = in_order(job, sets, inserts, &removes);
        round
    }
}

/// What two fixes may not both change.
#[derive(PartialEq, Eq, Hash)]
enum Place {
    Cell(u32, u32),
    Row(u32),
    Name(u32),
    /// Somebody who is put in stands in nobody's way.
    Free,
}

impl Place {
    fn of(edit: &Edit) -> Place {
        match edit {
            Edit::Set { row, column, .. } => Place::Cell(*row, *column),
            Edit::Remove { row, .. } => Place::Row(*row),
            Edit::Rename { column, .. } => Place::Name(*column),
            Edit::Insert { .. } => Place::Free,
        }
    }
}

/// Cells first, then people taken out from the last to the first, then people put in, each with an id of its own.
fn in_order(job: &OpenJob, sets: Vec<Edit>, inserts: Vec<Edit>, removes: &[u32]) -> Vec<Edit> {
    let table = job.table();
    let gone: FxHashSet<u32> = removes.iter().copied().collect();
    let mut edits: Vec<Edit> = sets;
    edits.retain(|edit| !matches!(edit, Edit::Set { row, .. } if gone.contains(row)));
    if !gone.is_empty() {
        let places: Vec<(usize, u32)> =
            table.rows().enumerate().filter(|(_, row)| gone.contains(row)).collect();
        edits.extend(places.into_iter().rev().map(|(at, row)| Edit::Remove {
            row,
            at: at as u32,
            cells: table.row(row),
        }));
    }
    let left = (table.len() - gone.len()) as u32;
    let first = table.fresh_row();
    for (n, insert) in (0u32..).zip(inserts) {
        if let Edit::Insert { at, cells, .. } = insert {
            let at = if at as usize >= table.len() { left + n } else { at.min(left + n) };
            edits.push(Edit::Insert { row: first + n, at, cells });
        }
    }
    edits
}

/// Several edits of a cell, made one after the other, as one.
fn joined(edits: Vec<Edit>) -> Vec<Edit> {
    let mut at: FxHashMap<(u32, u32), usize> = FxHashMap::default();
    let mut joined: Vec<Edit> = Vec::with_capacity(edits.len());
    for edit in edits {
        if let Edit::Set { row, column, after, .. } = &edit {
            match at.get(&(*row, *column)) {
                Some(&first) => {
                    if let Edit::Set { after: last, .. } = &mut joined[first] {
                        last.clone_from(after);
                    }
                    continue;
                }
                None => {
                    at.insert((*row, *column), joined.len());
                }
            }
        }
        joined.push(edit);
    }
    joined.retain(|edit| !matches!(edit, Edit::Set { before, after, .. } if before == after));
    joined
}

fn count_sets(edits: &[Edit]) -> u32 {
    edits.iter().filter(|edit| matches!(edit, Edit::Set { .. })).count() as u32
}
