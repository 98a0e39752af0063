use super::damage::Scientific;
use super::{ClaimBasis, Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::roster::{Roster, hash_of};
use muster_table::edit::Edit;
use muster_table::narrow;

pub static RULE: Rule = Rule {
    code: "key-duplicate",
    title: "Same key twice",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Identity,
    scope: RuleScope::Person(check),
    page: include_str!("key_duplicate.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    let context = person.context;
    let roster = &context.roster;
    let key = person.key;
    if !roster.keys.is_shared(hash_of(&roster.key_form(key))) {
        return;
    }
    // Somebody under another's key is reported as that, at the row where the key is wrong.
    let wrong =
        |row: u32| context.claim(row).is_some_and(|claim| claim.how == ClaimBasis::Mismatched);
    let others = || roster.rows_of_key(key).filter(|&row| row != person.row && !wrong(row));
    if others().next().is_none() {
        return;
    }
    // Different keys that a spreadsheet shortened to the same text, or that slid, are reported as that.
    if wrong(person.row) || context.scrambled().keys || Scientific::read(key).is_some() {
        return;
    }
    sink.row(person.row, roster.key, || {
        // Where thousands have one key, each with all others would take days.
        let others: Vec<u32> = others().take(MOST).collect();
        let table = &roster.table;
        let is_same = |other: &u32| table.cells_of(*other).eq(table.cells_of(person.row));
        let twins: Vec<u32> = others.iter().copied().filter(is_same).collect();
        let all_same = if twins.is_empty() { "" } else { ", and every cell is the same" };
        let also = places(roster, others.iter().copied());
        let form = roster.key_form(key);
        let is_spelt_so = others.iter().all(|other| roster.key_text(*other).trim() == key.trim());
        let becomes = match is_spelt_so || form == key.trim() {
            true => String::new(),
            false => format!(" is `{form}` to {}, which", roster.profile.called()),
        };
        FindingText::new(key, format!("`{key}`{becomes} also stands on {also}{all_same}"))
            .fix(repeats(roster, person.row, &twins))
    });
}

/// So many others are looked at.
const MOST: usize = 100;

/// Takes out a row that says again what one above it says in every cell. Which of two rows is right where they differ,
/// only a person can know.
fn repeats(roster: &Roster, row: u32, twins: &[u32]) -> Option<Fix> {
    let table = &roster.table;
    let at = table.index_of(row)?;
    let is_above = |other: &u32| table.index_of(*other).is_some_and(|other| other < at);
    twins.iter().find(|other| is_above(other))?;
    let edits = vec![Edit::Remove { row, at: narrow::place(at), cells: table.row(row) }];
    Some(Fix { title: "take this row out".into(), safety: Safety::Unsafe, edits })
}

/// Where else something stands: "line 3 and 2 more (Bo Li)".
pub(super) fn places(roster: &Roster, others: impl Iterator<Item = u32>) -> String {
    let others = others.take(MOST);
    // The first by row, whatever order the index has them in.
    let (first, all) = others.fold((u32::MAX, 0), |(first, n), row| (first.min(row), n + 1));
    let place =
        roster.table.line(first).map_or("a new person".into(), |line| format!("line {line}"));
    let also = match all {
        1 => String::new(),
        MOST => " and many more".into(),
        all => format!(" and {} more", all - 1),
    };
    format!("{place}{also} ({})", roster.name(first))
}
