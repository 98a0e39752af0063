//! The JSON Schema of profile files, beside the profiles that come with Muster.
#![expect(clippy::disallowed_methods, reason = "the schema lies on the disk")]

use std::path::{Path, PathBuf};

use crate::rules::names;
use muster_roster::profile::BUILT_IN;
use muster_roster::profile::schema::{FILE, schema, text};
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../roster/profiles")
}

fn faults(text: &str) -> Vec<String> {
    let value: Value = toml::from_str(text).expect("TOML");
    let schema = jsonschema::validator_for(&schema(&names())).expect("a schema");
    schema.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect()
}

/// Writes the schema beside the profiles; `make test` fails if that changes a committed file.
#[test]
fn the_schema_lies_beside_the_profiles_that_come_with_muster() {
    std::fs::write(folder().join(FILE), text(&names())).expect("the schema can be written");
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
        ("snapshot_max_age_days = 31", "cadence = 31"),
        ("min = 8", "min = \"8\""),
        ("case-matters", "sometimes"),
        ("summary = ", "about = "),
        ("[rules.key-changed]", "[rules.key-altered]"),
        ("id = \"invitations\"", "id = \"invitation\""),
        ("id = \"groups\"\ntitle", "id = \"groups\"\nown = true\ntitle"),
        ("default = \"off\"", "default = \"of\""),
        ("id = \"replace\"", "id = \"repalce\""),
    ] {
        assert!(text.contains(right), "{right}");
        assert!(!faults(&text.replacen(right, wrong, 1)).is_empty(), "{wrong}");
    }
}

#[test]
fn the_schema_knows_a_vendors_own_switch_by_its_mark() {
    let (_, text) = BUILT_IN.iter().find(|(id, _)| *id == "canvas-sis").expect("canvas-sis");
    assert!(!faults(&text.replace("own = true\n", "")).is_empty());
    let differs = "id = \"acme\"\nname = \"Acme\"\nbased_on = \"canvas-sis\"\n\
                   [[policy]]\nid = \"stickiness\"\ndefault = \"override\"\n";
    assert_eq!(faults(differs), Vec::<String>::new());
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
    let schema = schema(&names());
    let parts = schema["definitions"].as_object().expect("parts").values();
    for part in parts.chain([&schema]) {
        for (name, word) in part["properties"].as_object().into_iter().flatten() {
            assert!(!word["description"].is_null(), "`{name}` of {}", part["title"]);
        }
    }
}
