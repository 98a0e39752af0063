//! A problem report that somebody corrected, or a list that they worked on, brought back: what they changed, paired by
//! key. Nothing is taken that was changed here too, and no key is ever changed.

mod file;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use muster_roster::roster::{Column, Roster, trimmed};
use muster_table::edit::Edit;
use muster_table::narrow;
use muster_table::table::Table;
use muster_table::words::MASK;

pub use file::Corrected;

/// What a corrected file changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Corrections {
    /// Cells to set, in the order of the file that came back.
    pub edits: Vec<Edit>,
    /// Cells that were changed in both places; nothing is done about them.
    pub conflicts: Vec<Conflict>,
    /// Rows that are nobody's here, in the order of the file that came back.
    pub unpaired: Vec<Unpaired>,
    /// Columns that are not taken, each with the reason: a sentence.
    pub ignored: Vec<String>,
}

/// A cell that was changed there and, in another way, here. What is here stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The row's id here.
    pub row: u32,
    /// Where the column stands here, counted from 0.
    pub column: u32,
    /// What it held when the report was made.
    pub was: String,
    /// What it holds here now. A password stands here as it is: whoever shows it masks it.
    pub here: String,
    /// What it holds in the file that came back, likewise.
    pub theirs: String,
}

/// A row of the file that is nobody's here, for sure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpaired {
    /// The line of the file that came back.
    pub line: Option<u32>,
    /// The key as that file has it.
    pub key: String,
    /// What the row calls the person; blank where it does not.
    pub name: String,
    /// Why, as a sentence.
    pub why: String,
}

impl Corrections {
    /// What `file` changes of `roster`.
    pub fn of(roster: &Roster, file: &Corrected) -> Corrections {
        let mut taking =
            Taking { roster, done: FxHashSet::default(), found: Corrections::default() };
        match file {
            Corrected::List(list) => taking.list(list),
            Corrected::Roster { theirs, base } => taking.roster(theirs, base.as_deref()),
        }
        taking.found
    }
}

struct Taking<'r> {
    roster: &'r Roster,
    /// Cells that were decided already: a cell with several findings stands in the list several times.
    done: FxHashSet<(u32, u32)>,
    found: Corrections,
}

impl Taking<'_> {
    /// The report as a text: one finding a line, with a column to write the right value in.
    fn list(&mut self, list: &Table) {
        let place = |wanted: &str| {
            list.names().iter().position(|name| muster_roster::profile::header_form(name) == wanted)
        };
        let columns =
            ["key", "column", "value", "corrected"].map(|name| place(name).unwrap_or(usize::MAX));
        let [key, column, value, corrected] = columns;
        for row in list.rows() {
            let cell = |at: usize| file::unguarded(list.cell(row, at));
            let theirs = cell(corrected);
            if theirs.is_empty() {
                continue;
            }
            let (line, key, name) = (list.line(row), cell(key), cell(column));
            let found = self.roster.columns.iter().find(|c| c.name == *name);
            match (self.row_of(&key), found) {
                (Ok(row), Some(column)) => {
                    let was = cell(value);
                    self.decide(row, column.at, Some(&was), &theirs);
                }
                (Err(why), _) => self.unpaired(line, &key, String::new(), why),
                (_, None) => {
                    let why = format!("There is no column `{name}` here.");
                    self.unpaired(line, &key, String::new(), why);
                }
            }
        }
    }

    /// The roster as it came back: the report as a workbook, or any list with the same key.
    fn roster(&mut self, theirs: &Roster, base: Option<&Roster>) {
        let pairs = self.columns_of(theirs);
        let base_of: Vec<Option<usize>> = pairs
            .iter()
            .map(|&(at, _)| base.and_then(|base| same_column(&theirs.columns[at], base)))
            .collect();
        let mut times: FxHashMap<String, usize> = FxHashMap::default();
        for row in theirs.table.rows() {
            *times.entry(theirs.key_form(&theirs.key_text(row)).into_owned()).or_default() += 1;
        }
        for (at, row) in theirs.table.rows().enumerate() {
            let key = theirs.key_text(row);
            let form = theirs.key_form(&key);
            if form.is_empty() && is_blank(&theirs.table, row) {
                continue;
            }
            let paired = match times.get(&*form) {
                Some(2..) if !form.is_empty() => {
                    Err("This key stands more than once in the file.".to_owned())
                }
                _ => self.row_of(&key),
            };
            let here = match paired {
                Ok(here) => here,
                Err(why) => {
                    let same = base.and_then(|base| base.table.row_at(at).map(|row| (base, row)));
                    if same.is_some_and(|(base, was)| base.table.row(was) == theirs.table.row(row))
                    {
                        continue;
                    }
                    let why =
                        same.and_then(|(base, was)| key_changed(base, was, &times)).unwrap_or(why);
                    self.unpaired(theirs.table.line(row), &key, theirs.name(row), why);
                    continue;
                }
            };
            let was_at = base.and_then(|base| base.row_of_key(&key));
            for (&(from, to), base_column) in pairs.iter().zip(&base_of) {
                let was = match (base, was_at, base_column) {
                    (Some(base), Some(row), Some(column)) => Some(base.table.cell(row, *column)),
                    _ => None,
                };
                let cell = theirs.table.cell(row, from);
                self.decide(here, to, was.as_deref(), &cell);
            }
        }
    }

    /// Their columns with ours; those that are not taken are told.
    fn columns_of(&mut self, theirs: &Roster) -> Vec<(usize, usize)> {
        let mut pairs = Vec::new();
        for column in theirs.columns.iter().filter(|column| !column.form.is_empty()) {
            match same_column(column, self.roster) {
                None => {
                    self.found.ignored.push(format!("`{}` is no column of this list.", column.name))
                }
                Some(ours) if self.is_key(ours) => {}
                Some(ours) if self.roster.field(ours).is_some_and(|field| field.read_only) => {
                    let lms = self.roster.profile.called();
                    let told =
                        format!("`{}` is left as it is: {lms} writes it itself.", column.name);
                    self.found.ignored.push(told);
                }
                Some(ours) => pairs.push((column.at, ours)),
            }
        }
        pairs
    }

    fn is_key(&self, column: usize) -> bool {
        self.roster.key == Some(column)
    }

    fn row_of(&self, key: &str) -> Result<u32, String> {
        if trimmed(key).is_empty() {
            return Err("The row has no key.".into());
        }
        let mut rows = self.roster.rows_of_key(key);
        match (rows.next(), rows.next()) {
            (Some(row), None) => Ok(row),
            (None, _) => Err("Nobody here has this key. Nobody is added.".into()),
            (Some(_), Some(_)) => Err("More than one person here has this key.".into()),
        }
    }

    fn decide(&mut self, row: u32, column: usize, was: Option<&str>, theirs: &str) {
        let secret = self.roster.columns[column].is_secret();
        let stands_in = Some(column) == self.roster.key_fallback
            && self
                .roster
                .key
                .is_some_and(|key| trimmed(&self.roster.table.cell(row, key)).is_empty());
        let place = (row, narrow::place(column));
        if self.is_key(column) || stands_in || (secret && theirs == MASK) {
            return;
        }
        let table = &self.roster.table;
        let here = table.cell(row, column);
        let was: Cow<str> = match was.filter(|was| !(secret && *was == MASK)) {
            Some(was) => Cow::Borrowed(was),
            None => table.opened(row, column).unwrap_or_else(|| here.clone()),
        };
        if theirs == here || theirs == was || !self.done.insert(place) {
            return;
        }
        let (row, column) = place;
        if here == was {
            let edit =
                Edit::Set { row, column, before: here.into_owned(), after: theirs.to_owned() };
            self.found.edits.push(edit);
        } else {
            self.found.conflicts.push(Conflict {
                row,
                column,
                was: was.into_owned(),
                here: here.into_owned(),
                theirs: theirs.to_owned(),
            });
        }
    }

    fn unpaired(&mut self, line: Option<u32>, key: &str, name: String, why: String) {
        self.found.unpaired.push(Unpaired { line, key: key.to_owned(), name, why });
    }
}

/// The column of the same field, or of the same name where the profile knows none.
fn same_column(column: &Column, other: &Roster) -> Option<usize> {
    let same = |c: &&Column| match column.field {
        Some(field) => c.field == Some(field),
        None => c.field.is_none() && c.form == column.form,
    };
    other.columns.iter().find(same).map(|c| c.at)
}

fn is_blank(table: &Table, row: u32) -> bool {
    table.cells_of(row).all(|cell| trimmed(&cell).is_empty())
}

/// That a key was changed in the file, where its row still stands in its place and the old key is gone.
fn key_changed(base: &Roster, was: u32, times: &FxHashMap<String, usize>) -> Option<String> {
    let key = base.key_text(was);
    let form = base.key_form(&key);
    let gone = !form.is_empty() && !times.contains_key(&*form);
    gone.then(|| format!("Its key was `{key}` in the report. A key is never changed from a file."))
}
