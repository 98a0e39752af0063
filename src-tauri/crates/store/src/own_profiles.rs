//! The person's own profiles: TOML files in the configuration folder.

use std::fs;
use std::path::{Path, PathBuf};

use super::own_files;
use muster_roster::profile::schema;
use muster_rules::rules::names;
use muster_table::error::{Failure, FailureKind, Result};

/// The texts of the profile files of a folder, by name. A folder that is not there has none.
pub fn read(folder: &Path) -> Vec<(PathBuf, Result<String>)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml")))
        .collect();
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), read_one(&path))).collect()
}

/// The text of one profile file.
pub fn read_one(path: &Path) -> Result<String> {
    let what = || format!("the profile `{}` cannot be used", path.display());
    fs::read(path).map_err(|e| Failure::file(what(), &e)).and_then(|bytes| {
        String::from_utf8(bytes).map_err(|_| {
            Failure::new(FailureKind::Profile, what())
                .why("it is not text in UTF-8")
                .hint("Save it as UTF-8, or remove it from the profiles folder.")
        })
    })
}

/// Writes a profile file into the folder, which is made if need be, and the schema beside it.
pub fn write(folder: &Path, path: &Path, text: &str, replace: bool) -> Result<()> {
    fs::create_dir_all(folder).map_err(|e| {
        Failure::file(format!("the profiles folder `{}` could not be made", folder.display()), &e)
    })?;
    own_files::write(path, text.as_bytes(), replace)?;
    own_files::write(&folder.join(schema::FILE), schema::text(&names()).as_bytes(), true)
}

/// Deletes a profile file. Fails with `File` where it is not there or may not be removed.
pub fn remove(path: &Path) -> Result<()> {
    fs::remove_file(path)
        .map_err(|e| Failure::file(format!("`{}` could not be removed", path.display()), &e))
}
