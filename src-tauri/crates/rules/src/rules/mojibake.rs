//! UTF-8 that was read as something else, read back. ftfy knows the same encodings; plsfix, its port, mends more than it is
//! asked for, and quietly, while here somebody has to look at what is not certain.
//!
//! A cell is read back as a whole or not at all: half a name that was mended is a name that nobody can mend any more.

use std::ops::Range;
use std::sync::LazyLock;

use encoding_rs::{
    Encoding, IBM866, ISO_8859_2, KOI8_R, MACINTOSH, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252,
    WINDOWS_1253, WINDOWS_1254, WINDOWS_1257,
};
use rustc_hash::FxHashMap;

/// What UTF-8 is taken for.
enum Letters {
    /// An encoding of the web. What it has no letter for reads as a control character.
    Web(&'static Encoding),
    /// A code page of DOS, by its letters from 128 on.
    Dos(&'static str),
}

pub struct Way {
    /// As one asks for it.
    pub name: &'static str,
    letters: Letters,
    /// Whether what is read back so is taken for certain. Others are common enough in what people really write.
    is_certain: bool,
    /// What a garbled letter begins with, where not any of its bytes will do.
    begins: Option<&'static str>,
}

const fn web(name: &'static str, encoding: &'static Encoding, is_certain: bool) -> Way {
    Way { name, letters: Letters::Web(encoding), is_certain, begins: None }
}

const fn dos(name: &'static str, letters: &'static str) -> Way {
    Way { name, letters: Letters::Dos(letters), is_certain: false, begins: None }
}

const N: usize = 13;

/// In the order in which they are likely.
static WAYS: [Way; N] = [
    web("windows-1252", WINDOWS_1252, true),
    Way {
        begins: Some("¬√ƒ≈ŒœŸÿ–—“”‚„‰"), ..web("macintosh", MACINTOSH, true)
    },
    web("windows-1251", WINDOWS_1251, true),
    web("windows-1250", WINDOWS_1250, false),
    web("windows-1254", WINDOWS_1254, false),
    web("windows-1257", WINDOWS_1257, false),
    web("windows-1253", WINDOWS_1253, false),
    web("iso-8859-2", ISO_8859_2, false),
    dos("cp850", CP850),
    dos("cp437", CP437),
    dos("cp852", CP852),
    Way { begins: Some("┬├─┼╨╤╬╧"), ..web("cp866", IBM866, false) },
    web("koi8-r", KOI8_R, false),
];

const CP437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}";
const CP850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{AD}±‗¾¶§÷¸°¨·¹³²■\u{A0}";
const CP852: &str = "ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐\
└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u{AD}˝˛ˇ˘§÷¸°¨˙űŘř■\u{A0}";

/// For each letter its byte in each way; 0 where there is none.
static BYTES: LazyLock<FxHashMap<char, [u8; N]>> = LazyLock::new(|| {
    let mut bytes: FxHashMap<char, [u8; N]> = FxHashMap::default();
    for (way, Way { letters, .. }) in WAYS.iter().enumerate() {
        let mut put = |c: char, byte: u8| {
            let known = &mut bytes.entry(c).or_insert([0; N])[way];
            if *known == 0 && c != char::REPLACEMENT_CHARACTER {
                *known = byte;
            }
        };
        match letters {
            Letters::Dos(letters) => {
                letters.chars().zip(128..=u8::MAX).for_each(|(c, byte)| put(c, byte))
            }
            Letters::Web(encoding) => {
                for byte in 128..=u8::MAX {
                    let bytes = [byte];
                    let (text, _) = encoding.decode_without_bom_handling(&bytes);
                    text.chars().for_each(|c| put(c, byte));
                }
                // Read as Latin 1, or where the encoding has no letter.
                (128..160).for_each(|byte| put(char::from(byte), byte));
            }
        }
    }
    bytes
});

/// Whether a character is of a code page, and so may stand for a letter of another.
pub fn is_of_a_code_page(c: char) -> bool {
    !c.is_ascii() && bytes_of(c).is_some()
}

/// The byte of a character in a way by its place; 0 where there is none.
pub fn code_page_byte(c: char, way: usize) -> u8 {
    bytes_of(c).and_then(|bytes| bytes.get(way)).copied().unwrap_or_default()
}

fn bytes_of(c: char) -> Option<&'static [u8; N]> {
    BYTES.get(&c)
}

/// What a garbled text was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Garbled {
    /// It can be read back.
    Whole {
        /// As it was.
        text: String,
        /// What it was read as.
        read_as: &'static str,
        /// Whether it can be nothing else: read back as a whole, in one way alone.
        is_certain: bool,
    },
    /// Letters in it are garbled beyond what can be read back.
    Half,
}

/// What a text was before UTF-8 was taken for something else; none if nothing in it looks so. `prefers` is asked where
/// several ways would do: by its place among them, how well a way explains the rest.
pub fn garbled(text: &str, prefers: &dyn Fn(usize) -> usize) -> Option<Garbled> {
    if !may_be_garbled(text) {
        return None;
    }
    let mut now: Option<(String, &'static str)> = None;
    let mut is_certain = true;
    // Some files went through it twice.
    for _ in 0..3 {
        let step = step(now.as_ref().map_or(text, |(text, _)| text), prefers);
        match step {
            Some(Step { text: Some(better), certain, way }) => {
                is_certain &= certain;
                let first = now.map_or(WAYS[way].name, |(_, first)| first);
                now = Some((better, first));
            }
            Some(Step { text: None, .. }) => return Some(Garbled::Half),
            None => break,
        }
    }
    now.map(|(text, read_as)| Garbled::Whole { text, read_as, is_certain })
}

/// The places of the ways by which a text can be read back as a whole, for the count of a column.
pub fn ways(text: &str) -> Vec<usize> {
    if !may_be_garbled(text) {
        return Vec::new();
    }
    let explains = |way: &usize| match undone(*way, text) {
        Some(Undone { text: Some(text), .. }) => is_in_case(&text),
        _ => false,
    };
    (0..N).filter(explains).collect()
}

/// Whether no capital stands behind a small letter: `JosÊ` is no name.
fn is_in_case(text: &str) -> bool {
    let pairs = text.chars().zip(text.chars().skip(1));
    !pairs.into_iter().any(|(a, b)| a.is_lowercase() && b.is_uppercase() && !b.is_ascii())
}

/// How many ways there are.
pub const fn count() -> usize {
    N
}

/// What one letter becomes is at least two characters side by side, of which the first can begin one and the second go on.
fn may_be_garbled(text: &str) -> bool {
    if text.is_ascii() {
        return false;
    }
    let mut before: Option<&[u8; N]> = None;
    for c in text.chars() {
        let now = if c.is_ascii() { None } else { bytes_of(c) };
        if let (Some(first), Some(next)) = (before, now)
            && first.iter().zip(next).any(|(a, b)| is_first(*a) && is_later(*b))
        {
            return true;
        }
        before = now;
    }
    false
}

fn is_first(byte: u8) -> bool {
    (0xC2..=0xF4).contains(&byte)
}

fn is_later(byte: u8) -> bool {
    (0x80..0xC0).contains(&byte)
}

struct Step {
    /// None where no way reads all of it back.
    text: Option<String>,
    certain: bool,
    way: usize,
}

fn step(text: &str, prefers: &dyn Fn(usize) -> usize) -> Option<Step> {
    let mut found: Vec<(usize, Undone)> = Vec::new();
    for way in 0..N {
        found.extend(undone(way, text).map(|undone| (way, undone)));
    }
    // What explains all of a text goes before what explains a part.
    let is_all = |(_, undone): &(usize, Undone)| undone.all && undone.text.is_some();
    if found.iter().any(is_all) {
        found.retain(is_all);
    }
    let whole =
        || found.iter().filter_map(|(way, undone)| Some((*way, undone.text.as_ref()?, undone)));
    let Some((way, one, _)) = whole().next() else {
        return found.first().map(|(way, _)| Step { text: None, certain: false, way: *way });
    };
    if whole().all(|(_, other, _)| other == one) {
        let certain = whole().any(|(way, _, undone)| WAYS[way].is_certain && undone.all);
        return Some(Step { text: Some(one.clone()), certain, way });
    }
    // Of those that explain as much the first.
    let best = whole().max_by_key(|(way, text, _)| (prefers(*way), is_in_case(text), N - way));
    best.map(|(way, text, _)| Step { text: Some(text.clone()), certain: false, way })
}

struct Undone {
    /// None where letters stay that are garbled.
    text: Option<String>,
    /// Whether all beyond ASCII was read back.
    all: bool,
}

/// What one way makes of a text; none if nothing in it was read in that way.
fn undone(way: usize, text: &str) -> Option<Undone> {
    let mut out = String::with_capacity(text.len());
    let (mut done, mut all, mut half, mut any) = (0, true, false, false);
    for run in runs(text) {
        let part = &text[run.clone()];
        match read_back(way, part, text) {
            Some(letters) => {
                any |= counts(way, &letters);
                out.push_str(&text[done..run.start]);
                out.push_str(&letters);
                done = run.end;
            }
            None => {
                all = false;
                half |= looks_garbled(way, part);
            }
        }
    }
    any.then(|| Undone { text: (!half).then(|| out + &text[done..]), all })
}

/// Whether letters that came out say that a text was garbled. A single letter of another script comes about by chance, as
/// in `Рі`; and so does a sign.
fn counts(way: usize, letters: &str) -> bool {
    let is_sign = |c: char| c < '\u{C0}' && way != 0;
    let western = letters.chars().any(|c| is_western(c) && !is_sign(c));
    western || letters.chars().filter(|c| !is_western(*c)).count() >= 2
}

fn read_back(way: usize, run: &str, text: &str) -> Option<String> {
    let Way { begins, letters: kind, .. } = &WAYS[way];
    let byte = |c: char| bytes_of(c).map_or(0, |bytes| bytes[way]);
    let mut chars = run.chars();
    let (first, next) = (chars.next()?, chars.next()?);
    // Most runs end here, before anything is made of them.
    let begins = is_first(byte(first)) && begins.is_none_or(|all| all.contains(first));
    if !begins || !is_later(byte(next)) {
        return None;
    }
    let bytes: Vec<u8> = run.chars().map(byte).collect();
    if bytes.contains(&0) {
        return None;
    }
    // In code pages of DOS UTF-8 shows as lines and blocks; letters alone are people's own.
    if matches!(kind, Letters::Dos(_))
        && run.chars().all(|c| c.is_alphabetic() && !"ÔΓ".contains(c))
    {
        return None;
    }
    let letters = String::from_utf8(bytes).ok()?;
    plausible(way, &letters, run, text).then_some(letters)
}

/// Whether something stays in a run that is no letter, or begins as a garbled one does.
fn looks_garbled(way: usize, run: &str) -> bool {
    let pairs = run.chars().zip(run.chars().skip(1));
    let byte = |c: char| bytes_of(c).map_or(0, |bytes| bytes[way]);
    run.chars().any(is_upper_control)
        || pairs.into_iter().any(|(a, b)| is_first(byte(a)) && is_later(byte(b)))
}

/// The control characters from 128 on, which nobody writes: where one is met, a byte was read as nothing that it is, and it
/// may have been a letter.
pub fn is_upper_control(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9F}')
}

/// Where characters beyond ASCII stand together.
fn runs(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + text[from..].find(|c: char| !c.is_ascii())?;
        let end = text[start..].find(|c: char| c.is_ascii()).map_or(text.len(), |n| start + n);
        from = end;
        Some(start..end)
    })
}

/// Letters, marks and punctuation of texts in Latin letters.
fn is_western(c: char) -> bool {
    matches!(c, '\u{A0}'..='\u{17F}' | '\u{218}'..='\u{21B}' | '\u{300}'..='\u{328}')
        || matches!(c, '\u{1E00}'..='\u{1EFF}' | '\u{2010}'..='\u{203A}' | '€' | '™')
}

/// Whether letters that came out are such as people write, rather than what `CAFÉ’S`, `LUKÁŠ` or `PÄŤ` happen to make.
fn plausible(way: usize, letters: &str, run: &str, text: &str) -> bool {
    let is_of_others = |c: char| match way {
        0..3 => c > '\u{36F}' && !matches!(c, '\u{700}'..='\u{8FF}'),
        _ => {
            matches!(c, '\u{370}'..='\u{52F}' | '\u{5D0}'..='\u{64A}' | '\u{E00}'..='\u{E7F}' | '\u{3040}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}')
        }
    };
    let written = |c: char| is_western(c) || (is_of_others(c) && c.is_alphanumeric());
    let usual_beside_capitals = |c: char| "‘’“”–—•«»ŠŽŒŸ\u{A0}".contains(c);
    let is_capitals = || !text.contains(char::is_lowercase);
    let by_chance =
        run.chars().skip(1).any(usual_beside_capitals) || run.chars().all(char::is_alphabetic);
    // `Ăştia`: Romanian words begin so.
    let is_romanian = || {
        let before = run_start(run, text);
        run.starts_with('Ă')
            && run[2..].starts_with(['ş', 'ţ'])
            && !before.is_some_and(char::is_alphabetic)
    };
    // Letters alone are garbled ones where they begin as those of Europe's languages do: `ĂĽ`, `Äą`.
    let is_quote = run.starts_with("ÔÇ") || run.starts_with("ΓÇ");
    let is_usual = |first: char| way < 3 || is_quote || "ĂÄĹÅĆΓΔΕ".contains(first);
    let is_odd = !run.chars().all(char::is_alphabetic) || run.chars().next().is_some_and(is_usual);
    letters.chars().all(written)
        && is_odd
        && !(by_chance && !is_quote && is_capitals())
        && !is_romanian()
}

/// The character before a run of a text.
fn run_start(run: &str, text: &str) -> Option<char> {
    let at = (run.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    text.get(..at)?.chars().next_back()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Garbled> {
        garbled(text, &|_| 0)
    }

    fn back(text: &str) -> Option<String> {
        match read(text)? {
            Garbled::Whole { text, .. } => Some(text),
            Garbled::Half => None,
        }
    }

    /// UTF-8 as a program reads it that takes it for something else.
    fn as_read(way: usize, text: &str) -> String {
        let letter = |byte: u8| {
            let of = |(c, bytes): (&char, &[u8; N])| (bytes[way] == byte).then_some(*c);
            let mut all: Vec<char> = BYTES.iter().filter_map(of).collect();
            // Where the encoding has a letter, that one and no control character.
            all.sort_unstable_by_key(|c| (is_upper_control(*c), *c));
            all.first().copied().unwrap_or(char::REPLACEMENT_CHARACTER)
        };
        text.bytes().map(|byte| if byte < 128 { char::from(byte) } else { letter(byte) }).collect()
    }

    const NAMES: [&str; 20] = [
        "Jürgen Müller",
        "José Muñoz",
        "Łukasz Wójcik",
        "Şükrü Çelik",
        "Zoë Ångström",
        "Jiří Dvořák",
        "Ágnes Szőke",
        "François Lefèvre",
        "João Conceição",
        "Nguyễn Thị Hoa",
        "Weiß",
        "Søren Ødegård",
        "Łucja Żak",
        "Ģirts Bērziņš",
        "Žydrūnas Šimkus",
        "Ștefan Țurcanu",
        "Öğretmen Işık",
        "Мария Иванова",
        "Αθηνά Παπαδοπούλου",
        "Bjørn Åsgård",
    ];

    #[test]
    fn what_was_read_in_any_way_is_read_back_or_left_as_a_whole() {
        for (way, Way { name, .. }) in WAYS.iter().enumerate() {
            let mut mended = 0;
            for was in NAMES {
                let text = as_read(way, was);
                if text == was {
                    continue;
                }
                match garbled(&text, &|w| usize::from(w == way)) {
                    Some(Garbled::Whole { text: now, .. }) if now == was => mended += 1,
                    // Another encoding may have the same letters; then it is no certain one.
                    Some(Garbled::Whole { text: now, is_certain, .. }) => {
                        assert!(!is_certain, "{name}: `{was}` as `{text}` is `{now}`");
                    }
                    _ => {}
                }
            }
            assert!(mended * 10 >= NAMES.len() * 7, "{name}: {mended} of {}", NAMES.len());
        }
    }

    #[test]
    fn what_people_write_is_left_alone() {
        let others = [
            "CAFÉ’S “CAFÉ” 20 °C ½",
            "LUKÁŠ MIKEŠ",
            "NICOLÃ’S",
            "Łukasz Šimić Žižek",
            "«Ô là»",
            "PÓŁNOC RÓŻA",
            "Вікторія Рєпіна",
            "Nº 5 Mª",
            "משה כהן",
            "王小明",
            "Müßig–Öß",
            "Þórður Æsir Øyvind",
            "Åse™",
            "Âşık Veysel",
            "Kılıç Kılıç Balcıç",
            "PÄŤDESIAT SVÄTÝ",
            "Guðíó Friðú",
            "Ăştia",
            "l’été d’Égypte",
            "Ђорђе Ћирић Љуба",
            "Ёлкин Ещё",
            "Ύδρα ΕΊΝΑΙ",
            "Čšok",
            "ŽŽ ŠŠ ŽŠ",
            "日本語テスト",
            "김철수",
            "уда такая",
            "¿Qué? ¡Sí!",
            "½ £5 ±3",
            "São Tomé",
            "Île-de-France",
            "Āris Čakste",
            "Ģertrūde",
            "Ñandú Ângela Ãnderson",
            "العربية",
            "ไทย",
            "Đặng Thị Ánh",
            "Œuvre – “Été”",
            "naïve café",
            "Ærø Ølstykke",
        ];
        for text in NAMES.into_iter().chain(others) {
            assert_eq!(read(text), None, "{text}");
            assert_eq!(read(&text.to_uppercase()), None, "{}", text.to_uppercase());
            assert_eq!(read(&text.to_lowercase()), None, "{}", text.to_lowercase());
        }
    }

    #[test]
    fn a_cell_is_read_back_as_a_whole_or_not_at_all() {
        assert_eq!(back("Å\u{9E}Ã¼krÃ¼").as_deref(), Some("Şükrü"));
        assert_eq!(back("Å\u{81}oÅ› WÃ³jcik").as_deref(), Some("Łoś Wójcik"));
        // The second half of a letter is gone.
        assert_eq!(read("ÅÃ¼krÃ¼"), Some(Garbled::Half));
        // A letter beside that was never garbled leaves it to be looked at.
        let beside = read("José MÃ¼ller");
        assert_eq!(
            beside,
            Some(Garbled::Whole {
                text: "José Müller".into(),
                read_as: "windows-1252",
                is_certain: false
            })
        );
    }

    #[test]
    fn of_two_encodings_the_rest_of_the_column_decides() {
        // The same letters in two encodings of Central Europe: `Ú`, or `ù`.
        let (one, other) = (3, 7);
        assert_eq!((WAYS[one].name, WAYS[other].name), ("windows-1250", "iso-8859-2"));
        let of = |way: usize| garbled("Ăšnětice", &move |w| usize::from(w == way));
        assert_ne!(of(one), of(other));
        assert!(matches!(of(one), Some(Garbled::Whole { is_certain: false, .. })));
    }
}
