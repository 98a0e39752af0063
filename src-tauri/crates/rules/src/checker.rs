//! Keeps the findings of a roster up to date while it is edited: an edit re-checks what it can affect, nothing else.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::rules::{
    About, Absent, Cell, CharClasses, CheckContext, FindingSink, FindingText, Mark, Person, RULES,
    RuleScope, ValueCache, Why, is_nobody,
};
use muster_roster::finding::{Counts, Finding, Severity};
use muster_roster::roster::{Column, hash_of};
use muster_table::edit::Edit;
use muster_table::error::{Failure, FailureKind, Result};
use muster_table::going::{GoOn, stopped};
use muster_table::narrow;
use muster_table::table::Table;
use muster_table::words::MASK;

/// A roster with its findings, which stay true while it is edited.
pub struct Checker {
    context: CheckContext,
    /// For each column, the rules that look at its cells.
    by_column: Vec<ColumnRules>,
    person: Vec<(u8, PersonCheck)>,
    absent: Vec<(u8, AbsentCheck)>,
    header: Vec<(u8, WholeCheck)>,
    whole: Vec<(u8, WholeCheck)>,
    skipped: Vec<(u8, String)>,

    rows: FxHashMap<u32, Vec<Mark>>,
    absent_marks: BTreeMap<u32, Vec<Mark>>,
    header_marks: Vec<Mark>,
    whole_marks: Vec<Mark>,
    counts: Counts,
    by_rule: Vec<u32>,
    pending: Pending,
    halfway: Option<Halfway>,
}

/// Edits that were made when work was stopped. Their rows were not looked at, so what is known of them holds again once
/// they have been taken back.
struct Halfway {
    edits: Vec<Edit>,
    /// How many of them.
    made: usize,
    affected: FxHashSet<u32>,
}

/// The rules that look at the cells of one column, and which classes any of them looks at.
#[derive(Default)]
struct ColumnRules {
    at_text: Vec<CellRule>,
    at_text_classes: CharClasses,
    at_cell: Vec<CellRule>,
    at_cell_classes: CharClasses,
}

/// What was found: what is told, and what is set aside.
#[derive(Default)]
struct Found {
    told: Vec<Mark>,
    aside: Vec<(Mark, Why)>,
}

impl Found {
    fn put(&mut self, mark: Mark, why: Option<Why>) {
        match why {
            Some(why) => self.aside.push((mark, why)),
            None => self.told.push(mark),
        }
    }
}

/// Rows, each with what was found of it.
type FoundOfRows = Vec<(u32, Found)>;
/// What rules have to say.
type Texts = Vec<(Mark, FindingText)>;

fn values(texts: Texts) -> Vec<String> {
    texts.into_iter().map(|(_, text)| text.value).collect()
}
type CellRule = (u8, CharClasses, fn(&Cell, &mut FindingSink));
type PersonCheck = fn(&Person, &mut FindingSink);
type AbsentCheck = fn(&Absent, &mut FindingSink);
type WholeCheck = fn(&CheckContext, &mut FindingSink);

/// After so many rows or edits it is asked whether to go on.
const FEW_ROWS: usize = 512;

/// The one other row that has a value: the only one for which it matters that another comes or goes, since more have
/// each other.
fn the_only(mut others: impl Iterator<Item = u32>) -> Option<u32> {
    let first = others.next()?;
    others.next().is_none().then_some(first)
}

/// The rows of a key. Where very many share it, one more or less changes nothing for the others.
fn few(rows: impl Iterator<Item = u32>) -> Vec<u32> {
    const FEW: usize = 100;
    let rows: Vec<u32> = rows.take(FEW + 1).collect();
    if rows.len() > FEW { Vec::new() } else { rows }
}

/// What an edit left to be looked at when work pauses.
#[derive(Default)]
struct Pending {
    columns: FxHashSet<usize>,
    missing: bool,
    whole: bool,
    /// Whether rows are sorted apart was decided otherwise; those that differ are to be looked at.
    moved: bool,
    /// Rows that share a key with one that is somebody else now.
    rows: FxHashSet<u32>,
}

impl Checker {
    /// Checks everything. `go_on` is told the rows done now and then; it answers whether to go on.
    ///
    /// Fails with kind `Cancelled` when `go_on` says no, and in no other way: what is wrong with the roster is a finding.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use muster_roster::lists::Lists;
    /// use muster_roster::profile::Profile;
    /// use muster_roster::roster::Roster;
    /// use muster_rules::checker::Checker;
    /// use muster_rules::rules::CheckContext;
    /// use muster_table::table::Table;
    ///
    /// # fn main() -> muster_table::error::Result<()> {
    /// let profile = Arc::new(Profile::built_in("generic").expect("it comes with Muster"));
    /// let table = Table::from_text("employee_id,email\n1,ada@example.com\n2,bo@example.com \n")?;
    /// let context = CheckContext::new(Roster::read(table, profile), None, Lists::new());
    /// let mut checker = Checker::new(context, &|_| true)?;
    ///
    /// let findings = checker.all_findings();
    /// assert_eq!(findings.len(), 1);
    /// assert_eq!(findings[0].rule, "space-stray");
    ///
    /// // A fix is ordinary edits; what it affects is checked again.
    /// let fix = findings[0].fix.as_ref().expect("it can be mended");
    /// checker.apply(&fix.edits)?;
    /// checker.flush();
    /// assert_eq!(checker.counts().note + checker.counts().warning + checker.counts().error, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn new(context: CheckContext, go_on: GoOn) -> Result<Checker> {
        let mut checker = Checker::of(context);
        checker.check_all(go_on)?;
        Ok(checker)
    }

    /// One that has not looked at anything yet.
    fn of(context: CheckContext) -> Checker {
        let columns = context.roster.columns.len();
        Checker {
            by_column: std::iter::repeat_with(ColumnRules::default).take(columns).collect(),
            person: Vec::new(),
            absent: Vec::new(),
            header: Vec::new(),
            whole: Vec::new(),
            skipped: Vec::new(),
            rows: FxHashMap::default(),
            absent_marks: BTreeMap::new(),
            header_marks: Vec::new(),
            whole_marks: Vec::new(),
            counts: Counts::default(),
            by_rule: vec![0; RULES.len()],
            pending: Pending { whole: true, ..Pending::default() },
            halfway: None,
            context,
        }
    }

    fn choose_rules(&mut self) {
        for (n, rule) in (0u8..).zip(RULES) {
            if let Some(because) = self.context.skips(n) {
                self.skipped.push((n, because));
                continue;
            }
            let looked_at = |c: &&Column| !c.is_left_out() && !self.context.is_not_read(c);
            let columns = || self.context.roster.columns.iter().filter(looked_at);
            match &rule.scope {
                RuleScope::Value { of, classes, check } => {
                    for column in columns().filter(|c| of(&self.context, c)) {
                        let column_rules = &mut self.by_column[column.at];
                        column_rules.at_text.push((n, *classes, *check));
                        column_rules.at_text_classes |= *classes;
                    }
                }
                RuleScope::Cell { of, classes, check } => {
                    for column in columns().filter(|c| of(&self.context, c)) {
                        let column_rules = &mut self.by_column[column.at];
                        column_rules.at_cell.push((n, *classes, *check));
                        column_rules.at_cell_classes |= *classes;
                    }
                }
                RuleScope::Person(check) => self.person.push((n, *check)),
                RuleScope::Absent(check) => self.absent.push((n, *check)),
                RuleScope::Header(check) => self.header.push((n, *check)),
                RuleScope::Roster(check) => self.whole.push((n, *check)),
            }
        }
    }

    fn check_all(&mut self, go_on: GoOn) -> Result<()> {
        const CHUNK: usize = 1 << 14;
        // What a context left out that was told to stop would be missed here.
        if !go_on(0) {
            return Err(stopped());
        }
        self.choose_rules();
        let people = self.context.roster.table.len();
        let chunks: Vec<usize> = (0..people).step_by(CHUNK).collect();
        let found: Vec<Option<FoundOfRows>> = chunks
            .into_par_iter()
            .map(|from| {
                if !go_on(from) {
                    return None;
                }
                let (mut found, mut marks) = (FoundOfRows::new(), Vec::new());
                let mut clean = ValueCache::of(self.context.roster.columns.len());
                for index in from..(from + CHUNK).min(people) {
                    let Some(row) = self.context.roster.table.row_at(index) else { break };
                    self.look_at_row(row, &mut clean, &mut FindingSink::marks(&mut marks));
                    if !marks.is_empty() {
                        found.push((row, self.sorted(row, &marks)));
                        marks.clear();
                    }
                }
                Some(found)
            })
            .collect();
        for found in found {
            for (row, found) in found.ok_or_else(stopped)? {
                self.put_found(row, found);
            }
        }
        for (n, was) in self.context.missing.clone().into_iter().enumerate() {
            if n % FEW_ROWS == 0 && !go_on(0) {
                return Err(stopped());
            }
            self.recheck_absent(was);
        }
        let found = self.look_at_whole(&self.header, go_on)?;
        self.header_marks = found.told;
        self.context.set_aside.put(About::Header, found.aside);
        for mark in self.header_marks.clone() {
            self.tally(&mark, 1);
        }
        if !go_on(people) {
            return Err(stopped());
        }
        self.flush_while(go_on)
    }

    fn look_at_row(&self, row: u32, clean: &mut ValueCache<CharClasses>, sink: &mut FindingSink) {
        let context = &self.context;
        let is_nobody = is_nobody(&context.roster, row);
        let mut cells = context.roster.table.cells_of(row);
        for (column, column_rules) in context.roster.columns.iter().zip(&self.by_column) {
            // A row that ends early lacks its last cells, which are blank then.
            let text = cells.next().unwrap_or_default();
            let one = [&*text];
            let several: Vec<&str>;
            let values = match &column.separator {
                _ if text.is_empty() => &[][..],
                None => &one[..],
                Some(_) => {
                    several = column.values(&text).collect();
                    &several
                }
            };
            let cell = Cell { context, row, column, text: &text, values, is_nobodys: is_nobody };
            let look = |rules: &[CellRule], classes: CharClasses, sink: &mut FindingSink| {
                for (rule, of, check) in rules {
                    if classes.any(*of) {
                        check(&cell, sink.of(context, *rule));
                    }
                }
            };
            // Texts that were found clean, so that what half the column has is not looked at half a million times.
            let known = if is_nobody { None } else { clean.get(column.at, &text).copied() };
            let classes = known.unwrap_or_else(|| CharClasses::of(&text));
            if known.is_none() {
                let before = sink.len();
                if classes.any(column_rules.at_text_classes) {
                    look(&column_rules.at_text, classes, sink);
                }
                if !is_nobody && sink.len() == before {
                    clean.put(column.at, &text, classes);
                }
            }
            if classes.any(column_rules.at_cell_classes) {
                look(&column_rules.at_cell, classes, sink);
            }
        }
        let key = context.roster.key_text(row);
        let (was, differs) = (context.was_of_key(&key), context.differs(row));
        let person = Person { context, row, key: &key, is_nobody, was, differs };
        for (rule, check) in &self.person {
            check(&person, sink.of(context, *rule));
        }
    }

    fn tally(&mut self, mark: &Mark, by: i32) {
        let count = match mark.severity {
            Severity::Error => &mut self.counts.error,
            Severity::Warning => &mut self.counts.warning,
            Severity::Note => &mut self.counts.note,
        };
        *count = count.saturating_add_signed(by);
        let rule = &mut self.by_rule[mark.rule as usize];
        *rule = rule.saturating_add_signed(by);
    }

    fn compare(&mut self, row: u32) {
        let there = self.context.roster.table.index_of(row).is_some();
        if self.context.compare_row(row, there) {
            let key = self.context.roster.key_text(row).into_owned();
            self.pending.rows.extend(few(self.context.roster.rows_of_key(&key)));
        }
    }

    /// What is found of a row as it stands; nothing of one that is not there.
    fn found_now(&self, row: u32, clean: &mut ValueCache<CharClasses>) -> Found {
        let mut marks = Vec::new();
        if self.context.roster.table.index_of(row).is_some() {
            self.look_at_row(row, clean, &mut FindingSink::marks(&mut marks));
        }
        if marks.is_empty() { Found::default() } else { self.sorted(row, &marks) }
    }

    /// What of it is told, and what is set aside.
    fn sorted(&self, row: u32, marks: &[Mark]) -> Found {
        let mut found = Found::default();
        let values = || values(self.texts(row));
        for (why, mark) in self.context.asides(Some(row), marks, values).into_iter().zip(marks) {
            found.put(*mark, why);
        }
        found
    }

    fn put_found(&mut self, row: u32, found: Found) {
        for mark in self.rows.remove(&row).unwrap_or_default() {
            self.tally(&mark, -1);
        }
        for mark in &found.told {
            self.tally(mark, 1);
        }
        if !found.told.is_empty() {
            self.rows.insert(row, found.told);
        }
        self.context.set_aside.put(About::Row(row), found.aside);
    }

    fn recheck_absent(&mut self, was: u32) {
        for mark in self.absent_marks.remove(&was).unwrap_or_default() {
            self.tally(&mark, -1);
        }
        let mut marks = Vec::new();
        if self.context.missing.contains(&was) {
            self.look_at_absent(was, &mut FindingSink::marks(&mut marks));
        }
        let found = self.but_waived(marks, |sink| self.look_at_absent(was, sink));
        for mark in &found.told {
            self.tally(mark, 1);
        }
        if !found.told.is_empty() {
            self.absent_marks.insert(was, found.told);
        }
        self.context.set_aside.put(About::Absent(was), found.aside);
    }

    fn look_at_absent(&self, was: u32, sink: &mut FindingSink) {
        for (rule, check) in &self.absent {
            check(&Absent { context: &self.context, was }, sink.of(&self.context, *rule));
        }
    }

    /// Carries out edits and re-checks what they can affect at once. [`Checker::flush`] does the rest.
    ///
    /// Where one of them does not fit, none is made, and it fails with kind `Internal`.
    pub fn apply(&mut self, edits: &[Edit]) -> Result<()> {
        self.recover()?;
        let Err((failure, made, affected)) = self.make_all(edits, &|_| true) else { return Ok(()) };
        self.unmake(&edits[..made], affected)?;
        Err(failure)
    }

    /// The same; gives the edits back, unless `go_on` says no: then it fails with kind `Cancelled` at once, and what was made
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

    /// Makes edits and looks at their rows; of what fails, how many were made and the rows they touch.
    fn make_all(
        &mut self,
        edits: &[Edit],
        go_on: GoOn,
    ) -> std::result::Result<(), (Failure, usize, FxHashSet<u32>)> {
        let mut affected = FxHashSet::default();
        if edits.iter().any(Edit::is_of_columns) {
            return self.read_again(edits, go_on).map_err(|failure| (failure, 0, affected));
        }
        let mut made = 0;
        let mut outcome = Ok(());
        while let Some(edit) = edits.get(made).filter(|_| outcome.is_ok()) {
            let stops = made % FEW_ROWS == 0 && !go_on(0);
            outcome = if stops { Err(stopped()) } else { self.make(edit, &mut affected) };
            made += usize::from(outcome.is_ok());
        }
        let rows = || affected.iter().copied().collect::<Vec<u32>>();
        let looked = outcome.and_then(|()| self.recheck_rows(rows(), go_on));
        looked.map_err(|failure| (failure, made, affected))
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
                self.enter(*row, affected);
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

    /// Looks at rows as they stand. What is stopped leaves what is known of them as it is.
    fn recheck_rows(&mut self, rows: Vec<u32>, go_on: GoOn) -> Result<()> {
        for (row, found) in self.look_at_rows(rows, go_on)?.into_iter().flatten() {
            self.put_found(row, found);
        }
        Ok(())
    }

    fn look_at_rows(&mut self, rows: Vec<u32>, go_on: GoOn) -> Result<Vec<FoundOfRows>> {
        for (n, row) in rows.iter().enumerate() {
            if n % FEW_ROWS == FEW_ROWS - 1 && !go_on(0) {
                return Err(stopped());
            }
            self.compare(*row);
        }
        let look = |rows: &[u32]| {
            let mut clean = ValueCache::default();
            let look = |row: &u32| (*row, self.found_now(*row, &mut clean));
            go_on(0).then(|| rows.iter().map(look).collect())
        };
        // Most edits affect a row or two, for which waking other threads takes longer than looking.
        let found: Option<_> = match rows.len() <= FEW_ROWS {
            true => look(&rows).map(|found| vec![found]),
            false => rows.par_chunks(FEW_ROWS).map(look).collect(),
        };
        found.ok_or_else(stopped)
    }

    /// Other columns mean other fields: everything is read and checked anew.
    fn read_again(&mut self, edits: &[Edit], go_on: GoOn) -> Result<()> {
        let mut table: Table = self.context.roster.table.clone();
        for edit in edits {
            table.apply(edit)?;
        }
        let mut next = Checker::of(self.context.reread(table, go_on));
        let checked = next.check_all(go_on);
        match checked {
            Ok(()) => *self = next,
            Err(_) => self.context.snapshot = next.context.snapshot,
        }
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
        let applied = self.context.roster.table.apply(edit);
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

    fn enter(&mut self, row: u32, affected: &mut FxHashSet<u32>) {
        self.count_row(row, 1);
        for column in 0..self.context.roster.columns.len() {
            self.enter_unique(row, column, affected);
        }
        self.enter_key(row, affected);
        self.enter_cross_refs(row, affected);
    }

    fn leave(&mut self, row: u32, affected: &mut FxHashSet<u32>) {
        self.count_row(row, -1);
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
        for was in self.context.rows_of_snapshot(&key) {
            self.affect_takers(was, affected);
            if self.context.missing.contains(&was) {
                self.context.no_longer_missing(was);
                self.recheck_absent(was);
                self.pending.missing = true;
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
            self.context.now_missing(was);
            self.recheck_absent(was);
            self.pending.missing = true;
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
        affected.extend(the_only(context.same_value(row, column)));
    }

    fn leave_unique(&mut self, row: u32, column: usize, affected: &mut FxHashSet<u32>) {
        let context = &mut self.context;
        let Some(hash) =
            CheckContext::unique_hash(&context.roster, &context.roster.columns[column], row)
        else {
            return;
        };
        affected.extend(the_only(context.same_value(row, column)));
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
        // Few at most, unless the snapshot is another account's: then only what an edit moved is looked at.
        const FEW: usize = 10_000;
        let depending = if self.pending.missing || self.pending.moved {
            self.context.depending_on_who_is_missing()
        } else if self.pending.whole {
            self.context.depending_on_any_row()
        } else {
            Vec::new()
        };
        if depending.len() <= FEW {
            self.recheck_rows(depending, go_on)?;
        }
        (self.pending.missing, self.pending.moved) = (false, false);
        // Each of these can show that another is somebody else than it was.
        while !self.pending.rows.is_empty() {
            let rows = std::mem::take(&mut self.pending.rows);
            let stopped = self.recheck_rows(rows.iter().copied().collect(), go_on);
            stopped.inspect_err(|_| self.pending.rows.extend(rows))?;
        }
        for was in self.context.claims_moved() {
            self.recheck_absent(was);
        }
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

    fn look_at_whole(&self, rules: &[(u8, WholeCheck)], go_on: GoOn) -> Result<Found> {
        let mut marks = Vec::new();
        let mut sink = FindingSink::marks(&mut marks);
        for (rule, check) in rules {
            if !go_on(0) {
                return Err(stopped());
            }
            check(&self.context, sink.of(&self.context, *rule));
        }
        let again = |sink: &mut FindingSink| {
            for (rule, check) in rules {
                check(&self.context, sink.of(&self.context, *rule));
            }
        };
        Ok(self.but_waived(marks, again))
    }

    /// What is about no row: all of it is told that nobody waived. `again` has the rules say it once more.
    fn but_waived(&self, marks: Vec<Mark>, again: impl Fn(&mut FindingSink)) -> Found {
        let text = || {
            let mut texts = Vec::new();
            again(&mut FindingSink::texts(&mut texts));
            values(texts)
        };
        let why = self.context.asides(None, &marks, text);
        let mut found = Found::default();
        marks.into_iter().zip(why).for_each(|(mark, why)| found.put(mark, why));
        found
    }

    fn recheck_column(&mut self, column: usize, go_on: GoOn) -> Result<()> {
        let table = &self.context.roster.table;
        let moved = |row: &u32| {
            self.context.stats[column]
                .verdict_moved(&self.context.roster.columns[column], &table.cell(*row, column))
        };
        let rows: Vec<u32> = table.rows().filter(moved).collect();
        self.recheck_rows(rows, go_on)?;
        self.context.stats[column].looked_at();
        Ok(())
    }

    /// What is checked: roster, snapshot, lists and choices.
    pub fn context(&self) -> &CheckContext {
        &self.context
    }

    /// What was checked, with the edits that were made.
    pub fn into_context(self) -> CheckContext {
        self.context
    }

    /// How many findings of each severity there are, also of people who are not in the file.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// How many findings of each severity every column has.
    pub fn counts_by_column(&self) -> Vec<Counts> {
        let mut counts = vec![Counts::default(); self.context.roster.columns.len()];
        let marks = self.rows.values().flatten().chain(&self.header_marks).chain(&self.whole_marks);
        for mark in marks {
            let Some(counts) = mark.column().and_then(|c| counts.get_mut(c)) else { continue };
            match mark.severity {
                Severity::Error => counts.error += 1,
                Severity::Warning => counts.warning += 1,
                Severity::Note => counts.note += 1,
            }
        }
        counts
    }

    /// How many findings a rule has.
    pub fn count_of(&self, rule: u8) -> u32 {
        self.by_rule[rule as usize]
    }

    /// How many findings were waived; they are in no other count.
    pub fn waived(&self) -> u32 {
        self.context.set_aside.waived().values().sum()
    }

    /// How many findings each waiver lets stand, in the order of [`CheckContext::waivers`].
    pub fn waived_by(&self) -> Vec<u32> {
        let waived = self.context.set_aside.waived();
        let count = |place: usize| waived.get(&place).copied().unwrap_or_default();
        (0..self.context.waivers.iter().count()).map(count).collect()
    }

    /// The rules that did not run, and why.
    pub fn skipped(&self) -> &[(u8, String)] {
        &self.skipped
    }

    /// The marks of one row.
    pub fn marks(&self, row: u32) -> &[Mark] {
        self.rows.get(&row).map_or(&[], Vec::as_slice)
    }

    /// The marks about the header and the file as a whole.
    pub fn whole_marks(&self) -> impl Iterator<Item = &Mark> {
        self.header_marks.iter().chain(&self.whole_marks)
    }

    /// The rows with findings, in the order of the file.
    pub fn rows_with_findings(&self) -> Vec<u32> {
        let table = &self.context.roster.table;
        table.rows().filter(|row| self.rows.contains_key(row)).collect()
    }

    /// All that is to be said of a row.
    pub fn findings(&self, row: u32) -> Vec<Finding> {
        if !self.rows.contains_key(&row) {
            return Vec::new();
        }
        self.to_findings(self.told(Some(row), self.texts(row)))
    }

    /// What every rule has to say of a row, also of what is set aside.
    fn texts(&self, row: u32) -> Texts {
        let mut texts = Vec::new();
        self.look_at_row(row, &mut ValueCache::default(), &mut FindingSink::texts(&mut texts));
        texts
    }

    /// Those that are not set aside.
    fn told(&self, row: Option<u32>, texts: Texts) -> Texts {
        let marks: Vec<Mark> = texts.iter().map(|(mark, _)| *mark).collect();
        let values = || texts.iter().map(|(_, text)| text.value.clone()).collect();
        let why = self.context.asides(row, &marks, values);
        texts.into_iter().zip(why).filter(|(_, why)| why.is_none()).map(|(text, _)| text).collect()
    }

    /// All that is to be said of the header, the file, and people who are not in it.
    pub fn findings_of_the_whole(&self) -> Vec<Finding> {
        let mut texts = Vec::new();
        let mut sink = FindingSink::texts(&mut texts);
        let is_marked = |marks: &[Mark], rule: u8| marks.iter().any(|m| m.rule == rule);
        let of_header = self.header.iter().filter(|(rule, _)| is_marked(&self.header_marks, *rule));
        let of_whole = self.whole.iter().filter(|(rule, _)| is_marked(&self.whole_marks, *rule));
        for (rule, check) in of_header.chain(of_whole) {
            check(&self.context, sink.of(&self.context, *rule));
        }
        for &was in self.absent_marks.keys() {
            self.look_at_absent(was, &mut sink);
        }
        self.to_findings(self.told(None, texts))
    }

    /// Every finding: of the whole first, then by row in the order of the file.
    pub fn all_findings(&self) -> Vec<Finding> {
        let rows = self.rows_with_findings();
        let by_row: Vec<Vec<Finding>> =
            rows.into_par_iter().map(|row| self.findings(row)).collect();
        let mut all = self.findings_of_the_whole();
        all.extend(by_row.into_iter().flatten());
        all
    }

    fn to_findings(&self, texts: Vec<(Mark, FindingText)>) -> Vec<Finding> {
        let secret = |column: Option<usize>| {
            column.is_some_and(|c| self.context.roster.columns[c].is_secret())
        };
        texts
            .into_iter()
            .map(|(mark, text)| Finding {
                rule: RULES[mark.rule as usize].code.to_owned(),
                severity: mark.severity,
                row: (mark.row != Mark::NOWHERE).then_some(mark.row),
                column: mark.column().map(narrow::place),
                value: if secret(mark.column()) && !text.value.is_empty() {
                    MASK.into()
                } else {
                    text.value
                },
                message: text.message,
                fix: text.fix,
            })
            .collect()
    }
}
