//! EdApp's lists: users and groups, page by page.

use rustc_hash::FxHashSet;
use serde_json::Value as Json;

use super::{EMAIL, EXTERNAL, EdApp, GROUPS, Group, ROLE_NAMES, ROLES, USERNAME, segment, text};
use crate::http::{self, Lost, Repeat};
use crate::link::{OnProgress, RemotePerson};
use muster_plan::push::{Value, Values};
use muster_table::error::{Failure, FailureKind, Result};

/// The most that a page may have.
const PAGE: usize = 1000;
const GROUP_LIST: &str = "v2/usergroups";
/// What is told while groups are asked for.
const ASKING: &str = "Asking EdApp for its groups";

impl EdApp {
    pub(super) fn page(&self, path: &str, page: usize, size: usize) -> Result<Json> {
        let path = format!("{path}?page={page}&pageSize={size}");
        let reply = self.http.call("GET", &path, &[], None, Repeat::Safe).map_err(Lost::failure)?;
        if matches!(reply.status, 401 | 403) {
            return Err(Failure::new(FailureKind::Refused, "EdApp does not accept the token")
                .why(reply.message())
                .hint("Correct it in the connection, then try again."));
        }
        reply.json("EdApp's list")
    }

    /// All of a list, page by page.
    pub(super) fn all(&self, path: &str, what: &str, on_progress: OnProgress) -> Result<Vec<Json>> {
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
                return Err(http::cancelled());
            }
        }
        Ok(all)
    }

    pub(super) fn read_groups(&mut self, on_progress: OnProgress) -> Result<()> {
        let groups = self.all(GROUP_LIST, ASKING, on_progress)?;
        self.groups = groups.iter().map(group).collect();
        Ok(())
    }

    /// Whether every group that somebody is in was listed.
    pub(super) fn knows_groups_of(&self, users: &[Json]) -> bool {
        let known: FxHashSet<&str> = self.groups.iter().map(|group| &*group.id).collect();
        let groups = users.iter().filter_map(|user| user[GROUPS].as_array()).flatten();
        groups.filter_map(Json::as_str).all(|id| known.contains(id))
    }

    /// A list may have only the groups that are in no other one.
    pub(super) fn read_groups_in_groups(&mut self, on_progress: OnProgress) -> Result<()> {
        let mut at = 0;
        while let Some(parent) = self.groups.get(at) {
            at += 1;
            let path = format!("{GROUP_LIST}/{}/children", segment(&parent.id)?);
            let Ok(children) = self.all(&path, ASKING, on_progress) else {
                // Client programs alone know this call.
                return Ok(());
            };
            for child in children.iter().map(group) {
                if !self.groups.iter().any(|own| own.id == child.id) {
                    self.groups.push(child);
                }
            }
        }
        Ok(())
    }

    pub(super) fn entry(&mut self, user: &Json) -> RemotePerson {
        let mut values = Values::new();
        for name in [EMAIL, "firstName", "lastName"] {
            if user.get(name).is_some() {
                values.insert(name.to_owned(), Value::One(text(user, name)));
            }
        }
        // EdApp's page on its list calls the username `name`.
        if let Some(name) = [USERNAME, "name"].into_iter().find(|name| user.get(*name).is_some()) {
            values.insert(USERNAME.to_owned(), Value::One(text(user, name)));
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
        if let Some(roles) = user[ROLES].as_array() {
            let named = |role: &str| {
                let known = ROLE_NAMES.iter().find(|(_, own)| *own == role);
                known.map_or(role, |(file, _)| file).to_owned()
            };
            let roles = roles.iter().filter_map(Json::as_str).map(named).collect();
            values.insert(ROLES.to_owned(), Value::Many(roles));
        }
        self.on_progress.extend(values.keys().cloned());
        // Where there is no username, EdApp takes the e-mail for it.
        let login = match values.get(USERNAME).map_or("", Value::one) {
            "" => text(user, EMAIL),
            login => login.to_owned(),
        };
        RemotePerson { id: text(user, "id"), login, values }
    }
}

fn group(group: &Json) -> Group {
    Group { id: text(group, "id"), name: text(group, "name") }
}
