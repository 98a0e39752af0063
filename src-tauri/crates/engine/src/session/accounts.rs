//! Accounts: which one the open list is of, what it brings and keeps, and what is to be done by hand in it.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::completing::TakenBack;
use super::job::JobView;
use super::open_job::OpenJob;
use super::opening::json;
use super::restore::unreadable;
use super::saving::{Saved, absolute};
use super::values::ValueMaps;
use super::work::Working;
use super::{Engine, nothing_open};
use crate::accounts::{self, Packed};
use crate::profiles::{Chosen, Profiles};
use muster_plan::plan::Plan;
use muster_plan::to_do::ToDo;
use muster_plan::worksheet::{Known, Sources};
use muster_roster::profile::{PolicyId, Profile, Uses};
use muster_rules::attaching::{Attached, Evidence};
use muster_rules::waiver::Waiver;
use muster_store::account as user;
use muster_store::accounts::{AccountFacts, AccountList, AccountRecord, Taken};
use muster_store::jobs::JobFacts;
use muster_store::lists::ListCard;
use muster_store::said::Said;
use muster_store::snapshots::SnapshotCard;
use muster_table::error::{Failure, FailureKind, Result};
use muster_table::narrow::count as number;
use muster_table::table::Table;

/// The account that the open list is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct AccountOfJob {
    /// Its number.
    pub id: u32,
    /// What it is called.
    pub name: String,
    /// How much is to be done by hand in it.
    pub open: u32,
    /// Why the list is of it; empty where somebody said so.
    pub why: String,
}

/// All that an account keeps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct AccountView {
    /// Its number.
    pub id: u32,
    /// What it is called.
    pub name: String,
    /// What its LMS is called.
    pub lms: String,
    /// A saved connection, or an address.
    pub connection: Option<String>,
    /// What the LMS has, as far as is known.
    pub snapshot: Option<SnapshotCard>,
    /// How many older snapshots are kept.
    pub before: u32,
    /// Known values.
    pub lists: Vec<ListCard>,
    /// Values that somebody said are real.
    pub real: Vec<RealSaid>,
    /// What somebody looked at and let stand.
    pub waivers: Vec<Waiver>,
    /// Whether the day comes first in the dates of a column, as somebody said of an earlier file.
    pub day_first: BTreeMap<String, bool>,
    /// What it answers to policies, each a sentence.
    pub choices: Vec<String>,
    /// How many columns are said to be something.
    pub columns: u32,
    /// The file of the LMS's own template.
    pub template: Option<String>,
    /// Files that came before and are not the LMS's own export, by name.
    pub reports: Vec<String>,
    /// Keys, logins or e-mails of people whom no plan takes away unasked.
    pub protected: Vec<String>,
    /// What is to be done by hand and what was done, in the order in which it came.
    pub to_do: Vec<ToDo>,
}

/// A value that is real though no list has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct RealSaid {
    /// The list that it belongs on: `groups`.
    pub kind: String,
    /// As the LMS writes it.
    pub value: String,
}

/// Names an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct AccountId {
    /// As [`AccountView::id`] has it.
    pub id: u32,
}

/// Which account the open list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct AttachAccount {
    /// Its number; none for no account.
    pub account: Option<u32>,
}

/// What an account is to be called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct NameAccount {
    /// The account; none to begin one of what is known of the open list.
    pub id: Option<u32>,
    /// Its name.
    pub name: String,
}

/// An account that is to be written to a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ExportAccount {
    /// Its number.
    pub id: u32,
    /// The file.
    pub path: String,
    /// The person has said that a file of this name may be replaced.
    pub replace: bool,
}

/// An account that a colleague handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ImportAccount {
    /// The file.
    pub path: String,
    /// What it is to be called here; none for its own name.
    pub name: Option<String>,
    /// It is to take the place of the account that is called so here.
    pub replace: bool,
}

/// Something on the list of what is to be done by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct TickToDo {
    /// The account.
    pub account: u32,
    /// The number on its list.
    pub item: u32,
    /// Whether it is done.
    pub done: bool,
}

/// Somebody whom no plan of an account is to take away unasked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ProtectPerson {
    /// The account.
    pub account: u32,
    /// Their key, login or e-mail.
    pub key: String,
    /// Whether they are to be protected from now on; if not, they are no longer.
    pub protect: bool,
}

/// Somebody whom an account keeps as protected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ProtectedPerson {
    /// Their key, login or e-mail, as it was typed.
    pub key: String,
    /// What they are called; blank where the LMS has nobody of that key, login or e-mail, and nobody is protected. None
    /// where it is not known whom the LMS has.
    pub name: Option<String>,
}

/// What an account brings to a list that is of it.
pub(super) struct Brought {
    pub record: AccountRecord,
    pub chosen: Chosen,
    pub uses: Uses,
    pub values: ValueMaps,
    pub known: Known,
    /// What its LMS has.
    pub snapshot: Option<Table>,
}

/// Which account a list is of, and why.
#[derive(Default)]
pub(super) struct Attachment {
    pub account: Option<AccountRecord>,
    pub why: String,
    /// Those that it may be of, where that is a question.
    pub fits: Vec<Evidence>,
}

impl Engine {
    /// All accounts, by name.
    pub fn accounts(&self, _: ()) -> Result<Vec<AccountView>> {
        let profiles = Profiles::read(&self.profiles);
        let all = self.store(|store| store.accounts())?;
        Ok(all.iter().map(|record| view_of(record, &profiles)).collect())
    }

    /// Says which account the open list is of; its snapshot counts where the list has none of its own.
    pub fn attach(&self, request: AttachAccount) -> Result<JobView> {
        let Some(id) = request.account else {
            return self.with_job(|job| {
                let facts = JobFacts { account: None, ..job.facts().clone() };
                self.commit_facts(job, facts)?;
                job.is_of(Attachment::default());
                Ok(job.view())
            });
        };
        self.rebuild_and_complete(TakenBack::StaysOut, |job, _| {
            let brought =
                self.brought(self.store(|store| store.account(id))?, job.table().names())?;
            if brought.record.profile != job.chosen().profile.id {
                self.refuse_if_sent(job)?;
            }
            let Brought { record, chosen, uses, values, snapshot, .. } = brought;
            let mut known = accounts::known_of_both(Some(&record.facts), &job.facts().said);
            let snapshot = snapshot.filter(|_| job.snapshots().is_empty());
            let packed =
                snapshot.clone().map(|table| Packed::of(table, &chosen.profile)).transpose()?;
            known.lists.extend(job.own_lists());
            let facts = with_account(job.facts(), &record, &chosen.profile, job.table().names())?;
            let (profile, answers) = (chosen.profile.clone(), super::open_job::answers_of(&facts));
            let kept = record.facts.snapshot().cloned();
            let keep = move |job: &mut OpenJob| {
                self.commit_facts(job, facts)?;
                if let Some((packed, kept)) = packed.zip(kept) {
                    self.keep_fresh(job, &packed, super::snapshots::Origin::of_account(&kept))?;
                }
                job.is_read_by(chosen, values);
                job.is_of(Attachment { account: Some(record), ..Attachment::default() });
                Ok(())
            };
            let change = move |sources: &mut Sources| {
                (sources.profile, sources.uses, sources.answers) = (profile, uses, answers);
                (sources.lists, sources.real, sources.waivers) =
                    (known.lists, known.real, known.waivers);
                sources.day_first = known.day_first;
                if snapshot.is_some() {
                    sources.snapshot = snapshot;
                }
            };
            Ok((change, keep))
        })
    }

    /// Calls an account otherwise; or begins one of what is known of the open list, which is of it from then on.
    pub fn name_account(&self, request: NameAccount) -> Result<AccountView> {
        let id = match request.id {
            Some(id) => {
                self.store(|store| store.rename_account(id, &request.name))?;
                id
            }
            None => self.begin_account(&request.name)?,
        };
        self.look_at_account(id)
    }

    fn begin_account(&self, name: &str) -> Result<u32> {
        let mut place = self.lock_job();
        let job = place.as_mut().ok_or_else(nothing_open)?;
        let profile = job.chosen().profile.clone();
        let constant = |(id, _): &(String, String)| is_constant(id);
        let mut facts = AccountFacts {
            choices: super::open_job::answers_of(job.facts())
                .into_iter()
                .filter(constant)
                .collect(),
            columns: job.uses().clone(),
            values: job.value_maps().clone(),
            template: profile.template.as_deref().cloned(),
            said: job.facts().said.clone(),
            ..AccountFacts::default()
        };
        for (kind, list) in job.own_lists() {
            let mut values: Vec<String> = list.values.into_iter().collect();
            values.sort_unstable();
            facts.lists.insert(kind, AccountList { values, source: list.source, at: list.at });
        }
        let snapshot = job.checker().context().snapshot.as_ref().map(|s| s.table.clone());
        let packed = match (snapshot.filter(|table| !table.is_empty()), job.snapshots().first()) {
            (Some(table), Some(kept)) => {
                Some((Packed::of(table, &job.roster().profile)?, kept.facts.clone()))
            }
            _ => None,
        };
        let id = self.store(|store| {
            let id = store.add_account(name, &profile.id, &facts)?;
            if let Some((packed, kept)) = &packed {
                let origin = accounts::Origin {
                    at: kept.at.clone(),
                    source: kept.source.clone(),
                    note: kept.note.clone(),
                };
                accounts::keep_snapshot(store, id, (packed, origin))?;
            }
            Ok(id)
        })?;
        let said = Said::default();
        let facts = JobFacts { account: Some(id), said, ..job.facts().clone() };
        self.commit_facts(job, facts)?;
        job.is_of(Attachment {
            account: Some(self.store(|s| s.account(id))?),
            ..Attachment::default()
        });
        Ok(id)
    }

    /// Writes an account to a file that nobody else can read, for a colleague.
    pub fn export_account(&self, request: ExportAccount) -> Result<Saved> {
        let path = absolute(&request.path);
        let record = self.store(|store| store.account(request.id))?;
        self.store(|store| {
            accounts::export(store, &record, &self.profiles, &path, request.replace)
        })?;
        let about = format!("the account `{}`", record.name);
        Ok(Saved { path: path.to_string_lossy().into_owned(), about })
    }

    /// Takes over an account that a colleague exported.
    pub fn import_account(&self, request: ImportAccount) -> Result<AccountView> {
        let taken = match (&request.name, request.replace) {
            (_, true) => Some(Taken::InPlace),
            (Some(name), false) => Some(Taken::As(name)),
            (None, false) => None,
        };
        let path = Path::new(&request.path);
        let id = self.store(|store| accounts::import(store, path, taken, &self.profiles))?;
        self.look_at_account(id)
    }

    /// Erases an account with everything that it keeps. Lists that were of it stay, and are of none.
    pub fn forget_account(&self, request: AccountId) -> Result<()> {
        let mut place = self.lock_job();
        self.store(|store| store.forget_account(request.id))?;
        if let Some(job) = place.as_mut().filter(|job| job.facts().account == Some(request.id)) {
            let facts = JobFacts { account: None, ..job.facts().clone() };
            self.commit_facts(job, facts)?;
            job.is_of(Attachment::default());
        }
        Ok(())
    }

    /// Ticks something that was done by hand, or takes the tick back.
    pub fn tick_to_do(&self, request: TickToDo) -> Result<AccountView> {
        let (by, now) = (user(), self.now());
        self.store(|store| {
            store.change_account(request.account, |facts| {
                let list = &mut facts.to_do;
                let changed = match request.done {
                    true => list.tick(request.item, &by, &now),
                    false => list.untick(request.item),
                };
                if changed { Ok(()) } else { Err(Failure::state("it is so already")) }
            })
        })?;
        self.look_at_account(request.account)
    }

    /// Keeps somebody from being suspended, deleted or renamed unasked, or takes that back.
    pub fn protect_person(&self, request: ProtectPerson) -> Result<AccountView> {
        self.store(|store| {
            store.change_account(request.account, |facts| {
                if request.protect {
                    return facts.protect(&request.key);
                }
                facts.unprotect(&request.key);
                Ok(())
            })
        })?;
        self.look_at_account(request.account)
    }

    /// Whom an account keeps so, and who they are in what its LMS has.
    pub fn protected_people(&self, request: AccountId) -> Result<Vec<ProtectedPerson>> {
        let mut profiles = self.known_profiles()?;
        let people = self.store(|store| {
            accounts::protected_people(store, &store.account(request.id)?, &mut profiles)
        })?;
        let person = |(key, name)| ProtectedPerson { key, name };
        Ok(people.into_iter().map(person).collect())
    }

    /// What is kept of an account by now; the open list knows it too, if it is of it.
    fn look_at_account(&self, id: u32) -> Result<AccountView> {
        let record = self.store(|store| store.account(id))?;
        if let Some(job) = self.lock_job().as_mut().filter(|job| job.facts().account == Some(id)) {
            job.knows_account(record.clone());
        }
        Ok(view_of(&record, &Profiles::read(&self.profiles)))
    }

    /// Changes the account that a job is of.
    pub(super) fn change_account_of(
        &self,
        job: &mut OpenJob,
        account: u32,
        change: impl FnOnce(&mut AccountFacts),
    ) -> Result<()> {
        let record = self.store(|store| {
            store.change_account(account, |facts| {
                change(facts);
                Ok(())
            })?;
            store.account(account)
        })?;
        job.knows_account(record);
        Ok(())
    }

    /// Says which account a new list is of. That nothing can be said stops nobody from opening it.
    pub(super) fn attachment(
        &self,
        profiles: &Profiles,
        table: &Table,
        profile: Option<&str>,
        working: &Working,
    ) -> (Option<Brought>, Attachment) {
        let attached = self.store(|store| match store.accounts()?.is_empty() {
            true => Ok(Attached::Nowhere),
            false => accounts::attach(store, profiles, table, &|_| working.report(0)),
        });
        let of_profile = |record: &AccountRecord| profile.is_none_or(|id| id == record.profile);
        let account = |id: u32| self.store(|store| store.account(id)).ok().filter(of_profile);
        match attached {
            Ok(Attached::To(evidence)) => {
                let brought =
                    account(evidence.account).and_then(|a| self.brought(a, table.names()).ok());
                let record = brought.as_ref().map(|b| b.record.clone());
                (brought, Attachment { account: record, why: evidence.says, fits: Vec::new() })
            }
            Ok(Attached::Asked(mut fits)) => {
                fits.retain(|evidence| account(evidence.account).is_some());
                (None, Attachment { fits, ..Attachment::default() })
            }
            _ => (None, Attachment::default()),
        }
    }

    /// What an account brings to a file of these columns.
    pub(super) fn brought(&self, record: AccountRecord, names: &[String]) -> Result<Brought> {
        let chosen = accounts::profile_of(&record, &mut Profiles::read(&self.profiles))?;
        let snapshot = match record.facts.snapshot() {
            Some(kept) => {
                match self.store(|store| accounts::snapshot_table(store, record.id, kept)) {
                    Ok(table) => Some(table),
                    Err(failure)
                        if matches!(failure.kind, FailureKind::Store | FailureKind::File) =>
                    {
                        let notice = unreadable(&failure, &kept.at);
                        self.store(|store| {
                            store.note(format!("Of the account `{}`: {notice}", record.name));
                            Ok(())
                        })?;
                        None
                    }
                    Err(failure) => return Err(failure),
                }
            }
            None => None,
        };
        Ok(Brought {
            uses: accounts::uses_for(&record.facts, names),
            values: record.facts.values.clone(),
            known: accounts::known_of(&record.facts),
            chosen,
            snapshot,
            record,
        })
    }

    /// The account of a job, if it is still kept.
    pub(super) fn account_of(&self, facts: &JobFacts) -> Option<AccountRecord> {
        let id = facts.account?;
        self.store(|store| store.account(id)).ok()
    }

    /// Keeps in the account what a plan that is carried out leaves to be done by hand.
    pub(super) fn planned_for_account(&self, job: &mut OpenJob, plan: &Plan) -> Result<()> {
        // One that was forgotten in another window keeps nothing.
        let Some(account) = self.account_of(job.facts()).map(|of| of.id) else { return Ok(()) };
        let (now, name) = (self.now(), job.facts().name.clone());
        let known_at = job.snapshots().first().map(|s| s.facts.at.clone()).unwrap_or_default();
        let record = self.store(|store| {
            store.change_account(account, |facts| {
                let context = job.checker().context();
                let rosters = (&context.roster, context.snapshot.as_ref());
                accounts::remember_report(facts, rosters, &name, &now);
                facts.to_do.add(&plan.left_to_do(), &name, &known_at, &now);
                let said = plan.choices.written().iter().filter(|(id, _)| is_constant(id));
                facts.choices.extend(said.map(|(id, to)| (id.clone(), to.clone())));
                Ok(())
            })?;
            store.account(account)
        })?;
        job.knows_account(record);
        Ok(())
    }
}

/// Whether an answer holds for all files of an account, and not for one upload.
fn is_constant(policy: &str) -> bool {
    use muster_roster::profile::Spelt;
    let constant = [PolicyId::SyncField, PolicyId::Seats, PolicyId::Assignment];
    PolicyId::read(policy).is_some_and(|id| constant.contains(&id))
}

/// What is known of a job once it is of an account: what it was answered goes before what the account answers.
pub(super) fn with_account(
    facts: &JobFacts,
    record: &AccountRecord,
    profile: &Profile,
    names: &[String],
) -> Result<JobFacts> {
    let mut answers = accounts::answers_of(&record.facts, profile, names);
    answers.extend(super::open_job::answers_of(facts));
    Ok(JobFacts {
        account: Some(record.id),
        profile: Some(record.profile.clone()),
        policies: json(&answers)?,
        ..facts.clone()
    })
}

fn view_of(record: &AccountRecord, profiles: &Profiles) -> AccountView {
    let facts = &record.facts;
    let profile = profiles.by_id(&record.profile).map(|(profile, _)| profile);
    let list = |(kind, list): (&String, &AccountList)| ListCard {
        kind: kind.clone(),
        count: number(list.values.len()),
        source: list.source.clone(),
        at: list.at.clone(),
    };
    let real = facts.said.real.iter().flat_map(|(kind, all)| {
        all.iter().map(|real| RealSaid { kind: kind.clone(), value: real.value.clone() })
    });
    let choice = |(id, answer): (&String, &String)| {
        let policy = profile.and_then(|profile| profile.policy_named(id));
        let title = policy.map_or(id.as_str(), |policy| policy.title.as_str());
        let chosen = policy.and_then(|policy| policy.choice(answer));
        format!("{title}: {}", chosen.map_or(answer.as_str(), |choice| choice.title.as_str()))
    };
    AccountView {
        id: record.id,
        name: record.name.clone(),
        lms: profile.map_or_else(|| record.profile.clone(), |profile| profile.name.clone()),
        connection: facts.connection.clone(),
        snapshot: facts.snapshot().map(|kept| SnapshotCard {
            id: kept.id,
            at: kept.at.clone(),
            people: kept.people,
            note: kept.note.clone(),
            source: kept.source.clone(),
        }),
        before: number(facts.snapshots.len().saturating_sub(1)),
        lists: facts.lists.iter().map(list).collect(),
        real: real.collect(),
        waivers: facts.said.waivers.clone(),
        day_first: facts.said.day_first.clone(),
        choices: facts.choices.iter().map(choice).collect(),
        columns: number(facts.columns.len()),
        template: facts.template.as_ref().map(|template| template.file.clone()),
        reports: facts.reports.iter().map(|report| report.file.clone()).collect(),
        protected: facts.protected.clone(),
        to_do: facts.to_do.items.clone(),
    }
}

impl AccountOfJob {
    pub(super) fn of(attachment: &Attachment) -> Option<AccountOfJob> {
        let record = attachment.account.as_ref()?;
        Some(AccountOfJob {
            id: record.id,
            name: record.name.clone(),
            open: number(record.facts.to_do.open().count()),
            why: attachment.why.clone(),
        })
    }
}
