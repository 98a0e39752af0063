//! The values that a column may have: groups, roles, …, each list with its age.

use rusqlite::{OptionalExtension, params};

use super::Store;
use super::failure::trouble;
use super::flaws::Cells;
use super::jobs::JobLock;
use muster_table::error::Result;
use serde::{Deserialize, Serialize};

/// A list of reference values as it is told: what it holds and how old it is, without the values themselves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ListCard {
    /// `groups`, `roles`, `managers`, …
    pub kind: String,
    /// How many values it has.
    pub count: u32,
    /// Where it came from: a file's name, "pasted", "the snapshot", "the profile".
    pub source: String,
    /// When it was loaded, ISO 8601.
    pub at: Option<String>,
}

impl Store {
    /// Keeps the values of a list; those that the job had of that kind are replaced.
    pub fn set_list(&self, lock: &JobLock, list: &ListCard, values: &[String]) -> Result<()> {
        self.connection
            .execute(
                "insert into list (job, kind, \"values\", source, at) values (?1, ?2, ?3, ?4, ?5)
                on conflict (job, kind) do update set \"values\" = ?3, source = ?4, at = ?5",
                params![
                    lock.id,
                    list.kind,
                    serde_json::Value::from(values).to_string(),
                    list.source,
                    list.at
                ],
            )
            .map_err(trouble("the list could not be kept"))?;
        Ok(())
    }

    /// Removes the job's list of a kind; without one, nothing happens.
    pub fn forget_list(&self, lock: &JobLock, kind: &str) -> Result<()> {
        self.connection
            .execute("delete from list where job = ? and kind = ?", params![lock.id, kind])
            .map_err(trouble("the list could not be forgotten"))?;
        Ok(())
    }

    /// A job's lists by kind, without their values.
    pub fn lists(&self, job: u32) -> Result<Vec<ListCard>> {
        let read = || -> rusqlite::Result<Vec<(ListCard, bool)>> {
            self.connection
                .prepare_cached(
                    "select kind, case when json_valid(\"values\") and json_type(\"values\") = 'array' then json_array_length(\"values\") else -1 end, source, at
                    from list where job = ? order by kind",
                )?
                .query_map([job], |row| {
                    let cells = Cells::of(row);
                    let card = ListCard {
                        kind: cells.text(0),
                        count: cells.count(1),
                        source: cells.text(2),
                        at: cells.maybe_text(3),
                    };
                    Ok((card, cells.is_flawed()))
                })?
                .collect()
        };
        let (damaged, sound): (Vec<_>, Vec<_>) = read()
            .map_err(trouble("the lists could not be read"))?
            .into_iter()
            .partition(|(_, flawed)| *flawed);
        for (card, _) in damaged {
            self.note(says_damaged(&card.kind));
        }
        Ok(sound.into_iter().map(|(card, _)| card).collect())
    }

    /// The values of a list; none if the job has no such list, or it is damaged, which is noted.
    pub fn list_values(&self, job: u32, kind: &str) -> Result<Option<Vec<String>>> {
        let values: Option<String> = self
            .connection
            .query_row(
                "select \"values\" from list where job = ? and kind = ?",
                params![job, kind],
                |row| row.get(0),
            )
            .optional()
            .map_err(trouble("the list could not be read"))?;
        let read = |json: String| {
            let values = serde_json::from_str(&json).ok();
            if values.is_none() {
                self.note(says_damaged(kind));
            }
            values
        };
        Ok(values.and_then(read))
    }
}

fn says_damaged(kind: &str) -> String {
    format!(
        "The list of {kind} that was loaded could not be read, so nothing is checked by it. Load it again."
    )
}
