//! The undoing of a push is a push of its own: what was done is undone, as far as the LMS can and as far as nobody has
//! changed it since.

use muster_plan::plan::{Action, PlanCounts};
use muster_plan::push::{
    ACTIVE, Order, OrderState, PushMeta, PushState, QueuedChange, Value, Values, WAS_SO,
};
use muster_store::outbox::{OrderRecord, PushRecord};
use muster_store::{Store, account};
use muster_table::error::{Failure, Result};
use muster_table::narrow::count as number;
use muster_table::words::people;
use rustc_hash::FxHashSet;

/// Writes down a push that takes another one back; nothing is sent yet. Whoever was changed by somebody else since is
/// found when it is sent, passed over and named.
pub fn undo_push(store: &Store, id: u32, at: &str) -> Result<u32> {
    let push = store.push(id)?;
    if push.state == PushState::Sending {
        return Err(Failure::state("this push is still being sent").hint("Wait until it is done."));
    }
    if push.facts.delivery.is_some() {
        return Err(Failure::state("a file that was dropped cannot be called back")
            .hint("The upload kit of such a plan has an undo file: drop or upload that one."));
    }
    let orders = store.push_orders(id)?;
    let backs: Vec<PushRecord> = taking_back(store, id)?;
    if let Some(back) = backs.iter().find(|back| back.state.is_open()) {
        return Err(Failure::state(format!("push {} takes push {id} back already", back.id))
            .why(format!("it is not finished: {}", back.state.says()))
            .hint(format!(
                "Go on with it, or cancel it first: `muster outbox resume {}`.",
                back.id
            )));
    }
    let taken = taken_back(store, &backs)?;
    let mut cannot = Vec::new();
    let mut counts = PlanCounts::default();
    let mut records: Vec<OrderRecord> = Vec::new();
    if orders.iter().any(|order| order.waiting.state == OrderState::Sending) {
        return Err(Failure::state(format!("push {id} was cut off"))
            .why("people were handed over, and nobody has looked yet what came of it")
            .hint(format!("Go on with it first, or cancel it: `muster outbox resume {id}`.")));
    }
    // Of whom nobody knows may be there. Whoever is not as ordered is found and passed over when it is sent.
    let was_sent = |order: &&OrderRecord| {
        // What somebody else did before is theirs.
        matches!(order.waiting.state, OrderState::Done | OrderState::Unknown) && order.why != WAS_SO
            // Of whom something is left to be done by hand and something was done.
            || (order.is_left_by_hand() && !order.lms_id.is_empty())
    };
    let done = orders.iter().filter(was_sent);
    let (gone, left): (Vec<_>, Vec<_>) = done.partition(|order| taken.contains(&mark(order)));
    if left.is_empty() && !gone.is_empty() {
        let by: Vec<String> = backs
            .iter()
            .rev()
            .filter(|back| back.counts.done > 0)
            .map(|back| format!("push {} took back {}", back.id, people(back.counts.done as usize)))
            .collect();
        return Err(Failure::state(format!("push {id} is taken back already"))
            .why(by.join(", "))
            .hint("Nothing was sent."));
    }
    for order in left {
        let Some(task) = inverse(order, &push, &mut cannot) else { continue };
        match task.action {
            Action::Delete => counts.delete += 1,
            Action::Reactivate => counts.reactivate += 1,
            Action::Deactivate => counts.deactivate += 1,
            _ => counts.update += 1,
        }
        let waiting =
            QueuedChange { place: 0, order: task, password: None, state: OrderState::Waiting };
        let (why, lms_id) = (String::new(), String::new());
        records.push(OrderRecord { waiting, password_erased: false, why, lms_id, at: None });
    }
    if records.is_empty() {
        let nothing = Failure::state("there is nothing to take back");
        return Err(match cannot.first() {
            Some(first) => nothing.why(first),
            None => nothing.why("nobody was changed by this push"),
        });
    }
    let made = |order: &&OrderRecord| order.waiting.order.is_new() && was_sent(order);
    let erased = orders.iter().filter(made).filter(|order| order.password_erased).count();
    // The last first: a login that was given away is free again before it is given back.
    records.reverse();
    for (place, record) in records.iter_mut().enumerate() {
        record.waiting.place = number(place);
    }
    let facts = PushMeta {
        plan: push.facts.plan.clone(),
        profile: push.facts.profile.clone(),
        connection: push.facts.connection.clone(),
        title: push.facts.title.clone(),
        roster: push.facts.snapshot.clone(),
        snapshot: push.facts.roster.clone(),
        counts,
        titles: push.facts.titles.clone(),
        account: push.facts.account,
        takes_back: Some(push.id),
        cannot,
        passwords_erased: number(erased),
        by: account(),
        ..PushMeta::default()
    };
    store.freeze_push(push.job, at, &push.target, &facts, &records)
}

/// Pushes that take this one back, the newest first.
fn taking_back(store: &Store, id: u32) -> Result<Vec<PushRecord>> {
    let all = store.pushes()?.into_iter();
    Ok(all.filter(|push| push.facts.takes_back == Some(id)).collect())
}

/// Whom these pushes have taken back, and no later one has put there again.
fn taken_back(store: &Store, backs: &[PushRecord]) -> Result<FxHashSet<Mark>> {
    let mut all = FxHashSet::default();
    for back in backs {
        let again = taken_back(store, &taking_back(store, back.id)?)?;
        let orders = store.push_orders(back.id)?;
        let done = orders.iter().filter(|order| order.waiting.state == OrderState::Done);
        all.extend(done.map(mark).filter(|mark| !again.contains(mark)));
    }
    Ok(all)
}

/// By what somebody is known in a push and in one that takes it back: key, login and line.
type Mark = (String, String, Option<u32>);

fn mark(order: &OrderRecord) -> Mark {
    let task = &order.waiting.order;
    (task.key.clone(), task.login.clone(), task.line)
}

/// What undoes one order; none where nothing can, which is said in `cannot`.
fn inverse(order: &OrderRecord, push: &PushRecord, cannot: &mut Vec<String>) -> Option<Order> {
    let task = &order.waiting.order;
    let id = if order.lms_id.is_empty() { task.id.clone() } else { order.lms_id.clone() };
    let base = |action: Action, before: Values, after: Values| Order {
        key: task.key.clone(),
        name: task.name.clone(),
        line: task.line,
        action,
        id: id.clone(),
        login: task.login.clone(),
        before,
        after,
    };
    let connector = muster_roster::profile::connector::connector(&push.target.connector);
    match task.action {
        Action::Create if connector.is_some_and(|c| !c.deletes) => {
            cannot.push(format!("{}: was made, and this way deletes nobody", task.who()));
            None
        }
        // A value that was not sent may be one that the LMS sets itself.
        Action::Create => {
            let sent = task.after.iter().filter(|(_, value)| !value.is_blank());
            let sent = sent.map(|(name, value)| (name.clone(), value.clone())).collect();
            Some(base(Action::Delete, sent, Values::new()))
        }
        Action::Delete if connector.is_some_and(|c| c.brings_back) => {
            Some(base(Action::Reactivate, Values::new(), Values::new()))
        }
        Action::Delete => {
            cannot.push(format!("{}: was deleted, and the LMS brings nobody back", task.who()));
            None
        }
        _ => {
            // What it did not touch is nothing to it, whoever changed that since.
            let before: Values = task.after.clone();
            let mut after = Values::new();
            for name in task.after.keys() {
                // What nobody knew is not taken for nothing.
                match task.before.get(name) {
                    _ if name == ACTIVE => {
                        let was = task.before.get(name).filter(|was| !was.is_blank()).cloned();
                        let was = was.unwrap_or_else(|| Value::One("true".to_owned()));
                        after.insert(name.clone(), was);
                    }
                    Some(was) => {
                        after.insert(name.clone(), was.clone());
                    }
                    None => {
                        let called = push.facts.titles.get(name).unwrap_or(name);
                        cannot.push(format!("{}: nobody knows what was in {called} before, so it stays as it was sent", task.who()));
                    }
                }
            }
            if after.is_empty() && !task.after.is_empty() {
                return None;
            }
            if after.is_empty() {
                cannot.push(format!("{}: a password cannot be put back", task.who()));
                return None;
            }
            let action = match task.action {
                Action::Deactivate => Action::Reactivate,
                Action::Reactivate => Action::Deactivate,
                _ => Action::Update,
            };
            Some(base(action, before, after))
        }
    }
}
