//! Engines, each with at most one open job, behind the commands of [`crate::api`].

pub mod accounts;
mod after_push;
pub mod arranging;
mod catching_up;
mod columns;
pub mod compare;
mod completing;
pub mod connections;
pub mod convert;
pub mod correcting;
pub mod editing;
pub mod filling;
mod find;
mod fixing;
pub mod granted;
pub mod history;
pub mod job;
pub mod lists;
pub mod lms_has;
pub mod lms_report;
pub mod locating;
pub mod matching;
mod open_job;
mod opening;
pub mod own_file;
pub mod own_profiles;
mod password_scrub;
pub mod planning;
pub mod problems;
mod profile_faults;
pub mod profile_form;
pub mod profile_trial;
pub mod recipes;
mod restore;
pub mod rows;
mod sample;
pub mod saving;
pub mod saying;
pub mod sending;
pub mod snapshots;
pub mod so_far;
#[cfg(test)]
#[allow(clippy::cast_possible_truncation, reason = "these stories count in hundreds")]
mod stopping;
pub mod templates;
pub mod values;
pub mod verifying;
mod view;
mod work;

use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::SystemTime;

use jiff::tz::TimeZone;
use job::{Progress, WorkId};
use muster_store::Store;
use muster_table::error::{Failure, Result};
use open_job::OpenJob;
use work::Works;

/// Where the time comes from: `SystemTime::now`, or a test's own.
pub type Clock = fn() -> SystemTime;

/// The program without its window. Every command may be called from any thread; those that work on the open job wait
/// for each other, while `progress` and `cancel` answer at once.
///
/// One engine is for one window: it has at most one list open. [`Engine::beside`] gives another window an engine of its
/// own; both share the store, and neither waits for what the other does with its list.
///
/// ```
/// use muster_engine::session::Engine;
/// use serde_json::{Value, json};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// let staff = folder.path().join("staff.csv");
/// std::fs::write(&staff, "email,username\nada@example.com,ada\nbo.example.com,bo\n")?;
///
/// let (home, profiles) = (folder.path().join("home"), folder.path().join("profiles"));
/// let muster = Engine::new(home, profiles, std::time::SystemTime::now);
/// let job = muster.call("open", json!({ "path": staff, "profile": "edapp" }))?;
/// assert_eq!(job["people"], 2);
/// let problems = muster.call("problems", Value::Null)?;
/// assert_eq!(problems["rules"][0]["rule"], "email-malformed");
/// # Ok(())
/// # }
/// ```
pub struct Engine {
    shared: Arc<Shared>,
    seat: Arc<Seat>,
}

/// What the engines of several windows have in common.
pub struct Shared {
    home: PathBuf,
    profiles: PathBuf,
    clock: Clock,
    /// Whose days are counted; none for those of UTC.
    zone: OnceLock<TimeZone>,
    /// Opened by the first command that needs it, so that what stands in its way is told where people look.
    store: Mutex<Option<Store>>,
    work: Works,
    running: sending::Running,
    /// What the page may name; nothing of it where it may name anything.
    granted: OnceLock<granted::Granted>,
    /// Those that are there, to find the one that has a list open.
    seats: Mutex<Vec<Weak<Seat>>>,
}

/// Where one window has its list.
#[derive(Default)]
struct Seat {
    /// Taken before the store's, never after.
    open: Mutex<Option<OpenJob>>,
    /// The open job's id, 0 for none, to be known while the job is busy.
    open_id: AtomicU32,
    /// What can be read of a list that is being opened, without waiting for it.
    arriving: so_far::ArrivingPlace,
}

/// A seat's list while one command has it. If that leaves the list in doubt, the list is closed: what was acknowledged is
/// on the disk, and it opens where it stood.
struct JobGuard<'e> {
    seat: &'e Seat,
    open: MutexGuard<'e, Option<OpenJob>>,
}

impl Seat {
    /// Waits for the list. Where something is to be taken back, `recover` has it done first.
    fn take(&self, recover: impl FnOnce(&mut OpenJob)) -> JobGuard<'_> {
        let open = self.open.lock().unwrap_or_else(|broken| {
            self.open.clear_poison();
            let mut open = broken.into_inner();
            *open = None;
            self.open_id.store(0, Relaxed);
            open
        });
        let mut place = JobGuard { seat: self, open };
        if let Some(job) = place.open.as_mut().filter(|job| job.is_recovering()) {
            recover(job);
            place.close_if_in_doubt();
        }
        place
    }
}

impl JobGuard<'_> {
    fn close_if_in_doubt(&mut self) {
        if self.open.as_ref().is_some_and(OpenJob::is_in_doubt) {
            *self.open = None;
            self.seat.open_id.store(0, Relaxed);
        }
    }
}

impl Deref for JobGuard<'_> {
    type Target = Option<OpenJob>;

    fn deref(&self) -> &Option<OpenJob> {
        &self.open
    }
}

impl DerefMut for JobGuard<'_> {
    fn deref_mut(&mut self) -> &mut Option<OpenJob> {
        &mut self.open
    }
}

impl Drop for JobGuard<'_> {
    fn drop(&mut self) {
        self.close_if_in_doubt();
    }
}

impl Deref for Engine {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}

impl Engine {
    /// An engine that keeps its data in `home` and looks for the person's own profiles in `profiles`. Neither has to
    /// exist.
    pub fn new(home: impl Into<PathBuf>, profiles: impl Into<PathBuf>, clock: Clock) -> Engine {
        let shared = Shared {
            home: home.into(),
            profiles: profiles.into(),
            clock,
            zone: OnceLock::new(),
            store: Mutex::default(),
            work: Works::default(),
            running: sending::Running::default(),
            granted: OnceLock::new(),
            seats: Mutex::default(),
        };
        Engine::seated(Arc::new(shared))
    }

    /// The same where days begin and end as in a time zone: somebody's last day is one of those.
    pub fn in_zone(self, zone: TimeZone) -> Engine {
        // Said twice, the first counts.
        let _ = self.shared.zone.set(zone);
        self
    }

    /// The same where days are those of the place where this computer is.
    pub fn by_local_days(self) -> Engine {
        self.in_zone(TimeZone::system())
    }

    fn seated(shared: Arc<Shared>) -> Engine {
        let seat = Arc::new(Seat::default());
        let mut seats = shared.seats.lock().unwrap_or_else(PoisonError::into_inner);
        seats.retain(|seat| seat.strong_count() > 0);
        seats.push(Arc::downgrade(&seat));
        drop(seats);
        Engine { shared, seat }
    }

    /// An engine for another window, with no list open yet.
    pub fn beside(&self) -> Engine {
        Engine::seated(self.shared.clone())
    }

    /// The engine of the window that has a job open, whichever that is.
    pub fn of_job(&self, id: u32) -> Result<Engine> {
        let seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        let has_it = |seat: &Arc<Seat>| id != 0 && seat.open_id.load(Relaxed) == id;
        let seat = seats.iter().filter_map(Weak::upgrade).find(has_it).ok_or_else(nothing_open)?;
        Ok(Engine { shared: self.shared.clone(), seat })
    }

    /// How far the newest long work has come that is under way.
    pub fn progress(&self, _: ()) -> Result<Option<Progress>> {
        Ok(self.work.progress())
    }

    /// Stops the long work of this id, or all that is under way; those calls then fail with `Cancelled`, and leave nothing
    /// done.
    pub fn cancel(&self, request: Option<WorkId>) -> Result<()> {
        self.work.cancel(request.map(|work| work.id));
        Ok(())
    }

    /// ISO 8601, in UTC, to the second.
    fn now(&self) -> String {
        let now = jiff::Timestamp::try_from((self.clock)()).unwrap_or_default();
        jiff::Timestamp::from_second(now.as_second()).unwrap_or_default().to_string()
    }

    /// The day where the person is.
    fn today(&self) -> Option<jiff::civil::Date> {
        let now = jiff::Timestamp::try_from((self.clock)()).ok()?;
        let zone = self.zone.get().cloned().unwrap_or(TimeZone::UTC);
        Some(now.to_zoned_datetime(zone).date())
    }

    fn store<T>(&self, ask: impl FnOnce(&Store) -> Result<T>) -> Result<T> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        match &*store {
            Some(store) => ask(store),
            None => ask(store.insert(Store::open(&self.home, &self.now())?)),
        }
    }

    /// The place of the open job. A command that broke off halfway has left it in doubt, and it is closed: what was
    /// acknowledged is on the disk.
    fn lock_job(&self) -> JobGuard<'_> {
        self.seat.take(|job| {
            let working = self.work.begin_firmly();
            working.step("Putting the list back as it was", 0);
            job.recover();
        })
    }

    fn with_job<T>(&self, ask: impl FnOnce(&mut OpenJob) -> Result<T>) -> Result<T> {
        match &mut *self.lock_job() {
            Some(job) => ask(job),
            None => Err(nothing_open()),
        }
    }
}

fn nothing_open() -> Failure {
    Failure::state("no list is open").hint("Open a list of people first.")
}
