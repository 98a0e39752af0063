//! Fixes: which findings are meant, what would change, and the one step that does it.

use super::Engine;
use super::editing::{CellChange, Edited, FixPreview};
use super::open_job::OpenJob;
use super::problems::known_rule;
use super::work::Working;
use muster_plan::worksheet::{FixScope, Fixed};
use muster_table::edit::{Edit, rows_of};
use muster_table::error::{Failure, Outcome};
use muster_table::narrow::count as number;
use muster_table::words::{MASK, people};

/// The most changes that a preview lists.
const MOST_SHOWN: usize = 500;

impl Engine {
    /// What a fix would change, before it does.
    pub fn preview_fix(&self, scope: FixScope) -> Outcome<FixPreview> {
        self.changing(|job, working| {
            let Fixed { change, safe } = job.fixed(&scope, working)?;
            Ok(FixPreview {
                cells: count_sets(&change.edits),
                people: number(rows_of(&change.edits).len()),
                safe,
                changes: job.changes_shown(&change.edits),
                title: change.sentence,
            })
        })
    }

    /// Applies a fix, as one step.
    pub fn apply_fix(&self, scope: FixScope) -> Outcome<Edited> {
        self.changing(|job, working| {
            let change = job.fixed(&scope, working)?.change;
            self.make_change(job, working, change)
        })
    }
}

impl OpenJob {
    fn fixed(&mut self, scope: &FixScope, working: &Working) -> Outcome<Fixed> {
        working.step("Working out what changes", 0);
        let rule = known_rule(&scope.rule)?;
        let fixed = self.fix(rule, scope, working)?;
        if fixed.change.edits.is_empty() {
            return Err(Failure::state("there is nothing here that can be fixed by itself")
                .hint("Change the cells by hand."));
        }
        Ok(fixed)
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

fn count_sets(edits: &[Edit]) -> u32 {
    number(edits.iter().filter(|edit| matches!(edit, Edit::Set { .. })).count())
}
