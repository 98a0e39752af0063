use super::{Cell, Look, Needs, Report, Rule, Shape, Told};
use muster_roster::finding::{Safety, Severity};
use muster_roster::profile::Existing;
use muster_table::words::MASK;

pub static RULE: Rule = Rule {
    code: "password-resets",
    title: "Password reset",
    severity: Severity::Warning,
    needs: Needs::Snapshot,
    look: Look::Cell { of: |_, column| column.is_secret(), shape: Shape::FILLED, check },
    page: include_str!("password_resets.md"),
};

fn check(cell: &Cell, report: &mut Report) {
    let keep = super::password_weak::keep_word(cell);
    if keep == Some(cell.text.trim()) || cell.text.trim().is_empty() {
        return;
    }
    let scene = cell.scene;
    // Where nothing of theirs is changed, nothing is replaced: `edit-ignored`.
    let passed_over = scene.roster.field(cell.column.at).is_some_and(|f| f.create_only)
        || scene.roster.profile.existing == Existing::Ignored;
    if passed_over {
        return;
    }
    let (Some(was), Some(snapshot)) = (scene.was(cell.row), &scene.snapshot) else { return };
    if scene.was_cell(was, cell.column.at).is_some_and(|before| before == cell.text) {
        return;
    }
    report.cell(cell, || {
        let name = snapshot.name(was);
        let after = keep.unwrap_or_default();
        let title = keep.map_or("empty it".to_owned(), |word| format!("make it `{word}`"));
        let fix = cell.fix(title, Safety::Unsafe, after);
        Told::new(MASK, format!("this would replace the password that {name} has")).fix(Some(fix))
    });
}
