//! The JSON Schema of profile files, made from the types that read them, so that editors complete and check them.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::Profile;
use crate::rules::RULES;

/// The name of the schema's file beside profile files, which they refer to in their first line.
pub const FILE: &str = "profile.schema.json";

/// The schema as text, the same at each call.
pub fn text() -> String {
    let mut text = serde_json::to_string_pretty(&schema()).unwrap_or_default();
    text.push('\n');
    text
}

fn schema() -> Value {
    let schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<Profile>();
    let mut schema = schema.to_value();
    schema["title"] = "A profile: what one LMS's roster means".into();
    if let Some(rules) = schema.pointer_mut("/properties/rules") {
        name_rules(rules);
    }
    schema
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
