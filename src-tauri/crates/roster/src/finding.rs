//! What a rule noticed, and the edits that would end it.

use serde::{Deserialize, Serialize};

use muster_table::edit::Edit;
pub use muster_table::severity::Severity;

/// How many findings there are of each severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Counts {
    /// How many would block a push.
    pub error: u32,
    /// How many are probably not as they were meant.
    pub warning: u32,
    /// How many are worth a look.
    pub note: u32,
}

/// Whether a fix may be applied without looking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// Certainly what was meant, or changes nothing in meaning.
    Safe,
    /// Shown with a preview, never applied in bulk unseen.
    #[default]
    Unsafe,
}

/// Ordinary edits that would end a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Fix {
    /// What it does, to follow "Fix:": "put back `00417`".
    pub title: String,
    /// Whether it may be applied without looking.
    pub safety: Safety,
    /// What is to be carried out, in this order, as one step.
    pub edits: Vec<Edit>,
}

/// Something a rule noticed, at a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Finding {
    /// The rule's code: `group-unknown`.
    pub rule: String,
    /// How grave it is here: the rule's own severity, or what the profile says instead.
    pub severity: Severity,
    /// The row it is about; none for the whole file or a person who is not in it.
    pub row: Option<u32>,
    /// The column it is about; none for a whole row.
    pub column: Option<u32>,
    /// The offending value, or the part of a multi-value cell. Passwords are `•••`.
    pub value: String,
    /// One plain sentence about this person and this value.
    pub message: String,
    /// What would end it; none where only a person can know.
    pub fix: Option<Fix>,
}
