//! A list of no LMS that Muster knows: its person says which columns are key, name, e-mail and manager.

use std::sync::Arc;

use muster_engine::edit::Edit;
use muster_engine::error::{Failure, Result};
use muster_engine::narrow;
use muster_engine::profile::{Profile, header_form};
use muster_engine::table::Table;
use muster_engine::worksheet;

use crate::arguments::Shared;

/// A profile that knows no columns, with those that were named; any other is handed back.
pub fn with_roles(
    shared: &Shared,
    profile: &Arc<Profile>,
    names: &[String],
) -> Result<Arc<Profile>> {
    if !profile.fields.is_empty() {
        return match shared.key.is_empty() {
            true => Ok(profile.clone()),
            false => Err(Failure::state(format!("--key is not for {}", profile.called()))
                .why("its profile says who somebody is")
                .hint("Leave out --key, or say --profile generic.")),
        };
    }
    let is_role = |(_, role): &&(String, String)| worksheet::is_role(role);
    let said = shared.map.iter().filter(is_role);
    let mut named: Vec<(String, String)> =
        said.map(|(column, role)| (role.clone(), column.clone())).collect();
    let key = match shared.key.as_slice() {
        [] => None,
        [one] => Some(there(one, names)?.to_owned()),
        several => {
            for column in several {
                there(column, names)?;
            }
            Some(joined(several))
        }
    };
    named.extend(key.map(|column| ("key".to_owned(), column)));
    Ok(worksheet::with_roles(profile, &named))
}

fn there<'n>(column: &'n str, names: &[String]) -> Result<&'n str> {
    let form = header_form(column);
    match names.iter().any(|name| header_form(name) == form) {
        true => Ok(column),
        false => Err(Failure::state(format!("there is no column `{column}`"))),
    }
}

fn joined(columns: &[String]) -> String {
    columns.join(" + ")
}

/// Adds the column that several say together who somebody is: they are compared by it, and it is sent nowhere.
pub fn join_key(columns: &[String], table: &mut Table) -> Result<()> {
    let forms: Vec<String> = columns.iter().map(|column| header_form(column)).collect();
    let place = |form: &String| table.names().iter().position(|name| header_form(name) == *form);
    let Some(places) = forms.iter().map(place).collect::<Option<Vec<_>>>() else {
        return Ok(());
    };
    let cell = |row: u32| {
        let parts: Vec<String> =
            places.iter().map(|&at| table.cell(row, at).trim().to_owned()).collect();
        // Half a key says nobody.
        let whole = parts.iter().all(|part| !part.is_empty());
        whole.then(|| (row, parts.join(" · ")))
    };
    let cells = table.rows().filter_map(cell).collect();
    let (id, at) = (table.fresh_column(), narrow::place(table.width()));
    table.apply(&Edit::Add { id, at, name: joined(columns), cells })
}

/// Refuses to write or send a list with a key of several columns: it would have a column more.
pub fn must_be_one(shared: &Shared) -> Result<()> {
    match shared.key.len() {
        0 | 1 => Ok(()),
        _ => Err(Failure::state("a key of several columns is for looking and comparing")
            .why("the file would get a column more")
            .hint("Use it with `muster check`, `muster diff` or `muster plan`.")),
    }
}
