//! Who each row is in the snapshot, by key. Every rule that compares asks for it, and to look it up takes longer than most of
//! what they do then.

use rayon::prelude::*;

use muster_roster::many_keys::{AT_ONCE, Holder, holders};
use muster_roster::roster::Roster;
use muster_table::going::GoOn;

/// For each row of the file, the snapshot's row of the same key.
#[derive(Default)]
pub struct Partners(Vec<u32>);

/// Nobody, or several.
const NONE: u32 = u32::MAX;
/// It is to be looked up: the row was edited.
const UNKNOWN: u32 = u32::MAX - 1;

impl Partners {
    pub fn of(roster: &Roster, snapshot: &Roster, go_on: GoOn) -> Partners {
        let rows: Vec<u32> = roster.table.opened_rows().collect();
        let look_up = |rows: &[u32]| -> Vec<u32> {
            if !go_on(0) {
                return Vec::new();
            }
            let keys: Vec<_> = rows.iter().map(|row| roster.key_text(*row)).collect();
            let holders =
                holders(&keys, snapshot, snapshot, &snapshot.keys, |row| snapshot.key_text(row));
            let partner = |holder: Holder| match holder {
                Holder::Only(was) => was,
                Holder::Nobody | Holder::Blank => NONE,
                Holder::Several => UNKNOWN,
            };
            holders.into_iter().map(partner).collect()
        };
        let found: Vec<Vec<u32>> = rows.par_chunks(AT_ONCE).with_min_len(64).map(look_up).collect();
        let mut all = vec![UNKNOWN; roster.table.opened_rows().start as usize];
        found.into_iter().for_each(|part| all.extend(part));
        Partners(all)
    }

    /// The snapshot's row of a row; none where it has to be looked up.
    pub fn get(&self, row: u32) -> Option<Option<u32>> {
        match *self.0.get(row as usize)? {
            UNKNOWN => None,
            NONE => Some(None),
            was => Some(Some(was)),
        }
    }

    /// A row's key is another one, or may be.
    pub fn forget(&mut self, row: u32) {
        if let Some(was) = self.0.get_mut(row as usize) {
            *was = UNKNOWN;
        }
    }
}
