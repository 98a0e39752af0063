//! Carries out a push: asks the LMS who is there, compares that with what the plan was made from, hands over orders in
//! batches, and finds out what became of each. It knows no LMS.
//!
//! Whatever happens in between, nobody is made twice: before an order is handed over it is written down as being sent,
//! and one that is found so later is looked up in the LMS first.

#![expect(clippy::disallowed_methods, reason = "what was seen is seen for a time")]

mod lost_answers;

use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;

use super::link::{ChangeRequest, ChangeResult, Link, RemotePerson};
use super::own_account::{self, Protection};
use super::remote_state::{
    RemoteState, changed_since, is_as_ordered, is_somebody_else, written_meanwhile,
};
use super::{OnProgress, Stop};
use lost_answers::{Found, find_out, left_by_hand};
use muster_plan::plan::Action;
use muster_plan::push::{ChangeOutcome, OrderState, QueuedChange, WAS_SO};
use muster_table::error::{Failure, FailureKind, Result};

/// Writes down where each order stands. What it has returned from survives the end of the process.
pub trait Record {
    /// These orders, by their places, are about to be handed over: from here on their outcome is not known.
    fn sending(&self, places: &[u32]) -> Result<()>;
    /// What became of these. One that was surely not sent is waiting again.
    fn concluded(&self, all: &[ChangeOutcome]) -> Result<()>;
}

/// What a push is asked to do beside its orders.
pub struct PushOptions<'a> {
    /// Groups that the LMS does not have are made.
    pub make_groups: bool,
    /// What each value of the interface is called on screen.
    pub titles: &'a dyn Fn(&str) -> String,
    /// Whoever was changed by somebody else is passed over and named, where it would else stop the push.
    pub pass_over_changed: bool,
    /// After how long who is there is looked at again, while there is more to send, by how long a look took.
    pub look_again: fn(Duration) -> Duration,
    /// Who must not be cut off by it.
    pub protection: Protection,
    /// Set to end the push; it is looked at before each batch and during rests.
    pub stop: Stop,
    /// Hears what is being done, such as "Sending", and how many of how many; answers whether to go on.
    pub on_progress: OnProgress<'a>,
}

/// How a run of a push ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Ended {
    /// Every order has an outcome. What the LMS has now, where it could be read.
    Through(Option<Vec<RemotePerson>>),
    /// The network is gone, or the LMS takes no more for now; to be sent later.
    Cut(Failure),
    /// Something that a person has to put right first.
    Stopped(Failure),
    /// It would take away whoever must not be, or may: nothing more was sent, and the plan has to be made again.
    Held(Failure),
    /// Somebody changed these people since the plan was made. Nothing more was sent.
    Changed(Vec<String>),
}

/// So many people one after the other who could not be sent are no fault of theirs: the LMS takes nothing for now.
const STALLED: usize = 3;

/// Carries out the orders that have no outcome yet.
pub fn carry_out(
    link: &mut dyn Link,
    orders: &mut [QueuedChange],
    record: &dyn Record,
    options: &PushOptions,
) -> Result<Ended> {
    if !link.reads() {
        let nobody = RemoteState::new(&[]);
        let ended = send_all(link, orders, (&nobody, None), record, options)?;
        return Ok(ended.unwrap_or(Ended::Through(None)));
    }
    loop {
        if let Some(ended) = look_and_send(link, orders, record, options)? {
            return Ok(ended);
        }
        if !orders.iter().any(|waiting| waiting.state.is_open()) {
            break;
        }
    }
    match link.people(options.on_progress) {
        Ok(people) => Ok(Ended::Through(Some(people))),
        // What was done is written down, but nobody has seen it: it is looked at when the push is gone on with.
        Err(failure) => Ok(ended_by(not_seen(failure))),
    }
}

/// Looks who is there, and sends until everybody was or it is time to look again: what was seen a while ago may have been
/// changed by somebody else. Says how it ended, where it did.
fn look_and_send(
    link: &mut dyn Link,
    orders: &mut [QueuedChange],
    record: &dyn Record,
    options: &PushOptions,
) -> Result<Option<Ended>> {
    let begun = Instant::now();
    let people = match link.people(options.on_progress) {
        Ok(people) => people,
        Err(failure) => return Ok(Some(ended_by(failure))),
    };
    let until = Instant::now() + (options.look_again)(begun.elapsed());
    let now = RemoteState::new(&people);
    let mut outcomes = Vec::new();
    match own_account::look(link, orders, &now, &options.protection) {
        Ok(built_in) => outcomes.extend(built_in.into_iter().map(|at| {
            let why = "left alone: this is an account of the LMS itself".to_owned();
            orders[at].conclude(OrderState::Refused, why, String::new())
        })),
        Err(failure) if failure.kind == FailureKind::Refused => {
            return Ok(Some(Ended::Held(failure)));
        }
        Err(failure) => return Ok(Some(ended_by(failure))),
    }
    let mut changed = Vec::new();
    for waiting in orders.iter_mut() {
        let entry = now.find(&waiting.order);
        match waiting.state {
            OrderState::Sending if is_as_ordered(link, waiting, entry) => {
                let id = entry.map_or(waiting.order.id.clone(), |entry| entry.id.clone());
                outcomes.push(waiting.conclude(OrderState::Done, String::new(), id));
            }
            OrderState::Waiting | OrderState::Sending => {
                let been_there = entry.filter(|entry| link.has_logged_in(entry));
                let what = match waiting.state {
                    // Whom an undoing takes away was made by Muster, and may have begun to learn since.
                    OrderState::Waiting
                        if options.pass_over_changed
                            && waiting.order.action == Action::Delete
                            && been_there.is_some() =>
                    {
                        Some(format!("{}: has logged in there", waiting.order.who()))
                    }
                    OrderState::Waiting => {
                        let is_back = options.pass_over_changed;
                        changed_since(link, &waiting.order, entry, options.titles, is_back)
                            .or_else(|| now.is_elsewhere(link, &waiting.order))
                    }
                    // What was begun is gone on with, but not on somebody who came in between, nor over what somebody
                    // else wrote meanwhile.
                    _ => is_somebody_else(link, &waiting.order, entry)
                        .or_else(|| written_meanwhile(link, &waiting.order, entry, options.titles)),
                };
                if let Some(what) = what {
                    if options.pass_over_changed {
                        let why = format!("left alone, because somebody changed it since: {what}");
                        outcomes.push(waiting.conclude(OrderState::Refused, why, String::new()));
                    } else {
                        changed.push(what);
                    }
                } else if waiting.state == OrderState::Waiting
                    && !waiting.order.is_new()
                    && waiting.order.after.keys().all(|name| link.exposes(name))
                    && is_as_ordered(link, waiting, entry)
                {
                    // Somebody else did the same. It is not ours to take back.
                    let id = waiting.order.id.clone();
                    outcomes.push(waiting.conclude(OrderState::Done, WAS_SO.to_owned(), id));
                }
            }
            _ => {}
        }
    }
    record.concluded(&outcomes)?;
    if !changed.is_empty() {
        return Ok(Some(Ended::Changed(changed)));
    }
    if let Some(ended) = groups(link, orders, record, options)? {
        return Ok(Some(ended));
    }
    // What was sent before, and could not be looked at then.
    if !orders.iter().any(|waiting| waiting.state.is_open()) {
        return Ok(Some(Ended::Through(Some(people))));
    }
    send_all(link, orders, (&now, Some(until)), record, options)
}

fn not_seen(failure: Failure) -> Failure {
    let what = "all is sent, but the LMS could not be looked at afterwards";
    Failure::new(failure.kind, what)
        .why(format!("{}: {}", failure.what, failure.why).trim_end_matches(": "))
        .hint("Go on later: it is only looked at then, and nobody is sent twice.")
}

fn ended_by(failure: Failure) -> Ended {
    match failure.kind {
        FailureKind::Network => Ended::Cut(failure),
        _ => Ended::Stopped(failure),
    }
}

/// Makes the groups that are not there, or holds back whom they concern.
fn groups(
    link: &mut dyn Link,
    orders: &mut [QueuedChange],
    record: &dyn Record,
    options: &PushOptions,
) -> Result<Option<Ended>> {
    let open = |w: &&QueuedChange| matches!(w.state, OrderState::Waiting | OrderState::Sending);
    let missing_groups =
        link.missing_groups(&orders.iter().filter(open).map(|w| &w.order).collect::<Vec<_>>());
    if missing_groups.is_empty() {
        return Ok(None);
    }
    if options.make_groups {
        for (at, name) in missing_groups.iter().enumerate() {
            if !(options.on_progress)("Making groups", at, missing_groups.len()) {
                return Ok(Some(Ended::Stopped(super::http::cancelled())));
            }
            if let Err(failure) = link.make_group(name) {
                return Ok(Some(ended_by(failure)));
            }
        }
        return Ok(None);
    }
    let mut outcomes = Vec::new();
    for waiting in orders.iter_mut().filter(|w| w.state == OrderState::Waiting) {
        let missing = link.missing_groups(&[&waiting.order]);
        if !missing.is_empty() {
            let names: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
            let why = format!(
                "the LMS has no group {}, and making groups was not chosen",
                names.join(", ")
            );
            outcomes.push(waiting.conclude(OrderState::Refused, why, String::new()));
        }
    }
    record.concluded(&outcomes)?;
    Ok(None)
}

fn send_all(
    link: &mut dyn Link,
    orders: &mut [QueuedChange],
    (now, until): (&RemoteState, Option<Instant>),
    record: &dyn Record,
    options: &PushOptions,
) -> Result<Option<Ended>> {
    let is_open = |w: &QueuedChange| matches!(w.state, OrderState::Waiting | OrderState::Sending);
    let mut open: Vec<usize> = (0..orders.len()).filter(|&at| is_open(&orders[at])).collect();
    let steps: Vec<usize> = steps(link, orders);
    open.sort_by_key(|&at| steps[at]);
    let mut done = orders.len() - open.len();
    let most = link.batch().max(1);
    // Whoever comes after them and is answered shows that it lies with them; else the LMS takes nothing for now.
    let mut stalled: Vec<(usize, Failure)> = Vec::new();
    for (n, batch) in open.chunks(most).enumerate() {
        let is_over = n > 0 && until.is_some_and(|until| Instant::now() >= until);
        if is_over && stalled.is_empty() {
            return Ok(None);
        }
        if !(options.on_progress)("Sending", done, orders.len()) || options.stop.load(Relaxed) {
            return Ok(Some(Ended::Stopped(super::http::cancelled())));
        }
        let places: Vec<u32> = batch.iter().map(|&at| orders[at].place).collect();
        record.sending(&places)?;
        let requests: Vec<ChangeRequest> = batch
            .iter()
            .map(|&at| ChangeRequest {
                order: &orders[at].order,
                now: now.find(&orders[at].order),
                password: orders[at].password.as_ref(),
            })
            .collect();
        let answers = link.send(&requests);
        let mut outcomes = Vec::new();
        let mut cut = None;
        let mut lost = Vec::new();
        let mut answered_last = None;
        for (&at, answer) in batch.iter().zip(answers) {
            if matches!(answer, ChangeResult::Done(_) | ChangeResult::Refused(_)) {
                answered_last = Some(at);
            }
            match answer {
                ChangeResult::Done(id) => {
                    outcomes.push(orders[at].conclude(OrderState::Done, String::new(), id));
                }
                ChangeResult::Refused(why) => {
                    outcomes.push(orders[at].conclude(OrderState::Refused, why, String::new()));
                }
                ChangeResult::ByHand(why) => {
                    match left_by_hand(link, &mut orders[at], &why, options.titles) {
                        Ok(outcome) => outcomes.push(outcome),
                        Err(failure) => cut = Some(failure),
                    }
                }
                ChangeResult::Unknown(failure) => lost.push((at, failure)),
                ChangeResult::NotSent(failure) => {
                    outcomes.push(orders[at].conclude(
                        OrderState::Waiting,
                        String::new(),
                        String::new(),
                    ));
                    cut = Some(failure);
                }
            }
        }
        done += outcomes.iter().filter(|s| s.state != OrderState::Waiting).count();
        record.concluded(&outcomes)?;
        if answered_last.is_some() {
            record.concluded(&given_up(orders, &mut stalled))?;
        }
        for (n, (at, failure)) in lost.into_iter().enumerate() {
            // One rest is enough for all whose answers were lost at once.
            match find_out(link, &mut orders[at], failure, n == 0, options)? {
                Found::Settled(outcome) => {
                    record.concluded(&given_up(orders, &mut stalled))?;
                    record.concluded(&[outcome])?;
                }
                Found::Stalled(failure) => {
                    let was_passed = answered_last.is_some_and(|last| {
                        let place = |of: usize| batch.iter().position(|&at| at == of);
                        place(at) < place(last)
                    });
                    stalled.push((at, failure.clone()));
                    if was_passed {
                        record.concluded(&given_up(orders, &mut stalled))?;
                    } else if stalled.len() >= STALLED {
                        cut = Some(failure);
                        break;
                    }
                }
                Found::Cut(failure) => cut = Some(failure),
            }
            done += 1;
        }
        if let Some(failure) = cut {
            return Ok(Some(ended_by(failure)));
        }
    }
    // They stay as they are, to be asked after when it is gone on with.
    Ok(stalled.pop().map(|(_, failure)| ended_by(failure)))
}

/// Of whom nobody can find out what becomes, while others are answered.
fn given_up(
    orders: &mut [QueuedChange],
    stalled: &mut Vec<(usize, Failure)>,
) -> Vec<ChangeOutcome> {
    let one = |(at, failure): (usize, Failure)| {
        orders[at].conclude(OrderState::Unknown, failure.to_string(), String::new())
    };
    stalled.drain(..).map(one).collect()
}

/// How many new people have to be there before each order, one by the other.
fn steps(link: &dyn Link, orders: &[QueuedChange]) -> Vec<usize> {
    let new: FxHashMap<String, usize> = orders
        .iter()
        .enumerate()
        .filter(|(_, waiting)| waiting.order.is_new())
        .map(|(at, waiting)| (waiting.order.login.to_lowercase(), at))
        .collect();
    let before = |at: usize| {
        let depends_on = link.depends_on(&orders[at].order)?.to_lowercase();
        new.get(&depends_on).copied()
    };
    let steps = |at: usize| {
        // They may lean on each other in a circle.
        std::iter::successors(before(at), |&at| before(at)).take(100).count()
    };
    (0..orders.len()).map(steps).collect()
}

#[cfg(test)]
mod tests;
