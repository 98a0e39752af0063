//! Fixes: which findings are meant, and what would change.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Change, who};
use muster_roster::finding::{Finding, Fix, Safety};
use muster_rules::checker::Checker;
use muster_rules::mending::{Round, joined};
use muster_rules::recipe::Step;
use muster_rules::rules::RULES;
use muster_table::edit::{Edit, rows_of};
use muster_table::error::Outcome;
use muster_table::going::{GoOn, stopped};
use muster_table::words::people;

/// A fix can make another one possible; more rounds than this mean that fixes undo each other.
const MOST_ROUNDS: usize = 40;

/// Which findings a fix is applied to: one cell, all with this value, or all of the rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct FixScope {
    /// The rule's code: `group-unknown`.
    pub rule: String,
    /// Only where the finding is about this value.
    pub value: Option<String>,
    /// Only this cell.
    pub row: Option<u32>,
    /// Only this column, by its place counted from 0.
    pub column: Option<u32>,
    /// Only fixes that are certainly right.
    pub safe_only: bool,
}

/// Finds the fixes that are meant, each with its rule.
pub type Meant<'m> = &'m dyn Fn(&Checker) -> Outcome<Vec<(String, Fix)>>;

/// The fixes of a scope, put together.
pub struct Fixed {
    /// The edits, and their sentence.
    pub change: Change,
    /// How many of them are certain.
    pub safe: u32,
}

/// Makes the fixes that are meant, and those that become possible by them, until none is left. Each round is told with
/// what was meant in it, a rule and its fix. What is stopped or fails is taken back.
pub fn rounds(
    checker: &mut Checker,
    meant: Meant,
    told: impl FnMut(&Round, &[(String, Fix)]),
    go_on: GoOn,
) -> Outcome<Vec<Edit>> {
    let mut made = Vec::new();
    match all_rounds(checker, meant, told, go_on, &mut made) {
        Ok(()) => Ok(made),
        Err(failure) => {
            take_back(checker, &made)?;
            Err(failure)
        }
    }
}

fn all_rounds(
    checker: &mut Checker,
    meant: Meant,
    mut told: impl FnMut(&Round, &[(String, Fix)]),
    go_on: GoOn,
    made: &mut Vec<Edit>,
) -> Outcome<()> {
    for _ in 0..MOST_ROUNDS {
        let fixes = meant(checker)?;
        let table = &checker.scene().roster.table;
        let round = Round::of(table, fixes.iter().map(|(_, fix)| fix.clone()));
        if round.edits.is_empty() {
            break;
        }
        checker.apply_while(&round.edits, go_on)?;
        checker.settle();
        told(&round, &fixes);
        made.extend(round.edits);
    }
    Ok(())
}

fn take_back(checker: &mut Checker, made: &[Edit]) -> Outcome<()> {
    if !made.is_empty() {
        let back: Vec<Edit> = made.iter().rev().map(Edit::inverse).collect();
        checker.apply(&back)?;
        checker.settle();
    }
    Ok(())
}

/// What the fixes of a scope come to. What one fix makes possible can only be told once it has been made; so all are made,
/// and taken back. Whatever fails but by being stopped leaves the checker in doubt.
pub fn fix(checker: &mut Checker, rule: u8, scope: &FixScope, go_on: GoOn) -> Outcome<Fixed> {
    let mut titles: BTreeMap<String, usize> = BTreeMap::new();
    let mut safe = 0;
    let meant = |checker: &Checker| {
        let found = match scope.row {
            Some(row) => checker.findings(row),
            None => findings_of(checker, rule, go_on)?,
        };
        Ok(meant(found, scope))
    };
    let told = |round: &Round, _: &[(String, Fix)]| {
        for title in &round.titles {
            *titles.entry(title.clone()).or_default() += 1;
        }
        safe += round.safe;
    };
    let made = rounds(checker, &meant, told, go_on)?;
    take_back(checker, &made)?;
    let edits = joined(made);
    let sentence = sentence(checker, rule, &titles, &edits);
    let general = general(checker, scope).into_iter().collect();
    Ok(Fixed { change: Change { sentence, edits, general }, safe })
}

/// Every finding of a rule: of the whole first, then by row in the order of the file.
pub fn findings_of(checker: &Checker, rule: u8, go_on: GoOn) -> Outcome<Vec<Finding>> {
    const MANY: usize = 1 << 10;
    let code = RULES[rule as usize].code;
    let has = |row: &u32| checker.marks(*row).iter().any(|m| m.rule == rule);
    let rows: Vec<u32> = checker.scene().roster.table.rows().filter(has).collect();
    let of_rows = |rows: &[u32]| -> Vec<Finding> {
        rows.iter().flat_map(|row| checker.findings(*row)).collect()
    };
    let found = rows.par_chunks(MANY).map(|rows| go_on(0).then(|| of_rows(rows)));
    let found = found.collect::<Option<Vec<_>>>().ok_or_else(stopped)?;
    let mut all = checker.findings_of_the_whole();
    all.extend(found.into_iter().flatten());
    all.retain(|f| f.rule == code);
    Ok(all)
}

fn meant(found: Vec<Finding>, scope: &FixScope) -> Vec<(String, Fix)> {
    found
        .into_iter()
        .filter(|f| f.rule == scope.rule)
        .filter(|f| scope.value.as_ref().is_none_or(|value| f.value == *value))
        .filter(|f| scope.row.is_none() || f.row == scope.row)
        .filter(|f| scope.column.is_none() || f.column == scope.column)
        .filter_map(|f| Some((f.rule, f.fix?)))
        .filter(|(_, fix)| !scope.safe_only || fix.safety == Safety::Safe)
        .collect()
}

/// "Fix 7 people: `Markting` → `Marketing`".
fn sentence(
    checker: &Checker,
    rule: u8,
    titles: &BTreeMap<String, usize>,
    edits: &[Edit],
) -> String {
    let rows = rows_of(edits);
    let what = match titles.keys().next() {
        Some(title) if titles.len() == 1 => title.as_str(),
        _ => RULES[rule as usize].title,
    };
    let sets = edits.iter().any(|edit| matches!(edit, Edit::Set { .. }));
    let whom = match (rows.iter().next(), rows.len()) {
        (Some(&row), 1) if sets => who(&checker.scene().roster, row),
        (None, _) => "the column names".into(),
        (_, count) => people(count),
    };
    format!("Fix {whom}: {what}")
}

/// A fix of one person's cell is meant for that person.
fn general(checker: &Checker, scope: &FixScope) -> Option<Step> {
    if scope.row.is_some() {
        return None;
    }
    let columns = &checker.scene().roster.columns;
    let name = |at: u32| columns.get(at as usize).map(|c| c.name.clone());
    Some(Step::Fix {
        rule: scope.rule.clone(),
        column: scope.column.and_then(name),
        value: scope.value.clone(),
        safe_only: scope.safe_only,
    })
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use muster_roster::lists::Lists;
    use muster_roster::profile::{Choices, Profile, Uses};
    use muster_rules::rules::rule_index;
    use muster_table::error::FailureKind;
    use muster_table::reading::{ReadAs, read_bytes};

    use crate::worksheet::Rosters;

    fn checker(text: &str) -> Checker {
        let profile = Profile::built_in("generic").expect("built in");
        let read = read_bytes(text.into(), "round.csv", &ReadAs::default(), &|_| true);
        let table = read.expect("a table").table;
        let rosters = Rosters::read(table, None, &profile.into(), &Uses::new(), &|_| true);
        let rosters = rosters.expect("read");
        rosters.check(Lists::new(), Choices::default(), None, &|_| true).expect("checked")
    }

    #[test]
    fn what_is_stopped_between_two_rounds_is_taken_back() {
        let mut checker = checker("id,name\n1,Ana  \n2, Bo\n");
        let rule = rule_index("space-stray").expect("a rule");
        let (text, counts) = (checker.scene().roster.table.to_text(), checker.counts());
        let round = Cell::new(0);
        let meant = |checker: &Checker| {
            round.set(round.get() + 1);
            if round.get() == 2 {
                assert!(checker.count_of(rule) == 0, "the first round was made");
                return Err(stopped());
            }
            let found = findings_of(checker, rule, &|_| true)?;
            Ok(found.into_iter().filter_map(|f| Some((f.rule, f.fix?))).collect())
        };
        let made = rounds(&mut checker, &meant, |_, _| (), &|_| true);
        assert_eq!(made.expect_err("stopped").kind, FailureKind::Cancelled);
        assert_eq!(checker.scene().roster.table.to_text(), text);
        assert_eq!(checker.counts(), counts);
    }
}
