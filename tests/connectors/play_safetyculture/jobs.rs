//! Jobs: made, started, asked for.

use serde_json::{Map, Value, json};

use super::asked::refusal;
use super::executing::execute;
use super::record;
use super::state::{Job, State};
use super::validating::{Finding, Level, validate};
use crate::strict::http::Reply;
use crate::strict::shape::{Fields, Kind, check};

const INIT: &Fields = &[("job_id?", Kind::Text), ("users", Kind::List)];
/// [D start]; `origin` from client programs.
const START: &Fields = &[
    ("validate_only?", Kind::YesOrNo),
    ("email_settings?", Kind::Object),
    ("password_settings?", Kind::Object),
    ("origin?", Kind::Object),
];
/// [D init] “You can add up to 2000 users per request.”
const MOST: usize = 2000;

pub fn init(state: &mut State, mut body: Value) -> Reply {
    if let Err(why) = check(&mut body, INIT, state.switches.drops_unknown) {
        return refusal(400, &why);
    }
    let Value::Array(mut users) = body["users"].take() else { return refusal(400, "no users") };
    if users.is_empty() || users.len() > MOST {
        return refusal(400, "between 1 and 2000 users");
    }
    for user in &mut users {
        if let Err(why) = record::read(user, state.switches) {
            return refusal(400, &why);
        }
    }
    // [D init] “call this endpoint again with the same job_id to add more users to the job”.
    let id = match body["job_id"].as_str().map(str::to_owned) {
        Some(id) => match state.jobs.iter_mut().find(|job| job.id == id && !job.is_started) {
            Some(job) => {
                job.users.extend(users);
                id
            }
            None => return refusal(404, "no such job"),
        },
        None => {
            let id = state.new_id();
            state.jobs.push(job(id.clone(), users));
            id
        }
    };
    Reply::new(200, &json!({ "job_id": id }))
}

fn job(id: String, users: Vec<Value>) -> Job {
    Job {
        id,
        users,
        ended: None,
        is_started: false,
        is_validating: false,
        findings: Vec::new(),
        asked: 0,
    }
}

pub fn start(state: &mut State, id: &str, mut body: Value) -> Reply {
    if let Err(why) = check(&mut body, START, state.switches.drops_unknown) {
        return refusal(400, &why);
    }
    let Some(at) = state.jobs.iter().position(|job| job.id == id) else {
        return refusal(404, "no such job");
    };
    // [U] Of a job that was started nothing is said.
    if state.jobs[at].is_started {
        return match state.switches.starts_again {
            true => Reply::new(200, &json!({ "job_id": id })),
            false => refusal(409, "the job was started before"),
        };
    }
    // [C] What runs is told by the answer; [U] whether that is the same one.
    let at = if state.switches.own_run_id {
        let id = state.new_id();
        let users = state.jobs[at].users.clone();
        state.jobs.push(job(id, users));
        state.jobs.len() - 1
    } else {
        at
    };
    let is_validating = body["validate_only"] == true;
    if state.cancels {
        let job = &mut state.jobs[at];
        (job.is_started, job.is_validating) = (true, is_validating);
        job.ended = Some("STATUS_CANCELLED");
        return Reply::new(200, &json!({ "job_id": job.id }));
    }
    let users = state.jobs[at].users.clone();
    let findings: Vec<Vec<Finding>> = users
        .iter()
        .map(|wrapped| match is_validating {
            true => validate(state, &wrapped["user"]),
            false => execute(state, &wrapped["user"]),
        })
        .collect();
    if is_validating && let Some(gone) = state.vanishes.take() {
        state.groups.retain(|group| *group != gone);
    }
    let least = if state.switches.warnings_count { Level::Warning } else { Level::Error };
    let is_well = findings.iter().flatten().all(|finding| finding.level < least);
    // [D get] The words for where a job stands.
    let ended = match (is_validating && !state.switches.validating_completes, is_well) {
        (true, true) => "STATUS_VALIDATED",
        (true, false) => "STATUS_VALIDATED_WITH_ERRORS",
        (false, true) => "STATUS_COMPLETED",
        (false, false) => "STATUS_COMPLETED_WITH_ERRORS",
    };
    let job = &mut state.jobs[at];
    (job.is_started, job.is_validating) = (true, is_validating);
    (job.ended, job.findings) = (Some(ended), findings);
    Reply::new(200, &json!({ "job_id": job.id }))
}

/// [D get] “Retrieves details of a create-or-update users job, including the submitted users and any validation results if
/// the job has started.” [U] Where in the answer.
pub fn get(state: &mut State, id: &str) -> Reply {
    let switches = state.switches;
    let Some(job) = state.jobs.iter_mut().find(|job| job.id == id) else {
        return refusal(404, "no such job");
    };
    job.asked += usize::from(job.is_started);
    let is_early = switches.ends_late && job.asked < 2;
    let stands = match job.ended {
        None => "STATUS_PENDING",
        Some(_) if is_early && job.is_validating => "STATUS_VALIDATING",
        Some(_) if is_early => "STATUS_EXECUTING",
        Some(ended) => ended,
    };
    let is_over = job.is_started && !is_early;
    let mut apart = Vec::new();
    let mut users = Vec::new();
    for (place, wrapped) in job.users.iter().enumerate() {
        let mut told = wrapped.clone();
        let user = told["user"].as_object_mut().expect("checked");
        user.remove("password");
        if switches.lower_usernames
            && let Some(Value::String(name)) = user.get_mut("username")
        {
            *name = name.to_lowercase();
        }
        let findings = job.findings.get(place).filter(|_| is_over).into_iter().flatten();
        let findings: Vec<Value> = findings.map(Finding::json).collect();
        match switches.findings_apart {
            true => apart.extend(findings.into_iter().map(|finding| at(finding, place))),
            false => told["errors"] = Value::Array(findings),
        }
        users.push(told);
    }
    let mut answer = Map::new();
    match switches.state_inside {
        true => drop(answer.insert("job".into(), json!({ "job_id": id, "status": stands }))),
        false => {
            answer.insert("job_id".into(), json!(id));
            answer.insert("status".into(), json!(stands));
        }
    }
    answer.insert("users".into(), Value::Array(users));
    if switches.findings_apart {
        answer.insert("validation_results".into(), Value::Array(apart));
    }
    let mut answer = Value::Object(answer);
    if switches.leaves_out_empty {
        leave_out_empty(&mut answer);
    }
    Reply::new(200, &answer)
}

fn at(mut finding: Value, place: usize) -> Value {
    finding["index"] = json!(place);
    finding
}

/// [U] As answers made from protocol buffers do.
fn leave_out_empty(answer: &mut Value) {
    match answer {
        Value::Array(all) => all.iter_mut().for_each(leave_out_empty),
        Value::Object(all) => {
            all.values_mut().for_each(leave_out_empty);
            all.retain(|_, value| match value {
                Value::Null | Value::Bool(false) => false,
                Value::String(text) => !text.is_empty(),
                Value::Array(all) => !all.is_empty(),
                Value::Object(all) => !all.is_empty(),
                _ => true,
            });
        }
        _ => {}
    }
}
