//! What is wrong with a record, as the page of errors words it.

use serde_json::{Value, json};

use super::record::is_active;
use super::state::State;
use crate::strict::shape::is_strong;

/// [D errors] The levels, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// “Potential issue … but does not block processing.”
    Warning,
    /// “Prevents the field from being processed for this user.”
    Error,
    /// “Critical problem that stops the user from being created or updated.”
    Fatal,
}

#[derive(Debug, Clone)]
pub struct Finding {
    pub level: Level,
    /// The field of the record; blank for the person.
    pub field: &'static str,
    reason: &'static str,
    message: String,
}

impl Finding {
    pub fn new(
        level: Level,
        field: &'static str,
        reason: &'static str,
        message: impl Into<String>,
    ) -> Finding {
        Finding { level, field, reason, message: message.into() }
    }

    /// [D errors] “Error response structure”.
    pub fn json(&self) -> Value {
        let level = match self.level {
            Level::Warning => "LEVEL_WARNING",
            Level::Error => "LEVEL_ERROR",
            Level::Fatal => "LEVEL_FATAL",
        };
        json!({
            "reason": self.reason, "field_hint": format!("FIELD_{}", self.field.to_uppercase()),
            "value_hint": "", "message": self.message, "level": level,
            "value_reference": { "id": "", "name": "", "valid": false }, "details": {},
        })
    }
}

/// All that is wrong with somebody.
pub fn validate(state: &State, user: &Value) -> Vec<Finding> {
    let mut all = Vec::new();
    let mut say = |level, field, reason, message: &str| {
        all.push(Finding::new(level, field, reason, message));
    };
    let text = |name: &str| user[name].as_str().unwrap_or_default();
    let there = state.find(text("username"));
    if text("username").is_empty() {
        say(Level::Fatal, "username", "REASON_USER_NOT_FOUND", "username is required");
    }
    if there.is_none() {
        let is_nameless = text("first_name").is_empty() || text("last_name").is_empty();
        if state.switches.needs_names && is_nameless {
            say(Level::Fatal, "", "REASON_REQUIRED", "first and last name are required");
        }
        // [D csv] “New users can only be set as active.”
        if is_active(user) == Some(false) {
            say(Level::Fatal, "status", "REASON_STATUS", "new users can only be active");
        }
        // [D csv] What takes the place of a seat that nobody names is told there; [I] that it is a warning.
        if text("seat_type").is_empty() {
            say(Level::Warning, "seat_type", "REASON_SEAT_TYPE", "the default seat is taken");
        }
    }
    if !text("password").is_empty() {
        // [D csv] “You can only set passwords for new users”, and what they need.
        match (there, is_strong(text("password"), true)) {
            (Some(_), _) => say(Level::Error, "password", "REASON_PASSWORD", "only for new users"),
            (None, false) => {
                say(Level::Error, "password", "REASON_PASSWORD", "password is too weak")
            }
            (None, true) => {}
        }
    }
    let groups = if state.switches.fatal_groups { Level::Fatal } else { Level::Error };
    for (field, known) in [("groups", &state.groups), ("sites", &state.sites)] {
        let references = user[field]["add_references"].as_array();
        for name in references.into_iter().flatten().filter_map(|one| one["name"].as_str()) {
            // [D errors] Of two by that name neither is taken; [U] the level of one that is not there.
            match known.iter().filter(|own| *own == name).count() {
                0 => say(groups, field, "REASON_REFERENCE_NOT_FOUND", &format!("{name} not found")),
                1 => {}
                _ => say(
                    Level::Error,
                    field,
                    "REASON_GROUP_REFERENCE_AMBIGUOUS",
                    "Group reference is ambiguous, please use a unique identifier",
                ),
            }
        }
    }
    let set = user["permission_set"]["name"].as_str();
    if set.is_some_and(|set| !state.permission_sets.iter().any(|own| own == set)) {
        say(Level::Error, "permission_set", "REASON_PERMISSION_SET", "permission set not found");
    }
    // [D csv] “in IANA timezone or Country/Region format”.
    if !text("timezone").is_empty() && !text("timezone").contains('/') {
        say(Level::Error, "timezone", "REASON_TIMEZONE", "timezone is not known");
    }
    all
}
