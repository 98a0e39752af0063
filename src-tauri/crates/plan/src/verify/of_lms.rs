//! Whether a file is an export of this LMS and not of another: what the LMS has, before an upload and after it.

use muster_roster::profile::Profile;
use muster_roster::roster::Roster;
use muster_table::error::{Failure, FailureKind, Result};

/// Why a file cannot say what the LMS of its profile has; none where it may. `recognised` is the profile that its column
/// names belong to, if they certainly are of one.
///
/// An account's own names are nobody else's: a file that has what this LMS needs, and what tells its files from other
/// lists, is one of it however well another fits.
pub fn why_not_of(export: &Roster, recognised: Option<&Profile>) -> Option<String> {
    let profile = &export.profile;
    if profile.fields.is_empty() {
        return None;
    }
    let has = |id: &String| export.column_of(id).is_some();
    let needed = profile.fields.iter().filter(|field| field.column_required);
    let fits = needed.map(|field| &field.id).all(has)
        && (profile.recognised_by.is_empty() || profile.recognised_by.iter().any(has));
    let other = recognised.filter(|other| !other.is_of_family(profile) && !other.fields.is_empty());
    if let Some(other) = other.filter(|_| !fits) {
        return Some(format!("its columns are those of {}", other.called()));
    }
    if export.key.is_none() {
        return Some("no column of it says who a row is".to_owned());
    }
    let mut rows = export.table.rows().peekable();
    let is_nobody = rows.peek().is_some() && rows.all(|row| export.key_text(row).trim().is_empty());
    is_nobody.then(|| "nobody in it has what people are found by".to_owned())
}

/// Refuses a file as what the LMS has: one of another LMS, or in which nobody can be found. A refusal is of kind
/// `Refused`.
pub fn must_be_of(export: &Roster, name: &str, recognised: Option<&Profile>) -> Result<()> {
    match why_not_of(export, recognised) {
        None => Ok(()),
        Some(why) => {
            let lms = export.profile.called();
            let what = format!("`{name}` does not say what {lms} has");
            Err(Failure::new(FailureKind::Refused, what)
                .why(why)
                .hint(format!("Take the file that {lms} exports.")))
        }
    }
}
