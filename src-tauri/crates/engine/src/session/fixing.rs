//! Fixes: which findings are meant, what would change, and the one step that does it.

use super::Engine;
use super::editing::{CellChange, Edited, FixPreview};
use super::open_job::OpenJob;
use super::problems::known_rule;
use muster_plan::worksheet::{self, EditKind, EditView, FixScope, Fixed};
use muster_store::said::Said;
use muster_table::edit::{Edit, rows_of};
use muster_table::error::{Failure, Result};
use muster_table::narrow::count as number;
use muster_table::words::people;

/// The most changes that a preview lists.
const MOST_SHOWN: usize = 500;

impl Engine {
    /// What a fix would change, before it does.
    pub fn preview_fix(&self, scope: FixScope) -> Result<FixPreview> {
        self.changing(|job, working| {
            let rule = known_rule(&scope.rule)?;
            working.share_of("Working out what changes");
            let fixed = something(job.fix(rule, &scope, working)?)?;
            Ok(job.preview(fixed))
        })
    }

    /// What every fix that is certain would change, before it does.
    pub fn preview_safe_fixes(&self, _: ()) -> Result<FixPreview> {
        self.changing(|job, working| {
            working.share_of("Working out what changes");
            let fixed = something(job.fix_safe(working)?)?;
            Ok(job.preview(fixed))
        })
    }

    /// Makes every fix that is certain, as one step.
    pub fn apply_safe_fixes(&self, _: ()) -> Result<Edited> {
        self.changing(|job, working| {
            working.share_of("Working out what changes");
            let fixed = job.make_safe(working)?;
            self.keep_change(job, working, something(fixed)?.change)
        })
    }

    /// Applies a fix, as one step.
    pub fn apply_fix(&self, scope: FixScope) -> Result<Edited> {
        self.changing(|job, working| {
            let rule = known_rule(&scope.rule)?;
            working.share_of("Working out what changes");
            let fixed = job.make_fix(rule, &scope, working)?;
            let edited = self.keep_change(job, working, something(fixed)?.change)?;
            // Which comes first, day or month, is asked once for all files of this kind.
            if let (Some(day_first), Some(column)) = (scope.day_first, scope.column) {
                let form = job.column_at(column)?.form.clone();
                let day_first = [(form, day_first)].into();
                self.keep_said(job, &Said { day_first, ..Said::default() })?;
            }
            Ok(edited)
        })
    }
}

/// That there is something to fix.
fn something(fixed: Fixed) -> Result<Fixed> {
    if fixed.change.edits.is_empty() {
        return Err(Failure::state("there is nothing here that can be fixed by itself")
            .hint("Change the cells by hand."));
    }
    Ok(fixed)
}

impl OpenJob {
    fn preview(&self, fixed: Fixed) -> FixPreview {
        let Fixed { change, safe } = fixed;
        FixPreview {
            cells: count_sets(&change.edits),
            people: number(rows_of(&change.edits).len()),
            safe,
            changes: self.changes_shown(&change.edits),
            title: change.sentence,
        }
    }

    /// The first of the changes, as a preview lists them.
    pub(super) fn changes_shown(&self, edits: &[Edit]) -> Vec<CellChange> {
        let first = edits.get(..MOST_SHOWN).unwrap_or(edits);
        worksheet::views_before(self.roster(), first).into_iter().map(CellChange::of).collect()
    }
}

impl CellChange {
    /// In words, where it is no cell.
    fn of(view: EditView) -> CellChange {
        let EditView { did, row, line, column, key, name, before, after, .. } = view;
        let place = |at: &dyn std::fmt::Display| format!("column {at}");
        let (before, after) = match &did {
            EditKind::Set | EditKind::Rename => (before, after),
            EditKind::Remove => (before, "taken out of the list".into()),
            EditKind::Insert { filled } => (before, filled.join(", ")),
            EditKind::Move { next: Some(next) } => {
                (place(&before), format!("{}, before `{next}`", place(&after)))
            }
            EditKind::Move { next: None } => {
                (place(&before), format!("{}, the last", place(&after)))
            }
            EditKind::AddColumn { at, filled: 0 } => (before, place(at)),
            EditKind::AddColumn { at, filled } => {
                (before, format!("{}, filled for {}", place(at), people(*filled)))
            }
            EditKind::DropColumn { at } => (place(at), "taken out".into()),
        };
        // Somebody who is yet to be put in has no row.
        let is_there = matches!(did, EditKind::Set | EditKind::Remove);
        CellChange {
            row: row.filter(|_| is_there).unwrap_or_default(),
            line,
            name: if is_there { name } else { String::new() },
            key: key.filter(|_| is_there).unwrap_or_default(),
            column: column.unwrap_or_default(),
            before,
            after,
        }
    }
}

fn count_sets(edits: &[Edit]) -> u32 {
    number(edits.iter().filter(|edit| matches!(edit, Edit::Set { .. })).count())
}
