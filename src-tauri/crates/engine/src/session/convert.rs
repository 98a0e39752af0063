//! Moving to another LMS: what differs there, and the roster in its form.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Engine;
use super::saving::Saved;
use crate::profiles::{ProfileId, Profiles};
use muster_roster::profile::Profile;
use muster_rules::convert::{Conversion, Converted};
use muster_store::own_files::{self, Readers};
use muster_table::error::{Failure, Result};
use muster_table::words::people;

/// The file in which the roster is put into another LMS's form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Convert {
    /// The other LMS's profile.
    pub profile: String,
    /// The file that is to be written. Its ending decides between text and workbook; without one, it is what the other LMS
    /// takes.
    pub path: String,
    /// The person has said that a file of this name may be replaced.
    pub replace: bool,
}

impl Engine {
    /// What differs in another LMS, and what would become of each column there.
    pub fn moving(&self, request: ProfileId) -> Result<Conversion> {
        let to = self.profile_named(&request.id)?;
        self.with_job(|job| Ok(Converted::of(job.roster(), &to).conversion))
    }

    /// Writes the roster in another LMS's form.
    pub fn convert(&self, request: Convert) -> Result<Saved> {
        let to = self.profile_named(&request.profile)?;
        self.with_job(|job| {
            let path =
                std::path::absolute(&request.path).unwrap_or_else(|_| PathBuf::from(&request.path));
            let format = to.file.format_of(&path)?;
            job.spare_the_original(&path, request.replace)?;
            let converted = Converted::of(job.roster(), &to);
            let bytes = converted.bytes(format, self.made_at())?;
            let readers = Readers::of(job.roster().has_secrets());
            own_files::write_for(&path, &bytes, request.replace, readers)?;
            let people = people(converted.people());
            let about = format!("{people} for {}, {}", to.called(), format.word());
            Ok(Saved { path: path.to_string_lossy().into_owned(), about })
        })
    }

    fn profile_named(&self, id: &str) -> Result<std::sync::Arc<Profile>> {
        let found = Profiles::read(&self.profiles).by_id(id).map(|(profile, _)| profile.clone());
        found.ok_or_else(|| {
            Failure::state(format!("there is no profile `{id}`")).hint("Choose one of the list.")
        })
    }
}
