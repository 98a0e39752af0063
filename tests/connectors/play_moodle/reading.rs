//! `core_webservice_get_site_info`, `core_user_get_users` and `core_user_get_users_by_field`: who is told of, and what.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::answers::{Exception, invalid_parameter, moodle};
use super::form::Php;
use super::state::{CUSTOM_FIELDS, Person, State};

pub fn site_info(state: &State) -> Value {
    let own = state.by_id(state.own_id());
    let own = |field: &str| own.map(|person| person[field].to_owned()).unwrap_or_default();
    let functions = state.settings.functions.iter();
    let functions: Vec<Value> =
        functions.map(|name| json!({ "name": name, "version": "2024100706" })).collect();
    json!({
        "sitename": "Northwind Academy",
        "username": own("username"),
        "firstname": own("firstname"),
        "lastname": own("lastname"),
        "fullname": format!("{} {}", own("firstname"), own("lastname")),
        "lang": "en",
        "userid": state.own_id(),
        "userissiteadmin": state.settings.token.is_administrator(),
        "functions": functions,
        "release": state.settings.version.release(),
        "version": "2024100706",
        // Read in source: it lets whoever has it into files, and is nothing to be shown.
        "userprivateaccesskey": "5ecretKey0fTheTests",
    })
}

/// What PHP takes for nothing. A name that is `0` is nothing, too.
pub fn is_nothing(value: &str) -> bool {
    value.is_empty() || value == "0"
}

/// Everything that the token may see of somebody. Middle and alternate names are told to nobody.
pub fn told(state: &State, person: &Person) -> Map<String, Value> {
    let token = state.settings.token;
    let is_own = person.id == state.own_id();
    let details = is_own || token.sees_details();
    let mut told = Map::new();
    let filled = |name: &str| Some(json!(&person[name])).filter(|_| !is_nothing(&person[name]));
    let mut tell = |name: &str, value: Option<Value>| {
        told.extend(value.map(|value| (name.to_owned(), value)));
    };
    tell("id", Some(json!(person.id)));
    if details {
        tell("username", Some(json!(&person["username"])));
    }
    tell("firstname", Some(json!(&person["firstname"])));
    tell("lastname", Some(json!(&person["lastname"])));
    tell("fullname", Some(json!(format!("{} {}", &person["firstname"], &person["lastname"]))));
    if is_own || token.sees_identity() || &person["maildisplay"] == "1" {
        tell("email", Some(json!(&person["email"])));
    }
    tell("address", filled("address"));
    if token.is_administrator() || state.settings.phones_listed {
        tell("phone1", filled("phone1"));
        tell("phone2", filled("phone2"));
    }
    if details {
        tell("department", Some(json!(&person["department"])));
        tell("institution", filled("institution"));
        tell("idnumber", filled("idnumber"));
    }
    tell("firstaccess", Some(json!(0)));
    tell("lastaccess", Some(json!(person.last_access)));
    if details {
        tell("auth", Some(json!(&person["auth"])));
    }
    tell("suspended", Some(json!(person.suspended)));
    if details {
        tell("confirmed", Some(json!(!person.unconfirmed)));
        tell("lang", Some(json!(&person["lang"])));
        tell("theme", Some(json!(&person["theme"])));
        tell("mailformat", Some(json!(person["mailformat"].parse::<i64>().unwrap_or(1))));
        tell("trackforums", Some(json!(0)));
    }
    let is_set = person.values.contains_key("description");
    if is_set && (is_own || token.is_administrator() || person.has_role) {
        tell("description", Some(json!(formatted(&person["description"]))));
        tell("descriptionformat", Some(json!(1)));
    }
    tell("timezone", filled("timezone"));
    tell("city", filled("city"));
    tell("country", filled("country"));
    tell("profileimageurlsmall", Some(json!("https://moodle.example.com/theme/image.php/u/f2")));
    tell("profileimageurl", Some(json!("https://moodle.example.com/theme/image.php/u/f1")));
    let custom: Vec<Value> = CUSTOM_FIELDS
        .iter()
        .filter_map(|(short, name, menu)| {
            let value = person.custom.get(*short).filter(|value| !is_nothing(value))?;
            let kind = if menu.is_empty() { "text" } else { "menu" };
            Some(json!({
                "type": kind, "value": value, "displayvalue": value, "name": name,
                "shortname": short,
            }))
        })
        .collect();
    if !custom.is_empty() {
        tell("customfields", Some(json!(custom)));
    }
    if is_own {
        let preferences = person.preferences.iter();
        let preferences = preferences.map(|(name, value)| json!({ "name": name, "value": value }));
        // A number among texts.
        let loaded = json!({ "name": "_lastloaded", "value": 1_795_000_000 });
        let preferences = preferences.chain([loaded]);
        tell("preferences", Some(json!(preferences.collect::<Vec<_>>())));
    }
    told
}

/// A description as a page would show it: signs are escaped, tags stay.
fn formatted(text: &str) -> String {
    let mut formatted = String::new();
    for (at, letter) in text.char_indices() {
        let rest = &text[at + letter.len_utf8()..];
        match letter {
            '&' if !is_entity(rest) => formatted.push_str("&amp;"),
            '<' if !rest.starts_with(|c: char| c == '/' || c.is_ascii_alphabetic()) => {
                formatted.push_str("&lt;");
            }
            other => formatted.push(other),
        }
    }
    formatted
}

fn is_entity(rest: &str) -> bool {
    let name = rest.split_once(';').map_or("", |(name, _)| name);
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#')
}

/// SQL's LIKE, in any case: `%` is anything, `_` any one letter.
fn is_like(pattern: &[char], text: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('%', rest)) => (0..=text.len()).any(|from| is_like(rest, &text[from..])),
        Some((letter, rest)) => text.split_first().is_some_and(|(first, more)| {
            let same = *letter == '_' || letter.to_lowercase().eq(first.to_lowercase());
            same && is_like(rest, more)
        }),
    }
}

fn fits(person: &Person, key: &str, value: &str) -> bool {
    match key {
        "id" => person.id.to_string() == value,
        "email" | "firstname" | "lastname" => {
            let letters = |text: &str| text.chars().collect::<Vec<_>>();
            // As `is_like` would find, and quicker for many.
            value.chars().all(|c| c == '%') && !value.is_empty()
                || is_like(&letters(value), &letters(&person[key]))
        }
        _ => person[key] == *value,
    }
}

/// Nobody is told of in whom a key that was searched for is nothing, as far as the token may see.
fn may_be_found_by(told: &Map<String, Value>, key: &str) -> bool {
    match told.get(key) {
        Some(Value::String(text)) => !is_nothing(text),
        Some(Value::Number(number)) => number.as_u64() != Some(0),
        _ => false,
    }
}

const KEYS: [&str; 7] = ["id", "idnumber", "username", "auth", "email", "firstname", "lastname"];

pub fn get_users(state: &State, sent: &Php) -> Result<Value, Exception> {
    let (mut keys, mut warnings) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for criterion in sent.each("criteria") {
        let (key, value) = (criterion.text("key"), criterion.text("value"));
        if !seen.insert(key) {
            // The code was seen; that it has no words of its own is read in source.
            return Err(moodle("keyalreadyset", "error/keyalreadyset"));
        }
        if KEYS.contains(&key) {
            keys.push((key, value));
            continue;
        }
        let message = format!(
            "The search key '{key}' is not supported, look at the web service documentation"
        );
        warnings.push(json!({
            "item": key, "warningcode": "invalidfieldparameter", "message": message,
        }));
    }
    if seen.is_empty() {
        return Err(invalid_parameter("No criteria"));
    }
    let users: Vec<Value> = in_order(state)
        .filter(|person| keys.iter().all(|(key, value)| fits(person, key, value)))
        .map(|person| told(state, person))
        .filter(|told| keys.iter().all(|(key, _)| may_be_found_by(told, key)))
        .map(Value::Object)
        .collect();
    Ok(json!({ "users": users, "warnings": warnings }))
}

/// By their numbers, and nobody who was deleted.
fn in_order(state: &State) -> impl Iterator<Item = &Person> {
    let mut people: Vec<&Person> = state.people.iter().filter(|p| !p.deleted).collect();
    people.sort_by_key(|person| person.id);
    people.into_iter()
}

/// Many values of one field, each exact; the same rule of who is told of. But whoever was deleted is told of too, by their
/// number, as if they were there: nothing marks them.
pub fn get_users_by_field(state: &State, sent: &Php) -> Result<Value, Exception> {
    let field = sent.text("field");
    if !["id", "idnumber", "username", "email"].contains(&field) {
        return Err(invalid_parameter("The search key is not supported"));
    }
    let values: BTreeSet<&str> = sent.each("values").filter_map(Php::as_text).collect();
    let has = |person: &Person| match field {
        "id" => values.contains(person.id.to_string().as_str()),
        _ => values.contains(&person[field]),
    };
    let mut people: Vec<&Person> = state.people.iter().filter(|person| has(person)).collect();
    people.sort_by_key(|person| person.id);
    let users: Vec<Value> = people
        .into_iter()
        .map(|person| told(state, person))
        .filter(|told| may_be_found_by(told, field))
        .map(Value::Object)
        .collect();
    Ok(json!(users))
}
