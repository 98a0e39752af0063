//! Stories of the store: what it keeps, what it survives, what it refuses.

mod accounts;
mod damage;
mod damaged_rows;
mod disk;
mod forgetting;
mod jobs;
mod journal;
mod kept;
mod kill;
mod older;
mod own_files;
mod sealed;
mod versions;

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::Store;
use super::jobs::{JobFacts, JobLock};
use super::said::Said;
use muster_plan::worksheet::Told;
use muster_rules::journal::Operation;
use muster_table::edit::Edit;

pub(super) const NOW: &str = "2026-11-03T08:15:00Z";
pub(super) const LATER: &str = "2026-11-04T09:00:00Z";

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn open(folder: &Path) -> Store {
    Store::open(folder, NOW).expect("the store opens")
}

fn facts(name: &str) -> JobFacts {
    JobFacts {
        name: name.into(),
        file: format!("/home/ada/{name}.csv"),
        stamp: None,
        people: 2,
        profile: Some("edapp".into()),
        reading: json!({ "encoding": "UTF-8" }),
        policies: Value::Null,
        view: Value::Null,
        key_unlocked: false,
        offer_snapshot: true,
        sends_by: None,
        account: None,
        said: Said::default(),
        completed: Told::default(),
    }
}

/// A job whose file has been kept, ready for steps.
fn begin(store: &Store, name: &str) -> JobLock {
    let lock = store.begin_job(&facts(name), NOW).expect("begins");
    let kept = store.blobs().keep(format!("name\n{name}\n").as_bytes()).expect("kept");
    store.keep_original(&lock, kept).expect("kept");
    lock
}

fn set(number: u32) -> Operation {
    Operation {
        at: NOW.into(),
        sentence: format!("Set {number}"),
        edits: vec![Edit::Set {
            row: number,
            column: 1,
            before: String::new(),
            after: format!("value {number}"),
        }],
        general: Vec::new(),
        remembered: false,
    }
}

fn sentences(operations: &[Operation]) -> Vec<&str> {
    operations.iter().map(|operation| operation.sentence.as_str()).collect()
}
