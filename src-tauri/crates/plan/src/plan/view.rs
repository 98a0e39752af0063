//! A plan as the window and the command line show it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use muster_table::words::MASK;

use super::{
    Action, ByHand, CellPlan, Effects, Gate, Guard, PersonPlan, Plan, PlanCounts, PlannedPerson,
};

/// A plan as `muster plan --format json` prints it, people in the order of the file.
#[derive(Debug, Serialize)]
pub struct Report<'p> {
    /// The profile's id: `edapp`.
    pub profile: &'p str,
    /// Whether it is somebody's own, and does not come with Muster.
    pub own_profile: bool,
    /// What such a one softens, each a sentence.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub softened: &'p [String],
    /// The connector's id: `kit`.
    pub connector: &'p str,
    /// Whether the list was read whole and nothing is doubted.
    pub understood: bool,
    /// What was chosen, by the policies' ids.
    pub policies: &'p std::collections::BTreeMap<String, String>,
    /// How many people each action stands for.
    pub counts: PlanCounts,
    /// Everybody whom the plan lists, in the order of the file; who is not in it comes last.
    pub people: Vec<Person<'p>>,
    /// Changes that no file can make.
    pub by_hand: &'p [ByHand],
    /// What it does beside changing people.
    pub effects: &'p Effects,
    /// What might hold it, held or not.
    pub guards: &'p [Guard],
    /// Why nothing can be sent, each a sentence.
    pub blockers: &'p [String],
    /// How many people change in each column.
    pub columns: Vec<ColumnTotal>,
    /// From what it was worked out, as a sentence.
    pub worked_out: String,
}

#[derive(Debug, Serialize)]
pub struct Person<'p> {
    pub key: &'p str,
    pub name: &'p str,
    pub line: Option<u32>,
    pub action: Action,
    pub why: &'p str,
    pub cells: &'p [CellPlan],
}

impl<'p> Person<'p> {
    fn of(person: &'p PersonPlan) -> Person<'p> {
        Person {
            key: &person.key,
            name: &person.name,
            line: person.line,
            action: person.action,
            why: &person.why,
            cells: &person.cells,
        }
    }
}

/// How much changes in one column, of people who exist already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ColumnTotal {
    /// Its header, as the file has it.
    pub column: String,
    /// How many people hold something else in it afterwards.
    pub people: u32,
    /// How many of them hold nothing in it afterwards.
    pub emptied: u32,
}

/// A choice that the LMS asks for at each upload, as sentences.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct PolicyCard {
    /// `groups`, `roles`, `invitations`, `blanks`, `missing`.
    pub id: String,
    /// "Groups of people who exist already".
    pub title: String,
    /// What is asked for: `choice`, `column`, `text`, `number`, `values` or `assignment`.
    pub takes: String,
    /// What there is to choose from; empty where something else is asked for.
    pub choices: Vec<PolicyChoice>,
    /// What stands beside the columns of the file, where any of them may be chosen.
    pub other: String,
    /// The id of what is chosen now; empty where the profile has no default and nobody chose.
    pub chosen: String,
    /// What it comes to in this plan: "12 people would lose a group".
    pub effect: String,
    /// Where the vendor says so; blank where nobody does.
    pub source: String,
}

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct PolicyChoice {
    /// What is kept and typed when it is chosen: `add`.
    pub id: String,
    /// What it is called: "Add".
    pub title: String,
    /// What this LMS does then.
    pub says: String,
}

/// A plan without its people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct PlanView {
    /// Names this plan; it is stale once the roster or the snapshot has moved.
    pub id: String,
    /// What the way of sending is called: "Upload kit".
    pub connector: String,
    /// Whether it can be sent from here; else it becomes an upload kit.
    pub direct: bool,
    /// Whether what is sent is one file, which goes as a whole.
    pub drops_files: bool,
    /// Where each field goes in a push; empty for an upload.
    pub sent_as: Vec<SentAs>,
    /// What the LMS asks for, in the profile's order, with what is chosen now.
    pub policies: Vec<PolicyCard>,
    /// How many people each action stands for.
    pub counts: PlanCounts,
    /// What it does beside changing people.
    pub effects: Effects,
    /// What might hold it, held or not.
    pub guards: Vec<Guard>,
    /// Changes that no file can make.
    pub by_hand: Vec<ByHand>,
    /// Whether it may be sent, as long as no hold is released.
    pub gate: Gate,
    /// Who is in the file: `changed` or `all`.
    pub only: String,
    /// How many people change in each column.
    pub columns: Vec<ColumnTotal>,
    /// From what it was worked out, as a sentence.
    pub worked_out: String,
}

/// Where a field goes in a push.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct SentAs {
    /// What the field is called on screen: "First name".
    pub title: String,
    /// The interface's name of it; none where it has no place for it.
    pub name: Option<String>,
}

impl Plan {
    /// All of it in words, told at a time, ISO 8601. `place` says where a row stands in the roster; people who are not in
    /// it come last.
    pub fn report(&self, at: &str, place: impl Fn(u32) -> Option<usize>) -> Report<'_> {
        let stands = |p: &&PlannedPerson| {
            p.person.row.map_or(usize::MAX, |r| place(r).unwrap_or(usize::MAX))
        };
        let mut people: Vec<&PlannedPerson> = self.people.iter().collect();
        people.sort_by_cached_key(stands);
        Report {
            profile: &self.profile.id,
            own_profile: self.profile.origin.own,
            softened: &self.profile.origin.softens,
            connector: self.connector.id,
            understood: self.understood,
            policies: self.choices.written(),
            counts: self.counts,
            people: people.into_iter().map(|p| Person::of(&p.person)).collect(),
            by_hand: &self.by_hand,
            effects: &self.effects,
            guards: &self.guards,
            blockers: &self.blockers,
            columns: self.column_totals(),
            worked_out: self.worked_out(at),
        }
    }

    /// How many people change in each column, those with the most first.
    pub fn column_totals(&self) -> Vec<ColumnTotal> {
        let mut totals: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
        let known = self.people.iter().filter(|p| p.was.is_some() && p.person.action.changes());
        for cell in known.flat_map(|p| &p.person.cells) {
            if cell.result != cell.before || cell.result == MASK {
                let total = totals.entry(&cell.title).or_default();
                total.0 += 1;
                total.1 += u32::from(cell.result.is_empty());
            }
        }
        let total = |(column, (people, emptied)): (&str, (u32, u32))| ColumnTotal {
            column: column.to_owned(),
            people,
            emptied,
        };
        let mut totals: Vec<ColumnTotal> = totals.into_iter().map(total).collect();
        totals.sort_by_key(|total| std::cmp::Reverse(total.people));
        totals
    }

    /// The plan without its people, for Plan & send, told at a time, ISO 8601.
    pub fn view(&self, at: &str) -> PlanView {
        PlanView {
            id: self.id.clone(),
            connector: self.connector.title.to_owned(),
            direct: self.connector.is_direct(),
            drops_files: self.connector.drops_files,
            sent_as: self.sent_as(),
            policies: self.policy_cards(),
            counts: self.counts,
            effects: self.effects.clone(),
            guards: self.guards.clone(),
            by_hand: self.by_hand.clone(),
            gate: self.gate(&BTreeMap::new()),
            only: self.only.word().to_owned(),
            columns: self.column_totals(),
            worked_out: self.worked_out(at),
        }
    }

    /// Where each field goes, for a connector that sends people one by one.
    fn sent_as(&self) -> Vec<SentAs> {
        let names = self.profile.names_at(self.connector.id);
        if names.is_empty() {
            return Vec::new();
        }
        let fields = self.profile.fields.iter();
        fields
            .map(|field| SentAs { title: field.title.clone(), name: names.get(&field.id).cloned() })
            .collect()
    }

    fn policy_cards(&self) -> Vec<PolicyCard> {
        let card = |policy: &muster_roster::profile::Policy| PolicyCard {
            id: policy.id.clone(),
            title: policy.title.clone(),
            takes: policy.takes.word().to_owned(),
            other: policy.other.clone(),
            choices: policy
                .choices
                .iter()
                .map(|c| PolicyChoice {
                    id: c.id.clone(),
                    title: c.title.clone(),
                    says: c.says.clone(),
                })
                .collect(),
            chosen: self.choices.answer_to(policy).unwrap_or_default().to_owned(),
            effect: self.of_policy.get(&policy.id).cloned().unwrap_or_default(),
            source: policy.source.clone(),
        };
        self.profile.policies.iter().map(card).collect()
    }
}
