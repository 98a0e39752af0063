//! What can be told of a text at a glance, so that most rules pass over most cells.

use std::ops::BitOrAssign;

/// A set of traits of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CharClasses(u16);

impl CharClasses {
    /// Holds nothing.
    pub const BLANK: CharClasses = CharClasses(1);
    /// Holds a space or tab at an end, or two in a row.
    pub const SPACED: CharClasses = CharClasses(1 << 1);
    /// Holds a character beyond ASCII.
    pub const BEYOND_ASCII: CharClasses = CharClasses(1 << 2);
    /// Holds a control character, such as a line break.
    pub const CONTROL: CharClasses = CharClasses(1 << 3);
    /// Begins as a formula does.
    pub const FORMULA: CharClasses = CharClasses(1 << 4);
    /// Digits only.
    pub const DIGITS: CharClasses = CharClasses(1 << 5);
    /// Holds a digit.
    pub const DIGIT: CharClasses = CharClasses(1 << 6);
    /// Holds `?`, which is what some programs write for a letter they do not have.
    pub const QUESTION: CharClasses = CharClasses(1 << 8);
    /// Holds a plus sign.
    pub const PLUS: CharClasses = CharClasses(1 << 9);
    /// Begins or ends with a straight quote, or begins with a backslash.
    pub const MARKED: CharClasses = CharClasses(1 << 10);
    /// Holds a sign by which letters are escaped: `&`, `%`, `\\`, `=` or `<`.
    pub const ESCAPE: CharClasses = CharClasses(1 << 11);
    /// Holds `#`, or begins with `Err:`: what a spreadsheet writes where a formula fails.
    pub const FAILED: CharClasses = CharClasses(1 << 12);
    /// Anything else.
    pub const PLAIN: CharClasses = CharClasses(1 << 7);
    /// Holds something, be it a space.
    pub const FILLED: CharClasses = CharClasses(u16::MAX ^ 1);
    /// Any text at all.
    pub const ANY: CharClasses = CharClasses(u16::MAX);

    /// The traits that a text has.
    pub fn of(text: &str) -> CharClasses {
        let bytes = text.as_bytes();
        let Some((&first, &last)) = bytes.first().zip(bytes.last()) else {
            return CharClasses::BLANK;
        };
        let bits = bytes.iter().fold(0u16, |all, &b| all | CLASS[b as usize]);
        let mut classes = CharClasses::PLAIN;
        if bits & SPACE != 0 {
            let space = |b: u8| b == b' ' || b == b'\t';
            if space(first) || space(last) || bytes.windows(2).any(|w| w == b"  ") {
                classes |= CharClasses::SPACED;
            }
        }
        if bits & HIGH != 0 {
            classes |= CharClasses::BEYOND_ASCII;
        }
        if bits & LOW != 0 {
            classes |= CharClasses::CONTROL;
        }
        if bits & DIGIT != 0 {
            classes |= CharClasses::DIGIT;
        }
        if bits & QUESTION != 0 {
            classes |= CharClasses::QUESTION;
        }
        if bits & PLUS != 0 {
            classes |= CharClasses::PLUS;
        }
        if bits & ESCAPE != 0 {
            classes |= CharClasses::ESCAPE;
        }
        if bits & HASH != 0 || text.starts_with("Err:") {
            classes |= CharClasses::FAILED;
        }
        if bits == DIGIT {
            classes |= CharClasses::DIGITS;
        }
        if matches!(first, b'"' | b'\'' | b'\\') || matches!(last, b'"' | b'\'') {
            classes |= CharClasses::MARKED;
        }
        if matches!(first, b'=' | b'+' | b'-' | b'@' | b'\t') {
            classes |= CharClasses::FORMULA;
        }
        classes
    }

    /// A text that has traits of either.
    pub const fn or(self, other: CharClasses) -> CharClasses {
        CharClasses(self.0 | other.0)
    }

    /// Whether the two have a trait in common.
    pub fn any(self, other: CharClasses) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOrAssign for CharClasses {
    fn bitor_assign(&mut self, other: CharClasses) {
        *self = self.or(other);
    }
}

const SPACE: u16 = 1;
const HIGH: u16 = 2;
const LOW: u16 = 4;
const DIGIT: u16 = 8;
const OTHER: u16 = 16;
const QUESTION: u16 = 32;
const PLUS: u16 = 64;
const ESCAPE: u16 = 128;
const HASH: u16 = 256;

#[expect(clippy::cast_possible_truncation, reason = "it counts to 255")]
static CLASS: [u16; 256] = {
    let mut bits = [OTHER; 256];
    let mut b = 0;
    while b < 256 {
        bits[b] = match b as u8 {
            b' ' => SPACE,
            b'\t' => SPACE | LOW,
            b'?' => QUESTION,
            b'#' => HASH,
            b'+' => PLUS,
            b'&' | b'%' | b'\\' | b'=' | b'<' => ESCAPE,
            b'0'..=b'9' => DIGIT,
            0..0x20 | 0x7F => LOW,
            0x80.. => HIGH,
            _ => OTHER,
        };
        b += 1;
    }
    bits
};
