//! What every story needs: a data folder, an engine, a file of invented people.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use muster_engine::error::Failure;
use muster_engine::session::Engine;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A person's computer: the data folder, and a folder of their files.
pub struct Computer {
    folder: TempDir,
}

/// 3 November 2026, 08:15 in UTC.
fn clock() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_793_693_700)
}

impl Computer {
    pub fn new() -> Computer {
        Computer { folder: tempfile::tempdir().expect("a folder") }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).expect("written");
        path
    }

    /// Starts Muster.
    pub fn start(&self) -> Muster {
        Muster { engine: engine_in(self.folder.path()) }
    }
}

pub fn engine_in(folder: &Path) -> Engine {
    Engine::new(folder.join("data"), folder.join("profiles"), clock)
}

pub struct Muster {
    pub engine: Engine,
}

impl Muster {
    pub fn call(&self, name: &str, request: Value) -> Value {
        self.engine.call(name, request).unwrap_or_else(|failure| panic!("{name}: {failure}"))
    }

    pub fn refused(&self, name: &str, request: Value) -> Failure {
        match self.engine.call(name, request) {
            Ok(reply) => panic!("{name} was not refused: {reply}"),
            Err(failure) => failure,
        }
    }

    pub fn open(&self, path: &Path) -> Value {
        self.call("open", json!({ "path": path }))
    }

    pub fn rows(&self, view: Value) -> Value {
        self.call("rows", json!({ "view": view, "first": 0, "count": 100 }))
    }

    /// The cells of the people whom a view shows.
    pub fn cells(&self, view: Value) -> Vec<Vec<String>> {
        let cells = |row: &Value| serde_json::from_value(row["cells"].clone()).expect("texts");
        self.rows(view)["rows"].as_array().expect("a list").iter().map(cells).collect()
    }

    pub fn set(&self, row: u32, column: u32, value: &str) -> Value {
        self.call("edit", json!([{ "row": row, "column": column, "value": value }]))
    }

    pub fn edited(&self, name: &str, request: Value) -> String {
        let sentence = self.call(name, request)["sentence"].clone();
        sentence.as_str().expect("a sentence").to_owned()
    }
}
