//! The person's own profiles: TOML files in the configuration folder.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Failure, FailureKind, Outcome};

/// The texts of the profile files of a folder, by name. A folder that is not there has none.
pub fn read(folder: &Path) -> Vec<(PathBuf, Outcome<String>)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml")))
        .collect();
    paths.sort();
    let text = |path: &PathBuf| {
        let what = || format!("the profile `{}` cannot be used", path.display());
        fs::read(path).map_err(|e| Failure::file(what(), &e)).and_then(|bytes| {
            String::from_utf8(bytes).map_err(|_| {
                Failure::new(FailureKind::Profile, what())
                    .why("it is not text in UTF-8")
                    .hint("Save it as UTF-8, or remove it from the profiles folder.")
            })
        })
    };
    paths.into_iter().map(|path| (path.clone(), text(&path))).collect()
}
