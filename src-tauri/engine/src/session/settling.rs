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
use crate::outbox::Carried;
use crate::plan::Action;
use crate::session::history::{Event, EventKind};
use crate::store::outbox::{OrderRecord, PushRecord};

impl Engine {
    /// What a push proved becomes the snapshot of the open list, and the keys that the LMS gave are read into it.
    pub(super) fn settle(&self, carried: &Carried) -> Outcome<Option<Job>> {
        let push = &carried.push;
        let open = self.place().as_ref().map(|job| job.held.id());
        if push.job.is_none() || push.job != open || push.state.is_open() {
            return Ok(None);
        }
        let orders = self.store(|store| store.push_orders(push.id))?;
        let job = self.reseeing(|job, _| {
            self.read_in(job, push, &orders)?;
            if push.counts.refused + push.counts.unknown == 0 {
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
    fn edits_of(&self, push: &PushRecord, orders: &[OrderRecord]) -> Vec<Edit> {
        let roster = self.roster();
        let own_key = roster.profile.key.given_by == crate::profile::KeyGiver::Lms;
        let login = roster.profile.login_field(&push.target.connector);
        let login = login.and_then(|field| roster.column_of(field));
        // What is taken back sets no password.
        let sets = push.facts.takes_back.is_none();
        let secret = roster.columns.iter().find(|c| c.is_secret() && sets);
        let by_login: HashMap<String, u32> = login
            .map(|column| {
                let cell = |row: u32| roster.table.cell(row, column).trim().to_lowercase();
                roster.table.rows().map(|row| (cell(row), row)).collect()
            })
            .unwrap_or_default();
        let mut edits = Vec::new();
        for order in orders.iter().filter(|o| o.waiting.state == OrderState::Done) {
            let task = &order.waiting.order;
            // Somebody new who was taken back has no key any more.
            if task.action == Action::Delete && push.facts.takes_back.is_some() && own_key {
                if let (Some(row), Some(column)) = (roster.row_of_key(&task.id), roster.key) {
                    let before = roster.table.cell(row, column).into_owned();
                    let (column, after) = (column as u32, String::new());
                    edits.push(Edit::Set { row, column, before, after });
                }
                continue;
            }
            let row = match roster.row_of_key(&task.key).filter(|_| !task.key.is_empty()) {
                Some(row) => Some(row),
                None => by_login.get(&task.login.to_lowercase()).copied(),
            };
            let Some(row) = row else { continue };
            if let (Some(column), true) = (roster.key.filter(|_| own_key), task.is_new()) {
                let before = roster.table.cell(row, column).into_owned();
                if before.trim().is_empty() && !order.lms_id.is_empty() {
                    let after = order.lms_id.clone();
                    edits.push(Edit::Set { row, column: column as u32, before, after });
                }
            }
            if let Some(column) = secret {
                let keep = roster.field(column.at).and_then(|f| f.keep_word.clone());
                let after = keep.unwrap_or_default();
                let before = roster.table.cell(row, column.at).into_owned();
                if before != after && !before.is_empty() {
                    edits.push(Edit::Set { row, column: column.at as u32, before, after });
                }
            }
        }
        edits
    }
}
