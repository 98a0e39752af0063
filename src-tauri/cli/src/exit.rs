//! How the command ends: its exit code, and what it says on standard error.

use std::io::Write;

use muster_engine::error::{Failure, Result};
use muster_engine::plan::Stopped;

use crate::page;

/// What the exit code says. It is part of the contract with scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Nothing to report, or done as asked.
    Fine = 0,
    /// Errors, differences or changes were found.
    Found = 1,
    /// It could not be done; the reason is on standard error.
    CouldNot = 2,
    /// A hold or an error stands in the way; nothing was written.
    Refused = 3,
}

impl Exit {
    pub fn found(something: bool) -> Exit {
        if something { Exit::Found } else { Exit::Fine }
    }

    /// When nothing was made of a plan; the reason is told.
    pub fn stopped(stopped: Stopped) -> Result<Exit> {
        let (failure, exit) = match stopped {
            Stopped::Nothing(failure) => (failure, Exit::Fine),
            Stopped::Held(failure) => (failure, Exit::Refused),
            Stopped::Failed(failure) => return Err(failure),
        };
        complain(&failure);
        Ok(exit)
    }
}

/// Says on standard error what is to be known beside the answer.
pub fn remark(sentence: &str) {
    let _ = writeln!(std::io::stderr(), "{}", page::harmless(sentence));
}

/// Says on standard error what went wrong. If nobody listens there, nothing is lost.
pub fn complain(failure: &Failure) {
    let mut text = format!("muster: {}", failure.what);
    if !failure.why.is_empty() {
        text.push_str(&format!(": {}", failure.why));
    }
    if !failure.hint.is_empty() {
        text.push_str(&format!("\n        {}", failure.hint));
    }
    let text: Vec<String> = text.lines().map(page::harmless).collect();
    let _ = writeln!(std::io::stderr(), "{}", text.join("\n"));
}
