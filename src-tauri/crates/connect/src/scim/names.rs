//! The names of values, which are SCIM's own paths of attributes, and how a value is read from a person and written.
//!
//! `enterprise.department` stands for the long name that RFC 7643 gives to that attribute. Of attributes that hold
//! several values, such as `emails`, it is the one for work that counts; the others stay as they are.

use serde_json::{Map, Value as Json};

use crate::yes_or_no::{is_yes, yes_or_no};
use muster_plan::push::{ACTIVE, Value};
use muster_table::error::{Failure, FailureKind, Result};

pub(super) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(super) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/// The groups of a person, which SCIM keeps at the groups.
pub(super) const GROUPS: &str = "groups";
pub(super) const USER_NAME: &str = "userName";
pub(super) const EMAILS: &str = "emails";
const MANAGER: &str = "manager";

/// One of the names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// As the profile has it.
    pub name: String,
    /// The schema that it is of, where that is not the core's.
    pub schema: Option<String>,
    pub attribute: String,
    /// What of the attribute: `givenName` of `name`.
    pub part: Option<String>,
}

impl Name {
    pub fn read(name: &str) -> Name {
        let (schema, rest) = match name.strip_prefix("enterprise.") {
            Some(rest) => (Some(ENTERPRISE.to_owned()), rest),
            None if name.starts_with("urn:") => match name.rsplit_once(':') {
                Some((schema, rest)) => (Some(schema.to_owned()), rest),
                None => (None, name),
            },
            None => (None, name),
        };
        let schema = schema.filter(|schema| schema != USER);
        let (attribute, part) = match rest.split_once('.') {
            Some((attribute, part)) => (attribute.to_owned(), Some(part.to_owned())),
            None => (rest.to_owned(), None),
        };
        Name { name: name.to_owned(), schema, attribute, part }
    }

    /// Whether it is an attribute of the person; not the person's id, and not their groups.
    pub fn is_own(&self) -> bool {
        self.schema.is_some() || !["id", GROUPS].contains(&self.attribute.as_str())
    }

    pub fn is_manager(&self) -> bool {
        self.schema.as_deref() == Some(ENTERPRISE) && self.attribute == MANAGER
    }

    /// Whether the attribute holds several values.
    pub fn is_list(&self) -> bool {
        self.schema.is_none()
            && matches!(self.attribute.as_str(), EMAILS | "phoneNumbers" | "addresses" | "ims")
    }

    pub fn is_active(&self) -> bool {
        self.name == ACTIVE
    }

    /// What a member of an attribute of several values is read by.
    pub fn part_of_list(&self) -> &str {
        self.part.as_deref().unwrap_or("value")
    }

    /// The attribute as a person has it.
    pub fn found<'j>(&self, user: &'j Json) -> &'j Json {
        match &self.schema {
            Some(schema) => &user[schema][&self.attribute],
            None => &user[&self.attribute],
        }
    }

    /// The value that a person has. A manager is told by the id that the service has.
    pub fn value(&self, user: &Json) -> Value {
        let found = self.found(user);
        let text = if self.is_list() {
            text(
                found.as_array().and_then(|all| for_work(all)).map(|one| &one[self.part_of_list()]),
            )
        } else if self.is_manager() {
            // Some services tell the id alone.
            if found.is_object() { text(found.get("value")) } else { text(Some(found)) }
        } else if self.is_active() {
            // Nobody is inactive of whom it is not said. Whoever reads people has asked whether it is understood.
            (yes_or_no(found) != Ok(Some(false))).to_string()
        } else {
            match &self.part {
                Some(part) => text(found.get(part)),
                None => text(Some(found)),
            }
        };
        Value::One(text)
    }

    /// Fails where what a person has cannot be told as a value: whether somebody is active is never guessed.
    pub fn is_understood(&self, user: &Json) -> Result<()> {
        if !self.is_active() || yes_or_no(self.found(user)).is_ok() {
            return Ok(());
        }
        let id = text(user.get("id"));
        Err(Failure::new(FailureKind::Refused, "the people could not be read")
            .why(format!("`{}` of the person with the id `{id}` is neither yes nor no", self.name))
            .hint("Ask the people who run the service what it means."))
    }
}

/// What of a person has to be kept to change one value of several.
pub(super) fn lists_of(user: &Json, names: &[Name]) -> Json {
    let mut kept = Map::new();
    for name in names.iter().filter(|name| name.is_list()) {
        let found = name.found(user);
        if !found.is_null() {
            kept.insert(name.attribute.clone(), found.clone());
        }
    }
    if kept.is_empty() { Json::Null } else { Json::Object(kept) }
}

/// The one that counts: the primary one, else the one for work, else the first.
fn for_work(all: &[Json]) -> Option<&Json> {
    place_for_work(all).map(|at| &all[at])
}

pub(super) fn place_for_work(all: &[Json]) -> Option<usize> {
    let primary = all.iter().position(|one| is_yes(&one["primary"]));
    let work = || all.iter().position(|one| text(one.get("type")).eq_ignore_ascii_case("work"));
    primary.or_else(work).or((!all.is_empty()).then_some(0))
}

pub(super) fn text(json: Option<&Json>) -> String {
    match json {
        Some(Json::String(text)) => text.clone(),
        Some(Json::Number(number)) => number.to_string(),
        Some(Json::Bool(yes)) => yes.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn whether_somebody_is_active_is_understood_however_it_is_said_and_never_guessed() {
        let active = Name::read("active");
        let read = |said: Json| {
            let user = json!({ "id": "7", "active": said });
            active.is_understood(&user).map(|()| active.value(&user).one().to_owned())
        };
        for no in [json!(false), json!(0), json!(0.0), json!("false"), json!("False")] {
            assert_eq!(read(no.clone()).as_deref(), Ok("false"), "{no}");
        }
        for yes in [json!(true), json!(1), json!("True"), json!(null), json!("")] {
            assert_eq!(read(yes.clone()).as_deref(), Ok("true"), "{yes}");
        }
        for other in [json!(2), json!("gone"), json!([]), json!({ "value": false })] {
            let words = read(other.clone()).expect_err("refused").to_string();
            assert!(words.contains("`active` of the person with the id `7`"), "{words}");
        }
        assert_eq!(active.value(&json!({})).one(), "true");
    }
}
