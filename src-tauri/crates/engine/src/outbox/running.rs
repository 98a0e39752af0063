//! A push is carried out, or gone on with.

use std::collections::BTreeSet;
use std::time::Duration;

use super::file_drop;
use muster_connect::own_account::Protection;
use muster_connect::pushing::{self, Ended, PushOptions, Record};
use muster_connect::remote_state::{self, Differing};
use muster_connect::{self, OnProgress, RemotePerson, Stop};
use muster_plan::push::{ChangeOutcome, OrderState, PushCounts, PushState, QueuedChange, Secret};
use muster_plan::verify::Verification;
use muster_roster::profile::{Choices, NewGroups};
use muster_store::Store;
use muster_store::outbox::{OrderRecord, PushRecord};
use muster_store::own_accounts::SignedInAs;
use muster_table::error::{Failure, FailureKind, Result};
use muster_table::narrow::count as number;

/// How long it is relied on who was there when a push looked; longer where a look takes long.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// How to come by the store: the window shares one between threads.
pub type WithStore<'s> = &'s dyn Fn(&mut dyn FnMut(&Store) -> Result<()>) -> Result<()>;

/// What carrying out a push needs beside the push.
pub struct RunContext<'a> {
    /// Lends the store; called again for each thing that is written down.
    pub store: WithStore<'a>,
    /// The password or token of the account that it is sent as.
    pub secret: &'a Secret,
    /// The time, ISO 8601.
    pub now: &'a dyn Fn() -> String,
    /// Hears how far it is; answers whether to go on.
    pub on_progress: OnProgress<'a>,
    /// Set to end it; it is looked at between calls and during rests.
    pub stop: Stop,
}

/// A push after it was carried out, and what the LMS has now, where it could be read.
pub struct RunResult {
    /// As it was written down last.
    pub push: PushRecord,
    /// Everybody whom the LMS has; none where it could not be asked, or the push was not through.
    pub people: Option<Vec<RemotePerson>>,
    /// Those of them who are in an export of this LMS.
    pub exported: Vec<bool>,
    /// The interface's names of what it does not tell of them.
    pub untold: BTreeSet<String>,
}

impl RunResult {
    /// Of a push after which nobody has looked at the LMS.
    pub fn without_people(push: PushRecord) -> RunResult {
        RunResult { push, people: None, exported: Vec::new(), untold: BTreeSet::new() }
    }
}

impl RunContext<'_> {
    fn ask<T>(&self, mut ask: impl FnMut(&Store) -> Result<T>) -> Result<T> {
        let mut answer = None;
        (self.store)(&mut |store| {
            answer = Some(ask(store)?);
            Ok(())
        })?;
        answer.ok_or_else(|| Failure::internal("the store did not answer"))
    }
}

struct StoreRecorder<'a> {
    id: u32,
    run: &'a RunContext<'a>,
}

impl Record for StoreRecorder<'_> {
    fn sending(&self, places: &[u32]) -> Result<()> {
        self.run.ask(|store| store.orders_sending(self.id, places))
    }

    fn concluded(&self, all: &[ChangeOutcome]) -> Result<()> {
        let at = (self.run.now)();
        self.run.ask(|store| store.orders_settled(self.id, all, &at))
    }
}

/// Carries out what is still to be sent of a push. Whatever happens, what is known of it is written down.
pub fn carry_out(id: u32, run: &RunContext) -> Result<RunResult> {
    let held = run.ask(|store| store.hold_push(id))?;
    let now = (run.now)();
    let (mut push, orders) = run.ask(|store| store.push_to_send(&held, &now))?;
    must_be_open(&push)?;
    let _alone = match run.ask(|store| store.hold_target(&push, &now)) {
        Ok(alone) => alone,
        Err(failure) if failure.kind == FailureKind::Busy => {
            push.state = PushState::Waiting;
            let later = format!("{} What waits is sent later.", failure.hint);
            push.why = Some(failure.hint(later.trim_start()));
            run.ask(|store| store.set_push(&push))?;
            return Ok(RunResult::without_people(push));
        }
        Err(failure) => return Err(failure),
    };
    let is_dropped = push.facts.delivery.is_some();
    if is_dropped && let Some(by) = run.ask(|store| file_drop::overtaken_by(store, &push))? {
        run.ask(|store| file_drop::close_as_overtaken(store, &mut push, by, &now))?;
        return Ok(RunResult::without_people(push));
    }
    let mut orders: Vec<QueuedChange> = orders.into_iter().map(as_known).collect();
    push.state = PushState::Sending;
    push.why = None;
    push.changed.clear();
    push.started.get_or_insert_with(|| (run.now)());
    run.ask(|store| store.set_push(&push))?;

    let names: Vec<String> = push.facts.titles.keys().cloned().collect();
    let titles = push.facts.titles.clone();
    let titled = move |name: &str| titles.get(name).cloned().unwrap_or_else(|| name.to_owned());
    let recorder = StoreRecorder { id, run };
    let choices = Choices::recorded(&push.facts.policies);
    let takes_back = push.facts.takes_back.is_some();
    let link = muster_connect::open(&push.target, run.secret, &names, run.stop.clone());
    let (ended, link) = match link {
        Ok(mut link) => {
            link.configure(&choices);
            // Whoever is only made is nobody whom the push could be sent as.
            let changes = orders.iter().any(|waiting| !waiting.order.is_new());
            let own = if changes { link.own_account() } else { Ok(None) };
            if let Ok(Some(own)) = &own {
                remember(run, &push, |known| {
                    known.id.clone_from(&own.id);
                    known.login.clone_from(&own.login);
                    known.may_change_administrators = own.may_change_administrators;
                })?;
            }
            let options = PushOptions {
                make_groups: choices.new_groups == Some(NewGroups::Create),
                titles: &titled,
                pass_over_changed: takes_back,
                look_again: |took| LOOK_AGAIN.max(took * 10),
                protection: Protection {
                    own,
                    administrators_released: takes_back
                        || push.facts.releases.contains_key("own-account"),
                },
                stop: run.stop.clone(),
                on_progress: run.on_progress,
            };
            let ended = match push.facts.delivery {
                Some(_) => file_drop::carry_out(link.as_mut(), &mut orders, &recorder, &options),
                None => pushing::carry_out(link.as_mut(), &mut orders, &recorder, &options),
            };
            let found = link.administrators_found();
            if !found.is_empty() {
                remember(run, &push, |known| {
                    known.administrators.extend(found.iter().cloned());
                    known.administrators.sort_unstable();
                    known.administrators.dedup();
                })?;
            }
            (ended, Some(link))
        }
        Err(failure) => (Ok(Ended::Stopped(failure)), None),
    };
    let ended = ended.unwrap_or_else(Ended::Stopped);
    push.counts = run.ask(|store| store.push(id))?.counts;
    let mut people = None;
    let mut exported = Vec::new();
    let mut untold = BTreeSet::new();
    match ended {
        Ended::Through(now) => {
            push.ended = Some((run.now)());
            let left = left_by_hand(run, id)?;
            let mut is_as_planned = true;
            if let (Some(link), Some(now)) = (&link, &now) {
                let (as_planned, differing) =
                    remote_state::compare(link.as_ref(), &orders, now, &titled);
                let done = orders.iter().filter(|o| o.state == OrderState::Done).count();
                is_as_planned = differing.is_empty();
                run.ask(|store| store.orders_seen(id, &seen(&differing)))?;
                push.counts = run.ask(|store| store.push(id))?.counts;
                untold = names.iter().filter(|name| !link.exposes(name)).cloned().collect();
                let unseen = Unseen::of(&orders, &differing, &untold);
                push.proof = Some(Verification {
                    at: (run.now)(),
                    as_planned: as_planned - unseen.people,
                    of: number(done),
                    unseen: unseen.names.iter().map(|name| titled(name)).collect(),
                    people_unseen: unseen.people,
                    by_hand: left.clone(),
                    differing: differing.iter().map(|d| format!("{}: {}", d.who, d.what)).collect(),
                    ..Verification::default()
                });
                exported = now.iter().map(|entry| link.is_exported(entry)).collect();
            }
            push.state = end_state(&push.counts, number(left.len()), is_as_planned);
            people = now;
        }
        Ended::Cut(failure) => {
            push.state = PushState::Waiting;
            let later = format!("{} What waits is sent later.", failure.hint);
            push.why = Some(failure.hint(later.trim_start()));
        }
        Ended::Stopped(failure) => {
            push.state = PushState::Paused;
            push.why = Some(match failure.kind {
                FailureKind::Cancelled => Failure::new(failure.kind, "it was stopped")
                    .hint("Go on whenever you like: nobody is sent twice."),
                _ => failure,
            });
        }
        Ended::Held(failure) => {
            push.state = PushState::Review;
            push.why = Some(failure);
        }
        Ended::Changed(changed) => {
            push.state = PushState::Review;
            push.why = Some(
                Failure::new(FailureKind::Refused, "the LMS has changed since this was planned")
                    .why(format!(
                        "somebody changed {} there",
                        muster_table::words::people(changed.len())
                    ))
                    .hint("Fetch the roster anew, look at the changes, and make the plan again."),
            );
            push.changed = changed;
        }
    }
    run.ask(|store| store.set_push(&push))?;
    if is_dropped && push.counts.done > 0 {
        run.ask(|store| file_drop::close_older(store, &push, &now))?;
    }
    drop(held);
    Ok(RunResult { push, people, exported, untold })
}

/// What was ordered under names that the LMS does not tell: nobody can see whether it came to be.
struct Unseen<'n> {
    names: BTreeSet<&'n str>,
    /// How many people have something ordered there, and are as ordered in all that can be seen.
    people: u32,
}

impl<'n> Unseen<'n> {
    fn of(
        orders: &[QueuedChange],
        differing: &[remote_state::Differing],
        untold: &'n BTreeSet<String>,
    ) -> Unseen<'n> {
        let differing: BTreeSet<u32> = differing.iter().map(|differing| differing.place).collect();
        let mut unseen = Unseen { names: BTreeSet::new(), people: 0 };
        for waiting in orders.iter().filter(|w| w.state == OrderState::Done) {
            let ordered = untold.iter().filter(|name| waiting.order.after.contains_key(*name));
            let ordered: Vec<&str> = ordered.map(String::as_str).collect();
            let is_one = !ordered.is_empty() && !differing.contains(&waiting.place);
            unseen.people += u32::from(is_one);
            unseen.names.extend(ordered);
        }
        unseen
    }
}

/// Remembers what the LMS said of the account that the push is sent as.
fn remember(run: &RunContext, push: &PushRecord, note: impl Fn(&mut SignedInAs)) -> Result<()> {
    run.ask(|store| {
        let before = store.signed_in_as(&push.target)?;
        let mut known = before.clone();
        note(&mut known);
        if known == before { Ok(()) } else { store.remember_signed_in_as(&push.target, &known) }
    })
}

/// Of whom it turned out when they were sent that somebody has to see to them in the LMS, each a sentence.
fn left_by_hand(run: &RunContext, id: u32) -> Result<Vec<String>> {
    let orders = run.ask(|store| store.push_orders(id))?;
    Ok(super::receipt::left_by_hand(&orders).collect())
}

/// What of an order is to be gone on with. Somebody new who was handed over once is asked after first, even if that was
/// said to have had no effect; whoever never was must not be there yet.
fn as_known(order: OrderRecord) -> QueuedChange {
    let mut waiting = order.waiting;
    let was_tried = waiting.order.is_new() && order.at.is_some();
    if waiting.state == OrderState::Waiting && was_tried {
        waiting.state = OrderState::Sending;
    }
    waiting
}

fn must_be_open(push: &PushRecord) -> Result<()> {
    if push.state.is_open() {
        return Ok(());
    }
    let nothing = Failure::state("nothing of this push is left to be sent");
    Err(match (push.state, &push.why) {
        (PushState::Cancelled, Some(why)) => nothing.why(&why.what).hint(&why.hint),
        (PushState::Cancelled, None) => nothing.why("it was cancelled"),
        _ => nothing,
    })
}

/// Puts those back among who is to be sent who were refused, or of whom nobody knows.
pub fn try_again(store: &Store, id: u32) -> Result<()> {
    let _held = store.hold_push(id)?;
    let mut push = store.push(id)?;
    if push.state == PushState::Cancelled {
        return must_be_open(&push);
    }
    if store.orders_again(id)? == 0 && push.counts.refused + push.counts.unknown > 0 {
        return Err(Failure::state("nobody of this push can be tried again")
            .why("their passwords were erased with the receipt")
            .hint("Make the plan again, and send that: it has everybody who did not arrive."));
    }
    push = store.push(id)?;
    if push.counts.waiting > 0 {
        push.state = PushState::Waiting;
        push.why = None;
        push.ended = None;
        store.set_push(&push)?;
    }
    Ok(())
}

/// What becomes of orders that the LMS said were done, and that are not seen to be. Whoever is there, but not quite as
/// ordered, is done with that; of whoever is not, nobody knows what became.
fn seen(differing: &[Differing]) -> Vec<(u32, OrderState, String)> {
    let one = |one: &Differing| {
        let state = if one.is_seen { OrderState::Done } else { OrderState::Unknown };
        let why = format!("the LMS said that this was done; looked at afterwards: {}", one.what);
        (one.place, state, why)
    };
    differing.iter().map(one).collect()
}

/// `left` are those who were sent and have to be seen to by hand.
fn end_state(counts: &PushCounts, left: u32, is_as_planned: bool) -> PushState {
    match (counts.done, counts.refused + counts.unknown + counts.waiting + left) {
        (_, 0) if is_as_planned => PushState::Sent,
        (0, _) => PushState::Failed,
        _ => PushState::Partly,
    }
}
