//! Letters as people compare them: without case and accents, `ø` as `o` and `ß` as `ss`. A name that was typed on another
//! keyboard is the same name.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The words of a name. An apostrophe parts nothing: `D'Arcy` is one word, however it is written.
pub fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut put = |c: char| match c {
        '\'' | '’' | '‘' | '`' | '´' => {}
        _ if c.is_alphanumeric() => {
            let word = words.last_mut().expect("there is one always");
            match plain(c) {
                Some(letters) => word.push_str(letters),
                None => word.push(c),
            }
        }
        _ => words.push(String::new()),
    };
    if text.is_ascii() {
        text.chars().map(|c| c.to_ascii_lowercase()).for_each(&mut put);
    } else {
        text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).for_each(put);
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The words of a name as they compare where an umlaut may have been written as two letters: `Mueller` is `Müller`. They are
/// for comparing alone; `Samuel` gives what nobody writes.
pub fn folded(text: &str) -> Vec<String> {
    let mut all = words(text);
    let has_two = |word: &&mut String| ["ae", "oe", "ue"].iter().any(|two| word.contains(two));
    for word in all.iter_mut().filter(has_two) {
        *word = word.replace("ae", "a").replace("oe", "o").replace("ue", "u");
    }
    all
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
