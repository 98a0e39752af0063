//! A push that is one file: it is dropped for the LMS to take, and nobody sees from here what becomes of it.
//!
//! The file is kept where passwords are kept until it is through, as it may hold some, and is erased with them.

use std::sync::atomic::Ordering::Relaxed;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use super::freezing::{Chosen, facts, in_their_places, not_sent};
use muster_connect::Link;
use muster_connect::pushing::{Ended, PushOptions, Record};
use muster_plan::kit;
use muster_plan::plan::{Action, Plan};
use muster_plan::push::{
    ChangeOutcome, Delivery, Order, OrderState, PushMeta, PushState, QueuedChange, Secret, Target,
    Value, Values,
};
use muster_plan::verify::Expectation;
use muster_rules::checker::Checker;
use muster_store::Store;
use muster_store::outbox::{OrderRecord, PushRecord};
use muster_table::error::{Failure, FailureKind, Result};

pub(super) fn freeze(
    store: &Store,
    job: Option<u32>,
    (plan, checker): (&Plan, &Checker),
    target: &Target,
    chosen: &Chosen,
    at: &str,
) -> Result<u32> {
    let upload = kit::upload_of(plan, checker, at)?;
    let delivery = Delivery {
        file: target.file_name(),
        people: upload.people,
        bytes: upload.bytes.len() as u64,
        sha256: hex::encode(Sha256::digest(&upload.bytes)),
    };
    let order = Order {
        key: delivery.file.clone(),
        name: delivery.file.clone(),
        line: None,
        action: Action::Update,
        id: String::new(),
        login: String::new(),
        before: Values::new(),
        after: Values::from([("sha256".to_owned(), Value::One(delivery.sha256.clone()))]),
    };
    let file = OrderRecord {
        waiting: QueuedChange {
            place: 0,
            order,
            password: Some(Secret::new(BASE64_STANDARD.encode(&upload.bytes))),
            state: OrderState::Waiting,
        },
        password_erased: false,
        why: String::new(),
        lms_id: String::new(),
        at: None,
    };
    let records = in_their_places(std::iter::once(file).chain(not_sent(plan, chosen.part)));
    let planned = Expectation::of(plan, checker, at, vec![delivery.sha256.clone()]);
    let kept = store.blobs().keep(&planned.to_json()?)?;
    let (delivery, planned) = (Some(delivery), Some(kept.size));
    let facts = PushMeta { delivery, planned, ..facts(plan, chosen) };
    store.freeze_file(job, at, target, (&facts, kept), &records)
}

/// The newest push after this one that dropped its file in the same place: what this one holds is older.
pub(super) fn overtaken_by(store: &Store, push: &PushRecord) -> Result<Option<u32>> {
    let place = push.target.place();
    let went_after = |other: &PushRecord| {
        other.id > push.id
            && is_dropped(other)
            && other.counts.done > 0
            && other.target.place() == place
    };
    Ok(store.pushes()?.iter().find(|other| went_after(other)).map(|other| other.id))
}

/// Closes what waits to drop an older file in the place of this one.
pub(super) fn close_older(store: &Store, push: &PushRecord, now: &str) -> Result<()> {
    let place = push.target.place();
    for mut older in store.pushes()? {
        let waits = older.id < push.id && is_dropped(&older) && older.state.is_open();
        if waits && older.target.place() == place {
            close_as_overtaken(store, &mut older, push.id, now)?;
        }
    }
    Ok(())
}

pub(super) fn close_as_overtaken(
    store: &Store,
    push: &mut PushRecord,
    by: u32,
    now: &str,
) -> Result<()> {
    push.state = PushState::Cancelled;
    push.ended = Some(now.to_owned());
    push.why = Some(
        Failure::state(format!("push {by} went after push {} to the same place", push.id))
            .why("an older file would take the place of a newer one")
            .hint(
                "Nothing of it is sent. Make the plan again, if something of it is still wanted.",
            ),
    );
    store.set_push(push)
}

fn is_dropped(push: &PushRecord) -> bool {
    push.facts.delivery.is_some()
}

/// Drops the file. Doing it twice does no harm: it is the same file under the same name.
pub(super) fn carry_out(
    link: &mut dyn Link,
    orders: &mut [QueuedChange],
    record: &dyn Record,
    options: &PushOptions,
) -> Result<Ended> {
    let open = |w: &&mut QueuedChange| matches!(w.state, OrderState::Waiting | OrderState::Sending);
    for waiting in orders.iter_mut().filter(open) {
        if !(options.on_progress)("Sending the file", 0, 1) || options.stop.load(Relaxed) {
            return Ok(Ended::Stopped(Failure::new(FailureKind::Cancelled, "it was stopped")));
        }
        let bytes =
            waiting.password.as_ref().and_then(|file| BASE64_STANDARD.decode(file.reveal()).ok());
        let Some(bytes) = bytes else {
            return Ok(Ended::Stopped(
                Failure::state("the file of this push is not kept any more")
                    .hint("Make the plan again, and send that."),
            ));
        };
        record.sending(&[waiting.place])?;
        let result = link.deliver(&bytes);
        waiting.state = if result.is_ok() { OrderState::Done } else { OrderState::Waiting };
        record.concluded(&[ChangeOutcome {
            place: waiting.place,
            state: waiting.state,
            why: String::new(),
            id: String::new(),
        }])?;
        match result {
            Ok(()) => {}
            Err(failure) if failure.kind == FailureKind::Network => return Ok(Ended::Cut(failure)),
            Err(failure) => return Ok(Ended::Stopped(failure)),
        }
    }
    Ok(Ended::Through(None))
}
