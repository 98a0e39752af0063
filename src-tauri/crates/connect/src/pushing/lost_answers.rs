//! An order whose answer was lost: the LMS is asked what became of it, and it is sent again where it had no effect.
#![expect(clippy::disallowed_methods, reason = "connectors are where the network is waited for")]

use std::sync::atomic::Ordering::Relaxed;
use std::thread;
use std::time::Duration;

use super::{PushOptions, Stop};
use crate::link::{ChangeRequest, ChangeResult, Link};
use crate::remote_state::{done_of, is_as_before, is_as_ordered, is_somebody_else};
use muster_plan::push::{ChangeOutcome, OrderState, QueuedChange};
use muster_table::error::{Failure, Result};

/// Rounds of asking and sending again for an order whose answer was lost.
const ROUNDS: u32 = 4;

/// What was found out of an order whose answer was lost.
pub(super) enum Found {
    Settled(ChangeOutcome),
    /// The LMS shows that nothing of it was carried out, and gives no answer to it again and again.
    Stalled(Failure),
    Cut(Failure),
}

/// Asks the LMS what became of an order whose answer was lost, and sends it again where it had no effect.
pub(super) fn find_out(
    link: &mut dyn Link,
    waiting: &mut QueuedChange,
    mut failure: Failure,
    rest_first: bool,
    options: &PushOptions,
) -> Result<Found> {
    let stop = &options.stop;
    if !link.reads() {
        let why = failure.to_string();
        return Ok(Found::Settled(waiting.conclude(OrderState::Unknown, why, String::new())));
    }
    for round in 0..ROUNDS {
        let rests = rest_first || round > 0;
        if rests && !rest(Duration::from_millis(300 << round), stop) {
            return Ok(Found::Cut(crate::http::cancelled()));
        }
        let entry = match link.find(&waiting.order) {
            Ok(entry) => entry,
            Err(failure) => return Ok(Found::Cut(failure)),
        };
        if is_as_ordered(link, waiting, entry.as_ref()) {
            let id = entry.map_or(waiting.order.id.clone(), |entry| entry.id);
            return Ok(Found::Settled(waiting.conclude(OrderState::Done, String::new(), id)));
        }
        if let Some(why) = is_somebody_else(link, &waiting.order, entry.as_ref()) {
            return Ok(Found::Settled(waiting.conclude(OrderState::Refused, why, String::new())));
        }
        let request = ChangeRequest {
            order: &waiting.order,
            now: entry.as_ref(),
            password: waiting.password.as_ref(),
        };
        match link.send(&[request]).pop() {
            Some(ChangeResult::Done(id)) => {
                return Ok(Found::Settled(waiting.conclude(OrderState::Done, String::new(), id)));
            }
            // Perhaps because the first one came through after all.
            Some(ChangeResult::Refused(why)) => {
                let entry = link.find(&waiting.order).ok().flatten();
                let state = if is_as_ordered(link, waiting, entry.as_ref()) {
                    OrderState::Done
                } else if is_as_before(link, &waiting.order, entry.as_ref()) {
                    OrderState::Refused
                } else {
                    OrderState::Unknown
                };
                let why = match state {
                    OrderState::Done => String::new(),
                    OrderState::Refused => why,
                    _ => format!("only a part was carried out: {why}"),
                };
                let id = entry.map(|entry| entry.id).unwrap_or_default();
                return Ok(Found::Settled(waiting.conclude(state, why, id)));
            }
            Some(ChangeResult::ByHand(why)) => {
                return Ok(match left_by_hand(link, waiting, &why, options.titles) {
                    Ok(outcome) => Found::Settled(outcome),
                    Err(failure) => Found::Cut(failure),
                });
            }
            Some(ChangeResult::NotSent(failure)) => return Ok(Found::Cut(failure)),
            Some(ChangeResult::Unknown(again)) => failure = again,
            None => {}
        }
    }
    match link.find(&waiting.order) {
        Ok(entry) if is_as_ordered(link, waiting, entry.as_ref()) => {
            let id = entry.map_or(waiting.order.id.clone(), |entry| entry.id);
            Ok(Found::Settled(waiting.conclude(OrderState::Done, String::new(), id)))
        }
        Ok(entry) if is_as_before(link, &waiting.order, entry.as_ref()) => {
            Ok(Found::Stalled(failure))
        }
        Ok(_) => {
            let why = failure.to_string();
            Ok(Found::Settled(waiting.conclude(OrderState::Unknown, why, String::new())))
        }
        Err(failure) => Ok(Found::Cut(failure)),
    }
}

/// Somebody has to see to an order in the LMS: says what of it is there already. Only then it has the id of a person, which
/// is what can be taken back.
pub(super) fn left_by_hand(
    link: &mut dyn Link,
    waiting: &mut QueuedChange,
    why: &str,
    titles: &dyn Fn(&str) -> String,
) -> Result<ChangeOutcome> {
    let entry = if link.reads() { link.find(&waiting.order)? } else { None };
    let is_new = waiting.order.is_new();
    let made = entry.iter().filter(|_| is_new).map(|_| "this person was made".to_owned());
    let changed = entry.iter().flat_map(|entry| done_of(link, &waiting.order, entry, titles));
    let done: Vec<String> = made.chain(changed).collect();
    let Some(entry) = entry.filter(|_| !done.is_empty()) else {
        let why = format!("{why}; nothing of this person was sent");
        return Ok(waiting.conclude(OrderState::ByHand, why, String::new()));
    };
    let why = format!("{why}; done of it: {}", done.join(", "));
    Ok(waiting.conclude(OrderState::ByHand, why, entry.id))
}

fn rest(how_long: Duration, stop: &Stop) -> bool {
    const STEP: Duration = Duration::from_millis(50);
    let mut left = how_long;
    while !left.is_zero() {
        if stop.load(Relaxed) {
            return false;
        }
        let step = left.min(STEP);
        thread::sleep(step);
        left -= step;
    }
    true
}
