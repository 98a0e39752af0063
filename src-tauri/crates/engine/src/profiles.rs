//! The profiles there are: those that come with Muster, and the person's own.

use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use muster_plan::trust;
use muster_roster::profile::connector::Connector;
use muster_roster::profile::{BUILT_IN, Profile, Recognised, candidates, header_form};
use muster_rules::rules::is_rule;
use muster_store::own_profiles;
use muster_store::small_files::is_reserved;
use muster_table::error::{Failure, FailureKind, Result};

/// Names a profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ProfileId {
    /// `edapp`, or what the person's own file gives as its id.
    pub id: String,
}

/// A profile, as lists and panes show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ProfileCard {
    /// By which requests name it: `edapp`.
    pub id: String,
    /// "EdApp (SC Training)".
    pub name: String,
    /// One sentence for the list to choose from.
    pub summary: String,
    /// Set where the header is not confirmed by the vendor.
    pub provisional: Option<String>,
    /// Where it came from: built in, or the file in the configuration folder.
    pub source: String,
    /// Whether it is a file of the person's own.
    pub own: bool,
    /// The name of the profile that it differs from, if it only differs.
    pub based_on: Option<String>,
    /// What one of the person's own softens, or sends elsewhere, than the one that comes with Muster: each a sentence.
    pub softens: Vec<String>,
    /// The person has read that and taken it over.
    pub taken_over: bool,
}

/// What the profile states in words: what identifies a person, what a blank does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Statement {
    /// "What identifies a person".
    pub topic: String,
    /// What holds there, as a sentence or a few.
    pub says: String,
    /// The article behind it, or why there is none.
    pub source: String,
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
    /// Other profiles that fit as well, so that somebody has to say which it is.
    pub rivals: Vec<ProfileFit>,
    /// Whether it is a guess that nobody has confirmed: only some is there of what tells files of this LMS apart.
    pub is_guess: bool,
}

/// One of several profiles that fit a list equally well.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ProfileFit {
    /// By which requests name it.
    pub id: String,
    /// "EdApp (SC Training)".
    pub name: String,
}

impl Chosen {
    /// That no other fits as well: which it is decides who is who, and what is done to them.
    pub fn must_be_certain(&self) -> Result<()> {
        if self.rivals.is_empty() {
            return Ok(());
        }
        let ids: Vec<String> = self.fits().iter().map(|fit| format!("`{}`", fit.id)).collect();
        Err(Failure::new(
            FailureKind::Profile,
            format!("the list may be of {}", muster_table::words::listed(&ids)),
        )
        .why("they fit its columns equally well")
        .hint("Say which it is."))
    }

    /// Whether nobody has to be asked which it is.
    pub fn is_settled(&self) -> bool {
        self.rivals.is_empty() && !self.is_guess
    }

    /// All that fit, this one first; empty where no other does.
    pub fn fits(&self) -> Vec<ProfileFit> {
        if self.rivals.is_empty() {
            return Vec::new();
        }
        std::iter::once(ProfileFit::of(&self.profile)).chain(self.rivals.iter().cloned()).collect()
    }
}

impl ProfileFit {
    fn of(profile: &Profile) -> ProfileFit {
        ProfileFit { id: profile.id.clone(), name: profile.name.clone() }
    }
}

const BUILT: &str = "built in";

impl Profiles {
    /// Reads the person's own each time: they may be writing one. No file takes the place of a profile that comes with
    /// Muster, nor goes before one that fits a header as well.
    pub fn read(folder: &Path) -> Profiles {
        let built_in = built_in().iter().map(|profile| (profile.clone(), BUILT.into()));
        let mut profiles = Profiles { valid: built_in.collect(), broken: Vec::new() };
        for (path, text) in own_profiles::read(folder) {
            let source = path.display().to_string();
            match text.and_then(|text| own_profile(&text, &source, folder)) {
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

    /// Whether one of them has noted an address.
    pub fn names_address(&self, url: &str) -> bool {
        self.valid.iter().any(|(profile, _)| profile.names_address(url))
    }

    /// The profile of a file, wherever it lies. What somebody has taken over stands in the folder of their own.
    pub fn of_file(path: &Path, folder: &Path) -> Result<Chosen> {
        let source = path.display().to_string();
        let profile = own_profile(&own_profiles::read_one(path)?, &source, folder)?;
        let recognised = "You chose it.".into();
        let profile = Arc::new(profile);
        Ok(Chosen { profile, source, recognised, rivals: Vec::new(), is_guess: false })
    }

    /// The profile that somebody chose for a file with this header; none if there is no such profile.
    pub fn chosen(&self, id: &str, names: &[String]) -> Option<Chosen> {
        let (profile, source) = self.by_id(id)?.clone();
        match self.recognised(names) {
            Ok(own) if own.profile.id == id && own.rivals.is_empty() && !own.is_guess => Some(own),
            _ => Some(Chosen {
                profile,
                source,
                recognised: "You chose it.".into(),
                rivals: Vec::new(),
                is_guess: false,
            }),
        }
    }

    /// The profile that a header belongs to; without one, the profile that knows nothing. Where several fit equally well,
    /// one that comes with Muster goes before those of the person's own; of two of one kind the others are its `rivals`.
    /// One that softens what is looked for, and that nobody has taken over, is only read by where somebody chooses it.
    pub fn recognised(&self, names: &[String]) -> Result<Chosen> {
        let profiles = self.valid.iter().map(|(profile, _)| &**profile);
        let mut found = candidates(names, profiles.filter(|profile| profile.origin.is_trusted()));
        let mut passed_over = Vec::new();
        if found.iter().any(|found| !found.profile.origin.own) {
            let own = found.iter().filter(|found| found.profile.origin.own);
            passed_over = own.map(|found| format!("`{}`", found.profile.name)).collect();
            found.retain(|found| !found.profile.origin.own);
        }
        let (id, recognised) = match found.as_slice() {
            [only] if !passed_over.is_empty() => {
                let own = muster_table::words::listed(&passed_over);
                let fits = if passed_over.len() == 1 { "fits" } else { "fit" };
                let reason = reason(only, names);
                (&*only.profile.id, format!("{reason} Your own {own} {fits} as well."))
            }
            [only] => (&*only.profile.id, reason(only, names)),
            [first, ..] => {
                let names: Vec<String> = found.iter().map(|f| f.profile.name.clone()).collect();
                let names = muster_table::words::listed(&names);
                (&*first.profile.id, format!("{names} fit its columns equally well: choose one."))
            }
            [] => ("generic", "Its columns are those of no LMS that Muster knows.".to_owned()),
        };
        let missing = || Failure::internal(format!("the profile `{id}` is missing"));
        let (profile, source) = self.by_id(id).cloned().ok_or_else(missing)?;
        let rivals = found.iter().skip(1).map(|f| ProfileFit::of(f.profile)).collect();
        let is_guess = matches!(found.as_slice(), [only] if !only.sure);
        Ok(Chosen { profile, source, recognised, rivals, is_guess })
    }

    /// The profile that a header certainly belongs to; none where it is of no LMS that is known, or may be of several.
    pub fn certain(&self, names: &[String]) -> Result<Option<Arc<Profile>>> {
        let found = self.recognised(names)?;
        let is_certain =
            found.rivals.is_empty() && !found.is_guess && !found.profile.fields.is_empty();
        Ok(is_certain.then_some(found.profile))
    }

    /// The same for a file that stands beside what the LMS has: where its own columns leave that open, those of the
    /// snapshot decide.
    pub fn recognised_beside(&self, names: &[String], older: Option<&[String]>) -> Result<Chosen> {
        let own = self.recognised(names)?;
        let is_open = own.profile.fields.is_empty() || !own.rivals.is_empty() || own.is_guess;
        let Some(older) = older.filter(|_| is_open) else { return Ok(own) };
        let of_older = self.recognised(older)?;
        let may_be = own.profile.fields.is_empty()
            || (own.is_guess && candidates(names, [&*of_older.profile]).len() == 1)
            || own.profile.id == of_older.profile.id
            || own.rivals.iter().any(|fit| fit.id == of_older.profile.id);
        if of_older.profile.fields.is_empty() || !of_older.rivals.is_empty() || !may_be {
            return Ok(own);
        }
        let recognised = "What the LMS has is of it; the file's own columns do not say.".to_owned();
        Ok(Chosen { recognised, is_guess: false, ..of_older })
    }

    /// The ids of those whose LMS can be reached by a connector.
    pub fn reached_by(&self, connector: &Connector) -> Vec<String> {
        let reached = |p: &&(Arc<Profile>, String)| !p.0.names_at(connector.id).is_empty();
        self.valid.iter().filter(reached).map(|(profile, _)| profile.id.clone()).collect()
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
    !id.is_empty() && id.len() <= 60 && id.chars().all(letters) && !is_reserved(id)
}

/// A profile of somebody's own, with what there is to tell of it. `folder` has what was taken over.
pub(crate) fn own_profile(text: &str, source: &str, folder: &Path) -> Result<Profile> {
    let profile = Profile::parse(text, source, is_rule)?;
    Ok(trust::looked_at(profile, own_profiles::is_taken_over(folder, text)))
}

/// An id made of a title: "Job title" gives `job-title`.
pub(crate) fn id_of(title: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() { c } else { ' ' };
    let words = title.to_lowercase().chars().map(plain).collect::<String>();
    words.split_whitespace().collect::<Vec<_>>().join("-")
}

/// "8 of 9 columns match."; where that is the smaller part, which they are.
fn reason(found: &Recognised, names: &[String]) -> String {
    let columns = muster_table::words::counted(found.of, "column", "columns");
    if !found.sure {
        let lms = found.profile.called();
        return format!(
            "{} of {columns} match, but not all that tells a list of {lms} from another is there: it is a guess.",
            found.known
        );
    }
    if found.known * 2 > found.of {
        return format!("{} of {columns} match.", found.known);
    }
    let is_own = |name: &&String| {
        let form = header_form(name);
        found.profile.fields.iter().any(|field| field.is_headed(&form))
    };
    let own: Vec<String> = names.iter().filter(is_own).map(|name| format!("`{name}`")).collect();
    let own = muster_table::words::listed(&own);
    format!("{} of {columns} match: {own}.", found.known)
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

pub(crate) fn built_in() -> &'static [Arc<Profile>] {
    static PROFILES: OnceLock<Vec<Arc<Profile>>> = OnceLock::new();
    PROFILES.get_or_init(|| {
        let valid = BUILT_IN.iter().filter_map(|(id, text)| Profile::parse(text, id, is_rule).ok());
        valid.map(Arc::new).collect()
    })
}

pub(crate) fn card(profile: &Profile, source: &str) -> ProfileCard {
    ProfileCard {
        id: profile.id.clone(),
        name: profile.name.clone(),
        summary: profile.summary.clone(),
        provisional: profile.provisional.clone(),
        source: source.to_owned(),
        own: profile.origin.own,
        based_on: profile.based_on.as_deref().and_then(Profile::built_in).map(|base| base.name),
        softens: profile.origin.softens.to_vec(),
        taken_over: profile.origin.accepted,
    }
}

pub(crate) fn statements(profile: &Profile) -> Vec<Statement> {
    let statement = |s: &muster_roster::profile::StatementText| Statement {
        topic: s.topic.clone(),
        says: s.says.clone(),
        source: s.source.clone(),
    };
    profile.statements.iter().map(statement).collect()
}
