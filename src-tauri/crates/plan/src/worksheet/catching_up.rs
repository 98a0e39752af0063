//! What the LMS changed since an earlier snapshot, taken over into a list that still has what that snapshot has. A list that
//! was begun before would put it back: whoever edits offline changes what they changed, and nothing else.
//!
//! It is the harmless part of a merge of three. What both changed stays as it is here, and is told.

use rustc_hash::FxHashSet;

use super::Change;
use crate::plan::{ChangedCell, ChangedThere, few};
use muster_roster::diff::Columns;
use muster_roster::roster::Roster;
use muster_table::edit::Edit;
use muster_table::narrow;
use muster_table::words::{counted, listed, people};

/// What is taken over, and what is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaughtUp {
    /// The cells that follow, the people who joined, and those who are gone.
    pub change: Change,
    /// What was taken over, each a sentence.
    pub says: Vec<String>,
    /// What was changed here and there, and is left as it is here.
    pub there: ChangedThere,
}

/// How the sentence of a change begins that takes over what the LMS changed.
const CATCHES_UP: &str = "Take over what was changed since in";

/// Whether a step with this sentence has taken over what the LMS changed.
pub fn is_catching_up(sentence: &str) -> bool {
    sentence.starts_with(CATCHES_UP)
}

/// What stands against the LMS where a list does not follow what it changed: the list sets all of it back.
pub fn set_back(edits: &[Edit], roster: &Roster) -> ChangedThere {
    let mut there = ChangedThere::default();
    for edit in edits {
        match edit {
            Edit::Set { row, column, before, .. } => {
                let Some(column) = roster.columns.get(*column as usize) else { continue };
                let (column, mine) = (column.form.clone(), before.clone());
                there.cells.push(ChangedCell { row: *row, column, mine });
            }
            Edit::Remove { row, .. } => there.gone.push(*row),
            Edit::Insert { cells, .. } => {
                there.joined.extend(roster.key.and_then(|at| cells.get(at)).cloned());
            }
            _ => {}
        }
    }
    there
}

/// What the LMS changed from `before` to `now` where the list has what `before` has; none where there is nothing to take
/// over and nothing to tell.
pub fn catch_up(roster: &Roster, before: &Roster, now: &Roster) -> Option<CaughtUp> {
    let mut all = Following::new(roster, before, now);
    for row in roster.table.rows() {
        all.follow(row);
    }
    if all.are_successive() {
        all.take_out();
        all.put_in();
    } else {
        all.gone.clear();
    }
    all.told()
}

struct Following<'r> {
    roster: &'r Roster,
    before: &'r Roster,
    now: &'r Roster,
    /// What the list changed, what the LMS changed, and where a column of the LMS stands in the list.
    here: Columns,
    there: Columns,
    across: Columns,
    edits: Vec<Edit>,
    cells: usize,
    followed: Vec<String>,
    joined: Vec<String>,
    left: Vec<String>,
    /// What was changed here and there.
    conflicts: ChangedThere,
    /// Rows of people who are gone there, and were not changed here.
    gone: Vec<u32>,
    of_list: FxHashSet<u32>,
}

impl<'r> Following<'r> {
    fn new(roster: &'r Roster, before: &'r Roster, now: &'r Roster) -> Following<'r> {
        Following {
            roster,
            before,
            now,
            here: Columns::of(before, roster),
            there: Columns::of(before, now),
            across: Columns::of(now, roster),
            edits: Vec::new(),
            cells: 0,
            followed: Vec::new(),
            joined: Vec::new(),
            left: Vec::new(),
            conflicts: ChangedThere::default(),
            gone: Vec::new(),
            of_list: FxHashSet::default(),
        }
    }

    fn follow(&mut self, row: u32) {
        let key = self.roster.key_text(row);
        let Some(was) = self.before.row_of_key(&key) else { return };
        self.of_list.insert(was);
        let mut here = self.here.differing(self.before, was, self.roster, row).into_iter();
        let Some(is) = self.now.row_of_key(&key) else {
            let is_gone = self.now.rows_of_key(&key).next().is_none();
            match here.next() {
                _ if !is_gone => {}
                None => self.gone.push(row),
                Some(_) => self.conflicts.gone.push(row),
            }
            return;
        };
        let there = self.there.differing(self.before, was, self.now, is);
        if there.is_empty() {
            return;
        }
        let changed_here: Vec<usize> =
            here.map(|pair| self.here.pairs[pair as usize].old).collect();
        let mut follows = false;
        for pair in there {
            let pair = &self.there.pairs[pair as usize];
            let Some(across) = self.across.pairs.iter().find(|across| across.old == pair.new)
            else {
                continue;
            };
            let column = &self.roster.columns[across.new];
            let theirs = self.now.table.cell(is, pair.new);
            let mine = self.roster.table.cell(row, across.new);
            if column.is_secret() || column.is_key || !across.differs(&theirs, &mine) {
                continue;
            }
            if changed_here.contains(&pair.old) {
                let (column, mine) = (column.form.clone(), mine.into_owned());
                self.conflicts.cells.push(ChangedCell { row, column, mine });
                continue;
            }
            let (before, after) = (mine.into_owned(), theirs.into_owned());
            let column = narrow::place(across.new);
            self.edits.push(Edit::Set { row, column, before, after });
            self.cells += 1;
            follows = true;
        }
        if follows {
            self.followed.push(called(self.now, is));
        }
    }

    /// Whether most people of the snapshot of before are in the list, and in what the LMS has now: of a part, or of
    /// another LMS, nobody has left or joined.
    fn are_successive(&self) -> bool {
        let before = &self.before.table;
        let is_there =
            |was: &u32| self.now.rows_of_key(&self.before.key_text(*was)).next().is_some();
        let there = before.rows().filter(is_there).count();
        !before.is_empty() && self.of_list.len() * 2 >= before.len() && there * 2 >= before.len()
    }

    fn take_out(&mut self) {
        let table = &self.roster.table;
        // From the end, so that each stands where it is said to.
        for row in std::mem::take(&mut self.gone).into_iter().rev() {
            let at = narrow::place(table.index_of(row).unwrap_or_default());
            self.left.push(called(self.roster, row));
            self.edits.push(Edit::Remove { row, at, cells: table.row(row) });
        }
        self.left.reverse();
    }

    fn put_in(&mut self) {
        let table = &self.roster.table;
        let mut at = narrow::count(table.len() - self.left.len());
        let mut row = table.fresh_row();
        for is in self.now.table.rows() {
            let key = self.now.key_text(is);
            let is_new = !key.trim().is_empty()
                && self.before.rows_of_key(&key).next().is_none()
                && self.roster.rows_of_key(&key).next().is_none();
            if !is_new {
                continue;
            }
            let mut cells = vec![String::new(); table.width()];
            for pair in &self.across.pairs {
                cells[pair.new] = self.now.table.cell(is, pair.old).into_owned();
            }
            self.joined.push(called(self.now, is));
            self.edits.push(Edit::Insert { row, at, cells });
            (row, at) = (row + 1, at + 1);
        }
    }

    fn told(self) -> Option<CaughtUp> {
        let lms = self.now.profile.called();
        let mut says = Vec::new();
        let cells = counted(self.cells, "cell", "cells");
        if self.cells > 0 {
            says.push(format!(
                "{lms} was changed since where you changed nothing, and the list follows: {cells} of {}.",
                few(&self.followed)
            ));
        }
        if !self.joined.is_empty() {
            says.push(format!("New in {lms} since, and put into the list: {}.", few(&self.joined)));
        }
        if !self.left.is_empty() {
            says.push(format!(
                "Not in {lms} any more, and taken out of the list: {}.",
                few(&self.left)
            ));
        }
        let parts = [
            (self.cells > 0).then(|| format!("{cells} of {}", people(self.followed.len()))),
            (!self.joined.is_empty()).then(|| format!("{} joined", people(self.joined.len()))),
            (!self.left.is_empty()).then(|| format!("{} left", people(self.left.len()))),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        let sentence = format!("{CATCHES_UP} {lms}: {}", listed(&parts));
        let change = Change { sentence, edits: self.edits, general: Vec::new() };
        let there = self.conflicts;
        let is_something = !says.is_empty() || there != ChangedThere::default();
        is_something.then_some(CaughtUp { change, says, there })
    }
}

fn called(roster: &Roster, row: u32) -> String {
    let name = roster.name(row);
    if name.trim().is_empty() { format!("`{}`", roster.key_text(row)) } else { name }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use muster_roster::profile::Profile;
    use muster_table::table::Table;

    /// First name and last name, by username.
    type People = BTreeMap<String, [String; 2]>;

    fn roster(people: &People) -> Roster {
        let mut text = "username,firstname,lastname,email\n".to_owned();
        for (login, [first, last]) in people {
            text.push_str(&format!("{login},{first},{last},{login}@example.com\n"));
        }
        let profile = Arc::new(Profile::built_in("moodle").expect("built in"));
        Roster::read(Table::from_text(&text).expect("read"), profile)
    }

    fn caught(mine: &People, base: &People, theirs: &People) -> (People, Option<CaughtUp>) {
        let mut list = roster(mine);
        let caught = catch_up(&list, &roster(base), &roster(theirs));
        for edit in caught.iter().flat_map(|caught| &caught.change.edits) {
            list.table.apply(edit).expect("it can be made");
        }
        let cell = |row, at| list.table.cell(row, at).into_owned();
        let people = list.table.rows().map(|row| (cell(row, 0), [cell(row, 1), cell(row, 2)]));
        (people.collect(), caught)
    }

    fn person() -> impl Strategy<Value = [String; 2]> {
        ["[A-C]", "[X-Z]"].map(Strategy::boxed).prop_map(|[a, b]| [a, b])
    }

    fn people() -> impl Strategy<Value = People> {
        prop::collection::btree_map("[a-h]", person(), 3..8)
    }

    /// The same with some changed, some gone and some new.
    fn changed() -> impl Strategy<Value = (People, People, People)> {
        let change = || prop::collection::btree_map("[a-k]", prop::option::of(person()), 0..4);
        let made = |base: &People, changes: BTreeMap<String, Option<[String; 2]>>| {
            let mut people = base.clone();
            for (login, person) in changes {
                match person {
                    Some(person) => people.insert(login, person),
                    None => people.remove(&login),
                };
            }
            people
        };
        (people(), change(), change())
            .prop_map(move |(base, mine, theirs)| (made(&base, mine), made(&base, theirs), base))
    }

    fn logins(people: &People) -> BTreeSet<&String> {
        people.keys().collect()
    }

    proptest! {
        /// The next plan sends what was changed here, and nothing that somebody else changed.
        #[test]
        fn what_differs_from_the_lms_afterwards_was_changed_here((mine, theirs, base) in changed()) {
            let common = |one: &People| base.keys().filter(|key| one.contains_key(*key)).count();
            let whole = [&mine, &theirs].iter().all(|one| common(one) * 2 >= base.len());
            let (list, _) = caught(&mine, &base, &theirs);
            for (login, now) in &list {
                let (before, here) = (base.get(login), mine.get(login));
                match theirs.get(login) {
                    Some(there) => for at in 0..2 {
                        let is_changed_here = here.is_some_and(|here| before.is_none_or(|before| before[at] != here[at]));
                        prop_assert!(now[at] == there[at] || is_changed_here, "{login}");
                        prop_assert!(!is_changed_here || here.is_some_and(|here| here[at] == now[at]), "{login}");
                    },
                    None => prop_assert!(before != here || !whole, "{login} would be made anew"),
                }
            }
            for login in logins(&theirs).difference(&logins(&list)) {
                prop_assert!(base.contains_key(*login) || !whole, "{login} would be a leaver");
            }
        }

        /// Nothing changed there is nothing to take over; nothing changed here takes over everything.
        #[test]
        fn one_side_alone_is_taken_as_it_is((mine, theirs, base) in changed()) {
            prop_assert_eq!(caught(&mine, &base, &base), (mine, None));
            let still = base.keys().filter(|key| theirs.contains_key(*key)).count();
            if still * 2 >= base.len() {
                prop_assert_eq!(caught(&base, &base, &theirs).0, theirs);
            }
        }
    }

    fn of(people: &[(&str, &str, &str)]) -> People {
        let person = |(login, first, last): &(&str, &str, &str)| {
            ((*login).to_owned(), [(*first).to_owned(), (*last).to_owned()])
        };
        people.iter().map(person).collect()
    }

    #[test]
    fn what_both_changed_stays_as_it_is_here_and_is_told() {
        let base = of(&[
            ("ada", "Ada", "Lo"),
            ("bo", "Bo", "Li"),
            ("cy", "Cy", "Day"),
            ("di", "Di", "Eb"),
        ]);
        let mine = of(&[
            ("ada", "Ada", "Lovelace"),
            ("bo", "Bob", "Li"),
            ("cy", "Cy", "Day"),
            ("di", "Di", "Eb"),
        ]);
        let theirs = of(&[
            ("ada", "Ada", "Lowe"),
            ("cy", "Cyn", "Day"),
            ("di", "Di", "Eb"),
            ("ed", "Ed", "Fox"),
        ]);
        let (list, caught) = caught(&mine, &base, &theirs);
        let caught = caught.expect("something changed");
        assert_eq!(list["ada"][1], "Lovelace");
        assert_eq!(
            caught.change.sentence,
            "Take over what was changed since in Moodle: 1 cell of 1 person and 1 person joined"
        );
        assert_eq!(
            caught.says,
            [
                "Moodle was changed since where you changed nothing, and the list follows: 1 cell of Cyn Day.",
                "New in Moodle since, and put into the list: Ed Fox."
            ]
        );
        let (list, theirs) = (roster(&list), roster(&theirs));
        assert_eq!(
            caught.there.standing(&list, &theirs).told(&list, &theirs),
            ["Ada Lovelace (`lastname`)", "Bob Li (deleted there)"]
        );
    }

    /// A part of the list, or of what the LMS has, says nothing of those whom it leaves out.
    #[test]
    fn of_a_part_nobody_has_joined_or_left() {
        let base = of(&[
            ("ada", "Ada", "Lo"),
            ("bo", "Bo", "Li"),
            ("cy", "Cy", "Day"),
            ("di", "Di", "Eb"),
        ]);
        let theirs = of(&[
            ("ada", "Ada", "Lo"),
            ("bo", "Bo", "Li"),
            ("cy", "Cy", "Day"),
            ("ed", "Ed", "Fox"),
        ]);
        let part = of(&[("ada", "Ada", "Lo")]);
        assert_eq!(caught(&part, &base, &theirs), (part.clone(), None));
        assert_eq!(caught(&base, &base, &part), (base.clone(), None));
    }
}
