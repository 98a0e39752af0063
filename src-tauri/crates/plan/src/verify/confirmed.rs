//! Those of a plan whom an export has, found again in the list that it was made of.

use rustc_hash::FxHashMap;

use super::export_index::{ExportIndex, Found};
use super::{Expectation, Expected};
use muster_roster::roster::Roster;

/// Somebody of a plan whom the LMS has as planned.
pub struct Confirmed<'a> {
    /// What was planned of them.
    pub expected: &'a Expected,
    /// The export's row.
    pub row: u32,
}

/// Those who are as planned.
pub fn confirmed<'a>(planned: &'a Expectation, export: &Roster) -> Vec<Confirmed<'a>> {
    let there = ExportIndex::new(planned, export);
    let as_planned = planned.people.iter().filter(|expected| there.differs(expected).is_none());
    let all = as_planned.filter_map(|expected| match there.find(expected) {
        Found::Row(row) => Some(Confirmed { expected, row }),
        _ => None,
    });
    all.collect()
}

/// Where the list that it was planned of has them: by key, else by what is theirs alone. One who stands there twice is not found.
pub fn rows_in(
    planned: &Expectation,
    confirmed: &[Confirmed],
    roster: &Roster,
) -> Vec<Option<u32>> {
    let own = roster.columns.iter().find(|c| c.unique.is_some() && !c.is_key);
    let place =
        own.and_then(|c| planned.columns.iter().find(|p| p.in_roster(roster) == Some(c.at)));
    let mut by_own: FxHashMap<String, Option<u32>> = FxHashMap::default();
    if let Some(column) = own {
        for row in roster.table.rows() {
            let cell = roster.table.cell(row, column.at).trim().to_lowercase();
            by_own.entry(cell).and_modify(|row| *row = None).or_insert(Some(row));
        }
    }
    let find = |one: &Confirmed| {
        let key = one.expected.key.trim();
        if !key.is_empty() {
            return roster.row_of_key(key);
        }
        let cell = one.expected.cells.get(&place?.name)?.trim().to_lowercase();
        by_own.get(&cell).copied().flatten().filter(|_| !cell.is_empty())
    };
    confirmed.iter().map(find).collect()
}
