use super::{How, Look, Needs, Person, Report, Rule, Told};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::profile::KeyGiver;

pub static RULE: Rule = Rule {
    code: "key-invented",
    title: "Key made up",
    severity: Severity::Error,
    needs: Needs::Snapshot,
    look: Look::Person(check),
    page: include_str!("key_invented.md"),
};

fn check(person: &Person, report: &mut Report) {
    let scene = person.scene;
    let roster = &scene.roster;
    let (Some(snapshot), Some(key)) = (&scene.snapshot, roster.key) else { return };
    if person.was.is_some() || roster.profile.key.given_by != KeyGiver::Lms {
        return;
    }
    let now = person.cell(key);
    if now.trim().is_empty()
        || snapshot.rows_of_key(&now).next().is_some()
        || scene.claim(person.row).is_some_and(|claim| claim.how != How::Resembles)
    {
        return;
    }
    report.row(person.row, Some(key), || {
        let fix = Fix {
            title: "clear it, as for a new person".into(),
            safety: Safety::Unsafe,
            edits: vec![person.set(key, "")],
        };
        let lms = roster.profile.called();
        Told::new(&*now, format!("{lms} gives these keys, and the snapshot has no `{now}`"))
            .fix(Some(fix))
    });
}
