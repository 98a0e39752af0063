//! The `muster` command: the engine for schedulers, scripts and people who like a terminal.

mod arguments;
mod commands;
mod opening;
mod page;
mod progress;
mod reaching;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use muster_engine::error::{Failure, Outcome};
use muster_engine::plan::Stopped;

use arguments::{Command, Muster};
use page::Page;

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
    pub fn stopped(stopped: Stopped) -> Outcome<Exit> {
        let (failure, exit) = match stopped {
            Stopped::Nothing(failure) => (failure, Exit::Fine),
            Stopped::Held(failure) => (failure, Exit::Refused),
            Stopped::Failed(failure) => return Err(failure),
        };
        complain(&failure);
        Ok(exit)
    }
}

fn main() -> ExitCode {
    let muster = Muster::parse();
    let mut page = Page::new(muster.format);
    let exit = carry_out(muster.command, &mut page)
        .and_then(|exit| page.finish().map(|()| exit))
        .unwrap_or_else(|failure| {
            complain(&failure);
            Exit::CouldNot
        });
    ExitCode::from(exit as u8)
}

fn carry_out(command: Command, page: &mut Page) -> Outcome<Exit> {
    match command {
        Command::Check(asked) => commands::check::run(asked, page),
        Command::Fix(asked) => commands::fix::run(asked, page),
        Command::Diff(asked) => commands::diff::run(asked, page),
        Command::Plan(asked) => commands::plan::run(asked, page),
        Command::Kit(asked) => commands::kit::run(asked, page),
        Command::Prove(asked) => commands::prove::run(asked, page),
        Command::Fetch(asked) => commands::fetch::run(asked, page),
        Command::Push(asked) => commands::push::run(asked, page),
        Command::Outbox(asked) => commands::outbox::run(asked, page),
        Command::Convert(asked) => commands::convert::run(asked, page),
        Command::Copy(asked) => commands::copy::run(asked, page),
        Command::Profiles(asked) => commands::profiles::run(asked, page),
        Command::Rules(asked) => commands::rules::run(asked, page),
        Command::Template(asked) => commands::template::run(asked, page),
        Command::Locations(asked) => commands::locations::run(asked, page),
    }
}

/// Says on standard error what is to be known beside the answer.
fn remark(sentence: &str) {
    let _ = writeln!(std::io::stderr(), "{}", page::harmless(sentence));
}

/// Says on standard error what went wrong. If nobody listens there, nothing is lost.
fn complain(failure: &Failure) {
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
