//! Whether a column as a whole has slid away from its people: sorted alone, or pasted some rows too far up or down; and
//! whether part of one has, by one row.

use rustc_hash::{FxHashMap, FxHashSet};

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
/// Of a column that was sorted alone so many cells of so many are others.
const SHARE: (usize, usize) = (3, 10);
/// So many rows one after another have their neighbour's value by no chance.
const IN_A_ROW: usize = 3;
/// Rows between two that changed may have what their neighbours had, and had it before.
const BETWEEN: usize = 8;

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
        let differing = self.compared.differing.len();
        if differing < MANY || self.snapshot.is_none() {
            return Scrambled::default();
        }
        let step = differing.div_ceil(SAMPLE);
        let whole = self.roster.table.len() / step;
        // Most lists have too few changes for a column to have slid, and hardly any in what says who somebody is.
        let may_be_of_order = (differing / step + 1) * SHARE.1 >= whole * SHARE.0;
        if self.compared.others_in_who.len() < MANY && !may_be_of_order {
            return Scrambled::default();
        }
        let others_in_who = &self.compared.others_in_who;
        let rows = self.differing().into_iter().step_by(step);
        let rows = rows.filter(|row| may_be_of_order || others_in_who.contains(row));
        let pairs: Vec<(u32, u32)> = rows.filter_map(|row| Some((row, self.was(row)?))).collect();
        if let Some(found) = self.find_mismatched(&pairs) {
            return found;
        }
        let identifying = &self.compared.identifying;
        let mut columns: Vec<usize> =
            identifying.iter().copied().filter(|&c| self.changed_hands(c, &pairs)).collect();
        let plain = |column: &&Column| {
            !identifying.contains(&column.at) && !column.is_key && !column.is_secret()
        };
        let plain = self.roster.columns.iter().filter(plain).filter(|_| may_be_of_order);
        columns.extend(plain.map(|c| c.at).filter(|&c| self.changed_order(c, &pairs, whole)));
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
            && changed * SHARE.1 >= whole * SHARE.0
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
        let rows = near_others(rows);
        if rows.is_empty() {
            return Vec::new();
        }
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
        slides.extend(self.find_slides_of_shared(&rows));
        slides
    }

    /// Where a column of values that many have has slid by one. A few rows have their neighbour's value by chance; where it
    /// is many, one after another, and several values, it is none.
    fn find_slides_of_shared(&self, rows: &[(usize, u32)]) -> Vec<Slide> {
        const FEWEST_ROWS: usize = 8;
        const FEWEST_CHANGED: usize = 6;
        const FEWEST_VALUES: usize = 3;
        let Some(snapshot) = &self.snapshot else { return Vec::new() };
        if rows.len() < FEWEST_CHANGED {
            return Vec::new();
        }
        let table = &self.roster.table;
        let plain: Vec<usize> = self
            .roster
            .columns
            .iter()
            .filter(|c| !c.is_key && !c.is_secret() && !self.is_identifying(c.at))
            .filter(|c| !self.is_scrambled(c.at) && !self.is_not_read(c))
            .map(|c| c.at)
            .filter(|&c| self.snapshot_columns[c].is_some())
            .collect();
        let mut slides: Vec<Slide> = Vec::new();
        for &column in &plain {
            let changed: Vec<usize> = rows
                .iter()
                .filter(|(_, row)| self.has_changed_in(*row, column))
                .map(|(at, _)| *at)
                .collect();
            if changed.len() < FEWEST_CHANGED {
                continue;
            }
            for down in [true, false] {
                let follows = |last: usize, at: usize| {
                    at - last <= BETWEEN
                        && (last + 1..at).all(|at| self.has_neighbours(at, column, down))
                };
                let mut from = 0;
                while from < changed.len() {
                    if !self.has_neighbours(changed[from], column, down) {
                        from += 1;
                        continue;
                    }
                    let mut to = from + 1;
                    while to < changed.len()
                        && self.has_neighbours(changed[to], column, down)
                        && follows(changed[to - 1], changed[to])
                    {
                        to += 1;
                    }
                    let run = &changed[from..to];
                    from = to;
                    let all = run[0]..=run[run.len() - 1];
                    if run.len() < FEWEST_CHANGED || all.clone().count() < FEWEST_ROWS {
                        continue;
                    }
                    let value = |at: &usize| {
                        let cell = table.row_at(*at).map(|row| table.cell(row, column));
                        cell.unwrap_or_default()
                    };
                    let kinds: FxHashSet<u32> = run.iter().map(|at| hash_of(&value(at))).collect();
                    let share = |at: &usize| {
                        let having = self.how_many_have(column, &value(at)).max(1);
                        (having as f64 / snapshot.table.len().max(1) as f64).ln()
                    };
                    let chance: f64 = run.iter().map(share).sum();
                    let is_chance =
                        chance + (self.compared.differing.len() as f64).ln() > 0.001_f64.ln();
                    if kinds.len() < FEWEST_VALUES || is_chance {
                        continue;
                    }
                    let ids: Vec<u32> = all.filter_map(|at| table.row_at(at)).collect();
                    let same = |slide: &&mut Slide| slide.down == down && slide.rows == ids;
                    match slides.iter_mut().find(same) {
                        Some(slide) => slide.columns.push(column),
                        None => slides.push(Slide { columns: vec![column], rows: ids, down }),
                    }
                }
            }
        }
        // What went along, though it has too few values to say so itself.
        for slide in &mut slides {
            let places: Vec<usize> =
                slide.rows.iter().filter_map(|&row| table.index_of(row)).collect();
            let went_along = |column: &usize| {
                !slide.columns.contains(column)
                    && places.iter().all(|&at| self.has_neighbours(at, *column, slide.down))
                    && slide.rows.iter().any(|&row| self.has_changed_in(row, *column))
            };
            let more: Vec<usize> = plain.iter().copied().filter(went_along).collect();
            slide.columns.extend(more);
            slide.columns.sort_unstable();
        }
        slides
    }

    fn has_changed_in(&self, row: u32, column: usize) -> bool {
        let before = self.was(row).and_then(|was| self.was_cell(was, column));
        before
            .is_some_and(|before| !same(self.roster.table.cell(row, column).trim(), before.trim()))
    }

    /// Whether what stands at a place is what the row above it had, or the row below.
    fn has_neighbours(&self, at: usize, column: usize, down: bool) -> bool {
        let table = &self.roster.table;
        let neighbour = if down { at.checked_sub(1) } else { at.checked_add(1) };
        let had = neighbour
            .and_then(|at| self.was(table.row_at(at)?))
            .and_then(|was| self.was_cell(was, column));
        let now = table.row_at(at).map(|row| table.cell(row, column));
        now.zip(had)
            .is_some_and(|(now, had)| !now.trim().is_empty() && same(now.trim(), had.trim()))
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

    /// Whether a row is one of a few that have what their neighbours had of what says who somebody is.
    pub(super) fn has_slid(&self, row: u32) -> bool {
        let says_who = |slide: &Slide| slide.columns.iter().any(|&c| self.is_identifying(c));
        let slides = &self.compared.scrambled.slides;
        slides.iter().any(|slide| slide.rows.contains(&row) && says_who(slide))
    }

    /// Whether it has that in a column.
    pub(super) fn has_slid_in(&self, row: u32, column: usize) -> bool {
        let slides = &self.compared.scrambled.slides;
        slides.iter().any(|s| s.columns.contains(&column) && s.rows.contains(&row))
    }
}

/// Of rows in the order of their places, those that stand near enough to others to have slid with them: in most lists, none.
fn near_others(rows: Vec<(usize, u32)>) -> Vec<(usize, u32)> {
    let near = |a: &(usize, u32), b: &(usize, u32)| b.0 - a.0 <= BETWEEN;
    rows.chunk_by(near).filter(|rows| rows.len() >= IN_A_ROW).flatten().copied().collect()
}
