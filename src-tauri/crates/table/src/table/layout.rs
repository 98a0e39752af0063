//! Which column stands where once columns were moved, added or dropped, and the cells of rows that are not the file's.
//!
//! A column has an id that stays its own: the file's columns their places in the file, surplus cells of a long row the
//! places after them, and columns that were added here ids from [`ADDED`]. Cells are kept by id, so that an edit of
//! columns moves none of them.

use crate::error::{Failure, Result};
use crate::narrow;

/// The first id of columns that were added here; no file has so many.
pub(super) const ADDED: u32 = 1 << 24;

#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// How many columns the file has.
    file: u32,
    /// The ids of the columns in their order; none while it is the file's own.
    order: Option<Vec<u32>>,
    next: u32,
}

impl Layout {
    pub fn of_file(columns: usize) -> Layout {
        Layout { file: narrow::place(columns), order: None, next: ADDED }
    }

    pub fn is_files(&self) -> bool {
        self.order.is_none()
    }

    pub fn width(&self) -> usize {
        self.order.as_ref().map_or(self.file as usize, Vec::len)
    }

    /// The id of what stands in a column; beyond the last column, of a surplus cell.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "no text has so many columns; `usize::MAX`, asked for where there is none, stays the largest"
    )]
    #[inline]
    pub fn id(&self, column: usize) -> u32 {
        match &self.order {
            None => column as u32,
            Some(order) => match order.get(column) {
                Some(id) => *id,
                None => self.file + (column - order.len()) as u32,
            },
        }
    }

    /// An id for a column to add.
    pub fn fresh(&self) -> u32 {
        self.next
    }

    /// How many cells a row has, which has a cell of its own in some of the ids. A full row has them all.
    pub fn cells(&self, full: bool, surplus: usize, has: impl Fn(u32) -> bool) -> usize {
        let width = self.width();
        if surplus > 0 {
            width + surplus
        } else if full {
            width
        } else {
            (0..width).rev().find(|&c| has(self.id(c))).map_or(0, |last| last + 1)
        }
    }

    /// How many of the cells that end before an id are surplus.
    pub fn surplus(&self, end: u32) -> usize {
        if end > ADDED { 0 } else { end.saturating_sub(self.file) as usize }
    }

    pub fn fills(&self, cells: usize) -> bool {
        cells >= self.file as usize
    }

    pub fn shift(&mut self, from: u32, to: u32) -> Result<()> {
        let (from, to) = (from as usize, to as usize);
        let order = self.listed();
        if from >= order.len() || to >= order.len() {
            return Err(misfit());
        }
        let id = order.remove(from);
        order.insert(to, id);
        self.tidy();
        Ok(())
    }

    pub fn add(&mut self, id: u32, at: u32) -> Result<()> {
        let of_file = self.file;
        let order = self.listed();
        let known = id < of_file || id >= ADDED;
        if at as usize > order.len() || order.contains(&id) || !known {
            return Err(misfit());
        }
        order.insert(at as usize, id);
        if id >= ADDED {
            self.next = self.next.max(id + 1);
        }
        self.tidy();
        Ok(())
    }

    pub fn drop(&mut self, id: u32, at: u32) -> Result<()> {
        if self.listed().get(at as usize) != Some(&id) {
            return Err(misfit());
        }
        self.listed().remove(at as usize);
        self.tidy();
        Ok(())
    }

    fn listed(&mut self) -> &mut Vec<u32> {
        let file = self.file;
        self.order.get_or_insert_with(|| (0..file).collect())
    }

    /// Columns that are back where the file has them are the file's own order, whose rows are written as they stand.
    fn tidy(&mut self) {
        if self.order.as_ref().is_some_and(|order| order.iter().copied().eq(0..self.file)) {
            self.order = None;
        }
    }
}

fn misfit() -> Failure {
    Failure::internal("an edit does not fit the columns it was made for")
}

/// The cells of a row that is not the file's, or was replaced as a whole.
#[derive(Debug, Clone)]
pub(super) struct Own {
    /// It had a cell for each column when it was put in.
    full: bool,
    /// By id, in order.
    cells: Vec<(u32, String)>,
}

impl Own {
    pub fn of(layout: &Layout, cells: &[String]) -> Own {
        let full = cells.len() >= layout.width();
        let mut cells: Vec<(u32, String)> =
            cells.iter().enumerate().map(|(c, text)| (layout.id(c), text.clone())).collect();
        cells.sort_unstable_by_key(|(id, _)| *id);
        Own { full, cells }
    }

    pub fn get(&self, id: u32) -> Option<&str> {
        // A row that was made of the file's own columns has each cell at its id.
        match self.cells.get(id as usize) {
            Some((at, text)) if *at == id => Some(text),
            _ => {
                let at = self.cells.binary_search_by_key(&id, |(id, _)| *id).ok()?;
                Some(&self.cells[at].1)
            }
        }
    }

    pub fn set(&mut self, id: u32, text: &str) {
        match self.cells.binary_search_by_key(&id, |(id, _)| *id) {
            Ok(at) => text.clone_into(&mut self.cells[at].1),
            Err(at) => self.cells.insert(at, (id, text.to_owned())),
        }
    }

    pub fn unset(&mut self, id: u32) {
        self.cells.retain(|(cell, _)| *cell != id);
    }

    pub fn len(&self, layout: &Layout) -> usize {
        let end = self.cells.iter().rev().map(|(id, _)| id + 1).find(|end| *end <= ADDED);
        layout.cells(self.full, layout.surplus(end.unwrap_or(0)), |id| self.get(id).is_some())
    }
}
