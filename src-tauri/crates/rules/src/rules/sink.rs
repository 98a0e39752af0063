//! What a rule reports, and what takes it.

use super::{Cell, CheckContext, RULES};
use muster_roster::finding::{Fix, Severity};

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
pub(super) fn two_bytes(column: usize) -> u16 {
    column as u16
}

/// Takes what a rule reports.
pub struct FindingSink<'r> {
    pub(super) rule: u8,
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
