//! The columns that the LMS is sent, whichever file was opened: those of its own template, else those that its export has,
//! else those that the profile names. A report of an HR system has others, in another order and under other names.

use super::column_rules::is_read;
use muster_roster::diff::Columns;
use muster_roster::profile::{Choices, Field};
use muster_roster::roster::{Column, Roster};

/// One column of the file for the LMS.
pub(crate) struct SentColumn {
    /// How the LMS heads it.
    pub header: String,
    /// The roster's column; none where the opened file lacks it.
    pub of_roster: Option<usize>,
    /// The snapshot's column, by which people who exist are sent what they have.
    pub of_snapshot: Option<usize>,
    /// Its place among the fields of the profile.
    pub field: Option<usize>,
}

/// What an upload of this roster has, from left to right.
pub(crate) fn sent_columns(
    roster: &Roster,
    snapshot: Option<&Roster>,
    columns: &Columns,
    choices: &Choices,
) -> Vec<SentColumn> {
    if let Some(sent) = as_in_template(roster, snapshot) {
        return sent;
    }
    let of_roster = |old: usize| columns.pairs.iter().find(|p| p.old == old).map(|p| p.new);
    let of_snapshot = snapshot.iter().flat_map(|s| &s.columns).map(|column| SentColumn {
        header: column.name.clone(),
        of_roster: of_roster(column.at),
        of_snapshot: Some(column.at),
        field: column.field,
    });
    let mut sent: Vec<SentColumn> = of_snapshot.collect();
    let known = |column: &Column| columns.pairs.iter().any(|p| p.new == column.at);
    let added = roster.columns.iter().filter(|column| {
        let wanted = is_read(roster, snapshot, column, false, choices)
            && !roster.field(column.at).is_some_and(|field| field.read_only);
        !column.is_left_out() && !known(column) && wanted
    });
    for column in added {
        let header = match roster.field(column.at) {
            Some(field) => field.headers.first().unwrap_or(&column.name).clone(),
            None => column.name.clone(),
        };
        let comes_later = |s: &SentColumn| s.field.is_none() || s.field > column.field;
        let place = sent.iter().position(comes_later).filter(|_| column.field.is_some());
        let column = SentColumn {
            header,
            of_roster: Some(column.at),
            of_snapshot: None,
            field: column.field,
        };
        sent.insert(place.unwrap_or(sent.len()), column);
    }
    sent
}

/// How the LMS heads a column of the roster, whatever the opened file calls it: as its export does, else as its template
/// or the profile has it.
pub(crate) fn header_in_lms<'r>(
    roster: &'r Roster,
    snapshot: Option<&'r Roster>,
    columns: &Columns,
    column: usize,
) -> &'r str {
    let pair = columns.pairs.iter().find(|pair| pair.new == column);
    let had = pair.and_then(|pair| snapshot?.columns.get(pair.old));
    let named = || roster.field(column).and_then(|field| field.headers.first());
    match had {
        Some(had) => &had.name,
        None => named().unwrap_or(&roster.columns[column].name),
    }
}

/// The columns of the LMS's own template, in its order and as it heads them.
fn as_in_template(roster: &Roster, snapshot: Option<&Roster>) -> Option<Vec<SentColumn>> {
    let profile = &roster.profile;
    let template = profile.template.as_deref()?;
    let named = template.headers.iter().filter(|header| !header.is_empty());
    let sending = named.map(|header| {
        let is_it = |field: &Field| field.headers.first() == Some(header);
        let field = profile.fields.iter().position(is_it);
        let in_roster = |roster: &Roster| {
            roster.columns.iter().find(|c| field.is_some() && c.field == field).map(|c| c.at)
        };
        SentColumn {
            header: header.clone(),
            of_roster: in_roster(roster),
            of_snapshot: snapshot.and_then(in_roster),
            field,
        }
    });
    Some(sending.collect())
}
