//! How values are put into a person: into one who is made or put back as a whole, or as changes of single values.

use serde_json::{Map, Value as Json, json};

use super::names::{EMAILS, Name, USER, place_for_work};
use super::schemas::Schemas;

impl Name {
    /// A value as the service has it; none for a blank one, and a list with all that stays in it. `id` is a manager's.
    fn json(&self, wanted: &str, id: Option<&str>, had: &Json, schemas: &Schemas) -> Option<Json> {
        if self.is_list() {
            let all = had.as_array().cloned().unwrap_or_default();
            let all = with(all, self, wanted, schemas);
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
pub(super) fn put_into(user: &mut Json, changes: &[Change], taken: &Schemas) {
    let mut schemas = vec![json!(USER)];
    for change in changes {
        let name = change.name;
        let had = name.found(user).clone();
        let value = match (&name.part, name.is_list()) {
            (Some(part), false) => {
                let mut all = had.as_object().cloned().unwrap_or_default();
                match name.json(change.wanted, None, &Json::Null, taken) {
                    Some(value) => all.insert(part.clone(), value),
                    None => all.remove(part),
                };
                (!all.is_empty()).then_some(Json::Object(all))
            }
            _ => name.json(change.wanted, change.id.as_deref(), &had, taken),
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

/// How a change takes a value away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Removal {
    #[default]
    Remove,
    /// By a blank in its place, which means the same (RFC 7643, 2.5), where a service does not take it away.
    Blank,
}

/// The same changes for `PATCH`. `user` has those attributes that hold several values.
pub(super) fn operations(
    user: &Json,
    changes: &[Change],
    taken: &Schemas,
    removal: Removal,
) -> Vec<Json> {
    // Two parts of one list, such as the city and the country of an address, are one change.
    let mut lists: Map<String, Json> = Map::new();
    let mut all = Vec::new();
    for change in changes {
        let name = change.name;
        if name.is_list() {
            let had = lists.get(&name.attribute).unwrap_or(name.found(user));
            let value = name.json(change.wanted, None, had, taken).unwrap_or_else(|| json!([]));
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
        all.push(match name.json(change.wanted, change.id.as_deref(), &Json::Null, taken) {
            Some(value) => json!({ "op": "replace", "path": path, "value": value }),
            None if removal == Removal::Blank && !name.is_manager() => {
                json!({ "op": "replace", "path": path, "value": "" })
            }
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

/// A list in which one value is another; the value's own entry is gone where nothing is left in it.
fn with(mut all: Vec<Json>, name: &Name, wanted: &str, taken: &Schemas) -> Vec<Json> {
    let (attribute, part) = (name.attribute.as_str(), name.part_of_list());
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
            let mut one = json!({});
            if taken.takes_part(attribute, "type") {
                one["type"] = json!("work");
            }
            one[part] = json!(wanted);
            if attribute == EMAILS && taken.takes_part(attribute, "primary") {
                one["primary"] = json!(true);
            }
            all.push(one);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::names::ENTERPRISE;
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
        put_into(&mut user, &changes(&names, &wanted), &Schemas::default());
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
            operations(
                &user,
                &changes(&names, &["new@example.com", "", ""]),
                &Schemas::default(),
                Removal::Remove
            ),
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
        let written = |name| {
            let changes = changes(name, &["7"]);
            operations(&Json::Null, &changes, &Schemas::default(), Removal::Remove)
        };
        assert_eq!(written(&names[..1]), written(&names[1..]));
    }
}
