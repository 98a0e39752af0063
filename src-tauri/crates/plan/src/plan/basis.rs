//! What a plan was made from, as names that change when it does.

use std::collections::BTreeSet;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::Only;
use muster_roster::finding::Severity;
use muster_roster::profile::{Choices, Connector, Profile};
use muster_roster::roster::Roster;
use muster_rules::checker::Checker;

/// The states of everything that decides a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// Of the roster's column names and cells, as they stand.
    pub roster: String,
    /// Empty where there is no snapshot.
    pub snapshot: String,
    /// The errors that stand in the way of people; they move with loaded lists too.
    pub errors: String,
    /// Whether the LMS is said to have nobody.
    pub has_nobody: bool,
}

impl Basis {
    /// What a checker looks at now.
    pub fn of(checker: &Checker) -> Basis {
        let context = checker.context();
        Basis {
            roster: state_of(&context.roster),
            snapshot: context.snapshot.as_ref().map_or(String::new(), state_of),
            errors: errors_of(checker),
            has_nobody: context.snapshot.as_ref().is_some_and(|s| s.table.is_empty()),
        }
    }

    /// What of it is no longer as it was, in words.
    pub(super) fn moved(&self, now: &Basis) -> Option<&'static str> {
        if self.roster != now.roster {
            Some("The roster was edited")
        } else if self.snapshot != now.snapshot {
            Some("Another snapshot was taken")
        } else if self.errors != now.errors {
            Some("Problems came or went")
        } else {
            None
        }
    }

    pub(super) fn name_of(
        &self,
        profile: &Profile,
        connector: &Connector,
        choices: &Choices,
        only: Only,
        part: Option<&BTreeSet<u32>>,
    ) -> String {
        let mut hash = Sha256::new();
        let parts = [&self.roster, &self.snapshot, &self.errors, &profile.id, &profile.version];
        for part in parts.into_iter().map(String::as_str).chain([connector.id, only.word()]) {
            add(&mut hash, part);
        }
        for (policy, choice) in choices.written() {
            add(&mut hash, policy);
            add(&mut hash, choice);
        }
        if let Some(part) = part {
            part.iter().for_each(|row| hash.update(row.to_le_bytes()));
        }
        let mut name = hex::encode(hash.finalize());
        name.truncate(16);
        name
    }
}

fn add(hash: &mut Sha256, part: &str) {
    hash.update((part.len() as u64).to_le_bytes());
    hash.update(part);
}

/// A name of what a roster says. An edit that is taken back leaves it as it was.
pub fn state_of(roster: &Roster) -> String {
    const CHUNK: usize = 1 << 14;
    let table = &roster.table;
    let starts: Vec<usize> = (0..table.len()).step_by(CHUNK).collect();
    let parts: Vec<String> = starts
        .into_par_iter()
        .map(|from| {
            let mut hash = Sha256::new();
            for row in (from..(from + CHUNK).min(table.len())).filter_map(|at| table.row_at(at)) {
                match table.record(row) {
                    Some(bytes) => add(&mut hash, bytes),
                    None => {
                        hash.update((table.cells(row) as u64 | 1 << 63).to_le_bytes());
                        (0..table.cells(row)).for_each(|c| add(&mut hash, &table.cell(row, c)));
                    }
                }
            }
            hex::encode(hash.finalize())
        })
        .collect();
    let mut hash = Sha256::new();
    add(&mut hash, &roster.profile.id);
    table.names().iter().for_each(|name| add(&mut hash, name));
    for (form, used) in &roster.profile.uses {
        add(&mut hash, &format!("{form} {used:?}"));
    }
    parts.iter().for_each(|part| add(&mut hash, part));
    hex::encode(hash.finalize())
}

fn errors_of(checker: &Checker) -> String {
    let mut hash = Sha256::new();
    for row in checker.rows_with_findings() {
        for mark in checker.marks(row).iter().filter(|m| m.severity == Severity::Error) {
            let column = mark.column().map_or(u64::MAX, |c| c as u64);
            hash.update(u64::from(row).to_le_bytes());
            hash.update(column.to_le_bytes());
            hash.update([mark.rule]);
        }
    }
    for mark in checker.whole_marks().filter(|m| m.severity == Severity::Error) {
        hash.update(mark.column().map_or(u64::MAX, |c| c as u64).to_le_bytes());
        hash.update([mark.rule]);
    }
    hex::encode(hash.finalize())
}
