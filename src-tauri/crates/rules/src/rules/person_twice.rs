use super::{Look, Needs, Person, Report, Rule, Told};
use muster_roster::finding::Severity;

pub static RULE: Rule = Rule {
    code: "person-twice",
    title: "Perhaps the same person twice",
    severity: Severity::Warning,
    needs: Needs::File,
    look: Look::Person(check),
    page: include_str!("person_twice.md"),
};

fn check(person: &Person, report: &mut Report) {
    let scene = person.scene;
    let Some(key) = scene.roster.key else { return };
    if person.is_nobody {
        return;
    }
    let Some((other, evidence)) = scene.twice(person.row) else { return };
    // Two people whom the LMS knows under two keys were two before.
    if person.was.is_some() && scene.was(other).is_some() {
        return;
    }
    report.row(person.row, Some(key), || {
        let roster = &scene.roster;
        let place =
            roster.table.line(other).map_or(String::new(), |line| format!(" on line {line}"));
        let (name, other) = (roster.name(person.row), roster.key_text(other));
        let other =
            if other.trim().is_empty() { "no key".to_owned() } else { format!("`{other}`") };
        Told::new(person.key, format!("{name} is there already with {other}{place}: {evidence}"))
    });
}
