//! Whether the letters of a text make sense, and in which encoding they would.
//!
//! `chardetng` knows the encodings of the web. What Excel calls "CSV (MS-DOS)" and "CSV (Macintosh)" it takes for
//! windows-1252, where every byte stands for something: a `”` in the middle of a word, a control character.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::encoding::Encoding;
use super::known_names::{is_known, is_of_a_language};

/// An encoding in which the letters make more sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Better {
    /// In which.
    pub encoding: Encoding,
    /// A word as it was read.
    pub before: String,
    /// The same in the other encoding.
    pub after: String,
    /// Others that explain the text equally well, each with what it makes of that word, or of the first of which they make
    /// something else.
    pub others: Vec<(Encoding, String)>,
}

/// More different words than these tell nothing new.
const MOST: usize = 5000;

/// In this order where several explain a text equally well.
const CANDIDATES: [&str; 16] = [
    "IBM850",
    "macintosh",
    "IBM437",
    "IBM852",
    "IBM865",
    "IBM860",
    "IBM861",
    "IBM863",
    "IBM775",
    "IBM857",
    "IBM737",
    "windows-1252",
    "windows-1250",
    "windows-1254",
    "windows-1257",
    "ISO-8859-2",
];

/// The encodings in which a text is looked at again.
pub fn candidates() -> impl Iterator<Item = Encoding> {
    CANDIDATES.iter().filter_map(|label| Encoding::for_label(label))
}

/// How well an encoding explains words: by how many make no sense, how many are known names, and how many of their letters
/// are rare.
struct Scored {
    encoding: Encoding,
    wrong: usize,
    known: usize,
    rare: usize,
}

impl Scored {
    fn of<'w>(encoding: Encoding, words: impl Iterator<Item = (Cow<'w, str>, bool)>) -> Scored {
        let mut scored = Scored { encoding, wrong: 0, known: 0, rare: 0 };
        for (word, lossy) in words {
            scored.wrong += usize::from(lossy || !is_sound(&word));
            scored.known += usize::from(is_known(&word));
            scored.rare += word.chars().filter(|c| !c.is_ascii() && !is_common(*c)).count();
        }
        scored
    }

    fn order(&self) -> (isize, usize) {
        let count = |n: usize| isize::try_from(n).unwrap_or(isize::MAX);
        (count(self.wrong) - count(self.known), self.rare)
    }
}

/// An encoding in which the letters of a text make sense, where in its own they do not, or make fewer names that people
/// have.
pub fn better(text: &str, encoding: Encoding, is_mac: bool) -> Option<Better> {
    if text.is_ascii() || encoding == Encoding::UTF_8 || encoding.is_utf_16() {
        return None;
    }
    let mut seen = FxHashSet::default();
    let words: Vec<&str> = words(text).filter(|word| seen.insert(*word)).take(MOST).collect();
    let now = Scored::of(encoding, words.iter().map(|word| (Cow::Borrowed(*word), false)));
    let bytes: Vec<_> =
        words.iter().map(|word| encoding.encode(word).ok()).collect::<Option<_>>()?;
    let mut order = CANDIDATES;
    if is_mac {
        order.swap(0, 1);
    }
    let others = order.iter().filter_map(|label| Encoding::for_label(label));
    let scored: Vec<Scored> = others
        .filter(|other| *other != encoding)
        .map(|other| Scored::of(other, bytes.iter().map(|word| other.decode(word))))
        .collect();
    // Of equals the first.
    let best = scored.iter().min_by_key(|scored| scored.order())?;
    // A name that no encoding makes sense of says nothing of the others.
    let makes_sense = best.wrong * 10 <= now.wrong && best.wrong < now.wrong;
    if !(makes_sense || best.wrong <= now.wrong && best.known > now.known) {
        return None;
    }
    let other = best.encoding;
    let is_better = |before: &str, after: &str| {
        (!is_sound(before) && is_sound(after)) || (!is_known(before) && is_known(after))
    };
    let (at, before, after) =
        words.iter().zip(&bytes).enumerate().find_map(|(at, (word, bytes))| {
            let after = other.decode(bytes).0;
            is_better(word, &after).then(|| (at, visible(word), after.into_owned()))
        })?;
    let as_well: Vec<Encoding> = scored
        .iter()
        .filter(|scored| scored.encoding != other && scored.order() == best.order())
        .map(|scored| scored.encoding)
        .collect();
    let (at, before, after) = match at_variance(&bytes, other, &as_well) {
        Some(at) if !as_well.is_empty() => {
            (at, visible(words[at]), other.decode(&bytes[at]).0.into_owned())
        }
        _ => (at, before, after),
    };
    let mut told = vec![after.clone()];
    let mut others = Vec::new();
    for encoding in as_well {
        let after = encoding.decode(&bytes[at]).0.into_owned();
        if !told.contains(&after) {
            told.push(after.clone());
            others.push((encoding, after));
        }
    }
    Some(Better { encoding: other, before, after, others })
}

/// The first word of which other encodings make something else.
fn at_variance(words: &[Cow<[u8]>], encoding: Encoding, others: &[Encoding]) -> Option<usize> {
    words.iter().position(|word| {
        let text = encoding.decode(word).0;
        others.iter().any(|other| other.decode(word).0 != text)
    })
}

/// A word with a control character in the place of a letter, in an encoding where every byte stands for something.
pub fn senseless(text: &str, encoding: Encoding) -> Option<String> {
    if encoding == Encoding::UTF_8 || encoding.is_utf_16() {
        return None;
    }
    let is_control = |c: char| matches!(c, '\u{80}'..='\u{9F}');
    let at = text.find(is_control)?;
    // The words of its line alone: a file may be long.
    let start = text[..at].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    let has_letters = |word: &str| word.chars().any(char::is_alphabetic);
    words(line).find(|word| word.contains(is_control) && has_letters(word)).map(visible)
}

/// Words with something beyond ASCII in them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_end = |c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && c != '\'';
    text.split(is_end).filter(|word| !word.is_ascii())
}

/// A control character is drawn, or the word would look right.
fn visible(word: &str) -> String {
    word.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
}

/// Whether people write such a word, in whatever language.
pub fn is_sound(word: &str) -> bool {
    strange(word).is_none() && is_of_a_language(word)
}

/// Whether a word is a name that many have.
pub fn is_a_known_name(word: &str) -> bool {
    is_known(word)
}

/// The first word of a text with a sign in the place of a letter, and that sign.
pub fn first_strange(text: &str) -> Option<(&str, char)> {
    if text.is_ascii() || is_plain(text) {
        return None;
    }
    words(text).find_map(|word| Some((word, strange(word)?)))
}

/// Whether a text has only letters that most names have, where they stand in most names: that is told at a glance.
fn is_plain(text: &str) -> bool {
    let mut before = ' ';
    text.chars().all(|c| {
        let behind = std::mem::replace(&mut before, c);
        match c {
            '\0'..='\u{7F}' => true,
            'Ĺ' | 'Ŕ' => false,
            'ß'..='ö' | 'ø'..='ſ' if c.is_lowercase() => !behind.is_uppercase(),
            'À'..='Ö' | 'Ø'..='ſ' => !behind.is_alphabetic(),
            _ => false,
        }
    })
}

/// What names are joined to, with a capital behind it.
const PREFIXES: [&str; 12] =
    ["mc", "mac", "de", "la", "le", "di", "da", "du", "del", "fitz", "van", "von"];

/// The first character of a word that nobody writes where it stands.
fn strange(word: &str) -> Option<char> {
    let chars: Vec<char> = word.chars().collect();
    let at = |n: Option<usize>| n.and_then(|n| chars.get(n).copied());
    // `McÉwan`, `DeÁngelis`.
    let is_joined = |n: usize| {
        let before: String = chars[..n].iter().collect();
        chars[n].is_uppercase() && PREFIXES.contains(&before.to_lowercase().as_str())
    };
    let is_strange = |n: &usize| {
        !chars[*n].is_ascii()
            && !fits(at(n.checked_sub(1)), chars[*n], at(Some(*n + 1)))
            && !is_joined(*n)
    };
    (0..chars.len()).find(is_strange).map(|n| chars[n])
}

/// Whether a character beyond ASCII may stand between two others.
fn fits(before: Option<char>, c: char, after: Option<char>) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    match c {
        '\u{80}'..='\u{9F}' | '\u{FFFD}' | '\u{E000}'..='\u{F8FF}' => false,
        // Of no name.
        'ƒ' | '\u{2B0}'..='\u{2FF}' => !is_letter(before) && !is_letter(after),
        'ª' | 'º' => !is_letter(after),
        'µ' => !is_letter(before),
        // No name begins so; in windows-1250 it is what became of `Å` and `À`.
        'Ĺ' | 'Ŕ' if !is_letter(before) => !after.is_some_and(char::is_lowercase),
        // Of print, and of the Mac where a letter was meant.
        'ﬁ' | 'ﬂ' => !is_letter(before),
        c if c.is_alphabetic() => {
            is_cased_well(before, c, after) && is_of_its_script(before, c, after)
        }
        // Apostrophes, hyphens and the dot of Catalan stand between letters.
        '’' | '‘' | '´' | '·' | '–' | '—' | '\u{A0}' | '\u{AD}' | '\u{300}'..='\u{36F}' => {
            c != '‘' || is_letter(after) || !is_letter(before)
        }
        // Money has numbers beside it; in windows-1252 `£` is also what became of `Ł`.
        '£' | '¥' | '€' | '¤' | '¢' => !is_letter(before) && !is_letter(after),
        '„' | '“' | '‚' | '‹' | '«' | '»' | '¿' | '¡' | '•' | '§' => {
            !is_letter(before) || c == '»'
        }
        '”' | '›' | '…' | '™' | '®' | '©' | '°' | '²' | '¹' | '†' => {
            !is_letter(after)
        }
        // Cubic metres; in windows-1252 also what became of `ł`.
        '³' => !is_letter(after) && !before.is_some_and(char::is_lowercase) || before == Some('m'),
        _ => !is_letter(before) && !is_letter(after),
    }
}

/// A capital inside small letters, or a small letter inside capitals.
fn is_cased_well(before: Option<char>, c: char, after: Option<char>) -> bool {
    let is = |c: Option<char>, of: fn(char) -> bool| c.is_some_and(of);
    if c.is_uppercase() {
        !is(before, char::is_lowercase) || is(after, char::is_uppercase)
    } else {
        let inside = is(before, char::is_uppercase) && is(after, char::is_uppercase);
        !(inside && c.is_lowercase()) || c == 'ß'
    }
}

/// Letters of other scripts beside those of ASCII. Chinese and Japanese stand beside them, but not among them.
fn is_of_its_script(before: Option<char>, c: char, after: Option<char>) -> bool {
    let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    match c {
        '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => true,
        '\u{370}'..='\u{52F}' => !is_latin(before) && !is_latin(after),
        _ => {
            let is_small = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase());
            !(is_latin(before) && is_small(after))
        }
    }
}

/// A letter of many names.
fn is_common(c: char) -> bool {
    "äöüßéèêëàâáíóúñçãõåæøôîïùûÄÖÜÉÅØÁÍÓÚÇÑÆąćęłńśźżĄĆĘŁŃŚŹŻšžčřěýůňťďŠŽČŘőűőŰŐğışĞİŞ".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, written_in: &str, read_as: &str) -> Option<&'static str> {
        let encoding = |label| Encoding::for_label(label).expect(label);
        let bytes = encoding(written_in).encode(text).expect("has the letters").into_owned();
        let read = encoding(read_as).decode(&bytes).0.into_owned();
        better(&read, encoding(read_as), false).map(|better| better.encoding.name())
    }

    const WESTERN: &str = "Jörg Müller;Köln\nBärbel Groß;Düren\nZoë Çelik;Besançon\nÁngel Muñoz;Málaga\nØystein Åse;Århus\n";

    #[test]
    fn letters_of_dos_and_of_the_mac_are_told() {
        assert_eq!(told(WESTERN, "IBM850", "windows-1252"), Some("IBM850"));
        assert_eq!(told(WESTERN, "macintosh", "windows-1252"), Some("macintosh"));
        assert_eq!(told("Jörg Müller;Köln\n", "IBM437", "windows-1252"), Some("IBM850"));
        assert_eq!(told("François;Hélène;Noël\n", "IBM850", "windows-1252"), Some("IBM850"));
        assert_eq!(told("François;Hélène;Noël\n", "macintosh", "windows-1252"), Some("macintosh"));
        assert_eq!(
            told("Łukasz Wójcik;Małgorzata Żółć;Gdańsk\n", "IBM852", "windows-1252"),
            Some("IBM852")
        );
        assert_eq!(
            told("Łukasz Wójcik;Małgorzata Żółć;Gdańsk\n", "windows-1250", "windows-1252"),
            Some("windows-1250")
        );
        let turkish = "Şükrü Ağaoğlu;İzmir\nIşıl Çelik;Iğdır\n";
        assert_eq!(told(turkish, "IBM857", "windows-1252"), Some("IBM857"));
        let greek = "Γιώργος Παπαδόπουλος;Αθήνα\nΜαρία Νικολάου;Πάτρα\n";
        assert_eq!(told(greek, "IBM737", "windows-1252"), Some("IBM737"));
        assert_eq!(told(WESTERN, "windows-1252", "IBM850"), Some("windows-1252"));
        assert_eq!(told(WESTERN, "windows-1252", "macintosh"), Some("windows-1252"));
        assert_eq!(told("Jörg Müller;Köln\n", "IBM850", "Shift_JIS"), Some("IBM850"));
    }

    #[test]
    fn few_letters_that_others_make_a_name_of_are_told() {
        let mostly_german = "Jürgen Müller;Peter Weiß;Łukasz;Jäger;Jiří Němec";
        assert_eq!(told(mostly_german, "windows-1250", "windows-1252"), Some("windows-1250"));
        let czech = "Jürgen Müller;Peter Weiß;Jiří Němec";
        assert_eq!(told(czech, "windows-1250", "windows-1252"), Some("windows-1250"));
        let turkish = "Jürgen Müller;Zoë Brontë;Çağla Yılmaz;Björn Ångström";
        assert_eq!(told(turkish, "windows-1254", "windows-1252"), Some("windows-1254"));
        assert_eq!(told("Peter Weiß;Ann Lo", "IBM850", "windows-1252"), Some("IBM850"));
        assert_eq!(told("Max Müller;Ann Lo", "macintosh", "windows-1252"), Some("macintosh"));
        let polish = "Jürgen Müller;Łukasz Kowalski;Zoë Brontë;Peter Weiß;Görtz";
        assert_eq!(told(polish, "IBM852", "windows-1252"), Some("IBM852"));
    }

    #[test]
    fn where_several_would_do_all_are_named() {
        let read = Encoding::for_label("IBM852").expect("known").encode("Ann Łum").expect("whole");
        let western: Encoding = encoding_rs::WINDOWS_1252.into();
        let better = better(&western.decode(&read).0, western, false).expect("told");
        let mut all = vec![(better.encoding.name(), &*better.after)];
        all.extend(better.others.iter().map(|(encoding, word)| (encoding.name(), &**word)));
        assert!(all.contains(&("IBM852", "Łum")) && all.contains(&("IBM850", "Øum")), "{all:?}");
    }

    #[test]
    fn a_sign_in_the_place_of_a_letter_is_strange() {
        for text in
            ["J³rgen", "Wei▀", "Bj÷rn", "┼ngstr÷m", "Jьrgen", "WeiЯ", "J¸rgen", "Weiﬂ", "Bjˆrn"]
        {
            assert!(first_strange(text).is_some(), "{text}");
        }
        for text in ["Ĺngström", "J‰ger", "SinÈad", "£ukasz", "≈ngström", "J£rg", "ZoÎ"]
        {
            assert!(first_strange(text).is_some(), "{text}");
        }
        for text in
            ["Mª Carmen D’Angelo", "Ølstykke", "Ľubica", "McÉwan", "Paral·lel", "Jürgen", "5 €"]
        {
            assert_eq!(first_strange(text), None, "{text}");
        }
    }

    #[test]
    fn what_makes_sense_is_left_alone() {
        for text in [
            WESTERN,
            "Mª Carmen D’Angelo; l’Hôpital – Noël…; „Team“; “Ops”; «Été»; 5 °C; N°5; Ltd®; m²; 20 €; £5; §5; Paral·lel\n",
            "SEÑOR MUÑOZ;MÜLLER;Weiß;WEIß;McÉwan;Jean Paul\n",
            "Šime Dušan;Žižek;Œuvre;Ÿ\n",
        ] {
            assert_eq!(told(text, "windows-1252", "windows-1252"), None, "{text}");
        }
        for (text, label) in [
            ("Łukasz Wójcik;Małgorzata Żółć;Šárka Říhová", "windows-1250"),
            ("Иван Петров;Москва;Ivan (Иван)", "windows-1251"),
            ("Γιώργος Παπαδόπουλος;Αθήνα", "windows-1253"),
            ("Şükrü Ağaoğlu;İzmir;Iğdır", "windows-1254"),
            ("田中太郎;株式会社ABC;Ken田中;ﾃﾞｰﾀ", "Shift_JIS"),
            ("王伟;李娜;ABC公司", "GBK"),
            ("김민준;이서연;Kim김", "EUC-KR"),
            ("Jörg Müller;Köln", "IBM850"),
            ("Jörg Müller;Køb;É", "macintosh"),
        ] {
            assert_eq!(told(text, label, label), None, "{text}");
        }
    }

    #[test]
    fn a_control_character_in_a_word_makes_no_sense() {
        let western = encoding_rs::WINDOWS_1252.into();
        let text = "id;name\r\n1;Zoë\r\n2;x\u{81}y;\u{8d}\r\n";
        assert_eq!(senseless(text, western), Some("x\u{FFFD}y".into()));
        assert_eq!(senseless("1;Zoë;\u{81}\n", western), None);
        assert_eq!(senseless(text, Encoding::UTF_8), None);
    }

    #[test]
    fn the_word_that_tells_is_shown() {
        let read = "J”rg M\u{81}ller;K”ln";
        let better = better(read, encoding_rs::WINDOWS_1252.into(), false).expect("told");
        assert_eq!((&*better.before, &*better.after), ("J”rg", "Jörg"));
    }
}
