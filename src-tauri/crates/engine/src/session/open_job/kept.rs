//! What is kept of a job beside its steps, and how it changes: on the disk first.

use std::path::Path;
use std::sync::Arc;

use super::OpenJob;
use crate::accounts;
use crate::session::Engine;
use crate::session::accounts::Attachment;
use crate::session::own_file::FileNotice;
use crate::session::values::ValueMaps;
use muster_plan::plan::{Plan, few};
use muster_plan::worksheet::{Told, is_catching_up, is_completing};
use muster_store::accounts::{AccountRecord, AccountSnapshot};
use muster_store::jobs::JobFacts;
use muster_store::own_files;
use muster_store::snapshots::SnapshotRecord;
use muster_table::error::{Failure, FailureKind, Result};
use muster_table::narrow::count as number;
use muster_table::words::counted;
use muster_table::words::people;

impl Engine {
    /// Says otherwise what is kept of a job.
    pub(in crate::session) fn commit_facts(
        &self,
        job: &mut OpenJob,
        facts: JobFacts,
    ) -> Result<()> {
        self.store(|store| store.set_facts(&job.lock, &facts))?;
        job.facts = facts;
        Ok(())
    }

    /// Has what Home shows of the list agree with it.
    pub(super) fn count_people(&self, job: &mut OpenJob) {
        let people = number(job.table().len());
        if people != job.facts.people {
            // The step itself is on the disk.
            let _ = self.commit_facts(job, JobFacts { people, ..job.facts.clone() });
        }
    }
}

impl OpenJob {
    /// Takes over what the store has of the job by now.
    pub fn is_kept_as(&mut self, facts: JobFacts, snapshots: Vec<SnapshotRecord>) {
        (self.facts, self.snapshots) = (facts, snapshots);
    }

    /// Takes over what the store remembers of values that were replaced.
    pub fn remembers(&mut self, values: ValueMaps) {
        self.values = values;
    }

    /// Which account it is of from now on, and why.
    pub fn is_of(&mut self, attachment: Attachment) {
        self.attachment = attachment;
    }

    /// Takes over what is kept of its account by now.
    pub fn knows_account(&mut self, record: AccountRecord) {
        self.attachment.account = Some(record);
    }

    pub fn add_notice(&mut self, notice: String) {
        self.notices.push(notice);
    }

    /// What is to be told of what Muster put in by itself, because the list lacked it or the LMS was changed, for as long
    /// as it is.
    pub fn completed(&self) -> Told {
        let is_own = |sentence: &str| is_completing(sentence) || is_catching_up(sentence);
        let stands = self.steps.iter().any(|step| !step.undone && is_own(&step.sentence));
        let told = self.facts.completed.clone();
        if stands { told } else { Told { there: told.there, ..Told::default() } }
    }

    /// That somebody else changed people in the LMS whom the list has otherwise.
    fn changed_there(&self) -> Option<String> {
        let now = self.checker().context().snapshot.as_ref()?;
        let there = &self.facts.completed.there;
        let all = there.standing(self.roster(), now).told(self.roster(), now);
        (!all.is_empty()).then(|| {
            format!(
                "Changed here and in {} since, and left as it is here: {}. The plan holds them.",
                self.roster().profile.called(),
                few(&all)
            )
        })
    }

    /// What the account of the list has, where that is newer than what the list is compared with: another list, or the
    /// command, brought it.
    pub fn newer_in_account(&self) -> Option<&AccountSnapshot> {
        let kept = self.attachment.account.as_ref()?.facts.snapshot()?;
        let mine = self.snapshots.first()?;
        let is_newer = accounts::is_before(&mine.facts.at, &kept.at);
        (is_newer && kept.sha256 != mine.sha256).then_some(kept)
    }

    fn told_of_account(&self) -> Option<String> {
        let kept = self.newer_in_account()?;
        Some(format!(
            "The account `{}` knows what {} had later than what this list is compared with: {}, from {}. Take it under “File ▸ What the LMS has now…”.",
            self.account_name().unwrap_or_default(),
            self.roster().profile.called(),
            people(kept.people as usize),
            if kept.source.is_empty() { "an export" } else { kept.source.as_str() },
        ))
    }

    /// What to tell in a strip.
    pub(super) fn told_once(&self) -> Vec<String> {
        let says: Vec<String> =
            self.changed_there().into_iter().chain(self.completed().says).collect();
        let completed = (!says.is_empty()).then(|| at_a_glance(&says));
        self.notices
            .iter()
            .cloned()
            .chain(completed)
            .chain(self.nobody_known())
            .chain(self.told_of_account())
            .collect()
    }

    /// That what the LMS has knows nobody of the list, which may be right of a list of newcomers only.
    fn nobody_known(&self) -> Option<String> {
        const FEW: usize = 3;
        let has =
            self.snapshots.first().map(SnapshotRecord::card).filter(|card| card.people > 0)?;
        let table = self.table();
        if table.len() < FEW || !table.rows().all(|row| self.changes().is_new(row)) {
            return None;
        }
        let lms = self.roster().profile.called();
        Some(format!(
            "Nobody of this list is in what {lms} has, {}. Unless all of them are new, it is the export of another company, \
             or the key is not the same in both.",
            match has.source.as_str() {
                "" => people(has.people as usize),
                source => format!("`{source}` with {}", people(has.people as usize)),
            }
        ))
    }

    /// What its account is called; none where it is of none.
    pub fn account_name(&self) -> Option<&str> {
        self.attachment.account.as_ref().map(|record| record.name.as_str())
    }

    /// Keeps the plan that was made of the list as it stands.
    pub fn is_planned(&mut self, plan: Plan) {
        self.plan = Some((self.revision, Arc::new(plan)));
    }

    /// The plan of this name, as long as nothing has moved since it was made.
    pub fn plan_of(&mut self, id: &str) -> Result<Arc<Plan>> {
        let known = self.plan.as_ref().filter(|(_, plan)| plan.id == id);
        let Some((revision, plan)) = known else {
            return Err(Failure::new(FailureKind::Stale, "this plan is no longer there")
                .hint("Make the plan anew."));
        };
        let plan = plan.clone();
        if *revision != self.revision {
            plan.must_be_current(self.checker())?;
            self.plan = Some((self.revision, plan.clone()));
        }
        Ok(plan)
    }

    /// Notices whether the person's own file was changed by another program.
    pub fn look_at_file(&mut self) {
        let (file, name) = (&self.facts.file, &self.facts.name);
        let Some(stamp) = self.facts.stamp.filter(|_| !file.is_empty()) else { return };
        self.file_notice = match own_files::stamp(Path::new(file)) {
            Ok(now) if now == stamp => None,
            Ok(_) => Some(FileNotice {
                says: format!(
                    "Another program has changed `{name}` since it was opened here. You see it as it was; your steps are safe."
                ),
                changed: true,
            }),
            Err(_) => Some(FileNotice {
                says: format!(
                    "`{name}` is no longer where it was. Muster goes on with its own copy; save a copy to have it as a file."
                ),
                changed: false,
            }),
        };
    }

    /// That the person's own file is no longer as it was, when it was looked at last.
    pub fn file_notice(&self) -> Option<&FileNotice> {
        self.file_notice.as_ref()
    }

    /// From now on nothing of it is changed, or something may be again.
    pub fn is_looked_at_only(&mut self, only: bool) {
        self.look_only = only;
    }

    /// Nothing of it is to be changed.
    pub fn is_look_only(&self) -> bool {
        self.look_only
    }

    /// Fails where the list is only looked at.
    pub fn may_change(&self) -> Result<()> {
        if !self.look_only {
            return Ok(());
        }
        Err(Failure::new(
            FailureKind::State,
            format!("nothing of `{}` was changed", self.facts.name),
        )
        .why("you are only looking at it")
        .hint("Choose File, Look only, to change it."))
    }
}

/// The sentences as one notice, a line for each, and how many more there are than anybody reads at once; the plan has them person by person.
fn at_a_glance(says: &[String]) -> String {
    const FEW: usize = 6;
    let mut notice = says[..says.len().min(FEW)].join("\n");
    if let Some(more) = says.len().checked_sub(FEW).filter(|more| *more > 0) {
        notice.push_str(&format!("\nAnd {} more.", counted(more, "sentence", "sentences")));
    }
    notice
}
