//! The texts that a workbook's cells share, each stored once.

use quick_xml::events::Event;

use super::part::Archive;
use super::{Kind, Limits, cancelled, size, too_large};
use crate::error::Outcome;

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
    ) -> Outcome<Self> {
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

    fn end_one(&mut self, limits: &Limits) -> Outcome<()> {
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
        if let Some(letter) = escaped_letter(rest) {
            text.push(letter);
            rest = &rest[7..];
        } else {
            text.push_str("_x");
            rest = &rest[2..];
        }
    }
    text.push_str(rest);
}

fn escaped_letter(text: &str) -> Option<char> {
    let digits = text.get(2..6)?;
    if text.get(6..7)? != "_" || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    char::from_u32(u32::from_str_radix(digits, 16).ok()?)
}
