//! The `muster` command: the engine for schedulers, scripts and people who like a terminal.

mod arguments;
mod cli;
mod commands;
mod exit;
mod opening;
mod page;
mod progress;
mod reaching;

use std::process::ExitCode;

use clap::Parser;
use muster_engine::error::Outcome;

use cli::{Command, Muster};
use exit::{Exit, complain};
use page::Page;

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
