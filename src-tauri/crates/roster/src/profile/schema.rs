//! The JSON Schema of profile files, made from the types that read them, so that editors complete and check them.
//!
//! `schemars` makes it; what is here loosens it for files that say only what differs from another profile.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::file::{BASED_ON, NAMED, REMOVED, UNSET};
use super::{PolicyId, Profile, Spelt};

/// The name of the schema's file beside profile files, which they refer to in their first line.
pub const FILE: &str = "profile.schema.json";

/// A rule's code, and what it is called.
pub type RuleName = (&'static str, &'static str);

/// The schema as text, the same at each call.
pub fn text(rules: &[RuleName]) -> String {
    let mut text = serde_json::to_string_pretty(&schema(rules)).unwrap_or_default();
    text.push('\n');
    text
}

/// The schema as JSON, draft 7. `rules` are the rules that a profile may name.
pub fn schema(rules: &[RuleName]) -> Value {
    let schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<Profile>();
    let mut schema = schema.to_value();
    schema["title"] = "A profile: what one LMS's roster means".into();
    if let Some(settings) = schema.pointer_mut("/properties/rules") {
        name_rules(settings, rules);
    }
    let demands = demands(&schema, &schema["definitions"]);
    for part in schema["definitions"].as_object_mut().into_iter().flat_map(|d| d.values_mut()) {
        loosen(part);
    }
    loosen(&mut schema);
    schema["required"] = json!(["id", "name"]);
    schema["if"] = json!({ "required": [BASED_ON] });
    schema["else"] = demands;
    schema
}

/// What a whole profile has to say, while one that is based on another may leave it out.
fn demands(part: &Value, definitions: &Value) -> Value {
    let mut demands = Map::new();
    if let Some(required) = part.get("required") {
        demands.insert("required".into(), required.clone());
    }
    let mut properties = Map::new();
    for (name, property) in part["properties"].as_object().into_iter().flatten() {
        let (of, many) = match property.get("items") {
            Some(items) => (items, true),
            None => (property, false),
        };
        let Some(definition) = definition(of, definitions) else { continue };
        let inner = self::demands(definition, definitions);
        if inner != json!({}) {
            let inner = if many { json!({ "items": inner }) } else { inner };
            properties.insert(name.clone(), inner);
        }
    }
    if is_strict(part) {
        properties.insert(UNSET.into(), Value::Bool(false));
        properties.insert(REMOVED.into(), Value::Bool(false));
    }
    if !properties.is_empty() {
        demands.insert("properties".into(), Value::Object(properties));
    }
    Value::Object(demands)
}

/// The definition that a part refers to, directly or with words of its own beside.
fn definition<'s>(part: &'s Value, definitions: &'s Value) -> Option<&'s Value> {
    let refers = |part: &'s Value| part.get("$ref").and_then(Value::as_str);
    let among = |list: &'s str| part[list].as_array().into_iter().flatten().find_map(refers);
    let name = refers(part).or_else(|| among("allOf")).or_else(|| among("anyOf"))?;
    definitions.get(name.strip_prefix("#/definitions/")?)
}

fn is_strict(part: &Value) -> bool {
    part["additionalProperties"] == Value::Bool(false) && part["properties"].is_object()
}

/// Lets a part of a profile hold only what differs.
fn loosen(part: &mut Value) {
    if !is_strict(part) {
        return;
    }
    let required = part.as_object_mut().and_then(|part| part.remove("required"));
    let required = required.unwrap_or_default();
    let names: Vec<&str> = NAMED.iter().map(|(_, word)| *word).collect();
    let name = required.as_array().into_iter().flatten().filter_map(Value::as_str);
    let name = name.filter(|word| names.contains(word)).map(str::to_owned).next();
    part["properties"][UNSET] = json!({
        "description": "Words of the profile that this file is based on which no longer hold.",
        "type": "array",
        "items": { "type": "string" },
    });
    if let Some(name) = name {
        part["required"] = json!([name]);
        part["properties"][REMOVED] = json!({
            "description": "Whether the entry of this name is left out of the profile that this file is based on.",
            "type": "boolean",
        });
    }
}

/// Lists the rules by their codes, each with its heading.
fn name_rules(settings: &mut Value, rules: &[RuleName]) {
    let setting = settings["additionalProperties"].take();
    let mut codes = rules.to_vec();
    codes.sort_unstable();
    let named = codes.into_iter().map(|(code, title)| {
        (code.to_owned(), json!({ "description": title, "allOf": [setting.clone()] }))
    });
    settings["properties"] = Value::Object(named.collect::<Map<_, _>>());
    settings["additionalProperties"] = Value::Bool(false);
}

/// Says of a policy which ids there are and what may be chosen of each. One without a title is another profile's, of
/// which only what differs is said: what it is about stands there.
pub(super) fn name_policies(policy: &mut schemars::Schema) {
    let ids: Vec<&str> = PolicyId::ALL.iter().map(|id| id.word()).collect();
    let whole = json!({ "required": ["title"] });
    let own = json!({ "required": ["own"], "properties": { "own": { "const": true } } });
    let of_a_field = json!({ "required": ["field"] });
    let mut rules = vec![
        json!({
            "if": { "allOf": [whole, { "not": { "anyOf": [own, of_a_field] } }] },
            "then": { "properties": { "id": { "enum": ids } } },
        }),
        json!({ "if": own, "then": { "properties": { "id": { "not": { "enum": ids } } } } }),
        json!({ "if": of_a_field, "then": choices(&PolicyId::Groups.choices()) }),
    ];
    for id in PolicyId::ALL.iter().filter(|id| !id.choices().is_empty()) {
        let is_it = json!({ "required": ["id"], "properties": { "id": { "const": id.word() } } });
        rules.push(json!({ "if": is_it, "then": choices(&id.choices()) }));
    }
    policy.insert("allOf".into(), rules.into());
    let properties = policy.get_mut("properties");
    if let Some(id) = properties.and_then(|all| all.get_mut("id")).and_then(Value::as_object_mut) {
        id.insert("examples".into(), json!(ids));
    }
    // It may be left out only where another profile says it.
    if let Some(required) = policy.get_mut("required").and_then(Value::as_array_mut) {
        required.push("title".into());
    }
}

fn choices(known: &[&str]) -> Value {
    let id = json!({ "properties": { "id": { "enum": known } } });
    json!({ "properties": { "choices": { "items": id }, "default": { "enum": known } } })
}
