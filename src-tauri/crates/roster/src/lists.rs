//! Reference values: which groups, roles and places there are, as far as we know.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::profile::Profile;

/// Reference values, by kind: `groups`, `roles`.
pub type Lists = BTreeMap<String, List>;

/// Values that somebody said are real, by kind, beside what lists or snapshot know: a group that nobody is in yet.
pub type RealValues = BTreeMap<String, Vec<String>>;

/// The values that a column may have, and what they look like without case and spaces.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// As the LMS writes them; none is blank.
    pub values: FxHashSet<String>,
    by_form: FxHashMap<String, String>,
    /// "groups.txt", "pasted", "the snapshot", "EdApp".
    pub source: String,
    /// When it was loaded, ISO 8601; none for one that nobody loaded.
    pub at: Option<String>,
    /// It comes and goes with the profile, unlike one that somebody loaded.
    pub of_profile: bool,
}

impl List {
    /// A list of these values, blank ones left out; `source` and `at` are as in the fields of these names.
    pub fn new(
        values: impl IntoIterator<Item = String>,
        source: impl Into<String>,
        at: Option<String>,
    ) -> List {
        let values: FxHashSet<String> = values.into_iter().filter(|v| !v.is_empty()).collect();
        let mut sorted: Vec<&String> = values.iter().collect();
        sorted.sort_unstable();
        let by_form = sorted.into_iter().rev().map(|v| (List::form(v), v.clone())).collect();
        List { by_form, values, source: source.into(), at, of_profile: false }
    }

    /// A list of the profile's own.
    pub fn of_profile(profile: &Profile, kind: &str, values: &[String]) -> List {
        let (source, at) = profile.source_of_list(kind);
        List { of_profile: true, ..List::new(values.iter().cloned(), source, at) }
    }

    /// The same list with more values on it.
    pub fn with(&self, more: &[String]) -> List {
        let values = self.values.iter().chain(more).cloned();
        let same = List::new(values, self.source.clone(), self.at.clone());
        List { of_profile: self.of_profile, ..same }
    }

    /// Whether somebody loaded it.
    pub fn is_loaded(&self) -> bool {
        self.at.is_some() && !self.of_profile
    }

    /// Whether a value is on it, written exactly so.
    pub fn has(&self, value: &str) -> bool {
        self.values.contains(value)
    }

    /// The value that differs only in case, spaces, invisible or look-alike characters.
    pub fn same_but_form(&self, value: &str) -> Option<&str> {
        self.by_form.get(&List::form(value)).map(String::as_str)
    }

    /// The value that is one or two letters off, where only one is nearest.
    pub fn nearest(&self, value: &str) -> Option<&str> {
        let most = if value.chars().count() >= 6 { 2 } else { 1 };
        let mut best: Option<(usize, &str)> = None;
        let mut tie = false;
        for known in &self.values {
            if known.len().abs_diff(value.len()) > most * 4 {
                continue;
            }
            let distance = strsim::osa_distance(&known.to_lowercase(), &value.to_lowercase());
            if distance > most {
                continue;
            }
            match best {
                Some((least, _)) if distance > least => {}
                Some((least, _)) if distance == least => tie = true,
                _ => {
                    best = Some((distance, known));
                    tie = false;
                }
            }
        }
        best.filter(|_| !tie).map(|(_, known)| known)
    }

    fn form(value: &str) -> String {
        use unicode_normalization::UnicodeNormalization;
        let visible = value.nfc().filter(|c| !c.is_whitespace() && !is_invisible(*c));
        unicode_security::skeleton(&visible.collect::<String>())
            .flat_map(char::to_lowercase)
            .collect()
    }
}

/// Characters that nobody sees: zero width, directional, byte-order mark, soft hyphen, Hangul fillers.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{3164}' | '\u{FFA0}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}
