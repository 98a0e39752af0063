use rustc_hash::FxHashSet;

use super::{Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::{Safety, Severity};

pub static RULE: Rule = Rule {
    code: "group-repeated",
    title: "Same group twice",
    severity: Severity::Note,
    requires: Requires::File,
    concerns: Concerns::Value,
    scope: RuleScope::Value {
        of: |_, column| column.separator.is_some(),
        classes: CharClasses::FILLED,
        check,
    },
    page: include_str!("group_repeated.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let by = cell.column.separator.as_deref().unwrap_or_default();
    let Some(again) = repeated(cell.values) else { return };
    sink.cell(cell, || {
        let mut seen = FxHashSet::default();
        let once: Vec<&str> = cell.values.iter().copied().filter(|v| seen.insert(*v)).collect();
        let fix = cell.fix("write it once", Safety::Safe, once.join(by));
        FindingText::new(again, format!("`{again}` stands twice in this cell")).fix(Some(fix))
    });
}

/// The first value that was there before.
fn repeated<'v>(values: &[&'v str]) -> Option<&'v str> {
    // A table of a few takes longer to make than to do without.
    const FEW: usize = 16;
    if values.len() <= FEW {
        let again = |(n, value): &(usize, &&str)| values[..*n].contains(value);
        return values.iter().enumerate().find(again).map(|(_, value)| *value);
    }
    let mut seen = FxHashSet::default();
    values.iter().copied().find(|value| !seen.insert(*value))
}
