//! The form of a record.

use serde_json::{Value, json};

use super::switches::Switches;
use crate::strict::shape::{Fields, Kind, check};

/// [D bulk] “API format”; `user_id` from client programs.
const USER: &Fields = &[
    ("username?", Kind::Text),
    ("user_id?", Kind::Text),
    ("first_name?", Kind::Text),
    ("last_name?", Kind::Text),
    ("password?", Kind::Text),
    ("seat_type?", Kind::Text),
    ("timezone?", Kind::Text),
    ("status?", Kind::Text),
    ("language?", Kind::Text),
    ("permission_set?", Kind::Object),
    ("groups?", Kind::Object),
    ("sites?", Kind::Object),
    ("attributes?", Kind::List),
];

/// [D bulk] `remove_references`, `add_references`.
const MEMBERSHIP: &Fields = &[("remove_references?", Kind::List), ("add_references?", Kind::List)];

/// [D bulk] By name or by id.
const REFERENCE: &Fields = &[("name?", Kind::Text), ("id?", Kind::Text)];

/// [C] Each record is wrapped; [D start] speaks of settings “on the individual user”.
const WRAPPED: &Fields = &[
    ("user", Kind::Object),
    ("email_settings?", Kind::Object),
    ("password_settings?", Kind::Object),
];

/// What is wrong with the form of a wrapped record. It is put into the form in which it is told afterwards.
pub fn read(wrapped: &mut Value, switches: Switches) -> Result<(), String> {
    let drops = switches.drops_unknown;
    check(wrapped, WRAPPED, drops)?;
    let user = &mut wrapped["user"];
    check(user, USER, drops)?;
    for list in ["groups", "sites"] {
        let Some(membership) = user.get_mut(list) else { continue };
        check(membership, MEMBERSHIP, drops)?;
        for references in membership.as_object_mut().expect("checked").values_mut() {
            for reference in references.as_array_mut().expect("checked") {
                check(reference, REFERENCE, drops)?;
            }
        }
    }
    if let Some(set) = user.get_mut("permission_set") {
        check(set, REFERENCE, drops)?;
    }
    if let Some(said) = user.get("status").and_then(Value::as_str) {
        match (status(said, switches), drops) {
            (Some(active), _) => user["status"] = json!(word(active)),
            (None, true) => drop(user.as_object_mut().expect("checked").remove("status")),
            (None, false) => {
                return Err(format!("invalid value for enum field status: \"{said}\""));
            }
        }
    }
    Ok(())
}

/// [D bulk] The word for active; [I] the other one after it; [C] the short ones.
fn status(said: &str, switches: Switches) -> Option<bool> {
    match said {
        "USER_ACTIVE_STATUS_ACTIVE" => Some(true),
        "USER_ACTIVE_STATUS_DEACTIVATED" => Some(false),
        "active" if switches.short_words => Some(true),
        "deactivated" if switches.short_words => Some(false),
        _ => None,
    }
}

fn word(is_active: bool) -> &'static str {
    if is_active { "USER_ACTIVE_STATUS_ACTIVE" } else { "USER_ACTIVE_STATUS_DEACTIVATED" }
}

pub fn is_active(user: &Value) -> Option<bool> {
    user["status"].as_str().map(|word| word == "USER_ACTIVE_STATUS_ACTIVE")
}
