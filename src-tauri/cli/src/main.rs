//! The `muster` command: the engine for schedulers, scripts and people who like a terminal.

#![warn(clippy::cast_possible_truncation)]

mod arguments;
mod cli;
mod clock;
mod commands;
mod exit;
mod named_by_hand;
mod of_account;
mod on_disk;
mod opening;
mod page;
mod progress;
mod reaching;
mod whom;

use std::process::ExitCode;

use clap::Parser;
use muster_engine::error::Result;

use cli::{Command, Muster};
use exit::{Exit, complain};
use page::Page;

fn main() -> ExitCode {
    let muster = Muster::parse();
    muster_engine::store::own_files::take_pipes();
    let mut page = Page::new(muster.format);
    let exit = clock::must_be_a_day()
        .and_then(|()| carry_out(muster.command, &mut page))
        .and_then(|exit| page.finish().map(|()| exit))
        .unwrap_or_else(|failure| {
            complain(&failure);
            Exit::CouldNot
        });
    ExitCode::from(exit as u8)
}

fn carry_out(command: Command, page: &mut Page) -> Result<Exit> {
    match command {
        Command::Check(options) => commands::check::run(options, page),
        Command::Fix(options) => commands::fix::run(options, page),
        Command::Diff(options) => commands::diff::run(options, page),
        Command::Plan(options) => commands::plan::run(options, page),
        Command::Kit(options) => commands::kit::run(options, page),
        Command::Prove(options) => commands::prove::run(options, page),
        Command::Fetch(options) => commands::fetch::run(options, page),
        Command::Push(options) => commands::push::run(options, page),
        Command::Outbox(options) => commands::outbox::run(options, page),
        Command::Convert(options) => commands::convert::run(options, page),
        Command::Copy(options) => commands::copy::run(options, page),
        Command::Profiles(options) => commands::profiles::run(options, page),
        Command::Rules(options) => commands::rules::run(options, page),
        Command::Template(options) => commands::template::run(options, page),
        Command::Locations(options) => commands::locations::run(options, page),
        Command::Accounts(options) => commands::accounts::run(options, page),
    }
}
