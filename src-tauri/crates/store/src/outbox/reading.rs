//! What is kept of a push is read with its seal: nothing can be sent of one that is not as it was frozen.

use rusqlite::{OptionalExtension, Row};

use super::seal::{self, Head};
use super::{HeldPush, OrderRecord, PushRecord, json_of, of_word};
use crate::Store;
use crate::failure::trouble;
use crate::flaws::Cells;
use muster_plan::push::{Order, OrderState, PushCounts, PushState, QueuedChange, Secret};
use muster_table::error::{Failure, FailureKind, Result};

const NOT_READ: &str = "the outbox could not be read";
const COLUMNS: &str =
    "id, job, at, state, target, facts, why, changed, proof, started, ended, seal, password_seal";

/// A push, or what is wrong with what is kept of it.
type Sound<T> = std::result::Result<T, Failure>;

impl Store {
    /// All pushes, the newest first; those that are damaged are left out, and noted.
    pub fn pushes(&self) -> Result<Vec<PushRecord>> {
        let sql = format!("select {COLUMNS} from push order by id desc");
        let read = || -> rusqlite::Result<Vec<(u32, Option<Raw>)>> {
            self.connection
                .prepare_cached(&sql)?
                .query_map((), |row| Ok((Cells::of(row).count(0), raw(row))))?
                .collect()
        };
        let mut pushes = Vec::new();
        for (id, raw) in read().map_err(trouble(NOT_READ))? {
            match raw.as_ref().map_or(Ok(Err(damaged(id))), |raw| self.push_of(raw))? {
                Ok(push) => pushes.push(push),
                Err(failure) => self.note(failure.to_string()),
            }
        }
        Ok(pushes)
    }

    /// One push by its number; fails with `NotFound` where there is none.
    pub fn push(&self, id: u32) -> Result<PushRecord> {
        self.read_push(id)?.map(|(push, _)| push)
    }

    /// The orders of a push, in their order. Fails where they are not those that were frozen, letter by letter.
    pub fn push_orders(&self, id: u32) -> Result<Vec<OrderRecord>> {
        self.read_whole(id)?.map(|(_, orders)| orders)
    }

    /// A push with its orders, to be carried out. One that is damaged is closed with that, and its passwords are erased; so
    /// is one that was frozen before there were seals, of which nobody can say whether all of it is there.
    pub fn push_to_send(
        &self,
        held: &HeldPush,
        now: &str,
    ) -> Result<(PushRecord, Vec<OrderRecord>)> {
        let whole = self.read_whole(held.id)?.and_then(|(push, orders)| {
            if push.facts.orders.is_none() && push.state.is_open() {
                return Err(of_an_earlier_version(push.id));
            }
            let lacks_password =
                |order: &OrderRecord| order.password_erased && order.waiting.state.is_open();
            if push.state.is_open() && orders.iter().any(lacks_password) {
                return Err(damaged(push.id));
            }
            Ok((push, orders))
        });
        match whole {
            Ok(whole) => Ok(whole),
            Err(failure) => {
                self.close_push(held.id, &failure, now)?;
                Err(failure)
            }
        }
    }

    fn read_push(&self, id: u32) -> Result<Sound<(PushRecord, Raw)>> {
        let sql = format!("select {COLUMNS} from push where id = ?");
        let read = self.connection.query_row(&sql, [id], |row| Ok(raw(row))).optional();
        let Some(raw) = read.map_err(trouble(NOT_READ))? else {
            return Err(Failure::not_found(format!("there is no push {id} in the outbox")));
        };
        let Some(raw) = raw else { return Ok(Err(damaged(id))) };
        Ok(self.push_of(&raw)?.map(|push| (push, raw)))
    }

    pub(super) fn read_whole(&self, id: u32) -> Result<Sound<(PushRecord, Vec<OrderRecord>)>> {
        let (push, raw) = match self.read_push(id)? {
            Ok(read) => read,
            Err(failure) => return Ok(Err(failure)),
        };
        let kept = self.kept_orders(id)?;
        let is_as_frozen = match push.facts.orders {
            // Before there were seals, places without a gap are all that can be looked at.
            None => {
                raw.seal.is_empty()
                    && raw.password_seal.is_empty()
                    && kept.iter().zip(0..).all(|(order, place)| order.place == place)
            }
            Some(count) => {
                count as usize == kept.len()
                    && raw.seal == seal::of(raw.head(), &kept)
                    && raw.password_seal == seal::of_passwords(id, &kept)
            }
        };
        if !is_as_frozen {
            return Ok(Err(damaged(id)));
        }
        let orders: Option<Vec<OrderRecord>> = kept.into_iter().map(order).collect();
        Ok(orders.map(|orders| (push, orders)).ok_or_else(|| damaged(id)))
    }

    pub(super) fn kept_orders(&self, push: u32) -> Result<Vec<Kept>> {
        let read = || -> rusqlite::Result<Vec<Kept>> {
            self.connection
                .prepare_cached(
                    "select place, task, password, state, why, lms_id, at from push_order
                    where push = ? order by place, id",
                )?
                .query_map([push], |row| Ok(kept(row)))?
                .collect()
        };
        read().map_err(trouble(NOT_READ))
    }

    fn push_of(&self, raw: &Raw) -> Result<Sound<PushRecord>> {
        let (Some(state), Some(target), Some(facts)) =
            (of_word(&raw.state), json_of(&raw.target), json_of(&raw.facts))
        else {
            return Ok(Err(damaged(raw.id)));
        };
        let mut push = PushRecord {
            id: raw.id,
            job: raw.job,
            at: raw.at.clone(),
            state,
            target,
            facts,
            // What it ended with is told where it can be; what it is to do must be read whole.
            why: raw.why.as_deref().and_then(json_of),
            changed: raw.changed.as_deref().and_then(json_of).unwrap_or_default(),
            proof: raw.proof.as_deref().and_then(json_of),
            started: raw.started.clone(),
            ended: raw.ended.clone(),
            counts: PushCounts::default(),
        };
        let read = || -> rusqlite::Result<Vec<(String, u32)>> {
            self.connection
                .prepare_cached(
                    "select state, count(*) from push_order where push = ? group by state",
                )?
                .query_map([push.id], |row| Ok((Cells::of(row).text(0), row.get(1)?)))?
                .collect()
        };
        for (state, count) in read().map_err(trouble(NOT_READ))? {
            let Some(state) = of_word(&state) else { return Ok(Err(damaged(push.id))) };
            push.counts.add(state, count);
        }
        // Whoever was sending it has ended without a word.
        if push.state == PushState::Sending && self.hold_push(push.id).is_ok() {
            push.state = PushState::Paused;
            push.why.get_or_insert_with(|| {
                Failure::state("Muster was ended while it was sending")
                    .hint("Go on: what became of the last people is asked of the LMS first.")
            });
        }
        Ok(Ok(push))
    }
}

pub(super) struct Raw {
    id: u32,
    job: Option<u32>,
    at: String,
    state: String,
    target: String,
    facts: String,
    why: Option<String>,
    changed: Option<String>,
    proof: Option<String>,
    started: Option<String>,
    ended: Option<String>,
    seal: String,
    password_seal: String,
}

impl Raw {
    fn head(&self) -> Head<'_> {
        let Raw { at, target, facts, .. } = self;
        Head { id: self.id, job: self.job, at, target, facts }
    }
}

fn raw(row: &Row) -> Option<Raw> {
    let cells = Cells::of(row);
    let raw = Raw {
        id: cells.count(0),
        job: cells.maybe_count(1),
        at: cells.text(2),
        state: cells.text(3),
        target: cells.text(4),
        facts: cells.text(5),
        why: cells.maybe_text(6),
        changed: cells.maybe_text(7),
        proof: cells.maybe_text(8),
        started: cells.maybe_text(9),
        ended: cells.maybe_text(10),
        seal: cells.text(11),
        password_seal: cells.text(12),
    };
    (!cells.is_flawed()).then_some(raw)
}

/// An order as it is kept, letter by letter.
pub(super) struct Kept {
    pub place: u32,
    pub task: String,
    /// None where none is to be set, [`ERASED`] where one was.
    pub password: Option<Secret>,
    pub state: String,
    pub why: Option<String>,
    pub lms_id: Option<String>,
    pub at: Option<String>,
    pub is_flawed: bool,
}

fn kept(row: &Row) -> Kept {
    let cells = Cells::of(row);
    let mut kept = Kept {
        place: cells.count(0),
        task: cells.text(1),
        password: cells.maybe_text(2).map(Secret::new),
        state: cells.text(3),
        why: cells.maybe_text(4),
        lms_id: cells.maybe_text(5),
        at: cells.maybe_text(6),
        is_flawed: false,
    };
    kept.is_flawed = cells.is_flawed();
    kept
}

fn order(kept: Kept) -> Option<OrderRecord> {
    let state: OrderState = of_word(&kept.state)?;
    let password_erased = kept.password.as_ref().is_some_and(Secret::is_blank);
    let order = OrderRecord {
        waiting: QueuedChange {
            place: kept.place,
            order: json_of::<Order>(&kept.task)?,
            password: kept.password.filter(|password| !password.is_blank()),
            state,
        },
        password_erased,
        why: kept.why.unwrap_or_default(),
        lms_id: kept.lms_id.unwrap_or_default(),
        at: kept.at,
    };
    // An outcome is always written down with its time.
    let is_whole = !state.is_outcome() || order.at.is_some();
    (!kept.is_flawed && is_whole).then_some(order)
}

pub(super) fn damaged(push: u32) -> Failure {
    Failure::new(FailureKind::Store, format!("push {push} is damaged"))
        .why("what is kept of it in Muster's database is not what was written down")
        .hint("Nothing more of it is sent. Fetch a fresh export, and make the plan again.")
}

fn of_an_earlier_version(push: u32) -> Failure {
    Failure::state(format!("push {push} was written down by an earlier version of Muster"))
        .why("that did not note how much belongs to it, so nobody can say whether all of it is there")
        .hint("Nothing more of it is sent. Fetch a fresh export, and make the plan again.")
}
