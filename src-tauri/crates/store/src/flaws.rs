//! Rows that hold what Muster never writes: read as far as they can be, one by one, and told.
//!
//! A damaged page is found when the database is opened. One damaged value passes there: SQLite knows no better, and it must
//! cost no more than itself.

use std::cell::Cell;

use rusqlite::Row;
use rusqlite::types::ValueRef;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Store;

/// A row of which each cell is read for itself; what cannot be is blank, and the row is flawed.
pub(super) struct Cells<'r, 'q> {
    row: &'r Row<'q>,
    flawed: Cell<bool>,
}

impl<'r, 'q> Cells<'r, 'q> {
    pub fn of(row: &'r Row<'q>) -> Cells<'r, 'q> {
        Cells { row, flawed: Cell::new(false) }
    }

    /// Whether one of the cells read so far held what Muster never writes.
    pub fn is_flawed(&self) -> bool {
        self.flawed.get()
    }

    pub fn text(&self, at: usize) -> String {
        self.maybe_text(at).unwrap_or_else(|| self.flaw())
    }

    pub fn maybe_text(&self, at: usize) -> Option<String> {
        match self.cell(at) {
            ValueRef::Null => None,
            ValueRef::Text(bytes) => Some(match std::str::from_utf8(bytes) {
                Ok(text) => text.to_owned(),
                Err(_) => {
                    self.flaw::<()>();
                    String::from_utf8_lossy(bytes).into_owned()
                }
            }),
            _ => Some(self.flaw()),
        }
    }

    pub fn count(&self, at: usize) -> u32 {
        self.maybe_count(at).unwrap_or_else(|| self.flaw())
    }

    pub fn maybe_count(&self, at: usize) -> Option<u32> {
        let number = self.number(at)?;
        Some(u32::try_from(number).unwrap_or_else(|_| self.flaw()))
    }

    pub fn number(&self, at: usize) -> Option<i64> {
        match self.cell(at) {
            ValueRef::Null => None,
            ValueRef::Integer(number) => Some(number),
            _ => Some(self.flaw()),
        }
    }

    pub fn is_set(&self, at: usize) -> bool {
        self.number(at).is_some_and(|number| number != 0)
    }

    pub fn json<T: DeserializeOwned + Default>(&self, at: usize) -> T {
        serde_json::from_str(&self.text(at)).unwrap_or_else(|_| self.flaw())
    }

    fn cell(&self, at: usize) -> ValueRef<'r> {
        self.row.get_ref(at).unwrap_or(ValueRef::Null)
    }

    fn flaw<T: Default>(&self) -> T {
        self.flawed.set(true);
        T::default()
    }
}

impl Store {
    /// Notes what could not be read, once; [`Store::notices`] tells it.
    pub fn note(&self, sentence: String) {
        let mut notices = self.notices.borrow_mut();
        if !notices.contains(&sentence) {
            notices.push(sentence);
        }
    }

    /// JSON that was kept; none where it cannot be read, which is noted as `what`.
    pub(super) fn json_or_note(&self, json: &str, what: &str) -> Option<Value> {
        let value = serde_json::from_str(json).ok();
        if value.is_none() {
            self.note(format!(
                "{what} could not be read: its place in Muster's database is damaged."
            ));
        }
        value
    }
}
