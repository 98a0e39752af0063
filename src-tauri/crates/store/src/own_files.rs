//! The person's own files: read, watched for change, and written only as a whole.
//!
//! `tempfile` makes the new file. atomic-write-file would keep the owner of the one that it replaces too, but that is the
//! person who sits here.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;
use std::time::UNIX_EPOCH;

use super::folder;
use muster_table::error::{Failure, FailureKind, Result};

/// A file at one moment. If it differs later, the file was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// Nanoseconds since 1970; 0 where the file system does not say.
    pub modified: i64,
}

/// Reads a file. Fails with [`FailureKind::Busy`] if it changes meanwhile.
pub fn read(path: &Path) -> Result<(Vec<u8>, Stamp)> {
    let what = format!("`{}` could not be read", name(path));
    let failed = |e: io::Error| Failure::file(&what, &e);
    let mut file = File::open(path).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    if about.is_dir() {
        return Err(failed(ErrorKind::IsADirectory.into()));
    }
    let mut bytes = Vec::new();
    let size = usize::try_from(about.len()).unwrap_or(usize::MAX);
    bytes.try_reserve_exact(size).map_err(|_| {
        Failure::new(FailureKind::File, &what)
            .why("it is larger than this computer's memory")
            .hint("Export fewer people at a time.")
    })?;
    file.read_to_end(&mut bytes).map_err(failed)?;
    let stamp = stamp_of(&file.metadata().map_err(failed)?);
    if about.is_file() && (stamp != stamp_of(&about) || stamp.size != bytes.len() as u64) {
        return Err(Failure::new(FailureKind::Busy, what)
            .why("another program changed it while it was being read")
            .hint("Wait until it has been saved, then open it again."));
    }
    Ok((bytes, stamp))
}

/// The file as it is now.
pub fn stamp(path: &Path) -> Result<Stamp> {
    fs::metadata(path)
        .map(|about| stamp_of(&about))
        .map_err(|e| Failure::file(format!("`{}` could not be looked at", name(path)), &e))
}

/// Whether two paths lead to one file, by links too.
pub fn same(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other || is_linked(&one, &other),
        _ => one == other,
    }
}

/// Whether two names are of one file on the disk.
fn is_linked(one: &Path, other: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let file = |path: &Path| fs::metadata(path).ok().map(|about| (about.dev(), about.ino()));
        file(one).is_some_and(|one| Some(one) == file(other))
    }
    #[cfg(not(unix))]
    {
        let _ = (one, other);
        false
    }
}

/// Writes a file: all of it is there afterwards, or nothing has changed. A file of that name is replaced only if
/// `replace` says so.
pub fn write(path: &Path, bytes: &[u8], replace: bool) -> Result<()> {
    let what = format!("`{}` could not be written", name(path));
    must_have_a_folder(path, &what)?;
    write_whole(path, bytes, replace, 0o666).map_err(|e| Failure::file(what, &e))
}

/// The same, for a file that only this person can read.
pub fn write_private(path: &Path, bytes: &[u8], replace: bool) -> Result<()> {
    let what = format!("`{}` could not be written", name(path));
    must_have_a_folder(path, &what)?;
    write_whole(path, bytes, replace, PRIVATE).map_err(|e| Failure::file(what, &e))
}

const PRIVATE: u32 = 0o600;

fn must_have_a_folder(path: &Path, what: &str) -> Result<()> {
    match path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
        None => Ok(()),
        Some(folder) => Err(Failure::new(FailureKind::File, what)
            .why(format!("there is no folder `{}`", folder.display()))
            .hint("Make the folder first, or choose another.")),
    }
}

fn write_whole(path: &Path, bytes: &[u8], replace: bool, mode: u32) -> io::Result<()> {
    // A link stays a link; what it leads to is replaced.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let there = fs::metadata(&path).ok();
    match &there {
        Some(about) if about.is_dir() => return Err(ErrorKind::IsADirectory.into()),
        Some(_) if !replace => return Err(ErrorKind::AlreadyExists.into()),
        _ => {}
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut part = part_in(folder, mode)?;
    part.write_all(bytes)?;
    if let Some(about) = there.filter(|_| mode != PRIVATE) {
        part.as_file().set_permissions(about.permissions())?;
    }
    part.as_file().sync_all()?;
    let written = if replace { part.persist(&path) } else { part.persist_noclobber(&path) };
    written.map_err(|e| e.error)?;
    folder::sync(folder)
}

/// Readable by whom the mode says, as far as the person's other files are.
fn part_in(folder: &Path, mode: u32) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".muster-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(mode)).tempfile_in(folder)
    }
    #[cfg(not(unix))]
    {
        let _ = mode;
        builder.tempfile_in(folder)
    }
}

fn stamp_of(about: &Metadata) -> Stamp {
    let modified = about.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    let modified = modified.and_then(|since| i64::try_from(since.as_nanos()).ok()).unwrap_or(0);
    Stamp { size: about.len(), modified }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
