//! What Moodle answers while nothing is wrong with it, to as little as these tests ask of it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::answers::{fine, plain};
use super::lms::{Answer, Lms};
use super::people::{Held, Person};

/// `users[1][lastname]`, as one map for each of them.
fn numbered(fields: &[(String, String)], list: &str) -> Vec<BTreeMap<String, String>> {
    let mut all: BTreeMap<usize, BTreeMap<String, String>> = BTreeMap::new();
    for (name, value) in fields {
        let Some(rest) = name.strip_prefix(&format!("{list}[")) else { continue };
        let (n, field) = rest.split_once(']').expect("a number");
        let field = field.trim_matches(['[', ']']).to_owned();
        all.entry(n.parse().expect("a number")).or_default().insert(field, value.clone());
    }
    all.into_values().collect()
}

fn moodle_user(person: &Person) -> Value {
    json!({
        "id": person.id.parse::<u64>().expect("a number"), "username": person.login,
        "firstname": person.first, "lastname": person.last, "email": person.email,
        "auth": "manual", "suspended": !person.is_active, "lang": "en", "department": "",
        "timezone": "99",
    })
}

pub fn moodle(form: &str, held: &mut Held) -> Answer {
    let fields: Vec<(String, String)> = form
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (plain(name), plain(value)))
        .collect();
    let value = |name: &str| {
        let own = fields.iter().find(|(n, _)| n == name);
        own.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let refused = |why: &str| {
        fine(&json!({
            "exception": "invalid_parameter_exception", "errorcode": "invalidparameter",
            "message": "Invalid parameter value detected", "debuginfo": why,
        }))
    };
    fine(&match value("wsfunction").as_str() {
        "core_webservice_get_site_info" => json!({
            "sitename": "Play", "username": "wsmuster", "userid": 3, "userissiteadmin": false,
            "release": "4.5.6 (Build: 20250811)", "functions": [],
        }),
        "core_user_get_users" => {
            let (key, wanted) = (value("criteria[0][key]"), value("criteria[0][value]"));
            let all = held.people.iter().map(moodle_user);
            let is = |one: &Value| wanted.contains('%') || one[&key] == wanted.as_str();
            json!({ "users": all.filter(is).collect::<Vec<_>>(), "warnings": [] })
        }
        "core_user_create_users" => {
            let new = numbered(&fields, "users");
            if let Some(taken) = new.iter().find(|one| held.by_login(&one["username"]).is_some()) {
                return refused(&format!("Username already exists: {}", taken["username"]));
            }
            let made = new.into_iter().map(|mut one| {
                let mut take = |name: &str| one.remove(name).unwrap_or_default();
                let person = Person {
                    login: take("username"),
                    first: take("firstname"),
                    last: take("lastname"),
                    email: take("email"),
                    is_active: true,
                    ..Person::default()
                };
                let made = moodle_user(&held.add(Lms::Moodle, person));
                json!({ "id": made["id"], "username": made["username"] })
            });
            made.collect()
        }
        "core_user_update_users" => {
            let mut warnings = Vec::new();
            for one in numbered(&fields, "users") {
                let Some(person) = held.by_id(&one["id"]) else {
                    warnings.push(json!({
                        "item": "user", "itemid": one["id"].parse::<u64>().unwrap_or(0),
                        "warningcode": "invaliduserid", "message": "Invalid user ID",
                    }));
                    continue;
                };
                for (name, value) in one {
                    match name.as_str() {
                        "username" => person.login = value,
                        "firstname" => person.first = value,
                        "lastname" => person.last = value,
                        "email" => person.email = value,
                        "suspended" => person.is_active = value != "1",
                        _ => {}
                    }
                }
            }
            json!({ "warnings": warnings })
        }
        "core_user_delete_users" => {
            let id = value("userids[0]");
            let login = held.by_id(&id).map(|person| person.login.clone());
            let Some(login) = login else {
                return fine(&json!({
                    "exception": "moodle_exception", "errorcode": "invaliduser",
                    "message": "Invalid user",
                }));
            };
            held.remove(&login);
            Value::Null
        }
        "core_cohort_get_cohorts" => json!([]),
        _ => json!({ "warnings": [] }),
    })
}
