//! What a real Moodle says to a call and holds after it, beside what the one that is played does.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::http::Answer;
use super::state::{Person, State};

/// Where the played one says that it is, as PHP writes it.
const ELSEWHERE: &str = r"https:\/\/moodle.example.com";

type Side<'s> = (&'s Answer, &'s State);

pub fn differences(function: &str, real: Side, played: Side) -> Vec<String> {
    let mut found = Vec::new();
    let mut compare = |what: &str, real: String, played: String| {
        if real != played {
            found.push(format!("{function}, {what}: {real}, and played: {played}"));
        }
    };
    // A page is one of many.
    let address = real.1.real.as_ref().map(|real| format!("http:\\/\\/{}", real.address));
    let told = |(answer, _): Side| {
        let body = answer.body.replace(address.as_deref().unwrap_or("…"), ELSEWHERE);
        serde_json::from_str(&body).map(told).unwrap_or_default()
    };
    let (is, would_be) = (told(real), told(played));
    if is != would_be {
        let (one, other) = parts(&is, &would_be);
        compare("the answer", one, other);
    }
    let (after, would_be) = (people(real.1), people(played.1));
    for id in after.keys().chain(would_be.keys()) {
        let of = |people: &BTreeMap<u64, String>| people.get(id).cloned().unwrap_or_default();
        compare("somebody", of(&after), of(&would_be));
    }
    let cohorts = |side: Side| format!("{:?}", side.1.cohorts);
    compare("cohorts", cohorts(real), cohorts(played));
    let mailed = |side: Side| {
        let to: Vec<&str> = side.1.mails.iter().map(|mail| mail.to.as_str()).collect();
        to.join(" ")
    };
    compare("mails", mailed(real), mailed(played));
    found
}

/// An answer without what no two sites have in common, or that nobody goes by.
fn told(mut answer: Value) -> Value {
    if answer.get("siteurl").is_some() || answer.get("sitename").is_some() {
        let names = ["userid", "username", "userissiteadmin", "release", "functions"];
        retain(&mut answer, |name| names.contains(&name));
        if let Some(functions) = answer["functions"].as_array_mut() {
            functions.sort_by_key(|function| function["name"].to_string());
        }
    }
    // With debugging on, the reasons are in other words.
    let hides_reason = answer.get("debuginfo").is_some();
    retain(&mut answer, |name| name != "debuginfo" && !(hides_reason && name == "message"));
    let is_search = answer.get("users").is_some();
    let users = if is_search { &mut answer["users"] } else { &mut answer };
    for one in users.as_array_mut().into_iter().flatten() {
        let own = ["profileimageurl", "profileimageurlsmall", "preferences"];
        retain(one, |name| !own.contains(&name));
        // The database sorts names by their letters, and not by their bytes.
        if let Some(ids) = one.get_mut("userids").and_then(Value::as_array_mut) {
            ids.sort_by_key(Value::as_u64);
        }
    }
    answer
}

/// What differs in two answers, where they are lists of people; else all of them.
fn parts(one: &Value, other: &Value) -> (String, String) {
    let people = |answer: &Value| {
        let list = answer.get("users").unwrap_or(answer).as_array();
        list.cloned().unwrap_or_default()
    };
    let (mine, theirs) = (people(one), people(other));
    let pairs = mine.iter().zip(&theirs).find(|(one, other)| one != other);
    let (one, other) = pairs.unwrap_or((one, other));
    (one.to_string(), other.to_string())
}

fn retain(value: &mut Value, keeps: impl Fn(&str) -> bool) {
    if let Some(fields) = value.as_object_mut() {
        let all: Map<String, Value> = std::mem::take(fields);
        fields.extend(all.into_iter().filter(|(name, _)| keeps(name)));
    }
}

/// Everybody by their number, with what is in them.
fn people(state: &State) -> BTreeMap<u64, String> {
    let filled = |map: &BTreeMap<String, String>, but: &[&str]| {
        let filled =
            map.iter().filter(|(name, value)| !value.is_empty() && !but.contains(&name.as_str()));
        format!("{:?}", filled.collect::<Vec<_>>())
    };
    let told = |person: &Person| {
        if person.deleted {
            return "deleted".to_owned();
        }
        // A password that was made is another each time.
        let values = filled(&person.values, &["password"]);
        let flags = (person.suspended, person.unconfirmed, person.site_administrator);
        format!("{values} {} {flags:?}", filled(&person.custom, &[]))
    };
    state.people.iter().map(|person| (person.id, told(person))).collect()
}
