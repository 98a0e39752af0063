//! The data folder: who else uses it, and that nobody else can read it.
//!
//! The standard library locks files since Rust 1.89, so fs4 is not needed.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

use muster_table::error::{Failure, FailureKind, Result};

/// How often and how long to wait for another window that is just starting.
const PAUSE: Duration = Duration::from_millis(50);
const PAUSES: u32 = 200;

/// Makes a folder, and those above it, that only this person can look into.
///
/// A folder of others' things that was chosen for the data keeps its permissions.
pub(super) fn make_private(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
        if fs::metadata(folder).is_ok_and(|about| about.is_dir()) {
            let ours = folder.join("muster.db").exists() || fs::read_dir(folder)?.next().is_none();
            if ours {
                fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
            }
            return Ok(());
        }
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
    }
    #[cfg(not(unix))]
    fs::create_dir_all(folder)
}

/// What to tell of a data folder that is not Muster's own and that others on this computer can write to.
pub(super) fn is_open_to_others(folder: &Path) -> Option<String> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(folder).ok()?.permissions().mode();
        // In a folder such as /tmp others can add files and take nobody's away.
        let is_open = mode & 0o022 != 0 && mode & 0o1000 == 0;
        is_open.then(|| {
            format!(
                "The data folder `{}` holds other things too, and others on this computer can change what lies in it. \
                 Choose a folder of Muster's own, or take that right away.",
                folder.display()
            )
        })
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        None
    }
}

/// Opens a file that only this person can read; makes it where there is none.
pub(super) fn private_file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        options.mode(0o600);
        let file = options.open(path)?;
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
        }
        Ok(file)
    }
    #[cfg(not(unix))]
    options.open(path)
}

/// What is in a folder becomes durable only with the folder itself.
pub(super) fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// A lock on a file. It ends with this value, or with the process, however that ends.
///
/// Closing the file would not be enough: a program that is being started at that moment has it open too, for as long as
/// that takes, and the lock would last as long.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Lock {
    /// Takes the lock of a file for this process alone; `None` while another has it.
    pub fn take(path: &Path) -> io::Result<Option<Lock>> {
        let file = private_file(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Lock(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(e)) => Err(e),
        }
    }
}

impl Lock {
    /// Whether the file that is locked is still the one of this name: whoever had it may have taken it away.
    pub fn is_at(&self, path: &Path) -> bool {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let number = |about: fs::Metadata| (about.dev(), about.ino());
            let there = fs::metadata(path).map(number).ok();
            there.is_some() && self.0.metadata().map(number).ok() == there
        }
        #[cfg(not(unix))]
        {
            let _ = path;
            true
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // What fails here is let go of with the file.
        let _ = self.0.unlock();
    }
}

/// That this process uses the data folder.
pub(super) struct Presence {
    lock: Lock,
    /// Nobody else uses the folder, and nobody else can begin to.
    pub alone: bool,
}

impl Presence {
    pub fn enter(folder: &Path) -> Result<Presence> {
        let path = folder.join("muster.lock");
        let what = "the data folder could not be used";
        let failed = |e: io::Error| Failure::file(what, &e);
        if let Some(lock) = Lock::take(&path).map_err(failed)? {
            return Ok(Presence { lock, alone: true });
        }
        let lock = Lock(private_file(&path).map_err(failed)?);
        share(&lock.0)?;
        Ok(Presence { lock, alone: false })
    }

    /// Lets others in.
    pub fn share(&mut self) -> Result<()> {
        if self.alone {
            self.lock
                .0
                .unlock()
                .map_err(|e| Failure::file("the data folder could not be used", &e))?;
            share(&self.lock.0)?;
            self.alone = false;
        }
        Ok(())
    }
}

fn share(lock: &File) -> Result<()> {
    for _ in 0..PAUSES {
        match lock.try_lock_shared() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
            Err(TryLockError::Error(e)) => {
                return Err(Failure::file("the data folder could not be used", &e));
            }
        }
    }
    Err(Failure::new(FailureKind::Busy, "the data folder could not be used")
        .why("another window of Muster is still starting")
        .hint("Wait until it has started, or close it."))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program that is being started has the same file open until it runs: a second name for it stands for that.
    #[test]
    fn a_lock_ends_with_its_value_though_the_file_is_still_open_elsewhere() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("lock");
        let held = Lock::take(&path).expect("readable").expect("free");
        assert!(Lock::take(&path).expect("readable").is_none());
        let elsewhere = held.0.try_clone().expect("a second name");
        drop(held);
        assert!(Lock::take(&path).expect("readable").is_some());
        drop(elsewhere);
    }
}
