//! The long work that is under way: how far it has come, and whether it is to stop.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

use super::job::Progress;
use muster_connect::Stop;
use muster_table::error::Outcome;
use muster_table::reading::{self, Read, ReadAs};

#[derive(Default)]
pub(super) struct Work {
    /// What is being done, and how much of it there is.
    what: Mutex<Option<(String, u32)>>,
    done: AtomicU32,
    stopped: AtomicBool,
    /// What waits for an LMS looks at a flag of its own.
    waiting: Mutex<Option<Stop>>,
}

/// Work that is under way until this is dropped.
pub(super) struct Working<'w> {
    work: &'w Work,
    /// It goes on whatever is asked.
    firm: bool,
}

impl Work {
    pub fn begin(&self) -> Working<'_> {
        self.stopped.store(false, Relaxed);
        Working { work: self, firm: false }
    }

    /// Work that cannot be stopped, because what it works on would be lost.
    pub fn begin_firmly(&self) -> Working<'_> {
        Working { work: self, firm: true }
    }

    pub fn progress(&self) -> Option<Progress> {
        let what = self.what.lock().unwrap_or_else(PoisonError::into_inner);
        let (what, of) = what.clone()?;
        let done = self.done.load(Relaxed);
        Some(Progress { what, done: if of == 0 { done } else { done.min(of) }, of })
    }

    pub fn cancel(&self) {
        self.stopped.store(true, Relaxed);
        if let Some(stop) = &*self.waiting.lock().unwrap_or_else(PoisonError::into_inner) {
            stop.store(true, Relaxed);
        }
    }

    fn say(&self, what: Option<(String, u32)>) {
        self.done.store(0, Relaxed);
        *self.what.lock().unwrap_or_else(PoisonError::into_inner) = what;
    }
}

impl Working<'_> {
    /// A flag that is set when this work is to stop, for those who wait for an LMS.
    pub fn stop(&self) -> Stop {
        let stop = Stop::default();
        let waiting = &mut *self.work.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        *waiting = Some(stop.clone());
        stop
    }

    /// Begins a part of the work: "Reading `staff.csv`". `of` is 0 where it is not known.
    pub fn step(&self, what: impl Into<String>, of: usize) {
        self.work.say(Some((what.into(), clamped(of))));
    }

    /// Reads a file's bytes as a part of this work.
    pub fn read(&self, bytes: Vec<u8>, name: &str, asked: &ReadAs) -> Outcome<Read> {
        self.step(format!("Reading `{name}`"), bytes.len());
        reading::read_bytes(bytes, name, asked, &|done| self.told(done))
    }

    /// Says how much of the part is done; answers whether to go on.
    pub fn told(&self, done: usize) -> bool {
        self.work.done.fetch_max(clamped(done), Relaxed);
        self.firm || !self.work.stopped.load(Relaxed)
    }
}

impl Drop for Working<'_> {
    fn drop(&mut self) {
        self.work.say(None);
        *self.work.waiting.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

fn clamped(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_tells_how_far_it_is_until_it_ends_and_stops_when_asked() {
        let work = Work::default();
        {
            let working = work.begin();
            working.step("Reading `staff.csv`", 10);
            assert!(working.told(4));
            let progress = work.progress().expect("under way");
            assert_eq!((progress.done, progress.of), (4, 10));
            work.cancel();
            assert!(!working.told(5));
        }
        assert_eq!(work.progress(), None);
        let again = work.begin();
        assert!(again.told(1), "what was stopped before does not stop the next");
    }
}
