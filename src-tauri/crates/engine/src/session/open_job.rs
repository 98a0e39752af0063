//! The open job: the roster with its findings and changes, its place in the store, and what was worked out of it.

use std::sync::Arc;

use jiff::civil::Date;

use super::changes::Changes;
use super::compare::{Against, Base};
use super::job::{ColumnCard, Job};
use super::planning::{choices_for, seen_by};
use super::problems::Problems;
use super::profiles::{Chosen, card, statements};
use super::rows::ValueCount;
use super::values::ValueMaps;
use super::view::Shown;
use super::work::Working;
use crate::number::number;
use muster_plan::plan::Plan;
use muster_plan::worksheet::Rosters;
use muster_plan::worksheet::locks;
use muster_roster::diff::Diff;
use muster_roster::finding::Counts;
use muster_roster::lists::Lists;
use muster_roster::profile::connector::Connector;
use muster_roster::profile::{Choices, Profile, Uses};
use muster_roster::roster::{Column, Roster};
use muster_rules::checker::Checker;
use muster_rules::journal::Operation;
use muster_store::jobs::{Held, JobFacts};
use muster_store::journal::Step;
use muster_store::lists::ListCard;
use muster_store::snapshots::SnapshotRecord;
use muster_table::error::Outcome;
use muster_table::reading::{ReadAs, Reading};
use muster_table::table::Table;

pub(super) struct OpenJob {
    pub held: Held,
    pub facts: JobFacts,
    pub checker: Checker,
    pub changes: Changes,
    pub reading: Reading,
    pub read_as: ReadAs,
    pub chosen: Chosen,
    /// What columns were chosen to be used as, in files of this profile.
    pub uses: Uses,
    /// What values were replaced with in files of this profile.
    pub values: ValueMaps,
    /// As the journal has them: in the order in which they were made, those taken back last.
    pub steps: Vec<Step>,
    pub saved_at: Option<String>,
    /// The newest first.
    pub snapshots: Vec<SnapshotRecord>,
    /// What the roster was last compared with, where that is not the newest snapshot.
    pub base: Option<Base>,
    /// The plan that was made last, and at which revision.
    pub plan: Option<(u64, Arc<Plan>)>,
    /// By which connector it is sent; none for the upload kit.
    pub connector: Option<&'static Connector>,
    pub notices: Vec<String>,
    /// That the person's own file was changed by another program.
    pub file_notice: Option<String>,
    /// Grows with everything that may change what a reply says.
    pub revision: u64,
    pub known: Known,
    /// The job as it was told last.
    pub told: Option<Job>,
    /// Steps that were made in memory and go to the disk together; none while each goes by itself.
    pub gathered: Option<Vec<Operation>>,
    /// An edit went wrong halfway: what is in memory is not what the journal says.
    pub broken: bool,
}

/// What was worked out of the roster as it stands, so that it is not worked out for every reply.
#[derive(Default)]
pub(super) struct Known {
    pub shown: Option<Shown>,
    /// How many columns look like fields that the file lacks.
    pub guessed: Option<u32>,
    pub problems: Option<Arc<Problems>>,
    pub by_column: Option<Vec<Counts>>,
    /// How the roster differs from what it was last compared with.
    pub diff: Option<(Against, Arc<Diff>)>,
    /// The values of one column, the commonest first.
    pub values: Option<(u32, Arc<Vec<ValueCount>>)>,
}

/// What findings are made from.
pub(super) struct Parts {
    pub table: Table,
    pub profile: Arc<Profile>,
    pub snapshot: Option<Table>,
    pub lists: Lists,
    /// What was chosen for the plan; some rules depend on it.
    pub choices: Choices,
    pub today: Option<Date>,
    /// What columns were chosen to be used as, in files of this profile.
    pub uses: Uses,
    /// By which connector it is sent; none for the upload kit.
    pub connector: Option<&'static Connector>,
}

impl Parts {
    /// Reads the table through the profile and looks at everything.
    pub fn check(self, working: &Working) -> Outcome<(Checker, Changes)> {
        let count = self.table.len();
        working.step(format!("Checking {}", muster_table::words::people(count)), count);
        let profile = seen_by(&self.profile, self.connector).under(&self.choices);
        let go_on = |done: usize| working.told(done);
        let rosters = Rosters::read(self.table, self.snapshot, &profile, &self.uses, &go_on)?;
        let checker = rosters.check(self.lists, self.choices, self.today, &go_on)?;
        working.look()?;
        let changes = Changes::of(checker.scene());
        Ok((checker, changes))
    }
}

impl OpenJob {
    /// How many steps make the list what it is.
    pub fn steps_done(&self) -> u32 {
        number(self.steps.iter().filter(|step| !step.undone).count())
    }

    pub fn roster(&self) -> &Roster {
        &self.checker.scene().roster
    }

    pub fn table(&self) -> &Table {
        &self.checker.scene().roster.table
    }

    /// Says that what was worked out no longer holds.
    pub fn moved(&mut self) {
        self.revision += 1;
        self.known = Known::default();
    }

    /// The same job seen through other eyes: another profile, another snapshot, other lists.
    pub fn seen_anew(self, working: &Working, change: impl FnOnce(&mut Parts)) -> Outcome<OpenJob> {
        let scene = self.checker.into_scene();
        let mut lists = scene.lists;
        // What came from the old snapshot or profile is not a list that somebody loaded.
        lists.retain(|_, list| list.is_loaded());
        let mut parts = Parts {
            table: scene.roster.table,
            profile: self.chosen.profile.clone(),
            snapshot: scene.snapshot.map(|snapshot| snapshot.table),
            lists,
            choices: Choices::default(),
            today: scene.today,
            uses: self.uses,
            connector: self.connector,
        };
        change(&mut parts);
        let connector = parts.connector;
        let uses = parts.uses.clone();
        parts.choices =
            choices_for(&seen_by(&parts.profile, parts.connector), &self.facts.policies);
        let (checker, changes) = parts.check(working)?;
        Ok(OpenJob {
            checker,
            changes,
            revision: self.revision + 1,
            known: Known::default(),
            uses,
            base: None,
            connector,
            told: None,
            ..self
        })
    }

    /// Everything that the frame of the window shows.
    pub fn told(&mut self) -> Job {
        let columns = self.column_cards();
        let guessed_columns = self.guessed();
        let replaced_before = self.replaced_before();
        let roster = &self.checker.scene().roster;
        let job = Job {
            id: self.held.id(),
            name: self.facts.name.clone(),
            file: self.facts.file.clone(),
            people: number(roster.table.len()),
            columns,
            guessed_columns,
            replaced_before,
            reading: self.reading.clone(),
            sends_by: self.facts.sends_by.filter(|_| self.connector.is_some()),
            profile: card(&self.chosen.profile, &self.chosen.source),
            recognised: self.chosen.recognised.clone(),
            statements: statements(&self.roster().profile),
            counts: self.checker.counts(),
            changed_people: number(self.changes.people()),
            snapshot: self.snapshots.first().map(SnapshotRecord::card),
            offer_snapshot: self.facts.offer_snapshot,
            lists: self.list_cards(),
            template: self.template_card(),
            undo: self.steps.iter().rev().find(|s| !s.undone).map(|s| s.sentence.clone()),
            redo: self.steps.iter().find(|s| s.undone).map(|s| s.sentence.clone()),
            saved_at: self.saved_at.clone(),
            key_unlocked: self.facts.key_unlocked,
            notices: self.notices.iter().chain(&self.file_notice).cloned().collect(),
        };
        self.told = Some(job.clone());
        job
    }

    fn list_cards(&self) -> Vec<ListCard> {
        let lists = &self.checker.scene().lists;
        let card = |(kind, list): (&String, &muster_roster::lists::List)| ListCard {
            kind: kind.clone(),
            count: number(list.values.len()),
            source: list.source.clone(),
            at: list.at.clone(),
        };
        lists.iter().map(card).collect()
    }

    fn column_cards(&mut self) -> Vec<ColumnCard> {
        let counts = self.known.by_column.take().unwrap_or_else(|| self.checker.counts_by_column());
        let cards = self.roster().columns.iter();
        let cards = cards.map(|column| self.column_card(column, counts[column.at])).collect();
        self.known.by_column = Some(counts);
        cards
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
            locked: locks::locked(roster, column, self.facts.key_unlocked),
            separator: column.separator.clone(),
            choices: self.choices(column),
            secret: column.is_secret(),
            places: self.places_of(column.at).map(str::to_owned),
            errors: counts.error,
            warnings: counts.warning,
            notes: counts.note,
            changed: self.changes.in_column(column.at),
        }
    }

    /// The words that a cell may hold, where they fit a list to pick from.
    fn choices(&self, column: &Column) -> Vec<String> {
        const MOST: usize = 300;
        let field = self.roster().field(column.at);
        if let Some(field) = field.filter(|f| !f.choices.is_empty()) {
            return field.choices.clone();
        }
        let lists = &self.checker.scene().lists;
        let list = column.list.as_ref().and_then(|kind| lists.get(kind));
        let Some(list) = list.filter(|list| list.values.len() <= MOST) else { return Vec::new() };
        let mut choices: Vec<String> = list.values.iter().cloned().collect();
        choices.sort_by_cached_key(|choice| choice.to_lowercase());
        choices
    }
}
