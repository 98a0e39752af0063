//! `muster prove`: whether the LMS holds what was planned.

use std::path::{Path, PathBuf};

use clap::Args;
use muster_engine::error::{Failure, FailureKind, Outcome};
use muster_engine::kit::PLANNED;
use muster_engine::proof::{self, Differs, Planned, Proven};
use muster_engine::store::own_files;
use serde::Serialize;

use crate::arguments::Shared;
use crate::opening::{name, open, profiles};
use crate::page::{Page, people};
use crate::progress::Progress;
use crate::{Exit, reaching};

/// Says whether a fresh export holds what an upload kit, or a file that was dropped, was to bring about
#[derive(Debug, Args)]
pub struct Asked {
    /// The kit's folder or its planned.json, or the number of a push that was a file
    #[arg(value_name = "KIT|PUSH")]
    of: PathBuf,

    /// The export of afterwards; --as is about it
    #[arg(value_name = "EXPORT")]
    export: PathBuf,

    /// What the LMS had before: then it is also told what has changed there beside the plan
    #[arg(long, value_name = "SNAPSHOT")]
    against: Option<PathBuf>,

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
    by_hand: &'a [String],
    beside: &'a [String],
}

#[derive(Serialize)]
struct Counts {
    as_planned: u32,
    of: u32,
    /// Whom the plan left alone and who are as before; null without `--against`.
    others: Option<u32>,
}

pub fn run(asked: Asked, page: &mut Page) -> Outcome<Exit> {
    let planned = planned_of(&asked.of)?;
    let mut shared = asked.shared;
    shared.profile.get_or_insert_with(|| planned.profile.clone());
    let opened = open(&shared, &asked.export, asked.against.as_deref())?;
    if opened.chosen.profile.id != planned.profile {
        return Err(Failure::state("this was planned for another LMS")
            .why(format!("its profile is `{}`", planned.profile))
            .hint("Leave out --profile, or name that one."));
    }
    let (bytes, _) = own_files::read(&asked.export)?;
    let sha256 = proof::digest(&bytes);
    let recognised = profiles()?.recognised(opened.roster.table.names())?;
    let called = name(&asked.export);
    proof::may_prove(&planned, (&opened.roster, &called), &sha256, &recognised.profile)?;
    let count = planned.people.len();
    let progress = Progress::of(format!("Comparing {} with the plan", people(count)), count);
    let proven =
        proof::prove(&planned, opened.older.as_ref(), &opened.roster, &|n| progress.told(n))?;
    drop(progress);
    if page.is_json() {
        page.json(&Report {
            plan: &planned.plan,
            planned: &planned.time,
            profile: &planned.profile,
            export: asked.export.display().to_string(),
            counts: Counts { as_planned: proven.as_planned, of: proven.of, others: proven.others },
            people: &proven.differing,
            unseen: &proven.unseen,
            by_hand: &proven.by_hand,
            beside: &proven.beside,
        });
    } else {
        print(&proven, page);
    }
    Ok(Exit::found(!proven.is_clean()))
}

/// From a kit, or, where a number is named and nothing on the disk is called so, from the outbox.
fn planned_of(of: &Path) -> Outcome<Planned> {
    let number = of.to_str().and_then(|text| text.parse::<u32>().ok());
    if let Some(id) = number.filter(|_| !of.exists()) {
        let store = reaching::store()?;
        return Planned::from_json(&store.planned(&store.push(id)?)?);
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
    let (bytes, _) = own_files::read(&file)?;
    Planned::from_json(&bytes)
}

fn print(proven: &Proven, page: &mut Page) {
    page.line(proven.clone().proof(String::new()).says());
    if let Some(others) = proven.others {
        page.line(format!("{} whom the plan leaves alone: as before", people(others as usize)));
    }
    let differing: Vec<String> = proven.differing.iter().map(Differs::sentence).collect();
    for (words, all) in [
        ("Not as planned", &differing),
        ("Still to be done by hand", &proven.by_hand),
        ("Changed beside the plan", &proven.beside),
        ("Cannot be seen in this export", &proven.unseen),
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
