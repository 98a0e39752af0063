//! The names of values, which are SCIM's own paths of attributes, and how a value is read from a person and written.
//!
//! `enterprise.department` stands for the long name that RFC 7643 gives to that attribute. Of attributes that hold
//! several values, such as `emails`, it is the one for work that counts; the others stay as they are.

use serde_json::{Map, Value as Json, json};

use crate::yes_or_no::{is_yes, yes_or_no};
use muster_plan::push::{ACTIVE, Value};
use muster_table::error::{Failure, FailureKind, Result};

pub(super) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
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
    schema: Option<String>,
    attribute: String,
    /// What of the attribute: `givenName` of `name`.
    part: Option<String>,
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

    fn is_active(&self) -> bool {
        self.name == ACTIVE
    }

    /// What a member of an attribute of several values is read by.
    fn part_of_list(&self) -> &str {
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

    /// A value as the service has it; none for a blank one, and a list with all that stays in it. `id` is a manager's.
    fn json(&self, wanted: &str, id: Option<&str>, had: &Json) -> Option<Json> {
        if self.is_list() {
            let all = had.as_array().cloned().unwrap_or_default();
            let all = with(all, &self.attribute, self.part_of_list(), wanted);
            return (!all.is_empty()).then_some(Json::Array(all));
        }
        if wanted.is_empty() {
            return None;
        }
        if self.is_manager() {
            return id.map(|id| json!({ "value": id }));
        }
        if self.is_active() {
            return Some(Json::Bool(wanted != "false"));
        }
        Some(json!(wanted))
    }
}

/// What is to be put into a person.
pub(super) struct Change<'c> {
    pub name: &'c Name,
    pub wanted: &'c str,
    /// The id of the manager, where it is one.
    pub id: Option<String>,
}

/// A person, changed: one who is to be made where `user` is empty, else the whole of one for `PUT`.
pub(super) fn put_into(user: &mut Json, changes: &[Change]) {
    let mut schemas = vec![json!(USER)];
    for change in changes {
        let name = change.name;
        let had = name.found(user).clone();
        let value = match (&name.part, name.is_list()) {
            (Some(part), false) => {
                let mut all = had.as_object().cloned().unwrap_or_default();
                match name.json(change.wanted, None, &Json::Null) {
                    Some(value) => all.insert(part.clone(), value),
                    None => all.remove(part),
                };
                (!all.is_empty()).then_some(Json::Object(all))
            }
            _ => name.json(change.wanted, change.id.as_deref(), &had),
        };
        let Some(user) = user.as_object_mut() else { return };
        let place = match &name.schema {
            Some(schema) => {
                if value.is_some() && !schemas.contains(&json!(schema)) {
                    schemas.push(json!(schema));
                }
                user.entry(schema.clone()).or_insert_with(|| json!({})).as_object_mut()
            }
            None => Some(user),
        };
        let Some(place) = place else { continue };
        match value {
            Some(value) => place.insert(name.attribute.clone(), value),
            None => place.remove(&name.attribute),
        };
    }
    let Some(user) = user.as_object_mut() else { return };
    user.retain(|name, value| {
        !name.starts_with("urn:") || value.as_object().is_none_or(|all| !all.is_empty())
    });
    let mut all = user.get("schemas").and_then(Json::as_array).cloned().unwrap_or_default();
    for schema in schemas {
        if !all.contains(&schema) {
            all.push(schema);
        }
    }
    user.insert("schemas".to_owned(), Json::Array(all));
}

/// The same changes for `PATCH`. `user` has those attributes that hold several values.
pub(super) fn operations(user: &Json, changes: &[Change]) -> Vec<Json> {
    // Two parts of one list, such as the city and the country of an address, are one change.
    let mut lists: Map<String, Json> = Map::new();
    let mut all = Vec::new();
    for change in changes {
        let name = change.name;
        if name.is_list() {
            let had = lists.get(&name.attribute).unwrap_or(name.found(user));
            let value = name.json(change.wanted, None, had).unwrap_or_else(|| json!([]));
            lists.insert(name.attribute.clone(), value);
            continue;
        }
        let mut path = match &name.schema {
            Some(schema) => format!("{schema}:{}", name.attribute),
            None => name.attribute.clone(),
        };
        if let Some(part) = &name.part {
            path = format!("{path}.{part}");
        }
        all.push(match name.json(change.wanted, change.id.as_deref(), &Json::Null) {
            Some(value) => json!({ "op": "replace", "path": path, "value": value }),
            None => json!({ "op": "remove", "path": path }),
        });
    }
    for (path, value) in lists {
        all.push(match value.as_array().is_some_and(Vec::is_empty) {
            true => json!({ "op": "remove", "path": path }),
            false => json!({ "op": "replace", "path": path, "value": value }),
        });
    }
    all
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

fn place_for_work(all: &[Json]) -> Option<usize> {
    let primary = all.iter().position(|one| is_yes(&one["primary"]));
    let work = || all.iter().position(|one| text(one.get("type")).eq_ignore_ascii_case("work"));
    primary.or_else(work).or((!all.is_empty()).then_some(0))
}

/// A list in which one value is another; the value's own entry is gone where nothing is left in it.
fn with(mut all: Vec<Json>, attribute: &str, part: &str, wanted: &str) -> Vec<Json> {
    match place_for_work(&all) {
        Some(at) => {
            if let Some(one) = all[at].as_object_mut() {
                // Made of the others by the service, and untrue once one of them changes.
                one.remove("formatted");
                one.remove("display");
                if wanted.is_empty() {
                    one.remove(part);
                } else {
                    one.insert(part.to_owned(), json!(wanted));
                }
                if one.keys().all(|name| ["type", "primary", "$ref"].contains(&name.as_str())) {
                    all.remove(at);
                }
            }
        }
        None if wanted.is_empty() => {}
        None => {
            let mut one = json!({ "type": "work" });
            one[part] = json!(wanted);
            if attribute == EMAILS {
                one["primary"] = json!(true);
            }
            all.push(one);
        }
    }
    all
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
    use super::*;

    fn changes<'n>(names: &'n [Name], wanted: &[&'n str]) -> Vec<Change<'n>> {
        let pairs = names.iter().zip(wanted);
        pairs.map(|(name, wanted)| Change { name, wanted, id: Some("7".into()) }).collect()
    }

    #[test]
    fn somebody_new_has_every_value_where_rfc_7643_puts_it() {
        let names = [
            "userName",
            "name.givenName",
            "emails",
            "addresses.country",
            "addresses.locality",
            "active",
            "enterprise.department",
            "enterprise.manager",
        ]
        .map(Name::read);
        let wanted = ["ada", "Ada", "ada@example.com", "CA", "Québec", "false", "Sales", "boss"];
        let mut user = json!({});
        put_into(&mut user, &changes(&names, &wanted));
        assert_eq!(
            user,
            json!({
                "schemas": [USER, ENTERPRISE],
                "userName": "ada",
                "name": { "givenName": "Ada" },
                "emails": [{ "type": "work", "primary": true, "value": "ada@example.com" }],
                "addresses": [{ "type": "work", "country": "CA", "locality": "Québec" }],
                "active": false,
                ENTERPRISE: { "department": "Sales", "manager": { "value": "7" } },
            })
        );
        let read: Vec<String> = names.iter().map(|n| n.value(&user).one().to_owned()).collect();
        assert_eq!(read, ["ada", "Ada", "ada@example.com", "CA", "Québec", "false", "Sales", "7"]);
    }

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

    #[test]
    fn a_changed_address_leaves_the_private_one_alone() {
        let names = ["emails", "phoneNumbers", "title"].map(Name::read);
        let user = json!({
            "emails": [
                { "type": "home", "value": "home@example.com" },
                { "type": "work", "value": "old@example.com" },
            ],
            "phoneNumbers": [{ "type": "work", "value": "1" }],
        });
        assert_eq!(
            operations(&user, &changes(&names, &["new@example.com", "", ""])),
            [
                json!({ "op": "remove", "path": "title" }),
                json!({ "op": "replace", "path": "emails", "value": [
                    { "type": "home", "value": "home@example.com" },
                    { "type": "work", "value": "new@example.com" },
                ] }),
                json!({ "op": "remove", "path": "phoneNumbers" }),
            ]
        );
    }

    #[test]
    fn a_name_of_another_schema_is_taken_as_the_rfc_writes_it() {
        let long = format!("{ENTERPRISE}:costCenter");
        let names = [Name::read(&long), Name::read("enterprise.costCenter")];
        assert_eq!(
            operations(&Json::Null, &changes(&names[..1], &["7"])),
            operations(&Json::Null, &changes(&names[1..], &["7"]))
        );
    }
}
