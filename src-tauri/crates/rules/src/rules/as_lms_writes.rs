//! What the LMS's own export has in a column: codes that the vendor's words do not name, and dates in a form of its own. What
//! it writes it can be thought to take.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::CheckContext;
use super::languages::Languages;
use super::law::pieces;
use muster_roster::dates::{Fit, fit};
use muster_roster::roster::Column;

/// For each column, made when first asked for.
#[derive(Default)]
pub struct AsLmsWrites {
    values: Vec<OnceLock<FxHashSet<Box<str>>>>,
    pieces: Vec<OnceLock<FxHashSet<Box<str>>>>,
    shapes: Vec<OnceLock<Option<String>>>,
    pub(super) languages: Vec<OnceLock<Option<Languages>>>,
}

impl AsLmsWrites {
    pub fn of(columns: usize) -> AsLmsWrites {
        fn empty<T>(columns: usize) -> Vec<OnceLock<T>> {
            std::iter::repeat_with(OnceLock::new).take(columns).collect()
        }
        AsLmsWrites {
            values: empty(columns),
            pieces: empty(columns),
            shapes: empty(columns),
            languages: empty(columns),
        }
    }
}

impl CheckContext {
    /// Whether somebody of the snapshot has a value in a column.
    pub(super) fn lms_has(&self, column: usize, value: &str) -> bool {
        let Some(values) = self.as_lms_writes.values.get(column) else { return false };
        let all = || {
            let cells = self.cells_of_snapshot(column);
            let filled = cells.map(|cell| cell.trim().to_owned()).filter(|v| !v.is_empty());
            filled.map(String::into_boxed_str).collect()
        };
        self.snapshot.is_some() && values.get_or_init(all).contains(value.trim())
    }

    /// Whether somebody of the snapshot has a piece of several values in a column, written exactly so, with its spaces.
    pub(super) fn lms_has_piece(&self, column: &Column, piece: &str) -> bool {
        let Some(known) = self.as_lms_writes.pieces.get(column.at) else { return false };
        let all = || {
            let mut all: FxHashSet<Box<str>> = FxHashSet::default();
            for cell in self.cells_of_snapshot(column.at) {
                for piece in pieces(column, &cell) {
                    if !all.contains(piece) {
                        all.insert(piece.into());
                    }
                }
            }
            all
        };
        self.snapshot.is_some() && !piece.is_empty() && known.get_or_init(all).contains(piece)
    }

    /// Whether the snapshot writes most dates of a column in the shape of a text, which is none that the profile names:
    /// `12/31/2026` has that of `1/2/2027`.
    pub(super) fn lms_writes_so(&self, column: usize, text: &str) -> bool {
        let Some(usual) = self.as_lms_writes.shapes.get(column) else { return false };
        let most = || {
            let mut shapes: FxHashMap<String, usize> = FxHashMap::default();
            let mut filled = 0;
            let forms = self.roster.date_forms(column);
            for cell in self.cells_of_snapshot(column).filter(|cell| !cell.trim().is_empty()) {
                filled += 1;
                // What the vendor's words name needs nothing of this.
                if !forms.iter().any(|form| matches!(fit(cell.trim(), form), Fit::Day(_))) {
                    *shapes.entry(shape(&cell)).or_default() += 1;
                }
            }
            shapes.into_iter().find(|(_, count)| count * 2 > filled).map(|(shape, _)| shape)
        };
        self.snapshot.is_some()
            && usual.get_or_init(most).as_ref().is_some_and(|usual| *usual == shape(text))
    }

    pub(super) fn cells_of_snapshot(
        &self,
        column: usize,
    ) -> impl Iterator<Item = std::borrow::Cow<'_, str>> {
        let counterpart = self.snapshot_columns.get(column).copied().flatten();
        let found = self.snapshot.as_ref().zip(counterpart);
        found.into_iter().flat_map(|(s, at)| s.table.rows().map(move |row| s.table.cell(row, at)))
    }
}

/// The text with each run of digits as one.
fn shape(text: &str) -> String {
    let mut shape = String::new();
    for c in text.trim().chars() {
        if !c.is_ascii_digit() {
            shape.push(c);
        } else if !shape.ends_with('9') {
            shape.push('9');
        }
    }
    shape
}
