//! What one edit takes in memory, with everything checked again that rests on it.

use std::time::{Duration, Instant};

use muster_engine::checker::Checker;
use muster_engine::edit::Edit;
use serde_json::{Value, json};

use crate::edapp::Dice;
use crate::roster::{DEPARTMENT, GROUPS, KEY};

/// How many cells are edited at the most, one at a time, and how long.
const EDITS: usize = 4000;
const LONGEST: Duration = Duration::from_secs(4);

/// Microseconds, by what was edited.
pub fn measure(checker: &mut Checker) -> Value {
    json!({
        "ordinary": edits(checker, DEPARTMENT),
        "groups": edits(checker, GROUPS),
        "key": edits(checker, KEY),
    })
}

/// Edits cells of a column here and there, each back again.
fn edits(checker: &mut Checker, column: usize) -> Value {
    let mut dice = Dice::new(7);
    let mut times = Vec::with_capacity(EDITS);
    let all = Instant::now();
    for number in (0..EDITS).take_while(|_| all.elapsed() < LONGEST) {
        let table = &checker.context().roster.table;
        let mut anybody = || table.row_at(dice.roll(table.len())).unwrap_or_default();
        let (row, other) = (anybody(), anybody());
        let before = table.cell(row, column).into_owned();
        let after = match number % 3 {
            0 => format!("{before} "),
            1 => format!("new value {number}"),
            _ => table.cell(other, column).into_owned(),
        };
        let edit = Edit::Set { row, column: column as u32, before, after };
        let begun = Instant::now();
        let fits = checker.apply(std::slice::from_ref(&edit)).is_ok();
        checker.flush();
        times.push(begun.elapsed());
        assert!(fits && checker.apply(&[edit.inverse()]).is_ok(), "the cell was there");
        checker.flush();
    }
    times.sort_unstable();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1e6;
    json!({ "p50": at(0.5), "p99": at(0.99), "worst": at(1.0) })
}
