//! The profiles there are: those that come with Muster, and the person's own.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::job::{ProfileCard, Statement};
use crate::error::{Failure, FailureKind, Outcome};
use crate::profile::{BUILT_IN, Profile, recognise};
use crate::store::own_profiles;

/// Every profile that can be used, with where it came from, and what is wrong with the others.
pub struct Profiles {
    pub sound: Vec<(Arc<Profile>, String)>,
    pub broken: Vec<Failure>,
}

/// A profile, where it came from, and why it is this one.
#[derive(Clone)]
pub struct Chosen {
    pub profile: Arc<Profile>,
    pub source: String,
    pub recognised: String,
}

const BUILT: &str = "built in";

impl Profiles {
    /// Reads the person's own each time: they may be writing one. A profile of theirs goes before one of the same id.
    pub fn read(folder: &Path) -> Profiles {
        let mut profiles = Profiles { sound: Vec::new(), broken: Vec::new() };
        for (path, text) in own_profiles::read(folder) {
            let source = path.display().to_string();
            match text.and_then(|text| Profile::parse(&text, &source)) {
                Ok(own) if profiles.by_id(&own.id).is_none() => {
                    profiles.sound.push((Arc::new(own), source));
                }
                Ok(own) => profiles.broken.push(
                    Failure::new(
                        FailureKind::Profile,
                        format!("the profile `{source}` cannot be used"),
                    )
                    .why(format!("another file of this folder has the id `{}` too", own.id))
                    .hint("Give each profile an id of its own."),
                ),
                Err(failure) => profiles.broken.push(failure),
            }
        }
        for profile in built_in() {
            if profiles.by_id(&profile.id).is_none() {
                profiles.sound.push((profile.clone(), BUILT.into()));
            }
        }
        profiles
    }

    pub fn by_id(&self, id: &str) -> Option<&(Arc<Profile>, String)> {
        self.sound.iter().find(|(profile, _)| profile.id == id)
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
    pub fn recognised(&self, names: &[String]) -> Outcome<Chosen> {
        let found = recognise(names, self.sound.iter().map(|(profile, _)| &**profile));
        let (id, recognised) = match found {
            Some(found) => {
                let columns = super::counted(found.of, "column", "columns");
                (&*found.profile.id, format!("{} of {columns} match.", found.known))
            }
            None => ("generic", "Its columns are those of no LMS that Muster knows.".to_owned()),
        };
        let missing = || Failure::internal(format!("the profile `{id}` is missing"));
        let (profile, source) = self.by_id(id).cloned().ok_or_else(missing)?;
        Ok(Chosen { profile, source, recognised })
    }

    pub fn cards(&self) -> Vec<ProfileCard> {
        let mut cards: Vec<ProfileCard> =
            self.sound.iter().map(|(p, from)| card(p, from)).collect();
        // Whoever is not sure looks at the end.
        cards.sort_by_key(|card| (card.id == "generic", card.name.to_lowercase()));
        cards
    }
}

fn built_in() -> &'static [Arc<Profile>] {
    static PROFILES: OnceLock<Vec<Arc<Profile>>> = OnceLock::new();
    PROFILES.get_or_init(|| {
        let sound = BUILT_IN.iter().filter_map(|(id, text)| Profile::parse(text, id).ok());
        sound.map(Arc::new).collect()
    })
}

pub(super) fn card(profile: &Profile, source: &str) -> ProfileCard {
    ProfileCard {
        id: profile.id.clone(),
        name: profile.name.clone(),
        summary: profile.summary.clone(),
        provisional: profile.provisional.clone(),
        source: source.to_owned(),
    }
}

pub(super) fn statements(profile: &Profile) -> Vec<Statement> {
    let statement = |s: &crate::profile::StatementText| Statement {
        topic: s.topic.clone(),
        says: s.says.clone(),
        source: s.source.clone(),
    };
    profile.statements.iter().map(statement).collect()
}
