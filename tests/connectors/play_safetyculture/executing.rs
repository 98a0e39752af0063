//! A record is carried out, but for what is wrong with it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::record::is_active;
use super::state::{Person, State};
use super::validating::{Finding, Level, validate};

/// [D bulk] “If the system encounters an error with a user record, it will continue processing the remaining records.”
pub fn execute(state: &mut State, user: &Value) -> Vec<Finding> {
    let mut findings = validate(state, user);
    if findings.iter().any(|finding| finding.level == Level::Fatal) {
        return findings;
    }
    let text = |name: &str| user[name].as_str().map(str::to_owned);
    let username = text("username").unwrap_or_default();
    let at = match state.find(&username) {
        Some(at) => at,
        None if state.seats == 0 => {
            // [D csv] “… or block the user from being added.” Nobody knows before.
            let why = "no seat is left";
            findings.push(Finding::new(Level::Fatal, "", "REASON_SEATS", why));
            return findings;
        }
        None => {
            state.seats = state.seats.saturating_sub(1);
            let username = match state.switches.lower_usernames {
                true => username.to_lowercase(),
                false => username.clone(),
            };
            // [D start] “defaults to sending an email if not provided”.
            state.mails.push(username.clone());
            state.people.push(Person { username, is_active: true, ..Person::default() });
            state.people.len() - 1
        }
    };
    let is_well = |field: &str| {
        !findings.iter().any(|finding| finding.field == field && finding.level >= Level::Error)
    };
    let asks = state.switches.asks_to_come_back;
    let person = &mut state.people[at];
    // [U] Whether a blank empties: here it does, and Muster sends none.
    for (field, own) in [
        ("first_name", &mut person.first_name),
        ("last_name", &mut person.last_name),
        ("timezone", &mut person.timezone),
        ("password", &mut person.password),
    ] {
        if let Some(value) = text(field).filter(|_| is_well(field)) {
            *own = value;
        }
    }
    if let Some(set) = user["permission_set"]["name"].as_str().filter(|_| is_well("permission_set"))
    {
        set.clone_into(&mut person.permission_set);
    }
    match is_active(user) {
        // [D adduser] for one who is added again; [U] here.
        Some(true) if !person.is_active && asks => state.mails.push(username),
        Some(active) => person.is_active = active,
        None => {}
    }
    for (field, own) in [("groups", &mut person.groups), ("sites", &mut person.sites)] {
        if is_well(field) {
            membership(own, &user[field]);
        }
    }
    findings
}

/// [D bulk] What is taken away, `*` for all, and then what is given.
fn membership(own: &mut BTreeSet<String>, change: &Value) {
    let names = |name: &str| -> Vec<String> {
        let references = change[name].as_array().into_iter().flatten();
        references.filter_map(|one| one["name"].as_str()).map(str::to_owned).collect()
    };
    let gone = names("remove_references");
    own.retain(|name| !gone.iter().any(|gone| gone == "*" || gone == name));
    own.extend(names("add_references"));
}
