//! The person's own profiles: taken in, handed on, removed.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Engine;
use super::saving::Saved;
use crate::profiles::{ProfileCard, Statement};
use crate::profiles::{ProfileId, Profiles, card, is_an_id, own_profile, statements};
use muster_plan::guide;
use muster_roster::profile::Profile;
use muster_store::small_files::is_reserved;
use muster_store::{own_files, own_profiles};
use muster_table::error::{Failure, FailureKind, Result};

/// A profile file that is to be taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ImportProfile {
    /// The profile file.
    pub path: String,
    /// The person has said that the profile of this id may be replaced.
    pub replace: bool,
    /// The person has read what it softens, and takes it over.
    #[serde(default)]
    pub trust: bool,
}

/// A profile that was taken in, or that another one stands in the way of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ProfileImported {
    /// What the file says; its source is the file that now holds it, or, where nothing was taken in, the one that
    /// was chosen.
    pub profile: ProfileCard,
    /// The name of a profile of one's own that has this id. It still stands, and nothing was taken in.
    pub taken: Option<String>,
    /// What it softens, or sends elsewhere, and the person has not yet taken over: each a sentence. Where there is any,
    /// nothing was taken in.
    pub asks: Vec<String>,
    /// What it says and Muster does not heed, each a sentence.
    pub unheeded: Vec<String>,
    /// What else it says otherwise than the profile that comes with Muster, each a sentence.
    pub differs: Vec<String>,
}

/// A profile that is to be written to a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ExportProfile {
    /// The profile's id.
    pub id: String,
    /// The file that is to be written.
    pub path: String,
    /// The person has said that a file of this name may be replaced.
    pub replace: bool,
}

/// All that a profile says in words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ProfileFacts {
    /// What lists show of it.
    pub profile: ProfileCard,
    /// The day on which they were last checked, ISO.
    pub version: String,
    /// What it says of this LMS, each with its source.
    pub statements: Vec<Statement>,
    /// What is not known about this LMS, each a sentence.
    pub unknown: Vec<String>,
}

/// A day with an LMS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Guide {
    /// Markdown; its first line is its title.
    pub text: String,
}

impl Engine {
    /// All that a profile says in words, with its sources.
    pub fn profile_facts(&self, request: ProfileId) -> Result<ProfileFacts> {
        let profiles = Profiles::read(&self.profiles);
        let (profile, source) = match profiles.by_id(&request.id) {
            Some((profile, source)) => (profile.clone(), source.clone()),
            // The open list is still read through a profile whose file is gone.
            None => self
                .with_job(|job| Ok((job.chosen().profile.clone(), job.chosen().source.clone())))
                .ok()
                .filter(|(profile, _)| profile.id == request.id)
                .ok_or_else(|| no_profile(&request.id))?,
        };
        Ok(ProfileFacts {
            profile: card(&profile, &source),
            version: profile.version.clone(),
            statements: statements(&profile),
            unknown: profile.unknown.clone(),
        })
    }

    /// A day with the LMS of the open list, from its export to the proof.
    pub fn guide(&self, _: ()) -> Result<Guide> {
        let text = self.with_job(|job| Ok(guide::page(&job.chosen().profile)))?;
        Ok(Guide { text })
    }

    /// Takes a profile file into the profiles of one's own. What it softens is asked about first.
    pub fn import_profile(&self, request: ImportProfile) -> Result<ProfileImported> {
        let text = own_profiles::read_one(Path::new(&request.path))?;
        let profile = own_profile(&text, &request.path, &self.profiles)?;
        refuse_built_in(&profile.id, &request.path)?;
        let origin = profile.origin.clone();
        let told =
            |profile: ProfileCard, taken: Option<String>, asks: Vec<String>| ProfileImported {
                profile,
                taken,
                asks,
                unheeded: origin.unheeded.to_vec(),
                differs: origin.differs.to_vec(),
            };
        let needs_asking = !origin.is_trusted() || !origin.unheeded.is_empty();
        if needs_asking && !request.trust {
            // What is not heeded softens nothing, and says enough of who sent it.
            let asks = match origin.softens.is_empty() {
                true => origin.unheeded.to_vec(),
                false => origin.softens.to_vec(),
            };
            return Ok(told(card(&profile, &request.path), None, asks));
        }
        let profiles = Profiles::read(&self.profiles);
        let there = profiles.by_id(&profile.id);
        if let Some((there, _)) = there.filter(|_| !request.replace) {
            let taken = Some(there.name.clone());
            return Ok(told(card(&profile, &request.path), taken, Vec::new()));
        }
        let path = match there {
            Some((_, source)) => PathBuf::from(source),
            None => self.free_file(&profile.id),
        };
        own_profiles::write(&self.profiles, &path, &text, there.is_some())?;
        if request.trust {
            own_profiles::take_over(&self.profiles, &text)?;
        }
        let source = path.display().to_string();
        let profile = own_profile(&text, &source, &self.profiles)?;
        Ok(told(card(&profile, &source), None, Vec::new()))
    }

    /// Writes a profile to a file, to hand to a colleague.
    pub fn export_profile(&self, request: ExportProfile) -> Result<Saved> {
        let profiles = Profiles::read(&self.profiles);
        let (profile, source) =
            profiles.by_id(&request.id).ok_or_else(|| no_profile(&request.id))?;
        let text = match Profile::built_in_text(&request.id) {
            Some(text) => text.to_owned(),
            None => own_profiles::read_one(Path::new(source))?,
        };
        own_files::write(Path::new(&request.path), text.as_bytes(), request.replace)?;
        Ok(Saved { path: request.path, about: format!("The profile {}", profile.name) })
    }

    /// Removes the file of a profile of one's own. A list that is read through it is then read as recognised.
    pub fn remove_profile(&self, request: ProfileId) -> Result<()> {
        let profiles = Profiles::read(&self.profiles);
        let (_, source) = profiles.by_id(&request.id).ok_or_else(|| no_profile(&request.id))?;
        if Profile::built_in_text(&request.id).is_some() {
            return Err(Failure::state(format!("the profile `{}` comes with Muster", request.id))
                .hint("Only profiles of your own can be removed."));
        }
        own_profiles::remove(Path::new(source))
    }

    /// A file for a profile of this id. A file of that name may hold a profile that cannot be used; it stays.
    pub(super) fn free_file(&self, id: &str) -> PathBuf {
        let named = |n: usize| {
            let name = if n == 1 { format!("{id}.toml") } else { format!("{id}-{n}.toml") };
            self.profiles.join(name)
        };
        let is_free = |path: &PathBuf| own_files::stamp(path).is_err();
        (1..1000).map(named).find(is_free).unwrap_or_else(|| named(1))
    }
}

pub(super) fn no_profile(id: &str) -> Failure {
    Failure::state(format!("there is no profile `{id}`")).hint("Choose one of the list.")
}

fn refuse_built_in(id: &str, source: &str) -> Result<()> {
    let refused = |why: String, hint: &str| {
        let what = format!("the profile `{source}` cannot be taken in");
        Err(Failure::new(FailureKind::Profile, what).why(why).hint(hint))
    };
    if Profile::built_in_text(id).is_some() {
        let why = format!("`{id}` is the id of a profile that comes with Muster");
        return refused(why, "Give it an id of its own, in its first lines.");
    }
    if !is_an_id(id) {
        let why = match is_reserved(id) {
            true => format!("on Windows no file can be called `{id}`"),
            false => format!("`{id}` is no id: only small letters, digits and hyphens are"),
        };
        return refused(why, "Give it another id, in its first lines.");
    }
    Ok(())
}
