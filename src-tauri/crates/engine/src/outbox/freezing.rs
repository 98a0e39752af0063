//! From a plan to a push that waits.

use std::collections::BTreeMap;

use super::file_drop;
use muster_plan::plan::{Action, NotSent, Part, Plan, Stopped, nothing_to_send};
use muster_plan::push::{Order, OrderState, PushMeta, PushState, QueuedChange, Target, Values};
use muster_roster::profile::connector::Connector;
use muster_rules::checker::Checker;
use muster_store::outbox::{OrderRecord, PushRecord};
use muster_store::{Store, account};
use muster_table::error::{Failure, FailureKind};
use muster_table::narrow::count as number;

/// What is chosen for one push beside the plan.
#[derive(Debug, Clone, Default)]
pub struct Chosen<'a> {
    /// The number typed for each hold, by the hold's id.
    pub releases: BTreeMap<String, u32>,
    /// What to remember about it; may be empty.
    pub note: String,
    /// Who is sent of it.
    pub part: Part<'a>,
    /// It was turned on that a way is used that nobody has tried yet.
    pub untried: bool,
    /// What the push is called in a list: the file's name.
    pub title: String,
    /// What the connection is called, where it is a saved one.
    pub connection: Option<String>,
    /// The account that the list is of; none where it is of none, or is beside another snapshot than that has.
    pub account: Option<u32>,
    /// How many steps make the list what it is, where it is an open one.
    pub steps: Option<u32>,
}

/// Writes a plan down as a push, if its gate lets it through.
pub fn freeze(
    store: &Store,
    job: Option<u32>,
    (plan, checker): (&Plan, &Checker),
    target: &Target,
    chosen: &Chosen,
    at: &str,
) -> Result<u32, Stopped> {
    if plan.connector.id != target.connector {
        return Err(Failure::internal("this plan was made for another way of sending").into());
    }
    let gate = plan.gate_of(chosen.part, &chosen.releases);
    gate.pass()?;
    let trial = is_trial(store, plan.connector, target, chosen.untried)?;
    if plan.connector.drops_files {
        return Ok(file_drop::freeze(store, job, (plan, checker), target, chosen, at)?);
    }
    let part = match trial {
        // Any of them may be the one.
        true => Part { first: None, ..chosen.part },
        false => chosen.part,
    };
    plan.gate_of(part, &chosen.releases).pass()?;
    let mut orders = Order::all_of(plan, checker, part);
    let in_all = orders.len();
    if trial {
        // Not with somebody who would be taken away.
        orders
            .sort_by_key(|(order, _)| matches!(order.action, Action::Delete | Action::Deactivate));
        orders.truncate(1);
    }
    let first = if trial { Some(1) } else { chosen.part.first };
    let whole = chosen.part.is_everybody() && (!trial || in_all <= 1);
    if orders.is_empty() {
        let why = "no change of this roster is one that can be sent this way";
        return Err(Stopped::Nothing(nothing_to_send(why)));
    }
    let sent = orders.into_iter().map(|(order, password)| OrderRecord {
        waiting: QueuedChange { place: 0, order, password, state: OrderState::Waiting },
        password_erased: false,
        why: String::new(),
        lms_id: String::new(),
        at: None,
    });
    // Of a trial the others are the next push.
    let told = not_sent(plan, chosen.part)
        .filter(|record| !trial || record.waiting.state != OrderState::NotChosen);
    let records = in_their_places(sent.chain(told));
    let names = plan.profile.names_at(plan.connector.id);
    let title =
        |(field, name): (String, String)| Some((name, plan.profile.field(&field)?.title.clone()));
    let facts = PushMeta {
        // Of fields that go under one name the first says what it is called.
        titles: names.into_iter().rev().filter_map(title).collect(),
        title: match trial {
            true => format!("{}, one person to try this way", chosen.title),
            false => chosen.title.clone(),
        },
        trial: trial.then(|| match in_all {
            0 | 1 => "Nobody had tried this way yet.".to_owned(),
            _ => format!(
                "Nobody had tried this way yet, so this push is for 1 of {in_all} people. Once that has worked, the next push sends the others."
            ),
        }),
        first,
        not_chosen: if trial { 0 } else { gate.left_out.not_chosen },
        steps: chosen.steps.filter(|_| whole),
        ..facts(plan, chosen)
    };
    Ok(store.freeze_push(job, at, target, &facts, &records)?)
}

/// So many who were not chosen are named: a first push of ten out of a hundred thousand need not list all others.
const NOT_CHOSEN_NAMED: usize = 1_000;

/// Those of whom nothing is sent; the receipt says why.
pub(super) fn not_sent<'p>(plan: &'p Plan, part: Part<'p>) -> impl Iterator<Item = OrderRecord> {
    let mut not_chosen = 0;
    plan.not_sent(part).into_iter().filter_map(move |(why, planned)| {
        let person = &planned.person;
        let (state, why) = match why {
            NotSent::Error => (OrderState::LeftOut, person.why.clone()),
            NotSent::Ignored => (OrderState::Ignored, person.why.clone()),
            NotSent::ByHand => (OrderState::ByHand, person.why.clone()),
            NotSent::NotChosen => {
                not_chosen += 1;
                (OrderState::NotChosen, "others were chosen for this push".to_owned())
            }
        };
        if state == OrderState::NotChosen && not_chosen > NOT_CHOSEN_NAMED {
            return None;
        }
        Some(OrderRecord {
            waiting: QueuedChange {
                place: 0,
                order: Order {
                    key: person.key.clone(),
                    name: person.name.clone(),
                    line: person.line,
                    action: person.action,
                    id: String::new(),
                    login: String::new(),
                    before: Values::new(),
                    after: Values::new(),
                },
                password: None,
                state,
            },
            password_erased: false,
            why,
            lms_id: String::new(),
            at: None,
        })
    })
}

pub(super) fn in_their_places(all: impl Iterator<Item = OrderRecord>) -> Vec<OrderRecord> {
    let placed = all.enumerate().map(|(place, mut record)| {
        record.waiting.place = number(place);
        record
    });
    placed.collect()
}

pub(super) fn facts(plan: &Plan, chosen: &Chosen) -> PushMeta {
    let by_hand = plan.by_hand.iter().map(|by_hand| {
        format!(
            "{}, {}: `{}` → `{}` ({})",
            by_hand.who(),
            by_hand.column,
            by_hand.before,
            by_hand.value,
            by_hand.r#where
        )
    });
    PushMeta {
        plan: plan.id.clone(),
        profile: plan.profile.id.clone(),
        own_profile: plan.profile.origin.own,
        softened: plan.profile.origin.softens.to_vec(),
        connection: chosen.connection.clone(),
        steps: chosen.steps.filter(|_| chosen.part.is_everybody()),
        title: chosen.title.clone(),
        account: chosen.account,
        roster: plan.basis.roster.clone(),
        snapshot: plan.basis.snapshot.clone(),
        policies: plan.choices.written().clone(),
        releases: chosen.releases.clone(),
        note: chosen.note.clone(),
        by: account(),
        counts: plan.counts,
        by_hand: by_hand.collect(),
        first: chosen.part.first,
        ..PushMeta::default()
    }
}

/// Whether this push only tries a way that nobody has tried. One that was not proved has to be turned on, and carries one
/// person until that has worked at this address.
fn is_trial(
    store: &Store,
    connector: &Connector,
    target: &Target,
    turned_on: bool,
) -> Result<bool, Stopped> {
    if connector.proved.is_some() {
        return Ok(false);
    }
    if !turned_on {
        let what = format!("nobody has tried yet to send to {} this way", connector.title);
        return Err(Stopped::Held(Failure::new(FailureKind::Refused, what)
        .why("it was written from what is documented, and never run against such a server")
        .hint("Turn on sending by an untried way (`--untried`). One person is sent first, so that you can look there what came of it.")));
    }
    let worked = |push: &PushRecord| {
        push.state == PushState::Sent
            && push.target.connector == target.connector
            && push.target.address == target.address
    };
    Ok(!store.pushes()?.iter().any(worked))
}
