//! An upload kit as a folder: it appears whole or not at all.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::folder;
use muster_plan::kit::File;
use muster_table::error::{Failure, FailureKind, Result};

fn shown(folder: &Path) -> String {
    format!("the folder `{}` could not be made", folder.display())
}

/// The folder does not exist yet or is empty, and the one it is to lie in exists.
fn must_be_free(folder: &Path) -> Result<()> {
    match std::fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(Failure::new(FailureKind::File, shown(folder))
                .why("it exists already and is not empty")
                .hint("Choose another name.")),
        },
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
            let parent = parent(folder)?;
            match std::fs::metadata(&parent) {
                Ok(facts) if facts.is_dir() => Ok(()),
                Ok(_) => Err(Failure::new(FailureKind::File, shown(folder))
                    .why(format!("`{}` is a file, not a folder", parent.display()))
                    .hint("Choose a folder.")),
                Err(cause) => Err(Failure::file(shown(folder), &cause)),
            }
        }
        Err(cause) => Err(Failure::file(shown(folder), &cause)),
    }
}

/// The folder that a folder lies in.
fn parent(folder: &Path) -> Result<PathBuf> {
    if folder.file_name().is_none() {
        return Err(Failure::new(FailureKind::File, shown(folder))
            .why("this is no name of a folder")
            .hint("Choose another name."));
    }
    match folder.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => Ok(parent.to_path_buf()),
        _ => Ok(PathBuf::from(".")),
    }
}

/// Writes the files of a kit into a folder beside the one that is asked for, and gives it its name when all are on the disk.
pub fn write(folder: &Path, files: &[File]) -> Result<()> {
    let trouble = |cause: std::io::Error| Failure::file(shown(folder), &cause);
    let parent = parent(folder)?;
    sweep(&parent);
    // Nobody else looks into it while it is made.
    let begun = folder_in(&parent, 0o700).map_err(trouble)?;
    let _being_made = lock(begun.path());
    for file in files {
        write_file(begun.path(), file).map_err(trouble)?;
    }
    let open = folder_in(&parent, 0o777).and_then(|probe| std::fs::metadata(probe.path()));
    open.and_then(|about| std::fs::set_permissions(begun.path(), about.permissions()))
        .map_err(trouble)?;
    folder::sync(begun.path()).map_err(trouble)?;
    must_be_free(folder)?;
    // An empty folder of that name makes room; on some systems a folder cannot be renamed over it.
    match std::fs::remove_dir(folder) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => return Err(trouble(cause)),
        _ => {}
    }
    std::fs::rename(begun.path(), folder).map_err(trouble)?;
    // It has its name now and is no longer to be swept away.
    let _ = begun.keep();
    folder::sync(&parent).map_err(trouble)
}

/// What the name of a kit begins with that is still being made.
const BEGUN: &str = ".muster-kit-";

fn folder_in(parent: &Path, mode: u32) -> std::io::Result<tempfile::TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(BEGUN);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));
    #[cfg(not(unix))]
    let _ = mode;
    builder.tempdir_in(parent)
}

/// Says that a kit is being made here, until this is dropped or the process ends.
fn lock(folder: &Path) -> Option<std::fs::File> {
    // Windows opens no folder as a file; what is left over there is not told from what is being made.
    let open = std::fs::File::open(folder).ok()?;
    open.try_lock().ok().map(|()| open)
}

/// Removes kits that a process left behind that was ended while it made them: a password may be in one.
fn sweep(parent: &Path) {
    for entry in std::fs::read_dir(parent).into_iter().flatten().flatten() {
        let is_kit = entry.file_name().to_string_lossy().starts_with(BEGUN);
        if is_kit && entry.path().is_dir() && lock(&entry.path()).is_some() {
            // Somebody else's is theirs to remove.
            let _ = super::blobs::erase(&entry.path());
        }
    }
}

fn write_file(folder: &Path, file: &File) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if file.secret {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    let mut open = options.open(folder.join(&file.name))?;
    open.write_all(&file.bytes)?;
    open.sync_all()
}
