//! `muster push`: makes the plan and carries it out, with a receipt.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::Args;
use muster_engine::accounts;
use muster_engine::error::{Failure, Result};
use muster_engine::outbox::{Chosen, Receipt, RunContext, carry_out, freeze};
use muster_engine::plan::{Only, few};
use muster_engine::push::{PushState, Secret, WAS_SO};
use muster_engine::store::Store;
use muster_engine::store::outbox::{OrderRecord, PushRecord};
use muster_engine::store::own_files;

use super::kit::release;
use super::not_sent;
use crate::arguments::{Against, Roster, Shared};
use crate::exit::Exit;
use crate::of_account::{OfAccount, must_know, protected_of};
use crate::on_disk::profiles;
use crate::opening::open_for;
use crate::page::{Page, people};
use crate::progress::Steps;
use crate::reaching::{Reach, name_of, now, store};
use crate::whom::Whom;

/// Makes the plan and carries it out in the LMS itself, with a receipt
#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    roster: Roster,

    /// What the LMS has: an earlier export, or what `muster fetch` wrote; `none` where all of these are new
    #[arg(long, value_name = "SNAPSHOT", value_parser = Against::read, required_unless_present = "account")]
    against: Option<Against>,

    /// A saved connection, or an address such as kolibri+https://kolibri.example.com/
    #[arg(long = "to", value_name = "CONNECTION", required_unless_present = "account")]
    to: Option<String>,

    /// Lets go of a hold, by the number that it names: delete=37
    #[arg(long = "release", value_name = "GUARD=N", value_parser = release)]
    releases: Vec<(String, u32)>,

    /// Only the first so many people, to try it
    #[arg(long, value_name = "N")]
    first: Option<u32>,

    /// Only people of these keys, or who are new and have none yet by their login, e-mail or name; may be given several times
    #[arg(long = "only-key", value_name = "KEY")]
    only: Vec<String>,

    /// Send by a way that nobody has tried yet; one person first
    #[arg(long)]
    untried: bool,

    /// Write the receipt to this file too
    #[arg(long, value_name = "FILE")]
    receipt: Option<PathBuf>,

    /// What to remember about it
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    note: String,

    #[command(flatten)]
    reach: Reach,

    #[command(flatten)]
    shared: Shared,
}

pub fn run(options: Options, page: &mut Page) -> Result<Exit> {
    crate::named_by_hand::must_be_one(&options.shared)?;
    must_know(&options.shared, options.against.as_ref())?;
    // What was sent stays sent: a receipt that cannot be written is told before.
    options.receipt.iter().try_for_each(|file| own_files::may_be_written(file, false))?;
    let store = store()?;
    let to = connection(&options)?;
    let target = options.reach.target(&store, &to)?;
    let connector = target.connector()?;
    let opened =
        open_for(&options.shared, &options.roster.file, options.against.as_ref(), Some(connector))?;
    let (checker, about) = opened.completed()?.check()?;
    let protected = protected_of(about.account.as_ref(), Some(&target))?;
    let (only, age) = (Only::Changed, about.snapshot_age);
    let kept = (protected, about.changed_there(&checker)?);
    let mut plan = super::plan::make(&checker, only, age, Some(connector), kept);
    about.completed.tell(&mut plan);
    let whom = Whom::named(&options.only, &checker)?;
    let secret = options.reach.secret(&target)?;
    let chosen = Chosen {
        releases: options.releases.iter().cloned().collect::<BTreeMap<_, _>>(),
        note: options.note.clone(),
        part: whom.part(options.first),
        untried: options.untried,
        title: crate::opening::name(&options.roster.file),
        connection: name_of(&store, &to)?,
        account: about
            .account
            .as_ref()
            .filter(|_| options.against.is_none())
            .map(|of| of.record.id),
        steps: None,
    };
    plan.must_have_holds(chosen.releases.keys())?;
    match freeze(&store, None, (&plan, &checker), &target, &chosen, &now()) {
        Ok(id) => {
            not_sent::tell(&plan, chosen.part);
            if let Some(account) = &about.account {
                account.planned(&plan, &checker, &chosen.title, options.against.is_some())?;
            }
            send(&store, id, &secret, options.receipt.as_deref(), page)
        }
        Err(stopped) => Exit::stopped(stopped),
    }
}

/// The one that was named, else that of the account.
fn connection(options: &Options) -> Result<String> {
    if let Some(to) = &options.to {
        return Ok(to.clone());
    }
    let account = OfAccount::named(&options.shared)?;
    account.and_then(|account| account.record.facts.connection).ok_or_else(|| {
        Failure::state("nobody has said how the LMS is reached")
            .why("the account has no connection")
            .hint("Name one with --to CONNECTION, or keep it: muster accounts set NAME --connection CONNECTION")
    })
}

/// Carries out a push that waits, prints its receipt, and says by the exit code how it went.
pub fn send(
    store: &Store,
    id: u32,
    secret: &Secret,
    receipt: Option<&std::path::Path>,
    page: &mut Page,
) -> Result<Exit> {
    let steps = Steps::new();
    let result = carry_out(
        id,
        &RunContext {
            store: &|ask| ask(store),
            secret,
            now: &now,
            on_progress: &|what, done, of| steps.report(what, done, of),
            stop: Arc::new(AtomicBool::new(false)),
        },
    )?;
    drop(steps);
    accounts::keep_after_push(store, &mut profiles()?, &result, &now())?;
    let orders = store.push_orders(id)?;
    print_receipt(&result.push, &orders, page);
    if let Some(file) = receipt {
        let receipt = Receipt::of(&result.push, &orders);
        let text = serde_json::to_string_pretty(&receipt).unwrap_or_default() + "\n";
        own_files::write_private(file, text.as_bytes(), false)?;
    }
    Ok(match result.push.state {
        PushState::Sent => Exit::found(result.push.counts.left_out > 0),
        PushState::Partly | PushState::Failed => Exit::Found,
        PushState::Review => Exit::Refused,
        _ => Exit::CouldNot,
    })
}

/// The receipt.
pub fn print_receipt(push: &PushRecord, orders: &[OrderRecord], page: &mut Page) {
    let receipt = Receipt::of(push, orders);
    if page.is_json() {
        page.json(&receipt);
        return;
    }
    let counts = &receipt.counts;
    let mut parts = vec![format!("{} done", counts.done)];
    let more = [
        (counts.refused, "refused"),
        (counts.unknown, "unknown"),
        (counts.waiting, "not sent yet"),
        (counts.left_out, "left out"),
        (counts.ignored, "ignored"),
        (counts.by_hand, "to be done by hand"),
    ];
    parts.extend(more.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")));
    page.line(format!("Push {}, {}: {}", receipt.id, push.state.says(), parts.join(", ")));
    page.line(receipt.connection.clone());
    let is_told = |outcome: &str| !matches!(outcome, "done" | "waiting" | "not_chosen");
    for person in receipt.people.iter().filter(|person| is_told(person.outcome)) {
        let line = person.line.map_or(String::new(), |line| format!(", line {line}"));
        page.line(format!(
            "  {} {} ({}){line}: {}",
            person.outcome, person.name, person.key, person.why
        ));
    }
    let were_so: Vec<String> = receipt
        .people
        .iter()
        .filter(|person| person.outcome == "done" && person.why == WAS_SO)
        .map(|person| person.name.to_owned())
        .collect();
    if !were_so.is_empty() {
        page.line(format!("  nothing was sent of {}: it was so there already", few(&were_so)));
    }
    if let Some(file) = receipt.delivery {
        page.line(format!(
            "  `{}`: {}, {} bytes, SHA-256 {}",
            file.file,
            people(file.people as usize),
            file.bytes,
            file.sha256
        ));
        if counts.done > 0 {
            page.line(
                "  It lies in the folder. What the LMS makes of it cannot be seen from here:",
            );
            page.line(
                "  export the roster afresh once it was taken in, and look with `muster diff`.",
            );
        }
    }
    if receipt.not_chosen > 0 {
        page.line(format!("  not chosen: {}", people(receipt.not_chosen as usize)));
    }
    if let Some(trial) = receipt.trial {
        page.line(trial);
    }
    for what in receipt.changed {
        page.line(format!("  changed there since: {what}"));
    }
    for what in receipt.cannot_undo {
        page.line(format!("  cannot be taken back: {what}"));
    }
    for what in &receipt.by_hand {
        page.line(format!("  by hand: {what}"));
    }
    let nobody_looked = push.ended.is_some() && receipt.proof.is_none() && counts.done > 0;
    if nobody_looked && receipt.delivery.is_none() && push.state != PushState::Cancelled {
        page.line(
            "Nobody could look at the LMS afterwards: it does not show whom it has this way.",
        );
        page.line("Export the roster afresh, and look with `muster diff`.");
    }
    if let Some(proof) = receipt.proof {
        page.line(format!(
            "Looked at afterwards: {} of {} as planned",
            proof.as_planned,
            people(proof.of as usize)
        ));
        if proof.people_unseen > 0 {
            page.line(format!(
                "  {} more as far as it can be seen; the LMS does not tell {}",
                proof.people_unseen,
                proof.unseen.join(", ")
            ));
        }
        for what in &proof.differing {
            page.line(format!("  {what}"));
        }
    }
    if let Some(why) = &push.why {
        crate::exit::complain(why);
        if push.state.is_open() {
            crate::exit::remark(&format!(
                "It waits in the outbox as push {}: muster outbox resume {}",
                push.id, push.id
            ));
        }
    }
}
