use super::{Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::{Safety, Severity};
use muster_roster::profile::Existing;
use muster_table::words::MASK;

pub static RULE: Rule = Rule {
    code: "password-resets",
    title: "Password reset",
    severity: Severity::Warning,
    requires: Requires::Snapshot,
    concerns: Concerns::Change,
    scope: RuleScope::Cell {
        of: |_, column| column.is_password(),
        classes: CharClasses::FILLED,
        check,
    },
    page: include_str!("password_resets.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let keep = super::password_weak::keep_word(cell);
    if keep == Some(cell.text.trim()) || cell.text.trim().is_empty() {
        return;
    }
    let context = cell.context;
    // Where nothing of theirs is changed, nothing is replaced: `edit-ignored`.
    let passed_over = context.roster.field(cell.column.at).is_some_and(|f| f.create_only)
        || context.roster.profile.existing == Existing::Ignored;
    if passed_over {
        return;
    }
    let (Some(was), Some(snapshot)) = (context.was(cell.row), &context.snapshot) else { return };
    if context.was_cell(was, cell.column.at).is_some_and(|before| before == cell.text) {
        return;
    }
    sink.cell(cell, || {
        let name = snapshot.name(was);
        let after = keep.unwrap_or_default();
        let title = keep.map_or("empty it".to_owned(), |word| format!("make it `{word}`"));
        let fix = cell.fix(title, Safety::Unsafe, after);
        FindingText::new(MASK, format!("this would replace the password that {name} has"))
            .fix(Some(fix))
    });
}
