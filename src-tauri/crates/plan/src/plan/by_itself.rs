//! What an import does by itself because of what stands in a cell: it makes groups that are not there, takes roles away,
//! and takes digits for a number of its own.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use super::column_rules::ColumnRule;
use super::person::{PersonOutcome, Planner};
use muster_roster::profile::Field;
use muster_table::words::{listed, people};

/// So many are named.
const FEW: usize = 8;

/// Each a sentence, with the values and how many people stand behind each.
pub(super) fn told(planner: &Planner, outcomes: &[PersonOutcome]) -> Vec<String> {
    let titles: BTreeSet<&str> = planner
        .column_rules
        .iter()
        .filter(|rule| rule.unreached.is_none())
        .filter_map(|rule| rule.field)
        .filter(|field| field.made_if_lacking || field.digits_are_own || field.takes_away.is_some())
        .map(|field| field.title.as_str())
        .collect();
    titles.into_iter().flat_map(|title| of_columns(planner, outcomes, title)).collect()
}

/// Of all columns of one title, such as those of cohorts.
fn of_columns(planner: &Planner, outcomes: &[PersonOutcome], title: &str) -> Vec<String> {
    let is_it = |rule: &&ColumnRule| {
        rule.unreached.is_none() && rule.field.is_some_and(|field| field.title == title)
    };
    let (mut made, mut taken, mut own) =
        (Counted::default(), Counted::default(), Counted::default());
    let known = known(planner, title);
    for rule in planner.column_rules.iter().filter(is_it) {
        let Some(field) = rule.field else { continue };
        for row in in_file(planner, outcomes) {
            let cell = planner.roster.table.cell(row, rule.column.at);
            let value = cell.trim();
            match kind(field, value, &known) {
                Some(Does::Makes) => made.add(value, row),
                Some(Does::TakesAway) => taken.add(value, row),
                Some(Does::IsOwnNumber) => own.add(value, row),
                None => {}
            }
        }
    }
    let (lms, what) = (planner.lms(), title.to_lowercase());
    let mut all = Vec::new();
    if let Some(named) = made.named() {
        all.push(format!(
            "{lms} makes a new {what} of each name that it does not have. Nobody is known to be in these yet: {named}."
        ));
    }
    if let Some(named) = own.named() {
        all.push(format!(
            "Digits alone are {lms}'s own number of a {what}, whatever anybody calls it: {named}."
        ));
    }
    if let Some(named) = taken.named() {
        all.push(format!("{lms} takes away, as {what}: {named}."));
    }
    all
}

/// The rows that the upload has.
fn in_file<'o>(
    planner: &'o Planner,
    outcomes: &'o [PersonOutcome],
) -> impl Iterator<Item = u32> + 'o {
    let sent = outcomes.iter().filter(|o| o.planned.is_in_file(planner.only));
    sent.filter_map(|outcome| outcome.planned.person.row)
}

/// What the LMS is known to have there: of a list, which is what the snapshot has where nobody loaded one.
fn known<'p>(planner: &'p Planner, title: &str) -> FxHashSet<&'p str> {
    let is_it = |rule: &&ColumnRule| rule.field.is_some_and(|field| field.title == title);
    let lists = &planner.checker.context().lists;
    let of_title = planner.column_rules.iter().filter(is_it);
    let kinds = of_title.filter_map(|rule| lists.get(rule.column.list.as_ref()?));
    kinds.flat_map(|list| &list.values).map(|value| value.as_str()).collect()
}

enum Does {
    Makes,
    TakesAway,
    IsOwnNumber,
}

fn kind(field: &Field, value: &str, known: &FxHashSet<&str>) -> Option<Does> {
    let sign = field.takes_away.as_deref().filter(|sign| !sign.is_empty());
    let is_number = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    if value.is_empty() {
        None
    } else if sign.is_some_and(|sign| value.starts_with(sign)) {
        Some(Does::TakesAway)
    } else if field.digits_are_own && is_number {
        Some(Does::IsOwnNumber)
    } else {
        (field.made_if_lacking && !known.contains(value)).then_some(Does::Makes)
    }
}

/// Values, each with the rows that have it.
#[derive(Default)]
struct Counted(BTreeMap<String, BTreeSet<u32>>);

impl Counted {
    fn add(&mut self, value: &str, row: u32) {
        self.0.entry(value.to_owned()).or_default().insert(row);
    }

    /// "`north` (2 people) and `south` (1 person)"; none where there are none.
    fn named(&self) -> Option<String> {
        let one = |(value, rows): (&String, &BTreeSet<u32>)| {
            format!("`{value}` ({})", people(rows.len()))
        };
        let mut named: Vec<String> = self.0.iter().take(FEW).map(one).collect();
        let more = self.0.len().saturating_sub(FEW);
        if more > 0 {
            named.push(format!("{more} more"));
        }
        (!named.is_empty()).then(|| listed(&named))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use muster_roster::profile::Profile;

    fn field(id: &str) -> Field {
        let moodle = Profile::built_in("moodle").expect("built in");
        moodle.field(id).expect("there").clone()
    }

    proptest! {
        /// Of a cohort a file does one thing: it is known, is made, or is a number of Moodle's own.
        #[test]
        fn a_cohort_is_known_or_made_or_a_number(value in "[A-Za-z0-9 -]{0,6}", other in "[A-Z]{1,3}") {
            let value = value.trim();
            let known = std::iter::once(other.as_str()).collect();
            let is_number = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
            let does = kind(&field("cohort1"), value, &known);
            prop_assert_eq!(matches!(does, Some(Does::IsOwnNumber)), is_number);
            let is_made = !value.is_empty() && !is_number && value != other;
            prop_assert_eq!(matches!(does, Some(Does::Makes)), is_made);
            let had = kind(&field("cohort1"), &other, &known);
            prop_assert!(had.is_none());
        }

        /// A role is taken away by its sign and by nothing else, and none is made.
        #[test]
        fn a_role_is_taken_away_by_its_sign_alone(name in "[a-z][a-z-]{0,8}") {
            let away = kind(&field("sysrole1"), &format!("-{name}"), &FxHashSet::default());
            prop_assert!(matches!(away, Some(Does::TakesAway)));
            prop_assert!(kind(&field("sysrole1"), &name, &FxHashSet::default()).is_none());
        }
    }
}
