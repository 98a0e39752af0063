//! Whether the letters of a text make sense, and in which encoding they would.
//!
//! `chardetng` knows the encodings of the web. What Excel calls "CSV (MS-DOS)" and "CSV (Macintosh)" it takes for
//! windows-1252, where every byte stands for something: a `”` in the middle of a word, a control character.

use rustc_hash::FxHashSet;

use super::encoding::Encoding;

/// An encoding in which the letters make more sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Better {
    /// In which.
    pub encoding: Encoding,
    /// A word as it was read.
    pub before: String,
    /// The same in the other encoding.
    pub after: String,
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

/// An encoding in which the letters of a text make sense, where in its own they do not.
pub fn better(text: &str, encoding: Encoding, is_mac: bool) -> Option<Better> {
    if text.is_ascii() || encoding == Encoding::UTF_8 || encoding.is_utf_16() {
        return None;
    }
    let mut seen = FxHashSet::default();
    let words: Vec<&str> = words(text).filter(|word| seen.insert(*word)).take(MOST).collect();
    let strange: Vec<&&str> = words.iter().filter(|word| !makes_sense(word)).collect();
    if strange.is_empty() {
        return None;
    }
    let bytes: Vec<_> =
        words.iter().map(|word| encoding.encode(word).ok()).collect::<Option<_>>()?;
    let mut order = CANDIDATES;
    if is_mac {
        order.swap(0, 1);
    }
    let scored = order.iter().filter_map(|label| {
        let other = Encoding::for_label(label).filter(|other| *other != encoding)?;
        let (mut wrong, mut rare) = (0, 0);
        for word in &bytes {
            let (word, lossy) = other.decode(word);
            wrong += usize::from(lossy || !makes_sense(&word));
            rare += word.chars().filter(|c| !c.is_ascii() && !is_common(*c)).count();
        }
        Some((wrong, rare, other))
    });
    // Of equals the first.
    let (wrong, _, other) = scored.min_by_key(|(wrong, rare, _)| (*wrong, *rare))?;
    // A name that no encoding makes sense of says nothing of the others.
    if wrong * 10 > strange.len() || wrong >= strange.len() {
        return None;
    }
    let shown = words.iter().zip(&bytes).find_map(|(word, bytes)| {
        let after = other.decode(bytes).0;
        (!makes_sense(word) && makes_sense(&after)).then(|| (visible(word), after.into_owned()))
    })?;
    Some(Better { encoding: other, before: shown.0, after: shown.1 })
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

/// Whether people write such a word.
fn makes_sense(word: &str) -> bool {
    let chars: Vec<char> = word.chars().collect();
    let at = |n: Option<usize>| n.and_then(|n| chars.get(n).copied());
    let is_sound =
        |n: usize| chars[n].is_ascii() || fits(at(n.checked_sub(1)), chars[n], at(Some(n + 1)));
    (0..chars.len()).all(is_sound)
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
        c if c.is_alphabetic() => {
            is_cased_well(before, c, after) && is_of_its_script(before, c, after)
        }
        // Apostrophes, hyphens and the dot of Catalan stand between letters.
        '’' | '‘' | '´' | '·' | '–' | '—' | '\u{A0}' | '\u{AD}' | '\u{300}'..='\u{36F}' => {
            c != '‘' || is_letter(after) || !is_letter(before)
        }
        '„' | '“' | '‚' | '‹' | '«' | '»' | '¿' | '¡' | '•' | '§' | '£' | '¥' | '€' => {
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
