//! Invented people, and what happens to a list of them in a month. The same seed invents the same.

use crate::sheet::Sheet;

/// Chance that comes out the same twice (SplitMix64): a crate would be one more, for ten lines.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(seed.wrapping_mul(0x2545_F491_4F6C_DD1D))
    }

    /// Less than `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % end.max(1) as u64).unwrap_or_default()
    }

    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.below(from.len())]
    }

    pub fn shuffle<T>(&mut self, all: &mut [T]) {
        for at in (1..all.len()).rev() {
            all.swap(at, self.below(at + 1));
        }
    }
}

/// Somebody who does not exist. Two numbers never have the same name, address or ID.
#[derive(Clone, Debug)]
pub struct Invented {
    pub n: usize,
    pub first: &'static str,
    pub last: &'static str,
}

const FIRST: [&str; 23] = [
    "Mara", "Jonas", "Lea", "Ivo", "Sunniva", "Ravi", "Tess", "Kwame", "Ylva", "Paolo", "Noor",
    "Omar", "Ines", "Bo", "Cem", "Dee", "Ewa", "Finn", "Gita", "Hugo", "Iris", "Jun", "Kaja",
];
const LAST: [&str; 29] = [
    "Okafor", "Brandt", "Fournier", "Petrov", "Dahl", "Menon", "Marlow", "Asante", "Strand",
    "Conti", "Said", "Diaz", "Silva", "Tanaka", "Aydin", "Okoro", "Nowak", "Berg", "Rao", "Lind",
    "Moss", "Sato", "Vik", "Abbas", "Costa", "Duval", "Eriksen", "Farah", "Gomez",
];

impl Invented {
    pub fn new(n: usize) -> Invented {
        Invented { n, first: FIRST[n % 23], last: LAST[n % 29] }
    }

    pub fn name(&self) -> String {
        format!("{} {}", self.first, self.last)
    }

    pub fn address(&self) -> String {
        format!("{}.{}{}@example.com", self.first, self.last, self.n).to_lowercase()
    }

    pub fn login(&self) -> String {
        format!("{}{:02}", self.last.to_lowercase(), self.n)
    }

    /// With zeros in front, which spreadsheets take off.
    pub fn number(&self) -> String {
        format!("{:05}", 310 + self.n)
    }

    pub fn day(&self) -> String {
        format!("20{}-{:02}-{:02}", 10 + self.n % 16, 1 + self.n % 12, 1 + self.n % 28)
    }
}

/// What happens to a column in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edits {
    /// Nothing: it says who somebody is, or only the LMS writes it.
    Never,
    /// Another value.
    Filled,
    /// Another value, or none.
    Blanked,
}

/// A column of an LMS's export.
pub struct Column {
    pub header: &'static str,
    pub fill: fn(&mut Chance, &Invented) -> String,
    pub edits: Edits,
    /// Whether somebody's list may lack it.
    pub goes: bool,
}

/// What is done to a list besides changing cells.
#[derive(Clone, Copy, Debug)]
pub struct Month {
    pub newcomers: usize,
    pub leavers: usize,
    pub changes: usize,
    pub moves_rows: bool,
    pub moves_columns: bool,
    pub drops_a_column: bool,
}

impl Month {
    pub fn any(chance: &mut Chance) -> Month {
        Month {
            newcomers: chance.below(4),
            leavers: chance.below(3),
            changes: chance.below(7),
            moves_rows: chance.one_in(3),
            moves_columns: chance.one_in(4),
            drops_a_column: chance.one_in(5),
        }
    }
}

/// What the LMS has of so many people.
pub fn people(chance: &mut Chance, columns: &[Column], many: usize) -> Sheet {
    let header = columns.iter().map(|c| c.header.to_owned()).collect();
    let rows = (0..many).map(|n| row(chance, columns, n)).collect();
    Sheet { header, rows, not_text: Vec::new() }
}

pub fn row(chance: &mut Chance, columns: &[Column], n: usize) -> Vec<String> {
    let invented = Invented::new(n);
    columns.iter().map(|c| (c.fill)(chance, &invented)).collect()
}

/// The list a month later. Newcomers are those of `had.rows.len()` and more; `blank` columns are none of theirs.
pub fn edited(
    chance: &mut Chance,
    columns: &[Column],
    had: &Sheet,
    month: Month,
    blank: &[&str],
) -> Sheet {
    let mut now = had.clone();
    for n in 0..month.changes {
        let open: Vec<usize> =
            (0..columns.len()).filter(|&c| columns[c].edits != Edits::Never).collect();
        let (at, column) = (chance.below(now.rows.len()), *chance.pick(&open));
        let other = Invented::new(400 + n);
        let clears = columns[column].edits == Edits::Blanked && chance.one_in(3);
        now.rows[at][column] =
            if clears { String::new() } else { (columns[column].fill)(chance, &other) };
    }
    for _ in 0..month.leavers {
        let at = chance.below(now.rows.len());
        now.rows.remove(at);
    }
    for n in 0..month.newcomers {
        let mut new = row(chance, columns, had.rows.len() + n);
        for (cell, _) in new.iter_mut().zip(columns).filter(|(_, c)| blank.contains(&c.header)) {
            cell.clear();
        }
        let at = chance.below(now.rows.len() + 1);
        now.rows.insert(at, new);
    }
    if month.moves_rows {
        chance.shuffle(&mut now.rows);
    }
    let mut order: Vec<usize> = (0..columns.len()).collect();
    let may_go: Vec<usize> = order.iter().copied().filter(|&c| columns[c].goes).collect();
    if month.drops_a_column && !may_go.is_empty() {
        let gone = *chance.pick(&may_go);
        order.retain(|&c| c != gone);
    }
    if month.moves_columns {
        chance.shuffle(&mut order);
    }
    let pick = |row: &Vec<String>| order.iter().map(|&c| row[c].clone()).collect();
    Sheet {
        header: pick(&now.header),
        rows: now.rows.iter().map(pick).collect(),
        not_text: Vec::new(),
    }
}
