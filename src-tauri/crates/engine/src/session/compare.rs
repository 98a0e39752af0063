//! Comparing with the snapshot or with another file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Engine;
use super::editing::Edited;
use super::open_job::OpenJob;
use super::opening::file_name;
use super::restore::snapshot_table;
use super::work::Working;
use muster_roster::diff::{self, Change, ColumnChanges, Diff, DiffCounts, Unpaired};
use muster_roster::profile::matching::of_older;
use muster_roster::roster::Roster;
use muster_store::events::{Event, EventKind};
use muster_store::own_files::{self, Stamp};
use muster_table::error::{Failure, Result};
use muster_table::narrow::count as number;
use muster_table::reading::ReadAs;
use muster_table::words::{day, people};

/// What the roster is compared with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Against {
    /// The last snapshot.
    Last,
    /// An older snapshot of the open list.
    Snapshot {
        /// The snapshot's number.
        id: u32,
    },
    /// A file, dropped as "older file".
    File {
        /// Where the file lies.
        path: String,
    },
}

/// A comparison that is wanted, and which page of its changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct CompareRequest {
    /// What the list is compared with.
    pub against: Against,
    /// Only `+`, `~` or `-`.
    pub mark: Option<String>,
    /// Only people whose key or name holds this text; empty for everybody.
    pub search: String,
    /// The first change that is wanted, counted from 0 in what the filter leaves.
    pub first: u32,
    /// How many changes are wanted.
    pub count: u32,
}

/// How the open list differs from something older.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Comparison {
    /// "the snapshot of 3 November 2026, 412 people".
    pub against: String,
    /// How many people came, changed, left or stayed the same.
    pub counts: DiffCounts,
    /// How many cells differ, by column, the most first.
    pub columns: Vec<ColumnChanges>,
    /// Columns that only the open roster has, and those that only the base has.
    pub columns_added: Vec<String>,
    /// Columns that only the base has, as it names them.
    pub columns_removed: Vec<String>,
    /// Rows that could not be paired, as their key is blank or stands more than once.
    pub unpaired: Vec<Unpaired>,
    /// Why nobody of those who are missing is to be brought back: the list is a part, or the LMS leaves them alone. None
    /// where their being missing says something.
    pub left_alone: Option<String>,
    /// How many changes the filter leaves.
    pub total: u32,
    /// The changes of this page.
    pub changes: Vec<Change>,
}

/// Puts back what the base has: one cell, one person, or one column for everyone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Revert {
    /// What has what is put back.
    pub against: Against,
    /// The person's key; none for everyone.
    pub key: Option<String>,
    /// The column's header; none for whole people.
    pub column: Option<String>,
}

/// A roster to compare with that is not the newest snapshot.
pub(super) struct Base {
    against: Against,
    /// Of the file it was read from.
    stamp: Option<Stamp>,
    roster: Roster,
}

impl Engine {
    /// Compares the roster with a snapshot or a file.
    pub fn compare(&self, request: CompareRequest) -> Result<Comparison> {
        self.changing(|job, working| {
            let against = self.fetch_base(job, working, request.against)?;
            let diff = job.diff(&against)?;
            let (base, roster) = (job.base(&against)?, job.roster());
            let page = (request.first as usize, request.count as usize);
            let mark = request.mark.as_deref();
            let (total, changes) = diff.page(base, roster, mark, &request.search, page);
            let names = |roster: &Roster, columns: &[usize]| {
                columns.iter().map(|&c| roster.columns[c].name.clone()).collect()
            };
            Ok(Comparison {
                against: job.name_of_base(&against),
                counts: diff.counts,
                columns: diff.by_column.clone(),
                columns_added: names(roster, &diff.columns.added),
                columns_removed: names(base, &diff.columns.removed),
                unpaired: diff.unpaired.clone(),
                left_alone: job.left_alone(diff.counts.leave),
                total,
                changes,
            })
        })
    }

    /// Puts back what the base has, as one step.
    pub fn revert(&self, request: Revert) -> Result<Edited> {
        self.changing(|job, working| {
            let against = self.fetch_base(job, working, request.against)?;
            let (key, column) = (request.key.as_deref(), request.column.as_deref());
            let edits = diff::revert(job.base(&against)?, job.roster(), key, column);
            let what = match (column, key) {
                (Some(column), Some(key)) => format!("`{column}` of `{key}`"),
                (Some(column), None) => format!("`{column}` of {}", people(edits.len())),
                (None, Some(key)) => format!("`{key}`"),
                (None, None) => "everything".into(),
            };
            if edits.is_empty() {
                return Err(
                    Failure::state("there is nothing to put back").why("it is as it was before")
                );
            }
            let sentence = format!("Put back {what}");
            self.commit_step(job, working, sentence.clone(), edits.clone())?;
            Ok(job.edited(sentence, &edits))
        })
    }

    /// Puts the whole roster back to a snapshot, as one step.
    pub fn restore(&self, request: Against) -> Result<Edited> {
        self.changing(|job, working| {
            let against = self.fetch_base(job, working, request)?;
            let name = job.name_of_base(&against);
            let edits = diff::revert(job.base(&against)?, job.roster(), None, None);
            if edits.is_empty() {
                return Err(Failure::state(format!("the list is already as {name}")));
            }
            let sentence = format!("Restore {name}");
            self.commit_step(job, working, sentence.clone(), edits.clone())?;
            let event = Event {
                at: self.now(),
                kind: EventKind::Restored,
                title: format!("Restored {name}"),
                detail: String::new(),
                id: match against {
                    Against::Snapshot { id } => Some(id),
                    Against::Last => job.snapshots().first().map(|snapshot| snapshot.id),
                    Against::File { .. } => None,
                },
                people: Some(number(job.table().len())),
                sha256: None,
                path: match against {
                    Against::File { path } => Some(path),
                    _ => None,
                },
            };
            self.store(|store| store.add_event(job.lock(), &event, &serde_json::Value::Null))?;
            Ok(job.edited(sentence, &edits))
        })
    }

    /// Makes sure that what is compared with has been read; the newest snapshot by whatever name is the last.
    fn fetch_base(
        &self,
        job: &mut OpenJob,
        working: &Working,
        against: Against,
    ) -> Result<Against> {
        match &against {
            Against::Last => Ok(Against::Last),
            Against::Snapshot { id } => {
                if job.snapshots().first().is_some_and(|newest| newest.id == *id) {
                    return Ok(Against::Last);
                }
                if job.compared_with().is_none_or(|base| base.against != against) {
                    let record = job.snapshots().iter().find(|snapshot| snapshot.id == *id);
                    let record = record
                        .ok_or_else(|| Failure::not_found("this snapshot is no longer kept"))?;
                    let job_id = job.id();
                    let table = self.store(|store| snapshot_table(store, job_id, record))?;
                    job.set_base(against.clone(), None, table)?;
                }
                Ok(against)
            }
            Against::File { path } => {
                let path = std::path::absolute(path).unwrap_or_else(|_| PathBuf::from(path));
                let stamp = own_files::stamp(&path)?;
                let known = |base: &Base| base.against == against && base.stamp == Some(stamp);
                if !job.compared_with().is_some_and(known) {
                    let (bytes, stamp) = own_files::read(&path)?;
                    let read = working.read(bytes, &file_name(&path), &ReadAs::default())?;
                    job.set_base(against.clone(), Some(stamp), read.table)?;
                }
                Ok(against)
            }
        }
    }
}

impl OpenJob {
    fn set_base(
        &mut self,
        against: Against,
        stamp: Option<Stamp>,
        table: muster_table::table::Table,
    ) -> Result<()> {
        let profile = &self.roster().profile;
        let table = muster_plan::worksheet::with_key(profile, table)?;
        let uses = of_older(table.names(), profile, &profile.uses);
        let roster = Roster::read(table, profile.matched(uses));
        self.compare_with(Base { against, stamp, roster });
        Ok(())
    }

    /// Why so many people who are missing are left as they are; none where that says something, or nobody is missing.
    fn left_alone(&self, missing: u32) -> Option<String> {
        let context = self.checker().context();
        let (choices, profile) = (&context.choices, &self.roster().profile);
        let why = if choices.is_partial() {
            "This list is only a part, so that says nothing about them.".to_owned()
        } else if choices.takes_missing() {
            return None;
        } else {
            profile.says_of_left_out(choices)?.to_owned()
        };
        let who = match missing {
            0 => return None,
            1 => "1 person is not in this list any more.".to_owned(),
            many => format!("{} are not in this list any more.", people(many as usize)),
        };
        Some(format!("{who} {why}"))
    }

    fn base(&self, against: &Against) -> Result<&Roster> {
        if *against == Against::Last {
            return self.checker().context().snapshot.as_ref().ok_or_else(|| {
                Failure::state("there is no snapshot to compare with")
                    .hint("Keep the file as the snapshot, or compare with an older file.")
            });
        }
        let base = self.compared_with().filter(|base| base.against == *against);
        base.map(|base| &base.roster).ok_or_else(|| Failure::internal("nothing to compare with"))
    }

    fn diff(&mut self, against: &Against) -> Result<Arc<Diff>> {
        if let Some((with, diff)) = &self.cached().diff
            && with == against
        {
            return Ok(diff.clone());
        }
        let diff = Arc::new(diff::compare(self.base(against)?, self.roster()));
        self.cached_mut().diff = Some((against.clone(), diff.clone()));
        Ok(diff)
    }

    /// "the snapshot of 3 November 2026, 412 people".
    fn name_of_base(&self, against: &Against) -> String {
        let of_snapshot = |id: Option<u32>| {
            let found = self.snapshots().iter().find(|s| id.is_none_or(|id| s.id == id));
            found.map_or("the snapshot".to_owned(), |snapshot| {
                let count = people(snapshot.facts.people as usize);
                format!("the snapshot of {}, {count}", day(&snapshot.facts.at))
            })
        };
        match against {
            Against::Last => of_snapshot(None),
            Against::Snapshot { id } => of_snapshot(Some(*id)),
            Against::File { path } => {
                let count = self.compared_with().map_or(0, |base| base.roster.table.len());
                format!("`{}`, {}", file_name(Path::new(path)), people(count))
            }
        }
    }
}
