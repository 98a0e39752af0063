//! Letters as people compare them: without case and accents, `ø` as `o` and `ß` as `ss`. A name that was typed on another
//! keyboard is the same name.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The words of a name. An apostrophe parts nothing: `D'Arcy` is one word, however it is written.
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    each_word(text, false, &mut String::new(), |word| words.push(word.to_owned()));
    words
}

/// The words of a name as they compare where an umlaut may have been written as two letters: `Mueller` is `Müller`. They are
/// for comparing alone; `Samuel` gives what nobody writes.
pub fn folded(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    each_folded(text, &mut String::new(), |word| words.push(word.to_owned()));
    words
}

/// The same, one after the other; each is put together in `room`, so that a million names need no memory of their own.
pub fn each_folded(text: &str, room: &mut String, put: impl FnMut(&str)) {
    each_word(text, true, room, put);
}

fn each_word(text: &str, two_are_one: bool, room: &mut String, put: impl FnMut(&str)) {
    if text.is_ascii() {
        each_word_of(text.chars().map(|c| c.to_ascii_lowercase()), two_are_one, room, put);
    } else {
        let plain = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
        each_word_of(plain, two_are_one, room, put);
    }
}

fn each_word_of(
    chars: impl Iterator<Item = char>,
    two_are_one: bool,
    room: &mut String,
    mut put: impl FnMut(&str),
) {
    room.clear();
    let mut before = ' ';
    for c in chars.chain([' ']) {
        if matches!(c, '\'' | '’' | '‘' | '`' | '´') {
            continue;
        }
        if !c.is_alphanumeric() {
            if !room.is_empty() {
                put(room);
                room.clear();
            }
            before = ' ';
            continue;
        }
        let mut itself = [0; 4];
        for letter in plain(c).unwrap_or_else(|| c.encode_utf8(&mut itself)).chars() {
            if !(two_are_one && letter == 'e' && matches!(before, 'a' | 'o' | 'u')) {
                room.push(letter);
            }
            before = letter;
        }
    }
}

/// Whether two names are the same, however they are written.
pub fn same(one: &str, other: &str) -> bool {
    one == other || folded(one) == folded(other)
}

/// What stands for a letter that no accent makes.
pub(crate) fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ð' => "d",
        'đ' => "d",
        'ł' => "l",
        'þ' => "th",
        'ı' => "i",
        'ħ' => "h",
        _ => return None,
    })
}

/// Characters that nobody sees: zero width, directional, byte-order mark, soft hyphen, Hangul fillers.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{3164}' | '\u{FFA0}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_on_every_keyboard() {
        assert!(same("Zoë Ångström", "ZOE  Angstrom") && same("Chloé d’Arcy", "Chloe D'Arcy"));
        assert!(same("Łukasz Weiß", "lukasz weiss") && same("Søren", "Soren"));
        assert!(same("Jürgen Größl", "Juergen Groessl") && same("Bjørn", "Bjoern"));
        assert!(!same("Zoë", "Chloë") && !same("Ann Lee", "Annlee"));
        assert_eq!(words("  –  "), [""; 0]);
        assert_eq!(words("Ольга-Мария Ким"), ["ольга", "мария", "ким"]);
    }
}
