//! What somebody knows better than a check: that a value is real, that a finding stands. The account keeps it, or the list
//! itself where that is of none.

use serde::{Deserialize, Serialize};

use super::Engine;
use super::accounts::RealSaid;
use super::job::JobView;
use super::open_job::OpenJob;
use super::problems::known_rule;
use muster_plan::worksheet::{self, Sources};
use muster_roster::finding::Finding;
use muster_rules::rules::{RULES, rule_index};
use muster_rules::waiver::Waiver;
use muster_store::account as user;
use muster_store::jobs::JobFacts;
use muster_store::said::Said;
use muster_table::error::{Failure, FailureKind, Result};

/// Findings that are to be let stand: those of a rule about one value of one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct LetStand {
    /// The rule's code.
    pub rule: String,
    /// The column's place, counted from 0; none where rows or the file are meant.
    pub column: Option<u32>,
    /// The value that was found.
    pub value: String,
    /// Only that of this row; none for all with this value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub row: Option<u32>,
    /// Why; may not be blank.
    pub reason: String,
}

/// Findings that somebody let stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Standing {
    /// What, why, by whom and since when.
    pub waiver: Waiver,
    /// The rule's title: "Group not known".
    pub title: String,
    /// How many findings it lets stand in this list.
    pub count: u32,
}

/// Beyond this it is no looking at each of them.
const MOST: usize = 500;

impl Engine {
    /// Says that a value is real though no list has it: it is known in all files of the account from then on.
    pub fn say_real(&self, request: RealSaid) -> Result<JobView> {
        let RealSaid { kind, value } = request;
        let now = self.now();
        self.say(move |said| said.is_real(&kind, &value, now))
    }

    /// Takes back that a value is real.
    pub fn take_back_real(&self, request: RealSaid) -> Result<JobView> {
        self.take_back(move |said| said.is_not_real(&request.kind, &request.value))
    }

    /// Lets findings stand: they are counted, are told apart from the others, and stop nobody.
    pub fn let_stand(&self, request: LetStand) -> Result<JobView> {
        let waivers = self.with_job(|job| waivers_of(job, &request))?;
        let (now, by) = (self.now(), user());
        self.say(move |said| {
            for waiver in waivers {
                said.stands(Waiver { at: now.clone(), by: by.clone(), ..waiver });
            }
        })
    }

    /// Has findings told again that somebody let stand.
    pub fn take_back_stand(&self, waiver: Waiver) -> Result<JobView> {
        self.take_back(move |said| said.stands_no_more(&waiver))
    }

    /// Adds to what is said: in the account where there is one, else with the list.
    fn say(&self, add: impl FnOnce(&mut Said)) -> Result<JobView> {
        self.rebuild(|job, _| {
            let mut new = Said::default();
            add(&mut new);
            let mut all = in_force(job);
            all.extend(&new);
            Ok((counting(all), move |job: &mut OpenJob| self.keep_said(job, &new)))
        })
    }

    /// Keeps what is said: in the account where there is one, else with the list.
    pub(super) fn keep_said(&self, job: &mut OpenJob, new: &Said) -> Result<()> {
        match self.account_of(job.facts()) {
            Some(account) => {
                self.change_account_of(job, account.id, |facts| facts.said.extend(new))
            }
            None => {
                let mut facts = job.facts().clone();
                facts.said.extend(new);
                self.commit_facts(job, facts)
            }
        }
    }

    /// Takes back what was said, wherever it is kept.
    fn take_back(&self, remove: impl Fn(&mut Said)) -> Result<JobView> {
        self.rebuild(|job, _| {
            let mut all = in_force(job);
            remove(&mut all);
            let keep = move |job: &mut OpenJob| {
                if let Some(account) = self.account_of(job.facts()) {
                    self.change_account_of(job, account.id, |facts| remove(&mut facts.said))?;
                }
                let mut said = job.facts().said.clone();
                remove(&mut said);
                self.commit_facts(job, JobFacts { said, ..job.facts().clone() })
            };
            Ok((counting(all), keep))
        })
    }
}

impl OpenJob {
    /// What is let stand in this list, whether it has any of it or not.
    pub(super) fn standing(&self) -> Vec<Standing> {
        let waivers = self.checker().context().waivers.iter();
        let standing = |(waiver, count): (&Waiver, u32)| Standing {
            title: rule_index(&waiver.rule)
                .map_or(waiver.rule.as_str(), |rule| RULES[usize::from(rule)].title)
                .to_owned(),
            waiver: waiver.clone(),
            count,
        };
        waivers.zip(self.checker().waived_by()).map(standing).collect()
    }

    /// Values that count as real in this list though nothing else has them.
    pub(super) fn real_values(&self) -> Vec<RealSaid> {
        let real = &self.checker().context().real;
        let of = |(kind, all): (&String, &Vec<String>)| {
            let kind = kind.clone();
            all.clone().into_iter().map(move |value| RealSaid { kind: kind.clone(), value })
        };
        real.iter().flat_map(of).collect()
    }
}

/// One for all of these, or one for each person where they have no value to go by.
fn waivers_of(job: &OpenJob, request: &LetStand) -> Result<Vec<Waiver>> {
    let LetStand { rule, column, value, row, reason } = request;
    if reason.trim().is_empty() {
        return Err(Failure::state("nobody has said why it is let stand")
            .hint("Give a reason, for whoever asks in a year."));
    }
    let meant =
        |f: &Finding| f.column == *column && f.value == *value && (row.is_none() || f.row == *row);
    let found = worksheet::findings_of(job.checker(), known_rule(rule)?, &|_| true)?;
    let mut waivers: Vec<Waiver> = Vec::new();
    for finding in found.iter().filter(|f| meant(f)) {
        let all = Waiver::all_of(job.checker().context(), finding, reason).ok_or_else(refused)?;
        if waivers.len() + all.len() > MOST {
            return Err(Failure::new(FailureKind::Refused, "these are too many to let stand")
                .why(format!("each of them is about somebody else, and there are more than {MOST}"))
                .hint("Choose another severity for this check in your own profile of the LMS."));
        }
        for waiver in all {
            if !waivers.iter().any(|known| known.is_about_the_same(&waiver)) {
                waivers.push(waiver);
            }
        }
    }
    match waivers.is_empty() {
        true => Err(Failure::state("there is nothing here to let stand")),
        false => Ok(waivers),
    }
}

fn refused() -> Failure {
    Failure::new(FailureKind::Refused, "this cannot be let stand")
        .why("the LMS refuses it, or one person could not be told from another")
        .hint("Change the cells, or leave these people out.")
}

/// What is said and counts in the open list, whoever keeps it.
fn in_force(job: &OpenJob) -> Said {
    let context = job.checker().context();
    let mut said = Said {
        waivers: context.waivers.iter().cloned().collect(),
        day_first: context.day_first.clone(),
        ..Said::default()
    };
    for RealSaid { kind, value } in job.real_values() {
        said.is_real(&kind, &value, String::new());
    }
    said
}

/// The list, seen with what is said.
fn counting(said: Said) -> impl FnOnce(&mut Sources) {
    move |sources| {
        let known = crate::accounts::known_of_list(&said);
        (sources.real, sources.waivers) = (known.real, known.waivers);
    }
}
