//! The outbox: pushes that are frozen, sent, gone on with, taken back, and their receipts.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::Engine;
use super::connections::has_secret;
use super::job::{JobView, Progress};
use super::saving::{Saved, absolute};
use crate::outbox::{self, Chosen, Receipt, RunContext, outcome_word, rows_of};
use muster_plan::plan::{Action, Part};
use muster_plan::push::{
    ACTIVE, Delivery, Order, OrderState, PushCounts, PushMeta, PushState, Target, Value,
};
use muster_plan::verify::Verification;
use muster_roster::profile::FileForm;
use muster_roster::profile::connector::connector;
use muster_store::outbox::{OrderRecord, PushRecord};
use muster_store::{Store, own_files};
use muster_table::error::{Failure, FailureKind, Result};
use muster_table::narrow::count as number;
use muster_table::words::people;

/// Pushes that are being carried out by this window.
#[derive(Default)]
pub(super) struct Running(Mutex<HashMap<u32, Arc<Run>>>);

#[derive(Default)]
struct Run {
    stop: Arc<AtomicBool>,
    progress: Mutex<Option<Progress>>,
}

/// A plan that is to be written down as a push, and which part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct FreezePush {
    /// The plan's name, as `PlanView` has it.
    pub plan: String,
    /// The number typed for each hold, by the hold's id.
    pub releases: BTreeMap<String, u32>,
    /// What to remember about it; may be empty.
    pub note: String,
    /// Only the first so many people, to try it.
    pub first: Option<u32>,
    /// Only people of these keys; everybody where there are none.
    pub only: Vec<String>,
    /// Only who stands at these places of the plan, as `plan_people` tells them; everybody where there are none.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(optional, as = "Option<Vec<u32>>"))]
    pub places: Vec<u32>,
    /// It was turned on that a way is used that nobody has tried yet.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(optional, as = "Option<bool>"))]
    pub untried: bool,
}

/// A push that is to be sent, or gone on with.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct SendRequest {
    /// The push's number.
    pub id: u32,
    /// The password or token, where the keychain has none.
    pub secret: Option<String>,
}

/// Names a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct PushId {
    /// As `PushCard::id` has it.
    pub id: u32,
}

/// A push, as the outbox lists it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct PushCard {
    /// By which requests and sentences name it: "push 7".
    pub id: u32,
    /// The list that it is of; none for one that the command began.
    pub job: Option<u32>,
    /// The list's name, or what it takes back.
    pub title: String,
    /// When it was written down, ISO 8601 in UTC.
    pub at: String,
    /// Where it stands.
    pub state: PushState,
    /// The state in words.
    pub says: String,
    /// Where it goes.
    pub connection: String,
    /// What the connection was called when the push was written down, where it was a saved one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub connection_name: Option<String>,
    /// How many people stand where.
    pub counts: PushCounts,
    /// When it was begun, ISO 8601; none while nothing was sent.
    pub started: Option<String>,
    /// When its last run ended, ISO 8601; none before that.
    pub ended: Option<String>,
    /// Why it is not finished.
    pub why: Option<Failure>,
    /// What somebody else changed since it was planned.
    pub changed: Vec<String>,
    /// How the LMS was found afterwards; none where nobody could look, or has not yet.
    pub proof: Option<Verification>,
    /// What is to be done by hand, each a sentence.
    pub by_hand: Vec<String>,
    /// What of the push that it takes back cannot be taken back.
    pub cannot: Vec<String>,
    /// How many whom that push made had a password, which is kept nowhere any more.
    pub passwords_erased: u32,
    /// The push that it takes back; none for one of a plan.
    pub takes_back: Option<u32>,
    /// What was written about it; may be empty.
    pub note: String,
    /// Who wrote it down: the account on this computer.
    pub by: String,
    /// As whom it is sent: the account there.
    pub account: String,
    /// How far it is, while it is being sent.
    pub progress: Option<Progress>,
    /// Whether nothing has to be typed to go on.
    pub has_secret: bool,
    /// The file, where it goes as one.
    pub delivery: Option<Delivery>,
    /// "Password", "Token".
    pub secret: String,
}

/// A part of the people of a push.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct PushPeopleRequest {
    /// The push's number.
    pub id: u32,
    /// Only people who stand so; none for all.
    pub outcome: Option<OrderState>,
    /// Only people whose key, name or login holds this text; empty for all.
    pub search: String,
    /// The first that is wanted, counted from 0 in what the filter leaves.
    pub first: u32,
    /// How many are wanted.
    pub count: u32,
}

/// People of a push, those who need somebody first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct PushPeople {
    /// How many the filter leaves, on all pages.
    pub total: u32,
    /// Those of this page.
    pub people: Vec<PushPerson>,
}

/// What became of one person of a push.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct PushPerson {
    /// The key that the plan had for them; may be empty for somebody new.
    pub key: String,
    /// Their name, else their login.
    pub name: String,
    /// The line of the file, for people who were in it.
    pub line: Option<u32>,
    /// What was to become of them.
    pub action: Action,
    /// Where that stands.
    pub outcome: OrderState,
    /// Why they were refused, left out or are not known of, in the LMS's words or Muster's; else empty.
    pub why: String,
    /// The LMS's own id of somebody new.
    pub new_key: Option<String>,
    /// When that was written down, ISO 8601; none before that.
    pub at: Option<String>,
    /// What is sent of this person, beside a password.
    pub changes: Vec<PushChange>,
    /// Whether a password is set, or was.
    pub password: bool,
}

/// A value that is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct PushChange {
    /// The field, as it is called on screen.
    pub title: String,
    /// What the LMS had, each value by itself; empty for somebody new.
    pub before: Vec<String>,
    /// What it is to have.
    pub after: Vec<String>,
}

/// A receipt that is to be written to a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct SaveReceipt {
    /// The push's number.
    pub id: u32,
    /// `.json` for the receipt as a whole, else a CSV of people.
    pub path: String,
    /// Only people with this outcome.
    pub outcome: Option<OrderState>,
    /// The person has said that a file of this name may be replaced.
    pub replace: bool,
}

/// What sending came to, and the open list, where it changed with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Sent {
    /// The push as it stands now.
    pub push: PushCard,
    /// None where the push is not of the open list, or has not ended.
    pub job: Option<JobView>,
}

impl Engine {
    /// Writes a plan down as a push. Nothing is sent yet.
    pub fn freeze_push(&self, request: FreezePush) -> Result<PushCard> {
        let id = self.with_job(|job| {
            let plan = job.plan_of(&request.plan)?;
            plan.must_protect(&self.protected_now(job.facts())?)?;
            let connection = job.facts().sends_by.ok_or_else(|| {
                Failure::state("no connection is chosen").hint("Choose how to send it first.")
            })?;
            let connection = self.connection(connection)?;
            let chosen = Chosen {
                releases: request.releases,
                note: request.note,
                part: Part {
                    first: request.first,
                    keys: &request.only,
                    rows: &[],
                    places: &request.places,
                },
                untried: request.untried,
                title: job.facts().name.clone(),
                connection: Some(connection.name),
                account: job.facts().account,
                steps: Some(job.steps_done()),
            };
            let target = connection.target;
            let (at, of) = (self.now(), job.id());
            let frozen = (plan.as_ref(), job.checker());
            let id = self.store(|store| {
                Ok(outbox::freeze(store, Some(of), frozen, &target, &chosen, &at)?)
            })?;
            self.planned_for_account(job, &plan)?;
            Ok(id)
        })?;
        self.push_card(id)
    }

    /// All pushes, the newest first.
    pub fn outbox(&self, _: ()) -> Result<Vec<PushCard>> {
        let pushes = self.store(|store| store.pushes())?;
        Ok(pushes.into_iter().map(|push| self.card_of(push)).collect())
    }

    /// Sends what is still to be sent of a push; nobody is sent twice. Takes as long as the LMS takes.
    pub fn send(&self, request: SendRequest) -> Result<Sent> {
        let now = self.now();
        let target = self.store(|store| as_set_up_now(store, request.id, &now))?;
        let secret = self.secret_for(&target, request.secret)?;
        let run = self.running.begin(request.id)?;
        let told = |what: &str, done: usize, of: usize| {
            run.report(what, done, of);
            !run.stop.load(Relaxed)
        };
        let result = outbox::carry_out(
            request.id,
            &RunContext {
                store: &|ask| self.store(|store| ask(store)),
                secret: &secret,
                now: &|| self.now(),
                on_progress: &told,
                stop: run.stop.clone(),
            },
        );
        self.running.end(request.id);
        let result = result?;
        let job = self.apply_push(&result)?;
        Ok(Sent { push: self.push_card(request.id)?, job })
    }

    /// Stops a push after the people who are being sent just now. It waits in the outbox.
    pub fn stop_push(&self, request: PushId) -> Result<()> {
        self.running.stop(request.id);
        Ok(())
    }

    /// Sends nothing more of a push, ever.
    pub fn cancel_push(&self, request: PushId) -> Result<PushCard> {
        let now = self.now();
        self.store(|store| outbox::cancel(store, request.id, &now))?;
        self.push_card(request.id)
    }

    /// Puts those back among who is to be sent who were refused, or of whom nobody knows.
    pub fn retry_push(&self, request: PushId) -> Result<PushCard> {
        self.store(|store| outbox::try_again(store, request.id))?;
        self.push_card(request.id)
    }

    /// Writes down a push that takes another one back. Nothing is sent yet.
    pub fn way_back(&self, request: PushId) -> Result<PushCard> {
        let now = self.now();
        let id = self.store(|store| outbox::undo_push(store, request.id, &now))?;
        self.push_card(id)
    }

    /// What became of the people of a push.
    pub fn push_people(&self, request: PushPeopleRequest) -> Result<PushPeople> {
        let (push, orders) =
            self.store(|store| Ok((store.push(request.id)?, store.push_orders(request.id)?)))?;
        let wanted = request.search.trim().to_lowercase();
        let mut found: Vec<&OrderRecord> = orders
            .iter()
            .filter(|order| request.outcome.is_none_or(|state| stands_so(order, state)))
            .filter(|order| {
                let task = &order.waiting.order;
                wanted.is_empty()
                    || [&task.key, &task.name, &task.login]
                        .iter()
                        .any(|text| text.to_lowercase().contains(&wanted))
            })
            .collect();
        // What needs somebody comes first.
        found.sort_by_key(|order| rank(order.waiting.state));
        let page = found.iter().skip(request.first as usize).take(request.count as usize);
        Ok(PushPeople {
            total: number(found.len()),
            people: page.map(|order| PushPerson::of(order, &push.facts)).collect(),
        })
    }

    /// Writes a receipt to a file of the person's choice.
    pub fn save_receipt(&self, request: SaveReceipt) -> Result<Saved> {
        let path = absolute(&request.path);
        let (push, orders) =
            self.store(|store| Ok((store.push(request.id)?, store.push_orders(request.id)?)))?;
        let whole = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        let (bytes, about) = if whole {
            let receipt = Receipt::of(&push, &orders);
            let text = serde_json::to_string_pretty(&receipt)
                .map_err(|e| Failure::internal("the receipt could not be written").why(e))?;
            ((text + "\n").into_bytes(), "the whole receipt".to_owned())
        } else {
            let rows =
                rows_of(&orders, |state| request.outcome.is_none_or(|wanted| wanted == state));
            let count = rows.len() - 1;
            let form = FileForm { bom: true, ..FileForm::default() };
            let cells = rows.into_iter().map(|row| row.into_iter().map(Into::into).collect());
            (form.text(cells.map(|row: Vec<_>| row))?, people(count))
        };
        own_files::write_private(&path, &bytes, request.replace)?;
        Ok(Saved { path: path.to_string_lossy().into_owned(), about })
    }

    fn push_card(&self, id: u32) -> Result<PushCard> {
        let push = self.store(|store| store.push(id))?;
        Ok(self.card_of(push))
    }

    fn card_of(&self, push: PushRecord) -> PushCard {
        let progress = self.running.progress(push.id);
        let connector = connector(&push.target.connector);
        // A keychain is slow to answer, and the outbox is looked at often.
        let may_go_on = !matches!(push.state, PushState::Sent | PushState::Cancelled);
        let has_secret = may_go_on && has_secret(&push.target);
        let title = match push.facts.takes_back {
            Some(id) => format!("Take back push {id}"),
            None => push.facts.title,
        };
        PushCard {
            id: push.id,
            job: push.job,
            title,
            at: push.at,
            says: push.state.says().to_owned(),
            state: push.state,
            connection: push.target.shown(),
            connection_name: push.facts.connection,
            counts: push.counts,
            started: push.started,
            ended: push.ended,
            why: push.why,
            changed: push.changed,
            proof: push.proof,
            by_hand: push.facts.by_hand,
            cannot: push.facts.cannot,
            passwords_erased: push.facts.passwords_erased,
            takes_back: push.facts.takes_back,
            note: push.facts.note,
            by: push.facts.by,
            account: push.target.user,
            progress,
            has_secret,
            delivery: push.facts.delivery,
            secret: connector.map_or("Password", |c| c.secret).to_owned(),
        }
    }
}

/// Where a push goes. What was put right since in the options of its connection, such as the key of the computer, holds for
/// what waits too.
fn as_set_up_now(store: &Store, id: u32, at: &str) -> Result<Target> {
    let held = store.hold_push(id)?;
    let (mut push, _) = store.push_to_send(&held, at)?;
    let same = |target: &Target| {
        let place = |t: &Target| (t.connector.clone(), t.address.clone(), t.user.clone());
        place(target) == place(&push.target)
    };
    let named = |name: &str| push.facts.connection.as_deref() == Some(name);
    let now = store.connections()?.into_iter().find(|c| named(&c.name) && same(&c.target));
    if let Some(now) = now.filter(|now| now.target.options != push.target.options) {
        push.target.options = now.target.options;
        store.set_push_target(id, &push.target)?;
    }
    Ok(push.target)
}

/// Whoever is on their way waits too.
fn stands_so(order: &OrderRecord, wanted: OrderState) -> bool {
    let state = order.waiting.state;
    state == wanted || (wanted == OrderState::Waiting && state == OrderState::Sending)
}

fn rank(state: OrderState) -> u8 {
    match state {
        OrderState::Refused => 0,
        OrderState::Unknown => 1,
        OrderState::Sending => 2,
        OrderState::Waiting => 3,
        OrderState::Done => 4,
        OrderState::LeftOut => 5,
        OrderState::ByHand => 6,
        OrderState::Ignored => 7,
        OrderState::NotChosen => 8,
    }
}

impl PushPerson {
    fn of(order: &OrderRecord, facts: &PushMeta) -> PushPerson {
        let task = &order.waiting.order;
        let state = order.waiting.state;
        let given = task.is_new() && outcome_word(state) == "done" && !order.lms_id.is_empty();
        PushPerson {
            key: task.key.clone(),
            name: if task.name.is_empty() { task.login.clone() } else { task.name.clone() },
            line: task.line,
            action: task.action,
            outcome: state,
            why: order.why.clone(),
            new_key: given.then(|| order.lms_id.clone()),
            at: order.at.clone(),
            // The order of a file says nothing about a person.
            password: facts.delivery.is_none()
                && (order.password_erased || order.waiting.password.is_some()),
            changes: if facts.delivery.is_some() { Vec::new() } else { changes(task, facts) },
        }
    }
}

fn changes(task: &Order, facts: &PushMeta) -> Vec<PushChange> {
    let title = |name: &String| match facts.titles.get(name) {
        Some(title) => title.clone(),
        None if name == ACTIVE => "Active".to_owned(),
        None => name.clone(),
    };
    let in_words = |name: &str, text: &String| match text.as_str() {
        "true" if name == ACTIVE => "yes".to_owned(),
        "false" if name == ACTIVE => "no".to_owned(),
        _ => text.clone(),
    };
    let told = |name: &str, value: Option<&Value>| -> Vec<String> {
        let all = value.map(Value::many).unwrap_or_default();
        all.iter().map(|text| in_words(name, text)).collect()
    };
    let change = |(name, after): (&String, &Value)| PushChange {
        title: title(name),
        before: told(name, task.before.get(name)),
        after: told(name, Some(after)),
    };
    task.after.iter().map(change).collect()
}

impl Running {
    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<u32, Arc<Run>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, id: u32) -> Result<Arc<Run>> {
        let mut all = self.all();
        if all.contains_key(&id) {
            return Err(Failure::new(FailureKind::Busy, "this push is being sent already"));
        }
        Ok(all.entry(id).or_default().clone())
    }

    fn end(&self, id: u32) {
        self.all().remove(&id);
    }

    fn stop(&self, id: u32) {
        if let Some(run) = self.all().get(&id) {
            run.stop.store(true, Relaxed);
        }
    }

    fn progress(&self, id: u32) -> Option<Progress> {
        let run = self.all().get(&id).cloned()?;
        let progress = run.progress.lock().unwrap_or_else(PoisonError::into_inner);
        progress.clone()
    }
}

impl Run {
    fn report(&self, what: &str, done: usize, of: usize) {
        let progress =
            Progress { id: None, what: what.to_owned(), done: number(done), of: number(of) };
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = Some(progress);
    }
}
