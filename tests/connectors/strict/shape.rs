//! Whether what is sent has the form that a document gives it.

use serde_json::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    YesOrNo,
    Object,
    List,
    Texts,
}

impl Kind {
    fn fits(self, value: &Value) -> bool {
        match self {
            Kind::Text => value.is_string(),
            Kind::YesOrNo => value.is_boolean(),
            Kind::Object => value.is_object(),
            Kind::List => value.is_array(),
            Kind::Texts => {
                value.as_array().is_some_and(|all| all.iter().all(|one| one.is_string()))
            }
        }
    }
}

/// The fields that an object may have; those without a `?` behind their name it has to have.
pub type Fields = [(&'static str, Kind)];

/// What is wrong with an object. What it does not know is taken out of it first, where such a thing is dropped.
pub fn check(object: &mut Value, fields: &Fields, drops_unknown: bool) -> Result<(), String> {
    let Some(all) = object.as_object_mut() else { return Err("an object is wanted".to_owned()) };
    let known = |name: &str| fields.iter().find(|(own, _)| own.trim_end_matches('?') == name);
    if drops_unknown {
        all.retain(|name, _| known(name).is_some());
    }
    for (name, value) in all.iter() {
        match known(name) {
            None => return Err(format!("unknown field `{name}`")),
            Some((_, kind)) if !kind.fits(value) => {
                return Err(format!("`{name}` is of a wrong kind"));
            }
            Some(_) => {}
        }
    }
    let missing = fields.iter().find(|(name, _)| !name.ends_with('?') && !all.contains_key(*name));
    missing.map_or(Ok(()), |(name, _)| Err(format!("`{name}` is required")))
}

/// Eight letters, one of them a capital, a number and a sign, as SafetyCulture wants them; EdApp asks for less.
pub fn is_strong(password: &str, number_and_sign: bool) -> bool {
    let has = |is: fn(char) -> bool| password.chars().any(is);
    let number = has(|c| c.is_ascii_digit());
    let sign = has(|c| !c.is_alphanumeric());
    let more = if number_and_sign { number && sign } else { number || sign };
    password.chars().count() >= 8 && has(char::is_uppercase) && more
}
