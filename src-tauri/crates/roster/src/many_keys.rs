//! Whom many keys belong to: looked up some at a time, because most of the time of one is a wait for memory.

use std::borrow::Cow;

use crate::roster::{KeyIndex, Roster, hash_of};

/// So many are looked up together.
pub const AT_ONCE: usize = 1 << 6;

/// Who has a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// This row and no other.
    Only(u32),
    /// No row has it.
    Nobody,
    /// Several may: whoever wants to know asks for this one.
    Several,
    /// There is no key.
    Blank,
}

/// Who of `asked` has each of some keys of `asking`, in their order. `key_of` is the key of a row that is indexed.
pub fn holders<'r>(
    keys: &[Cow<'_, str>],
    asking: &Roster,
    asked: &Roster,
    index: &KeyIndex,
    key_of: impl Fn(u32) -> Cow<'r, str>,
) -> Vec<Holder> {
    let hashes: Vec<u32> = keys.iter().map(|key| hash_of(&asking.key_form(key))).collect();
    let rows = index.first_rows(&hashes);
    let theirs: Vec<Option<Cow<str>>> = rows.iter().map(|row| row.map(&key_of)).collect();
    let holder = |at: usize| {
        let own = asking.key_form(&keys[at]);
        match (rows[at], &theirs[at]) {
            _ if own.is_empty() => Holder::Blank,
            (Some(_), _) if index.is_shared(hashes[at]) => Holder::Several,
            (Some(row), Some(key)) if asked.key_form(key) == own => Holder::Only(row),
            _ => Holder::Nobody,
        }
    };
    (0..keys.len()).map(holder).collect()
}
