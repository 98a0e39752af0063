//! What can be told of a text at a glance, so that most rules pass over most cells.

use std::ops::BitOrAssign;

/// A set of traits of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shape(u16);

impl Shape {
    /// Holds nothing.
    pub const BLANK: Shape = Shape(1);
    /// Holds a space or tab at an end, or two in a row.
    pub const SPACED: Shape = Shape(1 << 1);
    /// Holds a character beyond ASCII.
    pub const BEYOND_ASCII: Shape = Shape(1 << 2);
    /// Holds a control character, such as a line break.
    pub const CONTROL: Shape = Shape(1 << 3);
    /// Begins as a formula does.
    pub const FORMULA: Shape = Shape(1 << 4);
    /// Digits only.
    pub const DIGITS: Shape = Shape(1 << 5);
    /// Holds a digit.
    pub const DIGIT: Shape = Shape(1 << 6);
    /// Holds `?`, which is what some programs write for a letter they do not have.
    pub const QUESTION: Shape = Shape(1 << 8);
    /// Holds a plus sign.
    pub const PLUS: Shape = Shape(1 << 9);
    /// Anything else.
    pub const PLAIN: Shape = Shape(1 << 7);
    /// Holds something, be it a space.
    pub const FILLED: Shape = Shape(u16::MAX ^ 1);
    /// Any text at all.
    pub const ANY: Shape = Shape(u16::MAX);

    /// The traits that a text has.
    pub fn of(text: &str) -> Shape {
        let bytes = text.as_bytes();
        let Some((&first, &last)) = bytes.first().zip(bytes.last()) else { return Shape::BLANK };
        let classes = bytes.iter().fold(0u8, |all, &b| all | CLASS[b as usize]);
        let mut shape = Shape::PLAIN;
        if classes & SPACE != 0 {
            let space = |b: u8| b == b' ' || b == b'\t';
            if space(first) || space(last) || bytes.windows(2).any(|w| w == b"  ") {
                shape |= Shape::SPACED;
            }
        }
        if classes & HIGH != 0 {
            shape |= Shape::BEYOND_ASCII;
        }
        if classes & LOW != 0 {
            shape |= Shape::CONTROL;
        }
        if classes & DIGIT != 0 {
            shape |= Shape::DIGIT;
        }
        if classes & QUESTION != 0 {
            shape |= Shape::QUESTION;
        }
        if classes & PLUS != 0 {
            shape |= Shape::PLUS;
        }
        if classes == DIGIT {
            shape |= Shape::DIGITS;
        }
        if matches!(first, b'=' | b'+' | b'-' | b'@' | b'\t') {
            shape |= Shape::FORMULA;
        }
        shape
    }

    /// A text that has traits of either.
    pub const fn or(self, other: Shape) -> Shape {
        Shape(self.0 | other.0)
    }

    /// Whether the two have a trait in common.
    pub fn any(self, other: Shape) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOrAssign for Shape {
    fn bitor_assign(&mut self, other: Shape) {
        *self = self.or(other);
    }
}

const SPACE: u8 = 1;
const HIGH: u8 = 2;
const LOW: u8 = 4;
const DIGIT: u8 = 8;
const OTHER: u8 = 16;
const QUESTION: u8 = 32;
const PLUS: u8 = 64;

#[expect(clippy::cast_possible_truncation, reason = "it counts to 255")]
static CLASS: [u8; 256] = {
    let mut classes = [OTHER; 256];
    let mut b = 0;
    while b < 256 {
        classes[b] = match b as u8 {
            b' ' => SPACE,
            b'\t' => SPACE | LOW,
            b'?' => QUESTION,
            b'+' => PLUS,
            b'0'..=b'9' => DIGIT,
            0..0x20 | 0x7F => LOW,
            0x80.. => HIGH,
            _ => OTHER,
        };
        b += 1;
    }
    classes
};
