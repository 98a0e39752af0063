//! An open job: its file, how it was read, its profile, its counts.

use serde::{Deserialize, Serialize};

use crate::profiles::{ProfileCard, ProfileFit, Statement};
use crate::session::accounts::AccountOfJob;
use crate::session::own_file::FileNotice;
use crate::session::templates::TemplateCard;
use muster_roster::finding::{Counts, Severity};
use muster_rules::attaching::Evidence;
use muster_store::lists::ListCard;
use muster_store::snapshots::SnapshotCard;
use muster_table::reading::{ReadAs, Reading};

/// Names a job of Home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct JobId {
    /// As `JobCard` has it.
    pub id: u32,
}

/// A file that is to be opened, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Open {
    /// The file, as the person chose it.
    pub path: String,
    /// A profile's id; recognised from the header if left out.
    pub profile: Option<String>,
    /// How to read it; what is left out is found out from its bytes.
    #[serde(default)]
    pub reading: ReadAs,
}

/// A column of the open roster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ColumnCard {
    /// Its place, counted from 0; rows' cells are in this order.
    pub column: u32,
    /// The header as the file has it.
    pub name: String,
    /// The profile's field it is read as, or none: a custom column.
    pub field: Option<String>,
    /// What the profile calls it, in plain words.
    pub title: String,
    /// Whether it is the key, which says which person a row is.
    pub is_key: bool,
    /// Why it cannot be edited just now; none if it can.
    pub locked: Option<String>,
    /// Whether somebody new may be given a value all the same.
    #[serde(default)]
    pub open_for_new: bool,
    /// How several values are joined in one cell, such as `; `; none for one value.
    pub separator: Option<String>,
    /// The values a cell may take, where there is a short list of them.
    pub choices: Vec<String>,
    /// Whether its values are hidden on screen.
    pub secret: bool,
    /// The list of places that it takes its values from, `countries` or `regions`; none where it holds something else.
    pub places: Option<String>,
    /// Findings of severity error in its cells.
    pub errors: u32,
    /// Findings of severity warning in its cells.
    pub warnings: u32,
    /// Findings of severity note in its cells.
    pub notes: u32,
    /// How many cells differ from the snapshot.
    pub changed: u32,
}

/// Everything the frame of the window shows about the open job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct JobView {
    /// By which the store and other requests name it.
    pub id: u32,
    /// The file's name: `staff.csv`.
    pub name: String,
    /// The person's own file, which is not written to.
    pub file: String,
    /// How many rows the list has now.
    pub people: u32,
    /// All columns, in the order of the file.
    pub columns: Vec<ColumnCard>,
    /// How many columns look like fields that the file lacks, and wait for somebody to say so.
    pub guessed_columns: u32,
    /// How many values were replaced in an earlier file of this LMS and can be again.
    pub replaced_before: u32,
    /// How the file was read, and what was set aside.
    pub reading: Reading,
    /// The profile that it is read through.
    pub profile: ProfileCard,
    /// How sure we are that it is this profile, and why: "8 of 9 columns match".
    pub recognised: String,
    /// The connection by which it is sent; none for the upload kit.
    pub sends_by: Option<u32>,
    /// The profiles that fit it equally well, where somebody has to say which it is; empty where that is no question.
    pub profile_fits: Vec<ProfileFit>,
    /// Whether the profile is a guess, so that somebody has to say whether it is right.
    pub profile_guessed: bool,
    /// What the profile says of this LMS, each with its source.
    pub statements: Vec<Statement>,
    /// How many findings there are of each severity.
    pub counts: Counts,
    /// How many of the errors doubt that the file was understood; while there is one, nothing is an all-clear.
    pub doubts: u32,
    /// How many people differ from the snapshot (or from the file as opened, without one).
    pub changed_people: u32,
    /// How many columns it has that the snapshot lacks; 0 without one that has people.
    pub new_columns: u32,
    /// The account that it is of; none where it is of none.
    pub account: Option<AccountOfJob>,
    /// The accounts that it may be of, the likeliest first; empty where that is no question.
    pub account_fits: Vec<Evidence>,
    /// The newest snapshot; none where nothing was kept yet. One without people says that the LMS has nobody yet.
    pub snapshot: Option<SnapshotCard>,
    /// Set when the file just opened could be kept as the snapshot.
    pub offer_snapshot: bool,
    /// The lists of values that columns are checked by, by kind.
    pub lists: Vec<ListCard>,
    /// The vendor's own template, once it was looked at: its headers and lists count.
    pub template: Option<TemplateCard>,
    /// The sentence of the step that undo would take back.
    pub undo: Option<String>,
    /// The sentence of the step that redo would make again; none where none was taken back.
    pub redo: Option<String>,
    /// When the last step was written to disk, ISO 8601.
    pub saved_at: Option<String>,
    /// Whether the person has let key columns be edited.
    pub key_unlocked: bool,
    /// What to tell once, in a strip: the database was set aside, a profile is gone.
    pub notices: Vec<String>,
    /// That the person's own file is no longer as it was opened.
    pub file_notice: Option<FileNotice>,
    /// Whether the list is only looked at.
    pub look_only: bool,
}

/// What an edit changes of a job as it was last told, under the same names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct JobChange {
    /// How many rows the list has now.
    pub people: u32,
    /// Only those with other numbers than before.
    pub columns: Vec<ColumnChange>,
    /// As `JobView::guessed_columns`.
    pub guessed_columns: u32,
    /// As `JobView::replaced_before`.
    pub replaced_before: u32,
    /// As `JobView::counts`.
    pub counts: Counts,
    /// As `JobView::doubts`.
    pub doubts: u32,
    /// As `JobView::changed_people`.
    pub changed_people: u32,
    /// As `JobView::new_columns`.
    pub new_columns: u32,
    /// As `JobView::undo`.
    pub undo: Option<String>,
    /// As `JobView::redo`.
    pub redo: Option<String>,
    /// As `JobView::saved_at`.
    pub saved_at: Option<String>,
}

/// The numbers of one column that an edit may change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ColumnChange {
    /// Its place, counted from 0.
    pub column: u32,
    /// Findings of severity error in its cells.
    pub errors: u32,
    /// Findings of severity warning in its cells.
    pub warnings: u32,
    /// Findings of severity note in its cells.
    pub notes: u32,
    /// How many of its cells differ from the snapshot.
    pub changed: u32,
}

impl JobView {
    /// What changed since a job was told, and whether that is all.
    pub(super) fn since(&self, told: &JobView) -> (JobChange, bool) {
        let numbers = |card: &ColumnCard| ColumnChange {
            column: card.column,
            errors: card.errors,
            warnings: card.warnings,
            notes: card.notes,
            changed: card.changed,
        };
        let pairs = self.columns.iter().zip(&told.columns);
        let others = pairs.map(|(now, then)| (numbers(now), numbers(then)));
        let change = JobChange {
            people: self.people,
            columns: others.filter(|(now, then)| now != then).map(|(now, _)| now).collect(),
            guessed_columns: self.guessed_columns,
            replaced_before: self.replaced_before,
            counts: self.counts,
            doubts: self.doubts,
            changed_people: self.changed_people,
            new_columns: self.new_columns,
            undo: self.undo.clone(),
            redo: self.redo.clone(),
            saved_at: self.saved_at.clone(),
        };
        let is_all = told.with(&change) == *self;
        (change, is_all)
    }

    /// A job as it is after a change. The page does the same.
    fn with(&self, change: &JobChange) -> JobView {
        let mut job = self.clone();
        for new in &change.columns {
            if let Some(card) = job.columns.get_mut(new.column as usize) {
                (card.errors, card.warnings) = (new.errors, new.warnings);
                (card.notes, card.changed) = (new.notes, new.changed);
            }
        }
        let JobChange { people, guessed_columns, replaced_before, counts, doubts, .. } =
            change.clone();
        let JobChange { changed_people, new_columns, undo, redo, saved_at, .. } = change.clone();
        JobView {
            people,
            guessed_columns,
            replaced_before,
            counts,
            doubts,
            changed_people,
            new_columns,
            undo,
            redo,
            saved_at,
            ..job
        }
    }
}

/// One entry on Home.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct JobCard {
    /// By which it is opened and forgotten.
    pub id: u32,
    /// The file's name: `staff.csv`.
    pub name: String,
    /// Where the person's own file was; empty where it is not known.
    pub file: String,
    /// How many rows it had when it was kept last.
    pub people: u32,
    /// The name of its profile; the id, where there is no such profile any more.
    pub profile: String,
    /// The name of the account that it is of; none where it is of none.
    pub account: Option<String>,
    /// When it was opened last, ISO 8601 in UTC.
    pub opened_at: String,
    /// Steps since the snapshot that no kit or push has carried out.
    pub unsent: u32,
    /// What stands in the way of opening it, if anything.
    pub trouble: Option<String>,
}

/// What Home shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Home {
    /// Of this Muster: "0.1.0".
    pub version: String,
    /// All jobs, the one opened last first.
    pub recent: Vec<JobCard>,
    /// All that can be used, by name; the one that knows no LMS is the last.
    pub profiles: Vec<ProfileCard>,
    /// Profile files of the person's own that have a mistake.
    pub broken_profiles: Vec<muster_table::error::Failure>,
    /// Where Muster keeps its data.
    pub data_folder: String,
    /// Where the person's own profiles lie.
    pub profile_folder: String,
    /// Set when the database could not be used and was set aside.
    pub notices: Vec<String>,
}

/// How far long work has come; asked for while a call is under way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Progress {
    /// By which the call can be stopped; none of a push, which is stopped by its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub id: Option<u32>,
    /// "Reading `staff.csv`".
    pub what: String,
    /// How much of it is done: bytes, rows or people, as `of` counts them.
    pub done: u32,
    /// 0 while it is not known.
    pub of: u32,
}

/// One of the calls that are under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct WorkId {
    /// As `Progress::id` told it.
    pub id: u32,
}

/// Which severity a badge shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Mark {
    /// The cell's column, counted from 0; none for the whole row.
    pub column: Option<u32>,
    /// The gravest of the findings there.
    pub severity: Severity,
}
