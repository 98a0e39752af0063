use rustc_hash::FxHashSet;

use super::{
    CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope, is_nobody,
};
use muster_roster::finding::Severity;
use muster_roster::profile::Existing;
use muster_table::words::people;

pub static RULE: Rule = Rule {
    code: "seats-exceeded",
    title: "More people than the licence allows",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::File,
    scope: RuleScope::Roster(check),
    page: include_str!("seats_exceeded.md"),
};

fn check(context: &CheckContext, sink: &mut FindingSink) {
    let Some(limit) = context.choices.seats.map(|seats| seats as usize) else { return };
    let after = active_afterwards(context);
    if after <= limit {
        return;
    }
    sink.header(None, || {
        let over = people(after - limit);
        FindingText::new(
            after.to_string(),
            format!(
                "{} would be active, and the licence is for {limit}: {over} too many",
                people(after)
            ),
        )
    });
}

/// Everybody of the roster who is active, and whoever the LMS has besides.
fn active_afterwards(context: &CheckContext) -> usize {
    let roster = &context.roster;
    let ignores = roster.profile.existing == Existing::Ignored;
    let here = roster.table.rows().filter(|&row| {
        // Somebody whom the import does not change stays as the LMS has them.
        match context.snapshot.as_ref().zip(context.own(row)) {
            Some((snapshot, was)) if ignores => !snapshot.is_inactive(was),
            _ => !roster.is_inactive(row) && !is_nobody(roster, row),
        }
    });
    let stays = !context.choices.takes_missing();
    let besides = context.snapshot.as_ref().filter(|_| stays).map_or(0, |snapshot| {
        let under_another_key: FxHashSet<u32> =
            roster.table.rows().filter_map(|row| context.own(row)).collect();
        let is_besides =
            |was: &&u32| !snapshot.is_inactive(**was) && !under_another_key.contains(*was);
        context.missing.iter().filter(is_besides).count()
    });
    here.count() + besides
}
