//! The account that `--account` names, and what it brings to a roster.

use std::collections::BTreeMap;
use std::path::Path;

use muster_engine::accounts::{self, Origin, Packed};
use muster_engine::checker::Checker;
use muster_engine::error::{Failure, Result};
use muster_engine::lists::Lists;
use muster_engine::plan::{ChangedThere, Plan, Protected};
use muster_engine::profile::{Profile, Uses};
use muster_engine::profiles::Chosen;
use muster_engine::push::Target;
use muster_engine::roster::{Column, Roster};
use muster_engine::store::Store;
use muster_engine::store::accounts::AccountRecord;
use muster_engine::store::own_files;
use muster_engine::table::Table;
use muster_engine::value_map::ValueMap;
use muster_engine::worksheet::{self, Known};
use serde::Serialize;

use crate::arguments::{Against, Shared};
use crate::clock;
use crate::on_disk::{name, profiles};
use crate::reaching::store;

/// Who is not taken away: whom the account keeps as protected, and whom the connection signs in as.
pub fn protected_of(account: Option<&OfAccount>, target: Option<&Target>) -> Result<Protected> {
    let facts = account.map(|account| &account.record.facts);
    match (account, target) {
        (None, None) => Ok(Protected::default()),
        (Some(account), target) => accounts::protected_of(&account.store, facts, target),
        (None, target) => accounts::protected_of(&store()?, facts, target),
    }
}

/// An account, with the store that has it.
pub struct OfAccount {
    pub store: Store,
    pub record: AccountRecord,
}

impl OfAccount {
    /// The one that was named; none where none was.
    pub fn named(shared: &Shared) -> Result<Option<OfAccount>> {
        shared.account.as_deref().map(OfAccount::of).transpose()
    }

    /// The account of this name.
    pub fn of(name: &str) -> Result<OfAccount> {
        let store = store()?;
        let record = store.account_named(name)?;
        Ok(OfAccount { store, record })
    }

    /// Its LMS's profile; `named` may only say the same. With the account's own template, unless another was named.
    pub fn profile(&self, named: Option<&str>, with_template: bool) -> Result<Chosen> {
        if let Some(named) = named.filter(|named| *named != self.record.profile) {
            let name = &self.record.name;
            return Err(Failure::state(format!("the account `{name}` is of another LMS"))
                .why(format!("its profile is `{}`, not `{named}`", self.record.profile))
                .hint("Leave out --profile, or name another account."));
        }
        let mut account = self.record.clone();
        account.facts.template = account.facts.template.filter(|_| with_template);
        accounts::profile_of(&account, &mut profiles()?)
    }

    /// Its lists.
    pub fn lists(&self) -> Lists {
        accounts::lists_of(&self.record.facts)
    }

    /// All that it knows of values, and what somebody let stand.
    pub fn known(&self) -> Known {
        accounts::known_of(&self.record.facts)
    }

    /// What it answers to policies.
    pub fn answers(&self, profile: &Profile, names: &[String]) -> BTreeMap<String, String> {
        accounts::answers_of(&self.record.facts, profile, names)
    }

    /// What columns of these names are used as.
    pub fn uses(&self, names: &[String]) -> Uses {
        accounts::uses_for(&self.record.facts, names)
    }

    /// What its LMS has, and how many days ago it had that.
    pub fn snapshot(&self) -> Result<(Option<Table>, Option<u32>)> {
        let Some(kept) = self.record.facts.snapshot() else { return Ok((None, None)) };
        let table = accounts::snapshot_table(&self.store, self.record.id, kept)?;
        let taken = kept.at.parse::<jiff::Timestamp>().ok();
        let now = clock::now().as_second();
        Ok((Some(table), taken.and_then(|at| worksheet::days_between(at.as_second(), now))))
    }
}

impl OfAccount {
    /// What somebody else changed in the LMS between the snapshots that are kept, where a file still has what was there
    /// before: it would be set back. What a push left behind differs from the one before by that push, and is ours.
    pub fn changed_there(&self, roster: &Roster, now: &Roster) -> Result<ChangedThere> {
        let mut there = ChangedThere::default();
        let read = |kept| {
            let table = accounts::snapshot_table(&self.store, self.record.id, kept)?;
            Ok::<Roster, Failure>(Roster::read(table, now.profile.clone()))
        };
        for pair in self.record.facts.snapshots.windows(2) {
            let [after, before] = pair else { continue };
            if accounts::is_found_after(after) {
                continue;
            }
            if let Some(caught) = worksheet::catch_up(roster, &read(before)?, &read(after)?) {
                there.extend(caught.there);
                there.extend(worksheet::set_back(&caught.change.edits, roster));
            }
        }
        Ok(there)
    }

    /// Keeps what a plan that is carried out leaves to be done by hand, and what kind of file it was made of. Answers how
    /// much is to be done by hand in all.
    pub fn planned(
        &self,
        plan: &Plan,
        checker: &Checker,
        file: &str,
        asked: bool,
    ) -> Result<usize> {
        let now = clock::stamp();
        let context = checker.context();
        // Another snapshot was named: then it is older or newer than what was ticked, and nobody knows which.
        let known_at = self.record.facts.snapshot().filter(|_| !asked).map(|kept| kept.at.clone());
        self.store.change_account(self.record.id, |facts| {
            let rosters = (&context.roster, context.snapshot.as_ref());
            accounts::remember_report(facts, rosters, file, &now);
            facts.to_do.add(&plan.left_to_do(), file, &known_at.unwrap_or_default(), &now);
            Ok(facts.to_do.open().count())
        })
    }

    /// Takes a fresh export as what the LMS has, and ticks what it shows to be done. One that is older than what the
    /// account has shows what the LMS had once: nothing of it is taken over.
    pub fn proved(&self, export: &Roster, file: &Path) -> Result<Seen> {
        let (name, now) = (name(file), clock::stamp());
        let taken = taken_at(file);
        if let Some(newer) = accounts::newer_than(&self.record.facts, &taken) {
            return Ok(Seen {
                name: self.record.name.clone(),
                snapshot: newer.at.clone(),
                not_taken_over: Some(accounts::is_older(&name, &taken, newer)),
                seen: Vec::new(),
                open_again: Vec::new(),
                to_do: self.record.facts.to_do.open().count(),
            });
        }
        let packed = Packed::of(export.table.clone(), &export.profile)?;
        let origin = Origin { at: taken, source: name.clone(), note: String::new() };
        let snapshot = accounts::keep_snapshot(&self.store, self.record.id, (&packed, origin))?;
        self.store.change_account(self.record.id, |facts| {
            let (seen, open_again) = facts.to_do.see(export, &name, &now);
            let to_do = facts.to_do.open().count();
            let name = self.record.name.clone();
            let snapshot = snapshot.at;
            Ok(Seen { name, snapshot, not_taken_over: None, seen, open_again, to_do })
        })
    }

    /// The text of a recipe that it keeps.
    pub fn recipe(&self, named: &Path) -> Option<&str> {
        self.record.facts.recipes.get(named.to_str()?).map(String::as_str)
    }

    /// What values of a roster become by what the account keeps, column by column.
    pub fn replacements(&self, roster: &Roster) -> Vec<(Column, ValueMap)> {
        let values = &self.record.facts.values;
        let of = |column: &Column| {
            let place = match roster.field(column.at) {
                Some(field) => format!("field:{}", field.id),
                None => format!("column:{}", column.form),
            };
            Some((column.clone(), values.get(&place)?.clone()))
        };
        roster.columns.iter().filter_map(of).collect()
    }
}

/// What a fresh export changed of an account.
#[derive(Debug, Serialize)]
pub struct Seen {
    name: String,
    /// When the export was taken that is now its snapshot.
    snapshot: String,
    /// Why this export is not that one; none where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_taken_over: Option<String>,
    /// What was to be done by hand and is done, by number.
    pub seen: Vec<u32>,
    /// What was ticked and is not so.
    pub open_again: Vec<u32>,
    /// How much is still to be done by hand.
    pub to_do: usize,
}

impl Seen {
    /// The same in sentences.
    pub fn lines(&self) -> Vec<String> {
        let numbers = |all: &[u32]| all.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
        let name = &self.name;
        let mut lines = match &self.not_taken_over {
            None => vec![format!("`{name}` takes this export as what the LMS has.")],
            Some(why) => vec![
                format!("`{name}` does not take this export as what the LMS has: {why}."),
                "Export the list from the LMS again, and prove with that file.".to_owned(),
            ],
        };
        if !self.seen.is_empty() {
            lines.push(format!("Done by hand, as the export shows: {}", numbers(&self.seen)));
        }
        if !self.open_again.is_empty() {
            lines.push(format!("Ticked, but not so in the export: {}", numbers(&self.open_again)));
        }
        if self.to_do > 0 {
            lines.push(format!(
                "{} to do by hand: muster accounts done \"{}\"",
                self.to_do, self.name
            ));
        }
        lines
    }
}

/// When an export was taken: when its file was last written.
pub fn taken_at(file: &Path) -> String {
    let modified = own_files::stamp(file).ok().map(|stamp| stamp.modified).filter(|at| *at > 0);
    let at = modified.and_then(|at| jiff::Timestamp::from_nanosecond(i128::from(at)).ok());
    let at = at.map(|at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    at.unwrap_or_else(clock::stamp)
}

/// What the LMS has, where something has to say it: `--against`, or the account that was named.
pub fn must_know(shared: &Shared, against: Option<&Against>) -> Result<()> {
    let Some(account) = OfAccount::named(shared)?.filter(|_| against.is_none()) else {
        return Ok(());
    };
    if account.record.facts.snapshot().is_some() {
        return Ok(());
    }
    let name = &account.record.name;
    Err(Failure::state("nobody has said what the LMS has now")
        .why(format!("the account `{name}` has no snapshot"))
        .hint(format!(
            "Name an export with --against FILE, or `none` where all of these are new; or keep one: muster accounts set \
             \"{name}\" --snapshot FILE"
        )))
}
