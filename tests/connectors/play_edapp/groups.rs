//! Groups are made and joined.

use serde_json::{Value, json};

use super::asked::refusal;
use super::state::{Group, State};
use crate::strict::http::Reply;
use crate::strict::shape::{Fields, Kind, check};

/// [C] `{name, inviteCode}`; [D groups] “An invite code can be supplied when creating a user group”.
const GROUP: &Fields = &[("name", Kind::Text), ("inviteCode?", Kind::Text)];
/// [C] `POST /v2/usergroups/{id}/users`.
const JOIN: &Fields = &[("userId", Kind::Text)];

pub fn make(state: &mut State, mut body: Value) -> Reply {
    if let Err(why) = check(&mut body, GROUP, state.switches.drops_unknown) {
        return refusal(400, &why);
    }
    let (id, name) = (format!("g{}", state.groups.len() + 1), body["name"].as_str());
    let name = name.unwrap_or_default().to_owned();
    state.groups.push(Group { id: id.clone(), name: name.clone(), parent: None });
    Reply::new(200, &json!({ "id": id, "name": name }))
}

pub fn join(state: &mut State, id: &str, mut body: Value) -> Reply {
    if let Err(why) = check(&mut body, JOIN, state.switches.drops_unknown) {
        return refusal(400, &why);
    }
    if !state.groups.iter().any(|group| group.id == id) {
        return refusal(404, "no such user group");
    }
    let who = body["userId"].as_str().unwrap_or_default();
    let Some(user) = state.users.iter_mut().find(|user| user.id == who) else {
        return refusal(404, "no such user");
    };
    // [C] 201; [U] a second time.
    if !user.groups.insert(id.to_owned()) && state.switches.joins_once {
        return refusal(409, "the user is in this group already");
    }
    Reply::new(201, &json!({}))
}
