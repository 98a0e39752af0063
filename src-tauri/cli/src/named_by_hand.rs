//! A list of no LMS that Muster knows: its person says which columns are key, name, e-mail and manager.

use std::sync::Arc;

use muster_engine::error::{Failure, Result};
use muster_engine::profile::{Profile, header_form};
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
            Some(worksheet::joined_name(several))
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

/// Refuses to write or send a list with a key of several columns: it would have a column more.
pub fn must_be_one(shared: &Shared) -> Result<()> {
    match shared.key.len() {
        0 | 1 => Ok(()),
        _ => Err(Failure::state("a key of several columns is for looking and comparing")
            .why("the file would get a column more")
            .hint("Use it with `muster check`, `muster diff` or `muster plan`.")),
    }
}
