//! The person's own profiles: TOML files in the configuration folder.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{own_files, small_files};
use muster_roster::profile::{MOST_BYTES, schema};
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
    let what = format!("the profile `{}` cannot be used", path.display());
    small_files::text(path, MOST_BYTES, FailureKind::Profile, &what)
}

/// The file of a folder that says which profiles somebody has taken over with all that they soften.
const TAKEN_OVER: &str = "taken-over.txt";

/// Whether somebody has read what a profile of this text softens, and taken it over. One letter more is another text.
pub fn is_taken_over(folder: &Path, text: &str) -> bool {
    let digest = digest(text);
    taken_over(folder).lines().any(|line| line.trim() == digest)
}

/// Keeps that somebody has.
pub fn take_over(folder: &Path, text: &str) -> Result<()> {
    if is_taken_over(folder, text) {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(|e| no_folder(folder, &e))?;
    let all = format!("{}{}\n", taken_over(folder), digest(text));
    own_files::write_private(&folder.join(TAKEN_OVER), all.as_bytes(), true)
}

fn taken_over(folder: &Path) -> String {
    const MOST: usize = 1_000_000;
    small_files::text(&folder.join(TAKEN_OVER), MOST, FailureKind::File, "").unwrap_or_default()
}

fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

fn no_folder(folder: &Path, e: &std::io::Error) -> Failure {
    Failure::file(format!("the profiles folder `{}` could not be made", folder.display()), e)
}

/// Writes a profile file into the folder, which is made if need be, and the schema beside it.
pub fn write(folder: &Path, path: &Path, text: &str, replace: bool) -> Result<()> {
    fs::create_dir_all(folder).map_err(|e| no_folder(folder, &e))?;
    own_files::write(path, text.as_bytes(), replace)?;
    own_files::write(&folder.join(schema::FILE), schema::text(&names()).as_bytes(), true)
}

/// Deletes a profile file. Fails with `File` where it is not there or may not be removed.
pub fn remove(path: &Path) -> Result<()> {
    fs::remove_file(path)
        .map_err(|e| Failure::file(format!("`{}` could not be removed", path.display()), &e))
}
