//! Rules look at a roster and report findings. One file a rule, one page beside it that explains and tests it.
//!
//! To add one: its file, its page, a `mod` line and an entry in [`RULES`]. What a page holds stands in `tests/pages`.

mod across;
mod active_after_last_day;
mod apostrophe_added;
mod as_exported;
mod as_lms_writes;
mod blank_written;
mod called_alike;
mod cell_runs;
mod char_classes;
mod character_invisible;
mod character_refused;
mod checks_off;
mod column_family;
mod column_for_new;
pub(crate) mod column_guess;
mod column_not_read;
mod compared;
mod context;
mod country_unknown;
mod cross_refs;
mod damage;
mod date_ambiguous;
mod date_before;
mod date_made;
mod date_malformed;
mod date_order;
mod date_unlikely;
mod dates_turned;
mod days_at_work;
mod delimiters_left;
mod edit_by_hand;
mod edit_ignored;
mod email_malformed;
mod email_unlikely;
mod equals_kept;
mod escapes;
mod export_other;
mod field_created;
mod file_misread;
mod formula_kept;
mod group_repeated;
mod group_unknown;
mod header_blank;
mod header_duplicate;
mod header_inferred;
mod header_invisible;
mod header_missing;
mod header_moved;
mod header_none;
mod header_unknown;
mod holders;
mod identity;
mod inactive_at_work;
mod key_blank;
mod key_changed;
mod key_duplicate;
mod key_invented;
mod key_lost;
mod key_reused;
mod key_swapped;
mod languages;
mod law;
mod letter_lookalike;
mod letters_lost;
mod lookalike;
mod manager_unknown;
mod membership_lost;
mod mojibake;
mod name_of_another;
mod name_turned;
mod names_turned;
mod namesakes;
mod no_people;
mod not_unique;
mod nothing_written;
mod number_rounded;
mod number_scientific;
mod number_shown;
mod one_off;
mod other_form;
mod own_number;
mod pair_not_allowed;
mod partner_blank;
mod partners;
mod password_resets;
mod password_weak;
mod person_missing;
mod person_twice;
mod quote_kept;
mod quote_stray;
mod quotes_curled;
mod region_elsewhere;
mod region_unknown;
mod report_words;
mod required_blank;
mod role_not_by_file;
mod role_unknown;
mod row_blank;
mod row_not_a_person;
mod row_ragged;
mod rows_scrambled;
mod same_person;
mod scrambled;
mod seats_exceeded;
mod seems;
mod separator_in_name;
mod separator_wrong;
mod set_aside;
mod space_stray;
mod stats;
mod strangers;
mod stray;
mod tag_lost;
mod text_cut;
mod text_escaped;
mod text_mojibake;
mod too_long;
mod too_short;
mod unreached;
mod value_cache;
mod value_cleared;
mod value_failed;
mod value_not_allowed;
mod value_rare;
mod value_swapped;
mod value_unseen;
pub mod waiver;
mod zeros_lost;

use std::cell::OnceCell;

use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::profile::schema::RuleName;
use muster_roster::roster::Column;
use muster_table::edit::Edit;
use muster_table::narrow;
use muster_table::words::quoted;

pub use char_classes::CharClasses;
pub use compared::{Claim, ClaimBasis};
pub use context::CheckContext;
pub use date_order::{DateOrder, EitherWay, day_in_words};
pub use holders::{Holder, Keeps};
pub use identity::{SamePerson, is_slip};
pub use letter_lookalike::as_seen;
pub use name_of_another::CalledAnother;
pub use row_not_a_person::is_nobody;
pub(crate) use set_aside::{About, SetAside, Why};
pub use stats::ColumnStats;
pub(crate) use value_cache::ValueCache;

/// Every rule there is. The order is the order in which findings of one cell are shown.
pub static RULES: &[&Rule] = &[
    // The file.
    &file_misread::RULE,
    &export_other::RULE,
    &delimiters_left::RULE,
    &quote_stray::RULE,
    &header_none::RULE,
    &no_people::RULE,
    &row_ragged::RULE,
    &row_blank::RULE,
    &row_not_a_person::RULE,
    &header_missing::RULE,
    &column_for_new::RULE,
    &header_unknown::RULE,
    &header_duplicate::RULE,
    &header_blank::RULE,
    &header_invisible::RULE,
    &header_inferred::RULE,
    &header_moved::RULE,
    &text_mojibake::RULE,
    &as_exported::RULE,
    &checks_off::RULE,
    // Who is who.
    &rows_scrambled::RULE,
    &key_blank::RULE,
    &key_changed::RULE,
    &key_lost::RULE,
    &key_invented::RULE,
    &key_swapped::RULE,
    &key_reused::RULE,
    &name_of_another::RULE,
    &value_swapped::RULE,
    &name_turned::RULE,
    &names_turned::RULE,
    &key_duplicate::RULE,
    &same_person::RULE,
    &person_missing::RULE,
    &person_twice::RULE,
    &active_after_last_day::RULE,
    &inactive_at_work::RULE,
    // Values.
    &required_blank::RULE,
    &not_unique::RULE,
    &email_malformed::RULE,
    &email_unlikely::RULE,
    &value_not_allowed::RULE,
    &value_unseen::RULE,
    &date_malformed::RULE,
    &date_ambiguous::RULE,
    &date_unlikely::RULE,
    &date_before::RULE,
    &dates_turned::RULE,
    &partner_blank::RULE,
    &pair_not_allowed::RULE,
    &too_long::RULE,
    &too_short::RULE,
    &character_refused::RULE,
    &text_escaped::RULE,
    &tag_lost::RULE,
    &quote_kept::RULE,
    &space_stray::RULE,
    &character_invisible::RULE,
    &letter_lookalike::RULE,
    // Lists.
    &separator_wrong::RULE,
    &separator_in_name::RULE,
    &group_unknown::RULE,
    &own_number::RULE,
    &group_repeated::RULE,
    &role_unknown::RULE,
    &role_not_by_file::RULE,
    &manager_unknown::RULE,
    &value_rare::RULE,
    // Places.
    &country_unknown::RULE,
    &region_unknown::RULE,
    &region_elsewhere::RULE,
    // What a spreadsheet did.
    &value_failed::RULE,
    &blank_written::RULE,
    &nothing_written::RULE,
    &zeros_lost::RULE,
    &number_scientific::RULE,
    &number_rounded::RULE,
    &date_made::RULE,
    &text_cut::RULE,
    &quotes_curled::RULE,
    &other_form::RULE,
    &number_shown::RULE,
    &formula_kept::RULE,
    &equals_kept::RULE,
    &cell_runs::RULE,
    &apostrophe_added::RULE,
    // What the LMS would do.
    &edit_ignored::RULE,
    &column_not_read::RULE,
    &edit_by_hand::RULE,
    &password_resets::RULE,
    &password_weak::RULE,
    &field_created::RULE,
    &seats_exceeded::RULE,
    &membership_lost::RULE,
    &value_cleared::RULE,
];

/// What a rule is: its name, how grave its findings are, what it needs, and what it looks at.
pub struct Rule {
    /// The fault it names, in kebab-case; stable.
    pub code: &'static str,
    /// The same in words, as a heading: "Group not known".
    pub title: &'static str,
    /// How grave its findings are, where neither the profile nor the finding says otherwise.
    pub severity: Severity,
    /// Without which it does not run; [`Checker::skipped`](crate::checker::Checker::skipped) says so then.
    pub requires: Requires,
    /// What its findings are about; whether they say anything of a cell that is as the LMS exported it rests on that.
    pub concerns: Concerns,
    /// What it looks at, and the function that looks.
    pub scope: RuleScope,
    /// Markdown: help above the first `##`, tests below.
    pub page: &'static str,
}

impl Rule {
    /// Whether its errors are doubts: that a file was perhaps not understood. While one stands there is no all-clear, and
    /// nothing is sent; no profile can switch such a rule off or make less of it.
    pub fn is_doubt(&self) -> bool {
        matches!(self.concerns, Concerns::Reading)
    }

    /// What stands on a rule's page between its heading and its first example.
    pub fn help(&self) -> &str {
        let help = self.page.split("\n## ").next().unwrap_or_default();
        match help.strip_prefix("# ").and_then(|rest| rest.split_once('\n')) {
            Some((_, text)) => text.trim(),
            None => help.trim_start_matches("# ").trim(),
        }
    }
}

/// What a rule cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requires {
    /// The file alone.
    File,
    /// Values that a column may have: of a list that was loaded, of the profile, or of the snapshot.
    List(&'static str),
    /// A roster that the LMS is known to have.
    Snapshot,
}

/// What the findings of a rule are about. What is wrong with a value that the LMS itself has, and that nobody changed,
/// is the LMS's own affair: it is told once for the column, by [`as_exported`], and stops nobody.
#[derive(Clone, Copy)]
pub enum Concerns {
    /// The file: its rows, its columns, how it was read.
    File,
    /// Whether the file was understood: that it is a list of people, that its rows are as many and as long as they were
    /// written. An error is a doubt, see [`Rule::is_doubt`].
    Reading,
    /// Who is who, and who is there.
    Identity,
    /// What a spreadsheet or another program did to a cell.
    Damage,
    /// What was changed.
    Change,
    /// A value, and nothing beside it.
    Value,
    /// A value beside others. Whether all that it was found by is as in the snapshot is for the rule to say: asked are
    /// the row, the snapshot's row of that person, and the column.
    Beside(fn(&CheckContext, u32, u32, usize) -> bool),
}

/// What a rule looks at. An edit re-checks the scopes that can see it, and nothing else.
pub enum RuleScope {
    /// One text at a time, of the columns chosen, where it has one of the classes. Whether there is anything to report
    /// rests on the text alone, so what was looked at once in a column need not be again. Rows that are nobody's are
    /// the exception: see [`Cell`].
    Value {
        /// Which columns it looks at.
        of: fn(&CheckContext, &Column) -> bool,
        /// Which texts it looks at: those that have one of these traits.
        classes: CharClasses,
        /// Looks, and reports.
        check: fn(&Cell, &mut FindingSink),
    },
    /// One cell at a time: its text as in [`RuleScope::Value`], and its row.
    Cell {
        /// Which columns it looks at.
        of: fn(&CheckContext, &Column) -> bool,
        /// Which texts it looks at: those that have one of these traits.
        classes: CharClasses,
        /// Looks, and reports.
        check: fn(&Cell, &mut FindingSink),
    },
    /// One text at a time, with what stands beside it. Whether there is anything to report rests on the two texts alone.
    Pair {
        /// The other column, of those that it looks at.
        with: fn(&CheckContext, &Column) -> Option<usize>,
        /// Which texts it looks at: those that have one of these traits.
        classes: CharClasses,
        /// Looks, and reports.
        check: fn(&Cell, &mut FindingSink),
    },
    /// One person at a time: the row, the snapshot's row of the same key, and the indexes.
    Person(fn(&Person, &mut FindingSink)),
    /// Somebody whom the snapshot knows and the roster does not have.
    Absent(fn(&Absent, &mut FindingSink)),
    /// The column names. Looked at again when one is renamed.
    Header(fn(&CheckContext, &mut FindingSink)),
    /// Many rows at once. Looked at again when work pauses, not at each keystroke.
    Roster(fn(&CheckContext, &mut FindingSink)),
}

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

/// What a finding says; made only when somebody wants to read it.
pub struct FindingText {
    /// The offending value, or the part of a cell that offends.
    pub value: String,
    /// One plain sentence.
    pub message: String,
    /// What would end it; none where only a person can know.
    pub fix: Option<Fix>,
}

impl FindingText {
    /// A finding without a fix. `value` is `•••` for a password; `message` has no full stop at its end.
    pub fn new(value: impl Into<String>, message: impl Into<String>) -> FindingText {
        FindingText { value: value.into(), message: message.into(), fix: None }
    }

    /// The same with a fix, if there is one.
    pub fn fix(mut self, fix: Option<Fix>) -> FindingText {
        self.fix = fix;
        self
    }
}

/// Where a finding is and how grave: eight bytes, so that a million of them fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// [`Mark::NOWHERE`] where it is about the whole file or somebody who is not in it.
    pub row: u32,
    column: u16,
    /// The rule's place in [`RULES`].
    pub rule: u8,
    /// How grave it is here.
    pub severity: Severity,
}

impl Mark {
    /// In place of a row, where it is about no row.
    pub const NOWHERE: u32 = u32::MAX;
    const WHOLE_ROW: u16 = u16::MAX;

    /// Whether it doubts that the file was understood.
    pub fn is_doubt(&self) -> bool {
        self.severity == Severity::Error && RULES[usize::from(self.rule)].is_doubt()
    }

    /// Where the column stands, counted from 0; none for a whole row or the whole file.
    pub fn column(&self) -> Option<usize> {
        (self.column != Mark::WHOLE_ROW).then_some(self.column as usize)
    }
}

/// Where a column stands, in the two bytes that a [`Mark`] has for it.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "a file of more than 16,384 columns is refused when it is read"
)]
fn two_bytes(column: usize) -> u16 {
    column as u16
}

/// Takes what a rule reports.
pub struct FindingSink<'r> {
    rule: u8,
    /// The profile's word on how grave this rule is.
    severity: Option<Severity>,
    output: Output<'r>,
}

enum Output<'r> {
    Marks(&'r mut Vec<Mark>),
    Texts(&'r mut Vec<(Mark, FindingText)>),
}

impl<'r> FindingSink<'r> {
    pub(crate) fn marks(marks: &'r mut Vec<Mark>) -> FindingSink<'r> {
        FindingSink { rule: 0, severity: None, output: Output::Marks(marks) }
    }

    pub(crate) fn texts(texts: &'r mut Vec<(Mark, FindingText)>) -> FindingSink<'r> {
        FindingSink { rule: 0, severity: None, output: Output::Texts(texts) }
    }

    /// How much was reported.
    pub(crate) fn len(&self) -> usize {
        match &self.output {
            Output::Marks(marks) => marks.len(),
            Output::Texts(texts) => texts.len(),
        }
    }

    pub(crate) fn of(&mut self, context: &CheckContext, rule: u8) -> &mut Self {
        self.rule = rule;
        self.severity = context.severity(rule);
        self
    }

    /// A finding about a cell.
    pub fn cell(&mut self, cell: &Cell, text: impl FnOnce() -> FindingText) {
        self.at(cell.row, Some(cell.column.at), None, text);
    }

    /// A finding about a cell, graver or lighter than the rule's own severity.
    pub fn cell_as(&mut self, severity: Severity, cell: &Cell, text: impl FnOnce() -> FindingText) {
        self.at(cell.row, Some(cell.column.at), Some(severity), text);
    }

    /// A finding about a row, at one of its columns or as a whole.
    pub fn row(&mut self, row: u32, column: Option<usize>, text: impl FnOnce() -> FindingText) {
        self.at(row, column, None, text);
    }

    /// A finding about a column's name, or about the whole file.
    pub fn header(&mut self, column: Option<usize>, text: impl FnOnce() -> FindingText) {
        self.at(Mark::NOWHERE, column, None, text);
    }

    /// Any of these with a severity of its own. The profile's word goes before it.
    pub fn at(
        &mut self,
        row: u32,
        column: Option<usize>,
        severity: Option<Severity>,
        text: impl FnOnce() -> FindingText,
    ) {
        let mark = Mark {
            row,
            column: column.map_or(Mark::WHOLE_ROW, two_bytes),
            rule: self.rule,
            severity: self.severity.or(severity).unwrap_or(RULES[self.rule as usize].severity),
        };
        match &mut self.output {
            Output::Marks(marks) => marks.push(mark),
            Output::Texts(texts) => texts.push((mark, text())),
        }
    }
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

/// All rules by their codes and titles, for the schema of profiles.
pub fn names() -> Vec<RuleName> {
    RULES.iter().map(|rule| (rule.code, rule.title)).collect()
}

/// Whether there is a rule of this code.
pub fn is_rule(code: &str) -> bool {
    rule_index(code).is_some()
}

/// A rule's place in [`RULES`].
pub fn rule_index(code: &str) -> Option<u8> {
    (0u8..).zip(RULES).find(|(_, rule)| rule.code == code).map(|(n, _)| n)
}
