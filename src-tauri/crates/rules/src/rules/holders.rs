//! Who in the LMS has a value that no two people may share, and has it still when the file has been imported.

use super::CheckContext;
use super::context::unique_form;
use muster_roster::profile::{Blank, ByFile, Existing, Missing, Scope};
use muster_roster::roster::{Column, hash_of};

/// Somebody of the snapshot who keeps a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// The snapshot's row.
    pub was: u32,
    /// Why the value is not free.
    pub keeps: Keeps,
}

/// Why somebody keeps a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeps {
    /// The file leaves them out.
    LeftOut,
    /// The file gives them another, in this row, and the LMS does not take it.
    NotTaken(u32),
    /// The file has a blank there, in this row, and the LMS keeps what was there.
    BlankKeeps(u32),
    /// The same, but nobody has written down what a blank does.
    BlankUnknown(u32),
}

impl CheckContext {
    /// Who else in the LMS has the value that a row has in a column of unique values, and keeps it. Nobody where the
    /// person had it before, be it under another key, or where whoever has it gets another by the same file.
    pub fn holder(&self, row: u32, column: &Column) -> Option<Holder> {
        let index = self.snapshot_uniques[column.at].as_ref()?;
        if !self.is_apart(row) {
            return None;
        }
        let cell = self.roster.table.cell(row, column.at);
        let form = unique_form(column, &cell)?;
        let has_it = |was: &u32| {
            let had = self.was_cell(*was, column.at).unwrap_or_default();
            unique_form(column, &had).is_some_and(|had| had == form)
        };
        let mut holders: Vec<u32> = index.rows(hash_of(&form)).filter(has_it).collect();
        holders.sort_unstable();
        if holders.is_empty() {
            return None;
        }
        // What nobody declared unique says nothing where several had it before; who else the row may be is told already.
        let is_known = || self.claim(row).is_some_and(|claim| holders.contains(&claim.was));
        if column.unique.is_none() && (holders.len() > 1 || is_known()) {
            return None;
        }
        let own = self.own(row);
        if own.is_some_and(|own| holders.contains(&own)) {
            return None;
        }
        holders.into_iter().find_map(|was| Some(Holder { was, keeps: self.keeps(was, column)? }))
    }

    /// Why a person of the snapshot has the value in a column still after the import; none where it becomes free, or
    /// the file has it on their row as well.
    fn keeps(&self, was: u32, column: &Column) -> Option<Keeps> {
        let key = self.snapshot.as_ref()?.key_text(was);
        if key.trim().is_empty() {
            return None;
        }
        let mut rows: Vec<u32> = self.roster.rows_of_key(&key).collect();
        rows.sort_unstable();
        let Some(&row) = rows.first() else {
            return (self.choices.missing != Some(Missing::Delete)).then_some(Keeps::LeftOut);
        };
        let before = self.was_cell(was, column.at)?;
        let form = unique_form(column, &before)?;
        let now = |row: &u32| self.roster.table.cell(*row, column.at);
        let holds = |row: &u32| unique_form(column, &now(row)).is_some_and(|now| now == form);
        if rows.iter().any(holds) {
            return None;
        }
        let field = self.roster.field(column.at)?;
        let after = now(&row);
        let unchanged = self.roster.profile.existing == Existing::Ignored
            || self.choices.scope == Some(Scope::New)
            || field.read_only
            || field.create_only
            || field.by_file(&before, &after) == ByFile::No;
        if unchanged {
            return Some(Keeps::NotTaken(row));
        }
        if !after.trim().is_empty() {
            return None;
        }
        match field.blank.or(self.choices.blanks) {
            Some(Blank::Clear) => None,
            Some(Blank::Keep) => Some(Keeps::BlankKeeps(row)),
            None => Some(Keeps::BlankUnknown(row)),
        }
    }

    /// The one row that has what a person of the snapshot had in a column of unique values: whether that is free hangs
    /// on what becomes of the person. Of several rows each is told about the others.
    pub(crate) fn taker(&self, was: u32, column: usize) -> Option<u32> {
        let (index, column) = (self.uniques[column].as_ref()?, &self.roster.columns[column]);
        let had = self.was_cell(was, column.at)?;
        let form = unique_form(column, &had)?;
        let same = |row: &u32| {
            let cell = self.roster.table.cell(*row, column.at);
            unique_form(column, &cell).is_some_and(|now| now == form)
        };
        let mut rows = index.rows(hash_of(&form)).filter(same);
        rows.next().filter(|_| rows.next().is_none())
    }
}
