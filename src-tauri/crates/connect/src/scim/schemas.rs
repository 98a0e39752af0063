//! What a service says of the attributes of people and groups (`/Schemas`; RFC 7643, 7): which there are, which it wants of
//! everybody, which it changes by itself or never tells. One that says nothing is taken for what the standard has.

use rustc_hash::FxHashMap;
use serde_json::{Value as Json, json};

use super::names::{Name, USER, text};
use crate::yes_or_no::is_yes;

const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// What everything has, so that a service need not list it (RFC 7643, 3.1).
const COMMON: [&str; 3] = ["id", "externalId", "meta"];
/// Where to go with what a service does not take.
const INSTEAD: &str = "leave it out of the roster, or see to it there by hand";

/// Why a value cannot be put somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// This one not.
    Value(String),
    /// None by this way.
    Any(String),
}

#[derive(Debug, Clone, Default)]
pub(super) struct Schemas {
    by_id: FxHashMap<String, Vec<Attribute>>,
}

#[derive(Debug, Clone, Default)]
struct Attribute {
    name: String,
    is_required: bool,
    is_read_only: bool,
    is_never_told: bool,
    parts: Vec<Attribute>,
}

/// What is said of an attribute, or of a part of one.
enum Told<'s> {
    /// Nothing at all: it is tried.
    Nothing,
    /// It is none of those that there are.
    Missing,
    Has(&'s Attribute, Option<&'s Attribute>),
}

impl Attribute {
    fn read(json: &Json) -> Attribute {
        let says = |name: &str, what: &str| text(json.get(name)).eq_ignore_ascii_case(what);
        Attribute {
            name: text(json.get("name")),
            is_required: is_yes(&json["required"]),
            is_read_only: says("mutability", "readOnly"),
            is_never_told: says("returned", "never"),
            parts: Attribute::all_of(&json["subAttributes"]),
        }
    }

    fn all_of(list: &Json) -> Vec<Attribute> {
        list.as_array().into_iter().flatten().map(Attribute::read).collect()
    }

    /// Whether somebody has to have it: what the service sets itself is not asked of anybody.
    fn is_wanted(&self) -> bool {
        self.is_required && !self.is_read_only
    }
}

fn find<'s>(all: &'s [Attribute], name: &str) -> Option<&'s Attribute> {
    all.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}

impl Schemas {
    pub fn read(page: &Json) -> Schemas {
        let all = page["Resources"].as_array().or(page.as_array());
        let one = |schema: &Json| {
            let attributes = Attribute::all_of(&schema["attributes"]);
            // A schema without attributes says nothing of them.
            (!attributes.is_empty()).then(|| (text(schema.get("id")), attributes))
        };
        Schemas { by_id: all.into_iter().flatten().filter_map(one).collect() }
    }

    fn of_people(&self) -> &[Attribute] {
        self.by_id.get(USER).map(Vec::as_slice).unwrap_or_default()
    }

    fn told(&self, name: &Name) -> Told<'_> {
        let schema = name.schema.as_deref().unwrap_or(USER);
        let Some(all) = self.by_id.get(schema) else { return Told::Nothing };
        let Some(attribute) = find(all, &name.attribute) else {
            let is_common = name.schema.is_none() && COMMON.contains(&name.attribute.as_str());
            return if is_common { Told::Nothing } else { Told::Missing };
        };
        let part = if name.is_list() { Some(name.part_of_list()) } else { name.part.as_deref() };
        match part {
            Some(part) if !attribute.parts.is_empty() => match find(&attribute.parts, part) {
                Some(part) => Told::Has(attribute, Some(part)),
                None => Told::Missing,
            },
            _ => Told::Has(attribute, None),
        }
    }

    /// Why a value cannot be put there, as a sentence.
    pub fn refuses(&self, name: &Name, wanted: &str) -> Option<Refusal> {
        let named = &name.name;
        match self.told(name) {
            Told::Nothing => None,
            Told::Missing => Some(Refusal::Any(format!(
                "the service has no `{named}`, by its own list of attributes: {INSTEAD}"
            ))),
            Told::Has(attribute, part) => {
                let is_read_only = attribute.is_read_only || part.is_some_and(|p| p.is_read_only);
                let is_wanted = attribute.is_wanted()
                    && (name.is_list() || part.is_none_or(Attribute::is_wanted));
                if is_read_only {
                    Some(Refusal::Any(format!(
                        "the service lets nobody change `{named}`: {INSTEAD}"
                    )))
                } else if wanted.is_empty() && is_wanted {
                    Some(Refusal::Value(format!(
                        "the service wants `{named}` of everybody, so it cannot be blank"
                    )))
                } else {
                    None
                }
            }
        }
    }

    /// Whether the service says what somebody has there.
    pub fn tells(&self, name: &Name) -> bool {
        match self.told(name) {
            Told::Nothing => true,
            Told::Missing => false,
            Told::Has(attribute, part) => {
                !attribute.is_never_told && part.is_none_or(|part| !part.is_never_told)
            }
        }
    }

    /// Whether a member of a list, such as an e-mail, can say that of itself: `type`, `primary`.
    pub fn takes_part(&self, attribute: &str, part: &str) -> bool {
        match find(self.of_people(), attribute) {
            Some(attribute) if !attribute.parts.is_empty() => {
                find(&attribute.parts, part).is_some_and(|part| !part.is_read_only)
            }
            _ => true,
        }
    }

    /// Whether a full name has to go along with the parts of a name.
    pub fn wants_full_name(&self) -> bool {
        let name = find(self.of_people(), "name");
        name.and_then(|name| find(&name.parts, "formatted")).is_some_and(Attribute::is_wanted)
    }

    /// Whether a group has to have members, and a member an address.
    pub fn of_members(&self) -> (bool, bool) {
        let members = self.by_id.get(GROUP).and_then(|all| find(all, "members"));
        let address = members.and_then(|members| find(&members.parts, "$ref"));
        (members.is_some_and(Attribute::is_wanted), address.is_some_and(Attribute::is_wanted))
    }

    /// Fills in what a service wants of somebody new and what follows from the rest; fails with what does not.
    pub fn complete(&self, user: &mut Json) -> Result<(), String> {
        let people = self.of_people();
        let wants = |name: &str| find(people, name).is_some_and(Attribute::is_wanted);
        if wants("active") && user["active"].is_null() {
            user["active"] = json!(true);
        }
        let full = full_name(&user["name"]);
        if self.wants_full_name()
            && text(user["name"].get("formatted")).is_empty()
            && !full.is_empty()
        {
            user["name"]["formatted"] = json!(full);
        }
        if wants("displayName") && text(user.get("displayName")).is_empty() && !full.is_empty() {
            user["displayName"] = json!(full);
        }
        let mut missing = Vec::new();
        for (schema, all) in &self.by_id {
            match schema.as_str() {
                USER => missing.extend(without(all, user)),
                schema if user[schema].is_object() => missing.extend(without(all, &user[schema])),
                _ => {}
            }
        }
        missing.sort_unstable();
        match missing.as_slice() {
            [] => Ok(()),
            names => Err(format!(
                "the service wants {} of everybody, and the roster has nothing for it",
                names.join(" and ")
            )),
        }
    }
}

/// The names of what has to be there and is not.
fn without(all: &[Attribute], place: &Json) -> Vec<String> {
    let is_blank = |value: &Json| match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(all) => all.is_empty(),
        Json::Object(all) => all.is_empty(),
        _ => false,
    };
    let mut missing = Vec::new();
    for attribute in all.iter().filter(|attribute| !attribute.is_read_only) {
        let value = &place[&attribute.name];
        let members = match value {
            Json::Array(all) => all.iter().collect(),
            value if is_blank(value) => Vec::new(),
            value => vec![value],
        };
        if members.is_empty() && attribute.is_required {
            missing.push(format!("`{}`", attribute.name));
        }
        for part in attribute.parts.iter().filter(|part| part.is_wanted()) {
            if members.iter().any(|member| is_blank(&member[&part.name])) {
                missing.push(format!("`{}.{}`", attribute.name, part.name));
            }
        }
    }
    missing
}

/// The full name that follows from the parts of one.
pub(super) fn full_name(name: &Json) -> String {
    let parts = ["givenName", "familyName"].map(|part| text(name.get(part)));
    parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::names::EMAILS;
    use super::*;

    /// As Canaille says it.
    fn narrow() -> Schemas {
        let part = |name: &str, required: bool| json!({ "name": name, "required": required });
        let own =
            |name: &str| json!({ "name": name, "mutability": "readOnly", "returned": "never" });
        Schemas::read(&json!({ "Resources": [
            { "id": USER, "attributes": [
                own("externalId"),
                { "name": "userName", "required": true, "mutability": "immutable" },
                { "name": "name", "required": true, "subAttributes": [
                    part("formatted", true), part("familyName", true), part("givenName", false),
                ] },
                { "name": "active", "required": true },
                { "name": "title" },
                { "name": EMAILS, "subAttributes": [part("value", true)] },
                { "name": "addresses", "subAttributes": [part("locality", false), own("country")] },
            ] },
            { "id": "urn:x:User", "attributes": [{ "name": "department" }] },
            { "id": GROUP, "attributes": [
                { "name": "members", "required": true, "subAttributes": [part("$ref", true)] },
            ] },
        ] }))
    }

    #[test]
    fn what_a_service_does_not_list_or_sets_itself_is_refused_before_it_is_sent() {
        let refused = |name: &str, wanted: &str| narrow().refuses(&Name::read(name), wanted);
        let any = |name: &str| match refused(name, "x") {
            Some(Refusal::Any(why)) => why,
            other => panic!("{name}: {other:?}"),
        };
        for fine in ["userName", "name.formatted", "emails", "addresses.locality", "meta"] {
            assert_eq!(refused(fine, "x"), None, "{fine}");
        }
        for name in ["locale", "name.middleName", "phoneNumbers", "urn:x:User:manager"] {
            assert!(any(name).contains("has no"), "{name}");
        }
        for name in ["externalId", "addresses.country"] {
            assert!(any(name).contains("nobody change"), "{name}");
        }
        for name in ["name.familyName", "active"] {
            let refusal = refused(name, "");
            let is_own =
                matches!(&refusal, Some(Refusal::Value(why)) if why.contains("cannot be blank"));
            assert!(is_own, "{name}: {refusal:?}");
        }
        for name in ["name.givenName", "title", "emails", "urn:x:User:department"] {
            assert_eq!(refused(name, ""), None, "{name}");
        }
        // Nothing is said of that one.
        assert_eq!(refused("urn:y:User:badge", "x"), None);
        assert_eq!(Schemas::default().refuses(&Name::read("locale"), ""), None);
    }

    #[test]
    fn what_is_never_told_and_what_there_is_not_is_not_compared() {
        let told = |name: &str| narrow().tells(&Name::read(name));
        assert!(told("title") && told("emails") && told("addresses.locality") && told("id"));
        assert!(!told("externalId") && !told("addresses.country") && !told("phoneNumbers"));
        assert!(!narrow().takes_part(EMAILS, "type") && narrow().takes_part(EMAILS, "value"));
        assert!(narrow().takes_part("title", "type") && narrow().takes_part("photos", "type"));
        assert_eq!(narrow().of_members(), (true, true));
        assert_eq!(Schemas::default().of_members(), (false, false));
    }

    #[test]
    fn what_a_service_wants_is_filled_in_where_it_follows_and_named_where_it_does_not() {
        let mut ada = json!({
            "userName": "ada", "name": { "givenName": "Ada", "familyName": "Lo" },
            "emails": [{ "value": "ada@example.com" }],
        });
        assert_eq!(narrow().complete(&mut ada), Ok(()));
        assert_eq!((&ada["name"]["formatted"], &ada["active"]), (&json!("Ada Lo"), &json!(true)));
        let mut bob = json!({
            "userName": "bob", "name": { "givenName": "Bob", "formatted": "Bobby" },
            "emails": [{ "type": "work" }], "active": false,
        });
        let why = narrow().complete(&mut bob).expect_err("refused");
        assert!(why.contains("`emails.value` and `name.familyName`"), "{why}");
        assert_eq!((&bob["name"]["formatted"], &bob["active"]), (&json!("Bobby"), &json!(false)));
        let mut gil = json!({ "userName": "gil" });
        let why = narrow().complete(&mut gil).expect_err("refused");
        assert!(why.contains("`name`"), "{why}");
        let mut gil = json!({ "userName": "gil" });
        assert_eq!(Schemas::default().complete(&mut gil), Ok(()));
        assert_eq!(gil, json!({ "userName": "gil" }));
    }
}
