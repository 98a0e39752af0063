//! Pushes: frozen before anything is sent, with where each of their orders stands.

use std::path::PathBuf;

use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::blobs::{self, Blob};
use super::database::{last_id, write};
use super::failure::trouble;
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

    /// All pushes, the newest first.
    pub fn pushes(&self) -> Result<Vec<PushRecord>> {
        let sql = format!("select {COLUMNS} from push order by id desc");
        let read = || -> rusqlite::Result<Vec<Raw>> {
            self.connection.prepare_cached(&sql)?.query_map((), raw)?.collect()
        };
        read().map_err(trouble(NOT_READ))?.into_iter().map(|raw| self.push_of(raw)).collect()
    }

    /// One push by its number; fails with `NotFound` where there is none.
    pub fn push(&self, id: u32) -> Result<PushRecord> {
        let sql = format!("select {COLUMNS} from push where id = ?");
        let read = self.connection.query_row(&sql, [id], raw).optional();
        match read.map_err(trouble(NOT_READ))? {
            Some(raw) => self.push_of(raw),
            None => Err(Failure::not_found(format!("there is no push {id} in the outbox"))),
        }
    }

    /// The orders of a push, in their order.
    pub fn push_orders(&self, push: u32) -> Result<Vec<OrderRecord>> {
        type Row =
            (u32, String, Option<String>, String, Option<String>, Option<String>, Option<String>);
        let read = || -> rusqlite::Result<Vec<Row>> {
            self.connection
                .prepare_cached(
                    "select place, task, password, state, why, lms_id, at from push_order
                    where push = ? order by place",
                )?
                .query_map([push], |row| {
                    Ok((
                        row.get(0)?,
                        row.get(1)?,
                        row.get(2)?,
                        row.get(3)?,
                        row.get(4)?,
                        row.get(5)?,
                        row.get(6)?,
                    ))
                })?
                .collect()
        };
        let kept = read().map_err(trouble(NOT_READ))?;
        let order = |(place, task, password, state, why, lms_id, at): Row| {
            Ok(OrderRecord {
                waiting: QueuedChange {
                    place,
                    order: from_json::<Order>(&task)?,
                    password: password.filter(|text| text != ERASED).map(Secret::new),
                    state: of_word(&state)?,
                },
                why: why.unwrap_or_default(),
                lms_id: lms_id.unwrap_or_default(),
                at,
            })
        };
        kept.into_iter().map(order).collect()
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
            state: of_word(&raw.state)?,
            target: from_json(&raw.target)?,
            facts: from_json(&raw.facts)?,
            why: raw.why.as_deref().map(from_json).transpose()?,
            changed: raw.changed.as_deref().map(from_json).transpose()?.unwrap_or_default(),
            proof: raw.proof.as_deref().map(from_json).transpose()?,
            started: raw.started,
            ended: raw.ended,
            counts: PushCounts::default(),
        };
        let read = || -> rusqlite::Result<Vec<(String, u32)>> {
            self.connection
                .prepare_cached(
                    "select state, count(*) from push_order where push = ? group by state",
                )?
                .query_map([push.id], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        };
        for (state, count) in read().map_err(trouble(NOT_READ))? {
            push.counts.add(of_word(&state)?, count);
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

fn raw(row: &Row) -> rusqlite::Result<Raw> {
    Ok(Raw {
        id: row.get(0)?,
        job: row.get(1)?,
        at: row.get(2)?,
        state: row.get(3)?,
        target: row.get(4)?,
        facts: row.get(5)?,
        why: row.get(6)?,
        changed: row.get(7)?,
        proof: row.get(8)?,
        started: row.get(9)?,
        ended: row.get(10)?,
    })
}

fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Failure::internal(NOT_KEPT).why(e))
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    super::from_json(text, NOT_READ)
}

/// The word that stands for a state in the database: the same as on the wire.
fn word<T: Serialize>(state: T) -> String {
    match serde_json::to_value(state) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn of_word<T: DeserializeOwned>(word: &str) -> Result<T> {
    serde_json::from_value(word.into()).map_err(|e| Failure::internal(NOT_READ).why(e))
}
