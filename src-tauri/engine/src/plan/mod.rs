//! What one connector would do to each person, and whether it may.
//!
//! A plan is a value: it is made from a roster, what the LMS has, the findings and the choices for this push, and it
//! carries the names of all of these, so that it can be told when one has moved.

mod basis;
mod cells;
mod effects;
mod guards;
mod person;
mod terms;
mod view;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::checker::Checker;
use crate::connect::Connector;
use crate::error::{Failure, FailureKind, Outcome};
use crate::finding::Severity;
use crate::profile::{OnErrors, Profile};

pub use basis::{Basis, state_of};
pub use cells::NOT_DOCUMENTED;
pub use view::Report;

use person::{Judge, Verdict};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
#[serde(rename_all = "lowercase")]
pub enum Action {
    Delete,
    Deactivate,
    Blocked,
    Reactivate,
    Update,
    Create,
    Ignored,
    Same,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct PlanCounts {
    pub create: u32,
    pub update: u32,
    pub deactivate: u32,
    pub reactivate: u32,
    pub delete: u32,
    pub same: u32,
    pub ignored: u32,
    pub blocked: u32,
}

/// What would happen to one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct PersonPlan {
    pub key: String,
    pub name: String,
    /// None for someone who is not in the file.
    pub line: Option<u32>,
    pub row: Option<u32>,
    pub action: Action,
    /// The reason, for people only.
    pub why: String,
    pub cells: Vec<CellPlan>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct CellPlan {
    pub column: String,
    pub before: String,
    pub after: String,
    /// What the LMS will hold afterwards under the policies (Add keeps what it had).
    pub result: String,
    /// Why that is not simply what the file says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub why: Option<String>,
}

/// A change that no file can make; someone has to do it on the LMS's own page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct ByHand {
    pub key: String,
    pub column: String,
    pub value: String,
    /// Where in the LMS it is done.
    pub r#where: String,
}

/// What a push does beside changing people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct Effects {
    pub invitations: u32,
    pub password_resets: u32,
    pub seats_after: u32,
    pub fields_created: Vec<String>,
    /// Further effects, each a sentence with its number.
    pub also: Vec<String>,
}

/// A reason a plan is held unless the person insists by typing its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct Guard {
    pub id: String,
    pub actual: u32,
    pub of: u32,
    /// "5 %".
    pub limit: String,
    pub held: bool,
    pub message: String,
}

/// Who is to be in the file that is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Only {
    /// People who would be changed or made.
    #[default]
    Changed,
    All,
}

impl Only {
    /// From the word that the window and the command line use.
    pub fn of(word: &str) -> Only {
        if word == "all" { Only::All } else { Only::Changed }
    }

    pub fn word(self) -> &'static str {
        match self {
            Only::Changed => "changed",
            Only::All => "all",
        }
    }
}

/// What is chosen for one push.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Choices by policy; where one is left out, the profile's default holds.
    pub policies: BTreeMap<String, String>,
    pub only: Only,
    /// How many days ago the snapshot was taken, where that is known.
    pub snapshot_age: Option<u32>,
}

/// A person of the plan, with what a connector has to know to carry it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub person: PersonPlan,
    /// The snapshot's row of this person.
    pub was: Option<u32>,
    /// Columns of the roster that are sent as the snapshot has them, because no file can change them.
    pub as_before: Vec<u32>,
}

/// What a push would do. People with nothing to do are counted and not listed.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Names this plan; another roster, snapshot, choice or finding makes another plan.
    pub id: String,
    pub basis: Basis,
    pub connector: &'static Connector,
    pub profile: Arc<Profile>,
    /// All choices of this push, chosen or by default.
    pub policies: BTreeMap<String, String>,
    pub only: Only,
    pub counts: PlanCounts,
    /// Removals first, then as in [`Action`]; within one action in the order of the file.
    pub people: Vec<Planned>,
    pub by_hand: Vec<ByHand>,
    pub effects: Effects,
    pub guards: Vec<Guard>,
    /// Why nothing can be sent, each a sentence; empty where nothing stands in the way but guards.
    pub blockers: Vec<String>,
    /// What each choice comes to, by policy.
    pub of_policy: BTreeMap<String, String>,
    /// Rows of the roster that must not be in the file.
    left_out: FxHashSet<u32>,
}

/// The choices of a push: those that were made, checked against the profile, and its defaults for the rest.
pub fn choose(
    profile: &Profile,
    made: &BTreeMap<String, String>,
) -> Outcome<BTreeMap<String, String>> {
    let mut all = profile.default_policies();
    for (id, choice) in made {
        let refuse =
            |what: String, hint: String| Err(Failure::new(FailureKind::Refused, what).hint(hint));
        let Some(policy) = profile.policy(id) else {
            let known: Vec<&str> = profile.policies.iter().map(|p| p.id.as_str()).collect();
            let hint = if known.is_empty() {
                "Leave it out.".to_owned()
            } else {
                format!("It leaves you these: {}.", known.join(", "))
            };
            return refuse(format!("{} has no choice named `{id}`", profile.name), hint);
        };
        if !policy.choices.iter().any(|c| c.id == *choice) {
            let known: Vec<&str> = policy.choices.iter().map(|c| c.id.as_str()).collect();
            return refuse(
                format!("`{choice}` is no choice for `{id}`"),
                format!("{} takes: {}.", profile.name, known.join(", ")),
            );
        }
        all.insert(id.clone(), choice.clone());
    }
    Ok(all)
}

/// Says what a push would do to each person of the roster and to each person of the snapshot whom it does not have.
///
/// The counts add up to all of these. Choices that the profile does not have are passed over: see [`choose`].
pub fn make(checker: &Checker, connector: &'static Connector, asked: &Asked) -> Plan {
    let scene = checker.scene();
    let profile = scene.roster.profile.clone();
    let mut policies = profile.default_policies();
    for (id, choice) in &asked.policies {
        if profile.policy(id).is_some_and(|p| p.choices.iter().any(|c| c.id == *choice)) {
            policies.insert(id.clone(), choice.clone());
        }
    }
    let takes_missing =
        matches!(policies.get("missing").map(String::as_str), Some(m) if m != "keep");
    // A file of a few people would take all the others away.
    let only = if takes_missing { Only::All } else { asked.only };

    let judge = Judge::new(checker, &policies, only);
    let mut verdicts: Vec<Verdict> = (0..scene.roster.table.len())
        .into_par_iter()
        .with_min_len(1024)
        .filter_map(|at| judge.person(at))
        .collect();
    verdicts.extend(judge.missing());

    let mut counts = PlanCounts::default();
    for verdict in &verdicts {
        counts.add(verdict.planned.person.action, 1);
    }
    let judged: u32 = counts.all();
    counts.same = judge.everybody() - judged;
    let effects = effects::of(&judge, &verdicts, &counts);
    let of_policy = effects::of_policies(&judge, &verdicts, &counts);
    let guards = guards::of(&judge, &verdicts, &counts, &effects, asked.snapshot_age);
    let blockers = blockers(&judge, &verdicts, takes_missing);
    let left_out = verdicts.iter().filter(|v| v.planned.person.action == Action::Blocked);
    let left_out = left_out.filter_map(|v| v.planned.person.row).collect();
    let basis = Basis::of(checker);
    let mut by_hand = Vec::new();
    let mut people = Vec::with_capacity(verdicts.len());
    for verdict in verdicts {
        by_hand.extend(verdict.by_hand);
        people.push(verdict.planned);
    }
    people.sort_by_key(|p| p.person.action);
    let id = basis.name_of(&profile, connector, &policies, only);
    Plan {
        id,
        basis,
        connector,
        profile,
        policies,
        only,
        counts,
        people,
        by_hand,
        effects,
        guards,
        blockers,
        of_policy,
        left_out,
    }
}

fn blockers(judge: &Judge, verdicts: &[Verdict], takes_missing: bool) -> Vec<String> {
    let lms = judge.lms();
    let mut all = Vec::new();
    if judge.snapshot.is_none() {
        all.push(format!(
            "There is no snapshot of what {lms} has, so nobody can tell who is new. Keep an export of {lms} as the snapshot first."
        ));
    }
    let whole = judge.checker.findings_of_the_whole();
    let grave = whole.iter().filter(|f| f.severity == Severity::Error);
    all.extend(grave.map(|f| format!("{}.", f.message)));
    for policy in judge.open_choices() {
        all.push(format!("Choose what {lms} is to do: {}.", policy.title));
    }
    let blocked: Vec<&Verdict> =
        verdicts.iter().filter(|v| v.planned.person.action == Action::Blocked).collect();
    if !blocked.is_empty() && judge.errors == OnErrors::Stop {
        all.push(format!(
            "{} would stop the whole file: {}.",
            people_have(blocked.len(), "a problem that", "problems that"),
            names(&blocked)
        ));
    } else if takes_missing {
        let known: Vec<&Verdict> =
            blocked.into_iter().filter(|v| v.planned.was.is_some()).collect();
        if !known.is_empty() {
            all.push(format!(
                "{} would be left out of the file, and whoever is not in it would be taken away: {}.",
                people_have(known.len(), "a problem and", "problems and"),
                names(&known)
            ));
        }
    }
    all
}

fn people_have(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 person has {one}") } else { format!("{count} people have {many}") }
}

fn names(verdicts: &[&Verdict]) -> String {
    const FEW: usize = 3;
    let named: Vec<String> = verdicts
        .iter()
        .take(FEW)
        .map(|v| {
            let person = &v.planned.person;
            match person.line {
                Some(line) => format!("{} (line {line})", person.name),
                None => person.name.clone(),
            }
        })
        .collect();
    let more = verdicts.len().saturating_sub(FEW);
    if more == 0 { named.join(", ") } else { format!("{} and {more} more", named.join(", ")) }
}

impl PlanCounts {
    fn add(&mut self, action: Action, by: u32) {
        *match action {
            Action::Create => &mut self.create,
            Action::Update => &mut self.update,
            Action::Deactivate => &mut self.deactivate,
            Action::Reactivate => &mut self.reactivate,
            Action::Delete => &mut self.delete,
            Action::Same => &mut self.same,
            Action::Ignored => &mut self.ignored,
            Action::Blocked => &mut self.blocked,
        } += by;
    }

    /// Everybody: the people of the roster, and those of the snapshot whom it does not have.
    pub fn all(&self) -> u32 {
        self.create
            + self.update
            + self.deactivate
            + self.reactivate
            + self.delete
            + self.same
            + self.ignored
            + self.blocked
    }

    /// How many people would not be as they were.
    pub fn changed(&self) -> u32 {
        self.create + self.update + self.deactivate + self.reactivate + self.delete
    }
}

impl Plan {
    /// Why this plan holds no longer; none while nothing has moved.
    pub fn stale(&self, checker: &Checker) -> Option<String> {
        self.basis.moved(&Basis::of(checker)).map(|what| {
            format!("{what} since this plan was made, so it may say something wrong now")
        })
    }

    /// Whether carrying it out would change anything.
    pub fn is_empty(&self) -> bool {
        self.counts.changed() == 0
    }

    /// The guards that hold and are not released. A guard is released by its own number and no other.
    pub fn held(&self, releases: &BTreeMap<String, u32>) -> Vec<&Guard> {
        self.guards.iter().filter(|g| g.held && releases.get(&g.id) != Some(&g.actual)).collect()
    }

    /// Whether a row of the roster may not be in the file.
    pub fn leaves_out(&self, row: u32) -> bool {
        self.left_out.contains(&row)
    }

    /// The people of the plan by their row of the roster.
    pub fn by_row(&self) -> FxHashMap<u32, &Planned> {
        self.people.iter().filter_map(|p| Some((p.person.row?, p))).collect()
    }

    /// The people of one page, removals first: those with an action, if one is given, whose key or name holds the
    /// searched text. Also says how many there are in all.
    pub fn page(
        &self,
        action: Option<Action>,
        search: &str,
        (first, count): (usize, usize),
    ) -> (u32, Vec<PersonPlan>) {
        let wanted = search.trim().to_lowercase();
        let found = |p: &&PersonPlan| {
            action.is_none_or(|a| a == p.action)
                && (wanted.is_empty()
                    || p.key.to_lowercase().contains(&wanted)
                    || p.name.to_lowercase().contains(&wanted))
        };
        let all: Vec<&PersonPlan> = self.people.iter().map(|p| &p.person).filter(found).collect();
        (all.len() as u32, all.into_iter().skip(first).take(count).cloned().collect())
    }
}

#[cfg(test)]
mod tests;
