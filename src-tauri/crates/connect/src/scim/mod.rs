//! Any service that speaks SCIM 2.0 (RFC 7643, 7644). Only what it says that it offers is used: many people in one
//! call, `PATCH`, filters, ETags. Where it offers no `PATCH`, somebody is read, changed and put back as a whole.
//!
//! People are found by their `userName`; where the roster has none, by their e-mail, which then is the `userName` too.
//! A list is asked for page by page, and one that is told whole whatever is asked, or twice, is read as well. Whoever
//! is deleted is gone for good.
//!
//! scim_v2 reads into types and drops attributes that it does not know, and scim-server is the other side; services differ
//! too much for the first, so what they say is read as JSON.

mod calls;
mod groups;
mod names;
mod offered;
mod paging;

use std::cell::Cell;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Value as Json, json};

use super::http::watch::Watch;
use super::http::{Http, Lost, Repeat, Reply, query, segment};
use super::link::{ChangeRequest, ChangeResult, Link, OnProgress, OwnAccount, RemotePerson};
use calls::{Call, CallError, Done, PATCH};
use groups::Group;
use muster_plan::plan::Action;
use muster_plan::push::{Order, Secret, Target, Value, Values};
use muster_table::error::{Failure, FailureKind, Result};
use names::{Change, EMAILS, GROUPS, Name, USER_NAME, text};
use offered::Offered;
use paging::Paging;

pub(super) fn open(
    target: &Target,
    secret: &Secret,
    names: &[String],
    watch: Watch,
) -> Result<Box<dyn Link>> {
    let mut http = Http::new(target, watch)?;
    if !secret.is_blank() {
        http = http.with_header("authorization", format!("Bearer {}", secret.reveal()));
    }
    let names: Vec<Name> = names.iter().map(|name| Name::read(name)).collect();
    let named = |name: &str| names.iter().any(|n| n.name == name);
    Ok(Box::new(Scim {
        http,
        host: target.host(),
        by_email: !named(USER_NAME) && named(EMAILS),
        with_groups: named(GROUPS),
        names,
        offered: Offered::default(),
        is_asked: false,
        paging: Cell::new(Paging::Pages),
        groups: Vec::new(),
        known: FxHashMap::default(),
        ids: FxHashMap::default(),
    }))
}

struct Scim {
    http: Http,
    host: String,
    names: Vec<Name>,
    /// People are told apart by their e-mail, as the roster has no `userName`.
    by_email: bool,
    with_groups: bool,
    offered: Offered,
    /// Whether the service was asked what it offers.
    is_asked: bool,
    paging: Cell<Paging>,
    groups: Vec<Group>,
    /// By id.
    known: FxHashMap<String, Known>,
    /// Ids by login in small letters, for managers.
    ids: FxHashMap<String, String>,
}

/// What is to be known of somebody to change them.
#[derive(Default)]
struct Known {
    login: String,
    version: Option<String>,
    /// Attributes of several values, of which only one is the roster's.
    lists: Json,
}

impl Link for Scim {
    fn identify(&mut self) -> Result<String> {
        self.ask()?;
        let page = self.read_page("Users?startIndex=1&count=1", "the people")?;
        let people = page["totalResults"].as_u64().unwrap_or(0);
        let people = muster_table::words::people(usize::try_from(people).unwrap_or(usize::MAX));
        Ok(format!(
            "A SCIM service at {} with {people}; it offers {}",
            self.host,
            self.offered.in_words()
        ))
    }

    /// `/Me` (RFC 7644, 3.11), which a service need not have; many tokens are nobody's.
    fn own_account(&mut self) -> Result<Option<OwnAccount>> {
        self.ask()?;
        let reply = match self.http.call("GET", "Me", &[], None, Repeat::Safe) {
            Ok(reply) => reply,
            Err(Lost::NotSent(failure)) => return Err(failure),
            // A page in place of data, as some have it for what they lack.
            Err(Lost::Unknown(_)) => return Ok(None),
        };
        let me = reply.json.as_ref().filter(|_| reply.is_fine());
        let id = me.map(|me| text(me.get("id"))).unwrap_or_default();
        let login = me.map(|me| login_of(me, self.by_email)).unwrap_or_default();
        if id.is_empty() {
            return Ok(None);
        }
        Ok(Some(OwnAccount { id, login, may_change_administrators: false }))
    }

    fn people(&mut self, on_progress: OnProgress) -> Result<Vec<RemotePerson>> {
        self.ask()?;
        self.groups.clear();
        if self.with_groups {
            if !on_progress("Asking for the groups", 0, 0) {
                return Err(super::http::cancelled());
            }
            self.read_groups()?;
        }
        self.known.clear();
        self.ids.clear();
        let groups = self.groups_by_person();
        let names = self.names.clone();
        let mut all: Vec<RemotePerson> = Vec::new();
        let mut known: Vec<Known> = Vec::new();
        let etag = self.offered.etag;
        let by_email = self.by_email;
        self.list_while("Users", None, "the people", on_progress, &mut |user| {
            names.iter().try_for_each(|name| name.is_understood(user))?;
            let of = groups.get(&text(user.get("id"))).cloned().unwrap_or_default();
            let (entry, one) = read(user, &names, by_email, etag, Value::Many(of));
            all.push(entry);
            known.push(one);
            Ok(true)
        })?;
        for (entry, one) in all.iter().zip(known) {
            self.ids.insert(one.login.to_lowercase(), entry.id.clone());
            self.known.insert(entry.id.clone(), one);
        }
        for entry in &mut all {
            self.name_manager(entry);
        }
        Ok(all)
    }

    fn find(&mut self, order: &Order) -> Result<Option<RemotePerson>> {
        self.ask()?;
        self.look_at_groups(order)?;
        let user = match order.id.as_str() {
            "" => self.look_up(&order.login)?,
            id => self.read_one(&format!("Users/{}", segment(id)?), "the person")?,
        };
        let Some(user) = user else { return Ok(None) };
        self.names.iter().try_for_each(|name| name.is_understood(&user))?;
        let groups = self.groups_of(&text(user.get("id")));
        let (mut entry, known) = read(&user, &self.names, self.by_email, self.offered.etag, groups);
        self.ids.insert(known.login.to_lowercase(), entry.id.clone());
        self.known.insert(entry.id.clone(), known);
        self.name_manager(&mut entry);
        Ok(Some(entry))
    }

    fn missing_groups(&self, orders: &[&Order]) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for names in orders.iter().filter_map(|order| order.after.get(GROUPS)) {
            for name in names.many() {
                let same = |other: &String| groups::same_group(other, name);
                if self.group(name).is_none() && !all.iter().any(same) {
                    all.push(name.clone());
                }
            }
        }
        all
    }

    fn make_group(&mut self, name: &str) -> Result<()> {
        // The answer may get lost, and a second group of one name is easily made: look first.
        self.read_groups()?;
        if self.group(name).is_some() {
            return Ok(());
        }
        match self.new_group(name) {
            Ok(_) => Ok(()),
            Err(CallError::Refused(_, why)) => Err(Failure::new(
                FailureKind::Refused,
                format!("the group `{name}` could not be made"),
            )
            .why(why)),
            Err(CallError::Lost(Lost::Unknown(failure))) => {
                self.read_groups()?;
                if self.group(name).is_some() { Ok(()) } else { Err(failure) }
            }
            Err(CallError::Lost(Lost::NotSent(failure))) => Err(failure),
        }
    }

    fn depends_on<'o>(&self, order: &'o Order) -> Option<&'o str> {
        manager_of(order)
    }

    fn batch(&self) -> usize {
        self.offered.bulk.map_or(10, |bulk| bulk.operations)
    }

    fn send(&mut self, requests: &[ChangeRequest]) -> Vec<ChangeResult> {
        if let Err(failure) = self.ask() {
            return requests.iter().map(|_| ChangeResult::NotSent(failure.clone())).collect();
        }
        let mut results: Vec<Option<Result<String, CallError>>> =
            requests.iter().map(|_| None).collect();
        let called = self.settle_people(requests, &mut results);
        let ids: Vec<Option<String>> = results
            .iter()
            .map(|result| result.as_ref().and_then(|result| result.as_ref().ok()).cloned())
            .collect();
        let settled = self.settle_groups(requests, &ids);
        for (at, no) in settled.failed {
            let wrote = called.contains(&at) || settled.changed.contains(&at);
            results[at] = Some(Err(if wrote { in_part(no) } else { no }));
        }
        results.into_iter().map(answer).collect()
    }

    fn same(&self, name: &str, one: &Value, other: &Value) -> bool {
        if name != GROUPS {
            return one.same(other);
        }
        let lower = |value: &Value| {
            let mut all: Vec<String> =
                value.many().iter().map(|name| name.to_lowercase()).collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        lower(one) == lower(other)
    }
}

impl Scim {
    /// Asks the service once what it offers. One that does not say is taken for what most are.
    fn ask(&mut self) -> Result<()> {
        if self.is_asked {
            return Ok(());
        }
        // A page in place of data, as some have it for what they lack, says as much as nothing.
        let reply = self.http.glance("ServiceProviderConfig").map_err(Lost::failure)?;
        if reply.status == 401 {
            return Err(self.fault(&reply, "the service did not let Muster in"));
        }
        let says = |json: &&Json| ["patch", "bulk", "filter"].iter().any(|n| json[n].is_object());
        if let Some(config) = reply.json.as_ref().filter(|_| reply.is_fine()).filter(says) {
            self.offered = Offered::read(config);
        }
        self.is_asked = true;
        Ok(())
    }

    fn fault(&self, reply: &Reply, what: &str) -> Failure {
        let why = words(reply);
        let failure = Failure::new(FailureKind::Refused, what).why(why);
        match reply.status {
            401 | 403 => {
                failure.hint("Make a new token in the LMS, and put it into the connection.")
            }
            _ => failure.hint("Check the address, then try again."),
        }
    }

    /// Somebody by their login.
    fn look_up(&mut self, login: &str) -> Result<Option<Json>> {
        if login.is_empty() {
            return Ok(None);
        }
        let by_email = self.by_email;
        let mut found = None;
        let mut each = |user: &Json| {
            if login_of(user, by_email).to_lowercase() == login.to_lowercase() {
                found = Some(user.clone());
            }
            Ok(found.is_none())
        };
        if self.offered.filter {
            let attribute = if by_email { "emails.value" } else { USER_NAME };
            let filter = format!("{attribute} eq {}", json!(login));
            match self.list("Users", Some(&filter), "the person", &mut each) {
                Ok(()) => return Ok(found),
                Err(failure) if failure.kind == FailureKind::Refused => self.offered.filter = false,
                Err(failure) => return Err(failure),
            }
        }
        self.list("Users", None, "the people", &mut each)?;
        Ok(found)
    }

    /// A manager is told by what the roster has of them, where they are known.
    fn name_manager(&self, entry: &mut RemotePerson) {
        for name in self.names.iter().filter(|name| name.is_manager()) {
            let Some(value) = entry.values.get_mut(&name.name) else { continue };
            if let Some(manager) = self.known.get(value.one()) {
                *value = Value::One(manager.login.clone());
            }
        }
    }

    fn version_of(&self, resource: &Json) -> Option<String> {
        version_of(resource, self.offered.etag)
    }

    /// Makes, changes and deletes the people themselves. Whose manager is made by one of these orders waits for that.
    /// Answers whose orders something was sent for, by their places.
    fn settle_people(
        &mut self,
        requests: &[ChangeRequest],
        results: &mut [Option<Result<String, CallError>>],
    ) -> FxHashSet<usize> {
        let mut called = FxHashSet::default();
        let mut pending: Vec<usize> = (0..requests.len()).collect();
        while !pending.is_empty() {
            let made: FxHashSet<String> = pending
                .iter()
                .filter(|&&at| requests[at].order.is_new() && requests[at].now.is_none())
                .map(|&at| requests[at].order.login.to_lowercase())
                .collect();
            let waits = |at: &usize| {
                let manager = manager_of(requests[*at].order).unwrap_or_default().to_lowercase();
                manager != requests[*at].order.login.to_lowercase() && made.contains(&manager)
            };
            let (later, mut ready): (Vec<usize>, Vec<usize>) = pending.into_iter().partition(waits);
            pending = later;
            if ready.is_empty() {
                // They wait for each other.
                std::mem::swap(&mut ready, &mut pending);
            }
            self.settle(requests, &ready, results, &mut called);
        }
        called
    }

    fn settle(
        &mut self,
        requests: &[ChangeRequest],
        places: &[usize],
        results: &mut [Option<Result<String, CallError>>],
        called: &mut FxHashSet<usize>,
    ) {
        let (mut calls, mut of): (Vec<Call>, Vec<usize>) = (Vec::new(), Vec::new());
        for &at in places {
            match self.call_for(&requests[at]) {
                Ok(Some(call)) => {
                    calls.push(call);
                    of.push(at);
                }
                Ok(None) => {
                    let now = requests[at].now;
                    let id = now.map_or(requests[at].order.id.clone(), |now| now.id.clone());
                    results[at] = Some(Ok(id));
                }
                Err(no) => results[at] = Some(Err(no)),
            }
        }
        called.extend(&of);
        let answers = self.run(&calls);
        let mut again = Vec::new();
        for ((at, call), answer) in of.into_iter().zip(&calls).zip(answers) {
            if call.method == "PATCH" && matches!(answer, Err(CallError::Refused(405 | 501, _))) {
                again.push(at);
                continue;
            }
            results[at] = Some(self.settled(&requests[at], answer));
        }
        if !again.is_empty() && self.offered.patch {
            self.offered.patch = false;
            self.settle(requests, &again, results, called);
        }
    }

    fn settled(
        &mut self,
        request: &ChangeRequest,
        answer: calls::Result,
    ) -> Result<String, CallError> {
        match answer {
            Ok(Done { id, version }) => {
                if request.order.action == Action::Delete {
                    self.known.remove(&id);
                } else {
                    let known = self.known.entry(id.clone()).or_default();
                    known.version = version.filter(|_| self.offered.etag);
                    if request.now.is_none() {
                        known.login.clone_from(&request.order.login);
                        self.ids.insert(request.order.login.to_lowercase(), id.clone());
                    }
                }
                Ok(id)
            }
            // Perhaps because it came through before: something on the way may have sent it twice.
            Err(CallError::Refused(status @ (409 | 412), why)) => {
                let entry =
                    self.find(request.order).map_err(|e| CallError::Lost(Lost::Unknown(e)))?;
                match entry.filter(|entry| self.holds(request.order, entry)) {
                    Some(entry) => Ok(entry.id),
                    None => Err(CallError::Refused(status, why)),
                }
            }
            Err(no) => Err(no),
        }
    }

    /// Whether somebody has what is ordered, but for their groups.
    fn holds(&self, order: &Order, entry: &RemotePerson) -> bool {
        let blank = Value::none();
        let mut own = order.after.iter().filter(|(name, _)| Name::read(name).is_own());
        order.action != Action::Delete
            && own.all(|(name, wanted)| {
                self.same(name, entry.values.get(name).unwrap_or(&blank), wanted)
            })
    }

    /// What has to be sent for one person; none where everything is as it should be.
    fn call_for(&mut self, request: &ChangeRequest) -> Result<Option<Call>, CallError> {
        let order = request.order;
        let Some(now) = request.now else {
            return match order.action {
                Action::Delete => Ok(None),
                Action::Create => self.new_person(request).map(Some),
                _ => Err(refused("the service has nobody of this name any more".into())),
            };
        };
        let path = format!("Users/{}", segment_of(&now.id)?);
        let known = self.known.get(&now.id);
        let version = known.and_then(|known| known.version.clone());
        if order.action == Action::Delete {
            return Ok(Some(Call { method: "DELETE", path, body: None, version }));
        }
        let names: Vec<(Name, &Value)> = self
            .own_values(order)
            .filter(|(name, wanted)| {
                now.values.get(&name.name).is_none_or(|has| !self.same(&name.name, has, wanted))
            })
            .collect();
        let password = (Name::read("password"), request.password);
        let changes = self.changes(&names, &password)?;
        if changes.is_empty() {
            return Ok(None);
        }
        if self.offered.patch {
            let lists = known.map_or(&Json::Null, |known| &known.lists);
            let all = names::operations(lists, &changes);
            let body = json!({ "schemas": [PATCH], "Operations": all });
            return Ok(Some(Call { method: "PATCH", path, body: Some(body), version }));
        }
        let read =
            self.read_one(&path, "the person").map_err(|e| CallError::Lost(Lost::NotSent(e)))?;
        let Some(mut user) = read else {
            return Err(refused("the service has nobody of this name any more".into()));
        };
        let version = self.version_of(&user).or(version);
        names::put_into(&mut user, &changes);
        if let Some(user) = user.as_object_mut() {
            user.remove("meta");
            user.remove(GROUPS);
        }
        Ok(Some(Call { method: "PUT", path, body: Some(user), version }))
    }

    fn new_person(&self, request: &ChangeRequest) -> Result<Call, CallError> {
        let names: Vec<(Name, &Value)> =
            self.own_values(request.order).filter(|(_, wanted)| !wanted.is_blank()).collect();
        let password = (Name::read("password"), request.password);
        let mut user = json!({});
        names::put_into(&mut user, &self.changes(&names, &password)?);
        if self.by_email {
            user[USER_NAME] = json!(request.order.login);
        }
        if text(user.get(USER_NAME)).is_empty() {
            return Err(refused("somebody new needs a `userName`, and there is none".into()));
        }
        Ok(Call { method: "POST", path: "Users".into(), body: Some(user), version: None })
    }

    fn own_values<'o>(&self, order: &'o Order) -> impl Iterator<Item = (Name, &'o Value)> {
        let all = order.after.iter().map(|(name, wanted)| (Name::read(name), wanted));
        all.filter(|(name, _)| name.is_own())
    }

    fn changes<'c>(
        &self,
        names: &'c [(Name, &'c Value)],
        password: &'c (Name, Option<&'c Secret>),
    ) -> Result<Vec<Change<'c>>, CallError> {
        let change = |(name, wanted): &'c (Name, &'c Value)| {
            let wanted = wanted.one();
            let id = match name.is_manager() && !wanted.is_empty() {
                true => Some(self.manager(wanted)?),
                false => None,
            };
            Ok(Change { name, wanted, id })
        };
        let own = names.iter().map(change);
        let secret = password
            .1
            .map(|secret| Ok(Change { name: &password.0, wanted: secret.reveal(), id: None }));
        own.chain(secret).collect()
    }

    fn manager(&self, wanted: &str) -> Result<String, CallError> {
        let id = self.ids.get(&wanted.to_lowercase());
        let known = || self.known.contains_key(wanted).then(|| wanted.to_owned());
        id.cloned().or_else(known).ok_or_else(|| {
            refused(format!("the manager `{wanted}` is not among the people of the service"))
        })
    }
}

/// Takes one of a list; says whether to go on.
type Each<'e> = &'e mut dyn FnMut(&Json) -> Result<bool>;

fn read(
    user: &Json,
    names: &[Name],
    by_email: bool,
    etag: bool,
    groups: Value,
) -> (RemotePerson, Known) {
    let own = names.iter().filter(|name| name.is_own() && name.name != "password");
    let mut values: Values = own.map(|name| (name.name.clone(), name.value(user))).collect();
    if names.iter().any(|name| name.name == GROUPS) {
        values.insert(GROUPS.to_owned(), groups);
    }
    let login = login_of(user, by_email);
    let entry = RemotePerson { id: text(user.get("id")), login: login.clone(), values };
    let known =
        Known { login, version: version_of(user, etag), lists: names::lists_of(user, names) };
    (entry, known)
}

fn login_of(user: &Json, by_email: bool) -> String {
    let email = || Name::read(EMAILS).value(user).one().to_owned();
    if by_email { email() } else { text(user.get(USER_NAME)) }
}

fn manager_of(order: &Order) -> Option<&str> {
    let all = order.after.iter();
    all.filter(|(name, _)| Name::read(name).is_manager()).map(|(_, value)| value.one()).next()
}

fn version_of(resource: &Json, etag: bool) -> Option<String> {
    let version = text(resource["meta"].get("version"));
    (etag && !version.is_empty()).then_some(version)
}

fn answer(result: Option<Result<String, CallError>>) -> ChangeResult {
    match result {
        Some(Ok(id)) => ChangeResult::Done(id),
        Some(Err(CallError::Refused(_, why))) => ChangeResult::Refused(why),
        Some(Err(CallError::Lost(Lost::Unknown(failure)))) => ChangeResult::Unknown(failure),
        Some(Err(CallError::Lost(Lost::NotSent(failure)))) => ChangeResult::NotSent(failure),
        None => ChangeResult::Unknown(Failure::internal("an order had no answer")),
    }
}

/// What is neither done nor not sent has to be asked after.
fn in_part(no: CallError) -> CallError {
    CallError::Lost(Lost::Unknown(match no {
        CallError::Refused(_, why) => {
            Failure::new(FailureKind::Refused, "only a part was carried out").why(why)
        }
        CallError::Lost(lost) => lost.failure(),
    }))
}

fn refused(why: String) -> CallError {
    CallError::Refused(0, why)
}

fn words(reply: &Reply) -> String {
    calls::words(reply.json.as_ref().unwrap_or(&Json::Null), reply.message())
}

fn segment_of(id: &str) -> Result<String, CallError> {
    segment(id).map_err(|failure| refused(failure.to_string()))
}
