//! The rows of the upload and of the undo file, as the LMS wants them.

use std::borrow::Cow;
use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::kit::undo::{Undo, status_to_add};
use crate::plan::named_first;
use crate::plan::{Only, Plan, SentColumn, sent_columns};
use muster_roster::diff::{Columns, Match, Pairing, added_values};
use muster_roster::profile::{AddOrReplace, Choices, Field, FileForm};
use muster_roster::roster::{Column, Roster};
use muster_rules::checker::Checker;
use muster_table::error::Result;
use muster_table::export::{self, ExportFormat};
use muster_table::format::xlsx::write::Making;
use muster_table::narrow;

/// A table to be written: places in the roster or the snapshot, so that many people need little.
pub struct Sheet<'a> {
    roster: &'a Roster,
    snapshot: Option<&'a Roster>,
    rows: Vec<Row>,
    sent: Vec<SentColumn>,
    choices: Choices,
    undo: bool,
    /// The columns in which the LMS ends each list with the separator, by their place in what is sent.
    ended: Vec<bool>,
}

enum Row {
    /// A row of the roster; some columns are sent as the snapshot has them.
    Sent { row: u32, was: Option<u32>, as_before: Vec<u32>, renamed: bool },
    /// A row of the snapshot; whoever the upload gave another key is found by that one.
    Back { was: u32, now: Option<u32> },
    /// A row of the roster, of somebody who is new and is set inactive again.
    Retired { row: u32 },
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
            Some(p) if p.is_in_file(plan.only) => Some(Row::Sent {
                row,
                was: p.was,
                as_before: p.as_before.clone(),
                renamed: p.renamed_by_file,
            }),
            Some(_) => None,
            None if plan.only == Only::All && !plan.leaves_out(row) => {
                let was = known.get(at).and_then(|m| match m {
                    Match::Row(was) => Some(*was),
                    _ => None,
                });
                Some(Row::Sent { row, was, as_before: Vec::new(), renamed: false })
            }
            None => None,
        };
        let rows = context.roster.table.rows().enumerate().filter_map(row).collect();
        Sheet::new(checker, whom_others_name_first(&context.roster, rows), plan, false)
    }

    /// The people whom the undo file puts back.
    pub fn undo(undo: &Undo, plan: &Plan, checker: &'a Checker) -> Sheet<'a> {
        let renamed = plan.people.iter().filter(|planned| planned.renamed_by_file);
        let now: FxHashMap<u32, u32> =
            renamed.filter_map(|p| Some((p.was?, p.person.row?))).collect();
        let back = undo.rows.iter().map(|&was| Row::Back { was, now: now.get(&was).copied() });
        let rows = back.chain(undo.retire.iter().map(|&row| Row::Retired { row })).collect();
        Sheet::new(checker, rows, plan, true)
    }

    /// People of a fresh export, who are set inactive: as the export has them, but for that.
    pub fn retired(export: &'a Roster, rows: &[u32]) -> Sheet<'a> {
        let sent = export.columns.iter().map(|column| SentColumn {
            header: column.name.clone(),
            of_roster: Some(column.at),
            of_snapshot: None,
            field: column.field,
        });
        let mut sent: Vec<SentColumn> = sent.collect();
        sent.extend(of_status(export, &sent));
        let rows = rows.iter().map(|&row| Row::Retired { row }).collect();
        Sheet {
            roster: export,
            snapshot: None,
            rows,
            sent,
            choices: Choices::default(),
            undo: true,
            ended: Vec::new(),
        }
    }

    fn new(checker: &'a Checker, rows: Vec<Row>, plan: &Plan, undo: bool) -> Sheet<'a> {
        let context = checker.context();
        let snapshot = context.snapshot.as_ref();
        let columns = snapshot.map_or(Columns::default(), |s| Columns::of(s, &context.roster));
        let mut sent = sent_columns(&context.roster, snapshot, &columns, &plan.choices);
        if rows.iter().any(|row| matches!(row, Row::Retired { .. })) {
            sent.extend(of_status(&context.roster, &sent));
        }
        sent.extend(old_keys(&context.roster, &rows, &sent));
        let ended = sent.iter().map(|sent| ends_lists(snapshot, sent)).collect();
        let choices = plan.choices.clone();
        Sheet { roster: &context.roster, snapshot, rows, sent, choices, undo, ended }
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_undo(&self) -> bool {
        self.undo
    }

    /// Some of the rows as the file that the LMS takes, and what is to be told of it: the vendor's own workbook filled in,
    /// where that was learnt, else a new file under the LMS's own header.
    pub fn file(&self, rows: Range<usize>, form: &FileForm, at: &str) -> Result<(Vec<u8>, String)> {
        let people =
            || rows.clone().filter_map(|n| self.rows.get(n)).map(|row| self.cells(row, form));
        let template = self.roster.profile.template.as_deref();
        let template = template.filter(|_| form.written_as() == ExportFormat::Workbook);
        let how = match template.and_then(|t| Some((t, t.filled(people())?))) {
            Some((template, Ok(bytes))) => {
                return Ok((bytes, format!(", in the LMS's own template `{}`", template.file)));
            }
            Some((_, Err(failure))) => format!(
                ", in a new workbook, as the template could not be filled in: {}",
                failure.why
            ),
            None => String::new(),
        };
        let header: Vec<&str> = self.sent.iter().map(|column| column.header.as_str()).collect();
        let bytes = if form.is_workbook() {
            let made_at = at.parse::<jiff::Timestamp>().map_or(0, |t| t.as_second());
            let making = Making { sheet: "Users", made_at, scratch: None };
            export::workbook(form.written_as(), &header, people(), &making)?
        } else {
            let header: Vec<Cow<str>> = header.into_iter().map(Cow::Borrowed).collect();
            form.text(std::iter::once(header).chain(people()))?
        };
        Ok((bytes, how))
    }

    fn cells(&self, row: &Row, form: &FileForm) -> Vec<Cow<'a, str>> {
        let sent = self.sent.iter().enumerate();
        sent.map(|(n, sent)| {
            let ended = self.ended.get(n).copied().unwrap_or_default();
            self.for_lms((sent, ended), self.cell(row, sent), row, form)
        })
        .collect()
    }

    fn cell(&self, row: &Row, sent: &SentColumn) -> Cow<'a, str> {
        let of_snapshot = |was: Option<u32>| Some((was?, self.snapshot?, sent.of_snapshot?));
        let had = |was| of_snapshot(was).map(|(was, s, at)| s.table.cell(was, at));
        let field = self.field(sent);
        if sent.field.is_some()
            && sent.field == self.renaming_field()
            && let Some(old) = self.old_key(row)
        {
            return old;
        }
        match (row, sent.of_roster) {
            (Row::Back { was, .. }, _) => had(Some(*was)).unwrap_or_default(),
            (Row::Retired { row }, at) => {
                let inactive = field.and_then(|field| field.inactive.first());
                let own = || at.map(|at| self.roster.table.cell(*row, at));
                inactive.map(|word| Cow::Borrowed(&**word)).or_else(own).unwrap_or_default()
            }
            (Row::Sent { row, was, as_before, renamed }, Some(at)) => {
                // What the LMS keeps itself goes back to it as it came.
                let stays = as_before.contains(&narrow::place(at))
                    || field.is_some_and(|field| field.read_only);
                // So does a key: whether another spelling is the same person to the LMS, nobody has written.
                let is_key = Some(at) == self.roster.key;
                let had = had(*was);
                if stays && was.is_some() {
                    // Where the LMS's export has no such column, that is nothing.
                    return had.unwrap_or_default();
                }
                let had = had.filter(|cell| is_key && !renamed && !cell.trim().is_empty());
                had.unwrap_or_else(|| self.roster.table.cell(*row, at))
            }
            (Row::Sent { was: Some(was), .. }, None) => had(Some(*was)).unwrap_or_default(),
            (Row::Sent { was: None, .. }, None) => {
                Cow::Borrowed(field.and_then(Field::of_newcomer).unwrap_or_default())
            }
        }
    }

    /// The place of the field that names the key somebody had.
    fn renaming_field(&self) -> Option<usize> {
        let profile = &self.roster.profile;
        let field = profile.key.renamed_by.as_deref()?;
        profile.fields.iter().position(|f| f.id == field)
    }

    /// The key by which the LMS has whoever is renamed by a row.
    fn old_key(&self, row: &Row) -> Option<Cow<'a, str>> {
        match row {
            Row::Sent { was: Some(was), renamed: true, .. } => Some(self.snapshot?.key_text(*was)),
            Row::Back { now: Some(row), .. } => Some(self.roster.key_text(*row)),
            // What was exported of that is of an earlier upload.
            Row::Back { .. } => Some(Cow::Borrowed("")),
            Row::Sent { .. } | Row::Retired { .. } => None,
        }
    }

    /// The column as whichever roster has it reads it.
    fn column(&self, sent: &SentColumn) -> Option<&'a Column> {
        match (sent.of_roster, sent.of_snapshot) {
            (Some(at), _) => self.roster.columns.get(at),
            (None, Some(at)) => self.snapshot?.columns.get(at),
            (None, None) => None,
        }
    }

    /// What the cell of somebody who exists takes the place of, where it does. Values that are said to stay all the same
    /// go along, so that they do.
    fn replaced(&self, sent: &SentColumn, row: &Row) -> Option<Cow<'a, str>> {
        let Row::Sent { was: Some(was), .. } = row else { return None };
        let field = self.field(sent)?;
        let replaces = self.choices.values_of(&field.id) == Some(AddOrReplace::Replace);
        replaces.then_some(())?;
        Some(self.snapshot?.table.cell(*was, sent.of_snapshot?))
    }

    /// Whether nobody touched the cell of somebody who exists: it goes back as it came.
    fn is_as_exported(&self, sent: &SentColumn, cell: &str, row: &Row, form: &FileForm) -> bool {
        let was = match row {
            Row::Back { .. } => return true,
            Row::Sent { was, .. } => *was,
            Row::Retired { .. } => None,
        };
        let had = was.zip(self.snapshot).zip(sent.of_snapshot);
        had.is_some_and(|((was, snapshot), at)| {
            *without_guard(snapshot.table.cell(was, at), form) == *cell
        })
    }

    /// What the LMS has of somebody, where it is the same values with other spaces between or around them: it knows them so.
    fn same_values(
        &self,
        sent: &SentColumn,
        column: &Column,
        cell: &str,
        row: &Row,
    ) -> Option<Cow<'a, str>> {
        let Row::Sent { was: Some(was), .. } = row else { return None };
        let had = self.snapshot?.table.cell(*was, sent.of_snapshot?);
        let is_same = !cell.is_empty() && column.values(&had).eq(column.values(cell));
        is_same.then_some(had)
    }

    fn field(&self, sent: &SentColumn) -> Option<&'a Field> {
        self.roster.profile.fields.get(sent.field?)
    }

    /// A cell in the LMS's own form: several values joined as it joins them, a password that is to stay marked so.
    fn for_lms(
        &self,
        (sent, ended): (&SentColumn, bool),
        cell: Cow<'a, str>,
        row: &Row,
        form: &FileForm,
    ) -> Cow<'a, str> {
        let Some(column) = self.column(sent) else { return cell };
        if self.roster.is_no_value(column, &cell) {
            return Cow::Borrowed("");
        }
        let field = self.field(sent);
        if column.is_password() {
            let exists = match row {
                Row::Back { .. } | Row::Retired { .. } => true,
                Row::Sent { was, .. } => was.is_some(),
            };
            // A password of the snapshot is nobody's to send.
            let cell = if sent.of_roster.is_some() { cell } else { Cow::Borrowed("") };
            let keep = field.and_then(|f| f.keep_word.as_deref());
            return match keep {
                Some(word) if exists && (self.undo || cell.is_empty()) => Cow::Borrowed(word),
                _ if self.undo => Cow::Borrowed(""),
                _ => cell,
            };
        }
        let cell = without_guard(cell, form);
        let Some(joined) = column.separator.as_deref() else { return cell };
        if self.is_as_exported(sent, &cell, row, form) {
            return cell;
        }
        if let Some(had) = self.same_values(sent, column, &cell, row) {
            return had;
        }
        let mut values = added_values(column, "", &cell);
        let had = if values.is_empty() { None } else { self.replaced(sent, row) };
        let always = |value: &&str| field.is_some_and(|f| f.always.iter().any(|a| a == value));
        let had = had.as_deref().unwrap_or_default();
        values.extend(added_values(column, &cell, had).into_iter().filter(always));
        let mut whole = values.join(joined);
        if ended && !whole.is_empty() {
            whole.push_str(joined.trim_end());
        }
        if whole == cell { cell } else { Cow::Owned(whole) }
    }
}

/// A column that says who is inactive, where nothing that is sent does.
fn of_status(roster: &Roster, sent: &[SentColumn]) -> Option<SentColumn> {
    let at = status_to_add(&roster.profile, sent)?;
    added(roster, at)
}

/// A column of a field that neither the roster nor the snapshot has.
fn added(roster: &Roster, field: usize) -> Option<SentColumn> {
    let header = roster.profile.fields.get(field)?.headers.first()?.clone();
    Some(SentColumn { header, of_roster: None, of_snapshot: None, field: Some(field) })
}

/// The column of the keys that people had, where somebody is renamed and nothing sent is that column.
fn old_keys(roster: &Roster, rows: &[Row], sent: &[SentColumn]) -> Option<SentColumn> {
    let is_renamed =
        |row: &Row| matches!(row, Row::Sent { renamed: true, .. } | Row::Back { now: Some(_), .. });
    let profile = &roster.profile;
    let field = profile.key.renamed_by.as_deref().filter(|_| rows.iter().any(is_renamed))?;
    let at = profile.fields.iter().position(|f| f.id == field)?;
    let is_there = sent.iter().any(|column| column.field == Some(at));
    if is_there { None } else { added(roster, at) }
}

/// Whoever is new and named by others stands before these, where the LMS wants it so.
fn whom_others_name_first(roster: &Roster, rows: Vec<Row>) -> Vec<Row> {
    let of_roster = |row: &Row| match row {
        Row::Sent { row, .. } | Row::Retired { row } => Some(*row),
        Row::Back { .. } => None,
    };
    let Some(places) = rows.iter().map(of_roster).collect::<Option<Vec<u32>>>() else {
        return rows;
    };
    let is_new = |n: usize| matches!(rows[n], Row::Sent { was: None, .. });
    let Some(order) = named_first::in_order(roster, &places, is_new) else { return rows };
    let mut rows: Vec<Option<Row>> = rows.into_iter().map(Some).collect();
    order.into_iter().filter_map(|n| rows[n].take()).collect()
}

/// Whether the LMS ends every list of a column with what stands between two values: `Sales; Ops;`.
fn ends_lists(snapshot: Option<&Roster>, sent: &SentColumn) -> bool {
    let Some((snapshot, at)) = snapshot.zip(sent.of_snapshot) else { return false };
    let separator = snapshot.columns.get(at).and_then(|column| column.separator.as_deref());
    let Some(end) = separator.map(str::trim_end).filter(|end| !end.is_empty()) else {
        return false;
    };
    let cells = snapshot.table.rows().map(|row| snapshot.table.cell(row, at));
    let mut filled = cells.filter(|cell| !cell.trim().is_empty()).peekable();
    filled.peek().is_some() && filled.all(|cell| cell.trim_end().ends_with(end))
}

/// An export puts an apostrophe before what a spreadsheet would run, and the import would keep it.
fn without_guard<'c>(cell: Cow<'c, str>, form: &FileForm) -> Cow<'c, str> {
    match cell {
        Cow::Borrowed(text) => Cow::Borrowed(form.without_guard(text)),
        Cow::Owned(text) => Cow::Owned(form.without_guard(&text).to_owned()),
    }
}
