//! Edits: what each can affect is looked at again, at once or when work pauses.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::looking::Edited;
use super::looking::Remembered;
use super::{Checker, FEW_ROWS, FoundOfRows};
use crate::rules::{About, CheckContext, is_nobody};
use muster_roster::roster::hash_of;
use muster_table::edit::Edit;
use muster_table::error::{Failure, FailureKind, Result};
use muster_table::going::{GoOn, WHOLE, part_of, stopped};
use muster_table::table::Table;

/// Fewer are made one after the other, however few rows there are.
const MANY_EDITS: usize = 2_000;

/// Edits that were made when work was stopped. Their rows were not looked at, so what is known of them holds again once
/// they have been taken back.
pub(super) struct Halfway {
    edits: Vec<Edit>,
    /// How many of them.
    made: usize,
    affected: FxHashSet<u32>,
}

/// What an edit left to be looked at when work pauses.
#[derive(Default)]
pub(super) struct Pending {
    columns: FxHashSet<usize>,
    whole: bool,
    /// Whether rows are sorted apart was decided otherwise; those that differ are to be looked at.
    moved: bool,
    /// Rows that share a key with one that is somebody else now, or for which it matters who is missing.
    rows: FxHashSet<u32>,
    /// Rows of which some text is another than when they were looked at.
    edited: FxHashMap<u32, Edited>,
}

impl Pending {
    /// Before anything was looked at.
    pub fn of_the_whole() -> Pending {
        Pending { whole: true, ..Pending::default() }
    }

    /// Which texts of a row are others than when it was looked at.
    pub fn edited(&self, row: u32) -> &Edited {
        const NOTHING: &Edited = &Edited::Nothing;
        self.edited.get(&row).unwrap_or(NOTHING)
    }

    pub fn looked_at(&mut self, row: u32) {
        self.edited.remove(&row);
    }

    /// Rows that rest on one that is somebody else now, or on somebody who is missing or no longer is.
    pub fn look_at(&mut self, rows: Vec<u32>) {
        self.rows.extend(rows);
    }
}

/// The rows of a key or another value. Where very many share it, one more or less changes nothing for the others; where few
/// do, it may be the first of another key.
pub(super) fn few(rows: impl Iterator<Item = u32>) -> Vec<u32> {
    const FEW: usize = 100;
    let rows: Vec<u32> = rows.take(FEW + 1).collect();
    if rows.len() > FEW { Vec::new() } else { rows }
}

impl Checker {
    /// Carries out edits and re-checks what they can affect at once. [`Checker::flush`] does the rest.
    ///
    /// Where one of them does not fit, none is made, and it fails with kind `Internal`.
    pub fn apply(&mut self, edits: &[Edit]) -> Result<()> {
        self.recover()?;
        let Err((failure, made, affected)) = self.make_all(edits, &|_| true) else { return Ok(()) };
        self.unmake(&edits[..made], affected)?;
        Err(failure)
    }

    /// The same; `go_on` is told thousandths. Gives the edits back, unless it says no: then it fails with kind `Cancelled` at once, and what was made
    /// until then is to be taken back by [`Checker::recover`] before anything else is asked.
    pub fn apply_while(&mut self, edits: Vec<Edit>, go_on: GoOn) -> Result<Vec<Edit>> {
        self.recover()?;
        let Err((failure, made, affected)) = self.make_all(&edits, go_on) else { return Ok(edits) };
        self.halfway = Some(Halfway { edits, made, affected });
        if failure.kind != FailureKind::Cancelled {
            self.recover()?;
        }
        Err(failure)
    }

    /// Makes edits and looks at their rows; of what fails, how many were made and the rows they touch. `go_on` is told
    /// thousandths.
    fn make_all(
        &mut self,
        edits: &[Edit],
        go_on: GoOn,
    ) -> std::result::Result<(), (Failure, usize, FxHashSet<u32>)> {
        let mut affected = FxHashSet::default();
        if edits.iter().any(Edit::is_of_columns) || self.are_most(edits) {
            return self.read_again(edits, go_on).map_err(|failure| (failure, 0, affected));
        }
        let mut made = 0;
        let mut outcome = Ok(());
        let making = part_of(go_on, 0..WHOLE / 2, edits.len());
        while let Some(edit) = edits.get(made).filter(|_| outcome.is_ok()) {
            let stops = made % FEW_ROWS == 0 && !making(made);
            outcome = if stops { Err(stopped()) } else { self.make(edit, &mut affected) };
            made += usize::from(outcome.is_ok());
        }
        let rows = || affected.iter().copied().collect::<Vec<u32>>();
        let looked = outcome.and_then(|()| {
            let rows = rows();
            let looking = part_of(go_on, WHOLE / 2..WHOLE, rows.len());
            self.recheck_rows(rows, &looking)
        });
        looked.map_err(|failure| (failure, made, affected))
    }

    /// Whether so many rows are edited that to look at everybody anew, a column after the other and with all threads, takes
    /// less time than to look at what each edit moves.
    fn are_most(&self, edits: &[Edit]) -> bool {
        edits.len() > MANY_EDITS && edits.len() > self.context.roster.table.len() / 2
    }

    /// Whether something was stopped that is still to be taken back.
    pub fn is_halfway(&self) -> bool {
        self.halfway.is_some()
    }

    /// Takes back what was made when [`Checker::apply_while`] was stopped: everything is as it was before. Fails with kind
    /// `Internal` where that cannot be; then nothing holds any more.
    pub fn recover(&mut self) -> Result<()> {
        match self.halfway.take() {
            Some(Halfway { edits, made, affected }) => self.unmake(&edits[..made], affected),
            None => Ok(()),
        }
    }

    fn unmake(&mut self, made: &[Edit], mut affected: FxHashSet<u32>) -> Result<()> {
        for edit in made.iter().rev().map(Edit::inverse) {
            self.make(&edit, &mut affected)?;
        }
        // The marks are those of before, which hold again; who is whom may have been looked at.
        for row in affected {
            self.compare(row);
        }
        Ok(())
    }

    /// Makes one edit, whole or not at all. The rows whose findings may be others now are `affected`.
    fn make(&mut self, edit: &Edit, affected: &mut FxHashSet<u32>) -> Result<()> {
        match edit {
            Edit::Set { row, column, before, after } => {
                self.set(edit, *row, *column as usize, before, after, affected)?;
            }
            Edit::Insert { row, .. } => {
                self.context.roster.table.apply(edit)?;
                self.context.partners.forget(*row);
                self.enter(*row, affected);
                self.pending.edited.insert(*row, Edited::All);
                affected.insert(*row);
            }
            Edit::Remove { row, .. } => {
                self.leave(*row, affected);
                let removed = self.context.roster.table.apply(edit);
                if removed.is_err() {
                    self.enter(*row, affected);
                }
                removed?;
                affected.insert(*row);
            }
            Edit::Rename { .. } | Edit::Move { .. } | Edit::Add { .. } | Edit::Drop { .. } => {
                self.context.roster.table.apply(edit)?;
            }
        }
        Ok(())
    }

    /// Looks at rows as they stand, beginning with who they are. What is stopped leaves what is known of them as it is.
    fn recheck_rows(&mut self, rows: Vec<u32>, go_on: GoOn) -> Result<()> {
        for (n, row) in rows.iter().enumerate() {
            if n % FEW_ROWS == FEW_ROWS - 1 && !go_on(0) {
                return Err(stopped());
            }
            self.compare(*row);
        }
        self.relook_rows(rows, go_on)
    }

    fn relook_rows(&mut self, rows: Vec<u32>, go_on: GoOn) -> Result<()> {
        for (row, found) in self.look_at_rows(&rows, go_on)?.into_iter().flatten() {
            self.put_found(row, found);
        }
        Ok(())
    }

    fn look_at_rows(&self, rows: &[u32], go_on: GoOn) -> Result<Vec<FoundOfRows>> {
        let done = AtomicUsize::new(0);
        let look = |rows: &[u32]| {
            let mut remembered = Remembered::default();
            let look = |row: &u32| (*row, self.found_now(*row, &mut remembered));
            go_on(done.fetch_add(rows.len(), Relaxed)).then(|| rows.iter().map(look).collect())
        };
        // Most edits affect a row or two, for which waking other threads takes longer than looking.
        let found: Option<_> = match rows.len() <= FEW_ROWS {
            true => look(rows).map(|found| vec![found]),
            false => rows.par_chunks(FEW_ROWS).map(look).collect(),
        };
        found.ok_or_else(stopped)
    }

    /// Everything is read and checked anew: other columns mean other fields, and what was edited may be nearly all.
    fn read_again(&mut self, edits: &[Edit], go_on: GoOn) -> Result<()> {
        let mut table: Table = self.context.roster.table.clone();
        let making = part_of(go_on, 0..WHOLE / 8, edits.len());
        for (n, edit) in edits.iter().enumerate() {
            if n % FEW_ROWS == 0 && !making(n) {
                return Err(stopped());
            }
            table.apply(edit)?;
        }
        let looking = part_of(go_on, WHOLE / 8..WHOLE, table.len());
        let mut next = Checker::of(self.context.reread(table, &looking));
        let checked = next.check_all(&looking);
        match checked {
            Ok(()) => std::mem::swap(self, &mut next),
            Err(_) => self.context.take_back(&mut next.context),
        }
        // To let go of a million rows takes a while, and nobody waits for it.
        rayon::spawn(move || drop(next));
        checked
    }

    fn set(
        &mut self,
        edit: &Edit,
        row: u32,
        column: usize,
        before: &str,
        after: &str,
        affected: &mut FxHashSet<u32>,
    ) -> Result<()> {
        let is_key = Some(column) == self.context.roster.key
            || Some(column) == self.context.roster.key_fallback;
        if is_key {
            self.leave_key(row, affected);
        }
        self.leave_unique(row, column, affected);
        // Which key somebody has matters to namesakes too.
        let affects_others = is_key || self.context.affects_others(column);
        if affects_others {
            self.leave_cross_refs(row, affected);
        }
        self.affect_partners(row, column, affected);
        match is_nobody(&self.context.roster, row) {
            // What is nobody's is looked at otherwise.
            true => *self.pending.edited.entry(row).or_default() = Edited::All,
            false => self.pending.edited.entry(row).or_default().add(column),
        }
        let applied = self.context.roster.table.apply(edit);
        if is_key {
            self.context.partners.forget(row);
        }
        self.affect_partners(row, column, affected);
        self.enter_unique(row, column, affected);
        if is_key {
            self.enter_key(row, affected);
        }
        if self.context.uniques[column].is_some() {
            let key = self.context.roster.key_text(row).into_owned();
            for was in self.context.rows_of_snapshot(&key) {
                affected.extend(self.context.taker(was, column));
            }
        }
        if affects_others {
            self.enter_cross_refs(row, affected);
        }
        applied?;
        let described = &self.context.roster.columns[column];
        let stats = &mut self.context.stats[column];
        stats.recount(described, before, -1);
        stats.recount(described, after, 1);
        // Flushed before the row is looked at, so that the row's own findings are right at once.
        if stats.flush() {
            self.pending.columns.insert(column);
        }
        self.pending.whole = true;
        affected.insert(row);
        Ok(())
    }

    /// Whoever may have exchanged something with a row, where one of its columns says so.
    fn affect_partners(&self, row: u32, column: usize, affected: &mut FxHashSet<u32>) {
        if self.context.tells_of_exchanges(column) {
            affected.extend(self.context.exchange_partners(row));
        }
    }

    fn enter(&mut self, row: u32, affected: &mut FxHashSet<u32>) {
        self.count_row(row, 1);
        affected.extend(self.context.exchange_partners(row));
        for column in 0..self.context.roster.columns.len() {
            self.enter_unique(row, column, affected);
        }
        self.enter_key(row, affected);
        self.enter_cross_refs(row, affected);
    }

    fn leave(&mut self, row: u32, affected: &mut FxHashSet<u32>) {
        self.count_row(row, -1);
        affected.extend(self.context.exchange_partners(row));
        for column in 0..self.context.roster.columns.len() {
            self.leave_unique(row, column, affected);
        }
        self.leave_key(row, affected);
        self.leave_cross_refs(row, affected);
    }

    fn enter_cross_refs(&mut self, row: u32, affected: &mut FxHashSet<u32>) {
        self.context.enter_cross_refs(row);
        affected.extend(self.context.dependents_of(row));
    }

    fn leave_cross_refs(&mut self, row: u32, affected: &mut FxHashSet<u32>) {
        affected.extend(self.context.dependents_of(row));
        self.context.leave_cross_refs(row);
    }

    fn count_row(&mut self, row: u32, by: i32) {
        let roster = &self.context.roster;
        for (column, stats) in roster.columns.iter().zip(&mut self.context.stats) {
            stats.recount(column, &roster.table.cell(row, column.at), by);
            if stats.flush() {
                self.pending.columns.insert(column.at);
            }
        }
        self.pending.whole = true;
    }

    /// A row's key comes into the index: others with the same key, and whoever was missing, are affected.
    fn enter_key(&mut self, row: u32, affected: &mut FxHashSet<u32>) {
        let key = self.context.roster.key_text(row).into_owned();
        let form = self.context.roster.key_form(&key).into_owned();
        if form.is_empty() {
            return;
        }
        affected.extend(few(self.context.roster.rows_of_key(&key)));
        self.context.roster.keys.insert(hash_of(&form), row);
        affected.extend(self.context.seeming_of_key(&key));
        for was in self.context.rows_of_snapshot(&key) {
            self.affect_takers(was, affected);
            if self.context.missing.contains(&was) {
                self.pending.look_at(self.context.no_longer_missing(was));
                self.recheck_absent(was);
            }
        }
    }

    fn leave_key(&mut self, row: u32, affected: &mut FxHashSet<u32>) {
        let key = self.context.roster.key_text(row).into_owned();
        let form = self.context.roster.key_form(&key).into_owned();
        if form.is_empty() {
            return;
        }
        self.context.roster.keys.remove(hash_of(&form), row);
        affected.extend(self.context.seeming_of_key(&key));
        for was in self.context.rows_of_snapshot(&key) {
            self.affect_takers(was, affected);
        }
        let mut others = self.context.roster.rows_of_key(&key).peekable();
        if others.peek().is_some() {
            affected.extend(few(others));
            return;
        }
        drop(others);
        for was in self.context.rows_of_snapshot(&key) {
            self.pending.look_at(self.context.now_missing(was));
            self.recheck_absent(was);
        }
    }

    /// Somebody of the snapshot comes, goes or gets other cells: whoever has a value of theirs that nobody may share.
    fn affect_takers(&self, was: u32, affected: &mut FxHashSet<u32>) {
        let columns = 0..self.context.roster.columns.len();
        affected.extend(columns.filter_map(|column| self.context.taker(was, column)));
    }

    fn enter_unique(&mut self, row: u32, column: usize, affected: &mut FxHashSet<u32>) {
        let context = &mut self.context;
        let Some(hash) =
            CheckContext::unique_hash(&context.roster, &context.roster.columns[column], row)
        else {
            return;
        };
        if let Some(index) = &mut context.uniques[column] {
            index.insert(hash, row);
        }
        affected.extend(few(context.same_value(row, column)));
    }

    fn leave_unique(&mut self, row: u32, column: usize, affected: &mut FxHashSet<u32>) {
        let context = &mut self.context;
        let Some(hash) =
            CheckContext::unique_hash(&context.roster, &context.roster.columns[column], row)
        else {
            return;
        };
        affected.extend(few(context.same_value(row, column)));
        if let Some(index) = &mut context.uniques[column] {
            index.remove(hash, row);
        }
    }

    /// Looks at what edits left open: values of a whole column, people without a match, the header.
    pub fn flush(&mut self) {
        // Nobody stops it.
        let _ = self.flush_while(&|_| true);
    }

    /// The same, unless `go_on` says no: then it fails with kind `Cancelled`, and the rest is still left open.
    pub fn flush_while(&mut self, go_on: GoOn) -> Result<()> {
        self.pending.moved |= self.pending.whole && self.context.update_scrambled();
        if self.pending.moved {
            let differing = self.context.differing();
            // Somebody of the same key may differ in nothing.
            for row in &differing {
                let key = self.context.roster.key_text(*row);
                let same = self.context.roster.rows_of_key(&key).filter(|other| other != row);
                self.pending.rows.extend(few(same));
            }
            self.recheck_rows(differing, go_on)?;
        }
        if self.pending.whole && self.context.update_own_snapshot() {
            let told = self.rows.keys().copied();
            let rows: Vec<u32> = told.chain(self.context.set_aside.rows()).collect();
            self.recheck_rows(rows, go_on)?;
        }
        for column in self.pending.columns.clone() {
            self.recheck_column(column, go_on)?;
            self.pending.columns.remove(&column);
        }
        if self.pending.moved {
            // Few at most, unless the snapshot is another account's: then only what an edit moved is looked at.
            const FEW: usize = 10_000;
            let unmatched = self.context.unmatched();
            if unmatched.len() <= FEW {
                self.recheck_rows(unmatched, go_on)?;
            }
            self.pending.moved = false;
        }
        // Each of these can show that another is somebody else than it was.
        while !self.pending.rows.is_empty() {
            let rows = std::mem::take(&mut self.pending.rows);
            let stopped = self.recheck_rows(rows.iter().copied().collect(), go_on);
            stopped.inspect_err(|_| self.pending.rows.extend(rows))?;
        }
        let (moved, claiming) = self.context.claims_moved();
        let mut resting: FxHashSet<u32> = claiming.into_iter().collect();
        for was in moved {
            self.recheck_absent(was);
            self.affect_takers(was, &mut resting);
        }
        // Who they are is known already, and may rest on who else is that person.
        for row in &resting {
            self.context.count_seat_of(*row);
        }
        self.relook_rows(resting.into_iter().collect(), go_on)?;
        if self.pending.whole {
            let found = self.look_at_whole(&self.whole, go_on)?;
            self.context.set_aside.put(About::Whole, found.aside);
            for mark in std::mem::replace(&mut self.whole_marks, found.told) {
                self.tally(&mark, -1);
            }
            for mark in self.whole_marks.clone() {
                self.tally(&mark, 1);
            }
            self.pending.whole = false;
        }
        Ok(())
    }

    fn recheck_column(&mut self, column: usize, go_on: GoOn) -> Result<()> {
        let table = &self.context.roster.table;
        let moved = |row: &u32| {
            self.context.stats[column]
                .verdict_moved(&self.context.roster.columns[column], &table.cell(*row, column))
        };
        let rows: Vec<u32> = table.rows().filter(moved).collect();
        for row in &rows {
            self.pending.edited.entry(*row).or_default().add(column);
        }
        self.recheck_rows(rows, go_on)?;
        self.context.stats[column].looked_at();
        Ok(())
    }
}
