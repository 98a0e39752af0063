//! Whatever is edited, what the checker then knows is what it would find if it looked at everything anew.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::pages;
use super::play::{World, shown};
use crate::checker::{Checker, Grouped};
use crate::rules::RULES;
use muster_roster::finding::{Finding, Safety};
use muster_roster::roster::Roster;
use muster_table::edit::Edit;

/// One random edit: what to do, where, and with which of the values that are lying about.
type Whim = (u8, usize, usize, usize);

fn edit(checker: &Checker, values: &[String], (what, index, column, value): Whim) -> Option<Edit> {
    let table = &checker.context().roster.table;
    let value = values[value % values.len()].clone();
    let at = index % (table.len() + 1);
    let row = table.row_at(at);
    match what {
        0 => {
            let cells = (0..table.width()).map(|c| values[(index + c) % values.len()].clone());
            Some(Edit::Insert { row: table.fresh_row(), at: at as u32, cells: cells.collect() })
        }
        1 => Some(Edit::Remove { row: row?, at: at as u32, cells: table.row(row?) }),
        2 => {
            let column = column % table.width().max(1);
            let before = table.names().get(column)?.clone();
            Some(Edit::Rename { column: column as u32, before, after: value })
        }
        3 if table.width() > 0 => {
            let place = |n: usize| (n % table.width()) as u32;
            Some(Edit::Move { from: place(column), to: place(index) })
        }
        4 => {
            let (id, at) = (table.fresh_column(), (column % (table.width() + 1)) as u32);
            let cells = row.map(|row| (row, value.clone())).into_iter().collect();
            Some(Edit::Add { id, at, name: value, cells })
        }
        5 if table.width() > 1 => table.dropping(column % table.width()),
        _ => {
            let column = column % table.width().max(1);
            let before = table.cell(row?, column).into_owned();
            Some(Edit::Set { row: row?, column: column as u32, before, after: value })
        }
    }
}

/// Every value of the world, and some that no world should have.
fn values(world: &World) -> Vec<String> {
    let mut values: Vec<String> =
        ["", " ", "x", "a  b", "Ann\u{200B}", "0042", "José", "JosÃ©", "2026-02-30", "1.2E+07"]
            .map(String::from)
            .into();
    for roster in [Some(&world.roster), world.snapshot.as_ref()].into_iter().flatten() {
        values.extend(roster.table.names().iter().cloned());
        values.extend(roster.table.rows().flat_map(|row| roster.table.row(row)));
    }
    values.extend(world.lists.values().flat_map(|list| list.values.iter().cloned()));
    values.sort();
    values.dedup();
    values
}

fn everything(checker: &Checker) -> String {
    shown(checker, &checker.all_findings())
}

fn agrees(checker: &Checker, world: &World) -> Result<(), TestCaseError> {
    let now = &checker.context().roster;
    let roster = Roster::read(now.table.clone(), now.profile.clone());
    // Without a profile the key is guessed when a file is opened, and not again while it is edited.
    if roster.key != now.key {
        return Ok(());
    }
    let anew = world.checked_with(roster);
    prop_assert_eq!(everything(checker), everything(&anew));
    prop_assert_eq!(format!("{:?}", checker.counts()), format!("{:?}", anew.counts()));
    Ok(())
}

fn made_unseen(finding: &Finding) -> bool {
    finding.fix.as_ref().is_some_and(|fix| fix.safety == Safety::Safe)
}

/// What is told by rule and value.
fn told(grouped: &mut Grouped, checker: &mut Checker) -> String {
    grouped.update(checker, made_unseen);
    let mut told = format!("{} {}", grouped.made_unseen(), grouped.cells_unseen());
    for rule in grouped.rules().collect::<Vec<u8>>() {
        let values = grouped.by_value(checker, rule, 3).expect("what was told is there");
        let orders = grouped.either_orders(checker, rule);
        let found = grouped.of_rule(rule).expect("it found something");
        let counts = (found.count(), found.severity(), found.safe(), found.fixable());
        told += &format!("\n{}: {counts:?} {orders:?} {values:#?}", RULES[usize::from(rule)].code);
    }
    told
}

#[test]
fn findings_after_any_edits_are_those_of_looking_anew() {
    // They take longer than all other tests of rules together, and none needs another.
    pages().into_par_iter().for_each(|(rule, page)| {
        for case in &page.cases {
            let world = World::of(&page, case).expect("a sound case");
            let values = values(&world);
            let whims = proptest::collection::vec(
                (0u8..14, any::<usize>(), any::<usize>(), any::<usize>()),
                1..8,
            );
            let config = Config { cases: 12, failure_persistence: None, ..Config::default() };
            let outcome = TestRunner::new(config).run(&whims, |whims| {
                let mut checker = world.checked();
                let mut grouped = Grouped::default();
                let mut done = Vec::new();
                for whim in whims {
                    let Some(edit) = edit(&checker, &values, whim) else { continue };
                    checker.apply(std::slice::from_ref(&edit)).expect("it fits");
                    checker.flush();
                    done.push(edit);
                    agrees(&checker, &world)
                        .map_err(|e| TestCaseError::fail(format!("{e}\nafter {done:#?}")))?;
                    let kept = told(&mut grouped, &mut checker);
                    grouped.forget(&mut checker);
                    prop_assert_eq!(kept, told(&mut grouped, &mut checker), "after {:#?}", done);
                }
                for edit in done.iter().rev() {
                    checker.apply(&[edit.inverse()]).expect("it fits");
                }
                checker.flush();
                let kept = told(&mut grouped, &mut checker);
                grouped.forget(&mut checker);
                prop_assert_eq!(kept, told(&mut grouped, &mut checker));
                agrees(&checker, &world)
            });
            if let Err(why) = outcome {
                panic!("{}, “{}”: {why}", rule.code, case.title);
            }
        }
    });
}

#[test]
fn whoever_shares_a_key_is_looked_at_once_keys_are_no_longer_sorted_alone() {
    let pages = pages();
    let (_, page) = pages.iter().find(|(rule, _)| rule.code == "rows-scrambled").expect("a page");
    let case = page.cases.iter().find(|c| c.title == "Keys sorted alone").expect("a case");
    let world = World::of(page, case).expect("a sound case");
    let mut checker = world.checked();
    // The first is somebody's own key, who differs in nothing from then on; the second ends the sorted column.
    for (row, before, after) in [(2, "u2", "u5"), (6, "u6", "u2")] {
        let (before, after) = (before.to_owned(), after.to_owned());
        checker.apply(&[Edit::Set { row, column: 1, before, after }]).expect("it fits");
        checker.flush();
        agrees(&checker, &world).expect("as if looked at anew");
    }
}

#[test]
fn whoever_shares_a_value_is_looked_at_though_another_shared_it_already() {
    let pages = pages();
    let (_, page) = pages.iter().find(|(rule, _)| rule.code == "not-unique").expect("a page");
    let case = page.cases.iter().find(|c| c.title == "An address that another person has");
    let world = World::of(page, case.expect("a case")).expect("a sound case");
    let mut checker = world.checked();
    // The address is the key of two rows, which therefore are one person, until somebody with a key of their own has it.
    let blank = Edit::Add { id: 1 << 24, at: 0, name: "username".into(), cells: Vec::new() };
    let third = ["s3", "same@example.com", "s3", "X", "Y"].map(String::from);
    for edit in [blank, Edit::Insert { row: 6, at: 4, cells: third.into() }] {
        checker.apply(std::slice::from_ref(&edit)).expect("it fits");
        checker.flush();
        agrees(&checker, &world).expect("as looked at anew");
    }
}

#[test]
fn a_text_with_line_breaks_is_looked_at_again_when_its_row_no_longer_took_it_in() {
    let pages = pages();
    let (_, page) = pages.iter().find(|(rule, _)| rule.code == "quote-stray").expect("a page");
    let case = page.cases.iter().find(|c| c.title.starts_with("Two that part cells"));
    let world = World::of(page, case.expect("a case")).expect("a sound case");
    let mut checker = world.checked();
    // What the two quotes took in stands in the second cell; set in the third, the row is no longer as it was read.
    let taken_in = checker.context().roster.table.cell(1, 1).into_owned();
    assert!(taken_in.contains('\n'));
    for (column, before, after) in [(2, "Ko", &*taken_in), (1, &*taken_in, "Ann\u{200B}")] {
        let (before, after) = (before.to_owned(), after.to_owned());
        checker.apply(&[Edit::Set { row: 1, column, before, after }]).expect("it fits");
        checker.flush();
        agrees(&checker, &world).expect("as looked at anew");
    }
}
