//! The roster straight from the LMS, as that LMS's own export has it.

use std::borrow::Cow;

use super::{Link, OnProgress, RemotePerson, Stop};
use muster_plan::push::{ACTIVE, Secret, Target, Value};
use muster_roster::profile::connector::Connector;
use muster_roster::profile::{Field, Profile};
use muster_table::error::{Failure, Result};

/// A roster as it was fetched.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// A file of the profile's form; no password in it.
    pub bytes: Vec<u8>,
    /// How many rows the file has, its header not counted.
    pub people: usize,
}

/// Fetches everybody whom the LMS has.
pub fn fetch(
    target: &Target,
    secret: &Secret,
    profile: &Profile,
    stop: Stop,
    on_progress: OnProgress,
) -> Result<Fetched> {
    let connector = target.connector()?;
    let names: Vec<String> = profile.names_at(connector.id).into_values().collect();
    if names.is_empty() {
        return Err(Failure::state(format!(
            "the profile `{}` does not say what comes from where at {}",
            profile.id, connector.title
        )));
    }
    let mut link = super::open(target, secret, &names, stop)?;
    if !link.reads() {
        return Err(Failure::state(format!("{} cannot be asked whom it has", connector.title))
            .why("no interface is known that lists its people")
            .hint("Open an export of it instead."));
    }
    let people = link.people(on_progress)?;
    let link: &dyn Link = link.as_ref();
    let exported: Vec<&RemotePerson> =
        people.iter().filter(|entry| link.is_exported(entry)).collect();
    Ok(Fetched { bytes: as_export(profile, connector, &exported)?, people: exported.len() })
}

/// People as a file of the profile's form, as the LMS would export them.
pub fn as_export(
    profile: &Profile,
    connector: &Connector,
    people: &[&RemotePerson],
) -> Result<Vec<u8>> {
    let names = profile.names_at(connector.id);
    let header = profile.fields.iter().map(|f| Cow::Borrowed(f.headers[0].as_str())).collect();
    let person = |entry: &&RemotePerson| -> Vec<Cow<'_, str>> {
        let cell = |field: &Field| {
            let name = names.get(&field.id).map(String::as_str);
            Cow::Owned(name.map_or(String::new(), |name| cell(profile, field, name, entry)))
        };
        profile.fields.iter().map(cell).collect()
    };
    let rows = std::iter::once(header).chain(people.iter().map(person));
    profile.file.text(rows.map(|row: Vec<Cow<str>>| row))
}

fn cell(profile: &Profile, field: &Field, name: &str, entry: &RemotePerson) -> String {
    if field.kind == muster_roster::profile::FieldKind::Password {
        return field.keep_word.clone().unwrap_or_default();
    }
    let blank = Value::none();
    let value = match name {
        "id" => Value::One(entry.id.clone()),
        _ => entry.values.get(name).unwrap_or(&blank).clone(),
    };
    if name == ACTIVE && !field.inactive.is_empty() {
        let is_inactive = |word: &&String| field.inactive.contains(word);
        let word = match value.one() {
            "false" => field.inactive.first(),
            _ => field.choices.iter().find(|word| !is_inactive(word)),
        };
        return word.cloned().unwrap_or_default();
    }
    let text = match &field.separator {
        Some(separator) => value.many().join(separator),
        None => value.one().to_owned(),
    };
    profile.file.with_guard(&text).unwrap_or(text)
}
