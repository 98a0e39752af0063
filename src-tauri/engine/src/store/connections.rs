//! LMSs that can be reached. What is secret about them is in the keychain.

use rusqlite::{OptionalExtension, params};

use super::Store;
use super::failure::trouble;
use crate::connect::Target;
use crate::error::{Failure, FailureKind, Outcome};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionRecord {
    pub id: u32,
    pub name: String,
    pub target: Target,
}

const NOT_KEPT: &str = "the connection could not be saved";
const NOT_READ: &str = "the connections could not be read";

impl Store {
    /// All connections, by name.
    pub fn connections(&self) -> Outcome<Vec<ConnectionRecord>> {
        let read = || -> rusqlite::Result<Vec<(u32, String, String)>> {
            self.connection
                .prepare_cached("select id, name, target from connection order by lower(name), id")?
                .query_map((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                .collect()
        };
        let record = |(id, name, target): (u32, String, String)| {
            Ok(ConnectionRecord { id, name, target: super::from_json(&target, NOT_READ)? })
        };
        read().map_err(trouble(NOT_READ))?.into_iter().map(record).collect()
    }

    /// Keeps a connection, as a new one without an id. Two of one name are refused.
    pub fn keep_connection(&self, id: Option<u32>, name: &str, target: &Target) -> Outcome<u32> {
        let target =
            serde_json::to_string(target).map_err(|e| Failure::internal(NOT_KEPT).why(e))?;
        let other: Option<u32> = self
            .connection
            .query_row("select id from connection where name = ?", [name], |row| row.get(0))
            .optional()
            .map_err(trouble(NOT_KEPT))?;
        if other.is_some() && other != id {
            return Err(Failure::new(
                FailureKind::State,
                format!("there is a connection `{name}` already"),
            )
            .hint("Give it another name."));
        }
        match id {
            Some(id) => {
                let sql = "update connection set name = ?, target = ? where id = ?";
                self.connection
                    .execute(sql, params![name, target, id])
                    .map_err(trouble(NOT_KEPT))?;
                Ok(id)
            }
            None => {
                let sql = "insert into connection (name, target) values (?, ?)";
                self.connection.execute(sql, params![name, target]).map_err(trouble(NOT_KEPT))?;
                Ok(self.connection.last_insert_rowid() as u32)
            }
        }
    }

    pub fn remove_connection(&self, id: u32) -> Outcome<()> {
        let remove = || -> rusqlite::Result<()> {
            self.connection.execute("update job set sends_by = null where sends_by = ?", [id])?;
            self.connection.execute("delete from connection where id = ?", [id])?;
            Ok(())
        };
        remove().map_err(trouble("the connection could not be removed"))
    }
}
