//! What may be typed after `muster`.

use clap::{Parser, Subcommand};

use crate::commands::{
    accounts, check, convert, copy, diff, fetch, fix, kit, locations, outbox, plan, profiles,
    prove, push, rules, template,
};
use crate::page::Format;

/// Check, fix, compare and plan the roster of a learning management system. Your file is only read.
#[derive(Debug, Parser)]
#[command(
    name = "muster",
    version,
    max_term_width = 100,
    after_help = "Exit codes: 0 nothing to report, or done as asked; 1 found errors, differences or changes; \
                  2 could not; 3 refused, nothing written."
)]
pub struct Muster {
    #[command(subcommand)]
    pub command: Command,

    /// How to answer: text for people, or one JSON object for programs
    #[arg(
        long,
        global = true,
        value_name = "FORMAT",
        default_value = "text",
        hide_default_value = true
    )]
    pub format: Format,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Check(check::Options),
    Fix(fix::Options),
    Diff(diff::Options),
    Plan(plan::Options),
    Kit(kit::Options),
    Prove(prove::Options),
    Fetch(fetch::Options),
    Push(push::Options),
    Outbox(outbox::Options),
    Convert(convert::Options),
    Copy(copy::Options),
    Profiles(profiles::Options),
    Rules(rules::Options),
    Template(template::Options),
    Locations(locations::Options),
    Accounts(accounts::Options),
}
