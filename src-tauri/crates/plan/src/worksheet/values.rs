//! Putting other values into a column.

use super::{Change, locks};
use muster_roster::roster::{Column, Roster};
use muster_roster::value_map::{self, ValueMap};
use muster_rules::recipe::Step;
use muster_table::edit::rows_of;
use muster_table::error::{Failure, Result};
use muster_table::words::{counted, people};

/// What replacing values of a column comes to. Fails with kind `State` where the column is locked, as the key is until
/// `key_unlocked`.
pub fn map_values(
    roster: &Roster,
    column: &Column,
    values: ValueMap,
    key_unlocked: bool,
) -> Result<Change> {
    if let Some(why) = locks::locked(roster, column, key_unlocked) {
        return Err(Failure::state(format!("`{}` is locked", column.name)).why(why));
    }
    let edits = value_map::edits(roster, column, &values);
    let what = match values.iter().next() {
        Some((from, to)) if values.len() == 1 => format!("`{from}` → `{to}`"),
        _ => counted(values.len(), "value", "values"),
    };
    let of = people(rows_of(&edits).len());
    let sentence = format!("Replace {what} in `{}` for {of}", column.name);
    let general = vec![Step::ReplaceValues { column: column.name.clone(), values }];
    Ok(Change { sentence, edits, general })
}
