//! Kolibri's own interface, the one that its pages use: each person is made, changed or deleted by a call of their own.
//!
//! It has none of the traps of Kolibri's import from a file: a rename is a change like others, classes and user types
//! can be changed alone, and nobody is deleted because a row was wrong. Deleting is what Kolibri calls soft: an admin
//! can bring the person back, with their classes. Everything here was seen at a running Kolibri 0.19.5.

use rustc_hash::FxHashMap;
use serde_json::{Value as Json, json};

use super::http::{Http, Lost, Repeat, Reply};
use super::link::{Answer, Entry, Job, Link, Told};
use super::order::{Order, Value, Values};
use super::secrets::Secret;
use super::{Connector, Stop, Target};
use crate::error::{Failure, FailureKind, Outcome};
use crate::plan::Action;

pub static KOLIBRI: Connector = Connector {
    id: "kolibri",
    title: "Kolibri",
    schemes: &["https", "http"],
    example: "kolibri+https://kolibri.example.com/",
    user: "Username of an admin",
    secret: "Password",
    options: &[("facility", "Facility, if there are several")],
    proved: Some("Kolibri 0.19.5"),
    brings_back: true,
    profile: Some("kolibri"),
    open: Some(open),
};

fn open(target: &Target, secret: &Secret, _: &[String], stop: Stop) -> Outcome<Box<dyn Link>> {
    Ok(Box::new(Kolibri {
        http: Http::new(target, stop)?,
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
    known: FxHashMap<String, Ties>,
    /// Something of the order at hand was carried out.
    wrote: bool,
}

struct Class {
    id: String,
    name: String,
}

/// What ties somebody to the facility and its classes.
#[derive(Debug, Clone, Default)]
struct Ties {
    /// Id and class.
    memberships: Vec<(String, String)>,
    /// Id, kind, and where.
    roles: Vec<(String, String, String)>,
}

/// Kinds of roles, from the highest: what Kolibri stores, and what its files call it.
const KINDS: [(&str, &str); 3] = [
    ("admin", "ADMIN"),
    ("coach", "FACILITY_COACH"),
    ("classroom assignable coach", "CLASS_COACH"),
];
const LEARNER: &str = "LEARNER";
const COACH: &str = "coach";
/// What an export shows as a blank cell.
const NOT_SAID: [&str; 2] = ["NOT_SPECIFIED", "DEFERRED"];

/// Why an order could not be carried out.
enum No {
    Refused(String),
    Lost(Lost),
}

impl From<Lost> for No {
    fn from(lost: Lost) -> No {
        No::Lost(lost)
    }
}

impl Link for Kolibri {
    fn greet(&mut self) -> Outcome<String> {
        self.sign_in()?;
        let info = self.http.get("api/public/info/", "what answers there")?;
        let version = text(&info, "kolibri_version");
        let version = if version.is_empty() { text(&info, "version") } else { version };
        Ok(format!("Kolibri {version}, facility “{}”, as `{}`", self.facility_named, self.user))
    }

    fn people(&mut self, told: Told) -> Outcome<Vec<Entry>> {
        self.sign_in()?;
        let go_on = |what: &str, at: usize| match told(what, at, 4) {
            true => Ok(()),
            false => Err(super::http::cancelled()),
        };
        go_on("Asking Kolibri for its classes", 0)?;
        self.read_classes()?;
        go_on("Asking Kolibri who is in which class", 1)?;
        let memberships = self.get("api/auth/membership/", "who is in which class")?;
        self.known.clear();
        for one in list(&memberships) {
            let ties = self.known.entry(text(one, "user")).or_default();
            ties.memberships.push((text(one, "id"), text(one, "collection")));
        }
        go_on("Asking Kolibri for its users", 2)?;
        let path = format!("api/auth/facilityuser/?member_of={}", self.facility);
        let users = self.get(&path, "the users")?;
        go_on("Asking Kolibri for its users", 3)?;
        Ok(list(&users).iter().map(|user| self.entry(user)).collect())
    }

    fn find(&mut self, order: &Order) -> Outcome<Option<Entry>> {
        self.sign_in()?;
        let by_id = |id: &str| format!("api/auth/facilityuser/{id}/");
        let user = if order.id.is_empty() {
            let name = encoded(&order.login);
            let path = format!("api/auth/facilityuser/?member_of={}&search={name}", self.facility);
            let found = self.get(&path, "the user")?;
            let same = |user: &&Json| same_login(&text(user, "username"), &order.login);
            list(&found).iter().find(same).cloned()
        } else {
            let path = by_id(&order.id);
            let reply = self.http.call("GET", &path, &[], None, Repeat::Safe);
            let reply = reply.map_err(Lost::failure)?;
            if reply.status == 404 { None } else { Some(reply.json("the user")?) }
        };
        let Some(user) = user else { return Ok(None) };
        let path = format!("api/auth/membership/?user={}", text(&user, "id"));
        let memberships = self.get(&path, "the classes of a user")?;
        let ties = self.known.entry(text(&user, "id")).or_default();
        ties.memberships =
            list(&memberships).iter().map(|m| (text(m, "id"), text(m, "collection"))).collect();
        Ok(Some(self.entry(&user)))
    }

    fn lacking(&self, orders: &[&Order]) -> Vec<String> {
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

    fn make_group(&mut self, name: &str) -> Outcome<()> {
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

    fn send(&mut self, jobs: &[Job]) -> Vec<Answer> {
        let mut answers = Vec::with_capacity(jobs.len());
        for job in jobs {
            if let Some(Answer::NotSent(failure)) = answers.last() {
                let failure: Failure = Failure::clone(failure);
                answers.push(Answer::NotSent(failure));
                continue;
            }
            self.wrote = false;
            answers.push(match self.carry_out(job) {
                Ok(id) => Answer::Done(id),
                Err(No::Refused(why)) if self.wrote => {
                    Answer::Refused(format!("only a part was carried out: {why}"))
                }
                Err(No::Refused(why)) => Answer::Refused(why),
                // A half is neither done nor not sent.
                Err(No::Lost(Lost::NotSent(failure))) if self.wrote => Answer::Unknown(failure),
                Err(No::Lost(Lost::Unknown(failure))) => Answer::Unknown(failure),
                Err(No::Lost(Lost::NotSent(failure))) => Answer::NotSent(failure),
            });
        }
        answers
    }

    /// Kolibri's export leaves admins out.
    fn is_exported(&self, entry: &Entry) -> bool {
        entry.values.get("user_type").is_none_or(|kind| kind.one() != "ADMIN")
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
    /// Signs in, unless that is done. Kolibri ends a session after twenty minutes without a call.
    fn sign_in(&mut self) -> Outcome<()> {
        if !self.facility.is_empty() {
            return Ok(());
        }
        let facilities = self.http.get("api/public/v1/facility/", "the list of facilities")?;
        let facility = self.choose(list(&facilities))?;
        let id = text(&facility, "id");
        // The answer is a refusal, and brings the token that every write needs.
        self.http
            .call("GET", "api/auth/session/current/", &[], None, Repeat::Safe)
            .map_err(Lost::failure)?;
        let body = json!({
            "username": self.user, "password": self.password.reveal(), "facility": id,
        });
        let token = self.http.cookie(CSRF_COOKIE).unwrap_or_default();
        let reply = self
            .http
            .call("POST", "api/auth/session/", &[(CSRF_HEADER, &token)], Some(&body), Repeat::Safe)
            .map_err(Lost::failure)?;
        if !reply.is_fine() {
            return Err(Failure::new(FailureKind::Refused, "Kolibri did not let Muster sign in")
                .why(if reply.status == 401 {
                    "the username or the password is wrong".to_owned()
                } else {
                    reply.said()
                })
                .hint("Correct them in the connection, then try again."));
        }
        let session = reply.json("the answer to signing in")?;
        let kinds: Vec<String> =
            list(&session["kind"]).iter().filter_map(|k| Some(k.as_str()?.to_owned())).collect();
        if !kinds.iter().any(|kind| kind == "admin" || kind == "superuser") {
            return Err(Failure::new(
                FailureKind::Refused,
                format!("`{}` may not change people", self.user),
            )
            .why("it is no admin of this facility")
            .hint("Use the account of an admin."));
        }
        self.me = text(&session, "user_id");
        self.facility_named = text(&facility, "name");
        self.facility = id;
        Ok(())
    }

    fn choose(&self, facilities: &[Json]) -> Outcome<Json> {
        let wanted = self.facility_named.trim();
        let named =
            |f: &&Json| text(f, "name").eq_ignore_ascii_case(wanted) || text(f, "id") == wanted;
        let found: Vec<&Json> = match wanted {
            "" => facilities.iter().collect(),
            _ => facilities.iter().filter(named).collect(),
        };
        let names: Vec<String> =
            facilities.iter().map(|f| format!("`{}`", text(f, "name"))).collect();
        match found.as_slice() {
            [one] => Ok((*one).clone()),
            [] if wanted.is_empty() => {
                Err(Failure::new(FailureKind::Network, "this Kolibri has no facility"))
            }
            [] => Err(Failure::state(format!("there is no facility `{wanted}`"))
                .hint(format!("There are {}.", names.join(", ")))),
            _ => Err(Failure::state("this Kolibri has several facilities")
                .hint(format!("Choose one as `facility`: {}.", names.join(", ")))),
        }
    }

    fn get(&mut self, path: &str, what: &str) -> Outcome<Json> {
        let reply = self.http.call("GET", path, &[], None, Repeat::Safe).map_err(Lost::failure)?;
        if !self.signed_out(&reply) {
            return reply.json(what);
        }
        self.facility.clear();
        self.sign_in()?;
        self.http.get(path, what)
    }

    fn signed_out(&self, reply: &Reply) -> bool {
        matches!(reply.status, 401 | 403)
    }

    fn write(
        &mut self,
        method: &str,
        path: &str,
        body: Option<&Json>,
        repeat: Repeat,
    ) -> Result<Reply, Lost> {
        let call = |http: &Http| {
            // It changes now and then.
            let token = http.cookie(CSRF_COOKIE).unwrap_or_default();
            http.call(method, path, &[(CSRF_HEADER, &token)], body, repeat)
        };
        let mut reply = call(&self.http)?;
        if self.signed_out(&reply) {
            self.facility.clear();
            self.sign_in().map_err(Lost::NotSent)?;
            reply = call(&self.http)?;
        }
        self.wrote |= reply.is_fine();
        Ok(reply)
    }

    fn read_classes(&mut self) -> Outcome<()> {
        let path = format!("api/auth/classroom/?parent={}", self.facility);
        let classes = self.get(&path, "the classes")?;
        let class = |c: &Json| Class { id: text(c, "id"), name: text(c, "name") };
        self.classes = list(&classes).iter().map(class).collect();
        Ok(())
    }

    /// A class by its name; upper and lower case count only where two classes differ in nothing else.
    fn class(&self, name: &str) -> Option<&Class> {
        let exact = self.classes.iter().find(|c| c.name == name);
        exact.or_else(|| self.classes.iter().find(|c| same_class(&c.name, name)))
    }

    fn entry(&mut self, user: &Json) -> Entry {
        let id = text(user, "id");
        let ties = self.known.entry(id.clone()).or_default();
        ties.roles.clear();
        for role in list(&user["roles"]) {
            let role = (text(role, "id"), text(role, "kind"), text(role, "collection"));
            // A search tells each role once for every class of the person.
            if !ties.roles.contains(&role) {
                ties.roles.push(role);
            }
        }
        let name_of =
            |class: &str| self.classes.iter().find(|c| c.id == class).map(|c| c.name.clone());
        let mut learns: Vec<String> =
            ties.memberships.iter().filter_map(|(_, class)| name_of(class)).collect();
        learns.sort_unstable();
        let coaches = ties.roles.iter().filter(|(_, kind, _)| kind == COACH);
        let mut coaches: Vec<String> = coaches.filter_map(|(_, _, at)| name_of(at)).collect();
        coaches.sort_unstable();
        let kind = kind_of(ties, &self.facility);
        let kind = if user["is_superuser"] == true { "ADMIN" } else { kind };
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
        Entry { login: text(user, "username"), values, id }
    }

    /// Makes one person be as ordered. Answers with Kolibri's id of them.
    fn carry_out(&mut self, job: &Job) -> Result<String, No> {
        if self.facility.is_empty() {
            self.sign_in().map_err(Lost::NotSent)?;
        }
        let order = job.order;
        let id = job.now.map_or(order.id.clone(), |now| now.id.clone());
        if id == self.me && !id.is_empty() {
            return Err(No::Refused(
                "this is the account that Muster signed in with; change it on Kolibri's own page"
                    .into(),
            ));
        }
        match order.action {
            Action::Delete => self.delete(&id, job.now.is_some()),
            Action::Reactivate if job.now.is_none() => self.bring_back(&id),
            _ => self.make_or_change(job, id),
        }
    }

    fn delete(&mut self, id: &str, is_there: bool) -> Result<String, No> {
        if !is_there {
            return Ok(id.to_owned());
        }
        let path = format!("api/auth/facilityuser/{id}/");
        let reply = self.write("DELETE", &path, None, Repeat::Safe)?;
        // Gone already is as good.
        if reply.is_fine() || reply.status == 404 {
            Ok(id.to_owned())
        } else {
            Err(refused(&reply))
        }
    }

    fn bring_back(&mut self, id: &str) -> Result<String, No> {
        let path = format!("api/auth/deletedfacilityuser/restore/?by_ids={id}");
        let reply = self.write("POST", &path, None, Repeat::Safe)?;
        if reply.is_fine() { Ok(id.to_owned()) } else { Err(refused(&reply)) }
    }

    fn make_or_change(&mut self, job: &Job, mut id: String) -> Result<String, No> {
        let order = job.order;
        let mut body = self.differing(job);
        if let Some(password) = job.password {
            body.insert("password".into(), json!(password.reveal()));
        }
        match job.now {
            None if order.is_new() => {
                if job.password.is_none() {
                    return Err(No::Refused(
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
                if !reply.is_fine() {
                    return Err(refused(&reply));
                }
                let made = reply.json("the new user").map_err(Lost::Unknown)?;
                id = text(&made, "id");
                self.known.insert(id.clone(), Ties::default());
            }
            None => return Err(No::Refused("Kolibri has nobody of this ID any more".into())),
            Some(_) if body.is_empty() => {}
            Some(_) => {
                let path = format!("api/auth/facilityuser/{id}/");
                let reply = self.write("PATCH", &path, Some(&Json::Object(body)), Repeat::Safe)?;
                if !reply.is_fine() {
                    return Err(refused(&reply));
                }
            }
        }
        self.settle_kind(&id, order)?;
        self.settle_classes(&id, order)?;
        Ok(id)
    }

    /// The values of the user itself that are not yet as ordered.
    fn differing(&self, job: &Job) -> serde_json::Map<String, Json> {
        let wanted = job.order.after.iter().filter(|(name, value)| {
            if ["classes", "coach_of", "user_type"].contains(&name.as_str()) {
                return false;
            }
            let now = job.now.and_then(|now| now.values.get(*name));
            now.is_none_or(|now| now.one() != value.one())
        });
        wanted.map(|(name, value)| (name.clone(), json!(value.one()))).collect()
    }

    /// The role that somebody has in the facility as a whole.
    fn settle_kind(&mut self, id: &str, order: &Order) -> Result<(), No> {
        let Some(wanted) = order.after.get("user_type") else { return Ok(()) };
        let wanted = wanted.one().to_uppercase();
        let kind = KINDS.iter().find(|(_, word)| *word == wanted).map(|(kind, _)| *kind);
        if kind.is_none() && wanted != LEARNER {
            return Err(No::Refused(format!("Kolibri has no user type `{wanted}`")));
        }
        let facility = self.facility.clone();
        let ties = self.known.get(id).cloned().unwrap_or_default();
        let has = ties.roles.iter().any(|(_, k, at)| *at == facility && Some(k.as_str()) == kind);
        if let Some(kind) = kind.filter(|_| !has) {
            self.give_role(id, kind, &facility)?;
        }
        let extra: Vec<String> = ties
            .roles
            .iter()
            .filter(|(_, k, at)| match kind {
                // A learner coaches no class either.
                None => true,
                Some(kind) => *at == facility && k != kind,
            })
            .map(|(role, _, _)| role.clone())
            .collect();
        self.take_away("api/auth/role/", id, &extra)
    }

    fn settle_classes(&mut self, id: &str, order: &Order) -> Result<(), No> {
        if let Some(wanted) = order.after.get("classes") {
            let wanted = self.ids_of(wanted)?;
            let had = self.known.get(id).map(|t| t.memberships.clone()).unwrap_or_default();
            let more: Vec<Json> = wanted
                .iter()
                .filter(|class| !had.iter().any(|(_, at)| at == *class))
                .map(|class| json!({ "user": id, "collection": class }))
                .collect();
            if !more.is_empty() {
                let made = self.make_ties("api/auth/membership/", &more)?;
                let ties = self.known.entry(id.to_owned()).or_default();
                ties.memberships
                    .extend(made.iter().map(|m| (text(m, "id"), text(m, "collection"))));
            }
            let extra: Vec<String> = had
                .iter()
                .filter(|(_, class)| self.classes.iter().any(|c| c.id == *class))
                .filter(|(_, class)| !wanted.contains(class))
                .map(|(membership, _)| membership.clone())
                .collect();
            self.take_away("api/auth/membership/", id, &extra)?;
        }
        if let Some(wanted) = order.after.get("coach_of") {
            let wanted = self.ids_of(wanted)?;
            let had = self.known.get(id).map(|t| t.roles.clone()).unwrap_or_default();
            for class in &wanted {
                if !had.iter().any(|(_, kind, at)| kind == COACH && at == class) {
                    self.give_role(id, COACH, class)?;
                }
            }
            let extra: Vec<String> = had
                .iter()
                .filter(|(_, kind, at)| {
                    kind == COACH && *at != self.facility && !wanted.contains(at)
                })
                .map(|(role, _, _)| role.clone())
                .collect();
            self.take_away("api/auth/role/", id, &extra)?;
        }
        Ok(())
    }

    fn ids_of(&self, names: &Value) -> Result<Vec<String>, No> {
        let id = |name: &String| {
            let class = self.class(name).map(|c| c.id.clone());
            class.ok_or_else(|| No::Refused(format!("this facility has no class `{name}`")))
        };
        names.many().iter().map(id).collect()
    }

    fn give_role(&mut self, id: &str, kind: &str, at: &str) -> Result<(), No> {
        let body = json!({ "user": id, "collection": at, "kind": kind });
        let made = self.make_ties("api/auth/role/", &[body])?;
        let ties = self.known.entry(id.to_owned()).or_default();
        ties.roles
            .extend(made.iter().map(|r| (text(r, "id"), text(r, "kind"), text(r, "collection"))));
        Ok(())
    }

    /// Makes memberships or roles. One that is there already makes Kolibri answer with a fault of its own and a page.
    fn make_ties(&mut self, path: &str, all: &[Json]) -> Result<Vec<Json>, No> {
        let body = match all {
            [one] => one.clone(),
            _ => Json::Array(all.to_vec()),
        };
        let reply = self.write("POST", path, Some(&body), Repeat::Once)?;
        if !reply.is_fine() {
            return Err(refused(&reply));
        }
        let made = reply.json("the answer").map_err(Lost::Unknown)?;
        Ok(match made {
            Json::Array(all) => all,
            one => vec![one],
        })
    }

    fn take_away(&mut self, path: &str, id: &str, ties: &[String]) -> Result<(), No> {
        for tie in ties {
            let reply = self.write("DELETE", &format!("{path}{tie}/"), None, Repeat::Safe)?;
            if !reply.is_fine() && reply.status != 404 {
                return Err(refused(&reply));
            }
            let left = self.known.entry(id.to_owned()).or_default();
            left.memberships.retain(|(membership, _)| membership != tie);
            left.roles.retain(|(role, _, _)| role != tie);
        }
        Ok(())
    }
}

const CSRF_COOKIE: &str = "kolibri_csrftoken";
const CSRF_HEADER: &str = "X-CSRFToken";

fn kind_of(ties: &Ties, facility: &str) -> &'static str {
    let has = |kind: &str| ties.roles.iter().any(|(_, k, at)| k == kind && at == facility);
    KINDS.iter().find(|(kind, _)| has(kind)).map_or(LEARNER, |(_, word)| word)
}

fn refused(reply: &Reply) -> No {
    No::Refused(words(reply))
}

/// Kolibri's own words: a list of faults, each with a message and the field that it is about.
fn words(reply: &Reply) -> String {
    let faults: Vec<String> = reply
        .json
        .iter()
        .flat_map(list)
        .map(|fault| {
            let (message, field) =
                (text(&fault["metadata"], "message"), text(&fault["metadata"], "field"));
            let message = if message.is_empty() { text(fault, "id") } else { message };
            match field.as_str() {
                "" | "non_field_errors" => message,
                field => format!("{field}: {message}"),
            }
        })
        .filter(|words| !words.is_empty())
        .collect();
    if faults.is_empty() { reply.said() } else { faults.join("; ") }
}

fn list(json: &Json) -> &[Json] {
    json.as_array().map_or(&[], Vec::as_slice)
}

fn text(json: &Json, name: &str) -> String {
    match &json[name] {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn same_login(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn same_class(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}
