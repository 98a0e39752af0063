//! From a plan to a push that waits.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::dropping;
use muster_plan::plan::{Action, Plan, Planned};
use muster_plan::push::{Facts, Order, OrderState, PushState, Target, Values, Waiting};
use muster_roster::profile::connector::Connector;
use muster_rules::checker::Checker;
use muster_store::outbox::{OrderRecord, PushRecord};
use muster_store::{Store, account};
use muster_table::error::{Failure, FailureKind, Outcome};

/// What is chosen for one push beside the plan.
#[derive(Debug, Clone, Default)]
pub struct Chosen<'a> {
    /// The number typed for each hold, by the hold's id.
    pub releases: BTreeMap<String, u32>,
    pub note: String,
    /// Only the first so many people, to try it.
    pub first: Option<u32>,
    /// Only these keys; everybody where there are none.
    pub only: &'a [String],
    /// Only who stands at these places of the plan; everybody where there are none.
    pub places: &'a [u32],
    /// It was turned on that a way is used that nobody has tried yet.
    pub untried: bool,
    /// What the push is called in a list: the file's name.
    pub title: String,
    /// What the connection is called, where it is a saved one.
    pub connection: Option<String>,
    /// How many steps make the list what it is, where it is an open one.
    pub steps: Option<u32>,
}

impl Chosen<'_> {
    /// Whether somebody is part of it, by where they stand in the plan.
    fn wanted(&self) -> impl Fn(u32, &Planned) -> bool {
        let keys: FxHashSet<&str> = self.only.iter().map(String::as_str).collect();
        let places: FxHashSet<u32> = self.places.iter().copied().collect();
        move |at, planned| {
            let everybody = keys.is_empty() && places.is_empty();
            everybody || places.contains(&at) || keys.contains(planned.person.key.as_str())
        }
    }

    pub(super) fn is_a_part(&self) -> bool {
        self.first.is_some() || !self.only.is_empty() || !self.places.is_empty()
    }
}

/// Writes a plan down as a push. A plan that is held or blocked is refused.
pub fn freeze(
    store: &Store,
    job: Option<u32>,
    (plan, checker): (&Plan, &Checker),
    target: &Target,
    chosen: &Chosen,
    at: &str,
) -> Outcome<u32> {
    if plan.connector.id != target.connector {
        return Err(Failure::internal("this plan was made for another way of sending"));
    }
    refuse(plan, &chosen.releases)?;
    let trial = is_trial(store, plan.connector, target, chosen.untried)?;
    if plan.connector.drops_files {
        return dropping::freeze(store, job, (plan, checker), target, chosen, at);
    }
    let mut orders = Order::all_of(plan, checker, chosen.wanted());
    if trial {
        // Not with somebody who would be taken away.
        orders
            .sort_by_key(|(order, _)| matches!(order.action, Action::Delete | Action::Deactivate));
    }
    let first = if trial { Some(1) } else { chosen.first };
    let in_all = orders.len();
    let whole = !chosen.is_a_part() && (!trial || in_all <= 1);
    if let Some(first) = first {
        orders.truncate(first as usize);
    }
    if orders.is_empty() {
        return Err(
            Failure::state("there is nobody to send").why("the LMS has everything as it is here")
        );
    }
    let sent = orders.into_iter().map(|(order, password)| OrderRecord {
        waiting: Waiting { place: 0, order, password, state: OrderState::Waiting },
        why: String::new(),
        lms_id: String::new(),
        at: None,
    });
    let records = in_their_places(sent.chain(left_out(plan)));
    let names = plan.profile.names_at(plan.connector.id);
    let title =
        |(field, name): (String, String)| Some((name, plan.profile.field(&field)?.title.clone()));
    let facts = Facts {
        titles: names.into_iter().filter_map(title).collect(),
        title: match trial {
            true => format!("{}, one person to try this way", chosen.title),
            false => chosen.title.clone(),
        },
        trial: trial.then(|| match in_all {
            0 | 1 => "Nobody had tried this way yet.".to_owned(),
            _ => format!(
                "Nobody had tried this way yet, so 1 of {in_all} people was sent. Once that has worked, the others are sent by the next push."
            ),
        }),
        first,
        steps: chosen.steps.filter(|_| whole),
        ..facts(plan, chosen)
    };
    store.freeze_push(job, at, target, &facts, &records)
}

/// People whom the plan holds back: nothing of them is sent, and the receipt says why.
pub(super) fn left_out(plan: &Plan) -> impl Iterator<Item = OrderRecord> {
    let blocked = plan.people.iter().map(|p| &p.person).filter(|p| p.action == Action::Blocked);
    blocked.map(|person| OrderRecord {
        waiting: Waiting {
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
            state: OrderState::LeftOut,
        },
        why: person.why.clone(),
        lms_id: String::new(),
        at: None,
    })
}

pub(super) fn in_their_places(all: impl Iterator<Item = OrderRecord>) -> Vec<OrderRecord> {
    let placed = all.enumerate().map(|(place, mut record)| {
        record.waiting.place = place as u32;
        record
    });
    placed.collect()
}

pub(super) fn facts(plan: &Plan, chosen: &Chosen) -> Facts {
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
    Facts {
        plan: plan.id.clone(),
        profile: plan.profile.id.clone(),
        connection: chosen.connection.clone(),
        steps: chosen.steps.filter(|_| !chosen.is_a_part()),
        title: chosen.title.clone(),
        roster: plan.basis.roster.clone(),
        snapshot: plan.basis.snapshot.clone(),
        policies: plan.choices.written().clone(),
        releases: chosen.releases.clone(),
        note: chosen.note.clone(),
        by: account(),
        counts: plan.counts,
        by_hand: by_hand.collect(),
        first: chosen.first,
        ..Facts::default()
    }
}

/// Whether this push only tries a way that nobody has tried. One that was not proved has to be turned on, and carries one
/// person until that has worked at this address.
fn is_trial(
    store: &Store,
    connector: &Connector,
    target: &Target,
    turned_on: bool,
) -> Outcome<bool> {
    if connector.proved.is_some() {
        return Ok(false);
    }
    if !turned_on {
        return Err(Failure::new(
            FailureKind::Refused,
            format!("nobody has tried yet to send to {} this way", connector.title),
        )
        .why("it was written from what is documented, and never run against such a server")
        .hint("Turn on sending by an untried way (`--untried`). One person is sent first, so that you can look there what came of it."));
    }
    let worked = |push: &PushRecord| {
        push.state == PushState::Sent
            && push.target.connector == target.connector
            && push.target.address == target.address
    };
    Ok(!store.pushes()?.iter().any(worked))
}

fn refuse(plan: &Plan, releases: &BTreeMap<String, u32>) -> Outcome<()> {
    if let Some(blocker) = plan.blockers.first() {
        return Err(Failure::new(FailureKind::Refused, "nothing was sent")
            .why(blocker.trim_end_matches('.'))
            .hint("Put that right, then make the plan anew."));
    }
    match plan.held(releases).first() {
        None => Ok(()),
        Some(held) => Err(Failure::new(FailureKind::Refused, "the push is held")
            .why(held.message.trim_end_matches('.'))
            .hint("Nothing was sent.")),
    }
}
