//! Accounts: what is true of one LMS of one company, kept once for all files that are of it.
//!
//! An account is one row, and what the LMS had lies in a folder of the account's own. Passwords are in neither. Two
//! accounts of one LMS share nothing.

mod facts;
mod handing_over;

use std::path::PathBuf;

use rusqlite::{OptionalExtension, Row, params};

use super::Store;
use super::blobs::{self, Blob};
use super::database::{last_id, write};
use super::erasing::Erase;
use super::failure::trouble;
use super::flaws::Cells;
use super::folder;
use muster_table::error::{Failure, FailureKind, Result};

pub use facts::{AccountFacts, AccountList, AccountSnapshot};
pub use handing_over::{ENDING, HandedOver, Taken};

/// An account as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountRecord {
    /// Given once; those of forgotten accounts are not given again.
    pub id: u32,
    /// What the person calls it; no two are called the same.
    pub name: String,
    /// The id of its LMS's profile.
    pub profile: String,
    /// What is kept of it.
    pub facts: AccountFacts,
}

/// Where the accounts' snapshots lie in the data folder.
pub(super) const FOLDER: &str = "accounts";

const NOT_READ: &str = "the accounts could not be read";
const NOT_KEPT: &str = "the account could not be kept";

impl Store {
    /// All accounts, by name.
    pub fn accounts(&self) -> Result<Vec<AccountRecord>> {
        let read = || -> rusqlite::Result<Vec<_>> {
            self.connection
                .prepare_cached("select id, name, profile, facts from account")?
                .query_map((), |row| Ok(record(row)))?
                .collect()
        };
        let mut all = Vec::new();
        for account in read().map_err(trouble(NOT_READ))? {
            match account {
                Ok(account) => all.push(account),
                Err(name) => self.note(damaged(&name).to_string()),
            }
        }
        all.sort_by_cached_key(|account| (account.name.to_lowercase(), account.id));
        Ok(all)
    }

    /// The account of a number; fails where it was forgotten.
    pub fn account(&self, id: u32) -> Result<AccountRecord> {
        let sql = "select id, name, profile, facts from account where id = ?";
        let found = self.connection.query_row(sql, [id], |row| Ok(record(row))).optional();
        found
            .map_err(trouble(NOT_READ))?
            .ok_or_else(|| Failure::not_found("this account is no longer kept"))?
            .map_err(|name| damaged(&name))
    }

    /// The account that is called so, whatever its case.
    pub fn account_named(&self, name: &str) -> Result<AccountRecord> {
        let all = self.accounts()?;
        let names: Vec<String> = all.iter().map(|account| format!("`{}`", account.name)).collect();
        all.into_iter().find(|account| is_called(account, name)).ok_or_else(|| {
            let hint = match names.as_slice() {
                [] => "There is none yet: muster accounts add NAME --profile ID".to_owned(),
                names => format!("There are {}.", names.join(", ")),
            };
            Failure::state(format!("there is no account `{}`", name.trim())).hint(hint)
        })
    }

    /// Begins an account of the LMS that a profile is of. Two of one name are refused.
    pub fn add_account(&self, name: &str, profile: &str, facts: &AccountFacts) -> Result<u32> {
        let name = self.free_name(name, None)?;
        let json = serde_json::to_string(facts).map_err(|e| Failure::internal(NOT_KEPT).why(e))?;
        self.connection
            .execute(
                "insert into account (name, profile, facts) values (?, ?, ?)",
                params![name, profile, json],
            )
            .and_then(|_| last_id(&self.connection))
            .map_err(trouble(NOT_KEPT))
    }

    /// Calls an account otherwise.
    pub fn rename_account(&self, id: u32, name: &str) -> Result<()> {
        let name = self.free_name(name, Some(id))?;
        let renamed =
            self.connection.execute("update account set name = ? where id = ?", params![name, id]);
        match renamed.map_err(trouble(NOT_KEPT))? {
            0 => Err(Failure::not_found("this account is no longer kept")),
            _ => Ok(()),
        }
    }

    /// Says otherwise what is kept of an account, as it stands by then: window and command may both be at it.
    pub fn change_account<T>(
        &self,
        id: u32,
        change: impl FnOnce(&mut AccountFacts) -> Result<T>,
    ) -> Result<T> {
        let writing = write(&self.connection).map_err(trouble(NOT_KEPT))?;
        let AccountRecord { mut facts, .. } = self.account(id)?;
        let answer = change(&mut facts)?;
        let json = serde_json::to_string(&facts).map_err(|e| Failure::internal(NOT_KEPT).why(e))?;
        writing
            .execute("update account set facts = ? where id = ?", params![json, id])
            .map_err(trouble(NOT_KEPT))?;
        writing.commit().map_err(trouble(NOT_KEPT))?;
        Ok(answer)
    }

    /// Keeps what the LMS has now: a roster as CSV in UTF-8. Its number, checksum and size are given to it here; those
    /// before the last few are erased.
    ///
    /// No password may be in it: whoever packs it has emptied the columns that the profile calls secret.
    pub fn keep_account_snapshot(
        &self,
        id: u32,
        snapshot: AccountSnapshot,
        kept: Blob,
    ) -> Result<AccountSnapshot> {
        let folder = self.account_folder(id);
        folder::make_private(&folder).map_err(|e| Failure::file(NOT_KEPT, &e))?;
        let (sha256, size) = (kept.sha256.clone(), kept.size);
        let mut settled = Some(kept);
        let snapshot = self.change_account(id, |facts| {
            // What is known already is known of a later day, and leaves those before it in their places.
            if let Some(newest) = facts.snapshots.first_mut().filter(|one| one.sha256 == sha256) {
                newest.at.clone_from(&snapshot.at);
                newest.source.clone_from(&snapshot.source);
                return Ok(newest.clone());
            }
            facts.snapshots_taken += 1;
            // One may be there of a newer database than this, where an older copy of it was put back.
            while self.account_snapshot_path(id, facts.snapshots_taken).exists() {
                facts.snapshots_taken += 1;
            }
            let sha256 = sha256.clone();
            let snapshot =
                AccountSnapshot { id: facts.snapshots_taken, sha256, size, ..snapshot.clone() };
            if let Some(kept) = settled.take() {
                kept.settle(&self.account_snapshot_path(id, snapshot.id))
                    .map_err(|e| Failure::file(NOT_KEPT, &e))?;
            }
            facts.snapshots.insert(0, snapshot.clone());
            let most = AccountFacts::MOST_SNAPSHOTS.min(facts.snapshots.len());
            self.erase_snapshots(id, &facts.snapshots.split_off(most))?;
            Ok(snapshot)
        })?;
        self.finish_erasing()?;
        Ok(snapshot)
    }

    /// Erases a snapshot that was a wrong one; the one before it is the newest again.
    pub fn remove_account_snapshot(&self, id: u32, snapshot: u32) -> Result<()> {
        self.change_account(id, |facts| {
            let at = facts.snapshots.iter().position(|kept| kept.id == snapshot);
            let at = at.ok_or_else(|| Failure::not_found("this snapshot is no longer kept"))?;
            self.erase_snapshots(id, &[facts.snapshots.remove(at)])
        })?;
        self.finish_erasing()
    }

    /// The text of a snapshot.
    pub fn account_snapshot_text(&self, id: u32, snapshot: &AccountSnapshot) -> Result<String> {
        let path = self.account_snapshot_path(id, snapshot.id);
        let bytes = blobs::read(&path, snapshot.size, "the account's snapshot")?;
        String::from_utf8(bytes).map_err(|e| Failure::internal("the snapshot is not text").why(e))
    }

    /// Erases everything kept of an account. Lists that were of it stay, and are of none.
    ///
    /// What was in the database is overwritten there; a disk or a file system may still hold older copies of its blocks.
    pub fn forget_account(&self, id: u32) -> Result<()> {
        let what = "the account could not be forgotten";
        match self.account(id) {
            // One that is damaged can be forgotten too.
            Err(failure) if failure.kind != FailureKind::Store => return Err(failure),
            _ => {}
        }
        let forget = || {
            let writing = write(&self.connection)?;
            writing.execute("update job set account = null where account = ?", [id])?;
            writing.execute("delete from account where id = ?", [id])?;
            self.is_due(&writing, &Erase::PathAndTraces(&self.account_folder(id)))?;
            writing.commit()
        };
        forget().map_err(trouble(what))?;
        self.finish_erasing()
    }

    /// Goes by another name of a connection, or by none once it is removed.
    pub(super) fn reconnect_accounts(&self, was: &str, now: Option<&str>) -> Result<()> {
        for account in self.accounts()? {
            if account.facts.connection.as_deref() == Some(was) {
                self.change_account(account.id, |facts| {
                    facts.connection = now.map(str::to_owned);
                    Ok(())
                })?;
            }
        }
        Ok(())
    }

    /// Has snapshots erased once what is being changed is kept.
    fn erase_snapshots(&self, id: u32, snapshots: &[AccountSnapshot]) -> Result<()> {
        for snapshot in snapshots {
            let path = self.account_snapshot_path(id, snapshot.id);
            self.is_due(&self.connection, &Erase::Path(&path)).map_err(trouble(NOT_KEPT))?;
        }
        Ok(())
    }

    fn account_folder(&self, id: u32) -> PathBuf {
        self.folder.join(FOLDER).join(id.to_string())
    }

    fn account_snapshot_path(&self, id: u32, snapshot: u32) -> PathBuf {
        self.account_folder(id).join(format!("snapshot-{snapshot}.zst"))
    }

    /// A name as it is kept, if no other account has it.
    fn free_name(&self, name: &str, of: Option<u32>) -> Result<String> {
        let name = name.trim();
        if name.is_empty() || name.chars().any(char::is_control) {
            return Err(Failure::state("the account needs a name")
                .hint("Call it what you call the LMS: “EdApp, Northwind”."));
        }
        let taken = |account: &AccountRecord| is_called(account, name) && Some(account.id) != of;
        if self.accounts()?.iter().any(taken) {
            let what = format!("there is an account `{name}` already");
            return Err(Failure::new(FailureKind::State, what).hint("Give it another name."));
        }
        Ok(name.to_owned())
    }
}

fn is_called(account: &AccountRecord, name: &str) -> bool {
    account.name.to_lowercase() == name.trim().to_lowercase()
}

/// An account; only its name where what is kept of it is damaged.
fn record(row: &Row) -> Result<AccountRecord, String> {
    let cells = Cells::of(row);
    let (id, name, profile) = (cells.count(0), cells.text(1), cells.text(2));
    let facts = serde_json::from_str(&cells.text(3)).ok().filter(|_| !cells.is_flawed());
    match facts {
        Some(facts) => Ok(AccountRecord { id, name, profile, facts }),
        None => Err(name),
    }
}

fn damaged(name: &str) -> Failure {
    Failure::new(FailureKind::Store, format!("the account `{name}` could not be read"))
        .why("its place in Muster's database is damaged")
        .hint("Nothing of it is erased. Make it anew under another name, and load a fresh export into it.")
}
