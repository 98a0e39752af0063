//! Bytes kept beside the database, packed: a job's original file, its snapshots.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::folder;
use muster_table::error::{Failure, FailureKind, Result};
use muster_table::going::{GoOn, stopped};

/// What the name of a file begins with that is still being written.
pub(super) const PART: &str = "part-";

/// A job's file as it was opened, in the job's folder.
pub(super) const ORIGINAL: &str = "original.zst";

/// What is to take its place.
pub(super) const NEXT: &str = "original-next.zst";

const LEVEL: i32 = 3;
const CHUNK: usize = 1 << 20;

/// Packs bytes into the data folder. Several may work at the same time, on any thread.
#[derive(Debug, Clone)]
pub struct BlobStore {
    folder: PathBuf,
}

/// Bytes that are on the disk, and wait for a place in the store. They are removed when this is dropped.
#[derive(Debug)]
pub struct Blob {
    part: NamedTempFile,
    /// Of the bytes before they were packed, in hexadecimal digits.
    pub sha256: String,
    /// How many bytes it was.
    pub size: u64,
    /// How many bytes it takes on the disk.
    pub packed: u64,
}

impl BlobStore {
    pub(super) fn new(folder: PathBuf) -> BlobStore {
        BlobStore { folder }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn of_job(&self, job: u32) -> PathBuf {
        self.folder.join(job.to_string())
    }

    /// Writes the bytes to disk, packed. A million people take about a second; do it off the window's thread.
    pub fn keep(&self, bytes: &[u8]) -> Result<Blob> {
        self.keep_while(bytes, &|_| true)
    }

    /// The same, unless `go_on` says no: then nothing is left of it.
    pub fn keep_while(&self, bytes: &[u8], go_on: GoOn) -> Result<Blob> {
        let pack = || -> io::Result<Blob> {
            let part = tempfile::Builder::new().prefix(PART).tempfile_in(&self.folder)?;
            let sha256 = std::thread::scope(|scope| {
                let hash = scope.spawn(|| {
                    let chunks = bytes.chunks(CHUNK).take_while(|_| go_on(0));
                    let hash = chunks.fold(Sha256::new(), |hash, chunk| hash.chain_update(chunk));
                    hex::encode(hash.finalize())
                });
                let mut packer = zstd::Encoder::new(part.as_file(), LEVEL)?;
                packer.include_checksum(true)?;
                for chunk in bytes.chunks(CHUNK).take_while(|_| go_on(0)) {
                    packer.write_all(chunk)?;
                }
                packer.finish()?;
                hash.join().map_err(|_| io::Error::other("it could not be hashed"))
            })?;
            if !go_on(0) {
                return Err(io::Error::other("stopped"));
            }
            part.as_file().sync_all()?;
            let packed = part.as_file().metadata()?.len();
            Ok(Blob { part, sha256, size: bytes.len() as u64, packed })
        };
        pack().map_err(|e| match go_on(0) {
            true => Failure::file("the roster could not be kept in the data folder", &e),
            false => stopped(),
        })
    }
}

impl Blob {
    /// Gives the bytes their place. Whatever was there is replaced, in one moment.
    pub(super) fn settle(self, path: &Path) -> io::Result<()> {
        self.part.persist(path).map_err(|e| e.error)?;
        path.parent().map_or(Ok(()), folder::sync)
    }
}

/// Reads what [`BlobStore::keep`] wrote. `name` says what it is, for the person.
pub(super) fn read(path: &Path, size: u64, name: &str) -> Result<Vec<u8>> {
    let what = format!("{name} could not be read");
    let file = File::open(path).map_err(|e| Failure::file(&what, &e))?;
    let damaged = |why: String| {
        Failure::new(FailureKind::Store, &what)
            .why(why)
            .hint("The file in the data folder is damaged. Open the export again.")
    };
    let mut bytes = Vec::new();
    let room = usize::try_from(size).ok().filter(|_| size < 1 << 32);
    if bytes.try_reserve_exact(room.unwrap_or(usize::MAX)).is_err() {
        return Err(damaged(format!("it would be {size} bytes")));
    }
    zstd::Decoder::new(file)
        .and_then(|unpacker| unpacker.take(size + 1).read_to_end(&mut bytes))
        .map_err(|e| damaged(e.to_string()))?;
    if bytes.len() as u64 != size {
        return Err(damaged("it is not as long as it was".into()));
    }
    Ok(bytes)
}

/// Gives what was laid ready the original's place, if it is what the database names; else it is nothing any more.
pub(super) fn take_over(folder: &Path, sha256: &str) -> io::Result<()> {
    let next = folder.join(NEXT);
    match measure(&next) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        Ok((named, _)) if named == sha256 => {
            let original = folder.join(ORIGINAL);
            if original.exists() {
                overwrite(&original)?;
            }
            fs::rename(&next, &original)?;
        }
        _ => {
            overwrite(&next)?;
            fs::remove_file(&next)?;
        }
    }
    folder::sync(folder)
}

/// The SHA-256 and the length of bytes that [`BlobStore::keep`] wrote.
pub(super) fn measure(path: &Path) -> io::Result<(String, u64)> {
    let mut unpacker = zstd::Decoder::new(File::open(path)?)?;
    let (mut hash, mut size) = (Sha256::new(), 0);
    let mut chunk = vec![0; CHUNK];
    loop {
        match unpacker.read(&mut chunk)? {
            0 => return Ok((hex::encode(hash.finalize()), size)),
            read => {
                hash.update(&chunk[..read]);
                size += read as u64;
            }
        }
    }
}

/// Removes a job's folder, its files overwritten first.
pub(super) fn erase(folder: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        erase_file(&entry?.path())?;
    }
    fs::remove_dir(folder)
}

/// Removes a file, overwritten first; none there is no failure.
pub(super) fn erase_file(path: &Path) -> io::Result<()> {
    match overwrite(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(e),
        Ok(()) => fs::remove_file(path),
    }
}

fn overwrite(path: &Path) -> io::Result<()> {
    let mut file = File::options().write(true).open(path)?;
    let length = file.metadata()?.len();
    io::copy(&mut io::repeat(0).take(length), &mut file)?;
    file.sync_all()
}
