//! Verification after an upload: a fresh export put beside what a kit or a dropped file was to bring about.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Engine;
use super::after_push::Arrival;
use super::job::JobView;
use super::lms_has::taken_at;
use super::open_job::OpenJob;
use super::opening::{file_name, json};
use super::restore::snapshot_table;
use super::saving::absolute;
use super::snapshots::Origin;
use super::work::Working;
use crate::accounts;
use muster_plan::verify::{self, Confirmed, Expectation, Verification};
use muster_plan::worksheet::Sources;
use muster_roster::roster::Roster;
use muster_store::events::{Event, EventKind};
use muster_store::own_files;
use muster_table::error::{Failure, FailureKind, Result};
use muster_table::narrow::count as number;
use muster_table::reading::ReadAs;
use muster_table::table::Table;
use muster_table::words::day;

/// What is proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum VerificationOf {
    /// An upload kit of the open list, by the number of its entry in the history.
    Kit {
        /// As the entry's `id` has it.
        id: u32,
    },
    /// A push of the open list that is a file.
    Push {
        /// The push's number.
        id: u32,
    },
}

/// A fresh export that is to be put beside what was planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct VerifyRequest {
    /// What was planned.
    pub of: VerificationOf,
    /// The export of afterwards.
    pub path: String,
}

/// What a fresh export says of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Verified {
    /// Who is as planned, who is not, and what has changed beside.
    pub proof: Verification,
    /// "The upload kit of 22 November 2026".
    pub about: String,
    /// How many people the export has.
    pub people: u32,
    /// Of the export, so that no other file is kept in its place.
    pub sha256: String,
}

/// Keeps an export that was looked at as the snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct KeepVerified {
    /// What it was compared with.
    pub of: VerificationOf,
    /// The export, where it was then.
    pub path: String,
    /// Of the export, as [`Verified::sha256`] told it; another file is refused.
    pub sha256: String,
}

/// What was planned, and what is to be known of it.
struct Story {
    planned: Expectation,
    /// The LMS as it was before.
    before: Option<Table>,
    about: String,
}

/// An export as it was read.
struct Export {
    table: Table,
    name: String,
    sha256: String,
    /// When it was taken, as far as its file tells.
    at: Option<String>,
}

impl Engine {
    /// Puts a fresh export beside what a kit or a dropped file was to bring about. The outcome stays in the history.
    pub fn prove(&self, request: VerifyRequest) -> Result<Verified> {
        self.with_job(|job| {
            let working = self.work.begin();
            let story = self.story_of(job, request.of)?;
            let path = absolute(&request.path);
            let export = export_of(&path, &working)?;
            let profile = job.roster().profile.clone();
            let fresh = story.planned.read(export.table.clone(), &profile);
            let recognised = self.known_profiles()?.certain(export.table.names())?;
            let names = (&fresh, export.name.as_str());
            verify::may_verify(&story.planned, names, &export.sha256, recognised.as_deref())?;
            let before = story.before.map(|table| story.planned.read(table, &profile));
            let count = story.planned.people.len();
            working.step(
                format!("Comparing {} with the plan", muster_table::words::people(count)),
                count,
            );
            let verified =
                verify::verify(&story.planned, before.as_ref(), &fresh, &|n| working.report(n))?;
            let verification = verified.verification(self.now());
            let event = Event {
                at: verification.at.clone(),
                kind: EventKind::Proof,
                title: verification.says(),
                detail: detail(&verification, &story.about),
                id: None,
                people: None,
                sha256: Some(export.sha256.clone()),
                path: Some(path.to_string_lossy().into_owned()),
            };
            let facts = json(&request.of)?;
            let is_newest = self.must_be_the_newest(job, &export).is_ok();
            let account = self.account_of(job.facts()).map(|of| of.id);
            if let Some(account) = account.filter(|_| is_newest) {
                let (name, now) = (&export.name, self.now());
                self.change_account_of(job, account, |facts| {
                    facts.to_do.see(&fresh, name, &now);
                })?;
            }
            self.store(|store| {
                store.add_event(job.lock(), &event, &facts)?;
                if let VerificationOf::Push { id } = request.of {
                    let mut push = store.push(id)?;
                    push.proof = Some(verification.clone());
                    store.set_push(&push)?;
                }
                Ok(())
            })?;
            Ok(Verified {
                proof: verification,
                about: story.about,
                people: number(fresh.table.len()),
                sha256: export.sha256,
            })
        })
    }

    /// Keeps the export that was put beside the plan as the snapshot of the open list. The keys that the LMS gave to new
    /// people are read in, and the passwords that it took are taken out.
    pub fn keep_proved(&self, request: KeepVerified) -> Result<JobView> {
        let take = |job: &mut OpenJob, working: &Working| {
            let story = self.story_of(job, request.of)?;
            let export = export_of(&absolute(&request.path), working)?;
            if export.sha256 != request.sha256 {
                return Err(Failure::new(
                    FailureKind::Refused,
                    format!("`{}` is another file by now", export.name),
                )
                .why("it was changed after it was compared with the plan")
                .hint("Compare it once more."));
            }
            self.must_be_the_newest(job, &export)?;
            let fresh = story.planned.read(export.table.clone(), &job.roster().profile);
            let arrivals = job.arrivals_in(&story.planned, &fresh);
            self.take_over(job, working, &format!("`{}`", export.name), &arrivals)?;
            working.step(format!("Keeping `{}` as the snapshot", export.name), 0);
            let origin = Origin {
                source: export.name,
                note: format!("After {}", lowered(&story.about)),
                at: export.at,
            };
            let snapshot = self.keep_as_snapshot(job, export.table, origin)?;
            Ok(move |sources: &mut Sources| sources.snapshot = Some(snapshot))
        };
        self.taking_over(take, |job, working, before| self.catch_up(job, working, &before))
    }

    /// Refuses an export that is older than what the account of the list has: it would set that back.
    fn must_be_the_newest(&self, job: &OpenJob, export: &Export) -> Result<()> {
        let account = self.account_of(job.facts());
        let Some((record, at)) = account.as_ref().zip(export.at.as_deref()) else { return Ok(()) };
        let Some(newer) = accounts::newer_than(&record.facts, at) else { return Ok(()) };
        let what = format!("`{}` is not what the LMS has now", export.name);
        Err(Failure::new(FailureKind::Refused, what)
            .why(accounts::is_older(&export.name, at, newer))
            .hint("Export the list from your LMS again, and take that file."))
    }

    fn story_of(&self, job: &OpenJob, of: VerificationOf) -> Result<Story> {
        let id = job.id();
        let (planned, snapshot, about) = match of {
            VerificationOf::Kit { id: kit } => {
                let (event, facts, planned) = self.store(|store| store.kit(id, kit))?;
                (planned, facts.snapshot, format!("The upload kit of {}", day(&event.at)))
            }
            VerificationOf::Push { id: push } => {
                let push = self.store(|store| store.push(push))?;
                if push.job != Some(id) {
                    return Err(Failure::state("this push is one of another list")
                        .hint("Open that list, and prove it there."));
                }
                let planned = self.store(|store| store.planned(&push))?;
                let taken = |s: &&muster_store::snapshots::SnapshotRecord| s.facts.at <= push.at;
                let snapshot = job.snapshots().iter().find(taken).map(|s| s.id);
                (planned, snapshot, format!("Push {} of {}", push.id, day(&push.at)))
            }
        };
        let planned = Expectation::from_json(&planned)?;
        if planned.profile != job.chosen().profile.id {
            return Err(Failure::state("this was planned for another LMS")
                .why(format!("the list is read as one of {} now", job.chosen().profile.called()))
                .hint("Choose the profile again that it was made with."));
        }
        let record = job.snapshots().iter().find(|s| Some(s.id) == snapshot);
        let before = match record {
            Some(record) => Some(self.store(|store| snapshot_table(store, id, record))?),
            None => None,
        };
        Ok(Story { planned, before, about })
    }
}

fn export_of(path: &Path, working: &Working) -> Result<Export> {
    let name = file_name(path);
    working.step(format!("Reading `{name}`"), 0);
    let (bytes, stamp) = own_files::read(path)?;
    let sha256 = verify::digest(&bytes);
    let table = working.read(bytes, &name, &ReadAs::default())?.table;
    Ok(Export { table, name, sha256, at: taken_at(stamp.modified) })
}

/// What the history tells: what was proved, and the first of those who differ.
fn detail(verification: &Verification, about: &str) -> String {
    const FEW: usize = 3;
    let mut told = vec![format!("{about}.")];
    for (words, all) in [
        ("Not as planned", &verification.differing),
        ("What came of what nobody has written down", &verification.outcomes),
        ("Still to be done by hand", &verification.by_hand),
        ("Changed beside the plan", &verification.unplanned),
    ] {
        if !all.is_empty() {
            let more = all.len().saturating_sub(FEW);
            let rest = if more == 0 { String::new() } else { format!(" · and {more} more") };
            let few: Vec<&str> = all.iter().take(FEW).map(String::as_str).collect();
            told.push(format!("{words}: {}{rest}.", few.join(" · ")));
        }
    }
    told.join(" ")
}

/// In the middle of a sentence.
fn lowered(about: &str) -> String {
    let mut letters = about.chars();
    let first = letters.next().map(char::to_lowercase);
    first.into_iter().flatten().chain(letters).collect()
}

impl OpenJob {
    /// Those of a plan who are as planned.
    fn arrivals_in(&self, planned: &Expectation, fresh: &Roster) -> Vec<Arrival> {
        let arrived = verify::confirmed(planned, fresh);
        let rows = verify::rows_in(planned, &arrived, self.roster());
        let arrival = |(person, row): (Confirmed, Option<u32>)| {
            let given = Some(fresh.key_text(person.row).into_owned());
            Some(Arrival { row: row?, given, password: person.expected.password })
        };
        arrived.into_iter().zip(rows).filter_map(arrival).collect()
    }
}
