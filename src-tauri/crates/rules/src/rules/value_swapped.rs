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
    let exchanged: Vec<(Vec<usize>, Vec<Member>)> = context
        .wholes()
        .into_iter()
        .filter_map(|whole| {
            let ring = context.value_ring(person.row, was, &whole)?;
            Some((whole, ring))
        })
        .collect();
    let Some((first, ring)) = exchanged.first() else { return };
    sink.row(person.row, first.first().copied(), || {
        let columns: Vec<usize> = exchanged
            .iter()
            .filter(|(_, other)| other == ring)
            .flat_map(|(whole, _)| whole.iter().copied())
            .collect();
        let names: Vec<String> = columns.iter().map(|&c| context.roster.called(c)).collect();
        let edits = columns.iter().flat_map(|&column| {
            ring.iter().map(move |member| {
                let before = context.was_cell(member.was, column).unwrap_or_default();
                Person { row: member.row, ..*person }.set(column, &*before)
            })
        });
        let fix = Fix {
            title: back(ring.len()).to_owned(),
            safety: Safety::Unsafe,
            edits: edits.collect(),
        };
        let people: Vec<String> = ring.iter().map(|member| snapshot.name(member.was)).collect();
        let among = if ring.len() > 2 { " among them" } else { "" };
        let (now, before) = (
            person.cell(first[0]).into_owned(),
            context.was_cell(was, first[0]).unwrap_or_default().into_owned(),
        );
        let message = format!(
            "{} have exchanged {}{among}: was {}, is {}",
            listed(&people),
            listed(&names),
            quoted(&before),
            quoted(&now),
        );
        FindingText::new(now, message).fix(Some(fix))
    });
}

/// How an exchange is taken back.
pub(super) fn back(people: usize) -> &'static str {
    if people > 2 { "give each theirs back" } else { "exchange them back" }
}

/// Who takes part in an exchange: their row, and who they are in the snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Member {
    row: u32,
    was: u32,
}

/// More have not exchanged something among them; a column was sorted.
const LARGEST_RING: usize = 5;
/// So many are followed, where several share what was exchanged.
const FOLLOWED: usize = 64;

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

    /// The people who have what another of them had, in a ring: this row, the one whose value it has, and so on to the one who
    /// has its own. Where the e-mail stands for a blank key, it is the keys that were exchanged.
    fn value_ring(&self, row: u32, was: u32, whole: &[usize]) -> Option<Vec<Member>> {
        let stands_in = self.roster.key_fallback.filter(|at| whole.contains(at)).is_some();
        let is_blank = |key: usize| self.roster.table.cell(row, key).trim().is_empty();
        if stands_in && self.roster.key.is_some_and(is_blank) {
            return None;
        }
        if self.has_whole(row, was, whole)
            || !whole.iter().all(|&c| self.was_cell(was, c).is_some())
        {
            return None;
        }
        let before = |column| self.was_cell(was, column).unwrap_or_default();
        if !self.people_of(whole, before).contains(&was) {
            return None;
        }
        // The shortest goes before, as who has exchanged with whom.
        (2..=LARGEST_RING).find_map(|length| {
            let mut ring = vec![Member { row, was }];
            self.close_ring(&mut ring, length, whole, &mut { FOLLOWED }).then_some(ring)
        })
    }

    /// Whose name or whose e-mail a row has that was exchanged with others under keys that stayed, and which columns these
    /// are: under each key the LMS would have somebody else.
    pub fn exchanged(&self, row: u32) -> Option<(u32, Vec<usize>)> {
        let was = self.was(row).filter(|_| self.differs(row))?;
        if self.scrambled().is_any() || self.is_told_as_another(row, was) {
            return None;
        }
        let says_who = |whole: &Vec<usize>| {
            let is_who = |c: &usize| {
                let column = &self.roster.columns[*c];
                column.name_part > 0 || self.is_own_address(column)
            };
            whole.iter().all(is_who)
        };
        self.wholes().into_iter().filter(says_who).find_map(|whole| {
            let ring = self.value_ring(row, was, &whole)?;
            Some((ring.get(1)?.was, whole))
        })
    }

    /// Whether what a row has in a column was exchanged with others.
    pub(super) fn is_in_a_ring(&self, row: u32, was: u32, column: usize) -> bool {
        let has_it = |whole: &Vec<usize>| whole.contains(&column);
        self.wholes().into_iter().filter(has_it).any(|w| self.value_ring(row, was, &w).is_some())
    }

    /// Whether the name of a row was exchanged with that of others.
    pub(super) fn has_names_of_others(&self, row: u32, was: u32) -> bool {
        let is_name = |whole: &Vec<usize>| {
            whole.iter().all(|&column| self.roster.columns[column].name_part > 0)
        };
        self.wholes().into_iter().filter(is_name).any(|w| self.value_ring(row, was, &w).is_some())
    }

    /// Follows who has whose value until it comes back to the first in so many steps.
    fn close_ring(
        &self,
        ring: &mut Vec<Member>,
        length: usize,
        whole: &[usize],
        left: &mut usize,
    ) -> bool {
        let (Some(&first), Some(&last), Some(snapshot)) =
            (ring.first(), ring.last(), &self.snapshot)
        else {
            return false;
        };
        if ring.len() == length {
            return self.has_whole(last.row, first.was, whole);
        }
        let now = |column| self.roster.table.cell(last.row, column);
        for was in self.people_of(whole, now) {
            let is_next = |row: &u32| {
                ring.iter().all(|member| member.row != *row) && !self.has_whole(*row, was, whole)
            };
            if was == last.was || !self.has_whole(last.row, was, whole) {
                continue;
            }
            let key = snapshot.key_text(was);
            let mut rows: Vec<u32> = self.roster.rows_of_key(&key).filter(is_next).collect();
            rows.sort_unstable();
            for row in rows {
                *left = left.saturating_sub(1);
                if *left == 0 {
                    return false;
                }
                ring.push(Member { row, was });
                if self.close_ring(ring, length, whole, left) {
                    return true;
                }
                ring.pop();
            }
        }
        false
    }

    /// Whether a row has all of what somebody of the snapshot had.
    fn has_whole(&self, row: u32, was: u32, whole: &[usize]) -> bool {
        whole.iter().all(|&column| {
            let before = self.was_cell(was, column).unwrap_or_default();
            let before = before.trim();
            !before.is_empty() && same(self.roster.table.cell(row, column).trim(), before)
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

    /// The rows of which it depends on this one whether something was exchanged with them: those that a ring leads through
    /// from here. Whoever has what is their own is in none.
    pub(crate) fn exchange_partners(&self, row: u32) -> Vec<u32> {
        let Some(snapshot) = &self.snapshot else { return Vec::new() };
        let own = self.rows_of_snapshot(&self.roster.key_text(row));
        let mut rows = Vec::new();
        for whole in self.wholes() {
            if own.iter().all(|was| self.has_whole(row, *was, &whole)) {
                continue;
            }
            let (mut met, mut at) = (vec![row], 0);
            while at < met.len() && met.len() <= FOLLOWED {
                let now = |column| self.roster.table.cell(met[at], column);
                for was in self.people_of(&whole, now) {
                    if !self.has_whole(met[at], was, &whole) {
                        continue;
                    }
                    let key = snapshot.key_text(was);
                    let is_next =
                        |other: &u32| !met.contains(other) && !self.has_whole(*other, was, &whole);
                    let next: Vec<u32> = self.roster.rows_of_key(&key).filter(is_next).collect();
                    met.extend(next);
                }
                at += 1;
            }
            rows.extend(met.into_iter().skip(1));
        }
        rows
    }
}
