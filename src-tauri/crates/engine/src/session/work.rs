//! Long work that is under way: each call's own progress, and whether that call is to stop.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::job::Progress;
use crate::sheets;
use muster_connect::Stop;
use muster_table::edit::Edit;
use muster_table::error::Result;
use muster_table::going::{self, WHOLE};
use muster_table::narrow::count as number;
use muster_table::reading::{Read, ReadAs};
use muster_table::words::counted;

/// All work that is under way, the newest last.
#[derive(Default)]
pub(super) struct Works {
    under_way: Mutex<Vec<Arc<Work>>>,
    last: AtomicU32,
    /// Stops the next call at its own look of this number, so that tests need not hit a moment; 0 for never.
    #[cfg(test)]
    pub stop_at: AtomicU32,
    /// How often the call that ended last has looked, and how often after it was stopped.
    #[cfg(test)]
    pub looked: Mutex<(u32, u32)>,
}

struct Work {
    id: u32,
    /// What is being done, and how much of it there is.
    what: Mutex<Option<(String, u32)>>,
    done: AtomicU32,
    /// What waits for an LMS looks at it too.
    stop: Stop,
    /// It goes on whatever is asked.
    firm: AtomicBool,
    #[cfg(test)]
    looks: (AtomicU32, AtomicU32),
}

/// Work that is under way until this is dropped.
pub(super) struct Working<'w> {
    works: &'w Works,
    work: Arc<Work>,
}

impl Works {
    pub fn begin(&self) -> Working<'_> {
        let work = Arc::new(Work {
            id: self.last.fetch_add(1, Relaxed) + 1,
            what: Mutex::default(),
            done: AtomicU32::default(),
            stop: Stop::default(),
            firm: AtomicBool::default(),
            #[cfg(test)]
            looks: Default::default(),
        });
        self.under_way().push(work.clone());
        Working { works: self, work }
    }

    /// Work that cannot be stopped, because what it works on would be lost.
    pub fn begin_firmly(&self) -> Working<'_> {
        let working = self.begin();
        working.stand_firm();
        working
    }

    /// How far the newest work has come that says so.
    pub fn progress(&self) -> Option<Progress> {
        self.under_way().iter().rev().find_map(|work| {
            let (what, of) = locked(&work.what).clone()?;
            let done = work.done.load(Relaxed);
            Some(Progress {
                id: Some(work.id),
                what,
                done: if of == 0 { done } else { done.min(of) },
                of,
            })
        })
    }

    /// Stops one call, or all.
    pub fn cancel(&self, id: Option<u32>) {
        for work in self.under_way().iter().filter(|work| id.is_none_or(|id| work.id == id)) {
            if !work.firm.load(Relaxed) {
                work.stop.store(true, Relaxed);
            }
        }
    }

    fn under_way(&self) -> MutexGuard<'_, Vec<Arc<Work>>> {
        locked(&self.under_way)
    }
}

impl Working<'_> {
    /// A flag that is set when this work is to stop, for those who wait for an LMS.
    pub fn stop(&self) -> Stop {
        self.work.stop.clone()
    }

    /// From here on it cannot be stopped.
    pub fn stand_firm(&self) {
        self.work.firm.store(true, Relaxed);
    }

    /// Begins a part of the work: "Reading `staff.csv`". `of` is 0 where it is not known.
    pub fn step(&self, what: impl Into<String>, of: usize) {
        self.work.done.store(0, Relaxed);
        *locked(&self.work.what) = Some((what.into(), number(of)));
    }

    /// Begins a part of which thousandths are told.
    pub fn share_of(&self, what: impl Into<String>) {
        self.step(what, WHOLE);
    }

    /// Begins to make edits, of which thousandths are told.
    pub fn begin_changing(&self, edits: &[Edit]) {
        let of_cells = edits.iter().all(|edit| matches!(edit, Edit::Set { .. }));
        self.share_of(match of_cells {
            true => format!("Changing {}", counted(edits.len(), "cell", "cells")),
            false => "Changing the list".to_owned(),
        });
    }

    /// Reads a file's bytes as a part of this work.
    pub fn read(&self, bytes: Vec<u8>, name: &str, request: &ReadAs) -> Result<Read> {
        self.step(format!("Reading `{name}`"), bytes.len());
        sheets::read(bytes, name, request, &|done| self.report(done))
    }

    /// Says how much of the part is done; answers whether to go on.
    pub fn report(&self, done: usize) -> bool {
        self.work.done.fetch_max(number(done), Relaxed);
        #[cfg(test)]
        self.count_look();
        self.work.firm.load(Relaxed) || !self.work.stop.load(Relaxed)
    }

    /// Fails with `Cancelled` if this work is to stop.
    pub fn look(&self) -> Result<()> {
        if self.report(0) { Ok(()) } else { Err(going::stopped()) }
    }

    #[cfg(test)]
    fn count_look(&self) {
        let (looks, late) = &self.work.looks;
        if self.work.stop.load(Relaxed) {
            late.fetch_add(1, Relaxed);
        }
        if looks.fetch_add(1, Relaxed) + 1 == self.works.stop_at.load(Relaxed) {
            self.works.cancel(Some(self.work.id));
        }
    }
}

impl Drop for Working<'_> {
    fn drop(&mut self) {
        self.works.under_way().retain(|work| work.id != self.work.id);
        #[cfg(test)]
        {
            let (looks, late) = &self.work.looks;
            *locked(&self.works.looked) = (looks.load(Relaxed), late.load(Relaxed));
        }
    }
}

fn locked<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_tells_how_far_it_is_until_it_ends_and_stops_when_asked() {
        let works = Works::default();
        {
            let working = works.begin();
            working.step("Reading `staff.csv`", 10);
            assert!(working.report(4));
            let progress = works.progress().expect("under way");
            assert_eq!((progress.done, progress.of), (4, 10));
            works.cancel(None);
            assert!(!working.report(5));
        }
        assert_eq!(works.progress(), None);
        let again = works.begin();
        assert!(again.report(1), "what was stopped before does not stop the next");
    }

    #[test]
    fn of_two_calls_each_is_stopped_by_itself_and_the_newest_is_told() {
        let works = Works::default();
        let (old, new) = (works.begin(), works.begin());
        old.step("Reading `old.csv`", 10);
        let first = works.progress().expect("under way");
        new.step("Reading `new.csv`", 20);
        let second = works.progress().expect("under way");
        assert_eq!(second.what, "Reading `new.csv`");
        works.cancel(first.id);
        assert!(!old.report(1) && new.report(1));
        let third = works.begin();
        assert!(!old.report(2), "another call that begins takes nothing back");
        works.cancel(None);
        assert!(!new.report(2) && !third.report(2));
        drop((new, third));
        assert_eq!(works.progress().map(|p| p.what), Some("Reading `old.csv`".into()));
    }

    #[test]
    fn what_stands_firm_goes_on() {
        let works = Works::default();
        let (firm, later) = (works.begin_firmly(), works.begin());
        works.cancel(None);
        assert!(firm.report(1) && firm.look().is_ok() && later.look().is_err());
    }
}
