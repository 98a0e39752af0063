//! What the person has chosen for Muster as a whole.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;

use super::Store;
use super::failure::trouble;
use super::flaws::Cells;
use muster_table::error::Result;

impl Store {
    /// The value kept under a key, such as `values:edapp`; none where there never was one.
    pub fn setting(&self, key: &str) -> Result<Option<Value>> {
        let what = "the settings could not be read";
        let json = self.raw_setting(key).map_err(trouble(what))?;
        Ok(json.and_then(|json| self.json_or_note(&json, &format!("What was chosen as `{key}`"))))
    }

    /// Keeps a value under a key, in place of the one that was there.
    pub fn set_setting(&self, key: &str, value: &Value) -> Result<()> {
        put_setting(&self.connection, key, value).map_err(trouble("the setting could not be saved"))
    }

    pub(super) fn raw_setting(&self, key: &str) -> rusqlite::Result<Option<String>> {
        let text = |row: &Row| Ok(Cells::of(row).text(0));
        self.connection.query_row("select value from setting where key = ?", [key], text).optional()
    }
}

/// Keeps a setting with whatever else is written in the same moment.
pub(super) fn put_setting(
    connection: &Connection,
    key: &str,
    value: &Value,
) -> rusqlite::Result<()> {
    connection.execute(
        "insert into setting (key, value) values (?1, ?2) on conflict (key) do update set value = ?2",
        params![key, value.to_string()],
    )?;
    Ok(())
}
