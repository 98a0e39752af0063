//! The person's recipes: TOML files in the data folder.

use std::fs;
use std::path::{Path, PathBuf};

use super::own_files;
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
    let (bytes, _) = own_files::read(path)?;
    String::from_utf8(bytes).map_err(|_| {
        Failure::new(FailureKind::Format, format!("the recipe `{}` cannot be used", path.display()))
            .why("it is not text in UTF-8")
    })
}

/// Keeps a recipe under a name of letters and digits; one of the same name gives way only if that is said.
pub fn write(home: &Path, name: &str, text: &str, replace: bool) -> Result<PathBuf> {
    let folder = home.join(FOLDER);
    fs::create_dir_all(&folder)
        .map_err(|e| Failure::file(format!("`{}` could not be made", folder.display()), &e))?;
    let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
    let name: String = name.trim().to_lowercase().chars().map(plain).collect();
    let path = folder.join(format!("{}.toml", name.trim_matches('-')));
    own_files::write(&path, text.as_bytes(), replace)?;
    Ok(path)
}
