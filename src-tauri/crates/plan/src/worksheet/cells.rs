//! Cells and people as somebody edits them: what comes of it, and how the step is called.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::{Worksheet, column_at, locks, who};
use muster_table::edit::{Edit, rows_of};
use muster_table::error::{Failure, Result};
use muster_table::words::{MASK, counted, people};

/// What one cell is to hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct CellEdit {
    /// The row, as the table knows it.
    pub row: u32,
    /// The column's place, counted from 0.
    pub column: u32,
    /// The whole cell; empty to clear it. `•••` leaves a password as it is.
    pub value: String,
}

impl Worksheet {
    /// The edits that were asked for, without those that change nothing, and a sentence about those refused.
    pub fn cell_edits(
        &self,
        asked: &[CellEdit],
        key_unlocked: bool,
    ) -> Result<(Vec<Edit>, Option<String>)> {
        let roster = self.roster();
        // Of several for one cell, the last holds.
        let mut last: FxHashMap<(u32, u32), usize> = FxHashMap::default();
        for (n, edit) in asked.iter().enumerate() {
            last.insert((edit.row, edit.column), n);
        }
        let there: Option<FxHashSet<u32>> =
            (asked.len() > 64).then(|| roster.table.rows().collect());
        let mut refused: Vec<(String, usize)> = Vec::new();
        let mut edits = Vec::new();
        for (n, edit) in asked.iter().enumerate() {
            if last[&(edit.row, edit.column)] != n {
                continue;
            }
            let column = column_at(roster, edit.column)?;
            if there.as_ref().is_none_or(|there| !there.contains(&edit.row)) {
                self.must_be_there(edit.row)?;
            }
            let before = roster.table.cell(edit.row, column.at);
            if before == edit.value || (column.is_secret() && edit.value == MASK) {
                continue;
            }
            let is_new = self.changes.is_new(edit.row);
            if let Some(why) = locks::refuses(roster, column, is_new, key_unlocked) {
                let told = format!("`{}` is locked: {why}", column.name);
                match refused.iter_mut().find(|(sentence, _)| *sentence == told) {
                    Some((_, count)) => *count += 1,
                    None => refused.push((told, 1)),
                }
                continue;
            }
            edits.push(Edit::Set {
                row: edit.row,
                column: edit.column,
                before: before.into_owned(),
                after: edit.value.clone(),
            });
        }
        let told = refused.into_iter().map(|(why, count)| {
            let verb = if count == 1 { "was" } else { "were" };
            format!("{} {verb} left alone. {why}", counted(count, "cell", "cells"))
        });
        let told: Vec<String> = told.collect();
        Ok((edits, (!told.is_empty()).then(|| told.join(" "))))
    }

    /// "Set `usergroups` of `ana@example.com`".
    pub fn sentence_of_sets(&self, edits: &[Edit]) -> String {
        let mut cells = edits.iter().filter_map(|edit| match edit {
            Edit::Set { row, column, after, .. } => Some((*row, *column, after.is_empty())),
            _ => None,
        });
        let Some((row, column, blank)) = cells.next() else { return String::new() };
        let verb = if blank { "Clear" } else { "Set" };
        let name = &self.roster().columns[column as usize].name;
        let rest: Vec<_> = cells.collect();
        if rest.is_empty() {
            return format!("{verb} `{name}` of {}", self.who(row));
        }
        if rest.iter().all(|&(_, c, b)| (c, b) == (column, blank)) {
            return format!("{verb} `{name}` of {}", people(rest.len() + 1));
        }
        let cells = counted(edits.len(), "cell", "cells");
        let of = people(rows_of(edits).len());
        if blank && rest.iter().all(|&(_, _, b)| b) {
            return format!("Clear {cells} of {of}");
        }
        format!("Change {cells} of {of}")
    }

    /// Somebody, as a step names them.
    pub fn who(&self, row: u32) -> String {
        who(self.roster(), row)
    }

    /// Where somebody stands, from 0.
    pub fn place(&self, row: u32) -> Result<usize> {
        self.must_be_there(row)?;
        Ok(self.table().index_of(row).unwrap_or_default())
    }

    /// Rows with their places, in the order of the table, each once.
    pub fn places(&self, rows: &[u32]) -> Result<Vec<(usize, u32)>> {
        if let [row] = rows {
            return Ok(vec![(self.place(*row)?, *row)]);
        }
        let wanted: FxHashSet<u32> = rows.iter().copied().collect();
        let table = self.table();
        let places: Vec<(usize, u32)> =
            table.rows().enumerate().filter(|(_, row)| wanted.contains(row)).collect();
        if places.len() < wanted.len() {
            return Err(Failure::state("some of these people are no longer in the list"));
        }
        Ok(places)
    }

    /// A person's cells without what must be their own: key, login, what no two may share, password.
    pub fn copy_of(&self, row: u32) -> Vec<String> {
        let roster = self.roster();
        let mut cells = roster.table.row(row);
        cells.resize(roster.table.width().max(cells.len()), String::new());
        for column in &roster.columns {
            let own = column.is_key
                || Some(column.at) == roster.key_fallback
                || column.unique.is_some()
                || column.is_secret()
                || roster.field(column.at).is_some_and(|field| field.read_only);
            if own {
                cells[column.at].clear();
            }
        }
        cells
    }

    /// That somebody is still in the list.
    pub fn must_be_there(&self, row: u32) -> Result<()> {
        match self.table().index_of(row) {
            Some(_) => Ok(()),
            None => Err(Failure::not_found("this person is no longer in the list")
                .hint("Undo brings back people who were taken out.")),
        }
    }
}
