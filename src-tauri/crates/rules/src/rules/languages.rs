//! What languages are called, and how the LMS's own export writes them: all by their codes, or all by their names.

use std::collections::BTreeMap;

use super::CheckContext;
use muster_roster::profile::FieldKind;
use muster_roster::roster::Column;

/// What languages are called in themselves, in English and in French, and by their codes.
pub(super) const ALL: [&[&str]; 9] = [
    &["english", "anglais", "en", "eng", "inglés", "englisch"],
    &["french", "français", "francais", "fr", "fra", "fre", "französisch", "francés"],
    &["spanish", "espagnol", "español", "es", "spa", "spanisch"],
    &["german", "allemand", "deutsch", "de", "deu", "ger"],
    &["italian", "italien", "italiano", "it", "ita"],
    &["portuguese", "portugais", "português", "pt", "por"],
    &["dutch", "néerlandais", "nederlands", "nl", "nld", "dut"],
    &["englishcanada", "anglaiscanada", "enca", "canadianenglish"],
    &["frenchcanada", "françaiscanada", "francaiscanada", "frca", "canadianfrench"],
];

/// How the snapshot writes the languages of a column.
pub struct Languages {
    /// By their codes, and not by their names.
    pub codes: bool,
    /// For each that it has, by its place in [`ALL`], how.
    words: BTreeMap<usize, String>,
}

/// Fewer say little of how it writes others.
const SEVERAL: usize = 3;

impl Languages {
    fn of<'c>(cells: impl Iterator<Item = std::borrow::Cow<'c, str>>) -> Option<Languages> {
        let (mut words, mut filled, mut codes) = (BTreeMap::new(), 0, 0);
        for cell in cells {
            let value = cell.trim();
            if value.is_empty() {
                continue;
            }
            let language = language(value)?;
            filled += 1;
            codes += usize::from(is_code(value));
            words.entry(language).or_insert_with(|| value.to_owned());
        }
        let is_one_way = codes == 0 || codes == filled;
        (filled >= SEVERAL && is_one_way).then_some(Languages { codes: codes > 0, words })
    }

    /// Whether a value is a language in the other of the two ways.
    pub fn is_otherwise(&self, value: &str) -> bool {
        language(value).is_some() && is_code(value) != self.codes
    }

    pub fn example(&self) -> &str {
        self.words.values().next().map_or("", String::as_str)
    }

    /// The same language as the LMS writes it, or where nobody there has it, by its code.
    pub fn same_language(&self, value: &str) -> Option<&str> {
        let language = language(value)?;
        let by_code = || ALL[language].iter().copied().find(|word| word.len() == 2);
        let had = self.words.get(&language).map(String::as_str);
        had.or_else(|| by_code().filter(|_| self.codes && self.example().len() == 2))
    }
}

/// Which language a value is, with or without a country behind it.
fn language(value: &str) -> Option<usize> {
    let bare = |text: &str| {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect::<String>()
    };
    let first = value.split(['-', '_', '(']).next().unwrap_or_default();
    let place = |word: String| ALL.iter().position(|words| words.contains(&word.as_str()));
    place(bare(value)).or_else(|| place(bare(first)))
}

fn is_code(value: &str) -> bool {
    let first = value.split(['-', '_']).next().unwrap_or_default();
    first.trim().len() <= 3
}

impl CheckContext {
    /// Whether all that the snapshot has in a column are languages, though nobody has said which words it takes.
    pub(super) fn writes_languages(&self, column: &Column) -> bool {
        let is_plain = !column.is_key
            && column.name_part == 0
            && column.kind == FieldKind::Text
            && self.roster.field(column.at).is_none_or(|field| field.choices.is_empty());
        is_plain && self.languages_of_lms(column.at).is_some()
    }

    /// How it writes them.
    pub(super) fn languages_of_lms(&self, column: usize) -> Option<&Languages> {
        self.snapshot.as_ref()?;
        let place = self.as_lms_writes.languages.get(column)?;
        place.get_or_init(|| Languages::of(self.cells_of_snapshot(column))).as_ref()
    }
}
