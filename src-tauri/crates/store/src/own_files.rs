//! The person's own files: read, watched for change, and written only as a whole.
//!
//! `tempfile` makes the new file. atomic-write-file would keep the owner of the one that it replaces too, but that is the
//! person who sits here.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rayon::prelude::*;

use super::{blobs, folder};
use muster_table::error::{Failure, FailureKind, Result};

/// More than any roster has: one of a million people is about a fifth of it.
pub const MOST_BYTES: u64 = 1 << 30;

/// How long a pipe may say nothing.
const PATIENCE: Duration = Duration::from_secs(60);

/// A file system may count in ticks; what was changed twice within one looks as if it were changed once.
const TICK: Duration = Duration::from_millis(20);
const YOUNG: Duration = Duration::from_secs(1);

/// Whether a pipe will do where a file is asked for. The window's page must not make Muster wait for ever.
static PIPES: AtomicBool = AtomicBool::new(false);

/// Has [`read`] take a pipe too, such as `<(…)` of a shell, for the command.
pub fn take_pipes() {
    PIPES.store(true, Ordering::Relaxed);
}

/// A file at one moment. If it differs later, the file was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// Nanoseconds since 1970; 0 where the file system does not say.
    pub modified: i64,
}

/// Reads a file. Fails with [`FailureKind::Busy`] if it changes meanwhile, and with [`FailureKind::File`] where it is a
/// device, a socket, a pipe that was not let in by [`take_pipes`], or larger than [`MOST_BYTES`].
pub fn read(path: &Path) -> Result<(Vec<u8>, Stamp)> {
    let what = format!("`{}` could not be read", name(path));
    let failed = |e: io::Error| Failure::file(&what, &e);
    // Looked at before it is opened: opening a pipe waits for whoever writes to it.
    let about = fs::metadata(path).map_err(failed)?;
    if about.is_dir() {
        return Err(failed(ErrorKind::IsADirectory.into()));
    }
    if !about.is_file() {
        return match is_pipe(&about) && PIPES.load(Ordering::Relaxed) {
            true => {
                let path = path.to_owned();
                let bytes = read_stream(move || File::open(path), &what)?;
                Ok((bytes, stamp_of(&about)))
            }
            false => Err(Failure::new(FailureKind::File, what)
                .why("it is no file but a pipe, a device or a socket")
                .hint("Choose a file.")),
        };
    }
    read_settled(path, &what, || std::thread::sleep(TICK))
}

/// The first bytes of a file, at most so many, and how many it has in all. It fails as [`read`] does, and takes no pipe.
pub fn read_beginning(path: &Path, most: u64) -> Result<(Vec<u8>, u64)> {
    let what = format!("`{}` could not be read", name(path));
    let failed = |e: io::Error| Failure::file(&what, &e);
    // Looked at before it is opened, as in `read`.
    let size = match fs::metadata(path).map_err(failed)? {
        about if about.len() > MOST_BYTES => return Err(too_large(&what)),
        about if about.is_file() => about.len(),
        _ => return Err(failed(ErrorKind::InvalidInput.into())),
    };
    let mut bytes = Vec::new();
    File::open(path).map_err(failed)?.take(most).read_to_end(&mut bytes).map_err(failed)?;
    Ok((bytes, size))
}

/// Reads a file that was written only just now a second time, after a pause: changed twice within a tick of its clock, it
/// would look the same.
pub(super) fn read_settled(
    path: &Path,
    what: &str,
    pause: impl FnOnce(),
) -> Result<(Vec<u8>, Stamp)> {
    let bytes = read_once(path, what)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let then = Duration::from_nanos(u64::try_from(bytes.1.modified).unwrap_or(0));
    if now.saturating_sub(then) < YOUNG {
        pause();
        if read_once(path, what)? != bytes {
            return Err(changed(what));
        }
    }
    Ok(bytes)
}

fn read_once(path: &Path, what: &str) -> Result<(Vec<u8>, Stamp)> {
    let failed = |e: io::Error| Failure::file(what, &e);
    let mut file = File::open(path).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    if about.len() > MOST_BYTES {
        return Err(too_large(what));
    }
    let mut bytes = Vec::new();
    let size = usize::try_from(about.len()).unwrap_or(usize::MAX);
    bytes.try_reserve_exact(size).map_err(|_| {
        Failure::new(FailureKind::File, what)
            .why("it is larger than this computer's memory")
            .hint("Export fewer people at a time.")
    })?;
    if size >= WORTH_THREADS {
        drop(bytes);
        // Zeroes that nobody writes: the system gives such memory when it is read into.
        bytes = vec![0; size];
        match read_at_once(&file, &mut bytes) {
            Err(e) if e.kind() == ErrorKind::UnexpectedEof => return Err(changed(what)),
            read => read.map_err(failed)?,
        }
    } else {
        // What grows without end, or says nothing of its size as `/proc` does, ends here too.
        (&mut file).take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    }
    if bytes.len() as u64 > MOST_BYTES {
        return Err(too_large(what));
    }
    let stamp = stamp_of(&file.metadata().map_err(failed)?);
    if stamp != stamp_of(&about) || (stamp.size != bytes.len() as u64 && stamp.size > 0) {
        return Err(changed(what));
    }
    Ok((bytes, stamp))
}

/// The system takes longer to give the memory than to copy the bytes, and gives it to several threads at once.
const WORTH_THREADS: usize = 8 << 20;

fn read_at_once(file: &File, bytes: &mut [u8]) -> io::Result<()> {
    let part = bytes.len().div_ceil(rayon::current_num_threads()).max(1);
    let parts = bytes.par_chunks_mut(part).enumerate();
    parts.try_for_each(|(n, bytes)| read_exact_at(file, bytes, (n * part) as u64))
}

#[cfg(unix)]
fn read_exact_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut bytes: &mut [u8], mut at: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !bytes.is_empty() {
        match file.seek_read(bytes, at) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(read) => (bytes, at) = (&mut bytes[read..], at + read as u64),
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

/// Reads what is piped in, until its end. Fails where nothing more comes for a minute, or more than [`MOST_BYTES`] do.
pub fn read_stream<R: Read + 'static>(
    open: impl FnOnce() -> io::Result<R> + Send + 'static,
    what: &str,
) -> Result<Vec<u8>> {
    enum Heard {
        Some(Vec<u8>),
        End,
        Failed(io::Error),
    }
    // What is read may never come: whoever waits for it is a thread that is left behind.
    let (tell, heard) = mpsc::sync_channel(4);
    std::thread::spawn(move || {
        let mut stream = match open() {
            Ok(stream) => stream,
            Err(e) => return drop(tell.send(Heard::Failed(e))),
        };
        loop {
            let mut piece = vec![0; 1 << 18];
            let said = match stream.read(&mut piece) {
                Ok(0) => Heard::End,
                Ok(read) => {
                    piece.truncate(read);
                    Heard::Some(piece)
                }
                Err(e) if e.kind() == ErrorKind::Interrupted => continue,
                Err(e) => Heard::Failed(e),
            };
            let goes_on = matches!(said, Heard::Some(_));
            if tell.send(said).is_err() || !goes_on {
                return;
            }
        }
    });
    let mut bytes = Vec::new();
    loop {
        match heard.recv_timeout(PATIENCE) {
            Ok(Heard::Some(piece)) => bytes.extend(piece),
            Ok(Heard::End) => return Ok(bytes),
            Ok(Heard::Failed(e)) => return Err(Failure::file(what, &e)),
            Err(_) => {
                return Err(Failure::new(FailureKind::File, what)
                    .why(format!("nothing came for {} seconds", PATIENCE.as_secs()))
                    .hint("Write it to a file first, and name that."));
            }
        }
        if bytes.len() as u64 > MOST_BYTES {
            return Err(too_large(what));
        }
    }
}

fn too_large(what: &str) -> Failure {
    Failure::new(FailureKind::File, what)
        .why("it is larger than a roster ever is: more than 1 GB")
        .hint("Export fewer people at a time.")
}

fn changed(what: impl Into<String>) -> Failure {
    Failure::new(FailureKind::Busy, what)
        .why("another program changed it while it was being read")
        .hint("Wait until it has been saved, then open it again.")
}

fn is_pipe(about: &Metadata) -> bool {
    #[cfg(unix)]
    {
        std::os::unix::fs::FileTypeExt::is_fifo(&about.file_type())
    }
    #[cfg(not(unix))]
    {
        let _ = about;
        false
    }
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

/// Who may read what is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Whoever may read the person's other files, or the file that is replaced.
    AsOthers,
    /// This person alone: something secret is in it.
    Owner,
}

impl Readers {
    /// Of a file in which something secret is, or not.
    pub fn of(has_secrets: bool) -> Readers {
        if has_secrets { Readers::Owner } else { Readers::AsOthers }
    }
}

/// Writes a file: all of it is there afterwards, or nothing has changed. A file of that name is replaced only if
/// `replace` says so, and only one that may be written to.
pub fn write(path: &Path, bytes: &[u8], replace: bool) -> Result<()> {
    write_for(path, bytes, replace, Readers::AsOthers)
}

/// The same, for a file that only this person can read.
pub fn write_private(path: &Path, bytes: &[u8], replace: bool) -> Result<()> {
    write_for(path, bytes, replace, Readers::Owner)
}

/// The same, for the readers that what is written may have.
pub fn write_for(path: &Path, bytes: &[u8], replace: bool, readers: Readers) -> Result<()> {
    may_be_written(path, replace)?;
    write_whole(path, bytes, replace, readers).map_err(|e| Failure::file(not_written(path), &e))
}

/// Whether a file can be written here, as far as can be seen before anything is written: asked before what cannot be
/// done again.
pub fn may_be_written(path: &Path, replace: bool) -> Result<()> {
    let what = not_written(path);
    let failed = |kind: ErrorKind| Err(Failure::file(&what, &kind.into()));
    match path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
        None => {}
        Some(folder) => {
            return Err(Failure::new(FailureKind::File, what)
                .why(format!("there is no folder `{}`", folder.display()))
                .hint("Make the folder first, or choose another."));
        }
    }
    let refused =
        |why: &str, hint: &str| Err(Failure::new(FailureKind::File, &what).why(why).hint(hint));
    match (fs::metadata(path), fs::symlink_metadata(path)) {
        (Ok(about), _) if about.is_dir() => failed(ErrorKind::IsADirectory),
        (Ok(_), _) if !replace => failed(ErrorKind::AlreadyExists),
        (Ok(about), _) if !about.is_file() => refused(
            "what is there is no file but a pipe, a device or a socket",
            "Choose another name.",
        ),
        (Ok(about), _) if about.permissions().readonly() => refused(
            "the file there is write-protected",
            "Choose another name, or take the protection away first.",
        ),
        (Err(e), Ok(_)) if e.kind() == ErrorKind::NotFound => {
            refused("what is there is a link that leads nowhere", "Choose another name.")
        }
        (Err(e), _) if e.kind() != ErrorKind::NotFound => Err(Failure::file(what, &e)),
        _ => Ok(()),
    }
}

fn not_written(path: &Path) -> String {
    format!("`{}` could not be written", name(path))
}

fn write_whole(path: &Path, bytes: &[u8], replace: bool, readers: Readers) -> io::Result<()> {
    // A link stays a link; what it leads to is replaced.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let there = fs::metadata(&path).ok();
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    sweep(folder);
    let mut part = part_in(folder, 0o600)?;
    // Whoever finds it locked knows that it is still being written. Where there are no locks, it is not swept.
    let _ = part.as_file().try_lock();
    part.write_all(bytes)?;
    if readers == Readers::AsOthers {
        let permissions = match there {
            Some(about) => about.permissions(),
            None => part_in(folder, 0o666)?.as_file().metadata()?.permissions(),
        };
        part.as_file().set_permissions(permissions)?;
    }
    part.as_file().sync_all()?;
    let written = if replace { part.persist(&path) } else { part.persist_noclobber(&path) };
    written.map_err(|e| e.error)?;
    folder::sync(folder)
}

/// What the name of a file begins and ends with that is still being written.
const PART: (&str, &str) = (".muster-", ".part");

/// Removes what a process left behind that was ended while it wrote into this folder. It may hold what is secret.
fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(PART.0) && name.ends_with(PART.1) {
            let left = File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok());
            if left {
                // Somebody else's is theirs to remove.
                let _ = blobs::erase_file(&entry.path());
            }
        }
    }
}

/// A file in the making, of this mode.
fn part_in(folder: &Path, mode: u32) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PART.0).suffix(PART.1);
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
