//! Plan & send: policies, the plan per person, holds, the upload kit.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::open_job::{OpenJob, answers_of};
use super::opening::json;
use super::{Engine, nothing_open};
use crate::upload::make_kit;
use muster_plan::kit::{self, KitMade};
use muster_plan::plan::{Action, Gate, Only, Part, PersonPlan, PlanView, Protected};
use muster_plan::push::Target;
use muster_plan::worksheet::{self, PlanFor};
use muster_roster::profile::connector::{Connector, KIT};
use muster_roster::profile::{Choices, Policy, PolicyId, Profile, Takes};
use muster_store::account;
use muster_store::events::{Event, EventKind, KitFacts};
use muster_store::jobs::JobFacts;
use muster_table::error::{Failure, Result};
use muster_table::narrow::count as number;
use muster_table::words::people;

/// What is to be planned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct PlanRequest {
    /// Policies by id; those left out stay as they are.
    pub policies: BTreeMap<String, String>,
    /// `changed` or `all`.
    pub only: String,
    /// The rows of whom it is about, from [`Engine::plan_rows`]; left out for everybody.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub rows: Option<Vec<u32>>,
}

/// Some of the people of a plan, for a kit of their own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct PlanRowsRequest {
    /// The plan's name, as `PlanView` has it; an older one is refused as stale.
    pub plan: String,
    /// Where they stand in the plan, as `PlanPeople::places` has it.
    pub places: Vec<u32>,
    /// Not those, but everybody else who would be sent.
    pub others: bool,
}

/// A part of the people of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct PlanPeopleRequest {
    /// The plan's name, as `PlanView` has it; an older one is refused as stale.
    pub plan: String,
    /// Only people with this action; none for all.
    pub action: Option<Action>,
    /// Only people whose key or name holds this text; empty for all.
    pub search: String,
    /// The first that is wanted, counted from 0 in what the filter leaves.
    pub first: u32,
    /// How many are wanted.
    pub count: u32,
}

/// People of a plan, removals first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct PlanPeople {
    /// How many the filter leaves, on all pages.
    pub total: u32,
    /// Those of this page.
    pub people: Vec<PersonPlan>,
    /// Where each of them stands in the plan, by which they can be chosen for a push.
    pub places: Vec<u32>,
}

/// A filter of the people of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct PlanPlacesRequest {
    /// The plan's name, as `PlanView` has it; an older one is refused as stale.
    pub plan: String,
    /// Only people with this action; none for all.
    pub action: Option<Action>,
    /// Only people whose key or name holds this text; empty for all.
    pub search: String,
}

/// Where somebody of whom something is sent stands in a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct PlanPlace {
    /// Counted from 0 through all people of the plan, by which `FreezePush::places` names them.
    pub place: u32,
    /// Their row, by which they are known in other plans; none for somebody who is not in the file.
    pub row: Option<u32>,
    /// Their key, by which somebody is known who is not in the file.
    pub key: String,
    /// What would become of them.
    pub action: Action,
}

/// A plan of which is asked whether it may be sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct GateRequest {
    /// The plan's name, as `PlanView` has it; an older one is refused as stale.
    pub plan: String,
    /// The number typed for each hold, by the hold's id.
    pub releases: BTreeMap<String, u32>,
    /// Where those stand in the plan who are to be sent; everybody where it is empty.
    #[serde(default)]
    pub places: Vec<u32>,
    /// Only the first so many of them.
    #[serde(default)]
    pub first: Option<u32>,
}

/// An upload kit that is to be written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct KitRequest {
    /// The plan's name, as `PlanView` has it; an older one is refused as stale.
    pub plan: String,
    /// The folder to make; it appears whole or not at all.
    pub folder: String,
    /// The number typed for each hold, by the hold's id.
    pub releases: BTreeMap<String, u32>,
    /// What to remember about it; may be empty.
    pub note: String,
}

impl Engine {
    /// The connector by which a job is sent; none for the upload kit, or where the connection is gone.
    pub(super) fn connector_of(&self, facts: &JobFacts) -> Result<Option<&'static Connector>> {
        Ok(self.target_of(facts)?.and_then(|target| target.connector().ok()))
    }

    fn target_of(&self, facts: &JobFacts) -> Result<Option<Target>> {
        let Some(id) = facts.sends_by else { return Ok(None) };
        let saved = self.store(|store| store.connections())?;
        Ok(saved.into_iter().find(|c| c.id == id).map(|c| c.target))
    }

    /// What the LMS would do to each person, under the policies chosen now and before. Some rules depend on them too.
    pub fn plan(&self, request: PlanRequest) -> Result<PlanView> {
        let mut place = self.lock_job();
        let job = place.as_mut().ok_or_else(nothing_open)?;
        job.chosen().must_be_certain()?;
        let connector = self.connector_of(job.facts())?;
        let profile = worksheet::carried_by(job.worksheet().profile(), connector)?;
        let mut made = worksheet::fitting(&profile, answers_of(job.facts()));
        made.extend(profile.answers(&request.policies, job.table().names())?);
        let mut choices = Choices::of(&profile, &made);
        // Where nobody said which column says who somebody is, it is the one by which people were found.
        if let (Some(pair), Some(policy), false) =
            (job.worksheet().known_by(), profile.policy(PolicyId::SyncField), choices.key_is_said)
        {
            choices.answer(policy, &pair.of_lms);
        }
        let working = self.work.begin();
        let seen = rules_may_differ(&profile, &job.checker().context().choices, &choices)
            .then(|| job.rebuilt(&working, |sources| sources.answers.clone_from(&made)))
            .transpose()?;
        working.stand_firm();
        let chosen = json(&made)?;
        if chosen != job.facts().policies {
            self.commit_facts(job, JobFacts { policies: chosen, ..job.facts().clone() })?;
        }
        if let Some(seen) = seen {
            job.take_rebuilt(seen);
        }
        working.step(format!("Planning for {}", people(job.table().len())), 0);
        let only = Only::of(&request.only);
        let snapshot_age = job.snapshot_age(&self.now());
        let protected = self.protected_now(job.facts())?;
        let there = job.facts().completed.there.clone();
        let asked = PlanFor { connector, choices, only, snapshot_age, protected, there };
        let mut plan = match request.rows {
            Some(rows) => {
                worksheet::plan_of_part(job.checker(), asked, |_| rows.into_iter().collect())
            }
            None => worksheet::plan(job.checker(), asked),
        };
        job.completed().tell(&mut plan);
        let view = plan.view(&self.now());
        job.is_planned(plan);
        Ok(view)
    }

    /// Who is not taken away by what is planned of a list.
    pub(super) fn protected_now(&self, facts: &JobFacts) -> Result<Protected> {
        let target = self.target_of(facts)?;
        let account = self.account_of(facts);
        let account = account.as_ref().map(|account| &account.facts);
        self.store(|store| crate::accounts::protected_of(store, account, target.as_ref()))
    }

    /// Whether a plan may be sent, with the number typed for each hold.
    pub fn plan_gate(&self, request: GateRequest) -> Result<Gate> {
        self.with_job(|job| {
            let part = Part { places: &request.places, first: request.first, ..Part::default() };
            let mut gate = job.plan_of(&request.plan)?.gate_of(part, &request.releases);
            let one = worksheet::must_be_one_key(&job.roster().profile, job.table().names());
            if let Err(failure) = one {
                gate.is_blocked(format!("{}: {}. {}", failure.what, failure.why, failure.hint));
            }
            Ok(gate)
        })
    }

    /// The people of a plan, removals first.
    pub fn plan_people(&self, request: PlanPeopleRequest) -> Result<PlanPeople> {
        self.with_job(|job| {
            let plan = job.plan_of(&request.plan)?;
            let all = plan.found(request.action, &request.search);
            let page = all.iter().skip(request.first as usize).take(request.count as usize);
            let (places, people) = page.map(|(at, person)| (*at, (*person).clone())).unzip();
            Ok(PlanPeople { total: number(all.len()), people, places })
        })
    }

    /// Where those stand of whom something is sent, on all pages of what a filter shows.
    pub fn plan_places(&self, request: PlanPlacesRequest) -> Result<Vec<PlanPlace>> {
        self.with_job(|job| {
            let plan = job.plan_of(&request.plan)?;
            let all = plan.found(request.action, &request.search).into_iter();
            let place = |(place, person): (u32, &PersonPlan)| {
                person.action.changes().then(|| PlanPlace {
                    place,
                    row: person.row,
                    key: person.key.clone(),
                    action: person.action,
                })
            };
            Ok(all.filter_map(place).collect())
        })
    }

    /// The rows of some of the people of a plan, or of everybody else of whom something is sent: what a plan of a part is
    /// asked with.
    pub fn plan_rows(&self, request: PlanRowsRequest) -> Result<Vec<u32>> {
        self.with_job(|job| {
            let plan = job.plan_of(&request.plan)?;
            let part = Part { places: &request.places, ..Part::default() };
            let these = plan.rows_of(part, |_| false);
            if !request.others {
                return Ok(these.into_iter().collect());
            }
            let all = plan.rows_of(Part::default(), |_| false);
            Ok(all.into_iter().filter(|row| !these.contains(row)).collect())
        })
    }

    /// Writes the upload kit. A plan that no longer fits is refused, and so is one that is held and not released.
    pub fn make_kit(&self, request: KitRequest) -> Result<KitMade> {
        self.with_job(|job| {
            worksheet::must_be_one_key(&job.roster().profile, job.table().names())?;
            let plan = job.plan_of(&request.plan)?;
            plan.must_protect(&self.protected_now(job.facts())?)?;
            if plan.connector != &KIT {
                return Err(Failure::state("this plan is for sending")
                    .hint("Choose the upload kit, and make the plan anew."));
            }
            let working = self.work.begin_firmly();
            working.step("Writing the upload kit", 0);
            let at = self.now();
            let wanted = kit::KitOptions {
                releases: &request.releases,
                note: &request.note,
                at: &at,
                by: &account(),
                account: job.account_name().unwrap_or_default(),
            };
            let folder = Path::new(&request.folder);
            let (mut made, planned) = make_kit(&plan, job.checker(), folder, &wanted)?;
            let upload = made.files.iter().find(|file| file.name.starts_with("upload"));
            let event = Event {
                at,
                kind: EventKind::Kit,
                title: format!("Made an upload kit for {}", plan.profile.called()),
                detail: request.note,
                id: None,
                people: Some(plan.counts.changed()),
                sha256: upload.map(|file| file.sha256.clone()),
                path: Some(made.folder.clone()),
            };
            let facts = KitFacts {
                files: json(&made.files)?,
                snapshot: job.snapshots().first().map(|snapshot| snapshot.id),
                planned: 0,
            };
            let kept = self.store(|store| Ok(store.blobs()))?.keep(&planned.to_json()?)?;
            made.id = self.store(|store| {
                store.mark_sent(job.lock())?;
                store.add_kit(job.lock(), &event, facts, kept).map(Some)
            })?;
            self.planned_for_account(job, &plan)?;
            Ok(made)
        })
    }
}

/// Whether rules can depend on what is answered otherwise now. A note or a message changes no finding.
fn rules_may_differ(profile: &Profile, before: &Choices, now: &Choices) -> bool {
    let matters =
        |policy: &&Policy| !matches!(policy.takes, Takes::Text | Takes::Values | Takes::Assignment);
    let mut policies = profile.policies.iter().filter(matters);
    policies.any(|policy| before.answer_to(policy) != now.answer_to(policy))
}

impl OpenJob {
    /// How many days ago the newest snapshot was taken.
    fn snapshot_age(&self, now: &str) -> Option<u32> {
        let second = |at: &str| at.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_second);
        let taken = second(&self.snapshots().first()?.facts.at)?;
        worksheet::days_between(taken, second(now)?)
    }
}
