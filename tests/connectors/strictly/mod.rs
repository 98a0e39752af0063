//! SafetyCulture and EdApp as their documents have them: each push, with every switch either way, and what its receipt says of
//! each person beside what the server holds.

mod edapp;
mod refusals;
mod safetyculture;

use std::ffi::OsStr;
use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;

use crate::command::Muster;

/// Somebody with the command, before such a server.
struct Desk {
    folder: TempDir,
    muster: Muster,
    profile: &'static str,
    address: String,
    header: &'static str,
}

impl Desk {
    fn new(profile: &'static str, address: String, token: &str, header: &'static str) -> Desk {
        let folder = tempfile::tempdir().expect("a folder");
        let muster = Muster::new(&folder.path().join("data"), token);
        Desk { folder, muster, profile, address, header }
    }

    fn write(&self, name: &str, rows: &[&str]) -> PathBuf {
        let path = self.folder.path().join(name);
        let rows = rows.iter().filter(|row| !row.is_empty());
        let text: String =
            [&self.header].into_iter().chain(rows).map(|row| format!("{row}\n")).collect();
        std::fs::write(&path, text).expect("written");
        path
    }

    /// Pushes what differs between two rosters; how it ended, and its receipt where there is one.
    fn push(&self, before: &[&str], after: &[&str]) -> (i32, Value) {
        let (before, after) = (self.write("before.csv", before), self.write("after.csv", after));
        let words: [&dyn AsRef<OsStr>; 9] = [
            &"push",
            &after,
            &"--against",
            &before,
            &"--to",
            &self.address,
            &"--profile",
            &self.profile,
            &"--untried",
        ];
        self.receipt(&words)
    }

    fn fetch(&self) -> String {
        let out = self.folder.path().join("fetched.csv");
        let from = &self.address;
        self.muster.run(&[&"fetch", &"--from", from, &"--out", &out], 0);
        std::fs::read_to_string(out).expect("a file")
    }

    fn outbox(&self, word: &str, receipt: &Value) -> (i32, Value) {
        self.receipt(&[&"outbox", &word, &receipt["id"].to_string()])
    }

    fn resume(&self, push: &str) -> (i32, Value) {
        self.receipt(&[&"outbox", &"resume", &push])
    }

    fn receipt(&self, words: &[&dyn AsRef<OsStr>]) -> (i32, Value) {
        let words = [words, &[&"--format", &"json"]].concat();
        let (exit, said) = self.muster.try_to(&words);
        let json = said.find("{\n").zip(said.rfind('}')).map(|(from, to)| &said[from..=to]);
        let json = json.and_then(|json| serde_json::from_str(json).ok());
        (exit, json.unwrap_or_else(|| Value::String(said.clone())))
    }
}
