//! Which changes of somebody who exists a file makes, and which cells only look changed.

use std::borrow::Cow;

use super::{Field, FileForm};

/// Whether a file makes a change of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByFile {
    Yes,
    /// Only along with a change of another field of the same person.
    Along,
    /// Somebody has to make it in the LMS.
    No,
}

impl Field {
    /// Whether a file changes this field from one value to another.
    pub fn by_file(&self, before: &str, after: &str) -> ByFile {
        let carried = if self.rises_from_first {
            self.rises(before, after)
        } else {
            self.by_hand.is_none() || self.rides_along
        };
        match (carried, self.rides_along) {
            (false, _) => ByFile::No,
            (true, true) => ByFile::Along,
            (true, false) => ByFile::Yes,
        }
    }

    /// Whether the first of the choices gives way to another. A word that is no choice is a matter for the rules.
    fn rises(&self, before: &str, after: &str) -> bool {
        let place =
            |cell: &str| self.choices.iter().position(|c| c.eq_ignore_ascii_case(cell.trim()));
        match (place(before), place(after)) {
            (Some(from), Some(to)) => from == 0 && to > 0,
            _ => true,
        }
    }

    /// A value as the LMS keeps it and shows it in its next export.
    pub fn as_kept<'c>(&self, cell: &'c str) -> Cow<'c, str> {
        let word = cell.trim();
        if self.shown_blank.iter().any(|w| w.eq_ignore_ascii_case(word)) {
            return Cow::Borrowed("");
        }
        if self.stored_upper {
            return Cow::Owned(word.to_uppercase());
        }
        if self.choices_any_case
            && let Some(choice) = self.choices.iter().find(|c| c.eq_ignore_ascii_case(word))
        {
            return Cow::Owned(choice.clone());
        }
        Cow::Borrowed(cell)
    }

    /// Whether two cells come to the same in the LMS, however they are written.
    pub fn same_kept(&self, before: &str, after: &str) -> bool {
        self.as_kept(before) == self.as_kept(after)
    }
}

impl FileForm {
    /// The value without the apostrophe that the LMS's export puts before what a spreadsheet would run.
    pub fn without_guard<'c>(&self, cell: &'c str) -> &'c str {
        match cell.strip_prefix('\'') {
            Some(rest) if rest.starts_with(|c| self.guards_with_apostrophe.contains(c)) => rest,
            _ => cell,
        }
    }
}
