use super::{Claim, How, Look, Needs, Person, Report, Rule, Told};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::profile::KeyGiver;

pub static RULE: Rule = Rule {
    code: "same-person",
    title: "Perhaps known already",
    severity: Severity::Warning,
    needs: Needs::Snapshot,
    look: Look::Person(check),
    page: include_str!("same_person.md"),
};

fn check(person: &Person, report: &mut Report) {
    let scene = person.scene;
    let (Some(snapshot), Some(key)) = (&scene.snapshot, scene.roster.key) else { return };
    if person.was.is_some()
        || (scene.roster.profile.key.given_by == KeyGiver::You && person.key.trim().is_empty())
    {
        return;
    }
    let Some(Claim { was, how: How::Resembles }) = scene.claim(person.row) else { return };
    report.row(person.row, Some(key), || {
        let put = scene.was_cell(was, key).unwrap_or_default();
        let fix = Fix {
            title: format!("take over the key {}", muster_table::words::quoted(&put)),
            safety: Safety::Unsafe,
            edits: vec![person.set(key, &*put)],
        };
        let (name, old) = (snapshot.name(was), snapshot.key_text(was));
        let evidence = scene.evidence(person.row, was);
        let message = format!("may be {name} (`{old}`), whom the file lacks: {evidence}");
        Told::new(person.key, message).fix(Some(fix))
    });
}
