//! `muster prove`: whether the LMS holds what was planned.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use muster_engine::error::{Failure, FailureKind, Result};
use muster_engine::kit::{self, PLANNED};
use muster_engine::profile::{Choices, header_form};
use muster_engine::roster::Roster;
use muster_engine::store::small_files::MOST_OF_PLANNED;
use muster_engine::store::{own_files, small_files};
use muster_engine::verify::{self, Differs, Expectation, Outcome, Unseen, VerificationDetail};
use serde::Serialize;

use crate::arguments::{Against, Shared};
use crate::of_account::{OfAccount, Seen};
use crate::opening::{name, open, profile_named, profiles};
use crate::page::{Page, people};
use crate::progress::Progress;
use crate::{Exit, reaching};

/// Says whether a fresh export holds what an upload kit, or a file that was dropped, was to bring about
#[derive(Debug, Args)]
pub struct Options {
    /// The kit's folder or its planned.json, or the number of a push that was a file
    #[arg(value_name = "KIT|PUSH")]
    of: PathBuf,

    /// The export of afterwards; --as is about it
    #[arg(value_name = "EXPORT")]
    export: PathBuf,

    /// What the LMS had before: then it is also told what has changed there beside the plan
    #[arg(long, value_name = "SNAPSHOT", value_parser = Against::read)]
    against: Option<Against>,

    /// Write the file that sets the people inactive whom the kit has made: an undo that only this export makes possible
    /// where the LMS gives the keys
    #[arg(long, value_name = "FILE")]
    undo: Option<PathBuf>,

    #[command(flatten)]
    shared: Shared,
}

#[derive(Serialize)]
struct Report<'a> {
    plan: &'a str,
    planned: &'a str,
    profile: &'a str,
    export: String,
    counts: Counts,
    /// Whoever is not as planned.
    people: &'a [Differs],
    unseen: &'a [String],
    people_unseen: &'a [Unseen],
    outcomes: &'a [Outcome],
    by_hand: &'a [String],
    beside: &'a [String],
    /// How many people the undo of new people sets inactive.
    #[serde(skip_serializing_if = "Option::is_none")]
    undo: Option<u32>,
    /// What became of the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<Seen>,
}

#[derive(Serialize)]
struct Counts {
    as_planned: u32,
    of: u32,
    /// Who is as planned as far as can be seen, which is not all.
    unseen: usize,
    /// Whom the plan left alone and who are as before; null without `--against`.
    others: Option<u32>,
}

pub fn run(options: Options, page: &mut Page) -> Result<Exit> {
    let planned = Arc::new(planned_of(&options.of)?);
    let shared = as_planned(options.shared, &planned)?;
    // What the account has by now is what the LMS had before only if it was taken before.
    let before = OfAccount::named(&shared)?.and_then(|account| {
        let kept = account.record.facts.snapshot()?;
        (kept.at.as_str() <= planned.time.as_str()).then_some(())
    });
    let after = Against::Nobody;
    let is_later = shared.account.is_some() && options.against.is_none() && before.is_none();
    let against = options.against.as_ref().or(is_later.then_some(&after));
    let mut opened = open(&shared, &options.export, against)?;
    if is_later {
        opened.older = None;
    }
    if opened.chosen.profile.id != planned.profile {
        return Err(Failure::state("this was planned for another LMS")
            .why(format!("its profile is `{}`", planned.profile))
            .hint("Leave out --profile, or name that one."));
    }
    must_say_the_same(&shared, &planned, &opened.choices)?;
    let (bytes, _) = own_files::read(&options.export)?;
    let sha256 = verify::digest(&bytes);
    let recognised = profiles()?.certain(opened.roster.table.names())?;
    let called = name(&options.export);
    verify::may_verify(&planned, (&opened.roster, &called), &sha256, recognised.as_deref())?;
    let count = planned.people.len();
    let progress = Progress::of(format!("Comparing {} with the plan", people(count)), count);
    let verified =
        verify::verify(&planned, opened.older.as_ref(), &opened.roster, &|n| progress.report(n))?;
    drop(progress);
    let undo = options.undo.as_deref();
    let undo = undo.map(|file| undo_of_new(&planned, &opened.roster, file)).transpose()?;
    let account = opened.account.as_ref();
    let account = account.map(|a| a.proved(&opened.roster, &options.export)).transpose()?;
    if page.is_json() {
        page.json(&Report {
            plan: &planned.plan,
            planned: &planned.time,
            profile: &planned.profile,
            export: options.export.display().to_string(),
            counts: Counts {
                as_planned: verified.as_planned,
                of: verified.of,
                unseen: verified.people_unseen.len(),
                others: verified.others,
            },
            people: &verified.differing,
            unseen: &verified.unseen,
            people_unseen: &verified.people_unseen,
            outcomes: &verified.outcomes,
            by_hand: &verified.by_hand,
            beside: &verified.unplanned,
            undo,
            account,
        });
    } else {
        print(&verified, page);
        if let Some(count) = undo {
            let file = options.undo.as_deref().map(name).unwrap_or_default();
            page.line(format!(
                "`{file}` sets {} inactive whom the kit has made",
                people(count as usize)
            ));
        }
        if let Some(seen) = &account {
            page.line("");
            for line in seen.lines() {
                page.line(line);
            }
        }
    }
    Ok(Exit::found(!verified.is_clean()))
}

/// The kit's own LMS, choices, key and columns: none of them need be said again.
fn as_planned(mut shared: Shared, planned: &Arc<Expectation>) -> Result<Shared> {
    let named = shared.profile.get_or_insert_with(|| planned.profile.clone());
    let is_free = shared.key.is_empty() && shared.account.is_none();
    if let Some(key) = planned.key.as_ref().filter(|_| is_free)
        && profile_named(named, &[])?.profile.fields.is_empty()
    {
        shared.key.push(key.clone());
    }
    shared.planned = Some(planned.clone());
    Ok(shared)
}

/// Refuses a choice that the kit was not made with.
fn must_say_the_same(shared: &Shared, planned: &Expectation, choices: &Choices) -> Result<()> {
    for (id, asked) in &shared.policies {
        let (Some(had), Some(now)) = (planned.policies.get(id), choices.written().get(id)) else {
            continue;
        };
        if had != now && header_form(had) != header_form(now) {
            return Err(Failure::state(format!("this was not planned with {id}={asked}"))
                .why(format!("it was planned with {id}={had}"))
                .hint("Leave out --policy: what was chosen for the upload stands in the kit."));
        }
    }
    Ok(())
}

/// Writes the undo of new people, and says of how many.
fn undo_of_new(planned: &Expectation, export: &Roster, file: &Path) -> Result<u32> {
    let at = crate::clock::stamp();
    let undo = kit::undo_of_new_people(planned, export, &at).ok_or_else(|| {
        Failure::new(FailureKind::NothingToDo, "there is no undo of new people")
            .why("the kit has made nobody who is in this export, or no file sets anybody inactive")
            .hint("Leave out --undo.")
    })??;
    own_files::write(file, &undo.bytes, false)?;
    Ok(undo.people)
}

/// From a kit, or, where a number is named and nothing on the disk is called so, from the outbox.
pub fn planned_of(of: &Path) -> Result<Expectation> {
    let number = of.to_str().and_then(|text| text.parse::<u32>().ok());
    if let Some(id) = number.filter(|_| !of.exists()) {
        let store = reaching::store()?;
        return Expectation::from_json(&store.planned(&store.push(id)?)?);
    }
    let file = if of.is_dir() { of.join(PLANNED) } else { of.to_owned() };
    if of.is_dir() && !file.exists() {
        return Err(Failure::new(
            FailureKind::File,
            format!("`{}` is no upload kit that can be proved", of.display()),
        )
        .why(format!("there is no `{PLANNED}` in it"))
        .hint("Take the folder as `muster kit` made it."));
    }
    small_files::must_be_within(&file, MOST_OF_PLANNED, "what was planned cannot be read")?;
    let (bytes, _) = own_files::read(&file)?;
    Expectation::from_json(&bytes)
}

fn print(verified: &VerificationDetail, page: &mut Page) {
    page.line(verified.clone().verification(String::new()).says());
    if let Some(others) = verified.others {
        page.line(format!("{} whom the plan leaves alone: as before", people(others as usize)));
    }
    let differing: Vec<String> = verified.differing.iter().map(Differs::sentence).collect();
    let outcomes: Vec<String> = verified.outcomes.iter().map(Outcome::sentence).collect();
    for (words, all) in [
        ("Not as planned", &differing),
        ("What came of what nobody has written down", &outcomes),
        ("Still to be done by hand", &verified.by_hand),
        ("Changed beside the plan", &verified.unplanned),
        ("Cannot be seen in this export", &verified.unseen),
    ] {
        if !all.is_empty() {
            page.line("");
            page.line(words);
            for line in all {
                page.line(format!("  {line}"));
            }
        }
    }
}
