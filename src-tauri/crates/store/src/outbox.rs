//! Pushes: frozen before anything is sent, with where each of their orders stands.

use std::path::PathBuf;

use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::blobs::{self, Blob};
use super::database::{last_id, write};
use super::failure::trouble;
use super::flaws::Cells;
use super::folder::Lock;
use super::{Store, folder};
use muster_plan::push::{
    ChangeOutcome, Order, OrderState, PushCounts, PushMeta, PushState, QueuedChange, Secret, Target,
};
use muster_plan::verify::Verification;
use muster_table::error::{Failure, FailureKind, Result};

/// A push as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct PushRecord {
    /// The number in its names: "push 7".
    pub id: u32,
    /// None for one that the command began.
    pub job: Option<u32>,
    /// When it was written down, ISO 8601 in UTC.
    pub at: String,
    /// As it was kept last. One that was left as being sent by a process that ended is told as paused.
    pub state: PushState,
    /// Where it goes.
    pub target: Target,
    /// What was planned and chosen, as it was frozen.
    pub facts: PushMeta,
    /// What it was stopped or cut off by; none where nothing was.
    pub why: Option<Failure>,
    /// What somebody else changed since it was planned.
    pub changed: Vec<String>,
    /// How the LMS was found right after it, or in a fresh export, where it dropped a file; none where nobody has
    /// looked.
    pub proof: Option<Verification>,
    /// When the first run began, ISO 8601; none while nothing was sent.
    pub started: Option<String>,
    /// When its last run ended, ISO 8601; none before that.
    pub ended: Option<String>,
    /// How its orders stand, counted when it is read.
    pub counts: PushCounts,
}

/// An order as it is kept.
#[derive(Debug, Clone)]
pub struct OrderRecord {
    /// The order, its place, its password and where it stands.
    pub waiting: QueuedChange,
    /// The LMS's own words, or Muster's, about its outcome or why it was left out; may be empty.
    pub why: String,
    /// The LMS's own id of this person, once it is known; else empty.
    pub lms_id: String,
    /// When its outcome was written down, ISO 8601; none before that.
    pub at: Option<String>,
}

/// A push that is carried out here and nowhere else, until this is dropped or the process ends.
#[derive(Debug)]
pub struct HeldPush {
    /// The push that is held.
    pub id: u32,
    _lock: Lock,
}

const NOT_KEPT: &str = "the push could not be written down";
const NOT_READ: &str = "the outbox could not be read";
/// What stands where a password was.
const ERASED: &str = "";
const COLUMNS: &str = "id, job, at, state, target, facts, why, changed, proof, started, ended";

impl Store {
    /// Writes a push down before anything of it is sent.
    pub fn freeze_push(
        &self,
        job: Option<u32>,
        at: &str,
        target: &Target,
        facts: &PushMeta,
        orders: &[OrderRecord],
    ) -> Result<u32> {
        self.freeze(job, at, target, (facts, None), orders)
    }

    /// The same for one that is a file, with what it is to bring about, packed by [`BlobStore::keep`].
    ///
    /// [`BlobStore::keep`]: super::blobs::BlobStore::keep
    pub fn freeze_file(
        &self,
        job: Option<u32>,
        at: &str,
        target: &Target,
        (facts, planned): (&PushMeta, Blob),
        orders: &[OrderRecord],
    ) -> Result<u32> {
        self.freeze(job, at, target, (facts, Some(planned)), orders)
    }

    /// What the file of a push is to bring about.
    pub fn planned(&self, push: &PushRecord) -> Result<Vec<u8>> {
        let gone = || Failure::not_found("what this push was to bring about is not kept");
        let size = push.facts.planned.ok_or_else(gone)?;
        blobs::read(&self.planned_place(push.job, push.id), size, "what was planned")
    }

    /// With what else is kept of the job, so that it is erased with it.
    fn planned_place(&self, job: Option<u32>, push: u32) -> PathBuf {
        match job {
            Some(job) => self.blobs.of_job(job).join(format!("planned-push-{push}.zst")),
            None => self.folder.join("pushes").join(format!("planned-{push}.zst")),
        }
    }

    fn freeze(
        &self,
        job: Option<u32>,
        at: &str,
        target: &Target,
        (facts, planned): (&PushMeta, Option<Blob>),
        orders: &[OrderRecord],
    ) -> Result<u32> {
        let (target, facts) = (json(target)?, json(facts)?);
        let tasks: Vec<String> =
            orders.iter().map(|o| json(&o.waiting.order)).collect::<Result<_>>()?;
        let keep = || -> rusqlite::Result<_> {
            let writing = write(&self.connection)?;
            writing.execute(
                "insert into push (job, at, state, target, facts) values (?, ?, ?, ?, ?)",
                params![job, at, word(PushState::Waiting), target, facts],
            )?;
            let push = last_id(&writing)?;
            let mut insert = writing.prepare(
                "insert into push_order (push, place, task, password, state, why) values (?, ?, ?, ?, ?, ?)",
            )?;
            for (order, task) in orders.iter().zip(tasks) {
                let waiting = &order.waiting;
                let password = waiting.password.as_ref().map(Secret::reveal);
                let state = word(waiting.state);
                insert.execute(params![push, waiting.place, task, password, state, order.why])?;
            }
            drop(insert);
            Ok((writing, push))
        };
        let (writing, push) = keep().map_err(trouble(NOT_KEPT))?;
        if let Some(planned) = planned {
            let place = self.planned_place(job, push);
            let folder = place.parent().unwrap_or(&self.folder);
            folder::make_private(folder)
                .and_then(|()| planned.settle(&place))
                .map_err(|e| Failure::file(NOT_KEPT, &e))?;
        }
        writing.commit().map_err(trouble(NOT_KEPT))?;
        Ok(push)
    }

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
            match raw.ok_or_else(|| damaged(id)).and_then(|raw| self.push_of(raw)) {
                Ok(push) => pushes.push(push),
                Err(failure) if failure.kind == FailureKind::Store => {
                    self.note(failure.to_string())
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(pushes)
    }

    /// One push by its number; fails with `NotFound` where there is none.
    pub fn push(&self, id: u32) -> Result<PushRecord> {
        let sql = format!("select {COLUMNS} from push where id = ?");
        let read = self.connection.query_row(&sql, [id], |row| Ok(raw(row))).optional();
        match read.map_err(trouble(NOT_READ))? {
            Some(raw) => self.push_of(raw.ok_or_else(|| damaged(id))?),
            None => Err(Failure::not_found(format!("there is no push {id} in the outbox"))),
        }
    }

    /// The orders of a push, in their order.
    pub fn push_orders(&self, push: u32) -> Result<Vec<OrderRecord>> {
        let read = || -> rusqlite::Result<Vec<Option<OrderRecord>>> {
            self.connection
                .prepare_cached(
                    "select place, task, password, state, why, lms_id, at from push_order
                    where push = ? order by place",
                )?
                .query_map([push], |row| Ok(order(row)))?
                .collect()
        };
        let kept = read().map_err(trouble(NOT_READ))?;
        kept.into_iter().map(|order| order.ok_or_else(|| damaged(push))).collect()
    }

    /// Says that orders are being handed over: from now on nobody knows what became of them until they are settled.
    pub fn orders_sending(&self, push: u32, places: &[u32]) -> Result<()> {
        let keep = || -> rusqlite::Result<()> {
            let writing = write(&self.connection)?;
            let sql = "update push_order set state = ? where push = ? and place = ?";
            for place in places {
                let state = word(OrderState::Sending);
                writing.prepare_cached(sql)?.execute(params![state, push, place])?;
            }
            writing.commit()
        };
        keep().map_err(trouble(NOT_KEPT))
    }

    /// Writes down what became of orders, and when.
    pub fn orders_settled(&self, push: u32, all: &[ChangeOutcome], at: &str) -> Result<()> {
        if all.is_empty() {
            return Ok(());
        }
        let keep = || -> rusqlite::Result<()> {
            let writing = write(&self.connection)?;
            let sql = "update push_order set state = ?, why = ?, lms_id = ?, at = ?
                where push = ? and place = ?";
            for one in all {
                let parts = params![word(one.state), one.why, one.id, at, push, one.place];
                writing.prepare_cached(sql)?.execute(parts)?;
            }
            writing.commit()
        };
        keep().map_err(trouble(NOT_KEPT))
    }

    /// Puts orders that were refused back among those to be sent, and those of which nobody knows among those to be
    /// asked after; but nobody whose password is not kept any more. Answers how many.
    pub fn orders_again(&self, push: u32) -> Result<u32> {
        let again = |from: OrderState, to: OrderState| {
            let sql = "update push_order set state = ?
                where push = ? and state = ? and password is not ?";
            self.connection.execute(sql, params![word(to), push, word(from), ERASED])
        };
        let refused = again(OrderState::Refused, OrderState::Waiting).map_err(trouble(NOT_KEPT))?;
        let unknown = again(OrderState::Unknown, OrderState::Sending).map_err(trouble(NOT_KEPT))?;
        Ok(u32::try_from(refused + unknown).unwrap_or(u32::MAX))
    }

    /// Says where a push stands now.
    pub fn set_push(&self, push: &PushRecord) -> Result<()> {
        let why = push.why.as_ref().map(json).transpose()?;
        let proof = push.proof.as_ref().map(json).transpose()?;
        let set = self.connection.execute(
            "update push set target = ?, state = ?, why = ?, changed = ?, proof = ?, started = ?, ended = ?
            where id = ?",
            params![
                json(&push.target)?,
                word(push.state),
                why,
                json(&push.changed)?,
                proof,
                push.started,
                push.ended,
                push.id
            ],
        );
        set.map(|_| ()).map_err(trouble(NOT_KEPT))
    }

    /// Erases the passwords of a push, from the database and from its log.
    pub fn erase_passwords(&self, push: u32) -> Result<()> {
        let erase = || -> rusqlite::Result<()> {
            let sql = "update push_order set password = ?1 where push = ?2 and password != ?1";
            if self.connection.execute(sql, params![ERASED, push])? > 0 {
                self.connection.query_row("pragma wal_checkpoint(truncate)", (), |_| Ok(()))?;
            }
            Ok(())
        };
        erase().map_err(trouble("the passwords of a push could not be erased"))
    }

    /// Takes a push for this process alone. Fails with [`FailureKind::Busy`] while another carries it out.
    pub fn hold_push(&self, id: u32) -> Result<HeldPush> {
        let what = "the push could not be carried out";
        let path = self.folder.join("pushes");
        let open = || {
            folder::make_private(&path)?;
            Lock::take(&path.join(format!("{id}.lock")))
        };
        match open().map_err(|e| Failure::file(what, &e))? {
            Some(lock) => Ok(HeldPush { id, _lock: lock }),
            None => Err(Failure::new(FailureKind::Busy, what)
                .why("it is being sent already, here or in another window")
                .hint("Wait until that is done.")),
        }
    }

    fn push_of(&self, raw: Raw) -> Result<PushRecord> {
        let mut push = PushRecord {
            id: raw.id,
            job: raw.job,
            at: raw.at,
            state: of_word(&raw.state).ok_or_else(|| damaged(raw.id))?,
            target: json_of(&raw.target).ok_or_else(|| damaged(raw.id))?,
            facts: json_of(&raw.facts).ok_or_else(|| damaged(raw.id))?,
            // What it ended with is told where it can be; what it is to do must be read whole.
            why: raw.why.as_deref().and_then(json_of),
            changed: raw.changed.as_deref().and_then(json_of).unwrap_or_default(),
            proof: raw.proof.as_deref().and_then(json_of),
            started: raw.started,
            ended: raw.ended,
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
            push.counts.add(of_word(&state).ok_or_else(|| damaged(push.id))?, count);
        }
        // Whoever was sending it has ended without a word.
        if push.state == PushState::Sending && self.hold_push(push.id).is_ok() {
            push.state = PushState::Paused;
            push.why.get_or_insert_with(|| {
                Failure::state("Muster was ended while it was sending")
                    .hint("Go on: what became of the last people is asked of the LMS first.")
            });
        }
        Ok(push)
    }
}

struct Raw {
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
    };
    (!cells.is_flawed()).then_some(raw)
}

fn order(row: &Row) -> Option<OrderRecord> {
    let cells = Cells::of(row);
    let order = OrderRecord {
        waiting: QueuedChange {
            place: cells.count(0),
            order: json_of::<Order>(&cells.text(1))?,
            password: cells.maybe_text(2).filter(|text| text != ERASED).map(Secret::new),
            state: of_word(&cells.text(3))?,
        },
        why: cells.maybe_text(4).unwrap_or_default(),
        lms_id: cells.maybe_text(5).unwrap_or_default(),
        at: cells.maybe_text(6),
    };
    (!cells.is_flawed()).then_some(order)
}

fn damaged(push: u32) -> Failure {
    Failure::new(FailureKind::Store, format!("push {push} could not be read"))
        .why("its place in Muster's database is damaged")
        .hint("Nothing more of it is sent. Fetch a fresh export, and make the plan again.")
}

fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Failure::internal(NOT_KEPT).why(e))
}

fn json_of<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}

/// The word that stands for a state in the database: the same as on the wire.
fn word<T: Serialize>(state: T) -> String {
    match serde_json::to_value(state) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn of_word<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(word.into()).ok()
}
