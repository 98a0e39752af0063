//! What a rule is shown: a cell, a person, somebody who is not in the file.

use std::cell::OnceCell;

use super::{CheckContext, Claim, ClaimBasis};
use muster_roster::finding::{Fix, Safety};
use muster_roster::roster::Column;
use muster_table::edit::Edit;
use muster_table::narrow;
use muster_table::words::quoted;

/// One text, to be looked at. Of equal texts in a column, [`RuleScope::Value`] may get the first alone.
pub struct Cell<'a> {
    /// What else there is to look at.
    pub context: &'a CheckContext,
    /// The row's id; of equal texts, that of the first that was met.
    pub row: u32,
    /// The column it stands in.
    pub column: &'a Column,
    /// The whole text.
    pub text: &'a str,
    /// Its single values; one, where the column has no separator, and none where it is blank.
    pub values: &'a [&'a str],
    /// Whether it stands in a row that is a title, a total or blank, about which another rule has its say.
    pub is_nobodys: bool,
}

/// One row, to be looked at as a person.
#[derive(Clone, Copy)]
pub struct Person<'a> {
    /// What else there is to look at.
    pub context: &'a CheckContext,
    /// The row's id.
    pub row: u32,
    /// The key, or what stands in for it.
    pub key: &'a str,
    /// Whether the row is a title, a total or blank.
    pub is_nobody: bool,
    /// The snapshot's row of the same key, where there is exactly one.
    pub was: Option<u32>,
    /// Whether any cell is another than in that row.
    pub differs: bool,
    /// Which cells are, once a rule has asked; of the row that was asked about.
    pub(crate) changed: &'a OnceCell<ChangedIn>,
}

/// The cells of a row that are other than in the snapshot.
#[derive(Debug)]
pub(crate) struct ChangedIn {
    row: u32,
    was: Option<u32>,
    columns: Vec<usize>,
}

/// A cell that is other than in the snapshot.
pub struct Changed<'a> {
    /// The column as the roster has it.
    pub column: &'a Column,
    /// What the snapshot has.
    pub before: std::borrow::Cow<'a, str>,
    /// What the roster has.
    pub now: std::borrow::Cow<'a, str>,
}

/// Somebody of the snapshot whose key nobody in the roster has.
pub struct Absent<'a> {
    /// What else there is to look at.
    pub context: &'a CheckContext,
    /// The snapshot's row.
    pub was: u32,
}

impl Cell<'_> {
    /// A fix that puts another text into this cell.
    pub fn fix(&self, title: impl Into<String>, safety: Safety, after: impl Into<String>) -> Fix {
        Fix { title: title.into(), safety, edits: vec![self.set(after)] }
    }

    /// An edit that puts another text into this cell.
    pub fn set(&self, after: impl Into<String>) -> Edit {
        Edit::Set {
            row: self.row,
            column: narrow::place(self.column.at),
            before: self.text.to_owned(),
            after: after.into(),
        }
    }

    /// Whether the snapshot is known to have the same here, without a look at it.
    pub(crate) fn is_as_before(&self) -> bool {
        let (context, at) = (self.context, self.column.at);
        context.was(self.row).is_some()
            && !context.differs(self.row)
            && context.snapshot_columns.get(at).is_some_and(Option::is_some)
            && self.text == context.roster.table.cell(self.row, at)
    }

    /// What the snapshot has in this place, where it knows the person; be it under another key.
    pub fn was(&self) -> Option<std::borrow::Cow<'_, str>> {
        let context = self.context;
        let sure = |claim: &Claim| matches!(claim.how, ClaimBasis::Damaged(_) | ClaimBasis::Plain);
        let claimed = || context.claim(self.row).filter(sure).map(|claim| claim.was);
        // Under a key that is another's stands somebody else: nothing of that other is theirs.
        let own = context.was(self.row).filter(|_| !context.is_someone_else(self.row));
        context.was_cell(own.or_else(claimed)?, self.column.at)
    }

    /// Whether a stray character here does harm: it makes another key or another group.
    pub fn is_exact(&self) -> bool {
        self.column.is_key || self.column.list.is_some()
    }
}

impl<'a> Person<'a> {
    /// The text in a column of this row.
    pub fn cell(&self, column: usize) -> std::borrow::Cow<'a, str> {
        self.context.roster.table.cell(self.row, column)
    }

    /// What the snapshot has in a column of the roster.
    pub fn was_cell(&self, column: usize) -> Option<std::borrow::Cow<'a, str>> {
        self.context.was_cell(self.was?, column)
    }

    /// An edit that puts another text into a column of this row.
    pub fn set(&self, column: usize, after: impl Into<String>) -> Edit {
        Edit::Set {
            row: self.row,
            column: narrow::place(column),
            before: self.cell(column).into_owned(),
            after: after.into(),
        }
    }

    /// The cells that are other than in the snapshot, also of somebody under a damaged key. None where the row is
    /// plainly somebody else's, or a column was moved as a whole: that is one fault, and not one in each cell.
    pub fn changes(&self) -> Vec<Changed<'a>> {
        let mut anew = None;
        let known = match self.changed.get_or_init(|| self.changed_in()) {
            known if known.row == self.row => known,
            _ => anew.insert(self.changed_in()),
        };
        let Some(was) = known.was else { return Vec::new() };
        let changed = |column: &usize| {
            let before = self.context.was_cell(was, *column)?;
            let column = &self.context.roster.columns[*column];
            Some(Changed { column, before, now: self.cell(column.at) })
        };
        known.columns.iter().filter_map(changed).collect()
    }

    fn changed_in(&self) -> ChangedIn {
        let context = self.context;
        let own = self.was.filter(|_| self.differs && !context.is_someone_else(self.row));
        let claimed = || {
            let sure =
                |claim: &Claim| matches!(claim.how, ClaimBasis::Damaged(_) | ClaimBasis::Plain);
            context.claim(self.row).filter(sure).map(|claim| claim.was)
        };
        let was = own.or_else(|| if self.was.is_none() { claimed() } else { None });
        let is_changed = |column: &usize| {
            let before = was.and_then(|was| context.was_cell(was, *column));
            before.is_some_and(|before| before != self.cell(*column))
                && !context.is_scrambled(*column)
        };
        let columns = match was {
            Some(_) => (0..context.roster.columns.len()).filter(is_changed).collect(),
            None => Vec::new(),
        };
        ChangedIn { row: self.row, was, columns }
    }

    /// Puts back what the snapshot has.
    pub fn put_back(&self, changed: &Changed, safety: Safety) -> Fix {
        Fix {
            title: format!("put back {}", quoted(&changed.before)),
            safety,
            edits: vec![self.set(changed.column.at, &*changed.before)],
        }
    }
}
