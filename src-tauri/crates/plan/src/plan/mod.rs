//! What one connector would do to each person, and whether it may.
//!
//! A plan is a value: it is made from a roster, what the LMS has, the findings and the choices for this push, and it
//! carries the names of all of these, so that it can be told when one has moved.

mod admins;
mod age;
mod assignment;
mod basis;
mod blockers;
mod by_itself;
mod cells;
mod changed_there;
mod column_rules;
mod effects;
mod entry;
mod errors;
mod gate;
mod guards;
mod held_people;
mod missing;
pub(crate) mod named_first;
mod not_sent;
mod of_choices;
mod part;
mod passwords;
mod person;
mod protected;
mod renamed;
mod see_to;
mod sent_columns;
mod staying;
mod view;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use muster_roster::profile::{Choices, Connector, Profile};
use muster_rules::checker::Checker;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

pub use age::OldKit;
pub(crate) use age::written;
pub use basis::{Basis, state_of};
pub use cells::NOT_DOCUMENTED;
pub use changed_there::{ChangedCell, ChangedThere};
pub use entry::{
    Action, ByHand, CellPlan, Effects, Guard, PersonPlan, PlanCounts, Staying, known_by, who,
};
pub use gate::{Gate, Held, LeftOut, Part, Stopped, nothing_to_send};
pub use guards::few;
pub use guards::{ids as guard_ids, kinds as guard_kinds};
pub use not_sent::NotSent;
pub(crate) use passwords::has_passwords_at_risk;
pub use protected::{Protected, known_as};
pub(crate) use sent_columns::{SentColumn, header_in_lms, sent_columns};
pub use view::{ColumnTotal, PlanView, PolicyCard, PolicyChoice, Report, SentAs};

use blockers::InTheWay;
use muster_table::error::{Failure, FailureKind};
use muster_table::narrow;
use person::{PersonOutcome, Planner};

/// Who is to be in the file that is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Only {
    /// People who would be changed or made.
    #[default]
    Changed,
    /// Everybody of the roster but those who are left out.
    All,
}

impl Only {
    /// From the word that the window and the command line use.
    pub fn of(word: &str) -> Only {
        if word == "all" { Only::All } else { Only::Changed }
    }

    /// How the window and the command line spell it: "changed", "all".
    pub fn word(self) -> &'static str {
        match self {
            Only::Changed => "changed",
            Only::All => "all",
        }
    }
}

/// What is chosen for one push.
#[derive(Debug, Clone, Default)]
pub struct PlanOptions {
    /// What was answered to the profile's policies.
    pub choices: Choices,
    /// Who is to be in the file.
    pub only: Only,
    /// How many days ago the snapshot was taken, where that is known.
    pub snapshot_age: Option<u32>,
    /// The rows of whom it is about, where that is not everybody: see [`Plan::rows_of`].
    pub part: Option<BTreeSet<u32>>,
    /// Who is not taken away.
    pub protected: Protected,
    /// What somebody else changed in the LMS, and the list does not follow.
    pub there: ChangedThere,
}

/// A person of the plan, with what a connector has to know to carry it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedPerson {
    /// What would become of them.
    pub person: PersonPlan,
    /// The snapshot's row of this person.
    pub was: Option<u32>,
    /// Columns of the roster that no file can change, or that the file has no place for: they are sent as the snapshot
    /// has them, or not at all.
    pub as_before: Vec<u32>,
    /// The file changes their key: it has the new one, and the old one beside it.
    pub renamed_by_file: bool,
    /// Of which holds they are.
    held_by: held_people::HeldBy,
}

/// What a push would do. People with nothing to do are counted and not listed.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Names this plan; another roster, snapshot, choice or finding makes another plan.
    pub id: String,
    /// What it was made from; it is stale once that has moved.
    pub basis: Basis,
    /// The way on which it would be sent.
    pub connector: &'static Connector,
    /// The profile that it was made with.
    pub profile: Arc<Profile>,
    /// All choices of this push, chosen or by default.
    pub choices: Choices,
    /// Whether the list was read whole and nothing is doubted; if not, the blockers say so.
    pub understood: bool,
    /// Who is in the file, where it goes as one.
    pub only: Only,
    /// How many people each action stands for.
    pub counts: PlanCounts,
    /// Removals first, then as in [`Action`]; within one action in the order of the file.
    pub people: Vec<PlannedPerson>,
    /// Changes that no file can make, in the order of the file.
    pub by_hand: Vec<ByHand>,
    /// What is to be done on a day that lies ahead, so that no proof of this plan asks for it.
    pub later: Vec<ByHand>,
    /// What it does beside changing people.
    pub effects: Effects,
    /// What might hold it, held or not.
    pub guards: Vec<Guard>,
    /// Why nothing can be sent, each a sentence; empty where nothing stands in the way but guards.
    pub blockers: Vec<String>,
    /// The policies that have to be answered first; a blocker says so of each.
    open: Vec<String>,
    /// Whether those who have errors are among the blockers; else the others go without them.
    errors_stop: bool,
    /// How many people are sent, or are in the file.
    to_send: u32,
    /// What each choice comes to, by policy.
    pub of_policy: BTreeMap<String, String>,
    /// How many days ago the snapshot was taken, where that is known.
    pub snapshot_age: Option<u32>,
    /// Whom another part of the same list is about, and what it would do.
    pub elsewhere: Vec<PlannedPerson>,
    /// Rows of the roster that must not be in the file.
    left_out: FxHashSet<u32>,
    /// Who it was made not to take away.
    protected: Protected,
}

/// Says what a push would do to each person of the roster and to each person of the snapshot whom it does not have.
///
/// The counts add up to all of these.
///
/// ```
/// use std::sync::Arc;
///
/// use muster_plan::plan::{self, Action, PlanOptions};
/// use muster_roster::lists::Lists;
/// use muster_roster::profile::connector::KIT;
/// use muster_roster::profile::{Choices, Profile};
/// use muster_roster::roster::Roster;
/// use muster_rules::checker::Checker;
/// use muster_rules::rules::CheckContext;
/// use muster_table::table::Table;
///
/// # fn main() -> muster_table::error::Result<()> {
/// let profile = Arc::new(Profile::built_in("generic").expect("it comes with Muster"));
/// let read = |text| Table::from_text(text).map(|table| Roster::read(table, profile.clone()));
/// let had = read("employee_id,name\n1,Ada\n2,Bo\n")?;
/// let has = read("employee_id,name\n1,Ada L.\n2,Bo\n3,Li\n")?;
/// let checker = Checker::new(CheckContext::new(has, Some(had), Lists::new()), &|_| true)?;
///
/// let options = PlanOptions { choices: Choices::defaults(&profile), ..PlanOptions::default() };
/// let plan = plan::make(&checker, &KIT, &options);
/// assert_eq!((plan.counts.create, plan.counts.update, plan.counts.same), (1, 1, 1));
/// let ada = &plan.people[0].person;
/// assert_eq!((ada.key.as_str(), ada.action), ("1", Action::Update));
/// assert_eq!((ada.cells[0].before.as_str(), ada.cells[0].after.as_str()), ("Ada", "Ada L."));
/// # Ok(())
/// # }
/// ```
pub fn make(checker: &Checker, connector: &'static Connector, options: &PlanOptions) -> Plan {
    let context = checker.context();
    let profile = context.roster.profile.clone();
    let choices = &options.choices;
    // A file of a few people would take all the others away.
    let only = match options.part {
        _ if choices.takes_missing() => Only::All,
        Some(_) => Only::Changed,
        None => options.only,
    };

    let mut planner = Planner::new(checker, choices, only, &options.protected);
    planner.there = planner
        .snapshot
        .map(|now| options.there.standing(&context.roster, now))
        .unwrap_or_default();
    let mut outcomes: Vec<PersonOutcome> = (0..context.roster.table.len())
        .into_par_iter()
        .with_min_len(1024)
        .filter_map(|at| planner.person(at))
        .collect();
    outcomes.extend(planner.missing());
    let part = options.part.as_ref();
    let elsewhere = part.map(|part| part::leave_to_others(&mut outcomes, part));

    let mut counts = PlanCounts::default();
    for outcome in &outcomes {
        counts.add(outcome.planned.person.action, 1);
    }
    let judged: u32 = counts.all();
    counts.same = planner.everybody() - judged;
    let effects = effects::of(&planner, &outcomes, &counts);
    let of_policy = of_choices::of(&planner, &outcomes, &counts);
    let guards = guards::of(&planner, &outcomes, &counts, &effects, options.snapshot_age);
    held_people::mark(&planner, &mut outcomes, &guards);
    planner.there.tell(&planner, &mut outcomes);
    let InTheWay { mut blockers, open, errors_stop } = blockers::of(&planner, &outcomes);
    if part.is_some() && choices.takes_missing() {
        blockers.push(format!(
            "Only a part of the people was chosen, and {} would take away everybody whom the file leaves out. Choose one or the other.",
            profile.called()
        ));
    }
    let left_out = outcomes.iter().filter(|v| v.planned.person.action == Action::Blocked);
    let mut left_out: FxHashSet<u32> = left_out.filter_map(|v| v.planned.person.row).collect();
    left_out.extend(&planner.blank);
    let to_send = match only {
        _ if connector.is_one_by_one() => counts.changed(),
        Only::All => narrow::count(context.roster.table.len() - left_out.len()),
        Only::Changed => {
            narrow::count(outcomes.iter().filter(|v| v.planned.is_in_file(only)).count())
        }
    };
    blockers.extend(blockers::too_long(
        connector,
        &profile,
        to_send,
        options.choices.takes_missing(),
    ));
    let basis = Basis::of(checker);
    let mut by_hand = Vec::new();
    let mut people = Vec::with_capacity(outcomes.len());
    for outcome in outcomes {
        by_hand.extend(outcome.by_hand);
        people.push(outcome.planned);
    }
    people.sort_by_key(|p| p.person.action);
    let id = basis.name_of(&profile, connector, choices, only, part);
    Plan {
        id,
        basis,
        connector,
        profile,
        choices: choices.clone(),
        understood: checker.is_understood(),
        only,
        counts,
        people,
        by_hand,
        later: Vec::new(),
        effects,
        guards,
        blockers,
        open,
        errors_stop,
        to_send,
        of_policy,
        snapshot_age: options.snapshot_age,
        elsewhere: elsewhere.unwrap_or_default(),
        left_out,
        protected: options.protected.clone(),
    }
}

impl Plan {
    /// Why this plan holds no longer; none while nothing has moved.
    pub fn stale(&self, checker: &Checker) -> Option<String> {
        self.basis.moved(&Basis::of(checker)).map(|what| {
            format!("{what} since this plan was made, so it may say something wrong now")
        })
    }

    /// Refuses a plan since which others came to be protected, or fewer are: its holds may be for the wrong people.
    pub fn must_protect(&self, now: &Protected) -> Result<(), Failure> {
        if self.protected == *now {
            return Ok(());
        }
        Err(Failure::new(FailureKind::Stale, "the plan is out of date")
            .why("Who is protected has changed since this plan was made, so it may say something wrong now")
            .hint("Make the plan anew and look at it again."))
    }

    /// Whether carrying it out would change anything.
    pub fn is_empty(&self) -> bool {
        self.counts.changed() == 0
    }

    /// All that is left to somebody to do by hand, now and later.
    pub fn left_to_do(&self) -> Vec<ByHand> {
        self.by_hand.iter().chain(&self.later).cloned().collect()
    }

    /// Whether a row of the roster may not be in the file.
    pub fn leaves_out(&self, row: u32) -> bool {
        self.left_out.contains(&row)
    }

    /// The people of the plan by their row of the roster.
    pub fn by_row(&self) -> FxHashMap<u32, &PlannedPerson> {
        self.people.iter().filter_map(|p| Some((p.person.row?, p))).collect()
    }

    /// The people with an action, if one is given, whose key or name holds the searched text: removals first, each with
    /// where they stand in the plan. A key does not tell them apart, as new people may have none.
    pub fn found(&self, action: Option<Action>, search: &str) -> Vec<(u32, &PersonPlan)> {
        let wanted = search.trim().to_lowercase();
        let found = |p: &PersonPlan| {
            action.is_none_or(|a| a == p.action)
                && (wanted.is_empty()
                    || p.key.to_lowercase().contains(&wanted)
                    || p.name.to_lowercase().contains(&wanted))
        };
        let all = self.people.iter().enumerate().map(|(at, p)| (narrow::place(at), &p.person));
        all.filter(|(_, person)| found(person)).collect()
    }
}

#[cfg(test)]
mod tests;
