//! An account as one file, to hand to a colleague.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{AccountFacts, AccountSnapshot};
use crate::Store;
use crate::own_files;
use muster_table::error::{Failure, FailureKind, Result};

/// What the name of such a file ends with.
pub const ENDING: &str = "muster-account";

/// The newest form of the file that is read and written here.
const VERSION: u32 = 1;

/// The file: JSON, with the newest snapshot as text. No password is in it, and how the LMS is reached is named only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HandedOver {
    /// The form of the file.
    muster_account: u32,
    /// What it was called.
    pub name: String,
    /// The id of its LMS's profile.
    pub profile: String,
    /// The text of that profile's file, where it is one of the person's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_profile: Option<String>,
    /// What is kept of it.
    facts: AccountFacts,
    /// The text of the newest snapshot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    snapshot: Option<String>,
}

/// How an account is taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken<'n> {
    /// Under this name, which is free.
    As(&'n str),
    /// In the place of the account of the same name, which is forgotten.
    InPlace,
}

impl HandedOver {
    /// Reads such a file.
    pub fn read(path: &Path) -> Result<HandedOver> {
        let (bytes, _) = own_files::read(path)?;
        let what = format!("`{}` is not an account that was handed over", path.display());
        let version = |value: &serde_json::Value| value.get("muster_account")?.as_u64();
        let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
        match version(&json) {
            None => Err(Failure::new(FailureKind::Format, what)
                .why("it is no file that Muster made")
                .hint("Take a file that `muster accounts export` or Account › Export wrote.")),
            Some(version) if version > u64::from(VERSION) => {
                Err(Failure::new(FailureKind::Format, what)
                    .why("a newer Muster wrote it")
                    .hint("Use the newer one."))
            }
            Some(_) => serde_json::from_value(json)
                .map_err(|e| Failure::new(FailureKind::Format, what).why(e)),
        }
    }
}

impl Store {
    /// Writes an account to a file that only this person can read. One that is there is replaced only if that is said.
    pub fn export_account(
        &self,
        id: u32,
        own_profile: Option<String>,
        path: &Path,
        replace: bool,
    ) -> Result<()> {
        let account = self.account(id)?;
        let mut facts = account.facts;
        facts.snapshots.truncate(1);
        let snapshot = facts.snapshots.first();
        let snapshot = snapshot.map(|s| self.account_snapshot_text(id, s)).transpose()?;
        let handed = HandedOver {
            muster_account: VERSION,
            name: account.name,
            profile: account.profile,
            own_profile,
            facts,
            snapshot,
        };
        let mut text = serde_json::to_string_pretty(&handed)
            .map_err(|e| Failure::internal("the account could not be written").why(e))?;
        text.push('\n');
        own_files::write_private(path, text.as_bytes(), replace)
    }

    /// Takes an account over; answers with its number.
    pub fn import_account(&self, handed: HandedOver, taken: Taken) -> Result<u32> {
        let HandedOver { name, profile, mut facts, snapshot, .. } = handed;
        let kept = std::mem::take(&mut facts.snapshots).into_iter().next().zip(snapshot);
        // Saved connections are this computer's own.
        let saved = self.connections()?;
        facts.connection = facts
            .connection
            .filter(|named| named.contains("://") || saved.iter().any(|c| c.name == *named));
        let (name, replaced) = match taken {
            Taken::As(name) => (name.to_owned(), None),
            Taken::InPlace => {
                let there = self.account_named(&name).ok().map(|account| account.id);
                (name, there)
            }
        };
        let id = match replaced {
            None => self.add_account(&name, &profile, &facts)?,
            Some(old) => {
                let id = self.add_account(&format!("{name} …"), &profile, &facts)?;
                self.move_jobs(old, id)?;
                self.forget_account(old)?;
                self.rename_account(id, &name)?;
                id
            }
        };
        if let Some((snapshot, text)) = kept {
            let kept = self.blobs().keep(text.as_bytes())?;
            self.keep_account_snapshot(id, AccountSnapshot { id: 0, ..snapshot }, kept)?;
        }
        Ok(id)
    }

    fn move_jobs(&self, from: u32, to: u32) -> Result<()> {
        let moved = "update job set account = ?2 where account = ?1";
        let moved = self.connection.execute(moved, [from, to]);
        moved.map(|_| ()).map_err(crate::failure::trouble("the lists could not be moved"))
    }
}
