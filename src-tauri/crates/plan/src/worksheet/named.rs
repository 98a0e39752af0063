//! A list of no LMS that Muster knows: its person says which columns are key, name, e-mail and manager.

use std::sync::Arc;

use super::Change;
use muster_roster::profile::{Field, FieldKind, Profile, Use, Uses, header_form};
use muster_table::edit::Edit;
use muster_table::error::{Failure, Result};
use muster_table::narrow;
use muster_table::table::Table;
use muster_table::words::listed;

/// What a column can be said to be, with what that is called.
pub const ROLES: [(&str, &str); 4] = [
    ("key", "Who somebody is (the key)"),
    ("name", "Name"),
    ("email", "E-mail"),
    ("manager", "Manager"),
];

/// Whether a word names one of them.
pub fn is_role(word: &str) -> bool {
    ROLES.iter().any(|(role, _)| *role == word)
}

/// A profile that knows no columns, with those that were named, each a role and a column; any other is as it was.
pub fn with_roles(profile: &Arc<Profile>, named: &[(String, String)]) -> Arc<Profile> {
    if !profile.fields.is_empty() || named.is_empty() {
        return profile.clone();
    }
    let mut next = Profile::clone(profile);
    for (role, column) in named {
        next.fields.push(Field {
            id: role.clone(),
            title: column.clone(),
            headers: vec![column.clone()],
            kind: if role == "email" { FieldKind::Email } else { FieldKind::Text },
            name_part: u8::from(role == "name"),
            ..Field::default()
        });
    }
    if named.iter().any(|(role, _)| role == "key") {
        next.key.field = "key".to_owned();
    }
    Arc::new(next)
}

/// What was said of the columns that a file has, in the order of the file.
pub fn roles_of(uses: &Uses, names: &[String]) -> Vec<(String, String)> {
    let said = |name: &String| match uses.get(&header_form(name)) {
        Some(Use::Field { field }) if is_role(field) => Some((field.clone(), name.clone())),
        _ => None,
    };
    names.iter().filter_map(said).collect()
}

/// What stands between the columns that say together who somebody is.
const AND: &str = " + ";

/// How the column is headed that several come to: `First name + Born`.
pub fn joined_name(columns: &[String]) -> String {
    columns.join(AND)
}

/// Adds the column that several say together who somebody is: they are compared by it, and it is sent nowhere. None where
/// one of them is not there.
pub fn joining(columns: &[String], table: &Table) -> Option<Change> {
    let place = |column: &String| {
        let form = header_form(column);
        table.names().iter().position(|name| header_form(name) == form)
    };
    let places = columns.iter().map(place).collect::<Option<Vec<usize>>>()?;
    let cell = |row: u32| {
        let parts: Vec<String> =
            places.iter().map(|&at| table.cell(row, at).trim().to_owned()).collect();
        // Half a key says nobody.
        let whole = parts.iter().all(|part| !part.is_empty());
        whole.then(|| (row, parts.join(" · ")))
    };
    let cells = table.rows().filter_map(cell).collect();
    let (id, at, name) = (table.fresh_column(), narrow::place(table.width()), joined_name(columns));
    let names: Vec<String> = columns.iter().map(|column| format!("`{column}`")).collect();
    let sentence = format!("Say who somebody is by {}", listed(&names));
    Some(Change { sentence, edits: vec![Edit::Add { id, at, name, cells }], general: Vec::new() })
}

/// The columns of a list that its key was made of; none where it is a column as any other.
pub fn key_parts(profile: &Profile, names: &[String]) -> Option<Vec<String>> {
    let key = profile.field("key").filter(|field| field.id == profile.key.field)?;
    let parts: Vec<String> = key.headers.first()?.split(AND).map(str::to_owned).collect();
    let is_there = |part: &String| {
        let form = header_form(part);
        names.iter().any(|name| header_form(name) == form)
    };
    (parts.len() > 1 && parts.iter().all(is_there)).then_some(parts)
}

/// Another table of the same people, such as what the LMS had, with the column that their key is made of.
pub fn with_key(profile: &Profile, mut table: Table) -> Result<Table> {
    let Some(parts) = key_parts(profile, table.names()) else { return Ok(table) };
    let form = header_form(&joined_name(&parts));
    if !table.names().iter().any(|name| header_form(name) == form)
        && let Some(change) = joining(&parts, &table)
    {
        for edit in &change.edits {
            table.apply(edit)?;
        }
    }
    Ok(table)
}

/// Refuses to write a file for the LMS of a list with a key of several columns: it would have a column more.
pub fn must_be_one_key(profile: &Profile, names: &[String]) -> Result<()> {
    if key_parts(profile, names).is_none() {
        return Ok(());
    }
    Err(Failure::state("a key of several columns is for looking and comparing")
        .why("the file would get a column more, which no LMS knows")
        .hint(
            "Compare shows who is new, changed and gone. For an upload name one column as the key.",
        ))
}
