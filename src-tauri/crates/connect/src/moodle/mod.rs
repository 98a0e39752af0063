//! Moodle's web services, as a Moodle 4.5 and a 4.2 were seen to answer.
//!
//! What has to be known of them: an error is an answer 200 with an exception in it; making people is all or nothing, so
//! whoever is refused is found by asking for each alone; changing people is person by person, with warnings; cohorts are
//! read, joined and left by functions of their own; and what a token may not see is not told, as if it were blank.
//!
//! Nothing marks Moodle's own accounts: the guest has the first id, the token's account is told by the site, and other
//! administrators are known only once Moodle refuses to change them.

mod calls;
mod causes;
mod changing;
mod reading;

use std::collections::{BTreeMap, BTreeSet};

use super::http::Http;
use super::http::watch::Watch;
use super::link::{ChangeRequest, ChangeResult, Link, OnProgress, OwnAccount, RemotePerson};
use muster_plan::push::{Order, Secret, Target, Value};
use muster_roster::profile::{Choices, Invitations};
use muster_table::error::{Failure, FailureKind, Result};
use reading::{Cohorts, Site};

/// All cohorts of somebody, which several columns of a roster hold together.
const COHORTS: &str = "cohorts";
/// Under this name Moodle has whether somebody is active, the other way round.
const SUSPENDED: &str = "suspended";
const USERNAME: &str = "username";
const EMAIL: &str = "email";
/// The account that comes with every Moodle, and that nobody can log in to as a person.
const GUEST: &str = "guest";

pub(super) fn open(
    target: &Target,
    secret: &Secret,
    names: &[String],
    watch: Watch,
) -> Result<Box<dyn Link>> {
    Ok(Box::new(Moodle {
        http: Http::new(target, watch)?,
        host: target.host(),
        token: secret.clone(),
        with_cohorts: names.iter().any(|name| name == COHORTS),
        makes_passwords: false,
        site: None,
        told: BTreeSet::new(),
        cohorts: None,
        by_email: BTreeMap::new(),
        logged_in: BTreeSet::new(),
        doubts: Vec::new(),
        administrators: Vec::new(),
    }))
}

struct Moodle {
    http: Http,
    host: String,
    token: Secret,
    /// The roster has columns of cohorts.
    with_cohorts: bool,
    /// It was chosen that Moodle makes a password for whoever has none, and mails it.
    makes_passwords: bool,
    /// None until it was asked.
    site: Option<Site>,
    /// Names of which this token is told the values.
    told: BTreeSet<String>,
    /// None where they cannot be read.
    cohorts: Option<Cohorts>,
    /// Whose an e-mail is, in small letters.
    by_email: BTreeMap<String, String>,
    /// Ids of people who have been there.
    logged_in: BTreeSet<String>,
    /// What could not be seen, each a sentence.
    doubts: Vec<String>,
    /// Logins that Moodle refused to change as those of administrators.
    administrators: Vec<String>,
}

impl Link for Moodle {
    fn identify(&mut self) -> Result<String> {
        let site = self.site()?.clone();
        // A name that somebody always has.
        self.look_up(USERNAME, GUEST)?;
        Ok(match site {
            Site::Told(site) => {
                let as_what = if site.is_admin { ", a site administrator" } else { "" };
                format!(
                    "Moodle {} at `{}`, as `{}`{as_what}",
                    site.release, self.host, site.username
                )
            }
            Site::Untold(_) => {
                format!("Moodle at `{}`, which does not tell whose token this is", self.host)
            }
        })
    }

    fn own_account(&mut self) -> Result<Option<OwnAccount>> {
        match self.site()?.clone() {
            Site::Told(site) => Ok(Some(OwnAccount {
                id: site.user_id,
                login: site.username,
                may_change_administrators: site.is_admin,
            })),
            Site::Untold(why) => Err(Failure::new(
                FailureKind::Refused,
                "Moodle does not tell whose account this token is",
            )
            .why(why)
            .hint("Add the function core_webservice_get_site_info to the token's service. Until then nobody is suspended, deleted or renamed: it could be Muster's own account.")),
        }
    }

    fn is_built_in(&self, entry: &RemotePerson) -> bool {
        entry.login.eq_ignore_ascii_case(GUEST)
    }

    fn locks_out(&self, order: &Order) -> bool {
        order.after.get("auth").is_some_and(|auth| auth.one() == "nologin")
    }

    fn has_logged_in(&self, entry: &RemotePerson) -> bool {
        self.logged_in.contains(&entry.id)
    }

    fn is_exported(&self, entry: &RemotePerson) -> bool {
        !self.is_built_in(entry)
    }

    fn configure(&mut self, choices: &Choices) {
        self.makes_passwords = choices.invitations == Some(Invitations::On);
    }

    fn people(&mut self, on_progress: OnProgress) -> Result<Vec<RemotePerson>> {
        self.everybody(on_progress)
    }

    fn find(&mut self, order: &Order) -> Result<Option<RemotePerson>> {
        self.one(order)
    }

    fn missing_groups(&self, orders: &[&Order]) -> Vec<String> {
        let Some(cohorts) = &self.cohorts else { return Vec::new() };
        let named = orders.iter().filter_map(|order| order.after.get(COHORTS));
        let mut missing: Vec<String> = named
            .flat_map(Value::many)
            .filter(|name| cohorts.named(name).is_none())
            .cloned()
            .collect();
        missing.sort_unstable();
        missing.dedup();
        missing
    }

    fn make_group(&mut self, name: &str) -> Result<()> {
        Err(Failure::state(format!("the cohort `{name}` has to be made in Moodle")))
    }

    /// Suspension and cohorts are calls of their own.
    fn set_after_create(&self, name: &str) -> bool {
        name == COHORTS || name == muster_plan::push::ACTIVE
    }

    /// PHP takes a thousand fields of a form unless it is told otherwise, and a person has up to two dozen.
    fn batch(&self) -> usize {
        20
    }

    fn send(&mut self, requests: &[ChangeRequest]) -> Vec<ChangeResult> {
        self.carry_out(requests)
    }

    fn exposes(&self, name: &str) -> bool {
        self.tells(name)
    }

    fn leaves_others(&self, name: &str) -> bool {
        name == COHORTS
    }

    fn same(&self, name: &str, one: &Value, other: &Value) -> bool {
        match name {
            USERNAME => one.one().to_lowercase() == other.one().to_lowercase(),
            _ => one.same(other),
        }
    }

    fn doubts(&self) -> Vec<String> {
        self.doubts.clone()
    }

    fn administrators_found(&self) -> Vec<String> {
        self.administrators.clone()
    }
}
