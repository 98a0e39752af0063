//! The profiles there are: those that come with Muster, and the person's own.

use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::job::{ProfileCard, Statement};
use muster_roster::profile::{BUILT_IN, Profile, recognise};
use muster_rules::rules::is_rule;
use muster_store::own_profiles;
use muster_table::error::{Failure, FailureKind, Result};

/// Names a profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ProfileId {
    /// `edapp`, or what the person's own file gives as its id.
    pub id: String,
}

/// Every profile that can be used, with where it came from, and what is wrong with the others.
#[derive(Clone)]
pub struct Profiles {
    /// Those that can be used, each with "built in" or its file.
    pub valid: Vec<(Arc<Profile>, String)>,
    /// Why each of the other files cannot be used.
    pub broken: Vec<Failure>,
}

/// A profile, where it came from, and why it is this one.
#[derive(Clone)]
pub struct Chosen {
    /// What it says.
    pub profile: Arc<Profile>,
    /// "built in", or its file.
    pub source: String,
    /// "8 of 9 columns match.", or "You chose it."
    pub recognised: String,
}

const BUILT: &str = "built in";

impl Profiles {
    /// Reads the person's own each time: they may be writing one. No file takes the place of a profile that comes with
    /// Muster; where both fit a header as well, the person's own is taken.
    pub fn read(folder: &Path) -> Profiles {
        let built_in = built_in().iter().map(|profile| (profile.clone(), BUILT.into()));
        let mut profiles = Profiles { valid: built_in.collect(), broken: Vec::new() };
        for (path, text) in own_profiles::read(folder) {
            let source = path.display().to_string();
            match text.and_then(|text| Profile::parse(&text, &source, is_rule)) {
                Ok(own) if profiles.by_id(&own.id).is_none() => {
                    profiles.valid.push((Arc::new(own), source));
                }
                Ok(own) => profiles.broken.push(taken(&own.id, &source)),
                Err(failure) => profiles.broken.push(failure),
            }
        }
        profiles
    }

    /// The profile of an id, with where it came from; none if no such one can be used.
    pub fn by_id(&self, id: &str) -> Option<&(Arc<Profile>, String)> {
        self.valid.iter().find(|(profile, _)| profile.id == id)
    }

    /// The profile of a file, wherever it lies.
    pub fn of_file(path: &Path) -> Result<Chosen> {
        let source = path.display().to_string();
        let profile = Profile::parse(&own_profiles::read_one(path)?, &source, is_rule)?;
        Ok(Chosen { profile: Arc::new(profile), source, recognised: "You chose it.".into() })
    }

    /// The profile that somebody chose for a file with this header; none if there is no such profile.
    pub fn chosen(&self, id: &str, names: &[String]) -> Option<Chosen> {
        let (profile, source) = self.by_id(id)?.clone();
        match self.recognised(names) {
            Ok(recognised) if recognised.profile.id == id => Some(recognised),
            _ => Some(Chosen { profile, source, recognised: "You chose it.".into() }),
        }
    }

    /// The profile that a header belongs to; without one, the profile that knows nothing.
    pub fn recognised(&self, names: &[String]) -> Result<Chosen> {
        let found = recognise(names, self.valid.iter().map(|(profile, _)| &**profile));
        let (id, recognised) = match found {
            Some(found) => {
                let columns = muster_table::words::counted(found.of, "column", "columns");
                (&*found.profile.id, format!("{} of {columns} match.", found.known))
            }
            None => ("generic", "Its columns are those of no LMS that Muster knows.".to_owned()),
        };
        let missing = || Failure::internal(format!("the profile `{id}` is missing"));
        let (profile, source) = self.by_id(id).cloned().ok_or_else(missing)?;
        Ok(Chosen { profile, source, recognised })
    }

    /// Those that can be used, by name; the one that knows no LMS is the last.
    pub fn cards(&self) -> Vec<ProfileCard> {
        let mut cards: Vec<ProfileCard> =
            self.valid.iter().map(|(p, from)| card(p, from)).collect();
        // Whoever is not sure looks at the end.
        cards.sort_by_key(|card| (card.id == "generic", card.name.to_lowercase()));
        cards
    }
}

/// Whether it can name a file on any computer, and a profile on a command line.
pub(crate) fn is_an_id(id: &str) -> bool {
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !id.is_empty() && id.len() <= 60 && id.chars().all(letters)
}

/// An id made of a title: "Job title" gives `job-title`.
pub(super) fn id_of(title: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() { c } else { ' ' };
    let words = title.to_lowercase().chars().map(plain).collect::<String>();
    words.split_whitespace().collect::<Vec<_>>().join("-")
}

/// That a file has the id of another profile.
fn taken(id: &str, source: &str) -> Failure {
    let why = match Profile::built_in(id) {
        Some(_) => format!("`{id}` is the id of a profile that comes with Muster"),
        None => format!("another file of this folder has the id `{id}` too"),
    };
    Failure::new(FailureKind::Profile, format!("the profile `{source}` cannot be used"))
        .why(why)
        .hint("Give each profile an id of its own.")
}

fn built_in() -> &'static [Arc<Profile>] {
    static PROFILES: OnceLock<Vec<Arc<Profile>>> = OnceLock::new();
    PROFILES.get_or_init(|| {
        let valid = BUILT_IN.iter().filter_map(|(id, text)| Profile::parse(text, id, is_rule).ok());
        valid.map(Arc::new).collect()
    })
}

pub(super) fn card(profile: &Profile, source: &str) -> ProfileCard {
    ProfileCard {
        id: profile.id.clone(),
        name: profile.name.clone(),
        summary: profile.summary.clone(),
        provisional: profile.provisional.clone(),
        source: source.to_owned(),
        own: Profile::built_in_text(&profile.id).is_none(),
        based_on: profile.based_on.as_deref().and_then(Profile::built_in).map(|base| base.name),
    }
}

pub(super) fn statements(profile: &Profile) -> Vec<Statement> {
    let statement = |s: &muster_roster::profile::StatementText| Statement {
        topic: s.topic.clone(),
        says: s.says.clone(),
        source: s.source.clone(),
    };
    profile.statements.iter().map(statement).collect()
}
