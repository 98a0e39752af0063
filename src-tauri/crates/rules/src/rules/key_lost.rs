use super::{Claim, How, Look, Needs, Person, Report, Rule, Told};
use muster_roster::finding::{Fix, Safety, Severity};

pub static RULE: Rule = Rule {
    code: "key-lost",
    title: "Key emptied",
    severity: Severity::Error,
    needs: Needs::Snapshot,
    look: Look::Person(check),
    page: include_str!("key_lost.md"),
};

fn check(person: &Person, report: &mut Report) {
    let scene = person.scene;
    let Some(key) = scene.roster.key else { return };
    if person.was.is_some() || !person.cell(key).trim().is_empty() {
        return;
    }
    let Some(Claim { was, how: How::Plain }) = scene.claim(person.row) else { return };
    let before = scene.was_cell(was, key).unwrap_or_default();
    if before.trim().is_empty() {
        return;
    }
    report.row(person.row, Some(key), || {
        let fix = Fix {
            title: format!("put back `{before}`"),
            safety: Safety::Safe,
            edits: vec![person.set(key, &*before)],
        };
        let evidence = scene.evidence(person.row, was);
        Told::new("", format!("was `{before}`, is blank; {evidence}")).fix(Some(fix))
    });
}
