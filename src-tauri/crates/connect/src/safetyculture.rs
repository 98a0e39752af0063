//! SafetyCulture's jobs that make or change many people at once. Written from its developer pages and from client
//! programs; nobody has run it against SafetyCulture.
//!
//! Each batch is validated by a job of its own before another one is started for real. What a finished job says of each
//! person is not written down: where its state does not say it for all of them, it stays unknown, and SafetyCulture's
//! mail says it. Nothing is known that lists people, so nothing is compared before or after.
#![expect(clippy::disallowed_methods, reason = "connectors are where the network is waited for")]

use std::time::{Duration, Instant};

use serde_json::{Map, Value as Json, json};

use super::http::watch::Watch;
use super::http::{Http, Lost, Repeat, Reply, said as quoted, segment};
use super::link::{ChangeRequest, ChangeResult, Link, OnProgress, RemotePerson};
use muster_plan::plan::Action;
use muster_plan::push::{ACTIVE, Order, Secret, Target, Value};
use muster_table::error::{Failure, FailureKind, Result};

pub(super) fn open(
    target: &Target,
    secret: &Secret,
    _: &[String],
    watch: Watch,
) -> Result<Box<dyn Link>> {
    let http = Http::new(target, watch)?
        .with_header("authorization", format!("Bearer {}", secret.reveal()));
    Ok(Box::new(SafetyCulture {
        http,
        host: target.host(),
        begun: Vec::new(),
        started: Vec::new(),
    }))
}

struct SafetyCulture {
    http: Http,
    host: String,
    /// When jobs were made and started, as far as that counts for the limits.
    begun: Vec<Instant>,
    started: Vec<Instant>,
}

const JOBS: &str = "users/v1/users/upsert/jobs";
/// The name by which somebody is found. It is their e-mail.
const USERNAME: &str = "username";
const LISTS: [&str; 2] = ["groups", "sites"];
const MOST: usize = 2000;
/// Calls in a minute that SafetyCulture allows.
const BEGINS: usize = 200;
const STARTS: usize = 5;
const MINUTE: Duration = Duration::from_secs(60);
/// How long a job is waited for.
const PATIENCE: Duration = Duration::from_secs(600);
const BY_MAIL: &str = "SafetyCulture mails the results to whoever the token belongs to: look there, then open a new export";

/// How a job ended.
enum End {
    /// Nobody in it has a mistake.
    Fine,
    /// Some have: those of them whom the answer names, by username, and its words.
    Mistakes(Vec<(String, String)>, String),
    /// It was not carried out as a whole.
    Stopped(String),
    /// Its answer cannot be read, or it did not end in time.
    Unclear(String),
}

enum CallError {
    Refused(String),
    Lost(Lost),
}

impl From<Lost> for CallError {
    fn from(lost: Lost) -> CallError {
        CallError::Lost(lost)
    }
}

impl Link for SafetyCulture {
    /// Asks for a job that is not there: whoever may not ask is told so, and nothing is done.
    fn identify(&mut self) -> Result<String> {
        let path = format!("{JOBS}/00000000-0000-0000-0000-000000000000");
        let reply = self.http.call("GET", &path, &[], None, Repeat::Safe).map_err(Lost::failure)?;
        if matches!(reply.status, 401 | 403) {
            return Err(Failure::new(
                FailureKind::Refused,
                "SafetyCulture does not accept the token",
            )
            .why(reply.message())
            .hint("Correct it in the connection, then try again."));
        }
        // What answers so is something else: it would say in data that there is no such job.
        if reply.is_page() {
            return Err(reply.unread("what SafetyCulture says"));
        }
        Ok(format!("SafetyCulture at `{}`, and this token may look at jobs", self.host))
    }

    fn reads(&self) -> bool {
        false
    }

    fn people(&mut self, _: OnProgress) -> Result<Vec<RemotePerson>> {
        Err(Failure::state("SafetyCulture cannot be asked whom it has"))
    }

    fn find(&mut self, _: &Order) -> Result<Option<RemotePerson>> {
        Err(Failure::state("SafetyCulture cannot be asked whom it has"))
    }

    fn missing_groups(&self, _: &[&Order]) -> Vec<String> {
        Vec::new()
    }

    fn make_group(&mut self, name: &str) -> Result<()> {
        Err(Failure::state(format!("the group `{name}` has to be made in SafetyCulture")))
    }

    fn batch(&self) -> usize {
        MOST
    }

    fn send(&mut self, requests: &[ChangeRequest]) -> Vec<ChangeResult> {
        let mut answers: Vec<Option<ChangeResult>> = vec![None; requests.len()];
        let mut people = Vec::new();
        for (at, job) in requests.iter().enumerate() {
            match person(job) {
                Ok(person) => people.push((at, person)),
                Err(why) => answers[at] = Some(ChangeResult::Refused(why)),
            }
        }
        for (at, answer) in self.push(people) {
            answers[at] = Some(answer);
        }
        let missing = || ChangeResult::Unknown(Failure::internal("an order was passed over"));
        answers.into_iter().map(|answer| answer.unwrap_or_else(missing)).collect()
    }
}

type People = Vec<(usize, Json)>;

impl SafetyCulture {
    /// Validates people, leaves out who has a mistake, and sends the others.
    fn push(&mut self, mut people: People) -> Vec<(usize, ChangeResult)> {
        if people.is_empty() {
            return Vec::new();
        }
        let mut answers = Vec::new();
        match self.run(&people, true) {
            Ok(End::Fine | End::Unclear(_)) => {}
            Ok(End::Mistakes(named, _)) if !named.is_empty() => {
                people.retain(|(at, person)| {
                    let own = named.iter().find(|(who, _)| *who == name(person));
                    answers
                        .extend(own.map(|(_, words)| (*at, ChangeResult::Refused(words.clone()))));
                    own.is_none()
                });
                // Whoever is left is validated anew: the answer may have named only some of those with mistakes.
                answers.extend(self.push(people));
                return answers;
            }
            Ok(End::Mistakes(_, said) | End::Stopped(said)) => {
                // It does not say who it is: a half of them has the mistake.
                if people.len() > 1 {
                    let rest = people.split_off(people.len() / 2);
                    answers.extend(self.push(people));
                    answers.extend(self.push(rest));
                    return answers;
                }
                return all(&people, &ChangeResult::Refused(said));
            }
            Err(CallError::Refused(words)) => return all(&people, &ChangeResult::Refused(words)),
            // A validation changes nothing, however it ends.
            Err(CallError::Lost(Lost::Unknown(failure) | Lost::NotSent(failure))) => {
                return all(&people, &ChangeResult::NotSent(failure));
            }
        }
        let unknown = |said: &str| {
            let what = "what became of this person is not known";
            ChangeResult::Unknown(Failure::new(FailureKind::Network, what).why(said).hint(BY_MAIL))
        };
        answers.extend(match self.run(&people, false) {
            Ok(End::Fine) => all(&people, &ChangeResult::Done(String::new())),
            Ok(End::Mistakes(named, said)) => {
                let answer =
                    |person: &Json| match named.iter().find(|(who, _)| *who == name(person)) {
                        Some((_, words)) => ChangeResult::Refused(words.clone()),
                        None if people.len() == 1 => ChangeResult::Refused(said.clone()),
                        None => unknown("some people of this job have mistakes"),
                    };
                people.iter().map(|(at, person)| (*at, answer(person))).collect()
            }
            Ok(End::Stopped(said) | End::Unclear(said)) => all(&people, &unknown(&said)),
            Err(CallError::Refused(words)) => all(&people, &ChangeResult::Refused(words)),
            Err(CallError::Lost(Lost::Unknown(failure))) => {
                all(&people, &unknown(&failure.to_string()))
            }
            Err(CallError::Lost(Lost::NotSent(failure))) => {
                all(&people, &ChangeResult::NotSent(failure))
            }
        });
        answers
    }

    /// Makes a job, starts it, and waits for its end.
    fn run(&mut self, people: &[(usize, Json)], only_validate: bool) -> Result<End, CallError> {
        let users: Vec<Json> = people.iter().map(|(_, person)| json!({ "user": person })).collect();
        wait_for_room(&mut self.begun, BEGINS, &self.http)?;
        let body = json!({ "users": users });
        // A job that is not started does nothing, so that one too many does no harm.
        let reply = self.http.call("POST", JOBS, &[], Some(&body), Repeat::Safe)?;
        let job = id_of_job(&reply)?;
        wait_for_room(&mut self.started, STARTS, &self.http)?;
        let path = format!("{JOBS}/{}", segment_of(&job)?);
        let body = json!({ "validate_only": only_validate });
        let repeat = if only_validate { Repeat::Safe } else { Repeat::Once };
        let reply = self.http.call("POST", &path, &[], Some(&body), repeat)?;
        // What runs may have an id of its own.
        let job =
            if reply.is_fine() { id_of_job(&reply).unwrap_or(job) } else { id_of_job(&reply)? };
        self.end_of(&job, only_validate)
    }

    /// Asks gently until the job has ended.
    fn end_of(&self, job: &str, only_validate: bool) -> Result<End, CallError> {
        let path = match segment(job) {
            Ok(job) => format!("{JOBS}/{job}"),
            Err(failure) => return Ok(End::Unclear(failure.to_string())),
        };
        let end = Instant::now() + PATIENCE;
        let mut pause = Duration::from_secs(1);
        while Instant::now() < end {
            // It was started: what cannot be asked of it any more is unclear, not unsent.
            let reply = match self.http.call("GET", &path, &[], None, Repeat::Safe) {
                Ok(reply) if reply.is_fine() => reply,
                Ok(reply) => return Ok(End::Unclear(reply.message())),
                Err(lost) if only_validate => return Err(CallError::Lost(lost)),
                Err(lost) => return Ok(End::Unclear(lost.failure().to_string())),
            };
            let answer = reply.json.clone().unwrap_or_default();
            match state(&answer) {
                Some("STATUS_COMPLETED") => return Ok(End::Fine),
                Some("STATUS_VALIDATED") if only_validate => return Ok(End::Fine),
                Some("STATUS_COMPLETED_WITH_ERRORS") => {
                    return Ok(End::Mistakes(mistakes(&answer), said(&answer)));
                }
                Some("STATUS_VALIDATED_WITH_ERRORS") if only_validate => {
                    return Ok(End::Mistakes(mistakes(&answer), said(&answer)));
                }
                Some("STATUS_ERRORED") => return Ok(End::Stopped(said(&answer))),
                Some("STATUS_CANCELLED") => {
                    return Ok(End::Stopped("somebody cancelled the job in SafetyCulture".into()));
                }
                Some(_) => {}
                None => {
                    return Ok(End::Unclear("its answer does not say how the job ended".into()));
                }
            }
            if !self.http.rest(pause) {
                return match only_validate {
                    true => Err(CallError::Lost(Lost::NotSent(super::http::cancelled()))),
                    false => Ok(End::Unclear("it was stopped while the job ran".into())),
                };
            }
            pause = (pause * 2).min(Duration::from_secs(15));
        }
        Ok(End::Unclear("the job did not end within ten minutes".into()))
    }
}

/// Rests until one more call of a kind is allowed.
fn wait_for_room(calls: &mut Vec<Instant>, most: usize, http: &Http) -> Result<(), CallError> {
    calls.retain(|call| call.elapsed() < MINUTE);
    if let Some(oldest) = calls.first().filter(|_| calls.len() >= most)
        && !http.rest(MINUTE.saturating_sub(oldest.elapsed()))
    {
        return Err(CallError::Lost(Lost::NotSent(super::http::cancelled())));
    }
    calls.push(Instant::now());
    Ok(())
}

fn id_of_job(reply: &Reply) -> Result<String, CallError> {
    let id = reply.json.as_ref().and_then(|json| json["job_id"].as_str()).unwrap_or_default();
    if reply.is_fine() && !id.is_empty() {
        return Ok(id.to_owned());
    }
    Err(CallError::Refused(reply.message()))
}

/// Somebody as a job wants them.
fn person(job: &ChangeRequest) -> Result<Json, String> {
    let order = job.order;
    if order.action == Action::Delete {
        return Err("no interface of SafetyCulture that deletes people is known".into());
    }
    let username = order.before.get(USERNAME).filter(|name| !name.is_blank());
    let username = username.or_else(|| order.after.get(USERNAME)).map_or("", Value::one);
    if username.trim().is_empty() {
        return Err("SafetyCulture finds people by their e-mail, and there is none".into());
    }
    let mut user = Map::new();
    user.insert(USERNAME.to_owned(), json!(username));
    for (name, value) in order.after.iter().filter(|(name, _)| *name != USERNAME) {
        let (name, value) = match name.as_str() {
            // The developer pages and the client programs name the two words in different ways.
            ACTIVE if value.one() == "false" => ("status", json!("deactivated")),
            ACTIVE => ("status", json!("USER_ACTIVE_STATUS_ACTIVE")),
            "permission_set" => ("permission_set", json!({ "name": value.one() })),
            list if LISTS.contains(&list) => (list, membership(order, value)),
            name => (name, json!(value.one())),
        };
        user.insert(name.to_owned(), value);
    }
    if let Some(password) = job.password {
        user.insert("password".to_owned(), json!(password.reveal()));
    }
    Ok(Json::Object(user))
}

/// Groups or sites that take the place of those that somebody has.
fn membership(order: &Order, value: &Value) -> Json {
    let add: Vec<Json> = value.many().iter().map(|name| json!({ "name": name })).collect();
    match order.action {
        Action::Create => json!({ "add_references": add }),
        _ => json!({ "remove_references": [{ "name": "*" }], "add_references": add }),
    }
}

fn name(person: &Json) -> &str {
    person[USERNAME].as_str().unwrap_or_default()
}

fn all(people: &[(usize, Json)], answer: &ChangeResult) -> Vec<(usize, ChangeResult)> {
    people.iter().map(|(at, _)| (*at, answer.clone())).collect()
}

/// The job's state, wherever the answer has it: its words are documented, its place is not.
fn state(answer: &Json) -> Option<&str> {
    match answer {
        Json::String(word) if word.starts_with("STATUS_") => Some(word),
        Json::Array(all) => all.iter().find_map(state),
        Json::Object(all) => {
            let own = all.values().filter(|value| value.is_string()).find_map(state);
            own.or_else(|| all.values().find_map(state))
        }
        _ => None,
    }
}

/// People beside whose username the answer has something that is called an error, and its words.
fn mistakes(answer: &Json) -> Vec<(String, String)> {
    match answer {
        Json::Array(all) => all.iter().flat_map(mistakes).collect(),
        Json::Object(all) => {
            let who =
                all.get(USERNAME).or_else(|| all.get("user").and_then(|user| user.get(USERNAME)));
            let error =
                all.iter().find(|(name, value)| name.contains("error") && !is_nothing(value));
            match (who.and_then(Json::as_str), error) {
                (Some(who), Some((_, words))) => vec![(who.to_owned(), said(words))],
                _ => all.values().flat_map(mistakes).collect(),
            }
        }
        _ => Vec::new(),
    }
}

fn is_nothing(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(all) => all.is_empty(),
        Json::Object(all) => all.is_empty(),
        Json::Bool(yes) => !yes,
        Json::Number(_) => false,
    }
}

/// An answer in SafetyCulture's own words: its messages, or else all of it.
fn said(answer: &Json) -> String {
    let mut messages = Vec::new();
    collect_messages(answer, &mut messages);
    quoted(&match (messages.is_empty(), answer) {
        (false, _) => messages.join("; "),
        (true, Json::String(text)) => text.clone(),
        (true, other) => other.to_string(),
    })
}

fn collect_messages(answer: &Json, messages: &mut Vec<String>) {
    match answer {
        Json::Array(all) => all.iter().for_each(|one| collect_messages(one, messages)),
        Json::Object(all) => {
            for (name, value) in all {
                match value {
                    Json::String(text) if name.contains("message") => messages.push(text.clone()),
                    other => collect_messages(other, messages),
                }
            }
        }
        _ => {}
    }
}

fn segment_of(id: &str) -> Result<String, CallError> {
    segment(id).map_err(|failure| CallError::Refused(failure.to_string()))
}
