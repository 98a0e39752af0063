//! The receipt of a push: what became of each person.

use serde::Serialize;

use muster_plan::plan::Action;
use muster_plan::push::{Delivery, OrderState, PushCounts, PushState};
use muster_plan::verify::Verification;
use muster_store::outbox::{OrderRecord, PushRecord};
use muster_table::narrow::count as number;

/// A receipt, as `muster push --format json` prints it. No cell of the roster but keys and names.
#[derive(Debug, Serialize)]
pub struct Receipt<'r> {
    /// The push's number.
    pub id: u32,
    /// Where it stands.
    pub state: PushState,
    /// Where it goes, as it is typed: `scim+https://lms.example.com/`.
    pub connection: String,
    /// The plan's name.
    pub plan: &'r str,
    /// The profile's id.
    pub profile: &'r str,
    /// Whether it is somebody's own, and does not come with Muster.
    pub own_profile: bool,
    /// What such a one softens, each a sentence.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub softened: &'r [String],
    /// What was written about it; may be empty.
    pub note: &'r str,
    /// Who wrote the push down: the account on this computer.
    pub by: &'r str,
    /// As whom it was sent: the account there.
    pub account: &'r str,
    /// When the push was written down, ISO 8601 in UTC.
    pub planned: &'r str,
    /// When it was begun, ISO 8601; none while nothing was sent.
    pub started: Option<&'r str>,
    /// When its last run ended, ISO 8601; none before that.
    pub ended: Option<&'r str>,
    /// How many people stand where.
    pub counts: PushCounts,
    /// How many more could have been sent, and were left out because the person chose only some.
    pub not_chosen: u32,
    /// Everybody who was to be changed, and then who is left out, in the order of the push.
    pub people: Vec<Person<'r>>,
    /// What is to be done by hand, each a sentence.
    pub by_hand: Vec<String>,
    /// What of an earlier push could not be taken back.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub cannot_undo: &'r [String],
    /// How many whom it made had a password that is kept nowhere any more: made once more, they need a new one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passwords_erased: Option<u32>,
    /// The file that was dropped, where it went as one: proof that it arrived, not of what became of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<&'r Delivery>,
    /// Why only one person was sent, where nobody had tried this way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trial: Option<&'r str>,
    /// How the LMS was afterwards.
    pub proof: Option<&'r Verification>,
    /// Why it is not finished.
    pub why: Option<String>,
    /// What somebody else changed since it was planned, each a sentence.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub changed: &'r [String],
}

#[derive(Debug, Serialize)]
pub struct Person<'r> {
    pub key: &'r str,
    pub name: &'r str,
    pub line: Option<u32>,
    pub action: Action,
    pub outcome: &'static str,
    pub why: &'r str,
    pub new_key: Option<&'r str>,
}

impl<'r> Receipt<'r> {
    /// The receipt of a push as it stands.
    pub fn of(push: &'r PushRecord, orders: &'r [OrderRecord]) -> Receipt<'r> {
        // Who was handed over is nobody who was not sent.
        let on_their_way = orders.iter().filter(|o| o.waiting.state == OrderState::Sending).count();
        let mut counts = push.counts;
        counts.waiting = counts.waiting.saturating_sub(number(on_their_way));
        counts.unknown += number(on_their_way);
        Receipt {
            id: push.id,
            state: push.state,
            connection: push.target.shown(),
            plan: &push.facts.plan,
            profile: &push.facts.profile,
            own_profile: push.facts.own_profile,
            softened: &push.facts.softened,
            note: &push.facts.note,
            by: &push.facts.by,
            account: &push.target.user,
            planned: &push.at,
            started: push.started.as_deref(),
            ended: push.ended.as_deref(),
            counts,
            not_chosen: push.facts.not_chosen,
            people: orders.iter().map(Person::of).collect(),
            by_hand: push.facts.by_hand.iter().cloned().chain(left_by_hand(orders)).collect(),
            cannot_undo: &push.facts.cannot,
            passwords_erased: Some(push.facts.passwords_erased).filter(|count| *count > 0),
            delivery: push.facts.delivery.as_ref(),
            trial: push.facts.trial.as_deref(),
            proof: push.proof.as_ref(),
            why: push.why.as_ref().map(ToString::to_string),
            changed: &push.changed,
        }
    }
}

/// Of somebody who was handed over when the push stopped.
const ON_THEIR_WAY: &str =
    "was handed over when the push stopped; going on with it asks the LMS first what came of it";

impl<'r> Person<'r> {
    fn of(order: &'r OrderRecord) -> Person<'r> {
        let waiting = &order.waiting;
        let task = &waiting.order;
        let is_new = task.is_new() && waiting.state == OrderState::Done;
        Person {
            key: &task.key,
            name: &task.name,
            line: task.line,
            action: task.action,
            outcome: outcome_word(waiting.state),
            why: match waiting.state {
                OrderState::Sending if order.why.is_empty() => ON_THEIR_WAY,
                _ => &order.why,
            },
            new_key: is_new.then_some(order.lms_id.as_str()).filter(|id| !id.is_empty()),
        }
    }
}

/// Of whom it turned out when they were sent that somebody has to see to them in the LMS, each a sentence.
pub(super) fn left_by_hand(orders: &[OrderRecord]) -> impl Iterator<Item = String> {
    let left = orders.iter().filter(|order| order.is_left_by_hand());
    left.map(|order| format!("{}: {}", order.waiting.order.who(), order.why))
}

/// The word of the contract for where an order stands.
pub fn outcome_word(state: OrderState) -> &'static str {
    match state {
        OrderState::Waiting => "waiting",
        OrderState::Sending => "unknown",
        OrderState::Done => "done",
        OrderState::Refused => "refused",
        OrderState::Unknown => "unknown",
        OrderState::LeftOut => "left_out",
        OrderState::NotChosen => "not_chosen",
        OrderState::Ignored => "ignored",
        OrderState::ByHand => "by_hand",
    }
}

/// The receipt as rows of a CSV, the column names first: those with an outcome that is asked for.
pub fn rows_of(orders: &[OrderRecord], wanted: impl Fn(OrderState) -> bool) -> Vec<Vec<String>> {
    let header = ["key", "name", "line", "action", "outcome", "why", "new key"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    for order in orders.iter().filter(|order| wanted(order.waiting.state)) {
        let person = Person::of(order);
        rows.push(vec![
            person.key.to_owned(),
            person.name.to_owned(),
            person.line.map_or(String::new(), |line| line.to_string()),
            serde_json::to_value(person.action)
                .ok()
                .and_then(|word| word.as_str().map(str::to_owned))
                .unwrap_or_default(),
            person.outcome.to_owned(),
            person.why.to_owned(),
            person.new_key.unwrap_or_default().to_owned(),
        ]);
    }
    rows
}
