//! What lies on this computer, by its name: files as they are called, and the profiles.

use std::path::Path;

use muster_engine::error::Result;
use muster_engine::profiles::Profiles;
use muster_engine::store;

/// All profiles; those of the person's own that have a mistake are told of on standard error.
pub fn profiles() -> Result<Profiles> {
    Ok(Profiles::read(&store::profile_folder()?))
}

/// A file without its folder.
pub fn name(file: &Path) -> String {
    file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned()
}
