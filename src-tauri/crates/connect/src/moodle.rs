//! Moodle's web services. Written from Moodle's source and its documented shapes; nobody has run it against a Moodle.
//!
//! What has to be known of them: an error is an answer 200 with an exception in it; making people is all or nothing, so
//! whoever is refused is found by asking for each alone; changing people is person by person, with warnings; and nothing
//! known says in which cohorts somebody is, so cohorts are added to and not compared.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::http::{Http, Lost, Repeat};
use super::link::{ChangeRequest, ChangeResult, Link, OnProgress, RemotePerson};
use super::watch::Watch;
use muster_plan::plan::Action;
use muster_plan::push::{ACTIVE, Order, Secret, Target, Value, Values};
use muster_roster::profile::{Choices, Invitations};
use muster_table::error::{Failure, FailureKind, Result};

pub(super) fn open(
    target: &Target,
    secret: &Secret,
    _: &[String],
    watch: Watch,
) -> Result<Box<dyn Link>> {
    Ok(Box::new(Moodle {
        http: Http::new(target, watch)?,
        host: target.host(),
        token: secret.clone(),
        on_progress: BTreeSet::new(),
        makes_passwords: false,
    }))
}

struct Moodle {
    http: Http,
    host: String,
    token: Secret,
    /// Names of which Moodle told the value of at least one person.
    on_progress: BTreeSet<String>,
    /// It was chosen that Moodle makes a password for whoever has none, and mails it.
    makes_passwords: bool,
}

const SERVER: &str = "webservice/rest/server.php";
const COHORTS: [&str; 2] = ["cohort1", "cohort2"];
/// Under this name Moodle has whether somebody is active, the other way round.
const SUSPENDED: &str = "suspended";
/// Ways of signing in for which Moodle itself keeps the password.
const OWN_PASSWORDS: [&str; 2] = ["", "manual"];
/// Of a cohort's warnings, the one that is none: somebody is in it already.
const IN_IT_ALREADY: &str = "3";

type Fields = Vec<(String, String)>;

/// Why there is nothing to go on with.
enum CallError {
    /// Moodle's own words. Nothing of the call was carried out.
    Said(String),
    Lost(Lost),
}

impl From<CallError> for ChangeResult {
    fn from(no: CallError) -> ChangeResult {
        match no {
            CallError::Said(words) => ChangeResult::Refused(words),
            CallError::Lost(Lost::Unknown(failure)) => ChangeResult::Unknown(failure),
            CallError::Lost(Lost::NotSent(failure)) => ChangeResult::NotSent(failure),
        }
    }
}

impl Link for Moodle {
    fn identify(&mut self) -> Result<String> {
        // A name that nobody has to have: an empty list is an answer too.
        self.look_up("username", "guest")?;
        Ok(format!("Moodle at `{}`, and this token may look for users", self.host))
    }

    fn configure(&mut self, choices: &Choices) {
        self.makes_passwords = choices.invitations == Some(Invitations::On);
    }

    fn people(&mut self, on_progress: OnProgress) -> Result<Vec<RemotePerson>> {
        if !on_progress("Asking Moodle for its users", 0, 1) {
            return Err(super::http::cancelled());
        }
        self.http.expects(0);
        let users = self.look_up("email", "%%")?;
        Ok(users.iter().map(|user| self.entry(user)).collect())
    }

    fn find(&mut self, order: &Order) -> Result<Option<RemotePerson>> {
        let users = self.look_up("username", &order.login.to_lowercase())?;
        Ok(users.first().map(|user| self.entry(user)))
    }

    /// Which cohorts there are is asked by no function that is known; Moodle warns of one that it does not have.
    fn missing_groups(&self, _: &[&Order]) -> Vec<String> {
        Vec::new()
    }

    fn make_group(&mut self, name: &str) -> Result<()> {
        Err(Failure::state(format!("the cohort `{name}` has to be made in Moodle")))
    }

    /// PHP takes a thousand fields of a form unless it is told otherwise, and a person has up to two dozen.
    fn batch(&self) -> usize {
        20
    }

    fn send(&mut self, requests: &[ChangeRequest]) -> Vec<ChangeResult> {
        let mut answers: Vec<Option<ChangeResult>> = vec![None; requests.len()];
        let mut make = Vec::new();
        let mut change = Vec::new();
        for (at, request) in requests.iter().enumerate() {
            let order = request.order;
            match (order.action, request.now) {
                (Action::Delete, None) => answers[at] = Some(ChangeResult::Done(order.id.clone())),
                (Action::Delete, Some(now)) => answers[at] = Some(self.delete(&now.id)),
                (Action::Create, None) => match self.why_not(request) {
                    Some(why) => answers[at] = Some(ChangeResult::Refused(why)),
                    None => make.push(at),
                },
                (_, Some(_)) => change.push(at),
                (_, None) => {
                    let why = "Moodle has nobody of this username any more";
                    answers[at] = Some(ChangeResult::Refused(why.to_owned()));
                }
            }
        }
        for (at, answer) in
            self.make(requests, &make).into_iter().chain(self.change(requests, &change))
        {
            answers[at] = Some(match answer {
                ChangeResult::Done(id) => self.join_cohorts(&requests[at], id),
                other => other,
            });
        }
        let missing = || ChangeResult::Unknown(Failure::internal("an order was passed over"));
        answers.into_iter().map(|answer| answer.unwrap_or_else(missing)).collect()
    }

    fn exposes(&self, name: &str) -> bool {
        // A description comes back as a page, whatever was written.
        self.on_progress.contains(name) && name != "description"
    }

    fn same(&self, name: &str, one: &Value, other: &Value) -> bool {
        match name {
            "username" => one.one().to_lowercase() == other.one().to_lowercase(),
            _ => one.same(other),
        }
    }
}

impl Moodle {
    /// Calls a function. Moodle answers 200 to a mistake too; the answer says which it is.
    fn ask(&self, function: &str, fields: Fields, repeat: Repeat) -> Result<Json, CallError> {
        let mut all = vec![
            ("wstoken".to_owned(), self.token.reveal().to_owned()),
            ("wsfunction".to_owned(), function.to_owned()),
            ("moodlewsrestformat".to_owned(), "json".to_owned()),
        ];
        all.extend(fields);
        let reply = self.http.form(SERVER, &all, repeat).map_err(CallError::Lost)?;
        match &reply.json {
            Some(json) if json.get("exception").is_some() => Err(CallError::Said(words(json))),
            Some(json) if reply.is_fine() => Ok(json.clone()),
            _ => Err(CallError::Said(reply.message())),
        }
    }

    /// The users whose field has a value; `%%` is any.
    fn look_up(&mut self, field: &str, value: &str) -> Result<Vec<Json>> {
        let fields = vec![
            ("criteria[0][key]".to_owned(), field.to_owned()),
            ("criteria[0][value]".to_owned(), value.to_owned()),
        ];
        let found = match self.ask("core_user_get_users", fields, Repeat::Safe) {
            Ok(found) => found,
            Err(CallError::Lost(lost)) => return Err(lost.failure()),
            Err(CallError::Said(words)) => {
                return Err(Failure::new(FailureKind::Refused, "Moodle did not tell its users")
                    .why(words)
                    .hint("Check the token, and that its service has core_user_get_users."));
            }
        };
        // A key that this Moodle does not know is passed over, and everybody comes back.
        if let Some(warning) = list(&found["warnings"]).first() {
            return Err(Failure::new(
                FailureKind::Refused,
                "Moodle did not search as it was asked",
            )
            .why(text(warning, "message")));
        }
        match found["users"].as_array() {
            Some(users) => Ok(users.clone()),
            None => Err(Failure::new(FailureKind::Network, "the users could not be read")
                .why("the answer has no list of users")),
        }
    }

    fn entry(&mut self, user: &Json) -> RemotePerson {
        let mut values = Values::new();
        for (name, value) in user.as_object().into_iter().flatten() {
            if name == SUSPENDED {
                let is_active = !matches!(text(user, name).as_str(), "1" | "true");
                values.insert(ACTIVE.to_owned(), Value::One(is_active.to_string()));
            } else if !value.is_array() && !value.is_object() {
                values.insert(name.clone(), Value::One(text(user, name)));
            }
        }
        self.on_progress.extend(values.keys().cloned());
        RemotePerson { id: text(user, "id"), login: text(user, "username"), values }
    }

    /// Why somebody cannot be made, where that is known without asking.
    fn why_not(&self, request: &ChangeRequest) -> Option<String> {
        let auth = request.order.after.get("auth").map_or("", Value::one);
        let needs_one = OWN_PASSWORDS.contains(&auth) && request.password.is_none();
        (needs_one && !self.makes_passwords).then(|| {
            "somebody new needs a password, or the choice that Moodle makes one and mails it".into()
        })
    }

    fn make(&self, requests: &[ChangeRequest], places: &[usize]) -> Vec<(usize, ChangeResult)> {
        if places.is_empty() {
            return Vec::new();
        }
        let mut fields = Fields::new();
        for (n, &at) in places.iter().enumerate() {
            let request = &requests[at];
            let auth = request.order.after.get("auth").map_or("", Value::one);
            fields.extend(person(n, request, |name| name != ACTIVE));
            if request.password.is_none() && OWN_PASSWORDS.contains(&auth) {
                fields.push((format!("users[{n}][createpassword]"), "1".to_owned()));
            }
        }
        match self.ask("core_user_create_users", fields, Repeat::Once) {
            Ok(made) => {
                let id_of = |at: usize| {
                    let same = |one: &&Json| {
                        text(one, "username").to_lowercase()
                            == requests[at].order.login.to_lowercase()
                    };
                    list(&made).iter().find(same).map(|one| text(one, "id"))
                };
                let answer = |at: usize| match id_of(at) {
                    Some(id) => self.suspended(&requests[at], id),
                    None => ChangeResult::Unknown(
                        Failure::new(FailureKind::Network, "Moodle did not say whom it made")
                            .why("the answer leaves this person out"),
                    ),
                };
                places.iter().map(|&at| (at, answer(at))).collect()
            }
            Err(CallError::Said(_)) if places.len() > 1 => {
                places.iter().flat_map(|&at| self.make(requests, &[at])).collect()
            }
            Err(no) => the_same(places, no),
        }
    }

    /// Nobody is made suspended: that is a change of its own.
    fn suspended(&self, request: &ChangeRequest, id: String) -> ChangeResult {
        if request.order.after.get(ACTIVE).is_none_or(|active| active.one() != "false") {
            return ChangeResult::Done(id);
        }
        let fields = vec![
            ("users[0][id]".to_owned(), id.clone()),
            ("users[0][suspended]".to_owned(), "1".to_owned()),
        ];
        match self.ask("core_user_update_users", fields, Repeat::Safe) {
            Ok(said) => match warnings(&said).next() {
                None => ChangeResult::Done(id),
                Some((_, words)) => partly(&words),
            },
            Err(CallError::Said(words)) => partly(&words),
            Err(CallError::Lost(lost)) => ChangeResult::Unknown(lost.failure()),
        }
    }

    fn change(&self, requests: &[ChangeRequest], places: &[usize]) -> Vec<(usize, ChangeResult)> {
        let mut answers = Vec::new();
        let mut fields = Fields::new();
        let mut sent: Vec<(usize, String)> = Vec::new();
        for &at in places {
            let Some(now) = requests[at].now else { continue };
            let differs = |name: &str| {
                let wanted = requests[at].order.after.get(name);
                now.values.get(name).is_none_or(|has| Some(has) != wanted)
            };
            let own = person(sent.len(), &requests[at], differs);
            if own.is_empty() {
                answers.push((at, ChangeResult::Done(now.id.clone())));
                continue;
            }
            fields.push((format!("users[{}][id]", sent.len()), now.id.clone()));
            fields.extend(own);
            sent.push((at, now.id.clone()));
        }
        if sent.is_empty() {
            return answers;
        }
        match self.ask("core_user_update_users", fields, Repeat::Safe) {
            Ok(said) => {
                let refused: BTreeMap<String, String> = warnings(&said).collect();
                answers.extend(sent.into_iter().map(|(at, id)| match refused.get(&id) {
                    Some(words) => (at, ChangeResult::Refused(words.clone())),
                    None => (at, ChangeResult::Done(id)),
                }));
            }
            // An older Moodle takes all of them or none.
            Err(CallError::Said(_)) if sent.len() > 1 => {
                answers.extend(sent.iter().flat_map(|(at, _)| self.change(requests, &[*at])));
            }
            Err(no) => {
                let places: Vec<usize> = sent.iter().map(|(at, _)| *at).collect();
                answers.extend(the_same(&places, no));
            }
        }
        answers
    }

    fn delete(&self, id: &str) -> ChangeResult {
        let fields = vec![("userids[0]".to_owned(), id.to_owned())];
        match self.ask("core_user_delete_users", fields, Repeat::Safe) {
            Ok(_) => ChangeResult::Done(id.to_owned()),
            Err(no) => no.into(),
        }
    }

    /// Puts somebody who is as ordered by now into cohorts too. That is harmless to do again.
    fn join_cohorts(&self, request: &ChangeRequest, id: String) -> ChangeResult {
        let named = COHORTS.iter().filter_map(|name| request.order.after.get(*name));
        let named: Vec<&str> = named.map(Value::one).filter(|name| !name.is_empty()).collect();
        if named.is_empty() {
            return ChangeResult::Done(id);
        }
        let username =
            request.order.after.get("username").map_or(request.order.login.as_str(), Value::one);
        let username = &username.to_lowercase();
        let mut fields = Fields::new();
        for (n, cohort) in named.iter().enumerate() {
            for (name, value) in [
                ("[cohorttype][type]", "idnumber"),
                ("[cohorttype][value]", cohort),
                ("[usertype][type]", "username"),
                ("[usertype][value]", username),
            ] {
                fields.push((format!("members[{n}]{name}"), value.to_owned()));
            }
        }
        match self.ask("core_cohort_add_cohort_members", fields, Repeat::Safe) {
            Ok(said) => {
                let grave = |warning: &&Json| text(warning, "warningcode") != IN_IT_ALREADY;
                let words: Vec<String> = list(&said["warnings"])
                    .iter()
                    .filter(grave)
                    .map(|warning| text(warning, "message"))
                    .collect();
                if words.is_empty() { ChangeResult::Done(id) } else { partly(&words.join("; ")) }
            }
            Err(CallError::Said(words)) => partly(&words),
            Err(CallError::Lost(lost)) => ChangeResult::Unknown(lost.failure()),
        }
    }
}

/// Somebody's values as fields of a form: those that are not sent by another function, and that are wanted.
fn person(n: usize, request: &ChangeRequest, wanted: impl Fn(&str) -> bool) -> Fields {
    let of_user = request.order.after.iter().filter(|(name, _)| !COHORTS.contains(&name.as_str()));
    let mut fields: Fields = of_user
        .filter(|(name, _)| wanted(name))
        .map(|(name, value)| match name.as_str() {
            ACTIVE => {
                let suspended = if value.one() == "false" { "1" } else { "0" };
                (format!("users[{n}][{SUSPENDED}]"), suspended.to_owned())
            }
            // Moodle refuses capitals in it.
            "username" => (format!("users[{n}][{name}]"), value.one().to_lowercase()),
            _ => (format!("users[{n}][{name}]"), value.one().to_owned()),
        })
        .collect();
    if let Some(password) = request.password {
        fields.push((format!("users[{n}][password]"), password.reveal().to_owned()));
    }
    fields
}

fn the_same(places: &[usize], no: CallError) -> Vec<(usize, ChangeResult)> {
    let answer = ChangeResult::from(no);
    places.iter().map(|&at| (at, answer.clone())).collect()
}

fn partly(words: &str) -> ChangeResult {
    ChangeResult::Refused(format!("only a part was carried out: {words}"))
}

/// Whom Moodle did not change, and its words.
fn warnings(said: &Json) -> impl Iterator<Item = (String, String)> {
    list(&said["warnings"])
        .iter()
        .map(|warning| (text(warning, "itemid"), text(warning, "message")))
}

/// An exception in Moodle's words; what lies behind it is told only where the site allows that.
fn words(exception: &Json) -> String {
    let (message, behind) = (text(exception, "message"), text(exception, "debuginfo"));
    let message = if message.is_empty() { text(exception, "errorcode") } else { message };
    if behind.is_empty() { message } else { format!("{message} ({behind})") }
}

fn list(json: &Json) -> &[Json] {
    json.as_array().map_or(&[], Vec::as_slice)
}

fn text(json: &Json, name: &str) -> String {
    match &json[name] {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        Json::Bool(yes) => yes.to_string(),
        _ => String::new(),
    }
}
