//! Groups, and who is in them. SCIM keeps that at the groups, so one call changes a group for many people at once. Services
//! tell the members by their ids, by their logins, or only at the people.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value as Json;

use super::Scim;
use super::calls::CallError;
use super::names::{GROUPS, text};
use crate::ChangeRequest;
use crate::http::Lost;
use muster_plan::plan::Action;
use muster_plan::push::{Order, Value};
use muster_table::error::Result;

#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    /// None where it is made with its first members.
    pub id: String,
    pub name: String,
    /// Whom and what it has, as the service tells them.
    pub members: FxHashSet<String>,
}

/// What became of groups, by the places of the orders.
#[derive(Default)]
pub(super) struct GroupOutcome {
    pub failed: BTreeMap<usize, CallError>,
    /// Whose membership of some group was changed.
    pub changed: FxHashSet<usize>,
}

/// Who is to be put into a group, or taken out: by the place of their order, and their ids.
type These = Vec<(usize, String)>;

impl Group {
    pub fn read(json: &Json) -> Group {
        let members = json["members"].as_array().map(Vec::as_slice).unwrap_or_default();
        Group {
            id: text(json.get("id")),
            name: text(json.get("displayName")),
            members: members.iter().map(|member| text(member.get("value"))).collect(),
        }
    }

    /// One that cannot be made without a member.
    pub fn to_be_made(name: &str) -> Group {
        Group { name: name.to_owned(), ..Group::default() }
    }
}

/// The ids of the groups that somebody says to be in, but for those that they are in by way of others.
pub(super) fn own_groups(user: &Json) -> Vec<String> {
    let all = user[GROUPS].as_array().into_iter().flatten();
    let direct = all.filter(|group| !text(group.get("type")).eq_ignore_ascii_case("indirect"));
    direct.map(|group| text(group.get("value"))).filter(|id| !id.is_empty()).collect()
}

impl Scim {
    pub(super) fn read_groups(&mut self) -> Result<()> {
        let mut all = Vec::new();
        self.list("Groups", None, "the groups", &mut |group| {
            all.push(Group::read(group));
            Ok(true)
        })?;
        let waits = |group: &Group| group.id.is_empty() && all.iter().all(|g| g.name != group.name);
        let waiting: Vec<Group> = self.groups.drain(..).filter(waits).collect();
        self.groups = all;
        self.groups.extend(waiting);
        Ok(())
    }

    /// Finds out by what the groups tell their members, once everybody is known.
    pub(super) fn weigh_groups(&mut self) {
        let has_id = |group: &Group| group.members.iter().any(|m| self.known.contains_key(m));
        let tells_none = self.groups.iter().all(|group| group.members.is_empty())
            && self.known.values().all(|known| known.groups.is_empty());
        self.members_by_id = tells_none || self.groups.iter().any(has_id);
    }

    /// The names of the groups of everybody who is in one.
    pub(super) fn groups_by_person(&self) -> FxHashMap<String, Vec<String>> {
        let mut all: FxHashMap<String, Vec<String>> = FxHashMap::default();
        for group in &self.groups {
            for member in &group.members {
                let id = match self.ids.get(&member.to_lowercase()) {
                    Some(id) if !self.members_by_id && !self.known.contains_key(member) => id,
                    _ => member,
                };
                all.entry(id.clone()).or_default().push(group.name.clone());
            }
        }
        if !self.members_by_id {
            let names: FxHashMap<&str, &str> =
                self.groups.iter().map(|group| (group.id.as_str(), group.name.as_str())).collect();
            for (id, known) in &self.known {
                let of = known.groups.iter().filter_map(|group| names.get(group.as_str()));
                all.entry(id.clone()).or_default().extend(of.map(|&name| name.to_owned()));
            }
        }
        for names in all.values_mut() {
            names.sort_unstable();
            names.dedup();
        }
        all
    }

    pub(super) fn groups_of(&self, id: &str) -> Value {
        let of = (0..self.groups.len()).filter(|&n| self.is_in(n, id));
        let mut names: Vec<String> = of.map(|n| self.groups[n].name.clone()).collect();
        names.sort_unstable();
        Value::Many(names)
    }

    /// Whether somebody is in a group, as far as was read.
    pub(super) fn is_in(&self, n: usize, id: &str) -> bool {
        let group = &self.groups[n];
        let says = || self.known.get(id).is_some_and(|known| known.groups.contains(&group.id));
        group.members.contains(id)
            || !self.members_by_id && (says() || self.login_among(n, id).is_some())
    }

    /// The login by which a group tells somebody.
    pub(super) fn login_among(&self, n: usize, id: &str) -> Option<&str> {
        let login = self.known.get(id)?.login.as_str();
        // It may be the id of somebody else.
        (self.groups[n].members.contains(login) && !self.known.contains_key(login)).then_some(login)
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
            if self.groups[at].id.is_empty() {
                // It may be there by now.
                self.read_groups()?;
            } else {
                self.look_at_group(at)?;
            }
        }
        Ok(())
    }

    pub(super) fn look_at_group(&mut self, n: usize) -> Result<()> {
        let path = format!("Groups/{}", super::segment(&self.groups[n].id)?);
        match self.read_one(&path, "a group")? {
            Some(group) => self.groups[n] = Group::read(&group),
            None => self.groups[n].members.clear(),
        }
        Ok(())
    }

    /// Puts people into their groups and takes them out of others: those who are there by now, with their ids.
    pub(super) fn settle_groups(
        &mut self,
        requests: &[ChangeRequest],
        ids: &[Option<String>],
    ) -> GroupOutcome {
        let mut settled = GroupOutcome::default();
        let mut changes: BTreeMap<usize, (These, These)> = BTreeMap::new();
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
            for n in 0..self.groups.len() {
                let (is, shall) = (self.is_in(n, id), in_these.contains(&n));
                if is != shall {
                    let (more, fewer) = changes.entry(n).or_default();
                    let side = if shall { more } else { fewer };
                    side.push((at, id.clone()));
                }
            }
        }
        for (n, (more, fewer)) in changes {
            self.change_group(n, &more, true, &mut settled);
            self.change_group(n, &fewer, false, &mut settled);
        }
        settled
    }

    /// Takes whoever was deleted out of the groups that still name them, as not every service does by itself. They are
    /// gone all the same where that is refused.
    pub(super) fn clear_groups(&mut self, requests: &[ChangeRequest], ids: &[Option<String>]) {
        let gone = requests.iter().zip(ids).filter(|(one, _)| one.order.action == Action::Delete);
        let gone: Vec<&String> = gone.filter_map(|(_, id)| id.as_ref()).collect();
        for n in 0..self.groups.len() {
            let was_in = |all: &Group| gone.iter().any(|id| all.members.contains(*id));
            if !was_in(&self.groups[n]) || self.look_at_group(n).is_err() {
                continue;
            }
            let left = gone.iter().filter(|id| self.groups[n].members.contains(**id));
            let left: Vec<String> = left.map(|id| (*id).clone()).collect();
            if !left.is_empty() && self.change_members(n, &left, false).is_err() {
                return;
            }
        }
    }

    fn change_group(
        &mut self,
        n: usize,
        these: &[(usize, String)],
        shall: bool,
        settled: &mut GroupOutcome,
    ) {
        if these.is_empty() {
            return;
        }
        let of = || these.iter().map(|(at, _)| *at);
        // Once the network is gone it is gone for the rest.
        let gone = |no: &&CallError| matches!(no, CallError::Lost(Lost::NotSent(_)));
        if let Some(no) = settled.failed.values().find(gone).cloned() {
            settled.failed.extend(of().map(|at| (at, no.clone())));
            return;
        }
        let ids: Vec<String> = these.iter().map(|(_, id)| id.clone()).collect();
        match self.change_members(n, &ids, shall) {
            Ok(()) => settled.changed.extend(of()),
            // For one of them, perhaps: each for themselves.
            Err(CallError::Refused(..) | CallError::ByHand(_)) if these.len() > 1 => {
                for one in these {
                    self.change_group(n, std::slice::from_ref(one), shall, settled);
                }
            }
            Err(no) => {
                let name = &self.groups[n].name;
                let no = match no {
                    CallError::Refused(status, why) => {
                        CallError::Refused(status, format!("the group `{name}`: {why}"))
                    }
                    CallError::ByHand(why) => {
                        CallError::ByHand(format!("the group `{name}`: {why}"))
                    }
                    lost => lost,
                };
                settled.failed.extend(of().map(|at| (at, no.clone())));
            }
        }
    }
}

pub(super) fn same_group(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn who_is_in_a_group_by_way_of_another_is_not_in_it_themselves() {
        let user = json!({ "groups": [
            { "value": "1", "type": "direct" }, { "value": "2", "type": "indirect" },
            { "value": "3" }, { "display": "Four" },
        ] });
        assert_eq!(own_groups(&user), ["1", "3"]);
        assert_eq!(own_groups(&json!({})), Vec::<String>::new());
    }
}
