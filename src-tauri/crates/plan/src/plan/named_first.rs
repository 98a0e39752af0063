//! People whom others name, as a manager, where the LMS wants them to be there before anybody names them.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::Action;
use super::guards::named;
use super::person::{PersonOutcome, Planner};
use muster_roster::roster::Roster;

/// For each column that names somebody who has to be there before: its place, and that of the column it names by.
pub(crate) fn columns(roster: &Roster) -> Vec<(usize, usize)> {
    let naming = |column: &muster_roster::roster::Column| {
        let field = roster.field(column.at).filter(|field| field.named_first)?;
        Some((column.at, roster.column_of(field.refers_to.as_deref()?)?))
    };
    roster.columns.iter().filter_map(naming).collect()
}

/// What of a cell counts where one names another.
fn form(roster: &Roster, row: u32, column: usize) -> Option<String> {
    let form = roster.table.cell(row, column).trim().to_lowercase();
    (!form.is_empty()).then_some(form)
}

/// Rows of the roster in the order in which the LMS can take them: whoever is new and named by others stands before these.
/// All else stays as it is. `is_new` says of whom the LMS has nothing yet.
pub(crate) fn in_order(
    roster: &Roster,
    rows: &[u32],
    is_new: impl Fn(usize) -> bool,
) -> Option<Vec<usize>> {
    let columns = columns(roster);
    let mut new: Vec<FxHashMap<String, usize>> = Vec::new();
    for (_, by) in &columns {
        let known = (0..rows.len()).filter(|n| is_new(*n));
        new.push(known.filter_map(|n| Some((form(roster, rows[n], *by)?, n))).collect());
    }
    if new.iter().all(FxHashMap::is_empty) {
        return None;
    }
    let mut placed = vec![false; rows.len()];
    let mut order = Vec::with_capacity(rows.len());
    for first in 0..rows.len() {
        let mut chain = vec![first];
        while let Some(&last) = chain.last() {
            let before = columns.iter().zip(&new).find_map(|((column, _), new)| {
                let named = new.get(&form(roster, rows[last], *column)?)?;
                (!placed[*named] && !chain.contains(named)).then_some(*named)
            });
            match before {
                Some(named) if !placed[last] => chain.push(named),
                _ => {
                    chain.pop();
                    if !std::mem::replace(&mut placed[last], true) {
                        order.push(last);
                    }
                }
            }
        }
    }
    Some(order)
}

/// Who names somebody whom the LMS has not yet when it comes to them, whatever the order, and what to do about it.
pub(super) fn told(planner: &Planner, outcomes: &[PersonOutcome]) -> Vec<String> {
    let (roster, lms) = (planner.roster, planner.lms());
    let mut all = Vec::new();
    for (column, by) in columns(roster) {
        let title = roster.called(column);
        let by_row: FxHashMap<u32, &PersonOutcome> =
            outcomes.iter().filter_map(|o| Some((o.planned.person.row?, o))).collect();
        let there = known_before(planner, by);
        let holder: FxHashMap<String, u32> =
            roster.table.rows().filter_map(|row| Some((form(roster, row, by)?, row))).collect();
        let is_new =
            |row: &u32| by_row.get(row).is_some_and(|o| o.planned.person.action == Action::Create);
        let named_by_new = |row: u32| {
            let named = *holder.get(&form(roster, row, column)?)?;
            is_new(&named).then_some(named)
        };
        let mut by_hand: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
        let mut not_sent: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
        let mut circle: Vec<&str> = Vec::new();
        for outcome in outcomes.iter().filter(|o| o.planned.person.action.changes()) {
            let person = &outcome.planned.person;
            let Some(row) = person.row else { continue };
            let Some(value) = form(roster, row, column).filter(|v| !there.contains_key(v)) else {
                continue;
            };
            let Some(&named) = holder.get(&value).filter(|named| **named != row) else { continue };
            let name = person.name.as_str();
            if planner.renamed.contains_key(&named) {
                by_hand.entry(named).or_default().push(name);
            } else if is_new(&named) {
                if goes_round(row, named_by_new) {
                    circle.push(name);
                }
            } else if by_row.get(&named).is_some_and(|o| o.planned.person.action == Action::Blocked)
            {
                not_sent.entry(named).or_default().push(name);
            }
        }
        let names = |who: &[&str]| named(who.iter().copied());
        let verb = |who: &[&str]| if who.len() == 1 { "names" } else { "name" };
        for (row, who) in by_hand {
            all.push(format!(
                "{} {} `{}` as {title}, and {lms} has that only once it was put in by hand for {}: do that before the upload.",
                names(&who), verb(&who), roster.table.cell(row, by).trim(), roster.name(row)
            ));
        }
        for (row, who) in not_sent {
            all.push(format!(
                "{} {} {} as {title}, who is not sent: put it in by hand once {lms} has {}.",
                names(&who),
                verb(&who),
                roster.name(row),
                roster.name(row)
            ));
        }
        if !circle.is_empty() {
            all.push(format!(
                "{} are new and name one another as {title} in a circle, and {lms} has none of them when it comes to the first: put it in by hand afterwards.",
                names(&circle)
            ));
        }
    }
    all
}

/// What the LMS has in the column by which people are named, before anything is sent.
fn known_before(planner: &Planner, by: usize) -> FxHashMap<String, u32> {
    let pair = planner.columns.pairs.iter().find(|pair| pair.new == by);
    let Some((snapshot, pair)) = planner.snapshot.zip(pair) else { return FxHashMap::default() };
    snapshot.table.rows().filter_map(|row| Some((form(snapshot, row, pair.old)?, row))).collect()
}

/// Whether following who names whom comes back to somebody.
fn goes_round(row: u32, named_by: impl Fn(u32) -> Option<u32>) -> bool {
    const LONGEST: usize = 64;
    std::iter::successors(named_by(row), |row| named_by(*row)).take(LONGEST).any(|at| at == row)
}
