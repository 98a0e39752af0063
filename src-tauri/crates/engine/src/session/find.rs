//! "Go to": the next problem, change, text, line or row in a view.

use rayon::prelude::*;

use super::Engine;
use super::open_job::OpenJob;
use super::rows::{Find, FindWhat, Found};
use super::view::Needle;
use muster_table::error::Result;
use muster_table::narrow::count as number;

impl Engine {
    /// The next problem, change, text, line or row in a view; from the end it goes on at the beginning.
    pub fn find(&self, request: Find) -> Result<Option<Found>> {
        self.with_job(|job| {
            job.show(&request.view)?;
            Ok(match &request.what {
                FindWhat::Row { row } => job.place_of(*row, None),
                FindWhat::Line { line } => {
                    job.row_on_line(*line).and_then(|row| job.place_of(row, None))
                }
                FindWhat::Problem => job.next(&request, &|row| {
                    job.checker().marks(row).iter().map(|m| m.column().map(number)).collect()
                }),
                FindWhat::Change => job.next(&request, &|row| {
                    if job.changes().is_new(row) {
                        return vec![None];
                    }
                    job.changes().columns(row).iter().map(|&c| Some(u32::from(c))).collect()
                }),
                FindWhat::Text { text } if text.is_empty() => None,
                FindWhat::Text { text } => {
                    let needle = Needle::new(text);
                    job.next(&request, &|row| job.columns_holding(row, &needle))
                }
            })
        })
    }
}

/// The columns of a row that are looked for; none for the row as a whole, which comes first.
type Places<'p> = &'p (dyn Fn(u32) -> Vec<Option<u32>> + Sync);

impl OpenJob {
    fn place_of(&self, row: u32, column: Option<u32>) -> Option<Found> {
        let index = number(self.shown_index(row)?);
        Some(Found { row, column, index })
    }

    /// The row that the line belongs to: a row may stand on several.
    fn row_on_line(&self, line: u32) -> Option<u32> {
        let table = self.table();
        let rows = (0..table.len()).into_par_iter().filter_map(|index| table.row_at(index));
        rows.filter_map(|row| Some((table.line(row)?, row)))
            .filter(|(begins, _)| *begins <= line)
            .max()
            .map(|(_, row)| row)
    }

    fn columns_holding(&self, row: u32, needle: &Needle) -> Vec<Option<u32>> {
        let columns = self.roster().columns.iter();
        columns
            .filter(|c| !c.is_secret() && needle.is_in(&self.table().cell(row, c.at)))
            .map(|c| Some(number(c.at)))
            .collect()
    }

    fn next(&self, request: &Find, places: Places) -> Option<Found> {
        let start = request.from_row.and_then(|row| self.shown_index(row));
        let found = |index: usize, column: Option<u32>| {
            let row = self.shown_at(index)?;
            Some(Found { row, column, index: number(index) })
        };
        if let Some(here) = start
            && let Some(column) = self.beside(request, places)
        {
            return found(here, column);
        }
        let count = self.shown();
        let has = |index: &usize| self.shown_at(*index).is_some_and(|row| !places(row).is_empty());
        // All rows but the one we are on, then that one again from its beginning.
        let index = match (start, request.backwards) {
            (None, false) => (0..count).into_par_iter().find_first(has),
            (None, true) => (0..count).into_par_iter().find_last(has),
            (Some(here), false) => (here + 1..count)
                .into_par_iter()
                .find_first(has)
                .or_else(|| (0..here + 1).into_par_iter().find_first(has)),
            (Some(here), true) => (0..here)
                .into_par_iter()
                .find_last(has)
                .or_else(|| (here..count).into_par_iter().find_last(has)),
        }?;
        let columns = places(self.shown_at(index)?);
        let column = if request.backwards { columns.iter().max() } else { columns.iter().min() };
        found(index, column.copied().flatten())
    }

    /// The next place in the row that we are on.
    fn beside(&self, request: &Find, places: Places) -> Option<Option<u32>> {
        let from = request.from_column?;
        let columns = places(request.from_row?).into_iter().flatten();
        if request.backwards {
            columns.filter(|&c| c < from).max().map(Some)
        } else {
            columns.filter(|&c| c > from).min().map(Some)
        }
    }
}
