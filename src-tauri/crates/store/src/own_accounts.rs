//! Whom each connection signs in as, as the LMS said it last: a plan is made without asking the LMS.

use serde::{Deserialize, Serialize};

use super::Store;
use muster_plan::push::Target;
use muster_table::error::{Failure, Result};

/// The account of a connection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignedInAs {
    /// The LMS's own id; empty where it has not told yet.
    pub id: String,
    /// Its login.
    pub login: String,
    /// It may suspend administrators too, and the LMS tells of nobody whether they are one.
    pub may_change_administrators: bool,
    /// Logins of people whom the LMS refused to change because they are administrators.
    pub administrators: Vec<String>,
}

impl Store {
    /// What is known of the account that a connection signs in as; nothing where it was never asked.
    pub fn signed_in_as(&self, target: &Target) -> Result<SignedInAs> {
        let kept = self.setting(&key(target))?;
        Ok(kept.and_then(|kept| serde_json::from_value(kept).ok()).unwrap_or_default())
    }

    /// Remembers it.
    pub fn remember_signed_in_as(&self, target: &Target, known: &SignedInAs) -> Result<()> {
        let json = serde_json::to_value(known)
            .map_err(|e| Failure::internal("the account could not be remembered").why(e))?;
        self.set_setting(&key(target), &json)
    }
}

fn key(target: &Target) -> String {
    format!("signed-in-as:{}", target.name_of_secret())
}
