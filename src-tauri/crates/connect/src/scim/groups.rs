//! Groups, and who is in them. SCIM keeps that at the groups, so one call changes a group for many people at once.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Value as Json, json};

use super::Scim;
use super::calls::{Call, CallError, PATCH};
use super::names::{GROUPS, text};
use crate::ChangeRequest;
use crate::http::Lost;
use muster_plan::push::{Order, Value};
use muster_table::error::Result;

const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    pub id: String,
    pub name: String,
    /// Ids of people, and of other things that can be in a group.
    members: FxHashSet<String>,
}

/// What changes about a group: for whom, by the place of their order, and their ids.
#[derive(Default)]
struct Change {
    more: Vec<(usize, String)>,
    fewer: Vec<(usize, String)>,
}

/// What became of groups, by the places of the orders.
#[derive(Default)]
pub(super) struct GroupOutcome {
    pub failed: BTreeMap<usize, CallError>,
    /// Whose membership of some group was changed.
    pub changed: FxHashSet<usize>,
}

impl Group {
    fn read(json: &Json) -> Group {
        let members = json["members"].as_array().map(Vec::as_slice).unwrap_or_default();
        Group {
            id: text(json.get("id")),
            name: text(json.get("displayName")),
            members: members.iter().map(|member| text(member.get("value"))).collect(),
        }
    }
}

impl Scim {
    pub(super) fn read_groups(&mut self) -> Result<()> {
        let mut all = Vec::new();
        self.list("Groups", None, "the groups", &mut |group| {
            all.push(Group::read(group));
            Ok(true)
        })?;
        self.groups = all;
        Ok(())
    }

    /// The names of the groups of everybody who is in one.
    pub(super) fn groups_by_person(&self) -> FxHashMap<String, Vec<String>> {
        let mut all: FxHashMap<String, Vec<String>> = FxHashMap::default();
        for group in &self.groups {
            for id in &group.members {
                all.entry(id.clone()).or_default().push(group.name.clone());
            }
        }
        for names in all.values_mut() {
            names.sort_unstable();
        }
        all
    }

    pub(super) fn groups_of(&self, id: &str) -> Value {
        let of = self.groups.iter().filter(|group| group.members.contains(id));
        let mut names: Vec<String> = of.map(|group| group.name.clone()).collect();
        names.sort_unstable();
        Value::Many(names)
    }

    /// A group by its name; upper and lower case count only where two groups differ in nothing else.
    pub(super) fn group(&self, name: &str) -> Option<usize> {
        let exact = self.groups.iter().position(|group| group.name == name);
        exact.or_else(|| self.groups.iter().position(|group| same_group(&group.name, name)))
    }

    /// Looks again at the groups that an order names.
    pub(super) fn look_at_groups(&mut self, order: &Order) -> Result<()> {
        let of = |values: &muster_plan::push::Values| {
            values.get(GROUPS).map(|names| names.many().to_vec()).unwrap_or_default()
        };
        if !order.after.contains_key(GROUPS) {
            return Ok(());
        }
        for name in of(&order.before).into_iter().chain(of(&order.after)) {
            let Some(at) = self.group(&name) else { continue };
            let path = format!("Groups/{}", super::segment(&self.groups[at].id)?);
            match self.read_one(&path, "a group")? {
                Some(group) => self.groups[at] = Group::read(&group),
                None => self.groups[at].members.clear(),
            }
        }
        Ok(())
    }

    pub(super) fn new_group(&mut self, name: &str) -> super::calls::Result {
        let call = Call {
            method: "POST",
            path: "Groups".into(),
            body: Some(json!({ "schemas": [GROUP], "displayName": name })),
            version: None,
        };
        let done = self.one(&call)?;
        self.groups.push(Group {
            id: done.id.clone(),
            name: name.to_owned(),
            members: FxHashSet::default(),
        });
        Ok(done)
    }

    /// Puts people into their groups and takes them out of others: those who are there by now, with their ids.
    pub(super) fn settle_groups(
        &mut self,
        requests: &[ChangeRequest],
        ids: &[Option<String>],
    ) -> GroupOutcome {
        let mut settled = GroupOutcome::default();
        let mut changes: BTreeMap<usize, Change> = BTreeMap::new();
        for (at, (request, id)) in requests.iter().zip(ids).enumerate() {
            let (Some(id), Some(wanted)) = (id, request.order.after.get(GROUPS)) else { continue };
            let mut in_these = FxHashSet::default();
            for name in wanted.many() {
                match self.group(name) {
                    Some(group) => {
                        in_these.insert(group);
                    }
                    None => {
                        let why = format!("the service has no group `{name}`");
                        settled.failed.insert(at, CallError::Refused(0, why));
                    }
                }
            }
            for (n, group) in self.groups.iter().enumerate() {
                let (is, shall) = (group.members.contains(id), in_these.contains(&n));
                if is != shall {
                    let change = changes.entry(n).or_default();
                    let side = if shall { &mut change.more } else { &mut change.fewer };
                    side.push((at, id.clone()));
                }
            }
        }
        for (n, change) in changes {
            self.change_group(n, &change, &mut settled);
        }
        settled
    }

    fn change_group(&mut self, n: usize, change: &Change, settled: &mut GroupOutcome) {
        let of = || change.more.iter().chain(&change.fewer).map(|(at, _)| *at);
        // Once the network is gone it is gone for the rest.
        let gone = |no: &&CallError| matches!(no, CallError::Lost(Lost::NotSent(_)));
        if let Some(no) = settled.failed.values().find(gone).cloned() {
            settled.failed.extend(of().map(|at| (at, no.clone())));
            return;
        }
        let many = change.more.len() + change.fewer.len() > 1;
        match self.try_group(n, change) {
            Ok(()) => {
                settled.changed.extend(of());
                let members = &mut self.groups[n].members;
                members.extend(change.more.iter().map(|(_, id)| id.clone()));
                for (_, id) in &change.fewer {
                    members.remove(id);
                }
            }
            // For one of them, perhaps: each for themselves.
            Err(CallError::Refused(..)) if many => {
                for one in &change.more {
                    let alone = Change { more: vec![one.clone()], fewer: Vec::new() };
                    self.change_group(n, &alone, settled);
                }
                for one in &change.fewer {
                    let alone = Change { more: Vec::new(), fewer: vec![one.clone()] };
                    self.change_group(n, &alone, settled);
                }
            }
            Err(no) => {
                let name = &self.groups[n].name;
                let no = match no {
                    CallError::Refused(status, why) => {
                        CallError::Refused(status, format!("the group `{name}`: {why}"))
                    }
                    lost => lost,
                };
                settled.failed.extend(of().map(|at| (at, no.clone())));
            }
        }
    }

    fn try_group(&mut self, n: usize, change: &Change) -> Result<(), CallError> {
        let path = format!("Groups/{}", super::segment_of(&self.groups[n].id)?);
        if self.offered.patch {
            let mut operations = Vec::new();
            if !change.more.is_empty() {
                let all: Vec<Json> =
                    change.more.iter().map(|(_, id)| json!({ "value": id })).collect();
                operations.push(json!({ "op": "add", "path": "members", "value": all }));
            }
            operations.extend(change.fewer.iter().map(|(_, id)| {
                json!({ "op": "remove", "path": format!("members[value eq {}]", json!(id)) })
            }));
            let body = json!({ "schemas": [PATCH], "Operations": operations });
            let call =
                Call { method: "PATCH", path: path.clone(), body: Some(body), version: None };
            match self.one(&call) {
                Err(CallError::Refused(405 | 501, _)) => self.offered.patch = false,
                result => return result.map(drop),
            }
        }
        let read =
            self.read_one(&path, "a group").map_err(|e| CallError::Lost(Lost::NotSent(e)))?;
        let Some(mut group) = read else {
            return Err(CallError::Refused(404, "it is not there any more".into()));
        };
        let version = self.version_of(&group);
        let mut members = group["members"].as_array().cloned().unwrap_or_default();
        let is = |member: &Json, id: &str| text(member.get("value")) == id;
        members.retain(|member| !change.fewer.iter().any(|(_, id)| is(member, id)));
        for (_, id) in &change.more {
            if !members.iter().any(|member| is(member, id)) {
                members.push(json!({ "value": id }));
            }
        }
        group["members"] = Json::Array(members);
        if let Some(group) = group.as_object_mut() {
            group.remove("meta");
        }
        self.one(&Call { method: "PUT", path, body: Some(group), version }).map(drop)
    }
}

pub(super) fn same_group(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}
