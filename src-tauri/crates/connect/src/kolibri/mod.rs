//! Kolibri's own interface, the one that its pages use: each person is made, changed or deleted by a call of their own.
//!
//! It has none of the traps of Kolibri's import from a file: a rename is a change like others, classes and user types
//! can be changed alone, and nobody is deleted because a row was wrong. Deleting is what Kolibri calls soft: an admin
//! can bring the person back, with their classes. Everything here was seen at a running Kolibri 0.19.5.

mod affiliations;
mod errors;
mod session;

use rustc_hash::FxHashMap;
use serde_json::{Value as Json, json};

use super::http::watch::Watch;
use super::http::{Http, Lost, Repeat, Reply, query, said, segment};
use super::link::{ChangeRequest, ChangeResult, Link, OnProgress, OwnAccount, RemotePerson};
use super::yes_or_no::yes_or_no;
use affiliations::{Affiliations, COACH, Class, same_class};
use errors::{list, refused, text, words};
use muster_plan::plan::Action;
use muster_plan::push::{Order, Secret, Target, Value, Values};
use muster_table::error::{Failure, FailureKind, Result};

pub(super) fn open(
    target: &Target,
    secret: &Secret,
    _: &[String],
    watch: Watch,
) -> Result<Box<dyn Link>> {
    Ok(Box::new(Kolibri {
        http: Http::new(target, watch)?,
        user: target.user.clone(),
        password: secret.clone(),
        facility_named: target.options.get("facility").cloned().unwrap_or_default(),
        facility: String::new(),
        me: String::new(),
        classes: Vec::new(),
        known: FxHashMap::default(),
        wrote: false,
    }))
}

struct Kolibri {
    http: Http,
    user: String,
    password: Secret,
    facility_named: String,
    /// Its id; empty until signed in.
    facility: String,
    /// The id of the account that is signed in.
    me: String,
    classes: Vec<Class>,
    /// By the id of the user.
    known: FxHashMap<String, Affiliations>,
    /// Something of the order at hand was carried out.
    wrote: bool,
}

/// What an export shows as a blank cell.
const NOT_SAID: [&str; 2] = ["NOT_SPECIFIED", "DEFERRED"];

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

impl Link for Kolibri {
    fn identify(&mut self) -> Result<String> {
        self.sign_in()?;
        let info = self.http.get("api/public/info/", "what answers there")?;
        let version = text(&info, "kolibri_version");
        let version = if version.is_empty() { text(&info, "version") } else { version };
        Ok(format!("Kolibri {version}, facility “{}”, as `{}`", self.facility_named, self.user))
    }

    fn own_account(&mut self) -> Result<Option<OwnAccount>> {
        self.sign_in()?;
        let (id, login) = (self.me.clone(), self.user.clone());
        // Kolibri says of everybody what kind of account theirs is.
        Ok(Some(OwnAccount { id, login, may_change_administrators: false }))
    }

    fn people(&mut self, on_progress: OnProgress) -> Result<Vec<RemotePerson>> {
        self.sign_in()?;
        let go_on = |what: &str, at: usize| match on_progress(what, at, 4) {
            true => Ok(()),
            false => Err(super::http::cancelled()),
        };
        go_on("Asking Kolibri for its classes", 0)?;
        self.read_classes()?;
        go_on("Asking Kolibri who is in which class", 1)?;
        let memberships = self.get_list("api/auth/membership/", "who is in which class")?;
        self.known.clear();
        for one in &memberships {
            let affiliations = self.known.entry(text(one, "user")).or_default();
            affiliations.memberships.push((text(one, "id"), text(one, "collection")));
        }
        go_on("Asking Kolibri for its users", 2)?;
        let path = format!("api/auth/facilityuser/?member_of={}", query(&self.facility));
        let users = self.get_list(&path, "the users")?;
        go_on("Asking Kolibri for its users", 3)?;
        Ok(users.iter().map(|user| self.entry(user)).collect())
    }

    fn find(&mut self, order: &Order) -> Result<Option<RemotePerson>> {
        self.sign_in()?;
        let user = if order.id.is_empty() {
            let (facility, name) = (query(&self.facility), query(&order.login));
            let path = format!("api/auth/facilityuser/?member_of={facility}&search={name}");
            let found = self.get_list(&path, "the user")?;
            let same = |user: &&Json| same_login(&text(user, "username"), &order.login);
            found.iter().find(same).cloned()
        } else {
            let path = format!("api/auth/facilityuser/{}/", segment(&order.id)?);
            let reply = self.http.call("GET", &path, &[], None, Repeat::Safe);
            let reply = reply.map_err(Lost::failure)?;
            if reply.status == 404 && !reply.is_page() {
                None
            } else {
                Some(reply.json("the user")?)
            }
        };
        let Some(user) = user else { return Ok(None) };
        let path = format!("api/auth/membership/?user={}", query(&text(&user, "id")));
        let memberships = self.get_list(&path, "the classes of a user")?;
        let affiliations = self.known.entry(text(&user, "id")).or_default();
        affiliations.memberships =
            memberships.iter().map(|m| (text(m, "id"), text(m, "collection"))).collect();
        Ok(Some(self.entry(&user)))
    }

    fn missing_groups(&self, orders: &[&Order]) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        let named = |order: &&Order| {
            let of = |name: &str| order.after.get(name).map(|v| v.many().to_vec());
            [of("classes"), of("coach_of")].into_iter().flatten().flatten().collect::<Vec<_>>()
        };
        for name in orders.iter().flat_map(named) {
            let same = |other: &String| same_class(other, &name);
            if self.class(&name).is_none() && !all.iter().any(same) {
                all.push(name);
            }
        }
        all
    }

    fn make_group(&mut self, name: &str) -> Result<()> {
        // The answer may get lost, and a second class of one name is easily made: look first.
        self.read_classes()?;
        if self.class(name).is_some() {
            return Ok(());
        }
        let body = json!({ "name": name, "parent": self.facility });
        match self.write("POST", "api/auth/classroom/", Some(&body), Repeat::Once) {
            Ok(reply) if reply.is_fine() => self.read_classes(),
            Ok(reply) => Err(Failure::new(
                FailureKind::Refused,
                format!("the class `{name}` could not be made"),
            )
            .why(words(&reply))),
            Err(Lost::Unknown(failure)) => {
                self.read_classes()?;
                if self.class(name).is_some() { Ok(()) } else { Err(failure) }
            }
            Err(Lost::NotSent(failure)) => Err(failure),
        }
    }

    fn send(&mut self, requests: &[ChangeRequest]) -> Vec<ChangeResult> {
        let mut answers = Vec::with_capacity(requests.len());
        for request in requests {
            if let Some(ChangeResult::NotSent(failure)) = answers.last() {
                let failure: Failure = Failure::clone(failure);
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
                // A half is neither done nor not sent.
                Err(CallError::Lost(Lost::NotSent(failure))) if self.wrote => {
                    ChangeResult::Unknown(failure)
                }
                Err(CallError::Lost(Lost::Unknown(failure))) => ChangeResult::Unknown(failure),
                Err(CallError::Lost(Lost::NotSent(failure))) => ChangeResult::NotSent(failure),
            });
        }
        answers
    }

    fn set_after_create(&self, name: &str) -> bool {
        name == "user_type"
    }

    /// Kolibri's export leaves admins out.
    fn is_exported(&self, entry: &RemotePerson) -> bool {
        entry.values.get("user_type").is_none_or(|kind| kind.one() != "ADMIN")
    }

    fn why_not_exported(&self) -> &'static str {
        "Kolibri's export has no admins; nothing here changes them, and their logins are taken"
    }

    fn same(&self, name: &str, one: &Value, other: &Value) -> bool {
        let said = |value: &Value| {
            let text = value.one();
            if NOT_SAID.contains(&text) { String::new() } else { text.to_uppercase() }
        };
        match name {
            // An export shows what was not said as blank, and Kolibri keeps identifiers in upper case.
            "gender" | "birth_year" | "id_number" => said(one) == said(other),
            "classes" | "coach_of" => {
                let lower = |value: &Value| {
                    let mut all: Vec<String> =
                        value.many().iter().map(|name| name.to_lowercase()).collect();
                    all.sort_unstable();
                    all.dedup();
                    all
                };
                lower(one) == lower(other)
            }
            _ => one.same(other),
        }
    }
}

impl Kolibri {
    fn entry(&mut self, user: &Json) -> RemotePerson {
        let id = text(user, "id");
        let affiliations = self.known.entry(id.clone()).or_default();
        affiliations.roles.clear();
        for role in list(&user["roles"]) {
            let role = (text(role, "id"), text(role, "kind"), text(role, "collection"));
            // A search tells each role once for every class of the person.
            if !affiliations.roles.contains(&role) {
                affiliations.roles.push(role);
            }
        }
        let name_of =
            |class: &str| self.classes.iter().find(|c| c.id == class).map(|c| c.name.clone());
        let mut learns: Vec<String> =
            affiliations.memberships.iter().filter_map(|(_, class)| name_of(class)).collect();
        learns.sort_unstable();
        let coaches = affiliations.roles.iter().filter(|(_, kind, _)| kind == COACH);
        let mut coaches: Vec<String> = coaches.filter_map(|(_, _, at)| name_of(at)).collect();
        coaches.sort_unstable();
        let kind = affiliations.kind(&self.facility);
        // What is not understood is no reason to touch an admin.
        let is_superuser = !matches!(yes_or_no(&user["is_superuser"]), Ok(None | Some(false)));
        let kind = if is_superuser { "ADMIN" } else { kind };
        let one = |name: &str| Value::One(text(user, name));
        let values = Values::from([
            ("username".into(), one("username")),
            ("full_name".into(), one("full_name")),
            ("user_type".into(), Value::One(kind.to_owned())),
            ("id_number".into(), one("id_number")),
            ("birth_year".into(), one("birth_year")),
            ("gender".into(), one("gender")),
            ("classes".into(), Value::Many(learns)),
            ("coach_of".into(), Value::Many(coaches)),
        ]);
        RemotePerson { login: text(user, "username"), values, id }
    }

    /// Makes one person be as ordered. Answers with Kolibri's id of them.
    fn carry_out(&mut self, request: &ChangeRequest) -> Result<String, CallError> {
        if self.facility.is_empty() {
            self.sign_in().map_err(Lost::NotSent)?;
        }
        let order = request.order;
        let id = request.now.map_or(order.id.clone(), |now| now.id.clone());
        if id == self.me && !id.is_empty() {
            return Err(CallError::Refused(
                "this is the account that Muster signed in with; change it on Kolibri's own page"
                    .into(),
            ));
        }
        match order.action {
            Action::Delete => self.delete(&id, request.now.is_some()),
            Action::Reactivate if request.now.is_none() => self.bring_back(&id),
            _ => self.make_or_change(request, id),
        }
    }

    fn delete(&mut self, id: &str, is_there: bool) -> Result<String, CallError> {
        if !is_there {
            return Ok(id.to_owned());
        }
        let path = format!("api/auth/facilityuser/{}/", segment_of(id)?);
        let reply = self.write("DELETE", &path, None, Repeat::Safe)?;
        // Gone already is as good.
        if reply.is_fine() || reply.status == 404 {
            Ok(id.to_owned())
        } else {
            Err(refused(&reply))
        }
    }

    fn bring_back(&mut self, id: &str) -> Result<String, CallError> {
        let path = format!("api/auth/deletedfacilityuser/restore/?by_ids={}", query(id));
        // With a body of a length: Kolibri does not read it, and takes the end of one without for the next call.
        let reply = self.write("POST", &path, Some(&json!({})), Repeat::Safe)?;
        if reply.is_fine() { Ok(id.to_owned()) } else { Err(refused(&reply)) }
    }

    fn make_or_change(
        &mut self,
        request: &ChangeRequest,
        mut id: String,
    ) -> Result<String, CallError> {
        let order = request.order;
        let mut body = self.differing(request);
        if let Some(password) = request.password {
            body.insert("password".into(), json!(password.reveal()));
        }
        match request.now {
            None if order.is_new() => {
                if request.password.is_none() {
                    return Err(CallError::Refused(
                        "somebody new needs a password, and there is none".into(),
                    ));
                }
                body.insert("facility".into(), json!(self.facility));
                for name in ["gender", "birth_year", "id_number", "full_name"] {
                    body.entry(name).or_insert_with(|| json!(""));
                }
                let body = Json::Object(body);
                let reply =
                    self.write("POST", "api/auth/facilityuser/", Some(&body), Repeat::Once)?;
                id = if reply.is_fine() {
                    id_in(reply)?
                } else {
                    let before = self.made_before(order).map_err(Lost::Unknown)?;
                    before.ok_or_else(|| refused(&reply))?
                };
                self.known.insert(id.clone(), Affiliations::default());
            }
            None => {
                return Err(CallError::Refused("Kolibri has nobody of this ID any more".into()));
            }
            Some(_) if body.is_empty() => {}
            Some(_) => {
                let path = format!("api/auth/facilityuser/{}/", segment_of(&id)?);
                let reply = self.write("PATCH", &path, Some(&Json::Object(body)), Repeat::Safe)?;
                if !reply.is_fine() {
                    return Err(refused(&reply));
                }
                id_in(reply)?;
            }
        }
        self.settle_kind(&id, order)?;
        self.settle_classes(&id, order)?;
        Ok(id)
    }

    /// Somebody who is refused because they are there, and is just as ordered but for what ties them to classes: the
    /// call was made before, by something on the way that sent it twice.
    fn made_before(&mut self, order: &Order) -> Result<Option<String>> {
        let Some(found) = self.find(order)? else { return Ok(None) };
        let blank = Value::none();
        let mut own = order.after.iter().filter(|(name, _)| !TIES.contains(&name.as_str()));
        let is = |(name, wanted): (&String, &Value)| {
            self.same(name, found.values.get(name).unwrap_or(&blank), wanted)
        };
        let is_it = own.all(is);
        Ok(is_it.then_some(found.id))
    }

    /// The values of the user itself that are not yet as ordered.
    fn differing(&self, request: &ChangeRequest) -> serde_json::Map<String, Json> {
        let wanted = request.order.after.iter().filter(|(name, value)| {
            if TIES.contains(&name.as_str()) {
                return false;
            }
            let now = request.now.and_then(|now| now.values.get(*name));
            now.is_none_or(|now| now.one() != value.one())
        });
        wanted.map(|(name, value)| (name.clone(), json!(value.one()))).collect()
    }
}

/// What affiliates somebody with the facility and its classes, each by calls of their own.
const TIES: [&str; 3] = ["classes", "coach_of", "user_type"];

/// The id in an answer. One without says nothing about what was done.
fn id_in(reply: Reply) -> Result<String, CallError> {
    let said = reply.message();
    let id = text(&reply.json("the user").map_err(Lost::Unknown)?, "id");
    if id.is_empty() { Err(CallError::Lost(Lost::Unknown(unread(said)))) } else { Ok(id) }
}

fn unread(said: String) -> Failure {
    Failure::new(FailureKind::Network, "Kolibri gave no clear answer").why(said)
}

fn segment_of(id: &str) -> Result<String, CallError> {
    segment(id).map_err(|failure| CallError::Refused(failure.to_string()))
}

fn same_login(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}
