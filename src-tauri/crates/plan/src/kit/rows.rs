//! The rows of the upload and of the undo file, as the LMS wants them.

use std::borrow::Cow;
use std::ops::Range;

use crate::kit::undo::Undo;
use crate::plan::{Only, Plan, is_read};
use muster_roster::diff::{Columns, Match, Pairing, added_values};
use muster_roster::profile::FileForm;
use muster_roster::roster::{Column, Roster};
use muster_rules::checker::Checker;
use muster_table::error::Result;
use muster_table::format::xlsx::write as xlsx;
use muster_table::narrow;

/// A table to be written: places in the roster or the snapshot, so that many people need little.
pub struct Sheet<'a> {
    roster: &'a Roster,
    snapshot: Option<&'a Roster>,
    columns: Columns,
    rows: Vec<Row>,
    /// The columns that the LMS is to see.
    sent: Vec<Sending>,
    undo: bool,
}

/// A column of the file for the LMS.
struct Sending {
    header: String,
    /// The roster's column; none where the LMS's own template has one that the roster lacks.
    column: Option<usize>,
}

/// The columns of the LMS's own template, in its order and as it heads them.
fn as_in_template(roster: &Roster) -> Option<Vec<Sending>> {
    let template = roster.profile.template.as_deref()?;
    let named = template.headers.iter().filter(|header| !header.is_empty());
    let sending = named.map(|header| {
        let is_it = |field: &muster_roster::profile::Field| field.headers.first() == Some(header);
        let of_it = |c: &&Column| roster.field(c.at).is_some_and(is_it);
        let column = roster.columns.iter().find(of_it).map(|column| column.at);
        Sending { header: header.clone(), column }
    });
    Some(sending.collect())
}

enum Row {
    /// A row of the roster; some columns are sent as the snapshot has them.
    Sent { row: u32, was: Option<u32>, as_before: Vec<u32> },
    /// A row of the snapshot.
    Back { was: u32 },
}

impl<'a> Sheet<'a> {
    /// The people that the LMS is told about: those who change and those who are new, or all.
    pub fn upload(plan: &Plan, checker: &'a Checker) -> Sheet<'a> {
        let context = checker.context();
        let planned = plan.by_row();
        let known = match &context.snapshot {
            Some(snapshot) if plan.only == Only::All => Pairing::of(snapshot, &context.roster).new,
            _ => Vec::new(),
        };
        let row = |(at, row): (usize, u32)| match planned.get(&row) {
            Some(p) if p.is_in_file(plan.only) => {
                Some(Row::Sent { row, was: p.was, as_before: p.as_before.clone() })
            }
            Some(_) => None,
            None if plan.only == Only::All => {
                let was = known.get(at).and_then(|m| match m {
                    Match::Row(was) => Some(*was),
                    _ => None,
                });
                Some(Row::Sent { row, was, as_before: Vec::new() })
            }
            None => None,
        };
        let rows = context.roster.table.rows().enumerate().filter_map(row).collect();
        Sheet::new(checker, rows, plan, false)
    }

    /// The people whom the undo file puts back.
    pub fn undo(undo: &Undo, plan: &Plan, checker: &'a Checker) -> Sheet<'a> {
        let rows = undo.rows.iter().map(|&was| Row::Back { was }).collect();
        Sheet::new(checker, rows, plan, true)
    }

    fn new(checker: &'a Checker, rows: Vec<Row>, plan: &Plan, undo: bool) -> Sheet<'a> {
        let context = checker.context();
        let snapshot = context.snapshot.as_ref();
        let columns = snapshot.map_or(Columns::default(), |s| Columns::of(s, &context.roster));
        // A column of which no field is to be made is not shown to an LMS that would make one.
        let sent = context.roster.columns.iter().filter(|column| {
            let known = columns.pairs.iter().any(|t| t.new == column.at);
            let read = || is_read(&plan.profile, column, known, &plan.choices);
            !column.is_left_out() && (!plan.profile.columns.creates || read())
        });
        let sent = sent.map(|column| Sending {
            header: context.roster.header(column, snapshot).to_owned(),
            column: Some(column.at),
        });
        let sent = as_in_template(&context.roster).unwrap_or_else(|| sent.collect());
        Sheet { roster: &context.roster, snapshot, columns, rows, sent, undo }
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_undo(&self) -> bool {
        self.undo
    }

    /// Some of the rows under the header that the export had, or the LMS's own template, as the file that the LMS takes.
    pub fn bytes(&self, rows: Range<usize>, form: &FileForm, at: &str) -> Result<Vec<u8>> {
        let header: Vec<&str> = self.sent.iter().map(|column| column.header.as_str()).collect();
        let cells = rows.filter_map(|n| self.rows.get(n)).map(|row| self.cells(row, form));
        if form.is_workbook() {
            let made_at = at.parse::<jiff::Timestamp>().map_or(0, |t| t.as_second());
            let making = xlsx::Making { sheet: "Users", made_at, scratch: None };
            return xlsx::write(&header, cells, &making);
        }
        let header: Vec<Cow<str>> = header.into_iter().map(Cow::Borrowed).collect();
        form.text(std::iter::once(header).chain(cells))
    }

    fn cells(&self, row: &Row, form: &FileForm) -> Vec<Cow<'a, str>> {
        let cell = |sending: &Sending| match sending.column.map(|at| &self.roster.columns[at]) {
            Some(column) => self.for_lms(column, self.cell(row, column), row, form),
            None => Cow::Borrowed(""),
        };
        self.sent.iter().map(cell).collect()
    }

    fn cell(&self, row: &Row, column: &Column) -> Cow<'a, str> {
        let of_snapshot = |was: Option<u32>| {
            let pair = self.columns.pairs.iter().find(|t| t.new == column.at)?;
            Some(self.snapshot?.table.cell(was?, pair.old))
        };
        match row {
            Row::Back { was } => of_snapshot(Some(*was)).unwrap_or_default(),
            Row::Sent { row, was, as_before } if as_before.contains(&narrow::place(column.at)) => {
                of_snapshot(*was).unwrap_or_else(|| self.roster.table.cell(*row, column.at))
            }
            Row::Sent { row, .. } => self.roster.table.cell(*row, column.at),
        }
    }

    /// A cell in the LMS's own form: several values joined as it joins them, a password that is to stay marked so.
    fn for_lms(
        &self,
        column: &Column,
        cell: Cow<'a, str>,
        row: &Row,
        form: &FileForm,
    ) -> Cow<'a, str> {
        if column.is_secret() {
            let exists = match row {
                Row::Back { .. } => true,
                Row::Sent { was, .. } => was.is_some(),
            };
            let keep = self.roster.field(column.at).and_then(|f| f.keep_word.as_deref());
            return match keep {
                Some(word) if exists && (self.undo || cell.is_empty()) => Cow::Borrowed(word),
                _ if self.undo => Cow::Borrowed(""),
                _ => cell,
            };
        }
        let cell = without_guard(cell, form);
        let Some(joined) = column.separator.as_deref() else { return cell };
        let whole = added_values(column, "", &cell).join(joined);
        if whole == cell { cell } else { Cow::Owned(whole) }
    }
}

/// An export puts an apostrophe before what a spreadsheet would run, and the import would keep it.
fn without_guard<'c>(cell: Cow<'c, str>, form: &FileForm) -> Cow<'c, str> {
    match cell {
        Cow::Borrowed(text) => Cow::Borrowed(form.without_guard(text)),
        Cow::Owned(text) => Cow::Owned(form.without_guard(&text).to_owned()),
    }
}
