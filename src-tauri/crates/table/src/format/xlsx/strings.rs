//! The texts that a workbook's cells share, each stored once.

use quick_xml::events::Event;

use super::part::Archive;
use super::{Kind, Limits, cancelled, size, too_large};
use crate::error::Result;

#[derive(Default)]
pub struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    pub fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        Some(&self.text[start..end])
    }

    pub fn read(
        archive: &mut Archive,
        part: &str,
        limits: &Limits,
        progress: &dyn Fn(u64) -> bool,
    ) -> Result<Self> {
        let mut strings = Self::default();
        let Some(mut xml) = archive.xml(part)? else { return Ok(strings) };
        let mut scratch = String::new();
        loop {
            match xml.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "si" => {
                    scratch.clear();
                    xml.rich_text_into(&mut scratch)?;
                    push_unescaped(&scratch, &mut strings.text);
                    strings.end_one(limits)?;
                    if strings.ends.len().is_multiple_of(8192) && !progress(xml.bytes_read()) {
                        return Err(cancelled());
                    }
                }
                Event::Empty(tag) if tag.local_name().as_ref() == "si" => {
                    strings.end_one(limits)?;
                }
                Event::Eof => return Ok(strings),
                _ => {}
            }
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "the limit of its texts is under 4 GiB")]
    fn end_one(&mut self, limits: &Limits) -> Result<()> {
        if self.text.len() as u64 > limits.text {
            return Err(too_large(
                Kind::Xlsx,
                format!("its texts are longer than the limit of {}", size(limits.text)),
            ));
        }
        self.ends.push(self.text.len() as u32);
        if self.ends.len() as u64 > limits.cells {
            return Err(too_large(
                Kind::Xlsx,
                format!("it has more than {} different texts, which is the limit", limits.cells),
            ));
        }
        Ok(())
    }
}

/// Adds a text as XLSX stores it, where `_x000D_` stands for a character that XML cannot hold.
pub fn push_unescaped(stored: &str, text: &mut String) {
    let mut rest = stored;
    while let Some(at) = rest.find("_x") {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((letter, length)) = escaped_letter(rest) {
            text.push(letter);
            rest = &rest[length..];
        } else {
            text.push_str("_x");
            rest = &rest[2..];
        }
    }
    text.push_str(rest);
}

/// The other way: adds a text as it stands in XML, with the escapes that [`push_unescaped`] takes out.
pub fn push_escaped(text: &str, stored: &mut String) {
    for (at, letter) in text.char_indices() {
        match letter {
            '&' => stored.push_str("&amp;"),
            '<' => stored.push_str("&lt;"),
            '>' => stored.push_str("&gt;"),
            '_' if escaped_unit(&text[at..]).is_some() => stored.push_str("_x005F_"),
            // XML has no such letters, and makes a line feed of a carriage return.
            '\t' | '\n' => stored.push(letter),
            '\0'..' ' | '\u{FFFE}' | '\u{FFFF}' => {
                stored.push_str(&format!("_x{:04X}_", u32::from(letter)));
            }
            _ => stored.push(letter),
        }
    }
}

/// The letter that stands at the beginning, and its length. One beyond U+FFFF is two of UTF-16: `_xD83D__xDE00_`.
fn escaped_letter(text: &str) -> Option<(char, usize)> {
    let first = escaped_unit(text)?;
    if let Some(letter) = char::from_u32(u32::from(first)) {
        return Some((letter, 7));
    }
    let pair = [first, escaped_unit(&text[7..])?];
    char::decode_utf16(pair).next()?.ok().map(|letter| (letter, 14))
}

fn escaped_unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("_x")?.get(..4)?;
    if text.get(6..7)? != "_" || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::push_unescaped;

    #[test]
    fn letters_beyond_the_first_plane_are_two_escapes_and_halves_stay_text() {
        for (stored, text) in [
            ("a_xD83D__xDE00_b", "a\u{1F600}b"),
            ("_xD83D_ _xDE00_", "_xD83D_ _xDE00_"),
            ("_xDE00__xD83D__xDE00_", "_xDE00_\u{1F600}"),
            ("_xD83D__x0041_", "_xD83D_A"),
            ("_xD83D_", "_xD83D_"),
            ("_x005F_xD83D__x000D_é_x00", "_xD83D_\r\u{e9}_x00"),
        ] {
            let mut read = String::new();
            push_unescaped(stored, &mut read);
            assert_eq!(read, text, "{stored}");
        }
    }
}
