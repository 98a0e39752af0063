//! Any service that speaks SCIM 2.0 (RFC 7643, 7644). Only what it says that it offers is used: many people in one
//! call, `PATCH`, filters, ETags. Where it offers no `PATCH`, somebody is read, changed and put back as a whole.
//!
//! People are found by their `userName`; where the roster has none, by their e-mail, which then is the `userName` too.
//! A list is asked for page by page, and one that is told whole whatever is asked, or twice, is read as well. Whoever
//! is deleted is gone for good.
//!
//! scim_v2 reads into types and drops attributes that it does not know, and scim-server is the other side; services differ
//! too much for the first, so what they say is read as JSON.

mod bulk_patch;
mod calls;
mod groups;
mod members;
mod names;
mod offered;
mod orders;
mod paging;
mod people;
mod schemas;
mod writing;

use std::cell::Cell;

use rustc_hash::FxHashMap;
use serde_json::Value as Json;

use super::http::watch::Watch;
use super::http::{Http, Lost, Repeat, Reply, query, segment};
use super::link::{ChangeRequest, ChangeResult, Link, OnProgress, OwnAccount, RemotePerson};
use bulk_patch::PatchInBulk;
use calls::CallError;
use groups::Group;
use members::Ways;
use muster_plan::push::{Order, Secret, Target, Value};
use muster_table::error::{Failure, FailureKind, Result};
use names::{EMAILS, GROUPS, Name, USER_NAME, text};
use offered::Offered;
use paging::Paging;
use people::login_of;
use schemas::Schemas;
use writing::Removal;

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
        schemas: Schemas::default(),
        is_asked: false,
        paging: Cell::new(Paging::Pages),
        refused_counts: Cell::new(0),
        patch_in_bulk: PatchInBulk::default(),
        tried_in_bulk: 0,
        patches: Patches::default(),
        ways: Ways::default(),
        groups: Vec::new(),
        members_by_id: true,
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
    schemas: Schemas,
    /// Whether the service was asked what it offers.
    is_asked: bool,
    paging: Cell<Paging>,
    /// How often in a row a list came without a `count`, and not with one.
    refused_counts: Cell<u8>,
    patch_in_bulk: PatchInBulk,
    tried_in_bulk: u8,
    patches: Patches,
    ways: Ways,
    groups: Vec<Group>,
    /// Whether groups tell their members by their ids. Where not, what people say of themselves counts.
    members_by_id: bool,
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
    /// The parts of the name, where the service wants a full one beside them.
    name: Json,
    /// The ids of the groups that this person's own entry names.
    groups: Vec<String>,
    /// The address, where the service wants it of the members of a group.
    location: String,
}

/// How changes of single values have gone so far.
#[derive(Default)]
struct Patches {
    /// Whether one was taken.
    worked: bool,
    /// How many were answered by "not implemented".
    refused: u8,
    /// People are put back as a whole from here on.
    off: bool,
    removal: Removal,
}

impl Link for Scim {
    fn identify(&mut self) -> Result<String> {
        self.ask()?;
        let page = self.part_of("Users", (1, 1), None, "the people")?;
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
        let mut all: Vec<RemotePerson> = Vec::new();
        let mut known: Vec<Known> = Vec::new();
        self.list_while("Users", None, "the people", on_progress, &mut |user| {
            let (entry, one) = self.read(user)?;
            all.push(entry);
            known.push(one);
            Ok(true)
        })?;
        for (entry, one) in all.iter().zip(known) {
            self.ids.insert(one.login.to_lowercase(), entry.id.clone());
            self.known.insert(entry.id.clone(), one);
        }
        if self.with_groups {
            self.weigh_groups();
            let mut groups = self.groups_by_person();
            for entry in &mut all {
                let of = groups.remove(&entry.id).unwrap_or_default();
                entry.values.insert(GROUPS.to_owned(), Value::Many(of));
            }
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
        let mut entry = self.take_note(&user)?;
        if self.with_groups {
            entry.values.insert(GROUPS.to_owned(), self.groups_of(&entry.id));
        }
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
        if self.schemas.of_members().0 {
            self.groups.push(Group::to_be_made(name));
            return Ok(());
        }
        match self.new_group(name, &[]) {
            Ok(_) => Ok(()),
            Err(CallError::Refused(_, why) | CallError::ByHand(why)) => Err(Failure::new(
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
        self.clear_groups(requests, &ids);
        let settled = self.settle_groups(requests, &ids);
        for (at, no) in settled.failed {
            let wrote = called.contains(&at) || settled.changed.contains(&at);
            results[at] = Some(Err(if wrote { in_part(no) } else { no }));
        }
        results.into_iter().map(answer).collect()
    }

    fn exposes(&self, name: &str) -> bool {
        ["password", GROUPS].contains(&name) || self.schemas.tells(&Name::read(name))
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
        if !reply.is_page() {
            let reply = self.http.glance("Schemas").map_err(Lost::failure)?;
            if let Some(said) = reply.json.as_ref().filter(|_| reply.is_fine()) {
                self.schemas = Schemas::read(said);
            }
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
}

/// Takes one of a list; says whether to go on.
type Each<'e> = &'e mut dyn FnMut(&Json) -> Result<bool>;

fn manager_of(order: &Order) -> Option<&str> {
    let all = order.after.iter();
    all.filter(|(name, _)| Name::read(name).is_manager()).map(|(_, value)| value.one()).next()
}

fn answer(result: Option<Result<String, CallError>>) -> ChangeResult {
    match result {
        Some(Ok(id)) => ChangeResult::Done(id),
        Some(Err(CallError::Refused(_, why))) => ChangeResult::Refused(why),
        Some(Err(CallError::ByHand(why))) => ChangeResult::ByHand(why),
        Some(Err(CallError::Lost(Lost::Unknown(failure)))) => ChangeResult::Unknown(failure),
        Some(Err(CallError::Lost(Lost::NotSent(failure)))) => ChangeResult::NotSent(failure),
        None => ChangeResult::Unknown(Failure::internal("an order had no answer")),
    }
}

/// What is neither done nor not sent has to be asked after.
fn in_part(no: CallError) -> CallError {
    CallError::Lost(Lost::Unknown(match no {
        CallError::Refused(_, why) | CallError::ByHand(why) => {
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
