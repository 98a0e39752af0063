//! What checks across columns have in common: the profile's checks of one kind, with the columns that they are about.

use super::{CheckContext, FindingText, Person};
use muster_roster::finding::Severity;
use muster_roster::profile::{CrossCheck, CrossKind};

/// A check of the profile, and where its fields stand in the file.
pub(super) struct Across<'a> {
    pub check: &'a CrossCheck,
    pub columns: Vec<usize>,
}

/// The checks of a kind all of whose columns are there.
pub(super) fn of_kind(context: &CheckContext, kind: CrossKind) -> impl Iterator<Item = Across<'_>> {
    let checks = context.roster.profile.checks.iter().filter(move |check| check.kind == kind);
    checks.filter_map(|check| {
        let columns = check.fields.iter().map(|field| context.roster.column_of(field));
        Some(Across { check, columns: columns.collect::<Option<_>>()? })
    })
}

impl Across<'_> {
    /// How grave a finding is.
    pub fn severity(&self) -> Option<Severity> {
        self.check.severity
    }

    /// A finding with the author's reason behind it.
    pub fn text(&self, person: &Person, column: usize, message: String) -> FindingText {
        let says = self.check.says.trim().trim_end_matches('.');
        let message = if says.is_empty() { message } else { format!("{message}. {says}") };
        FindingText::new(person.cell(column).trim(), message)
    }
}

/// Whether all cells that the checks of a kind see beside a column are as the LMS exported them.
pub(super) fn is_as_exported(
    context: &CheckContext,
    (row, was, column): (u32, u32, usize),
    kind: CrossKind,
) -> bool {
    of_kind(context, kind)
        .filter(|across| across.columns.contains(&column))
        .flat_map(|across| across.columns)
        .all(|other| context.is_cell_as_exported(row, was, other))
}
