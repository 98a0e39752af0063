//! People of the snapshot whom no key of a file reaches: the LMS has none for them, or one that others there have too.
//! Whoever brings the right one is somebody new to the LMS, and would be there twice.

use rustc_hash::FxHashMap;

use super::CheckContext;
use super::seems::same;
use muster_roster::profile::KeyGiver;
use muster_roster::roster::{Column, hash_in_any_case, hash_of};

/// Which of them have which value in which column; the words of the name together stand in none.
#[derive(Default)]
pub struct Unreached {
    by_value: FxHashMap<(Option<usize>, u32), Vec<u32>>,
}

/// A value that more of them share says nothing of who somebody is.
const FOLLOWED: usize = 64;

impl CheckContext {
    /// Enters them. It rests on the snapshot alone, which no edit changes.
    pub(crate) fn index_unreached(&mut self) {
        self.unreached = Unreached::default();
        let (Some(snapshot), Some(_)) = (&self.snapshot, self.roster.key) else { return };
        if snapshot.key.is_none() || self.roster.profile.key.given_by != KeyGiver::You {
            return;
        }
        let mut by_value: FxHashMap<(Option<usize>, u32), Vec<u32>> = FxHashMap::default();
        for was in snapshot.table.rows().filter(|&was| self.is_unreached(was)) {
            for column in self.telling_alone() {
                let cell = self.was_cell(was, column.at).unwrap_or_default();
                if !cell.trim().is_empty() {
                    let hash = hash_in_any_case(cell.trim());
                    by_value.entry((Some(column.at), hash)).or_default().push(was);
                }
            }
            if let Some(name) = whole_name(self.name_words_before(was)) {
                by_value.entry((None, hash_of(&name))).or_default().push(was);
            }
        }
        self.unreached = Unreached { by_value };
    }

    /// Whether somebody of the snapshot has no key there, or one that others have too.
    pub(super) fn is_unreached(&self, was: u32) -> bool {
        self.snapshot.as_ref().is_some_and(|snapshot| {
            let key = snapshot.key_text(was);
            let is_shared = || snapshot.keys.is_shared(hash_of(&snapshot.key_form(&key)));
            key.trim().is_empty() || is_shared() && snapshot.rows_of_key(&key).nth(1).is_some()
        })
    }

    /// Whom of them a row under a key that the snapshot does not have plainly is: by the e-mail and part of the name, by an
    /// ID or a login, or by the whole name where no address says otherwise.
    pub(super) fn unreached(&self, row: u32) -> Option<u32> {
        if self.unreached.by_value.is_empty() {
            return None;
        }
        let key = self.roster.key_text(row);
        if key.trim().is_empty() || !self.rows_of_snapshot(&key).is_empty() {
            return None;
        }
        let having = |place: (Option<usize>, &str)| {
            let found = self.unreached.by_value.get(&(place.0, hash_of(place.1)));
            found.filter(|rows| rows.len() <= FOLLOWED).map_or(&[][..], Vec::as_slice)
        };
        let by_value = self.telling_alone().find_map(|column| {
            let cell = self.roster.table.cell(row, column.at);
            let value = cell.trim();
            let has_it = |was: &u32| {
                let before = self.was_cell(*was, column.at).unwrap_or_default();
                same(before.trim(), value)
                    && (self.shares_a_name(row, *was)
                        || (column.unique.is_some() && !self.is_own_address(column)))
            };
            if value.is_empty() {
                return None;
            }
            having((Some(column.at), &value.to_lowercase())).iter().copied().find(has_it)
        });
        by_value.or_else(|| {
            let name = whole_name(self.name_words_of(row))?;
            let fits = |was: &u32| {
                whole_name(self.name_words_before(*was)).is_some_and(|before| before == name)
                    && !self.telling_alone().any(|c| self.is_another_there(row, *was, c))
            };
            having((None, &name)).iter().copied().find(fits)
        })
    }

    /// The columns of which one alone says who somebody is.
    fn telling_alone(&self) -> impl Iterator<Item = &Column> {
        self.roster.columns.iter().filter(|c| {
            let alone = self.is_own_address(c) || c.identifies || c.unique.is_some();
            alone && !c.is_key && !c.is_secret()
        })
    }

    /// Whether row and person both have something in a column, and not the same.
    fn is_another_there(&self, row: u32, was: u32, column: &Column) -> bool {
        let now = self.roster.table.cell(row, column.at);
        let before = self.was_cell(was, column.at).unwrap_or_default();
        let (now, before) = (now.trim(), before.trim());
        !now.is_empty() && !before.is_empty() && !same(now, before)
    }
}

/// The words of a name in one order; one word alone is none.
fn whole_name(mut words: Vec<String>) -> Option<String> {
    words.sort_unstable();
    (words.len() > 1).then(|| words.join(" "))
}
