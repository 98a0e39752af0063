//! Moving, adding and taking out columns.

use serde::{Deserialize, Serialize};

use super::{Change, column_at, column_named};
use muster_roster::profile::header_form;
use muster_roster::roster::Roster;
use muster_rules::recipe::Step;
use muster_table::edit::Edit;
use muster_table::error::{Failure, Result};
use muster_table::narrow;

/// What to do with a column; places are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(tag = "do", rename_all = "lowercase")]
pub enum Arrange {
    /// Puts a column in another place.
    Move {
        /// Where the column stands.
        column: u32,
        /// Where it is to stand.
        to: u32,
    },
    /// Adds a column that is blank for everybody.
    Add {
        /// Where it is to stand; last where there are not so many.
        at: u32,
        /// Its header; blanks around it are left out.
        name: String,
    },
    /// Takes a column out of the file.
    Drop {
        /// Where the column stands.
        column: u32,
    },
}

/// What moving, adding or taking out a column comes to. Fails with kind `State` where there is no such column or place,
/// where the name is blank or taken, and for the key's column, which cannot be taken out.
pub fn arrange(roster: &Roster, asked: &Arrange) -> Result<Change> {
    let table = &roster.table;
    let (sentence, edit, general) = match asked {
        Arrange::Move { column, to } => {
            let name = column_at(roster, *column)?.name.clone();
            column_at(roster, *to)?;
            let place = to + 1;
            let sentence = format!("Move the column `{name}` to place {place}");
            let edit = (column != to).then_some(Edit::Move { from: *column, to: *to });
            (sentence, edit, Step::MoveColumn { column: name, to: place })
        }
        Arrange::Add { at, name } => {
            let name = name.trim().to_owned();
            if header_form(&name).is_empty() {
                return Err(Failure::state("the column needs a name"));
            }
            if column_named(roster, &name).is_some() {
                return Err(Failure::state(format!("there is a column `{name}` already")));
            }
            let (id, place) = (table.fresh_column(), (*at).min(narrow::place(table.width())));
            let sentence = format!("Add the column `{name}`");
            let edit = Edit::Add { id, at: place, name: name.clone(), cells: Vec::new() };
            (sentence, Some(edit), Step::AddColumn { column: name, at: at + 1 })
        }
        Arrange::Drop { column } => {
            let about = column_at(roster, *column)?;
            if about.is_key {
                return Err(Failure::state(format!("`{}` stays", about.name))
                    .why("it says who each person is"));
            }
            let sentence = format!("Take out the column `{}`", about.name);
            (sentence, table.dropping(about.at), Step::DropColumn { column: about.name.clone() })
        }
    };
    Ok(Change { sentence, edits: edit.into_iter().collect(), general: vec![general] })
}
