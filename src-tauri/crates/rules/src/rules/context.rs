//! Everything that a rule may look at.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use jiff::civil::Date;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::as_lms_writes::AsLmsWrites;
use super::column_guess::StatusLike;
use super::compared::Compared;
use super::cross_refs::CrossRefs;
use super::days_at_work::last_day_of;
use super::letters_lost::LostNames;
use super::lookalike::Lookalikes;
use super::partners::Partners;
use super::seats_exceeded::Seats;
use super::separator_in_name::names_in_parts;
use super::strangers::Strangers;
use super::text_mojibake::GarbledColumns;
use super::unreached::Unreached;
use super::waiver::Waivers;
use super::{
    ColumnStats, DateOrder, RULES, Requires, Rule, SetAside, letters_lost, manager_unknown,
    person_twice,
};
use muster_roster::finding::{Finding, Severity};
use muster_roster::geo::{self, Notation};
use muster_roster::lists::{List, Lists, RealValues};
use muster_roster::profile::{Choices, Unique};
use muster_roster::roster::{Column, KeyIndex, Roster, hash_of, trimmed};
use muster_roster::settling;
use muster_table::going::GoOn;
use muster_table::table::{Doubt, Table};

/// A roster with all that rules compare it with, indexed.
pub struct CheckContext {
    /// What is checked.
    pub roster: Roster,
    /// What the LMS has, as far as we know.
    pub snapshot: Option<Roster>,
    /// Known values by kind, `groups`: those that were loaded, the profile's, and where there are neither, the
    /// snapshot's.
    pub lists: Lists,
    /// What somebody said is real beside them; it is on the lists.
    pub real: RealValues,
    /// For each column of the roster, what its values are as a whole.
    pub stats: Vec<ColumnStats>,
    /// For each column of dates, whether the day or the month comes first, and what says so.
    pub date_orders: Vec<DateOrder>,
    /// For each column whose values must be unique, who has which.
    pub uniques: Vec<Option<KeyIndex>>,
    /// The same for the people of the snapshot.
    pub(super) snapshot_uniques: Vec<Option<KeyIndex>>,
    /// For each column of the roster, the snapshot's column of the same field or name.
    pub snapshot_columns: Vec<Option<usize>>,
    /// The snapshot's rows whose key nobody in the roster has.
    pub missing: FxHashSet<u32>,
    /// The day on which this is looked at, where somebody says; nothing here has a clock.
    pub today: Option<Date>,
    /// The column in which the LMS has the last day at work.
    pub(super) last_day: Option<usize>,
    /// The columns that say what people are called and that the LMS does not have.
    pub(super) names_beside: Vec<usize>,
    /// The column that says who has left, where none is the LMS's status.
    pub(super) status_like: Option<StatusLike>,
    pub(super) lookalikes: Lookalikes,
    pub(super) unreached: Unreached,
    pub(crate) partners: Partners,
    pub(super) strangers: Strangers,
    pub(super) compared: Compared,
    pub(super) cross_refs: CrossRefs,
    pub(super) as_lms_writes: AsLmsWrites,
    pub(super) garbled: GarbledColumns,
    /// What the snapshot says against how the letters of this file were read.
    letters_beside: OnceLock<Option<Doubt>>,
    pub(super) lost_names: OnceLock<LostNames>,
    /// Who counts for the licence; none until somebody asks.
    pub(super) seats: OnceLock<Seats>,
    pub(super) known_names: OnceLock<FxHashSet<String>>,
    /// Whether the snapshot has the day first in all dates of a column, in the order of the columns.
    pub(super) snapshot_orders: OnceLock<Vec<Option<bool>>>,
    /// How many addresses the snapshot has at which domain.
    pub(super) known_domains: OnceLock<FxHashMap<String, u32>>,
    /// How each column writes countries or regions; none where it holds something else.
    pub places: Vec<Option<Notation>>,
    /// What was chosen of the profile's policies.
    pub choices: Choices,
    /// What somebody looked at and let stand, with the reason.
    pub waivers: Waivers,
    /// Whether the day comes first in the dates of a column, by the form of its name, where somebody has said so of an
    /// earlier file.
    pub day_first: BTreeMap<String, bool>,
    pub(crate) set_aside: SetAside,
    /// For each column, names on its list that its separator takes apart.
    pub(super) names_in_parts: Vec<Vec<String>>,
    roles: OnceLock<FxHashSet<String>>,
    settings: Vec<Setting>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Setting {
    off: bool,
    severity: Option<Severity>,
    refuses: bool,
}

impl CheckContext {
    /// Puts together what there is to look at; without a snapshot, rules that need one do not run.
    pub fn new(roster: Roster, snapshot: Option<Roster>, lists: Lists) -> CheckContext {
        CheckContext::new_while(roster, snapshot, lists, &|_| true)
    }

    /// Once it is told to stop, it leaves out what is left, and no checker takes it.
    pub fn new_while(
        roster: Roster,
        snapshot: Option<Roster>,
        mut lists: Lists,
        go_on: GoOn,
    ) -> CheckContext {
        let profile = roster.profile.clone();
        for (kind, values) in &profile.lists {
            lists.entry(kind.clone()).or_insert_with(|| List::of_profile(&profile, kind, values));
        }
        let snapshot_columns = snapshot_columns(&roster, snapshot.as_ref());
        let stats = ColumnStats::of_all(&roster, go_on);
        let uniques = roster.columns.iter().map(|c| unique_index(&roster, c, go_on)).collect();
        let snapshot_uniques =
            snapshot_uniques(&roster, snapshot.as_ref(), &snapshot_columns, go_on);
        let places = geo::notations(&roster);
        let settings = RULES
            .iter()
            .map(|rule| {
                profile.rules.get(rule.code).map_or(Setting::default(), |s| Setting {
                    off: s.off,
                    severity: s.severity,
                    refuses: s.refuses,
                })
            })
            .collect();
        let last_day = last_day_of(&roster);
        let names_beside = snapshot.as_ref().map(|older| settling::names_beside(&roster, older));
        let status_like = StatusLike::of(&roster, snapshot.as_ref());
        let mut context = CheckContext {
            as_lms_writes: AsLmsWrites::of(roster.columns.len()),
            garbled: GarbledColumns::of(roster.columns.len()),
            roster,
            snapshot,
            lists,
            real: RealValues::new(),
            stats,
            date_orders: Vec::new(),
            uniques,
            snapshot_uniques,
            snapshot_columns,
            missing: FxHashSet::default(),
            today: None,
            last_day,
            names_beside: names_beside.unwrap_or_default(),
            status_like,
            lookalikes: Lookalikes::default(),
            unreached: Unreached::default(),
            partners: Partners::default(),
            strangers: Strangers::default(),
            compared: Compared::default(),
            cross_refs: CrossRefs::default(),
            letters_beside: OnceLock::new(),
            lost_names: OnceLock::new(),
            seats: OnceLock::new(),
            known_names: OnceLock::new(),
            snapshot_orders: OnceLock::new(),
            known_domains: OnceLock::new(),
            places,
            choices: Choices::defaults(&profile),
            waivers: Waivers::default(),
            day_first: BTreeMap::new(),
            set_aside: SetAside::default(),
            names_in_parts: Vec::new(),
            roles: OnceLock::new(),
            settings,
        };
        context.add_lists_of_the_snapshot();
        context.names_in_parts = names_in_parts(&context);
        context.date_orders = DateOrder::of_all(&context, go_on);
        if let Some(snapshot) = &context.snapshot {
            context.partners = Partners::of(&context.roster, snapshot, go_on);
        }
        context.missing = context.find_missing(go_on);
        context.index_unreached();
        context.compare_all(go_on);
        let asks = |rule: &Rule| !profile.rules.get(rule.code).is_some_and(|s| s.off);
        let asked = (asks(&person_twice::RULE), asks(&manager_unknown::RULE));
        context.cross_refs = CrossRefs::of(&context.roster, asked, go_on);
        context
    }

    /// Where no list was loaded, the values that the snapshot has are the known ones.
    fn add_lists_of_the_snapshot(&mut self) {
        let Some(snapshot) = &self.snapshot else { return };
        let mut found: BTreeMap<&str, FxHashSet<String>> = BTreeMap::new();
        for column in &snapshot.columns {
            let Some(kind) = &column.list else { continue };
            if self.lists.contains_key(kind) {
                continue;
            }
            let values = found.entry(kind).or_default();
            for row in snapshot.table.rows() {
                for value in column.values(&snapshot.table.cell(row, column.at)) {
                    if !values.contains(value) {
                        values.insert(value.to_owned());
                    }
                }
            }
        }
        let lists = found.into_iter().map(|(kind, v)| (kind.to_owned(), v)).collect::<Vec<_>>();
        for (kind, values) in lists {
            // A snapshot without people knows no values; it does not forbid any.
            if values.is_empty() {
                continue;
            }
            self.lists.insert(kind, List::new(values, "the snapshot", None));
        }
    }

    /// Puts on the lists that there are what somebody said is real. Where nothing is known of a kind, nothing is missed.
    pub fn add_real(&mut self, real: RealValues) {
        for (kind, values) in &real {
            if let Some(list) = self.lists.get_mut(kind) {
                *list = list.with(values);
            }
        }
        self.real = real;
    }

    /// The list that a finding says lacks its value: somebody may know that it is real all the same.
    pub fn list_that_lacks(&self, finding: &Finding) -> Option<&str> {
        let tells = [super::group_unknown::RULE.code, super::role_unknown::RULE.code];
        let kind = self.roster.columns.get(finding.column? as usize)?.list.as_deref()?;
        let list = self.lists.get(kind).filter(|_| tells.contains(&finding.rule.as_str()))?;
        (!list.has(&finding.value)).then_some(kind)
    }

    /// Every role that somebody of the snapshot has.
    pub(super) fn roles_of_the_snapshot(&self, column: &Column) -> &FxHashSet<String> {
        self.roles.get_or_init(|| {
            let mut roles = FxHashSet::default();
            let counterpart = self.snapshot_columns.get(column.at).copied().flatten();
            let (Some(snapshot), Some(counterpart)) = (&self.snapshot, counterpart) else {
                return roles;
            };
            for row in snapshot.table.rows() {
                for role in column.values(&snapshot.table.cell(row, counterpart)) {
                    if !roles.contains(role) {
                        roles.insert(role.to_owned());
                    }
                }
            }
            roles
        })
    }

    fn find_missing(&self, go_on: GoOn) -> FxHashSet<u32> {
        const MANY: usize = 1 << 14;
        let Some(snapshot) = &self.snapshot else { return FxHashSet::default() };
        let mut is_there = vec![false; snapshot.table.fresh_row() as usize];
        for was in self.roster.table.rows().filter_map(|row| self.was(row)) {
            is_there[was as usize] = true;
        }
        // Where several have a key, nobody is the partner.
        let gone = |row: &u32| {
            let key = snapshot.key_text(*row);
            !key.trim().is_empty() && self.roster.rows_of_key(&key).next().is_none()
        };
        let left: Vec<u32> = snapshot.table.rows().filter(|row| !is_there[*row as usize]).collect();
        let parts = left.par_chunks(MANY).filter(|_| go_on(0));
        parts.flat_map_iter(|rows| rows.iter().copied().filter(gone)).collect()
    }

    /// The same people read again, as their columns or most of their cells are other ones. What is not read anew goes along,
    /// until [`CheckContext::take_back`].
    pub(crate) fn reread(&mut self, table: Table, go_on: GoOn) -> CheckContext {
        let roster = Roster::read(table, self.roster.profile.clone());
        let mut lists = self.lists.clone();
        lists.retain(|_, list| list.is_loaded());
        let mut context = CheckContext::new_while(roster, self.snapshot.take(), lists, go_on);
        context.choices = self.choices.clone();
        context.today = self.today;
        context.waivers = self.waivers.clone();
        context.day_first = self.day_first.clone();
        context.add_real(std::mem::take(&mut self.real));
        context
    }

    /// What went along with those who were read again, and are not to be.
    pub(crate) fn take_back(&mut self, other: &mut CheckContext) {
        self.snapshot = other.snapshot.take();
        self.real = std::mem::take(&mut other.real);
    }

    /// Whether the LMS writes a column and never reads it, so that nothing that stands in it does harm.
    pub fn is_not_read(&self, column: &Column) -> bool {
        self.roster.field(column.at).is_some_and(|field| field.read_only)
    }

    /// What the snapshot says against how the letters of this file were read; as it was opened, whatever was edited since.
    pub fn letters_beside(&self) -> Option<&Doubt> {
        self.letters_beside.get_or_init(|| letters_lost::beside_the_snapshot(self)).as_ref()
    }

    /// The snapshot's rows of a key.
    pub fn rows_of_snapshot(&self, key: &str) -> Vec<u32> {
        self.snapshot.as_ref().map_or(Vec::new(), |s| s.rows_of_key(key).collect())
    }

    /// The profile's own word on how grave a rule is.
    pub fn severity(&self, rule: u8) -> Option<Severity> {
        self.settings[rule as usize].severity.filter(|_| !RULES[rule as usize].is_doubt())
    }

    /// Whether the profile leaves a rule out. A doubt is for people to dispel, and for no profile.
    pub fn is_off(&self, rule: u8) -> bool {
        self.settings[rule as usize].off && !RULES[rule as usize].is_doubt()
    }

    /// How many rules the profile leaves out.
    pub fn switched_off(&self) -> usize {
        (0u8..).zip(RULES).filter(|(n, _)| self.is_off(*n)).count()
    }

    /// Whether the vendor's own words say that a row with such a finding is refused.
    pub fn refuses(&self, rule: u8) -> bool {
        self.settings[rule as usize].refuses
    }

    /// Why a rule does not run: switched off, or something it needs is not there.
    pub fn skips(&self, rule: u8) -> Option<String> {
        if self.is_off(rule) {
            return Some(format!("not for {}", self.roster.profile.name));
        }
        match RULES[rule as usize].requires {
            Requires::File => None,
            Requires::Snapshot if self.snapshot.is_none() => Some("no snapshot".into()),
            Requires::Snapshot => None,
            Requires::List(kind)
                if !self.roster.columns.iter().any(|c| c.list.as_deref() == Some(kind)) =>
            {
                Some(format!("no column of {kind}"))
            }
            Requires::List(kind) if !self.lists.contains_key(kind) => {
                Some(format!("no list of {kind}"))
            }
            Requires::List(_) => None,
        }
    }

    /// The snapshot's row of the same person, where there is exactly one.
    pub fn was(&self, row: u32) -> Option<u32> {
        self.partners.get(row).unwrap_or_else(|| self.was_of_key(&self.roster.key_text(row)))
    }

    /// The snapshot's row of a key, where there is exactly one.
    pub fn was_of_key(&self, key: &str) -> Option<u32> {
        let snapshot = self.snapshot.as_ref()?;
        if key.trim().is_empty() { None } else { snapshot.row_of_key(key) }
    }

    /// What the snapshot has for a person in a column of the roster; none where it has no such column.
    pub fn was_cell(&self, was: u32, column: usize) -> Option<Cow<'_, str>> {
        let counterpart = (*self.snapshot_columns.get(column)?)?;
        Some(self.snapshot.as_ref()?.table.cell(was, counterpart))
    }

    /// What counts of a value in a column of unique values; none where blank.
    pub fn unique_hash(roster: &Roster, column: &Column, row: u32) -> Option<u32> {
        let cell = roster.table.cell(row, column.at);
        unique_form(column, &cell).map(|form| hash_of(&form))
    }

    /// The rows that have a value in a column of unique values.
    pub(super) fn rows_of_unique<'s>(
        &'s self,
        column: &'s Column,
        value: &str,
    ) -> impl Iterator<Item = u32> + use<'s> {
        let form = unique_form(column, value).map(Cow::into_owned);
        let index = self.uniques.get(column.at).and_then(Option::as_ref);
        let found = form.and_then(|form| index.map(|index| (index.rows(hash_of(&form)), form)));
        found.into_iter().flat_map(move |(rows, form)| {
            rows.filter(move |&row| {
                let cell = self.roster.table.cell(row, column.at);
                unique_form(column, &cell).is_some_and(|own| own == form)
            })
        })
    }

    /// The other rows that have the same value in a column of unique values.
    pub fn same_value(&self, row: u32, column: usize) -> impl Iterator<Item = u32> + '_ {
        let table = &self.roster.table;
        let column = &self.roster.columns[column];
        let shared = self.uniques[column.at].as_ref().and_then(|index| {
            let cell = table.cell(row, column.at);
            let form = unique_form(column, &cell)?;
            let hash = hash_of(&form);
            index.is_shared(hash).then(|| (index.rows(hash), form.into_owned()))
        });
        shared.into_iter().flat_map(move |(rows, form)| {
            rows.filter(move |&other| {
                let cell = table.cell(other, column.at);
                other != row && unique_form(column, &cell).is_some_and(|o| o == form)
            })
        })
    }
}

pub(super) fn unique_form<'c>(column: &Column, cell: &'c str) -> Option<Cow<'c, str>> {
    let value = trimmed(cell);
    if value.is_empty() {
        return None;
    }
    let folds = column.unique == Some(Unique::AnyCase) || column.nearly_unique;
    let plain = !folds || !value.bytes().any(|b| b.is_ascii_uppercase() || b >= 0x80);
    Some(if plain { Cow::Borrowed(value) } else { Cow::Owned(value.to_lowercase()) })
}

fn unique_index(roster: &Roster, column: &Column, go_on: GoOn) -> Option<KeyIndex> {
    if !((column.unique.is_some() || column.nearly_unique) && go_on(0)) {
        return None;
    }
    Some(KeyIndex::build(&roster.table, |row| CheckContext::unique_hash(roster, column, row)))
}

fn snapshot_uniques(
    roster: &Roster,
    snapshot: Option<&Roster>,
    counterparts: &[Option<usize>],
    go_on: GoOn,
) -> Vec<Option<KeyIndex>> {
    let index = |column: &Column| {
        let (snapshot, counterpart) = (snapshot?, counterparts[column.at]?);
        let alone = column.unique.is_some() || column.nearly_unique;
        (alone && !column.is_key && go_on(0)).then_some(())?;
        Some(KeyIndex::build(&snapshot.table, |row| {
            let cell = snapshot.table.cell(row, counterpart);
            unique_form(column, &cell).map(|form| hash_of(&form))
        }))
    };
    roster.columns.iter().map(index).collect()
}

fn snapshot_columns(roster: &Roster, snapshot: Option<&Roster>) -> Vec<Option<usize>> {
    let Some(snapshot) = snapshot else { return vec![None; roster.columns.len()] };
    let counterpart = |column: &Column| {
        let same = |c: &&Column| match column.field {
            Some(field) => c.field == Some(field),
            None => c.field.is_none() && c.form == column.form,
        };
        // Beside a column that is spelt the same, one that is nearly spelt so is another.
        let is_spelt = |one: &Column, other: &Column| one.name.trim() == other.name.trim();
        let is_anothers = |c: &Column| {
            roster.columns.iter().any(|other| other.at != column.at && is_spelt(other, c))
        };
        let mut all = snapshot.columns.iter().filter(same);
        let spelt = all.clone().find(|c| is_spelt(column, c));
        spelt.or_else(|| all.find(|c| !is_anothers(c))).map(|c| c.at)
    };
    roster.columns.iter().map(counterpart).collect()
}
