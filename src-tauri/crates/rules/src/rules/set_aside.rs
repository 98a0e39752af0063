//! What is found and not told at its place: what a cell has that is as the LMS exported it, and what was waived. The law
//! is here and in no rule; a rule only says what it [`Concerns`].

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::{
    CheckContext, Concerns, Mark, RULES, character_invisible, character_refused, letter_lookalike,
    space_stray,
};
use muster_roster::finding::Severity;

/// Why a finding is not told at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Nobody changed the cell: the LMS has it so.
    AsExported,
    /// Somebody let it stand; the waiver's place.
    Waived(usize),
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum About {
    Row(u32),
    /// A row of the snapshot, of somebody who is not in the file.
    Absent(u32),
    Header,
    Whole,
}

/// What was set aside, by what it is about, and what that comes to.
#[derive(Debug, Default)]
pub struct SetAside {
    found: FxHashMap<About, Vec<(Mark, Why)>>,
    columns: BTreeMap<usize, ColumnAside>,
    /// How many findings each waiver lets stand.
    waived: BTreeMap<usize, u32>,
}

/// What a column has that the LMS exported so.
#[derive(Debug, Clone, Default)]
pub struct ColumnAside {
    /// How many cells.
    pub cells: u32,
    /// How many findings of each rule.
    pub by_rule: BTreeMap<u8, u32>,
}

impl SetAside {
    /// Puts in what is set aside of something now, in the place of what was.
    pub fn put(&mut self, about: About, now: Vec<(Mark, Why)>) {
        if now.is_empty() && self.found.is_empty() {
            return;
        }
        let was = self.found.remove(&about).unwrap_or_default();
        self.tally(&was, -1);
        self.tally(&now, 1);
        if !now.is_empty() {
            self.found.insert(about, now);
        }
    }

    fn tally(&mut self, marks: &[(Mark, Why)], by: i32) {
        let step = |n: &mut u32| *n = n.saturating_add_signed(by);
        let mut seen: Vec<usize> = Vec::new();
        for (mark, why) in marks {
            match (why, mark.column()) {
                (Why::Waived(waiver), _) => step(self.waived.entry(*waiver).or_default()),
                (Why::AsExported, Some(column)) => {
                    let aside = self.columns.entry(column).or_default();
                    step(aside.by_rule.entry(mark.rule).or_default());
                    if !seen.contains(&column) {
                        seen.push(column);
                        step(&mut aside.cells);
                    }
                }
                (Why::AsExported, None) => {}
            }
        }
        self.columns.retain(|_, aside| aside.cells > 0);
        self.columns.values_mut().for_each(|aside| aside.by_rule.retain(|_, n| *n > 0));
        self.waived.retain(|_, n| *n > 0);
    }

    /// What is set aside of a row.
    pub(crate) fn of_row(&self, row: u32) -> &[(Mark, Why)] {
        if self.found.is_empty() {
            return &[];
        }
        self.found.get(&About::Row(row)).map_or(&[], Vec::as_slice)
    }

    /// The rows of which something is set aside.
    pub fn rows(&self) -> impl Iterator<Item = u32> + '_ {
        self.found.keys().filter_map(|about| match about {
            About::Row(row) => Some(*row),
            _ => None,
        })
    }

    /// What each column has that the LMS exported so, in the order of the columns.
    pub fn columns(&self) -> impl Iterator<Item = (usize, &ColumnAside)> {
        self.columns.iter().map(|(column, aside)| (*column, aside))
    }

    /// How many findings were waived, by the waiver's place.
    pub fn waived(&self) -> &BTreeMap<usize, u32> {
        &self.waived
    }
}

/// Whether nobody has written if the LMS refuses it. That it has such a value is a word for it.
fn is_only_unsure(mark: &Mark) -> bool {
    RULES[usize::from(mark.rule)].code == character_refused::RULE.code
        && mark.severity != Severity::Error
}

/// Whether it is about how a value is written, and not about what it says.
fn is_about_form(mark: &Mark) -> bool {
    let code = RULES[usize::from(mark.rule)].code;
    [space_stray::RULE.code, character_invisible::RULE.code, letter_lookalike::RULE.code]
        .contains(&code)
}

impl CheckContext {
    /// Whether a cell is as the snapshot has it of that person.
    pub(super) fn is_cell_as_exported(&self, row: u32, was: u32, column: usize) -> bool {
        self.was_cell(was, column).is_some_and(|had| had == self.roster.table.cell(row, column))
    }

    fn has_blank_key(&self, row: u32) -> bool {
        self.roster.key.is_none_or(|key| self.roster.table.cell(row, key).trim().is_empty())
    }

    /// Why each of some marks of a row is set aside. `values` makes what was found by
    /// each, in the same order; it is asked only where somebody waived something.
    pub(crate) fn asides(
        &self,
        row: Option<u32>,
        marks: &[Mark],
        values: impl FnOnce() -> Vec<String>,
    ) -> Vec<Option<Why>> {
        let mut why = vec![None; marks.len()];
        if marks.iter().any(|mark| self.waivers.is_about(mark.rule)) {
            for ((why, mark), value) in why.iter_mut().zip(marks).zip(values()) {
                *why = self.waived(mark, &value);
            }
        }
        // A file that is its own snapshot silences nothing; what is only not documented is told once for a column.
        let own = self.is_own_snapshot();
        let may_be_aside = |mark: &Mark| !own || is_only_unsure(mark);
        let was = row.filter(|row| !self.is_someone_else(*row));
        let Some((row, was)) = was.and_then(|row| Some((row, self.was(row)?))) else { return why };
        let told = why.iter_mut().zip(marks).filter(|(why, _)| why.is_none());
        for (why, mark) in told.filter(|(_, mark)| may_be_aside(mark)) {
            *why = self.is_as_exported(row, was, mark).then_some(Why::AsExported);
        }
        why
    }

    fn waived(&self, mark: &Mark, value: &str) -> Option<Why> {
        let row = (mark.row != Mark::NOWHERE).then_some(mark.row);
        self.waivers.of(self, mark.rule, (row, mark.column()), value).map(Why::Waived)
    }

    /// The law: nobody changed it, so it stops nobody, unless the vendor's own words say that it is refused.
    fn is_as_exported(&self, row: u32, was: u32, mark: &Mark) -> bool {
        let Some(column) = mark.column() else { return false };
        let stands_in = || Some(column) == self.roster.key_fallback && self.has_blank_key(row);
        let is_key = Some(column) == self.roster.key || stands_in();
        let beside = match RULES[mark.rule as usize].concerns {
            Concerns::Value => true,
            Concerns::Beside(others) => others(self, row, was, column),
            Concerns::File
            | Concerns::Reading
            | Concerns::Identity
            | Concerns::Damage
            | Concerns::Change => false,
        };
        // A key with a space is told once as well: the LMS has it so, and people are found by it.
        let may_be = || !is_key || is_about_form(mark);
        beside && may_be() && !self.refuses(mark.rule) && self.is_cell_as_exported(row, was, column)
    }
}
