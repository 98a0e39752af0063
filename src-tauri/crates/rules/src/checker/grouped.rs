//! Findings by rule and value, kept while the roster is edited: after an edit only those rows are asked again that were
//! looked at again. Half a million findings are read once, not after each keystroke.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Checker;
use crate::rules::{EitherWay, RULES, RuleScope, rule_index};
use crate::waiver::stands_for_each;
use muster_roster::finding::{Finding, Safety, Severity};
use muster_table::edit::Edit;

/// Whose findings may be others than when that was asked last.
#[derive(Default)]
pub(super) struct Moved {
    /// Whether it was asked ever; before that, everybody's.
    is_asked: bool,
    rows: FxHashSet<u32>,
    absent: FxHashSet<u32>,
}

impl Moved {
    pub fn row(&mut self, row: u32) {
        if self.is_asked {
            self.rows.insert(row);
        }
    }

    pub fn absent(&mut self, was: u32) {
        if self.is_asked {
            self.absent.insert(was);
        }
    }
}

/// The findings of a checker by rule and value.
#[derive(Default)]
pub struct Grouped {
    rules: BTreeMap<u8, FoundByRule>,
    told: FxHashMap<Place, Vec<Told>>,
    /// Those of the header and of the file as a whole.
    whole: Vec<Finding>,
    /// Where something is found whose sentence or fix rests on others: those are asked again each time.
    resting: FxHashSet<Place>,
    /// How many findings are mended with each cell by a fix that is made unseen.
    safe_cells: FxHashMap<(u32, u32), u32>,
}

/// The findings of one rule.
#[derive(Default)]
pub struct FoundByRule {
    groups: FxHashMap<About, Group>,
    severities: [u32; 3],
    safe: u32,
    not_safe: u32,
    /// How many findings with a fix that is made unseen each value of a column has.
    made_unseen: FxHashMap<(Option<u32>, u64), u32>,
    has_moved: bool,
}

/// Findings of one rule about one value of a column: the same is to be said of them, or nearly.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundByValue {
    /// The column's place; none where rows or the file are meant.
    pub column: Option<u32>,
    /// As a finding has it.
    pub value: String,
    /// How many findings.
    pub count: u32,
    /// The first in the order of the file.
    pub first: Finding,
    /// Whether all say the same of it.
    pub says_the_same: bool,
    /// Whether one fix is offered for all.
    pub has_one_fix: bool,
    /// Whether all have a fix that is certain.
    pub all_safe: bool,
}

/// A column in whose dates the day or the month may come first.
#[derive(Debug, Clone, PartialEq)]
pub struct EitherOrder {
    /// How many of its dates may be read in either way.
    pub count: u32,
    /// The first of them.
    pub first: EitherWay,
}

/// Where findings are, the first first. Of rows their order in the file decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Place {
    Whole,
    Absent(u32),
    Row(u32),
}

/// What a group of findings is about: a value in a column, and only that of one row where each person is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct About {
    column: Option<u32>,
    value: u64,
    row: Option<u32>,
}

/// What is kept of a finding: its texts as what tells them apart.
#[derive(PartialEq)]
struct Told {
    rule: u8,
    about: About,
    severity: Severity,
    message: u64,
    fix: Option<(u64, Safety)>,
    /// The cells that are changed where its fix is made unseen, with all others.
    unseen: Option<Vec<(u32, u32)>>,
    is_either: bool,
}

impl Told {
    /// Whether what is said of it is more than follows from the text.
    fn rests_on_others(&self) -> bool {
        !matches!(
            RULES[usize::from(self.rule)].scope,
            RuleScope::Value { .. } | RuleScope::Pair { .. }
        )
    }
}

#[derive(Default)]
struct Group {
    value: Box<str>,
    places: Counts<Place>,
    /// The first place, as long as it is known.
    first: Option<Place>,
    messages: Counts<u64>,
    fixes: Counts<u64>,
    count: u32,
    safe: u32,
    not_safe: u32,
    either: u32,
}

/// How often each occurs.
type Counts<T> = FxHashMap<T, u32>;

/// Which fixes are made unseen, with all others that are certain.
pub type IsUnseen = fn(&Finding) -> bool;

impl Checker {
    fn take_moved(&mut self) -> Option<Moved> {
        let moved =
            std::mem::replace(&mut self.moved, Moved { is_asked: true, ..Moved::default() });
        moved.is_asked.then_some(moved)
    }
}

impl Grouped {
    /// Reads what was found since it was asked last. A checker has one that asks.
    pub fn update(&mut self, checker: &mut Checker, is_unseen: IsUnseen) {
        let Some(moved) = checker.take_moved() else { return self.read(checker, is_unseen) };
        let moved = moved
            .absent
            .into_iter()
            .map(Place::Absent)
            .chain(moved.rows.into_iter().map(Place::Row));
        let mut asked: FxHashSet<Place> = std::mem::take(&mut self.resting);
        asked.extend(moved);
        // Whoever is gone goes first: they are before nobody.
        let mut asked: Vec<Place> = asked.into_iter().collect();
        asked.sort_unstable_by_key(|place| in_order(checker, *place).1 != usize::MAX);
        self.read_some(checker, asked, is_unseen);
    }

    /// Reads what is found in places, by all threads.
    fn read_some(&mut self, checker: &Checker, places: Vec<Place>, is_unseen: IsUnseen) {
        const PART: usize = 1 << 14;
        for places in places.chunks(PART) {
            let found = |place: &Place| match *place {
                Place::Whole => Vec::new(),
                Place::Absent(was) => checker.findings_of_absent(was),
                Place::Row(row) => checker.findings(row),
            };
            let told: Vec<_> = places
                .par_iter()
                .with_min_len(16)
                .map(|place| (*place, told(checker, found(place), is_unseen)))
                .collect();
            self.put(checker, told);
        }
        self.whole = checker.findings_of_header_and_file();
        self.put(checker, vec![(Place::Whole, told(checker, self.whole.clone(), is_unseen))]);
    }

    /// Reads everything.
    fn read(&mut self, checker: &Checker, is_unseen: IsUnseen) {
        *self = Grouped::default();
        let rows = checker.rows_with_findings().into_iter().map(Place::Row);
        let all = checker.absent().map(Place::Absent).chain(rows).collect();
        self.read_some(checker, all, is_unseen);
    }

    /// Takes over what is found now. First leaves what is there no more: a row that is gone is before nobody.
    fn put(&mut self, checker: &Checker, mut now: Vec<(Place, Vec<(Told, String)>)>) {
        for (place, told) in &now {
            if *place != Place::Whole && told.iter().any(|(told, _)| told.rests_on_others()) {
                self.resting.insert(*place);
            }
        }
        now.retain(|(place, now)| {
            let was = self.told.get(place).map_or(&[][..], Vec::as_slice);
            !was.iter().eq(now.iter().map(|(told, _)| told))
        });
        for (place, _) in &now {
            for told in self.told.remove(place).unwrap_or_default() {
                self.leave(*place, &told);
            }
        }
        now.into_iter().for_each(|(place, told)| self.enter(checker, place, told));
    }

    fn enter(&mut self, checker: &Checker, place: Place, now: Vec<(Told, String)>) {
        if now.is_empty() {
            return;
        }
        let mut kept = Vec::with_capacity(now.len());
        for (told, value) in now {
            for cell in told.unseen.iter().flatten() {
                *self.safe_cells.entry(*cell).or_default() += 1;
            }
            let of_rule = self.rules.entry(told.rule).or_default();
            of_rule.tally(&told, 1);
            let group = of_rule.groups.entry(told.about).or_default();
            if group.count == 0 {
                (group.value, group.first) = (value.into(), Some(place));
            }
            group.tally(&told, 1);
            *group.places.entry(place).or_default() += 1;
            if group.first.is_some_and(|first| in_order(checker, place) < in_order(checker, first))
            {
                group.first = Some(place);
            }
            kept.push(told);
        }
        self.told.insert(place, kept);
    }

    fn leave(&mut self, place: Place, told: &Told) {
        for cell in told.unseen.iter().flatten() {
            less(&mut self.safe_cells, *cell);
        }
        let Some(of_rule) = self.rules.get_mut(&told.rule) else { return };
        of_rule.tally(told, -1);
        let Some(group) = of_rule.groups.get_mut(&told.about) else { return };
        group.tally(told, -1);
        less(&mut group.places, place);
        if group.first == Some(place) && !group.places.contains_key(&place) {
            group.first = None;
        }
        if group.count == 0 {
            of_rule.groups.remove(&told.about);
        }
        if of_rule.groups.is_empty() {
            self.rules.remove(&told.rule);
        }
    }

    /// The rules that found something.
    pub fn rules(&self) -> impl Iterator<Item = u8> {
        self.rules.keys().copied()
    }

    /// What a rule found.
    pub fn of_rule(&mut self, rule: u8) -> Option<&mut FoundByRule> {
        self.rules.get_mut(&rule)
    }

    /// How many different fixes are made unseen: one for each rule, column and value.
    pub fn made_unseen(&self) -> usize {
        self.rules.values().map(|rule| rule.made_unseen.len()).sum()
    }

    /// How many cells they change.
    pub fn cells_unseen(&self) -> usize {
        self.safe_cells.len()
    }

    /// What a rule found by value, the most frequent first, and no more than so many of them. None where something else
    /// is found there by now, of which nobody was told: then all is to be read again, which [`Grouped::forget`] brings about.
    pub fn by_value(
        &mut self,
        checker: &Checker,
        rule: u8,
        most: usize,
    ) -> Option<Vec<FoundByValue>> {
        let Some(of_rule) = self.rules.get_mut(&rule) else { return Some(Vec::new()) };
        let shown: Vec<About> =
            of_rule.most_frequent(most).into_iter().map(|(about, _)| about).collect();
        for about in &shown {
            of_rule.groups.get_mut(about)?.find_first(checker);
        }
        let whole = &self.whole;
        let told = shown.into_iter().map(|about| {
            let group = of_rule.groups.get(&about)?;
            let found = match group.first? {
                Place::Whole => whole.clone(),
                Place::Absent(was) => checker.findings_of_absent(was),
                Place::Row(row) => checker.findings(row),
            };
            let is_it = |finding: &Finding| {
                rule_index(&finding.rule) == Some(rule)
                    && finding.column == about.column
                    && *finding.value == *group.value
            };
            Some(FoundByValue {
                column: about.column,
                value: group.value.to_string(),
                count: group.count,
                first: found.into_iter().find(is_it)?,
                says_the_same: group.messages.len() == 1,
                has_one_fix: group.fixes.len() == 1 && group.safe + group.not_safe == group.count,
                all_safe: group.safe == group.count,
            })
        });
        told.collect()
    }

    /// Of a rule, the columns in whose dates the day or the month may come first.
    pub fn either_orders(&mut self, checker: &Checker, rule: u8) -> BTreeMap<u32, EitherOrder> {
        let mut first: BTreeMap<u32, (u32, Place)> = BTreeMap::new();
        let groups = self.rules.get_mut(&rule).into_iter().flat_map(|rule| &mut rule.groups);
        for (about, group) in groups.filter(|(_, group)| group.either > 0) {
            let (Some(column), Some(place)) = (about.column, group.find_first(checker)) else {
                continue;
            };
            let entry = first.entry(column).or_insert((0, place));
            entry.0 += group.either;
            if in_order(checker, place) < in_order(checker, entry.1) {
                entry.1 = place;
            }
        }
        let order = |(column, (count, place)): (u32, (u32, Place))| {
            let Place::Row(row) = place else { return None };
            let dates = checker.findings(row).into_iter().filter(|f| f.column == Some(column));
            let first = dates.filter_map(|f| EitherWay::of(checker.context(), &f)).next()?;
            Some((column, EitherOrder { count, first }))
        };
        first.into_iter().filter_map(order).collect()
    }

    /// Has everything read again.
    pub fn forget(&mut self, checker: &mut Checker) {
        checker.moved = Moved::default();
    }
}

impl FoundByRule {
    /// How many findings it has.
    pub fn count(&self) -> u32 {
        self.severities.iter().sum()
    }

    /// How many of them have a fix that is certain.
    pub fn safe(&self) -> u32 {
        self.safe
    }

    /// How many have a fix.
    pub fn fixable(&self) -> u32 {
        self.safe + self.not_safe
    }

    /// The gravest.
    pub fn severity(&self) -> Severity {
        let all = [Severity::Error, Severity::Warning, Severity::Note];
        all.into_iter().find(|s| self.severities[*s as usize] > 0).unwrap_or(Severity::Note)
    }

    /// Whether anything of it is another than when that was asked last.
    pub fn take_moved(&mut self) -> bool {
        std::mem::take(&mut self.has_moved)
    }

    fn tally(&mut self, told: &Told, by: i32) {
        let add = |count: &mut u32| *count = count.saturating_add_signed(by);
        self.has_moved = true;
        add(&mut self.severities[told.severity as usize]);
        match told.fix {
            Some((_, Safety::Safe)) => add(&mut self.safe),
            Some((_, Safety::Unsafe)) => add(&mut self.not_safe),
            None => {}
        }
        if told.unseen.is_some() {
            let place = (told.about.column, told.about.value);
            match by > 0 {
                true => *self.made_unseen.entry(place).or_default() += 1,
                false => less(&mut self.made_unseen, place),
            }
        }
    }

    fn most_frequent(&self, most: usize) -> Vec<(About, &Group)> {
        let mut groups: Vec<(About, &Group)> =
            self.groups.iter().map(|(about, group)| (*about, group)).collect();
        if groups.len() > most {
            groups.select_nth_unstable_by(most, more_frequent);
            groups.truncate(most);
        }
        groups.sort_unstable_by(more_frequent);
        groups
    }
}

fn more_frequent((one, of_one): &(About, &Group), (other, of_other): &(About, &Group)) -> Ordering {
    (of_other.count.cmp(&of_one.count))
        .then_with(|| one.column.cmp(&other.column))
        .then_with(|| of_one.value.cmp(&of_other.value))
        .then_with(|| one.row.cmp(&other.row))
}

impl Group {
    fn tally(&mut self, told: &Told, by: i32) {
        let add = |count: &mut u32| *count = count.saturating_add_signed(by);
        add(&mut self.count);
        match told.fix {
            Some((_, Safety::Safe)) => add(&mut self.safe),
            Some((_, Safety::Unsafe)) => add(&mut self.not_safe),
            None => {}
        }
        if told.is_either {
            add(&mut self.either);
        }
        let title = told.fix.map(|(title, _)| title);
        let texts = [(&mut self.messages, Some(told.message)), (&mut self.fixes, title)];
        for (counts, text) in texts {
            match text {
                Some(text) if by > 0 => *counts.entry(text).or_default() += 1,
                Some(text) => less(counts, text),
                None => {}
            }
        }
    }

    fn find_first(&mut self, checker: &Checker) -> Option<Place> {
        if self.first.is_none() {
            self.first = self.places.keys().copied().min_by_key(|place| in_order(checker, *place));
        }
        self.first
    }
}

/// Where a place stands among all others.
fn in_order(checker: &Checker, place: Place) -> (Place, usize) {
    match place {
        Place::Row(row) => {
            (Place::Row(0), checker.context().roster.table.index_of(row).unwrap_or(usize::MAX))
        }
        other => (other, 0),
    }
}

fn less<T: std::hash::Hash + Eq>(counts: &mut Counts<T>, one: T) {
    if let Some(count) = counts.get_mut(&one) {
        *count -= 1;
        if *count == 0 {
            counts.remove(&one);
        }
    }
}

/// What is kept of findings, each with its value.
fn told(checker: &Checker, found: Vec<Finding>, is_unseen: IsUnseen) -> Vec<(Told, String)> {
    let hash = |text: &str| BuildHasherDefault::<DefaultHasher>::default().hash_one(text);
    let told = |finding: Finding| {
        let rule = rule_index(&finding.rule)?;
        let cells = |edit: &Edit| match edit {
            Edit::Set { row, column, .. } => Some((*row, *column)),
            _ => None,
        };
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
        let told = Told {
            rule,
            about: About {
                column: finding.column,
                value: hash(&finding.value),
                row: finding.row.filter(|_| stands_for_each(&finding.rule)),
            },
            severity: finding.severity,
            message: hash(&finding.message),
            fix: finding.fix.as_ref().map(|fix| (hash(&fix.title), fix.safety)),
            unseen: is_unseen(&finding).then(|| edits.filter_map(cells).collect()),
            is_either: EitherWay::of(checker.context(), &finding).is_some(),
        };
        Some((told, finding.value))
    };
    found.into_iter().filter_map(told).collect()
}
