//! `muster kit`: the upload kit.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use muster_engine::error::{Failure, Result};
use muster_engine::kit::{self, KitFile, KitMade};
use muster_engine::plan::{ByHand, Only, Part, Plan, PlanCounts};
use muster_engine::profile::Profile;
use muster_engine::store::account;
use muster_engine::upload::make_kit;
use muster_engine::verify::Expectation;
use serde::Serialize;

use super::prove::planned_of;
use crate::arguments::{self, Against, Shared};
use crate::exit::Exit;
use crate::of_account::{must_know, protected_of};
use crate::opening::{name, open};
use crate::page::Page;
use crate::whom::Whom;

/// Makes the upload kit: the LMS's file, undo file, checklist, review page, receipt
#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    roster: arguments::Roster,

    /// What the LMS has: an earlier export, or `none` where all of these are new
    #[arg(long, value_name = "SNAPSHOT", value_parser = Against::read, required_unless_present = "account")]
    against: Option<Against>,

    /// The folder to make; it appears whole or not at all
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// Who is in the file for the LMS
    #[arg(long, value_name = "WHO", default_value = "changed")]
    only: Who,

    /// Only the first so many people, to try it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    first: Option<u32>,

    /// Only people of these keys, or who are new and have none yet by their login, e-mail or name; may be given several times
    #[arg(long = "only-key", value_name = "KEY")]
    keys: Vec<String>,

    /// Without the people whom this kit has, so that two kits of one list do not overlap; may be given several times
    #[arg(long, value_name = "KIT")]
    except: Vec<PathBuf>,

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
    let guard = guard.trim();
    let known: Vec<&str> = muster_engine::plan::guard_ids().collect();
    match known.contains(&guard) {
        true => Ok((guard.to_owned(), number)),
        false => Err(format!("there is no hold `{guard}`; there are {}", known.join(", "))),
    }
}

#[derive(Serialize)]
struct Report<'a> {
    folder: String,
    /// By which column people are found, as `--policy sync-field=` takes it.
    sync_field: Option<&'a str>,
    counts: PlanCounts,
    files: &'a [KitFile],
    /// What the undo file cannot take back, by name.
    cannot_undo: &'a [String],
    by_hand: &'a [ByHand],
    /// Who is not in the file because of an error.
    left_out: Vec<LeftOut<'a>>,
    /// How much is to be done by hand in the account in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    to_do: Option<usize>,
}

#[derive(Serialize)]
struct LeftOut<'a> {
    key: &'a str,
    name: &'a str,
    line: Option<u32>,
    why: &'a str,
}

impl LeftOut<'_> {
    fn of(plan: &Plan) -> Vec<LeftOut<'_>> {
        let people = plan.with_errors(Part::default()).map(|planned| &planned.person);
        people
            .map(|person| LeftOut {
                key: &person.key,
                name: &person.name,
                line: person.line,
                why: &person.why,
            })
            .collect()
    }
}

pub fn run(options: Options, page: &mut Page) -> Result<Exit> {
    crate::named_by_hand::must_be_one(&options.shared)?;
    must_know(&options.shared, options.against.as_ref())?;
    let opened = open(&options.shared, &options.roster.file, options.against.as_ref())?;
    let (checker, about) = opened.completed()?.check()?;
    let only = match options.only {
        Who::Changed => Only::Changed,
        Who::All => Only::All,
    };
    let whom = Whom::named(&options.keys, &checker)?;
    let part = whom.part(options.first);
    let profile = &checker.context().roster.profile;
    let others = options.except.iter().map(|kit| kit_of(kit, profile));
    let others = others.collect::<Result<Vec<_>>>()?;
    let protected = protected_of(about.account.as_ref(), None)?;
    let kept = (protected, about.changed_there(&checker)?);
    let mut plan = if part.is_everybody() && others.is_empty() {
        super::plan::make(&checker, only, about.snapshot_age, None, kept)
    } else {
        super::plan::make_part(&checker, only, about.snapshot_age, kept, |all| {
            all.rows_of(part, |person| others.iter().any(|kit| kit.is_about(person)))
        })
    };
    about.completed.tell(&mut plan);
    let releases: BTreeMap<String, u32> = options.releases.iter().cloned().collect();
    plan.must_have_holds(releases.keys())?;
    let at = crate::clock::stamp();
    let folder = std::path::absolute(&options.out).unwrap_or_else(|_| options.out.clone());
    let wanted = kit::KitOptions {
        releases: &releases,
        note: "",
        at: &at,
        by: &account(),
        account: options.shared.account.as_deref().unwrap_or_default(),
    };
    match make_kit(&plan, &checker, &folder, &wanted) {
        Ok((made, _)) => {
            let left_out = LeftOut::of(&plan);
            let exit = Exit::found(!left_out.is_empty());
            let file = name(&options.roster.file);
            let asked = options.against.is_some();
            let account = about.account.as_ref();
            let to_do = account.map(|a| a.planned(&plan, &checker, &file, asked)).transpose()?;
            let sync_field = about.sync_field(&plan.choices);
            if page.is_json() {
                page.json(&Report {
                    folder: options.out.display().to_string(),
                    sync_field,
                    counts: plan.counts,
                    files: &made.files,
                    cannot_undo: &made.cannot_undo,
                    by_hand: &plan.by_hand,
                    left_out,
                    to_do,
                });
            } else {
                print(&options.out, &made, &left_out, page);
                if let Some(field) = sync_field.filter(|_| !about.settled.is_empty()) {
                    page.line("");
                    page.line(format!("Worked with the choice sync-field={field}."));
                }
                if let Some((account, to_do)) = account.zip(to_do.filter(|open| *open > 0)) {
                    let name = &account.record.name;
                    page.line("");
                    page.line(format!("{to_do} to do by hand: muster accounts done \"{name}\""));
                }
            }
            Ok(exit)
        }
        Err(stopped) => Exit::stopped(stopped),
    }
}

/// What another kit is about; it has to be one of the same LMS.
fn kit_of(kit: &Path, profile: &Profile) -> Result<Expectation> {
    let planned = planned_of(kit)?;
    match planned.profile == profile.id {
        true => Ok(planned),
        false => Err(Failure::state(format!("`{}` is a kit for another LMS", kit.display()))
            .why(format!(
                "its profile is `{}`, and this list is of {}",
                planned.profile,
                profile.called()
            ))
            .hint("Name with --except only kits that were made of this list.")),
    }
}

fn print(folder: &Path, made: &KitMade, left_out: &[LeftOut], page: &mut Page) {
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
    if !left_out.is_empty() {
        page.line("");
        page.line("Left out because of an error:");
        for person in left_out {
            let line = person.line.map_or(String::new(), |line| format!(", line {line}"));
            page.line(format!("  {} ({}){line}: {}", person.name, person.key, person.why));
        }
    }
}
