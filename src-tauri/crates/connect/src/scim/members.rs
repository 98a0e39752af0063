//! The ways by which the members of a group are changed. A service may refuse one, or take it and do nothing: the first
//! change by each way is looked at again, and what is not seen to work is not used any more.

use std::time::Duration;

use rustc_hash::FxHashSet;
use serde_json::{Value as Json, json};

use super::Scim;
use super::calls::{self, Call, CallError, PATCH};
use super::groups::Group;
use super::names::text;
use super::{segment, segment_of};
use crate::http::Lost;
use muster_table::error::{Failure, Result};

const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Way {
    Add,
    /// Each by a filter, as the standard has it (RFC 7644, 3.5.2.2).
    RemoveEach,
    /// All who are to stay, in place of all who are there.
    Replace,
    /// Named as values. To the standard this would empty the group.
    RemoveThese,
    Put,
}

const MORE: [Way; 3] = [Way::Add, Way::Replace, Way::Put];
const FEWER: [Way; 4] = [Way::RemoveEach, Way::Replace, Way::RemoveThese, Way::Put];

/// Where to go with what it does not do.
const INSTEAD: &str = "see to it there by hand";

/// What a service says to be done may be told a little later.
const SOON: Duration = Duration::from_millis(500);

/// What is known of the ways by now.
#[derive(Default)]
pub(super) struct Ways {
    seen: FxHashSet<Way>,
    off: FxHashSet<Way>,
    /// Those by which a change came to nothing once, and the service did not say why: it may fail over them.
    doubted: FxHashSet<Way>,
}

/// A change whose answer does not say what became of it.
fn unclear(failure: Failure) -> CallError {
    CallError::Lost(Lost::Unknown(failure))
}

impl Scim {
    pub(super) fn new_group(&mut self, name: &str, ids: &[String]) -> calls::Result {
        let mut body = json!({ "schemas": [GROUP], "displayName": name });
        if !ids.is_empty() {
            body["members"] = ids.iter().map(|id| self.member(id)).collect();
        }
        let (path, version) = ("Groups".into(), None);
        let done = self.one(&Call { method: "POST", path, body: Some(body), version })?;
        let group = Group { id: done.id.clone(), ..Group::to_be_made(name) };
        match self.groups.iter().position(|group| group.id.is_empty() && group.name == name) {
            Some(at) => self.groups[at] = group,
            None => self.groups.push(group),
        }
        Ok(done)
    }

    /// Puts people into a group, or takes them out of it, by the first way that works.
    pub(super) fn change_members(
        &mut self,
        n: usize,
        ids: &[String],
        shall: bool,
    ) -> Result<(), CallError> {
        if self.groups[n].id.is_empty() {
            let name = self.groups[n].name.clone();
            self.new_group(&name, ids)?;
            if self.seen(n, ids, shall).map_err(unclear)? == ids.len() {
                return Ok(());
            }
        }
        if !shall && self.schemas.of_members().0 && self.have_all(n, ids)? {
            return Err(CallError::ByHand(
                "the service has no group without members, and nobody else is in this one: put somebody in, or delete it there by hand".into(),
            ));
        }
        let (mut refusal, mut lost) = (None, None);
        let ways = if shall { &MORE[..] } else { &FEWER[..] };
        for &way in ways {
            if self.ways.off.contains(&way) || (way != Way::Put && !self.offered.patch) {
                continue;
            }
            if way == Way::RemoveThese && !self.ways.seen.contains(&way) {
                self.look_at_group(n).map_err(|failure| CallError::Lost(Lost::NotSent(failure)))?;
            }
            let others = self.groups[n].members.clone();
            match self.by(way, n, ids, shall) {
                Ok(()) if self.ways.seen.contains(&way) && self.members_by_id => {
                    for id in ids {
                        match shall {
                            true => self.groups[n].members.insert(id.clone()),
                            false => self.groups[n].members.remove(id),
                        };
                    }
                    return Ok(());
                }
                Ok(()) => {
                    let mut seen = self.seen(n, ids, shall).map_err(unclear)?;
                    if seen < ids.len() && self.http.rest(SOON) {
                        seen = self.seen(n, ids, shall).map_err(unclear)?;
                    }
                    let others_stay =
                        way != Way::RemoveThese || self.have_stayed(n, ids, others)?;
                    if seen > 0 && others_stay {
                        self.ways.seen.insert(way);
                    } else if !self.ways.seen.contains(&way) {
                        self.ways.off.insert(way);
                    }
                    if seen == ids.len() {
                        return Ok(());
                    }
                    refusal = Some(CallError::ByHand(format!(
                        "the service says that it was done, and it is not: {INSTEAD}"
                    )));
                    if seen > 0 {
                        break;
                    }
                }
                Err(CallError::Refused(status, why)) => {
                    if matches!(status, 405 | 501) {
                        self.ways.off.insert(way);
                    }
                    refusal.get_or_insert(CallError::Refused(status, why));
                    let of_one = ids.len() > 1 && !matches!(status, 405 | 501);
                    if of_one || matches!(status, 403 | 404 | 410 | 412) {
                        break;
                    }
                }
                Err(CallError::Lost(Lost::Unknown(failure))) if !self.ways.seen.contains(&way) => {
                    let seen = self.seen(n, ids, shall);
                    if seen.map_err(|_| unclear(failure.clone()))? == ids.len() {
                        return Ok(());
                    }
                    if !self.ways.doubted.insert(way) {
                        self.ways.off.insert(way);
                    }
                    lost.get_or_insert(failure);
                }
                Err(no) => return Err(no),
            }
        }
        if let Some(failure) = lost {
            return Err(unclear(failure));
        }
        Err(match refusal {
            // What it does in no way at all is no fault of these people.
            Some(CallError::Refused(405 | 501, why)) => {
                CallError::ByHand(format!("{why}: {INSTEAD}"))
            }
            Some(no) => no,
            None => CallError::ByHand(format!(
                "the service changes its members in no way that is known: {INSTEAD}"
            )),
        })
    }

    /// Whether a group has nobody but these.
    fn have_all(&mut self, n: usize, ids: &[String]) -> Result<bool, CallError> {
        if self.has_others(n, ids) {
            return Ok(false);
        }
        // Somebody else may have put others in.
        self.look_at_group(n).map_err(|failure| CallError::Lost(Lost::NotSent(failure)))?;
        Ok(!self.groups[n].members.is_empty() && !self.has_others(n, ids))
    }

    fn has_others(&self, n: usize, ids: &[String]) -> bool {
        let is_one = |member: &String| {
            let named = |id: &String| self.known.get(id).is_some_and(|k| k.login == *member);
            ids.iter().any(|id| id == member || named(id))
        };
        !self.groups[n].members.iter().all(is_one)
    }

    fn by(&mut self, way: Way, n: usize, ids: &[String], shall: bool) -> Result<(), CallError> {
        let path = format!("Groups/{}", segment_of(&self.groups[n].id)?);
        let keys: Vec<&str> =
            ids.iter().map(|id| self.login_among(n, id).unwrap_or(id.as_str())).collect();
        let mut version = None;
        let operations = match way {
            Way::Add => {
                let all: Vec<Json> = ids.iter().map(|id| self.member(id)).collect();
                json!([{ "op": "add", "path": "members", "value": all }])
            }
            Way::RemoveEach => keys
                .iter()
                .map(|key| {
                    let path = format!("members[value eq {}]", json!(key));
                    json!({ "op": "remove", "path": path })
                })
                .collect(),
            Way::RemoveThese => {
                let all: Vec<Json> = keys.iter().map(|key| json!({ "value": key })).collect();
                json!([{ "op": "remove", "path": "members", "value": all }])
            }
            Way::Replace | Way::Put => {
                let read = self
                    .read_one(&path, "a group")
                    .map_err(|failure| CallError::Lost(Lost::NotSent(failure)))?;
                let Some(mut group) = read else {
                    return Err(CallError::Refused(404, "it is not there any more".into()));
                };
                let members = self.changed(&group, n, ids, shall);
                if way == Way::Put {
                    let version = self.version_of(&group);
                    group["members"] = members;
                    if let Some(group) = group.as_object_mut() {
                        group.remove("meta");
                    }
                    let call = Call { method: "PUT", path, body: Some(group), version };
                    return self.one(&call).map(drop);
                }
                // Whoever somebody else puts in meanwhile must not be lost.
                version = self.version_of(&group);
                json!([{ "op": "replace", "path": "members", "value": members }])
            }
        };
        let body = json!({ "schemas": [PATCH], "Operations": operations });
        self.one(&Call { method: "PATCH", path, body: Some(body), version }).map(drop)
    }

    /// All the members as they are to be.
    fn changed(&self, group: &Json, n: usize, ids: &[String], shall: bool) -> Json {
        let mut members = group["members"].as_array().cloned().unwrap_or_default();
        for id in ids {
            let key = self.login_among(n, id).unwrap_or(id);
            let is = |member: &Json| text(member.get("value")) == key;
            match shall {
                false => members.retain(|member| !is(member)),
                true if members.iter().any(is) => {}
                true => members.push(self.member(id)),
            }
        }
        Json::Array(members)
    }

    fn member(&self, id: &str) -> Json {
        let mut member = json!({ "value": id });
        if self.schemas.of_members().1 {
            let told = self.known.get(id).map(|known| known.location.as_str()).unwrap_or_default();
            let own = || segment(id).map(|id| format!("Users/{id}")).unwrap_or_default();
            member["$ref"] = json!(if told.is_empty() { own() } else { told.to_owned() });
        }
        member
    }

    /// Looks at a group again; answers how many of these people are in it, or out of it, as they shall be.
    fn seen(&mut self, n: usize, ids: &[String], shall: bool) -> Result<usize> {
        self.look_at_group(n)?;
        let mut seen = 0;
        for id in ids {
            if !self.groups[n].members.contains(id) && (shall || !self.members_by_id) {
                // It may be told at the person alone.
                self.find_alone(id)?;
                let known = self.known.get(id);
                let says = known.is_some_and(|known| known.groups.contains(&self.groups[n].id));
                if says || self.login_among(n, id).is_some() {
                    self.members_by_id = false;
                }
            }
            seen += usize::from(self.is_in(n, id) == shall);
        }
        Ok(seen)
    }

    /// Whether those others are still in a group who were. Whoever was taken out with these is put back.
    fn have_stayed(
        &mut self,
        n: usize,
        ids: &[String],
        others: FxHashSet<String>,
    ) -> Result<bool, CallError> {
        let now = &self.groups[n].members;
        let is_one = |member: &String| {
            ids.iter()
                .any(|id| id == member || self.known.get(id).is_some_and(|k| k.login == *member))
        };
        let lost: Vec<String> =
            others.into_iter().filter(|other| !now.contains(other) && !is_one(other)).collect();
        if !lost.is_empty() {
            self.by(Way::Add, n, &lost, true)?;
            self.look_at_group(n).map_err(unclear)?;
        }
        Ok(lost.is_empty())
    }
}
