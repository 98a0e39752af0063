//! The person's recipes: TOML files in the data folder.

use std::fs;
use std::path::{Path, PathBuf};

use super::{own_files, small_files};
use muster_rules::recipe::MOST_BYTES;
use muster_table::error::{Failure, FailureKind, Result};

const FOLDER: &str = "recipes";

/// The recipe files there are, by name.
pub fn files(home: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(home.join(FOLDER)) else { return Vec::new() };
    let paths = entries.flatten().map(|entry| entry.path());
    let mut paths: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|ending| ending == "toml")).collect();
    paths.sort();
    paths
}

/// The text of a recipe's file, wherever it lies.
pub fn read(path: &Path) -> Result<String> {
    let what = format!("the recipe `{}` cannot be used", path.display());
    small_files::text(path, MOST_BYTES, FailureKind::Format, &what)
}

/// Keeps a recipe under a name of letters and digits; one of the same name gives way only if that is said.
pub fn write(home: &Path, name: &str, text: &str, replace: bool) -> Result<PathBuf> {
    let folder = home.join(FOLDER);
    fs::create_dir_all(&folder)
        .map_err(|e| Failure::file(format!("`{}` could not be made", folder.display()), &e))?;
    let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
    const LONGEST: usize = 60;
    let name: String = name.trim().to_lowercase().chars().map(plain).take(LONGEST).collect();
    let mut name = name.trim_matches('-').to_owned();
    if small_files::is_reserved(&name) {
        name.insert_str(0, "recipe-");
    }
    let path = folder.join(format!("{name}.toml"));
    own_files::write(&path, text.as_bytes(), replace)?;
    Ok(path)
}
