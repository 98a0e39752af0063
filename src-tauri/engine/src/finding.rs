//! What a rule noticed, and the edits that would end it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::edit::Edit;

/// How grave a finding is. Only errors block a push.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS,
)]
#[ts(export, export_to = "engine.ts")]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Note,
    Warning,
    /// The LMS would refuse it, ignore it, or do harm.
    Error,
}

impl Severity {
    pub fn word(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// Whether a fix may be applied without looking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// Certainly what was meant, or changes nothing in meaning.
    Safe,
    /// Shown with a preview, never applied in bulk unseen.
    #[default]
    Unsafe,
}

/// Ordinary edits that would end a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct Fix {
    /// What it does, to follow "Fix:": "put back `00417`".
    pub title: String,
    pub safety: Safety,
    pub edits: Vec<Edit>,
}

/// Something a rule noticed, at a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct Finding {
    /// The rule's code: `group-unknown`.
    pub rule: String,
    pub severity: Severity,
    /// The row it is about; none for the whole file or a person who is not in it.
    pub row: Option<u32>,
    /// The column it is about; none for a whole row.
    pub column: Option<u32>,
    /// The offending value, or the part of a multi-value cell. Passwords are `•••`.
    pub value: String,
    /// One plain sentence about this person and this value.
    pub message: String,
    pub fix: Option<Fix>,
}
