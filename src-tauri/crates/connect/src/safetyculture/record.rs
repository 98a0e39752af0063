//! Somebody as a job wants them.

use serde_json::{Map, Value as Json, json};

use super::USERNAME;
use crate::link::ChangeRequest;
use muster_plan::plan::Action;
use muster_plan::push::{ACTIVE, Order, Value};

const LISTS: [&str; 2] = ["groups", "sites"];

/// The record of somebody.
pub(super) fn person(job: &ChangeRequest) -> Result<Json, String> {
    let order = job.order;
    if order.action == Action::Delete {
        return Err("no interface of SafetyCulture that deletes people is known".into());
    }
    let username = order.before.get(USERNAME).filter(|name| !name.is_blank());
    // An order that takes something back has nothing but that.
    let username = username.or_else(|| order.after.get(USERNAME)).map_or(&*order.login, Value::one);
    if username.trim().is_empty() {
        return Err("SafetyCulture finds people by their e-mail, and there is none".into());
    }
    let mut user = Map::new();
    user.insert(USERNAME.to_owned(), json!(username));
    for (name, value) in order.after.iter().filter(|(name, _)| *name != USERNAME) {
        let (name, value) = match name.as_str() {
            // The developer pages and the client programs name the two words in different ways.
            ACTIVE if value.one() == "false" => ("status", json!("deactivated")),
            ACTIVE => ("status", json!("USER_ACTIVE_STATUS_ACTIVE")),
            "permission_set" => ("permission_set", json!({ "name": value.one() })),
            list if LISTS.contains(&list) => (list, membership(order, value)),
            name => (name, json!(value.one())),
        };
        user.insert(name.to_owned(), value);
    }
    if let Some(password) = job.password {
        user.insert("password".to_owned(), json!(password.reveal()));
    }
    Ok(Json::Object(user))
}

/// Groups or sites that take the place of those that somebody has.
fn membership(order: &Order, value: &Value) -> Json {
    let add: Vec<Json> = value.many().iter().map(|name| json!({ "name": name })).collect();
    match order.action {
        Action::Create => json!({ "add_references": add }),
        _ => json!({ "remove_references": [{ "name": "*" }], "add_references": add }),
    }
}
