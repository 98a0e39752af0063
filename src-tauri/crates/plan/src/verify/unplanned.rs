//! What has changed in the LMS that nobody planned.

use rustc_hash::{FxHashMap, FxHashSet};

use super::cells::{in_words, same};
use super::export_index::ExportIndex;
use super::{Expectation, Expected};
use crate::plan::{Action, known_by, who};
use muster_roster::diff::{ColumnPair, Columns, Match, Pairing};
use muster_roster::roster::Roster;
use muster_table::words::counted;

pub(super) struct Unplanned {
    /// How many people whom the plan leaves alone are as they were.
    pub as_before: u32,
    /// How many people are there who were neither before nor in the plan.
    pub strangers: usize,
    /// Each a sentence.
    pub sentences: Vec<String>,
}

/// A column that the profile does not know, and in which more people than this differ, is told of as one: it may be one
/// that the LMS changes by itself, such as the last sign-in.
const FEW: usize = 20;

pub(super) fn of(planned: &Expectation, before: &Roster, there: &ExportIndex) -> Unplanned {
    let export = there.roster;
    let pairing = Pairing::of(before, export);
    let columns = Columns::of(before, export);
    let looked_at = |pair: &&ColumnPair| {
        let fixed = export.field(pair.new).is_some_and(|field| field.read_only);
        !pair.column.is_secret() && !fixed
    };
    let pairs: Vec<&ColumnPair> = columns.pairs.iter().filter(looked_at).collect();
    let rows = there.planned_rows();
    let elsewhere = there.elsewhere_rows();
    let new = there.new_rows();
    let by_hand = there.by_hand_cells();
    let mut as_before = 0;
    let mut unmatched = Vec::new();
    // By row of somebody new, the cells of which the plan says nothing and that are not blank.
    let mut given: Vec<(u32, Vec<usize>)> = Vec::new();
    let by_file = pairs.iter().filter(|pair| !fills_itself(before, pair.old));
    let by_file: Vec<usize> = by_file.map(|pair| pair.new).collect();
    // By row, the cells that differ: where, what it was.
    let mut changed: Vec<(u32, Vec<(usize, String)>)> = Vec::new();
    for (at, found) in pairing.new.iter().enumerate() {
        let Some(row) = export.table.row_at(at) else { continue };
        let of_plan = rows.get(&row);
        match *found {
            Match::Unmatched => match of_plan {
                None if elsewhere.contains_key(&row) => {}
                None => unmatched.push(row),
                Some(planned) if new.contains(&row) => {
                    let silent = by_file.iter().filter(|at| !planned.contains(*at)).copied();
                    let more: Vec<usize> = silent
                        .filter(|at| !export.table.cell(row, *at).trim().is_empty())
                        .filter(|at| !by_hand.contains(&(row, *at)))
                        .collect();
                    if !more.is_empty() {
                        given.push((row, more));
                    }
                }
                // Known by another key before.
                Some(_) => {}
            },
            Match::Row(was) => {
                let expected = |at: usize| of_plan.is_some_and(|places| places.contains(&at));
                let cells: Vec<(usize, String)> = pairs
                    .iter()
                    .filter(|pair| !expected(pair.new) && !by_hand.contains(&(row, pair.new)))
                    .filter_map(|pair| {
                        let old = before.table.cell(was, pair.old);
                        let now = export.table.cell(row, pair.new);
                        let as_elsewhere = || {
                            let mut wanted = elsewhere.get(&row)?.get(&pair.new)?.iter();
                            Some(wanted.any(|wanted| same(export, pair.new, wanted, &now)))
                        };
                        let is_meant =
                            same(export, pair.new, &old, &now) || as_elsewhere() == Some(true);
                        (!is_meant).then(|| (pair.new, old.into_owned()))
                    })
                    .collect();
                match (cells.is_empty(), of_plan) {
                    (false, _) => changed.push((row, cells)),
                    (true, None) => as_before += 1,
                    (true, Some(_)) => {}
                }
            }
            _ => {}
        }
    }
    let mut all = by_name(there, &changed);
    let name = |roster: &Roster, row: u32| who(&roster.name(row), &known_by(roster, row));
    all.extend(given.into_iter().map(|(row, places)| {
        let cell =
            |at: usize| format!("{} is {}", there.title(at), in_words(&export.table.cell(row, at)));
        let cells: Vec<String> = places.into_iter().map(cell).collect();
        format!("{}: {}, and was to be blank", name(export, row), cells.join("; "))
    }));
    let strangers = unmatched.len();
    all.extend(unmatched.into_iter().map(|row| {
        format!("{}: is there, and was neither before nor in the plan", name(export, row))
    }));
    let going = going(planned, before);
    let gone = pairing.left().filter(|row| !going.contains(row));
    all.extend(gone.map(|row| format!("{}: is not there any more", name(before, row))));
    all.extend(more_than_once(&pairing, before, there));
    Unplanned { as_before, strangers, sentences: all }
}

/// Who stands on other rows than before of those whom the plan leaves alone: once for each key. Of those of the plan it is
/// told with what was planned.
fn more_than_once(pairing: &Pairing, before: &Roster, there: &ExportIndex) -> Vec<String> {
    let export = there.roster;
    let planned = there.planned_keys();
    let mut seen = FxHashSet::default();
    let mut all = Vec::new();
    let repeated = export.table.rows().zip(&pairing.new);
    let repeated = repeated.filter(|(_, found)| **found == Match::Repeated);
    let rows = repeated.map(|(row, _)| (export, row));
    for (roster, row) in rows.chain(pairing.old_unpaired().map(|row| (before, row))) {
        let key = roster.key_text(row);
        let form = export.key_form(&key);
        if form.is_empty() || planned.contains(&*form) {
            continue;
        }
        let (was, is) = (before.rows_of_key(&key).count(), export.rows_of_key(&key).count());
        if was == is || !seen.insert(form.into_owned()) {
            continue;
        }
        let who = who(&roster.name(row), &known_by(roster, row));
        let rows = |count: usize| counted(count, "row", "rows");
        all.push(format!("{who}: stands on {}, and stood on {}", rows(is), rows(was)));
    }
    let blank = |roster: &Roster| {
        let nobody = |row: &u32| roster.key_text(*row).trim().is_empty() && !roster.is_blank(*row);
        roster.table.rows().filter(nobody).count()
    };
    let (was, is) = (blank(before), blank(export));
    if is > was {
        let say = if is == 1 { "says not who it is" } else { "say not who they are" };
        let rows = counted(is, "row", "rows");
        all.push(format!("{rows} of the export {say}; there were {was} before"));
    }
    all
}

/// Whether an LMS may well fill a column by itself: nobody has a blank there.
fn fills_itself(before: &Roster, column: usize) -> bool {
    !before.table.rows().any(|row| before.table.cell(row, column).trim().is_empty())
}

/// Those of before whom the plan is to take away, or tells of itself when they are missing.
fn going(planned: &Expectation, before: &Roster) -> FxHashSet<u32> {
    let all = planned.people.iter().chain(&planned.elsewhere);
    let named = all.filter(|p: &&Expected| p.action != Action::Create);
    named.filter_map(|p| before.row_of_key(&p.key)).collect()
}

fn by_name(there: &ExportIndex, changed: &[(u32, Vec<(usize, String)>)]) -> Vec<String> {
    let export = there.roster;
    let mut counts: FxHashMap<usize, usize> = FxHashMap::default();
    for (at, _) in changed.iter().flat_map(|(_, cells)| cells) {
        *counts.entry(*at).or_default() += 1;
    }
    let at_large: Vec<usize> = export
        .columns
        .iter()
        .map(|column| column.at)
        .filter(|at| export.field(*at).is_none() && counts.get(at).is_some_and(|n| *n > FEW))
        .collect();
    let mut all = Vec::new();
    for (row, cells) in changed {
        let cells: Vec<String> = cells
            .iter()
            .filter(|(at, _)| !at_large.contains(at))
            .map(|(at, was)| {
                let is = in_words(&export.table.cell(*row, *at));
                format!("{} was {} and is {is}", there.title(*at), in_words(was))
            })
            .collect();
        if !cells.is_empty() {
            let who = who(&export.name(*row), &known_by(export, *row));
            all.push(format!("{who}: {}", cells.join("; ")));
        }
    }
    all.extend(at_large.into_iter().map(|at| {
        let count = muster_table::words::people(counts.get(&at).copied().unwrap_or(0));
        format!("{} is another than before for {count}", there.title(at))
    }));
    all
}
