//! What somebody knows better than a check: a value that is real, a finding that may stand.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use muster_rules::waiver::Waiver;

/// What somebody knows better than a check: kept with the account, and with a list while that is of none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Said {
    /// Values that somebody said are real, by kind, though no list has them.
    pub real: BTreeMap<String, Vec<RealValue>>,
    /// What somebody looked at and let stand.
    pub waivers: Vec<Waiver>,
    /// Whether the day comes first in the dates of a column, by the form of its name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub day_first: BTreeMap<String, bool>,
}

impl Said {
    /// That a value is real. Said again it stays as it was.
    pub fn is_real(&mut self, kind: &str, value: &str, at: String) {
        let all = self.real.entry(kind.to_owned()).or_default();
        if !all.iter().any(|real| real.value == value) {
            all.push(RealValue { value: value.to_owned(), at });
        }
    }

    /// That something stands; what was said of the same before no longer counts.
    pub fn stands(&mut self, waiver: Waiver) {
        self.waivers.retain(|kept| !kept.is_about_the_same(&waiver));
        self.waivers.push(waiver);
    }

    /// Takes back that a value is real.
    pub fn is_not_real(&mut self, kind: &str, value: &str) {
        if let Some(all) = self.real.get_mut(kind) {
            all.retain(|real| real.value != value);
        }
        self.real.retain(|_, all| !all.is_empty());
    }

    /// Takes back that something stands.
    pub fn stands_no_more(&mut self, waiver: &Waiver) {
        self.waivers.retain(|kept| !kept.is_about_the_same(waiver));
    }

    /// Adds what was said elsewhere of the same.
    pub fn extend(&mut self, other: &Said) {
        for (kind, all) in &other.real {
            all.iter().for_each(|real| self.is_real(kind, &real.value, real.at.clone()));
        }
        other.waivers.iter().cloned().for_each(|waiver| self.stands(waiver));
        self.day_first.extend(other.day_first.clone());
    }
}

/// A value that somebody said is real.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RealValue {
    /// As the LMS writes it.
    pub value: String,
    /// When it was said, ISO 8601.
    pub at: String,
}
