//! Who in one roster is who in the other: by key, never by guesswork.

use std::borrow::Cow;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Unpaired;
use crate::many_keys::{AT_ONCE, Holder, holders};
use crate::roster::{KeyIndex, Roster, hash_of};

/// Whom a row of the newer roster is paired with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// The row of the older roster with the same key, each having it once.
    Row(u32),
    /// Nobody in the older roster has this key.
    Unmatched,
    /// One of the two rosters has this key more than once.
    Repeated,
    /// The row has no key.
    Blank,
}

/// Everybody's match.
#[derive(Debug, Clone)]
pub struct Pairing {
    /// For each place in the newer roster's order.
    pub new: Vec<Match>,
    /// For each place in the older roster's order, its row and what became of it.
    old: Vec<(u32, PairState)>,
    /// The same key column is not to be found in both.
    keyless: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PairState {
    Paired,
    Left,
    /// Nobody in the newer roster has the key, but it stands more than once in the older.
    LeftTwice,
    /// The newer roster has the key, and one of the two has it more than once.
    Repeated,
    Blank,
}

/// A roster with the columns by which its people are told apart in this comparison.
struct Side<'r> {
    roster: &'r Roster,
    key: Option<usize>,
    fallback: Option<usize>,
    index: Cow<'r, KeyIndex>,
}

impl<'r> Side<'r> {
    fn own(roster: &'r Roster) -> Side<'r> {
        Side {
            roster,
            key: roster.key,
            fallback: roster.key_fallback,
            index: Cow::Borrowed(&roster.keys),
        }
    }

    /// The same roster told apart by another column than its own key.
    fn by(roster: &'r Roster, key: Option<usize>) -> Side<'r> {
        let mut side = Side { roster, key, fallback: None, index: Cow::Owned(KeyIndex::default()) };
        if key.is_some() {
            side.index = Cow::Owned(KeyIndex::build(&roster.table, |row| {
                let text = side.key_text(row);
                let form = roster.key_form(&text);
                (!form.is_empty()).then(|| hash_of(&form))
            }));
        }
        side
    }

    fn key_text(&self, row: u32) -> Cow<'r, str> {
        let own = self.key.map_or(Cow::Borrowed(""), |c| self.roster.table.cell(row, c));
        match self.fallback {
            Some(column) if own.trim().is_empty() => self.roster.table.cell(row, column),
            _ => own,
        }
    }

    fn form_of(&self, row: u32) -> String {
        self.roster.key_form(&self.key_text(row)).into_owned()
    }

    fn rows_of<'a>(&'a self, form: &'a str) -> impl Iterator<Item = u32> + 'a {
        let same = move |&row: &u32| self.roster.key_form(&self.key_text(row)) == form;
        self.index.rows(hash_of(form)).filter(same)
    }

    fn only_row_of(&self, form: &str) -> Match {
        let mut rows = self.rows_of(form);
        match (rows.next(), rows.next()) {
            (None, _) => Match::Unmatched,
            (Some(row), None) => Match::Row(row),
            (Some(_), Some(_)) => Match::Repeated,
        }
    }
}

fn find_all(old: Option<&Side>, new: &Side) -> Vec<Match> {
    let table = &new.roster.table;
    let places: Vec<usize> = (0..table.len()).step_by(AT_ONCE).collect();
    let parts: Vec<Vec<Match>> = places
        .into_par_iter()
        .with_min_len(64)
        .map(|from| {
            let rows = (from..(from + AT_ONCE).min(table.len())).map_while(|at| table.row_at(at));
            let keys: Vec<Cow<str>> = rows.map(|row| new.key_text(row)).collect();
            let repeated = |key: &str| new.rows_of(&new.roster.key_form(key)).nth(1).is_some();
            let Some(old) = old else {
                let alone = |key: &Cow<str>| match new.roster.key_form(key) {
                    form if form.is_empty() => Match::Blank,
                    _ if repeated(key) => Match::Repeated,
                    _ => Match::Unmatched,
                };
                return keys.iter().map(alone).collect();
            };
            let key_of = |row| old.key_text(row);
            let holders = holders(&keys, new.roster, old.roster, &old.index, key_of);
            let found = |(key, holder): (&Cow<str>, Holder)| match holder {
                Holder::Blank => Match::Blank,
                Holder::Only(row) => Match::Row(row),
                Holder::Several => match old.only_row_of(&new.roster.key_form(key)) {
                    Match::Unmatched if repeated(key) => Match::Repeated,
                    found => found,
                },
                Holder::Nobody if repeated(key) => Match::Repeated,
                Holder::Nobody => Match::Unmatched,
            };
            keys.iter().zip(holders).map(found).collect()
        })
        .collect();
    parts.concat()
}

/// How many rows of the newer roster lay claim to each row of the older; 2 also where one claims several.
fn claims(old: &Side, new: &Side, found: &[Match]) -> Vec<u8> {
    let mut claims = vec![0u8; old.roster.table.fresh_row() as usize];
    for (at, found) in found.iter().enumerate() {
        match found {
            Match::Row(row) => {
                claims[*row as usize] = claims[*row as usize].saturating_add(1);
            }
            Match::Repeated => {
                let Some(row) = new.roster.table.row_at(at) else { continue };
                for was in old.rows_of(&new.form_of(row)) {
                    claims[was as usize] = 2;
                }
            }
            Match::Unmatched | Match::Blank => {}
        }
    }
    claims
}

/// Both sides by the same column. A key that was only guessed may be another one in each file: the newer's counts.
fn sides<'r>(old: &'r Roster, new: &'r Roster) -> (Side<'r>, Side<'r>) {
    let form = |roster: &Roster, c: Option<usize>| c.map(|c| roster.columns[c].form.clone());
    let guessed = new.profile.key.field.is_empty();
    if !guessed || form(old, old.key) == form(new, new.key) {
        return (Side::own(old), Side::own(new));
    }
    let find = |roster: &Roster, wanted: Option<String>| {
        let wanted = wanted?;
        roster.columns.iter().position(|c| c.form == wanted)
    };
    if let Some(key) = find(old, form(new, new.key)) {
        return (Side::by(old, Some(key)), Side::own(new));
    }
    let key = find(new, form(old, old.key));
    let old_key = if key.is_some() { old.key } else { None };
    (Side::by(old, old_key), Side::by(new, key))
}

impl Pairing {
    /// Pairs two rosters by the key column of the newer one's profile; where none is known, by the column that was
    /// guessed.
    pub fn of(old: &Roster, new: &Roster) -> Pairing {
        let (old, new) = sides(old, new);
        let mut found = find_all(Some(&old), &new);
        let claims = claims(&old, &new, &found);
        for found in &mut found {
            if matches!(found, Match::Row(row) if claims[*row as usize] > 1) {
                *found = Match::Repeated;
            }
        }
        let rows: Vec<u32> = old.roster.table.rows().collect();
        let state = |row: u32| match claims[row as usize] {
            0 => {
                let form = old.form_of(row);
                if form.is_empty() {
                    PairState::Blank
                } else if old.rows_of(&form).nth(1).is_some() {
                    PairState::LeftTwice
                } else {
                    PairState::Left
                }
            }
            1 => PairState::Paired,
            _ => PairState::Repeated,
        };
        let states = rows.into_par_iter().with_min_len(4096).map(|row| (row, state(row)));
        Pairing {
            new: found,
            old: states.collect(),
            keyless: old.key.is_none() || new.key.is_none(),
        }
    }

    /// What was found in another way than by a key: of each older row whether it is paired or left; neither where that
    /// is not certain.
    pub(super) fn told(new: Vec<Match>, old: Vec<(u32, Option<bool>)>) -> Pairing {
        let state = |paired: Option<bool>| match paired {
            Some(true) => PairState::Paired,
            Some(false) => PairState::Left,
            None => PairState::Blank,
        };
        let old = old.into_iter().map(|(row, paired)| (row, state(paired))).collect();
        Pairing { new, old, keyless: false }
    }

    /// A roster beside nothing: everybody who can be told apart is unmatched.
    pub fn all_unmatched(new: &Roster) -> Pairing {
        let new = Side::own(new);
        Pairing { new: find_all(None, &new), old: Vec::new(), keyless: new.key.is_none() }
    }

    /// Pairs somebody whose key nobody has with an older row that is left, whatever its key; false where it is not.
    pub fn pair(&mut self, at: usize, was: u32) -> bool {
        let left = |(row, state): &&mut (u32, PairState)| *row == was && *state == PairState::Left;
        let (Some(new), Some(old)) = (self.new.get_mut(at), self.old.iter_mut().find(left)) else {
            return false;
        };
        *new = Match::Row(was);
        old.1 = PairState::Paired;
        true
    }

    /// The older roster's rows of people whom the newer one does not have, in their order.
    pub fn left(&self) -> impl Iterator<Item = u32> + '_ {
        self.old.iter().filter(|(_, state)| *state == PairState::Left).map(|(row, _)| *row)
    }

    /// The older roster's rows that could not be paired: with a key that stands more than once, or without one.
    pub fn old_unpaired(&self) -> impl Iterator<Item = u32> + '_ {
        let lost = |state: PairState| {
            matches!(state, PairState::Repeated | PairState::LeftTwice | PairState::Blank)
        };
        self.old.iter().filter(move |(_, state)| lost(*state)).map(|(row, _)| *row)
    }

    /// The older roster's rows whose key nobody in the newer one has, those without a key among them.
    pub fn absent(&self) -> impl Iterator<Item = u32> + '_ {
        let gone = |state: PairState| {
            matches!(state, PairState::Left | PairState::LeftTwice | PairState::Blank)
        };
        self.old.iter().filter(move |(_, state)| gone(*state)).map(|(row, _)| *row)
    }

    /// Each older row in its order, with the newer row it is paired with.
    pub fn of_old(&self, new: &Roster) -> Vec<(u32, Option<u32>)> {
        let pair = |(at, m): (usize, &Match)| match m {
            Match::Row(was) => Some((*was, new.table.row_at(at)?)),
            _ => None,
        };
        let of: FxHashMap<u32, u32> = self.new.iter().enumerate().filter_map(pair).collect();
        self.old.iter().map(|(was, _)| (*was, of.get(was).copied())).collect()
    }

    pub(super) fn unpaired(&self, old: &Roster, new: &Roster) -> Vec<Unpaired> {
        let (old, new) = sides(old, new);
        let lost = |m: &Match| match m {
            Match::Blank => Some(true),
            Match::Repeated => Some(false),
            Match::Row(_) | Match::Unmatched => None,
        };
        let newer = self
            .new
            .iter()
            .enumerate()
            .filter_map(|(at, m)| Some((new.roster.table.row_at(at)?, lost(m)?)));
        let older = self.old.iter().filter_map(|&(row, state)| match state {
            PairState::Blank => Some((row, true)),
            PairState::Repeated | PairState::LeftTwice => Some((row, false)),
            PairState::Paired | PairState::Left => None,
        });
        let newer: Vec<_> = newer.collect();
        let older: Vec<_> = older.collect();
        let mut all = self.listed(&new, "new", &newer);
        all.extend(self.listed(&old, "old", &older));
        all
    }

    fn listed(&self, side: &Side, name: &str, rows: &[(u32, bool)]) -> Vec<Unpaired> {
        let mut places: FxHashMap<String, usize> = FxHashMap::default();
        let mut all: Vec<(Unpaired, usize)> = Vec::new();
        for &(row, blank) in rows {
            let key = if blank { String::new() } else { side.key_text(row).trim().to_owned() };
            let form = side.roster.key_form(&key).into_owned();
            let at = *places.entry(form).or_insert_with(|| {
                let why = String::new();
                all.push((Unpaired { key, side: name.into(), lines: Vec::new(), why }, 0));
                all.len() - 1
            });
            all[at].1 += 1;
            all[at].0.lines.extend(side.roster.table.line(row));
        }
        all.into_iter()
            .map(|(mut unpaired, rows)| {
                unpaired.why = self.why(&unpaired.key, name, rows);
                unpaired
            })
            .collect()
    }

    fn why(&self, key: &str, side: &str, rows: usize) -> String {
        let file = if side == "new" { "newer" } else { "older" };
        let other = if side == "new" { "older" } else { "newer" };
        match (key, rows) {
            ("", _) if self.keyless => "no column says in both files who a row is".to_owned(),
            ("", 1) => format!("a row of the {file} file has no key"),
            ("", _) => format!("{rows} rows of the {file} file have no key"),
            (_, 1) => format!("the key stands more than once in the {other} file"),
            (_, _) => format!("the key stands on {rows} rows of the {file} file"),
        }
    }
}
