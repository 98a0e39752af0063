//! Which call it is, whether it is let in, and whether there is room for it.

use serde_json::json;

use super::TOKEN;
use super::jobs;
use super::state::{Call, State};
use crate::asked::Asked;
use crate::strict::http::{Answer, Reply, is_let_in, json};

/// [D bulk] `https://api.safetyculture.io/users/v1/users/upsert/jobs`.
const JOBS: &str = "/users/v1/users/upsert/jobs";

/// [C] Seen at other calls of this API: a code of gRPC, a message, details. The status is that code's.
pub fn refusal(status: u16, message: &str) -> Reply {
    let code = match status {
        400 => 3,
        401 => 16,
        404 => 5,
        409 => 9,
        _ => 8,
    };
    Reply::new(status, &json!({ "code": code, "message": message, "details": [] }))
}

pub fn answer(state: &mut State, asked: &Asked) -> Answer {
    state.calls.push(format!("{} {}", asked.method, asked.path));
    // [D …/reference/authentication] “If a request doesn't have the Authorization header, the API would return a 401”.
    if !is_let_in(asked, TOKEN) {
        return Some(refusal(401, "Unauthorized"));
    }
    let id = asked.path.strip_prefix(JOBS).map(|rest| rest.trim_start_matches('/'));
    let (call, id) = match (asked.method.as_str(), id) {
        ("POST", Some("")) => (Call::Init, ""),
        ("POST", Some(id)) if !id.contains(['/', '?']) => (Call::Start, id),
        ("GET", Some(id)) if !id.is_empty() && !id.contains(['/', '?']) => (Call::Get, id),
        _ => return Some(refusal(404, "Not Found")),
    };
    let room = state.windows.get_mut(&call).expect("every call has one").take();
    state.refused_as_too_many += usize::from(!room.is_allowed);
    let reply = match room.is_allowed {
        true => carried_out(state, call, id, asked),
        // [D limits] “the API will return a 429 HTTP status code with an error message Too Many Requests”.
        false => refusal(429, "Too Many Requests"),
    };
    if room.is_allowed && loses(state, call) {
        return None;
    }
    // [D limits] “All responses sent from the API will include headers”.
    let limit = state.windows[&call].most;
    let mut reply = reply
        .header("x-ratelimit-limit", limit)
        .header("x-ratelimit-remaining", room.left)
        .header("x-ratelimit-reset", room.resets);
    // [U]
    if !room.is_allowed && state.switches.retry_after {
        reply = reply.header("Retry-After", room.resets);
    }
    Some(reply)
}

fn carried_out(state: &mut State, call: Call, id: &str, asked: &Asked) -> Reply {
    if call == Call::Get {
        return jobs::get(state, id);
    }
    match json(asked) {
        Err(why) => refusal(400, &why),
        Ok(body) if call == Call::Init => jobs::init(state, body),
        Ok(body) => jobs::start(state, id, body),
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
