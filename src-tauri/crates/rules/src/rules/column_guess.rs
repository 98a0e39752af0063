//! Which columns look like fields that a file lacks.

use super::{CheckContext, column_family};
use muster_roster::profile::{Field, FieldKind, header_form, synonyms};
use muster_roster::roster::{Column, Roster};
use muster_table::words::people;

/// The fields of the profile that no column of the file is.
pub fn lacking(context: &CheckContext) -> impl Iterator<Item = &Field> {
    let roster = &context.roster;
    let there = |n: usize| roster.columns.iter().any(|c| c.field == Some(n));
    roster.profile.fields.iter().enumerate().filter(move |(n, _)| !there(*n)).map(|(_, f)| f)
}

/// The field that a column without one is probably meant to be: its name is one or two letters off, or contains the
/// field's. None where two fields would do.
pub fn closest_field<'s>(context: &'s CheckContext, column: &Column) -> Option<&'s Field> {
    let settled = column.field.is_some() || column.used.is_some();
    let profile = &context.roster.profile;
    let is_of_family = || {
        profile.has_in_family(&column.name) || column_family::meant(profile, &column.name).is_some()
    };
    if settled || is_of_family() || column.form.is_empty() || is_known_by_snapshot(context, column)
    {
        return None;
    }
    let nearest = lacking(context)
        .filter_map(|field| Some((nearness(field, &column.form)?, field)))
        .collect::<Vec<_>>();
    let Some(least) = nearest.iter().map(|(n, _)| *n).min() else {
        context.status_like.as_ref().filter(|status| status.at == column.at)?;
        return lacking(context).find(|field| !field.inactive.is_empty());
    };
    let mut best = nearest.into_iter().filter(|(n, _)| *n == least);
    let (_, field) = best.next()?;
    best.next().is_none().then_some(field)
}

/// A column that says in words of HR systems who has left, whatever it is called.
pub(crate) struct StatusLike {
    /// Where it stands.
    pub at: usize,
    /// Of how many people it says so.
    left: usize,
    /// The first word that does.
    word: String,
}

impl StatusLike {
    /// Looked for where the LMS has a status and the list has none. What is edited since the file was opened does not make it
    /// another column.
    pub fn of(roster: &Roster, snapshot: Option<&Roster>) -> Option<StatusLike> {
        let has_status = roster.profile.fields.iter().any(|field| !field.inactive.is_empty());
        if !has_status || roster.status().is_some() {
            return None;
        }
        let is_of_lms = |c: &Column| {
            snapshot.is_some_and(|older| older.columns.iter().any(|other| other.form == c.form))
        };
        let is_open = |c: &&Column| {
            let is_text = c.kind == FieldKind::Text && !c.form.is_empty();
            is_text && c.field.is_none() && c.used.is_none() && !is_of_lms(c)
        };
        roster.columns.iter().filter(is_open).find_map(|c| StatusLike::in_column(roster, c))
    }

    fn in_column(roster: &Roster, column: &Column) -> Option<StatusLike> {
        let (mut filled, mut here, mut left) = (0, 0, 0);
        let mut word = None;
        for row in roster.table.opened_rows() {
            let Some(cell) = roster.table.opened(row, column.at) else { continue };
            let text = cell.trim();
            filled += usize::from(!text.is_empty());
            match synonyms::says_left(text).filter(|_| !text.is_empty()) {
                Some(true) => {
                    left += 1;
                    word.get_or_insert_with(|| text.to_owned());
                }
                Some(false) => here += 1,
                None => {}
            }
        }
        let is_headed = synonyms::meaning_of(&column.form).is_some_and(|meant| meant.is_status);
        let is_status = is_headed || (left + here) * 10 >= filled * 9;
        let word = word.filter(|_| is_status)?;
        Some(StatusLike { at: column.at, left, word })
    }

    /// What it says, after the column's name.
    pub fn says(&self) -> String {
        let left = if self.left == 1 { "has left" } else { "have left" };
        format!(" and says that {} {left} (`{}`)", people(self.left), self.word)
    }
}

/// The column of the snapshot, none of the profile's fields, that a new column is probably meant to be: its name is one
/// or two letters off, and nobody else's.
pub fn closest_snapshot_column<'s>(
    context: &'s CheckContext,
    column: &Column,
) -> Option<&'s Column> {
    let gone = |was: &&Column| {
        was.field.is_none()
            && !was.form.is_empty()
            && !context.snapshot_columns.contains(&Some(was.at))
    };
    if column.field.is_some()
        || column.form.is_empty()
        || context.snapshot_columns[column.at].is_some()
    {
        return None;
    }
    let near = |was: &&Column| off(&was.form, &column.form).is_some();
    let mut all = context.snapshot.as_ref()?.columns.iter().filter(gone).filter(near);
    all.next().filter(|_| all.next().is_none())
}

/// The column that is probably meant to be one of the snapshot's, where there is only one.
pub fn column_for_own<'s>(context: &'s CheckContext, was: &Column) -> Option<&'s Column> {
    let is_it =
        |c: &&Column| closest_snapshot_column(context, c).is_some_and(|own| own.at == was.at);
    let mut columns = context.roster.columns.iter().filter(is_it);
    columns.next().filter(|_| columns.next().is_none())
}

/// How a column is headed that a column without a field is probably meant to be.
pub fn closest_name<'s>(context: &'s CheckContext, column: &Column) -> Option<&'s str> {
    let field = closest_field(context, column).map(|field| field.headers[0].as_str());
    field.or_else(|| closest_snapshot_column(context, column).map(|own| own.name.as_str()))
}

/// A column that the snapshot has too is one of the account's own.
pub fn is_known_by_snapshot(context: &CheckContext, column: &Column) -> bool {
    context.roster.profile.columns.custom && context.snapshot_columns[column.at].is_some()
}

/// The column that is probably meant to be a lacking field, where there is only one.
pub fn column_for<'s>(context: &'s CheckContext, field: &Field) -> Option<&'s Column> {
    let mut columns = context
        .roster
        .columns
        .iter()
        .filter(|column| closest_field(context, column).is_some_and(|f| f.id == field.id));
    let column = columns.next()?;
    columns.next().is_none().then_some(column)
}

fn nearness(field: &Field, form: &str) -> Option<usize> {
    let near = |header: &String| {
        let header = header_form(header);
        off(&header, form).or_else(|| {
            let (long, short) =
                if form.len() > header.len() { (form, &*header) } else { (&*header, form) };
            (short.len() >= 5 && long.contains(short)).then_some(FAR)
        })
    };
    field.headers.iter().filter_map(near).min()
}

/// Further off than any slip.
const FAR: usize = 3;

/// How many letters a name is off, where it may be a slip.
fn off(header: &str, form: &str) -> Option<usize> {
    let number = |text: &str| text.len() - text.trim_end_matches(char::is_numeric).len();
    let number = |text: &str| text[text.len() - number(text)..].to_owned();
    let most = if header.chars().count() >= 6 { 2 } else { 1 };
    let distance = strsim::osa_distance(header, form);
    // `course12` is no slip of `course1`.
    (distance <= most && number(header) == number(form)).then_some(distance)
}
