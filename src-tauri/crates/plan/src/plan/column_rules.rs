//! How a connector treats each column, under the choices of one push.

use muster_roster::diff::Columns;
use muster_roster::profile::{AddOrReplace, Blank, Choices, Existing, Field, NewFields, Profile};
use muster_roster::roster::{Column, Roster};

/// What is done with the values of a person who exists already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MergeMode {
    /// The file's values stand beside those the LMS has.
    Add,
    /// The file's take the place of the LMS's.
    Replace,
    /// The profile asks for a choice and nobody has made it.
    Open,
}

/// How one column of the roster is treated.
pub(super) struct ColumnRule<'a> {
    pub column: &'a Column,
    pub field: Option<&'a Field>,
    /// The snapshot's column of the same field or name.
    pub was: Option<usize>,
    pub mode: MergeMode,
    pub blank: Option<Blank>,
    /// What becomes of it where the person exists already.
    pub existing: Existing,
    /// Why it is not sent, where the connector or the LMS's own template has no place for it.
    pub unreached: Option<Unreached>,
}

/// What has no place for a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unreached {
    /// The connector: "EdApp's interface has no place for it".
    Interface(String),
    /// The LMS's own template, by the name of its file.
    Template(String),
}

impl Unreached {
    pub fn why(&self) -> String {
        match self {
            Unreached::Interface(lms) => format!("{lms}'s interface has no place for it"),
            Unreached::Template(file) => {
                format!("it is not sent: the template `{file}` has no such column")
            }
        }
    }
}

/// The columns that say something to the LMS; one it does not know is not among them.
pub(super) fn column_rules<'a>(
    roster: &'a Roster,
    snapshot: Option<&Roster>,
    columns: &Columns,
    choices: &Choices,
) -> Vec<ColumnRule<'a>> {
    let was = |at: usize| columns.pairs.iter().find(|t| t.new == at).map(|t| t.old);
    roster
        .columns
        .iter()
        .filter(|column| !column.is_left_out() && !names_old_keys(roster, column))
        .filter(|column| is_read(roster, snapshot, column, was(column.at).is_some(), choices))
        .map(|column| {
            let field = roster.says_of(column.at);
            ColumnRule {
                column,
                field,
                was: was(column.at),
                mode: mode(&roster.profile, field, choices),
                blank: blank(field, choices),
                existing: match field {
                    Some(field) if field.create_only => Existing::Ignored,
                    _ => roster.profile.existing,
                },
                unreached: unreached(&roster.profile, roster.field(column.at)),
            }
        })
        .collect()
}

/// Whether a column says nothing of anybody but which key they had.
fn names_old_keys(roster: &Roster, column: &Column) -> bool {
    let named = roster.profile.key.renamed_by.as_deref();
    named.is_some() && roster.field(column.at).map(|field| field.id.as_str()) == named
}

fn unreached(profile: &Profile, field: Option<&Field>) -> Option<Unreached> {
    if profile.sent_by.is_some() {
        let has_no_place = field.is_none_or(|field| field.unreached);
        return has_no_place.then(|| Unreached::Interface(profile.called().to_owned()));
    }
    let template = profile.template.as_deref()?;
    let has_it = field.is_some_and(|field| field.read_only || template.has(field));
    (!has_it).then(|| Unreached::Template(template.file.clone()))
}

/// Whether the LMS reads a column: one of the profile's fields, one that it had itself, or one that it makes a field
/// of and may. Without a profile nobody knows, and every column counts; so does one of the account's own where the LMS has
/// nobody yet who could have it. One that goes by their order takes no other than it has given out.
pub(crate) fn is_read(
    roster: &Roster,
    snapshot: Option<&Roster>,
    column: &Column,
    snapshot_has_it: bool,
    choices: &Choices,
) -> bool {
    let profile = &roster.profile;
    // A field that everybody sees is not made of passwords.
    if column.is_secret() && column.field.is_none() && !profile.fields.is_empty() {
        return snapshot_has_it;
    }
    let may_be_own = profile.columns.custom && !profile.columns.creates;
    // An LMS that goes by the order of the columns takes those that it has given out, and no other.
    let has_people = snapshot.is_some_and(|s| !s.table.is_empty());
    if profile.columns.ordered && has_people && profile.template.is_none() {
        return snapshot_has_it;
    }
    column.field.is_some()
        || snapshot_has_it
        || profile.fields.is_empty()
        || profile.has_in_family(&column.name)
        || (may_be_own && snapshot.is_none_or(|s| s.table.is_empty()))
        || makes_fields(profile, choices)
}

/// Whether the LMS is to make a new field for everybody of a column that it does not know.
pub(crate) fn makes_fields(profile: &Profile, choices: &Choices) -> bool {
    profile.columns.creates && choices.new_fields.is_none_or(|answer| answer == NewFields::Accept)
}

fn mode(profile: &Profile, field: Option<&Field>, choices: &Choices) -> MergeMode {
    let Some(field) = field.filter(|f| profile.policy_of(&f.id).is_some()) else {
        return MergeMode::Replace;
    };
    match choices.values_of(&field.id) {
        Some(AddOrReplace::Add) => MergeMode::Add,
        Some(AddOrReplace::Replace) => MergeMode::Replace,
        None => MergeMode::Open,
    }
}

/// What a blank does: as chosen for this push, as the field says, or nobody knows.
fn blank(field: Option<&Field>, choices: &Choices) -> Option<Blank> {
    field.and_then(|f| f.blank).or(choices.blanks)
}

impl ColumnRule<'_> {
    /// Whether a word means that somebody is not active, where this column says so.
    pub fn is_inactive(&self, cell: &str) -> Option<bool> {
        let words = self.field.map(|f| f.inactive.as_slice()).filter(|w| !w.is_empty())?;
        Some(words.iter().any(|w| w.eq_ignore_ascii_case(cell.trim())))
    }

    /// Values that everybody has, whatever the file says.
    pub fn always(&self) -> &[String] {
        self.field.map_or(&[], |f| &f.always)
    }

    pub fn joined(&self, values: &[&str]) -> String {
        values.join(self.column.separator.as_deref().unwrap_or("; "))
    }
}
