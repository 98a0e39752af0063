//! Whether a plan may be sent: this is the one place where that is decided. The upload kit, the outbox, the page and the
//! command's exit codes read it, and its refusals are the only ones in words.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use super::{Action, CellPlan, Only, Plan, PlannedPerson};
use muster_roster::profile::{Blank, PolicyId, Spelt};
use muster_rules::checker::Checker;
use muster_table::error::{Failure, FailureKind};
use muster_table::narrow;

/// What stands between a plan and its being sent, and who is not part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Gate {
    /// Nothing is in the way, nothing is held, and there is something to send.
    pub may_be_sent: bool,
    /// Why nothing can be sent, each a sentence; each open choice is among them.
    pub blockers: Vec<String>,
    /// The policies that have to be answered first, by id.
    pub open: Vec<String>,
    /// How many of the blockers are no open choice.
    pub in_the_way: u32,
    /// Holds that were not released by their own number.
    pub held: Vec<Held>,
    /// Who is not part of it, by why.
    pub left_out: LeftOut,
    /// Why there is nothing to send; none where there is something.
    pub nothing_to_send: Option<String>,
}

impl Gate {
    /// Something else is in the way, told as a sentence.
    pub fn is_blocked(&mut self, why: String) {
        self.may_be_sent = false;
        self.blockers.insert(0, why);
        self.in_the_way += 1;
    }
}

/// A hold that nobody released, or only by another number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Held {
    /// The guard's id: `deactivate`.
    pub id: String,
    /// The number that releases it.
    pub actual: u32,
    /// What it counts and how it is released: whole sentences.
    pub message: String,
    /// What was typed instead.
    pub typed: Option<u32>,
}

/// How many people nothing is sent of, by why. Who those with errors are: [`Plan::with_errors`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct LeftOut {
    /// They have an error, and the others go without them. Nobody where such an error stops all of it: then it is a
    /// blocker.
    pub errors: u32,
    /// They could be sent, and the person chose only others.
    pub not_chosen: u32,
    /// The LMS passes over what differs, as the plan says of each of them.
    pub ignored: u32,
    /// All that differs has to be done by hand.
    pub by_hand: u32,
}

/// Who of a plan is to be sent, where that is not everybody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Part<'a> {
    /// Only the first so many people, to try it.
    pub first: Option<u32>,
    /// Only these keys; everybody where neither keys, rows nor places are given.
    pub keys: &'a [String],
    /// Only who stands on these rows of the list: somebody new may have no key yet.
    pub rows: &'a [u32],
    /// Only who stands at these places of the plan.
    pub places: &'a [u32],
}

impl<'a> Part<'a> {
    /// Whether it is all of the plan.
    pub fn is_everybody(self) -> bool {
        let Part { first, keys, rows, places } = self;
        first.is_none() && keys.is_empty() && rows.is_empty() && places.is_empty()
    }

    /// Whether somebody is part of it, by where they stand in the plan.
    pub fn wanted(self) -> impl Fn(u32, &PlannedPerson) -> bool + use<'a> {
        let keys: FxHashSet<&'a str> = self.keys.iter().map(String::as_str).collect();
        let rows: FxHashSet<u32> = self.rows.iter().copied().collect();
        let places: FxHashSet<u32> = self.places.iter().copied().collect();
        move |at, planned| {
            let everybody = keys.is_empty() && rows.is_empty() && places.is_empty();
            everybody
                || places.contains(&at)
                || planned.person.row.is_some_and(|row| rows.contains(&row))
                || keys.contains(planned.person.key.as_str())
        }
    }
}

/// Why nothing was made of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stopped {
    /// There is nothing to send, which is nothing to complain of.
    Nothing(Failure),
    /// Something is in the way, or a hold was not released. Nothing was written or sent.
    Held(Failure),
    /// It could not be done.
    Failed(Failure),
}

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Stopped {
        Stopped::Failed(failure)
    }
}

impl From<Stopped> for Failure {
    fn from(stopped: Stopped) -> Failure {
        match stopped {
            Stopped::Nothing(failure) | Stopped::Held(failure) | Stopped::Failed(failure) => {
                failure
            }
        }
    }
}

impl PlannedPerson {
    /// Whether a file has a row of this person.
    pub fn is_in_file(&self, only: Only) -> bool {
        let action = self.person.action;
        let sent = action.changes() || (only == Only::All && action != Action::Blocked);
        self.person.row.is_some() && sent
    }
}

impl Plan {
    /// Whether all of it may be sent, with the number typed for each hold.
    pub fn gate(&self, releases: &BTreeMap<String, u32>) -> Gate {
        self.gate_of(Part::default(), releases)
    }

    /// Whether a part of it may be sent.
    pub fn gate_of(&self, part: Part, releases: &BTreeMap<String, u32>) -> Gate {
        let one_by_one = self.connector.is_one_by_one();
        let mut blockers = self.blockers.clone();
        if !part.is_everybody() && !one_by_one {
            blockers.push(
                "A file goes as a whole, and only a part of the people was chosen. Send all of them, or make a kit of a part.".to_owned(),
            );
        }
        let in_the_way = narrow::count(blockers.len().saturating_sub(self.open.len()));
        let chosen = match one_by_one && !part.is_everybody() {
            true => narrow::count(self.chosen(part).len()),
            false => self.to_send,
        };
        let left_out = LeftOut { not_chosen: self.to_send - chosen, ..self.count_left_out(part) };
        // Whoever stops the file by an error would be in it once that is put right.
        let put_right_first = self.errors_stop && self.counts.blocked > 0;
        let nothing = chosen == 0 && !put_right_first;
        let held: Vec<Held> = self.held(part, releases).collect();
        Gate {
            may_be_sent: blockers.is_empty() && held.is_empty() && !nothing,
            open: self.open.clone(),
            in_the_way,
            nothing_to_send: nothing.then(|| self.why_nothing(&left_out)),
            blockers,
            held,
            left_out,
        }
    }

    /// Whoever has an error and is therefore not sent.
    pub fn with_errors<'p>(&'p self, part: Part<'p>) -> impl Iterator<Item = &'p PlannedPerson> {
        let wanted = part.wanted();
        let all = self.people.iter().enumerate();
        all.filter(move |(at, planned)| {
            planned.person.action == Action::Blocked && wanted(narrow::place(*at), planned)
        })
        .map(|(_, planned)| planned)
    }

    /// Where those stand in the plan who are sent of a part; they are sent in that order.
    pub fn chosen(&self, part: Part) -> FxHashSet<u32> {
        let wanted = part.wanted();
        let sent = (0..)
            .zip(&self.people)
            .filter(|(at, planned)| planned.person.action.changes() && wanted(*at, planned));
        sent.map(|(at, _)| at).take(part.first.map_or(usize::MAX, |first| first as usize)).collect()
    }

    /// Refuses to release what this plan has nothing of: a slip, or a number that was meant for another plan.
    pub fn must_have_holds<'r>(
        &self,
        releases: impl IntoIterator<Item = &'r String>,
    ) -> Result<(), Failure> {
        let is_there = |id: &String| self.guards.iter().any(|guard| guard.id == *id);
        let Some(wrong) = releases.into_iter().find(|id| !is_there(id)) else { return Ok(()) };
        let held: Vec<String> = self
            .guards
            .iter()
            .filter(|guard| guard.held)
            .map(|guard| format!("`--release {}={}`", guard.id, guard.actual))
            .collect();
        let hint = match held.as_slice() {
            [] => "Nothing of it is held. Leave the release out.".to_owned(),
            all => format!("What it holds is released by {}.", all.join(", ")),
        };
        Err(Failure::state(format!("there is no hold `{wrong}` in this plan"))
            .why("what it counts does not happen here")
            .hint(format!("{hint} Nothing was written or sent.")))
    }

    /// Refuses a plan that something has moved of since it was made.
    pub fn must_be_current(&self, checker: &Checker) -> Result<(), Failure> {
        match self.stale(checker) {
            None => Ok(()),
            Some(why) => Err(Failure::new(FailureKind::Stale, "the plan is out of date")
                .why(why)
                .hint("Make the plan anew and look at it again.")),
        }
    }

    /// A hold is released by its own number and no other.
    fn held(&self, part: Part, releases: &BTreeMap<String, u32>) -> impl Iterator<Item = Held> {
        let open = self.guards_of(part).filter(|guard| guard.held).map(|guard| Held {
            id: guard.id.clone(),
            actual: guard.actual,
            message: guard.message.clone(),
            typed: releases.get(&guard.id).copied(),
        });
        open.filter(|held| held.typed != Some(held.actual))
    }

    fn count_left_out(&self, part: Part) -> LeftOut {
        let errors =
            if self.errors_stop { 0 } else { narrow::count(self.with_errors(part).count()) };
        let passed_over = self.people.iter().filter(|p| p.person.action == Action::Ignored);
        let (by_hand, ignored): (Vec<_>, Vec<_>) =
            passed_over.partition(|planned| !planned.as_before.is_empty());
        let (by_hand, ignored) = (narrow::count(by_hand.len()), narrow::count(ignored.len()));
        LeftOut { errors, not_chosen: 0, ignored, by_hand }
    }

    /// The choice that would send blanks, where all that is not sent is blank and kept because that was chosen.
    fn clearing_choice(&self) -> Option<String> {
        let policy = self.profile.policy(PolicyId::Blanks)?;
        let clearing = policy.choices.iter().find(|c| Blank::read(&c.id) == Some(Blank::Clear))?;
        let passed_over = self.people.iter().filter(|p| p.person.action == Action::Ignored);
        let cells: Vec<&CellPlan> = passed_over.flat_map(|p| &p.person.cells).collect();
        let is_blank = |cell: &&CellPlan| cell.after.trim().is_empty();
        let all = !cells.is_empty() && cells.iter().all(is_blank);
        (all && self.choices.blanks == Some(Blank::Keep))
            .then(|| format!("`{}={}` (“{}”)", policy.id, clearing.id, clearing.title))
    }

    fn why_nothing(&self, left_out: &LeftOut) -> String {
        let lms = self.profile.called();
        if left_out.errors > 0 {
            "everybody who would be sent has a problem".to_owned()
        } else if left_out.not_chosen > 0 || !self.elsewhere.is_empty() {
            "nobody who was chosen has a change that can be sent".to_owned()
        } else if let Some(choice) = self.clearing_choice() {
            format!(
                "{lms} keeps what it has where a cell is blank, as was chosen; to empty it there, choose {choice}"
            )
        } else if !self.connector.is_one_by_one() {
            format!("no change of this roster is one that {lms} takes from a file")
        } else if left_out.ignored + left_out.by_hand > 0 {
            format!("no change of this roster is one that can be sent to {lms}")
        } else {
            format!("{lms} has everything as it is here")
        }
    }
}

impl Gate {
    /// Lets a plan through, or says why not.
    pub fn pass(&self) -> Result<(), Stopped> {
        let refused = |what: &str, why: &str, hint: &str| {
            let why = why.trim_end_matches('.');
            Stopped::Held(Failure::new(FailureKind::Refused, what).why(why).hint(hint))
        };
        if !self.blockers.is_empty() {
            return Err(refused(
                "this plan cannot be sent",
                &self.blockers.join(" "),
                "Put that right, then make the plan anew. Nothing was written or sent.",
            ));
        }
        if !self.held.is_empty() {
            let why: Vec<String> = self.held.iter().map(Held::says).collect();
            return Err(refused(
                "the plan is held",
                &why.join(" "),
                "Nothing was written or sent.",
            ));
        }
        let Some(why) = &self.nothing_to_send else { return Ok(()) };
        if self.left_out.errors > 0 {
            return Err(refused(
                "nobody can be sent",
                why,
                "Put the problems right, then make the plan anew. Nothing was written or sent.",
            ));
        }
        Err(Stopped::Nothing(nothing_to_send(why)))
    }
}

/// That there is nothing to send, and why.
pub fn nothing_to_send(why: &str) -> Failure {
    Failure::new(FailureKind::NothingToDo, "there is nothing to send")
        .why(why)
        .hint("Edit the roster, or look at what is to be done by hand.")
}

impl Held {
    fn says(&self) -> String {
        let Held { id, actual, message, .. } = self;
        match self.typed {
            Some(typed) => {
                format!("{message} (`--release {id}={actual}`; `{id}` was released with {typed})")
            }
            None => format!("{message} (`--release {id}={actual}`)"),
        }
    }
}
