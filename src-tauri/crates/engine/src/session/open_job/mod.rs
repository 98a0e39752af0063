//! The open job: the roster with its findings and changes, its place in the store, and what was worked out of it.

mod kept;
mod rebuild;
mod steps;

pub(super) use rebuild::{answers_of, looked_at};

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::accounts::{AccountOfJob, Attachment};
use super::compare::{Against, Base};
use super::job::{ColumnCard, JobView};
use super::own_file::FileNotice;
use super::problems::{Problems, RuleGroup};
use super::rows::ValueCount;
use super::values::ValueMaps;
use super::view::Shown;
use crate::profiles::{Chosen, card, statements};
use muster_plan::plan::Plan;
use muster_plan::worksheet::{Changes, Worksheet, locks};
use muster_roster::diff::Diff;
use muster_roster::finding::Counts;
use muster_roster::lists::Lists;
use muster_roster::profile::Uses;
use muster_roster::profile::connector::Connector;
use muster_roster::roster::{Column, Roster};
use muster_rules::checker::{Checker, Grouped};
use muster_rules::journal::Operation;
use muster_store::jobs::{JobFacts, JobLock};
use muster_store::journal::Step;
use muster_store::lists::ListCard;
use muster_store::snapshots::SnapshotRecord;
use muster_table::narrow::count as number;
use muster_table::reading::{ReadAs, Reading};
use muster_table::table::Table;

/// What can be said of the fields is said by methods, and what changes them stands in the files beside this one: there the
/// disk is written before what is in memory.
pub(super) struct OpenJob {
    lock: JobLock,
    facts: JobFacts,
    worksheet: Worksheet,
    reading: Reading,
    read_as: ReadAs,
    chosen: Chosen,
    /// What values were replaced with in files of this profile.
    values: ValueMaps,
    /// As the journal has them: in the order in which they were made, those taken back last.
    steps: Vec<Step>,
    saved_at: Option<String>,
    /// The newest first.
    snapshots: Vec<SnapshotRecord>,
    /// What the roster was last compared with, where that is not the newest snapshot.
    base: Option<Base>,
    /// The plan that was made last, and at which revision.
    plan: Option<(u64, Arc<Plan>)>,
    /// Which account it is of.
    attachment: Attachment,
    notices: Vec<String>,
    /// That the person's own file was changed by another program.
    file_notice: Option<FileNotice>,
    /// Nothing of it is to be changed.
    look_only: bool,
    /// Grows with everything that may change what a reply says.
    revision: u64,
    cached: Cached,
    /// What each rule found, as it was told last: worked out again where it is another.
    rule_groups: FxHashMap<u8, RuleGroup>,
    /// The view that was given last.
    last_view: Option<JobView>,
    /// Steps that were made in memory and go to the disk together; none while each goes by itself.
    gathered: Option<Vec<Operation>>,
}

/// Why no column of a list can be edited that is only looked at.
const LOOKED_AT: &str = "You are only looking at this list.";

/// What a job is made of when it is opened.
pub(super) struct Opening {
    pub lock: JobLock,
    pub facts: JobFacts,
    pub worksheet: Worksheet,
    pub reading: Reading,
    pub read_as: ReadAs,
    pub chosen: Chosen,
    pub values: ValueMaps,
    pub steps: Vec<Step>,
    pub saved_at: Option<String>,
    pub snapshots: Vec<SnapshotRecord>,
    pub attachment: Attachment,
    pub notices: Vec<String>,
}

/// What was worked out of the roster as it stands, so that it is not worked out for every reply.
#[derive(Default)]
pub(super) struct Cached {
    pub shown: Option<Shown>,
    /// How many columns look like fields that the file lacks.
    pub guessed: Option<u32>,
    pub problems: Option<Arc<Problems>>,
    /// How the roster differs from what it was last compared with.
    pub diff: Option<(Against, Arc<Diff>)>,
    /// The values of one column, the commonest first.
    pub values: Option<(u32, Arc<Vec<ValueCount>>)>,
}

impl OpenJob {
    pub fn new(opening: Opening) -> OpenJob {
        let Opening { lock, facts, worksheet, reading, read_as, chosen, .. } = opening;
        let Opening { values, steps, saved_at, snapshots, attachment, notices, .. } = opening;
        OpenJob {
            lock,
            facts,
            worksheet,
            reading,
            read_as,
            chosen,
            values,
            steps,
            saved_at,
            snapshots,
            base: None,
            plan: None,
            attachment,
            notices,
            file_notice: None,
            look_only: false,
            revision: 0,
            cached: Cached::default(),
            rule_groups: FxHashMap::default(),
            last_view: None,
            gathered: None,
        }
    }

    pub fn id(&self) -> u32 {
        self.lock.id()
    }

    /// By which the store knows that no other window has this job.
    pub fn lock(&self) -> &JobLock {
        &self.lock
    }

    pub fn facts(&self) -> &JobFacts {
        &self.facts
    }

    pub fn worksheet(&self) -> &Worksheet {
        &self.worksheet
    }

    pub fn checker(&self) -> &Checker {
        self.worksheet.checker()
    }

    pub fn changes(&self) -> &Changes {
        self.worksheet.changes()
    }

    pub fn roster(&self) -> &Roster {
        self.worksheet.roster()
    }

    pub fn table(&self) -> &Table {
        self.worksheet.table()
    }

    pub fn connector(&self) -> Option<&'static Connector> {
        self.worksheet.connector()
    }

    /// What columns were chosen to be used as, in files of this profile.
    pub fn uses(&self) -> &Uses {
        self.worksheet.uses()
    }

    /// How the file was read.
    pub fn read_as(&self) -> &ReadAs {
        &self.read_as
    }

    /// The profile, and where it comes from.
    pub fn chosen(&self) -> &Chosen {
        &self.chosen
    }

    /// What values were replaced with in files of this profile.
    pub fn value_maps(&self) -> &ValueMaps {
        &self.values
    }

    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The newest first.
    pub fn snapshots(&self) -> &[SnapshotRecord] {
        &self.snapshots
    }

    /// What was worked out of the roster as it stands.
    pub fn cached(&self) -> &Cached {
        &self.cached
    }

    pub fn cached_mut(&mut self) -> &mut Cached {
        &mut self.cached
    }

    /// Asks of what was found by rule and value.
    pub fn ask_grouped<T>(
        &mut self,
        ask: impl Fn(&mut Grouped, &Checker) -> Option<T>,
    ) -> Option<T> {
        self.worksheet.ask_grouped(ask)
    }

    /// What was told of each rule last.
    pub fn rule_groups(&mut self) -> &mut FxHashMap<u8, RuleGroup> {
        &mut self.rule_groups
    }

    /// Something was stopped that is still to be taken back.
    pub fn is_recovering(&self) -> bool {
        self.worksheet.is_recovering()
    }

    pub fn recover(&mut self) {
        self.worksheet.recover();
    }

    pub fn is_in_doubt(&self) -> bool {
        self.worksheet.is_in_doubt()
    }

    /// How many steps make the list what it is.
    pub fn steps_done(&self) -> u32 {
        number(self.steps.iter().filter(|step| !step.undone).count())
    }

    /// What the roster was last compared with, where that is not the newest snapshot.
    pub fn compared_with(&self) -> Option<&Base> {
        self.base.as_ref()
    }

    pub fn compare_with(&mut self, base: Base) {
        self.cached.diff = None;
        self.base = Some(base);
    }

    /// Everything that the frame of the window shows.
    pub fn view(&mut self) -> JobView {
        let columns = self.column_cards();
        let guessed_columns = self.guessed();
        let replaced_before = self.replaced_before();
        let roster = self.roster();
        let job = JobView {
            id: self.lock.id(),
            name: self.facts.name.clone(),
            file: self.facts.file.clone(),
            people: number(roster.table.len()),
            columns,
            guessed_columns,
            replaced_before,
            reading: self.reading.clone(),
            sends_by: self.facts.sends_by.filter(|_| self.connector().is_some()),
            profile: card(&self.chosen.profile, &self.chosen.source),
            recognised: self.chosen.recognised.clone(),
            profile_fits: self.chosen.fits(),
            profile_guessed: self.chosen.is_guess,
            statements: statements(&self.roster().profile),
            counts: self.checker().counts(),
            doubts: self.checker().doubts(),
            changed_people: number(self.changes().people()),
            new_columns: self.new_columns(),
            account: AccountOfJob::of(&self.attachment),
            account_fits: self.attachment.fits.clone(),
            snapshot: self.snapshots.first().map(SnapshotRecord::card),
            offer_snapshot: self.facts.offer_snapshot,
            lists: self.list_cards(),
            template: self.template_card(),
            undo: self.steps.iter().rev().find(|s| !s.undone).map(|s| s.sentence.clone()),
            redo: self.steps.iter().find(|s| s.undone).map(|s| s.sentence.clone()),
            saved_at: self.saved_at.clone(),
            key_unlocked: self.facts.key_unlocked,
            notices: self.told_once(),
            file_notice: self.file_notice.clone(),
            look_only: self.look_only,
        };
        self.last_view = Some(job.clone());
        job
    }

    /// Lists that somebody loaded, for this job or its account.
    pub fn own_lists(&self) -> Lists {
        let lists = &self.checker().context().lists;
        let loaded = lists.iter().filter(|(_, list)| list.is_loaded());
        loaded.map(|(kind, list)| (kind.clone(), list.clone())).collect()
    }

    fn list_cards(&self) -> Vec<ListCard> {
        let lists = &self.checker().context().lists;
        let card = |(kind, list): (&String, &muster_roster::lists::List)| ListCard {
            kind: kind.clone(),
            count: number(list.values.len()),
            source: list.source.clone(),
            at: list.at.clone(),
        };
        lists.iter().map(card).collect()
    }

    /// Columns that the snapshot lacks: nobody in it has anything there.
    fn new_columns(&self) -> u32 {
        let context = self.checker().context();
        let known = context.snapshot.as_ref().is_some_and(|snapshot| !snapshot.table.is_empty());
        let columns = context.snapshot_columns.iter().filter(|column| column.is_none());
        if known { number(columns.count()) } else { 0 }
    }

    fn column_cards(&self) -> Vec<ColumnCard> {
        let counts = self.checker().counts_by_column();
        let cards = self.roster().columns.iter().zip(counts);
        cards.map(|(column, counts)| self.column_card(column, *counts)).collect()
    }

    fn column_card(&self, column: &Column, counts: Counts) -> ColumnCard {
        let roster = self.roster();
        let field = roster.field(column.at);
        ColumnCard {
            column: number(column.at),
            name: column.name.clone(),
            field: field.map(|f| f.id.clone()),
            title: field.map_or_else(|| column.name.clone(), |f| f.title.clone()),
            is_key: column.is_key,
            locked: if self.look_only {
                Some(LOOKED_AT.to_owned())
            } else {
                locks::locked(roster, column, self.facts.key_unlocked)
            },
            open_for_new: !self.look_only && locks::open_for_new(roster, column),
            separator: column.separator.clone(),
            choices: self.choices(column),
            secret: column.is_secret(),
            places: self.places_of(column.at).map(str::to_owned),
            errors: counts.error,
            warnings: counts.warning,
            notes: counts.note,
            changed: self.changes().in_column(column.at),
        }
    }

    /// The words that a cell may hold, where they fit a list to pick from.
    fn choices(&self, column: &Column) -> Vec<String> {
        const MOST: usize = 300;
        let field = self.roster().field(column.at);
        if let Some(field) = field.filter(|f| !f.choices.is_empty()) {
            return field.choices.clone();
        }
        let lists = &self.checker().context().lists;
        let list = column.list.as_ref().and_then(|kind| lists.get(kind));
        let Some(list) = list.filter(|list| list.values.len() <= MOST) else { return Vec::new() };
        // What no cell can hold is not offered: `separator-in-name`.
        let values = list.values.iter().filter(|value| !column.takes_apart(value));
        let mut choices: Vec<String> = values.cloned().collect();
        choices.sort_by_cached_key(|choice| choice.to_lowercase());
        choices
    }
}
