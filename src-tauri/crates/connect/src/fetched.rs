//! The roster straight from the LMS, as that LMS's own export has it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::{Link, OnProgress, RemotePerson, Stop};
use muster_plan::push::{ACTIVE, Secret, Target, Value};
use muster_roster::profile::connector::Connector;
use muster_roster::profile::{Field, Profile};
use muster_table::error::{Failure, Result};

/// Whom an LMS has, as far as it tells it.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// Everybody who is in an export of this LMS.
    pub people: Vec<RemotePerson>,
    /// The interface's names of what it does not tell.
    pub untold: BTreeSet<String>,
    /// What could not be seen of them, each a sentence.
    pub doubts: Vec<String>,
    /// Who is there and in no export of this LMS, in a sentence; none where nobody is.
    pub beside: Option<String>,
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
    let mut people = link.people(on_progress)?;
    let all = people.len();
    people.retain(|entry| link.is_exported(entry));
    let beside = match all - people.len() {
        0 => None,
        1 => Some(format!("1 account more is there and not in it: {}.", link.why_not_exported())),
        n => {
            Some(format!("{n} accounts more are there and not in it: {}.", link.why_not_exported()))
        }
    };
    let mut doubts = link.doubts();
    let mapped = profile.names_at(connector.id);
    match overflowing(&mapped, &people) {
        0 => {}
        n => doubts.push(format!(
            "{} in more groups than the file has columns for: the others are not in it, and stay as they are.",
            if n == 1 { "1 person is".to_owned() } else { format!("{n} people are") }
        )),
    }
    let untold = untold(link.as_ref(), profile, connector);
    Ok(Fetched { people, untold, doubts, beside })
}

/// The interface's names of what an LMS does not tell of its people, after it was asked for them.
pub fn untold(link: &dyn Link, profile: &Profile, connector: &Connector) -> BTreeSet<String> {
    let names = profile.names_at(connector.id).into_values();
    names.filter(|name| name != "id" && !link.exposes(name)).collect()
}

/// How many people have more values than there are columns that hold one of them each.
fn overflowing(names: &BTreeMap<String, String>, people: &[RemotePerson]) -> usize {
    let columns = |name: &str| names.values().filter(|other| *other == name).count();
    let shared: Vec<(&String, usize)> =
        names.values().map(|name| (name, columns(name))).filter(|(_, n)| *n > 1).collect();
    let has_more = |entry: &&RemotePerson| {
        shared.iter().any(|(name, n)| entry.values.get(*name).is_some_and(|v| v.many().len() > *n))
    };
    people.iter().filter(has_more).count()
}

/// What is known of somebody's field beside what the LMS tells.
pub type Known<'k> = &'k dyn Fn(&Field, &RemotePerson) -> Option<String>;

/// What a file says of a field in place of what the LMS tells.
pub type Instead<'k> = Known<'k>;

/// People as a file of the profile's form, as the LMS would export them. What the LMS does not tell is no blank there: a
/// column of it is in the file only where `known` has it, or every file of this LMS has to have it.
pub fn as_export(
    profile: &Profile,
    connector: &Connector,
    people: &[&RemotePerson],
    untold: &BTreeSet<String>,
    known: Known,
) -> Result<Vec<u8>> {
    as_export_but(profile, connector, people, untold, known, &|_, _| None)
}

/// The same, with some values in place of what the LMS tells.
pub fn as_export_but(
    profile: &Profile,
    connector: &Connector,
    people: &[&RemotePerson],
    untold: &BTreeSet<String>,
    known: Known,
    instead: Instead,
) -> Result<Vec<u8>> {
    let names = profile.names_at(connector.id);
    let name_of = |field: &Field| names.get(&field.id).map(String::as_str);
    let is_told = |field: &Field| name_of(field).is_some_and(|name| !untold.contains(name));
    let is_password = |field: &Field| field.kind == muster_roster::profile::FieldKind::Password;
    let has_to_be = |field: &Field| {
        profile.columns.complete || (field.column_required && name_of(field).is_none())
    };
    let in_file = |field: &&Field| {
        is_told(field)
            || is_password(field)
            || has_to_be(field)
            || people.iter().any(|entry| known(field, entry).is_some())
    };
    let fields: Vec<&Field> = profile.fields.iter().filter(in_file).collect();
    // Of columns that hold one of several values each, the first has the first.
    let nth = |field: &Field| {
        let before = profile.fields.iter().take_while(|other| other.id != field.id);
        before.filter(|other| name_of(other) == name_of(field)).count()
    };
    let shared = profile.shared_names_at(connector.id);
    let header = fields.iter().map(|f| Cow::Borrowed(f.headers[0].as_str())).collect();
    let places: Vec<Option<usize>> = fields
        .iter()
        .map(|field| name_of(field).filter(|name| shared.contains(*name)).map(|_| nth(field)))
        .collect();
    let person = |entry: &&RemotePerson| -> Vec<Cow<'_, str>> {
        let cell = |(field, place): (&&Field, &Option<usize>)| {
            let name = name_of(field).filter(|_| is_told(field) || is_password(field));
            if let Some(value) = instead(field, entry) {
                return Cow::Owned(value);
            }
            Cow::Owned(match name {
                Some(name) => cell(profile, field, (name, *place), entry),
                None => known(field, entry).unwrap_or_default(),
            })
        };
        fields.iter().zip(&places).map(cell).collect()
    };
    let rows = std::iter::once(header).chain(people.iter().map(person));
    profile.file.text(rows.map(|row: Vec<Cow<str>>| row))
}

fn cell(
    profile: &Profile,
    field: &Field,
    (name, place): (&str, Option<usize>),
    entry: &RemotePerson,
) -> String {
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
    let text = match (&field.separator, place) {
        (_, Some(place)) => value.many().get(place).cloned().unwrap_or_default(),
        (Some(separator), None) => value.many().join(separator),
        (None, None) => value.one().to_owned(),
    };
    profile.file.with_guard(&text).unwrap_or(text)
}
