//! The JSON Schema of profile files, made from the types that read them, so that editors complete and check them.
//!
//! `schemars` makes it; what is here loosens it for files that say only what differs from another profile.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::Profile;
use super::file::{BASED_ON, NAMED, REMOVED, UNSET};
use crate::rules::RULES;

/// The name of the schema's file beside profile files, which they refer to in their first line.
pub const FILE: &str = "profile.schema.json";

/// The schema as text, the same at each call.
pub fn text() -> String {
    let mut text = serde_json::to_string_pretty(&schema()).unwrap_or_default();
    text.push('\n');
    text
}

pub fn schema() -> Value {
    let schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<Profile>();
    let mut schema = schema.to_value();
    schema["title"] = "A profile: what one LMS's roster means".into();
    if let Some(rules) = schema.pointer_mut("/properties/rules") {
        name_rules(rules);
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
fn name_rules(rules: &mut Value) {
    let setting = rules["additionalProperties"].take();
    let mut codes: Vec<_> = RULES.iter().map(|rule| (rule.code, rule.title)).collect();
    codes.sort_unstable();
    let named = codes.into_iter().map(|(code, title)| {
        (code.to_owned(), json!({ "description": title, "allOf": [setting.clone()] }))
    });
    rules["properties"] = Value::Object(named.collect::<Map<_, _>>());
    rules["additionalProperties"] = Value::Bool(false);
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::profile::BUILT_IN;

    fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles")
    }

    fn faults(text: &str) -> Vec<String> {
        let value: Value = toml::from_str(text).expect("TOML");
        let schema = jsonschema::validator_for(&schema()).expect("a schema");
        schema.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect()
    }

    /// Writes the schema beside the profiles; `make test` fails if that changes a committed file.
    #[test]
    fn the_schema_lies_beside_the_profiles_that_come_with_muster() {
        std::fs::write(folder().join(FILE), text()).expect("the schema can be written");
    }

    #[test]
    fn every_built_in_profile_keeps_to_the_schema_and_refers_to_it() {
        for (id, text) in BUILT_IN {
            assert_eq!(faults(text), Vec::<String>::new(), "{id}");
            assert!(text.starts_with(&format!("#:schema ./{FILE}\n")), "{id}");
        }
    }

    #[test]
    fn the_schema_finds_a_wrong_name_a_wrong_kind_of_value_and_what_is_missing() {
        let (_, text) = BUILT_IN.iter().find(|(id, _)| *id == "edapp").expect("edapp");
        for (right, wrong) in [
            ("cadence_days = 31", "cadence = 31"),
            ("min = 8", "min = \"8\""),
            ("case-matters", "sometimes"),
            ("summary = ", "about = "),
            ("[rules.key-changed]", "[rules.key-altered]"),
        ] {
            assert!(text.contains(right), "{right}");
            assert!(!faults(&text.replacen(right, wrong, 1)).is_empty(), "{wrong}");
        }
    }

    #[test]
    fn what_only_differs_may_leave_out_what_a_whole_profile_has_to_say() {
        let differs = "id = \"acme\"\nname = \"Acme\"\nbased_on = \"edapp\"\nunset = [\"provisional\"]\n\
                       [[field]]\nid = \"email\"\nmax = 40\nunset = [\"about\"]\n\
                       [[field]]\nid = \"roles\"\nremoved = true\n";
        assert_eq!(faults(differs), Vec::<String>::new());
        assert_eq!(faults(&differs.replace("based_on = \"edapp\"\n", "")).len(), 10);
        assert!(!faults(&differs.replace("id = \"email\"\n", "")).is_empty());
    }

    #[test]
    fn every_word_of_a_profile_is_explained() {
        let schema = schema();
        let parts = schema["definitions"].as_object().expect("parts").values();
        for part in parts.chain([&schema]) {
            for (name, word) in part["properties"].as_object().into_iter().flatten() {
                assert!(!word["description"].is_null(), "`{name}` of {}", part["title"]);
            }
        }
    }
}
