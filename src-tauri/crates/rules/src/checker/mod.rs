//! Keeps the findings of a roster up to date while it is edited: an edit re-checks what it can affect, nothing else.

mod editing;
mod grouped;
mod looking;
mod telling;

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use self::editing::{Halfway, Pending, few};
use self::grouped::Moved;
pub use self::grouped::{EitherOrder, FoundByRule, FoundByValue, Grouped, IsUnseen};
use self::looking::{ColumnRules, PairRule, Remembered};
use crate::rules::{
    About, Absent, CheckContext, FindingSink, FindingText, Mark, Person, RULES, Rule, RuleScope,
    Why,
};
use muster_roster::finding::{Counts, Severity};
use muster_roster::roster::Column;
use muster_table::error::Result;
use muster_table::going::{GoOn, stopped};

/// A roster with its findings, which stay true while it is edited.
pub struct Checker {
    context: CheckContext,
    /// For each column, the rules that look at its cells.
    of_columns: Vec<ColumnRules>,
    person: Vec<(u8, PersonCheck)>,
    absent: Vec<(u8, AbsentCheck)>,
    header: Vec<(u8, WholeCheck)>,
    whole: Vec<(u8, WholeCheck)>,
    /// The rules that look at more of a row than one text.
    beside_a_text: RuleSet,
    skipped: Vec<(u8, String)>,

    rows: FxHashMap<u32, Vec<Mark>>,
    absent_marks: BTreeMap<u32, Vec<Mark>>,
    header_marks: Vec<Mark>,
    whole_marks: Vec<Mark>,
    counts: Counts,
    doubts: u32,
    by_rule: Vec<u32>,
    by_column: Vec<Counts>,
    moved: Moved,
    pending: Pending,
    halfway: Option<Halfway>,
}

/// Some of the rules, a bit for each.
#[derive(Clone, Copy, Default)]
struct RuleSet(u128);

impl RuleSet {
    const ALL: RuleSet = RuleSet(u128::MAX);

    fn of(rules: impl Iterator<Item = u8>) -> RuleSet {
        RuleSet(rules.fold(0, |all, rule| all | 1 << rule))
    }

    fn has(self, rule: u8) -> bool {
        self.0 >> rule & 1 == 1
    }

    fn has_any_of(self, other: RuleSet) -> bool {
        self.0 & other.0 != 0
    }

    fn has_all_of(self, other: RuleSet) -> bool {
        other.0 & !self.0 == 0
    }
}

const _: () = assert!(RULES.len() <= u128::BITS as usize);

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
type PersonCheck = fn(&Person, &mut FindingSink);
type AbsentCheck = fn(&Absent, &mut FindingSink);
type WholeCheck = fn(&CheckContext, &mut FindingSink);

/// After so many rows or edits it is asked whether to go on.
const FEW_ROWS: usize = 512;

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
            of_columns: std::iter::repeat_with(ColumnRules::default).take(columns).collect(),
            person: Vec::new(),
            absent: Vec::new(),
            header: Vec::new(),
            whole: Vec::new(),
            beside_a_text: RuleSet::default(),
            skipped: Vec::new(),
            rows: FxHashMap::default(),
            absent_marks: BTreeMap::new(),
            header_marks: Vec::new(),
            whole_marks: Vec::new(),
            counts: Counts::default(),
            doubts: 0,
            by_rule: vec![0; RULES.len()],
            by_column: vec![Counts::default(); columns],
            moved: Moved::default(),
            pending: Pending::of_the_whole(),
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
                        let column_rules = &mut self.of_columns[column.at];
                        column_rules.at_text.push((n, *classes, *check));
                        column_rules.at_text_classes |= *classes;
                    }
                }
                RuleScope::Cell { of, classes, check } => {
                    for column in columns().filter(|c| of(&self.context, c)) {
                        let column_rules = &mut self.of_columns[column.at];
                        column_rules.at_cell.push((n, *classes, *check));
                        column_rules.at_cell_classes |= *classes;
                    }
                }
                RuleScope::Pair { with, classes, check } => {
                    for column in columns() {
                        let Some(with) = with(&self.context, column) else { continue };
                        let pair = PairRule { rule: n, classes: *classes, with, check: *check };
                        let column_rules = &mut self.of_columns[column.at];
                        column_rules.at_pair_classes |= *classes;
                        column_rules.at_pair.push(pair);
                    }
                }
                RuleScope::Person(check) => self.person.push((n, *check)),
                RuleScope::Absent(check) => self.absent.push((n, *check)),
                RuleScope::Header(check) => self.header.push((n, *check)),
                RuleScope::Roster(check) => self.whole.push((n, *check)),
            }
        }
        let rests_on_more =
            |(_, rule): &(u8, &&Rule)| !matches!(rule.scope, RuleScope::Value { .. });
        self.beside_a_text = RuleSet::of((0u8..).zip(RULES).filter(rests_on_more).map(|(n, _)| n));
        for column in &mut self.of_columns {
            column.of_texts = RuleSet::of(column.at_text.iter().map(|(rule, ..)| *rule));
            let at_cell = column.at_text.iter().chain(&column.at_cell).map(|(rule, ..)| *rule);
            column.rules = RuleSet::of(at_cell.chain(column.at_pair.iter().map(|pair| pair.rule)));
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
        let remembered = || Remembered::of(self.context.roster.columns.len());
        let found: Vec<Option<FoundOfRows>> = chunks
            .into_par_iter()
            .map_init(remembered, |remembered, from| {
                if !go_on(from) {
                    return None;
                }
                let marks = self.look_at_rows_from(from..(from + CHUNK).min(people), remembered);
                let of_rows = marks.chunk_by(|one, other| one.row == other.row);
                Some(
                    of_rows.map(|marks| (marks[0].row, self.sorted(marks[0].row, marks))).collect(),
                )
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

    fn tally(&mut self, mark: &Mark, by: i32) {
        let of_column = mark.column().and_then(|column| self.by_column.get_mut(column));
        for counts in [Some(&mut self.counts), of_column].into_iter().flatten() {
            let count = match mark.severity {
                Severity::Error => &mut counts.error,
                Severity::Warning => &mut counts.warning,
                Severity::Note => &mut counts.note,
            };
            *count = count.saturating_add_signed(by);
        }
        if mark.is_doubt() {
            self.doubts = self.doubts.saturating_add_signed(by);
        }
        let rule = &mut self.by_rule[mark.rule as usize];
        *rule = rule.saturating_add_signed(by);
    }

    fn compare(&mut self, row: u32) {
        self.context.look_for_lost_name(row);
        let there = self.context.roster.table.index_of(row).is_some();
        if self.context.compare_row(row, there) {
            let key = self.context.roster.key_text(row).into_owned();
            self.pending.look_at(few(self.context.roster.rows_of_key(&key)));
            self.pending.look_at(self.context.seeming_of_key(&key));
        }
    }

    /// What is found of a row as it stands; nothing of one that is not there.
    fn found_now(&self, row: u32, remembered: &mut Remembered) -> Found {
        let mut marks = Vec::new();
        if self.context.roster.table.index_of(row).is_some() {
            let mut sink = FindingSink::marks(&mut marks);
            let edited = self.pending.edited(row);
            self.look_again(row, edited, remembered, &mut sink);
        }
        if marks.is_empty() { Found::default() } else { self.sorted(row, &marks) }
    }

    /// What of it is told, and what is set aside.
    fn sorted(&self, row: u32, marks: &[Mark]) -> Found {
        let mut found = Found::default();
        let values = || values(self.texts(row, RuleSet::ALL));
        for (why, mark) in self.context.asides(Some(row), marks, values).into_iter().zip(marks) {
            found.put(*mark, why);
        }
        found
    }

    fn put_found(&mut self, row: u32, found: Found) {
        self.pending.looked_at(row);
        self.moved.row(row);
        self.context.count_seat_of(row);
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
        self.moved.absent(was);
        self.context.count_seat_of_missing(was);
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
}
