//! Filling a column from others.

use serde::{Deserialize, Serialize};

use super::{Change, column_at, locks};
use muster_roster::profile::header_form;
use muster_rules::filling::{FillOptions, Pattern};
use muster_rules::rules::CheckContext;
use muster_table::edit::Edit;
use muster_table::error::{Failure, Result};
use muster_table::going::GoOn;
use muster_table::narrow;
use muster_table::words::counted;

/// How a column is to be filled from others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Fill {
    /// Where the column to fill stands, counted from 0.
    pub column: u32,
    /// Text with the names of columns in braces: `{Last Name}{Employee ID}`.
    pub pattern: String,
    /// Cells that hold something stay as they are.
    pub only_blank: bool,
    /// Small letters and digits only, without accents.
    pub plain: bool,
}

/// What filling a column comes to.
pub struct Filled {
    /// The edits, and their sentence.
    pub change: Change,
    /// People whom nothing is filled for, because one of the columns is blank.
    pub without: usize,
    /// People who would have the same value as somebody else.
    pub repeated: usize,
}

/// What filling a column comes to. It is about this list's people, so no recipe takes it along.
pub fn fill(
    context: &CheckContext,
    asked: &Fill,
    key_unlocked: bool,
    go_on: GoOn,
) -> Result<Filled> {
    let roster = &context.roster;
    let column = column_at(roster, asked.column)?;
    if let Some(why) = locks::locked(roster, column, key_unlocked) {
        return Err(
            Failure::state(format!("`{}` is locked", column.name)).why(why.trim_end_matches('.'))
        );
    }
    let how = FillOptions { only_blank: asked.only_blank, plain: asked.plain };
    let secret = column.is_secret();
    let has = |row: u32| {
        let had = context.was_cell(context.was(row)?, column.at)?;
        (!secret && !had.trim().is_empty()).then(|| had.into_owned())
    };
    let pattern = Pattern::read(&asked.pattern, roster)?;
    let filled = pattern.fill(roster, column.at, how, &has, go_on)?;
    let cells = counted(filled.edits.len(), "cell", "cells");
    let sentence = format!("Fill {cells} of `{}` with `{}`", column.name, asked.pattern);
    let change = Change { sentence, edits: filled.edits, general: Vec::new() };
    Ok(Filled { change, without: filled.without, repeated: filled.repeated })
}

/// A blank column of a field that the list lacks, headed as the LMS heads it, so that it can be filled; none where no field
/// is called so.
pub fn column_to_fill(context: &CheckContext, name: &str) -> Option<Change> {
    let roster = &context.roster;
    let form = header_form(name);
    let is_it = |f: &&muster_roster::profile::Field| f.id == name.trim() || f.is_headed(&form);
    let field = roster.profile.fields.iter().find(is_it)?;
    if roster.column_of(&field.id).is_some() {
        return None;
    }
    let had = context.snapshot.as_ref().and_then(|s| Some(&s.columns[s.column_of(&field.id)?]));
    let header = had.map(|column| &column.name).or_else(|| field.headers.first())?;
    let add = Edit::Add {
        id: roster.table.fresh_column(),
        at: narrow::place(roster.table.width()),
        name: header.clone(),
        cells: Vec::new(),
    };
    let sentence = format!("Add the column `{header}`, blank for everybody");
    Some(Change { sentence, edits: vec![add], general: Vec::new() })
}
