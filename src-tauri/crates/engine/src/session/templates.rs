//! Empty files of an LMS's form, and what its own template says.

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Engine;
use super::job::JobView;
use super::open_job::OpenJob;
use super::opening::file_name;
use super::saving::{Saved, absolute};
use crate::profiles::{Chosen, Profiles};
use muster_plan::worksheet::Sources;
use muster_roster::lists::Lists;
use muster_roster::profile::VendorTemplate;
use muster_roster::template::Template;
use muster_store::own_files;
use muster_table::error::{Failure, Result};
use muster_table::narrow::count as number;
use muster_table::words::{counted, day};

/// An empty file of an LMS's form that is to be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct MakeTemplate {
    /// The id of the profile whose form it has.
    pub profile: String,
    /// Its ending decides between text and workbook; without one, it is what the LMS takes.
    pub path: String,
    /// The person has said that a file of this name may be replaced.
    pub replace: bool,
}

/// The vendor's own template, as it was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct TemplateCard {
    /// The name of the file.
    pub file: String,
    /// When it was looked at, ISO 8601.
    pub at: String,
    /// How many headers it has.
    pub columns: u32,
    /// How many of its columns have a list of values.
    pub lists: u32,
    /// What could not be learnt, each a sentence.
    pub remarks: Vec<String>,
}

/// The vendor's own template that is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct LearnTemplate {
    /// The template that the LMS offers; none to forget the one that was looked at.
    pub path: Option<String>,
}

impl Engine {
    /// The profiles, those of whose LMS a template was looked at as that has them.
    pub(super) fn known_profiles(&self) -> Result<Profiles> {
        Ok(self.profiles_with(self.store(|store| store.templates())?))
    }

    fn profiles_with(&self, templates: Vec<(String, VendorTemplate)>) -> Profiles {
        let mut profiles = Profiles::read(&self.profiles);
        for (id, template) in templates {
            profiles.learn(&id, template);
        }
        profiles
    }

    /// Takes headers and lists from the template that the LMS itself offers, for this and all later lists of it.
    pub fn learn_template(&self, request: LearnTemplate) -> Result<JobView> {
        self.rebuild(|job, working| {
            let id = job.chosen().profile.id.clone();
            let template = match &request.path {
                None => None,
                Some(path) => {
                    let path = Path::new(path);
                    let name = file_name(path);
                    let (bytes, _) = own_files::read(path)?;
                    working.step(format!("Reading `{name}`"), bytes.len());
                    Some(VendorTemplate::of(bytes, &name, &self.now(), &|done| {
                        working.report(done)
                    })?)
                }
            };
            let mut templates = self.store(|store| store.templates())?;
            templates.retain(|(of, _)| *of != id);
            if let Some(template) = &template {
                let plain = Profiles::read(&self.profiles);
                let profile = plain.by_id(&id).map(|(profile, _)| profile);
                let profile = profile.unwrap_or(&job.chosen().profile);
                profile.with_template(Arc::new(template.clone()))?;
                templates.push((id.clone(), template.clone()));
            }
            let profiles = self.profiles_with(templates);
            let recognised = job.chosen().recognised.clone();
            let chosen = match job.facts().account {
                Some(_) => {
                    let found = profiles.by_id(&id).cloned();
                    found.map(|(profile, source)| Chosen {
                        profile,
                        source,
                        recognised,
                        rivals: Vec::new(),
                        is_guess: false,
                    })
                }
                None => profiles.chosen(&id, job.table().names()),
            };
            let chosen =
                chosen.ok_or_else(|| Failure::state(format!("there is no profile `{id}`")))?;
            let profile = chosen.profile.clone();
            let keep = move |job: &mut OpenJob| {
                match job.facts().account {
                    Some(account) => {
                        self.change_account_of(job, account, |facts| facts.template = template)?;
                    }
                    None => self.store(|store| match &template {
                        None => store.forget_template(&id),
                        Some(template) => store.keep_template(&id, template),
                    })?,
                }
                let values = job.value_maps().clone();
                job.is_read_by(chosen, values);
                Ok(())
            };
            Ok((move |sources: &mut Sources| sources.profile = profile, keep))
        })
    }

    /// Writes an empty file of an LMS's form. Its drop-downs have the lists of the open job, if that is of this LMS.
    pub fn make_template(&self, request: MakeTemplate) -> Result<Saved> {
        let profiles = self.known_profiles()?;
        let (profile, _) = profiles.by_id(&request.profile).ok_or_else(|| {
            Failure::state(format!("there is no profile `{}`", request.profile))
                .hint("Choose one of the list.")
        })?;
        let lists = match self.lock_job().as_ref() {
            Some(job) if job.chosen().profile.id == profile.id => {
                job.checker().context().lists.clone()
            }
            _ => Lists::new(),
        };
        let template = Template::of(profile, &lists)?;
        let path = absolute(&request.path);
        let format = profile.file.format_of(&path)?;
        let bytes = template.written(format, self.made_at())?;
        own_files::write(&path, &bytes, request.replace)?;
        let columns = counted(template.columns().len(), "column", "columns");
        let about = format!("{columns} for {}, {}", profile.called(), format.word());
        Ok(Saved { path: path.to_string_lossy().into_owned(), about })
    }
}

impl OpenJob {
    pub(super) fn template_card(&self) -> Option<TemplateCard> {
        let template = self.chosen().profile.template.as_deref()?;
        Some(TemplateCard {
            file: template.file.clone(),
            at: template.at.clone(),
            columns: number(template.headers.len()),
            lists: number(template.lists()),
            remarks: template.remarks.clone(),
        })
    }
}

impl Profiles {
    /// The profile as the vendor's own template has it. One that no longer fits, because the profile is another by now,
    /// is passed over.
    pub fn learn(&mut self, id: &str, template: VendorTemplate) {
        let Some((profile, source)) = self.valid.iter_mut().find(|(p, _)| p.id == id) else {
            return;
        };
        let (file, at) = (template.file.clone(), day(&template.at));
        if let Ok(with) = profile.with_template(Arc::new(template)) {
            *profile = Arc::new(with);
            source.push_str(&format!(", with the template `{file}` of {at}"));
        }
    }
}
