//! Empty files of an LMS's form.

use std::path::Path;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::profiles::Profiles;
use super::saving::{Form, absolute};
use super::{Engine, counted};
use crate::api::Saved;
use crate::error::{Failure, Outcome};
use crate::rules::Lists;
use crate::store::own_files;
use crate::template::Template;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct MakeTemplate {
    /// The id of the profile whose form it has.
    pub profile: String,
    /// Its ending decides between text and workbook; another ending is written as the LMS takes it.
    pub path: String,
    /// The person has said that a file of this name may be replaced.
    pub replace: bool,
}

impl Engine {
    /// Writes an empty file of an LMS's form. Its drop-downs have the lists of the open job, if that is of this LMS.
    pub fn make_template(&self, asked: MakeTemplate) -> Outcome<Saved> {
        let profiles = Profiles::read(&self.profiles);
        let (profile, _) = profiles.by_id(&asked.profile).ok_or_else(|| {
            Failure::state(format!("there is no profile `{}`", asked.profile))
                .hint("Choose one of the list.")
        })?;
        let lists = match &*self.place() {
            Some(job) if job.chosen.profile.id == profile.id => job.checker.scene().lists.clone(),
            _ => Lists::new(),
        };
        let template = Template::of(profile, &lists)?;
        let path = absolute(&asked.path);
        let (bytes, form) = match form_of(&path, profile.file.is_workbook())? {
            Form::Xlsx => (template.workbook(self.making().made_at)?, "Excel workbook"),
            Form::Csv => (template.csv()?, "CSV"),
        };
        own_files::write(&path, &bytes, asked.replace)?;
        let columns = counted(template.columns().len(), "column", "columns");
        let about = format!("{columns} for {}, {form}", profile.called());
        Ok(Saved { path: path.to_string_lossy().into_owned(), about })
    }
}

fn form_of(path: &Path, as_the_lms_takes_it: bool) -> Outcome<Form> {
    let says = path.extension().is_some_and(|ending| {
        ["csv", "txt", "tsv"].iter().any(|text| ending.eq_ignore_ascii_case(text))
    });
    match Form::of(path)? {
        Form::Csv if !says && as_the_lms_takes_it => Ok(Form::Xlsx),
        form => Ok(form),
    }
}
