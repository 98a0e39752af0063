//! Filling a column from others.

use serde::{Deserialize, Serialize};

use super::{Change, column_at, locks};
use muster_roster::roster::Roster;
use muster_rules::filling::{FillOptions, Pattern};
use muster_table::error::{Failure, Result};
use muster_table::going::GoOn;
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
pub fn fill(roster: &Roster, asked: &Fill, key_unlocked: bool, go_on: GoOn) -> Result<Filled> {
    let column = column_at(roster, asked.column)?;
    if let Some(why) = locks::locked(roster, column, key_unlocked) {
        return Err(
            Failure::state(format!("`{}` is locked", column.name)).why(why.trim_end_matches('.'))
        );
    }
    let how = FillOptions { only_blank: asked.only_blank, plain: asked.plain };
    let filled = Pattern::read(&asked.pattern, roster)?.fill(roster, column.at, how, go_on)?;
    let cells = counted(filled.edits.len(), "cell", "cells");
    let sentence = format!("Fill {cells} of `{}` with `{}`", column.name, asked.pattern);
    let change = Change { sentence, edits: filled.edits, general: Vec::new() };
    Ok(Filled { change, without: filled.without, repeated: filled.repeated })
}
