//! A plan as the window and the command line show it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Action, ByHand, CellPlan, Effects, Guard, PersonPlan, Plan, PlanCounts, Planned};
use crate::session::planning::{PlanView, PolicyCard, PolicyChoice, SentAs};

/// A plan as `muster plan --format json` prints it, people in the order of the file.
#[derive(Debug, Serialize)]
pub struct Report<'p> {
    pub profile: &'p str,
    pub connector: &'p str,
    pub policies: &'p std::collections::BTreeMap<String, String>,
    pub counts: PlanCounts,
    pub people: Vec<Person<'p>>,
    pub by_hand: &'p [ByHand],
    pub effects: &'p Effects,
    pub guards: &'p [Guard],
    pub blockers: &'p [String],
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

impl Plan {
    /// All of it in words. `place` says where a row stands in the roster; people who are not in it come last.
    pub fn report(&self, place: impl Fn(u32) -> Option<usize>) -> Report<'_> {
        let at = |p: &&Planned| p.person.row.map_or(usize::MAX, |r| place(r).unwrap_or(usize::MAX));
        let mut people: Vec<&Planned> = self.people.iter().collect();
        people.sort_by_cached_key(at);
        Report {
            profile: &self.profile.id,
            connector: self.connector.id,
            policies: &self.policies,
            counts: self.counts,
            people: people.into_iter().map(|p| Person::of(&p.person)).collect(),
            by_hand: &self.by_hand,
            effects: &self.effects,
            guards: &self.guards,
            blockers: &self.blockers,
        }
    }

    /// The plan without its people, for Plan & send.
    pub fn view(&self) -> PlanView {
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
        let card = |policy: &crate::profile::Policy| PolicyCard {
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
            chosen: self.policies.get(&policy.id).cloned().unwrap_or_default(),
            effect: self.of_policy.get(&policy.id).cloned().unwrap_or_default(),
            source: policy.source.clone(),
        };
        self.profile.policies.iter().map(card).collect()
    }
}
