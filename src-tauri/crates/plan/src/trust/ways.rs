//! Where each field goes on a way to the LMS.

use std::collections::BTreeMap;

use super::{Told, policies, shown, words};
use muster_roster::profile::connector::connector;
use muster_roster::profile::{ConnectorMapping, Profile};

/// What is sent elsewhere, or otherwise. Of a profile that differs from none, all that it sends is told.
pub fn told(told: &mut Told, profile: &Profile, base: Option<&Profile>) {
    let none = BTreeMap::new();
    let usual = base.map_or(&none, |base| &base.connectors);
    for (id, mapping) in &profile.connectors {
        let title = connector(id).map_or(id.as_str(), |known| known.title);
        match usual.get(id) {
            Some(before) => one(told, profile, title, mapping, before),
            None => new(told, profile, title, mapping),
        }
    }
    for id in usual.keys().filter(|id| !profile.connectors.contains_key(*id)) {
        let title = connector(id).map_or(id.as_str(), |known| known.title);
        told.differs(format!("It cannot be sent by {title}."));
    }
}

fn named(profile: &Profile, field: &str) -> String {
    shown(profile.field(field).map_or(field, |field| &field.title))
}

fn new(told: &mut Told, profile: &Profile, title: &str, mapping: &ConnectorMapping) {
    let goes = mapping.fields.iter();
    let goes: Vec<String> =
        goes.map(|(field, name)| format!("{} as {}", named(profile, field), shown(name))).collect();
    told.softens(format!("By {title} it sends {}.", goes.join(", ")));
    policies::told(told, &format!(" by {title}"), &mapping.policies, &[]);
}

fn one(
    told: &mut Told,
    profile: &Profile,
    title: &str,
    mapping: &ConnectorMapping,
    before: &ConnectorMapping,
) {
    let ConnectorMapping {
        fields,
        login,
        create_only,
        new_only,
        keep_blank,
        policies: asked,
        statements,
        unknown,
    } = mapping;
    for (field, name) in fields {
        let called = named(profile, field);
        match before.fields.get(field) {
            Some(was) if was == name => {}
            Some(was) => {
                let name = shown(name);
                told.softens(format!("By {title} it sends {called} as {name}, not as `{was}`."));
            }
            None => {
                let name = shown(name);
                told.softens(format!("By {title} it sends {called} too, as {name}."));
            }
        }
    }
    for field in before.fields.keys().filter(|field| !fields.contains_key(*field)) {
        told.softens(format!("By {title} it does not send {}.", named(profile, field)));
    }
    if login != &before.login {
        told.softens(format!(
            "By {title} people are looked for by {}, not by {}.",
            named(profile, login),
            named(profile, &before.login)
        ));
    }
    let same = |now: &[String], was: &[String]| {
        now.iter().all(|f| was.contains(f)) && was.iter().all(|f| now.contains(f))
    };
    for (now, was, what) in [
        (create_only, &before.create_only, "is sent for new people only"),
        (
            new_only,
            &before.new_only,
            "is sent for new people only, and left to be done by hand for others",
        ),
        (keep_blank, &before.keep_blank, "is kept where a cell is blank"),
    ] {
        if !same(now, was) {
            told.softens(format!("By {title} it says otherwise what {what}."));
        }
    }
    policies::told(told, &format!(" by {title}"), asked, &before.policies);
    words(
        told,
        &format!(" by {title}"),
        (statements, unknown),
        (&before.statements, &before.unknown),
    );
}
