//! EdApp's REST interface, version 2. Written from what its own client programs send; nobody has run it against EdApp.
//!
//! It makes people and puts them into groups. How somebody who exists is changed, deactivated or deleted is written down
//! nowhere, so that is not done here: the plan lists it for the upload kit.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;
use serde_json::{Value as Json, json};

use super::http::watch::Watch;
use super::http::{Http, Lost, Repeat, Reply, segment};
use super::link::{ChangeRequest, ChangeResult, Link, OnProgress, RemotePerson};
use muster_plan::plan::Action;
use muster_plan::push::{Order, Secret, Target, Value, Values};
use muster_roster::profile::{Choices, Invitations};
use muster_table::error::{Failure, FailureKind, Result};

pub(super) fn open(
    target: &Target,
    secret: &Secret,
    _: &[String],
    watch: Watch,
) -> Result<Box<dyn Link>> {
    let http = Http::new(target, watch)?
        .with_header("authorization", format!("Bearer {}", secret.reveal()));
    Ok(Box::new(EdApp {
        http,
        host: target.host(),
        groups: Vec::new(),
        on_progress: BTreeSet::new(),
        invites: false,
        wrote: false,
    }))
}

struct EdApp {
    http: Http,
    host: String,
    groups: Vec<Group>,
    /// Names of which EdApp told the value of at least one person.
    on_progress: BTreeSet<String>,
    /// New people get a mail from EdApp.
    invites: bool,
    /// Something of the order at hand was carried out.
    wrote: bool,
}

struct Group {
    id: String,
    name: String,
}

const GROUPS: &str = "userGroups";
const ROLES: &str = "roles";
/// What a new person's own id is called when it is sent; a list calls it otherwise.
const EXTERNAL: (&str, &str) = ("externalIdentifier", "externalId");
/// As a file names a role, and as the interface does.
const ROLE_NAMES: [(&str, &str); 8] = [
    ("Admin", "account-admin"),
    ("Content Author", "content-author"),
    ("Manager Analytics", "manager-analytics"),
    ("Learner", "app-user"),
    ("Prizing User", "prizing-user"),
    ("Excluded from Analytics", "exclude-from-analytics"),
    ("Reviewer", "reviewer"),
    ("Facilitator", "facilitator"),
];
const PAGE: usize = 1000;

/// Why an order could not be carried out.
enum CallError {
    Refused(String),
    Lost(Lost),
}

impl From<Lost> for CallError {
    fn from(lost: Lost) -> CallError {
        CallError::Lost(lost)
    }
}

impl Link for EdApp {
    fn identify(&mut self) -> Result<String> {
        let first = self.page("v2/users", 1, 1)?;
        let count = first["totalCount"].as_u64();
        let count = count.map_or(String::new(), |count| format!(", with {count} users"));
        Ok(format!("EdApp at `{}`{count}", self.host))
    }

    fn configure(&mut self, choices: &Choices) {
        self.invites = choices.invitations == Some(Invitations::On);
    }

    fn people(&mut self, on_progress: OnProgress) -> Result<Vec<RemotePerson>> {
        self.read_groups(on_progress)?;
        let users = self.all("v2/users", "Asking EdApp for its users", on_progress)?;
        Ok(users.iter().map(|user| self.entry(user)).collect())
    }

    /// No search is known, so everybody is asked for.
    fn find(&mut self, order: &Order) -> Result<Option<RemotePerson>> {
        let all = self.people(&|_, _, _| true)?;
        let same = |entry: &RemotePerson| entry.login.to_lowercase() == order.login.to_lowercase();
        Ok(all.into_iter().find(same))
    }

    fn missing_groups(&self, orders: &[&Order]) -> Vec<String> {
        let named = orders.iter().filter_map(|order| order.after.get(GROUPS));
        let names: BTreeSet<&String> = named.flat_map(Value::many).collect();
        names.into_iter().filter(|name| self.group(name).is_none()).cloned().collect()
    }

    fn make_group(&mut self, name: &str) -> Result<()> {
        let silent: OnProgress = &|_, _, _| true;
        self.read_groups(silent)?;
        if self.group(name).is_some() {
            return Ok(());
        }
        // EdApp's own client sends one with every group; who knows it can join.
        let code: String = std::iter::repeat_with(fastrand::alphanumeric).take(20).collect();
        let body = json!({ "name": name, "inviteCode": code.to_lowercase() });
        match self.http.call("POST", "v2/usergroups", &[], Some(&body), Repeat::Once) {
            Ok(reply) if reply.is_fine() => self.read_groups(silent),
            Ok(reply) => Err(Failure::new(
                FailureKind::Refused,
                format!("the group `{name}` could not be made"),
            )
            .why(reply.message())),
            Err(Lost::Unknown(failure)) => {
                self.read_groups(silent)?;
                if self.group(name).is_some() { Ok(()) } else { Err(failure) }
            }
            Err(Lost::NotSent(failure)) => Err(failure),
        }
    }

    fn send(&mut self, requests: &[ChangeRequest]) -> Vec<ChangeResult> {
        let mut answers = Vec::with_capacity(requests.len());
        for request in requests {
            if let Some(ChangeResult::NotSent(failure)) = answers.last() {
                let failure = Failure::clone(failure);
                answers.push(ChangeResult::NotSent(failure));
                continue;
            }
            self.wrote = false;
            answers.push(match self.carry_out(request) {
                Ok(id) => ChangeResult::Done(id),
                Err(CallError::Refused(why)) if self.wrote => {
                    ChangeResult::Refused(format!("only a part was carried out: {why}"))
                }
                Err(CallError::Refused(why)) => ChangeResult::Refused(why),
                Err(CallError::Lost(Lost::NotSent(failure))) if self.wrote => {
                    ChangeResult::Unknown(failure)
                }
                Err(CallError::Lost(Lost::Unknown(failure))) => ChangeResult::Unknown(failure),
                Err(CallError::Lost(Lost::NotSent(failure))) => ChangeResult::NotSent(failure),
            });
        }
        answers
    }

    fn exposes(&self, name: &str) -> bool {
        self.on_progress.contains(name)
    }
}

impl EdApp {
    fn page(&self, path: &str, page: usize, size: usize) -> Result<Json> {
        let path = format!("{path}?page={page}&pagesize={size}");
        let reply = self.http.call("GET", &path, &[], None, Repeat::Safe).map_err(Lost::failure)?;
        if matches!(reply.status, 401 | 403) {
            return Err(Failure::new(FailureKind::Refused, "EdApp does not accept the token")
                .why(reply.message())
                .hint("Correct it in the connection, then try again."));
        }
        reply.json("EdApp's list")
    }

    /// All of a list, page by page.
    fn all(&self, path: &str, what: &str, on_progress: OnProgress) -> Result<Vec<Json>> {
        let (mut all, mut seen) = (Vec::new(), FxHashSet::default());
        let no_list = |why: &str| {
            Failure::new(FailureKind::Network, "EdApp's list could not be read").why(why)
        };
        for page in 1.. {
            let mut answer = self.page(path, page, PAGE)?;
            let total = answer["totalCount"].as_u64().and_then(|count| usize::try_from(count).ok());
            let Some(Json::Array(items)) = answer.get_mut("items").map(Json::take) else {
                return Err(no_list("the answer has no `items`"));
            };
            let (before, is_empty) = (all.len(), items.is_empty());
            // One that comes again, because somebody joined meanwhile, is the same one.
            let new = |one: &Json| text(one, "id").is_empty() || seen.insert(text(one, "id"));
            all.extend(items.into_iter().filter(new));
            self.http.within("EdApp's list", all.len(), page)?;
            if total.map_or(is_empty, |total| all.len() >= total) {
                break;
            }
            if all.len() == before {
                // It tells all at once, whatever page is asked for.
                let Some(total) = total else { break };
                return Err(no_list(&format!("EdApp speaks of {total} and shows {before}"))
                    .hint("Try again. If that stays so, ask the people who run it."));
            }
            if !on_progress(what, all.len(), total.unwrap_or(all.len())) {
                return Err(super::http::cancelled());
            }
        }
        Ok(all)
    }

    fn read_groups(&mut self, on_progress: OnProgress) -> Result<()> {
        let groups = self.all("v2/usergroups", "Asking EdApp for its groups", on_progress)?;
        let group = |group: &Json| Group { id: text(group, "id"), name: text(group, "name") };
        self.groups = groups.iter().map(group).collect();
        Ok(())
    }

    /// EdApp wants group names exactly as it has them.
    fn group(&self, name: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.name == name)
    }

    fn entry(&mut self, user: &Json) -> RemotePerson {
        let mut values = Values::new();
        for name in ["email", "username", "firstName", "lastName"] {
            if user.get(name).is_some() {
                values.insert(name.to_owned(), Value::One(text(user, name)));
            }
        }
        let (sent, listed) = EXTERNAL;
        if let Some(name) = [listed, sent].into_iter().find(|name| user.get(*name).is_some()) {
            values.insert(sent.to_owned(), Value::One(text(user, name)));
        }
        if let Some(groups) = user[GROUPS].as_array() {
            // A list may give them by id.
            let named = |group: &Json| {
                let said = group.as_str().map_or_else(|| text(group, "id"), str::to_owned);
                let known = self.groups.iter().find(|group| group.id == said);
                known.map_or(said, |group| group.name.clone())
            };
            values.insert(GROUPS.to_owned(), Value::Many(groups.iter().map(named).collect()));
        }
        self.on_progress.extend(values.keys().cloned());
        // Where there is no username, EdApp takes the e-mail for it.
        let login = match text(user, "username") {
            login if login.is_empty() => text(user, "email"),
            login => login,
        };
        RemotePerson { id: text(user, "id"), login, values }
    }

    fn carry_out(&mut self, request: &ChangeRequest) -> Result<String, CallError> {
        let order = request.order;
        match (order.action, request.now) {
            (Action::Delete | Action::Deactivate | Action::Reactivate, _) => {
                Err(CallError::Refused(
                    "how EdApp's interface does that is not known; do it in EdApp".into(),
                ))
            }
            (Action::Create, None) => {
                let id = self.make(request)?;
                self.join(&id, order, &[])?;
                Ok(id)
            }
            (_, None) => {
                Err(CallError::Refused("EdApp has nobody of this username any more".into()))
            }
            (_, Some(now)) => {
                let has = now.values.get(GROUPS).map(|groups| groups.many().to_vec());
                let id = now.id.clone();
                self.join(&id, order, &has.unwrap_or_default())?;
                Ok(id)
            }
        }
    }

    /// Makes somebody. Groups come after that: whether this call wants their names or ids is not known.
    fn make(&mut self, request: &ChangeRequest) -> Result<String, CallError> {
        let mut body = serde_json::Map::new();
        for (name, value) in &request.order.after {
            match name.as_str() {
                GROUPS => {}
                ROLES => {
                    body.insert(ROLES.to_owned(), json!(roles(value)?));
                }
                _ => {
                    body.insert(name.clone(), json!(value.one()));
                }
            }
        }
        if let Some(password) = request.password {
            body.insert("password".to_owned(), json!(password.reveal()));
        }
        body.insert("sendWelcomeEmail".to_owned(), json!(self.invites));
        let body = Json::Object(body);
        let reply = self.http.call("POST", "v2/users", &[], Some(&body), Repeat::Once)?;
        if !reply.is_fine() {
            return Err(refused(&reply));
        }
        self.wrote = true;
        let made = reply.json.as_ref().map_or(String::new(), |made| text(made, "id"));
        if !made.is_empty() {
            return Ok(made);
        }
        let found = self.find(request.order).map_err(Lost::Unknown)?;
        found.map(|entry| entry.id).ok_or_else(|| {
            let failure = Failure::new(FailureKind::Network, "EdApp does not list whom it made");
            CallError::Lost(Lost::Unknown(failure))
        })
    }

    /// Puts somebody into the groups that they are not in yet.
    fn join(&mut self, id: &str, order: &Order, has: &[String]) -> Result<(), CallError> {
        let Some(wanted) = order.after.get(GROUPS) else { return Ok(()) };
        if has.iter().any(|group| !wanted.many().contains(group)) {
            return Err(CallError::Refused(
                "how EdApp's interface takes somebody out of a group is not known; use the upload kit with Replace"
                    .into(),
            ));
        }
        for name in wanted.many().iter().filter(|name| !has.contains(name)) {
            let Some(group) = self.group(name) else {
                return Err(CallError::Refused(format!("EdApp has no group `{name}`")));
            };
            let path = format!("v2/usergroups/{}/users", segment_of(&group.id)?);
            let body = json!({ "userId": id });
            // Joining a group twice is being in it once.
            let reply = self.http.call("POST", &path, &[], Some(&body), Repeat::Safe)?;
            if !reply.is_fine() {
                return Err(refused(&reply));
            }
            self.wrote = true;
        }
        Ok(())
    }
}

/// The interface's names of roles.
fn roles(named: &Value) -> Result<Vec<&'static str>, CallError> {
    let known = |word: &String| {
        let role = ROLE_NAMES.iter().find(|(file, _)| file == word);
        role.map(|(_, name)| *name).ok_or_else(|| {
            CallError::Refused(format!("no role `{word}` of EdApp's interface is known"))
        })
    };
    named.many().iter().map(known).collect()
}

/// How EdApp words a mistake is not known, so its answer is told as it is.
fn refused(reply: &Reply) -> CallError {
    CallError::Refused(reply.message())
}

fn segment_of(id: &str) -> Result<String, CallError> {
    segment(id).map_err(|failure| CallError::Refused(failure.to_string()))
}

fn text(json: &Json, name: &str) -> String {
    match &json[name] {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        _ => String::new(),
    }
}
