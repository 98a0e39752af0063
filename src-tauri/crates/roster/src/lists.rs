//! Reference values: which groups, roles and places there are, as far as we know.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::letters::is_invisible;
use crate::profile::Profile;
use crate::spelling::Spellings;

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
    spellings: Spellings,
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
        let spellings = Spellings::of(sorted.iter().map(|v| v.as_str()));
        let forms = |v: &String| [(List::form(v), v.clone()), (List::in_any_case(v), v.clone())];
        let by_form = sorted.into_iter().rev().flat_map(forms).collect();
        List { by_form, spellings, values, source: source.into(), at, of_profile: false }
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

    /// The value that differs only in case, spaces, invisible or look-alike characters. Look-alikes are letters of two
    /// alphabets: `1` for `l` and `rn` for `m` are other letters, however they look.
    pub fn same_but_form(&self, value: &str) -> Option<&str> {
        // `I` and `l` are drawn alike, and `i` is not: capitals are looked for by themselves.
        [List::in_any_case(value), List::form(value)].iter().find_map(|form| {
            let known = self.by_form.get(form).map(String::as_str)?;
            is_same_but_form(value, known).then_some(known)
        })
    }

    /// The value that a value is a misspelling of, where only one is nearest.
    pub fn nearest(&self, value: &str) -> Option<&str> {
        self.spellings.nearest(value)
    }

    fn in_any_case(value: &str) -> String {
        let visible = value.chars().filter(|c| !c.is_whitespace() && !is_invisible(*c));
        // No form begins so.
        std::iter::once('\0').chain(visible.flat_map(char::to_lowercase)).collect()
    }

    fn form(value: &str) -> String {
        use unicode_normalization::UnicodeNormalization;
        if value.is_ascii() {
            let visible = value.chars().filter(|c| !c.is_whitespace() && !is_invisible(*c));
            return visible.map(|c| &*ASCII_FORMS[usize::from(c as u8)]).collect();
        }
        let visible = value.nfc().filter(|c| !c.is_whitespace() && !is_invisible(*c));
        unicode_security::skeleton(&visible.collect::<String>())
            .flat_map(char::to_lowercase)
            .collect()
    }
}

/// What the form of each character of ASCII is: looked up for each text it takes longer than all else.
static ASCII_FORMS: LazyLock<[String; 128]> = LazyLock::new(|| {
    std::array::from_fn(|n| {
        let letter = u8::try_from(n).map_or(String::new(), |byte| char::from(byte).to_string());
        unicode_security::skeleton(&letter).flat_map(char::to_lowercase).collect()
    })
});

/// Whether two texts have the same letters in the same order: as capitals or not, or drawn alike in two alphabets; and the
/// same numbers, however they are parted.
fn is_same_but_form(one: &str, other: &str) -> bool {
    use unicode_normalization::UnicodeNormalization;
    let visible = |text: &str| {
        let letters = text.nfc().filter(|c| !c.is_whitespace() && !is_invisible(*c));
        letters.flat_map(char::to_lowercase).collect::<Vec<char>>()
    };
    let numbers = |text: &str| {
        let numbers = text.split(|c: char| !c.is_numeric()).filter(|n| !n.is_empty());
        numbers.map(String::from).collect::<Vec<_>>()
    };
    let (a, b) = (visible(one), visible(other));
    let alike = |(a, b): (&char, &char)| a == b || a.is_ascii() != b.is_ascii();
    a.len() == b.len() && a.iter().zip(&b).all(alike) && numbers(one) == numbers(other)
}
