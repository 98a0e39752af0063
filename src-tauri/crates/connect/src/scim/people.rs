//! People as a service tells them, and what of that is to be known to change them.

use serde_json::{Value as Json, json};

use super::names::{self, EMAILS, Name, USER_NAME, text};
use super::{Known, Scim, groups, segment};
use crate::RemotePerson;
use muster_plan::push::{Value, Values};
use muster_table::error::{FailureKind, Result};

impl Scim {
    /// Somebody by their login.
    pub(super) fn look_up(&mut self, login: &str) -> Result<Option<Json>> {
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
    pub(super) fn name_manager(&self, entry: &mut RemotePerson) {
        for name in self.names.iter().filter(|name| name.is_manager()) {
            let Some(value) = entry.values.get_mut(&name.name) else { continue };
            if let Some(manager) = self.known.get(value.one()) {
                *value = Value::One(manager.login.clone());
            }
        }
    }

    /// Somebody as the service tells them, but for the groups, and what is to be known to change them.
    pub(super) fn read(&self, user: &Json) -> Result<(RemotePerson, Known)> {
        self.names.iter().try_for_each(|name| name.is_understood(user))?;
        let own = self.names.iter().filter(|name| name.is_own() && name.name != "password");
        let values: Values = own.map(|name| (name.name.clone(), name.value(user))).collect();
        let login = login_of(user, self.by_email);
        let entry = RemotePerson { id: text(user.get("id")), login: login.clone(), values };
        let wants_name = self.schemas.wants_full_name();
        let wants_location = self.schemas.of_members().1;
        let known = Known {
            login,
            version: self.version_of(user),
            lists: names::lists_of(user, &self.names),
            name: if wants_name { user["name"].clone() } else { Json::Null },
            groups: if self.with_groups { groups::own_groups(user) } else { Vec::new() },
            location: match wants_location {
                true => text(user["meta"].get("location")),
                false => String::new(),
            },
        };
        Ok((entry, known))
    }

    /// The same, remembered.
    pub(super) fn take_note(&mut self, user: &Json) -> Result<RemotePerson> {
        let (mut entry, known) = self.read(user)?;
        self.ids.insert(known.login.to_lowercase(), entry.id.clone());
        self.known.insert(entry.id.clone(), known);
        self.name_manager(&mut entry);
        Ok(entry)
    }

    /// Somebody as they are now, but for the groups.
    pub(super) fn find_alone(&mut self, id: &str) -> Result<Option<RemotePerson>> {
        let user = self.read_one(&format!("Users/{}", segment(id)?), "the person")?;
        user.map(|user| self.take_note(&user)).transpose()
    }

    pub(super) fn version_of(&self, resource: &Json) -> Option<String> {
        let version = text(resource["meta"].get("version"));
        (self.offered.etag && !version.is_empty()).then_some(version)
    }
}

pub(super) fn login_of(user: &Json, by_email: bool) -> String {
    let email = || Name::read(EMAILS).value(user).one().to_owned();
    if by_email { email() } else { text(user.get(USER_NAME)) }
}
