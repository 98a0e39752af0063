//! The `muster` command, as somebody types it, with a data folder of its own.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::contract::Contract;
use crate::facility::said;

/// A data folder, and the secret that is handed over.
pub struct Muster {
    pub home: PathBuf,
    pub secret: String,
    /// The day that it takes for today; none is the real one.
    pub today: Option<String>,
}

impl Muster {
    pub fn new(home: &Path, secret: &str) -> Muster {
        Muster { home: home.to_owned(), secret: secret.to_owned(), today: None }
    }

    fn command(&self, words: &[&dyn AsRef<OsStr>]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
        command.env("MUSTER_HOME", &self.home).env("MUSTER_SECRET", &self.secret);
        command.env("USER", "ada").env("MUSTER_TODAY", self.today.as_deref().unwrap_or_default());
        // No keychain: what is kept there on this computer is none of ours.
        command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
        for word in words {
            command.arg(word);
        }
        command
    }

    pub fn run(&self, words: &[&dyn AsRef<OsStr>], exit: i32) -> Output {
        let output = self.command(words).output().expect("muster starts");
        assert_eq!(output.status.code(), Some(exit), "{}", said(&output));
        output
    }

    /// What it answers; `docs/command-line.md` has to name every field of it.
    pub fn answer(&self, words: &[&dyn AsRef<OsStr>], exit: i32) -> Value {
        let command = words.first().map_or("", |word| word.as_ref().to_str().unwrap_or_default());
        let words = [words, &[&"--format", &"json"]].concat();
        let output = self.run(&words, exit);
        let answer: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|e| panic!("{e}: {}", said(&output)));
        let command = match command {
            // A receipt, as of a push.
            "outbox" if answer.get("pushes").is_none() => "push",
            command => command,
        };
        Contract::read().fields(&format!("`muster {command}`"), &answer);
        answer
    }

    /// Begins something that is to be interrupted.
    pub fn begin(&self, words: &[&dyn AsRef<OsStr>]) -> Child {
        let mut command = self.command(words);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().expect("muster starts")
    }

    /// As `try_to`, but it is ended where it takes longer than that; its exit code is then -1.
    pub fn try_for(&self, words: &[&dyn AsRef<OsStr>], limit: Duration) -> (i32, String) {
        let mut command = self.command(words);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("muster starts");
        let begun = Instant::now();
        while begun.elapsed() < limit && matches!(child.try_wait(), Ok(None)) {
            sleep(Duration::from_millis(20));
        }
        let _ = child.kill();
        let output = child.wait_with_output().expect("muster ended");
        (output.status.code().unwrap_or(-1), said(&output))
    }

    /// The exit code, whatever it is, and what was said.
    pub fn try_to(&self, words: &[&dyn AsRef<OsStr>]) -> (i32, String) {
        let output = self.command(words).output().expect("muster starts");
        (output.status.code().unwrap_or(-1), said(&output))
    }
}

pub fn list<'v>(value: &'v Value, name: &str) -> std::slice::Iter<'v, Value> {
    value[name].as_array().unwrap_or_else(|| panic!("no list of {name} in {value:#}")).iter()
}

pub fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value:#}"))
}
