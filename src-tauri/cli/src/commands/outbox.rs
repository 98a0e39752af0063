//! `muster outbox`: pushes that wait, were cut off, or were only partly done.

use clap::{Args, Subcommand};
use muster_engine::error::Result;
use muster_engine::outbox::{self, cancel, undo_push};
use muster_engine::push::{PushCounts, PushState};
use muster_engine::store::outbox::PushRecord;
use serde::Serialize;

use super::push;
use crate::exit::Exit;
use crate::page::Page;
use crate::reaching::{Reach, now, store, tell};

/// Lists pushes, goes on with one, cancels one, or takes one back
#[derive(Debug, Args)]
pub struct Options {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// All pushes, the newest first
    List,
    /// The receipt of one
    Show {
        #[arg(value_name = "ID")]
        id: u32,
    },
    /// Goes on with one; nobody is sent twice
    Resume {
        #[arg(value_name = "ID")]
        id: u32,
        /// Send those again, too, who were refused or of whom nobody knows
        #[arg(long)]
        failed: bool,
        #[command(flatten)]
        reach: Reach,
    },
    /// Sends nothing more of one
    Cancel {
        #[arg(value_name = "ID")]
        id: u32,
    },
    /// Takes one back, as far as the LMS can and as far as nobody has changed it since
    Undo {
        #[arg(value_name = "ID")]
        id: u32,
        #[command(flatten)]
        reach: Reach,
    },
}

#[derive(Serialize)]
struct Listed<'a> {
    id: u32,
    state: PushState,
    at: &'a str,
    connection: String,
    title: &'a str,
    counts: PushCounts,
    takes_back: Option<u32>,
    why: Option<String>,
}

impl<'a> Listed<'a> {
    fn of(push: &'a PushRecord) -> Listed<'a> {
        Listed {
            id: push.id,
            state: push.state,
            at: &push.at,
            connection: push.target.shown(),
            title: &push.facts.title,
            counts: push.counts,
            takes_back: push.facts.takes_back,
            why: push.why.as_ref().map(ToString::to_string),
        }
    }
}

pub fn run(options: Options, page: &mut Page) -> Result<Exit> {
    let store = store()?;
    match options.what.unwrap_or(What::List) {
        What::List => {
            let told = store.notices().len();
            let pushes = store.pushes()?;
            tell(&store, told);
            let damaged = store.notices().len() > told;
            let open = damaged || pushes.iter().any(|push| push.state.is_open());
            if page.is_json() {
                #[derive(Serialize)]
                struct Report<'a> {
                    pushes: Vec<Listed<'a>>,
                }
                page.json(&Report { pushes: pushes.iter().map(Listed::of).collect() });
            } else if pushes.is_empty() {
                page.line("The outbox is empty.");
            } else {
                let rows: Vec<[String; 4]> = pushes.iter().map(row).collect();
                page.columns(&rows);
            }
            Ok(Exit::found(open))
        }
        What::Show { id } => {
            let push = store.push(id)?;
            push::print_receipt(&push, &store.push_orders(id)?, page);
            Ok(Exit::Fine)
        }
        What::Resume { id, failed, reach } => {
            if failed {
                outbox::try_again(&store, id)?;
            }
            let (mut record, _) = store.push_to_send(&store.hold_push(id)?, &now())?;
            if !reach.options.is_empty() {
                record.target.options.extend(reach.options.iter().cloned());
                store.set_push_target(id, &record.target)?;
            }
            let secret = reach.secret(&record.target)?;
            push::send(&store, id, &secret, None, page)
        }
        What::Cancel { id } => {
            cancel(&store, id, &now())?;
            push::print_receipt(&store.push(id)?, &store.push_orders(id)?, page);
            Ok(Exit::Fine)
        }
        What::Undo { id, reach } => {
            let record = store.push(id)?;
            let secret = reach.secret(&record.target)?;
            let back = undo_push(&store, id, &now())?;
            push::send(&store, back, &secret, None, page)
        }
    }
}

fn row(push: &PushRecord) -> [String; 4] {
    let counts = &push.counts;
    let what = match push.facts.takes_back {
        Some(id) => format!("takes back push {id}"),
        None => push.facts.title.clone(),
    };
    [
        push.id.to_string(),
        push.state.says().to_owned(),
        format!("{} of {}", counts.done, counts.all()),
        format!("{what}, {} ({})", push.target.shown(), push.at),
    ]
}
