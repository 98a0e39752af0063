//! LMSs that can be reached from here: setting them up, trying them, fetching from them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Engine;
use super::completing::TakenBack;
use super::job::JobView;
use super::open_job::OpenJob;
use super::saving::absolute;
use super::snapshots::Origin;
use super::work::Working;
use crate::outbox::{Remembered, table_of_export};
use muster_connect::fetched::{self, Fetched};
use muster_connect::{self, RemotePerson, ToTrust, secrets};
use muster_plan::push::{Secret, Target};
use muster_plan::worksheet::Sources;
use muster_roster::profile::Field;
use muster_roster::profile::connector::{CONNECTORS, Connector, connector};
use muster_store::connections::ConnectionRecord;
use muster_store::jobs::JobFacts;
use muster_store::own_files;
use muster_table::error::{Failure, Result};
use muster_table::words::people;

/// A kind of connection that can be set up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ConnectorCard {
    /// `scim`, `kolibri`.
    pub id: String,
    /// What lists call it: "SCIM 2.0".
    pub title: String,
    /// How an address looks, without what names the connector.
    pub example: String,
    /// What the account is called; empty where none is asked for.
    pub user: String,
    /// "Password", "Token".
    pub secret: String,
    /// What else it asks for, each as a line of the form.
    pub options: Vec<OptionCard>,
    /// How much of this computer's time and memory it may take; each has a sensible value where it is left blank.
    pub limits: Vec<OptionCard>,
    /// Which server it was proved against; none where that could not be done yet.
    pub proved: Option<String>,
    /// The profile whose rosters it can fetch, where it is always the same.
    pub profile: Option<String>,
}

/// Something that one kind of connection asks for beside address and account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct OptionCard {
    /// By which the connection keeps the answer: `facility`.
    pub id: String,
    /// What the form calls it.
    pub title: String,
}

/// A connection that was set up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ConnectionCard {
    /// By which requests name it.
    pub id: u32,
    /// What the person calls it.
    pub name: String,
    /// A connector's id.
    pub connector: String,
    /// What that connector is called.
    pub title: String,
    /// Without what names the connector.
    pub address: String,
    /// The account there; empty where a token alone says who asks.
    pub user: String,
    /// What was answered to its further questions, by their ids.
    pub options: BTreeMap<String, String>,
    /// Whether nothing has to be typed: the keychain has its password or token, or there may be none.
    pub has_secret: bool,
    /// A private key in a file lets it in, so that there may be no password.
    pub by_key: bool,
    /// It puts a file into a folder, and cannot be asked who is there.
    pub drops_files: bool,
    /// Which server its connector was proved against; none where that could not be done yet.
    pub proved: Option<String>,
    /// Why the open list cannot be sent there; none if it can, or if no list is open.
    pub trouble: Option<String>,
}

/// The connections there are, and the kinds that can be set up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Connections {
    /// By name.
    pub saved: Vec<ConnectionCard>,
    /// The kind that is made for the open list's LMS first, then others that can carry it.
    pub kinds: Vec<ConnectorCard>,
    /// Whether this computer has a keychain, where passwords and tokens are kept.
    pub keychain: bool,
}

/// A connection as the form has it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ConnectionForm {
    /// None for a new one.
    pub id: Option<u32>,
    /// What the person calls it; no two may be called the same.
    pub name: String,
    /// A connector's id.
    pub connector: String,
    /// As it was typed: with or without `https://`, with or without what names the connector.
    pub address: String,
    /// The account; empty to take it from the address, or where none is asked for.
    pub user: String,
    /// The answers to the connector's further questions, by their ids; blank ones are left out.
    pub options: BTreeMap<String, String>,
    /// What was typed; none where the keychain's is to be used.
    pub secret: Option<String>,
}

/// A connection that was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ConnectionSaved {
    /// Its number, the one it had or a new one.
    pub id: u32,
    /// Whether this computer has a keychain that keeps the password or token.
    pub secret_kept: bool,
}

/// What came of trying a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ConnectionTested {
    /// Who and what answered there; empty where nobody was asked yet, because of the key.
    pub says: String,
    /// What the computer shows that has to be trusted first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub to_trust: Option<ToTrust>,
}

/// Names a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ConnectionId {
    /// As `ConnectionCard::id` has it.
    pub id: u32,
}

/// How the open list is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct SendBy {
    /// None for the upload kit.
    pub connection: Option<u32>,
}

/// Whose roster is to be fetched, and what becomes of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct FetchRequest {
    /// The connection's number.
    pub connection: u32,
    /// Where the keychain has none.
    pub secret: Option<String>,
    /// The file to write and open as a new list; none to keep it as the snapshot of the open list.
    pub path: Option<String>,
    /// The profile to read it by, where the connection does not say.
    pub profile: Option<String>,
    /// The person has said that a file of this name may be replaced.
    pub replace: bool,
}

/// A note with what could not be seen, and who is there beside.
fn told(note: String, fetched: &Fetched) -> String {
    let more = fetched.beside.iter().chain(&fetched.doubts).map(|s| s.trim_end_matches('.'));
    std::iter::once(note.as_str()).chain(more).collect::<Vec<_>>().join(". ")
}

impl Engine {
    /// The connections there are, and the kinds that can be set up.
    pub fn connections(&self, _: ()) -> Result<Connections> {
        let saved = self.store(|store| store.connections())?;
        let open = self.open_profile();
        let card = |record: ConnectionRecord| {
            let connector = connector(&record.target.connector);
            let trouble = match (&open, connector) {
                (Some(profile), Some(connector)) => {
                    profile.for_connector(connector).err().map(|failure| failure.what)
                }
                (_, None) => Some("This Muster does not know its kind.".to_owned()),
                _ => None,
            };
            card(&record, trouble)
        };
        let mut kinds: Vec<&Connector> =
            CONNECTORS.iter().copied().filter(|c| c.is_direct()).collect();
        // The one that is made for the open list's LMS first, then others that can carry it.
        if let Some(profile) = &open {
            kinds.sort_by_key(|c| (c.id != profile.id, profile.for_connector(c).is_err()));
        }
        let kinds = kinds.into_iter().map(kind).collect();
        let saved = saved.into_iter().map(card).collect();
        Ok(Connections { saved, kinds, keychain: secrets::has_keychain() })
    }

    /// Keeps a connection; what is secret about it goes into the keychain, and nowhere else.
    pub fn save_connection(&self, form: ConnectionForm) -> Result<ConnectionSaved> {
        let name = form.name.trim();
        if name.is_empty() {
            return Err(Failure::state("the connection has no name")
                .hint("Give it one that you will know again, such as the name of your LMS."));
        }
        let target = target_of(&form)?;
        let before = match form.id {
            Some(id) => Some(self.connection(id)?.target),
            None => None,
        };
        let id = self.store(|store| store.keep_connection(form.id, name, &target))?;
        let was = before.map(|target| target.name_of_secret());
        let secret_kept = match typed(&form) {
            Some(secret) => secrets::keep(&target.name_of_secret(), &secret)?,
            // The keychain goes by account and address: what moves takes its secret along.
            None => match was.as_deref().map(secrets::kept).transpose()?.flatten() {
                Some(kept) => secrets::keep(&target.name_of_secret(), &kept)?,
                None => false,
            },
        };
        if let Some(was) = was.filter(|was| *was != target.name_of_secret()) {
            secrets::forget(&was)?;
        }
        Ok(ConnectionSaved { id, secret_kept })
    }

    /// Forgets a connection, and its secret.
    pub fn remove_connection(&self, request: ConnectionId) -> Result<()> {
        let target = self.connection(request.id)?.target;
        self.store(|store| store.remove_connection(request.id))?;
        secrets::forget(&target.name_of_secret())
    }

    /// Signs in and says who answered. Nothing is changed there.
    pub fn test_connection(&self, form: ConnectionForm) -> Result<ConnectionTested> {
        let target = target_of(&form)?;
        let working = self.work.begin();
        working.step(format!("Asking `{}`", target.host()), 0);
        let to_trust = muster_connect::to_trust(&target, working.stop())?;
        if to_trust.is_some() {
            return Ok(ConnectionTested { says: String::new(), to_trust });
        }
        let secret = self.secret_for(&target, form.secret.clone())?;
        let says = muster_connect::open(&target, &secret, &[], working.stop())?.identify()?;
        Ok(ConnectionTested { says, to_trust })
    }

    /// Says by which connection the open list is sent. Some rules depend on it.
    pub fn send_by(&self, request: SendBy) -> Result<JobView> {
        let connector = match request.connection {
            Some(id) => Some(self.connection(id)?.target.connector()?),
            None => None,
        };
        self.rebuild(|job, _| {
            if let Some(connector) = connector {
                job.chosen().profile.for_connector(connector)?;
            }
            let keep = |job: &mut OpenJob| {
                let facts = JobFacts { sends_by: request.connection, ..job.facts().clone() };
                self.commit_facts(job, facts)?;
                job.forget_plan();
                Ok(())
            };
            Ok((move |sources: &mut Sources| sources.connector = connector, keep))
        })
    }

    /// Fetches the roster from the LMS: as a new list, or as the snapshot of the open one.
    pub fn fetch(&self, request: FetchRequest) -> Result<JobView> {
        let record = self.connection(request.connection)?;
        let target = &record.target;
        let connector = target.connector()?;
        let secret = self.secret_for(target, request.secret.clone())?;
        let named = request.profile.clone().or(connector.profile.map(str::to_owned));
        let profile = match (&request.path, self.open_profile()) {
            (None, Some(profile)) => profile,
            _ => {
                let id = named.ok_or_else(|| {
                    Failure::state("it is not known which LMS answers there")
                        .hint("Choose its profile.")
                })?;
                let profiles = self.known_profiles()?;
                profiles
                    .by_id(&id)
                    .map(|(profile, _)| profile.clone())
                    .ok_or_else(|| Failure::state(format!("there is no profile `{id}`")))?
            }
        };
        let fetched = {
            let working = self.work.begin();
            working.step(format!("Asking `{}`", target.host()), 0);
            fetched::fetch(target, &secret, &profile, working.stop(), &|what, done, of| {
                working.step(what, of);
                working.report(done)
            })?
        };
        match request.path {
            Some(path) => {
                let path = absolute(&path);
                let there: Vec<&RemotePerson> = fetched.people.iter().collect();
                let bytes =
                    fetched::as_export(&profile, connector, &there, &fetched.untold, &|_, _| None)?;
                own_files::write(&path, &bytes, request.replace)?;
                let open = super::job::Open {
                    path: path.to_string_lossy().into_owned(),
                    profile: Some(profile.id.clone()),
                    reading: muster_table::reading::ReadAs::default(),
                };
                self.open(open)?;
                self.keep_snapshot(super::snapshots::KeepSnapshot {
                    note: told(format!("Fetched from {}", record.name), &fetched),
                })
            }
            None => {
                let origin = Origin {
                    source: record.name.clone(),
                    note: told(format!("Fetched: {}", people(fetched.people.len())), &fetched),
                    at: None,
                };
                let take = |job: &mut OpenJob, working: &Working| {
                    let snapshot = job.checker().context().snapshot.as_ref();
                    let remembered = Remembered::of(&job.chosen().profile, snapshot, connector);
                    let known =
                        |field: &Field, entry: &RemotePerson| remembered.value(field, entry);
                    let there: Vec<&RemotePerson> = fetched.people.iter().collect();
                    let bytes =
                        fetched::as_export(&profile, connector, &there, &fetched.untold, &known)?;
                    let table = table_of_export(bytes)?;
                    working.step(format!("Keeping {} as the snapshot", people(table.len())), 0);
                    let snapshot = self.keep_as_snapshot(job, table, origin)?;
                    Ok(move |sources: &mut Sources| sources.snapshot = Some(snapshot))
                };
                self.taking_over(take, |job, working, before| {
                    self.catch_up(job, working, &before)?;
                    self.complete(job, working, TakenBack::PutInAgain)
                })
            }
        }
    }

    pub(super) fn connection(&self, id: u32) -> Result<ConnectionRecord> {
        let saved = self.store(|store| store.connections())?;
        saved.into_iter().find(|c| c.id == id).ok_or_else(|| {
            Failure::not_found("this connection is no longer there").hint("Set it up anew.")
        })
    }

    /// What was typed, else what the keychain has.
    pub(super) fn secret_for(&self, target: &Target, typed: Option<String>) -> Result<Secret> {
        if let Some(typed) = typed.filter(|typed| !typed.is_empty()) {
            return Ok(Secret::new(typed));
        }
        let kept = secrets::kept(&target.name_of_secret())?;
        let none = || target.may_lack_secret().then(|| Secret::new(""));
        kept.or_else(none).ok_or_else(|| {
            let word = target.connector().map_or("password", |c| c.secret).to_lowercase();
            Failure::state(format!("the {word} for `{}` is not known", target.host()))
                .why("this computer's keychain has none")
                .hint(format!("Type the {word}."))
        })
    }

    fn open_profile(&self) -> Option<Arc<muster_roster::profile::Profile>> {
        self.lock_job().as_ref().map(|job| job.chosen().profile.clone())
    }
}

fn typed(form: &ConnectionForm) -> Option<Secret> {
    form.secret.as_deref().filter(|text| !text.is_empty()).map(Secret::new)
}

fn target_of(form: &ConnectionForm) -> Result<Target> {
    let connector = connector(&form.connector)
        .filter(|c| c.is_direct())
        .ok_or_else(|| Failure::state("choose a kind of connection"))?;
    let address = form.address.trim();
    let plain = connector.schemes.contains(&connector.id);
    // People type an address as their browser shows it.
    let bare = if address.contains("://") {
        address.to_owned()
    } else {
        format!("{}://{address}", connector.schemes[0])
    };
    let named = bare.starts_with(&format!("{}+", connector.id));
    let text = if plain || named { bare } else { format!("{}+{bare}", connector.id) };
    let mut target = Target::read(&text)?;
    if !form.user.trim().is_empty() {
        target.user = form.user.trim().to_owned();
    }
    target.options = form.options.clone();
    target.options.retain(|_, value| !value.trim().is_empty());
    if !connector.user.is_empty() && target.user.is_empty() {
        return Err(Failure::state(format!("{} is missing", connector.user)));
    }
    Ok(target)
}

fn kind(connector: &Connector) -> ConnectorCard {
    let example = connector.example.split_once('+').map_or(connector.example, |(_, rest)| rest);
    let option = |(id, title): &(&str, &str)| OptionCard {
        id: (*id).to_owned(),
        title: (*title).to_owned(),
    };
    ConnectorCard {
        id: connector.id.to_owned(),
        title: connector.title.to_owned(),
        example: example.to_owned(),
        user: connector.user.to_owned(),
        secret: connector.secret.to_owned(),
        options: connector.options.iter().map(option).collect(),
        limits: connector.limits().iter().map(option).collect(),
        proved: connector.proved.map(str::to_owned),
        profile: connector.profile.map(str::to_owned),
    }
}

fn card(record: &ConnectionRecord, trouble: Option<String>) -> ConnectionCard {
    let target = &record.target;
    let connector = connector(&target.connector);
    ConnectionCard {
        id: record.id,
        name: record.name.clone(),
        connector: target.connector.clone(),
        title: connector.map_or(target.connector.clone(), |c| c.title.to_owned()),
        address: target.address.clone(),
        user: target.user.clone(),
        options: target.options.clone(),
        has_secret: has_secret(target),
        by_key: target.may_lack_secret(),
        drops_files: connector.is_some_and(|c| c.drops_files),
        proved: connector.and_then(|c| c.proved).map(str::to_owned),
        trouble,
    }
}

/// Whether nothing has to be typed to reach an LMS.
pub(super) fn has_secret(target: &Target) -> bool {
    target.may_lack_secret()
        || secrets::kept(&target.name_of_secret()).is_ok_and(|kept| kept.is_some())
}
