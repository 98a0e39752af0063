//! Texts that are a letter off. A text has some two thousand of them; each has a number that follows from the numbers of
//! the parts of the text, so that only those that are known need be put together.

use muster_roster::roster::hash_of_number;

/// A text, and what its parts amount to.
pub struct Letters {
    letters: Vec<char>,
    /// The number of what stands before each place, of what stands from there on, and what a number is worth before it.
    before: Vec<u64>,
    behind: Vec<u64>,
    worth: Vec<u64>,
}

/// A text that is a letter off: from one place on, some letters have others in their place.
pub struct OneOff {
    at: usize,
    left_out: usize,
    put: [Option<char>; 2],
}

const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

fn with_letter(number: u64, c: char) -> u64 {
    number.wrapping_mul(BASE).wrapping_add(u64::from(c) + 1)
}

/// The hash of a text by which those a letter off find it.
pub fn hash_of(text: &str) -> u32 {
    hash_of_number(text.chars().fold(0, with_letter))
}

impl Letters {
    /// Of a long text nothing is a letter off.
    pub fn of(text: &str) -> Letters {
        const LONGEST: usize = 80;
        let mut letters: Vec<char> = text.chars().take(LONGEST + 1).collect();
        if letters.len() > LONGEST {
            letters.clear();
        }
        let (mut before, mut behind, mut worth) = (vec![0], vec![0], vec![1u64]);
        for (at, (c, last)) in letters.iter().zip(letters.iter().rev()).enumerate() {
            before.push(with_letter(before[at], *c));
            behind.push((u64::from(*last) + 1).wrapping_mul(worth[at]).wrapping_add(behind[at]));
            worth.push(worth[at].wrapping_mul(BASE));
        }
        behind.reverse();
        Letters { letters, before, behind, worth }
    }

    /// Every text that is a letter off: one left out, one too many, another one, two exchanged. A digit makes it another text.
    pub fn one_off(&self) -> impl Iterator<Item = OneOff> + '_ {
        let letters = &self.letters;
        let mut known: Vec<char> = ('a'..='z').chain(['.', '-', '_']).collect();
        known.extend(letters.iter().filter(|c| !c.is_ascii()));
        let places = if letters.is_empty() { 0..0 } else { 0..letters.len() + 1 };
        places.flat_map(move |at| {
            let off = |left_out: usize, put: [Option<char>; 2]| OneOff { at, left_out, put };
            let rest = &letters[at..];
            let own = rest.first().copied().filter(|c| !c.is_numeric());
            let other = known.iter().copied().filter(|c| Some(*c) != own);
            let mut all: Vec<OneOff> = Vec::with_capacity(2 * known.len() + 2);
            if own.is_some() {
                all.push(off(1, [None, None]));
                all.extend(other.map(|c| off(1, [Some(c), None])));
                if let [a, b, ..] = rest {
                    all.push(off(2, [Some(*b), Some(*a)]));
                }
            }
            all.extend(known.iter().map(|c| off(0, [Some(*c), None])));
            all
        })
    }

    /// As [`hash_of`] the text that is off.
    pub fn hash(&self, off: &OneOff) -> u32 {
        let begin = off.put.iter().flatten().copied().fold(self.before[off.at], with_letter);
        let rest = off.at + off.left_out;
        let worth = self.worth[self.letters.len() - rest];
        hash_of_number(begin.wrapping_mul(worth).wrapping_add(self.behind[rest]))
    }

    pub fn text(&self, off: &OneOff) -> String {
        let (before, rest) = (&self.letters[..off.at], &self.letters[off.at + off.left_out..]);
        before.iter().chain(off.put.iter().flatten()).chain(rest).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_text_that_is_off_has_the_hash_that_was_told_and_is_one_letter_away(text in "[a-z0-9.éß@]{1,12}") {
            let letters = Letters::of(&text);
            for off in letters.one_off() {
                let near = letters.text(&off);
                prop_assert_eq!(letters.hash(&off), hash_of(&near));
                prop_assert!(strsim::osa_distance(&text, &near) <= 1, "{} {}", text, near);
            }
        }
    }

    #[test]
    fn each_way_to_be_off_is_there() {
        let letters = Letters::of("ab");
        let all: Vec<String> = letters.one_off().map(|off| letters.text(&off)).collect();
        for near in ["a", "b", "ba", "abc", "cab", "acb", "xb", "a-"] {
            assert!(all.iter().any(|one| one == near), "{near}");
        }
        assert_eq!(Letters::of(&"a".repeat(81)).one_off().count(), 0);
    }
}
