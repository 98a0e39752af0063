//! EdApp's REST interface, version 2. Written from what its own client programs send; nobody has run it against EdApp.
//!
//! It makes people and puts them into groups. EdApp's pages name calls that change and delete somebody, and not what they
//! take, so that is not done here: the plan lists it for the upload kit.

mod reading;

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use super::http::watch::Watch;
use super::http::{Http, Lost, Repeat, Reply, segment};
use super::link::{ChangeRequest, ChangeResult, Link, OnProgress, RemotePerson};
use muster_plan::plan::Action;
use muster_plan::push::{Order, Secret, Target, Value};
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

impl EdApp {
    /// EdApp wants group names exactly as it has them.
    fn named(&self, name: &str) -> impl Iterator<Item = &Group> {
        self.groups.iter().filter(move |group| group.name == name)
    }

    fn has_group(&self, name: &str) -> bool {
        self.named(name).next().is_some()
    }
}

const EMAIL: &str = "email";
const USERNAME: &str = "username";
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
        if !self.knows_groups_of(&users) {
            self.read_groups_in_groups(on_progress)?;
        }
        Ok(users.iter().map(|user| self.entry(user)).collect())
    }

    /// No search is known, so everybody is asked for.
    fn find(&mut self, order: &Order) -> Result<Option<RemotePerson>> {
        let all = self.people(&|_, _, _| true)?;
        Ok(all.into_iter().find(|entry| is_whom(order, entry)))
    }

    fn missing_groups(&self, orders: &[&Order]) -> Vec<String> {
        let named = orders.iter().filter_map(|order| order.after.get(GROUPS));
        let names: BTreeSet<&String> = named.flat_map(Value::many).collect();
        names.into_iter().filter(|name| !self.has_group(name)).cloned().collect()
    }

    fn make_group(&mut self, name: &str) -> Result<()> {
        let silent: OnProgress = &|_, _, _| true;
        self.read_groups(silent)?;
        if !self.has_group(name) {
            // It may be in another one.
            self.read_groups_in_groups(silent)?;
        }
        if self.has_group(name) {
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
                if self.has_group(name) { Ok(()) } else { Err(failure) }
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
                Err(CallError::Refused(why)) if self.wrote => ChangeResult::Unknown(
                    Failure::new(FailureKind::Refused, "only a part was carried out").why(why),
                ),
                Err(CallError::Refused(why)) => ChangeResult::Refused(why),
                Err(CallError::Lost(Lost::NotSent(failure))) if self.wrote => {
                    ChangeResult::Unknown(failure)
                }
                Err(CallError::Lost(Lost::Unknown(failure))) => ChangeResult::Unknown(failure),
                Err(CallError::Lost(Lost::NotSent(failure))) => ChangeResult::NotSent(failure),
            });
        }
        self.look_at_refused(requests, &mut answers);
        answers
    }

    fn exposes(&self, name: &str) -> bool {
        self.on_progress.contains(name)
    }

    /// Its rules put people into groups, and new people may get its usual roles beside those that are sent.
    fn leaves_others(&self, name: &str) -> bool {
        name == GROUPS || name == ROLES
    }
}

impl EdApp {
    fn carry_out(&mut self, request: &ChangeRequest) -> Result<String, CallError> {
        let order = request.order;
        // Nobody is made who could not be put into all of their groups.
        for name in order.after.get(GROUPS).map(Value::many).unwrap_or_default() {
            self.group(name)?;
        }
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
        let was = order.before.get(GROUPS).map(Value::many).unwrap_or_default();
        // Others are a rule's, or somebody else's.
        if was.iter().any(|group| !wanted.many().contains(group) && has.contains(group)) {
            return Err(CallError::Refused(
                "how EdApp's interface takes somebody out of a group is not known; use the upload kit with Replace"
                    .into(),
            ));
        }
        for name in wanted.many().iter().filter(|name| !has.contains(name)) {
            let path = format!("v2/usergroups/{}/users", segment_of(&self.group(name)?.id)?);
            let body = json!({ "userId": id });
            // Joining a group twice is being in it once.
            let reply = self.http.call("POST", &path, &[], Some(&body), Repeat::Safe)?;
            // A second time may be refused, after an answer that was lost.
            if !reply.is_fine() && !self.is_in(order, name)? {
                return Err(refused(&reply));
            }
            self.wrote = true;
        }
        Ok(())
    }
}

impl EdApp {
    /// Whoever was to be made, is refused, and is there all the same, may have been made by a call before: a list can come
    /// late. What became of them is then to be found out.
    fn look_at_refused(&mut self, requests: &[ChangeRequest], answers: &mut [ChangeResult]) {
        let refused = |(request, answer): (&ChangeRequest, &ChangeResult)| {
            let is_new = request.order.action == Action::Create && request.now.is_none();
            is_new && matches!(answer, ChangeResult::Refused(_))
        };
        if !requests.iter().zip(answers.iter()).any(refused) {
            return;
        }
        // Where nobody can look, it is as EdApp says.
        let Ok(people) = self.people(&|_, _, _| true) else { return };
        for (request, answer) in requests.iter().zip(answers) {
            if !refused((request, answer)) {
                continue;
            }
            if people.iter().any(|entry| is_whom(request.order, entry))
                && let ChangeResult::Refused(why) = &*answer
            {
                let failure = Failure::new(FailureKind::Refused, "EdApp has them").why(why);
                *answer = ChangeResult::Unknown(failure);
            }
        }
    }

    fn is_in(&mut self, order: &Order, group: &str) -> Result<bool, CallError> {
        let entry = self.find(order).map_err(Lost::Unknown)?;
        let groups = entry.and_then(|entry| entry.values.get(GROUPS).cloned());
        Ok(groups.is_some_and(|groups| groups.many().iter().any(|own| own == group)))
    }

    /// The one group of a name: where there are two, nobody can say which is meant.
    fn group(&self, name: &str) -> Result<&Group, CallError> {
        let mut named = self.named(name);
        match (named.next(), named.count()) {
            (Some(group), 0) => Ok(group),
            (None, _) => Err(CallError::Refused(format!("EdApp has no group `{name}`"))),
            (Some(_), more) => Err(CallError::Refused(format!(
                "EdApp has {} groups `{name}`, and which one is meant is not known; do it in EdApp",
                more + 1
            ))),
        }
    }
}

/// Whether somebody is whom an order is about.
fn is_whom(order: &Order, entry: &RemotePerson) -> bool {
    let is = |other: &str| entry.login.to_lowercase() == other.to_lowercase();
    // A list without usernames tells people by their e-mail.
    let is_by_email = !entry.values.contains_key(USERNAME)
        && order.after.get(EMAIL).is_some_and(|email| is(email.one()));
    is(&order.login) || is_by_email
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
