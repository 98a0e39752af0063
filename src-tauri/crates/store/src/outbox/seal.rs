//! The seal of a push: a digest over everything that was frozen, looked at whenever its orders are read. What was changed,
//! lost, added or put into another order since is never sent.
//!
//! Passwords have a seal of their own, which is erased with them: a digest of a password that is gone would be one more thing
//! to guess it by. What changes while a push is sent, where an order stands and why, is in neither.

use sha2::{Digest, Sha256};

use super::of_word;
use super::reading::Kept;
use muster_plan::push::OrderState;

/// The head of a push as it is kept, letter by letter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head<'h> {
    pub id: u32,
    pub job: Option<u32>,
    pub at: &'h str,
    pub target: &'h str,
    pub facts: &'h str,
}

/// Over the head and the orders in their places, but for their passwords: of these only whether there is one.
pub(super) fn of(head: Head, orders: &[Kept]) -> String {
    let mut seal = Sealing::begin("push");
    seal.number(head.id);
    seal.text(&head.job.map(|job| job.to_string()).unwrap_or_default());
    [head.at, head.target, head.facts].into_iter().for_each(|text| seal.text(text));
    seal.number(muster_table::narrow::count(orders.len()));
    for order in orders {
        let state: Option<OrderState> = of_word(&order.state);
        // Whoever came to such a word while it was sent, or was left of a push that was cancelled, has a time.
        let is_told_only = state.is_some_and(OrderState::is_told_only) && order.at.is_none();
        seal.number(order.place);
        seal.text(&order.task);
        seal.number(order.password.is_some().into());
        seal.number(is_told_only.into());
        if is_told_only {
            seal.text(order.why.as_deref().unwrap_or_default());
        }
    }
    seal.end()
}

/// Over the passwords; blank where there are none, or none any more.
pub(super) fn of_passwords(push: u32, orders: &[Kept]) -> String {
    let mut seal = Sealing::begin("passwords");
    seal.number(push);
    let mut any = false;
    for order in orders {
        let Some(password) = &order.password else { continue };
        any |= !password.is_blank();
        seal.number(order.place);
        seal.text(password.reveal());
    }
    if any { seal.end() } else { String::new() }
}

/// Each part goes in with its length, so that no two pushes come to the same text.
struct Sealing(Sha256);

impl Sealing {
    fn begin(what: &str) -> Sealing {
        let mut seal = Sealing(Sha256::new());
        seal.text(what);
        seal
    }

    fn number(&mut self, number: u32) {
        self.0.update(number.to_be_bytes());
    }

    fn text(&mut self, text: &str) {
        self.0.update((text.len() as u64).to_be_bytes());
        self.0.update(text.as_bytes());
    }

    fn end(self) -> String {
        hex::encode(self.0.finalize())
    }
}
