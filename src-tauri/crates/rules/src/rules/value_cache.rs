//! What is known of the texts that a column had last. Most columns have few values, again and again.

/// For each column, a few texts with something known of each.
#[derive(Default)]
pub struct ValueCache<T> {
    columns: Vec<Column<T>>,
}

struct Column<T> {
    slots: Vec<Slot<T>>,
    /// How many texts took the place of others since there are so many slots.
    lost: usize,
    asked: u32,
    found: u32,
    /// How often it was not looked in, because hardly one comes twice.
    passed: u32,
}

#[derive(Clone, Copy)]
struct Slot<T> {
    text: Short,
    known: T,
}

/// A short text as numbers, so that it is compared without a look elsewhere in memory: its length, its first bytes and its
/// last, which overlap where it is shorter than these.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Short {
    words: [u64; 4],
    length: u8,
}

/// What no text is.
const NOTHING: Short = Short { words: [0; 4], length: u8::MAX };
const LONGEST: usize = 32;
const SLOTS: usize = 1 << 10;
const MOST_SLOTS: usize = 1 << 13;
/// A file of thousands of columns is not remembered in all of them.
const COLUMNS: usize = 1 << 9;

impl<T: Copy + Default> ValueCache<T> {
    pub fn of(columns: usize) -> ValueCache<T> {
        let column = || Column { slots: Vec::new(), lost: 0, asked: 0, found: 0, passed: 0 };
        ValueCache { columns: std::iter::repeat_with(column).take(columns.min(COLUMNS)).collect() }
    }

    #[inline]
    pub fn get(&mut self, column: usize, text: &str) -> Option<&mut T> {
        let column = self.columns.get_mut(column)?;
        if !column.pays() {
            column.pass();
            return None;
        }
        column.asked += 1;
        let text = Short::of(text.as_bytes())?;
        let place = text.place(column.slots.len());
        let slot = column.slots.get_mut(place)?;
        let found = slot.text == text;
        column.found += u32::from(found);
        found.then_some(&mut slot.known)
    }

    /// Puts a text in, where there is a place for it: a long one has none, nor has any where hardly one comes twice.
    pub fn put(&mut self, column: usize, text: &str, known: T) {
        let Some(column) = self.columns.get_mut(column).filter(|c| c.pays()) else { return };
        let Some(text) = Short::of(text.as_bytes()) else { return };
        if column.slots.is_empty() {
            column.slots = vec![Slot { text: NOTHING, known: T::default() }; SLOTS];
        }
        let mut place = text.place(column.slots.len());
        if column.slots[place].text != NOTHING {
            column.lost += 1;
            if column.lost > column.slots.len() && column.slots.len() < MOST_SLOTS {
                column.grow();
                place = text.place(column.slots.len());
            }
        }
        column.slots[place] = Slot { text, known };
    }
}

impl<T: Copy + Default> Column<T> {
    fn grow(&mut self) {
        let slots = self.slots.len() * 2;
        let before = std::mem::replace(
            &mut self.slots,
            vec![Slot { text: NOTHING, known: T::default() }; slots],
        );
        for slot in before.into_iter().filter(|slot| slot.text != NOTHING) {
            self.slots[slot.text.place(slots)] = slot;
        }
        self.lost = 0;
    }

    fn pays(&self) -> bool {
        const ENOUGH: u32 = 1 << 11;
        self.asked < ENOUGH || self.found * 4 > self.asked
    }

    /// It is tried again after a while: a list may be in an order.
    fn pass(&mut self) {
        const AGAIN: u32 = 1 << 14;
        self.passed += 1;
        if self.passed == AGAIN {
            (self.asked, self.found, self.passed) = (0, 0, 0);
        }
    }
}

impl Short {
    #[inline]
    fn of(text: &[u8]) -> Option<Short> {
        let length = u8::try_from(text.len()).ok().filter(|n| usize::from(*n) <= LONGEST)?;
        let words = match (text.first_chunk::<16>(), text.last_chunk::<16>()) {
            (Some(first), Some(last)) => {
                let (a, b) = halves(first);
                let (c, d) = halves(last);
                [a, b, c, d]
            }
            _ => match (text.first_chunk::<8>(), text.last_chunk::<8>()) {
                (Some(first), Some(last)) => {
                    [u64::from_le_bytes(*first), u64::from_le_bytes(*last), 0, 0]
                }
                _ => match (text.first_chunk::<4>(), text.last_chunk::<4>()) {
                    (Some(first), Some(last)) => {
                        [u32::from_le_bytes(*first).into(), u32::from_le_bytes(*last).into(), 0, 0]
                    }
                    _ => [text.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)), 0, 0, 0],
                },
            },
        };
        Some(Short { words, length })
    }

    #[inline]
    fn place(&self, slots: usize) -> usize {
        const ODD: [u64; 4] = [
            0x9E37_79B9_7F4A_7C15,
            0xBF58_476D_1CE4_E5B9,
            0x94D0_49BB_1331_11EB,
            0xD6E8_FEB8_6659_FD93,
        ];
        let sum = self.words.iter().zip(ODD).fold(u64::from(self.length), |sum, (word, odd)| {
            sum.wrapping_add((word ^ (word >> 32)).wrapping_mul(odd))
        });
        #[expect(clippy::cast_possible_truncation, reason = "the highest bits alone are left")]
        let place = (sum >> (u64::BITS - slots.trailing_zeros())) as usize;
        place
    }
}

#[inline]
fn halves(bytes: &[u8; 16]) -> (u64, u64) {
    let whole = u128::from_le_bytes(*bytes);
    #[expect(clippy::cast_possible_truncation, reason = "the other half is beside it")]
    let low = whole as u64;
    (low, (whole >> 64) as u64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_is_known_in_its_column_and_nowhere_else() {
        let mut value_cache = ValueCache::of(2);
        value_cache.put(0, "Sales", 7);
        assert_eq!(value_cache.get(0, "Sales"), Some(&mut 7));
        assert_eq!(value_cache.get(0, "Sale"), None);
        assert_eq!(value_cache.get(0, ""), None);
        assert_eq!(value_cache.get(1, "Sales"), None);
        value_cache.put(0, &"long ".repeat(10), 7);
        assert_eq!(value_cache.get(0, &"long ".repeat(10)), None);
        assert_eq!(ValueCache::<u32>::default().get(0, "Sales"), None);
    }

    proptest! {
        #[test]
        fn equal_numbers_are_equal_texts(
            one in "[ab]{0,33}",
            other in "[ab]{0,33}",
            flip in 0usize..33,
        ) {
            let same = |a: &str, b: &str| Short::of(a.as_bytes()) == Short::of(b.as_bytes());
            prop_assert_eq!(Short::of(one.as_bytes()).is_some(), one.len() <= LONGEST);
            if one.len() <= LONGEST && other.len() <= LONGEST {
                prop_assert_eq!(same(&one, &other), one == other);
                let flipped = |(n, c): (usize, char)| if n == flip { 'c' } else { c };
                let near: String = one.chars().enumerate().map(flipped).collect();
                prop_assert_eq!(same(&one, &near), one == near);
            }
        }
    }

    #[test]
    fn a_column_of_ever_new_texts_is_given_up_and_tried_again() {
        let mut value_cache = ValueCache::of(1);
        for n in 0..3000 {
            let text = format!("person{n}");
            assert_eq!(value_cache.get(0, &text), None);
            value_cache.put(0, &text, n);
        }
        assert_eq!(value_cache.get(0, "person2999"), None);
        for _ in 0..100_000 {
            if value_cache.get(0, "the same").is_none() {
                value_cache.put(0, "the same", 1);
            }
        }
        assert_eq!(value_cache.get(0, "the same"), Some(&mut 1));
    }
}
