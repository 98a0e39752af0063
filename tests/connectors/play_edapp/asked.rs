//! Which call it is, whether it is let in, and whether there is room for it.

use serde_json::{Value, json};

use super::state::{Call, State};
use super::{TOKEN, groups, listing, users};
use crate::asked::Asked;
use crate::strict::http::{Answer, Reply, is_let_in, json};

/// [U] How a refusal is worded.
pub fn refusal(status: u16, message: &str) -> Reply {
    Reply::new(status, &json!({ "statusCode": status, "message": message }))
}

pub fn answer(state: &mut State, asked: &Asked) -> Answer {
    state.calls.push(format!("{} {}", asked.method, asked.path));
    // [D auth] “via the HTTP Authorization header with the Bearer prefix”.
    if !is_let_in(asked, TOKEN) {
        return Some(refusal(401, "Unauthorized"));
    }
    // [D auth] “When that rate is exceeded a response with the status code of 429 is returned.”
    let room = state.window.take();
    if !room.is_allowed {
        let reply = refusal(429, "Too many requests");
        return Some(match state.switches.retry_after {
            true => reply.header("Retry-After", room.resets),
            false => reply,
        });
    }
    let (path, query) = asked.path.split_once('?').unwrap_or((&asked.path, ""));
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let (call, reply) = match (asked.method.as_str(), &parts[..]) {
        ("GET", ["v2", "users"]) => (Call::List, listing::users(state, query)),
        ("GET", ["v2", "usergroups"]) => (Call::List, listing::groups(state, query)),
        ("GET", ["v2", "usergroups", id, "children"]) => {
            (Call::List, listing::children(state, id, query))
        }
        ("POST", ["v2", "users"]) => (Call::Make, with_body(state, asked, users::make)),
        ("POST", ["v2", "usergroups"]) => (Call::Make, with_body(state, asked, groups::make)),
        ("POST", ["v2", "usergroups", id, "users"]) => {
            let id = (*id).to_owned();
            let reply = with_body(state, asked, |state, body| groups::join(state, &id, body));
            (Call::Join, reply)
        }
        _ => return Some(refusal(404, "Not found")),
    };
    (!loses(state, call)).then_some(reply)
}

fn with_body(
    state: &mut State,
    asked: &Asked,
    carry_out: impl FnOnce(&mut State, Value) -> Reply,
) -> Reply {
    match json(asked) {
        Ok(body) => carry_out(state, body),
        Err(why) => refusal(400, &why),
    }
}

fn loses(state: &mut State, call: Call) -> bool {
    let Some(at) = state.loses.iter().position(|(of, _)| *of == call) else { return false };
    if state.loses[at].1 == 0 {
        state.loses.remove(at);
        return true;
    }
    state.loses[at].1 -= 1;
    false
}
