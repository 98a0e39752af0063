//! Whether a column as a whole has slid away from its people: sorted alone, or pasted some rows too far up or down.

use rustc_hash::FxHashMap;

use super::CheckContext;
use super::seems::same;
use muster_roster::roster::{Column, hash_of};

/// Columns whose cells belong to other people than their rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scrambled {
    pub columns: Vec<usize>,
    /// The keys were moved, and all else stands where it stood.
    pub keys: bool,
    /// In many rows the parts of the name are in each other's place.
    pub names: bool,
}

impl Scrambled {
    pub fn is_any(&self) -> bool {
        !self.columns.is_empty()
    }
}

/// Fewer rows are mistakes of their own.
const MANY: usize = 5;
/// Of so many differing rows, a part is looked at.
const SAMPLE: usize = 20_000;

impl CheckContext {
    /// Whether a column as a whole has slid away from its people.
    pub fn is_scrambled(&self, column: usize) -> bool {
        let scrambled = &self.compared.scrambled;
        scrambled.keys || scrambled.columns.contains(&column)
    }

    /// Columns whose cells belong to other people, as far as it has been decided.
    pub fn scrambled(&self) -> &Scrambled {
        &self.compared.scrambled
    }

    /// Decides anew which columns are scrambled; answers whether that changed.
    pub(crate) fn update_scrambled(&mut self) -> bool {
        // Among very many, a few more or less decide nothing.
        const VERY_MANY: usize = 300;
        let differing = self.compared.differing.len();
        let before = self.compared.decided_at;
        if before > VERY_MANY && differing.abs_diff(before) * 50 < before {
            return false;
        }
        self.compared.decided_at = differing;
        let names = self.compared.turned.len() >= MANY;
        let found = Scrambled { names, ..self.find_scrambled() };
        let moved = found != self.compared.scrambled;
        self.compared.scrambled = found;
        moved
    }

    fn find_scrambled(&self) -> Scrambled {
        let differing = &self.compared.differing;
        if differing.len() < MANY || self.snapshot.is_none() {
            return Scrambled::default();
        }
        let rows = self.differing();
        let step = rows.len().div_ceil(SAMPLE);
        let pairs: Vec<(u32, u32)> =
            rows.into_iter().step_by(step).filter_map(|row| Some((row, self.was(row)?))).collect();
        if let Some(found) = self.find_mismatched(&pairs) {
            return found;
        }
        let identifying = &self.compared.identifying;
        let mut columns: Vec<usize> =
            identifying.iter().copied().filter(|&c| self.changed_hands(c, &pairs)).collect();
        let plain = |column: &&Column| {
            !identifying.contains(&column.at) && !column.is_key && !column.is_secret()
        };
        let whole = self.roster.table.len() / step;
        columns.extend(
            self.roster
                .columns
                .iter()
                .filter(plain)
                .map(|c| c.at)
                .filter(|&c| self.changed_order(c, &pairs, whole)),
        );
        columns.sort_unstable();
        Scrambled { columns, keys: false, ..Scrambled::default() }
    }

    /// Many rows that are somebody else by name and e-mail: either their keys were moved, or names and e-mails were.
    fn find_mismatched(&self, pairs: &[(u32, u32)]) -> Option<Scrambled> {
        const FEW: usize = 12;
        let mismatched: Vec<(u32, u32, u32)> = pairs
            .iter()
            .filter(|(row, _)| self.is_someone_else(*row))
            .filter_map(|&(row, was)| Some((row, was, self.seems(row, was)?)))
            .collect();
        let exchanged = |&(row, was, _): &(u32, u32, u32)| self.exchanged_with(row, was).is_some();
        if mismatched.len() < MANY || (mismatched.len() <= FEW && mismatched.iter().all(exchanged))
        {
            return None;
        }
        let identifying = &self.compared.identifying;
        let others = self
            .roster
            .columns
            .iter()
            .filter(|c| !c.is_key && !c.is_secret() && !identifying.contains(&c.at));
        let (mut with_key, mut with_person) = (0, 0);
        for column in others {
            for &(row, was, own) in mismatched.iter().take(2000) {
                let now = self.roster.table.cell(row, column.at);
                let by_key = self.was_cell(was, column.at);
                let by_person = self.was_cell(own, column.at);
                if by_key != by_person {
                    with_key += usize::from(by_key.is_some_and(|before| before == now));
                    with_person += usize::from(by_person.is_some_and(|before| before == now));
                }
            }
        }
        if with_key <= with_person {
            let columns = self.roster.key.into_iter().collect();
            return Some(Scrambled { columns, keys: true, ..Scrambled::default() });
        }
        let mut columns: Vec<usize> = identifying
            .iter()
            .copied()
            .filter(|&column| {
                let moved = |&&(row, was, _): &&(u32, u32, u32)| {
                    self.was_cell(was, column)
                        .is_some_and(|before| before != self.roster.table.cell(row, column))
                };
                mismatched.iter().filter(moved).count() * 2 >= mismatched.len()
            })
            .collect();
        columns.sort_unstable();
        Some(Scrambled { columns, keys: false, ..Scrambled::default() })
    }

    /// Whether what a identifying column lost in some rows stands in others now.
    fn changed_hands(&self, column: usize, pairs: &[(u32, u32)]) -> bool {
        let (Some(snapshot), Some(counterpart)) = (&self.snapshot, self.snapshot_columns[column])
        else {
            return false;
        };
        let (mut changed, mut moved, mut vacated) = (0, 0, 0);
        for &(row, was) in pairs {
            let now = self.roster.table.cell(row, column);
            let value = now.trim();
            if value.is_empty() || same(value, snapshot.table.cell(was, counterpart).trim()) {
                continue;
            }
            let Some(mut sources) = self.few_having(column, value) else { continue };
            sources.retain(|&source| source != was);
            changed += 1;
            moved += usize::from(!sources.is_empty());
            let gave_it_up = |s: &u32| {
                let other = self.roster.row_of_key(&snapshot.key_text(*s));
                other.is_some_and(|r| !same(self.roster.table.cell(r, column).trim(), value))
            };
            vacated += usize::from(sources.iter().any(gave_it_up));
        }
        changed >= MANY && moved * 5 >= changed * 4 && vacated * 2 >= moved
    }

    /// Whether a column has the same values as before, as often, but in other rows.
    fn changed_order(&self, column: usize, pairs: &[(u32, u32)], whole: usize) -> bool {
        let (Some(snapshot), Some(counterpart)) = (&self.snapshot, self.snapshot_columns[column])
        else {
            return false;
        };
        let mut changed = 0;
        let mut balance: FxHashMap<u32, i64> = FxHashMap::default();
        for &(row, was) in pairs {
            let (now, before) =
                (self.roster.table.cell(row, column), snapshot.table.cell(was, counterpart));
            if now == before {
                continue;
            }
            changed += 1;
            *balance.entry(hash_of(&now)).or_default() += 1;
            *balance.entry(hash_of(&before)).or_default() -= 1;
        }
        let off: i64 = balance.values().map(|n| n.abs()).sum();
        changed > MANY
            && changed * 10 >= whole * 3
            && balance.len() >= 3
            && off * 25 <= changed as i64
    }
}
