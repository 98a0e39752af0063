use super::{Look, Needs, Person, Report, Rule, Told};
use crate::finding::{Fix, Safety, Severity};

pub static RULE: Rule = Rule {
    code: "key-changed",
    title: "Key changed",
    severity: Severity::Error,
    needs: Needs::Snapshot,
    look: Look::Person(check),
    page: include_str!("key_changed.md"),
};

fn check(person: &Person, report: &mut Report) {
    let scene = person.scene;
    let (Some(snapshot), Some(key)) = (&scene.snapshot, scene.roster.key) else { return };
    if person.was.is_some() || scene.missing.is_empty() {
        return;
    }
    let now = person.cell(key);
    if now.trim().is_empty() {
        return;
    }
    let Some(was) = scene.lookalike(person.row) else { return };
    report.row(person.row, Some(key), || {
        let before = snapshot.key_text(was);
        let fix = Fix {
            title: format!("put back `{before}`"),
            safety: Safety::Safe,
            edits: vec![person.set(key, &*before)],
        };
        Told::new(&*now, format!("was `{before}`, is `{now}`")).fix(Some(fix))
    });
}
