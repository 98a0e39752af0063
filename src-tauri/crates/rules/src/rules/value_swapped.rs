use std::borrow::Cow;

use super::seems::same;
use super::{CheckContext, Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::roster::Column;
use muster_table::words::{listed, quoted};

pub static RULE: Rule = Rule {
    code: "value-swapped",
    title: "Exchanged between two people",
    severity: Severity::Warning,
    requires: Requires::Snapshot,
    concerns: Concerns::Identity,
    scope: RuleScope::Person(check),
    page: include_str!("value_swapped.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    let context = person.context;
    let (Some(snapshot), Some(was)) = (&context.snapshot, person.was) else { return };
    if !person.differs || context.is_someone_else(person.row) {
        return;
    }
    let exchanged: Vec<(Vec<usize>, u32)> = context
        .wholes()
        .into_iter()
        .filter_map(|whole| {
            let with = context.exchanged_in(person.row, was, &whole)?;
            Some((whole, with))
        })
        .collect();
    let Some(&(ref first, with)) = exchanged.first() else { return };
    sink.row(person.row, first.first().copied(), || {
        let columns: Vec<usize> = exchanged
            .iter()
            .filter(|(_, other)| *other == with)
            .flat_map(|(whole, _)| whole.iter().copied())
            .collect();
        let names: Vec<String> = columns.iter().map(|&c| context.roster.called(c)).collect();
        let theirs = context.was(with);
        let other = Person { row: with, was: theirs, ..*person };
        let edits = columns.iter().flat_map(|&column| {
            let before = |was: Option<u32>| {
                was.and_then(|was| context.was_cell(was, column)).unwrap_or_default()
            };
            [person.set(column, &*before(Some(was))), other.set(column, &*before(theirs))]
        });
        let fix = Fix {
            title: "exchange them back".to_owned(),
            safety: Safety::Unsafe,
            edits: edits.collect(),
        };
        let (me, them) =
            (snapshot.name(was), theirs.map_or_else(String::new, |w| snapshot.name(w)));
        let (now, before) = (
            person.cell(first[0]).into_owned(),
            context.was_cell(was, first[0]).unwrap_or_default().into_owned(),
        );
        let message = format!(
            "{me} and {them} have exchanged {}: was {}, is {}",
            listed(&names),
            quoted(&before),
            quoted(&now),
        );
        FindingText::new(now, message).fix(Some(fix))
    });
}

impl CheckContext {
    /// What belongs to one person alone, each as a whole: an address, an ID, all parts of the name together.
    fn wholes(&self) -> Vec<Vec<usize>> {
        let free = |c: &&Column| !c.is_key && self.is_identifying(c.at) && !self.is_scrambled(c.at);
        let columns = || self.roster.columns.iter().filter(free);
        let own = |c: &&Column| {
            c.name_part == 0 && (self.is_own_address(c) || c.identifies || c.unique.is_some())
        };
        let mut wholes: Vec<Vec<usize>> = columns().filter(own).map(|c| vec![c.at]).collect();
        let name: Vec<usize> = columns().filter(|c| c.name_part > 0).map(|c| c.at).collect();
        let all = self.roster.columns.iter().filter(|c| c.name_part > 0).count();
        if !name.is_empty() && name.len() == all {
            wholes.push(name);
        }
        wholes
    }

    /// The row of the person whose value a row has, and who has the value of this one. Where the e-mail stands for a blank
    /// key, it is the keys that were exchanged.
    fn exchanged_in(&self, row: u32, was: u32, whole: &[usize]) -> Option<u32> {
        let stands_in = self.roster.key_fallback.filter(|at| whole.contains(at)).is_some();
        let is_blank = |key: usize| self.roster.table.cell(row, key).trim().is_empty();
        if stands_in && self.roster.key.is_some_and(is_blank) {
            return None;
        }
        let has = |row: u32, was: u32| {
            whole.iter().all(|&column| {
                let before = self.was_cell(was, column).unwrap_or_default();
                let before = before.trim();
                !before.is_empty() && same(self.roster.table.cell(row, column).trim(), before)
            })
        };
        if has(row, was) || !whole.iter().all(|&c| self.was_cell(was, c).is_some()) {
            return None;
        }
        let before = |column| self.was_cell(was, column).unwrap_or_default();
        if !self.people_of(whole, before).contains(&was) {
            return None;
        }
        let now = |column| self.roster.table.cell(row, column);
        self.people_of(whole, now).into_iter().find_map(|other| {
            if other == was || !has(row, other) {
                return None;
            }
            let key = self.snapshot.as_ref()?.key_text(other).into_owned();
            self.roster.rows_of_key(&key).filter(|&r| r != row && has(r, was)).min()
        })
    }

    /// The people of the snapshot who have one of some cells, by the cell that the fewest have; nobody where it is many.
    fn people_of<'c>(&self, columns: &[usize], cell: impl Fn(usize) -> Cow<'c, str>) -> Vec<u32> {
        let having = columns.iter().filter_map(|&c| self.few_having(c, &cell(c)));
        having.min_by_key(Vec::len).unwrap_or_default()
    }

    /// Whether an edit of a column can change what is found exchanged with others.
    pub(crate) fn tells_of_exchanges(&self, column: usize) -> bool {
        let is_key = Some(column) == self.roster.key || Some(column) == self.roster.key_fallback;
        is_key || self.is_identifying(column)
    }

    /// The rows of which it depends on this one whether something was exchanged with them.
    pub(crate) fn exchange_partners(&self, row: u32) -> Vec<u32> {
        let Some(snapshot) = &self.snapshot else { return Vec::new() };
        let mut rows = Vec::new();
        for whole in self.wholes() {
            for was in self.people_of(&whole, |column| self.roster.table.cell(row, column)) {
                let key = snapshot.key_text(was);
                rows.extend(self.roster.rows_of_key(&key).filter(|&other| other != row));
            }
        }
        rows
    }
}
