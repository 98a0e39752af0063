//! The upload kit: a folder with the file that the LMS takes, the file that takes it back, a checklist of what to
//! click, a page to review, and a receipt.

mod checklist;
mod file;
mod markdown;
mod page;
mod receipt;
mod review;
mod rows;
mod undo;

use std::collections::BTreeMap;

use crate::plan::{Action, Guard, PersonPlan, Plan, PlanCounts, Stopped};
use crate::verify::Expectation;
use muster_roster::profile::{Existing, FileForm, Profile};
use muster_roster::roster::Column;
use muster_rules::checker::Checker;
use muster_table::error::Result;
use muster_table::narrow;
use muster_table::words::people;
use serde::{Deserialize, Serialize};

pub use file::File;
use rows::Sheet;
use undo::Undo;
pub use undo::of_new_people as undo_of_new_people;

/// The file of a kit that says what the LMS should hold afterwards.
pub const PLANNED: &str = "planned.json";

/// The page of a kit that leads through the upload.
pub const CHECKLIST: &str = "checklist.html";

/// What the file that takes a kit back is called, before its ending.
const UNDO: &str = "undo";

/// A kit that is in its folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct KitMade {
    /// What a fresh export is proved with; none for one that no list knows of.
    pub id: Option<u32>,
    /// The folder's path.
    pub folder: String,
    /// What lies in it, in the order in which the files were made.
    pub files: Vec<KitFile>,
    /// The checklist, as Markdown.
    pub checklist: String,
    /// What the undo file cannot take back, by name.
    pub cannot_undo: Vec<String>,
}

/// What is told of a file of a kit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct KitFile {
    /// Its name in the folder, `upload.csv`.
    pub name: String,
    /// "For EdApp: 12 people".
    pub about: String,
    /// How long it is; 4 GiB and more are all told as 4,294,967,295.
    pub bytes: u32,
    /// Of its bytes, in hexadecimal digits.
    pub sha256: String,
}

/// What is asked of one kit.
#[derive(Debug, Clone, Copy)]
pub struct KitOptions<'a> {
    /// The number typed for each hold, by the hold's id.
    pub releases: &'a BTreeMap<String, u32>,
    /// What the person wants to remember about it.
    pub note: &'a str,
    /// When it is made, ISO 8601.
    pub at: &'a str,
    /// Who makes it: the account on this computer.
    pub by: &'a str,
    /// Which account the list is of: two of one LMS are told apart by it. Blank where it is of none.
    pub account: &'a str,
}

/// A kit before it is on the disk.
pub struct Kit {
    /// What is to be written into a folder: the upload first, then what takes it back, checklist, page, `planned.json`
    /// and receipt.
    pub files: Vec<File>,
    /// The checklist, as Markdown.
    pub checklist: String,
    /// What the undo file cannot take back, by name.
    pub cannot_undo: Vec<String>,
    /// What the LMS should hold once it has taken the file.
    pub planned: Expectation,
}

impl Kit {
    /// What is told of it once its files are in a folder.
    pub fn made(self, folder: String) -> (KitMade, Expectation) {
        let files = self.files.iter().map(File::card).collect();
        let Kit { checklist, cannot_undo, planned, .. } = self;
        (KitMade { id: None, folder, files, checklist, cannot_undo }, planned)
    }
}

/// Everything that the pages of a kit tell.
struct Story<'a> {
    plan: &'a Plan,
    options: &'a KitOptions<'a>,
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

/// Makes the kit of a plan.
///
/// Refuses a plan that is stale or that its gate does not let through, and writes nothing anywhere.
///
/// ```
/// use muster_plan::kit;
/// use muster_plan::plan::{self, PlanOptions};
/// use muster_roster::profile::Choices;
/// use muster_roster::profile::connector::KIT;
/// # use std::collections::BTreeMap;
/// # use std::sync::Arc;
/// # use muster_roster::lists::Lists;
/// # use muster_roster::profile::Profile;
/// # use muster_roster::roster::Roster;
/// # use muster_rules::checker::Checker;
/// # use muster_rules::rules::CheckContext;
/// # use muster_table::table::Table;
/// # fn main() -> muster_table::error::Result<()> {
/// # let profile = Arc::new(Profile::built_in("generic").expect("it comes with Muster"));
/// # let read = |text| Table::from_text(text).map(|table| Roster::read(table, profile.clone()));
/// # let had = read("employee_id,name\n1,Ada\n2,Bo\n")?;
/// # let has = read("employee_id,name\n1,Ada L.\n2,Bo\n3,Li\n")?;
/// # let checker = Checker::new(CheckContext::new(has, Some(had), Lists::new()), &|_| true)?;
///
/// let options = PlanOptions { choices: Choices::defaults(&profile), ..PlanOptions::default() };
/// let plan = plan::make(&checker, &KIT, &options);
/// let releases = plan.guards.iter().map(|guard| (guard.id.clone(), guard.actual)).collect();
/// let options = kit::KitOptions { releases: &releases, note: "", at: "2026-11-03T08:00:00Z", by: "ana", account: "" };
/// let kit = kit::make(&plan, &checker, &options)?;
/// let upload = kit.files.iter().find(|file| file.name == "upload.csv").expect("it comes first");
/// assert_eq!(upload.bytes, b"employee_id,name\r\n1,Ada L.\r\n3,Li\r\n");
/// # Ok(())
/// # }
/// ```
pub fn make(plan: &Plan, checker: &Checker, options: &KitOptions) -> Result<Kit, Stopped> {
    plan.must_be_current(checker).map_err(Stopped::Held)?;
    plan.gate(options.releases).pass()?;
    let profile = &*plan.profile;
    let sheet = Sheet::upload(plan, checker);
    let undo = Undo::of(plan, checker);
    let back = Sheet::undo(&undo, plan, checker);
    let upload_parts = parts("upload", &profile.file, sheet.len());
    let back_parts = parts(UNDO, &profile.file, back.len());

    let mut files = Vec::new();
    files.extend(tables(&sheet, &upload_parts, profile, options)?);
    files.extend(tables(&back, &back_parts, profile, options)?);
    let tables = files.iter().map(File::sha256).collect();
    let planned = Expectation::of(plan, checker, options.at, tables);
    let story = Story {
        plan,
        options,
        profile,
        undo: &undo,
        columns: &checker.context().roster.columns,
        upload: upload_parts,
        back: back_parts,
        released: plan.guards.iter().filter(|g| g.held).collect(),
    };
    let steps = checklist::write(&story);
    let checklist = steps.markdown();
    files.push(File::text(
        CHECKLIST,
        "What to click, and what to expect: open it, or print it",
        &steps.html()?,
    ));
    files.push(File::text("checklist.md", "The same as plain text", &checklist));
    files.push(File::text(
        "review.html",
        "The plan as a page, to mail or to print",
        &review::write(&story)?,
    ));
    files.push(planned.file()?);
    let receipt = receipt::write(&story, &files)?;
    files.push(File::text("receipt.json", "What this kit is, for the record", &receipt));
    Ok(Kit { files, checklist, cannot_undo: undo.cannot, planned })
}

impl Expectation {
    /// What an export of afterwards is compared with.
    fn file(&self) -> Result<File> {
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
    /// In the form that the LMS takes.
    pub bytes: Vec<u8>,
    /// How many people have a row in it.
    pub people: u32,
}

/// The upload of a plan without a kit, for a folder that an LMS takes files from. It may hold passwords.
pub fn upload_of(plan: &Plan, checker: &Checker, at: &str) -> Result<Upload> {
    let sheet = Sheet::upload(plan, checker);
    let (bytes, _) = sheet.file(0..sheet.len(), &plan.profile.file, at)?;
    Ok(Upload { bytes, people: narrow::count(sheet.len()) })
}

/// The files that a table of so many people makes, under the largest number that the LMS takes.
fn parts(name: &str, form: &FileForm, people: usize) -> Vec<Part> {
    let ending = form.ending();
    let most = form.most_in_one() as usize;
    // A file that takes nothing back would only be uploaded by mistake.
    if people == 0 && name == UNDO {
        return Vec::new();
    }
    if most == 0 || people <= most {
        return vec![Part { name: format!("{name}.{ending}"), people: narrow::count(people) }];
    }
    (0..people.div_ceil(most))
        .map(|n| Part {
            name: format!("{name}-{}.{ending}", n + 1),
            people: narrow::count((people - n * most).min(most)),
        })
        .collect()
}

fn tables(
    sheet: &Sheet,
    parts: &[Part],
    profile: &Profile,
    options: &KitOptions,
) -> Result<Vec<File>> {
    let mut first = 0;
    let mut files = Vec::new();
    for part in parts {
        let end = first + part.people as usize;
        let (bytes, how) = sheet.file(first..end, &profile.file, options.at)?;
        let people = people(part.people as usize);
        let about = if sheet.is_undo() {
            format!("Puts back what this push changes: {people}{how}")
        } else {
            format!("For {}: {people}{how}", profile.called())
        };
        // Only the upload can hold passwords, which are nobody else's business.
        files.push(File { name: part.name.clone(), about, bytes, secret: !sheet.is_undo() });
        first = end;
    }
    Ok(files)
}

#[cfg(test)]
mod tests;
