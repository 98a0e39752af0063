//! One push at a time to one LMS: across windows, commands and data folders of this person on this computer.
//!
//! The lock lies where all of them look, whatever `MUSTER_HOME` says: in this person's cache folder, else in a folder of
//! theirs among the temporary files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::PushRecord;
use crate::folder::{self, Lock};
use crate::{Store, project};
use muster_plan::push::Target;
use muster_table::error::{Failure, FailureKind, Result};

/// An LMS that nobody else here sends to, until this is dropped or the process ends.
#[derive(Debug)]
pub struct HeldTarget {
    lock_at: PathBuf,
    who_at: PathBuf,
    _lock: Lock,
}

/// Whoever held a lock and takes its file away makes another one try again; not often at once.
const TRIES: u32 = 20;

impl Store {
    /// Takes the LMS that a push goes to. Fails with [`FailureKind::Busy`] while another push is carried out there, and says
    /// which.
    pub fn hold_target(&self, push: &PushRecord, now: &str) -> Result<HeldTarget> {
        let what = "the push could not be carried out";
        let failed = |e: io::Error| Failure::file(what, &e);
        let shared = shared_folder(&self.folder).map_err(failed)?;
        let name = hex::encode(&Sha256::digest(push.target.place())[..16]);
        let lock_at = shared.join(format!("{name}.lock"));
        let who_at = shared.join(format!("{name}.who"));
        for _ in 0..TRIES {
            let Some(lock) = Lock::take(&lock_at).map_err(failed)? else {
                return Err(is_busy(&push.target, &who_at));
            };
            if lock.is_at(&lock_at) {
                let who = format!("push {} of `{}`, since {now}", push.id, self.folder.display());
                // It only says who; the lock is what counts.
                let _ = folder::private_file(&who_at).and_then(|_| fs::write(&who_at, who));
                return Ok(HeldTarget { lock_at, who_at, _lock: lock });
            }
        }
        Err(is_busy(&push.target, &who_at))
    }
}

impl Drop for HeldTarget {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.who_at);
        // While it is still locked: whoever waits for it sees that it is gone, and makes another one.
        if cfg!(unix) {
            let _ = fs::remove_file(&self.lock_at);
        }
    }
}

fn is_busy(target: &Target, who_at: &Path) -> Failure {
    let who = fs::read_to_string(who_at).ok().filter(|who| !who.is_empty());
    let who = who.unwrap_or_else(|| "another push".to_owned());
    Failure::new(FailureKind::Busy, format!("`{}` is being sent to already", target.host()))
        .why(format!("by {who}"))
        .hint("Wait until that is done, and go on then. What it changes there may be what this one was to change.")
}

fn shared_folder(own: &Path) -> io::Result<PathBuf> {
    if let Ok(project) = project() {
        let folder = project.cache_dir().join("sending");
        if is_usable(&folder) {
            return Ok(folder);
        }
    }
    let folder = std::env::temp_dir().join(format!("muster-{}", owner(own)?));
    let made = folder::make_private(&folder);
    made.and_then(|()| must_be_ours(&folder, own))?;
    Ok(folder)
}

fn is_usable(folder: &Path) -> bool {
    let tried = || -> io::Result<()> {
        folder::make_private(folder)?;
        folder::private_file(&folder.join("lock")).map(|_| ())
    };
    tried().is_ok()
}

#[cfg(unix)]
fn owner(own: &Path) -> io::Result<u32> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(own).map(|about| about.uid())
}

#[cfg(not(unix))]
fn owner(_: &Path) -> io::Result<u32> {
    Ok(0)
}

/// Among the temporary files anybody can make a folder of any name.
#[cfg(unix)]
fn must_be_ours(folder: &Path, own: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let about = fs::symlink_metadata(folder)?;
    if about.is_dir() && about.uid() == owner(own)? && about.mode() & 0o077 == 0 {
        return Ok(());
    }
    Err(io::Error::new(
        io::ErrorKind::PermissionDenied,
        format!("`{}` is somebody else's", folder.display()),
    ))
}

#[cfg(not(unix))]
fn must_be_ours(_: &Path, _: &Path) -> io::Result<()> {
    Ok(())
}
