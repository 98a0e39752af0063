//! What the open list takes from a push: the snapshot that it proved, the keys that the LMS gave.

use std::collections::HashMap;

use super::connections::table_of_export;
use super::job::Job;
use super::open_job::{OpenJob, Parts};
use super::snapshots::Origin;
use super::{Engine, counted};
use crate::connect::pushing::OrderState;
use crate::connect::{Entry, fetched};
use crate::edit::Edit;
use crate::error::Outcome;
use crate::outbox::{Carried, PushState};
use crate::plan::Action;
use crate::session::history::{Event, EventKind};
use crate::store::outbox::{OrderRecord, PushRecord};

impl Engine {
    /// The list that was opened, with what pushes have proved that ended while it was not open.
    pub(super) fn caught_up(&self, mut job: Job) -> Outcome<Job> {
        let (pushes, events) = self.store(|store| Ok((store.pushes()?, store.events(job.id)?)))?;
        let told = |push: &PushRecord| {
            events.iter().any(|(event, _)| {
                event.kind == EventKind::Push
                    && event.id == Some(push.id)
                    && push.ended.as_deref().is_none_or(|ended| *event.at >= *ended)
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
            let carried = Carried { push, people: None, exported: Vec::new() };
            if let Some(now) = self.settle(&carried)? {
                job = now;
            }
        }
        Ok(job)
    }

    /// What a push proved becomes the snapshot of the open list, and the keys that the LMS gave are read into it.
    pub(super) fn settle(&self, carried: &Carried) -> Outcome<Option<Job>> {
        let push = &carried.push;
        let open = self.place().as_ref().map(|job| job.held.id());
        if push.job.is_none() || push.job != open || push.state.is_open() {
            return Ok(None);
        }
        let orders = self.store(|store| store.push_orders(push.id))?;
        let job = self.reseeing(|job, _| {
            let as_planned = push.facts.steps == Some(job.steps_done());
            self.read_in(job, push, &orders)?;
            if push.facts.takes_back.is_none() {
                let done = job.people_done(push, &orders);
                let rows = done.into_iter().map(|(_, row)| row).collect();
                self.erase_passwords(job, rows)?;
            }
            if as_planned && push.counts.refused + push.counts.unknown == 0 {
                self.store(|store| store.mark_sent(&job.held))?;
            }
            let event = Event {
                at: self.now(),
                kind: EventKind::Push,
                title: match push.facts.takes_back {
                    Some(id) => format!("Took back push {id}: {}", push.state.says()),
                    None => format!("Push {}: {}", push.id, push.state.says()),
                },
                detail: push.facts.note.clone(),
                id: Some(push.id),
                people: Some(push.counts.done),
                sha256: None,
                path: None,
            };
            self.store(|store| store.add_event(&job.held, &event, &serde_json::Value::Null))?;
            let snapshot = match &carried.people {
                // Read by another profile by now, it would be another list.
                Some(found) if job.chosen.profile.id == push.facts.profile => {
                    self.keep_what_is_there(job, carried, found)?
                }
                _ => None,
            };
            Ok(move |parts: &mut Parts| {
                if snapshot.is_some() {
                    parts.snapshot = snapshot;
                }
            })
        })?;
        Ok(Some(job))
    }

    fn keep_what_is_there(
        &self,
        job: &mut OpenJob,
        carried: &Carried,
        found: &[Entry],
    ) -> Outcome<Option<crate::table::Table>> {
        let push = &carried.push;
        let connector = push.target.connector()?;
        let there: Vec<&Entry> =
            found.iter().zip(&carried.exported).filter(|(_, out)| **out).map(|(e, _)| e).collect();
        let bytes = fetched::as_export(&job.chosen.profile, connector, &there)?;
        let origin = Origin {
            source: push.target.shown(),
            note: format!("As it was found after push {}", push.id),
        };
        self.keep_as_snapshot(job, table_of_export(bytes)?, origin).map(Some)
    }

    /// New people get the keys that the LMS gave them, and passwords that were set are taken out, as one step.
    fn read_in(&self, job: &mut OpenJob, push: &PushRecord, orders: &[OrderRecord]) -> Outcome<()> {
        let edits = job.edits_of(push, orders);
        if edits.is_empty() {
            return Ok(());
        }
        let sentence = format!(
            "Read in what push {} proved: {}",
            push.id,
            counted(edits.len(), "cell", "cells")
        );
        self.make(job, sentence, edits)
    }
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

    fn edits_of(&self, push: &PushRecord, orders: &[OrderRecord]) -> Vec<Edit> {
        let roster = self.roster();
        let own_key = roster.profile.key.given_by == crate::profile::KeyGiver::Lms;
        let key = roster.key.filter(|_| own_key);
        let takes_back = push.facts.takes_back.is_some();
        // What is taken back sets no password.
        let secret = roster.columns.iter().find(|c| c.is_secret() && !takes_back);
        let mut edits = Vec::new();
        let mut set = |row: u32, column: usize, after: &str| {
            let before = roster.table.cell(row, column).into_owned();
            if before != after {
                let (column, after) = (column as u32, after.to_owned());
                edits.push(Edit::Set { row, column, before, after });
            }
        };
        for (order, row) in self.people_done(push, orders) {
            let task = &order.waiting.order;
            // Somebody new who was taken back has no key any more.
            if task.action == Action::Delete && takes_back {
                if let (Some(column), Some(row)) = (key, roster.row_of_key(&task.id)) {
                    set(row, column, "");
                }
                continue;
            }
            if let Some(column) = key.filter(|_| task.is_new() && !order.lms_id.is_empty())
                && roster.table.cell(row, column).trim().is_empty()
            {
                set(row, column, &order.lms_id);
            }
            if let Some(column) = secret.filter(|c| !roster.table.cell(row, c.at).is_empty()) {
                let keep = roster.field(column.at).and_then(|f| f.keep_word.as_deref());
                set(row, column.at, keep.unwrap_or_default());
            }
        }
        edits
    }
}
