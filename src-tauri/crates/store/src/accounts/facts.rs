//! What an account keeps from file to file. Nothing of it is a password.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use muster_plan::to_do::ToDoList;
use muster_roster::profile::{Uses, VendorTemplate};
use muster_roster::value_map::ValueMap;
use muster_rules::attaching::KnownReport;
use muster_table::error::{Failure, Result};

use crate::said::Said;

/// What is true of one LMS of one company. It is JSON in the database and in a file that is handed over; a field that is
/// not there is empty.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountFacts {
    /// How it is reached: the name of a saved connection, or an address; none where it has none.
    pub connection: Option<String>,
    /// What the LMS had, the newest first; at most [`AccountFacts::MOST_SNAPSHOTS`].
    pub snapshots: Vec<AccountSnapshot>,
    /// How many snapshots there were: none has the number of another.
    pub snapshots_taken: u32,
    /// Known values by kind: `groups`.
    pub lists: BTreeMap<String, AccountList>,
    /// What somebody knows better than a check.
    #[serde(flatten)]
    pub said: Said,
    /// What is answered to the profile's policies unless something else is said, by the id of the policy.
    pub choices: BTreeMap<String, String>,
    /// What columns are used as.
    pub columns: Uses,
    /// What values became, by the field or, where the profile knows none, the form of the column's name.
    pub values: BTreeMap<String, ValueMap>,
    /// What the vendor's own template says.
    pub template: Option<VendorTemplate>,
    /// Recipes, as the text of their files, by name.
    pub recipes: BTreeMap<String, String>,
    /// Files that came before and are not the LMS's own export.
    pub reports: Vec<KnownReport>,
    /// What is to be done by hand.
    pub to_do: ToDoList,
    /// Keys, logins or e-mails of people whom no plan takes away unasked.
    pub protected: Vec<String>,
}

impl AccountFacts {
    /// The newest is what the LMS has; those before it are there in case it was a wrong one.
    pub const MOST_SNAPSHOTS: usize = 3;

    /// Keeps somebody from being taken away unasked: by key, login or e-mail.
    pub fn protect(&mut self, key: &str) -> Result<()> {
        let key = key.trim();
        if key.is_empty() {
            return Err(Failure::state("nobody can be protected whose key is blank"));
        }
        if !self.protected.iter().any(|known| known.eq_ignore_ascii_case(key)) {
            self.protected.push(key.to_owned());
        }
        Ok(())
    }

    /// Takes that back; whether somebody was protected so.
    pub fn unprotect(&mut self, key: &str) -> bool {
        let of = self.protected.len();
        self.protected.retain(|known| !known.eq_ignore_ascii_case(key.trim()));
        self.protected.len() < of
    }

    /// The newest snapshot.
    pub fn snapshot(&self) -> Option<&AccountSnapshot> {
        self.snapshots.first()
    }

    /// Takes note of a report, in the place of one with the same columns.
    pub fn remember_report(&mut self, report: KnownReport) {
        const MOST: usize = 20;
        self.reports.retain(|known| known.header != report.header);
        self.reports.insert(0, report);
        self.reports.truncate(MOST);
    }
}

/// A list of reference values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountList {
    /// As the LMS writes them.
    pub values: Vec<String>,
    /// "groups.txt", "pasted".
    pub source: String,
    /// When it was loaded, ISO 8601.
    pub at: Option<String>,
}

/// What the LMS had at one time. The roster itself lies beside the database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountSnapshot {
    /// By which [`crate::Store::account_snapshot_text`] finds it.
    pub id: u32,
    /// When the LMS had it, ISO 8601.
    pub at: String,
    /// The file that it was read from.
    pub source: String,
    /// What is remembered about it; may be empty.
    pub note: String,
    /// How many rows it has.
    pub people: u32,
    /// How its text is read.
    pub reading: Value,
    /// Of its text, in hexadecimal digits.
    pub sha256: String,
    /// The length of its text in bytes.
    pub size: u64,
}
