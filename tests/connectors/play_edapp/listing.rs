//! Lists, page by page.

use serde_json::{Value, json};

use super::asked::refusal;
use super::state::{Group, State, User};
use crate::strict::http::Reply;

/// [D auth] “page: defaults to 1. pageSize: defaults to 25, with a maximum of 1000 records per page.” [D list] `UserName`
/// and `ExternalId` beside them, which Muster does not ask by.
const NAMES: [&str; 2] = ["page", "pageSize"];
const USUAL: usize = 25;
const MOST: usize = 1000;

pub fn users(state: &mut State, query: &str) -> Reply {
    let all: Vec<Value> = state
        .users
        .iter()
        .filter(|user| user.hidden == 0)
        .map(|user| json_of(user, state.switches.names_usernames))
        .collect();
    let reply = page(state, &all, query);
    for user in &mut state.users {
        user.hidden = user.hidden.saturating_sub(1);
    }
    reply
}

/// [D list] The fields, of which `name` is “Username”.
pub fn json_of(user: &User, names_usernames: bool) -> Value {
    let login = if names_usernames { "username" } else { "name" };
    json!({
        "id": user.id, "externalId": user.external_id, login: user.username, "email": user.email,
        "userGroups": user.groups, "userGroupsManaged": [], "firstName": user.first_name,
        "lastName": user.last_name, "customFields": {}, "roles": user.roles,
    })
}

pub fn groups(state: &State, query: &str) -> Reply {
    let is_listed = |group: &&Group| !state.switches.lists_roots || group.parent.is_none();
    let all: Vec<Value> = state.groups.iter().filter(is_listed).map(group).collect();
    page(state, &all, query)
}

/// [C] `GET /v2/usergroups/{id}/children`.
pub fn children(state: &State, id: &str, query: &str) -> Reply {
    let is_child = |group: &&Group| group.parent.as_deref() == Some(id);
    let all: Vec<Value> = state.groups.iter().filter(is_child).map(group).collect();
    page(state, &all, query)
}

fn group(group: &Group) -> Value {
    json!({ "id": group.id, "name": group.name })
}

/// [C] `totalCount` and `items`.
fn page(state: &State, all: &[Value], query: &str) -> Reply {
    let (mut number, mut size) = (1, USUAL);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let is = |own: &str| match state.switches.address_case {
            true => own == name,
            false => own.eq_ignore_ascii_case(name),
        };
        let known = NAMES.iter().position(|own| is(own));
        match (known, value.parse::<usize>()) {
            (None, _) if state.switches.drops_unknown => {}
            (None, _) => return refusal(400, &format!("unknown parameter {name}")),
            (Some(0), Ok(value)) if value > 0 => number = value,
            (Some(_), Ok(value)) if (1..=MOST).contains(&value) => size = value,
            _ => return refusal(400, &format!("{name} is not valid")),
        }
    }
    let items: Vec<&Value> = all.iter().skip((number - 1) * size).take(size).collect();
    Reply::new(200, &json!({ "totalCount": all.len(), "items": items }))
}
