//! LMSs that can be reached. What is secret about them is in the keychain.

use rusqlite::params;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Store;
use super::failure::trouble;
use muster_plan::push::Target;
use muster_table::error::{Failure, FailureKind, Result};
use muster_table::words::counted;

/// A connection as it is kept; its secret is in the keychain, under [`Target::name_of_secret`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionRecord {
    /// Given once; a connection that is removed never gives its own to another.
    pub id: u32,
    /// What the person calls it; no two are called the same.
    pub name: String,
    /// Connector, address, account and options.
    pub target: Target,
}

const NOT_KEPT: &str = "the connection could not be saved";
/// The setting that holds them all.
const CONNECTIONS: &str = "connections";
/// The setting that holds the id given last, as none is given twice.
const LAST: &str = "last-connection";

impl Store {
    /// All connections, by name.
    pub fn connections(&self) -> Result<Vec<ConnectionRecord>> {
        let (mut all, damaged) = self.read_connections()?;
        if !damaged.is_empty() {
            self.note(format!(
                "{} could not be read. It is kept as it is; make it anew under another name.",
                counted(damaged.len(), "connection", "connections")
            ));
        }
        all.sort_by_cached_key(|c| (c.name.to_lowercase(), c.id));
        Ok(all)
    }

    /// Keeps a connection, as a new one without an id. Two of one name are refused.
    pub fn keep_connection(&self, id: Option<u32>, name: &str, target: &Target) -> Result<u32> {
        let mut all = self.connections()?;
        if all.iter().any(|c| c.name == name && Some(c.id) != id) {
            let what = format!("there is a connection `{name}` already");
            return Err(Failure::new(FailureKind::State, what).hint("Give it another name."));
        }
        let id = match id {
            Some(id) => id,
            None => {
                let last = self.setting(LAST)?.and_then(|last| last.as_u64()).unwrap_or(0);
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "it is written here alone, and counts connections"
                )]
                let last = last as u32;
                self.set_setting(LAST, &(last + 1).into())?;
                last + 1
            }
        };
        let was = all.iter().find(|c| c.id == id).map(|c| c.name.clone());
        all.retain(|c| c.id != id);
        all.push(ConnectionRecord { id, name: name.to_owned(), target: target.clone() });
        self.keep_connections(&all)?;
        if let Some(was) = was.filter(|was| was != name) {
            self.reconnect_accounts(&was, Some(name))?;
        }
        Ok(id)
    }

    /// Removes a connection; lists that were sent by it go by the upload kit again.
    pub fn remove_connection(&self, id: u32) -> Result<()> {
        let mut all = self.connections()?;
        let was = all.iter().find(|c| c.id == id).map(|c| c.name.clone());
        all.retain(|c| c.id != id);
        self.keep_connections(&all)?;
        if let Some(was) = was {
            self.reconnect_accounts(&was, None)?;
        }
        let forget = "update job set sends_by = null where sends_by = ?";
        let forgot = self.connection.execute(forget, params![id]);
        forgot.map(|_| ()).map_err(trouble("the connection could not be removed"))
    }

    fn keep_connections(&self, all: &[ConnectionRecord]) -> Result<()> {
        let (_, mut kept) = self.read_connections()?;
        for one in all {
            kept.push(serde_json::to_value(one).map_err(|e| Failure::internal(NOT_KEPT).why(e))?);
        }
        self.set_setting(CONNECTIONS, &kept.into())
    }

    /// Those that can be read, and what is kept of the others.
    fn read_connections(&self) -> Result<(Vec<ConnectionRecord>, Vec<Value>)> {
        let kept = match self.setting(CONNECTIONS)? {
            Some(Value::Array(kept)) => kept,
            Some(Value::Null) | None => Vec::new(),
            Some(other) => vec![other],
        };
        let (mut all, mut damaged) = (Vec::new(), Vec::new());
        for one in kept {
            match ConnectionRecord::deserialize(&one) {
                Ok(record) => all.push(record),
                Err(_) => damaged.push(one),
            }
        }
        Ok((all, damaged))
    }
}
