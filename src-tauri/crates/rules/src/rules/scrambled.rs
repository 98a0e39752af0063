//! Whether a column as a whole has slid away from its people: sorted alone, or pasted some rows too far up or down; and
//! whether part of one has, by one row.

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
    /// Where a few rows have what their neighbours had.
    pub slides: Vec<Slide>,
}

/// Rows one after another that have in some columns what the row above or below them had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slide {
    pub columns: Vec<usize>,
    /// In the order of the file.
    pub rows: Vec<u32>,
    /// Whether the cells went down.
    pub down: bool,
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
/// So many rows one after another have their neighbour's value by no chance.
const IN_A_ROW: usize = 3;

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
        let was = std::mem::replace(&mut self.compared.scrambled, found);
        // What was exchanged in a ring is no slide, and no column that slid as a whole has rings.
        self.compared.scrambled.slides = self.find_slides();
        was != self.compared.scrambled
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
                let (key, person) = self.sides(row, was, own, column.at);
                with_key += usize::from(key);
                with_person += usize::from(person);
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

    /// Where a few rows have slid by one in columns that say who somebody is, other than those that slid as a whole.
    fn find_slides(&self) -> Vec<Slide> {
        let Some(snapshot) = &self.snapshot else { return Vec::new() };
        if self.compared.differing.len() < IN_A_ROW || self.compared.differing.len() > SAMPLE {
            return Vec::new();
        }
        let table = &self.roster.table;
        // Each differing row, with who it was and who its neighbours were.
        let mut rows: Vec<(usize, u32)> = self
            .compared
            .differing
            .iter()
            .filter_map(|&row| Some((table.index_of(row)?, row)))
            .collect();
        rows.sort_unstable();
        let who = |at: Option<usize>| self.was(table.row_at(at?)?);
        let people: Vec<[Option<u32>; 3]> = rows
            .iter()
            .map(|&(at, _)| [who(Some(at)), who(at.checked_sub(1)), who(at.checked_add(1))])
            .collect();
        let mut slides: Vec<Slide> = Vec::new();
        let columns = self.compared.identifying.iter().copied();
        for column in columns.filter(|&column| !self.is_scrambled(column)) {
            let Some(counterpart) = self.snapshot_columns[column] else { continue };
            for down in [true, false] {
                let has_neighbours = |n: usize| {
                    let [Some(was), above, below] = people[n] else { return false };
                    let Some(neighbour) = (if down { above } else { below }) else { return false };
                    let now = table.cell(rows[n].1, column);
                    let had = |was| snapshot.table.cell(was, counterpart);
                    !now.trim().is_empty()
                        && same(now.trim(), had(neighbour).trim())
                        && !same(now.trim(), had(was).trim())
                };
                let mut run: Vec<usize> = Vec::new();
                for n in 0..=rows.len() {
                    let goes_on = n < rows.len() && has_neighbours(n);
                    let follows = || run.last().is_none_or(|last| rows[*last].0 + 1 == rows[n].0);
                    if goes_on && follows() {
                        run.push(n);
                        continue;
                    }
                    if run.len() >= IN_A_ROW {
                        let ids: Vec<u32> = run.iter().map(|n| rows[*n].1).collect();
                        self.enter_slide(&mut slides, column, ids, down);
                    }
                    run.clear();
                    run.extend(goes_on.then_some(n));
                }
            }
        }
        slides.retain(|slide| !self.is_of_keys(slide));
        slides
    }

    /// Whether it is the keys that slid, as what else is known of these rows went along with the names.
    fn is_of_keys(&self, slide: &Slide) -> bool {
        if !slide.rows.iter().all(|row| self.is_someone_else(*row)) {
            return false;
        }
        let (mut with_key, mut with_person) = (0, 0);
        for &row in &slide.rows {
            let Some((was, own)) = self.was(row).and_then(|was| Some((was, self.seems(row, was)?)))
            else {
                continue;
            };
            let others = self
                .roster
                .columns
                .iter()
                .filter(|c| !c.is_key && !c.is_secret() && !slide.columns.contains(&c.at));
            for column in others {
                let (key, person) = self.sides(row, was, own, column.at);
                with_key += usize::from(key);
                with_person += usize::from(person);
            }
        }
        with_key <= with_person
    }

    /// Whether a cell is as it was of the person by the key, and of the person by the name, where these differ.
    pub(super) fn sides(&self, row: u32, was: u32, own: u32, column: usize) -> (bool, bool) {
        let now = self.roster.table.cell(row, column);
        let (by_key, by_person) = (self.was_cell(was, column), self.was_cell(own, column));
        let is_now = |before: &Option<std::borrow::Cow<str>>| {
            before.as_ref().is_some_and(|before| *before == now)
        };
        match by_key == by_person {
            true => (false, false),
            false => (is_now(&by_key), is_now(&by_person)),
        }
    }

    /// Enters what slid; first and last name go together. What is exchanged in a ring is told as that.
    fn enter_slide(&self, slides: &mut Vec<Slide>, column: usize, rows: Vec<u32>, down: bool) {
        let in_a_ring =
            |row: &u32| self.was(*row).is_some_and(|was| self.is_in_a_ring(*row, was, column));
        if rows.iter().all(in_a_ring) {
            return;
        }
        match slides.iter_mut().find(|slide| slide.rows == rows && slide.down == down) {
            Some(slide) => slide.columns.push(column),
            None => slides.push(Slide { columns: vec![column], rows, down }),
        }
    }

    /// Whether a row is one of a few that have what their neighbours had.
    pub(super) fn has_slid(&self, row: u32) -> bool {
        self.compared.scrambled.slides.iter().any(|slide| slide.rows.contains(&row))
    }

    /// Whether it has that in a column.
    pub(super) fn has_slid_in(&self, row: u32, column: usize) -> bool {
        let slides = &self.compared.scrambled.slides;
        slides.iter().any(|s| s.columns.contains(&column) && s.rows.contains(&row))
    }
}
