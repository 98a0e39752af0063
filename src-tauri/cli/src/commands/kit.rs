//! `muster kit`: the upload kit.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use muster_engine::error::{FailureKind, Outcome};
use muster_engine::kit::{self, KitFile, KitMade};
use muster_engine::plan::{ByHand, Only, PlanCounts};
use muster_engine::store::account;
use muster_engine::upload::make_kit;
use serde::Serialize;

use crate::arguments::{Roster, Shared};
use crate::exit::Exit;
use crate::opening::open;
use crate::page::Page;

/// Makes the upload kit: the LMS's file, undo file, checklist, review page, receipt
#[derive(Debug, Args)]
pub struct Asked {
    #[command(flatten)]
    roster: Roster,

    /// What the LMS has: an earlier export
    #[arg(long, value_name = "SNAPSHOT")]
    against: PathBuf,

    /// The folder to make; it appears whole or not at all
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// Who is in the file for the LMS
    #[arg(long, value_name = "WHO", default_value = "changed")]
    only: Who,

    /// Lets go of a hold, by the number that it names: change=37
    #[arg(long = "release", value_name = "GUARD=N", value_parser = release)]
    releases: Vec<(String, u32)>,

    #[command(flatten)]
    shared: Shared,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Who {
    Changed,
    All,
}

pub fn release(text: &str) -> Result<(String, u32), String> {
    let parts = text.split_once('=').filter(|(guard, _)| !guard.trim().is_empty());
    let (guard, number) = parts.ok_or("it needs a hold and its number: GUARD=N")?;
    let number = number.trim().parse().map_err(|_| format!("`{number}` is not a number"))?;
    Ok((guard.trim().to_owned(), number))
}

#[derive(Serialize)]
struct Report<'a> {
    folder: String,
    counts: PlanCounts,
    files: &'a [KitFile],
    /// What the undo file cannot take back, by name.
    cannot_undo: &'a [String],
    by_hand: &'a [ByHand],
}

pub fn run(asked: Asked, page: &mut Page) -> Outcome<Exit> {
    let opened = open(&asked.shared, &asked.roster.file, Some(&asked.against))?;
    let (checker, about) = opened.check()?;
    let only = match asked.only {
        Who::Changed => Only::Changed,
        Who::All => Only::All,
    };
    let plan = super::plan::make(&checker, only, about.snapshot_age, None);
    let releases: BTreeMap<String, u32> = asked.releases.iter().cloned().collect();
    let at = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let folder = std::path::absolute(&asked.out).unwrap_or_else(|_| asked.out.clone());
    let wanted = kit::Asked { releases: &releases, note: "", at: &at, by: &account() };
    match make_kit(&plan, &checker, &folder, &wanted) {
        Ok((made, _)) => {
            if page.is_json() {
                page.json(&Report {
                    folder: asked.out.display().to_string(),
                    counts: plan.counts,
                    files: &made.files,
                    cannot_undo: &made.cannot_undo,
                    by_hand: &plan.by_hand,
                });
            } else {
                print(&asked.out, &made, page);
            }
            Ok(Exit::Fine)
        }
        Err(refused) if refused.kind == FailureKind::Refused => {
            crate::exit::complain(&refused);
            Ok(Exit::Refused)
        }
        // Nothing to send is nothing to do.
        Err(nothing) if nothing.kind == FailureKind::State => {
            crate::exit::complain(&nothing);
            Ok(Exit::Fine)
        }
        Err(failure) => Err(failure),
    }
}

fn print(folder: &Path, made: &KitMade, page: &mut Page) {
    page.line(folder.display().to_string());
    let rows: Vec<[String; 2]> =
        made.files.iter().map(|file| [file.name.clone(), file.about.clone()]).collect();
    page.columns(&rows);
    if !made.cannot_undo.is_empty() {
        page.line("");
        page.line("The undo file cannot take back:");
        for what in &made.cannot_undo {
            page.line(format!("  {what}"));
        }
    }
}
