//! What the open list takes from a push: the snapshot that it proved, the keys that the LMS gave.

use std::collections::HashMap;

use super::Engine;
use super::job::JobView;
use super::open_job::OpenJob;
use super::snapshots::Origin;
use super::work::Working;
use crate::accounts;
use crate::outbox::{RunResult, as_it_is_now};
use muster_plan::plan::Action;
use muster_plan::push::{OrderState, PushState};
use muster_plan::worksheet::Sources;
use muster_roster::profile::KeyGiver;
use muster_roster::roster::Column;
use muster_store::events::{Event, EventKind};
use muster_store::outbox::{OrderRecord, PushRecord};
use muster_table::edit::Edit;
use muster_table::error::Result;
use muster_table::narrow::count as number;
use muster_table::table::Table;
use muster_table::words::counted;

/// How a push that is through stands in a list's history.
fn told_as(push: &PushRecord) -> String {
    match push.facts.takes_back {
        Some(id) => format!("Took back push {id}: {}", push.state.says()),
        None => format!("Push {}: {}", push.id, push.state.says()),
    }
}

impl Engine {
    /// The list that was opened, with what pushes have proved that ended while it was not open.
    pub(super) fn apply_missed_pushes(&self, mut job: JobView) -> Result<JobView> {
        let (pushes, events) = self.store(|store| Ok((store.pushes()?, store.events(job.id)?)))?;
        // By what was told and not by when: the clock may have been put back since. One that was gone on with has done more.
        let told = |push: &PushRecord| {
            events.iter().any(|(event, _)| {
                event.kind == EventKind::Push
                    && event.id == Some(push.id)
                    && event.title == told_as(push)
                    && event.people == Some(push.counts.done)
            })
        };
        let ended = |push: &PushRecord| {
            push.job == Some(job.id)
                && push.started.is_some()
                && matches!(push.state, PushState::Sent | PushState::Partly | PushState::Failed)
        };
        let untold: Vec<PushRecord> =
            pushes.into_iter().rev().filter(|push| ended(push) && !told(push)).collect();
        for push in untold {
            // What the LMS had then is not known any more.
            let result = RunResult::without_people(push);
            if let Some(now) = self.apply_push(&result)? {
                job = now;
            }
        }
        Ok(job)
    }

    /// What a push proved becomes the snapshot of the open list, and the keys that the LMS gave are read into it.
    pub(super) fn apply_push(&self, result: &RunResult) -> Result<Option<JobView>> {
        let push = &result.push;
        let open = self.lock_job().as_ref().map(|job| job.id());
        if push.job.is_none() || push.job != open || push.state.is_open() {
            let (mut profiles, now) = (self.known_profiles()?, self.now());
            self.store(|store| accounts::keep_after_push(store, &mut profiles, result, &now))?;
            return Ok(None);
        }
        let orders = self.store(|store| store.push_orders(push.id))?;
        let take = |job: &mut OpenJob, working: &Working| {
            let as_planned = push.facts.steps == Some(job.steps_done());
            let proved = format!("push {}", push.id);
            if push.facts.takes_back.is_some() {
                let edits = job.keys_taken_back(&orders);
                self.read_in(job, working, &proved, edits)?;
            } else {
                let arrivals = job.arrivals_of(push, &orders);
                self.take_over(job, working, &proved, &arrivals)?;
            }
            if as_planned && push.state == PushState::Sent {
                self.store(|store| store.mark_sent(job.lock()))?;
            }
            let event = Event {
                at: self.now(),
                kind: EventKind::Push,
                title: told_as(push),
                detail: push.facts.note.clone(),
                id: Some(push.id),
                people: Some(push.counts.done),
                sha256: None,
                path: None,
            };
            self.store(|store| store.add_event(job.lock(), &event, &serde_json::Value::Null))?;
            // Read by another profile by now, it would be another list.
            let snapshot = match job.chosen().profile.id == push.facts.profile {
                true => self.keep_what_is_there(job, (result, &orders))?,
                false => None,
            };
            Ok(move |sources: &mut Sources| {
                if snapshot.is_some() {
                    sources.snapshot = snapshot;
                }
            })
        };
        self.taking_over(take, |_, _, _| Ok(())).map(Some)
    }

    fn keep_what_is_there(
        &self,
        job: &mut OpenJob,
        (result, orders): (&RunResult, &[OrderRecord]),
    ) -> Result<Option<Table>> {
        let snapshot = job.checker().context().snapshot.as_ref();
        let now = as_it_is_now(&job.chosen().profile, snapshot, (result, orders))?;
        let origin = Origin {
            source: result.push.target.shown(),
            note: accounts::found_after(&result.push),
            at: None,
        };
        now.map(|table| self.keep_as_snapshot(job, table, origin)).transpose()
    }

    /// Takes over that the LMS has people: new ones get the keys that it gave them, as one step, and passwords that it
    /// took are in nothing that is kept any more.
    pub(super) fn take_over(
        &self,
        job: &mut OpenJob,
        working: &Working,
        proved_by: &str,
        arrivals: &[Arrival],
    ) -> Result<()> {
        let edits = job.edits_of(arrivals);
        self.read_in(job, working, proved_by, edits)?;
        let set = arrivals.iter().filter(|arrival| arrival.password);
        self.erase_passwords(job, set.map(|arrival| arrival.row).collect())
    }

    fn read_in(
        &self,
        job: &mut OpenJob,
        working: &Working,
        proved_by: &str,
        edits: Vec<Edit>,
    ) -> Result<()> {
        let cells = counted(edits.len(), "cell", "cells");
        self.commit_step(job, working, format!("Read in what {proved_by} proved: {cells}"), edits)
    }
}

/// Somebody whom the LMS has as planned.
pub(super) struct Arrival {
    /// Where they stand in the list.
    pub row: u32,
    /// The key that the LMS gave.
    pub given: Option<String>,
    /// A password of theirs may stand in the list, and the LMS has it.
    pub password: bool,
}

impl OpenJob {
    /// Whom a push has changed, each with the row that is theirs here.
    fn people_done<'o>(
        &self,
        push: &PushRecord,
        orders: &'o [OrderRecord],
    ) -> Vec<(&'o OrderRecord, u32)> {
        let roster = self.roster();
        let login = roster.profile.login_field(&push.target.connector);
        let login = login.and_then(|field| roster.column_of(field));
        let by_login: HashMap<String, u32> = login
            .map(|column| {
                let cell = |row: u32| roster.table.cell(row, column).trim().to_lowercase();
                roster.table.rows().map(|row| (cell(row), row)).collect()
            })
            .unwrap_or_default();
        let row_of = |order: &OrderRecord| {
            let task = &order.waiting.order;
            match roster.row_of_key(&task.key).filter(|_| !task.key.is_empty()) {
                Some(row) => Some(row),
                None => by_login.get(&task.login.to_lowercase()).copied(),
            }
        };
        let done = orders.iter().filter(|order| order.waiting.state == OrderState::Done);
        done.filter_map(|order| Some((order, row_of(order)?))).collect()
    }

    fn arrivals_of(&self, push: &PushRecord, orders: &[OrderRecord]) -> Vec<Arrival> {
        let arrival = |(order, row): (&OrderRecord, u32)| Arrival {
            row,
            given: Some(order.lms_id.clone())
                .filter(|id| order.waiting.order.is_new() && !id.is_empty()),
            password: true,
        };
        self.people_done(push, orders).into_iter().map(arrival).collect()
    }

    /// Somebody new who was taken back has no key any more. What is taken back sets no password.
    fn keys_taken_back(&self, orders: &[OrderRecord]) -> Vec<Edit> {
        let roster = self.roster();
        let Some(column) = roster.key.filter(|_| roster.profile.key.given_by == KeyGiver::Lms)
        else {
            return Vec::new();
        };
        let gone = |order: &&OrderRecord| {
            order.waiting.state == OrderState::Done && order.waiting.order.action == Action::Delete
        };
        let edit = |order: &OrderRecord| {
            let row = roster.row_of_key(&order.waiting.order.id)?;
            let before = roster.table.cell(row, column).into_owned();
            Some(Edit::Set { row, column: number(column), before, after: String::new() })
        };
        orders.iter().filter(gone).filter_map(edit).collect()
    }

    /// What an LMS that has somebody changes here: the key that it gave stands in the list, the password that it took
    /// does not.
    fn edits_of(&self, arrivals: &[Arrival]) -> Vec<Edit> {
        let roster = self.roster();
        let key = roster.key.filter(|_| roster.profile.key.given_by == KeyGiver::Lms);
        let secret = roster.columns.iter().find(|column| column.is_password());
        let mut edits = Vec::new();
        let mut set = |row: u32, column: usize, after: &str| {
            let before = roster.table.cell(row, column).into_owned();
            if before != after {
                let (column, after) = (number(column), after.to_owned());
                edits.push(Edit::Set { row, column, before, after });
            }
        };
        for arrival in arrivals {
            let blank = |column: usize| roster.table.cell(arrival.row, column).trim().is_empty();
            if let (Some(column), Some(given)) = (key.filter(|c| blank(*c)), &arrival.given) {
                set(arrival.row, column, given);
            }
            let taken = |c: &&Column| !roster.table.cell(arrival.row, c.at).is_empty();
            if let Some(column) = secret.filter(taken).filter(|_| arrival.password) {
                let keep = roster.field(column.at).and_then(|field| field.keep_word.as_deref());
                set(arrival.row, column.at, keep.unwrap_or_default());
            }
        }
        edits
    }
}
