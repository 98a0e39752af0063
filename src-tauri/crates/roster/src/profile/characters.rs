//! Which characters an LMS takes in a field.

use regex_syntax::hir::{Class, HirKind};
use schemars::JsonSchema;
use serde::Deserialize;

use super::limits::LONGEST_CLASS;

/// A set of characters, written as in a character class: `A-Za-z0-9_`, letters of any script as `\p{L}`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub struct Characters {
    written: String,
    /// Most cells are ASCII: one bit each.
    ascii: u128,
    ranges: Vec<(char, char)>,
}

impl Characters {
    /// Whether each character that the other takes is taken here too.
    pub fn takes_all_of(&self, other: &Characters) -> bool {
        let holds = |first: char, last: char| {
            // Ranges of a class are in order and never touch.
            self.ranges.iter().any(|(from, to)| *from <= first && last <= *to)
        };
        other.ranges.iter().all(|(first, last)| holds(*first, *last))
    }

    /// As the profile has them.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// Whether the LMS takes a character in this field.
    pub fn takes(&self, c: char) -> bool {
        if c.is_ascii() {
            return self.ascii & (1 << c as u32) != 0;
        }
        let at = self.ranges.partition_point(|(_, last)| *last < c);
        self.ranges.get(at).is_some_and(|(first, _)| *first <= c)
    }
}

impl TryFrom<String> for Characters {
    type Error = String;

    fn try_from(text: String) -> Result<Characters, String> {
        if text.len() > LONGEST_CLASS {
            return Err(format!(
                "the characters of a field are {} letters; {LONGEST_CLASS} is the most",
                text.len()
            ));
        }
        let broken = || format!("the characters `{text}` cannot be read as a character class");
        let class = regex_syntax::parse(&format!("[{text}]")).map_err(|_| broken())?;
        let ranges: Vec<(char, char)> = match class.into_kind() {
            HirKind::Class(Class::Unicode(class)) => {
                class.ranges().iter().map(|r| (r.start(), r.end())).collect()
            }
            // A class of one character.
            HirKind::Literal(one) => {
                let one = std::str::from_utf8(&one.0).map_err(|_| broken())?;
                one.chars().map(|c| (c, c)).collect()
            }
            _ => return Err(broken()),
        };
        let holds = |c: char| ranges.iter().any(|(first, last)| (*first..=*last).contains(&c));
        let bits = (0..128u8).filter(|b| holds(*b as char)).map(|b| 1u128 << b);
        let ascii = bits.fold(0, |all, bit| all | bit);
        Ok(Characters { written: text, ascii, ranges })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(class: &str, text: &str) -> String {
        let set = Characters::try_from(class.to_owned()).expect("a class");
        text.chars().filter(|c| set.takes(*c)).collect()
    }

    #[test]
    fn a_set_is_written_as_a_character_class() {
        assert_eq!(taken("A-Za-z0-9_", "aZ_-é 5"), "aZ_5");
        assert_eq!(taken("\\p{L}\\p{M}'", "Zoë O'Łi 王 5"), "ZoëO'Łi王");
        assert_eq!(taken("x", "xy"), "x");
        assert_eq!(taken("\\p{Latin}\\p{ASCII}", "Ā王a1"), "Āa1");
    }

    #[test]
    fn what_is_no_class_is_refused() {
        assert!(Characters::try_from("z-a".to_owned()).is_err());
        assert!(Characters::try_from("\\p{Nobody}".to_owned()).is_err());
    }
}
