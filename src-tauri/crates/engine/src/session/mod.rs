//! An engine with at most one open job, behind the commands of [`crate::api`].

pub mod arranging;
mod changes;
mod columns;
pub mod compare;
pub mod connections;
pub mod correcting;
pub mod editing;
mod erasing;
pub mod filling;
mod find;
mod fixing;
pub mod history;
pub mod job;
pub mod lists;
pub mod lms_report;
pub mod locating;
mod making;
pub mod matching;
pub mod moving;
mod open_job;
mod opening;
pub mod own_profiles;
pub mod planning;
pub mod problems;
mod profile_faults;
pub mod profile_form;
pub mod profile_trial;
pub mod profiles;
pub mod proving;
pub mod recipes;
pub mod rows;
mod sample;
pub mod saving;
pub mod sending;
mod settling;
pub mod snapshots;
mod standing;
pub mod templates;
pub mod values;
mod view;
mod work;

use std::path::PathBuf;
use std::sync::atomic::AtomicU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use job::Progress;
use muster_store::Store;
use muster_table::error::{Failure, Outcome};
use open_job::OpenJob;
use work::Work;

/// Where the time comes from: `SystemTime::now`, or a test's own.
pub type Clock = fn() -> SystemTime;

/// The program without its window. Every command may be called from any thread; those that work on the open job wait
/// for each other, while `progress` and `cancel` answer at once.
pub struct Engine {
    home: PathBuf,
    profiles: PathBuf,
    clock: Clock,
    /// Opened by the first command that needs it, so that what stands in its way is told where people look.
    store: Mutex<Option<Store>>,
    /// Taken before the store's, never after.
    open: Mutex<Option<OpenJob>>,
    /// The open job's id, 0 for none, to be known while the job is busy.
    open_id: AtomicU32,
    work: Work,
    running: sending::Running,
}

impl Engine {
    /// An engine that keeps its data in `home` and looks for the person's own profiles in `profiles`. Neither has to
    /// exist.
    pub fn new(home: impl Into<PathBuf>, profiles: impl Into<PathBuf>, clock: Clock) -> Engine {
        Engine {
            home: home.into(),
            profiles: profiles.into(),
            clock,
            store: Mutex::default(),
            open: Mutex::default(),
            open_id: AtomicU32::new(0),
            work: Work::default(),
            running: sending::Running::default(),
        }
    }

    /// How far the long work that is under way has come.
    pub fn progress(&self, _: ()) -> Outcome<Option<Progress>> {
        Ok(self.work.progress())
    }

    /// Stops the long work that is under way; that call then fails with `Cancelled`.
    pub fn cancel(&self, _: ()) -> Outcome<()> {
        self.work.cancel();
        Ok(())
    }

    /// ISO 8601, in UTC, to the second.
    fn now(&self) -> String {
        let now = jiff::Timestamp::try_from((self.clock)()).unwrap_or_default();
        jiff::Timestamp::from_second(now.as_second()).unwrap_or_default().to_string()
    }

    fn today(&self) -> Option<jiff::civil::Date> {
        self.now().get(..10)?.parse().ok()
    }

    fn store<T>(&self, ask: impl FnOnce(&Store) -> Outcome<T>) -> Outcome<T> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        match &*store {
            Some(store) => ask(store),
            None => ask(store.insert(Store::open(&self.home, &self.now())?)),
        }
    }

    /// The place of the open job. A command that broke off halfway has left it in doubt, and it is closed: what was
    /// acknowledged is on the disk.
    fn place(&self) -> MutexGuard<'_, Option<OpenJob>> {
        self.open.lock().unwrap_or_else(|broken| {
            self.open.clear_poison();
            let mut place = broken.into_inner();
            *place = None;
            self.opened(None);
            place
        })
    }

    fn with_job<T>(&self, ask: impl FnOnce(&mut OpenJob) -> Outcome<T>) -> Outcome<T> {
        match &mut *self.place() {
            Some(job) => ask(job),
            None => Err(nothing_open()),
        }
    }
}

fn nothing_open() -> Failure {
    Failure::state("no list is open").hint("Open a list of people first.")
}
