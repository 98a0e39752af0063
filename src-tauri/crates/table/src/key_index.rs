//! From the hash of a value to the rows that have it.

use std::ops::Range;
use std::sync::OnceLock;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::table::Table;

/// Rows by the hash of a key, of a unique value, of a name: twelve to sixteen bytes a row.
///
/// Equal hashes are not equal values: whoever asks compares. A column in which every row has the same value is as
/// quick to index as any other, which a hash table would not be.
#[derive(Debug, Clone, Default)]
pub struct KeyIndex {
    /// Hash and row, those of a bucket together.
    entries: Vec<(u32, u32)>,
    /// For each bucket, the first of its entries; one more at the end.
    starts: Vec<u32>,
    /// How far a spread hash is shifted to give its bucket.
    shift: u32,
    /// What came after the index was built.
    added: FxHashMap<u32, Vec<u32>>,
    /// Hashes that more than one row has, or had: few, so that most rows need not be looked up.
    shared: FxHashSet<u32>,
    /// A bit for each of some hashes that there are, made where somebody asks about many that there are not.
    seen: OnceLock<Vec<u64>>,
}

/// Stands for a row that went.
const GONE: u32 = u32::MAX;

/// A hash for [`KeyIndex`].
#[inline]
pub fn hash_of(text: &str) -> u32 {
    use std::hash::Hasher;
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(text.as_bytes());
    hash_of_number(hasher.finish())
}

/// The same of the text in small letters.
pub fn hash_in_any_case(text: &str) -> u32 {
    let mut small = [0; 64];
    match small.get_mut(..text.len()).filter(|_| text.is_ascii()) {
        Some(small) => {
            small.copy_from_slice(text.as_bytes());
            small.make_ascii_lowercase();
            std::str::from_utf8(small).map_or(0, hash_of)
        }
        None => hash_of(&text.to_lowercase()),
    }
}

/// The same of a number that stands for a text.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "half of the bits are enough, and hold something of all"
)]
pub fn hash_of_number(number: u64) -> u32 {
    (number ^ (number >> 32)) as u32
}

impl KeyIndex {
    /// An index of whatever `hash` gives for each row.
    pub fn build(table: &Table, hash: impl Fn(u32) -> Option<u32> + Sync) -> KeyIndex {
        let hashes: Vec<(u32, u32)> = (0..table.len())
            .into_par_iter()
            .with_min_len(4096)
            .filter_map(|index| {
                let row = table.row_at(index)?;
                Some((hash(row)?, row))
            })
            .collect();
        KeyIndex::of(&hashes)
    }

    /// Several indexes in one look at each row: `hashes` puts what it gives for each of them.
    pub fn build_all(
        table: &Table,
        count: usize,
        hashes: impl Fn(u32, &mut dyn FnMut(usize, u32)) + Sync,
    ) -> Vec<KeyIndex> {
        const PART: usize = 1 << 12;
        let places: Vec<usize> = (0..table.len()).step_by(PART).collect();
        let part = |from: usize| {
            let mut found = vec![Vec::new(); count];
            for row in (from..(from + PART).min(table.len())).filter_map(|at| table.row_at(at)) {
                hashes(row, &mut |index, hash| found[index].push((hash, row)));
            }
            found
        };
        let parts: Vec<Vec<Vec<(u32, u32)>>> = places.into_par_iter().map(part).collect();
        let all = |n: usize| parts.iter().flat_map(|part| &part[n]).copied().collect::<Vec<_>>();
        (0..count).into_par_iter().map(|n| KeyIndex::of(&all(n))).collect()
    }

    fn of(hashes: &[(u32, u32)]) -> KeyIndex {
        let bits = hashes.len().next_power_of_two().trailing_zeros().max(1);
        let mut index = KeyIndex { shift: 32 - bits, ..KeyIndex::default() };
        let mut starts = vec![0u32; (1 << bits) + 1];
        for (hash, _) in hashes {
            starts[index.bucket(*hash) + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut free = starts.clone();
        index.entries = vec![(0, GONE); hashes.len()];
        for entry in hashes {
            let place = &mut free[index.bucket(entry.0)];
            index.entries[*place as usize] = *entry;
            *place += 1;
        }
        for bucket in starts.windows(2).filter(|b| b[1] - b[0] > 1) {
            let bucket = &mut index.entries[bucket[0] as usize..bucket[1] as usize];
            bucket.sort_unstable();
            let twice = bucket.windows(2).filter(|two| two[0].0 == two[1].0);
            index.shared.extend(twice.map(|two| two[0].0));
        }
        index.starts = starts;
        index
    }

    /// The rows with a hash.
    #[inline]
    pub fn rows(&self, hash: u32) -> impl Iterator<Item = u32> + '_ {
        let added = if self.added.is_empty() { None } else { self.added.get(&hash) };
        let built = self.entries[self.range(hash)].iter();
        let own = built.filter(move |e| e.0 == hash && e.1 != GONE).map(|e| e.1);
        own.chain(added.into_iter().flatten().copied())
    }

    /// The first row with each of some hashes. They are looked up together: what lies far off in memory comes at once, and
    /// not one after the other.
    pub fn first_rows(&self, hashes: &[u32]) -> Vec<Option<u32>> {
        if self.entries.is_empty() || !self.added.is_empty() {
            return hashes.iter().map(|hash| self.rows(*hash).next()).collect();
        }
        let ranges: Vec<Range<usize>> = hashes.iter().map(|hash| self.range(*hash)).collect();
        let first = |(hash, range): (&u32, Range<usize>)| {
            let built = self.entries[range].iter();
            built.filter(|entry| entry.0 == *hash && entry.1 != GONE).map(|entry| entry.1).next()
        };
        hashes.iter().zip(ranges).map(first).collect()
    }

    /// Whether any row may have a hash; quicker than a look for the rows.
    pub fn may_have(&self, hash: u32) -> bool {
        let seen = self.seen.get_or_init(|| self.all_seen());
        let (word, bit) = self.seen_at(hash);
        if seen[word] & bit == 0 {
            return false;
        }
        let built = &self.entries[self.range(hash)];
        built.iter().any(|entry| entry.0 == hash)
            || (!self.added.is_empty() && self.added.contains_key(&hash))
    }

    fn all_seen(&self) -> Vec<u64> {
        let mut seen = vec![0; self.buckets() / 8];
        let hashes = self.entries.iter().map(|(hash, _)| *hash);
        for hash in hashes.chain(self.added.keys().copied()) {
            let (word, bit) = self.seen_at(hash);
            seen[word] |= bit;
        }
        seen
    }

    /// Eight bits for each bucket: few of the hashes that there are not have the bit of another.
    fn seen_at(&self, hash: u32) -> (usize, u64) {
        let bits = (self.buckets() * 8).trailing_zeros();
        let place = hash.wrapping_mul(0x9E37_79B9) >> (32 - bits.min(32));
        ((place / 64) as usize, 1 << (place % 64))
    }

    /// A power of two, as they are built.
    fn buckets(&self) -> usize {
        self.starts.len().saturating_sub(1).max(64)
    }

    /// Whether more than one row may have a hash; where not, nobody need look.
    pub fn is_shared(&self, hash: u32) -> bool {
        !self.shared.is_empty() && self.shared.contains(&hash)
    }

    /// Adds a row that came, or whose value is now of this hash.
    pub fn insert(&mut self, hash: u32, row: u32) {
        if self.rows(hash).next().is_some() {
            self.shared.insert(hash);
        }
        let (word, bit) = self.seen_at(hash);
        if let Some(seen) = self.seen.get_mut() {
            seen[word] |= bit;
        }
        self.added.entry(hash).or_default().push(row);
    }

    /// Takes away a row that went, or whose value was of this hash until now; the same row must have been added with
    /// it.
    pub fn remove(&mut self, hash: u32, row: u32) {
        if let Some(rows) = self.added.get_mut(&hash)
            && let Some(at) = rows.iter().position(|r| *r == row)
        {
            rows.swap_remove(at);
            if rows.is_empty() {
                self.added.remove(&hash);
            }
            return;
        }
        let range = self.range(hash);
        if let Some(entry) = self.entries[range].iter_mut().find(|e| **e == (hash, row)) {
            entry.1 = GONE;
        }
    }

    fn range(&self, hash: u32) -> Range<usize> {
        if self.entries.is_empty() {
            return 0..0;
        }
        let bucket = self.bucket(hash);
        self.starts[bucket] as usize..self.starts[bucket + 1] as usize
    }

    fn bucket(&self, hash: u32) -> usize {
        (hash.wrapping_mul(0x9E37_79B9) >> self.shift) as usize
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn case_makes_no_other_hash(text in "[a-zA-Zéß1 ]{0,80}") {
            prop_assert_eq!(hash_in_any_case(&text), hash_of(&text.to_lowercase()));
        }

        #[test]
        fn it_has_the_rows_that_came_and_did_not_go(
            built in proptest::collection::btree_map(0u32..200, 0u32..40, 0..120),
            steps in proptest::collection::vec((any::<bool>(), 0u32..40, 0u32..300), 0..60),
        ) {
            let hashes: Vec<(u32, u32)> = built.iter().map(|(row, hash)| (*hash, *row)).collect();
            let mut index = KeyIndex::of(&hashes);
            // What is told of each that comes is made before any of them does.
            index.may_have(0);
            let mut all: BTreeSet<(u32, u32)> = hashes.iter().copied().collect();
            for (comes, hash, row) in steps {
                if comes && !all.iter().any(|(_, r)| *r == row) {
                    index.insert(hash, row);
                    all.insert((hash, row));
                } else if !comes {
                    index.remove(hash, row);
                    all.remove(&(hash, row));
                }
            }
            for hash in 0..41 {
                let found: BTreeSet<u32> = index.rows(hash).collect();
                let there: BTreeSet<u32> =
                    all.iter().filter(|(h, _)| *h == hash).map(|(_, row)| *row).collect();
                prop_assert!(there.len() < 2 || index.is_shared(hash));
                prop_assert!(there.is_empty() || index.may_have(hash));
                let first = index.first_rows(&[hash, hash + 1])[0];
                prop_assert_eq!(first.is_none(), there.is_empty());
                prop_assert!(first.is_none_or(|row| there.contains(&row)));
                prop_assert_eq!(found, there);
            }
        }
    }
}
