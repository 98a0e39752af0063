//! Cohorts and who is in them. They are joined by id or number, never by name.

use serde_json::{Value, json};

use super::answers::{Exception, no_record, no_user};
use super::form::Php;
use super::state::{Cohort, State};

/// All of them, where no numbers are named.
pub fn get_cohorts(state: &State, sent: &Php) -> Value {
    let asked: Vec<&str> = sent.each("cohortids").filter_map(Php::as_text).collect();
    let is_asked =
        |cohort: &&Cohort| asked.is_empty() || asked.contains(&cohort.id.to_string().as_str());
    let cohorts: Vec<Value> = state
        .cohorts
        .iter()
        .filter(is_asked)
        .map(|cohort| {
            json!({
                "id": cohort.id, "name": cohort.name, "idnumber": cohort.idnumber,
                "description": "", "descriptionformat": 1, "visible": true, "theme": "",
                "customfields": [],
            })
        })
        .collect();
    json!(cohorts)
}

pub fn get_members(state: &State, sent: &Php) -> Result<Value, Exception> {
    let mut answer = Vec::new();
    for id in sent.each("cohortids").filter_map(Php::as_text) {
        // That an unknown one is no record is read in source.
        let cohort = state.cohorts.iter().find(|cohort| cohort.id.to_string() == id);
        let cohort = cohort.ok_or_else(|| no_record("cohort"))?;
        // In the order of their names.
        let mut members: Vec<_> = cohort.members.iter().filter_map(|id| state.by_id(*id)).collect();
        members.sort_by_key(|person| (&person["lastname"], &person["firstname"]));
        let ids: Vec<u64> = members.iter().map(|person| person.id).collect();
        answer.push(json!({ "cohortid": cohort.id, "userids": ids }));
    }
    Ok(json!(answer))
}

/// Whoever can be added is added; of the others a warning tells, whose code is a text.
pub fn add_members(state: &mut State, sent: &Php) -> Value {
    let empty = Php::empty();
    let mut warnings = Vec::new();
    let mut warn = |code: &str, message: String| {
        warnings.push(json!({ "warningcode": code, "message": message }));
    };
    for member in sent.each("members") {
        let part = |name: &str| {
            let part = member.get(name).unwrap_or(&empty);
            (part.text("type"), part.text("value"))
        };
        let (cohort_type, cohort_value) = part("cohorttype");
        let (user_type, user_value) = part("usertype");
        let cohort = state.cohorts.iter().position(|cohort| match cohort_type {
            "id" => cohort.id.to_string() == cohort_value,
            "idnumber" => cohort.idnumber.as_deref() == Some(cohort_value),
            _ => false,
        });
        let person = match user_type {
            "id" => user_value.parse().ok().and_then(|id| state.by_id(id)),
            "username" => state.by_username(user_value),
            _ => None,
        };
        // Another type than these was not tried; by the source it is a warning, too.
        let Some(cohort) = cohort else {
            warn("2", format!("cohort {cohort_type}={cohort_value} not exists"));
            continue;
        };
        let Some(id) = person.map(|person| person.id) else {
            warn("2", format!("user {user_type}={user_value} not exists"));
            continue;
        };
        if !state.cohorts[cohort].members.insert(id) {
            let who = format!("{cohort_type}={cohort_value} {user_type}={user_value}");
            warn("3", format!("record already exists: cohort({who})"));
        }
    }
    json!({ "warnings": warnings })
}

/// Also of somebody who is in none. All or nobody, where a cohort is not there or somebody was deleted.
pub fn delete_members(state: &mut State, sent: &Php) -> Result<Value, Exception> {
    let mut leaving = Vec::new();
    for member in sent.each("members") {
        let (cohort, person) = (member.text("cohortid"), member.text("userid"));
        let place = state.cohorts.iter().position(|have| have.id.to_string() == cohort);
        let place = place.ok_or_else(|| no_record("cohort"))?;
        let person = person.parse().ok().and_then(|id| state.by_id(id)).ok_or_else(no_user)?;
        leaving.push((place, person.id));
    }
    for (cohort, person) in leaving {
        state.cohorts[cohort].members.remove(&person);
    }
    Ok(Value::Null)
}
