//! Where the orders of a push stand, and the push itself. Whatever closes one erases its passwords in the same moment.

use rusqlite::{Connection, params};

use super::seal::{self, Head};
use super::{ERASED, NOT_KEPT, PushRecord, json, word};
use crate::Store;
use crate::database::write;
use crate::failure::trouble;
use muster_plan::push::{ChangeOutcome, OrderState, PushState, Target};
use muster_table::error::{Failure, Result};

/// The states of a push of which nothing more is sent.
const CLOSED: [PushState; 4] =
    [PushState::Sent, PushState::Partly, PushState::Failed, PushState::Cancelled];
const OPEN: [PushState; 4] =
    [PushState::Waiting, PushState::Sending, PushState::Paused, PushState::Review];

impl Store {
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

    /// Writes down what was seen of orders afterwards, by their places: where they stand by that, and why.
    pub fn orders_seen(&self, push: u32, all: &[(u32, OrderState, String)]) -> Result<()> {
        self.change_push(|writing| {
            let sql = "update push_order set state = ?, why = ? where push = ? and place = ?";
            for (place, state, why) in all {
                let parts = params![word(*state), why, push, place];
                writing.prepare_cached(sql)?.execute(parts)?;
            }
            Ok(0)
        })
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

    /// Says where a push stands now. What was frozen of it stays as it is. Where nothing more of it will be sent, its
    /// passwords are erased in the same moment, from the database and from its log.
    pub fn set_push(&self, push: &PushRecord) -> Result<()> {
        let why = push.why.as_ref().map(json).transpose()?;
        let proof = push.proof.as_ref().map(json).transpose()?;
        let changed = json(&push.changed)?;
        let set = |writing: &Connection| -> rusqlite::Result<usize> {
            writing.execute(
                "update push set state = ?, why = ?, changed = ?, proof = ?, started = ?, ended = ? where id = ?",
                params![word(push.state), why, changed, proof, push.started, push.ended, push.id],
            )?;
            if push.state.is_open() { Ok(0) } else { erase(writing, push.id) }
        };
        self.change_push(set)
    }

    /// Nothing more of a push is sent, whatever can be read of it.
    pub(super) fn close_push(&self, id: u32, why: &Failure, at: &str) -> Result<()> {
        let why = json(why)?;
        let [a, b, c, d] = CLOSED.map(word);
        let set = |writing: &Connection| -> rusqlite::Result<usize> {
            // How one ended that had ended before stays as it was told.
            writing.execute(
                "update push set state = ?, why = ?, ended = ? where id = ? and state not in (?, ?, ?, ?)",
                params![word(PushState::Cancelled), why, at, id, a, b, c, d],
            )?;
            erase(writing, id)
        };
        self.change_push(set)
    }

    /// Says where a push goes: what was put right in the options of its connection holds for what waits, too.
    pub fn set_push_target(&self, id: u32, target: &Target) -> Result<()> {
        let (push, _) = self.read_whole(id)??;
        let orders = self.kept_orders(id)?;
        let (target, facts) = (json(target)?, self.facts_as_kept(id)?);
        let head = Head { id, job: push.job, at: &push.at, target: &target, facts: &facts };
        let seal = match push.facts.orders {
            Some(_) => seal::of(head, &orders),
            None => String::new(),
        };
        let set = |writing: &Connection| -> rusqlite::Result<usize> {
            let sql = "update push set target = ?, seal = ? where id = ?";
            writing.execute(sql, params![target, seal, id])?;
            Ok(0)
        };
        self.change_push(set)
    }

    fn facts_as_kept(&self, id: u32) -> Result<String> {
        let sql = "select facts from push where id = ?";
        self.connection.query_row(sql, [id], |row| row.get(0)).map_err(trouble(NOT_KEPT))
    }

    /// Erases passwords that are still there of pushes that nothing more is sent of: an earlier version, ended in between,
    /// left them.
    pub(crate) fn sweep_passwords(&self) -> Result<()> {
        let [a, b, c, d] = OPEN.map(word);
        let of_closed = "in (select id from push where state not in (?1, ?2, ?3, ?4))";
        self.change_push(|writing| {
            let seals = format!("update push set password_seal = '' where id {of_closed}");
            writing.execute(&seals, params![a, b, c, d])?;
            let passwords = format!(
                "update push_order set password = ?5 where push {of_closed} and password != ?5"
            );
            writing.execute(&passwords, params![a, b, c, d, ERASED])
        })
    }

    /// One change as a whole, or not at all. It answers how many passwords were erased: their traces in the log go with them.
    fn change_push(&self, change: impl Fn(&Connection) -> rusqlite::Result<usize>) -> Result<()> {
        let write = || -> rusqlite::Result<()> {
            let writing = write(&self.connection)?;
            let erased = change(&writing)?;
            writing.commit()?;
            if erased > 0 {
                self.connection.query_row("pragma wal_checkpoint(truncate)", (), |_| Ok(()))?;
            }
            Ok(())
        };
        write().map_err(trouble(NOT_KEPT))
    }
}

/// Answers how many there were.
fn erase(writing: &Connection, push: u32) -> rusqlite::Result<usize> {
    writing.execute("update push set password_seal = '' where id = ?", [push])?;
    let sql = "update push_order set password = ?1 where push = ?2 and password != ?1";
    writing.execute(sql, params![ERASED, push])
}
