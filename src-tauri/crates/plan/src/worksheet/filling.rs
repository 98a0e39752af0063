//! Filling a column from others.

use serde::{Deserialize, Serialize};

use super::{Change, column_at, locks};
use muster_roster::profile::{Field, FieldKind, Policy, PolicyId, header_form};
use muster_rules::filling::{FillOptions, Pattern};
use muster_rules::rules::CheckContext;
use muster_table::edit::Edit;
use muster_table::error::{Failure, Result};
use muster_table::going::GoOn;
use muster_table::narrow;
use muster_table::words::{counted, people};

/// How a column is to be filled from others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Fill {
    /// Where the column to fill stands, counted from 0.
    pub column: u32,
    /// A field that the list lacks: its column is added, and filled instead.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub field: Option<String>,
    /// Text with the names of columns in braces: `{Last Name}{Employee ID}`.
    pub pattern: String,
    /// Cells that hold something stay as they are.
    pub only_blank: bool,
    /// Small letters and digits only, without accents.
    pub plain: bool,
}

/// A field of the LMS that has no column in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct LackingField {
    /// By which the profile names it.
    pub field: String,
    /// How its column would be headed.
    pub header: String,
    /// Whether the LMS needs the column.
    pub needed: bool,
}

/// The fields that a list has no column for and that can be filled: no passwords, nothing that the LMS writes itself, and no
/// key that it gives and can do without.
pub fn lacking(context: &CheckContext) -> Vec<LackingField> {
    let roster = &context.roster;
    let by_key = roster.profile.policy(PolicyId::SyncField);
    let is_given = |field: &Field| {
        let is_key = |policy: &Policy| policy.choices.iter().any(|c| c.column() == field.id);
        !field.column_required && by_key.is_some_and(is_key)
    };
    let is_lacking = |field: &&Field| {
        !field.read_only
            && !is_given(field)
            && field.kind != FieldKind::Password
            && roster.column_of(&field.id).is_none()
            && !field.headers.is_empty()
    };
    let lacking = roster.profile.fields.iter().filter(is_lacking).map(|field| LackingField {
        field: field.id.clone(),
        header: header_of(context, field),
        needed: field.column_required || field.id == roster.profile.key.field,
    });
    lacking.collect()
}

/// How the LMS heads a field: as in its own export, else as in the profile.
fn header_of(context: &CheckContext, field: &Field) -> String {
    let had = context.snapshot.as_ref().and_then(|s| Some(&s.columns[s.column_of(&field.id)?]));
    let header = had.map(|column| &column.name).or_else(|| field.headers.first());
    header.cloned().unwrap_or_default()
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
    if let Some(field) = &asked.field {
        return fill_new(context, field, asked, go_on);
    }
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

/// The same for a column that the list lacks: it comes with what is in it.
fn fill_new(context: &CheckContext, field: &str, asked: &Fill, go_on: GoOn) -> Result<Filled> {
    let roster = &context.roster;
    let added = column_to_fill(context, field).and_then(|change| change.edits.into_iter().next());
    let Some(Edit::Add { id, at, name, .. }) = added else {
        return Err(Failure::state("this column is in the list by now").hint("Choose it again."));
    };
    let was = context.snapshot.as_ref().and_then(|snapshot| snapshot.column_of(field));
    let has = |row: u32| {
        let had = context.snapshot.as_ref()?.table.cell(context.was(row)?, was?);
        (!had.trim().is_empty()).then(|| had.into_owned())
    };
    let how = FillOptions { only_blank: asked.only_blank, plain: asked.plain };
    let pattern = Pattern::read(&asked.pattern, roster)?;
    let filled = pattern.fill(roster, roster.table.width(), how, &has, go_on)?;
    let cell = |edit: Edit| match edit {
        Edit::Set { row, after, .. } => Some((row, after)),
        _ => None,
    };
    let cells: Vec<(u32, String)> = filled.edits.into_iter().filter_map(cell).collect();
    let who = people(cells.len());
    let sentence = format!("Add the column `{name}` for {who}, with `{}`", asked.pattern);
    let add = (!cells.is_empty()).then_some(Edit::Add { id, at, name, cells });
    let change = Change { sentence, edits: add.into_iter().collect(), general: Vec::new() };
    Ok(Filled { change, without: filled.without, repeated: filled.repeated })
}

/// A blank column of a field that the list lacks, headed as the LMS heads it, so that it can be filled; none where no field
/// is called so.
pub fn column_to_fill(context: &CheckContext, name: &str) -> Option<Change> {
    let roster = &context.roster;
    let form = header_form(name);
    let is_it = |f: &&Field| f.id == name.trim() || f.is_headed(&form);
    let field = roster.profile.fields.iter().find(is_it)?;
    if roster.column_of(&field.id).is_some() {
        return None;
    }
    let header = header_of(context, field);
    let add = Edit::Add {
        id: roster.table.fresh_column(),
        at: narrow::place(roster.table.width()),
        name: header.clone(),
        cells: Vec::new(),
    };
    let sentence = format!("Add the column `{header}`, blank for everybody");
    Some(Change { sentence, edits: vec![add], general: Vec::new() })
}
