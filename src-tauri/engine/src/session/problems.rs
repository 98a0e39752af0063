//! The Problems pane: findings grouped by rule, then by value.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::finding::{Finding, Safety, Severity};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct Problems {
    /// The gravest and most frequent first.
    pub rules: Vec<RuleGroup>,
    /// How many rules ran with everything they need.
    pub checks: u32,
    pub skipped: Vec<Skipped>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct RuleGroup {
    pub rule: String,
    /// "Group not known".
    pub title: String,
    pub severity: Severity,
    pub count: u32,
    /// Why this LMS minds, with its source.
    pub why: String,
    /// How many of them a fix would end, and how many of those are certain.
    pub fixable: u32,
    pub safe: u32,
    /// The most frequent first; at most 200.
    pub values: Vec<ValueGroup>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct ValueGroup {
    pub value: String,
    pub column: Option<u32>,
    pub column_name: String,
    pub count: u32,
    /// One sentence about these people and this value.
    pub sentence: String,
    pub fix: Option<FixOffer>,
    /// The first place, to go to.
    pub row: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct FixOffer {
    /// "put back `00417`".
    pub title: String,
    pub safety: Safety,
}

/// A rule that did not run, and what it lacks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct Skipped {
    pub rule: String,
    pub title: String,
    /// "no snapshot".
    pub because: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct FindingsAsked {
    pub rule: String,
    pub value: Option<String>,
    pub first: u32,
    pub count: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct Findings {
    pub total: u32,
    pub findings: Vec<PlacedFinding>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct PlacedFinding {
    pub line: Option<u32>,
    pub key: String,
    pub name: String,
    pub finding: Finding,
}

/// The page of a rule, as help.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct RuleView {
    pub code: String,
    pub title: String,
    pub severity: Severity,
    /// Markdown.
    pub text: String,
    /// The profile's own reason and source.
    pub why: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct RuleAsked {
    pub code: String,
}
