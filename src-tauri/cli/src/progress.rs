//! How far long work has come, on standard error, for a person who waits at a terminal.
//!
//! indicatif does far more than the one line that is needed here.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Work that takes less than this says nothing.
const PATIENCE: Duration = Duration::from_millis(700);
const PAUSE: Duration = Duration::from_millis(100);

pub struct Progress {
    what: String,
    of: usize,
    /// Several threads tell of their parts; the farthest counts.
    done: AtomicUsize,
    /// When to speak next; none if nobody watches.
    next: Option<Mutex<(Instant, bool)>>,
}

impl Progress {
    /// Begins a part of the work: "Reading `staff.csv`".
    pub fn of(what: impl Into<String>, of: usize) -> Progress {
        let watched = std::io::stderr().is_terminal();
        let next = watched.then(|| Mutex::new((Instant::now() + PATIENCE, false)));
        Progress { what: what.into(), of, done: AtomicUsize::new(0), next }
    }

    /// Says how much is done; the work always goes on.
    pub fn report(&self, done: usize) -> bool {
        let done = self.done.fetch_max(done, Relaxed).max(done);
        if let Some(next) = &self.next
            && let Ok(mut next) = next.try_lock()
            && Instant::now() >= next.0
        {
            *next = (Instant::now() + PAUSE, true);
            let percent = (done.min(self.of) * 100).checked_div(self.of).unwrap_or(0);
            let _ = write!(std::io::stderr(), "\r{}: {percent} % ", self.what);
        }
        true
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        let spoke = |next: &Mutex<(Instant, bool)>| next.lock().is_ok_and(|next| next.1);
        if self.next.as_ref().is_some_and(spoke) {
            // Takes the line away again.
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

/// Work whose parts are not known beforehand, such as a push: each part is told as it begins.
pub struct Steps {
    now: Mutex<Option<(String, Progress)>>,
}

impl Steps {
    pub fn new() -> Steps {
        Steps { now: Mutex::new(None) }
    }

    /// Says which part is under way, and how far it is; the work always goes on.
    pub fn report(&self, what: &str, done: usize, of: usize) -> bool {
        let Ok(mut now) = self.now.lock() else { return true };
        if now.as_ref().is_none_or(|(part, _)| part != what) {
            *now = Some((what.to_owned(), Progress::of(what, of)));
        }
        now.as_ref().is_none_or(|(_, progress)| progress.report(done))
    }
}
