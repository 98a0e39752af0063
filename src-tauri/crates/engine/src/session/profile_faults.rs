//! What has to be put right in the form of a profile, each at its place.

use serde::{Deserialize, Serialize};

use super::profile_form::{FieldForm, ProfileForm};
use crate::profiles::{Profiles, is_an_id};
use muster_roster::profile::{Characters, Takes, header_form};
use muster_store::small_files::is_reserved;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct FormFault {
    /// The place in the form: `name`, `field.email.max`; empty where it is about the whole.
    pub at: String,
    /// One plain sentence.
    pub says: String,
}

pub(super) fn faults(form: &ProfileForm, profiles: &Profiles) -> Vec<FormFault> {
    let mut faults = Vec::new();
    let mut add = |at: String, says: &str| faults.push(FormFault { at, says: says.to_owned() });
    if form.name.trim().is_empty() {
        add("name".into(), "It needs a name.");
    } else if profiles.valid.iter().any(|(p, _)| p.name == form.name && p.id != form.id) {
        add("name".into(), "Another profile has this name.");
    }
    if is_reserved(&form.id) {
        add("id".into(), "On Windows no file can be called so.");
    } else if !is_an_id(&form.id) {
        add("id".into(), "Only small letters, digits and hyphens.");
    } else if form.file.is_none() && profiles.by_id(&form.id).is_some() {
        add("id".into(), "Another profile has this short name.");
    }
    if !form.key.is_empty() && !form.fields.iter().any(|field| field.id == form.key) {
        add("key".into(), "The column that says who a person is was taken out. Choose another.");
    }
    if !form.key.is_empty() && form.key == form.key_falls_back_to {
        add("key_falls_back_to".into(), "This is the same column as the key.");
    }
    if !(1..=3660).contains(&form.cadence_days) {
        add("cadence_days".into(), "A number of days from 1 to 3,660.");
    }
    for guard in &form.guards {
        if guard.percent > 100 {
            add(format!("guard.{}", guard.id), "Per cent go from 0 to 100.");
        }
    }
    for policy in &form.policies {
        let is_number = policy.default.trim().parse::<u32>().is_ok();
        if policy.takes == Takes::Number && !policy.default.is_empty() && !is_number {
            add(format!("policy.{}", policy.id), "A whole number, or nothing.");
        }
    }
    for (n, field) in form.fields.iter().enumerate() {
        for (word, says) in field_faults(field, &form.fields[..n]) {
            add(format!("field.{}.{word}", field.id), &says);
        }
    }
    faults
}

fn field_faults(field: &FieldForm, earlier: &[FieldForm]) -> Vec<(&'static str, String)> {
    let mut faults = Vec::new();
    let mut add = |word, says: String| faults.push((word, says));
    if field.title.trim().is_empty() {
        add("title", "It needs a name.".into());
    } else if earlier.iter().any(|other| other.id == field.id) {
        add("title", "Another column has this name.".into());
    }
    if field.headers.iter().all(|header| header_form(header).is_empty()) {
        add("headers", "Say how the column is headed in the file.".into());
    }
    for header in &field.headers {
        let form = header_form(header);
        let same = |other: &&FieldForm| other.headers.iter().any(|h| header_form(h) == form);
        if !form.is_empty()
            && let Some(other) = earlier.iter().find(same)
        {
            add("headers", format!("`{header}` is the header of {} too.", other.title));
        }
    }
    if let (Some(min), Some(max)) = (field.min, field.max)
        && min > max
    {
        add("max", "The most is less than the least.".into());
    }
    if field.max == Some(0) {
        add("max", "A column that takes no character cannot be filled in.".into());
    }
    if !field.separator.is_empty() && field.separator.trim().chars().count() != 1 {
        add("separator", "One sign, with a space after it or without.".into());
    }
    if !field.characters.is_empty()
        && let Err(why) = Characters::try_from(field.characters.clone())
    {
        add("characters", format!("{}.", capital(&why)));
    }
    faults
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
