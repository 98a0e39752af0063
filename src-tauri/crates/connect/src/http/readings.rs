//! The ways in which a text may have been written down: as it is, or escaped for JSON, an address or a page, also one in
//! the other. Each reading knows which bytes of the text its own bytes stand for.
//!
//! percent-encoding, html-escape and serde_json undo these too, and none of them says where a letter came from.

use std::collections::BTreeSet;

/// One way to read a text.
#[derive(Clone)]
pub(super) struct Reading {
    pub bytes: Vec<u8>,
    /// For each byte, from where to where its origin lies in the text.
    from: Vec<(usize, usize)>,
}

/// Escapes within escapes deeper than that are nothing that a server makes by echoing.
const DEEPEST: usize = 4;
/// A text that was made to have very many readings is not worth them.
const MOST: usize = 48;

impl Reading {
    fn plain(text: &str) -> Reading {
        let from = (0..text.len()).map(|at| (at, at + 1)).collect();
        Reading { bytes: text.as_bytes().to_vec(), from }
    }

    /// Where some of its bytes lie in the text.
    pub fn origin(&self, from: usize, to: usize) -> (usize, usize) {
        (self.from[from].0, self.from[to - 1].1)
    }

    /// The same with one kind of escapes undone; none where there are none.
    fn undone(&self, undo: Undo) -> Option<Reading> {
        let mut next = Reading { bytes: Vec::with_capacity(self.bytes.len()), from: Vec::new() };
        let (mut at, mut found) = (0, false);
        while at < self.bytes.len() {
            let (letter, length) = match undo(&self.bytes[at..]) {
                Some((letter, length)) => {
                    found = true;
                    (letter, length)
                }
                None => (Letter::Byte(self.bytes[at]), 1),
            };
            let origin = self.origin(at, at + length);
            let mut buffer = [0; 4];
            let bytes: &[u8] = match letter {
                Letter::Byte(byte) => {
                    buffer[0] = byte;
                    &buffer[..1]
                }
                Letter::Char(letter) => letter.encode_utf8(&mut buffer).as_bytes(),
            };
            next.bytes.extend_from_slice(bytes);
            next.from.extend(bytes.iter().map(|_| origin));
            at += length;
        }
        found.then_some(next)
    }
}

/// Every way to read a text that differs from the others.
pub(super) fn readings(text: &str) -> Vec<Reading> {
    let mut all = vec![Reading::plain(text)];
    let mut seen = BTreeSet::from([all[0].bytes.clone()]);
    let mut from = 0;
    for _ in 0..DEEPEST {
        let to = all.len();
        for at in from..to {
            for undo in UNDOING {
                if all.len() >= MOST {
                    return all;
                }
                if let Some(next) = all[at].undone(*undo)
                    && seen.insert(next.bytes.clone())
                {
                    all.push(next);
                }
            }
        }
        from = to;
    }
    all
}

/// What an escape stands for: a byte of a letter, or a letter.
enum Letter {
    Byte(u8),
    Char(char),
}

/// What the bytes begin with, and how many of them say it.
type Undo = fn(&[u8]) -> Option<(Letter, usize)>;

const UNDOING: &[Undo] = &[json, percent, form, page];

fn json(bytes: &[u8]) -> Option<(Letter, usize)> {
    let rest = bytes.strip_prefix(b"\\")?;
    let plain = match rest.first()? {
        same @ (b'"' | b'\\' | b'/' | b'\'') => *same,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'u' => return unicode(bytes),
        _ => return None,
    };
    Some((Letter::Byte(plain), 2))
}

fn unicode(bytes: &[u8]) -> Option<(Letter, usize)> {
    let unit = |bytes: &[u8]| number(bytes.strip_prefix(b"\\u")?.get(..4)?, 16);
    let first = unit(bytes)?;
    if let Some(letter) = char::from_u32(first) {
        return Some((Letter::Char(letter), 6));
    }
    let second = unit(bytes.get(6..)?)?;
    let both = [first, second].map(|unit| u16::try_from(unit).unwrap_or(0));
    let letter = char::decode_utf16(both).next()?.ok()?;
    Some((Letter::Char(letter), 12))
}

fn percent(bytes: &[u8]) -> Option<(Letter, usize)> {
    let digits = bytes.strip_prefix(b"%")?.get(..2)?;
    Some((Letter::Byte(u8::try_from(number(digits, 16)?).ok()?), 3))
}

/// As in an address, and a plus is a blank.
fn form(bytes: &[u8]) -> Option<(Letter, usize)> {
    match bytes.first()? {
        b'+' => Some((Letter::Byte(b' '), 1)),
        _ => percent(bytes),
    }
}

fn page(bytes: &[u8]) -> Option<(Letter, usize)> {
    const LONGEST: usize = 12;
    let rest = bytes.strip_prefix(b"&")?;
    let length = rest.iter().take(LONGEST).position(|byte| *byte == b';')?;
    let name = &rest[..length];
    let letter = match name.strip_prefix(b"#") {
        Some([b'x' | b'X', digits @ ..]) => char::from_u32(number(digits, 16)?)?,
        Some(digits) => char::from_u32(number(digits, 10)?)?,
        None => named(std::str::from_utf8(name).ok()?)?,
    };
    Some((Letter::Char(letter), length + 2))
}

/// What pages call the signs that mean something to them, and the letters of western Europe.
fn named(name: &str) -> Option<char> {
    const SIGNS: [(&str, char); 6] =
        [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("nbsp", '\u{a0}')];
    /// From U+00A1 on, one after the other.
    const LETTERS: &str = "iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 \
        sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml \
        Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml \
        times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil \
        egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash \
        ugrave uacute ucirc uuml yacute thorn yuml";
    if let Some((_, sign)) = SIGNS.iter().find(|(of, _)| *of == name) {
        return Some(*sign);
    }
    let at = LETTERS.split_whitespace().position(|of| of == name)?;
    char::from_u32(0xa1 + u32::try_from(at).ok()?)
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    let text = std::str::from_utf8(digits).ok().filter(|text| !text.starts_with('+'))?;
    u32::from_str_radix(text, radix).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_in_every_way_in_which_it_may_have_been_written() {
        for (written, meant) in [
            (r#"a\"b\/c\u00e9\ud83d\ude00"#, "a\"b/cé😀"),
            ("a%22b%c3%a9+c", "a\"bé c"),
            ("&lt;a&#39;b&#x2F;&eacute;&yuml;&iexcl;", "<a'b/éÿ¡"),
            // In an address in JSON in JSON.
            (r"%5C%5C%5C%22", r#"""#),
        ] {
            let all = readings(written);
            assert!(all.iter().any(|reading| reading.bytes == meant.as_bytes()), "{written}");
        }
    }

    #[test]
    fn what_is_no_escape_stays() {
        for text in [r"\x \u12 \ud800", "% %4 %zz", "&; &amp &#x110000; &nothing; &#;", ""] {
            assert_eq!(readings(text).len(), 1, "{text}");
        }
    }
}
