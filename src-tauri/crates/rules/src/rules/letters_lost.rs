//! Letters of names that are no longer there: a `?` stands for them, or a sign that is no letter. And what the snapshot says
//! of how they are to be read.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rayon::prelude::*;

use super::mojibake::{code_page_byte, is_of_a_code_page};
use super::{CheckContext, ValueCache, letter_lookalike, quote_kept, text_mojibake};
use muster_roster::profile::FieldKind;
use muster_roster::roster::Column;
use muster_table::format::encoding::Encoding;
use muster_table::format::letters;
use muster_table::table::{Doubt, DoubtKind, ReadAs};

/// Of what nobody has a question mark in its name.
const PLACES: [&str; 14] = [
    "city",
    "town",
    "ort",
    "wohnort",
    "stadt",
    "ville",
    "ciudad",
    "department",
    "abteilung",
    "location",
    "office",
    "standort",
    "company",
    "firma",
];

/// Whether what stands in a column is a name as a whole: of a person, a place, a department or a group.
fn is_of_names(column: &Column) -> bool {
    is_of_people(column)
        || column.list.is_some()
        || PLACES.iter().any(|at| column.form.ends_with(at))
}

/// Whether a column says what people are called.
pub(super) fn is_of_people(column: &Column) -> bool {
    let is_text = matches!(column.kind, FieldKind::Text);
    is_text && (column.name_part > 0 || column.form.ends_with("name") && !column.is_key)
}

/// The word of a cell in which `?` stands for a letter: within it or before it, and in names behind it.
pub(super) fn with_lost<'t>(column: &Column, text: &'t str) -> Option<&'t str> {
    if !text.contains('?')
        || column.is_secret()
        || !quote_kept::is_no_prose(column) && !is_of_names(column)
    {
        return None;
    }
    // An address of the web has its own use for it.
    if text.contains("://") || text.contains(['=', '/']) || text.split_whitespace().count() > 5 {
        return None;
    }
    // A group may be a question.
    let is_name = is_of_people(column) || is_of_names(column) && !text.trim().contains(' ');
    text.split(|c: char| c.is_whitespace() || ",;()".contains(c)).find(|word| {
        let word: Vec<char> = word.trim_matches(|c| "\"'“”„-".contains(c)).chars().collect();
        let is_letter = |n: usize| word.get(n).is_some_and(|c| c.is_alphabetic());
        let is = |n: usize, c: char| word.get(n) == Some(&c);
        let lost = |n: usize| {
            let before = n > 0 && (is_letter(n - 1) || is(n - 1, '?'));
            // An initial too.
            let after = is_letter(n + 1) || is(n + 1, '?') || is_name && n == 0 && is(1, '.');
            is(n, '?') && (after || is_name && before)
        };
        let has_letters = word.iter().any(|c| c.is_alphabetic()) || word == ['?', '.'];
        has_letters && (0..word.len()).any(lost)
    })
}

/// The word of a name in which a sign stands where a letter belongs, and that sign. Letters that look like those of another
/// alphabet, and what can be read back, are told elsewhere.
pub(super) fn with_strange<'t>(column: &Column, text: &'t str) -> Option<(&'t str, char)> {
    if !is_of_people(column) {
        return None;
    }
    let (word, sign) = letters::first_strange(text)?;
    let is_letter_of_another = matches!(sign, '\u{370}'..='\u{52F}');
    let is_told_elsewhere =
        || letter_lookalike::unmixed(text).is_some() || text_mojibake::is_garbled(text);
    // A control character is told by the rule about such.
    let is_sign = is_letter_of_another || is_of_a_code_page(sign) && !sign.is_control();
    (is_sign && !is_told_elsewhere()).then_some((word, sign))
}

/// Whether a text is another one, written in one code page and read in another: as many characters, and each that differs is
/// the same byte in both.
pub(super) fn is_turned(was: &str, now: &str) -> bool {
    if was == now || was.is_ascii() || now.is_ascii() {
        return false;
    }
    let mut pairs = Vec::new();
    let (mut before, mut after) = (was.chars(), now.chars());
    loop {
        match (before.next(), after.next()) {
            (None, None) => break,
            (Some(a), Some(b)) if a == b => {}
            (Some(a), Some(b)) if !a.is_ascii() && !b.is_ascii() && a.is_alphabetic() => {
                pairs.push((a, b));
            }
            _ => return false,
        }
    }
    let count = super::mojibake::count();
    let same = |one: usize, other: usize| {
        pairs.iter().all(|(a, b)| {
            let byte = code_page_byte(*a, one);
            byte != 0 && byte == code_page_byte(*b, other)
        })
    };
    !pairs.is_empty()
        && (0..count).any(|one| (0..count).any(|other| one != other && same(one, other)))
}

/// How little a name makes sense: what is strange of it, and that nobody is known to be called so.
pub(super) fn oddity(text: &str) -> usize {
    let words = text.split(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric());
    words.filter(|word| !word.is_ascii()).fold(0, |odd, word| {
        odd + 2 * usize::from(!letters::is_sound(word))
            + usize::from(!letters::is_a_known_name(word))
    })
}

/// The rows whose names lost letters that nothing puts back; kept true while they are edited.
#[derive(Debug)]
pub struct LostNames {
    /// The columns that say what people are called.
    columns: Vec<usize>,
    rows: BTreeSet<u32>,
}

/// Of how many rows names lost letters that nothing puts back, and one of these names.
pub(super) fn of_names(context: &CheckContext) -> Option<(usize, String)> {
    let lost = context.lost_names.get_or_init(|| LostNames::of(context));
    let name = context.lost_name(&lost.columns, *lost.rows.first()?, &mut ValueCache::default())?;
    Some((lost.rows.len(), name))
}

impl LostNames {
    /// All names are read once; an edit looks at its rows again.
    fn of(context: &CheckContext) -> LostNames {
        const PART: usize = 1 << 14;
        let of_people = context.roster.columns.iter().filter(|c| is_of_people(c) && !c.is_secret());
        let columns: Vec<usize> = of_people.map(|column| column.at).collect();
        let all: Vec<u32> = context.roster.table.rows().collect();
        let sound = || ValueCache::of(context.roster.columns.len());
        let of_part = |sound: &mut ValueCache<()>, part: &[u32]| {
            let is_lost = |row: &u32| context.lost_name(&columns, *row, sound).is_some();
            part.iter().copied().filter(is_lost).collect::<Vec<u32>>()
        };
        let parts: Vec<Vec<u32>> = all.par_chunks(PART).map_init(sound, of_part).collect();
        LostNames { rows: parts.into_iter().flatten().collect(), columns }
    }
}

impl CheckContext {
    /// Looks again at the names of a row that was edited, added or removed.
    pub(crate) fn look_for_lost_name(&mut self, row: u32) {
        let Some(lost) = self.lost_names.get() else { return };
        let is_lost = self.roster.table.index_of(row).is_some()
            && self.lost_name(&lost.columns, row, &mut ValueCache::default()).is_some();
        if let Some(lost) = self.lost_names.get_mut() {
            if is_lost {
                lost.rows.insert(row)
            } else {
                lost.rows.remove(&row)
            };
        }
    }

    /// The name of a row whose letters are lost, and that the LMS has otherwise. `sound` are names that were looked at.
    fn lost_name(&self, columns: &[usize], row: u32, sound: &mut ValueCache<()>) -> Option<String> {
        columns.iter().find_map(|&at| {
            let column = &self.roster.columns[at];
            let text = self.roster.table.cell(row, at);
            let is_usual = text.is_ascii() && memchr::memchr(b'?', text.as_bytes()).is_none();
            if is_usual || sound.get(at, &text).is_some() {
                return None;
            }
            let is_lost = text.contains('\u{FFFD}')
                || with_lost(column, &text).is_some()
                || with_strange(column, &text).is_some();
            if !is_lost {
                sound.put(at, &text, ());
                return None;
            }
            let was = || self.was_cell(self.was(row)?, at);
            // What the LMS has so is its own affair, and what it has otherwise is put back.
            let is_known = || {
                was().is_some_and(|was| {
                    was == text || text_mojibake::stands_for(&text, &was) || is_turned(&was, &text)
                })
            };
            (!is_known()).then(|| text.into_owned())
        })
    }
}

/// What the snapshot says against how the letters were read: read in another encoding more of the names are those that the
/// LMS has.
pub(super) fn beside_the_snapshot(context: &CheckContext) -> Option<Doubt> {
    /// More tell nothing new.
    const MOST: usize = 5_000;
    let encoding = context.roster.table.encoding();
    if encoding == Encoding::UTF_8 || encoding.is_utf_16() || context.snapshot.is_none() {
        return None;
    }
    let mut pairs: Vec<(Cow<str>, Cow<str>)> = Vec::new();
    let table = &context.roster.table;
    for row in table.opened_rows() {
        let Some(was) = context.was(row) else { continue };
        for column in context.roster.columns.iter().filter(|column| !column.is_secret()) {
            // As the file has it, whatever was edited since.
            let Some(now) = table.opened(row, column.at) else { continue };
            let Some(before) = context.was_cell(was, column.at) else { continue };
            let is_sound = !before.contains(|c: char| c.is_control() || c == '\u{FFFD}');
            if !now.is_ascii() && !before.is_ascii() && is_sound {
                pairs.push((now, before));
            }
        }
        if pairs.len() > MOST {
            break;
        }
    }
    let agree = pairs.iter().filter(|(now, before)| now == before).count();
    let read = |other: Encoding, now: &str| {
        let bytes = encoding.encode(now).ok()?;
        let (text, lossy) = other.decode(&bytes);
        (!lossy).then(|| text.into_owned())
    };
    let gives_back = |other: Encoding, (now, before): &(Cow<str>, Cow<str>)| {
        read(other, now).is_some_and(|text| text == *before)
    };
    let scored = letters::candidates()
        .filter(|other| *other != encoding)
        .map(|other| (pairs.iter().filter(|pair| gives_back(other, pair)).count(), other));
    // Of equals the first.
    let (most, other) = scored.min_by_key(|(count, _)| std::cmp::Reverse(*count))?;
    if most <= agree {
        return None;
    }
    let (now, before) = pairs.iter().find(|pair| pair.0 != pair.1 && gives_back(other, pair))?;
    let name = other.name();
    Some(Doubt {
        kind: DoubtKind::Letters,
        line: None,
        says: format!(
            "the letters are other ones than those that the LMS has: read as {name}, `{}` is `{before}`, as the snapshot has it",
            text_mojibake::visible(now)
        ),
        reopen: ReadAs { encoding: Some(name.into()), ..ReadAs::default() },
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::checker::Checker;
    use muster_roster::lists::Lists;
    use muster_roster::profile::Profile;
    use muster_roster::roster::Roster;
    use muster_table::edit::Edit;
    use muster_table::table::Table;

    const NAMES: [&str; 5] = ["Jos?", "Jürgen", "M\u{FFFD}ller", "Ana", "Bj?rn"];

    proptest! {
        #[test]
        fn lost_names_stay_counted_while_people_are_edited(
            people in proptest::collection::vec(0usize..5, 1..12),
            edits in proptest::collection::vec((any::<prop::sample::Index>(), 0usize..5, 0u8..4), 0..12),
            has_snapshot: bool,
        ) {
            let profile = Arc::new(Profile::built_in("edapp").expect("it comes with Muster"));
            let read = |text: &str| {
                Roster::read(Table::from_text(text).expect("a table"), profile.clone())
            };
            let mut text = String::from("email,username,firstname,lastname\n");
            for (n, name) in people.iter().enumerate() {
                text += &format!("p{n}@example.com,user{n},{},Silva\n", NAMES[*name]);
            }
            let snapshot = has_snapshot.then(|| read(&text.replace('?', "é")));
            let context = CheckContext::new(read(&text), snapshot.clone(), Lists::new());
            let mut checker = Checker::new(context, &|_| true).expect("nothing stops it");
            for (row, value, what) in edits {
                let table = &checker.context().roster.table;
                let Some(row) = table.row_at(row.index(table.len().max(1))) else { continue };
                let at = table.index_of(row).expect("it is there");
                let before = table.cell(row, 2).into_owned();
                let edit = match what {
                    0 => Edit::Remove {
                        row,
                        at: u32::try_from(at).expect("few"),
                        cells: table.row(row),
                    },
                    _ => Edit::Set { row, column: 2, before, after: NAMES[value].to_owned() },
                };
                checker.apply(std::slice::from_ref(&edit)).expect("it fits");
                if what == 1 {
                    checker.apply(&[edit.inverse()]).expect("it fits");
                }
                checker.flush();
            }
            let kept = of_names(checker.context());
            let table = checker.context().roster.table.clone();
            let anew = CheckContext::new(Roster::read(table, profile), snapshot, Lists::new());
            prop_assert_eq!(kept, of_names(&anew));
        }
    }
}
