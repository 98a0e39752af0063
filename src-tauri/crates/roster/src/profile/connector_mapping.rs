//! A profile as a connector carries it out, which is not always what a file can do.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::connector::{self, Connector};
use super::{Blank, Existing, OnErrors, Policy, PolicyId, Profile, StatementText};
use crate::finding::Severity;
use muster_table::error::{Failure, Result};

/// How a connector reaches the LMS: what goes where, and what is chosen for it.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectorMapping {
    /// Where each field goes: the field's id, and the name that the interface has for it. Fields that go under one name
    /// hold one of several values each: who is in two groups has one in either.
    pub fields: BTreeMap<String, String>,
    /// The field by which somebody is looked for who has no key yet; no two people may share it.
    pub login: String,
    /// Fields that are set for new people only.
    #[serde(default)]
    pub create_only: Vec<String>,
    /// Fields that are set for new people only; a change of them for others is listed to be done by hand.
    #[serde(default)]
    pub new_only: Vec<String>,
    /// Fields of which nothing is sent where a cell is blank; a blank of the others empties them.
    #[serde(default)]
    pub keep_blank: Vec<String>,
    /// What is chosen for a push, in place of what an upload asks.
    #[serde(default, rename = "policy")]
    pub policies: Vec<Policy>,
    /// What it does, in words, in place of what an import does.
    #[serde(default, rename = "statement")]
    pub statements: Vec<StatementText>,
    /// What is not known about it; shown, never guessed.
    #[serde(default)]
    pub unknown: Vec<String>,
}

impl ConnectorMapping {
    fn is_shared(&self, name: &str) -> bool {
        self.fields.values().filter(|other| *other == name).nth(1).is_some()
    }
}

impl Profile {
    /// The interface's name of each field that a connector reaches.
    pub fn names_at(&self, connector: &str) -> BTreeMap<String, String> {
        self.connectors.get(connector).map(|t| t.fields.clone()).unwrap_or_default()
    }

    /// The interface's names that several fields go under: each of these holds one of several values.
    pub fn shared_names_at(&self, connector: &str) -> BTreeSet<String> {
        let Some(mapping) = self.connectors.get(connector) else { return BTreeSet::new() };
        mapping.fields.values().filter(|name| mapping.is_shared(name)).cloned().collect()
    }

    /// The interface's name of what somebody new is looked for by.
    pub fn login_at(&self, connector: &str) -> Option<&str> {
        let mapping = self.connectors.get(connector)?;
        mapping.fields.get(&mapping.login).map(String::as_str)
    }

    /// The field by which somebody new is looked for.
    pub fn login_field(&self, connector: &str) -> Option<&str> {
        self.connectors.get(connector).map(|mapping| mapping.login.as_str())
    }

    /// The profile as it holds for a push by this connector: people are changed one by one, and what only a file
    /// cannot do is done.
    pub fn for_connector(self: &Arc<Profile>, connector: &Connector) -> Result<Arc<Profile>> {
        if !connector.is_direct()
            || connector.drops_files
            || self.sent_by.as_deref() == Some(connector.id)
        {
            return Ok(self.clone());
        }
        let Some(mapping) = self.connectors.get(connector.id) else {
            return Err(Failure::state(format!(
                "the profile `{}` does not say what goes where at {}",
                self.id, connector.title
            ))
            .hint(format!(
                "Choose another profile, or add a part `[connector.{}]` to a profile of your own.",
                connector.id
            )));
        };
        let mut profile = Profile::clone(self);
        profile.errors = OnErrors::Skip;
        profile.existing = Existing::Updated;
        profile.policies = mapping.policies.clone();
        profile.statements = mapping.statements.clone();
        profile.unknown = mapping.unknown.clone();
        profile.key.by_hand = None;
        if profile.policy(PolicyId::NewGroups).is_some() {
            let unknown = profile.rules.entry("group-unknown".to_owned()).or_default();
            if unknown.severity.is_none() {
                // Only a file is refused for it: here the LMS is asked, and the policy says what is done.
                unknown.severity = Some(Severity::Warning);
                unknown.why = "What is done with such a group is chosen for the push.".into();
            }
        }
        for field in &mut profile.fields {
            field.always.clear();
            field.exported_as_blank.clear();
            field.only_with_other_changes = false;
            field.promote_only = false;
            field.only_adds = false;
            field.made_if_lacking = false;
            field.digits_are_own = false;
            field.takes_away = None;
            field.create_only = mapping.create_only.contains(&field.id);
            field.unreached = !mapping.fields.contains_key(&field.id);
            field.shares =
                mapping.fields.get(&field.id).is_some_and(|name| mapping.is_shared(name));
            field.new_only = mapping.new_only.contains(&field.id);
            if field.new_only {
                field.by_hand.get_or_insert_with(|| "the upload kit".to_owned());
            } else if !field.unreached {
                field.by_hand = None;
            }
            if !field.unreached {
                // A blank does not say whether somebody is active.
                let keeps = !field.inactive.is_empty() || mapping.keep_blank.contains(&field.id);
                field.blank = Some(if keeps { Blank::Keep } else { Blank::Clear });
            }
        }
        profile.sent_by = Some(connector.id.to_owned());
        Ok(Arc::new(profile))
    }

    /// Fields of the other profile that were taken away go nowhere any more.
    pub(super) fn reach_only_what_is_left_of(&mut self, base: &Profile) {
        let gone: Vec<&str> = base
            .fields
            .iter()
            .map(|field| field.id.as_str())
            .filter(|id| self.fields.iter().all(|field| field.id != *id))
            .collect();
        self.connectors.retain(|_, mapping| !gone.contains(&mapping.login.as_str()));
        for mapping in self.connectors.values_mut() {
            mapping.fields.retain(|field, _| !gone.contains(&field.as_str()));
            for list in [&mut mapping.create_only, &mut mapping.new_only, &mut mapping.keep_blank] {
                list.retain(|field| !gone.contains(&field.as_str()));
            }
        }
    }

    pub(super) fn validate_connectors(&self) -> Result<(), String> {
        for (id, mapping) in &self.connectors {
            if connector::connector(id).is_none() {
                return Err(format!("there is no connector `{id}`"));
            }
            let known = |field: &str, what: &str| match self.field(field) {
                Some(_) => Ok(()),
                None => {
                    Err(format!("{what} of `{id}` names the field `{field}`, which is not there"))
                }
            };
            let listed = [&mapping.create_only, &mapping.new_only, &mapping.keep_blank];
            for field in mapping.fields.keys().chain(listed.into_iter().flatten()) {
                known(field, "`fields`")?;
            }
            known(&mapping.login, "`login`")?;
            if !mapping.fields.contains_key(&mapping.login) {
                return Err(format!("`login` of `{id}` is not among its `fields`"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::connector::connector;

    fn mapped(profile: Profile, way: &str) -> Arc<Profile> {
        let connector = connector(way).expect("a connector");
        Arc::new(profile).for_connector(connector).expect("it goes that way")
    }

    #[test]
    fn what_a_way_sets_for_new_people_only_says_where_else_it_is_done() {
        let edapp = mapped(Profile::built_in("edapp").expect("built in"), "edapp");
        let by_hand = |id: &str| edapp.field(id).expect("there").by_hand.clone();
        assert_eq!(by_hand("lastname").as_deref(), Some("the upload kit"));
        assert_eq!(by_hand("usergroups"), None);
        let safety = mapped(Profile::built_in("safetyculture").expect("built in"), "safetyculture");
        let email = safety.field("email").expect("there");
        // The profile knows a better place than the kit.
        assert!(email.new_only && email.by_hand.as_deref() != Some("the upload kit"));
    }

    #[test]
    fn a_blank_that_says_nothing_sends_nothing() {
        let moodle = mapped(Profile::built_in("moodle").expect("built in"), "moodle");
        let blank = |id: &str| moodle.field(id).expect("there").blank;
        assert_eq!(
            (blank("city"), blank("suspended"), blank("lang")),
            (Some(Blank::Clear), Some(Blank::Keep), Some(Blank::Keep))
        );
    }

    #[test]
    fn a_profile_without_a_field_has_the_ways_of_the_one_it_is_based_on_without_it() {
        let text = "id = \"acme\"\nname = \"Acme\"\nbased_on = \"edapp\"\n\
            [[field]]\nid = \"externalid\"\nremoved = true\n";
        let acme = Profile::parse(text, "acme.toml", |_| true).expect("sound");
        assert!(!acme.names_at("edapp").contains_key("externalid"));
        assert_eq!(acme.login_at("edapp"), Some("username"));
        let typed = format!("{text}[connector.edapp.fields]\nshoes = \"shoes\"\n");
        let refused =
            Profile::parse(&typed, "acme.toml", |_| true).expect_err("a field that nobody has");
        assert!(refused.why.contains("`shoes`"), "{refused}");
    }
}
