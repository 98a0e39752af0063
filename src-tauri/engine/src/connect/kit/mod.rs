//! The upload kit: a folder with the file that the LMS takes, the file that takes it back, a checklist of what to
//! click, a page to review, and a receipt.

mod checklist;
mod folder;
mod markdown;
mod receipt;
mod review;
mod rows;
mod undo;

use std::collections::BTreeMap;
use std::path::Path;

use crate::checker::Checker;
use crate::error::Outcome;
use crate::plan::{Action, Guard, PersonPlan, Plan, PlanCounts, Stopped};
use crate::profile::{Existing, FileForm, Profile};
use crate::proof::Planned;
use crate::roster::Column;
use crate::session::planning::{KitFile, KitMade};

use folder::File;
use rows::Sheet;
use undo::Undo;

/// The file of a kit that says what the LMS should hold afterwards.
pub const PLANNED: &str = "planned.json";

/// What is asked of one kit.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The folder to make. It appears whole or not at all; one that holds something already is refused.
    pub folder: &'a Path,
    /// The number typed for each hold, by the hold's id.
    pub releases: &'a BTreeMap<String, u32>,
    /// What the person wants to remember about it.
    pub note: &'a str,
    /// When it is made, ISO 8601.
    pub at: &'a str,
}

/// Everything that the pages of a kit tell.
struct Story<'a> {
    plan: &'a Plan,
    asked: &'a Asked<'a>,
    profile: &'a Profile,
    undo: &'a Undo,
    columns: &'a [Column],
    /// The upload's files, and how many people are in each.
    upload: Vec<Part>,
    back: Vec<Part>,
    released: Vec<&'a Guard>,
}

/// One of the files that a table is split into.
struct Part {
    name: String,
    people: u32,
}

impl Story<'_> {
    fn people(&self) -> u32 {
        self.upload.iter().map(|p| p.people).sum()
    }

    /// Whom the import makes, where it does nothing else.
    fn new_people(&self) -> impl Iterator<Item = &PersonPlan> {
        let only_adds = self.profile.existing == Existing::Ignored;
        let people = self.plan.people.iter().map(|p| &p.person);
        people.filter(move |p| only_adds && p.action == Action::Create)
    }

    fn counts(&self) -> &PlanCounts {
        &self.plan.counts
    }
}

/// Makes the kit of a plan, and says what the LMS should hold once it has taken the file.
///
/// Refuses a plan that is stale or that its gate does not let through, and a folder that is not empty. Then nothing is
/// written.
pub fn make(plan: &Plan, checker: &Checker, asked: &Asked) -> Result<(KitMade, Planned), Stopped> {
    plan.must_be_current(checker).map_err(Stopped::Held)?;
    plan.gate(asked.releases).pass()?;
    let profile = &*plan.profile;
    let sheet = Sheet::upload(plan, checker);
    folder::must_be_free(asked.folder)?;
    let undo = Undo::of(plan, checker);
    let back = Sheet::undo(&undo, plan, checker);
    let upload_parts = parts("upload", &profile.file, sheet.len());
    let back_parts = parts("undo", &profile.file, back.len());

    let mut files = Vec::new();
    files.extend(tables(&sheet, &upload_parts, profile, asked)?);
    files.extend(tables(&back, &back_parts, profile, asked)?);
    let tables = files.iter().map(File::sha256).collect();
    let planned = Planned::of(plan, checker, asked.at, tables);
    let story = Story {
        plan,
        asked,
        profile,
        undo: &undo,
        columns: &checker.scene().roster.columns,
        upload: upload_parts,
        back: back_parts,
        released: plan.guards.iter().filter(|g| g.held).collect(),
    };
    let checklist = checklist::write(&story);
    files.push(File::text("checklist.md", "What to click, and what to expect", &checklist));
    files.push(File::text(
        "review.html",
        "The plan as a page, to mail or to print",
        &review::write(&story),
    ));
    files.push(planned.file()?);
    let receipt = receipt::write(&story, &files)?;
    files.push(File::text("receipt.json", "What this kit is, for the record", &receipt));
    let told: Vec<KitFile> = files.iter().map(File::told).collect();
    folder::write(asked.folder, files)?;
    let made = KitMade {
        id: None,
        folder: asked.folder.to_string_lossy().into_owned(),
        files: told,
        checklist,
        cannot_undo: undo.cannot,
    };
    Ok((made, planned))
}

impl Planned {
    /// What an export of afterwards is compared with.
    fn file(&self) -> Outcome<File> {
        Ok(File {
            name: PLANNED.to_owned(),
            about: "What your LMS should hold afterwards: a fresh export is compared with it"
                .to_owned(),
            bytes: self.to_json()?,
            secret: false,
        })
    }
}

/// The file of an upload, alone.
pub struct Upload {
    pub bytes: Vec<u8>,
    pub people: u32,
}

/// The upload of a plan without a kit, for a folder that an LMS takes files from. It may hold passwords.
pub fn upload_of(plan: &Plan, checker: &Checker, at: &str) -> Outcome<Upload> {
    let sheet = Sheet::upload(plan, checker);
    let bytes = sheet.bytes(0..sheet.len(), &plan.profile.file, at)?;
    Ok(Upload { bytes, people: sheet.len() as u32 })
}

/// The files that a table of so many people makes, under the largest number that the LMS takes.
fn parts(name: &str, form: &FileForm, people: usize) -> Vec<Part> {
    let ending = if form.format == "xlsx" { "xlsx" } else { "csv" };
    let most = form.most_people as usize;
    if most == 0 || people <= most {
        return vec![Part { name: format!("{name}.{ending}"), people: people as u32 }];
    }
    (0..people.div_ceil(most))
        .map(|n| Part {
            name: format!("{name}-{}.{ending}", n + 1),
            people: (people - n * most).min(most) as u32,
        })
        .collect()
}

fn tables(sheet: &Sheet, parts: &[Part], profile: &Profile, asked: &Asked) -> Outcome<Vec<File>> {
    let mut first = 0;
    let mut files = Vec::new();
    for part in parts {
        let end = first + part.people as usize;
        let bytes = sheet.bytes(first..end, &profile.file, asked.at)?;
        let people = match part.people {
            1 => "1 person".to_owned(),
            n => format!("{n} people"),
        };
        let about = if sheet.is_undo() {
            format!("Puts back what this push changes: {people}")
        } else {
            format!("For {}: {people}", profile.called())
        };
        // Only the upload can hold passwords, which are nobody else's business.
        files.push(File { name: part.name.clone(), about, bytes, secret: !sheet.is_undo() });
        first = end;
    }
    Ok(files)
}

#[cfg(test)]
mod tests;
