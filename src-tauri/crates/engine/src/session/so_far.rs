//! What is seen of a list before it is open: its first rows, from the beginning of its file alone, then all of its rows
//! while they are checked. Neither waits for the list, and nothing of it is kept.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::job::Open;
use super::opening::file_name;
use super::rows::{MOST_ROWS, Row};
use super::{Engine, Seat};
use crate::accounts::{profile_of, uses_for};
use muster_roster::profile::{Profile, Uses, header_form, is_secret_name};
use muster_roster::roster::Roster;
use muster_store::own_files;
use muster_table::error::{Failure, Result};
use muster_table::narrow::count as number;
use muster_table::reading;
use muster_table::table::Table;
use muster_table::words::MASK;

/// So much of a file is read, whatever its size. The first is enough for most; the second tells an encoding that is
/// guessed, the last the header above long rows.
const BEGINNINGS: [u64; 3] = [200 << 10, 1 << 20, 4 << 20];

/// More rows than a screen shows, and few enough to be handed over in the time of a frame.
const FIRST_ROWS: usize = 300;

/// So many rows tell what a column is.
const LOOKED_AT: usize = 200;

/// A list that is being opened, as far as it is known. It can be read and not changed, and is replaced by the open list,
/// which may have been read otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct RowsSoFar {
    /// The file's name: `staff.csv`.
    pub name: String,
    /// In the order of the file.
    pub columns: Vec<ColumnSoFar>,
    /// How many rows the list has; none as long as only its beginning was read.
    pub total: Option<u32>,
    /// The place of the first row here, counted from 0.
    pub first: u32,
    /// In the order of the file, with nothing that a check would tell.
    pub rows: Vec<Row>,
}

/// A column of a list that is being opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ColumnSoFar {
    /// Its place, counted from 0; rows' cells are in this order.
    pub column: u32,
    /// The header as the file has it.
    pub name: String,
    /// The profile's field it seems to be, or none.
    pub field: Option<String>,
    /// What the profile calls it, in plain words.
    pub title: String,
    /// Whether it seems to say which person a row is.
    pub is_key: bool,
    /// How several values are joined in one cell, such as `; `; none for one value.
    pub separator: Option<String>,
    /// Whether its values are hidden on screen.
    pub secret: bool,
}

/// Which rows are wanted of a list that is being opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct SoFarRequest {
    /// The place of the first row that is wanted, counted from 0.
    pub first: u32,
    /// How many rows are wanted; at most 5000 are given.
    pub count: u32,
}

/// A list that was read and is being checked.
pub(super) struct Arriving {
    name: String,
    table: Table,
    columns: Vec<ColumnSoFar>,
}

/// What a seat shows of a list that is being opened, until this is dropped.
pub(super) struct Arrivals<'s>(&'s Seat);

impl Drop for Arrivals<'_> {
    fn drop(&mut self) {
        *self.0.arriving() = None;
    }
}

impl Seat {
    fn arriving(&self) -> MutexGuard<'_, Option<Arc<Arriving>>> {
        self.arriving.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where a seat has what it shows before a list is open.
pub(super) type ArrivingPlace = Mutex<Option<Arc<Arriving>>>;

impl Engine {
    /// The first rows of a file that is about to be opened, from its beginning alone; none for a workbook, and where that
    /// does not tell them. What is wrong with a file is told when it is opened.
    pub fn first_rows(&self, request: Open) -> Result<Option<RowsSoFar>> {
        let path =
            std::path::absolute(&request.path).unwrap_or_else(|_| PathBuf::from(&request.path));
        Ok(self.beginning(&path, &request).ok().flatten())
    }

    /// The rows of the list that is being opened, once all of them are read and while they are checked; none before and
    /// after.
    pub fn rows_so_far(&self, request: SoFarRequest) -> Result<Option<RowsSoFar>> {
        let arriving = self.seat.arriving().clone();
        Ok(arriving.map(|list| {
            let total = list.table.len();
            let first = (request.first as usize).min(total);
            let last = first.saturating_add((request.count as usize).min(MOST_ROWS)).min(total);
            RowsSoFar {
                name: list.name.clone(),
                columns: list.columns.clone(),
                total: Some(number(total)),
                first: number(first),
                rows: shown(&list.table, &list.columns, first..last),
            }
        }))
    }

    fn beginning(&self, path: &Path, request: &Open) -> Result<Option<RowsSoFar>> {
        let mut table = None;
        for most in BEGINNINGS {
            let (bytes, size) = own_files::read_beginning(path, most)?;
            table = reading::read_beginning(bytes, size, &request.reading);
            if table.is_some() || size <= most {
                break;
            }
        }
        let Some(table) = table else { return Ok(None) };
        let columns = self.columns_so_far(&table, request.profile.as_deref())?;
        let rows = shown(&table, &columns, 0..table.len().min(FIRST_ROWS));
        Ok(Some(RowsSoFar { name: file_name(path), columns, total: None, first: 0, rows }))
    }

    /// Shows a list that was read, until what this answers is dropped.
    pub(super) fn arrives(
        &self,
        name: &str,
        table: &Table,
        profile: Option<&str>,
    ) -> Result<Arrivals<'_>> {
        let columns = self.columns_so_far(table, profile)?;
        let list = Arriving { name: name.to_owned(), table: table.clone(), columns };
        *self.seat.arriving() = Some(Arc::new(list));
        Ok(Arrivals(&self.seat))
    }

    /// What the columns of a list seem to be. What it is of is settled later: a column is hidden where any profile or
    /// account that it may be of hides it.
    fn columns_so_far(&self, table: &Table, profile: Option<&str>) -> Result<Vec<ColumnSoFar>> {
        let names = table.names();
        let mut profiles = self.known_profiles()?;
        let likely = match profile {
            None => profiles.recognised(names)?,
            Some(id) => profiles
                .chosen(id, names)
                .ok_or_else(|| Failure::state(format!("there is no profile `{id}`")))?,
        };
        let beginning = table.first_rows(LOOKED_AT);
        let read = |profile: &Profile, uses: Uses| {
            Roster::read(beginning.clone(), Arc::new(Profile { uses, ..profile.clone() }))
        };
        let roster = read(&likely.profile, self.uses_of(&likely.profile.id)?);
        let mut others = Vec::new();
        for fit in &likely.rivals {
            if let Some((profile, _)) = profiles.by_id(&fit.id) {
                others.push(read(profile, self.uses_of(&fit.id)?));
            }
        }
        for account in self.store(|store| store.accounts())? {
            let uses = uses_for(&account.facts, names);
            if let Ok(chosen) = profile_of(&account, &mut profiles) {
                others.push(read(&chosen.profile, uses));
            }
        }
        let columns = roster.columns.iter().map(|column| {
            let field = roster.field(column.at);
            let hides = |other: &Roster| other.columns[column.at].is_secret();
            ColumnSoFar {
                column: number(column.at),
                name: column.name.clone(),
                field: field.map(|field| field.id.clone()),
                title: field.map_or_else(|| column.name.clone(), |field| field.title.clone()),
                is_key: column.is_key,
                separator: column.separator.clone(),
                secret: is_secret_name(&header_form(&column.name))
                    || hides(&roster)
                    || others.iter().any(hides),
            }
        });
        Ok(columns.collect())
    }
}

/// What may be shown of some rows.
fn shown(table: &Table, columns: &[ColumnSoFar], places: std::ops::Range<usize>) -> Vec<Row> {
    let row = |row: u32| {
        let cell = |column: usize| match table.cell(row, column) {
            cell if !cell.is_empty() && columns.get(column).is_some_and(|c| c.secret) => {
                MASK.into()
            }
            cell => cell.into_owned(),
        };
        Row {
            id: row,
            line: table.line(row),
            cells: (0..table.cells(row).max(table.width())).map(cell).collect(),
            marks: Vec::new(),
            changed: Vec::new(),
            new: false,
            places: Vec::new(),
        }
    };
    places.filter_map(|index| table.row_at(index)).map(row).collect()
}

#[cfg(test)]
mod tests;
