//! What happened to a job: the entries of its history.

use rusqlite::params;
use serde_json::Value;

use super::Store;
use super::failure::trouble;
use super::jobs::Held;
use crate::error::{Failure, Outcome};
use crate::session::history::{Event, EventKind};

const NOT_READ: &str = "the history could not be read";

impl Store {
    /// Adds an entry, with facts such as a kit's receipt; returns its number.
    pub fn add_event(&self, held: &Held, event: &Event, facts: &Value) -> Outcome<u32> {
        let what = "what happened could not be written to the history";
        let kind = serde_json::to_value(event.kind).map_err(|e| Failure::internal(what).why(e))?;
        self.connection
            .execute(
                "insert into event (job, at, kind, title, detail, subject, people, sha256, path, facts)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                params![
                    held.id,
                    event.at,
                    kind.as_str(),
                    event.title,
                    event.detail,
                    event.id,
                    event.people,
                    event.sha256,
                    event.path,
                    facts.to_string(),
                ],
            )
            .map_err(trouble(what))?;
        Ok(self.connection.last_insert_rowid() as u32)
    }

    /// A job's entries with their facts, the newest first.
    pub fn events(&self, job: u32) -> Outcome<Vec<(Event, Value)>> {
        let read = || -> rusqlite::Result<Vec<(Event, String, String)>> {
            self.connection
                .prepare_cached(
                    "select at, kind, title, detail, subject, people, sha256, path, facts from event
                    where job = ? order by id desc",
                )?
                .query_map([job], |row| {
                    let event = Event {
                        at: row.get(0)?,
                        kind: EventKind::Opened,
                        title: row.get(2)?,
                        detail: row.get(3)?,
                        id: row.get(4)?,
                        people: row.get(5)?,
                        sha256: row.get(6)?,
                        path: row.get(7)?,
                    };
                    Ok((event, row.get(1)?, row.get(8)?))
                })?
                .collect()
        };
        let mut events = Vec::new();
        for (event, kind, facts) in read().map_err(trouble(NOT_READ))? {
            let kind = serde_json::from_value(Value::from(kind))
                .map_err(|e| Failure::internal(NOT_READ).why(e))?;
            events.push((Event { kind, ..event }, super::from_json(&facts, NOT_READ)?));
        }
        Ok(events)
    }
}
