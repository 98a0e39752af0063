//! The export of afterwards: who of the plan is whom in it, and how they are.

use rustc_hash::{FxHashMap, FxHashSet};

use super::cells::{in_words, same};
use super::{CellDiffers, Differs, Expectation, Expected, Left, Outcome, Place, Unseen};
use crate::plan::{Action, who};
use muster_roster::roster::Roster;

/// An export of afterwards, with where it has what was planned.
pub(super) struct ExportIndex<'a> {
    pub roster: &'a Roster,
    planned: &'a Expectation,
    /// Where the export has each planned column, by the column's name in the plan.
    columns: FxHashMap<&'a str, usize>,
    /// Rows by what is somebody's alone beside the key: a login, an address.
    by_own: FxHashMap<(usize, String), Vec<u32>>,
}

/// Where somebody is in the export.
pub(super) enum Found {
    Row(u32),
    Nowhere,
    Repeated,
}

impl<'a> ExportIndex<'a> {
    pub fn new(planned: &'a Expectation, roster: &'a Roster) -> ExportIndex<'a> {
        let place = |p: &'a Place| Some((p.name.as_str(), p.in_roster(roster)?));
        let columns = planned.places().filter_map(place).collect();
        let mut by_own: FxHashMap<(usize, String), Vec<u32>> = FxHashMap::default();
        if planned.people.iter().chain(&planned.elsewhere).any(|p| p.action == Action::Create) {
            for column in roster.columns.iter().filter(|c| c.unique.is_some() && !c.is_key) {
                for row in roster.table.rows() {
                    let cell = roster.table.cell(row, column.at).trim().to_lowercase();
                    if !cell.is_empty() {
                        by_own.entry((column.at, cell)).or_default().push(row);
                    }
                }
            }
        }
        ExportIndex { roster, planned, columns, by_own }
    }

    /// Columns that were planned and that the export does not have.
    pub fn unseen(&self) -> Vec<String> {
        let mut all: Vec<String> = self
            .lacking()
            .map(|p| {
                let field = p.field.as_deref().and_then(|id| self.roster.profile.field(id));
                field.map_or_else(|| p.name.clone(), |field| field.title.clone())
            })
            .collect();
        if self.planned.people.iter().any(|p| p.password) {
            all.push("Password".to_owned());
        }
        all
    }

    fn find_key(&self, key: &str) -> Found {
        let mut rows = self.roster.rows_of_key(key);
        match (rows.next(), rows.next()) {
            _ if key.trim().is_empty() => Found::Nowhere,
            (None, _) => Found::Nowhere,
            (Some(row), None) => Found::Row(row),
            (Some(_), Some(_)) => Found::Repeated,
        }
    }

    /// The keys of all whom this plan, or another part of it, is about.
    pub fn planned_keys(&self) -> FxHashSet<String> {
        let all = self.planned.people.iter().chain(&self.planned.elsewhere);
        let keys = all.flat_map(|p| std::iter::once(&p.key).chain(&p.renamed));
        keys.map(|key| self.roster.key_form(key).into_owned()).collect()
    }

    pub fn find(&self, expected: &Expected) -> Found {
        match self.find_key(&expected.key) {
            Found::Nowhere if expected.action == Action::Create => self.find_new(expected),
            Found::Nowhere => {
                expected.renamed.as_deref().map_or(Found::Nowhere, |key| self.find_key(key))
            }
            found => found,
        }
    }

    /// Somebody new whose key the LMS gave, by what is theirs alone.
    fn find_new(&self, expected: &Expected) -> Found {
        for column in self.roster.columns.iter().filter(|c| c.unique.is_some() && !c.is_key) {
            let planned = self.columns.iter().find(|(_, at)| **at == column.at);
            let cell = planned.and_then(|(name, _)| expected.cells.get(*name));
            let Some(cell) = cell.map(|cell| cell.trim().to_lowercase()) else { continue };
            match self.by_own.get(&(column.at, cell)).map(Vec::as_slice) {
                Some([row]) => return Found::Row(*row),
                Some([_, _, ..]) => return Found::Repeated,
                _ => {}
            }
        }
        Found::Nowhere
    }

    /// How somebody is not as planned; none for who is.
    pub fn differs(&self, expected: &Expected) -> Option<Differs> {
        let says = |why: &str, cells: Vec<CellDiffers>| {
            Some(Differs {
                key: expected.key.clone(),
                name: expected.name.clone(),
                known_by: expected.known_by.clone(),
                action: expected.action,
                why: why.to_owned(),
                cells,
            })
        };
        let row = match (self.find(expected), expected.action) {
            (Found::Repeated, _) => {
                return says("stands on more than one row of the export", vec![]);
            }
            // Whom an LMS does not count as active it may leave out.
            (Found::Nowhere, Action::Delete | Action::Deactivate) => return None,
            (Found::Nowhere, _) => return says("is not there", vec![]),
            (Found::Row(_), Action::Delete) => return says("is still there", vec![]),
            (Found::Row(row), _) => row,
        };
        // Whether they become so may be open.
        let open = self.roster.status().is_some_and(|at| {
            let is_it = |name: &String| self.columns.get(name.as_str()) == Some(&at);
            expected.open.iter().any(is_it)
        });
        if expected.action == Action::Deactivate && !open && !self.roster.is_inactive(row) {
            return match self.roster.status() {
                Some(_) => says("is still active", vec![]),
                None => says("is still in the export, which does not say who is active", vec![]),
            };
        }
        let cells = self.cells_differing(expected, row);
        if cells.is_empty() { None } else { says("", cells) }
    }

    fn cells_differing(&self, expected: &Expected, row: u32) -> Vec<CellDiffers> {
        let looked_at = |place| self.looked_at(expected, place, row);
        let cells = self.planned.places().filter_map(looked_at);
        cells.filter(|(is_allowed, _)| !is_allowed).map(|(_, cell)| cell).collect()
    }

    /// What is in a column of which something is said, and whether that is one of what may be there.
    fn looked_at(
        &self,
        expected: &Expected,
        place: &Place,
        row: u32,
    ) -> Option<(bool, CellDiffers)> {
        let at = *self.columns.get(place.name.as_str())?;
        let wanted = expected.in_column(place, self.planned);
        let may = expected.may.get(&place.name).map(|may| may.iter().map(String::as_str));
        let mut allowed: Vec<&str> = Vec::new();
        for one in wanted.into_iter().chain(may.into_iter().flatten()) {
            if !allowed.contains(&one) {
                allowed.push(one);
            }
        }
        let found = self.roster.table.cell(row, at);
        let is_allowed = allowed.iter().any(|one| same(self.roster, at, one, &found));
        let mut allowed = allowed.into_iter().map(str::to_owned);
        let expected = allowed.next()?;
        let (column, found) = (place.name.clone(), found.into_owned());
        let cell =
            CellDiffers { column, title: self.title(at), expected, or: allowed.collect(), found };
        Some((is_allowed, cell))
    }

    /// What came of the cells of somebody who is as planned that may have gone several ways.
    pub fn outcomes(&self, expected: &Expected) -> Vec<Outcome> {
        let Found::Row(row) = self.find(expected) else { return Vec::new() };
        let open = self.planned.places().filter(|place| expected.open.contains(&place.name));
        let cells = open.filter_map(|place| self.looked_at(expected, place, row));
        let outcome = |cell| Outcome {
            key: expected.key.clone(),
            name: expected.name.clone(),
            known_by: expected.known_by.clone(),
            cell,
        };
        let several = cells.filter(|(is_allowed, cell)| *is_allowed && !cell.or.is_empty());
        several.map(|(_, cell)| outcome(cell)).collect()
    }

    /// What of somebody who is there was planned in columns that the export lacks; none where all can be seen. No export
    /// shows a password, and that a column of somebody new stays blank is no change.
    pub fn unseen_of(&self, expected: &Expected) -> Option<Unseen> {
        let Found::Row(_) = self.find(expected) else { return None };
        let is_planned = |name: &String| {
            let cell = expected.cells.get(name);
            let is_new = expected.action == Action::Create;
            cell.is_some_and(|cell| !is_new || !cell.trim().is_empty())
                || expected.open.contains(name)
        };
        let lacking = self.lacking().map(|place| place.name.clone());
        let columns: Vec<String> = lacking.filter(is_planned).collect();
        let (key, name) = (expected.key.clone(), expected.name.clone());
        (!columns.is_empty()).then_some(Unseen { key, name, columns })
    }

    fn lacking(&self) -> impl Iterator<Item = &'a Place> {
        self.planned.columns.iter().filter(|p| !self.columns.contains_key(p.name.as_str()))
    }

    pub fn title(&self, at: usize) -> String {
        let own = || format!("`{}`", self.roster.columns[at].name);
        self.roster.field(at).map_or_else(own, |field| field.title.clone())
    }

    /// Whether nothing of what was planned for somebody has happened.
    pub fn is_as_before(&self, expected: &Expected, before: &Roster) -> bool {
        let was = before.row_of_key(&expected.key);
        let (row, was) = match (self.find(expected), was) {
            (Found::Nowhere, None) => return true,
            (Found::Row(row), Some(was)) => (row, was),
            _ => return false,
        };
        if matches!(expected.action, Action::Delete | Action::Deactivate) {
            return before.is_inactive(was) == self.roster.is_inactive(row);
        }
        expected.cells.keys().chain(expected.may.keys()).all(|name| {
            let Some(&at) = self.columns.get(name.as_str()) else { return true };
            let place = self.planned.columns.iter().find(|p| p.name == *name);
            let old = place.and_then(|p| p.in_roster(before));
            let old = old.map(|c| before.table.cell(was, c)).unwrap_or_default();
            same(self.roster, at, &old, &self.roster.table.cell(row, at))
        })
    }

    /// Whom something is left to be done of: by key, or by what is theirs alone where the LMS has only now given them one.
    fn find_left(&self, left: &Left) -> Option<u32> {
        let by_key =
            [&left.key, &left.known_by].into_iter().find_map(|key| match self.find_key(key) {
                Found::Row(row) => Some(row),
                Found::Nowhere | Found::Repeated => None,
            });
        by_key.or_else(|| {
            let cell = left.known_by.trim().to_lowercase();
            let own = self.roster.columns.iter().filter(|c| c.unique.is_some() && !c.is_key);
            let mut rows = own.filter_map(|c| self.by_own.get(&(c.at, cell.clone())));
            match rows.next().map(Vec::as_slice) {
                Some([row]) => Some(*row),
                _ => None,
            }
        })
    }

    /// What was to be done by hand and is not, as a sentence; none where it is done or cannot be seen.
    pub fn still_left(&self, left: &Left) -> Option<String> {
        let at = *self.columns.get(left.column.as_str())?;
        let row = self.find_left(left)?;
        let found = self.roster.table.cell(row, at);
        (!same(self.roster, at, &left.value, &found)).then(|| {
            format!(
                "{}: {} is {} and is to be {}",
                who(&left.name, &left.known_by),
                self.title(at),
                in_words(&found),
                in_words(&left.value)
            )
        })
    }

    /// The rows of people whom the plan changes, with the columns that it says something of.
    pub fn planned_rows(&self) -> FxHashMap<u32, FxHashSet<usize>> {
        let mut rows: FxHashMap<u32, FxHashSet<usize>> = FxHashMap::default();
        for expected in &self.planned.people {
            if let Found::Row(row) = self.find(expected) {
                let told =
                    self.planned.places().filter(|place| expected.is_about(place, self.planned));
                let places = rows.entry(row).or_default();
                places.extend(told.filter_map(|place| self.columns.get(&*place.name).copied()));
                // Whoever is deactivated for being left out is so in the column that says it.
                if expected.action == Action::Deactivate {
                    places.extend(self.roster.status());
                }
            }
        }
        rows
    }

    /// The rows of people whom other parts of the plan are about, with what those are to bring about, by column.
    pub fn elsewhere_rows(&self) -> FxHashMap<u32, FxHashMap<usize, Vec<&'a str>>> {
        let mut rows = FxHashMap::default();
        for expected in &self.planned.elsewhere {
            if let Found::Row(row) = self.find(expected) {
                let cells = expected.cells.iter().map(|(name, cell)| (name, vec![cell.as_str()]));
                let may = expected.may.iter();
                let may = may.map(|(name, may)| (name, may.iter().map(String::as_str).collect()));
                let at = |(name, values): (&'a String, Vec<&'a str>)| {
                    Some((*self.columns.get(name.as_str())?, values))
                };
                rows.insert(row, cells.chain(may).filter_map(at).collect());
            }
        }
        rows
    }

    /// The rows of people whom the plan makes.
    pub fn new_rows(&self) -> FxHashSet<u32> {
        let new = self.planned.people.iter().filter(|p| p.action == Action::Create);
        let row = |found| if let Found::Row(row) = found { Some(row) } else { None };
        new.filter_map(|expected| row(self.find(expected))).collect()
    }

    /// The cells that somebody is to change by hand: they may have, or not yet.
    pub fn by_hand_cells(&self) -> FxHashSet<(u32, usize)> {
        let cell = |left: &Left| {
            let at = *self.columns.get(left.column.as_str())?;
            Some((self.find_left(left)?, at))
        };
        self.planned.by_hand.iter().filter_map(cell).collect()
    }
}
