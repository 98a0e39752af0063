//! Orders about people: what has to be sent for each, and what became of it.

use rustc_hash::FxHashSet;
use serde_json::{Value as Json, json};

use super::calls::{self, Call, CallError, Done, PATCH};
use super::names::{GROUPS, Name, USER_NAME, text};
use super::schemas::full_name;
use super::writing::{self, Change, Removal};
use super::{Scim, manager_of, refused, segment_of};
use crate::http::Lost;
use crate::{ChangeRequest, Link, RemotePerson};
use muster_plan::plan::Action;
use muster_plan::push::{Order, Secret, Value};

/// So many changes of single values are answered by "not implemented", before a service that took none is taken for one
/// that does not have them.
const NOT_IMPLEMENTED: u8 = 20;
const FULL_NAME: &str = "name.formatted";

/// How somebody who is there is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// By `PATCH`.
    Single(Removal),
    /// By `PUT`.
    Whole,
}

impl Scim {
    /// Makes, changes and deletes the people themselves. Whose manager is made by one of these orders waits for that.
    /// Answers whose orders something was sent for, by their places.
    pub(super) fn settle_people(
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
        let answers = self.run_for(requests, &of, &calls);
        let mut all = calls.iter().zip(&answers);
        self.patches.worked |= all.any(|(call, answer)| call.method == "PATCH" && answer.is_ok());
        for ((at, call), answer) in of.into_iter().zip(&calls).zip(answers) {
            let answer = match (call.method, answer) {
                ("PATCH", Err(CallError::Refused(status @ (400 | 405 | 501), why))) => {
                    self.otherwise(&requests[at], call, status, why)
                }
                (_, answer) => answer,
            };
            results[at] = Some(self.settled(&requests[at], answer));
        }
    }

    /// Changes somebody in another way whom the service does not change by such single values. That lies with what is
    /// changed of them, unless it never took any such change.
    fn otherwise(
        &mut self,
        request: &ChangeRequest,
        call: &Call,
        status: u16,
        why: String,
    ) -> calls::Result {
        let operations = call.body.as_ref().and_then(|body| body["Operations"].as_array());
        let removes = operations.is_some_and(|all| all.iter().any(|one| one["op"] == "remove"));
        if status != 405 && removes && self.patches.removal == Removal::Remove {
            let how = How::Single(Removal::Blank);
            if let Some(blank) = self.call_by(request, how)?.filter(|blank| blank.body != call.body)
            {
                match self.one(&blank) {
                    Err(CallError::Refused(..)) => {}
                    answer => {
                        if answer.is_ok() {
                            self.patches.worked = true;
                            self.patches.removal = Removal::Blank;
                        }
                        return answer;
                    }
                }
            }
        }
        if status == 400 {
            return Err(CallError::Refused(status, why));
        }
        self.patches.refused = self.patches.refused.saturating_add(1);
        let takes_none = !self.patches.worked && self.patches.refused >= NOT_IMPLEMENTED;
        if status == 405 || takes_none {
            self.patches.off = true;
        }
        match self.call_by(request, How::Whole)? {
            Some(call) => self.one(&call),
            None => {
                let id = request.now.map(|now| now.id.clone()).unwrap_or_default();
                Ok(Done { id, ..Done::default() })
            }
        }
    }

    fn settled(
        &mut self,
        request: &ChangeRequest,
        answer: calls::Result,
    ) -> Result<String, CallError> {
        match answer {
            Ok(Done { id, version, location }) => {
                if request.order.action == Action::Delete {
                    self.known.remove(&id);
                } else {
                    let known = self.known.entry(id.clone()).or_default();
                    known.version = version.filter(|_| self.offered.etag);
                    if request.now.is_none() {
                        known.login.clone_from(&request.order.login);
                        known.location = location.unwrap_or_default();
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
    pub(super) fn holds(&self, order: &Order, entry: &RemotePerson) -> bool {
        let blank = Value::none();
        let mut own =
            order.after.iter().filter(|(name, _)| Name::read(name).is_own() && self.exposes(name));
        order.action != Action::Delete
            && own.all(|(name, wanted)| {
                self.same(name, entry.values.get(name).unwrap_or(&blank), wanted)
            })
    }

    /// What has to be sent for one person; none where everything is as it should be.
    fn call_for(&self, request: &ChangeRequest) -> Result<Option<Call>, CallError> {
        let how = match self.offered.patch && !self.patches.off {
            true => How::Single(self.patches.removal),
            false => How::Whole,
        };
        self.call_by(request, how)
    }

    fn call_by(&self, request: &ChangeRequest, how: How) -> Result<Option<Call>, CallError> {
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
        let mut names: Vec<(Name, &Value)> = self
            .own_values(order)
            .filter(|(name, wanted)| {
                now.values.get(&name.name).is_none_or(|has| !self.same(&name.name, has, wanted))
            })
            .collect();
        let full = known.and_then(|known| new_full_name(&known.name, order));
        if let Some(full) = &full {
            names.push((Name::read(FULL_NAME), full));
        }
        let password = (Name::read("password"), request.password);
        let changes = self.changes(&names, &password)?;
        if changes.is_empty() {
            return Ok(None);
        }
        if let How::Single(removal) = how {
            let lists = known.map_or(&Json::Null, |known| &known.lists);
            let all = writing::operations(lists, &changes, &self.schemas, removal);
            let body = json!({ "schemas": [PATCH], "Operations": all });
            return Ok(Some(Call { method: "PATCH", path, body: Some(body), version }));
        }
        let read =
            self.read_one(&path, "the person").map_err(|e| CallError::Lost(Lost::NotSent(e)))?;
        let Some(mut user) = read else {
            return Err(refused("the service has nobody of this name any more".into()));
        };
        let version = self.version_of(&user).or(version);
        writing::put_into(&mut user, &changes, &self.schemas);
        if let Some(user) = user.as_object_mut() {
            user.remove("meta");
            user.remove(GROUPS);
            // What a service tells of a value that there is not, it need not take back.
            for all in user.values_mut().filter_map(Json::as_array_mut) {
                all.retain(|one| one.get("value").is_none_or(|value| value != ""));
            }
        }
        Ok(Some(Call { method: "PUT", path, body: Some(user), version }))
    }

    fn new_person(&self, request: &ChangeRequest) -> Result<Call, CallError> {
        let names: Vec<(Name, &Value)> =
            self.own_values(request.order).filter(|(_, wanted)| !wanted.is_blank()).collect();
        let password = (Name::read("password"), request.password);
        let mut user = json!({});
        writing::put_into(&mut user, &self.changes(&names, &password)?, &self.schemas);
        if self.by_email {
            user[USER_NAME] = json!(request.order.login);
        }
        if text(user.get(USER_NAME)).is_empty() {
            return Err(refused("somebody new needs a `userName`, and there is none".into()));
        }
        self.schemas.complete(&mut user).map_err(refused)?;
        Ok(Call { method: "POST", path: "Users".into(), body: Some(user), version: None })
    }

    pub(super) fn own_values<'o>(
        &self,
        order: &'o Order,
    ) -> impl Iterator<Item = (Name, &'o Value)> {
        let all = order.after.iter().map(|(name, wanted)| (Name::read(name), wanted));
        all.filter(|(name, _)| name.is_own())
    }

    /// What is to be put into somebody; fails where the service has no place for it.
    fn changes<'c>(
        &self,
        names: &'c [(Name, &'c Value)],
        password: &'c (Name, Option<&'c Secret>),
    ) -> Result<Vec<Change<'c>>, CallError> {
        let change = |(name, wanted): &'c (Name, &'c Value)| {
            let wanted = wanted.one();
            if let Some(refusal) = self.schemas.refuses(name, wanted) {
                return Err(refusal.into());
            }
            let id = match name.is_manager() && !wanted.is_empty() {
                true => Some(self.manager(wanted)?),
                false => None,
            };
            Ok(Change { name, wanted, id })
        };
        let own = names.iter().map(change);
        let secret = password.1.map(|secret| {
            let wanted = secret.reveal();
            match self.schemas.refuses(&password.0, wanted) {
                Some(refusal) => Err(refusal.into()),
                None => Ok(Change { name: &password.0, wanted, id: None }),
            }
        });
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

/// The full name that goes along with parts of a name that change; none where the roster has one, or where it is not made of
/// its parts.
fn new_full_name(had: &Json, order: &Order) -> Option<Value> {
    let was = full_name(had);
    if had.is_null() || order.after.contains_key(FULL_NAME) || text(had.get("formatted")) != was {
        return None;
    }
    let mut name = had.clone();
    for (part, wanted) in &order.after {
        if let Some(part) = part.strip_prefix("name.") {
            name[part] = json!(wanted.one());
        }
    }
    let full = full_name(&name);
    (full != was && !full.is_empty()).then_some(Value::One(full))
}
