//! How grave something is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How grave a finding is. Only errors block a push.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth a look; nothing is known to be wrong.
    Note,
    /// Probably not as it was meant; the LMS would take it.
    Warning,
    /// The LMS would refuse it, ignore it, or do harm.
    Error,
}

impl Severity {
    /// The word before a finding: "error", as in "error[key-changed]".
    pub fn word(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}
