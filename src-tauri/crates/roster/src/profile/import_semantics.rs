//! Which changes of somebody who exists a file makes, and which cells only look changed.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Field, FileForm};

/// Whether a file makes a change of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByFile {
    /// It does, by itself.
    Yes,
    /// Only along with a change of another field of the same person.
    Along,
    /// Somebody has to make it in the LMS.
    No,
}

impl Field {
    /// What somebody new is sent in a column that the opened file lacks; none where that is a blank. Whoever comes in is
    /// active.
    pub fn of_newcomer(&self) -> Option<&str> {
        if self.inactive.is_empty() {
            return None;
        }
        let active = |word: &&String| !self.inactive.iter().any(|w| w.eq_ignore_ascii_case(word));
        self.choices.iter().find(active).map(String::as_str)
    }

    /// Whether a file changes this field from one value to another.
    pub fn by_file(&self, before: &str, after: &str) -> ByFile {
        let carried = if self.promote_only {
            self.rises(before, after)
        } else {
            self.by_hand.is_none() || self.only_with_other_changes
        };
        match (carried, self.only_with_other_changes) {
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
        if self.exported_as_blank.iter().any(|w| w.eq_ignore_ascii_case(word)) {
            return Cow::Borrowed("");
        }
        if self.stored_upper {
            return Cow::Owned(word.to_uppercase());
        }
        if self.stored_lower || self.leaves_out {
            return self.cleaned(word);
        }
        if self.choices_any_case
            && let Some(choice) = self.choices.iter().find(|c| c.eq_ignore_ascii_case(word))
        {
            return Cow::Owned(choice.clone());
        }
        Cow::Borrowed(cell)
    }

    /// A value without what the LMS leaves out of it, in the case in which it keeps it.
    pub fn cleaned<'c>(&self, value: &'c str) -> Cow<'c, str> {
        let is_kept = |c: char| {
            let takes = self.characters.as_ref().is_none_or(|taken| taken.takes(c));
            (takes || !self.leaves_out) && !(self.stored_lower && c.is_uppercase())
        };
        if value.chars().all(is_kept) {
            return Cow::Borrowed(value);
        }
        let lower = if self.stored_lower { value.to_lowercase() } else { value.to_owned() };
        let takes = |c: &char| {
            !self.leaves_out || self.characters.as_ref().is_none_or(|taken| taken.takes(*c))
        };
        Cow::Owned(lower.chars().filter(takes).collect())
    }

    /// Whether two cells come to the same in the LMS, however they are written.
    pub fn same_kept(&self, before: &str, after: &str) -> bool {
        if self.values_any_case {
            let all = |cell| self.values(cell).map(str::to_lowercase).collect::<BTreeSet<String>>();
            return all(before) == all(after);
        }
        self.as_kept(before) == self.as_kept(after)
    }

    /// Whether two values of a cell are one to the LMS.
    pub fn same_value(&self, one: &str, other: &str) -> bool {
        one == other || (self.values_any_case && one.to_lowercase() == other.to_lowercase())
    }

    /// A cell with the values that the LMS had spelt as the LMS spells them.
    pub fn spelt_as<'c>(&self, before: &str, after: Cow<'c, str>) -> Cow<'c, str> {
        let Some(separator) = self.separator.as_deref().filter(|_| self.values_any_case) else {
            return after;
        };
        let had = |value| self.values(before).find(|had| self.same_value(had, value));
        if self.values(&after).all(|value| had(value).is_none_or(|had| had == value)) {
            return after;
        }
        let spelt: Vec<&str> =
            self.values(&after).map(|value| had(value).unwrap_or(value)).collect();
        Cow::Owned(spelt.join(separator))
    }

    fn values<'c>(&self, cell: &'c str) -> impl Iterator<Item = &'c str> + use<'c> {
        let by = self.separator.as_deref().and_then(|s| s.trim().chars().next());
        cell.split(move |c| Some(c) == by).map(str::trim).filter(|value| !value.is_empty())
    }
}

impl FileForm {
    /// The value without the apostrophe that the LMS's export puts before what a spreadsheet would run.
    pub fn without_guard<'c>(&self, cell: &'c str) -> &'c str {
        match cell.strip_prefix('\'') {
            Some(rest) if self.guards(rest) => rest,
            _ => cell,
        }
    }

    /// The value with the apostrophe, where the LMS's export puts one before it.
    pub fn with_guard(&self, cell: &str) -> Option<String> {
        self.guards(cell).then(|| format!("'{cell}"))
    }

    fn guards(&self, cell: &str) -> bool {
        cell.starts_with(|c| self.formula_prefixes.contains(c))
    }
}
