//! A push of which nothing more is to be sent.

use muster_plan::push::{ChangeOutcome, OrderState, PushState};
use muster_store::Store;
use muster_table::error::{Failure, Result};

/// What is said of somebody who was handed over when a push was cut off, and of whom nobody asked any more.
const NOBODY_LOOKED: &str =
    "was handed over when the push was cut off, and nobody has looked since what came of it";

/// What is said of somebody who was still waiting.
const NOT_THEIR_TURN: &str = "the push was cancelled before anything of this person was sent";

/// Sends nothing more of a push, ever. Whoever was handed over and not asked after may be there: nobody knows.
pub fn cancel(store: &Store, id: u32, at: &str) -> Result<()> {
    let _held = store.hold_push(id)?;
    let mut push = store.push(id)?;
    if !push.state.is_open() {
        return Err(Failure::state(format!("push {id} is {} already", push.state.says())));
    }
    let orders = store.push_orders(id)?;
    let settled: Vec<ChangeOutcome> = orders
        .iter()
        .filter_map(|order| {
            let (state, why) = match order.waiting.state {
                OrderState::Sending => (OrderState::Unknown, NOBODY_LOOKED),
                OrderState::Waiting => (OrderState::LeftOut, NOT_THEIR_TURN),
                _ => return None,
            };
            let (place, id) = (order.waiting.place, order.lms_id.clone());
            Some(ChangeOutcome { place, state, why: why.to_owned(), id })
        })
        .collect();
    store.orders_settled(id, &settled, at)?;
    push.state = PushState::Cancelled;
    push.why = None;
    push.ended = Some(at.to_owned());
    store.set_push(&push)
}
