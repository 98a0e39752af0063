//! The sample: forty invented people with nine planted mistakes, and what the LMS had before.

use super::Engine;
use super::job::JobView;
use super::opening::Incoming;
use super::snapshots::Origin;
use muster_store::jobs::JobRecord;
use muster_table::error::Result;
use muster_table::reading::ReadAs;

const ROSTER: &[u8] = include_bytes!("../../samples/edapp.csv");
const SNAPSHOT: &[u8] = include_bytes!("../../samples/edapp-snapshot.csv");
const NAME: &str = "Sample list";

impl Engine {
    /// Opens the sample roster with its earlier snapshot, as a fresh job.
    pub fn open_sample(&self, _: ()) -> Result<JobView> {
        let mut place = self.lock_job();
        let working = self.work.begin();
        let incoming = Incoming {
            bytes: ROSTER.to_vec(),
            name: NAME.into(),
            file: String::new(),
            stamp: None,
            profile: None,
            read_as: ReadAs::default(),
        };
        self.forget_untouched_samples();
        let mut job = self.begin(incoming, &working)?;
        let before = working.read(SNAPSHOT.to_vec(), NAME, &ReadAs::default())?.table;
        let note = "What the LMS had last month".to_owned();
        let snapshot = self.keep_as_snapshot(
            &mut job,
            before,
            Origin { source: NAME.to_owned(), note, at: None },
        )?;
        let seen = job.rebuilt(&working, |sources| sources.snapshot = Some(snapshot))?;
        job.take_rebuilt(seen);
        Ok(self.put(&mut place, job).view())
    }

    /// Samples that somebody looked at and left as they were would fill Home.
    fn forget_untouched_samples(&self) {
        let untouched = |job: &JobRecord| {
            job.facts.name == NAME && job.facts.file.is_empty() && job.unsent == 0
        };
        let forget = self.store(|store| {
            for job in store.jobs()?.into_iter().filter(untouched) {
                if store.steps(job.id)?.is_empty() && !store.is_held(job.id) {
                    store.forget(job.id)?;
                }
            }
            Ok(())
        });
        // They do no harm where they stay.
        let _ = forget;
    }
}
