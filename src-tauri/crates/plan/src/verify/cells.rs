//! Whether two cells say the same to the LMS.

use muster_roster::diff::differs;
use muster_roster::profile::Unique;
use muster_roster::roster::Roster;

/// A value in a sentence.
pub fn in_words(cell: &str) -> String {
    if cell.trim().is_empty() { "blank".to_owned() } else { format!("`{cell}`") }
}

/// Whether an export that holds `found` in a column holds what was expected there. The LMS may write it in its own way:
/// other letters where case does not count, another order of groups, an apostrophe before what a spreadsheet would run.
pub(super) fn same(export: &Roster, column: usize, expected: &str, found: &str) -> bool {
    let form = &export.profile.file;
    let expected = form.without_guard(expected).trim();
    let found = form.without_guard(found).trim();
    if expected == found {
        return true;
    }
    let place = &export.columns[column];
    let nothing = |cell: &str| cell.is_empty() || export.is_no_value(place, cell);
    if nothing(expected) && nothing(found) {
        return true;
    }
    if place.is_key && export.key_form(expected) == export.key_form(found) {
        return true;
    }
    if place.unique == Some(Unique::AnyCase) && expected.to_lowercase() == found.to_lowercase() {
        return true;
    }
    let field = export.field(column);
    if let Some(field) = field {
        let nothing = |cell: &str| field.nothing.iter().any(|w| w.eq_ignore_ascii_case(cell));
        if expected.is_empty() && nothing(found) {
            return true;
        }
        let inactive = |cell: &str| field.inactive.iter().any(|w| w.eq_ignore_ascii_case(cell));
        if field.same_kept(expected, found) || (inactive(expected) && inactive(found)) {
            return true;
        }
    }
    !differs(place, field.and_then(|f| f.keep_word.as_deref()), expected, found)
}
