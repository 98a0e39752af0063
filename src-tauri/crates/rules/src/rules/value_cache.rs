//! What is known of the texts that a column had last. Most columns have few values, again and again.

use std::hash::Hasher;

/// For each column, a few texts with something known of each.
#[derive(Default)]
pub struct ValueCache<T> {
    columns: Vec<Column<T>>,
}

struct Column<T> {
    slots: Vec<Slot<T>>,
    asked: u32,
    found: u32,
}

/// A short text itself, so that it is compared without a look elsewhere in memory.
#[derive(Clone, Copy)]
struct Slot<T> {
    text: [u8; LONGEST],
    length: u8,
    known: T,
}

const LONGEST: usize = 27;
const SLOTS: usize = 1 << 10;

impl<T: Copy + Default> ValueCache<T> {
    pub fn of(columns: usize) -> ValueCache<T> {
        let column = || Column { slots: Vec::new(), asked: 0, found: 0 };
        ValueCache { columns: std::iter::repeat_with(column).take(columns).collect() }
    }

    pub fn get(&mut self, column: usize, text: &str) -> Option<&mut T> {
        let column = self.columns.get_mut(column).filter(|c| c.pays())?;
        column.asked += 1;
        let slot = column.slots.get_mut(place(text)?)?;
        let found = slot.is(text);
        column.found += u32::from(found);
        found.then_some(&mut slot.known)
    }

    /// Puts a text in, where there is a place for it: a long one has none, nor has any where hardly one comes twice.
    pub fn put(&mut self, column: usize, text: &str, known: T) {
        let Some(column) = self.columns.get_mut(column).filter(|c| c.pays()) else { return };
        let Some(place) = place(text) else { return };
        if column.slots.is_empty() {
            let empty = Slot { text: [0; LONGEST], length: u8::MAX, known: T::default() };
            column.slots = vec![empty; SLOTS];
        }
        let slot = &mut column.slots[place];
        slot.text[..text.len()].copy_from_slice(text.as_bytes());
        #[expect(clippy::cast_possible_truncation, reason = "a longer text has no place")]
        let length = text.len() as u8;
        slot.length = length;
        slot.known = known;
    }
}

impl<T> Column<T> {
    fn pays(&self) -> bool {
        const ENOUGH: u32 = 2048;
        self.asked < ENOUGH || self.found * 4 > self.asked
    }
}

impl<T> Slot<T> {
    fn is(&self, text: &str) -> bool {
        let length = usize::from(self.length);
        length == text.len() && self.text[..length] == *text.as_bytes()
    }
}

fn place(text: &str) -> Option<usize> {
    if text.len() > LONGEST {
        return None;
    }
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(text.as_bytes());
    #[expect(clippy::cast_possible_truncation, reason = "the low bits are as good as all")]
    let hash = hasher.finish() as usize;
    Some(hash % SLOTS)
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn a_column_of_ever_new_texts_is_given_up() {
        let mut value_cache = ValueCache::of(1);
        for n in 0..3000 {
            let text = format!("person{n}");
            assert_eq!(value_cache.get(0, &text), None);
            value_cache.put(0, &text, n);
        }
        assert_eq!(value_cache.get(0, "person2999"), None);
    }
}
